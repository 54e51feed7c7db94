"""The shape of a workflow, and of a group that runs some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Generic, Literal, Protocol, TypeVar, final
from zoneinfo import ZoneInfo

from core.decision import Decision
from core.effects import Words
from core.events import Event
from core.names import Named
from core.occurrences import Hours
from core.people import Account, Member, PersonId
from core.state import Key, Slot

O = TypeVar("O")  # noqa: E741 (the options of a workflow)
T = TypeVar("T")
_MIDNIGHT = time()


class View(Protocol):
    """The state that one decision may look at: what its `reads` declared, as of this event."""

    @property
    def group(self) -> Group: ...

    def get(self, key: Key[T]) -> T:
        """The value of a declared key. Raises UndeclaredRead for any other."""
        ...

    def actor(self) -> Member:
        """The event's actor as a member; always known, never declared. Raises UndeclaredRead if there is no actor."""
        ...

    def person(self) -> PersonId:
        """Who the event's actor is, by whichever account. Raises UndeclaredRead if there is no actor."""
        ...

    def language(self) -> str:
        """The language to speak with the event's actor. Raises UndeclaredRead if there is no actor."""
        ...


@final
@dataclass(frozen=True, slots=True)
class Glance(Generic[O]):
    """The answer of `reads` where few members matter: whether the event's actor has one of these records.

    Who has none is passed over, at no cost: `decide` is not called. So is who has but records that are `over`: nothing
    would come of them. Of others, `then` names what it needs.
    """

    slots: tuple[Slot[Any], ...]
    then: Callable[[Any, O], Iterable[Key[Any]]]
    over: Callable[[Any], bool] | None = None


@final
@dataclass(frozen=True, slots=True)
class Seldom:
    """Keys of which nearly always only the first are looked at: a count that seldom passes its limit.

    The first are read ahead, and nothing of what might follow. The rest is asked for, and read, at the first look at
    one of them.
    """

    first: tuple[Key[Any], ...]
    rest: Callable[[], Iterable[Key[Any]]]


@final
@dataclass(frozen=True, slots=True)
class Unmoved(Generic[O]):
    """That one record of a follow-up's actor, and one of their balances, mostly tell that nothing comes of it.

    While `stays` says so of the instant, the options, the group and the two, which are read ahead, the workflow is not
    asked. Without a `kind` of balance it is told 0.
    """

    slot: Slot[Any]
    kind: str
    stays: Callable[[datetime, O, Group, Any, int], bool]


Read = Iterable[Key[Any]] | Glance[O] | Seldom


@dataclass(frozen=True, slots=True)
class Workflow(Generic[O]):
    """What a community does, as two pure functions over its options.

    `hears` are the event types it is asked about; for other events it costs nothing. `reads` names the state that
    `decide` needs for an event; None says that there is nothing to decide, and `decide` is not called; a `Glance`, that
    it depends; `Seldom`, that most of it is not needed. `decide` may return one decision or several (one per rule that
    matched), applied in order. `awards` says that it may post points about the event's actor, `sanctions` that it may
    do something to them: then what listens to that is read ahead. `steers`: admins steer the group by it; it is told
    what the others do (`Acted`), and speaks while they are paused. `outsiders`: it hears too what is written in private
    by those who left or were removed; no other workflow does. `unheard`: it decides only about what the workflows
    before it did nothing about; what they only write down of a message in the group is nothing. `deaf` says of an
    opening that no plain text in the group that begins so is for the workflow, which is then not asked about any:
    `reads` would answer None. The opening of a text is its first two letters, fewer if it has no more; behind a slash,
    its first word. `spares` says of an event type that these options leave nothing to decide about it, in the same way.
    `weighs` are the types of follow-ups of which a record and a balance mostly tell that nothing comes of them: `reads`
    is asked about one only where they do not. `despite` is what a text holds of an opening that the workflow is `deaf`
    to, and is for it nevertheless; None is nothing. A group looks for one such word in a message.
    """

    name: str
    options: type[O]
    hears: frozenset[type]
    reads: Callable[[Event, O], Read[O] | None]
    decide: Callable[[Event, O, View], Decision | tuple[Decision, ...]]
    awards: bool = False
    sanctions: bool = False
    steers: bool = False
    outsiders: bool = False
    unheard: bool = False
    deaf: Callable[[str, O], bool] | None = None
    despite: Callable[[O], str | None] | None = None
    spares: Callable[[type, O], bool] | None = None
    weighs: Mapping[type, Unmoved[O]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound(Generic[O]):
    """A workflow with the options that one community gave it. `name` tells several of one workflow apart."""

    workflow: Workflow[O]
    options: O

    @property
    def name(self) -> str:
        return self.workflow.name


class Phrasebook(Protocol):
    """The assistant's own sentences, by key and language."""

    def say(self, key: str, language: str, values: Mapping[str, object]) -> Words:
        """The sentence of `key` with `${...}` filled in. Every key exists in every language; others raise KeyError."""
        ...


class Keys:
    """The phrasebook of a group that was given none: it says the keys themselves."""

    def say(self, key: str, language: str, values: Mapping[str, object]) -> Words:
        return (key,)


def everything(data: str) -> bool:
    """The buttons of a group that lives nowhere have room for all."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group as the engine needs it: its key, its clock, its languages, its staff and what it runs, in order.

    `platforms` are those on which it is served; without any, effects are decided and go nowhere. `said_on` are those on
    which it hears what nobody asked for (reminders, digests), all of them where left empty, and `topic` the part of a
    chat that has parts where it hears that and whatever else answers nobody; `numbered` those that have
    no buttons, so that choices are answered by number, or by labels, which begin with one of `letters`; `unbarred`
    those where any member may bring back whoever was put out, so that a ban keeps nobody out. `desk` is the key of the
    group where its admins are told things; empty where they are told in private. `desks` are the platforms on which
    they can be told; it need not live there. `report` is what they are told of what is done by itself.
    `secret` makes codes that nobody can guess; there is none where nothing is sent. `fits` says whether a button has
    room for what it stands for, on every platform that has buttons. In the `quiet` hours nobody is reminded.
    """

    key: str
    community: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    languages: tuple[str, ...] = ("zh", "en")
    staff: frozenset[Account] = frozenset()
    moderators: frozenset[Account] = frozenset()
    owners: frozenset[Account] = frozenset()
    runs: tuple[Bound[Any], ...] = ()
    platforms: tuple[str, ...] = ()
    said_on: tuple[str, ...] = ()
    topic: str = ""
    numbered: tuple[str, ...] = ()
    unbarred: tuple[str, ...] = ()
    letters: frozenset[str] = frozenset()
    desk: str = ""
    desks: tuple[str, ...] = ()
    report: Literal["all", "sanctions", "none"] = "sanctions"
    texts: Phrasebook = field(default_factory=Keys)
    secret: bytes = field(default=b"", repr=False)
    fits: Callable[[str], bool] = field(default=everything, repr=False)
    quiet: Hours | None = None
    bound: Mapping[str, Bound[Any]] = field(init=False, repr=False, compare=False)
    """What it runs, by name."""
    _options: Mapping[type, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bound", {one.name: one for one in reversed(self.runs)})
        object.__setattr__(self, "_options", {type(one.options): one.options for one in reversed(self.runs)})

    def options(self, kind: type[T]) -> T | None:
        """The options of this type that it runs with; None where it does not run the workflow that they are for."""
        found: T | None = self._options.get(kind)
        return found

    def language_of(self, member: Member | None) -> str:
        """The language to speak with somebody: theirs if the group speaks it, else the group's first."""
        return self.spoken(member.language if member is not None else None)

    def spoken(self, language: str | None) -> str:
        """The language to speak with somebody of a language, such as "zh-hans": it if the group speaks it."""
        if language:
            spoken = language.split("-")[0].lower()
            if spoken in self.languages:
                return spoken
        return self.languages[0]

    def called(self, language: str) -> str:
        """What its members call it in a language: its community's name there, or else its key."""
        community = self.community
        return (community.in_(language) if isinstance(community, Named) else community) or self.key

    def local(self, at: datetime) -> datetime:
        """The instant on the group's wall clock."""
        return at.astimezone(self.zone)

    def moment(self, at: datetime, now: datetime | None = None) -> str:
        """The instant on the group's wall clock, as people are told it: `03-05 21:00`; with its year where that is
        another than the one of `now`."""
        local = at.astimezone(self.zone)
        if now is not None and now.astimezone(self.zone).year != local.year:
            return f"{local:%Y-%m-%d %H:%M}"
        return f"{local:%m-%d %H:%M}"

    def day(self, at: datetime, starts: time = time()) -> date:
        """The group's local day of an instant, for days that begin at `starts` (04:00 makes 03:59 yesterday)."""
        day = at.astimezone(self.zone).date()
        if starts == _MIDNIGHT:
            return day
        return day - timedelta(days=at < self.instant(day, starts))

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant of a wall-clock time on a local day.

        A time that spring skips is read as if the clocks had not changed yet (02:30 is 03:30); of a time
        that autumn repeats, the first run is meant.
        """
        return _instant(self.zone, day, clock)


@lru_cache(maxsize=1024)
def _instant(zone: ZoneInfo, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
