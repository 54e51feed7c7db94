"""One member's book in one challenge: who, when, by which rules, what stands in it, and how to speak about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from core import state
from core.decision import Decision, Put
from core.effects import Mention, Say, Words, in_lines
from core.events import Event
from core.people import Account, Actor, Member
from core.quick import maker, quick, renewed
from core.state import Entry, Key
from core.workflow import Group, View
from workflows.check_in_hours import day_end
from workflows.check_in_options import Challenge
from workflows.facts import STREAKS, shown_name
from workflows.streaks import Calendar, Run, Streak, Streaks, holds_until

_mention: Final = maker(Mention)
_say: Final = maker(Say)
_put: Final = maker(Put)
_streaks: Final = maker(Streaks)
_streak: Final = maker(Streak)

_NONE: Final = Streaks()


@lru_cache(maxsize=256)
def _unbegun(rules: str) -> Streak:
    """The record of those who never checked in."""
    return Streak(rules=rules)


@lru_cache(maxsize=64)
def dated(day: date) -> str:
    """`2026-03-02`. Nearly all check-ins are for one of a few days."""
    return day.isoformat()


def days_kind(challenge: str) -> str:
    """The ledger's kind for checked-in days: +1 on a day, -1 when it is taken back."""
    return f"check_in:{challenge}"


def excused_kind(challenge: str) -> str:
    """The ledger's kind for excused days: leave, and days given by an admin."""
    return f"excused:{challenge}"


def cards_kind(challenge: str) -> str:
    """The ledger's kind for make-up cards: granted +n, spent -1."""
    return f"card:{challenge}"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One member, one challenge, one instant. `today` is the challenge's local day of it, `language` the member's.

    `rule` is the kind of its days, under which they are paid, too. `streak` is the record, counted on by today's rules
    from here on.
    """

    event: Event
    at: datetime
    id: str
    rule: str
    challenge: Challenge
    calendar: Calendar
    group: Group
    actor: Actor
    account: Account
    member: Member | None
    streaks: Streaks
    streak: Streak
    today: date
    language: str

    def day(self, at: datetime) -> date:
        return self.group.day(at, self.challenge.day_start)

    @property
    def name(self) -> str:
        return name_of(self.id, self.challenge, self.language)

    def say(self, key: str, **values: object) -> Words:
        """One of our own sentences to the member, with the challenge's name and theirs at hand."""
        return self.tell(key, {"name": self.name, "challenge": self.id, **values})

    def tell(self, key: str, values: Mapping[str, object], language: str | None = None) -> Words:
        """The same with values that have the challenge's name among them."""
        shown = shown_name(self.member if self.member is not None else self.actor)
        who = {"name": shown, "mention": _mention(account=self.account, name=shown)}
        told = {"check_in": values, "member": who}
        return self.group.texts.say(f"check_in.{key}", language or self.language, told)

    def say_to_admins(self, key: str, **values: object) -> Words:
        """The same to those who steer the group, in the group's first language whoever it is about."""
        language = self.group.languages[0]
        name = name_of(self.id, self.challenge, language)
        return self.tell(key, {"name": name, "challenge": self.id, **values}, language)

    def answer(self, *lines: Words) -> tuple[Say, ...]:
        """A message to the member where they spoke, its lines one below the other."""
        event = self.event
        return (
            _say(
                words=lines[0] if len(lines) == 1 else in_lines(lines),
                to=self.account if getattr(event, "private", False) else None,
                reply_to=getattr(event, "message", None),
                topic=getattr(event, "topic", None),
            ),
        )

    def refuse(self, key: str, because: str, **values: object) -> Decision:
        """Nothing is written; the member hears why."""
        return Decision(effects=self.answer(self.say(key, **values)), because=(because,), rule=self.id)

    def put(self, streak: Streak) -> Put:
        """The record, as it is `kept`."""
        return self.put_kept(self.kept(streak, streak.run, streak.bonuses))

    def put_kept(self, streak: Streak) -> Put:
        """The record of a streak that is `kept` already."""
        return _put(STREAKS.of(self.account), _streaks(of={**self.streaks.of, self.id: streak}))

    def kept(
        self,
        streak: Streak,
        run: Run | None,
        bonuses: dict[str, date],
        *,
        reached: datetime | None = None,
        message: str | None = None,
        zone: str | None = None,
    ) -> Streak:
        """The streak with this run and these bonuses, and what else has changed (None: nothing), leave days dropped
        that cannot matter any more."""
        excused, until = streak.excused, None
        if excused:
            month = self.today.replace(day=1)
            excused = tuple(sorted({d for d in excused if d >= month or run is None or d > run.last}))
        if run is not None:
            until = day_end(self.group, self.challenge, holds_until(self.calendar, run, excused))
        return _streak(
            run=run,
            until=until,
            excused=excused,
            rules=streak.rules,
            base=streak.base,
            zone=streak.zone if zone is None else zone,
            bonuses=bonuses,
            made_up=streak.made_up,
            revision=streak.revision,
            message=streak.message if message is None else message,
            reached=streak.reached if reached is None else reached,
            joined=streak.joined,
            finished=streak.finished,
        )


_book: Final = maker(Book)


def open_book(event: Event, id_: str, challenge: Challenge, view: View, actor: Actor) -> Book:
    """The book of the event's own actor. `reads` must have named STREAKS for them."""
    return book_of(event, id_, challenge, view.group, actor, view.actor(), view.get(STREAKS.of(actor.account)))


def book_of(
    event: Event,
    id_: str,
    challenge: Challenge,
    group: Group,
    actor: Actor,
    member: Member | None,
    streaks: Streaks | None,
) -> Book:
    """The book of anybody, with the record of all their challenges. No `member` is somebody who is none."""
    streaks, rules = streaks or _NONE, challenge.calendar.rules
    streak = streaks.of.get(id_) or _unbegun(rules)
    if streak.rules != rules:
        streak = renewed(streak, rules=rules, base=streak.run)
    return _book(
        event=event,
        at=event.at,
        id=id_,
        rule=days_kind(id_),
        challenge=challenge,
        calendar=challenge.calendar,
        group=group,
        actor=actor,
        account=actor.account,
        member=member,
        streaks=streaks,
        streak=streak,
        today=group.day(event.at, challenge.day_start),
        language=group.language_of(member),
    )


def name_of(id_: str, challenge: Challenge, language: str) -> str:
    """The challenge's name in a language."""
    return challenge.name.in_(language) if challenge.name is not None else id_


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The days that the ledger holds of a member in a challenge."""

    days: frozenset[date]
    excused: frozenset[date]

    @classmethod
    def of(cls, days: Iterable[Entry], excused: Iterable[Entry]) -> Log:
        """The days whose facts sum to more than zero."""
        return cls(days=_standing(days), excused=_standing(excused))


def log_keys(challenge: str, account: Account) -> tuple[Key[tuple[Entry, ...]], Key[tuple[Entry, ...]]]:
    """The state to read for a log: its days, its excused days."""
    return state.entries(days_kind(challenge), account), state.entries(excused_kind(challenge), account)


def _standing(entries: Iterable[Entry]) -> frozenset[date]:
    sums: dict[date, int] = {}
    for entry in entries:
        if entry.about is not None:
            sums[entry.about] = sums.get(entry.about, 0) + entry.amount
    return frozenset(day for day, amount in sums.items() if amount > 0)
