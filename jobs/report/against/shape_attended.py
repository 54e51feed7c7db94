"""The shape of a comparison of events and surveys. `before` is the home that is served, `after` the changed one."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.report.against.counts import Count, Presence
from jobs.report.summary import Asking, Occasion


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionChange:
    """One day of an event that is not the same in both homes; None where it is not announced."""

    day: str
    before: Occasion | None
    after: Occasion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """One event in both homes: over all its times, how many had a seat, waited, and how often they were reminded.
    `otherwise` are the times that differ, of which the first are listed."""

    event: str
    presence: Presence
    announced: Count
    coming: Count
    waiting: Count
    reminders: Count
    otherwise: int
    changed: tuple[OccasionChange, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.presence != "both" or bool(self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingChange:
    """One day of a survey that is not the same in both homes; None where it is not asked."""

    day: str
    before: Asking | None
    after: Asking | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyChange:
    """One survey in both homes. `otherwise` are the times that differ, of which the first are listed."""

    survey: str
    presence: Presence
    asked: Count
    answered: Count
    could: Count
    otherwise: int
    changed: tuple[AskingChange, ...]

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.presence != "both" or bool(self.otherwise)
