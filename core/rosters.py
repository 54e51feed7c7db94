"""Who a platform lists against who is known: what nobody saw happen. Pure.

Ids of a platform may be given anew at a login (WeChat). So an account that is new and has the name of one that is gone
may be the same person: that is asked, never assumed. And where most of those known are gone at once, the ids have
changed: then nobody left, and nobody is new.

A list may be cut, read too early, lack this one or that for once, or still be the one from before a leave. So nobody
left who is missing once, and who left a moment ago is not back by being listed once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from core.events import AccountLookedAlike, Event, MemberJoined, MemberLeft, RosterRead
from core.people import Account, Actor, Member

SHAKEN: Final = 0.5
"""The part of those known that can be gone at once without the ids being taken for others."""
FEW: Final = 3
"""Of so few known members all may have gone."""
SURE: Final = timedelta(minutes=20)
"""How long lists have to say so, all of them, before somebody left; or is back who left lately."""
LATELY: Final = timedelta(hours=1)
"""How long after a leave a list may still be the one from before it."""
BACK: Final = timedelta(days=1)
"""Who left by the lists alone and is listed again within this time never went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """`back` are those who never went. `alike` pairs a new account with the one that is gone and has its name.
    `shaken`: the ids are other ones. `doubtful`: so many are missing that the list may have been cut.

    `unplaced` are listed, unknown, like nobody, and no newcomers either, because the ids are other ones: they are known
    once they write.
    """

    joined: tuple[Actor, ...] = ()
    back: tuple[Actor, ...] = ()
    left: tuple[Member, ...] = ()
    alike: tuple[tuple[Actor, Member], ...] = ()
    listed: tuple[Actor, ...] = ()
    shaken: bool = False
    doubtful: bool = False
    unplaced: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What lists said that may be a slip of theirs: since when each of those known is `missing`, since when each of
    those who left lately is listed `again`, and when each left by the lists alone (`slipped`)."""

    missing: Mapping[Account, datetime] = field(default_factory=dict)
    again: Mapping[Account, datetime] = field(default_factory=dict)
    slipped: Mapping[Account, datetime] = field(default_factory=dict)


def compared(known: Mapping[Account, Member], listed: Sequence[Actor]) -> Changes:
    """What the list of members says beyond what is known. The first list of a group makes nobody a newcomer."""
    if not known:
        return Changes(listed=tuple(listed))
    there = {one.account for one in listed}
    new = [one for one in listed if one.account not in known]
    gone = [one for account, one in known.items() if account not in there]
    alike = tuple(_alike(new, gone))
    paired = {one.account for pair in alike for one in pair}
    kept = tuple(one for one in listed if one.account in known)
    others = tuple(one for one in new if one.account not in paired)
    most = len(known) > FEW and len(gone) > SHAKEN * len(known)
    if most and new:
        return Changes(alike=alike, listed=kept, shaken=True, unplaced=others)
    left = tuple(one for one in gone if one.account not in paired)
    return Changes(joined=others, left=left, alike=alike, listed=kept, doubtful=most)


def _alike(new: Iterable[Actor], gone: Iterable[Member]) -> Iterable[tuple[Actor, Member]]:
    """Those whose name is borne by one of each only. Who is called like nobody, or like several, is like none."""
    new, gone = list(new), list(gone)
    here, there = Counter(one.name for one in new), Counter(one.name for one in gone)
    by_name = {one.name: one for one in gone}
    return [(one, by_name[one.name]) for one in new if one.name and here[one.name] == there[one.name] == 1]


def believed(
    changes: Changes, before: Doubts, gone: Mapping[Account, datetime], at: datetime, *, leaver: bool = False
) -> tuple[Changes, Doubts]:
    """The changes without those that a list has to say again, and what is doubted from now on.

    `gone` tells when those left who did. `leaver`: the platform told that somebody left, and not who; if a single one
    is missing, it is they.
    """
    missing = {one.account: before.missing.get(one.account, at) for one in changes.left}
    told = leaver and len(missing) == 1
    left = tuple(one for one in changes.left if told or _said_again(one.account, before.missing, at))
    slipped = {account: when for account, when in before.slipped.items() if account in gone and at - when < BACK}
    back = tuple(one for one in changes.joined if one.account in slipped)
    others = [one for one in changes.joined if one.account not in slipped]
    lately = [one for one in others if one.account in gone and at - gone[one.account] < LATELY]
    again = {one.account: before.again.get(one.account, at) for one in lately}
    waits = {one.account for one in lately if not _said_again(one.account, before.again, at)}
    joined = tuple(one for one in others if one.account not in waits)
    slipped |= {one.account: at for one in left if not told}
    return replace(changes, joined=joined, back=back, left=left), Doubts(missing=missing, again=again, slipped=slipped)


def _said_again(account: Account, since: Mapping[Account, datetime], at: datetime) -> bool:
    return account in since and at - since[account] >= SURE


def events(changes: Changes, group: str, at: datetime, id_: str) -> list[Event]:
    """What the changes are to a group. `id_` is of the reading; of two accounts alike the id is the pair's."""
    told: list[Event] = [
        MemberLeft(
            id=f"{id_}:left:{one.account}",
            at=at,
            group=group,
            actor=Actor(account=one.account, name=one.name),
            inferred=True,
        )
        for one in changes.left
    ]
    told += [
        MemberJoined(id=f"{id_}:joined:{one.account}", at=at, group=group, actor=one, inferred=True)
        for one in changes.joined
    ]
    platform = id_.partition(":")[0]
    told += [
        AccountLookedAlike(
            id=f"{platform}:alike:{group}:{was.account}:{one.account}",
            at=at,
            group=group,
            actor=one,
            known=was.account,
            alias=one.name,
        )
        for one, was in changes.alike
    ]
    if here := (*changes.listed, *changes.back):
        told.append(RosterRead(id=f"{id_}:read", at=at, group=group, members=here))
    return told
