"""The webhook: nobody without the secret is listened to, and 200 means that it is committed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest

from adapters.telegram.calling import CredentialsRefused
from adapters.telegram.calls import ApiError, CallFailed, NotSent
from adapters.telegram.polling import ALLOWED
from adapters.telegram.webhook import MOST_BYTES, Door, Webhook, secret_for, webhook_begun
from core.errors import StoreBusy, StoreUnavailable
from tests.telegram.gateway import Clock, Telegram
from tests.telegram.payloads import message

SECRET = secret_for(b"k" * 32, 42)
UPDATE = json.dumps({"update_id": 7, "message": message()}).encode()


class Handled:
    """Takes updates; `trouble` is raised instead."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.good: list[Any] = []
        self.bad: list[Any] = []

    async def __call__(self, good, bad):
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble
        self.good += good
        self.bad += bad


class Client:
    """Posts to the app as a server would, and counts how much of the body was asked for."""

    def __init__(self, parts: Iterable[bytes | None] = (UPDATE,)) -> None:
        self.parts = list(parts)
        self.pulled = 0
        self.sent: list[Any] = []

    async def receive(self):
        if not self.parts:
            return {"type": "http.disconnect"}
        part = self.parts.pop(0)
        if part is None:
            await asyncio.Event().wait()
            raise AssertionError
        self.pulled += len(part)
        return {"type": "http.request", "body": part, "more_body": bool(self.parts)}

    async def send(self, event):
        self.sent.append(event)

    @property
    def status(self):
        return self.sent[0]["status"] if self.sent else None

    @property
    def headers(self):
        return dict(self.sent[0]["headers"])


def posted(
    handled: Handled | None = None,
    *,
    parts: Iterable[bytes | None] = (UPDATE,),
    path="/telegram/main",
    method="POST",
    secret: str | None = SECRET,
    headers=(),
    **options,
) -> Client:
    client = Client(parts)
    given = [(b"X-Telegram-Bot-Api-Secret-Token", secret.encode())] if secret is not None else []
    scope = {"type": "http", "path": path, "method": method, "headers": [*given, *headers]}
    app = Webhook({"main": Door(secret=SECRET, handle=handled or Handled())}, **options)
    asyncio.run(app(scope, client.receive, client.send))
    return client


def test_an_update_is_handled_before_it_is_taken():
    async def scene():
        client, order = Client(), []

        async def handle(good, bad):
            await asyncio.sleep(0)
            order.append(("committed", len(client.sent), good[0].update_id))

        app = Webhook({"main": Door(secret=SECRET, handle=handle)})
        headers = [(b"x-telegram-bot-api-secret-token", SECRET.encode())]
        scope = {"type": "http", "path": "/telegram/main", "method": "POST", "headers": headers}
        await app(scope, client.receive, client.send)
        assert order == [("committed", 0, 7)]
        assert client.status == 200

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("options", "status"),
    [
        pytest.param({"path": "/telegram/other"}, 404, id="no such bot"),
        pytest.param({"path": "/main"}, 404, id="another path"),
        pytest.param({"path": "/telegram/main/more"}, 404, id="more behind it"),
        pytest.param({"method": "GET"}, 405, id="not a post"),
        pytest.param({"secret": None}, 401, id="no secret"),
        pytest.param({"secret": ""}, 401, id="an empty secret"),
        pytest.param({"secret": SECRET[:-1] + "x"}, 401, id="a wrong secret"),
        pytest.param({"secret": SECRET + "0"}, 401, id="more than the secret"),
        pytest.param({"headers": [(b"content-length", b"1048577")]}, 413, id="announced too long"),
    ],
)
def test_refused_before_anything_is_read(options, status):
    handled = Handled()
    client = posted(handled, **options)
    assert (client.status, client.pulled, handled.good) == (status, 0, [])


def test_a_get_is_told_what_is_allowed():
    assert posted(method="GET").headers[b"allow"] == b"POST"


def test_a_door_without_a_secret_lets_nobody_in():
    async def scene():
        client = Client()
        app = Webhook({"main": Door(secret="", handle=Handled())})
        headers = [(b"x-telegram-bot-api-secret-token", b"")]
        await app(
            {"type": "http", "path": "/telegram/main", "method": "POST", "headers": headers},
            client.receive,
            client.send,
        )
        assert client.status == 401

    asyncio.run(scene())


def test_of_a_body_that_never_ends_no_more_than_a_megabyte_is_read():
    client = posted(parts=[b" " * 65_536] * 1_000)
    assert client.status == 413
    assert client.pulled <= MOST_BYTES + 65_536


def test_a_body_that_does_not_come_is_not_waited_for_for_ever():
    assert posted(parts=[b'{"upd', None], patience=0.01).status == 408


def test_who_hangs_up_gets_no_answer():
    assert posted(parts=[]).sent == []


@pytest.mark.parametrize("trouble", [StoreUnavailable("disk full"), StoreBusy("locked")], ids=["down", "busy"])
def test_while_nothing_can_be_stored_telegram_is_asked_to_come_again(trouble):
    client = posted(Handled(trouble))
    assert (client.status, client.headers[b"retry-after"]) == (503, b"1")
    assert posted(Handled(trouble), parts=[b"{"]).status == 503


def test_a_bug_is_logged_and_the_update_comes_again(caplog):
    assert posted(Handled(ZeroDivisionError())).status == 500
    assert "could not be handled" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("body", "number"),
    [
        pytest.param(b"{", None, id="broken"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(b'{"update_id":7,"message":{"message_id":"x"}}', 7, id="another shape"),
        pytest.param(b'{"update_id":9,"poll":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 9, id="nested without end"),
        pytest.param(b"[]", None, id="a list"),
    ],
)
def test_what_cannot_be_read_is_set_aside_and_taken_so_that_it_does_not_come_for_ever(body, number):
    handled = Handled()
    assert posted(handled, parts=[body]).status == 200
    (bad,) = handled.bad
    assert (bad.update_id, bad.raw) == (number, body)


def test_a_body_in_pieces_is_one_update():
    handled = Handled()
    assert posted(handled, parts=[UPDATE[:5], UPDATE[5:20], b"", UPDATE[20:]]).status == 200
    assert [one.update_id for one in handled.good] == [7]


def test_it_lives_and_dies_with_its_server_and_takes_nothing_else():
    async def scene():
        steps = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        sent = []

        async def receive():
            return next(steps)

        async def send(event):
            sent.append(event["type"])

        app = Webhook({})
        await app({"type": "lifespan"}, receive, send)
        assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        with pytest.raises(ValueError, match="takes http, not websocket"):
            await app({"type": "websocket"}, receive, send)

    asyncio.run(scene())


def test_every_process_of_a_deployment_has_the_same_secret_and_each_bot_its_own():
    assert secret_for(b"k" * 32, 42) == SECRET
    assert len({SECRET, secret_for(b"k" * 32, 43), secret_for(b"j" * 32, 42)}) == 3
    assert set(SECRET) <= set("0123456789abcdef")
    assert len(SECRET) == 64


class TestBeginning:
    def begun(self, *fails: Exception):
        async def scene():
            telegram, clock = Telegram(), Clock()
            telegram.fails["setWebhook"] = list(fails)
            try:
                await webhook_begun(telegram, "https://bot.example/telegram/main", SECRET, pause=clock.pause)
            finally:
                self.made, self.pauses = telegram.of("setWebhook"), clock.pauses

        asyncio.run(scene())

    def test_telegram_is_told_where_and_what_and_with_which_secret(self):
        self.begun()
        assert self.made == [
            {
                "url": "https://bot.example/telegram/main",
                "secret_token": SECRET,
                "allowed_updates": ALLOWED,
                "max_connections": 40,
                "drop_pending_updates": False,
            }
        ]

    def test_it_is_patient(self):
        self.begun(
            ApiError("setWebhook", 429, "Too Many Requests", retry_after=3.0),
            NotSent("setWebhook", "no route"),
            ApiError("setWebhook", 502, "Bad Gateway"),
            ApiError("setWebhook", 401, "the answer (401) is not the Bot API's", foreign=True),
        )
        assert self.pauses == [3.0, 2.0, 4.0, 8.0]

    def test_a_no_is_a_no(self):
        with pytest.raises(ApiError, match="HTTPS"):
            self.begun(ApiError("setWebhook", 400, "Bad Request: bad webhook: HTTPS url must be provided"))
        with pytest.raises(CredentialsRefused):
            self.begun(ApiError("setWebhook", 401, "Unauthorized"))
        with pytest.raises(CallFailed):
            self.begun(*[NotSent("setWebhook", "no route")] * 6)
        assert len(self.made) == 6
