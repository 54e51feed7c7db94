"""The home and its store, as background processes have them: opened once, and the home read again when it changes."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from adapters.queue.connect import place
from adapters.sql import SqlStore
from adapters.sql.clock import SqlClock
from adapters.sql.connections import SqlConnections
from adapters.sql.timekeeping import SqlTimekeeping
from config import home as homes
from config.deployment import Settings
from config.home import Deployment
from config.problems import Language, Problem
from config.secrets import Secret
from core.books import Books
from core.engine import Engine
from core.errors import ConfigError, StoreBusy, StoreUnavailable
from core.workflow import Group
from jobs.clock import lines
from jobs.clock.beside import beside
from jobs.earshot import Earshot, behind_by
from jobs.living import PLATFORMS, living
from jobs.serve import storing
from jobs.serve.clock import SystemClock
from jobs.serve.guard import GuardedClock
from jobs.serve.reload import Fingerprint, fingerprint
from jobs.serve.roster import Roster, seats_of

log = logging.getLogger("yaji.home")

LOOK_EVERY = 2.0
"""Seconds between two looks at the home's files and at where its groups live."""


class Premises:
    """One process's view of a home. Opening raises ConfigError, CannotServe, StoreError.

    A home that was changed and cannot be used like that leaves everything as it was, and is told once.
    """

    def __init__(
        self,
        home: Path,
        environment: Mapping[str, str] | None = None,
        ticks: Callable[[], float] = time.monotonic,
        language: Language = "en",
        host: SystemClock | None = None,
    ) -> None:
        self._language = language
        self.home = home.absolute()
        environment = os.environ if environment is None else environment
        self._ticks = ticks
        self._seen: Fingerprint = fingerprint(self.home)
        self._used = self._seen
        self._deployment = homes.load(self.home)
        self.store: SqlStore = storing.opened(self._deployment, environment)
        self.clock = SqlClock(self.store)
        self._times = SqlTimekeeping(self.store.pool)
        self._guard: GuardedClock | None = None
        if not self.store.pool.shared:
            self._guard = GuardedClock(self._times.newest(), host, language)
            self.store.pool.clock = self._guard.now
        self._earshot = Earshot(ticks)
        self._looked = self._ticks()
        self._turn = threading.RLock()
        self._stood = True
        self.stands: Callable[[bool], object] = lambda used: None
        """Hears whether the home is used as its files are now."""
        self._addresses = self.store.addresses()
        self._groups = lived(self._deployment, self._addresses)
        self._engine = Engine(self.store, self._groups)
        self._earshot.remember(SqlConnections(self.store.pool).all())
        self._listen()

    @property
    def deployment(self) -> Deployment:
        """The configuration in use."""
        return self._deployment

    @property
    def groups(self) -> Mapping[str, Group]:
        """The groups of the configuration in use, each with the platforms on which it lives."""
        return self._groups

    def current(self) -> tuple[Engine, Mapping[str, Group]]:
        """The engine and the groups for the home as it is now: as it was a few seconds ago at most where it is
        `watched`, else as the last two calls found it."""
        with self._turn:
            if self._ticks() - self._looked >= LOOK_EVERY:
                self._look()
                self._looked = self._ticks()
            return self._engine, self._groups

    def waiting(self, now: datetime) -> Mapping[str, datetime]:
        """See `Earshot.waiting`: by what the process that serves wrote down."""
        with self._turn:
            return self._earshot.waiting(lambda: served_by(self._deployment, self.store, self._addresses), now)

    @property
    def sure(self) -> bool:
        """Whether the time is certain enough to delete by it."""
        return self._guard is None or self._guard.sure

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def _look(self) -> None:
        if self._guard is not None:
            self._guard.look()
            if not self._guard.sure and (served := self._times.served()) is not None:
                self._guard.heard(served)  # `yaji serve` hears what platforms say of the time
        now = fingerprint(self.home)
        # Two looks in a row have to agree, so that no half-written file is read.
        if now != self._used and now == self._seen:
            self._used = now
            try:
                self._deployment = homes.load(self.home)
            except (ConfigError, OSError) as error:
                log.error("%s", lines.KEPT.filled(why=_why(error, self._language)).in_(self._language))
                self._stood = False
            else:
                if not self._stood:
                    log.info("%s", lines.MENDED.in_(self._language))
                self._stood = True
            self.stands(self._stood)
        self._seen = now
        self._addresses = self.store.addresses()
        groups = lived(self._deployment, self._addresses)
        if groups != self._groups:
            self._groups = groups
            self._engine = Engine(self.store, groups)
        self._listen()

    def _listen(self) -> None:
        now, told = self.clock.now(), SqlConnections(self.store.pool).all()
        stands = {name: behind_by(name, stood, now) for name, stood in told.items()}
        self._earshot.look({name: speaks for name, speaks in stands.items() if speaks is not None})


@contextmanager
def watched(premises: Premises) -> Iterator[None]:
    """The home is looked at all along, so that what is due after hours of rest is decided by what stands there now, and
    mistakes in it are told when they are made."""
    stop = threading.Event()
    with beside("home", lambda: watch(premises, stop), stop):
        yield


def watch(premises: Premises, stop: threading.Event) -> None:
    """Look now and then until stopped. What goes wrong about one look is logged, and the next one comes."""
    premises.stands(True)
    while not stop.wait(LOOK_EVERY):
        try:
            premises.current()
        except (StoreBusy, StoreUnavailable):  # whoever has something to do there says so
            pass
        except Exception:
            log.exception("the home could not be looked at; it is tried again")


def _why(error: ConfigError | OSError, language: Language) -> str:
    """Why a home cannot be used: every problem on a line of its own."""
    if language == "en" or isinstance(error, OSError):
        return str(error)
    problems = [problem.told(language) for problem in error.problems if isinstance(problem, Problem)]
    return "\n".join(("", *problems)) if problems else error.zh


def lived(deployment: Deployment, addresses: Mapping[tuple[str, str], str]) -> Mapping[str, Group]:
    """The groups with the platforms on which the store knows an address of theirs."""
    at: dict[str, set[str]] = {}
    for (platform, _), group in addresses.items():
        if platform in PLATFORMS:
            at.setdefault(group, set()).add(platform)
    return living(deployment.groups, at)


def served_by(
    deployment: Deployment, books: Books, addresses: Mapping[tuple[str, str], str]
) -> Mapping[str, Collection[str]]:
    """The groups that have an address, by the account that serves them there."""
    roster = Roster(books, deployment, seats_of(deployment.settings))
    found: dict[str, set[str]] = {}
    for (platform, _), group in addresses.items():
        account = roster.account_of(group, platform) if platform in PLATFORMS else None
        if account is not None:
            found.setdefault(account, set()).add(group)
    return found


def redis_url(settings: Settings, environment: Mapping[str, str]) -> str | None:
    """Where Redis is: YAJI_REDIS_URL, else as written; None for one of our own. Raises ConfigError."""
    given, written = environment.get("YAJI_REDIS_URL"), settings.storage.redis
    if given:
        return _understood(given, "YAJI_REDIS_URL")
    if not isinstance(written, Secret):
        return _understood(written, "yaji.yaml: storage.redis") if written is not None else None
    value = written.read(environment)
    if not value:
        raise ConfigError(
            f"storage.redis asks for the environment variable {written.name}, which is not set; set it",
            zh=f"storage.redis 说地址在环境变量 {written.name} 里，它没有设置；请设置",
        )
    return _understood(value, written.name)


def _understood(url: str, where: str) -> str:
    """The address of Redis as it is. Raises ConfigError, with where it is written, for one that is none."""
    try:
        place(url)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}", zh=f"{where}：{error.zh}") from None
    return url
