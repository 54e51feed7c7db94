"""Check-ins in both homes: which of them count, and how everybody fares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from core.state import Entry
from jobs.report.against.abreast import abreast, matched, root_of
from jobs.report.against.counts import Count, presence
from jobs.report.against.people import Everyone, name_of
from jobs.report.against.shape_people import ChallengeChange, Marks, Run, RunChange
from jobs.report.against.side import QUOTED, Side, foremost
from jobs.report.against.standings import Standing
from jobs.report.summary import Challenge, Quote, iso
from jobs.report.witness import words_of

_CHECK_IN = "check_in:"
_NO_RUN = Run(streak=0, longest=0, days=0)
_NO_NUMBERS = Challenge(challenge="", check_ins=0, made_up=0, taken_back=0, people=0, longest=0, top=())
_NO_MORE = (0, 0, 0)


def check_in_changes(before: Side, after: Side, people: Everyone) -> tuple[tuple[ChallengeChange, ...], set[str]]:
    """Every challenge that is written or was taken part in, and the accounts of those who fare otherwise."""
    old = {one.challenge: one for one in before.summary.check_ins}
    new = {one.challenge: one for one in after.summary.check_ins}
    written, touched = (before.challenges, after.challenges), set[str]()
    marks, told = _marks(before, after), []
    for id_ in sorted({*old, *new, *written[0], *written[1]}):
        was, now = old.get(id_, _NO_NUMBERS), new.get(id_, _NO_NUMBERS)
        changed = [run for account, pair in people.items() if (run := _run(id_, account, pair)) is not None]
        touched |= {run.account for run in changed}
        told.append(
            ChallengeChange(
                challenge=id_,
                presence=presence(id_, *written),
                check_ins=Count(before=was.check_ins, after=now.check_ins),
                made_up=Count(before=was.made_up, after=now.made_up),
                taken_back=Count(before=was.taken_back, after=now.taken_back),
                people=Count(before=was.people, after=now.people),
                longest=Count(before=was.longest, after=now.longest),
                gained_check_ins=marks.told(id_, "gained", after),
                lost_check_ins=marks.told(id_, "lost", before),
                gained=sum(_more(run) > _NO_MORE for run in changed),
                lost=sum(_more(run) < _NO_MORE for run in changed),
                changed=foremost(changed, lambda run: tuple(map(abs, _more(run))), lambda run: run.account),
            )
        )
    return tuple(told), touched


def _more(run: RunChange) -> tuple[int, int, int]:
    was, now = run.before, run.after
    return now.longest - was.longest, now.days - was.days, now.streak - was.streak


def _run(challenge: str, account: str, pair: tuple[Standing | None, Standing | None]) -> RunChange | None:
    was, now = (one.runs.get(challenge, _NO_RUN) if one is not None else _NO_RUN for one in pair)
    return None if was == now else RunChange(person=name_of(pair), account=account, before=was, after=now)


class _Mark(NamedTuple):
    """A check-in in the ledger with the account of whose it is."""

    at: datetime
    account: str
    entry: Entry


@dataclass(slots=True)
class _Marks:
    """Check-ins that one home has alone, by challenge: all are counted, the first are kept."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], list[Entry]] = field(default_factory=lambda: defaultdict(list))
    quotes: dict[str, str] = field(default_factory=dict)

    def see(self, entry: Entry, change: Literal["gained", "lost"]) -> None:
        key = entry.kind.removeprefix(_CHECK_IN), change
        self.counts[key] += 1
        if len(self.first[key]) < QUOTED:
            self.first[key].append(entry)

    def told(self, challenge: str, change: Literal["gained", "lost"], side: Side) -> Marks:
        key = challenge, change
        return Marks(
            count=self.counts[key],
            examples=tuple(
                Quote(
                    at=iso(entry.at),
                    person=side.people.name(entry.person),
                    event=side.people.clean(entry.event),
                    text=self.quotes.get(root_of(entry), ""),
                )
                for entry in self.first[key]
            ),
        )


def _marks(before: Side, after: Side) -> _Marks:
    found = _Marks()
    for left, right in abreast(_written(before), _written(after)):
        for was, now in matched(left, right, _key, lambda mark: None):
            if now is None and was is not None:
                found.see(was.entry, "lost")
            elif was is None and now is not None:
                found.see(now.entry, "gained")
    if not after.people.hidden:
        wanted = {root_of(entry) for entries in found.first.values() for entry in entries}
        found.quotes = {event.id: words_of(event) for event in after.simulation.events(wanted)}
    return found


def _written(side: Side) -> Iterator[_Mark]:
    for entry in side.simulation.books.facts(side.simulation.group.key):
        if entry.kind.startswith(_CHECK_IN) and entry.amount > 0:
            yield _Mark(entry.at, side.people.account(entry.person), entry)


def _key(mark: _Mark) -> tuple[str, ...]:
    return root_of(mark.entry), mark.entry.kind, mark.account, str(mark.entry.about or "")
