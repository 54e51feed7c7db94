"""Words that an operator gives a meaning, and that are commands already: whoever says one means the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from config.chapter import Chapter
from config.places import Step
from config.problems import Problems, Said, Weight, said
from core.effects import plain
from workflows.catalog import Catalog
from workflows.check_in_options import Challenge, CheckIns
from workflows.command_list import ALL
from workflows.faq_options import Faq
from workflows.folding import normalized
from workflows.tier_options import Tiers

LENT: Final = ("me", "top", "rules", "help", "language")
"""Commands that keep silent where an answer of the operator's has their word: that may be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A word that an operator gave a meaning. `meant` are the commands whose place it may take on purpose."""

    word: str
    path: tuple[Step, ...]
    weight: Weight
    became: Said
    meant: tuple[str, ...] = ()


def consider(chapter: Chapter, problems: Problems) -> None:
    """Tell each word that takes the place of a command, which command that is, and what would become of it. A word
    that is a command after a slash only is free: that its command would be booked is a note."""
    texts = Catalog.shipped()
    commands = [command for command in ALL if command.answered(_RUNS | chapter.options.keys())]
    bare = {normalized(word): command for command in commands if command.bare for word in (*command.zh, *command.en)}
    slashed = {normalized(word): command for command in commands for word in command.words}
    for given in _given(chapter):
        word = normalized(given.word.strip().lstrip("/#"))
        command, sign = (bare[word], "") if word in bare else (slashed.get(word), "/")
        if command is None or command.name in given.meant or (sign and given.became is _ANSWERED):
            continue
        what = [plain(texts.say(f"commands.menu_{command.name}", language, {})) for language in ("en", "zh")]
        spot, path = chapter.spot.at_path(given.path), chapter.spot.known(given.path)
        if sign and given.word.strip()[:1] not in ("/", "#"):
            why = said(
                f"whoever writes `/{word}` ({what[0]}) is booked here by that; `{word}` alone is no command",
                f"谁写 `/{word}`（{what[1]}），也会被记成打卡或请假；单写 `{word}` 不是指令",
            )
            problems.tell("note", spot.at, path, why)
            continue
        why = said(
            f"`{sign}{word}` is a command ({what[0]}), and here {given.became.en}; take another word",
            f"`{sign}{word}` 是指令（{what[1]}），在这里{given.became.zh}；请换一个词",
        )
        problems.tell("warning" if sign else given.weight, spot.at, path, why)


def _given(chapter: Chapter) -> Iterator[Given]:
    check_ins, faq, tiers = (chapter.options.get(name) for name in ("check_in", "faq", "tiers"))
    for id_, challenge in check_ins.items() if isinstance(check_ins, CheckIns) else ():
        yield from _of_challenge(("check_ins", id_), challenge)
    for id_, one in faq.items() if isinstance(faq, Faq) else ():
        yield from _each(one.ask, ("faq", id_, "ask"), "warning", _ANSWERED, LENT)
    if isinstance(tiers, Tiers):
        yield from _each(tiers.tier_talk.ask, ("tier_talk", "ask"), "warning", _ANSWERED, LENT)


def _of_challenge(at: tuple[Step, ...], challenge: Challenge) -> Iterator[Given]:
    late, leave, join, board = challenge.late, challenge.leave, challenge.join, challenge.board
    yield from _each(challenge.keywords, (*at, "keywords"), "problem", _BOOKED, ("checkin",))
    yield from _each(challenge.status, (*at, "status"), "warning", _ANSWERED, LENT)
    if late is not None:
        yield from _each(late.keyword, (*at, "late", "keyword"), "problem", _BOOKED)
    if leave is not None:
        yield from _each(leave.keyword, (*at, "leave", "keyword"), "problem", _BOOKED)
        yield from _each(leave.cancel, (*at, "leave", "cancel"), "problem", _BOOKED)
    if join is not None:
        yield from _each(join.keyword, (*at, "join", "keyword"), "problem", _BOOKED, ("join",))
    if board is not None:
        yield from _each(board.keyword, (*at, "board", "keyword"), "warning", _ANSWERED, LENT)


def _each(
    words: Iterable[str], path: tuple[Step, ...], weight: Weight, became: Said, meant: tuple[str, ...] = ()
) -> Iterator[Given]:
    for n, word in enumerate(words):
        yield Given(word=word, path=(*path, n), weight=weight, became=became, meant=meant)


_RUNS: Final = frozenset(("quiet",))
"""Workflows with commands that have no section of their own."""
_BOOKED: Final = said("it would be booked in its place", "会被记成打卡或请假")
_ANSWERED: Final = said("an answer would come, too", "也会有一个回答")
