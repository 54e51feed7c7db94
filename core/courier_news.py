"""What a courier learns from the platform's answers, as events for the engine."""

from __future__ import annotations

from datetime import datetime

from core.courier_judging import Trip
from core.events import BotStanding, GroupMoved, InviteMade, Posted, Unreached
from core.people import Account, Actor


def moved(platform: str, group: str, at: datetime, old: str, new: str) -> GroupMoved:
    """The group has another address."""
    id_ = f"{platform}:moved:{old}:{new}"
    return GroupMoved(id=id_, at=at, group=group, platform=platform, old=old, new=new)


def absent(platform: str, group: str, at: datetime) -> BotStanding:
    """The assistant is not in the group."""
    id_ = f"{platform}:absent:{group}:{int(at.timestamp() * 1_000_000)}"
    return BotStanding(id=id_, at=at, group=group, platform=platform, present=False, refused=True)


def unreached(trip: Trip, member: Account, at: datetime) -> Unreached:
    """Somebody cannot be written to in private."""
    return Unreached(id=f"{trip.id}:unreached", at=at, group=trip.place.group.key, member=member)


def made(trip: Trip, member: Account, link: str, at: datetime) -> InviteMade:
    """A link of a member's own is there."""
    return InviteMade(id=f"{trip.id}:made", at=at, group=trip.parcel.group, actor=Actor(account=member), link=link)


def posted(trip: Trip, place: str, message: str, at: datetime) -> Posted:
    """A message stands in a place where one is enough."""
    return Posted(id=f"{trip.id}:posted", at=at, group=trip.parcel.group, message=message, place=place)
