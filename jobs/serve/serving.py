"""A home, served: everything opened in order, and closed whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from adapters.queue.embedded import server_program
from adapters.queue.rings import Link
from adapters.sql import SqlStore
from adapters.sql.clock import SqlClock
from adapters.sql.timekeeping import SqlTimekeeping
from adapters.sql.upkeep import SqlUpkeep
from adapters.telegram.calls import BotCalls, Me
from adapters.telegram.standing import only_of_admins
from adapters.telegram.webhook import Door, Webhook, secret_for
from config.connections import accounts, gateways
from config.home import Deployment
from config.problems import Language, Said
from core.errors import ConfigError
from core.events import Event, MessagePosted
from core.forgetting import Recognise, recogniser
from core.pacing import Limits
from core.people import Account
from jobs.clock.premises import redis_url
from jobs.privacy.remembering import Remembered
from jobs.serve.alone import alone
from jobs.serve.at_work import FAREWELL, Serving
from jobs.serve.clock import Clock, DatabaseClock, SystemClock
from jobs.serve.connection import Connection
from jobs.serve.crew import Crew
from jobs.serve.errands import Errands
from jobs.serve.guard import GuardedClock
from jobs.serve.listening import listening
from jobs.serve.refusing import CannotServe
from jobs.serve.reload import Watch, fingerprint
from jobs.serve.roster import TELEGRAM, WECHAT, Seat, seats_of
from jobs.serve.secret import deployment_secret, is_secret_made
from jobs.serve.standings import standings
from jobs.serve.storing import directory_of, is_file, missing, opened
from jobs.serve.telegram import TelegramBot, connection
from jobs.serve.telegram_entry import TokenRefused, calls_of, delivered, hook_of, introduced, polling
from jobs.serve.upkeep import Dating, tidy
from jobs.serve.ways import Ways
from jobs.tidying import Tidying

if TYPE_CHECKING:
    from jobs.serve.web import Listener
    from jobs.serve.wechat import WeChatAccount

log = logging.getLogger("yaji.serve")

OTHERS_WRITE: Final = 2.0
"""Seconds that an unknown chat waits where updates are delivered to any of several processes."""


@asynccontextmanager
async def serving(
    deployment: Deployment,
    *,
    environment: Mapping[str, str],
    language: Language = "en",
    webhook: bool | None = None,
    listen: str | None = None,
    clock: Clock | None = None,
    limits: Limits | None = None,
    workers: int = 0,
) -> AsyncIterator[Serving]:
    """Serve a home for the length of the block. Raises CannotServe, StoreError.

    `clock` counts for all that is done; unless told, it is the database's own where machines share one, else this
    machine's, guarded. `webhook` says that updates are delivered, whatever the configuration says. `listen` is where
    health and metrics are told (host:port). `limits` are Telegram's own unless told. `workers` are processes for
    digests; with none, this one builds them.
    """
    read = fingerprint(deployment.home)  # starting may take as long as Telegram is away
    ways = Ways.of(deployment, environment, webhook, listen)
    async with AsyncExitStack() as stack:
        stack.enter_context(alone(deployment.home) if is_file(ways.database) else nullcontext())
        if is_secret_made(deployment.home) and (file := missing(deployment, environment)) is not None:
            log.info("%s", _NONE_THERE.filled(file=file).in_(language))
        key = deployment_secret(deployment.home, environment)
        bots = accounts(deployment.settings)
        all_calls = calls_of(bots, environment, ways.api_url)
        listener = stack.enter_context(listening(ways.listen)) if ways.listen is not None else None
        store, recognise = await asyncio.to_thread(opened, deployment, environment), recogniser(key)
        store.recognise_by(recognise)
        stack.push_async_callback(asyncio.to_thread, store.close)
        remembered = Remembered(deployment.home, environment, language)
        await asyncio.to_thread(remembered.apply, store, recognise, datetime.now(UTC))
        if is_file(ways.database):
            # Whoever held leases held the home, too, and is gone: nobody has to wait for them to run out.
            await asyncio.to_thread(SqlUpkeep(store.pool).end_leases)
            # Nor may it have known whether the disk kept what it committed: written into the file, it lasts.
            await asyncio.to_thread(store.empty_log)
        kept = clock if clock is not None else await asyncio.to_thread(_clock_of, store, language)
        at_work = Serving(deployment, store, seats_of(deployment.settings), kept, language, key)
        errands = _errands(at_work, deployment, environment, workers, recognise, remembered)
        stack.push_async_callback(errands.end)
        stack.push_async_callback(at_work.end)  # and once more below, while the calls are still open
        if isinstance(kept, DatabaseClock | GuardedClock):
            at_work.keep("clock", kept.run)
        if isinstance(kept, GuardedClock):
            _guarded(at_work, kept)
        rooms = _rooms(
            at_work, environment, ways, limits, partial(remembered.still_there, recognise=recognise, now=kept.now)
        )
        doors: dict[str, Door] = {}
        if listener is not None:  # it listens before Telegram is told to deliver; until a door is there it answers 404
            site = _site(doors, at_work, rooms, metrics=ways.metrics)
            at_work.keep("web", lambda: site.run_on(listener))
        made: list[TelegramBot] = []
        opening: dict[str, Door] = {}
        for calls in all_calls:
            await calls.open()
            stack.push_async_callback(calls.close)
            bot = await _connected(calls, bots[calls.name].name, key, at_work, ways, limits or Limits())
            made.append(bot)
            if ways.public_url is not None and bot.let_in:
                opening[bot.name] = Door(secret=secret_for(key, bot.me.id), handle=bot.reception.take)
        if not rooms:
            _some_let_in(made)
        every: list[Connection] = [*made, *rooms]
        stack.push_async_callback(_say_goodbye, every)
        stack.push_async_callback(at_work.end)
        stack.callback(errands.ask_to_end)
        await at_work.begin(every)
        if isinstance(kept, GuardedClock) and kept.behind:
            await at_work.arm(back=True)
        doors |= opening  # it is known by now which chats are whose
        at_work.keep("errands", errands.run)
        tidying = Tidying(store, recognise, remembered)
        at_work.keep("tidying", lambda: tidy(tidying, at_work.kept, at_work.clock, at_work.dating.sure))
        for each in every:
            at_work.receive(each)
        stands = at_work.metrics.home_stands
        at_work.keep("home", Watch(deployment.home, read, at_work.use, at_work.clock, language, stands).run)
        yield at_work


def _clock_of(store: SqlStore, language: Language) -> Clock:
    """The clock that counts for all who serve the store."""
    if not store.pool.shared:
        return GuardedClock(SqlTimekeeping(store.pool).newest(), language=language)
    clock = DatabaseClock(SystemClock(), SqlClock(store).now)
    clock.look()
    return clock


def _guarded(at_work: Serving, clock: GuardedClock) -> None:
    """Have all of a process go by the clock, tell it how platforms date things, and mend what a leap of it did."""
    kept = SqlTimekeeping(at_work.store.pool)

    async def noted() -> None:
        await asyncio.to_thread(kept.note_leap, clock.off, clock.now())

    def leapt(by: timedelta) -> None:
        at_work.keep("timers after a leap", partial(at_work.arm, back=by < timedelta()))
        at_work.bell.wake()

    def heard(events: Sequence[Event]) -> None:
        if events and isinstance(events[-1], MessagePosted):  # one of each batch says enough of the time
            clock.heard(events[-1].at)

    at_work.store.pool.clock = clock.now
    at_work.dating = Dating(heard=heard, sure=lambda: clock.sure)
    clock.leapt, clock.went = leapt, lambda: at_work.keep("note of the clock", noted)
    clock.went()


def _errands(
    at_work: Serving,
    deployment: Deployment,
    environment: Mapping[str, str],
    workers: int,
    recognise: Recognise,
    remembered: Remembered,
) -> Errands:
    link = crew = None
    if workers:
        try:
            url = redis_url(deployment.settings, environment)
            if url is not None or server_program() is not None:
                link = Link(url, deployment.home / "data" / "redis")
                crew = Crew(
                    deployment.home, "digests", workers, {**os.environ, **environment}, language=at_work.language
                )
            else:
                log.info("%s", _NO_REDIS.in_(at_work.language))
        except ConfigError as error:
            raise CannotServe(Said(str(error), error.zh)) from None
    return Errands(
        at_work.roster,
        at_work.store,
        at_work.clock,
        recognise,
        link,
        crew,
        language=at_work.language,
        remembered=remembered,
    )


async def _connected(
    calls: BotCalls, variable: str, key: bytes, at_work: Serving, ways: Ways, limits: Limits
) -> TelegramBot:
    """A bot put together, and its updates on their way here; or, if Telegram does not accept its token, only put
    together, so that whoever looks is told of it."""
    refusal, since = None, 0
    try:
        me = await introduced(calls, variable, at_work.clock, at_work.language)
        if ways.public_url is None:
            since = await polling(calls, at_work.clock, at_work.language)
        else:
            since = await delivered(calls, ways.public_url, secret_for(key, me.id), at_work.clock)
    except TokenRefused as refused:
        me, refusal = Me(id=calls.id), refused.told
    return connection(
        calls,
        me,
        since,
        key=key,
        roster=at_work.roster,
        staffed=await asyncio.to_thread(_staffed, at_work),
        hears_in=await asyncio.to_thread(_hears_in, at_work),
        inlet=at_work.inlet,
        store=at_work.store,
        directory=directory_of(at_work.store, at_work.roster.written),
        refresh=at_work.refresh,
        patience=OTHERS_WRITE if ways.public_url is not None and not is_file(ways.database) else 0.0,
        clock=at_work.clock,
        hook=hook_of(calls, ways.public_url) if ways.public_url is not None else "",
        limits=limits,
        refusal=refusal,
    )


def _some_let_in(bots: Sequence[TelegramBot]) -> None:
    """Raises CannotServe if Telegram accepts the token of none of them."""
    refusals = [bot.refusal for bot in bots if bot.refusal is not None]
    if refusals and len(refusals) == len(bots):
        raise CannotServe(refusals[0])


def _staffed(at_work: Serving) -> frozenset[str]:
    """The groups on Telegram where our bot was an admin when it was heard last."""
    kept = standings(at_work.store, sorted(at_work.roster.deployment.groups))
    return frozenset(
        group for (group, platform), stood in kept.items() if platform == TELEGRAM and only_of_admins(stood.abilities)
    )


def _hears_in(at_work: Serving) -> dict[int, bool]:
    """Whether privacy mode was off for our bot, in the chats where it was no admin when it was heard last."""
    kept = standings(at_work.store, sorted(at_work.roster.deployment.groups))
    chats = {group: address for (on, address), group in at_work.store.addresses().items() if on == TELEGRAM}
    return {
        int(chats[group]): "hear" in stood.abilities
        for (group, platform), stood in kept.items()
        if platform == TELEGRAM and stood.present and not only_of_admins(stood.abilities) and group in chats
    }


def _rooms(
    at_work: Serving,
    environment: Mapping[str, str],
    ways: Ways,
    limits: Limits | None,
    forgotten: Callable[[Collection[Account]], Collection[Account]],
) -> list[WeChatAccount]:
    """The accounts of WeChat, none of them connected yet. Raises CannotServe."""
    deployment = at_work.roster.deployment
    written = gateways(deployment.settings)
    policy = deployment.settings.platforms.wechat
    if policy is None or not written:
        return []
    try:
        from jobs.serve.wechat import WeChatAccount, endpoint_of  # noqa: PLC0415 (it needs an optional extra)
    except ModuleNotFoundError:
        raise CannotServe(_NO_WECHAT) from None
    made = []
    for name, gateway in written.items():
        seat = Seat(WECHAT, name)
        made.append(
            WeChatAccount(
                seat,
                endpoint_of(name, gateway, deployment.home, environment),
                policy,
                variable=gateway.token.name,
                roster=at_work.roster,
                inlet=at_work.inlet,
                store=at_work.store,
                directory=directory_of(at_work.store, at_work.roster.written),
                refresh=at_work.refresh,
                settle=partial(at_work.settle, seat.name),
                clock=at_work.clock,
                language=at_work.language,
                shown_at=f"http://{ways.listen}/wechat/{name}" if ways.listen is not None else "",
                limits=limits,
                forgotten=forgotten,
            )
        )
    return made


def _site(doors: Mapping[str, Door], at_work: Serving, rooms: Sequence[WeChatAccount], *, metrics: bool) -> Listener:
    try:
        from jobs.serve.web import Listener, Site  # noqa: PLC0415 (it needs an optional extra)
    except ModuleNotFoundError:
        raise CannotServe(_NO_WEB) from None
    codes = {each.seat.bot: each.code for each in rooms}
    return Listener(Site(Webhook(doors), at_work.health, at_work.metrics.text if metrics else None, codes))


async def _say_goodbye(connections: Sequence[Connection]) -> None:
    closing = asyncio.gather(*(each.farewell() for each in connections), return_exceptions=True)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(closing, FAREWELL)


_NONE_THERE = Said(
    "{file} is not there, so a new database is made, in which nobody is known. If there was one, stop and put it back.",
    "没有 {file}，所以新建一个数据库，里面还谁都不认得。要是原来有，请停下来，把它放回去。",
)
_NO_REDIS = Said(
    "There is no redis-server for this platform and no YAJI_REDIS_URL; digests are built in this process.",
    "这个平台没有 redis-server，也没有设置 YAJI_REDIS_URL；摘要在本进程里生成。",
)
_NO_WECHAT = Said(
    "WeChat needs wechaty; install yaji[wechat] (Python 3.11 or 3.12).",
    "连接微信需要 wechaty；请安装 yaji[wechat]（Python 3.11 或 3.12）。",
)
_NO_WEB = Said(
    "Webhooks and web.listen need uvicorn; install yaji[web].",
    "webhook 和 web.listen 需要 uvicorn；请安装 yaji[web]。",
)
