"""How long things are kept: `storage.keep` of `yaji.yaml`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field, model_validator

from workflows.options import Options, Span, span_text

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_Hours = Annotated[Span, Field(ge=_HOUR)]
_Days = Annotated[Span, Field(ge=_DAY)]
_Month = Annotated[Span, Field(ge=timedelta(days=30))]
"""A monthly digest may be late by two weeks, and nothing asks for it after that."""
_Months = Annotated[Span, Field(ge=timedelta(days=100))]
"""Tiers and facts look back 90 days."""


class Keep(Options):
    """How long things are kept, each counted from when it was written. `null` keeps it for ever."""

    words: _Hours | None = Field(timedelta(days=3), description="words, pictures and files of messages that went out")
    messages: _Days | None = Field(timedelta(days=30), description="the rest of those messages: when, where, outcome")
    letters: _Days | None = Field(timedelta(days=30), description="events that could not be processed, whole")
    tasks: _Month | None = Field(timedelta(days=60), description="work that is over: digests, posts, wishes")
    talks: _Days | None = Field(
        timedelta(days=365), description="which group somebody talks about in private; chats that are no group of ours"
    )
    decisions: _Months | None = Field(timedelta(days=400), description="decisions with their reasons")
    days: _Months | None = Field(
        timedelta(days=800), description="what each person did on each day; sums of the group stay"
    )
    gone: _Days | None = Field(
        timedelta(days=730), description="people who left every group of theirs; then they are forgotten"
    )
    backups: _Days | None = Field(
        timedelta(days=365), description="who was forgotten, as hashes: as long as a backup may be restored"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Keep:
        if self.messages is not None and (self.words is None or self.words > self.messages):
            raise ValueError("`words` cannot be kept longer than `messages`; write a shorter span")
        return self

    def told(self) -> dict[str, str | None]:
        """Each as an operator writes it; None is for ever."""
        return {name: span_text(kept) if kept is not None else None for name, kept in self}
