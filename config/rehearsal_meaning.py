"""Whether a test of the operator's can be meant: it speaks of members, events, rules and tiers that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from config.chapter import Chapter
from config.places import Spot, Step
from config.problems import Problems, Said, nearest, quoted, said
from config.rehearsals import NONE, Act, Expected, Rehearsal, Rehearsals

POSTS = ("post", "edit")
"""What has a message that others can answer, edit or react to."""


def consider(written: Rehearsals, chapter: Chapter, spot: Spot, problems: Problems) -> None:
    """Tell every name and position that leads nowhere. A community that has problems itself is not asked."""
    if any(problem.place.file == chapter.file for problem in problems.of("problem")):
        return
    for at, test in enumerate(written.tests):
        _Reader(test, chapter, spot, ("tests", at), problems).test()


def decided_by(chapter: Chapter) -> tuple[str, ...]:
    """Every name that may stand for what decides: rules, challenges, tiers and all else that has an id, workflows."""
    rules: Any = chapter.options.get("rules")
    check_ins: Any = chapter.options.get("check_in")
    names = [rule.id for rule in rules.rules] if rules is not None else []
    names += [limit for limit in ("flood", "duplicates", "links") if getattr(rules, limit, None) is not None]
    names += list(check_ins) if check_ins is not None else []
    for section in ("ambassadors", "surveys", "events", "faq", "conversions"):
        options: Any = chapter.options.get(section)
        names += list(options.root) if options is not None else []
    return tuple(dict.fromkeys((*names, *_tiers(chapter), *chapter.options, "rules")))


def _tiers(chapter: Chapter) -> tuple[str, ...]:
    tiers: Any = chapter.options.get("tiers")
    return tuple(tiers.tiers) if tiers is not None else ()


class _Reader:
    """One test, beside the places of its file."""

    def __init__(
        self, test: Rehearsal, chapter: Chapter, spot: Spot, path: tuple[Step, ...], problems: Problems
    ) -> None:
        self.whole, self.chapter, self.spot, self.path, self.problems = test, chapter, spot, path, problems

    def test(self) -> None:
        test, groups = self.whole, tuple(self.chapter.community.groups) if self.chapter.heading is not None else ()
        if groups and test.group is not None:
            self.known(("group",), test.group, groups, said("a group of the community", "社群里的一个群"))
        for name, played in test.members.items():
            if played is not None and played.tier is not None:
                self.known(("members", name, "tier"), played.tier, _tiers(self.chapter), _A_TIER)
        for at, act in enumerate(test.events):
            self.act(at, act)
        for at, expected in enumerate(test.expect):
            self.expected(("expect", at), expected)
        for name, expectations in test.expect_members.items():
            self.known(("expect_members", name), name, test.members, _A_MEMBER)
            for nth, each in enumerate(expectations):
                if each.tier is not None:
                    allowed = (*_tiers(self.chapter), NONE)
                    self.known(("expect_members", name, nth, "tier"), each.tier, allowed, _A_TIER)

    def act(self, at: int, act: Act) -> None:
        members = self.whole.members
        for key, name in _named(act):
            self.known(("events", at, *key), name, members, _A_MEMBER)
        for link in ("reply_to", "of"):
            other = getattr(act, link)
            if other is None:
                continue
            if other >= at or not _message_before(self.whole.events[other], act):
                self.refuse(("events", at, link), quoted(other), _AN_EARLIER_MESSAGE)

    def expected(self, path: tuple[Step, ...], expected: Expected) -> None:
        events = self.whole.events
        if expected.event is not None and expected.event >= len(events):
            last = len(events) - 1
            wanted = said(f"a position from 0 to {last}", f"0 到 {last} 的序号") if events else _AN_EVENT
            self.refuse((*path, "event"), quoted(expected.event), wanted)
        elif expected.event is not None and expected.nth is not None and expected.nth > events[expected.event].times:
            times = events[expected.event].times
            self.refuse((*path, "nth"), quoted(expected.nth), said(f"at most {times}", f"至多 {times}"))
        if expected.rule is not None:
            allowed = (*decided_by(self.chapter), NONE)
            self.known((*path, "rule"), expected.rule, allowed, _WHAT_DECIDES)

    def known(self, path: tuple[Step, ...], name: str, allowed: Iterable[str], wanted: Said) -> None:
        allowed = tuple(allowed)
        if name not in allowed:
            told = Said(f"{wanted.en}: {', '.join(allowed)}", f"{wanted.zh}：{'、'.join(allowed)}")
            self.refuse(path, quoted(name), told if allowed else wanted, guess=nearest(name, allowed))

    def refuse(self, path: tuple[Step, ...], found: str, wanted: Said, guess: str = "") -> None:
        full = _as_written(self.spot, (*self.path, *path))
        self.problems.refuse(self.spot.at_path(full).at, full, found, wanted, guess=guess)


def _as_written(spot: Spot, path: tuple[Step, ...]) -> tuple[Step, ...]:
    """The path as it stands in the file: a lone value has no position, though it arrives as a list of one."""
    kept: list[Step] = []
    for step in path:
        if isinstance(step, int) and spot.at_path(kept).below(step) is None:
            continue
        kept.append(step)
    return spot.known(kept)


def _message_before(other: Act, act: Act) -> bool:
    return other.does in POSTS and other.at <= act.at


def _named(act: Act) -> Iterator[tuple[tuple[Step, ...], str]]:
    yield ("from",), act.from_
    if act.by is not None:
        yield ("by",), act.by
    for nth, name in enumerate(act.mentions):
        yield ("mentions", nth), name


_A_MEMBER = said("one of `members`", "`members` 里的成员")
_A_TIER = said("a tier", "一个等级")
_WHAT_DECIDES = said("what can decide", "能做决定的")
_AN_EVENT = said("an event of this test", "本测试里的事件")
_AN_EARLIER_MESSAGE = said("the position of an earlier message, from 0", "前面某条消息的序号（从 0 数）")
