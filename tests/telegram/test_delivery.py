"""Whether updates are delivered is looked at: another address, or posts that fail, are told, and that they go on."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters.telegram.calling import CredentialsRefused
from adapters.telegram.calls import ApiError, NotSent
from adapters.telegram.delivery import LOOK, LOOKS_SOON, SOON, Delivery, DeliveryWatch, host_of
from jobs.serve.telegram import delivery_told
from tests.telegram.gateway import Clock, Telegram

URL = "https://bot.example.org/telegram/main"
BEGUN = 1_000


def info(url: str = URL, waiting: int = 0, **error: object) -> bytes:
    told = {"url": url, "has_custom_certificate": False, "pending_update_count": waiting, **error}
    return json.dumps({"ok": True, "result": told}).encode()


def failed(at: int, waiting: int = 3) -> bytes:
    return info(waiting=waiting, last_error_date=at, last_error_message="Connection refused")


def looked(*answers: bytes | Exception) -> list[tuple[Delivery, str]]:
    """What is told when Telegram answers so, one look after the other."""
    told: list[tuple[Delivery, str]] = []

    async def scene() -> None:
        telegram = Telegram()
        telegram.fails["getWebhookInfo"] = list(answers)
        watch = DeliveryWatch(telegram, URL, since=BEGUN, told=lambda how, why: told.append((how, why)))
        for _ in answers:
            await watch.look()
        assert watch.how is (told[-1][0] if told else Delivery.RUNNING)

    asyncio.run(scene())
    return told


FAILS = (Delivery.FAILING, "Connection refused")
RUNS = (Delivery.RUNNING, "")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        pytest.param([info(), info(waiting=40)], [], id="all is well"),
        pytest.param([info(url="")], [(Delivery.ELSEWHERE, "-")], id="taken away by who polls"),
        pytest.param(
            [info(url="https://other.example/telegram/main?token=secret"), info(url="https://other.example/x"), info()],
            [(Delivery.ELSEWHERE, "other.example"), RUNS],
            id="posted to another address, told once, and again to ours",
        ),
        pytest.param([failed(BEGUN - 5)], [], id="it failed before this process began"),
        pytest.param([failed(BEGUN + 5), failed(BEGUN + 70)], [FAILS], id="it fails, told once"),
        pytest.param([failed(BEGUN + 5, waiting=0)], [], id="it failed once and got through"),
        pytest.param([failed(BEGUN + 5), failed(BEGUN + 5, 9)], [FAILS], id="the next try is minutes away"),
        pytest.param([failed(BEGUN + 5, 9), failed(BEGUN + 5, 4)], [FAILS, RUNS], id="it gets through again"),
        pytest.param([failed(BEGUN + 5), info()], [FAILS, RUNS], id="nothing waits any more"),
        pytest.param(
            [failed(BEGUN + 5), NotSent("getWebhookInfo", "no route"), ApiError("getWebhookInfo", 502, "Bad Gateway")],
            [FAILS],
            id="no answer is no news",
        ),
        pytest.param([b'{"ok":true,"result":"?"}'], [], id="garbage is no news"),
    ],
)
def test_what_is_told(answers, told):
    assert looked(*answers) == told


@pytest.mark.parametrize("how", [Delivery.FAILING, Delivery.ELSEWHERE])
def test_a_watch_that_begins_anew_knows_how_it_stood(how):
    told: list[tuple[Delivery, str]] = []

    async def scene() -> None:
        telegram = Telegram()
        telegram.fails["getWebhookInfo"] = [info()]
        await DeliveryWatch(telegram, URL, since=BEGUN, how=how, told=lambda *now: told.append(now)).look()

    asyncio.run(scene())
    assert told == [RUNS]


@pytest.mark.parametrize(
    ("answers", "behind"),
    [
        pytest.param([info()], [False], id="nothing waits"),
        pytest.param(
            [info(waiting=3), info(waiting=2), info(), info(waiting=9)], [True, True, False, False], id="waits"
        ),
        pytest.param(
            [info(), failed(BEGUN + 5, 9), failed(BEGUN + 5, 4), info()], [False, True, True, False], id="fails"
        ),
        pytest.param([info(), info(url=""), info()], [False, True, False], id="taken away"),
        pytest.param([NotSent("getWebhookInfo", "no route"), info()], [True, False], id="no answer"),
    ],
)
def test_it_is_behind_until_nothing_of_before_waits_at_telegram(answers, behind):
    found: list[bool] = []

    async def scene() -> None:
        telegram = Telegram()
        telegram.fails["getWebhookInfo"] = list(answers)
        watch = DeliveryWatch(telegram, URL, since=BEGUN)
        assert watch.behind is True
        for _ in answers:
            await watch.look()
            found.append(watch.behind)

    asyncio.run(scene())
    assert found == behind


def test_while_it_is_behind_and_updates_come_it_looks_again_soon():
    async def scene() -> None:
        telegram, clock = Telegram(), Clock()
        telegram.fails["getWebhookInfo"] = [
            info(waiting=3), info(), failed(BEGUN + 5, 9), failed(BEGUN + 5, 4), info(),
            ApiError("getWebhookInfo", 401, "Unauthorized"),
        ]  # fmt: skip
        with pytest.raises(CredentialsRefused):
            await DeliveryWatch(telegram, URL, since=BEGUN, pause=clock.pause).run()
        assert clock.pauses == [SOON, LOOK, LOOK, SOON, LOOK]

    asyncio.run(scene())


def test_in_a_busy_group_it_is_behind_until_as_many_were_taken_in_as_had_waited():
    found: list[bool] = []

    async def scene() -> None:
        telegram, taken = Telegram(), 500
        watch = DeliveryWatch(telegram, URL, since=BEGUN, taken=lambda: taken)
        for answer, more in (
            (info(waiting=3), 2), (info(waiting=4), 1), (info(waiting=2), 0),
            (failed(BEGUN + 5, 9), 50), (info(waiting=8), 7), (info(waiting=9), 1), (info(waiting=9), 0),
        ):  # fmt: skip
            telegram.fails["getWebhookInfo"] = [answer]
            await watch.look()
            found.append(watch.behind)
            taken += more

    asyncio.run(scene())
    assert found == [True, True, False, True, True, True, False]


def test_it_does_not_ask_soon_again_where_telegram_wants_to_be_left_alone_or_nothing_moves():
    async def scene() -> None:
        telegram, clock = Telegram(), Clock()
        busy = ApiError("getWebhookInfo", 429, "Too Many Requests", retry_after=100)
        last = ApiError("getWebhookInfo", 401, "Unauthorized")
        telegram.fails["getWebhookInfo"] = [
            busy, *[NotSent("getWebhookInfo", "no route")] * 5, *[info(waiting=3)] * LOOKS_SOON, last
        ]  # fmt: skip
        with pytest.raises(CredentialsRefused):
            await DeliveryWatch(telegram, URL, since=BEGUN, pause=clock.pause).run()
        soon = LOOKS_SOON - 6
        assert clock.pauses == [100, 8, 16, 32, LOOK, LOOK, *[SOON] * soon, *[LOOK] * 6]

    asyncio.run(scene())


def test_it_looks_once_a_minute_until_the_token_is_refused():
    async def scene() -> None:
        telegram, clock = Telegram(), Clock()
        telegram.fails["getWebhookInfo"] = [info(), info(), ApiError("getWebhookInfo", 401, "Unauthorized")]
        with pytest.raises(CredentialsRefused):
            await DeliveryWatch(telegram, URL, since=BEGUN, pause=clock.pause).run()
        assert clock.pauses == [LOOK, LOOK]

    asyncio.run(scene())


def test_a_page_of_a_proxy_says_nothing_about_the_token():
    page = ApiError("getWebhookInfo", 401, "the answer (401) is not the Bot API's", foreign=True)
    assert looked(page, info(url="")) == [(Delivery.ELSEWHERE, "-")]


@pytest.mark.parametrize(("url", "host"), [(URL, "bot.example.org"), ("", "-"), ("nonsense", "-")])
def test_of_an_address_only_the_host_is_shown(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("why", "told", "also"),
    [
        ("Connection refused", "look at the proxy", "请检查 public_url 前面的代理"),
        ("Wrong response from the webhook: 401 Unauthorized", "the same YAJI_SECRET", "用同一个 YAJI_SECRET"),
    ],
)
def test_a_process_that_refuses_what_telegram_posts_is_told_apart_from_a_proxy_that_is_down(why, told, also):
    said = delivery_told(Delivery.FAILING, why)
    assert told in said.en
    assert also in said.zh
    assert why in said.en
    assert why in said.zh
