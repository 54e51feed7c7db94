"""Workers: one queue each, so that RQ moves a ring from list to list and never holds it in a process alone.

Timers run in the worker itself: their rings are short, the store stays open, and a process that dies is
started again by whoever supervises it, while the rows are rung for again. Digests run in a fork: they take long and
draw charts, so one that hangs can be killed and its memory is given back.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import redis

from adapters.queue.connect import said
from adapters.queue.embedded import EmbeddedMissing
from adapters.queue.rings import Link, QueueName, Ring, Work, queue_of

# isort: split
from rq import SimpleWorker, Worker, worker_registration
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker, WorkerStatus

WORKER_LIVES = 30
"""Seconds without a sign of life after which a worker counts as dead. It also bounds how long it waits for a ring."""
MAINTENANCE = 10
MONITORING = 5
LONGEST_PAUSE = 2.0
"""Seconds between two attempts to reach Redis."""
FORKED: frozenset[QueueName] = frozenset({"digests"})


class _Sober(BaseWorker):
    """What both kinds of workers have in common. A ring that asks for anything else fails before it is begun."""

    max_connection_wait_time = LONGEST_PAUSE
    log_job_description = False
    log_result_lifespan = False
    told: Sequence[int] = ()
    """The signals to stop that came before RQ listened for them."""

    def procline(self, message: str) -> None:
        """The process keeps its name."""

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """A sign of life, and a word that we listen: a Redis that was emptied has forgotten. Who was told to stop and
        has nothing at hand stops now."""
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)
        if self._shutdown_requested_date is not None and self.get_state() != WorkerStatus.BUSY:
            raise StopRequested

    def _install_signal_handlers(self) -> None:
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        if self.told:
            self._shutdown_requested_date, self._stop_requested = datetime.now(UTC), True

    def _shutdown(self) -> None:
        """RQ stops by an exception alone, wherever the signal comes: it is remembered, too, where one is swallowed."""
        self._stop_requested = True
        super()._shutdown()  # type: ignore[no-untyped-call]


class _InProcess(_Sober, SimpleWorker):
    """Does its work itself."""


class _Forking(_Sober, Worker):
    """Does its work in a fork."""


def attend(
    link: Link, queue: QueueName, works: Mapping[str, Work], away: Callable[[str | None], None] = lambda why: None
) -> None:
    """Answer the rings of a queue until SIGTERM or SIGINT, whatever becomes of Redis meanwhile. Main thread only.

    `away` hears why Redis cannot be used, once, and None when it is back.
    """
    silent = False
    told: list[int] = []

    def stop(number: int, frame: object) -> None:
        """Between two workers. One that works has RQ's own way to stop, which ends the ring at hand first."""
        told.append(number)
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not told:  # what is opened may have swallowed the exception
            worker = None
            try:
                worker = worker_of(link.open(), queue, works)
                worker.told = told
                if silent:
                    away(None)
                    silent = False
                worker.work(logging_level="CRITICAL")
            except (redis.RedisError, EmbeddedMissing, OSError) as error:
                if not silent:
                    away(said(error))
                    silent = True
            if worker is not None and worker._shutdown_requested_date is not None:
                return
            time.sleep(LONGEST_PAUSE / 2 if silent else LONGEST_PAUSE / 10)
    except StopRequested:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def worker_of(client: redis.Redis, queue: QueueName, works: Mapping[str, Work]) -> _Sober:
    """A worker for one queue that knows these works and no others."""
    rings = type("KnownRing", (Ring,), {"known": dict(works)})
    kind: type[_Sober] = _Forking if queue in FORKED and hasattr(os, "fork") else _InProcess
    return kind(
        [queue_of(client, queue, rings)],
        connection=client,
        job_class=rings,
        serializer=JSONSerializer,
        worker_ttl=WORKER_LIVES,
        maintenance_interval=MAINTENANCE,
        job_monitoring_interval=MONITORING,
        default_result_ttl=0,
    )
