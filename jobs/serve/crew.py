"""The worker processes of `yaji serve`: begun, begun again when they die, and ended with it."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from adapters.queue.rings import QueueName
from config.problems import Language, Said

log = logging.getLogger("yaji.serve")

FIRST, LONGEST = 1.0, 30.0
"""Seconds before a worker that died is followed by another; twice as many each time."""
SOUND: Final = 60.0
"""Seconds after which a worker that dies is none that cannot run."""
GENTLE, HARD = 2.0, 1.5
"""Seconds that a worker has to finish what it does, and to end what it cannot finish."""


class Crew:
    """`size` workers for one queue of a home. For one thread, except `dismiss`."""

    def __init__(
        self,
        home: Path,
        queue: QueueName,
        size: int,
        environment: Mapping[str, str],
        ticks: Callable[[], float] = time.monotonic,
        language: Language = "en",
    ) -> None:
        self._language = language
        self._command = (sys.executable, "-m", "jobs.clock.child", str(home.absolute()), queue, language)
        self._queue = queue
        self._environment = dict(environment)
        self._ticks = ticks
        self._places = [_Place() for _ in range(size)]
        self._dismissed = False
        self._asked = float("-inf")

    def tend(self) -> int:
        """Begin the workers that are not there; how many have died since the last look."""
        died, now = 0, self._ticks()
        for place in self._places:
            if place.process is not None and (status := place.process.poll()) is not None:
                died += 1
                _shut(place.process)
                place.process = None
                place.pause = FIRST if now - place.begun > SOUND else min(LONGEST, place.pause * 2 or FIRST)
                place.due = now + place.pause
                ended = _ENDED.filled(queue=self._queue, status=status, pause=f"{place.pause:g}")
                log.warning("%s", ended.in_(self._language))
            if place.process is None and now >= place.due and not self._dismissed:
                self._begin(place, now)
        return died

    def _begin(self, place: _Place, now: float) -> None:
        place.begun = now
        try:
            # A session of its own: Ctrl-C at the terminal is for us, and we end it after our own work.
            place.process = subprocess.Popen(  # noqa: S603 (a program of ours, no shell)
                self._command, stdin=subprocess.PIPE, stdout=sys.stderr, env=self._environment, start_new_session=True
            )
        except OSError as error:
            place.pause = min(LONGEST, place.pause * 2 or FIRST)
            place.due = now + place.pause
            log.warning("%s", _UNBEGUN.filled(queue=self._queue, why=error).in_(self._language))

    def ask_to_end(self) -> None:
        """Tell all workers to finish; does not wait."""
        if not self._dismissed:
            self._dismissed, self._asked = True, time.monotonic()
            self._signal(signal.SIGTERM)

    def dismiss(self) -> None:
        """End all workers, by force after a while. Returns when none is left."""
        self.ask_to_end()
        # Being asked twice, a worker ends what it has begun; what it leaves is claimed again.
        gentle = GENTLE - (time.monotonic() - self._asked)
        for patience, then in ((gentle, signal.SIGTERM), (HARD, signal.SIGKILL), (HARD, None)):
            self._wait(patience)
            if then is not None:
                self._signal(then)
        for place in self._places:
            if place.process is not None:
                _shut(place.process)
                place.process = None

    def _signal(self, number: signal.Signals) -> None:
        for place in self._places:
            if place.process is not None and place.process.poll() is None:
                place.process.send_signal(number)

    def _wait(self, patience: float) -> None:
        until = time.monotonic() + patience
        for place in self._places:
            if place.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    place.process.wait(max(0.0, until - time.monotonic()))


class _Place:
    """One worker of the crew."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.begun = self.due = float("-inf")
        self.pause = 0.0


def _shut(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


_ENDED: Final = Said(
    "a worker for {queue} ended ({status}); another begins in {pause} s",
    "做 {queue} 的 worker 退出了（{status}）；{pause} 秒后再起一个",
)
_UNBEGUN: Final = Said("no worker for {queue} can be begun: {why}", "做 {queue} 的 worker 起不来：{why}")
