"""What a rehearsal expected beside what came of it: each expectation that was not met, with the audit's reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.places import Place, Spot
from config.problems import NOTHING_SAID, Said, said
from config.rehearsals import NONE, Expected, ExpectedMember, Rehearsal
from core.effects import Say, TellAdmins, plain
from core.engine import Outcome
from core.memory import MemoryStore
from core.people import NOBODY, PersonId
from core.ports import AuditRow
from core.state import POINTS, WARNING
from core.telling import span as span_told
from core.workflow import Group
from jobs.bystander import Check
from jobs.silence import reasons
from jobs.stage import Moment
from workflows.options import span, span_text
from workflows.plain_text import one_line
from workflows.reasons import in_language

_EXCERPT = 40
_MOST_TOLD = 5
_A_MINUTE = timedelta(minutes=1)
_MEASURED = ("streak", "points", "warnings", "tier", "tags")
_ENTERED = {"points": POINTS, "warnings": WARNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was true of a member at an instant. `facts` is None for somebody whom the group does not know."""

    at: datetime
    person: PersonId = NOBODY
    facts: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What came of playing a test. `seen` is by member and number of the expectation, `checks` by event and rule."""

    group: Group
    store: MemoryStore
    moments: tuple[Moment, ...]
    rows: tuple[AuditRow, ...]
    seen: Mapping[tuple[str, int], Sight]
    checks: Mapping[tuple[str, str], tuple[Check, ...]]
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """An expectation that was not met. `why` are the audit's reasons; `checks` the parts of a rule that did not act."""

    place: Place
    about: Said
    expected: Said
    found: Said
    why: tuple[Said, ...] = ()
    checks: tuple[Check, ...] = ()


def misses(test: Rehearsal, performance: Performance, spot: Spot) -> Iterator[Miss]:
    """Every expectation that was not met, in the order of the file; what broke down comes first."""
    yield from _breakdowns(performance, spot)
    yield from _Comparison(test, performance, spot).misses()


def _breakdowns(performance: Performance, spot: Spot) -> Iterator[Miss]:
    for fault in performance.outcome.faults:
        about = said(f"{fault.workflow} broke down on {fault.event}", f"{fault.workflow} 在 {fault.event} 上出错")
        yield Miss(place=spot.at, about=about, expected=_SOUND, found=said(fault.error), why=(said(fault.where),))
    for letter in performance.outcome.buried:
        about = said(f"{letter.id} could not be processed", f"{letter.id} 无法处理")
        yield Miss(place=spot.at, about=about, expected=_SOUND, found=said(letter.why))


@dataclass(slots=True)
class _Happened:
    """What came of one event, or of the timers of one time."""

    spot: Spot
    about: Said
    rows: list[AuditRow]
    said: list[str]
    told: list[str]
    silence: Callable[[str], tuple[tuple[Said, ...], tuple[Check, ...]]] = lambda rule: ((), ())
    hint: tuple[Said, ...] = ()

    @property
    def decided(self) -> list[AuditRow]:
        """The decisions, those that only note something left out."""
        return [row for row in self.rows if (row.rule or row.then) and row.mode != "fault"]


class _Comparison:
    """One test beside what came of it."""

    def __init__(self, test: Rehearsal, performance: Performance, spot: Spot) -> None:
        self.test, self.performance, self.spot = test, performance, spot
        self.group = performance.group
        self.start = test.start.astimezone(UTC)

    def misses(self) -> Iterator[Miss]:
        for nth, expected in enumerate(self.test.expect):
            spot = self.spot.at_path(("expect", nth))
            yield from self.of_timers(expected, spot) if expected.event is None else self.of_event(expected, spot)
        for name, expectations in self.test.expect_members.items():
            for nth, each in enumerate(expectations):
                yield from self.of_member(name, nth, each)

    def of_event(self, expected: Expected, spot: Spot) -> Iterator[Miss]:
        """What is amiss the first time anything is; a repeated event most often fails each time alike."""
        for moment in self.performance.moments:
            if moment.index != expected.event or expected.nth not in (None, moment.nth):
                continue
            found = list(_compared(expected, self.come_of(moment, spot)))
            if found:
                yield from found
                return

    def come_of(self, moment: Moment, spot: Spot) -> _Happened:
        def of_it(event: str) -> bool:
            return event.partition(">")[0] == moment.id

        def silence(rule: str) -> tuple[tuple[Said, ...], tuple[Check, ...]]:
            checks = self.performance.checks.get((moment.id, rule), ())
            return tuple(reasons(self.group, rule, checks)), checks

        return _Happened(
            spot=spot,
            about=self.told(moment),
            rows=[row for row in self.performance.rows if of_it(row.event)],
            said=self.words(Say, of_it),
            told=self.words(TellAdmins, of_it),
            silence=silence,
        )

    def of_timers(self, expected: Expected, spot: Spot) -> Iterator[Miss]:
        assert expected.at is not None
        at = self.start + expected.at
        rung = [row for row in self.performance.rows if row.event.startswith("timer:")]
        rows = [row for row in rung if at - _A_MINUTE < row.at <= at]
        events = {row.event for row in rows}
        clock = self.group.moment(at)
        happened = _Happened(
            spot=spot,
            about=said(
                f"timers after {span_text(expected.at)} ({clock})", f"{span_text(expected.at)} 后（{clock}）到点的事"
            ),
            rows=rows,
            said=self.words(Say, events.__contains__),
            told=self.words(TellAdmins, events.__contains__),
            hint=() if rows else self.rung(rung),
        )
        yield from _compared(expected, happened)

    def rung(self, rows: Sequence[AuditRow]) -> tuple[Said, ...]:
        """When timers did come due."""
        if not rows:
            return (said("no timer came due in this test", "这个测试里没有到点的事"),)
        times = list(dict.fromkeys(f"{_length(row.at - self.start)} {row.rule or row.workflow}" for row in rows))
        told = ", ".join(times[:_MOST_TOLD]) + (", ..." if len(times) > _MOST_TOLD else "")
        return (said(f"timers came due after {told}", f"到点的有：{told}"),)

    def words(self, kind: type[Say] | type[TellAdmins], of_it: Callable[[str], bool]) -> list[str]:
        return [
            plain(row.effect.words)
            for row in self.performance.store.outbox(self.group.key)
            if isinstance(row.effect, kind) and of_it(row.event)
        ]

    def told(self, moment: Moment) -> Said:
        """An event in a few words: who, when, what."""
        act = moment.act
        what = f'"{one_line(act.text, _EXCERPT)}"' if act.text else act.does if act.does != "post" else f"[{act.kind}]"
        after = _length(moment.at - self.start)
        times = f" {moment.nth}/{act.times}" if act.times > 1 else ""
        return said(
            f"event {moment.index}{times}, {act.from_} after {after}: {what}",
            f"事件 {moment.index}{times}，{act.from_} 于 {after}：{what}",
        )

    def of_member(self, name: str, nth: int, expected: ExpectedMember) -> Iterator[Miss]:
        sight = self.performance.seen[name, nth]
        above = self.spot.at_path(("expect_members", name))
        spot = above.below(nth) or above
        after, clock = _length(sight.at - self.start), self.group.moment(sight.at)
        about = said(f"{name} after {after} ({clock})", f"{name}，{after} 后（{clock}）")
        if sight.facts is None:
            yield Miss(place=above.name, about=about, expected=_IN_GROUP, found=_UNKNOWN)
            return
        for field_ in sorted(_MEASURED, key=lambda field_: spot.at_path((field_,)).name):
            wanted = getattr(expected, field_)
            if wanted is None:
                continue
            found = sight.facts[field_]
            if _same(field_, wanted, found):
                continue
            yield Miss(
                place=spot.at_path((field_,)).name,
                about=about,
                expected=said(f"{field_} {_shown(wanted)}"),
                found=said(f"{field_} {_shown(found)}"),
                why=tuple(self.reasons(field_, sight)),
            )

    def reasons(self, field_: str, sight: Sight) -> Iterator[Said]:
        """How a member came to where they are: the sums of the ledger, or the last decisions about them."""
        kind = _ENTERED.get(field_)
        if kind is not None:
            facts = [
                fact
                for fact in self.performance.store.facts(self.group.key)
                if fact.person == sight.person and fact.kind == kind and fact.at <= sight.at
            ]
            for (rule, amount, reason), times in Counter((f.rule, f.amount, f.reason) for f in facts).items():
                counted = f" x {times}" if times > 1 else ""
                head, why = f"{amount:+d}{counted}, {rule}: ", one_line(reason)
                yield said(head + why, head + in_language(why, "zh"))
            return
        about = [row for row in self.performance.rows if row.person == sight.person and row.at <= sight.at]
        for row in about[-_MOST_TOLD:]:
            head = f"{_length(row.at - self.start)}, {_row(row)}"
            told = _because(row)
            yield said(head + told.en, head + told.zh)


def _compared(expected: Expected, happened: _Happened) -> Iterator[Miss]:
    amiss = _undecided(expected, happened)
    if amiss is not None:
        yield amiss
        return
    yield from _unsaid("says", expected.says, happened.said, happened)
    yield from _unsaid("tells_admins", expected.tells_admins, happened.told, happened)


def _undecided(expected: Expected, happened: _Happened) -> Miss | None:
    """What is amiss with the decisions; where nothing is, the words are looked at."""
    decided = happened.decided
    if expected.rule == NONE:
        return _miss(happened, expected, decided) if decided else None
    own = decided
    if expected.rule is not None:
        own = [row for row in happened.rows if expected.rule in (row.rule, row.workflow) and row.mode != "fault"]
        if not own:
            return _miss(happened, expected, decided, *happened.silence(expected.rule))
    if expected.then is None:
        return None
    found = Counter(_deed(word) for row in own for word in row.then)
    return _miss(happened, expected, own) if found != Counter(map(_deed, expected.then)) else None


def _miss(
    happened: _Happened,
    expected: Expected,
    rows: Sequence[AuditRow],
    silence: tuple[Said, ...] = (),
    checks: tuple[Check, ...] = (),
) -> Miss:
    why = [
        said(f"{row.rule or row.workflow}: {reason}", f"{row.rule or row.workflow}: {in_language(reason, 'zh')}")
        for row in rows
        for reason in row.because
    ]
    return Miss(
        place=happened.spot.at,
        about=happened.about,
        expected=_expected(expected),
        found=said("; ".join(_row(row) for row in rows)) if rows else NOTHING_DECIDED,
        why=(*why, *silence, *happened.hint),
        checks=checks,
    )


def _unsaid(key: str, wanted: Sequence[str] | None, words: Sequence[str], happened: _Happened) -> Iterator[Miss]:
    if wanted is None:
        return
    silent = tuple(wanted) == (NONE,)
    missing = [] if silent else [text for text in wanted if not any(text in spoken for spoken in words)]
    if (silent and words) or missing:
        found = ", ".join(f'"{one_line(spoken, 200)}"' for spoken in words)
        to_whom = _TOLD if key == "tells_admins" else _SPOKEN
        quoted = ", ".join(f'"{one_line(text, 200)}"' for text in missing)
        yield Miss(
            place=happened.spot.at_path((key,)).name,
            about=happened.about,
            expected=to_whom["none"]
            if silent
            else Said(f"{to_whom['some'].en} {quoted}", f"{to_whom['some'].zh}{quoted}"),
            found=said(found) if words else to_whom["none"],
            why=happened.hint,
        )


def _expected(expected: Expected) -> Said:
    if expected.rule == NONE:
        return NOTHING_DECIDED
    deeds = ", ".join(expected.then) if expected.then else "-" if expected.then is not None else ""
    return said(": ".join(part for part in (expected.rule or "", deeds) if part))


def _row(row: AuditRow) -> str:
    """A decision in one line: `newcomer-links: delete, warn`."""
    shadow = " (shadow)" if row.mode == "shadow" else ""
    return f"{row.rule or row.workflow}{shadow}: {', '.join(row.then) or '-'}"


def _because(row: AuditRow) -> Said:
    if not row.because:
        return NOTHING_SAID
    zh = "；".join(in_language(reason, "zh") for reason in row.because)
    return Said(f" ({'; '.join(row.because)})", f"（{zh}）")


def _deed(word: str) -> str:
    """A deed with its length of time in one spelling: `mute 60m` is `mute 1h`."""
    verb, _, last = word.strip().rpartition(" ")
    if verb and _LENGTH.fullmatch(last):
        return f"{verb} {span_told(span(last))}"
    return " ".join(word.split())


def _same(field_: str, wanted: object, found: object) -> bool:
    if field_ == "tags":
        assert isinstance(wanted, tuple)
        assert isinstance(found, list)
        return sorted(wanted) == sorted(found)
    if field_ == "tier":
        return (found or NONE) == wanted
    return found == wanted


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(str, sorted(value))) + "]"
    return str(value) if value != "" else NONE


def _length(length: timedelta) -> str:
    """A length of time as people say it: 1d 30m."""
    seconds = round(length.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        parts += [f"{count}{unit}"] if count else []
    return " ".join(parts) or "0s"


_LENGTH = re.compile(r"(\d{1,7}[smhdw])+", re.ASCII)
NOTHING_DECIDED = said("nothing is decided", "没有任何处理")
_SOUND = said("everything is processed", "一切都能处理")
_IN_GROUP = said("a member of the group", "群成员")
_UNKNOWN = said("nobody of that name was ever here", "这个人从没来过")
_SPOKEN = {"some": said("words said:", "说了："), "none": said("nothing is said", "什么都没说")}
_TOLD = {"some": said("admins are told:", "告诉管理员："), "none": said("admins are told nothing", "没有告诉管理员")}
