"""The rooms of a WeChat account and who is in them, read at login and now and then: what nobody saw happen.

Rooms are written by topic and kept by id. A room that is gone while another has its topic is asked about, never taken.
A gateway that has just logged in may list little or nothing yet: what is hard to believe has to be said twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from adapters.wechat.failures import CallFailed, NotSent, Refused
from adapters.wechat.gateway import Gateway
from adapters.wechat.payloads import Room
from adapters.wechat.standing import abilities
from adapters.wechat.translate import account, actor
from config.problems import Language, nearest
from core.books import Books
from core.delivery import Inlet
from core.events import BotStanding, ChatLookedAlike, Event
from core.parts import PARTS, Parts, sides
from core.people import PERSON, Account, Member
from core.ports import Store
from core.rosters import Changes, Doubts, believed, compared, events
from jobs.serve import wechat_lines as lines
from jobs.serve.rooms import Rooms
from jobs.serve.roster import WECHAT
from jobs.serve.standings import standings
from workflows.bans import BANNED

log = logging.getLogger("yaji.wechat")

AGAIN: Final = 1800.0
"""Seconds between two readings of the lists of members. Joins and leaves are told unreliably."""


class Held(Books, Store, Protocol):
    """What a store answers."""


Forgotten = Callable[[Collection[Account]], Collection[Account]]
"""Those of some accounts that were forgotten."""


def nobody(accounts: Collection[Account]) -> Collection[Account]:
    """Nobody ever was."""
    return ()


class Register:
    """The rooms of one account. `name` is what operators call it. `names` tells what a group's room was called,
    `admins` who steers a group, `told` the contacts who are told in private what its admins are told. Who is
    `forgotten` and still in the room is nobody until they write, or leave and come again."""

    def __init__(
        self,
        name: str,
        gateway: Gateway,
        rooms: Rooms,
        books: Held,
        inlet: Inlet,
        names: Callable[[str], Collection[str]],
        admins: Callable[[str], frozenset[Account]],
        told: Callable[[str], Iterable[str]],
        now: Callable[[], datetime],
        language: Language,
        forgotten: Forgotten = nobody,
    ) -> None:
        self._name = name
        self._gateway = gateway
        self._rooms = rooms
        self._books = books
        self._inlet = inlet
        self._names = names
        self._admins = admins
        self._told_aside = told
        self._untold: dict[str, tuple[str, ...]] = {}
        self._now = now
        self._language: Language = language
        self._forgotten = forgotten
        self._there: dict[str, frozenset[Account]] = {}
        self._listed: Collection[str] | None = None
        self._titles: Mapping[str, str] | None = None
        self._known: dict[str, Room] = {}
        self._unclear: set[str] = set()
        self._doubted: dict[str, frozenset[str]] = {}
        self._doubts: dict[str, Doubts] = {}
        self.readings = 0
        """How often all lists were gone through."""

    async def read(self, settled: Callable[[], Awaitable[object]]) -> bool:
        """Read the rooms, have addresses settled by what is there now, and go through the lists of members.

        Whether all of it was answered, and could be believed; if not, it is to be read again soon. Raises CallFailed.
        """
        before, served = self._listed, [room for group in self._rooms.groups if (room := self._rooms.address_of(group))]
        self._listed, self._titles = await self._gateway.rooms(), None
        if served and not self._listed and before != self._listed:
            self._say(lines.NO_ROOMS.in_(self._language))
            return False
        self._known = {room: self._known[room] for room in served if room in self._known}
        self._unclear.clear()
        for room in served:
            await self._look_at(room)
        await settled()
        clear = [await self._gone_through(group) for group in list(self._rooms.groups)]
        self.readings += 1
        return all(clear) and not self._unclear

    def room(self, id: str) -> Room | None:
        """A room as it was when it was looked at last."""
        return self._known.get(id)

    def room_of(self, group: str) -> Room | None:
        """The room of a group as it was when it was looked at last."""
        return self._known.get(self._rooms.address_of(group) or "")

    def saw(self, room: Room) -> None:
        """Remember a room as it is now, if it is one of those that were looked at."""
        if room.id in self._known:
            self._known[room.id] = room

    async def named(self, topic: str, group: str, home: object) -> str | None:
        """The room of a topic, if there is one of that name which is nobody's, and an admin of the group is in it:
        anybody can give a room that name. The operator hears why there is none."""
        if self._listed is None:
            return None
        try:
            free = [id for id in await self._called({topic.strip()}) if self._rooms.group_of(id) in (None, group)]
            room = await self._look_at(free[0]) if len(free) == 1 else None
        except CallFailed as failed:
            log.warning("%s: %s", self._name, failed)
            return None
        if room is not None and self._vouched(room, group):
            return room.id
        if len(free) != 1:
            others = [title.strip() for id, title in (self._titles or {}).items() if self._rooms.group_of(id) is None]
            meant = "" if free else nearest(topic, others)
            told = lines.TWO_ROOMS if free else lines.NEARLY if meant else lines.NO_ROOM
            values = {"count": len(free), "topic": topic, "group": group, "home": home, "meant": meant}
            self._say(told.filled(**values).in_(self._language))
        elif room is not None:
            self._say(lines.UNVOUCHED.filled(topic=topic, group=group, home=home).in_(self._language))
        return None

    async def standing(self, group: str, room: str, id_: str, at: datetime) -> BotStanding | None:
        """What the account may do in a room; None while nobody can say."""
        me = self._gateway.me
        if me is None or self._listed is None or room in self._unclear:
            return None
        try:
            found = self._known.get(room) or await self._look_at(room)
        except CallFailed as failed:
            log.warning("%s: %s", self._name, failed)
            return None
        if found is None:
            return None
        can, untold = abilities(found, me.id), await self._unreached(group)
        return BotStanding(
            id=id_,
            at=at,
            group=group,
            platform=WECHAT,
            present=bool(can),
            abilities=can,
            title=found.topic,
            untold=untold,
        )

    async def go_through(self, group: str, room: str, *, leaver: bool = False) -> bool:
        """Hold the list of members against who is known, and hand in what nobody saw happen, as far as lists can be
        believed. `leaver`: somebody left, and the gateway did not say who.

        Whether this was a list of the room; if not, nothing is handed in. Raises CallFailed.
        """
        me, there = self._gateway.me, await self._gateway.members(room)
        if me is None or all(one.id != me.id for one in there):
            self._say(lines.WITHOUT_ME.filled(group=group).in_(self._language))
            return False
        met = await asyncio.to_thread(self._met, group)
        known = {account: one for account, one in met.items() if one.left is None}
        listed = [actor(one) for one in there if one.id != me.id]
        unmet = await asyncio.to_thread(self._unmet, room, met, [one.account for one in listed])
        said, at = compared(known, [one for one in listed if one.account not in unmet]), self._now()
        before = self._doubts.get(room) or Doubts()
        if before.slipped:
            before = await asyncio.to_thread(self._unbarred, group, before)
        gone = {account: one.left for account, one in met.items() if one.left is not None}
        changes, self._doubts[room] = believed(said, before, gone, at, leaver=leaver)
        if changes.doubtful and len(said.left) > len(changes.left):
            self._say(lines.DOUBTED.filled(group=group, left=len(said.left)).in_(self._language))
        self._there[room] = frozenset(one.account for one in listed)
        told = events(changes, group, at, f"{WECHAT}:{room}:{int(at.timestamp() * 1_000_000)}")
        for_log = self._told(group, changes)
        if for_log:
            self._say(for_log)
        await self._inlet.take(told)
        return True

    async def _unreached(self, group: str) -> tuple[str, ...] | None:
        """The admins whom nothing reaches that they are told in private, as they are no contacts; None while the
        gateway does not say. The operator hears of it when it changes."""
        found: dict[str, str] = {}
        for id in self._told_aside(group):
            if self._gateway.me is not None and id == self._gateway.me.id:
                continue
            name = ""
            try:
                contact = await self._gateway.contact(id)
                if contact.friend:
                    continue
                name = contact.name
            except Refused:
                pass
            except CallFailed as failed:
                log.warning("%s: %s", self._name, failed)
                return None
            found[account(id)] = f"{name} ({account(id)})" if name else account(id)
        untold = tuple(found)
        if untold != self._untold.get(group, ()):
            self._untold[group] = untold
            if untold:
                self._say(lines.UNTOLD.filled(group=group, who=", ".join(found.values())).in_(self._language))
        return untold

    async def _called(self, names: Collection[str]) -> Sequence[str]:
        """The rooms of the account that have one of these names. All are asked once for each reading, if at all."""
        if self._titles is None:
            self._titles = await self._gateway.titles(self._listed or ())
        return [id for id, title in self._titles.items() if title.strip() in names]

    def _vouched(self, room: Room, group: str) -> bool:
        """Whether somebody is in the room who steers the group; that the account itself is there says nothing."""
        me, admins = self._gateway.me, self._admins(group)
        own = account(me.id) if me is not None else None
        if own in admins:
            self._say(lines.OWN_ADMIN.filled(group=group, who=own).in_(self._language))
        return not {account(id) for id in (room.owner, *room.members)}.isdisjoint(admins - {own})

    async def _look_at(self, id: str) -> Room | None:
        """A room as it is now, with nobody in it if the account is not; None if that is not clear. Raises NotSent."""
        self._unclear.add(id)
        try:
            room = await self._gateway.room(id)
        except NotSent:
            raise
        except CallFailed as failed:
            if id in (self._listed or ()) or not isinstance(failed, Refused):
                self._say(lines.NOT_READ.filled(room=id, why=failed).in_(self._language))
                return None
            room = Room(id=id)
        me = self._gateway.me
        if me is None or (me.id not in room.members and not self._again(id, room.members)):
            return None
        self._unclear.discard(id)
        self._known[id] = room
        return room

    def _again(self, room: str, members: Iterable[str]) -> bool:
        """Whether a list that is hard to believe is the same that it was the last time."""
        before, self._doubted[room] = self._doubted.get(room), frozenset(members)
        return before == self._doubted[room]

    async def _gone_through(self, group: str) -> bool:
        """One group's part of a reading: no other has to wait for it."""
        id = self._rooms.address_of(group) or ""
        room = self._known.get(id) if id not in self._unclear else None
        me = self._gateway.me
        try:
            if room is not None and me is not None and me.id in room.members:
                return await self.go_through(group, id)
            if room is not None or id not in (self._listed or ()):
                await self._gone(group)
        except NotSent:
            raise
        except CallFailed as failed:
            self._say(lines.NOT_READ.filled(room=id, why=failed).in_(self._language))
            return False
        return room is not None

    def _unmet(self, room: str, met: Mapping[Account, Member], listed: Collection[Account]) -> Collection[Account]:
        """Who was forgotten and is in the room as before: they did not come, and the list is not to bring them back."""
        new, before = [one for one in listed if one not in met], self._there.get(room)
        return self._forgotten([one for one in new if before is None or one in before])

    def _unbarred(self, group: str, doubts: Doubts) -> Doubts:
        """Without those whom a ban is to put out again: that they are back has to be told as a join."""
        barred = {member.account for member, _ in self._books.every_record(group, BANNED)}
        return replace(doubts, slipped={one: at for one, at in doubts.slipped.items() if one not in barred})

    def _members(self, group: str) -> Mapping[Account, Member]:
        """Who is known to be in the room, by account."""
        return {account: one for account, one in self._met(group).items() if one.left is None}

    def _met(self, group: str) -> Mapping[Account, Member]:
        """Who is or was in the room as far as is known, by account."""
        people = self._books.people(group)
        mine = (one for one in people if one.account.startswith(f"{WECHAT}:") and one.kind is PERSON)
        found = {one.account: one for one in mine}
        several = list(self._books.every_record(group, PARTS))
        if several:
            found = {account: one for account, one in found.items() if all(one.person != m.person for m, _ in several)}
            found.update(self._bound(group, several))
        return found

    def _bound(self, group: str, several: Sequence[tuple[Member, Parts]]) -> Iterator[tuple[Account, Member]]:
        """The accounts here of those who have several: each comes and goes by itself."""
        with self._books.unit() as unit:
            unit.lock([group])
            ties = unit.ties([member.person for member, _ in several])
            for member, parts in several:
                theirs = ties.get(member.person, ())
                gone = {tie.gone for tie in theirs}
                own = {id: at for tie in theirs for id, at in sides(tie) if id not in gone}
                seats = unit.find(group, list(own.values()))
                for id, account in own.items():
                    part = parts.own(id)
                    if account.startswith(f"{WECHAT}:") and part.seen is not None:
                        yield account, replace(member, account=account, name=seats[account].name, left=part.left)

    async def _gone(self, group: str) -> None:
        """The account is not in the group's room: ask about those that have its name."""
        old, at = self._rooms.address_of(group) or "", self._now()
        self._say(lines.ROOM_GONE.filled(group=group).in_(self._language))
        alike = await self._called(await asyncio.to_thread(self._names, group))
        names = {one.name for one in (await asyncio.to_thread(self._members, group)).values()}
        told: list[Event] = []
        for one in alike:
            if self._rooms.group_of(one) is not None:
                continue
            there = [member.shown for member in await self._gateway.members(one)]
            told.append(
                ChatLookedAlike(
                    id=f"{WECHAT}:alike:{group}:{old}:{one}",
                    at=at,
                    group=group,
                    platform=WECHAT,
                    old=old,
                    new=one,
                    topic=(self._titles or {}).get(one, ""),
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
