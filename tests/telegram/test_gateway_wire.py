"""The gateway over loopback, against a Bot API server: what is confirmed, when, and who is let in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from adapters.telegram.actors import BotIdentity
from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import Admins
from adapters.telegram.calls import BotCalls
from adapters.telegram.polling import Fetching, Poller, polling_begun
from adapters.telegram.reception import Reception
from adapters.telegram.seal import Seal
from adapters.telegram.webhook import Door, Webhook, secret_for, webhook_begun
from core.errors import StoreUnavailable
from core.events import BotStanding, GroupMoved, MemberJoined, MessagePosted
from core.memory import MemoryStore
from core.memory_directory import MemoryDirectory
from core.workflow import Group
from tests.support.botapi import ALL_RIGHTS, BotApiServer, Fault, World, serving
from tests.support.patience import PATIENCE, eventually
from tests.telegram.gateway import Clock, Taken
from workflows.catalog import Catalog


class Site:
    """A world that is served, and one process of ours for its bot."""

    def __init__(self, world: World, server: BotApiServer) -> None:
        self.world, self.server = world, server
        self.owner = world.person("Wang", language="zh-hans")
        self.li = world.person("Li", language="zh-hans")
        self.account = world.bot("yaji_bot")
        self.group = world.supergroup("晨读打卡营", owner=self.owner)
        world.joined(self.group, self.li)
        world.joined(self.group, self.account, status="administrator", rights=ALL_RIGHTS)
        self.store = MemoryStore()
        self.directory = MemoryDirectory(self.store)
        self.inlet = Taken()
        self.told: list[Fetching] = []
        self.opened: list[BotCalls] = []

    async def process(self, chats: dict[int, str] | None = None) -> tuple[BotCalls, Reception]:
        """A process that starts: calls and reception over the same store."""
        calls = BotCalls(self.account.token, api_url=self.server.url)
        await calls.open()
        self.opened.append(calls)
        clock, admins = Clock(), Admins(calls, self.account.id)
        served = {self.group.id: "reading"} if chats is None else chats
        addresses = Addresses(served)

        async def refresh() -> None:
            addresses.replace({**served, **{int(chat): group for (_, chat), group in self.store.addresses().items()}})

        reception = Reception(
            calls=calls,
            bot=BotIdentity(id=self.account.id, username="yaji_bot", admins=admins.ids, seal=Seal(b"k" * 32)),
            admins=admins,
            addresses=addresses,
            inlet=self.inlet,
            store=self.store,
            directory=self.directory,
            texts=Catalog.shipped(),
            groups=lambda: {"reading": Group(key="reading"), "salon": Group(key="salon")},
            refresh=refresh,
            now=clock.now,
        )
        return calls, reception

    def poller(self, calls: BotCalls, told: Callable[[Fetching, str], None] | None = None, **options: Any) -> Poller:
        """A poller whose pauses are short, and who writes down how it goes."""
        pause: Callable[[float], Awaitable[None]] = lambda seconds: asyncio.sleep(seconds / 100)  # noqa: E731
        return Poller(calls, told=told or (lambda how, _: self.told.append(how)), pause=pause, **options)

    def texts(self) -> list[str]:
        return [event.text for event in self.inlet.events if isinstance(event, MessagePosted)]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for a condition."""
        await eventually(holds)


def visited(scene: Callable[[Site], Awaitable[None]]) -> None:
    """Play a scene at a new site; at its end every call and answer was by the specification."""

    async def whole(site: Site) -> None:
        try:
            await scene(site)
        finally:
            for calls in site.opened:
                await calls.close()

    world = World()
    with serving(world) as server:
        site = Site(world, server)
        asyncio.run(whole(site))
        assert server.off_spec == []


@asynccontextmanager
async def running(*tasks: Awaitable[None]):
    """Tasks that run for the length of the block."""
    made = [asyncio.ensure_future(task) for task in tasks]
    try:
        yield made
    finally:
        for task in made:
            task.cancel()
        await asyncio.gather(*made, return_exceptions=True)


def test_every_update_arrives_once_and_is_confirmed_after_it_was_stored():
    async def scene(site):
        calls, reception = await site.process()
        await polling_begun(calls)
        for number in range(250):
            site.li.posts(site.group, f"第 {number} 条")
        site.inlet.down = 2
        async with running(site.poller(calls).run(reception.take)):
            await site.until(lambda: site.account.confirmed == site.account.history[-1][0] + 1)
        assert site.texts() == [f"第 {number} 条" for number in range(250)]
        assert site.told == [Fetching.STORE_DOWN, Fetching.RUNNING]

    visited(scene)


def test_killed_before_the_commit_the_next_process_gets_the_same_updates():
    async def scene(site):
        calls, reception = await site.process()
        site.li.posts(site.group, "一")
        reached = asyncio.Event()

        async def dies(good, bad):
            reached.set()
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await site.poller(calls).run(dies)
        assert reached.is_set()
        site.li.posts(site.group, "二")
        calls, reception = await site.process()
        async with running(site.poller(calls).run(reception.take)):
            await site.until(lambda: len(site.texts()) == 2)
        assert site.texts() == ["一", "二"]

    visited(scene)


def test_of_two_pollers_with_one_token_one_waits_and_nothing_is_lost():
    async def scene(site):
        heard: list[tuple[int, Fetching]] = []
        site.server.polling.conflict_pause = 0.0
        pollers = []
        for number in (1, 2):
            calls, reception = await site.process()

            def told(how: Fetching, why: str, number: int = number) -> None:
                heard.append((number, how))

            pollers.append(site.poller(calls, told, long=1).run(reception.take))
        async with running(*pollers):
            await site.until(lambda: Fetching.TAKEN in {how for _, how in heard})
            for number in range(30):
                site.li.posts(site.group, str(number))
                await asyncio.sleep(0.02)
            await site.until(lambda: len(set(site.texts())) == 30)
        assert set(site.texts()) == {str(number) for number in range(30)}
        assert Fetching.UNREACHABLE not in {how for _, how in heard}

    visited(scene)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault("5xx"), id="5xx"),
        pytest.param(Fault("429", retry_after=1), id="429"),
        pytest.param(Fault("drop_before"), id="cut before"),
        pytest.param(Fault("drop_after"), id="cut after"),
        pytest.param(Fault("not_json"), id="not json"),
        pytest.param(Fault("ok_false"), id="200 with ok false"),
    ],
)
def test_trouble_on_the_way_loses_nothing(fault):
    async def scene(site):
        calls, reception = await site.process()
        site.server.faults.add(fault, method="getUpdates", nth=1)
        site.server.faults.add(fault, method="getUpdates", nth=3)
        for number in range(220):
            site.li.posts(site.group, str(number))
        async with running(site.poller(calls).run(reception.take)):
            await site.until(lambda: len(set(site.texts())) == 220)
        assert list(dict.fromkeys(site.texts())) == [str(number) for number in range(220)]

    visited(scene)


def test_joins_are_told_once_where_the_bot_is_an_admin():
    async def scene(site):
        calls, reception = await site.process()
        newcomer, friend = site.world.person("小张"), site.world.person("小陈")
        async with running(site.poller(calls).run(reception.take)):
            await site.until(lambda: bool(site.server.calls_of("getUpdates")))
            site.li.posts(site.group, "大家好")
            await site.until(lambda: len(site.inlet.events) == 1)
            newcomer.joins(site.group)
            site.owner.adds(friend, site.group)
            site.li.posts(site.group, "欢迎")
            await site.until(lambda: len(site.texts()) == 2)
        joins = [event for event in site.inlet.events if isinstance(event, MemberJoined)]
        assert [(join.actor.name, join.added_by_admin) for join in joins] == [("小张", False), ("小陈", True)]

    visited(scene)


@pytest.mark.parametrize("join", ["untold", "first", "last"])
@pytest.mark.parametrize("new_first", [False, True], ids=["old chat first", "new chat first"])
def test_a_group_that_becomes_a_supergroup_is_followed(new_first, join):
    async def scene(site):
        site.account.reads_all = True
        plain = site.world.group("读书会", owner=site.owner)
        site.world.joined(plain, site.li)
        site.world.joined(plain, site.account)
        calls, reception = await site.process({plain.id: "salon"})
        async with running(site.poller(calls).run(reception.take)):
            site.li.posts(plain, "以前")
            new = site.owner.upgrades(plain, new_first=new_first, join=join)
            site.li.posts(new, "以后")
            await site.until(lambda: "以后" in site.texts())
        await reception.close()
        assert not new.said_by(site.account), "it is no stranger"
        assert site.texts() == ["以前", "以后"]
        moves = {(event.old, event.new) for event in site.inlet.events if isinstance(event, GroupMoved)}
        assert moves == {(str(plain.id), str(new.id))}
        assert {event.group for event in site.inlet.events} == {"salon"}

    visited(scene)


def test_a_new_group_is_greeted_once_and_bound_by_its_admin():
    async def scene(site):
        site.account.reads_all = True
        salon = site.world.supergroup("读书沙龙", owner=site.owner)
        calls, reception = await site.process()
        async with running(site.poller(calls).run(reception.take)):
            site.owner.adds(site.account, salon)
            site.owner.promotes(site.account, salon, "can_delete_messages")
            await site.until(lambda: len(salon.said_by(site.account)) == 1)
            code = site.directory.make_code("salon", Clock().now(), Clock().now().replace(year=2099))
            site.owner.posts(salon, f"/bind {code}")
            await site.until(lambda: len(salon.said_by(site.account)) == 2)
            site.owner.posts(salon, "好")
            await site.until(lambda: "好" in site.texts())
        await reception.close()
        assert salon.said_by(site.account)[1].text == "✅ 绑定好了，这里就是 salon 群。"
        (standing,) = [event for event in site.inlet.events if isinstance(event, BotStanding)]
        assert {"delete", "hear"} <= standing.abilities

    visited(scene)


class TestWebhook:
    """Telegram posts to us, over loopback."""

    @asynccontextmanager
    async def served(self, site, handle):
        listener = socket.create_server(("127.0.0.1", 0))
        app = Webhook({"main": Door(secret=secret_for(b"k" * 32, site.account.id), handle=handle)})
        config = uvicorn.Config(app, log_config=None, log_level="critical", lifespan="on", ws="none", access_log=False)
        server = uvicorn.Server(config)
        async with running(server.serve(sockets=[listener])) as (task,):
            await site.until(lambda: server.started)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/telegram/main"
            server.should_exit = True
            await asyncio.wait_for(asyncio.shield(task), PATIENCE)

    def test_updates_are_posted_until_they_are_stored(self):
        async def scene(site):
            site.server.webhooks.first_delay = 0.01
            calls, reception = await site.process()
            refused = 0

            async def handle(good, bad):
                nonlocal refused
                if refused < 1:
                    refused += 1
                    raise StoreUnavailable("disk full")
                await reception.take(good, bad)

            async with self.served(site, handle) as url:
                await webhook_begun(calls, url, secret_for(b"k" * 32, site.account.id))
                for number in range(60):
                    site.li.posts(site.group, str(number))
                await site.until(lambda: len(set(site.texts())) == 60)
                await site.until(lambda: not site.account.queue)
            assert set(site.texts()) == {str(number) for number in range(60)}
            assert refused == 1
            assert site.server.calls_of("setWebhook")[0].params["secret_token"] == secret_for(
                b"k" * 32, site.account.id
            )

        visited(scene)

    def test_a_forger_is_turned_away_and_polling_takes_over(self):
        async def scene(site):
            calls, reception = await site.process()
            async with self.served(site, reception.take) as url:
                async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
                    forged = await client.post(url, content=b'{"update_id":1}' + b" " * 2_000_000)
                    wrong = await client.post(
                        url, content=b'{"update_id":1}', headers={"X-Telegram-Bot-Api-Secret-Token": "x"}
                    )
                assert (forged.status_code, wrong.status_code) == (401, 401)
                await webhook_begun(calls, url, secret_for(b"k" * 32, site.account.id))
            site.li.posts(site.group, "早")
            before = await polling_begun(calls)
            assert before.url.endswith("/telegram/main")
            async with running(site.poller(calls).run(reception.take)):
                await site.until(lambda: "早" in site.texts())

        visited(scene)
