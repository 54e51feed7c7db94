"""The serving process from the command line: its log, its signals, its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Mapping

from config.connections import accounts
from config.home import Deployment
from config.problems import Language, Said
from jobs.serve.heap import settle
from jobs.serve.journal import logged
from jobs.serve.refusing import CannotServe

log = logging.getLogger("yaji.serve")


def run(
    deployment: Deployment,
    *,
    language: Language,
    environment: Mapping[str, str],
    webhook: bool | None = None,
    listen: str | None = None,
    workers: int = 0,
    level: int = logging.INFO,
) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotServe, StoreError."""
    secrets = [secret.read(environment) or "" for secret in accounts(deployment.settings).values()]
    with logged([*secrets, environment.get("YAJI_SECRET", "")], level):
        asyncio.run(_served(deployment, language, environment, webhook, listen, workers))


async def _served(
    deployment: Deployment,
    language: Language,
    environment: Mapping[str, str],
    webhook: bool | None,
    listen: str | None,
    workers: int,
) -> None:
    try:
        from jobs.serve.serving import serving  # noqa: PLC0415 (it needs an optional extra)
    except ModuleNotFoundError:
        raise CannotServe(_NO_TELEGRAM) from None

    async def served() -> None:
        async with serving(
            deployment, environment=environment, language=language, webhook=webhook, listen=listen, workers=workers
        ) as at_work:
            settle()
            await at_work.failed.wait()
            raise at_work.inlet.spoilt or CannotServe(_NOTHING_LEFT)

    work = asyncio.create_task(served())
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt there
            asyncio.get_running_loop().add_signal_handler(number, _stop, work, language)
    with contextlib.suppress(asyncio.CancelledError):
        await work
    log.info("%s", _STOPPED.in_(language))


def _stop(work: asyncio.Task[None], language: Language) -> None:
    """The first signal ends it gently; being asked twice changes nothing."""
    if not work.cancelling():
        log.info("%s", _STOPPING.in_(language))
        work.cancel()


_STOPPING = Said("stopping; what was begun is finished first", "正在停止；先做完手上的事")
_STOPPED = Said("stopped", "停下了")
_NOTHING_LEFT = Said(
    "Telegram accepts none of the tokens any more; nothing can be served.",
    "Telegram 不再认任何一个 token，没有可服务的了。",
)
_NO_TELEGRAM = Said(
    "Telegram needs python-telegram-bot; install yaji[telegram].",
    "连接 Telegram 需要 python-telegram-bot；请安装 yaji[telegram]。",
)
