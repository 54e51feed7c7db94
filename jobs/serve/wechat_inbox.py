"""What a gateway hands over, taken in: events of rooms that are ours, private chats, codes, invitations, requests."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from adapters.wechat.failures import CallFailed
from adapters.wechat.gateway import Gateway
from adapters.wechat.payloads import Befriended, Departed, Entered, Happening, Invited, Member, Posted, Room, Unread
from adapters.wechat.translate import TEXT, account, events
from config.problems import Language, Said
from config.wechat import WeChat
from core.delivery import Inlet
from core.directory import Directory, read_code
from core.errors import StoreBusy, StoreUnavailable
from core.events import Event, MessagePosted
from core.people import OWNER, Account, Actor
from core.ports import Store
from core.workflow import Group
from jobs.serve import wechat_lines as lines
from jobs.serve.asking import asked_about
from jobs.serve.clock import in_utc
from jobs.serve.rooms import Rooms
from jobs.serve.roster import WECHAT
from jobs.serve.wechat_register import Register
from jobs.serve.wechat_requests import Requests
from jobs.serve.wechat_staff import admins_of
from workflows.command_list import weight

log = logging.getLogger("yaji.wechat")

PATIENCE: Final = 1.0
"""Seconds until something that could not be stored is tried again: the gateway tells nothing twice."""
HISTORY: Final = timedelta(days=1)
"""How old a message may be when it comes: some gateways tell at a login what was written long ago."""
TRIES: Final = 10
"""Wrong codes from one room, after which it is listened to no more until the process restarts."""
_RIGHTS: Final = frozenset(("restrict", "delete", "change_info", "invite", "pin"))
"""An admin of a room may do all that there is to do; WeChat knows no finer rights."""

_BIND: Final = re.compile(r"\s*(?:[@＠][^/／\n]{1,64})?[/／]bind\s+(?P<code>\S.*)", re.IGNORECASE)
"""A phone may begin the word with a capital, and whoever sends it may mention the account before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Of one account. `groups` are those that it is to serve, with or without a room; `refresh` reads addresses, `look`
    has the rooms read at once, `look_soon` after a while."""

    name: str
    gateway: Gateway
    rooms: Rooms
    register: Register
    requests: Requests
    policy: WeChat
    inlet: Inlet
    store: Store
    directory: Directory
    groups: Callable[[], Mapping[str, Group]]
    refresh: Callable[[], Awaitable[object]]
    look: Callable[[], None]
    look_soon: Callable[[], None]
    now: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]]
    language: Language
    wrong: dict[str, int]
    left_alone: set[date]
    """The days of which it was told that what was written on them is left alone."""

    async def take(self, happening: Happening) -> None:
        """Returns when it is stored, however long that takes. Never raises for what the gateway cannot answer."""
        while True:
            try:
                await self._take(happening)
                return
            except (StoreBusy, StoreUnavailable) as error:
                log.warning("%s: %s", self.name, error)
                await self.pause(PATIENCE)
            except CallFailed as failed:
                log.warning("%s: %s", self.name, failed)
                return

    async def _take(self, happening: Happening) -> None:
        match happening:
            case Posted(message=message, arrived=arrived) if message.at is not None and arrived - message.at > HISTORY:
                self._left_alone(message.at)
            case Posted(message=message) if message.room and self.rooms.group_of(message.room) is None:
                await self._bind(happening)
            case Posted(message=message):
                group = self.rooms.group_of(message.room) if message.room else await self._meant(happening)
                if group is not None:
                    await self._events(happening, group)
            case Entered(room=room, members=members) | Departed(room=room, members=members):
                group = self.rooms.group_of(room)
                if group is not None and members:
                    await self._events(happening, group)
                elif group is not None:
                    left = isinstance(happening, Departed)
                    if not await self.register.go_through(group, room, leaver=left):  # nobody said who
                        self.look_soon()
                elif isinstance(happening, Entered) and self._oneself(members):
                    self.look()
            case Invited():
                await self._invited(happening)
            case Befriended():
                await self._befriended(happening)
            case Unread(why=why):
                log.warning("%s: %s", self.name, lines.UNREAD.filled(why=why).in_(self.language))
            case _:
                pass

    async def _events(self, happening: Happening, group: str) -> None:
        me = self.gateway.me
        told = events(happening, me.id if me is not None else "", lambda _: group)
        if told:
            await self.inlet.take([await self._known(event) for event in told])

    async def _known(self, event: Event) -> Event:
        """With what WeChat says of whoever wrote it, and at the desk with the group that is meant."""
        if not isinstance(event, MessagePosted):
            return event
        room = self.rooms.address_of(event.group)
        asked = bool(room) and weight(event) > 1
        if room is not None:
            found, vouched = await self._asked(room) if asked else (self.register.room(room), False)
            event = replace(event, actor=_ranked(event.actor, found, vouched=vouched))
        return await self._at_desk(event)

    async def _asked(self, room: str) -> tuple[Room | None, bool]:
        """A room as it is now; as it was read, and that nobody vouches for it, where the gateway does not answer."""
        try:
            found = await self.gateway.room(room)
            self.register.saw(found)
            return found, True
        except CallFailed as failed:
            log.warning("%s: %s", self.name, failed)
            return self.register.room(room), False

    async def _at_desk(self, event: MessagePosted) -> MessagePosted:
        """An answer at a desk belongs to the group that asked. Commands find theirs further on."""
        steered = [one for key, one in self.groups().items() if one.desk == event.group != key]
        if not steered or event.private:
            return event
        account, text, at = event.actor.account, event.text, event.at
        group = await asyncio.to_thread(asked_about, self.store, steered, account, text, at, desk=True)
        if group is None:
            return event
        # Being an admin of the desk makes nobody one of the group.
        return replace(event, group=group, desk=True, private=True, actor=replace(event.actor, admin=False))

    async def _meant(self, posted: Posted) -> str | None:
        """The group that somebody means who writes in private: the one that asked them, else as the directory says."""
        me, message = self.gateway.me, posted.message
        if me is None or message.talker == me.id:
            return None
        groups = self.groups()
        desks = {group.desk for key, group in groups.items() if group.desk != key}
        served = [key for key in groups if key not in desks]
        who, text = account(message.talker), message.text if message.kind == TEXT else ""
        at = message.at or posted.arrived
        asking = [groups[key] for key in served]
        found = await asyncio.to_thread(asked_about, self.store, asking, who, text, at)
        return found or await asyncio.to_thread(self.directory.group_meant, who, served)

    # what concerns the account

    async def _bind(self, posted: Posted) -> None:
        """`/bind CODE` in a room that is nobody's, by its owner or admins, or by an admin of ours."""
        message = posted.message
        typed = _BIND.match(message.text)
        code = read_code(typed["code"]) if typed is not None else None
        if code is None or self.wrong.get(message.room, 0) >= TRIES:
            return
        room = await self.gateway.room(message.room)
        if not self._may_bind(account(message.talker), room):
            return
        binding = await asyncio.to_thread(
            self.directory.spend_code, code, WECHAT, message.room, self.now(), list(self.groups())
        )
        if binding.group is None:
            self.wrong[message.room] = self.wrong.get(message.room, 0) + 1
            log.warning("%s: /bind: %s", self.name, binding.result)
            return
        await self.refresh()
        said = lines.BOUND.filled(group=binding.group).in_(_spoken(self.groups().get(binding.group), self.language))
        self.requests.take(lambda: self.gateway.call(lambda puppet: puppet.say(message.room, said)), tries=1)
        await self.register.go_through(binding.group, message.room)
        self.look()  # what it is called is remembered with the rooms

    def _may_bind(self, who: Account, room: Room) -> bool:
        known = admins_of(room)
        # Where the gateway tells neither owner nor admins, the code is all there is to go by: secret, and for once.
        return not known or who in known or self._steers(who)

    def _steers(self, who: Account) -> bool:
        return any(who in group.staff or who in group.owners for group in self.groups().values())

    def _oneself(self, members: Iterable[Member]) -> bool:
        me = self.gateway.me
        return me is not None and any(member.id == me.id for member in members)

    async def _invited(self, invited: Invited) -> None:
        invitation = invited.invitation
        if self.policy.invitations != "admins" or not self._steers(account(invitation.inviter)):
            self._log(lines.NOT_ACCEPTED.filled(topic=invitation.topic))
            return

        def accepted() -> None:
            self._log(lines.ACCEPTED.filled(topic=invitation.topic))
            self.look()

        self.requests.take(lambda: self.gateway.call(lambda puppet: puppet.accept_invitation(invitation.id)), accepted)

    async def _befriended(self, befriended: Befriended) -> None:
        friendship = befriended.friendship
        if not friendship.asks or self.policy.friends == "nobody":
            return
        if self.policy.friends == "members":
            who, served = account(friendship.contact), list(self.groups())
            if not self._steers(who) and await asyncio.to_thread(self.directory.group_meant, who, served) is None:
                self._log(lines.NO_MEMBER)
                return
        self.requests.take(
            lambda: self.gateway.call(lambda puppet: puppet.accept_friendship(friendship.id)),
            lambda: self._log(lines.BEFRIENDED),
        )

    def _left_alone(self, written: datetime) -> None:
        """Once for each day: it may be the history of a year, or all that is written, by a clock that is wrong."""
        if written.date() not in self.left_alone:
            self.left_alone.add(written.date())
            log.warning("%s: %s", self.name, lines.HISTORY.filled(at=in_utc(written)).in_(self.language))

    def _log(self, said: Said) -> None:
        log.info("%s: %s", self.name, said.in_(self.language))


def _ranked(who: Actor, room: Room | None, *, vouched: bool) -> Actor:
    """With what the room says of them: its owner and its admins are admins."""
    if room is None:
        return who
    if room.owner and who.account == account(room.owner):
        return replace(who, admin=True, rights=_RIGHTS | {OWNER}, vouched=vouched)
    if any(who.account == account(one) for one in room.admins):
        return replace(who, admin=True, rights=_RIGHTS, vouched=vouched)
    return replace(who, vouched=vouched) if vouched else who


def _spoken(group: Group | None, language: Language) -> Language:
    if group is None:
        return language
    return "zh" if group.languages[0] == "zh" else "en"
