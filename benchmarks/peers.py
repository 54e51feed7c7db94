"""The peers: python-telegram-bot dispatching the same updates, bare and as a naive durable bot.

Bare: `json.loads`, `Update.de_json`, `Application.process_update` over ten handlers of which the last matches and does
nothing. Naive: the same library, one ORM commit per update, a loop over compiled patterns, one member row read and
written per update: the bot that most people write first.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from telegram import Update
from telegram.ext import Application, CommandHandler, MessageHandler, TypeHandler, filters
from telegram.request import BaseRequest, RequestData

from benchmarks.traffic import BOT_ID, listed_words, patterns


class _NoNetwork(BaseRequest):
    """Answers getMe and nothing else; the benchmark has no I/O."""

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None:
        return None

    async def shutdown(self) -> None:
        return None

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        me = {"id": BOT_ID, "is_bot": True, "first_name": "Yaji", "username": "yaji_bot"}
        return 200, json.dumps({"ok": True, "result": me}).encode()


def _application() -> Application[Any, Any, Any, Any, Any, Any]:
    return (
        Application.builder()
        .token(f"{BOT_ID}:benchmark")
        .request(_NoNetwork())
        .get_updates_request(_NoNetwork())
        .updater(None)
        .build()
    )


async def _nothing(update: object, context: object) -> None:
    return None


async def _bare(bodies: list[bytes]) -> float:
    app = _application()
    for command in ("start", "help", "rules", "top", "me"):
        app.add_handler(CommandHandler(command, _nothing))
    for pattern in ("^签到$", "^排行$", "^群规$", "^帮助$"):
        app.add_handler(MessageHandler(filters.Regex(pattern), _nothing))
    app.add_handler(TypeHandler(Update, _nothing))
    await app.initialize()
    start = time.perf_counter()
    for body in bodies:
        await app.process_update(Update.de_json(json.loads(body), app.bot))
    return time.perf_counter() - start


def bare(bodies: list[bytes]) -> float:
    """Seconds that python-telegram-bot takes to parse and dispatch the updates to nothing."""
    return asyncio.run(_bare(bodies))


class _Base(DeclarativeBase):
    pass


class _Member(_Base):
    __tablename__ = "member"
    group_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String)
    messages: Mapped[int]
    points: Mapped[int]
    streak: Mapped[int]
    last: Mapped[date | None]


class _Seen(_Base):
    __tablename__ = "seen"
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]


async def _naive(bodies: list[bytes], file: Path, rules: int) -> float:
    words = [re.compile(re.escape(word)) for word in listed_words(rules * 4 // 5)]
    compiled = words + [re.compile(pattern) for pattern in patterns(rules - len(words))]
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    _Base.metadata.create_all(engine)
    session = Session(engine)

    async def handle(update: Update, context: object) -> None:
        message = update.effective_message
        assert message is not None
        assert message.from_user is not None
        user = message.from_user
        member = session.get(_Member, (message.chat_id, user.id))
        if member is None:
            member = _Member(
                group_id=message.chat_id, user_id=user.id, name=user.full_name, messages=0, points=0, streak=0
            )
            session.add(member)
        session.add(_Seen(update_id=update.update_id, at=datetime.now(UTC).replace(tzinfo=None)))
        member.messages += 1
        text = (message.text or "").lower()
        if text.startswith("打卡") and member.last != message.date.date():
            member.points, member.streak, member.last = member.points + 5, member.streak + 1, message.date.date()
        for pattern in compiled:
            if pattern.search(text):
                member.points -= 1
        session.commit()

    app = _application()
    app.add_handler(MessageHandler(filters.ALL, handle))
    await app.initialize()
    start = time.perf_counter()
    for body in bodies:
        await app.process_update(Update.de_json(json.loads(body), app.bot))
    elapsed = time.perf_counter() - start
    session.close()
    engine.dispose()
    return elapsed


def naive(bodies: list[bytes], file: Path, rules: int = 1000) -> float:
    """Seconds that the naive durable bot takes for the updates, with its database in `file`."""
    return asyncio.run(_naive(bodies, file, rules))
