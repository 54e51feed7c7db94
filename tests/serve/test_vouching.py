"""Who gives an order is asked of Telegram where it weighs much; and a command at the desk finds its group."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import Admins
from adapters.telegram.calls import NotSent
from core.events import ButtonPressed, Event, MessagePosted, Reply
from core.lines import addressed
from core.people import Account, Actor
from core.workflow import Group
from jobs.serve.desk import Desk
from jobs.serve.vouching import Vouching
from workflows.command_list import weight

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CHAT, BOT, ADA, ANA = -1001, 1, 10002, 20001


class Telegram:
    """Answers getChatAdministrators with what it is told to; counts how often it was asked."""

    name = "main"

    def __init__(self) -> None:
        self.asked = self.at_once = self.most_at_once = 0
        self.down = False
        self.admins: list[dict[str, Any]] = []
        self.promote(BOT)
        self.promote(ADA, can_restrict_members=True, can_pin_messages=True)

    def promote(self, user: int, status: str = "administrator", **rights: bool) -> None:
        told = {"id": user, "is_bot": user == BOT, "first_name": str(user)}
        self.admins.append({"status": status, "user": told, **rights})

    def dismiss(self, user: int) -> None:
        self.admins = [one for one in self.admins if one["user"]["id"] != user]

    async def call(
        self, method: str, params: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> bytes:
        if method == "getChat":
            return msgspec.json.encode({"ok": True, "result": {"id": (params or {})["chat_id"]}})
        assert method == "getChatAdministrators"
        self.asked += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.down:
            raise NotSent(method, "no way")
        return msgspec.json.encode({"ok": True, "result": self.admins})


class Taken:
    """An inlet that keeps what comes."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def take(self, events: Sequence[Event]) -> None:
        self.events += events


class Scene:
    """Two groups with one desk, and a group with a desk of its own."""

    def __init__(self) -> None:
        self.telegram, self.taken, self.now = Telegram(), Taken(), 0.0
        self.admins = Admins(self.telegram, BOT, clock=lambda: self.now)
        chats = Addresses({CHAT: "reading", -1002: "music", -1003: "desk", -1004: "alone", -1005: "own"})
        of = {"reading": "desk", "music": "desk", "desk": "desk", "alone": "own", "own": "own"}
        groups = {key: Group(key=key, desk=desk) for key, desk in of.items()}
        vouching = Vouching(self.taken, self.admins, chats, weight)
        self.inlet = Desk(vouching, lambda: groups, vouching.is_admin)

    async def say(self, user: int, text: str, group: str = "reading", **told: Any) -> Any:
        actor = Actor(account=Account(f"telegram:{user}"), name=str(user), admin=True)
        await self.inlet.take([MessagePosted(id="1", at=AT, group=group, actor=actor, message="1", text=text, **told)])
        return self.taken.events[-1]

    async def press(self, user: int, data: str, **told: Any) -> Any:
        actor = Actor(account=Account(f"telegram:{user}"), name=str(user), admin=True)
        await self.inlet.take([ButtonPressed(id="1", at=AT, group="desk", actor=actor, data=data, **told)])
        return self.taken.events[-1]


def test_an_admin_is_asked_for_at_each_weighty_command_and_comes_with_rights():
    async def scene() -> None:
        it = Scene()
        event = await it.say(ADA, "/ban @ana")
        assert (event.actor.admin, event.actor.vouched) == (True, True)
        assert event.actor.rights == {"restrict", "pin"}
        assert event.admins == {Account(f"telegram:{BOT}"), Account(f"telegram:{ADA}")}
        await it.say(ADA, "/ban @ana")
        assert it.telegram.asked == 2

    asyncio.run(scene())


def test_who_was_dismissed_a_second_ago_is_no_admin_any_more():
    async def scene() -> None:
        it = Scene()
        await it.say(ADA, "/ban @ana")
        it.telegram.dismiss(ADA)
        event = await it.say(ADA, "/ban @ana")
        assert (event.actor.admin, event.actor.rights) == (False, frozenset())

    asyncio.run(scene())


def test_without_an_answer_nobody_is_vouched_for():
    async def scene() -> None:
        it = Scene()
        await it.say(ADA, "/ban @ana")
        it.telegram.down = True
        event = await it.say(ADA, "/ban @ana")
        assert (event.actor.admin, event.actor.vouched) == (True, False)

    asyncio.run(scene())


def test_while_telegram_does_not_answer_it_is_not_asked_about_every_order():
    async def scene() -> None:
        it = Scene()
        await it.say(ADA, "/ban @ana")
        it.telegram.down = True
        for _ in range(5):
            event = await it.say(ADA, "/ban @ana")
            assert not event.actor.vouched
        assert it.telegram.asked == 2
        it.now += 6.0
        it.telegram.down = False
        event = await it.say(ADA, "/ban @ana")
        assert event.actor.vouched

    asyncio.run(scene())


def test_an_outage_however_long_is_over_for_an_order_within_half_a_minute():
    async def scene() -> None:
        it = Scene()
        await it.say(ADA, "/ban @ana")
        it.telegram.down = True
        for _ in range(8):
            it.now += 31.0
            await it.say(ADA, "/ban @ana")
        it.telegram.down = False
        it.now += 31.0
        event = await it.say(ADA, "/ban @ana")
        assert event.actor.vouched

    asyncio.run(scene())


def test_about_orders_in_many_groups_telegram_is_asked_at_once_and_once_for_each():
    async def scene() -> None:
        it = Scene()
        ada = Actor(account=Account(f"telegram:{ADA}"), name="Ada", admin=True)
        orders = [
            MessagePosted(id=f"{n}", at=AT, group=group, actor=ada, message=f"{n}", text="/ban @ana")
            for n, group in enumerate(("reading", "music", "alone", "reading", "music", "alone"))
        ]
        words = MessagePosted(id="w", at=AT, group="reading", actor=ada, message="9", text="hello")
        await it.inlet.take([*orders, words])
        assert (it.telegram.asked, it.telegram.most_at_once) == (3, 3)
        assert [event.id for event in it.taken.events] == [*(order.id for order in orders), "w"]
        assert [event.actor.vouched for event in it.taken.events] == [True] * 6 + [False]  # type: ignore[union-attr]

    asyncio.run(scene())


def test_members_who_flood_with_commands_cost_no_calls():
    async def scene() -> None:
        it = Scene()
        await it.say(ADA, "/why @ana")
        for _ in range(100):
            event = await it.say(ANA, "/ban @ada")
        assert (it.telegram.asked, event.actor.admin) == (1, False)

    asyncio.run(scene())


def test_plain_words_pass_as_they_are():
    async def scene() -> None:
        it = Scene()
        event = await it.say(ADA, "hello")
        assert (it.telegram.asked, event.actor.rights, event.admins) == (0, frozenset(), frozenset())

    asyncio.run(scene())


def test_a_command_at_the_desk_is_about_the_line_it_answers_or_the_group_it_names():
    async def scene() -> None:
        it = Scene()
        line = Reply(message="9", data=addressed("undo:1:telegram:20001", "music"))
        answered = await it.say(ADA, "/undo", "desk", reply_to=line)
        assert (answered.group, answered.desk, answered.private) == ("music", True, True)
        assert answered.reply_to.data == "undo:1:telegram:20001"
        named = await it.say(ADA, "/status #reading", "desk")
        assert (named.group, named.text) == ("reading", "/status")
        only = await it.say(ADA, "/status", "own")
        assert only.group == "alone"
        nowhere = await it.say(ADA, "/status", "desk")
        assert nowhere.group == "desk"
        stranger = await it.say(ADA, "/status #alone", "desk")
        assert stranger.group == "desk"

    asyncio.run(scene())


def test_being_an_admin_of_the_desk_makes_nobody_one_of_the_group():
    async def scene() -> None:
        it = Scene()
        said = await it.say(ANA, "/ban @ben #reading", "desk")
        pressed = await it.press(ANA, addressed("undo:1:telegram:20001", "reading"))
        assert (said.actor.admin, pressed.actor.admin, pressed.group) == (False, False, "reading")
        trusted = await it.press(ADA, addressed("undo:1:telegram:20001", "reading"), topic="7")
        assert (trusted.actor.admin, trusted.actor.vouched, trusted.topic) == (True, True, None)

    asyncio.run(scene())
