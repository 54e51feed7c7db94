"""The operator's own tests (`tests/*.yaml`): what happens in a made-up chat, and what shall come of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AwareDatetime, BeforeValidator, Field, WithJsonSchema, model_validator

from core.events import MessageKind
from workflows.options import OneOrMany, Options, Span, Topic, span


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


def deed(written: object) -> object:
    """What is done, as the audit writes it: `mute 1h`; `{mute: 1h}` is the same."""
    if isinstance(written, dict) and len(written) == 1:
        verb, argument = next(iter(written.items()))
        return f"{verb} {argument}" if argument is not None else str(verb)
    return written


NONE: Final = "none"
"""What stands for no rule, no words, no tier."""

Ago = Annotated[timedelta, BeforeValidator(ago), WithJsonSchema({"type": "string", "examples": ["90d ago"]})]
Instant = Annotated[AwareDatetime, BeforeValidator(instant)]
Deed = Annotated[str, BeforeValidator(deed)]
Does = Literal["post", "edit", "recall", "join", "leave", "request", "press", "react"]


class Played(Options):
    """A member of a test."""

    joined: Ago | None = Field(None, description="when they were seen joining, like `90d ago`; never when left out")
    points: int = Field(0, description="points at the start")
    warnings: int = Field(0, ge=0, le=20, description="live warnings at the start, given the day before")
    tier: str | None = Field(None, description="the tier at the start; the one that they would be in when left out")
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
    does: Does = Field("post", description="what it is")
    text: str = Field("", description="the text of a message, or the words of a request to join")
    kind: MessageKind = Field("text", description="the kind of message")
    reply_to: int | None = Field(None, ge=0, description="the position of the event that it answers, from 0")
    mentions: OneOrMany[str] = Field((), description="members that it mentions; those written as `@name` are found")
    forwarded: bool = Field(False, description="whether the message comes from elsewhere")
    topic: Topic | None = Field(None, description="the number of the forum topic it is in")
    private: bool = Field(False, description="whether it is written in private to the assistant, not in the group")
    of: int | None = Field(
        None, ge=0, description="for edit, recall, react: the position of the event whose message it is about"
    )
    by: str | None = Field(None, description="for join, leave: the member who added or removed them")
    data: str = Field("", description="for press: words on the button; for react: the emoji, nothing takes it back")
    repeat: Repeat | None = Field(None, description="do it several times")

    @property
    def times(self) -> int:
        """How often it happens."""
        return self.repeat.times if self.repeat is not None else 1

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.does in ("edit", "recall", "react") and self.of is None:
            raise ValueError(f"`does: {self.does}` needs `of:`, the position of the event whose message it is about")
        if self.private and self.does != "post":
            raise ValueError(f"`private` is said of a message; this is `does: {self.does}`")
        return self


class Expected(Options):
    """What shall come of one event, or of the timers that come due at one time."""

    event: int | None = Field(None, ge=0, description="the position of the event, from 0")
    nth: int | None = Field(None, ge=1, description="which time of an event that is repeated; each when left out")
    at: Span | None = Field(None, description="instead of an event: reminders and other timers due then, to the minute")
    rule: str | None = Field(
        None, description="what decides: a rule, challenge or tier by its id, or a workflow; `none`: nothing does"
    )
    then: tuple[Deed, ...] | None = Field(None, description="what is done, in words as in the audit, in any order")
    says: OneOrMany[str] | None = Field(None, description="words that are said to members; `none`: nothing is said")
    tells_admins: OneOrMany[str] | None = Field(None, description="words that admins are told; `none`: nothing is")

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, written: Any) -> Any:
        if isinstance(written, dict):
            if ("event" in written) == ("at" in written):
                raise ValueError("write `event:` with its position, or `at:` with a time since the start")
            if not {"rule", "then", "says", "tells_admins"} & set(written):
                raise ValueError("nothing is expected here; write `rule:`, `then:`, `says:` or `tells_admins:`")
        return written


class ExpectedMember(Options):
    """What shall be true of a member."""

    at: Span | None = Field(None, description="time since the start; the end of the test when left out")
    streak: int | None = Field(None, description="the longest running streak")
    points: int | None = Field(None, description="the sum of points")
    warnings: int | None = Field(None, description="live warnings")
    tier: str | None = Field(None, description="the tier's id, or `none`")
    tags: OneOrMany[str] | None = Field(None, description="all tags, in any order")


class Rehearsal(Options):
    """One test."""

    name: str = Field(min_length=1, description="what it claims")
    group: str | None = Field(None, description="the group's key; the community's first when left out")
    start: Instant = Field(description="when it begins, with its offset")
    shadow: Literal["acts", "reports"] = Field(
        "acts", description="whether rules in shadow act, as once they are on, or only report"
    )
    members: dict[str, Played | None] = Field(description="who is there")
    events: tuple[Act, ...] = Field((), description="what happens")
    expect: tuple[Expected, ...] = Field((), description="what shall come of the events")
    expect_members: dict[str, OneOrMany[ExpectedMember]] = Field(
        default_factory=dict, description="what shall be true of members; a list for several times"
    )


class Rehearsals(Options):
    """A file of tests."""

    community: str = Field(description="the community's file, like community.yaml")
    tests: tuple[Rehearsal, ...] = Field(min_length=1, description="the tests")
