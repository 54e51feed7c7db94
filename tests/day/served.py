"""`python -m tests.day.served --home DIR`: what `yaji serve` runs, on the day's clock, with Telegram's limits scaled.

Nothing else differs: the same composition, signals and log. DAY_CLOCK names the clock's file; DAY_PACE says how many
times faster than Telegram allows messages may go. The test server counts by the same measure.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
from pathlib import Path

from config import home as homes
from core.pacing import Limits
from jobs.serve import hearing
from jobs.serve.journal import logged
from jobs.serve.serving import serving
from tests.day.clock import DayClock


def scaled(pace: float) -> Limits:
    """Telegram's limits, `pace` times as fast."""
    real = Limits()
    assert real.chat_gap is not None
    return Limits(
        overall_span=real.overall_span / pace,
        slack=real.slack / pace,
        chat_gap=real.chat_gap / pace,
        group_span=real.group_span / pace,
    )


async def _served(home: Path, webhook: bool | None) -> None:
    clock = DayClock(Path(os.environ["DAY_CLOCK"]))
    pace = float(os.environ["DAY_PACE"])
    limits = scaled(pace)
    # The clock leaps, and looks are real: a day must not pass between two of them.
    vars(hearing).update(LOOK=hearing.LOOK / pace, SOON=hearing.SOON / pace)
    deployment = homes.load(home)

    async def served() -> None:
        async with serving(
            deployment, environment=os.environ, language="en", webhook=webhook, clock=clock, limits=limits
        ) as at_work:
            await at_work.failed.wait()

    work = asyncio.create_task(served())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def main() -> None:
    """Serve until told to stop."""
    options = argparse.ArgumentParser(prog="python -m tests.day.served", description=__doc__)
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--webhook", action="store_true")
    given = options.parse_args()
    with logged():
        asyncio.run(_served(given.home, given.webhook or None))


if __name__ == "__main__":
    main()
