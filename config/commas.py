"""Commas that YAML takes for letters: `[加群，代购]` is a list of one entry, and nobody ever writes both words so.

Who means one phrase writes it in quotes. Outside of brackets a comma is more often part of a phrase than not, and so
it is in wide ones, which are letters to YAML. Words behind their key without any brackets are one entry, too, with
plain commas or with spaces between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from config.chapter import Chapter
from config.places import Place, Spot, Step
from config.powers import parts
from config.problems import Problems, Weight, said
from config.yaml_slips import in_wide_brackets, plainly
from workflows.actions import Action
from workflows.check_in_options import Board, Challenge, Join, Late, Leave
from workflows.faq_options import Answered
from workflows.onboarding_entry_options import Question
from workflows.onboarding_options import Answer, Introduction
from workflows.options import names_apart, words_apart
from workflows.rule_sections import Links, WordList
from workflows.tier_options import Talk, Tier

LISTS: Final[Mapping[type, tuple[tuple[str, Weight], ...]]] = {
    WordList: (("words", "problem"), ("domains", "problem")),
    Links: (("allowed_domains", "problem"),),
    Challenge: (("keywords", "problem"), ("status", "problem")),
    Late: (("keyword", "problem"),),
    Leave: (("keyword", "problem"), ("cancel", "problem")),
    Join: (("keyword", "problem"),),
    Board: (("keyword", "problem"),),
    Talk: (("ask", "problem"),),
    Tier: (("grants", "problem"),),
    Action: (("tag", "problem"), ("untag", "problem")),
    Answered: (("ask", "warning"),),
    Answer: (("say", "warning"),),
    Introduction: (("words", "warning"),),
    Question: (("accept", "warning"),),
}
"""Where words are listed, and how much it weighs that one in brackets holds a comma."""
_HOSTS: Final = ("domains", "allowed_domains")
_NAMES: Final = (*_HOSTS, "grants", "tag", "untag")
_HAN_WORDS: Final = re.compile(r"[\u3400-\u9fff]+(?:\s+[\u3400-\u9fff]+)+")
_LATIN: Final = re.compile("[A-Za-z]")
_WORD: Final = re.compile(r"[\w/#][\w ./+-]*")


def consider(chapter: Chapter, problems: Problems) -> None:
    """Tell each entry that is several words to whoever wrote it, and one to YAML. Lines of a file may be phrases."""
    for path, thing in parts(chapter):
        for name, weight in LISTS.get(type(thing), ()):
            for place, at, written in entries(chapter.spot, (*path, name), getattr(thing, name)):
                if not isinstance(at[-1], int) and in_wide_brackets(written) and len(names_apart(written)) > 1:
                    guess = f"`[{plainly(written[1:-1]).strip()}]`"
                    problems.tell("warning", place, at, _IN_WIDE_BRACKETS.filled(entry=written), guess=guess)
                    continue
                alone = not isinstance(at[-1], int) and place.file == chapter.file
                words = alone and (weight == "problem" or not _LATIN.search(written))
                apart = names_apart(written) if name in _NAMES or words else words_apart(written)
                if len(apart) < 2 and alone and _HAN_WORDS.fullmatch(written):
                    apart = tuple(written.split())
                if len(apart) < 2:
                    continue
                if place.file != chapter.file:
                    problems.tell("warning", place, at, _IN_A_FILE.filled(entry=written))
                    continue
                around = chapter.spot.at_path(at[:-1]) if isinstance(at[-1], int) else None
                sure = name in _HOSTS or (around is not None and _in_brackets(around))
                guess = _guess(apart) if around is None or _in_brackets(around) else ""
                problems.tell(weight if sure else "warning", place, at, _IN_YAML.filled(entry=written), guess=guess)


def _in_brackets(listed: Spot) -> bool:
    line = listed.source[listed.at.line - 1] if listed.at.line <= len(listed.source) else ""
    return line[listed.at.column - 1 : listed.at.column] == "["


def _guess(apart: Sequence[str]) -> str:
    """The list that was meant, unless a part of it reads like one of a sentence."""
    return f"`[{', '.join(apart)}]`" if all(_WORD.fullmatch(word) for word in apart) else ""


def entries(spot: Spot, path: tuple[Step, ...], listed: Any) -> Iterator[tuple[Place, tuple[Step, ...], str]]:
    """The entries that are written without quotes: place, path, and what is written."""
    known = spot.known(path)
    here = spot.at_path(known)
    if not listed or isinstance(listed, str) or (known != path and not _short(here)):
        return
    if here.style == "!file":
        lines = enumerate(here.written.splitlines(), 1)
        yield from ((Place(here.at.file, n), known, line.strip()) for n, line in lines if line.strip() in listed)
        return
    for n, written in enumerate(listed):
        entry = here.below(n) or here
        if not entry.style:
            yield entry.at, (*known, n) if entry is not here else known, written


def _short(spot: Spot) -> bool:
    """Whether a list stands where its mapping would: `ads: [x]` for `ads: {words: [x]}`."""
    return all(isinstance(step, int) for step in spot.children)


_IN_YAML: Final = said(
    "`{entry}` is one entry to YAML; write each word by itself, or put it in quotes if it is one phrase",
    "`{entry}` 在 YAML 里是一个词；请用半角逗号分开写，如果本来就是一句话，请加引号",
)
_IN_WIDE_BRACKETS: Final = said(
    "`{entry}` is one entry to YAML, as its brackets are wide ones; write plain brackets, or put it in quotes",
    "`{entry}` 用了全角括号，在 YAML 里是一个词；请改用半角括号，如果就是这个词，请加引号",
)
_IN_A_FILE: Final = said(
    "`{entry}` is one entry; if these are several words, write each on a line of its own",
    "`{entry}` 是一个词；如果是好几个词，请一行写一个",
)
