"""Webhooks of the test server: the secret, repetition, order."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.botapi.conftest import Stage
from tests.support.patience import PATIENCE, until


class Hook:
    """Takes posts; the first `refusals` of them are answered with 500. `held`: texts whose answer is withheld."""

    def __init__(self) -> None:
        self.got: list[tuple[str | None, dict[str, Any]]] = []
        self.refusals = 0
        self.held = threading.Event()
        self.held.set()
        self.most_at_once = self.now_open = 0
        self.lock = threading.Lock()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with hook.lock:
                    hook.got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], update))
                    refuse = hook.refusals > 0
                    hook.refusals -= refuse
                    hook.now_open += 1
                    hook.most_at_once = max(hook.most_at_once, hook.now_open)
                hook.held.wait(PATIENCE)
                with hook.lock:
                    hook.now_open -= 1
                self.send_response(500 if refuse else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in list(self.got)]


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    made.thread.start()
    yield made
    made.held.set()
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def test_updates_come_with_the_secret_and_are_then_gone(stage: Stage, hook: Hook) -> None:
    stage.li.posts(stage.group, "waiting")
    stage.result("setWebhook", url=hook.url, secret_token="s3cret_-")
    stage.li.posts(stage.group, "new")
    until(lambda: hook.texts == ["waiting", "new"])
    assert {secret for secret, _ in hook.got} == {"s3cret_-"}
    until(lambda: stage.result("getWebhookInfo")["pending_update_count"] == 0)
    stage.result("deleteWebhook")


def test_what_is_not_taken_comes_again(stage: Stage, hook: Hook) -> None:
    stage.server.webhooks.first_delay = 0.02
    hook.refusals = 3
    stage.result("setWebhook", url=hook.url)
    stage.li.posts(stage.group, "a")
    until(lambda: hook.texts == ["a"] * 4)
    assert {update["update_id"] for _, update in hook.got} == {1}
    info = stage.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    stage.result("deleteWebhook")


def test_one_chat_in_order_and_several_at_once(stage: Stage, hook: Hook) -> None:
    hook.held.clear()
    others = [stage.world.supergroup(str(n), owner=stage.owner) for n in range(3)]
    stage.result("setWebhook", url=hook.url, max_connections=3)
    for group in others:
        stage.world.joined(group, stage.bot, status="administrator")
        for n in range(2):
            stage.owner.posts(group, f"{group.title}.{n}")
    until(lambda: hook.now_open == 3)
    assert sorted(hook.texts) == ["0.0", "1.0", "2.0"]
    hook.held.set()
    until(lambda: len(hook.got) == 6)
    for title in "012":
        assert [t for t in hook.texts if t.startswith(title)] == [f"{title}.0", f"{title}.1"]
    assert hook.most_at_once <= 3
    stage.result("deleteWebhook")


def test_pending_updates_can_be_dropped(stage: Stage) -> None:
    stage.li.posts(stage.group, "old")
    stage.result("deleteWebhook", drop_pending_updates=True)
    assert stage.updates() == []


def test_addresses_and_secrets_that_telegram_refuses(stage: Stage) -> None:
    https = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    assert stage.refusal("setWebhook", url="http://example.org/") == https
    unallowed = "Bad Request: secret token contains unallowed characters"
    assert stage.refusal("setWebhook", url="https://example.org/", secret_token="a b") == unallowed
