"""Webhooks: updates posted to the bot's address, in order for each chat, repeated until they are taken."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from tests.support.botapi.arguments import Args
from tests.support.botapi.errors import bad
from tests.support.botapi.model import Bot, Json
from tests.support.botapi.polling import remember_allowed
from tests.support.botapi.world import DAY, World

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{0,256}")
_AT: Final = ("message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member", "message_reaction")


@dataclass(slots=True, kw_only=True)
class Webhook:
    """Where a bot's updates go. `delivered` and `failed` count posts."""

    url: str
    secret: str = ""
    max_connections: int = 40
    task: asyncio.Task[None] | None = None
    delivered: int = 0
    failed: int = 0
    last_error: tuple[int, str] | None = None
    busy: set[str] = field(default_factory=set)
    posts: set[asyncio.Task[None]] = field(default_factory=set)
    under_way: set[int] = field(default_factory=set)
    keys: dict[int, str] = field(default_factory=dict)
    """What each waiting update is kept in order by."""

    def key(self, number: int, raw: bytes) -> str:
        """What an update is kept in order by."""
        if number not in self.keys:
            self.keys[number] = _key(raw)
        return self.keys[number]


class Webhooks:
    """The webhooks of all bots. Lives in the server's loop."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.first_delay = 1.0
        """Seconds before the second repetition; the first is at once, each further one waits twice as long."""
        self.longest_delay = 60.0
        self.timeout = 60.0
        self.active: dict[int, Webhook] = {}

    async def set(self, bot: Bot, args: Args) -> bool:
        """setWebhook and deleteWebhook (no url)."""
        url, secret = args.text("url"), args.text("secret_token")
        where = urlsplit(url)
        if url and where.scheme != "https" and where.hostname not in ("127.0.0.1", "localhost"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not _SECRET.fullmatch(secret):
            raise bad(
                "secret token contains unallowed characters" if len(secret) <= 256 else "secret token is too long"
            )
        await self.stop(bot)
        with self.world.lock:
            if args.flag("drop_pending_updates"):
                bot.queue.clear()
            remember_allowed(bot, args)
        if url:
            connections = min(100, max(1, args.integer("max_connections", 40)))
            webhook = self.active[bot.id] = Webhook(url=url, secret=secret, max_connections=connections)
            webhook.task = asyncio.create_task(self._deliver(bot, webhook))
        return True

    def info(self, bot: Bot) -> Json:
        """getWebhookInfo."""
        webhook = self.active.get(bot.id)
        shape: Json = {
            "url": webhook.url if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(bot.queue),
        }
        if webhook is not None:
            shape["max_connections"] = webhook.max_connections
            if webhook.last_error is not None:
                shape["last_error_date"], shape["last_error_message"] = webhook.last_error
        if bot.allowed is not None:
            shape["allowed_updates"] = sorted(bot.allowed)
        return shape

    async def stop(self, bot: Bot) -> None:
        """Ends a bot's webhook."""
        webhook = self.active.pop(bot.id, None)
        if webhook is not None and webhook.task is not None:
            webhook.task.cancel()
            await asyncio.gather(webhook.task, *webhook.posts, return_exceptions=True)

    async def close(self) -> None:
        """Ends all webhooks."""
        for number in list(self.active):
            await self.stop(next(b for b in list(self.world.bots.values()) if b.id == number))

    async def _deliver(self, bot: Bot, webhook: Webhook) -> None:
        loop = asyncio.get_running_loop()
        news = asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(news.set)

        bot.wake.append(wake)
        limits = httpx.Limits(max_connections=webhook.max_connections)
        try:
            async with httpx.AsyncClient(limits=limits, timeout=self.timeout, verify=False, trust_env=False) as client:
                while True:
                    news.clear()
                    for number, raw, at in self._next(bot, webhook):
                        key = webhook.key(number, raw)
                        webhook.busy.add(key)
                        webhook.under_way.add(number)
                        post = asyncio.create_task(self._post(client, bot, webhook, number, raw, at, key, news))
                        webhook.posts.add(post)
                        post.add_done_callback(webhook.posts.discard)
                    await news.wait()
        finally:
            bot.wake.remove(wake)
            for post in list(webhook.posts):
                post.cancel()

    def _next(self, bot: Bot, webhook: Webhook) -> list[tuple[int, bytes, float]]:
        free = webhook.max_connections - len(webhook.posts)
        out: list[tuple[int, bytes, float]] = []
        waiting = set(webhook.busy)
        with self.world.lock:
            for entry in bot.queue:
                if len(out) >= free:
                    break
                if entry[0] in webhook.under_way:
                    continue
                key = webhook.key(entry[0], entry[1])
                if key not in waiting:
                    out.append(entry)
                waiting.add(key)
        return out

    async def _post(
        self,
        client: httpx.AsyncClient,
        bot: Bot,
        webhook: Webhook,
        number: int,
        raw: bytes,
        at: float,
        key: str,
        news: asyncio.Event,
    ) -> None:
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers[SECRET_HEADER] = webhook.secret
        delay, failures = self.first_delay, 0
        try:
            while self.world.now() - at < DAY:
                error, wait = await _try(client, webhook.url, raw, headers)
                if error is None:
                    webhook.delivered += 1
                    break
                webhook.failed += 1
                webhook.last_error = (int(self.world.now()), error)
                if wait is None and failures:
                    delay = min(self.longest_delay, delay * 2)
                await asyncio.sleep(wait if wait is not None else delay if failures else 0)
                failures += 1
            with self.world.lock:
                for entry in bot.queue:
                    if entry[0] == number:
                        bot.queue.remove(entry)
                        break
                bot.confirmed = max(bot.confirmed, number + 1)
        finally:
            webhook.busy.discard(key)
            webhook.under_way.discard(number)
            webhook.keys.pop(number, None)
            asyncio.get_running_loop().call_soon(news.set)


async def _try(
    client: httpx.AsyncClient, url: str, raw: bytes, headers: dict[str, str]
) -> tuple[str | None, float | None]:
    """Posts once. The error (None if taken) and the seconds that the answer asked to wait."""
    try:
        answer = await client.post(url, content=raw, headers=headers)
    except httpx.TimeoutException:
        return "Read timeout expired", None
    except httpx.HTTPError as error:
        return f"Connection failed: {type(error).__name__}", None
    if answer.is_success:
        return None, None
    wait = answer.headers.get("Retry-After", "")
    return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}", (
        float(wait) if wait.isdigit() else None
    )


def _key(raw: bytes) -> str:
    """What updates are kept in order by: the chat, or the user."""
    update: dict[str, Any] = json.loads(raw)
    for kind, body in update.items():
        if kind == "update_id":
            continue
        if kind in _AT:
            return str(body["chat"]["id"])
        if kind in ("chat_member", "chat_join_request", "callback_query"):
            return f"user {body['from']['id']}"
    return str(update["update_id"])
