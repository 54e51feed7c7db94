"""What the engine itself writes down about an event, before any workflow is asked.

Who is here, and who did what on which local day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from core.events import (
    ButtonPressed,
    Event,
    GroupMoved,
    Instructed,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    ReactionChanged,
    RosterRead,
)
from core.follow_ups import CheckedIn
from core.parts import presence, sit
from core.people import ANONYMOUS_ADMIN, PERSON, Actor
from core.state import Slot
from core.working import Working

TWICE_TOLD = timedelta(minutes=1)
"""Platforms tell one join by two updates; a second join within this time, with no leave between, is the same one,
even where they left again before it is told."""


@dataclass(frozen=True, slots=True)
class Albums:
    """The albums seen last in a group, newest last: an album is one act, whatever number of parts it has."""

    seen: tuple[str, ...] = ()


ALBUMS = Slot("core.albums", Albums)
_ALBUMS_KEPT = 16


def observe(event: Event, working: Working) -> bool:
    """Write the event down. False means: it tells nothing new, do not ask the workflows."""
    if type(event) is MessagePosted:
        return _posted(event, working)
    told = _TOLD.get(type(event))
    if told is not None:
        return told(event, working)
    actor = getattr(event, "actor", None)
    if actor is not None and actor.kind is not ANONYMOUS_ADMIN:
        if type(event) is ButtonPressed:
            _heard_of(event, actor, working)
        else:
            working.seat(event.group, actor, event.at if type(event) is not Instructed else None)
    return True


def _heard_of(event: Event, actor: Actor, working: Working) -> None:
    """Of somebody who may be elsewhere: in private, or under a button there. Whoever is known already is not in the
    group for that with another account of theirs."""
    if working.seat(event.group, actor, None).seen is None:
        working.seat(event.group, actor, event.at)


def _posted(event: MessagePosted, working: Working) -> bool:
    actor = event.actor
    if actor.kind is ANONYMOUS_ADMIN:
        return True
    group = event.group
    if event.private:
        _heard_of(event, actor, working)
        return True
    seat = working.seat(group, actor, event.at)
    left = seat.left if seat.own is None else presence(working, group, seat).left
    if left is not None and left <= event.at:
        if seat.left is not None:  # else another account of theirs was there all along
            working.returned = actor
        sit(working, group, seat, replace(presence(working, group, seat), left=None))
    if not _counts(actor):
        return True
    if event.album is not None and _part_of_known_album(event.album, group, working):
        return True
    today = working.clock.day(working.groups[group], event.at)
    working.count(group, seat, today, 0)
    answered = event.reply_to.author if event.reply_to is not None else None
    if answered is not None and _counts(answered) and answered.account != actor.account:
        working.count(group, seat, today, 1)
        working.count(group, working.seat(group, answered, event.at), today, 2)
    return True


def _joined(event: MemberJoined, working: Working) -> bool:
    seat = working.seat(event.group, event.actor, event.at)
    was = presence(working, event.group, seat)
    here = was.joined is not None and (was.left is None or was.left < was.joined or event.at < was.left)
    if here and was.joined is not None and event.at - was.joined < TWICE_TOLD:
        return False
    now = was.joining(event.at)
    if event.by is not None and event.by.account != event.actor.account and event.by.kind is PERSON:
        by = working.seat(event.group, event.by, event.at)
        now = replace(now, inviter=by.own or by.person)
    sit(working, event.group, seat, now)
    return True


def _left(event: MemberLeft, working: Working) -> bool:
    seat = working.seat(event.group, event.actor, event.at)
    was = presence(working, event.group, seat)
    if was.left is not None or (was.joined is not None and event.at < was.joined):
        return False  # told late, they are back already
    sit(working, event.group, seat, replace(was, left=event.at))
    return seat.left is not None  # with another account they may be there still


def _reacted(event: ReactionChanged, working: Working) -> bool:
    if not _counts(event.actor):
        return True
    seat = working.seat(event.group, event.actor, event.at)
    if not event.emoji:
        return True
    today = working.clock.day(working.groups[event.group], event.at)
    working.count(event.group, seat, today, 3)
    if event.author is not None and _counts(event.author) and event.author.account != event.actor.account:
        working.count(event.group, working.seat(event.group, event.author, event.at), today, 4)
    return True


def _checked_in(event: CheckedIn, working: Working) -> bool:
    working.count(event.group, working.seat(event.group, event.actor, event.at), event.day, 5)
    return True


def _read(event: RosterRead, working: Working) -> bool:
    working.seat_all((event.group, one) for one in event.members)
    for one in event.members:
        seat = working.seat(event.group, one, event.at)
        if seat.left is None and seat.own is None:
            continue
        was = presence(working, event.group, seat)
        if was.left is not None and was.left <= event.at:
            sit(working, event.group, seat, replace(was, left=None))
    return True


def _moved(event: GroupMoved, working: Working) -> bool:
    working.writes.moves.append(event)
    return True


_TOLD: Final[Mapping[type, Callable[[Any, Working], bool]]] = {
    MemberJoined: _joined,
    MemberLeft: _left,
    ReactionChanged: _reacted,
    CheckedIn: _checked_in,
    RosterRead: _read,
    GroupMoved: _moved,
}
"""What tells more than that its actor was there."""


def _part_of_known_album(album: str, group: str, working: Working) -> bool:
    known = working.read(group, ALBUMS.of_group()) or Albums()
    if album in known.seen:
        return True
    working.put(group, ALBUMS.of_group(), Albums((*known.seen, album)[-_ALBUMS_KEPT:]))
    return False


def _counts(actor: Actor) -> bool:
    """Only persons have activity: bots, channels and anonymous admins are never members of a statistic."""
    return actor.kind is PERSON
