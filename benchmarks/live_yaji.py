"""Our side of the live benchmark: a home, served as `yaji serve` does. `python -m benchmarks.live_yaji HOME [options]`.

`--mute` sends nothing: what is decided stays in the outbox. `--unpaced` sends as fast as it goes, which Telegram would
not take; the peer does the same. Prints a line when it serves.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from config.home import load
from core.pacing import UNLIMITED
from jobs.serve.heap import settle
from jobs.serve.serving import serving


async def serve(home: Path, *, mute: bool, unpaced: bool) -> None:
    """Serve until killed."""
    async with serving(load(home), environment=os.environ, limits=UNLIMITED if unpaced else None) as at_work:
        if mute:
            await asyncio.gather(*(each.stop() for each in at_work.couriers.values()))
            for each in at_work.couriers.values():
                each.serves.set()  # else nobody would fetch for an account without a courier
        settle()
        print("serving", flush=True)
        await at_work.failed.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(Path(sys.argv[1]), mute="--mute" in sys.argv, unpaced="--unpaced" in sys.argv))
