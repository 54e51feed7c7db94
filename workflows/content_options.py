"""What operators write about content: what is posted when, and how much of it may advertise."""

from __future__ import annotations

import re
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, field_validator, model_validator

from core.occurrences import Weekly
from core.workflow import Group
from workflows.options import WEEKDAYS, Clock, Inside, OneOrMany, Options, Topic, Weekdays
from workflows.speaking import Speaks
from workflows.texts import Text

_ON_A_DAY: Final = re.compile(rf"({'|'.join((*WEEKDAYS, 'weekdays', 'weekends'))}) (\d{{1,2}}:\d{{2}})", re.ASCII)
PICTURES: Final = (".png", ".jpg", ".jpeg")


def percent(written: object) -> float:
    """A share: "10%" is 0.1, and so is 0.1 itself."""
    if isinstance(written, float) and 0 < written <= 1:
        return written
    number = written.strip().removesuffix("%") if isinstance(written, str) and written.strip().endswith("%") else ""
    try:
        share = float(number) / 100
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        if isinstance(written, int | float) and 0 < written <= 100:
            raise ValueError(f'"{written}" is not a share; write a percentage, like 10% (did you mean {written}%?)')
        raise ValueError(f'"{str(written)[:40]}" is not a share; write a percentage, like 10%')
    return share


Share = Annotated[
    float,
    BeforeValidator(percent),
    PlainSerializer(lambda share: f"{share:.0%}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9.]+%$", "examples": ["10%"]}),
]


class Post(Options):
    """Something posted by the clock."""

    at: Clock = Field(description="when, on the community's clock")
    days: Weekdays = Field(frozenset(range(7)), description="on which days; every day when left out")
    text: Annotated[Text, Speaks("group")] | None = Field(
        None, description="what is posted; with `rotate` it stands above the entry"
    )
    rotate: tuple[str, ...] = Field((), description="one entry a time, none again until all were used")
    picture: str | None = Field(None, description="a picture of the home, like `images/tea.png`, shown above the words")
    pin: bool = Field(False, description="whether the post is pinned")
    promotional: bool = Field(False, description="whether it advertises, so that `marketing_budget` counts it")
    to: OneOrMany[str] = Field((), description="which groups; all of the community when left out")
    topic: Topic | None = Field(None, description="the number of the forum topic it is posted to")

    @model_validator(mode="before")
    @classmethod
    def _day_apart(cls, written: Any) -> Any:
        """`at: sat 12:00`, as events have it, is two keys here."""
        at = written.get("at") if isinstance(written, dict) else None
        found = _ON_A_DAY.fullmatch(at.strip().lower()) if isinstance(at, str) else None
        if found is not None:
            raise Inside(f"the day stands under its own key: write at: {found[2]} and days: [{found[1]}]", ("at",))
        return written

    @field_validator("rotate", mode="before")
    @classmethod
    def _lines(cls, written: Any) -> Any:
        """A file is read line by line; empty lines and those that begin with # are left out."""
        if not isinstance(written, str):
            return written
        lines = (line.strip() for line in written.splitlines())
        return tuple(line for line in lines if line and not line.startswith("#"))

    @field_validator("picture")
    @classmethod
    def _inside(cls, written: str | None) -> str | None:
        if written is not None and (
            not written.lower().endswith(PICTURES) or written[0] == "/" or ".." in written or "://" in written
        ):
            raise ValueError(f'"{written[:60]}" is not a picture of the home; write a path like images/tea.png')
        return written

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and not self.rotate and self.picture is None:
            raise ValueError("there is nothing to post; write `text`, `rotate` or `picture`")
        longest = max((len(entry) for entry in self.rotate), default=0)
        if longest > 3500:
            raise ValueError(f"an entry of `rotate` has {longest} characters; 3500 is the most")
        return self

    @cached_property
    def recurrence(self) -> Weekly:
        """When it is posted."""
        return Weekly(clock=self.at, weekdays=self.days)

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The entries by short digests, by which it is remembered which were used: they may be edited and moved."""
        return tuple(blake2b(entry.encode(errors="replace"), digest_size=4).hexdigest() for entry in self.rotate)

    def is_for(self, group: Group) -> bool:
        """Whether it is posted in a group."""
        return not self.to or group.key in self.to


class Budget(Options):
    """How much may advertise, so that a group stays a group. What is over budget waits, and the admins hear why."""

    promotional_per_week: int | None = Field(
        None, ge=1, le=100, description="the most promotional posts in a group in any seven days"
    )
    share: Share | None = Field(
        None, description="the most promotional posts for each message of members in seven days, like 2%"
    )


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Contents(Options):
    """Everything that is posted by the clock."""

    content: dict[Id, Post] = Field(default_factory=dict, max_length=100, description="posts by the clock, by id")
    marketing_budget: Budget | None = Field(None, description="how much of it may advertise")

    @cached_property
    def counts_messages(self) -> bool:
        """Whether the members' messages have to be counted: only for a share, and only if something advertises."""
        budget = self.marketing_budget
        return budget is not None and budget.share is not None and any(p.promotional for p in self.content.values())
