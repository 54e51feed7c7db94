"""`yaji scheduler` and `yaji worker` as processes: everything opened in order, and closed whatever happens."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import FrameType

from adapters.queue.embedded import server_program
from adapters.queue.rings import Bell, Link, QueueName, Work
from adapters.queue.worker import attend
from config.problems import Language
from core.errors import StoreBusy, StoreSpoiled, StoreUnavailable, YajiError
from jobs.clock import lines
from jobs.clock import premises as homes
from jobs.clock.beside import beside
from jobs.clock.premises import Premises, redis_url
from jobs.clock.scheduler import AGAIN_AFTER, Scheduler
from jobs.clock.tasks import Timers, works
from jobs.clock.watched import watched
from jobs.digest.task import BUILD, Tasks
from jobs.serve.metrics import Metrics
from jobs.serve.upkeep import EVERY, PAUSE
from jobs.tidying import Tidying

log = logging.getLogger("yaji.clock")


def run_scheduler(
    home: Path,
    stop: threading.Event,
    environment: Mapping[str, str] | None = None,
    told: Callable[[str], None] = log.warning,
    *,
    again_after: timedelta = AGAIN_AFTER,
    listen: str | None = None,
    language: Language = "en",
) -> None:
    """Ring for the timers of a home until stopped; tell health and metrics at `listen`.

    Raises ConfigError, CannotServe, and the errors of opening a store.
    """
    environment = os.environ if environment is None else environment
    with opened(home, environment, language) as (premises, link), _watched(premises, "scheduler", listen) as metrics:
        bell = Bell(link) if link is not None else None
        if bell is None:
            told(lines.NO_REDIS.in_(language))
        scheduler = Scheduler(
            premises.clock,
            bell,
            Timers(premises, metrics.committed).fire,
            again_after=again_after,
            told=told,
            language=language,
        )
        log.info("%s", lines.SCHEDULES.filled(home=home).in_(language))
        with homes.watched(premises), tidied(premises, stop):
            scheduler.run(stop)
        if bell is not None:
            bell.close()
    log.info("%s", lines.SCHEDULED.in_(language))


def run_worker(
    home: Path,
    queue: QueueName,
    environment: Mapping[str, str] | None = None,
    told: Callable[[str], None] = log.warning,
    *,
    listen: str | None = None,
    language: Language = "en",
) -> bool:
    """Answer the rings of one queue until SIGTERM or SIGINT; False at once where there is no Redis to listen to.

    Health and metrics are told at `listen`.
    """
    environment = os.environ if environment is None else environment
    with opened(home, environment, language) as (premises, link):
        if link is None:
            return False
        log.info("%s", lines.LISTENS.filled(queue=queue, home=home).in_(language))
        with _watched(premises, f"worker of {queue}", listen) as metrics:
            known = works(Timers(premises, metrics.committed))[queue]
            spoilt: list[StoreSpoiled] = []
            if queue == "digests":
                # They run in forks, and a database that is open must not be taken along.
                premises.close()
                known = {BUILD: builds(home, environment)}
            else:
                known = {name: partial(until_spoilt, work, spoilt) for name, work in known.items()}
            with nullcontext() if queue == "digests" else homes.watched(premises):
                attend(link, queue, known, partial(_away, told, language))
            if spoilt:
                raise spoilt[0]
    log.info("%s", lines.LISTENED.filled(queue=queue).in_(language))
    return True


def until_spoilt(work: Work, spoilt: list[StoreSpoiled], *told: object) -> None:
    """The work; a store that must be opened anew ends the process that holds it."""
    try:
        work(*told)
    except StoreSpoiled as error:
        spoilt.append(error)
        signal.raise_signal(signal.SIGTERM)
        raise


def _away(told: Callable[[str], None], language: Language, why: str | None) -> None:
    told((lines.AWAY.filled(why=why) if why is not None else lines.BACK).in_(language))


@contextmanager
def _watched(premises: Premises, role: str, listen: str | None) -> Iterator[Metrics]:
    metrics = Metrics(premises.store, waiting=premises.waiting)
    premises.stands = metrics.home_stands
    with watched(listen, role, premises.store, metrics):
        yield metrics


def builds(home: Path, environment: Mapping[str, str]) -> Work:
    """What the workers of digests do, each in a fork that reads the home first. Raises what it logs: why it could not
    be done here, which may be wrong with this process only."""

    def build(*told: object) -> None:
        try:
            premises = Premises(home, environment)
        except YajiError as error:
            log.error("nothing is built here: %s", error)
            raise
        try:
            Tasks(premises).answer()
        finally:
            premises.close()

    return build


@contextmanager
def tidied(premises: Premises, stop: threading.Event) -> Iterator[None]:
    """What was kept long enough is cleared away beside other work, by a thread of its own."""
    with beside("tidying", lambda: _tidy(premises, stop), stop):
        yield


def _tidy(premises: Premises, stop: threading.Event) -> None:
    tidying = Tidying(premises.store)
    while not stop.wait(EVERY.total_seconds()):
        if not premises.sure:
            continue
        try:
            for _ in tidying.round(premises.deployment.settings.storage.keep, premises.clock.now()):
                if stop.wait(PAUSE):
                    return
        except (StoreBusy, StoreUnavailable) as error:
            log.warning("what was kept long enough goes later: %s", error)


@contextmanager
def opened(
    home: Path, environment: Mapping[str, str], language: Language = "en"
) -> Iterator[tuple[Premises, Link | None]]:
    """A home's store and its way to Redis; None where there is no URL and no server of our own can be."""
    premises = Premises(home, environment, language=language)
    try:
        url = redis_url(premises.deployment.settings, environment)
        if url is None and server_program() is None:
            yield premises, None
            return
        link = Link(url, premises.home / "data" / "redis")
        try:
            yield premises, link
        finally:
            link.close()
    finally:
        premises.close()


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set as long as this lasts. Main thread only."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
