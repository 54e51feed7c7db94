"""The hits of rules in both homes, matched by event, rule and person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from core.people import PersonId
from core.ports import AuditRow
from core.state import POINTS
from jobs.report.against.abreast import abreast, matched, root_of
from jobs.report.against.counts import Count, presence
from jobs.report.against.shape import Hits, Judged, RuleChange, Way
from jobs.report.against.side import QUOTED, Side
from jobs.report.summary import Example, iso
from jobs.report.witness import is_hit, words_of

_WAYS = 10
_MOST_WAYS = 1_000
_UNFELT = frozenset((POINTS, "notify", "propose", "not"))
Change = Literal["gained", "lost", "otherwise"]


class Pair(NamedTuple):
    """A hit in one home or in both. `elsewhere` are other rules that hit the event in the home that lacks it.

    `felt` is whether the member is dealt with otherwise: not where another rule does just the same, or none does
    anything to them.
    """

    before: AuditRow | None
    after: AuditRow | None
    elsewhere: frozenset[str]
    felt: bool

    @property
    def row(self) -> AuditRow:
        """The hit as it is now, or as it was if it is no more."""
        row = self.after or self.before
        assert row is not None, "a pair holds something"
        return row

    @property
    def change(self) -> Change | None:
        """What became of it, None if it is the same."""
        if self.before is None:
            return "gained"
        if self.after is None:
            return "lost"
        return None if _done(self.before) == _done(self.after) else "otherwise"


def pairs(before: Side, after: Side) -> Iterator[Pair]:
    """Every hit of both homes, in order of time."""

    def who(side: Side, rows: Iterable[AuditRow]) -> Iterator[_Hit]:
        return (_Hit(row.at, side.people.account(row.person), row) for row in rows if is_hit(row))

    one = who(before, before.simulation.books.audit(before.simulation.group.key))
    other = who(after, after.simulation.books.audit(after.simulation.group.key))
    for left, right in abreast(one, other):
        old, new = _by_event(left), _by_event(right)
        felt = {(event, account) for event, account, _, _ in _felt(left) ^ _felt(right)}
        for was, now in matched(left, right, _key, _value):
            hit = now or was
            assert hit is not None, "a pair holds something"
            event = root_of(hit.row)
            there = new if now is None else old if was is None else {}
            yield Pair(
                was.row if was is not None else None,
                now.row if now is not None else None,
                there.get(event, frozenset()) - {hit.row.rule},
                (event, hit.account) in felt,
            )


def rule_changes(before: Side, after: Side) -> tuple[tuple[RuleChange, ...], set[str]]:
    """Every rule that is written or hits, by id; and the accounts of those whose hits differ."""
    known = {rule: _Rule() for rule in before.rules | after.rules}
    touched: set[str] = set()
    for pair in pairs(before, after):
        known.setdefault(pair.row.rule, _Rule()).see(pair)
        if pair.felt and pair.change is not None:
            touched.add(_account(pair, before, after))
    quotes = _quotes(after, known.values())
    told = tuple(
        known[rule].told(rule, before, after, quotes)
        for rule in sorted(known)
        if known[rule].counts or rule in before.rules | after.rules
    )
    return told, touched


class _Hit(NamedTuple):
    """A hit with the account of whom it is about."""

    at: datetime
    account: str
    row: AuditRow


def _key(hit: _Hit) -> tuple[str, ...]:
    return root_of(hit.row), hit.row.rule, hit.account


def _value(hit: _Hit) -> tuple[str, tuple[str, ...]]:
    return _done(hit.row)


def _done(row: AuditRow) -> tuple[str, tuple[str, ...]]:
    return row.mode, row.then


def _felt(hits: Iterable[_Hit]) -> set[tuple[str, str, str, int]]:
    """What members feel of it: each deed about them because of an event with how often, whatever the rule.

    In shadow nothing is done. Points are told by their sums, which may be of others; what the admins are told or asked
    is no deed yet.
    """
    counted = Counter(
        (root_of(hit.row), hit.account, deed)
        for hit in hits
        if hit.row.mode == "on"
        for deed in hit.row.then
        if deed.partition(" ")[0] not in _UNFELT
    )
    return {(*deed, times) for deed, times in counted.items()}


def _by_event(hits: Iterable[_Hit]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for hit in hits:
        found.setdefault(root_of(hit.row), set()).add(hit.row.rule)
    return {event: frozenset(rules) for event, rules in found.items()}


def _account(pair: Pair, before: Side, after: Side) -> str:
    side = after if pair.after is not None else before
    return side.people.account(pair.row.person)


@dataclass(slots=True)
class _Moved:
    """Hits of one rule that one home lacks: all are counted, the first are kept."""

    count: int = 0
    people: set[PersonId] = field(default_factory=set)
    elsewhere: Counter[str] = field(default_factory=Counter)
    rows: list[AuditRow] = field(default_factory=list)

    def see(self, row: AuditRow, elsewhere: frozenset[str]) -> None:
        self.count += 1
        self.people.add(row.person)
        self.elsewhere.update(elsewhere)
        if len(self.rows) < QUOTED:
            self.rows.append(row)

    def told(self, side: Side, quotes: dict[str, str]) -> Hits:
        return Hits(
            count=self.count,
            people=len(self.people),
            elsewhere=dict(sorted(self.elsewhere.items())),
            examples=tuple(_example(row, side, quotes) for row in self.rows),
        )


@dataclass(slots=True)
class _Rule:
    """What is gathered of one rule."""

    counts: Counter[str] = field(default_factory=Counter)
    people: tuple[set[PersonId], set[PersonId]] = field(default_factory=lambda: (set(), set()))
    same: int = 0
    gained: _Moved = field(default_factory=_Moved)
    lost: _Moved = field(default_factory=_Moved)
    otherwise: int = 0
    ways: Counter[tuple[str, tuple[str, ...], str, tuple[str, ...]]] = field(default_factory=Counter)
    others: list[tuple[AuditRow, AuditRow]] = field(default_factory=list)

    @property
    def quoted(self) -> Iterator[AuditRow]:
        """The hits that are told as examples."""
        yield from (*self.gained.rows, *self.lost.rows, *(row for row, _ in self.others))

    def see(self, pair: Pair) -> None:
        for n, row in enumerate((pair.before, pair.after)):
            if row is not None:
                self.counts[f"{n} {row.mode}"] += 1
                self.people[n].add(row.person)
        if pair.before is None:
            self.gained.see(pair.row, pair.elsewhere)
        elif pair.after is None:
            self.lost.see(pair.row, pair.elsewhere)
        elif pair.change is None:
            self.same += 1
        else:
            self.otherwise += 1
            if len(self.others) < QUOTED:
                self.others.append((pair.before, pair.after))
            way = (*_done(pair.before), *_done(pair.after))
            if way in self.ways or len(self.ways) < _MOST_WAYS:
                self.ways[way] += 1

    def told(self, rule: str, before: Side, after: Side, quotes: dict[str, str]) -> RuleChange:
        commonest = sorted(self.ways.items(), key=lambda item: (-item[1], sorted((item[0][:2], item[0][2:]))))
        return RuleChange(
            rule=rule,
            presence=presence(rule, before.rules, after.rules),
            on=Count(before=self.counts["0 on"], after=self.counts["1 on"]),
            shadow=Count(before=self.counts["0 shadow"], after=self.counts["1 shadow"]),
            people=Count(before=len(self.people[0]), after=len(self.people[1])),
            same=self.same,
            gained=self.gained.told(after, quotes),
            lost=self.lost.told(before, quotes),
            otherwise=self.otherwise,
            ways=tuple(
                Way(before_mode=way[0], before_then=way[1], after_mode=way[2], after_then=way[3], times=times)
                for way, times in commonest[:_WAYS]
            ),
            otherwise_examples=tuple(
                Judged(before=_example(was, before, quotes), after=_example(now, after, quotes))
                for was, now in self.others
            ),
        )


def _quotes(side: Side, rules: Iterable[_Rule]) -> dict[str, str]:
    """The words of the messages that are quoted, by event. The history is read once more, up to the last of them."""
    if side.people.hidden:
        return {}
    wanted = {root_of(row) for rule in rules for row in rule.quoted}
    return {event.id: words_of(event) for event in side.simulation.events(wanted)}


def _example(row: AuditRow, side: Side, quotes: dict[str, str]) -> Example:
    return Example(
        at=iso(row.at),
        person=side.people.name(row.person),
        event=side.people.clean(row.event),
        mode=row.mode,
        text=quotes.get(root_of(row), ""),
        then=row.then,
        because=tuple(side.people.clean(why) for why in row.because),
    )
