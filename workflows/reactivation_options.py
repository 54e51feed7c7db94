"""What operators write under `reactivate:`: a word to those who have fallen silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflows.options import Clock, Inside, Options, Span, clock, span_text
from workflows.speaking import Speaks
from workflows.texts import Text

DAY = timedelta(days=1)


class Reactivate(Options):
    """A word to members who were active once and have been silent since. Each silence is spoken to once."""

    after: Span = Field(timedelta(days=14), description="how long somebody has said nothing, in whole days")
    until: Span = Field(timedelta(days=60), description="who is silent for longer is left alone")
    at: Clock = Field(clock("18:00"), description="when it is looked after the silent, once a day")
    a_week: int = Field(5, ge=1, le=100, description="how many members in seven days at most")
    where: Literal["private", "group"] = Field(
        "private", description="to each in private, where they wrote to the assistant before; or all named in the group"
    )
    text: Annotated[Text, Speaks("group")] | None = Field(None, description="the words; shipped ones when left out")

    @model_validator(mode="after")
    def _spans_make_sense(self) -> Self:
        for name in ("after", "until"):
            length = getattr(self, name)
            if length % DAY or not DAY <= length <= 365 * DAY:
                raise Inside(f"{name} is in whole days, from 1d to 365d", (name,))
        if self.until <= self.after:
            after, until = span_text(self.after), span_text(self.until)
            raise Inside(
                f"until: {until} is not longer than after: {after}; both are whole days, up to 365d", ("until",)
            )
        return self
