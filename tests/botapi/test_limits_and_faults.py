"""Limits that are watched or enforced, and faults on order."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.botapi.conftest import Stage
from tests.support.botapi import Fault
from tests.support.patience import PATIENCE, until


def _send(stage: Stage, chat: int | None = None) -> int:
    answer = stage.ask("sendMessage", chat_id=chat or stage.group.id, text="x")
    return int(answer.get("error_code", 200))


def test_a_small_burst_then_one_a_second(stage: Stage) -> None:
    for _ in range(3):
        _send(stage)
    assert stage.server.violations == []
    for _ in range(3):
        stage.clock.passes(1)
        _send(stage)
    assert stage.server.violations == []
    _send(stage)
    assert [v.rule for v in stage.server.violations] == ["chat"]


def test_twenty_a_minute_in_a_group(stage: Stage) -> None:
    for _ in range(21):
        stage.clock.passes(2)
        _send(stage)
    assert [(v.rule, v.count) for v in stage.server.violations] == [("group", 21)]


def test_no_such_limit_in_private(stage: Stage) -> None:
    stage.li.starts(stage.bot)
    for _ in range(21):
        stage.clock.passes(2)
        _send(stage, stage.li.id)
    assert stage.server.violations == []


def test_thirty_a_second_in_all(stage: Stage) -> None:
    people = [stage.world.person(str(n)) for n in range(31)]
    for person in people:
        person.starts(stage.bot)
        _send(stage, person.id)
    assert [v.rule for v in stage.server.violations] == ["overall"]


def test_enforced_limits_refuse_and_are_not_broken(stage: Stage) -> None:
    stage.server.limits.enforce = True
    assert Counter(_send(stage) for _ in range(5)) == {200: 3, 429: 2}
    assert stage.ask("sendMessage", chat_id=stage.group.id, text="x")["parameters"] == {"retry_after": 1}
    stage.clock.passes(1)
    assert _send(stage) == 200
    assert stage.server.violations == []


RAISED: dict[str, tuple[Fault, type[TelegramError], bool]] = {
    "429": (Fault("429", retry_after=3), RetryAfter, False),
    "500": (Fault("5xx", code=500), NetworkError, False),
    "502": (Fault("5xx"), NetworkError, False),
    "403": (Fault("refuse", code=403, description="Forbidden: bot was kicked"), Forbidden, False),
    "400": (Fault("refuse", code=400, description="Bad Request: PEER_ID_INVALID"), BadRequest, False),
    "migrated": (Fault("refuse", code=400, parameters={"migrate_to_chat_id": -100}), ChatMigrated, False),
    "dropped before": (Fault("drop_before"), NetworkError, False),
    "dropped after": (Fault("drop_after"), NetworkError, True),
    "no JSON": (Fault("not_json"), TelegramError, True),
    "slower than the client waits": (Fault("slow", seconds=0.6), TimedOut, True),
}


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # of RetryAfter's type
@pytest.mark.parametrize(("fault", "error", "done"), RAISED.values(), ids=RAISED)
def test_what_python_telegram_bot_makes_of_a_fault(
    stage: Stage, fault: Fault, error: type[TelegramError], done: bool
) -> None:
    stage.server.faults.add(fault, method="sendMessage")

    async def send(bot: telegram.Bot) -> None:
        with pytest.raises(error):
            await bot.send_message(stage.group.id, "x", read_timeout=0.3 if fault.kind == "slow" else PATIENCE)
        await bot.send_message(stage.group.id, "y", read_timeout=PATIENCE)

    stage.with_bot(send)
    until(lambda: len(stage.group.messages) == 1 + done)
    assert sorted(m.text or "" for m in stage.group.messages.values()) == ["x", "y"][not done :]
    assert [call.fault for call in stage.server.calls_of("sendMessage")] == [fault.kind, None]


def test_two_hundred_with_ok_false(stage: Stage) -> None:
    stage.server.faults.add(Fault("ok_false"))
    answer = stage.client.post(f"{stage.server.base_url}{stage.bot.token}/getMe")
    assert (answer.status_code, answer.json()["ok"]) == (200, False)


def test_frozen_until_thawed(stage: Stage) -> None:
    stage.server.faults.add(Fault("frozen"), method="getMe")
    hasty = httpx.Timeout(PATIENCE, read=0.3)
    with httpx.Client(trust_env=False, timeout=hasty) as client, pytest.raises(httpx.ReadTimeout):
        client.post(f"{stage.server.base_url}{stage.bot.token}/getMe")
    until(lambda: stage.server.calls)
    assert not stage.server.calls[0].done
    stage.server.thaw()
    until(lambda: stage.server.calls[0].done)


def test_the_nth_call_in_one_chat(stage: Stage) -> None:
    stage.li.starts(stage.bot)
    stage.server.faults.add(Fault("429"), method="sendMessage", chat=stage.group.id, nth=2)
    chats = (stage.group.id, stage.li.id, stage.group.id, stage.group.id)
    assert [_send(stage, chat) for chat in chats] == [200, 200, 429, 200]


def test_chance_is_seeded(stage: Stage) -> None:
    def struck() -> list[int]:
        stage.server.faults.clear()
        stage.server.faults.add(Fault("429"), method="getMe", probability=0.3, seed=7, times=None)
        return [int(stage.ask("getMe").get("error_code", 200)) for _ in range(20)]

    first = struck()
    assert first == struck()
    assert {200, 429} == set(first)
