"""Posts by the clock: each is a timer that says its piece when it rings, and sets itself again.

A promotional post that the budget has no room for waits: it is tried again the next day at its time, in the place of
what would have been posted then, and the admins are told once why. What was missed is posted if it is little late, and
otherwise left out: a good morning at noon is none. Nor is anything posted, or used up, while the group is paused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import floor
from typing import Any, Final, Literal

from core.decision import NOTHING, Change, Decision, DropTimer, Put, SetTimer, Task
from core.effects import Effect, Say, TellAdmins, Words, plain
from core.events import BotStanding, Event, Instructed, MessagePosted, TimerDue
from core.occurrences import Weekly, asleep, first_after, newest
from core.pausing import PAUSED, lasts
from core.people import ActorKind
from core.state import Key, Slot, timers
from core.workflow import Group, View, Workflow
from workflows.alarms import A_MOMENT, ARM, amiss
from workflows.content_options import Contents, Post
from workflows.happened import Grouped
from workflows.reasons import in_language

NAME: Final = "content"
_IN_TIME: Final = re.compile(r"it is time for the post of \d")
_OVER: Final = re.compile(r"\d+ promotional posts(?: of \d+ in|, and \d+ messages)")
TASK: Final = NAME
"""The kind of the tasks that fetch a picture; a key is `tea:2026-03-29`."""
LATEST: Final = timedelta(hours=2)
"""A post that is later is left out."""
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a group's content came to.

    `due` are its timers; `last` the local day that each post was posted for; `used` the entries that were used since
    the last round; `promoted` when something advertised in the last seven days; `waiting` are posts over budget whose
    waiting the admins were told of.
    """

    due: dict[str, datetime] = field(default_factory=dict)
    last: dict[str, date] = field(default_factory=dict)
    used: dict[str, tuple[str, ...]] = field(default_factory=dict)
    promoted: tuple[datetime, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """The members' messages of the last days, by local day (`2026-03-29`)."""

    days: dict[str, int] = field(default_factory=dict)


POSTED: Final = Slot("content.posted", Posted)
SPOKEN: Final = Slot("content.spoken", Spoken)


def reads(event: Event, options: Contents) -> Iterable[Key[Any]] | None:
    if isinstance(event, MessagePosted):
        if not options.counts_messages or event.private or event.actor.kind is not ActorKind.PERSON:
            return None
        return (SPOKEN.of_group(),)
    if isinstance(event, TimerDue):
        return (POSTED.of_group(), SPOKEN.of_group(), PAUSED.of_group())
    if isinstance(event, Instructed) and event.verb != ARM:
        return None
    return (POSTED.of_group(), timers(NAME))


def decide(event: Event, options: Contents, view: View) -> Decision:
    if isinstance(event, MessagePosted):
        return _counted(event, view)
    posted = view.get(POSTED.of_group()) or Posted()
    if isinstance(event, TimerDue):
        return _rung(event, options, view, posted)
    return _armed(event, options, view, posted)


def _counted(event: MessagePosted, view: View) -> Decision:
    today = view.group.day(event.at)
    days = (view.get(SPOKEN.of_group()) or Spoken()).days
    name, first = today.isoformat(), (today - WEEK).isoformat()
    kept = {day: count for day, count in days.items() if day > first} if name not in days else days
    return Decision(changes=(Put(SPOKEN.of_group(), Spoken({**kept, name: kept.get(name, 0) + 1})),))


def _armed(event: Event, options: Contents, view: View, posted: Posted) -> Decision:
    group = view.group
    wanted = {id_: post.recurrence for id_, post in options.content.items() if post.is_for(group)}
    standing = view.get(timers(NAME))
    new = amiss(wanted, posted.due, standing, group.zone, event, put_off=posted.waiting)
    dropped = tuple(DropTimer(id_) for id_ in posted.due if id_ not in wanted)
    if not new and not dropped:
        return NOTHING
    due = {**{id_: at for id_, at in posted.due.items() if id_ in wanted}, **new}
    return Decision(
        changes=(Put(POSTED.of_group(), replace(posted, due=due)),),
        timers=(*dropped, *(SetTimer(key=id_, at=at) for id_, at in new.items())),
        because=("the posts' times were set",),
    )


def _rung(event: TimerDue, options: Contents, view: View, posted: Posted) -> Decision:
    id_, group = event.key, view.group
    post = options.content.get(id_)
    due = {key: at for key, at in posted.due.items() if key != id_}
    if post is None or not post.is_for(group):
        put = Put(POSTED.of_group(), replace(posted, due=due))
        return Decision(changes=(put,), because=("there is no such post any more",))
    waited = id_ in posted.waiting
    becomes = "it goes on waiting" if waited else "left out"
    occurred = newest(post.recurrence, group.zone, event.due - A_MOMENT, event.at)
    day = occurred.day if occurred is not None else group.day(event.due)
    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    then = first_after(post.recurrence, group.zone, event.at).at
    tomorrow = first_after(Weekly(clock=post.at), group.zone, event.at).at
    after = replace(posted, waiting=tuple(one for one in posted.waiting if one != id_))
    if occurred is None and not waited:
        because = "the post's time was changed"
    elif day <= posted.last.get(id_, date.min):
        because = f"the post of {day} was posted already"
    elif missed := _missed(event.at, occurred.at if occurred is not None else event.due, view, becomes):
        because = missed
        if waited:
            then, after = tomorrow, posted
    elif post.promotional and (
        over := _over(event.at, options, posted, view.get(SPOKEN.of_group()) or Spoken(), group)
    ):
        because = over
        then, after = tomorrow, replace(posted, waiting=(*after.waiting, id_))
        if not waited:
            said = group.texts.say(
                "content.waits",
                group.languages[0],
                {"content": {"id": id_, "why": in_language(over, group.languages[0])}},
            )
            effects = (TellAdmins(words=said),)
    else:
        words, mark, after = _next(id_, post, group, after, day)
        because = f"it is time for the post of {day}"
        if post.promotional:
            recent = tuple(at for at in posted.promoted if event.at - at < WEEK)
            after = replace(after, promoted=(*recent, event.at))
        effects, changes = _said(post, group, event.at, words, f"{id_}:{day}{mark}")
    return Decision(
        changes=(*changes, Put(POSTED.of_group(), replace(after, due={**due, id_: then}))),
        effects=effects,
        timers=(SetTimer(key=id_, at=then),),
        because=(because,),
        rule=id_,
    )


def _said(
    post: Post, group: Group, at: datetime, words: Words, key: str
) -> tuple[tuple[Effect, ...], tuple[Change, ...]]:
    """A post as it goes out, or the task that fetches its picture first. In the quiet hours it makes no sound."""
    expires, softly = at + LATEST, asleep(at, group.quiet, group.zone)
    if post.picture is None:
        say = Say(words=words, topic=post.topic, quiet=softly, urgency="bulk", expires=expires, pin=post.pin)
        return (say,), ()
    data = {"picture": post.picture, "words": plain(words), "topic": post.topic, "pin": post.pin, "quiet": softly}
    return (), (Task(kind=TASK, key=key, expires=expires, data=data),)


def _missed(at: datetime, due: datetime, view: View, becomes: str) -> str:
    """Why a post that was due is not posted, whatever the budget has room for, and what becomes of it; or ""."""
    if lasts(view.get(PAUSED.of_group()), at):
        return f"the group is paused: {becomes}"
    return f"late by {int((at - due).total_seconds() // 3600)} hours: {becomes}" if at - due > LATEST else ""


def _next(id_: str, post: Post, group: Group, posted: Posted, day: date) -> tuple[Words, str, Posted]:
    """The words of a post, the mark of its entry, and what is remembered of it."""
    last = {**posted.last, id_: day}
    words: Words = ()
    if post.text is not None:
        words = post.text.say(group.languages[0], {"group": Grouped(group)})
    if not post.rotate:
        return words, "", replace(posted, last=last)
    used = tuple(mark for mark in posted.used.get(id_, ()) if mark in post.marks)
    fresh = [n for n, mark in enumerate(post.marks) if mark not in used]
    if not fresh:
        # A new round begins, and not with what was posted last.
        fresh = [n for n, mark in enumerate(post.marks) if mark != used[-1]] or [0]
        used = ()
    n = fresh[0]
    entry = (*words, "\n", post.rotate[n]) if words else (post.rotate[n],)
    return entry, f"~{post.marks[n]}", replace(posted, last=last, used={**posted.used, id_: (*used, post.marks[n])})


def _over(at: datetime, options: Contents, posted: Posted, spoken: Spoken, group: Group) -> str:
    """Why the budget has no room for one more post that advertises, or ""."""
    budget = options.marketing_budget
    if budget is None:
        return ""
    recent = sum(at - one < WEEK for one in posted.promoted)
    if budget.promotional_per_week is not None and recent >= budget.promotional_per_week:
        return f"{recent} promotional posts of {budget.promotional_per_week} in seven days"
    if budget.share is not None:
        first = (group.day(at) - WEEK).isoformat()
        messages = sum(count for day, count in spoken.days.items() if day > first)
        room = floor(messages * budget.share)
        if recent >= room:
            return f"{recent} promotional posts, and {messages} messages allow {room} in seven days"
    return ""


def came_to(because: tuple[str, ...]) -> Literal["posted", "waited"] | None:
    """What came of a post when it was due, by the reasons of the decision; None where it was neither."""
    first = because[0] if because else ""
    return "posted" if _IN_TIME.match(first) else "waited" if _OVER.match(first) else None


workflow = Workflow(NAME, Contents, frozenset((TimerDue, Instructed, BotStanding, MessagePosted)), reads, decide)
