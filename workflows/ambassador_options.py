"""What operators write under `ambassadors:`: whom the admins are shown, what those are asked, what comes of a yes."""

from __future__ import annotations

from collections.abc import ItemsView
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, RootModel, field_validator

from core.occurrences import awake, first_after
from core.workflow import Group
from workflows.check_in_options import Media
from workflows.digest_options import ToldAt, told_at
from workflows.expressions import Condition
from workflows.naming import leading
from workflows.options import OneOrMany, Options, Span, one_word
from workflows.speaking import Speaks
from workflows.texts import LocalName, Text
from workflows.tier_clauses import Clause, clauses, impossible

NAME: Final = "ambassadors"
DAY: Final = timedelta(days=1)
TOLD: Final = frozenset(("member.helped_30d", "member.active_days_30d"))
"""What the admins are told of everybody they are shown."""
_NO_POINTS: Final = -(10**9)


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,23}$")]
Word = Annotated[str, BeforeValidator(one_word), Field(min_length=2, max_length=40)]


class AmbassadorTask(Options):
    """Something that ambassadors do for the group: a message with a word counts, so often and no more."""

    say: OneOrMany[Word] = Field(min_length=1, description="words by one of which a message is this task, like #share")
    name: LocalName | None = Field(None, description="what it is called; the first word of `say` when left out")
    per: Literal["day", "week", "month"] = Field("month", description="in what time `times` is counted")
    times: int = Field(1, ge=1, le=31, description="how often it counts in that time")
    points: int = Field(0, ge=0, le=1000, description="points for each time that counts")
    min_chars: int = Field(10, ge=0, le=2000, description="so many letters, digits or Han characters beside the word")
    or_: OneOrMany[Media] = Field((), alias="or", description="kinds of media that do as well as so many letters")
    cooldown: Span = Field(timedelta(hours=1), description="how long after one that counted the next can count")

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words as they are looked for, with # of either width."""
        folded = [word.strip().casefold() for word in self.say]
        return tuple(dict.fromkeys(one for word in folded for one in (word, word.replace("#", "＃"))))

    def word_in(self, text: str) -> str | None:
        """The word of it that a text holds."""
        folded = text.casefold()
        return next((word for word in self.words if word in folded), None)

    def called(self, language: str) -> str:
        """What people call it."""
        return self.name.in_(language) if self.name is not None else self.say[0]


class Program(Options):
    """Members who do something for the others: found, asked and thanked, as the admins decide."""

    name: LocalName = Field(description="what somebody is called who is one")
    discover: Annotated[Condition, Speaks("member")] | None = Field(
        None, description="who is shown to the admins, over member.*; left out: nobody is looked for"
    )
    look: ToldAt = Field(told_at("mon 10:00"), description="when it is looked for them: `mon 10:00`, `day 1 10:00`")
    most: int = Field(3, ge=1, le=10, description="how many the admins are shown at a time at most")
    invite: Annotated[Text, Speaks("member.name", "group")] | None = Field(
        None, description="what they are asked once an admin says so; shipped words when left out"
    )
    in_group: bool = Field(
        False, description="whether who cannot be written to in private is asked in the group; else they are not asked"
    )
    tag: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        None, description="a tag that they have as long as they are one"
    )

    tasks: dict[Id, AmbassadorTask] = Field(
        default_factory=dict, max_length=10, description="what they do for the group, by id; counted and rewarded"
    )

    quiet_after: Span | None = Field(
        timedelta(days=30),
        description="after so many days without taking part the admins are told, once, and when they are back; "
        "null: never",
    )

    @field_validator("quiet_after")
    @classmethod
    def _whole_days(cls, written: timedelta | None) -> timedelta | None:
        if written is not None and (written % DAY or not DAY <= written <= 365 * DAY):
            raise ValueError('quiet_after is in whole days, from "1d" to "365d"')
        return written

    @field_validator("discover")
    @classmethod
    def _can_hold(cls, written: Condition | None) -> Condition | None:
        if written is not None and (why := impossible(clauses(written.source), _NO_POINTS)):
            raise ValueError(f"nobody can ever be found by this: {why}")
        return written

    @cached_property
    def names(self) -> frozenset[str]:
        """The variables that it takes to weigh somebody."""
        return TOLD | (self.discover.names if self.discover is not None else frozenset())

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The parts of `discover`."""
        return clauses(self.discover.source) if self.discover is not None else ()

    def after(self, at: datetime, group: Group) -> datetime:
        """The first time to look later than an instant; what falls into the quiet hours is done at their end."""
        found = first_after(self.look, group.zone, at - DAY)
        while (then := awake(found.at, group.quiet, group.zone)) <= at:
            found = first_after(self.look, group.zone, found.at)
        return then


class Ambassadors(RootModel[Annotated[dict[Id, Program], Field(min_length=1, max_length=10)]]):
    """The kinds of ambassadors that a community has, by id."""

    model_config = ConfigDict(frozen=True)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of all tasks, as they are looked for."""
        every = (word for kind in self.root.values() for task in kind.tasks.values() for word in task.words)
        return tuple(dict.fromkeys(every))

    def items(self) -> ItemsView[str, Program]:
        """Id and kind."""
        return self.root.items()

    def get(self, id_: str) -> Program | None:
        """One kind, None if there is none of that id."""
        return self.root.get(id_)

    def called(self, written: str) -> tuple[str | None, str]:
        """The kind that words begin with, by its id or one of its names, or the only one; and what follows."""
        known = {name.casefold(): id_ for id_, one in self.root.items() for name in (*one.name.names.values(), id_)}
        found, follows = leading(written, known)
        return found if found is not None or len(self.root) != 1 else next(iter(self.root)), follows
