"""Digests and posts with pictures, seen to beside the serving: rung for where workers are, done here where none is.
What members ask of their data is done here in any case.

They are rows in the store, and whoever claims one has it alone. So nothing here has to be remembered: a ring that is
lost is given again, and what nobody takes is done in this process, in a thread of its own.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

from adapters.queue.rings import Bell, BellSilent, Link
from adapters.sql import SqlStore
from config.problems import Language, Said
from core.forgetting import Recognise
from core.workflow import Group
from jobs.digest.task import BUILD, Tasks
from jobs.privacy.remembering import Remembered
from jobs.privacy.task import PrivacyTasks
from jobs.serve.clock import Clock
from jobs.serve.crew import Crew
from jobs.serve.patient import Patient
from jobs.serve.roster import Roster
from workflows.content_options import Contents
from workflows.digest_options import Digests

log = logging.getLogger("yaji.serve")

LOOK: Final = 1.0
"""Seconds between two looks at what waits."""
RING_AGAIN: Final = 2.0
UNANSWERED: Final = 4.0
"""Seconds in which nothing of what waits was taken, after which it is done here."""


class Errands:
    """`link` is None where there is no Redis; `crew` are the workers of this process."""

    def __init__(
        self,
        roster: Roster,
        store: SqlStore,
        clock: Clock,
        recognise: Recognise,
        link: Link | None = None,
        crew: Crew | None = None,
        ticks: Callable[[], float] = time.monotonic,
        language: Language = "en",
        remembered: Remembered | None = None,
    ) -> None:
        self._language = language
        self._roster = roster
        served = _Served(roster, store)
        self._tasks = Tasks(served)
        self._privacy = PrivacyTasks(served, recognise, remembered=remembered)
        self._clock = clock
        self._link = link
        self._bell = Bell(link) if link is not None else None
        self._crew = crew
        self._ticks = ticks
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="errands")
        self._waiting = 0
        self._since = self._rung = float("-inf")
        self._silent = False
        self._closing = False

    async def run(self) -> None:
        """See to what waits until cancelled."""
        patient = Patient("digests wait")
        while True:
            await self._clock.sleep(LOOK)
            with patient.bearing():
                await asyncio.get_running_loop().run_in_executor(self._thread, self.look)

    def look(self) -> None:
        """Once: ring for what waits, or do one of it here."""
        if self._closing:
            return
        self._tasks.free()
        self._privacy.run()
        waiting = self._tasks.waiting()
        if not waiting and not self._wanted():
            return
        heard = self._heard()
        now = self._ticks()
        if not waiting:
            self._waiting = 0
            return
        if not self._waiting or waiting < self._waiting:
            self._since = now
            self._rung = self._rung if self._waiting else float("-inf")
        self._waiting = waiting
        if heard and now - self._since < UNANSWERED:
            if now - self._rung >= RING_AGAIN and self._bell is not None:
                self._rung = now
                with suppress(BellSilent):
                    self._bell.wake("digests", BUILD, waiting)
            return
        self._tasks.run(most=1)

    def _wanted(self) -> bool:
        """Whether a group has anything that workers are for; a home without needs neither them nor Redis."""
        groups = self._roster.groups.values()
        return any(isinstance(bound.options, Digests | Contents) for group in groups for bound in group.runs)

    def _heard(self) -> bool:
        """Whether there is a Redis to ring at. Workers of ours are begun after it, and begun again."""
        if self._bell is None:
            return False
        try:
            self._bell.lengths()
        except BellSilent as error:
            if not self._silent:
                told = Said(f"{error}; {_HERE.en}", f"{error.zh}；{_HERE.zh}")
                log.warning("%s", told.in_(self._language))
            self._silent = True
            return False
        if self._silent:
            log.info("%s", _RUNG_FOR.in_(self._language))
        self._silent = False
        if self._crew is not None:
            self._crew.tend()
        return True

    def ask_to_end(self) -> None:
        """Nothing more is begun, and the workers finish; does not wait."""
        self._closing = True
        if self._crew is not None:
            self._crew.ask_to_end()

    async def end(self) -> None:
        """Workers first, then Redis if it is ours."""
        self.ask_to_end()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._ended)
        self._thread.shutdown(wait=False)

    def _ended(self) -> None:
        if self._crew is not None:
            self._crew.dismiss()
        if self._bell is not None and self._link is not None:
            self._bell.close()
            self._link.close()


class _Served:
    """The home as it is served now."""

    def __init__(self, roster: Roster, store: SqlStore) -> None:
        self._roster = roster
        self.store = store

    @property
    def home(self) -> Path:
        return self._roster.deployment.home

    @property
    def groups(self) -> dict[str, Group]:
        return dict(self._roster.groups)


_HERE: Final = Said("digests are built in this process meanwhile", "这期间摘要由本进程自己做")
_RUNG_FOR: Final = Said("Redis is there; workers are rung for", "Redis 可以用了；给 worker 打铃")
