"""The server: an ASGI app that takes calls, orders faults, watches limits, checks the specification, keeps a record."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.botapi import control, spec
from tests.support.botapi.arguments import Args, decoded
from tests.support.botapi.errors import Conflict, Refused, bad, too_many
from tests.support.botapi.faults import Fault, Faults
from tests.support.botapi.limits import Limits, Violation
from tests.support.botapi.methods import METHODS, NAMES, SENDS
from tests.support.botapi.model import Bot
from tests.support.botapi.polling import WEBHOOK_ACTIVE, Polling
from tests.support.botapi.webhooks import Webhooks
from tests.support.botapi.world import World

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
MAX_KEPT_PROBLEMS: Final = 200
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))


@dataclass(slots=True, kw_only=True)
class Call:
    """A call that came. `answer` is the result (for getUpdates: how many), or the description of a refusal.

    `done`: whether it took effect. `fault`: the kind that struck, if one did.
    """

    at: float
    bot: int
    method: str
    params: dict[str, Any]
    code: int = 0
    answer: Any = None
    fault: str | None = None
    done: bool = False

    @property
    def chat(self) -> int | None:
        """The chat it is about, if named by number."""
        return _number(self.params.get("chat_id"))


@dataclass(slots=True)
class _Reply:
    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


class BotApiServer:
    """The Bot API over a world. `url` and `base_url` are known once it is served."""

    def __init__(self, world: World, *, check_spec: bool = True, record: bool = True) -> None:
        self.world = world
        self.faults = Faults()
        self.limits = Limits(world.now)
        self.polling = Polling(world)
        self.webhooks = Webhooks(world)
        self.calls: list[Call] = []
        self.records = record
        self.off_spec: list[str] = []
        self.spec_checked = check_spec and spec.whole() is not None
        self.url = ""
        self.cut: Callable[[Scope], None] | None = None
        """Cuts the connection of a request; given by whoever serves."""
        self._thawed: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        if self.spec_checked:
            world.on_update = lambda bot, update: self._note(spec.off_update(update))

    @property
    def base_url(self) -> str:
        """What `telegram.Bot(base_url=…)` wants."""
        return f"{self.url}/bot"

    @property
    def violations(self) -> list[Violation]:
        """Sends beyond Telegram's limits."""
        return self.limits.violations

    def calls_of(self, *methods: str, chat: int | None = None) -> list[Call]:
        """The calls of these methods (all if none), in one chat or all."""
        return [c for c in list(self.calls) if (not methods or c.method in methods) and chat in (None, c.chat)]

    def thaw(self) -> None:
        """Lets frozen calls go on. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._thaw)  # there, a call that is recorded is frozen by now

    def _thaw(self) -> None:
        if self._thawed is not None:
            self._thawed.set()
            self._thawed = None

    async def close(self) -> None:
        """Ends waiting polls, webhooks and frozen calls."""
        self.polling.close()
        self.thaw()
        await self.webhooks.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        self._loop = asyncio.get_running_loop()
        body = await _body(receive)
        path: str = scope["path"]
        if path.startswith("/control/"):
            status, answer = await control.handle(self, scope["method"], path, scope["query_string"], body)
            reply: _Reply | None = _Reply(status, json.dumps(answer, default=control.plain).encode())
        else:
            reply = await self._api(scope, path, body)
        if reply is None:
            await self._hang_up(scope, receive)
            return
        length = str(len(reply.body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length), *reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    async def _hang_up(self, scope: Scope, receive: Receive) -> None:
        if self.cut is None:
            raise RuntimeError("connections can only be cut when served by serving() or as a process")
        self.cut(scope)
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _api(self, scope: Scope, path: str, body: bytes) -> _Reply | None:
        token, _, called = path.removeprefix("/bot").partition("/")
        if not path.startswith("/bot") or not called:
            return _refusal(Refused(404, "Not Found"))
        bot = self.world.bots.get(token)
        if bot is None:
            return _refusal(Refused(401, "Unauthorized" if ":" in token else "Unauthorized: invalid token specified"))
        content_type = next((v.decode() for k, v in scope["headers"] if k == b"content-type"), "")
        name = NAMES.get(called.lower(), called)
        call = Call(at=self.world.now(), bot=bot.id, method=name, params={})
        if self.records:
            self.calls.append(call)
        try:
            call.params = decoded(content_type, scope["query_string"], body)
            if called.lower() not in NAMES:
                raise Refused(404, "Not Found: method not found")
            if self.spec_checked:
                self._note(spec.off_call(name, call.params))
            return await self._faulty(bot, call)
        except Refused as refused:
            call.code, call.answer = refused.code, refused.description
            return _refusal(refused)
        except Exception as error:  # A fault of this server must show in the test, not only in the client.
            self._note([f"{name}: the test server failed: {error!r}"])
            call.code = 500
            return _refusal(Refused(500, "Internal Server Error"))

    async def _faulty(self, bot: Bot, call: Call) -> _Reply | None:
        fault = self.faults.strike(call.method.lower(), call.chat, bot.id) if self.faults.rules else None
        if fault is None:
            return await self._handled(bot, call)
        call.fault = fault.kind
        match fault.kind:
            case "slow":
                await asyncio.sleep(fault.settings.seconds)
            case "frozen":
                self._thawed = self._thawed or asyncio.Event()
                await self._thawed.wait()
            case "drop_before":
                return None
            case "drop_after":
                await self._handled(bot, call)
                return None
            case "not_json":
                await self._handled(bot, call)
                return _Reply(200, b"<html><body>502 Bad Gateway</body></html>")
            case _:
                raise_of(fault, call)
                return _Reply(200, json.dumps({"ok": False, "error_code": 400, "description": "Bad Request"}).encode())
        return await self._handled(bot, call)

    async def _handled(self, bot: Bot, call: Call) -> _Reply:
        args = Args(call.params)
        if call.method == "getUpdates":
            if bot.id in self.webhooks.active:
                raise Conflict(WEBHOOK_ACTIVE)
            found = await self.polling.get_updates(bot, args)
            call.code, call.answer, call.done = 200, len(found), True
            return _Reply(200, b'{"ok":true,"result":[' + b",".join(found) + b"]}")
        if call.method in METHODS:
            if call.method in SENDS and call.chat is not None:
                wait = self.limits.check(bot.id, call.chat)
                if wait:
                    raise too_many(wait)
            with self.world.lock:
                result = METHODS[call.method](self.world, bot, args)
        elif call.method == "getWebhookInfo":
            result = self.webhooks.info(bot)
        else:
            if call.method == "setWebhook" and args.text("url"):
                self.polling.abort(bot, "terminated by setWebhook request")
            if call.method == "deleteWebhook":
                args.params = {k: v for k, v in call.params.items() if k == "drop_pending_updates"}
            result = await self.webhooks.set(bot, args)
        call.code, call.answer, call.done = 200, result, True
        if self.spec_checked:
            self._note(spec.off_answer(call.method, result))
        return _Reply(200, _ENCODER.encode({"ok": True, "result": result}).encode())

    def _note(self, problems: list[str]) -> None:
        if problems and len(self.off_spec) < MAX_KEPT_PROBLEMS:
            self.off_spec += problems


def raise_of(fault: Fault, call: Call) -> None:
    """Raises what a refusing fault says; returns for "ok_false"."""
    settings = fault.settings
    match fault.kind:
        case "429":
            raise too_many(settings.retry_after)
        case "5xx":
            raise Refused(settings.code, settings.description or "Internal Server Error", **settings.parameters)
        case "refuse":
            code = settings.code if settings.code < 500 else 400
            description = settings.description or bad("Chat not found").description
            raise Refused(code, description, **settings.parameters)
        case "ok_false":
            call.code, call.answer = 200, "Bad Request"


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        part = await receive()
        body += bytes(part.get("body", b""))
        if not part.get("more_body"):
            return body


def _refusal(refused: Refused) -> _Reply:
    answer: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    headers = []
    if refused.parameters:
        answer["parameters"] = refused.parameters
    if "retry_after" in refused.parameters:
        headers.append((b"retry-after", str(refused.parameters["retry_after"]).encode()))
    return _Reply(refused.code, json.dumps(answer).encode(), headers)


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
