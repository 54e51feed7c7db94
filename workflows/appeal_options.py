"""How members appeal: written under `appeals:`. Everybody may appeal unless the operator says no."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from workflows.options import Options, Span


class Appeals(Options):
    """When an appeal can be made, who decides it when, and how long its words are kept."""

    open: bool = Field(True, description="whether members can appeal against a warning, a mute, a removal or a ban")
    wait: Span = Field(
        timedelta(minutes=10), description="how long after it was done an appeal can be made at the soonest"
    )
    within: Span = Field(
        timedelta(days=30), description="how long after it was done an appeal can be made at the latest"
    )
    between: Span = Field(timedelta(days=1), description="the time between two appeals of one member")
    most: int = Field(3, ge=1, le=20, description="how many appeals a member has in thirty days")
    alone: Span = Field(
        timedelta(hours=24), description="after this time the admin who acted may decide too; before, only another one"
    )
    kept: Span = Field(timedelta(days=30), description="how long the member's words are kept after the decision")

    @model_validator(mode="after")
    def _leave_time(self) -> Self:
        if self.within <= self.wait:
            raise ValueError("nobody can appeal: `within` is over before `wait` is; make it longer")
        return self
