"""A bot's reception with doubles around it: Telegram as seen through calls, an inlet, a clock that only tests move."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.telegram.actors import BotIdentity
from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import Admins
from adapters.telegram.calls import ApiError, CallFailed
from adapters.telegram.reception import Reception
from adapters.telegram.seal import Seal
from adapters.telegram.updates import Unreadable, Update, updates_in
from core.directory import numbered_on
from core.engine import Engine
from core.errors import StoreUnavailable
from core.events import Event, MemberJoined, MemberLeft
from core.memory import MemoryStore
from core.memory_directory import MemoryDirectory
from core.people import Account, Actor
from core.workflow import Group
from tests.telegram.payloads import GROUP, NOON, OURS
from workflows.catalog import Catalog

CHAT = int(str(GROUP["id"]))
Json = dict[str, Any]


class Clock:
    """Stands until somebody waits by it; then it is later at once."""

    def __init__(self) -> None:
        self.at = datetime.fromtimestamp(NOON, UTC)
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Telegram:
    """Implements the calls of one bot: keeps updates until they are confirmed, knows who is an admin or a member.

    What is put into `fails[method]` is raised by the next calls, one after another.
    """

    name = "main"

    def __init__(self) -> None:
        self.waiting: list[Json] = []
        self.admins: dict[int, list[Json]] = {}
        self.members: dict[tuple[int, int], Json] = {}
        self.linked: dict[int, int] = {}
        self.reads_all = False
        self.fails: dict[str, list[Exception | bytes]] = defaultdict(list)
        self.made: list[tuple[str, Mapping[str, object]]] = []
        self.idle = asyncio.Event()

    async def call(
        self, method: str, params: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> bytes:
        params = {name: value for name, value in (params or {}).items() if value is not None}
        self.made.append((method, params))
        await asyncio.sleep(0)
        if self.fails[method]:
            failing = self.fails[method].pop(0)
            if isinstance(failing, bytes):
                return failing
            raise failing
        return json.dumps({"ok": True, "result": await self._answer(method, dict(params))}).encode()

    async def _answer(self, method: str, params: Json) -> object:
        match method:
            case "getUpdates":
                return await self._updates(params)
            case "getChatAdministrators":
                return self._known(self.admins, params["chat_id"], "chat not found")
            case "getChatMember":
                return self._known(self.members, (params["chat_id"], params["user_id"]), "user not found")
            case "getChat":
                return {
                    "id": params["chat_id"],
                    "type": "supergroup",
                    "linked_chat_id": self.linked.get(params["chat_id"]),
                }
            case "getMe":
                return {**OURS, "can_read_all_group_messages": self.reads_all}
            case "getWebhookInfo":
                return {"url": "https://old.example/hook", "pending_update_count": 3, "has_custom_certificate": False}
            case _:
                return True

    async def _updates(self, params: Json) -> list[Json]:
        self.waiting = [one for one in self.waiting if one.get("update_id", 1 << 60) >= params.get("offset", 0)]
        if not self.waiting:
            if not params["timeout"]:
                return []
            self.idle.set()
            await asyncio.Event().wait()
        return self.waiting[: params["limit"]]

    def _known(self, held: Mapping[Any, Any], key: object, missing: str) -> object:
        if key not in held:
            raise ApiError("getChat", 400, f"Bad Request: {missing}")
        return held[key]

    def of(self, method: str) -> list[Mapping[str, object]]:
        """The calls of a method."""
        return [params for name, params in self.made if name == method]

    @property
    def said(self) -> list[tuple[object, object]]:
        """What was posted: chat and text."""
        return [(params["chat_id"], params["text"]) for params in self.of("sendMessage")]

    @property
    def answers(self) -> dict[object, object]:
        """Presses that were answered, with the text shown."""
        return {params["callback_query_id"]: params.get("text") for params in self.of("answerCallbackQuery")}


class Taken:
    """An inlet that keeps what it took; `down` is how often it refuses first."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.down = 0

    async def take(self, events: Sequence[Event]) -> None:
        await asyncio.sleep(0)
        if self.down:
            self.down -= 1
            raise StoreUnavailable("the disk is full")
        self.events += events


class Stage:
    """A reception for one group, `reading`, in `CHAT`; its admin is 10002, and the bot is one."""

    def __init__(
        self,
        groups: Mapping[str, Group] | None = None,
        chats: Mapping[int, str] | None = None,
        *,
        shared: bool = False,
    ) -> None:
        self.clock = Clock()
        self.telegram = Telegram()
        self.telegram.admins[CHAT] = [admin(10002), admin(42)]
        self.inlet = Taken()
        self.store = MemoryStore()
        self.directory = MemoryDirectory(self.store)
        self.groups = dict(groups or {"reading": Group(key="reading")})
        self.addresses = Addresses({CHAT: "reading"} if chats is None else chats)
        self.elsewhere: dict[int, str] = {}
        self.refreshed = 0
        self.seal = Seal(b"k" * 32)
        self.served_before: set[int] = set()
        self.admins = Admins(
            self.telegram,
            42,
            shared=shared,
            before=self.served_before.__contains__,
            clock=self.clock.monotonic,
            now=self.clock.now,
        )
        self.bot = BotIdentity(
            id=42,
            username="yaji_bot",
            admins=self.admins.ids,
            admin_since=self.admins.since,
            linked=self.admins.linked,
            named=self.addresses.named,
            seal=self.seal,
        )
        self.reception = self.anew()
        self.number = 100

    def anew(self, **changes: Any) -> Reception:
        """A reception as after a restart, over the same store."""
        options: dict[str, Any] = {
            "calls": self.telegram,
            "bot": self.bot,
            "admins": self.admins,
            "addresses": self.addresses,
            "inlet": self.inlet,
            "store": self.store,
            "directory": self.directory,
            "texts": Catalog.shipped(),
            "groups": lambda: self.groups,
            "refresh": self._refresh,
            "now": self.clock.now,
            "pause": self.clock.pause,
        }
        return Reception(**{**options, **changes})

    async def _refresh(self) -> None:
        """Reads the store again, and what other processes wrote meanwhile."""
        self.refreshed += 1
        for chat, group in self.elsewhere.items():
            self.store.set_address(group, "telegram", str(chat))
        known = self.store.addresses()
        held = {int(address): group for (on, address), group in known.items() if on == "telegram"}
        notes = {group: left for (on, left), group in known.items() if on == numbered_on("telegram")}
        if held:
            self.addresses.replace(held, numbered={group: int(left.split()[0]) for group, left in notes.items()})

    def update(self, **fields: Any) -> Update:
        """The next update."""
        self.number += 1
        good, bad = updates_in(json.dumps({"ok": True, "result": [{"update_id": self.number, **fields}]}).encode())
        assert not bad, bad
        return good[0]

    async def takes(self, *updates: Update, unreadable: Sequence[Unreadable] = ()) -> list[Event]:
        """The events that a batch led to. What is said beside the outbox has been said when this returns."""
        before = len(self.inlet.events)
        await self.reception.take(updates, unreadable)
        await self.reception.asides.settled()
        return self.inlet.events[before:]

    def knows(self, account: str, *, left: bool = False) -> None:
        """Have somebody be a member of the group, or one who left it."""
        who: dict[str, Any] = {"group": "reading", "at": self.clock.now(), "actor": Actor(account=Account(account))}
        gone = [MemberLeft(id=f"left {account}", **who)] if left else []
        Engine(self.store, self.groups).process([MemberJoined(id=f"joined {account}", **who), *gone])

    def known_as(self, **changes: Any) -> None:
        """Change what the bot is known as."""
        self.bot = replace(self.bot, **changes)
        self.reception = self.anew()


def admin(user: int, status: str = "administrator", **rights: bool) -> Json:
    """A ChatMember of an admin."""
    return {"status": status, "user": {"id": user, "is_bot": user == 42, "first_name": "a"}, **rights}


def played(scene: Callable[[Stage], Coroutine[Any, Any, None]], **stage: Any) -> None:
    """Play an asynchronous scene to its end."""

    async def whole() -> None:
        here = Stage(**stage)
        try:
            await scene(here)
        finally:
            await here.reception.close()

    asyncio.run(whole())


__all__ = ["CHAT", "OURS", "CallFailed", "Clock", "Stage", "Taken", "Telegram", "admin", "played"]
