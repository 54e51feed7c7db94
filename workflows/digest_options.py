"""What operators write about digests: when, what they tell, and to whom."""

from __future__ import annotations

import re
from collections.abc import ItemsView, Iterator
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, RootModel, WithJsonSchema

from core.occurrences import EVERY_DAY, Monthly, Recurrence, Weekly
from core.workflow import Group
from workflows.digest_periods import span_of
from workflows.options import WEEKDAYS, OneOrMany, Options, Topic, clock, weekdays

ADMINS: Final = "admins"
SUBSCRIBERS: Final = "subscribers"

Section = Literal[
    "check_in_board",
    "new_members",
    "tier_changes",
    "helpful",
    "hot_topics",
    "unanswered",
    "rule_report",
    "points_board",
    "ambassadors",
    "activity",
    "unheard",
    "retention",
    "surveys",
]
Chart = Literal["check_ins_by_day", "messages_by_day", "members_by_day"]

_AT: Final = re.compile(r"(?:(?P<days>[a-z]+)|day (?P<number>\d{1,2})|(?P<last>last day))? ?(?P<clock>\d{1,2}:\d{2})")
_FORMS: Final = 'write "20:00" for every day, "sun 20:00" for a day of the week, "day 1 09:00" or "last day 20:00"'


def told_at(written: object) -> Recurrence:
    """When a digest is told: "20:00", "sun 20:00", "weekdays 20:00", "day 1 09:00", "last day 20:00"."""
    if isinstance(written, Weekly | Monthly):
        return written
    found = _AT.fullmatch(" ".join(written.lower().split())) if isinstance(written, str) else None
    if found is None or (found["days"] and found["days"] not in (*WEEKDAYS, "weekdays", "weekends")):
        raise ValueError(f'"{str(written)[:40]}" is not a time that comes again; {_FORMS}')
    at = clock(found["clock"])
    if found["last"]:
        return Monthly(clock=at, day=31)
    if found["number"]:
        if not 1 <= int(found["number"]) <= 31:
            raise ValueError(f"a month has no day {found['number']}; {_FORMS}")
        return Monthly(clock=at, day=int(found["number"]))
    return Weekly(clock=at, weekdays=weekdays(found["days"]) if found["days"] else EVERY_DAY)


def as_written(recurrence: Recurrence) -> str:
    """A time as operators write it."""
    at = f"{recurrence.clock:%H:%M}"
    if isinstance(recurrence, Monthly):
        return f"last day {at}" if recurrence.day == 31 else f"day {recurrence.day} {at}"
    if recurrence.weekdays == EVERY_DAY:
        return at
    if len(recurrence.weekdays) == 1:
        return f"{WEEKDAYS[min(recurrence.weekdays)]} {at}"
    return f"{'weekdays' if 0 in recurrence.weekdays else 'weekends'} {at}"


ToldAt = Annotated[
    Recurrence,
    BeforeValidator(told_at),
    PlainSerializer(as_written, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["sun 20:00", "20:00", "day 1 09:00", "last day 20:00"]}),
]


class Digest(Options):
    """A report by the clock: over a day, a week or a month, as its time says."""

    at: ToldAt = Field(
        description="when: `sun 20:00` for the week, `20:00` for every day, `day 1 09:00` or `last day 20:00` for the "
        "month; before noon it is about the days up to yesterday"
    )
    sections: tuple[Section, ...] = Field(min_length=1, description="what it tells, in this order")
    chart: Chart | None = Field(None, description="a chart to go with it")
    to: OneOrMany[str] = Field(
        (ADMINS,), min_length=1, description="groups, which hear about themselves; `admins`; `subscribers` in private"
    )
    topic: Topic | None = Field(None, description="the number of the forum topic that it is posted to in the groups")
    top: int = Field(5, ge=1, le=20, description="how many places a board has")
    staff_on_boards: bool = Field(
        False, description="whether staff have a place on boards; by default they win no prizes"
    )

    def tells(self, group: Group) -> bool:
        """Whether anybody hears this digest about a group."""
        return group.key in self.to or ADMINS in self.to or SUBSCRIBERS in self.to

    @cached_property
    def span(self) -> Literal["day", "week", "month"]:
        """What kind of period it is about."""
        return span_of(self.at)


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Digests(RootModel[dict[Id, Digest]]):
    """The digests of a community, by id."""

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, id_: str) -> Digest:
        return self.root[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self.root

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.root)

    def items(self) -> ItemsView[str, Digest]:
        """Id and digest."""
        return self.root.items()

    def asks_for(self, section: Section) -> bool:
        """Whether some digest has a section."""
        return any(section in digest.sections for digest in self.root.values())

    @cached_property
    def open_to_members(self) -> bool:
        """Whether members can have a digest sent to them."""
        return any(SUBSCRIBERS in digest.to for digest in self.root.values())
