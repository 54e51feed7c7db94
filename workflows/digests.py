"""Digests by the clock: each is a timer that asks for the work when it rings, and sets itself again.

What a digest tells is read from the books and takes longer than a decision may: the decision asks for a task, once for
each local day that the digest is told on. Of those that were missed only the newest is told, and none that is late by
more than half its period. While the group is paused none but its admins are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from core.decision import NOTHING, Change, Decision, DropTimer, Put, SetTimer, Task
from core.effects import Say
from core.events import BotStanding, Event, Instructed, MessagePosted, TimerDue
from core.occurrences import between, first_after, newest
from core.pausing import PAUSED, lasts
from core.people import ActorKind
from core.state import Key, Slot, timers
from core.workflow import View, Workflow
from workflows.alarms import A_MOMENT, ARM, amiss
from workflows.digest_options import ADMINS, Digests
from workflows.digest_wishes import INITIALS, WISHES, Wishes, wish_in
from workflows.happened import Grouped

NAME: Final = "digests"
TASK: Final = "digest"
"""The kind of the tasks that are asked for; a key is `weekly:2026-03-29`, the id and the local day it is told on."""
LATEST: Final = {"day": timedelta(hours=12), "week": timedelta(days=3, hours=12), "month": timedelta(days=15)}
"""Half a period: a digest that is later is not told any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When the timers of a group's digests are due, and for which local day each was told last."""

    due: dict[str, datetime] = field(default_factory=dict)
    last: dict[str, date] = field(default_factory=dict)


TOLD: Final = Slot("digests.told", Told)


def reads(event: Event, options: Digests) -> Iterable[Key[Any]] | None:
    if isinstance(event, MessagePosted):
        return (WISHES.of(event.actor.account),) if wish_in(event.text) is not None else None
    if isinstance(event, TimerDue):
        return (TOLD.of_group(), PAUSED.of_group())
    if isinstance(event, Instructed) and event.verb != ARM:
        return None
    return (TOLD.of_group(), timers(NAME))


def decide(event: Event, options: Digests, view: View) -> Decision:
    if isinstance(event, MessagePosted):
        return _wished(event, options, view)
    told = view.get(TOLD.of_group()) or Told()
    if isinstance(event, TimerDue):
        return _rung(event, options, view, told)
    return _armed(event, options, view, told)


def _armed(event: Event, options: Digests, view: View, told: Told) -> Decision:
    """Set the timers that do not stand as the options say, and drop those of digests that are no more."""
    group = view.group
    wanted = {id_: digest.at for id_, digest in options.items() if digest.tells(group)}
    new = amiss(wanted, told.due, view.get(timers(NAME)), group.zone, event)
    dropped = tuple(DropTimer(id_) for id_ in told.due if id_ not in wanted)
    if not new and not dropped:
        return NOTHING
    due = {**{id_: at for id_, at in told.due.items() if id_ in wanted}, **new}
    return Decision(
        changes=(Put(TOLD.of_group(), Told(due=due, last=told.last)),),
        timers=(*dropped, *(SetTimer(key=id_, at=at) for id_, at in new.items())),
        because=("the digests' times were set",),
    )


def _rung(event: TimerDue, options: Digests, view: View, told: Told) -> Decision:
    id_, group = event.key, view.group
    due, last = dict(told.due), dict(told.last)
    due.pop(id_, None)
    if id_ not in options or not options[id_].tells(group):
        last.pop(id_, None)
        return Decision(
            changes=(Put(TOLD.of_group(), Told(due=due, last=last)),), because=("there is no such digest any more",)
        )
    digest = options[id_]
    changes: list[Change] = []
    occurred = newest(digest.at, group.zone, event.due - A_MOMENT, event.at)
    if occurred is None:
        because = ["the digest's time was changed"]
    elif id_ in last and occurred.day <= last[id_]:
        because = [f"the digest of {occurred.day} was told already"]
    else:
        missed = sum(1 for _ in between(digest.at, group.zone, event.due - A_MOMENT, occurred.at)) - 1
        late = event.at - occurred.at
        paused = lasts(view.get(PAUSED.of_group()), event.at)
        last[id_] = occurred.day
        because = [f"{missed} digests were missed; only the newest is told"] if missed else []
        if late > LATEST[digest.span]:
            because.append(f"late by {_hours(late)} hours, more than half its period: not told")
        elif paused and ADMINS not in digest.to:
            because.append("the group is paused: not told")
        else:
            expires = occurred.at + LATEST[digest.span]
            data = {"digest": id_, "day": occurred.day.isoformat(), **({"paused": True} if paused else {})}
            changes.append(Task(kind=TASK, key=f"{id_}:{occurred.day}", expires=expires, data=data))
            because.append(f"it is time for the digest of {occurred.day}")
    then = first_after(digest.at, group.zone, event.at).at
    due[id_] = then
    return Decision(
        changes=(*changes, Put(TOLD.of_group(), Told(due=due, last=last))),
        timers=(SetTimer(key=id_, at=then),),
        because=tuple(because),
        rule=id_,
    )


def _hours(late: timedelta) -> int:
    return int(late.total_seconds() // 3600)


def _wished(event: MessagePosted, options: Digests, view: View) -> Decision:
    """A member says what they wish of digests; the answer says what holds now."""
    if event.actor.kind is not ActorKind.PERSON:
        return NOTHING
    key = WISHES.of(event.actor.account)
    wishes = view.get(key) or Wishes()
    match wish_in(event.text):
        case "on":
            wishes = Wishes(named=wishes.named, subscribed=options.open_to_members)
            said = "subscribed" if options.open_to_members else "not_offered"
        case "off":
            wishes, said = Wishes(named=wishes.named), "unsubscribed"
        case "hide":
            wishes, said = Wishes(named=False, subscribed=wishes.subscribed), "hidden"
        case _:
            wishes, said = Wishes(subscribed=wishes.subscribed), "shown"
    member, group = view.actor(), view.group
    words = group.texts.say(f"digests.{said}", group.language_of(member), {"group": Grouped(group)})
    answer = Say(
        words=words,
        to=member.account if event.private else None,
        reply_to=None if event.private else event.message,
        topic=None if event.private else event.topic,
        urgency="now",
    )
    return Decision(changes=(Put(key, wishes),), effects=(answer,), because=("said what they wish of digests",))


workflow = Workflow(
    NAME,
    Digests,
    frozenset((TimerDue, Instructed, BotStanding, MessagePosted)),
    reads,
    decide,
    deaf=lambda opening, options: opening[:1] not in {word[:1] for word in INITIALS},
)
