"""The world of the live benchmark, inside the process of the test server: who is there, what is said, and when.

All times are the server's, in Unix seconds.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import deque
from typing import Any, Final

from benchmarks.traffic import BOT_ID, FIRST_CHAT, updates
from tests.support.botapi import BotApiServer, World
from tests.support.botapi.arguments import Args
from tests.support.botapi.model import ALL_RIGHTS, Bot
from tests.support.botapi.polling import Polling

MEMBERS, GROUPS, RULES = 100_000, 200, 1_000
TOKEN: Final = f"{BOT_ID}:{'benchmark':x<35}"
OTHER_ID: Final = BOT_ID + 1
OTHER_TOKEN: Final = f"{OTHER_ID}:{'benchmark':x<35}"
OTHERS: Final = range(GROUPS, GROUPS + 10)
"""Groups of the other bot, numbered on."""


class Meter(Polling):
    """Knows when each update was queued and first handed out, and when which offset was confirmed."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.queued: dict[tuple[int, int], float] = {}
        self._handed: dict[tuple[int, int], float] = {}
        self._answers: deque[tuple[float, int, list[bytes]]] = deque()
        self.confirmed: list[tuple[float, int, int]] = []

    async def get_updates(self, bot: Bot, args: Args) -> list[bytes]:
        """See `Polling.get_updates`."""
        self.confirmed.append((self.world.now(), bot.id, args.integer("offset")))
        found = await super().get_updates(bot, args)
        self._answers.append((self.world.now(), bot.id, found))
        return found

    def handed(self) -> dict[tuple[int, int], float]:
        """When each update of each bot was handed out first. Worked out when asked for, since a client waits above."""
        while self._answers:
            at, bot, found = self._answers.popleft()
            for raw in found:
                self._handed.setdefault((bot, int(raw[14 : raw.index(b",")])), at)
        return self._handed


def begin(world: World, server: BotApiServer) -> None:
    """Two bots that may do everything in groups of their own; every call is kept."""
    server.records = True
    server.polling = Meter(world)
    owner = world.person("Wang", id=1)
    bots = world.bot("yaji_bot", token=TOKEN, reads_all=True), world.bot("other_bot", token=OTHER_TOKEN, reads_all=True)
    for n in range(OTHERS.stop):
        chat = world.supergroup(f"读书会 {n}", owner=owner)
        del world.chats[chat.id]
        chat.id = FIRST_CHAT - n
        world.chats[chat.id] = chat
        world.joined(chat, bots[n in OTHERS], status="administrator", rights=ALL_RIGHTS)


def _meter(server: BotApiServer) -> Meter:
    meter = server.polling
    assert isinstance(meter, Meter)
    return meter


def _raw(count: int, first: int, seed: int) -> list[bytes]:
    return list(
        updates(
            count,
            members=MEMBERS,
            groups=GROUPS,
            rules=RULES,
            first=first,
            seed=seed,
            begins=int(time.time()) - count // 5,
        )
    )


def queue(world: World, server: BotApiServer, *, count: int, first: int, seed: int) -> None:
    """So many messages from random members of random groups, all at once."""
    world.enqueue_raw(world.bots[TOKEN], _raw(count, first, seed))


def pace(world: World, server: BotApiServer, *, count: int, first: int, seed: int, rate: float) -> None:
    """The same, `rate` a second on average, at random moments. Returns when the last one is queued."""
    meter, bot, chance = _meter(server), world.bots[TOKEN], random.Random(seed)
    at = time.time()
    for number, raw in zip(itertools.count(first), _raw(count, first, seed), strict=False):
        at = max(at + chance.expovariate(rate), time.time() - 1.0)
        time.sleep(max(0.0, at - time.time()))
        meter.queued[bot.id, number] = time.time()
        world.enqueue_raw(bot, [raw])


def command_now_and_then(world: World, server: BotApiServer, *, every: float) -> None:
    """Members of the other bot's groups ask for what the bot answers, one each `every` seconds, until the end."""

    def asking() -> None:
        meter, bot = _meter(server), world.bots[OTHER_TOKEN]
        for number, group in zip(itertools.count(1), itertools.cycle(OTHERS), strict=False):
            chat = FIRST_CHAT - group
            raw = (
                b'{"update_id": %d, "message": {"message_id": %d, "from": {"id": %d, "is_bot": false, "first_name": '
                b'"Li", "language_code": "en"}, "chat": {"id": %d, "title": "Reading", "type": "supergroup"}, '
                b'"date": %d, "text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}}'
            ) % (number, number, 900_000_000 + number, chat, int(time.time()))
            meter.queued[bot.id, number] = time.time()
            world.enqueue_raw(bot, [raw])
            time.sleep(every)

    threading.Thread(target=asking, daemon=True).start()


def told(world: World, server: BotApiServer, *, bot: int, first: int, last: int) -> dict[str, Any]:
    """What is known of a bot's updates from `first` to `last`: when they were handed out, confirmed and answered.

    `unanswered` counts only what `pace` and `command_now_and_then` queued, in seconds until now.
    """
    meter = _meter(server)
    known = meter.handed()
    handed = [known[bot, n] for n in range(first, last + 1) if (bot, n) in known]
    over = [at for at, whose, offset in list(meter.confirmed) if whose == bot and offset > last]
    answers = [
        (number, call.at)
        for call in list(server.calls)
        if call.bot == bot and call.method == "sendMessage" and first <= (number := _answered(call.params)) <= last
    ]
    return {
        "begun": min(handed, default=None),
        "confirmed": min(over, default=None),
        "answers": len(answers),
        "answered": max((at for _, at in answers), default=None),
        "unanswered": _unanswered(meter, bot, first, last, {n for n, _ in answers}),
        "from_handed": [at - known[bot, n] for n, at in answers if (bot, n) in known],
        "from_queued": [at - meter.queued[bot, n] for n, at in answers if (bot, n) in meter.queued],
    }


def _unanswered(meter: Meter, bot: int, first: int, last: int, answered: set[int]) -> list[float]:
    """How long those wait that wait still."""
    asked = [(n, at) for (whose, n), at in list(meter.queued.items()) if whose == bot and first <= n <= last]
    return [time.time() - at for n, at in asked if n not in answered]


def _answered(params: dict[str, Any]) -> int:
    given = Args(params).json("reply_parameters", "reply parameters")
    return int(given["message_id"]) if given else 0
