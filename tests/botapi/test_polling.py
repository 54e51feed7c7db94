"""getUpdates: confirming, waiting, conflicts; and an Application of python-telegram-bot that lives on it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import telegram
from telegram.ext import Application, MessageHandler, filters

from tests.botapi.conftest import Stage
from tests.support.patience import PATIENCE, eventually, until


def _ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


def _three(stage: Stage) -> None:
    for n in range(3):
        stage.li.posts(stage.group, str(n))


def test_an_offset_confirms_what_is_below(stage: Stage) -> None:
    _three(stage)
    assert _ids(stage.result("getUpdates")) == [1, 2, 3]
    assert _ids(stage.result("getUpdates", limit=2)) == [1, 2]
    assert _ids(stage.result("getUpdates", offset=3)) == [3]
    assert _ids(stage.result("getUpdates")) == [3]
    assert stage.bot.confirmed == 3


def test_a_negative_offset_forgets_all_but_the_last(stage: Stage) -> None:
    _three(stage)
    assert _ids(stage.result("getUpdates", offset=-1)) == [3]
    assert _ids(stage.result("getUpdates")) == [3]


def test_an_offset_from_the_far_future_confirms_nothing(stage: Stage) -> None:
    _three(stage)
    assert _ids(stage.result("getUpdates", offset=1_000_000)) == [1, 2, 3]


def test_updates_are_kept_for_a_day(stage: Stage) -> None:
    _three(stage)
    stage.clock.passes(86401)
    stage.li.posts(stage.group, "new")
    assert _ids(stage.result("getUpdates")) == [4]


def test_allowed_updates_are_remembered_and_empty_means_default(stage: Stage) -> None:
    stage.result("getUpdates", allowed_updates=["chat_member"])
    stage.li.posts(stage.group, "x")
    stage.world.person("New").joins(stage.group)
    stage.result("getUpdates")
    assert [set(u) - {"update_id"} for u in stage.updates()] == [{"chat_member"}]
    stage.result("getUpdates", allowed_updates=[])
    stage.li.posts(stage.group, "y")
    stage.world.person("New").joins(stage.group)
    assert [set(u) - {"update_id"} for u in stage.updates()] == [{"message"}, {"message"}]


def test_a_long_poll_ends_with_the_first_update(stage: Stage) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(stage.result, "getUpdates", timeout=50)
        until(lambda: len(stage.bot.wake) == 1)
        stage.li.posts(stage.group, "x")
        assert _ids(waiting.result(PATIENCE)) == [1]


def test_a_long_poll_ends_by_itself(stage: Stage) -> None:
    assert stage.result("getUpdates", timeout=1) == []
    assert stage.bot.wake == []


def test_a_second_poller_ends_the_first(stage: Stage) -> None:
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(stage.ask, "getUpdates", timeout=50)
        until(lambda: len(stage.bot.wake) == 1)
        second = pool.submit(stage.ask, "getUpdates", timeout=50)
        answer = first.result(PATIENCE)
        stage.li.posts(stage.group, "x")
        assert _ids(second.result(PATIENCE)["result"]) == [1]
    assert answer["error_code"] == 409
    assert answer["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


def test_no_polling_while_a_webhook_is_set(stage: Stage) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(stage.ask, "getUpdates", timeout=50)
        until(lambda: len(stage.bot.wake) == 1)
        stage.result("setWebhook", url="http://127.0.0.1:9/")
        assert waiting.result(PATIENCE)["description"] == "Conflict: terminated by setWebhook request"
    assert stage.refusal("getUpdates").startswith("Conflict: can't use getUpdates method while webhook is active")
    stage.result("deleteWebhook")
    assert stage.result("getUpdates") == []


def test_updates_encoded_beforehand(stage: Stage) -> None:
    stage.world.enqueue_raw(stage.bot, [b'{"poll_answer":1}', b'{"update_id":9,"poll_answer":2}', b'{"poll_answer":3}'])
    assert _ids(stage.result("getUpdates")) == [1, 9, 10]


def test_text_that_is_no_text(stage: Stage) -> None:
    stage.li.posts(stage.group, "half \ud83d of a pair, \0 and \u202e")
    (update,) = stage.result("getUpdates")
    assert update["message"]["text"] == "half \ud83d of a pair, \0 and \u202e"


def test_an_application_of_python_telegram_bot(stage: Stage) -> None:
    async def echo(update: telegram.Update, context: Any) -> None:
        assert update.message is not None
        await update.message.reply_text(f"你说 {update.message.text}")

    async def run() -> None:
        builder = Application.builder().token(stage.bot.token).base_url(stage.server.base_url)
        application = builder.build()
        application.add_handler(MessageHandler(filters.TEXT, echo))
        async with application:
            await application.start()
            assert application.updater is not None
            await application.updater.start_polling(timeout=1)
            for text in ("一", "二"):
                stage.li.posts(stage.group, text)
            await eventually(lambda: len(stage.group.said_by(stage.bot)) == 2)
            await application.updater.stop()
            await application.stop()

    asyncio.run(run())
    assert [(m.text, m.reply_to.text if m.reply_to else None) for m in stage.group.said_by(stage.bot)] == [
        ("你说 一", "一"),
        ("你说 二", "二"),
    ]


def test_acts_and_calls_from_many_threads_lose_nothing(stage: Stage) -> None:
    people = [stage.world.person(str(n)) for n in range(4)]
    stage.world.joined(stage.group, *people)
    threads = [
        threading.Thread(target=lambda p=person: [p.posts(stage.group, str(n)) for n in range(50)]) for person in people
    ]
    seen: list[int] = []
    for thread in threads:
        thread.start()
    end = time.monotonic() + PATIENCE
    offset = 0
    while len(seen) < 200 and time.monotonic() < end:
        found = stage.result("getUpdates", offset=offset, timeout=1)
        seen += _ids(found)
        offset = seen[-1] + 1 if seen else 0
    for thread in threads:
        thread.join()
    assert seen == list(range(1, 201))
    assert json.loads(stage.bot.history[-1][1])["update_id"] == 200
