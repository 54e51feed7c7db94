"""How a process that serves for weeks has its memory looked through for what nobody uses any more."""

from __future__ import annotations

import gc
from typing import Final

RARELY: Final = (50_000, 50, 1_000)
"""Of nearly everything an event makes Python knows by counting when it is not used any more. Looking for the rest, as
often as is usual, took one twentieth of the time of deciding."""


def settle() -> None:
    """What start-up made stays, and need not be gone through again; the rest is looked through rarely."""
    gc.unfreeze()  # of what stayed until now some may have gone
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)


def settle_again() -> None:
    """After a change: what was served before goes, and what is served now stays, in a process that had settled."""
    if gc.get_freeze_count():
        settle()
