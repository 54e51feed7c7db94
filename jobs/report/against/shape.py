"""The shape of a comparison. `before` is the home that is served, `after` the changed one; each has its mirror.

What is here fits in memory whatever the length of the history. Every single hit is streamed apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jobs.report.against.counts import Count, Presence
from jobs.report.against.shape_attended import EventChange, SurveyChange
from jobs.report.against.shape_people import ChallengeChange, OnboardingChange, PointsChange, TiersChange
from jobs.report.summary import Example, Sent, Trouble

Subject = Literal[
    "rules",
    "check_ins",
    "points",
    "tiers",
    "onboarding",
    "effects",
    "answers",
    "digests",
    "events",
    "surveys",
    "timers",
    "truth",
    "faults",
]
"""What is told apart."""


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
class Issue:
    """A digest of one day: its first line that is not the same in both homes; both are "" where only a chart, who is
    told or the languages differ, or where names are hidden. `language` is the line's, "" for the group's first."""

    day: str
    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestChange:
    """One digest in both homes. `gained` and `lost` are told on days on which the other home tells none."""

    digest: str
    presence: Presence
    times: Count
    gained: int
    lost: int
    otherwise: int
    otherwise_examples: tuple[Issue, ...]

    @property
    def moves(self) -> bool:
        """Whether anything else is told."""
        return bool(self.gained or self.lost or self.otherwise)

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.presence != "both" or self.moves


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
    """The whole comparison. `people` counts members for whom something differs, `mentioned` others who were only spoken
    of; `same` is what differs in nothing, `unshown` the workflows that are written otherwise without anything of theirs
    to differ, and `community`, where nothing does."""

    people: int
    members: int
    mentioned: int
    same: tuple[Subject, ...]
    unshown: tuple[str, ...]
    rules: tuple[RuleChange, ...]
    check_ins: tuple[ChallengeChange, ...]
    points: PointsChange
    tiers: TiersChange
    onboarding: OnboardingChange
    effects: dict[str, Count]
    answers: tuple[AnswerChange, ...]
    digests: tuple[DigestChange, ...]
    events: tuple[EventChange, ...]
    surveys: tuple[SurveyChange, ...]
    timers: TimersChange
    truth: tuple[TruthChange, ...]
    faults: FaultsChange

    @property
    def differs(self) -> bool:
        """Whether the two homes do anything differently with this history."""
        return len(self.same) < len(SUBJECTS)

    @property
    def matters(self) -> bool:
        """Whether anybody fares otherwise, or anything else is done or said; not where rules, challenges, tiers,
        digests, events and surveys are only written otherwise, hit in shadow, or set timers that nobody hears."""
        silent: set[Subject] = {"rules", "truth", "timers", *self.same}
        if not any(one.moves for one in self.check_ins):
            silent.add("check_ins")
        if not self.tiers.moves:
            silent.add("tiers")
        if not any(one.moves for one in self.digests):
            silent.add("digests")
        if not any(one.otherwise for one in self.events):
            silent.add("events")
        if not any(one.otherwise for one in self.surveys):
            silent.add("surveys")
        return bool(self.people or self.mentioned or set(SUBJECTS) - silent)


SUBJECTS: tuple[Subject, ...] = (
    "rules", "check_ins", "points", "tiers", "onboarding", "effects", "answers", "digests", "events", "surveys",
    "timers", "truth", "faults",
)  # fmt: skip
