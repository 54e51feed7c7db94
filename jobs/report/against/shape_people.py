"""The shape of what a comparison says of people: check-ins, points, tiers, onboarding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jobs.report.against.counts import Count, Presence
from jobs.report.summary import Onboarding, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How somebody did in a challenge."""

    streak: int
    longest: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChange:
    """Somebody whose run in a challenge is not the same."""

    person: str
    account: str
    before: Run
    after: Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Check-ins that only one home has, the first of them quoted."""

    count: int
    examples: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeChange:
    """One challenge. `gained` and `lost` count people who have more or less of it: a longest streak, else days."""

    challenge: str
    presence: Presence
    check_ins: Count
    made_up: Count
    taken_back: Count
    people: Count
    longest: Count
    gained_check_ins: Marks
    lost_check_ins: Marks
    gained: int
    lost: int
    changed: tuple[RunChange, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.presence != "both" or self.moves

    @property
    def moves(self) -> bool:
        """Whether anything differs beside what is written."""
        numbers = (self.check_ins, self.made_up, self.taken_back, self.people, self.longest)
        moved = self.changed or self.gained_check_ins.count or self.lost_check_ins.count
        return bool(moved) or not all(one.same for one in numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumChange:
    """Somebody whose sum of points is not the same."""

    person: str
    account: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsChange:
    """Points of the whole history. `gained` and `lost` count people whose sum is higher or lower."""

    given: Count
    taken: Count
    receivers: Count
    gained: int
    lost: int
    changed: tuple[SumChange, ...]
    by_rule: dict[str, Count]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        counts = (self.given, self.taken, self.receivers, *self.by_rule.values())
        return bool(self.changed) or not all(one.same for one in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierCount:
    """How many people hold a tier at the end, and how many held it when they left; "" is none."""

    tier: str
    presence: Presence
    people: Count
    left: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody stands at the end, with how many points, and why they came there (() if they never moved).

    `fell` is whether they came from above. `needs` is how many points their tier of the other home asks for here, None
    where there is no such tier.
    """

    tier: str
    points: int
    because: tuple[str, ...]
    fell: bool
    needs: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """Somebody in the group who holds another tier. `way` is "" where the tiers cannot be compared."""

    person: str
    account: str
    way: Literal["up", "down", ""]
    before: Place
    after: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TiersChange:
    """Who stands where. `moved` are people between tiers that are in no common order."""

    tiers: tuple[TierCount, ...]
    gained: int
    lost: int
    moved: int
    changed: tuple[PlaceChange, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return any(tier.presence != "both" for tier in self.tiers) or self.moves

    @property
    def moves(self) -> bool:
        """Whether anything differs beside what is written."""
        rows = (one for tier in self.tiers for one in (tier.people, tier.left))
        return bool(self.changed) or not all(one.same for one in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """Somebody whose onboarding ends otherwise; "" where they have none."""

    person: str
    account: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingChange:
    """How the newcomers fare."""

    before: Onboarding
    after: Onboarding
    people: int
    changed: tuple[StageChange, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.before != self.after or bool(self.changed)
