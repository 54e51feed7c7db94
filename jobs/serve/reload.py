"""The home on disk, watched: what an operator changes is looked at whole, and used whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from config import home as homes
from config.home import Deployment
from config.problems import Language, Problem, Said
from jobs.serve.clock import Clock

log = logging.getLogger("yaji.home")

EVERY = 1.0
"""Seconds between two looks."""
MOST_FILES = 500
"""Files that are watched; a home has a few dozen."""

Fingerprint = tuple[tuple[str, int, int], ...]
"""Each file with its size and time of change."""


class Watch:
    """Tells `changed` of every good new state of the home, and the operator of every bad one, once each.

    A state counts when two looks in a row saw the same, so that no half-written file is read. `used` is what the home
    looked like when it was read for the configuration in use. `stands` hears whether it is used as it is now.
    """

    def __init__(
        self,
        home: Path,
        used: Fingerprint,
        changed: Callable[[Deployment], Awaitable[None]],
        clock: Clock,
        language: Language,
        stands: Callable[[bool], object] = lambda used: None,
    ) -> None:
        self._home = home
        self._changed = changed
        self._clock = clock
        self._language = language
        self._used = used
        self._stands = stands
        self._stood = True

    async def run(self) -> None:
        """Watch until cancelled."""
        seen = self._used
        self._stands(self._stood)
        while True:
            await self._clock.sleep(EVERY)
            now = await asyncio.to_thread(fingerprint, self._home)
            if now != self._used and now == seen:
                self._used = now
                await self.look()
            seen = now

    async def look(self) -> None:
        """Look at the home now."""
        deployment, told = await asyncio.to_thread(self._looked)
        self._stood = deployment is not None
        self._stands(self._stood)
        if deployment is None:
            problems = [problem for problem in told if problem.weight == "problem"]
            said = _KEPT.filled(home=self._home, count=len(problems)).in_(self._language)
            log.error("%s\n%s", said, "\n".join(problem.told(self._language) for problem in problems))
            return
        await self._changed(deployment)

    def _looked(self) -> tuple[Deployment | None, tuple[Problem, ...]]:
        try:
            return homes.look(self._home)
        except OSError as error:  # a file that went away while it was read
            log.error("%s: %s", error.filename, error.strerror)
            return None, ()


def fingerprint(home: Path) -> Fingerprint:
    """What the home's files look like from outside. Data that we keep in it does not count, nor do hidden files."""
    found: list[tuple[str, int, int]] = []
    places = (home, *(home / folder for folder in ("communities", "texts", "tests")))
    for place in places:
        try:
            files = sorted(place.iterdir()) if place == home else sorted(place.rglob("*"))
        except OSError:
            continue
        for file in files[: MOST_FILES - len(found)]:
            try:
                status = file.stat()
            except OSError:
                continue
            if file.is_file() and not file.name.startswith(".") and file.suffix in (".yaml", ".yml", ".md", ".txt"):
                found.append((str(file), status.st_size, status.st_mtime_ns))
    return tuple(found)


_KEPT = Said(
    "{home} was changed and cannot be used like this ({count} to mend). What ran before goes on unchanged.",
    "{home} 改动后用不了（有 {count} 处要改）。之前的设置继续照旧运行。",
)
