"""Who belongs on which tier: climbing, staying, falling back. Pure arithmetic over facts that were looked up before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from workflows.expressions import Condition, Vocabulary
from workflows.tier_clauses import Clause, Comparison, clauses

Facts = Mapping[str, object]
"""What is known of a member, by field: {"points": 120, "active_days_30d": 8}."""

NO_TIER: Final = -1
"""The rank of somebody without a tier. The lowest tier has rank 0."""

_MEMBER: Final = Vocabulary.of("member")


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A tier with its condition taken apart. `whole` is None for a tier that asks for points only."""

    rank: int
    id: str
    start: int
    whole: Condition | None
    parts: tuple[tuple[Clause, Condition], ...]

    @classmethod
    def of(cls, rank: int, id: str, start: int, source: str | None) -> Self:
        if source is None:
            return cls(rank=rank, id=id, start=start, whole=None, parts=())
        parts = tuple((clause, Condition(clause.source, _MEMBER)) for clause in clauses(source))
        return cls(rank=rank, id=id, start=start, whole=Condition(source, _MEMBER), parts=parts)

    def affords(self, facts: Facts, share: int = 100) -> bool:
        """Whether the points are there, or `share` percent of them. A tier from 0 on is open even to debtors."""
        return self.start == 0 or points(facts) * 100 >= self.start * share

    def admits(self, facts: Facts) -> bool:
        """Whether somebody with these facts reaches it."""
        return self.affords(facts) and (self.whole is None or self.whole.holds({"member": facts}))

    def missing(self, facts: Facts) -> tuple[Clause, ...]:
        """The clauses of the condition that do not hold."""
        if not self.parts:
            return ()
        return tuple(clause for clause, condition in self.parts if not condition.holds({"member": facts}))

    def keeps(self, facts: Facts, share: int, conditions: bool) -> bool:
        """Whether somebody who is on it stays, at `share` percent of what it takes to get there."""
        if not self.affords(facts, share):
            return False
        return not conditions or all(_still(clause, condition, facts, share) for clause, condition in self.parts)


def _still(clause: Clause, condition: Condition, facts: Facts, share: int) -> bool:
    if isinstance(clause, Comparison):
        value = facts.get(clause.field)
        if isinstance(value, int):
            return clause.holds(value, share)
    return condition.holds({"member": facts})


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """All tiers, lowest first. `share` is the percentage that keeps one; `demote_if` is asked instead of its `if`."""

    rungs: tuple[Rung, ...]
    share: int = 100
    demote_if: Condition | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """The variables that the conditions use."""
        conditions = [rung.whole for rung in self.rungs if rung.whole is not None]
        if self.demote_if is not None:
            conditions.append(self.demote_if)
        return frozenset(name for condition in conditions for name in condition.names)

    @cached_property
    def ranks(self) -> Mapping[str | None, int]:
        """Tier id to rank; None is the rank of no tier. A tier that was taken out of the configuration is not in it."""
        return {None: NO_TIER, **{rung.id: rung.rank for rung in self.rungs}}

    def id(self, rank: int) -> str | None:
        """The tier of a rank."""
        return self.rungs[rank].id if rank >= 0 else None

    @cached_property
    def next_start(self) -> Mapping[str | None, int | None]:
        """By tier (those of `ranks`), the fewest points that any tier above it asks for; None at the top."""
        starts = [rung.start for rung in self.rungs]
        return {tier: min(starts[rank + 1 :], default=None) for tier, rank in self.ranks.items()}

    def climb(self, rank: int, facts: Facts, reached: tuple[str, ...]) -> int:
        """The highest rank that the facts admit to; `rank` itself if there is none above.

        A tier that was reached before, and lost, is not given back while `demote_if` holds: else the next point would
        undo the review.
        """
        for rung in reversed(self.rungs[rank + 1 :]):
            if rung.admits(facts) and not self.barred(rung, facts, reached):
                return rung.rank
        return rank

    def barred(self, rung: Rung, facts: Facts, reached: tuple[str, ...]) -> bool:
        """Whether a tier that was lost is kept back by `demote_if`."""
        return rung.id in reached and self._demotes(rung, facts)

    def hopeful(self, rank: int, facts: Facts) -> bool:
        """Whether only a condition, not points, keeps somebody from a higher tier: time alone may bring them there."""
        return any(rung.affords(facts) for rung in self.rungs[rank + 1 :])

    def fall(self, rank: int, facts: Facts) -> int:
        """The highest rank up to `rank` that is kept. `demote_if` takes one tier at a time, and never the lowest."""
        kept = rank
        while kept >= 0 and not self.rungs[kept].keeps(facts, self.share, self.demote_if is None):
            kept -= 1
        if kept == rank and kept >= 0 and self._demotes(self.rungs[kept], facts):
            kept -= 1
        return kept

    def by_points(self, facts: Facts) -> int:
        """The highest rank whose points are there, conditions left aside."""
        return max((rung.rank for rung in self.rungs if rung.affords(facts)), default=NO_TIER)

    def enters(self, rank: int) -> bool:
        """Whether a rank is the entry: the lowest tier, open to everybody. Being there is no promotion."""
        lowest = self.rungs[0]
        return rank == 0 and lowest.start == 0 and lowest.whole is None

    def loses(self, rank: int) -> bool:
        """Whether there is anything to lose at a rank. The lowest tier cannot be lost if it asks for nothing."""
        return rank >= 0 and not self.enters(rank)

    @cached_property
    def lost(self) -> frozenset[str | None]:
        """The tiers at which there is something to lose."""
        return frozenset(rung.id for rung in self.rungs if self.loses(rung.rank))

    def _demotes(self, rung: Rung, facts: Facts) -> bool:
        return rung.rank > 0 and self.demote_if is not None and self.demote_if.holds({"member": facts})


def points(facts: Facts) -> int:
    """A member's points."""
    value = facts["points"]
    assert isinstance(value, int)
    return value
