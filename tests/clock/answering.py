"""A worker in the process of the tests, which is afterwards as it was: RQ takes signals over and writes into
the environment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from rq.worker import BaseWorker


def worked_off(worker: BaseWorker, level: str = "CRITICAL") -> bool:
    """Let it do all that waits. Whether there was anything."""
    with _as_it_was():
        return bool(worker.work(burst=True, logging_level=level))


@contextmanager
def _as_it_was() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    environment = dict(os.environ)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for name in os.environ.keys() - environment.keys():
            del os.environ[name]
