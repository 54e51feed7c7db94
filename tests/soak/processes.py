"""The processes of a home, quick to start: `python -m tests.soak.processes HOME` reads `scheduler`, `worker` or `serve`
from its input, line by line, forks one for each, and answers with its process id.

They are what `yaji scheduler`, `yaji worker` and `yaji serve` run. Only two spans are shorter than in life: how soon a
timer is rung for again, and Telegram's limits, by which the test server counts, too. With `YAJI_SOAK_STRANGERS` none of
them can tell that another has died, as if each had a machine of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from config import home as homes
from jobs.clock.running import run_scheduler, run_worker, stopped_by_signals
from jobs.serve import at_work, web  # noqa: F401 (imported before the forks, as all that takes long)
from jobs.serve.journal import logged
from jobs.serve.serving import serving
from tests.day.served import scaled
from tests.soak.world import PACE

STRANGERS = "YAJI_SOAK_STRANGERS"
AGAIN_AFTER = timedelta(seconds=float(os.environ.get("YAJI_SOAK_AGAIN_AFTER", "1")))


def told(text: str) -> None:
    print(f"{os.getpid()} {text}", file=sys.stderr, flush=True)


async def _served(home: Path) -> None:
    deployment = homes.load(home)

    async def served() -> None:
        async with serving(deployment, environment=os.environ, language="en", limits=scaled(PACE)) as at_work:
            await at_work.failed.wait()

    work = asyncio.create_task(served())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def live(what: str, home: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    match what:
        case "scheduler":
            with stopped_by_signals() as stop:
                run_scheduler(home, stop, os.environ, told, again_after=AGAIN_AFTER)
        case "worker":
            assert run_worker(home, "timers", os.environ, told)
        case "serve":
            asyncio.run(_served(home))


def main(home: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if os.environ.get(STRANGERS):
        at_work.gone = lambda name: False  # type: ignore[attr-defined]
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                with logged():
                    live(line.strip(), home)
            except BaseException as error:
                told(f"{line.strip()} ended: {error!r}")
            finally:
                os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
