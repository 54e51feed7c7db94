"""Tiers and tags that are asked for by name, in conditions and in lists of who is left alone, and that nobody can ever
have: it stays as it is for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from config.chapter import Chapter
from config.meaning import attempted
from config.places import Step
from config.powers import parts, values
from config.problems import Problems, nearest, said
from config.sections import SECTIONS
from workflows.actions import Action
from workflows.ambassador_options import Program
from workflows.check_in_options import Challenge
from workflows.expression_source import Path, Token, free_paths, tokens
from workflows.expressions import Condition
from workflows.onboarding_options import Answer
from workflows.steering_standing import TRUSTED
from workflows.tier_options import Tiers

Kind = Literal["tier", "tag"]
_TIERS: Final = ("member.tier", "tier.id", "tier.old")
_JOINED: Final = ("+", ".", "[")


class Asked(NamedTuple):
    """A name in a condition, and where in its source."""

    kind: Kind
    name: str
    offset: int


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each name that is none. Where the tiers cannot be read yet, nothing is said of them, nor of tags where a
    section cannot that may give some."""
    unread: dict[Kind, bool] = {
        "tier": _unread(chapter, "tiers"),
        "tag": any(_unread(chapter, each.workflow.name) for each in SECTIONS),
    }
    known: dict[Kind, frozenset[str]] = {"tier": _tiers(chapter), "tag": _tags(chapter)}
    for path, condition in values(chapter):
        for asked in _asked(condition.source) if isinstance(condition, Condition) else ():
            if asked.name in known[asked.kind] or unread[asked.kind]:
                continue
            spot = chapter.spot.at_path(path)
            before = len(spot.written) - len(spot.written.lstrip())
            place = spot.inside(spot.written, before + asked.offset)
            guess = nearest(asked.name, known[asked.kind])
            problems.tell("warning", place, path, _SAID[asked.kind].filled(name=asked.name), guess=guess)
    for path, tag in _spared(chapter) if not unread["tag"] else ():
        if tag not in known["tag"]:
            spot = chapter.spot.at_path(path)
            place = spot.inside(spot.written, spot.written.rfind(tag))
            guess = nearest(tag, known["tag"])
            problems.tell("warning", place, chapter.spot.known(path), _SAID["tag"].filled(name=tag), guess=guess)


def _spared(chapter: Chapter) -> Iterator[tuple[tuple[Step, ...], str]]:
    """The tags whose bearers a rule leaves alone, or that no review moves."""
    for path, thing in parts(chapter):
        for key in ("exempt", "protect"):
            for n, who in enumerate(getattr(thing, key, ())):
                if who.startswith("tag:"):
                    yield (*path, key, n), who.removeprefix("tag:")


def _asked(source: str) -> Iterator[Asked]:
    words = list(tokens(source))
    for path in free_paths(words):
        if path.name in _TIERS:
            yield from (_named("tier", word) for word in compared(words, path) if len(word.text) > 2)
        elif path.name == "member.tags":
            yield from (_named("tag", word) for word in sought(words, path))


def _named(kind: Kind, word: Token) -> Asked:
    return Asked(kind, word.text[1:-1], word.start)


def compared(words: list[Token], path: Path) -> Iterator[Token]:
    """The texts that a variable is compared with: by `==` and `!=`, and by `in` a list."""
    first, last = path.first, path.last
    if _is(words, first - 1, "==", "!="):
        yield from _whole(words, first - 2)
    if _is(words, first - 1, "+"):
        return
    if _is(words, last + 1, "==", "!="):
        yield from _whole(words, last + 2)
    if _is(words, last + 1, "in") and _is(words, last + 2, "["):
        for at in range(last + 3, len(words)):
            if _is(words, at, "]"):
                break
            yield from _whole(words, at)


def sought(words: list[Token], path: Path) -> Iterator[Token]:
    """The texts that are looked for in a list: by `in`, and by `exists(t, t == ...)`."""
    first, last = path.first, path.last
    if _is(words, first - 1, "in") and not _is(words, last + 1, *_JOINED):
        yield from _whole(words, first - 2)
    looked = [word.text for word in words[last + 1 : last + 8]]
    if looked[:3] == [".", "exists", "("] and looked[4:5] == [","] and looked[5:7] == [looked[3], "=="]:
        yield from _whole(words, last + 8)


def _whole(words: list[Token], at: int) -> Iterator[Token]:
    """The text at a place, if that is all there is to it: nothing is joined to it, and nothing made of it."""
    alone = not _is(words, at - 1, "+") and not _is(words, at + 1, *_JOINED)
    if 0 <= at < len(words) and plain(words[at]) and alone:
        yield words[at]


def _is(words: list[Token], at: int, *marks: str) -> bool:
    return 0 <= at < len(words) and words[at].text in marks


def plain(word: Token) -> bool:
    """Whether a word of the source is a text that reads as it is written."""
    return (
        word.kind == "string" and word.text[0] in "\"'" and "\\" not in word.text and word.text[1:3] != word.text[0] * 2
    )


def _unread(chapter: Chapter, workflow: str) -> bool:
    """Whether a section is there that cannot be used yet."""
    return workflow not in chapter.options and attempted(chapter, workflow)


def _tiers(chapter: Chapter) -> frozenset[str]:
    tiers = chapter.options.get("tiers")
    return frozenset(tiers.tiers) if isinstance(tiers, Tiers) else frozenset()


def _tags(chapter: Chapter) -> frozenset[str]:
    """Every tag that something in the file gives; admins give one alone. Some have others from an earlier file."""
    given = {TRUSTED}
    for _, thing in values(chapter):
        if isinstance(thing, Action):
            given.update(thing.tag or ())
        elif isinstance(thing, Program) and thing.tag is not None:
            given.add(thing.tag)
        elif isinstance(thing, Challenge) and thing.finish is not None and thing.finish.tag:
            given.add(thing.finish.tag)
        elif isinstance(thing, Answer):
            given.update(f"{name}:{value}" for name, value in thing.set.items())
    return frozenset(given)


_SAID: Final = {
    "tier": said("there is no tier `{name}`, so nobody ever is in it", "没有叫 `{name}` 的等级，谁也不会在里面"),
    "tag": said(
        "nothing in this file gives the tag `{name}`; only who got it before has it",
        "这份文件里没有哪里会给标签 `{name}`；只有以前得到的人才有",
    ),
}
