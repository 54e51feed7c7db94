"""What operators write about events: what happens when, for how many, and when members are reminded of it."""

from __future__ import annotations

import re
from collections.abc import ItemsView
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, RootModel, WithJsonSchema, model_validator

from core.occurrences import Monthly, Occurrence, Recurrence, Weekly, first_after, instant
from core.workflow import Group
from workflows import digest_options
from workflows.options import OneOrMany, Options, Span, Topic, clock, span_text
from workflows.texts import LocalName

_ONCE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{1,2}:\d{2})", re.ASCII)
_FORMS: Final = 'write "2026-12-05 19:30" for one day, "fri 20:00" for every Friday, or "last day 20:00"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """At a time of one local day, and never again."""

    day: date
    clock: time


When = Recurrence | Once


def happens_at(written: object) -> When:
    """When an event is: "2026-12-05 19:30", or as digests have it: "fri 20:00", "day 1 09:00"."""
    if isinstance(written, Weekly | Monthly | Once):
        return written
    text = " ".join(written.lower().split()) if isinstance(written, str) else ""
    try:
        found = _ONCE.fullmatch(text)
        if found is not None:
            return Once(day=date.fromisoformat(found[1]), clock=clock(found[2]))
        return digest_options.told_at(text)
    except ValueError:
        raise ValueError(f'"{str(written)[:40]}" is not a time for an event; {_FORMS}') from None


def as_written(when: When) -> str:
    """A time as operators write it."""
    return f"{when.day} {when.clock:%H:%M}" if isinstance(when, Once) else digest_options.as_written(when)


HappensAt = Annotated[
    When,
    BeforeValidator(happens_at),
    PlainSerializer(as_written, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2026-12-05 19:30", "fri 20:00", "last day 20:00"]}),
]


class Gathering(Options):
    """Something that members can say they come to."""

    title: LocalName = Field(description="what it is called")
    at: HappensAt = Field(description="when it begins, on the community's clock: one day, or again and again")
    place: LocalName | None = Field(None, description="where it is")
    limit: int | None = Field(
        None, ge=1, le=500, description="how many can come; who says so later waits, and moves up when somebody cannot"
    )
    announce: Span = Field(timedelta(days=3), description="how long before it is posted, with buttons to say who comes")
    remind: OneOrMany[Span] = Field(
        (timedelta(days=1), timedelta(hours=1)), max_length=5, description="how long before who comes is reminded"
    )
    to: OneOrMany[str] = Field((), description="which groups; all of the community when left out")
    topic: Topic | None = Field(None, description="the number of the forum topic it is posted to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for before in self.remind:
            if not timedelta() < before < self.announce:
                raise ValueError(
                    f"a reminder {span_text(before)} before would come before anybody knows: "
                    f"`announce` is {span_text(self.announce)}; make that longer"
                )
        return self

    def is_for(self, group: Group) -> bool:
        """Whether it is held in a group."""
        return not self.to or group.key in self.to

    def after(self, at: datetime, zone: ZoneInfo) -> Occurrence | None:
        """The first time that it begins later than an instant; None if it never does again."""
        return next_of(self.at, at, zone)


def next_of(when: When, at: datetime, zone: ZoneInfo) -> Occurrence | None:
    """The first time of something that is later than an instant; None if there is none any more."""
    if not isinstance(when, Once):
        return first_after(when, zone, at)
    begins = instant(when.day, when.clock, zone)
    return Occurrence(when.day, begins) if begins > at else None


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,23}$")]


class Events(RootModel[dict[Id, Gathering]]):
    """The events of a community, by id."""

    model_config = ConfigDict(frozen=True)

    def held_in(self, group: Group) -> dict[str, Gathering]:
        """Those of one group."""
        return {id_: gathering for id_, gathering in self.root.items() if gathering.is_for(group)}

    def items(self) -> ItemsView[str, Gathering]:
        """Id and event."""
        return self.root.items()
