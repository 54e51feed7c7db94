"""The digests that a group would have been told while a history runs, and which of them say something else in another
home."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import zip_longest
from typing import NamedTuple

from adapters.sql import SqlStore
from adapters.sql.rollups import SqlRollups
from core.effects import plain
from core.occurrences import first_after
from core.workflow import Group
from jobs.digest.build import Builder
from jobs.digest.chart import Chart
from jobs.report.against.counts import Count, presence
from jobs.report.against.shape import DigestChange, Issue
from jobs.report.against.side import QUOTED, Issued, Side
from workflows.digest_options import Digest, Digests
from workflows.digest_periods import told_on


class Due(NamedTuple):
    """A digest that is told on a local day."""

    at: datetime
    id: str
    day: date


@dataclass(slots=True)
class Digested:
    """Builds every digest of a group when it is due, with what the books hold then. Implements `Onlooker`.

    `told` is what each says in every language of the group and to whom, by id and day. A chart is compared by what it
    shows, and is not drawn.
    """

    group: Group
    told: dict[tuple[str, date], Issued] = field(default_factory=dict)
    _coming: Iterator[Due] | None = None
    _next: Due | None = None

    @property
    def due(self) -> datetime:
        """See `Onlooker.due`."""
        return self._next.at if self._next is not None else datetime.max.replace(tzinfo=UTC)

    def look(self, books: SqlStore, at: datetime) -> None:
        """See `Onlooker.look`."""
        if self._coming is None:
            self._coming = heapq.merge(*(_due(id_, each, self.group, at) for id_, each in written(self.group).items()))
            self._next = next(self._coming, None)
        while self._next is not None and self._next.at <= at:
            self.told[self._next.id, self._next.day] = self._issued(self._next, books)
            self._next = next(self._coming, None)

    def _issued(self, due: Due, books: SqlStore) -> Issued:
        digest = written(self.group)[due.id]
        builder = Builder({self.group.key: self.group}, SqlRollups(books), books, _undrawn)
        period = told_on(digest.at, due.day)
        told = {
            language: builder.told(self.group, digest, period, due.at, language, [])
            for language in self.group.languages
        }
        return Issued(
            texts={language: plain(each.words) for language, each in told.items()},
            charts={language: each.picture for language, each in told.items()},
            to=digest.to,
        )


def written(group: Group) -> Mapping[str, Digest]:
    """The digests about a group by id."""
    digests = group.options(Digests)
    return {id_: each for id_, each in digests.items() if each.tells(group)} if digests is not None else {}


def digest_changes(before: Side, after: Side) -> tuple[DigestChange, ...]:
    """Every digest that stands in either home, by id."""
    old, new = (written(side.simulation.group) for side in (before, after))
    return tuple(_change(id_, before, after) for id_ in sorted({*old, *new}))


def _change(id_: str, before: Side, after: Side) -> DigestChange:
    was, now = ({day: told for (id__, day), told in side.digests.items() if id__ == id_} for side in (before, after))
    differing = [day for day in sorted(was.keys() & now.keys()) if was[day] != now[day]]
    hidden = after.people.hidden
    return DigestChange(
        digest=id_,
        presence=presence(id_, written(before.simulation.group), written(after.simulation.group)),
        times=Count(before=len(was), after=len(now)),
        gained=len(now.keys() - was.keys()),
        lost=len(was.keys() - now.keys()),
        otherwise=len(differing),
        otherwise_examples=tuple(_issue(day, was[day], now[day], hidden) for day in differing[:QUOTED]),
    )


def _issue(day: date, was: Issued, now: Issued, hidden: bool) -> Issue:
    """The first line that is not the same, in the first language in which one is not. Lines may name members: there are
    none where names are hidden."""
    for language in now.texts:
        pairs = zip_longest(was.texts.get(language, "").splitlines(), now.texts[language].splitlines(), fillvalue="")
        found = next((pair for pair in pairs if language in was.texts and pair[0] != pair[1]), None)
        if found is not None:
            before, after = (line.strip() if not hidden else "" for line in found)
            told = language if language != now.first else ""
            return Issue(day=day.isoformat(), language=told, before=before, after=after)
    return Issue(day=day.isoformat(), language="", before="", after="")


def _due(id_: str, digest: Digest, group: Group, at: datetime) -> Iterator[Due]:
    """When a digest is due after an instant, without end."""
    while True:
        occurred = first_after(digest.at, group.zone, at)
        yield Due(occurred.at, id_, occurred.day)
        at = occurred.at


def _undrawn(chart: Chart, language: str) -> bytes:
    return repr(chart).encode()
