"""The shape of a comparison. `before` is the home that is served, `after` the changed one; each has its mirror.

What is here fits in memory whatever the length of the history. Every single hit is streamed apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jobs.report.summary import Example, Onboarding, Quote, Sent, Trouble

Presence = Literal["both", "new", "gone"]
"""Whether something is written in both homes, only in the changed one, or only in the one before."""
Subject = Literal[
    "rules", "check_ins", "points", "tiers", "onboarding", "effects", "answers", "timers", "truth", "faults"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One number in both homes."""

    before: int
    after: int

    @property
    def same(self) -> bool:
        """Whether it is the same in both."""
        return self.before == self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How often a rule did one thing with a message before and does another now."""

    before_mode: str
    before_then: tuple[str, ...]
    after_mode: str
    after_then: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One hit as it is in each home."""

    before: Example
    after: Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Hits of a rule that only one home has. `elsewhere` is which other rules hit the same events in the other home."""

    count: int
    people: int
    elsewhere: dict[str, int]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One rule in both homes. `same` hits are equal in both, `otherwise` are those where something else is done."""

    rule: str
    presence: Presence
    on: Count
    shadow: Count
    people: Count
    same: int
    gained: Hits
    lost: Hits
    otherwise: int
    ways: tuple[Way, ...]
    otherwise_examples: tuple[Judged, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.presence != "both" or self.gained.count or self.lost.count or self.otherwise)


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
        numbers = (self.check_ins, self.made_up, self.taken_back, self.people, self.longest)
        moved = self.changed or self.gained_check_ins.count or self.lost_check_ins.count
        return bool(self.presence != "both" or moved) or not all(one.same for one in numbers)


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
    """Where somebody stands at the end, with how many points, and why they came there ("" and () if they never moved).

    `needs` is how many points the tier asks for that they hold in the other home, None where there is no such tier.
    """

    tier: str
    points: int
    because: tuple[str, ...]
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
        rows = (one for tier in self.tiers for one in (tier.people, tier.left))
        told = any(tier.presence != "both" for tier in self.tiers)
        return told or bool(self.changed) or not all(one.same for one in rows)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """One answer as it is in each home."""

    before: Sent
    after: Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChange:
    """What one workflow does of one kind. The first few are listed; `otherwise` are those in other words."""

    workflow: str
    kind: str
    times: Count
    gained: int
    lost: int
    otherwise: int
    gained_examples: tuple[Sent, ...]
    lost_examples: tuple[Sent, ...]
    otherwise_examples: tuple[Both, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.gained or self.lost or self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimersChange:
    """Timers that came due, what they would have sent and what is still set at the end, by workflow."""

    fired: Count
    sent: dict[str, Count]
    pending: dict[str, Count]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return not all(one.same for one in (self.fired, *self.sent.values(), *self.pending.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How the hits agree with what is known in one home; see `Verdict`."""

    hits: int
    right: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthChange:
    """One piece of knowledge in both homes."""

    name: str
    known: int
    before: Share
    after: Share

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsChange:
    """What went wrong. `gained` are the first troubles that only the changed home has, `lost` those that are over."""

    faults: Count
    dead_letters: Count
    gained: tuple[Trouble, ...]
    lost: tuple[Trouble, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.gained or self.lost) or not (self.faults.same and self.dead_letters.same)


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The whole comparison. `people` counts members for whom something differs; `same` is what differs in nothing."""

    people: int
    members: int
    same: tuple[Subject, ...]
    rules: tuple[RuleChange, ...]
    check_ins: tuple[ChallengeChange, ...]
    points: PointsChange
    tiers: TiersChange
    onboarding: OnboardingChange
    effects: dict[str, Count]
    answers: tuple[AnswerChange, ...]
    timers: TimersChange
    truth: tuple[TruthChange, ...]
    faults: FaultsChange

    @property
    def differs(self) -> bool:
        """Whether the two homes do anything differently with this history."""
        return len(self.same) < len(SUBJECTS)


SUBJECTS: tuple[Subject, ...] = (
    "rules", "check_ins", "points", "tiers", "onboarding", "effects", "answers", "timers", "truth", "faults",
)  # fmt: skip
