"""Holding a task while it is done: the lease is short, and prolonged for as long as its holder lives.

Who dies is missed within seconds, however long the work would have taken, and at once by who shares the machine; who
works on keeps what is theirs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from adapters.sql.tasks import Claimed, SqlTasks
from core.errors import StoreBusy, StoreUnavailable

LEASE: Final = timedelta(seconds=4)
BEAT: Final = 1.0
"""Seconds between two signs of life: some may be late or fail, and the lease goes on."""


@contextmanager
def held(tasks: SqlTasks, task: Claimed, now: Callable[[], datetime], beat: float = BEAT) -> Iterator[None]:
    """Prolong the lease of a task as long as this lasts, or until somebody else has claimed it."""
    over = threading.Event()

    def live() -> None:
        while not over.wait(beat):
            with suppress(StoreBusy, StoreUnavailable):
                if not tasks.prolong(task, now() + LEASE):
                    return

    thread = threading.Thread(target=live, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
