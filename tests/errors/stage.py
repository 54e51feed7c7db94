"""A home served over a test server in one loop of leaping time, and what can be seen of it from outside."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Final, NamedTuple

from config.home import load
from core.delivery import State
from core.effects import Effect
from core.ports import OutboxRow, Writes
from jobs.serve.at_work import Serving
from jobs.serve.serving import serving
from tests.errors.leaping import LeapingClock
from tests.support.botapi import BotApiServer, Person, World
from tests.support.botapi.model import Chat, Message
from tests.support.botapi.serving import listening, within
from tests.support.ports import HeldPort

RIGHTS: Final = ("can_delete_messages", "can_restrict_members", "can_invite_users", "can_pin_messages")
PATIENCE: Final = 900.0
"""Seconds on the leaping clock after which something is missing."""
_LOOK: Final = 0.25
_HOME: Final = """\
version: 1
community:
  name: Readers
  timezone: Asia/Shanghai
  languages: [en, zh]
  groups: {{{groups}}}
  admins: [telegram:{admin}]
check_ins:
  morning: {{keywords: [checkin], points: 5, reply: "a word for ${{member.mention}}"}}
rules:
  - {{id: ad, when: message, if: 'msg.text == "an ad"', then: [delete]}}
  - {{id: noise, when: message, if: 'msg.text == "noise"', then: [{{mute: 1h}}]}}
  - {{id: out, when: message, if: 'msg.text == "out"', then: [remove]}}
  - {{id: theft, when: message, if: 'msg.text == "theft"', then: [ban]}}
  - {{id: note, when: message, if: 'msg.text == "of note"', then: [pin]}}
  - {{id: knock, when: join_request, then: [approve]}}
  - {{id: thanks, when: message, if: 'msg.text == "thanks"', then: [{{react: 👍}}]}}
  - {{id: whisper, when: message, if: 'msg.text == "whisper"', then: [{{say: {{text: a word, to: member}}}}]}}
  - {{id: alarm, when: message, if: 'msg.text == "alarm"', then: [{{notify: a word}}]}}
"""


class Row(NamedTuple):
    """A row of the outbox."""

    id: str
    group: str
    kind: str
    state: State
    attempts: int
    unsure: int
    outcome: str

    @property
    def rests(self) -> bool:
        """Whether nothing happens to it any more by itself, or only much later."""
        return self.state not in (State.WAITING, State.SENDING)


class Stage:
    """`wang` owns the groups and is the community's admin, who has begun a chat with the bot; `li` is in all of them.

    Each group has a bot with all rights that are ever asked for. `log` is what the operator reads.
    """

    def __init__(self, folder: Path) -> None:
        self.clock = LeapingClock()
        self.world = World(lambda: self.clock.now().timestamp())
        self.server = BotApiServer(self.world)
        self.server.limits.now = self.world.now
        self.wang = self.world.person("Wang", language="en")
        self.li = self.world.person("Li", language="en")
        self.bot = self.world.bot("yaji_bot")
        self.groups: dict[str, Chat] = {}
        self.home = folder / "home"
        self.log: list[str] = []
        self._made = 0
        self._port = HeldPort()
        self._at_work: Serving | None = None
        self.met(self.wang)

    @property
    def at_work(self) -> Serving:
        assert self._at_work is not None
        return self._at_work

    def found(self, key: str, kind: str = "supergroup") -> Chat:
        """A new group, served from the start."""
        make = self.world.group if kind == "group" else self.world.supergroup
        group = self.groups[key] = make(key.title(), owner=self.wang)
        group.is_forum = kind == "forum"
        self.world.joined(group, self.li)
        self.world.joined(group, self.bot, status="administrator", rights=RIGHTS)
        return group

    def met(self, person: Person) -> None:
        """They began a chat with the bot some time ago."""
        self.bot.met.add(person.id)
        self.world.private(self.bot, person).started = True

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """The server, within reach."""
        listener = listening(self._port.number)
        async with within(self.server, listener):
            yield

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Serving]:
        """The home, served from the moment on when all that is said at the beginning was said."""
        self.write()
        journal = _Journal(self.log)
        log = logging.getLogger("yaji")
        log.addHandler(journal)
        level = log.level
        log.setLevel(logging.INFO)
        try:
            async with AsyncExitStack() as stack:
                environment = {"TELEGRAM_BOT_TOKEN": self.bot.token, "TELEGRAM_API_URL": self.server.url}
                entered = serving(load(self.home), environment=environment, clock=self.clock)
                self._at_work = await stack.enter_async_context(entered)
                await self.until(lambda: len(self.rows()) >= len(self.groups) and all(r.rests for r in self.rows()))
                yield self._at_work
        finally:
            log.removeHandler(journal)
            log.setLevel(level)
            secret = self.bot.token.partition(":")[2]
            assert not [line for line in self.log if secret in line]
            assert self.server.off_spec == []

    def write(self) -> None:
        """The home's files."""
        (self.home / "communities").mkdir(parents=True, exist_ok=True)
        groups = ", ".join(f"{key}: {{telegram: {group.id}}}" for key, group in self.groups.items())
        text = _HOME.format(groups=groups, admin=self.wang.id)
        (self.home / "communities" / "a.yaml").write_text(text, encoding="utf-8")

    def put(self, group: str, *effects: Effect) -> None:
        """What a workflow would have decided, into the outbox."""
        rows = []
        for effect in effects:
            self._made += 1
            id_, kind = f"decided:{self._made}", type(effect).__name__
            expires = getattr(effect, "expires", None)
            rows.append(OutboxRow(id_, self.clock.now(), group, id_, "rules", kind, effect, expires, "telegram"))
        with self.at_work.store.unit() as unit:
            unit.lock([group])
            unit.save(Writes(outbox=rows))
            unit.commit()
        for courier in self.at_work.couriers.values():
            courier.wake()

    async def passes(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

    async def until(self, holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait, on the leaping clock, until something holds."""
        end = self.clock.monotonic() + seconds
        while not holds():
            assert self.clock.monotonic() < end, f"waited in vain: {self.rows()} {self.log}"
            await asyncio.sleep(_LOOK)

    def rows(self, group: str | None = None) -> list[Row]:
        """The outbox, oldest first."""
        file = self.home / "data" / "yaji.sqlite3"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
            found = base.execute(
                "SELECT o.id, g.key, o.kind, o.state, o.attempts, o.unsure, coalesce(o.outcome, '') "
                "FROM outbox o JOIN groups g ON g.id = o.group_id ORDER BY o.seq"
            )
            made = [Row(row[0], row[1], row[2], State(row[3]), *row[4:]) for row in found]
        return [row for row in made if group in (None, row.group)]

    def said(self) -> list[Message]:
        """All that the bot ever said, anywhere."""
        chats: Iterable[Chat] = [*self.world.chats.values(), *self.world.privates.values()]
        return [message for chat in chats for message in chat.said_by(self.bot)]


class _Journal(logging.Handler):
    """What a running process logs, line by line: warnings and what is worse, and who serves."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())
