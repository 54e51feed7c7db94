"""What operators write for what a challenge says by itself, and for answers that wait for each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from workflows.options import Clock, Options, Span
from workflows.speaking import Speaks
from workflows.texts import Text


class Danger(Options):
    """A notice, late on the day, to those whose streak ends if they do not check in."""

    at: Clock = Field(description="when")
    where: Literal["group", "private"] = Field(
        "group", description="all named in one message; or to each in private, where they wrote to the assistant before"
    )
    most: int = Field(20, ge=1, le=100, description="how many at most; in the group the others are counted")


class Remind(Options):
    """A reminder on days that ask for a check-in."""

    at: Clock = Field(description="when")
    who: Literal["missing", "everyone"] = Field(
        "missing", description="name those who are missing, or remind all without names"
    )
    where: Literal["group", "private"] = Field(
        "group", description="all named in one message; or to each in private, where they wrote to the assistant before"
    )
    most: int = Field(20, ge=1, le=100, description="how many at most; in the group the others are counted")
    forget_after: Span = Field(timedelta(days=14), description="who has not checked in for so long is no longer named")
    text: Annotated[Text, Speaks("check_in", "group")] | None = Field(None, description="the words before the names")

    @field_validator("forget_after", mode="after")
    @classmethod
    def _a_day(cls, span: timedelta) -> timedelta:
        if span < timedelta(days=1):
            raise ValueError("`forget_after` is at least a day: who checked in yesterday would be forgotten")
        return span

    @model_validator(mode="after")
    def _somebody_in_private(self) -> Self:
        if self.where == "private" and self.who == "everyone":
            raise ValueError("everyone is reminded in the group; write who: missing, or leave out where: private")
        return self


class Gather(Options):
    """The answers of a while in one message."""

    every: Span = Field(timedelta(minutes=10), description="said so long after the first answer that waits")
    most: int = Field(20, ge=2, le=50, description="or as soon as so many wait")
    text: Annotated[Text, Speaks("check_in", "group")] | None = Field(None, description="the words before the names")

    @model_validator(mode="after")
    def _a_while(self) -> Self:
        if not timedelta(minutes=1) <= self.every <= timedelta(hours=12):
            raise ValueError('every is between "1m" and "12h"')
        return self
