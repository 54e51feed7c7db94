"""A home served over loopback: members are answered, and nothing is lost when the process ends and begins anew."""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.sql import open_store
from adapters.sql.connections import SqlConnections
from config.home import load
from jobs.serve.at_work import Serving
from jobs.serve.clock import SystemClock
from jobs.serve.refusing import CannotServe
from jobs.serve.serving import serving
from jobs.serve.telegram import TelegramBot
from tests.serve.scene import ENTRY, MORNING, ONBOARDING, Scene, scene
from tests.support.botapi.model import ALL_RIGHTS, Bot, Chat
from tests.support.patience import PATIENCE, eventually
from tests.support.ports import HeldPort


async def test_a_check_in_is_answered_once(tmp_path: Path):
    with scene(tmp_path) as here:
        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            here.li.posts(here.group, "hello")
            here.li.posts(here.group, "打卡")
            await eventually(lambda: len(here.said()) == 2)
        assert here.server.violations == []
        assert here.server.off_spec == []
        assert len(here.server.calls_of("sendMessage", chat=here.group.id)) == 2


async def test_onboarding_by_buttons(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write(ONBOARDING)
        chen = here.world.person("Chen", language="en")
        async with here.served():
            chen.joins(here.group)
            await here.hears("What do you want to learn?")
            question = here.group.said_by(here.bot)[-1]
            chen.presses(question, "Guitar")
            await here.hears("All set")
            here.li.presses(question, "Guitar")
            await eventually(lambda: len(here.bot.answers) == 2)
        tags = {member.name: member.tags for member in books(here.home).people("reading")}
        assert tags["Chen"] == {"track:guitar"}
        assert not tags.get("Li")


async def test_a_restart_keeps_everything_and_repeats_nothing(tmp_path: Path):
    with scene(tmp_path) as here:
        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
        before = here.said()
        here.li.posts(here.group, "while nobody was there")
        here.wang.posts(here.group, "打卡")
        async with here.served():
            await here.hears("Wang")
            here.li.posts(here.group, "打卡")
            await eventually(lambda: len(here.said()) == 3)
        assert here.said()[:1] == before
        points = [entry.amount for entry in books(here.home).facts("reading") if entry.kind == "points"]
        assert points == [5, 5]


async def test_what_was_written_while_nobody_served_is_heard_before_the_clock_rings(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write(ENTRY)
        chen = here.world.person("Chen", language="en")
        private = here.world.private(here.bot, chen)
        async with here.served():
            chen.asks_to_join(here.group)
            await here.hears("Why?", private)
        chen.writes(here.bot, "to read with all of you")  # in time, and the time is over before anybody hears it
        past = int(SystemClock().now().timestamp() * 1_000_000) - 1_000_000
        with closing(sqlite3.connect(here.home / "data" / "yaji.sqlite3")) as rows, rows:
            moved = rows.execute("UPDATE timers SET at = ?, ring_at = ? WHERE workflow = 'onboarding'", (past, past))
            assert moved.rowcount == 1
        async with here.served():
            await eventually(lambda: here.server.calls_of("approveChatJoinRequest"))
        assert here.server.calls_of("declineChatJoinRequest") == []


async def test_a_start_is_no_promotion_where_the_bot_was_an_admin_already(tmp_path: Path):
    with scene(tmp_path) as here:
        before = int(SystemClock().now().timestamp())
        async with here.served() as at_work:
            bot = at_work.connections["main"]
            assert isinstance(bot, TelegramBot)
            assert bot.admins.since[here.group.id] >= before
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
        async with here.served() as at_work:
            bot = at_work.connections["main"]
            assert isinstance(bot, TelegramBot)
            assert bot.admins.since == {here.group.id: 0}


async def test_privacy_mode_is_what_it_was_when_the_bot_came_whatever_botfather_says_at_a_restart(tmp_path: Path):
    with scene(tmp_path) as here:
        plain = here.new_group("Plain")
        here.write(MORNING, groups=f"plain: {{telegram: {plain.id}}}")
        here.wang.adds(here.bot, plain)

        def hears(at_work: Serving) -> bool:
            return "hear" in at_work.connections["main"].abilities.get("plain", ())

        async with here.served() as at_work:
            await here.hears("I still need", plain)
            assert not hears(at_work)
        here.bot.reads_all = True
        async with here.served() as at_work:
            await eventually(lambda: "plain" in at_work.connections["main"].abilities)
            assert not hears(at_work), "it was not added anew"
            here.wang.removes(here.bot, plain)
            here.wang.adds(here.bot, plain)
            await eventually(lambda: hears(at_work))
        here.bot.reads_all = False
        async with here.served() as at_work:
            await eventually(lambda: hears(at_work))
            here.li.posts(plain, "打卡")
            await here.hears("Li", plain)


async def test_what_the_group_lacks_is_said_in_the_group_once(tmp_path: Path):
    with scene(tmp_path) as here:
        plain = here.new_group("Plain")
        here.write(
            MORNING
            + "rules: [{id: ads, when: message, words: [], if: 'msg.text == \"ad\"', then: [delete, {mute: 1h}]}]\n",
            groups=f"plain: {{telegram: {plain.id}}}",
        )
        here.wang.adds(here.bot, plain)
        async with here.served():
            await here.hears("I still need", plain)
        async with here.served():
            here.wang.promotes(here.bot, plain, "can_delete_messages", "can_restrict_members")
            await here.hears("Now I can do everything", plain)
        assert len(here.said(plain)) == 2
        assert "“Delete messages”" in here.said(plain)[0]


async def test_a_chat_is_bound_with_a_code_and_served_from_then_on(tmp_path: Path):
    from adapters.sql.directory import SqlDirectory

    with scene(tmp_path) as here:
        new = here.new_group("New", admin=True)
        here.write(MORNING, groups=f"reading: {{telegram: {here.group.id}}}, evening: {{}}")
        async with here.served() as at_work:
            now = at_work.clock.now()
            code = SqlDirectory(at_work.store.pool).make_code("evening", now, now.replace(year=now.year + 1))
            here.li.posts(new, "打卡")
            here.wang.posts(new, f"/bind {code}")
            await here.hears("evening", new)
            here.li.posts(new, "打卡")
            await here.hears("Li", new)
        async with here.served():
            here.wang.posts(new, "打卡")
            await here.hears("Wang", new)


def small(here: Scene, **more: Any) -> Chat:
    """A basic group, which may become a supergroup, and where the bot is an admin; it is the one that is served."""
    group = here.world.group("Small", owner=here.wang)
    here.world.joined(group, here.li)
    here.world.joined(group, here.bot, status="administrator", **more)
    here.write(MORNING, groups=f"small: {{telegram: {group.id}}}")
    return group


async def test_a_group_that_moves_is_served_in_its_new_chat_after_a_restart_too(tmp_path: Path):
    with scene(tmp_path) as here:
        old = small(here)
        async with here.served():
            here.li.posts(old, "打卡")
            await here.hears("Li", old)
            new = here.wang.upgrades(old)
            here.wang.posts(new, "打卡")
            await here.hears("Wang", new)
        async with here.served():
            here.wang.promotes(here.bot, new, "can_delete_messages")
            chen = here.world.person("Chen")
            here.world.joined(new, chen)
            chen.posts(new, "打卡")
            await here.hears("Chen", new)


async def test_a_group_that_moved_while_nobody_served_and_of_which_no_update_tells_is_found(tmp_path: Path):
    with scene(tmp_path) as here:
        old = small(here)
        async with here.served():
            here.li.posts(old, "打卡")
            await here.hears("Li", old)
        new = here.wang.upgrades(old)
        here.bot.queue.clear()  # a day went by
        async with here.served():
            here.wang.posts(new, "打卡")
            await here.hears("Wang", new)
        assert not [text for text in here.said(new) if "not serve" in text]


async def test_an_answer_of_before_a_move_is_not_looked_for_in_the_new_chat(tmp_path: Path):
    with scene(tmp_path) as here:
        old = small(here, rights=ALL_RIGHTS)
        file = here.home / "communities" / "a.yaml"
        file.write_text(file.read_text().replace("community:\n", "community:\n  tidy: true\n"))
        async with here.served():
            here.li.posts(old, "/help")
            await eventually(lambda: bool(old.said_by(here.bot)))
            (answer,) = old.said_by(here.bot)
            new = here.wang.upgrades(old)
            while new.next_message <= answer.id:
                here.wang.posts(new, "good morning")
            for n in range(3):
                here.li.posts(new, "/help")
                await eventually(lambda n=n: len(new.said_by(here.bot)) == n + 1)  # type: ignore[misc]
            first, second, third = new.said_by(here.bot)
            await eventually(lambda: first.deleted and second.deleted)
        assert [one for one in list(new.messages.values()) if one.deleted] == [first, second]
        assert not third.deleted


def with_a_second_bot(here: Scene) -> tuple[Bot, Chat]:
    """Have another bot serve another group of the home."""
    second, other = here.world.bot("second_bot"), here.new_group("Other")
    here.world.joined(other, second, status="administrator")
    (here.home / "yaji.yaml").write_text(
        "platforms:\n  telegram:\n    token: ${env:TELEGRAM_BOT_TOKEN}\n"
        "    bots: {second: {token: '${env:SECOND_TOKEN}'}}\n"
    )
    here.write(MORNING, f"reading: {{telegram: {here.group.id}}}, other: {{telegram: {other.id}, bot: second}}")
    here.environment |= {"SECOND_TOKEN": second.token}
    return second, other


async def test_two_bots_serve_their_own_groups(tmp_path: Path):
    with scene(tmp_path) as here:
        second, other = with_a_second_bot(here)
        async with here.served():
            here.li.posts(here.group, "打卡")
            here.li.posts(other, "打卡")
            await here.hears("Li")
            await eventually(lambda: any("Li" in (message.text or "") for message in other.said_by(second)))
        assert not here.said(other)


async def test_a_bot_whose_token_is_refused_is_not_well_and_is_not_heard_any_more(tmp_path: Path):
    with scene(tmp_path) as here:
        second, other = with_a_second_bot(here)
        async with here.served() as at_work:
            here.li.posts(other, "打卡")
            here.wang.posts(here.group, "打卡")
            await eventually(lambda: any("Li" in (message.text or "") for message in other.said_by(second)))
            await eventually(lambda: at_work.connections["main"].how == "running")
            assert (await at_work.health())["ok"] is True
            await at_work.hearing.look()
            here.li.posts(other, "ends the poll that waits")
            del here.world.bots[second.token]
            bot = at_work.connections["second"]
            await eventually(lambda: not bot.well)
            await at_work.hearing.look()
            heard = at_work.hearing.heard["second"]
            await at_work.hearing.look()
            assert at_work.hearing.heard["second"] == heard
            assert SqlConnections(at_work.store.pool).all()["second"].how == "refused"
            health = await at_work.health()
            stands = {
                "main": {"groups": 1, "updates": "running"},
                "second": {"groups": 1, "updates": "refused"},
            }
            assert (health["ok"], health["bots"]) == (True, stands)
            assert not at_work.failed.is_set()
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            here.li.posts(here.group, "ends the poll that waits")
            del here.world.bots[here.bot.token]
            await asyncio.wait_for(at_work.failed.wait(), PATIENCE)
            assert (await at_work.health())["ok"] is False


@pytest.mark.parametrize("webhook", [False, True])
async def test_a_start_serves_the_bots_whose_token_is_accepted_and_tells_of_the_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, webhook: bool
):
    with scene(tmp_path) as here:
        second, _ = with_a_second_bot(here)
        del here.world.bots[second.token]
        if webhook:
            at = HeldPort().address
            here.environment |= {"YAJI_PUBLIC_URL": f"http://{at}", "YAJI_LISTEN": at}
        async with serving(load(here.home), environment=here.environment, webhook=webhook) as at_work:
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            if webhook:
                async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
                    doors = [await client.post(f"http://{at}/telegram/{name}") for name in ("main", "second")]
                assert [door.status_code for door in doors] == [401, 404]
            leases = {name: courier.serves.is_set() for name, courier in at_work.couriers.items()}
            assert leases == {"main": True, "second": False}
            await at_work.hearing.look()
            health = await at_work.health()
            stands = {
                "main": {"groups": 1, "updates": "delivered" if webhook else "running"},
                "second": {"groups": 1, "updates": "refused"},
            }
            assert (health["ok"], health["bots"]) == (True, stands)
            assert 'yaji_heard{account="second"} 0\n' in await at_work.metrics.text()
            assert SqlConnections(at_work.store.pool).all()["second"].how == "refused"
            assert not at_work.failed.is_set()
        (told,) = (one for one in caplog.records if one.levelno == logging.CRITICAL)
        assert "does not accept the token of the bot second" in told.getMessage()
        assert "SECOND_TOKEN" in told.getMessage()


async def test_a_start_that_waits_for_the_platform_is_well(tmp_path: Path):
    with scene(tmp_path) as here:
        port, nobody = HeldPort(), HeldPort()
        environment = {**here.environment, "TELEGRAM_API_URL": f"http://{nobody.address}"}

        async def start() -> None:
            async with serving(load(here.home), environment=environment, listen=port.address):
                raise AssertionError("served, though Telegram cannot be reached")

        starting = asyncio.create_task(start())
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
                await eventually(lambda: starting.done() or _listens(port.number))
                health = await client.get(f"http://{port.address}/healthz")
            assert (health.status_code, health.json()["ok"], health.json()["bots"]) == (200, True, {})
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)


def _listens(number: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", number)) == 0


async def test_where_no_token_is_accepted_nothing_is_served(tmp_path: Path):
    with scene(tmp_path) as here:
        second, _ = with_a_second_bot(here)
        del here.world.bots[second.token], here.world.bots[here.bot.token]
        with pytest.raises(CannotServe, match="does not accept the token of the bot main"):
            async with here.served():
                pass


async def test_admins_are_told_in_their_own_group_where_nothing_else_runs(tmp_path: Path):
    with scene(tmp_path) as here:
        desk = here.new_group("Desk", admin=True)
        here.write(
            MORNING + "rules: [{id: ads, when: message, if: 'msg.text == \"ad\"', then: [notify: admins]}]\n",
            groups=f"reading: {{telegram: {here.group.id}}}, desk: {{telegram: {desk.id}}}",
        )
        file = here.home / "communities" / "a.yaml"
        file.write_text(file.read_text().replace("  admins:", "  admin_group: desk\n  admins:"))
        async with here.served():
            here.li.posts(desk, "打卡")
            here.li.posts(here.group, "ad")
            await here.hears("a rule matched", desk)
        assert not any("Li" in text and "morning" in text for text in here.said(desk))
        assert not here.said()


async def test_what_is_proposed_at_the_desk_is_done_in_the_group_it_is_about(tmp_path: Path):
    with scene(tmp_path) as here:
        desk = here.new_group("Desk", admin=True)
        eve, boss = here.world.person("Eve", language="en"), here.world.person("Boss", language="en")
        here.world.joined(here.group, eve)
        here.world.joined(desk, boss, status="administrator", rights=ALL_RIGHTS)
        here.write(
            "rules: [{id: ads, when: message, if: 'msg.text == \"ad\"', then: [propose: {mute: 1h}]}]\n",
            groups=f"reading: {{telegram: {here.group.id}}}, desk: {{telegram: {desk.id}}}",
        )
        file = here.home / "communities" / "a.yaml"
        file.write_text(file.read_text().replace("  admins:", "  admin_group: desk\n  admins:"))
        async with here.served():
            eve.posts(here.group, "ad")
            await here.hears("Act on it?", desk)
            question = next(message for message in desk.said_by(here.bot) if "Act on it?" in (message.text or ""))
            boss.presses(question, "✅ Yes")
            await eventually(lambda: len(here.bot.answers) == 1)
            here.wang.presses(question, "✅ Yes")
            await here.hears("Done for Eve", desk)
            await eventually(lambda: here.group.standing(eve).status == "restricted")
        assert len(here.server.calls_of("restrictChatMember")) == 1


async def test_wrong_tokens_are_told_and_nothing_is_served(tmp_path: Path):
    with scene(tmp_path) as here:
        for token, words in (("", "has no token"), ("nonsense", "is no bot token"), ("1:wrong", "does not accept")):
            with pytest.raises(CannotServe, match=words) as refused:
                async with serving(load(here.home), environment=here.environment | {"TELEGRAM_BOT_TOKEN": token}):
                    pass
            assert "TELEGRAM_BOT_TOKEN" in refused.value.told.zh


async def test_a_second_process_on_the_same_home_is_refused(tmp_path: Path):
    with scene(tmp_path) as here:
        async with here.served():
            with pytest.raises(CannotServe, match="already"):
                async with here.served():
                    pass


async def test_a_home_that_has_lost_its_database_is_told_and_a_new_one_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async def tells(here: Scene) -> bool:
        caplog.clear()
        async with here.served():
            return any("yaji.sqlite3 is not there, so a new database is made" in line for line in caplog.messages)

    with scene(tmp_path) as here, caplog.at_level(logging.INFO, logger="yaji.serve"):
        assert [await tells(here), await tells(here)] == [False, False]
        for file in here.home.glob("data/yaji.sqlite3*"):
            file.unlink()
        assert await tells(here)


async def test_the_token_is_in_no_log_line(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with scene(tmp_path) as here:
        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            await asyncio.sleep(0)
        assert caplog.records
        secret = here.bot.token.partition(":")[2]
        assert not [record for record in caplog.records if secret in f"{record.getMessage()} {record.exc_text}"]


def books(home: Path):
    """The store of a home that is served no more."""
    return open_store(f"sqlite:///{home / 'data' / 'yaji.sqlite3'}")
