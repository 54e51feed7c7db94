"""The operator's own tests (`tests/*.yaml`): what happens in a made-up chat, and what shall come of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, WithJsonSchema

from core.events import MessageKind
from workflows.options import OneOrMany, Options, Span, span


def ago(written: object) -> timedelta:
    """How long before the start of a test: "90d ago"."""
    if isinstance(written, timedelta):
        return written
    if not isinstance(written, str) or not written.endswith(" ago"):
        raise ValueError(f'"{written}" is not a time ago; write a length of time and ago, like 90d ago')
    return span(written.removesuffix(" ago"))


def instant(written: object) -> object:
    """A date and time as YAML leaves it: a text in ISO 8601."""
    return written if isinstance(written, datetime | str) else None


Ago = Annotated[timedelta, BeforeValidator(ago), WithJsonSchema({"type": "string", "examples": ["90d ago"]})]
Instant = Annotated[AwareDatetime, BeforeValidator(instant)]


class Played(Options):
    """A member of a test."""

    joined: Ago | None = Field(None, description="when they were seen joining, like `90d ago`; never when left out")
    points: int = Field(0, description="points at the start")
    warnings: int = Field(0, ge=0, description="live warnings at the start")
    tier: str | None = Field(None, description="the tier at the start")
    tags: OneOrMany[str] = Field((), description="tags at the start")
    language: str | None = Field(None, description="the language the member speaks")
    admin: bool = Field(False, description="whether the member is an admin")


class Repeat(Options):
    """The same event several times."""

    every: Span = Field(description="the time from one to the next")
    times: int = Field(ge=1, le=1000, description="how many times")


class Act(Options):
    """Something that happens in a test."""

    at: Span = Field(description="time since the start")
    from_: str = Field(alias="from", description="the member who does it")
    text: str = Field("", description="the text of a message")
    kind: MessageKind = Field("text", description="the kind of message")
    reply_to: int | None = Field(None, ge=0, description="the position of the event that it answers")
    mentions: OneOrMany[str] = Field((), description="members that it mentions")
    does: Literal["post", "edit", "join", "leave", "press", "react"] = Field("post", description="what it is")
    data: str = Field("", description="what was pressed, or the emoji")
    repeat: Repeat | None = Field(None, description="do it several times")


class Expected(Options):
    """What shall come of one event."""

    event: int = Field(ge=0, description="the position of the event, from 0")
    rule: str = Field(description="the rule that decides, or `none`")
    then: tuple[str, ...] | None = Field(None, description="what is done, in words as in the audit")


class ExpectedMember(Options):
    """What shall be true of a member."""

    at: Span = Field(timedelta(), description="time since the start")
    streak: int | None = Field(None, description="the longest running streak")
    points: int | None = Field(None, description="the sum of points")
    warnings: int | None = Field(None, description="live warnings")
    tier: str | None = Field(None, description="the tier's id")
    tags: tuple[str, ...] | None = Field(None, description="all tags")


class Rehearsal(Options):
    """One test."""

    name: str = Field(min_length=1, description="what it claims")
    group: str | None = Field(None, description="the group's key; the community's first when left out")
    start: Instant = Field(description="when it begins, with its offset")
    members: dict[str, Played] = Field(description="who is there")
    events: tuple[Act, ...] = Field(description="what happens")
    expect: tuple[Expected, ...] = Field((), description="what shall come of the events")
    expect_members: dict[str, ExpectedMember] = Field(default_factory=dict, description="what shall be true of members")


class Rehearsals(Options):
    """A file of tests."""

    community: str = Field(description="the community's file, like community.yaml")
    tests: tuple[Rehearsal, ...] = Field(min_length=1, description="the tests")
