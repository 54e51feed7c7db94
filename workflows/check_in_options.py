"""What operators write under `check_ins:`: challenges by id, each with its words, days, proof, points and reminders."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BeforeValidator, ConfigDict, Field, RootModel, field_validator, model_validator

from core.events import MessageEdited, MessageKind, MessagePosted, spoken
from core.quick import renewed
from workflows.check_in_names import behind_ones_name
from workflows.check_in_saying_options import Danger, Gather, Remind
from workflows.check_in_words import SPOKEN, Ask, Lexicon, without_signs
from workflows.commands import SLASHES
from workflows.options import Clock, OneOrMany, Options, Span, Weekdays, Window, clock, differ, one_word
from workflows.speaking import Speaks
from workflows.streaks import DAY, Calendar
from workflows.texts import LocalName, Text

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
_LONGEST_KEYWORD: Final = 30


def _keyword(written: object) -> object:
    """A phrase may hold a comma. What is too long for one with its commas is many words that YAML took for one."""
    return one_word(written) if isinstance(written, str) and len(written) > _LONGEST_KEYWORD else written


Keyword = Annotated[str, Field(min_length=1, max_length=_LONGEST_KEYWORD), BeforeValidator(_keyword)]
Keywords = Annotated[OneOrMany[Keyword], Field(min_length=1)]
Amount = Annotated[int, Field(ge=0, le=100_000)]
Sentence = Annotated[Text, Speaks("member", "check_in", "group")]
Ringing = Literal["remind", "danger", "broken", "summary"]
"""What a challenge says by itself, each with a timer of its own."""
Media = Literal["photo", "video", "voice", "audio", "file", "location"]


def _day(written: object) -> date:
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise ValueError(f'"{str(written)[:40]}" is not a date; write one like 2026-03-02') from None


Date = Annotated[date, BeforeValidator(_day)]


class Proof(Options):
    """What a check-in must show besides the keyword. Either of the two is enough."""

    min_chars: int | None = Field(
        None, ge=1, le=2000, description="so many letters, digits or Han characters after the keyword"
    )
    or_: OneOrMany[Media] = Field(
        (), alias="or", description="kinds of media that prove a check-in as well as text does"
    )
    pair_within: Span = Field(
        timedelta(minutes=10), description="keyword and media in two messages belong together this long"
    )
    remind_after: Span = Field(
        timedelta(minutes=2), description="how long after a bare keyword the member is gently told what is missing"
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.min_chars is None and not self.or_:
            raise ValueError("proof asks for nothing; write min_chars, or, or leave proof out")
        if self.pair_within < timedelta(seconds=10) or self.pair_within > timedelta(hours=12):
            raise ValueError('pair_within is between "10s" and "12h"')
        return self


class Freezes(Options):
    """Missed days that do not break a streak."""

    per_month: int = Field(
        ge=0, le=31, description="the first so many days missed in a calendar month are frozen, by themselves"
    )


class StreakRules(Options):
    """Days in a row."""

    bonus: dict[Annotated[int, Field(ge=1, le=10_000)], Amount] = Field(
        default_factory=dict, description="extra points when a streak reaches a length, for example {7: 10, 30: 50}"
    )
    freezes: Freezes = Field(Freezes(per_month=0), description="missed days that do not break a streak")
    say_broken: bool = Field(False, description="at the end of the day, name those who lost a streak")
    danger: Danger | None = Field(None, description="a notice to those whose streak is about to end; left out: none")
    worth_saying: int = Field(3, ge=1, description="with say_broken and danger: of shorter streaks nothing is said")


class Late(Options):
    """Making up a missed day."""

    keyword: Keywords = Field(("补卡", "late checkin"), description="words that make up a day; a date may follow")
    within: Span = Field(timedelta(days=2), description="how many whole days back")
    points: Amount = Field(0, description="points for a day made up")
    cards: int | None = Field(
        None, ge=0, le=31, description="make-ups a month; more cost a card from an admin. Left out: no limit"
    )

    @model_validator(mode="after")
    def _whole_days(self) -> Self:
        if not 1 <= self.within.days <= 31 or self.within % DAY:
            raise ValueError('within is in whole days, from "1d" to "31d"')
        return self


class Leave(Options):
    """Announcing days off. They pause a streak."""

    keyword: Keywords = Field(
        ("请假", "take leave"), description="words that ask for leave; dates or a number of days may follow"
    )
    cancel: Keywords = Field(("销假", "取消请假", "end leave", "cancel leave"), description="words that end a leave")
    max_days_ahead: int = Field(14, ge=0, le=366, description="the furthest day that can be asked for; 0 is today only")
    per_month: int = Field(5, ge=1, le=31, description="leave days in one calendar month at most")


class Join(Options):
    """Signing up before the first check-in."""

    keyword: Keywords = Field(("报名", "join"), description="words that sign up")
    required: bool = Field(False, description="whether only those who signed up may check in")
    until: Date | None = Field(None, description="the last day to sign up; left out: any time")


class Finish(Options):
    """What finishing a challenge with an end means."""

    days: int | None = Field(
        None, ge=1, description="so many check-ins finish it; left out: every day that is asked for"
    )
    points: Amount = Field(0, description="points for finishing")
    tag: str | None = Field(None, description="a tag for those who finish")
    reply: Sentence | None = Field(None, description="said to whoever finishes; a shipped text when left out")
    summary: bool = Field(True, description="when it is over, tell the group how many took part and who finished")


class Board(Options):
    """The leaderboard."""

    keyword: Keywords = Field(("排行", "排行榜", "top"), description="messages that are just this ask for it")
    by: Literal["check_ins", "streak"] = Field("check_ins", description="check-ins, or the running streak")
    over: Span | None = Field(None, description="with by: check_ins, those of the last days, like 30d; left out: all")
    size: int = Field(10, ge=1, le=50, description="how many lines")

    @field_validator("over", mode="after")
    @classmethod
    def _a_day(cls, over: timedelta | None) -> timedelta | None:
        if over is not None and over < DAY:
            raise ValueError('`over` is at least a day, like "30d"')
        return over


class Challenge(Options):
    """One thing to check in to."""

    name: LocalName | None = Field(None, description="what members see; the id when left out")
    keywords: Keywords = Field(
        ("打卡", "签到"), description="words that check in at the start of a message; /checkin always does"
    )
    by_name: bool = Field(
        False, description="hear members' own names before its words, too; then each message of the group is looked at"
    )
    window: Window | None = Field(None, description="when check-ins count, both minutes included; left out: all day")
    days: Weekdays = Field(frozenset(range(7)), description="the days asked for; the others are rest days")
    day_start: Clock = Field(clock("00:00"), description="when a day begins: with 04:00, 03:59 is still yesterday")
    starts: Date | None = Field(None, description="the first day of the challenge, like 2026-03-01")
    ends: Date | None = Field(None, description="the last day of the challenge")
    length: Span | None = Field(None, description='instead of `ends`: how many days it lasts, like "21d"')
    proof: Proof | None = Field(None, description="what a check-in must show besides the keyword")
    points: Amount = Field(0, description="points for a check-in")
    streak: StreakRules = Field(StreakRules(), description="bonuses and freezes")
    late: Late | None = Field(None, description="making up missed days; left out: not possible")
    leave: Leave | None = Field(None, description="announcing days off; left out: not possible")
    join: Join | None = Field(None, description="signing up; left out: the first check-in signs up")
    finish: Finish | None = Field(None, description="what finishing means, for a challenge with an end")
    board: Board | None = Field(Board(), description="the leaderboard; null for none")
    staff_on_board: bool = Field(False, description="whether staff stand on the leaderboard and can be finishers")
    status: Keywords = Field(
        ("我的打卡", "streak"), description="messages that are just this ask for one's own standing"
    )
    remind: Remind | None = Field(None, description="a reminder on days that ask for a check-in")
    on_delete: Literal["keep", "withdraw"] = Field(
        "keep", description="what becomes of today's check-in when its message is deleted"
    )
    reply: Sentence | None = Field(None, description="said after a check-in; a shipped text when left out")
    react: str | None = Field(
        None, min_length=1, max_length=32, description="an emoji on the message, in place of the reply"
    )
    gather: Gather | None = Field(
        None, description="check-ins and make-ups are answered together, in one message; left out: each by itself"
    )

    @model_validator(mode="after")
    def _answers_make_sense(self) -> Self:
        if self.gather is not None and self.reply is not None:
            raise ValueError("`gather` answers in one message, so `reply` would never be said; keep one of the two")
        return self

    @model_validator(mode="after")
    def _days_make_sense(self) -> Self:
        if self.ends is not None and self.length is not None:
            raise ValueError("`ends` and `length` say the same thing twice; keep one")
        if self.length is not None:
            if self.starts is None:
                raise ValueError("`length` needs `starts`, the first day")
            if self.length % DAY or self.length < DAY:
                raise ValueError('length is in whole days, like "21d"')
        if self.starts is not None and self.ends is not None and self.ends < self.starts:
            raise ValueError(f"the challenge ends ({self.ends}) before it starts ({self.starts})")
        if self.calendar.length() == 0:
            raise ValueError("none of `days` lies between the start and the end, so nobody could ever check in")
        if self.finish is not None and self.calendar.last is None:
            raise ValueError("`finish` needs an end: write `starts` and `length`, or `ends`")
        most = self.calendar.length()
        if self.finish is not None and self.finish.days and most is not None and self.finish.days > most:
            raise ValueError(f"finishing takes {self.finish.days} check-ins, but only {most} days are asked for")
        return self

    def _words_differ(self) -> None:
        """Refuse a word of two options, at the later one of those that are written."""
        differ(
            (
                (("keywords",), self.keywords),
                (("late", "keyword"), self.late.keyword if self.late else ()),
                (("leave", "keyword"), self.leave.keyword if self.leave else ()),
                (("leave", "cancel"), self.leave.cancel if self.leave else ()),
                (("join", "keyword"), self.join.keyword if self.join else ()),
                (("board", "keyword"), self.board.keyword if self.board else ()),
                (("status",), self.status),
            ),
            self._written,
        )

    def _written(self, path: tuple[str, ...]) -> bool:
        """Whether the words of an option stand in the file, and are not those that are shipped."""
        inside = getattr(self, path[0])
        return path[0] in self.model_fields_set and (len(path) == 1 or path[1] in inside.model_fields_set)

    @model_validator(mode="after")
    def _hours_make_sense(self) -> Self:
        window, start = self.window, self.day_start
        if window is not None and window.start != start and window.holds(start):
            raise ValueError(f"a new day starts at {start:%H:%M}, within the window {window}; move day_start out of it")
        if self.remind is not None and window is not None and not self._before_end(self.remind.at):
            raise ValueError(f"the reminder at {self.remind.at:%H:%M} comes after the window {window} has closed")
        danger = self.streak.danger
        if danger is not None and window is not None and not self._before_end(danger.at):
            raise ValueError(f"the notice at {danger.at:%H:%M} comes after the window {window} has closed")
        self._words_differ()
        return self

    def _before_end(self, at: Any) -> bool:
        assert self.window is not None
        return self.minute(at) <= self.minute(self.window.end)

    def minute(self, at: Any) -> int:
        """How many minutes of the challenge's day have passed at a clock time."""
        return int((at.hour - self.day_start.hour) * 60 + at.minute - self.day_start.minute) % 1440

    @cached_property
    def calendar(self) -> Calendar:
        """The days that are asked for."""
        last = self.ends
        if self.starts is not None and self.length is not None:
            last = self.starts + self.length - DAY
        return Calendar(weekdays=self.days, first=self.starts, last=last, freezes=self.streak.freezes.per_month)

    @cached_property
    def joined_until(self) -> date:
        """The last day to sign up, where members do."""
        until = self.join.until if self.join is not None else None
        return min(day for day in (until, self.calendar.last, date.max) if day is not None)

    @cached_property
    def needed(self) -> int | None:
        """How many check-ins finish the challenge; None if it cannot be finished."""
        if self.finish is None:
            return None
        return self.finish.days or self.calendar.length() or None

    @cached_property
    def rings(self) -> tuple[Ringing, ...]:
        """What it says by itself."""
        said: dict[Ringing, bool] = {
            "remind": self.remind is not None,
            "danger": self.streak.danger is not None,
            "broken": self.streak.say_broken,
            "summary": self.calendar.last is not None and self.finish is not None and self.finish.summary,
        }
        return tuple(kind for kind, wanted in said.items() if wanted)

    @cached_property
    def speaks_of(self) -> frozenset[str]:
        """What its texts want to know of the member."""
        texts = (self.reply, self.finish.reply if self.finish is not None else None)
        asked = {name for text in texts if text is not None for name in text.names}
        return frozenset(name for name in asked if name.startswith("member."))


@dataclass(frozen=True, slots=True, eq=False)
class Bells:
    """The challenges that say something by themselves, with their ids. There are one group's, so they equal themselves
    alone."""

    of: tuple[tuple[str, Challenge], ...]


class CheckIns(RootModel[dict[Id, Challenge]]):
    """The challenges of a group, by id. An id is for ever: the ledger holds it, and a new season takes a new id."""

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, id_: str) -> Challenge:
        return self.root[id_]

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.root)

    def items(self) -> ItemsView[str, Challenge]:
        """Id and challenge."""
        return self.root.items()

    @cached_property
    def lexicon(self) -> Lexicon:
        """Which words mean what. Built once; a message without such a word is turned away by its first letters."""
        lexicon = Lexicon()
        for id_, challenge in self.root.items():
            lexicon.learn("check_in", id_, (*challenge.keywords, "checkin"))
            lexicon.learn("status", id_, challenge.status)
            if challenge.late is not None:
                lexicon.learn("late", id_, challenge.late.keyword)
            if challenge.leave is not None:
                lexicon.learn("leave", id_, challenge.leave.keyword)
                lexicon.learn("back", id_, challenge.leave.cancel)
            if challenge.join is not None:
                lexicon.learn("join", id_, challenge.join.keyword)
            if challenge.board is not None:
                lexicon.learn("board", id_, challenge.board.keyword)
        lexicon.learn_slips({id_: (*challenge.keywords, "checkin") for id_, challenge in self.root.items()})
        return lexicon

    def heard(self, event: MessagePosted | MessageEdited) -> tuple[Ask, ...]:
        """What a message asks for, also behind its author's name where a challenge is asked for `by_name`."""
        text = spoken(event)
        asks = self.lexicon.heard(text)
        if asks or not self.by_name or not (rest := behind_ones_name(text, event.actor.name)):
            return asks
        named = [ask for ask in self.lexicon.heard(rest) if ask.what in SPOKEN and ask.challenge in self.by_name]
        return tuple([renewed(ask, mine=True, heading=False, calls=False) for ask in named])

    def deaf_to(self, opening: str) -> bool:
        """Whether no text of an opening asks for anything. See `Workflow.deaf`."""
        slashed = opening[:1] in SLASHES
        if self.by_name and not slashed:
            return False
        return not self.lexicon.may_ask((without_signs(opening) if slashed else "") or opening)

    @cached_property
    def by_name(self) -> frozenset[str]:
        """The challenges that hear members' own names before their words."""
        return frozenset(id_ for id_, challenge in self.root.items() if challenge.by_name)

    @cached_property
    def ringing(self) -> Bells | None:
        """The challenges that say something by themselves; None where none does."""
        ringing = tuple((id_, challenge) for id_, challenge in self.root.items() if challenge.rings)
        return Bells(ringing) if ringing else None

    @cached_property
    def gathering(self) -> bool:
        """Whether any answer waits for others."""
        return any(challenge.gather is not None for challenge in self.root.values())

    @cached_property
    def heeded(self) -> frozenset[MessageKind]:
        """The kinds of messages that may be of interest without a keyword at their start."""
        return frozenset(get_args(MessageKind)) if self.by_name else self.media

    @cached_property
    def media(self) -> frozenset[MessageKind]:
        """The kinds of media that may prove something; messages of other kinds without text cost nothing."""
        return frozenset(kind for c in self.root.values() if c.proof is not None for kind in c.proof.or_)
