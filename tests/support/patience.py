"""How long tests wait for what has to come: far longer than it takes, also on a machine that is busy with other things.

Only what never comes takes that long, so patience costs nothing. Waits that are to end in vain have short bounds of
their own, beside them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 180.0
"""Seconds."""
_LOOK: Final = 0.005


def until(
    holds: Callable[[], object],
    told: Callable[[], str] = lambda: "it",
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Wait until something holds; `told` says what was waited for in vain. `meanwhile` is called between two looks."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited in vain for {told()}"
        meanwhile()
        time.sleep(_LOOK)


async def eventually(holds: Callable[[], object], told: Callable[[], str] = lambda: "it") -> None:
    """`until` for coroutines: others in the loop go on."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited in vain for {told()}"
        await asyncio.sleep(_LOOK)
