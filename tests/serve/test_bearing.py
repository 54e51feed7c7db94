"""Whom an order names by a username is asked of Telegram first; whoever gave it up is not acted on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.telegram.addresses import Addresses
from adapters.telegram.calls import ApiError, NotSent
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Group
from jobs.serve.bearing import Bearing
from tests.commands.group import ADA, ALL_RIGHTS, ANA, BEN, Steered, admin
from tests.serve.scene import scene
from tests.support.patience import eventually

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CHAT, MIA = -1001, Account("telegram:10003")
AT_ANA = Actor(account=Account("telegram:@ana"), name="ana", username="ana")


class Telegram:
    """Answers getChatMember with the usernames that it is told."""

    name = "main"

    def __init__(self) -> None:
        self.usernames: dict[int, str | None] = {}
        self.asked: list[int] = []
        self.fails: Exception | None = None

    async def call(
        self, method: str, params: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> bytes:
        assert method == "getChatMember"
        assert params is not None
        assert params["chat_id"] == CHAT
        user = params["user_id"]
        assert isinstance(user, int)
        self.asked.append(user)
        if self.fails is not None:
            raise self.fails
        told: dict[str, Any] = {"id": user, "is_bot": False, "first_name": "x"}
        if (username := self.usernames.get(user)) is not None:
            told["username"] = username
        return msgspec.json.encode({"ok": True, "result": {"status": "member", "user": told}})


class Scene:
    """A steered group in Telegram, with Ana and Ben as the store knows them."""

    def __init__(self, language: Any = "en") -> None:
        self.store = MemoryStore()
        self.group = Steered(language, store=self.store)
        self.telegram = Telegram()
        self.telegram.usernames = {20001: "Ana", 20002: "Ben"}
        groups = {"g": Group(key="g", moderators=frozenset((MIA,)))}
        self.bearing = Bearing(self.telegram, Addresses({CHAT: "g"}), self.store, lambda: groups)

    def meant(self, mention: Actor, by: Actor = ADA) -> Actor:
        order = MessagePosted(id="1", at=AT, group="g", actor=by, message="1", text="/ban @ana", mentions=(mention,))
        ((found,),) = [one.mentions for one in asyncio.run(self.bearing.of((order,)))]
        return found


def test_who_bears_the_username_is_meant():
    it = Scene()
    known = replace(AT_ANA, account=ANA.account, name="Ana")
    assert it.meant(known) == known
    assert it.meant(AT_ANA) == known
    assert it.telegram.asked == [20001, 20001]


@pytest.mark.parametrize("now", [None, "ana_new"])
def test_whoever_gave_it_up_is_not_meant(now):
    it = Scene()
    it.telegram.usernames[20001] = now
    for mention in (AT_ANA, replace(AT_ANA, account=ANA.account, name="Ana")):
        assert it.meant(mention) == replace(AT_ANA, name="Ana", vouched=True)


def test_who_is_only_called_like_it_is_not_meant():
    it = Scene()
    it.group.says(replace(ANA, username=""), "早")
    it.telegram.usernames[20001] = None
    assert it.meant(AT_ANA) == replace(AT_ANA, name="Ana", vouched=True)


def test_who_took_it_without_a_word_is_meant_as_soon_as_telegram_says_so():
    it = Scene()
    it.group.says(replace(ANA, username=""), "早")
    assert it.meant(AT_ANA) == replace(AT_ANA, account=ANA.account, name="Ana")


def test_a_username_that_nobody_is_known_by_is_not_asked_about():
    it = Scene()
    stranger = replace(AT_ANA, account=Account("telegram:@anna"), name="anna", username="anna")
    assert it.meant(stranger) == stranger
    assert it.telegram.asked == []


@pytest.mark.parametrize(
    "failed", [NotSent("getChatMember", "no way"), ApiError("getChatMember", 400, "Bad Request: user not found")]
)
def test_where_telegram_does_not_say_what_is_known_counts(failed):
    it = Scene()
    it.telegram.fails = failed
    assert it.meant(AT_ANA) == replace(AT_ANA, account=ANA.account, name="Ana")


def test_orders_of_moderators_are_looked_at_and_members_cost_no_calls():
    it = Scene()
    it.telegram.usernames[20001] = None
    assert it.meant(AT_ANA, by=Actor(account=MIA, name="Mia")).vouched
    assert it.meant(AT_ANA, by=BEN) == AT_ANA
    assert it.telegram.asked == [20001]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "@ana is not the username of Ana any more, so nothing was done. "
            "Answer a message of whom you mean, or write their number.",
        ),
        ("zh", "@ana 现在不是 Ana 的用户名，这次什么都没有做。请回复那位的消息，或者写 TA 的数字 ID。"),
    ],
)
@pytest.mark.parametrize("command", ["/ban", "/mute", "/kick", "/warn", "/unban"])
def test_then_nothing_is_done_and_the_admin_reads_why(language, words, command):
    group = Steered(language)
    group.says(ADA, f"{command} @ana 30m spam", mentions=(replace(AT_ANA, name="Ana", vouched=True),))
    assert group.told() == [words]
    assert group.ledger("warning") == 0


def test_a_number_is_acted_on_whatever_the_reason_mentions():
    group = Steered("en")
    gone = replace(AT_ANA, name="Ana", vouched=True)
    group.says(admin(10002, "Ada", *ALL_RIGHTS), "/mute 20002 1h rude to @ana", mentions=(gone,))
    assert group.told() == ["✅ Ben is muted for 1 h. Why: rude to @ana"]


def test_served_a_former_holder_is_neither_banned_nor_muted(tmp_path: Path):
    async def served() -> None:
        with scene(tmp_path) as here:
            ana, bob = (here.world.person(name, username=name.lower(), language="en") for name in ("Ana", "Bob"))
            for one in (ana, bob):
                here.world.joined(here.group, one)
            async with here.served():
                ana.posts(here.group, "checkin")
                await here.hears("Ana")
                ana.username, bob.username = "ana_new", "ana"
                here.wang.posts(here.group, "/ban @ana spam")
                await here.hears("@ana is not the username of Ana any more")
                bob.posts(here.group, "checkin")
                await here.hears("Bob")
                here.wang.posts(here.group, "/mute @ana 1h spam")
                await here.hears("Bob is muted for 1 h")
                await eventually(lambda: here.server.calls_of("restrictChatMember"))
            assert not here.server.calls_of("banChatMember")
            muted = [call.params["user_id"] for call in here.server.calls_of("restrictChatMember")]
            assert muted == [str(bob.id)]

    asyncio.run(served())
