"""The door of an open group: who comes in is muted until their questions are answered.

The mute is a help; what holds is that everything written before passing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from core import state
from core.decision import NOTHING, Change, Decision, DropTimer, Put
from core.events import (
    ButtonPressed,
    Event,
    Instructed,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberUnmuted,
    TimerDue,
)
from core.follow_ups import Parted
from core.people import Account
from core.state import Key
from core.workflow import View
from workflows.alarms import AWAY
from workflows.bans import still_banned
from workflows.mutes import MUTED
from workflows.onboarding_arrival import joined as arrived
from workflows.onboarding_door_acts import (
    ask,
    closed,
    let_in,
    standing_after,
    stopped,
    to_admins,
    turn_away,
)
from workflows.onboarding_door_visit import TIMER, Visit, mute, renewal, timer, visit_of
from workflows.onboarding_knocking import (
    DOOR,
    KNOCKING,
    Knocking,
    asked_about,
    bans,
    door_of,
    kept_at,
    refused,
)
from workflows.onboarding_options import Onboarding
from workflows.onboarding_raid import counted, noted
from workflows.onboarding_state import PROGRESS, WAVE_OF_GROUP, progress_of
from workflows.onboarding_voice import heard


def reads(account: Account, options: Onboarding, event: Event) -> Iterator[Key[Any]]:
    """What the door needs to know of somebody."""
    yield from glance(account)
    yield KNOCKING.of(account)
    yield state.member(account)
    yield from heard(options, account, event.at)


@lru_cache(maxsize=20_000)
def glance(account: Account) -> tuple[Key[Any], ...]:
    """What every message needs where there is a door; remembered, because it is asked for so often."""
    return (progress_of(account), door_of(account), MUTED.of(account), WAVE_OF_GROUP)


def joined(event: MemberJoined, options: Onboarding, view: View) -> tuple[Decision, ...]:
    """Somebody came in: to the door, or past it."""
    if still_banned(event, view):
        return ()
    account, member = event.actor.account, view.actor()
    here = view.get(DOOR.of(account))
    held = here is not None and here.open
    visit = visit_of(event, replace(here, account=account) if here is not None else None, member, options, view)
    why = "an admin joined; admins are not onboarded" if member.staff else "was let past the door"
    past = closed(visit, why) if here is not None and here.stage != "let_in" else NOTHING
    if not options.guarded or member.staff or (options.skip_added_by_admin and event.added_by_admin):
        return (past, arrived(event, options, view))
    flow = counted(event.at, options, view)
    if not held and (_known(visit, here) or not (visit.entry.asks_at_door or _raided(flow.quieter, options))):
        return (past, arrived(event, options, view))
    stop = stopped(visit, crowd=flow.gathered)
    waits = flow.gathered and standing_after(stop) == "asking"
    return (noted(stop, replace(flow, gathered=waits), "door", member, account, event.at, options, view.group),)


def judged(event: ButtonPressed, here: Knocking, options: Onboarding, view: View) -> Decision:
    """An admin pressed a button about somebody at the door."""
    verb, account = asked_about(event.data)
    member = view.get(state.member(account))
    if member is None or verb not in ("approve", "decline"):
        return Decision(because=("this request was decided before",))
    visit = visit_of(event, here, member, options, view)
    out = "ban" if bans(here, visit.entry) else "kick"
    if (no := refused((verb if verb == "approve" else out,), event, account, view)) is not None:
        return no
    by = event.actor.name or event.actor.account
    if verb == "approve":
        return let_in(visit, "group", (f"approved by {by}",))
    return turn_away(visit, "group", (f"declined by {by}",))


def woken(event: TimerDue, account: Account, options: Onboarding, view: View) -> Decision:
    """Their timer came due: the question, the mute, or the end of their time."""
    here, member = view.get(DOOR.of(account)), view.get(state.member(account))
    if here is None or member is None or here.stage != "asking" or here.away:
        return NOTHING
    visit = visit_of(event, here, member, options, view)
    if member.staff:
        return closed(visit, "is an admin now; admins are not onboarded")
    if not options.guarded:
        return let_in(visit, "group", ("the door was taken out of the configuration",))
    anew = here.until is not None and not here.late and event.at - here.until > AWAY
    if anew:
        visit = visit.now(until=event.at + visit.entry.within, muted=event.at, late=True)
    elif here.until is not None and here.until <= event.at:
        because = ("the questions at the door were not answered in time",)
        if visit.entry.otherwise == "ask_admins":
            return to_admins(visit, "group", because, "door_silent")
        return turn_away(visit, "group", because, silent=True)
    again = renewal(here)
    renewed = anew or (again is not None and again <= event.at)
    visit = visit.now(muted=event.at if renewed else here.muted)
    silenced = (mute(visit),) if renewed else ()
    if here.ask_at is not None and here.ask_at <= event.at:
        decision = ask(visit, "group", ("their app had time to open the chat",))
        return replace(decision, effects=(*silenced, *decision.effects))
    because = ("still at the door: the mute is renewed",) if renewed else ("nothing to do at the door yet",)
    if anew:
        because = ("nobody could hear them in time, so their time begins anew",)
    return Decision(
        changes=(kept_at(DOOR, visit.here),), effects=silenced, timers=(timer(visit.here),), because=because
    )


def left(event: MemberLeft, options: Onboarding, view: View) -> Decision:
    """Somebody left from the door: their question stands, should they come back."""
    here = view.get(DOOR.of(event.actor.account))
    if here is None or not here.open or here.away:
        return NOTHING
    away = replace(here, away=True)
    because = ("left before passing the door; their place is kept",)
    return Decision(changes=(kept_at(DOOR, away),), timers=(timer(away),), because=because)


def unmuted(event: MemberUnmuted, options: Onboarding, view: View) -> Decision:
    """An admin let somebody write by hand: that is their word on the door, too."""
    here = view.get(DOOR.of(event.actor.account))
    if here is None or here.stage == "let_in":
        return NOTHING
    visit = visit_of(event, here, view.actor(), options, view)
    if visit.member.staff:
        return closed(visit, "is an admin now; admins are not onboarded")
    return let_in(visit, "group", ("an admin let them write",), by_hand=True)


def renamed(event: MemberRenamed, here: Knocking | None) -> Decision:
    """The same person under another account: their timer moves along."""
    if here is None or here.account == event.actor.account:
        return NOTHING
    moved = replace(here, account=event.actor.account)
    timers = (DropTimer(f"{TIMER}{here.account}"), timer(moved)) if here.open else ()
    return Decision(changes=(kept_at(DOOR, moved),), timers=timers, because=("known under another account now",))


def ordered_in(event: Instructed, target: Account, options: Onboarding, view: View) -> Decision:
    """An admin lets somebody in who stands at the door, without waiting for answers."""
    here, member = view.get(DOOR.of(target)), view.get(state.member(target))
    if here is None or not here.open or member is None:
        return Decision(because=("nobody waits at the door",))
    visit = visit_of(event, replace(here, account=target), member, options, view)
    return let_in(visit, "group", (f"approved by {event.actor.name or event.actor.account}",))


def ordered_past(event: Event, target: Account, options: Onboarding, view: View) -> Decision:
    """An admin's order about somebody's onboarding ends the door for them."""
    here, member = view.get(DOOR.of(target)), view.get(state.member(target))
    if here is None or here.stage == "let_in" or member is None or member.left is not None:
        return NOTHING
    return closed(visit_of(event, replace(here, account=target), member, options, view), "was let past the door")


def _known(visit: Visit, here: Knocking | None) -> bool:
    """Whether somebody need not be asked: they passed before, or were let in on request."""
    if here is not None and here.stage == "let_in":
        return True
    knocking = visit.view.get(KNOCKING.of(visit.member.account))
    answered = knocking is not None and knocking.stage in ("let_in", "with_admins")
    if here is not None:
        return answered and knocking is not None and knocking.since > here.since
    if answered:
        return True
    progress = visit.view.get(PROGRESS.of(visit.member.account))
    return progress is not None and progress.stage in ("tasks", "done", "skipped")


def _raided(quieter: bool, options: Onboarding) -> bool:
    return quieter and options.raid is not None and options.raid.quieter is not None and options.raid.quieter.door


def reads_parted(event: Parted) -> tuple[Key[Any], ...]:
    """The state that `parted` looks at."""
    account = event.actor.account
    return (DOOR.of(account), KNOCKING.of(account), state.bonds(account))


def parted(event: Parted, view: View) -> Decision:
    """A question that is open is open for the account that it was put to, not for one that is no longer theirs."""
    account = event.actor.account
    theirs = {account, *(one for bond in view.get(state.bonds(account)) for one in (bond.one, bond.other))}
    changes: list[Change] = []
    for slot in (DOOR, KNOCKING):
        here = view.get(slot.of(account))
        if here is not None and here.account not in theirs:
            changes.append(Put(slot.of(account), None if here.open else replace(here, account=account)))
    if not changes:
        return NOTHING
    return Decision(changes=tuple(changes), because=("parted from another account",))
