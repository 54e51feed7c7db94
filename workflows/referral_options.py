"""How invitations count: written under `referrals:`."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from workflows.options import Options, Span


class Referrals(Options):
    """Who is invited counts for who invited them, once they have stayed and taken part."""

    points: int = Field(10, ge=0, le=100_000, description="points for each member who counts; 0 only counts them")
    after_days: int = Field(7, ge=1, le=365, description="days after the join before which nobody counts")
    active_days: int = Field(
        3, ge=1, le=365, description="different days on which the newcomer wrote, reacted or checked in"
    )
    give_up_after: Span = Field(timedelta(days=30), description="who was not active enough by then does not count")
    cap_per_day: int = Field(5, ge=1, le=1000, description="most newcomers of one day that count for one member")
    hold_at: int = Field(
        5, ge=2, le=1000, description="so many joins by one member's invitation within an hour wait for an admin's word"
    )
    revoke_within: Span = Field(
        timedelta(days=30), description="who counted and leaves this soon afterwards does not count any more"
    )
    code_within: Span = Field(timedelta(days=7), description="how long after joining an invitation code can be said")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.give_up_after < timedelta(days=self.after_days):
            raise ValueError(
                f"nobody counts: `give_up_after` ends before `after_days: {self.after_days}`; make it longer"
            )
        if self.give_up_after < timedelta(days=self.active_days - 1):
            raise ValueError(
                f"nobody counts: `give_up_after` has no room for `active_days: {self.active_days}`; make it longer"
            )
        return self
