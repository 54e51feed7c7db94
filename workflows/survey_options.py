"""What operators write about surveys: what is asked, when, of whom, and who is told what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import ItemsView, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2s
from itertools import pairwise
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, RootModel, field_validator, model_validator

from core.occurrences import Monthly, Occurrence, Recurrence
from core.workflow import Group
from workflows.event_options import HappensAt, Once, next_of
from workflows.expressions import Condition, Vocabulary
from workflows.options import OneOrMany, Options, Span, Topic, span_text
from workflows.speaking import Speaks
from workflows.texts import LocalName, Text
from workflows.tier_clauses import clauses, impossible

ADMINS: Final = "admins"
LEAST: Final = 5
"""Fewer answers tell who gave which."""
DAY: Final = timedelta(days=1)
SCORES: Final = {"nps": tuple(range(11)), "scale": tuple(range(1, 6))}
_SETTLED: Final = Condition("member.joined_days >= 14 && member.active_days_30d >= 2", Vocabulary.of("member"))
"""Who is not new, and takes part."""


class Survey(Options):
    """A question to the group that everybody answers for themself, and of which only sums are told."""

    kind: Literal["nps", "scale", "choices"] = Field(
        "nps", description="how it is answered: 0 to 10, as recommending is asked about; 1 to 5; or by one of `choices`"
    )
    ask: Annotated[Text, Speaks("group")] | None = Field(
        None, description="the question; a shipped one for `nps` when left out"
    )
    choices: tuple[LocalName, ...] = Field((), max_length=10, description="for `choices`: two to ten answers")
    at: HappensAt | None = Field(
        None, description="when it is asked: one day, or again and again; only by `/survey start` when left out"
    )
    open_for: Span = Field(timedelta(days=3), description="how long it can be answered, 1h to 14d")
    who: Annotated[Condition, Speaks("member")] | None = Field(
        None,
        description="whose answers count, staff's never; when left out, of those who joined 14 days ago or earlier and "
        "took part on 2 of the last 30 days",
    )
    sorry: Annotated[Text, Speaks("member", "group")] | None = Field(
        None, description="what others read who answer; a shipped sentence when left out"
    )
    again_after: Span = Field(
        timedelta(days=90),
        description="who answered a survey, whichever, can answer another after this long, 7d at least",
    )
    follow_up: Annotated[Text, Speaks("group")] | None = Field(
        None, description="a question in private after the answer, answered in their own words if they like"
    )
    least: int = Field(LEAST, ge=LEAST, le=1000, description="with fewer answers nothing is told of them")
    points: int = Field(0, ge=0, le=1000, description="points for answering, once")
    tell: OneOrMany[str] = Field(
        (ADMINS,), min_length=1, description="who reads what came of it: `admins`, and groups about themselves"
    )
    to: OneOrMany[str] = Field((), description="which groups; all of the community when left out")
    topic: Topic | None = Field(None, description="the number of the forum topic it is posted to")

    @field_validator("open_for")
    @classmethod
    def _open_long_enough(cls, written: timedelta) -> timedelta:
        if not timedelta(hours=1) <= written <= 14 * DAY:
            raise ValueError(f"a survey is open for 1h to 14d; {span_text(written)} is not between them")
        return written

    @field_validator("again_after")
    @classmethod
    def _left_in_peace(cls, written: timedelta) -> timedelta:
        if not 7 * DAY <= written <= 1000 * DAY:
            raise ValueError(f"nobody is asked more often than every 7d; {span_text(written)} is not 7d to 1000d")
        return written

    @field_validator("who")
    @classmethod
    def _somebody(cls, written: Condition | None) -> Condition | None:
        if written is None:
            return None
        if (why := impossible(clauses(written.source), -(10**18))) or written.source == "false":
            raise ValueError(f"nobody could ever answer: {why or 'this is never true'}")
        return written

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if self.kind == "choices" and len(self.choices) < 2:
            raise ValueError("`kind: choices` needs at least two `choices`")
        if self.kind != "choices" and self.choices:
            raise ValueError(f"`choices` are answers of `kind: choices`; this is `kind: {self.kind}`")
        if self.kind != "nps" and self.ask is None:
            raise ValueError(f"`kind: {self.kind}` needs a question; write `ask`")
        if (twice := _twice(self.choices)) is not None:
            raise ValueError(f'two choices are called "{twice}"')
        if self.period is not None and self.open_for > self.period:
            raise ValueError(
                f"open for {span_text(self.open_for)}, it would be asked again, {span_text(self.period)} later, "
                "before it closes; make `open_for` shorter"
            )
        return self

    @property
    def asks(self) -> Condition:
        """Whether somebody is asked."""
        return self.who if self.who is not None else _SETTLED

    @cached_property
    def scores(self) -> tuple[int, ...]:
        """The numbers that answer it; none where there are choices."""
        return SCORES.get(self.kind, ())

    @property
    def answers(self) -> int:
        """How many different answers there are."""
        return len(self.scores) or len(self.choices)

    @cached_property
    def shape(self) -> str:
        """What its answers are: while this stays the same, they can be counted together and compared."""
        if self.scores:
            return self.kind
        names = "\n".join("|".join(sorted(set(choice.names.values()))) for choice in self.choices)
        return f"{self.kind}:{blake2s(names.encode(), digest_size=6).hexdigest()}"

    @cached_property
    def period(self) -> timedelta | None:
        """The shortest time from one to the next; None if there is one at most."""
        return None if self.at is None or isinstance(self.at, Once) else shortest(self.at)

    def label(self, n: int, language: str) -> str:
        """An answer in words."""
        return str(self.scores[n]) if self.scores else self.choices[n].in_(language)

    def is_for(self, group: Group) -> bool:
        """Whether it is asked in a group."""
        return not self.to or group.key in self.to

    def after(self, at: datetime, zone: ZoneInfo) -> Occurrence | None:
        """The first time that it is asked later than an instant; None if it never is again."""
        return next_of(self.at, at, zone) if self.at is not None else None


def shortest(recurrence: Recurrence) -> timedelta:
    """The shortest time between two of its days."""
    if isinstance(recurrence, Monthly):
        return 28 * DAY
    days = sorted(recurrence.weekdays)
    return min(later - day for day, later in pairwise([*days, days[0] + 7])) * DAY


def overlap(one: Survey, other: Survey, start: datetime, zone: ZoneInfo) -> Occurrence | None:
    """When, in the year from `start`, one is asked while the other is open; None if never."""
    spans = []
    for survey in (one, other):
        found, at = [], start
        while (occurs := survey.after(at, zone)) is not None and occurs.at < start + 366 * DAY:
            found.append(occurs)
            at = occurs.at
        spans.append(found)
    for first in spans[0]:
        for second in spans[1]:
            if first.at < second.at + other.open_for and second.at < first.at + one.open_for:
                return max(first, second, key=lambda occurs: occurs.at)
    return None


def starved(held: Mapping[str, Survey], start: datetime, zone: ZoneInfo) -> dict[str, str]:
    """Of the surveys of one group, those that nobody gets to answer who answers all that they can, and the one that
    keeps them from it: of what is asked again and again, in the second year, whichever they began with; of what is
    asked once, who began with one before it."""
    times = sorted((at, id_) for id_, survey in held.items() for at in _times(survey, start, zone))
    walks = [_answered(held, times[n:], start + 366 * DAY) for n, _ in enumerate(times[: 3 * len(held)])]
    count = sum(walks, Counter[str]())
    often = {id_ for id_, survey in held.items() if survey.period is not None}
    found = {id_: count.most_common(1)[0][0] for id_ in often if count and not count[id_]}
    for day, id_ in ((at, id_) for at, id_ in times if id_ not in often):
        earlier = [n for n, (at, _) in enumerate(times) if at < day][: 3 * len(held)]
        before = sum((_answered(held, times[n:], start) for n in earlier), Counter[str]())
        if before and not before[id_]:
            found[id_] = before.most_common(1)[0][0]
    return found


def _times(survey: Survey, start: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    at = start
    while (occurs := survey.after(at, zone)) is not None and occurs.at < start + 2 * 366 * DAY:
        yield (at := occurs.at)


def _answered(held: Mapping[str, Survey], times: Sequence[tuple[datetime, str]], since: datetime) -> Counter[str]:
    """How often each is answered since an instant by who answers all that they can."""
    count, last = Counter[str](), None
    for at, id_ in times:
        free = at if last is None else last + held[id_].again_after
        if free <= at + held[id_].open_for:
            last = max(at, free)
            count[id_] += last >= since
    return count


def _twice(choices: tuple[LocalName, ...]) -> str | None:
    seen: dict[str, int] = {}
    for n, choice in enumerate(choices):
        for name in choice.names.values():
            if seen.setdefault(name.casefold(), n) != n:
                return name
    return None


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,23}$")]


class Surveys(RootModel[dict[Id, Survey]]):
    """The surveys of a community, by id."""

    model_config = ConfigDict(frozen=True)

    def held_in(self, group: Group) -> dict[str, Survey]:
        """Those of one group."""
        return {id_: survey for id_, survey in self.root.items() if survey.is_for(group)}

    def items(self) -> ItemsView[str, Survey]:
        """Id and survey."""
        return self.root.items()

    @cached_property
    def longest(self) -> timedelta:
        """After so long nobody needs to know any more who answered when."""
        return max((survey.again_after for survey in self.root.values()), default=timedelta())
