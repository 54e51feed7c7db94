"""What is done about questions that nobody answers, and about answers that helped: written under `questions:`."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from workflows.options import Options, Span, Window

KEPT: Final = timedelta(days=7)
"""An open question is remembered for so long."""


class Asking(Options):
    """When the group is asked once more, who is named then, and what helping is worth."""

    after: Span | None = Field(
        timedelta(minutes=30),
        description="how long a question waits before the group is asked once more; null: never",
    )
    name: int = Field(2, ge=0, le=3, description="how many people who helped lately are named then")
    per_day: int = Field(6, ge=1, le=100, description="most such lines a day")
    quiet_hours: Window | None = Field(None, description="no such lines in here; they wait for its end")
    award: Literal["suggest", "auto", "off"] = Field(
        "suggest",
        description="after thanks for an answer: the admins are asked, points are given, or nothing",
    )
    points: int = Field(2, ge=1, le=1000, description="points for an answer that helped")
    cap_per_day: int = Field(5, ge=1, le=1000, description="most answers of one member that are rewarded a day")
    pair_cooldown: Span = Field(
        timedelta(days=7), description="after this long thanks of the same person to the same person count again"
    )

    @model_validator(mode="after")
    def _not_forgotten(self) -> Self:
        if self.after is not None and self.after > KEPT - timedelta(days=1):
            raise ValueError('after is at most "6d": an open question is remembered for a week')
        return self

    @classmethod
    def listening(cls) -> Self:
        """Nothing is said or given: a digest wants to know which questions are open."""
        return cls(after=None, award="off")
