"""A word to those who have fallen silent: once for each silence, a few a week, and to nobody who said no.

It remembers of each member the last day on which they wrote, from when it was switched on. So who was silent before
that is not spoken to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from core.decision import NOTHING, Decision, Put, SetTimer
from core.effects import Mention, Say
from core.events import Event, Instructed, MessagePosted, TimerDue
from core.occurrences import awake
from core.people import ActorKind, Member
from core.state import Key, Slot, timers
from core.workflow import Group, View, Workflow
from workflows.alarms import A_MOMENT, ARM, strayed
from workflows.facts import shown_name
from workflows.happened import Grouped
from workflows.quiet_wishes import QUIET, unwilling
from workflows.reach import SHUT, shut
from workflows.reactivation_options import DAY, Reactivate

STALE: Final = timedelta(hours=2)
WEEK: Final = 7
NAME: Final = "reactivation"
TIMER: Final = "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The last day on which a member wrote, and the day on which they were spoken to since."""

    day: date
    spoken: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """When it is looked after the silent next."""

    due: datetime


HEARD: Final = Slot("reactivation.heard", Heard)
ROUNDS: Final = Slot("reactivation.rounds", Rounds)


def reads(event: Event, options: Reactivate) -> Iterable[Key[Any]] | None:
    if isinstance(event, TimerDue):
        return (HEARD.of_all(), QUIET.of_all(), SHUT.of_all())
    if isinstance(event, Instructed):
        return (ROUNDS.of_group(), timers(NAME)) if event.verb == ARM else None
    assert isinstance(event, MessagePosted)
    if event.actor.kind is not ActorKind.PERSON:
        return None
    return (HEARD.of(event.actor.account), ROUNDS.of_group())


def decide(event: Event, options: Reactivate, view: View) -> Decision:
    if isinstance(event, TimerDue):
        return _rounds(event, options, view)
    if isinstance(event, Instructed):
        return _rearmed(event, options, view)
    assert isinstance(event, MessagePosted)
    return _heard(event, options, view)


def _heard(event: MessagePosted, options: Reactivate, view: View) -> Decision:
    key, today = HEARD.of(event.actor.account), view.group.day(event.at)
    kept, rounds = view.get(key), view.get(ROUNDS.of_group())
    stands = rounds is not None and rounds.due > event.at - DAY
    if kept is not None and kept.day >= today and stands:
        return NOTHING
    changes: list[Put] = []
    rung: tuple[SetTimer, ...] = ()
    if kept is None or kept.day < today:
        changes.append(Put(key, Heard(day=today)))
    if not stands:
        then = _next(options, view.group, event.at)
        changes.append(Put(ROUNDS.of_group(), Rounds(due=then)))
        rung = (SetTimer(key=TIMER, at=then),)
    return Decision(changes=tuple(changes), timers=rung, because=("noted the day of the message",))


def _rearmed(event: Instructed, options: Reactivate, view: View) -> Decision:
    """A round that is gone, because an operator cancelled it or because of a crash, is left out; the next one comes. So
    it does, at its time, where the options or a move of the group have moved it."""
    rounds = view.get(ROUNDS.of_group())
    if rounds is None:
        return NOTHING
    first = _next(options, view.group, event.at)
    anew = strayed(event, rounds.due, first)
    as_written = not anew and _next(options, view.group, rounds.due - A_MOMENT) == rounds.due
    if TIMER in view.get(timers(NAME)) and not anew and (as_written or rounds.due <= event.at):
        return NOTHING
    then = _next(options, view.group, max(event.at, rounds.due)) if as_written else first
    put, timer = Put(ROUNDS.of_group(), Rounds(due=then)), SetTimer(key=TIMER, at=then)
    return Decision(changes=(put,), timers=(timer,), because=("the time of the round was set",))


def _rounds(event: TimerDue, options: Reactivate, view: View) -> Decision:
    group, then = view.group, _next(options, view.group, event.at)
    going = (Put(ROUNDS.of_group(), Rounds(due=then)),)
    again = (SetTimer(key=TIMER, at=then),)
    if event.at > event.due + STALE:
        return Decision(changes=going, timers=again, because=("it is too late to speak to the silent today",))
    chosen = _silent(options, view, group.day(event.due))
    if not chosen:
        return Decision(changes=going, timers=again, because=("nobody silent is to be spoken to",))
    today = group.day(event.due)
    marks = tuple(Put(HEARD.of(member.account), Heard(day=kept.day, spoken=today)) for member, kept in chosen)
    effects = _words(options, group, [member for member, _ in chosen], event.due + STALE)
    because = f"spoke to {len(chosen)} who have been silent"
    return Decision(changes=(*going, *marks), effects=effects, timers=again, because=(because,))


def _silent(options: Reactivate, view: View, today: date) -> list[tuple[Member, Heard]]:
    """Whom to speak to: the shortest silence first, as many as the week leaves room for, and in private only those who
    can be spoken to so."""
    everybody, no = view.get(HEARD.of_all()), unwilling(view.get(QUIET.of_all()))
    if options.where == "private":
        no |= shut(view.get(SHUT.of_all()), today)
    lately = sum(kept.spoken is not None and (today - kept.spoken).days < WEEK for _, kept in everybody)
    found = [
        (member, kept)
        for member, kept in everybody
        if kept.spoken is None
        and options.after <= today - kept.day <= options.until
        and member.person not in no
        and member.kind is ActorKind.PERSON
        and not member.staff
    ]
    found.sort(key=lambda row: (today - row[1].day, row[0].person))
    return found[: max(0, options.a_week - lately)]


def _words(options: Reactivate, group: Group, members: list[Member], expires: datetime) -> tuple[Say, ...]:
    spoken = {"group": Grouped(group), "quiet": {"private": options.where != "group"}}

    def said(language: str) -> list[str | Mention]:
        own = options.text
        return list(own.say(language, spoken) if own is not None else group.texts.say("quiet.silent", language, spoken))

    if options.where == "group":
        named = [part for m in members for part in (" ", Mention(account=m.account, name=shown_name(m)))]
        return (Say(words=(*said(group.languages[0]), *named), quiet=True, urgency="bulk", expires=expires),)
    return tuple(
        Say(
            words=tuple(said(group.language_of(member))),
            to=member.account,
            quiet=True,
            urgency="bulk",
            expires=expires,
            confidential=True,
        )
        for member in members
    )


def _next(options: Reactivate, group: Group, at: datetime) -> datetime:
    """The first time to look after an instant, outside the quiet hours."""
    day = group.day(at)
    looks = (awake(group.instant(day + n * DAY, options.at), group.quiet, group.zone) for n in (-1, 0, 1))
    return next(then for then in looks if then > at)


workflow = Workflow(NAME, Reactivate, frozenset((MessagePosted, TimerDue, Instructed)), reads, decide)
