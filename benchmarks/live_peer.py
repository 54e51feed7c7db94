"""The peer of the live benchmark: python-telegram-bot with its own Updater and ten handlers.

`python -m benchmarks.live_peer COUNT,COUNT… [--sends] [--concurrent] [--commits FILE [--soon]]` prints the time each
time so many more updates were handled. With `--sends` the last two handlers answer check-ins and messages with a listed
word, as our side does; with `--concurrent` handlers run side by side, which is not the library's default; with
`--commits` they keep in an SQLite file that the update was seen and how much its author said, on the disk before they
end. That is the least that "to commit" can mean: no patterns are looked for, no workflow decides. With `--soon` the
disk is not waited for: what was committed last is lost with the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sqlite3
import time
from typing import Any

from telegram import ReplyParameters, Update
from telegram.ext import Application, CommandHandler, MessageHandler, TypeHandler, filters

from benchmarks.live_world import RULES, TOKEN
from benchmarks.traffic import listed_words
from jobs.serve.heap import settle


class Peer:
    """Counts what it handled."""

    def __init__(self, counts: list[int], *, sends: bool, file: str | None, soon: bool) -> None:
        self._counts = counts
        self._sends = sends
        self._store = _opened(file, soon=soon) if file is not None else None
        self._handled = 0
        self._words = frozenset(listed_words(RULES * 4 // 5))

    async def nothing(self, update: Update, context: object) -> None:
        """A handler that is not meant."""

    async def check_in(self, update: Update, context: object) -> None:
        """The ninth handler."""
        self._keep(update)
        if self._sends:
            await self._answer(update, "✅ 连续第 1 天，+5 分")
        self._count()

    async def rest(self, update: Update, context: object) -> None:
        """The last handler."""
        self._keep(update)
        message = update.effective_message
        if self._sends and message is not None and not self._words.isdisjoint((message.text or "").split(" ")):
            await self._answer(update, "请不要发广告")
        self._count()

    async def _answer(self, update: Update, text: str) -> None:
        message = update.effective_message
        assert message is not None
        reply = ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True)
        await message.reply_text(text, reply_parameters=reply)

    def _keep(self, update: Update) -> None:
        message = update.effective_message
        if self._store is None or message is None or message.from_user is None:
            return
        self._store.execute("BEGIN IMMEDIATE")
        self._store.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (update.update_id, message.date.timestamp()))
        self._store.execute(_SAID, (message.chat_id, message.from_user.id, message.from_user.full_name))
        self._store.execute("COMMIT")

    def _count(self) -> None:
        self._handled += 1
        if self._counts and self._handled == self._counts[0]:
            self._handled = 0
            self._counts.pop(0)
            print(json.dumps({"at": time.time()}), flush=True)


_SAID = "INSERT INTO member VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET name = excluded.name, messages = messages + 1"


def _opened(file: str, *, soon: bool) -> sqlite3.Connection:
    store = sqlite3.connect(file, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute(f"PRAGMA synchronous={'NORMAL' if soon else 'FULL'}")
    store.execute("CREATE TABLE seen (update_id INTEGER PRIMARY KEY, at REAL)")
    store.execute(
        "CREATE TABLE member (chat INTEGER, user INTEGER, name TEXT, messages INTEGER, PRIMARY KEY (chat, user)) "
        "WITHOUT ROWID"
    )
    return store


async def run(counts: list[int], *, sends: bool, concurrent: bool, file: str | None, soon: bool) -> None:
    """Poll and handle until killed."""
    peer = Peer(counts, sends=sends, file=file, soon=soon)
    builder = Application.builder().token(TOKEN).base_url(f"{os.environ['TELEGRAM_API_URL']}/bot")
    app: Application[Any, Any, Any, Any, Any, Any] = builder.concurrent_updates(concurrent).build()
    for command in ("start", "help", "rules", "top", "me"):
        app.add_handler(CommandHandler(command, peer.nothing))
    for pattern in ("^签到$", "^排行$", "^群规$"):
        app.add_handler(MessageHandler(filters.Regex(pattern), peer.nothing))
    app.add_handler(MessageHandler(filters.Regex("^打卡"), peer.check_in))
    app.add_handler(TypeHandler(Update, peer.rest))
    await app.initialize()
    assert app.updater is not None
    await app.updater.start_polling()
    await app.start()
    settle()
    print("serving", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser()
    parser.add_argument("counts", type=lambda given: [int(number) for number in given.split(",")])
    parser.add_argument("--sends", action="store_true")
    parser.add_argument("--concurrent", action="store_true")
    parser.add_argument("--commits", metavar="FILE")
    parser.add_argument("--soon", action="store_true")
    asked = parser.parse_args()
    asyncio.run(run(asked.counts, sends=asked.sends, concurrent=asked.concurrent, file=asked.commits, soon=asked.soon))
