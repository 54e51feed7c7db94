"""The rooms of a WeChat account and who is in them, read at login and now and then: what nobody saw happen.

Rooms are written by topic and kept by id. A room that is gone while another has its topic is asked about, never taken.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from adapters.wechat.gateway import Gateway
from adapters.wechat.payloads import Room
from adapters.wechat.standing import abilities
from adapters.wechat.translate import actor
from config.problems import Language
from core.delivery import Inlet
from core.events import BotStanding, ChatLookedAlike, Event
from core.people import PERSON, Account, Member
from core.ports import Books, Store
from core.rosters import Changes, compared, events
from jobs.serve import wechat_lines as lines
from jobs.serve.rooms import Rooms
from jobs.serve.roster import WECHAT
from jobs.serve.standings import standings

log = logging.getLogger("yaji.wechat")

AGAIN: Final = 1800.0
"""Seconds between two readings of the lists of members. Joins and leaves are told unreliably."""


class Register:
    """The rooms of one account. `name` is what operators call it, `names` tells what a group's room was called."""

    def __init__(
        self,
        name: str,
        gateway: Gateway,
        rooms: Rooms,
        books: Books,
        inlet: Inlet,
        names: Callable[[str], Collection[str]],
        now: Callable[[], datetime],
        language: Language,
    ) -> None:
        self._name = name
        self._gateway = gateway
        self._rooms = rooms
        self._books = books
        self._inlet = inlet
        self._names = names
        self._now = now
        self._language: Language = language
        self._known: dict[str, Room] = {}
        self.readings = 0
        """How often all lists were gone through."""

    async def read(self, settled: Callable[[], Awaitable[object]]) -> None:
        """Read the rooms, have addresses settled by what is there now, and go through the lists of members.

        Raises CallFailed.
        """
        self._known = {room.id: room for room in await self._gateway.rooms()}
        await settled()
        for group in list(self._rooms.groups):
            room = self._known.get(self._rooms.address_of(group) or "")
            if room is None:
                await self._gone(group)
            else:
                await self.go_through(group, room.id)
        self.readings += 1

    def room(self, id: str) -> Room | None:
        """A room as it was when the rooms were read."""
        return self._known.get(id)

    def named(self, topic: str, group: str, home: object) -> str | None:
        """The room of a topic, if there is one of that name which is nobody's; the operator hears why there is none."""
        found = [one.id for one in self._known.values() if one.topic.strip() == topic.strip()]
        free = [id for id in found if self._rooms.group_of(id) in (None, group)]
        if len(free) == 1:
            return free[0]
        told = lines.TWO_ROOMS.filled(count=len(free), topic=topic, group=group, home=home)
        self._say(told.in_(self._language) if free else lines.NO_ROOM.filled(topic=topic).in_(self._language))
        return None

    async def standing(self, group: str, room: str, id_: str, at: datetime) -> BotStanding | None:
        """What the account may do in a room; None while nobody can say."""
        me = self._gateway.me
        if me is None or not self._known:
            return None
        found = self._known.get(room)
        can = abilities(found, me.id) if found is not None else frozenset[str]()
        return BotStanding(
            id=id_,
            at=at,
            group=group,
            platform=WECHAT,
            present=bool(can),
            abilities=frozenset(can),
            title=found.topic if found is not None else "",
        )

    async def go_through(self, group: str, room: str) -> None:
        """Hold the list of members against who is known, and hand in what nobody saw happen. Raises CallFailed."""
        me = self._gateway.me
        listed = [actor(one) for one in await self._gateway.members(room) if me is None or one.id != me.id]
        known = await asyncio.to_thread(self._members, group)
        changes = compared(known, listed)
        at = self._now()
        told = events(changes, group, at, f"{WECHAT}:{room}:{int(at.timestamp() * 1_000_000)}")
        for_log = self._told(group, changes)
        if for_log:
            self._say(for_log)
        await self._inlet.take(told)

    def _members(self, group: str) -> Mapping[Account, Member]:
        """Who is known to be in the room, by account."""
        people = self._books.people(group)
        mine = (one for one in people if one.account.startswith(f"{WECHAT}:") and one.kind is PERSON)
        return {one.account: one for one in mine if one.left is None}

    async def _gone(self, group: str) -> None:
        """The account is not in the group's room: ask about those that have its name."""
        old, at = self._rooms.address_of(group) or "", self._now()
        called = await asyncio.to_thread(self._names, group)
        self._say(lines.ROOM_GONE.filled(group=group).in_(self._language))
        alike = [one for one in self._known.values() if one.topic.strip() in called]
        names = {one.name for one in (await asyncio.to_thread(self._members, group)).values()}
        told: list[Event] = []
        for one in alike:
            if self._rooms.group_of(one.id) is not None:
                continue
            there = [member.shown for member in await self._gateway.members(one.id)]
            told.append(
                ChatLookedAlike(
                    id=f"{WECHAT}:alike:{group}:{old}:{one.id}",
                    at=at,
                    group=group,
                    platform=WECHAT,
                    old=old,
                    new=one.id,
                    topic=one.topic,
                    people=len(there),
                    shared=sum(name in names for name in there if name),
                )
            )
        await self._inlet.take(told)

    def _told(self, group: str, changes: Changes) -> str:
        values = {
            "group": group,
            "joined": len(changes.joined),
            "left": len(changes.left),
            "alike": len(changes.alike),
            "unplaced": len(changes.unplaced),
        }
        if changes.shaken:
            return lines.SHAKEN.filled(**values).in_(self._language)
        if changes.joined or changes.left or changes.alike:
            return lines.RECONCILED.filled(**values).in_(self._language)
        return ""

    def _say(self, line: str) -> None:
        log.warning("%s: %s", self._name, line)


def names_of(group: str, addresses: Mapping[tuple[str, str], str], store: Store) -> frozenset[str]:
    """What a group's room was called: as the operator wrote it, and as it was read last. Raises StoreBusy,
    StoreUnavailable."""
    written = {topic for (platform, topic), key in addresses.items() if (platform, key) == (WECHAT, group)}
    held = standings(store, [group]).get((group, WECHAT))
    return frozenset(name.strip() for name in (*written, held.title if held is not None else "") if name.strip())
