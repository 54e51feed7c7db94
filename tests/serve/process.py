"""`yaji serve` as a process of its own, which may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from tests.serve.scene import Scene
from tests.support.patience import PATIENCE

ROOT: Final = Path(__file__).parents[2]
GRACE: Final = 12.0
"""Seconds in which it ends, also on a busy machine, within what its supervisor leaves it: TimeoutStopSec, 15 s, in
deploy/systemd."""
COMMAND: Final = (sys.executable, "-c", "from cli.main import app; app()")


class Life:
    """One life of the process. What it says goes to a file."""

    def __init__(self, here: Scene, log: Path, *options: str) -> None:
        self.log = log
        self._out = log.open("ab")
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--home", str(here.home), "--lang", "en", *options],
            env=environment(here.environment),
            stdout=self._out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()

    def kill(self) -> None:
        """SIGKILL: it gets no chance to do anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self._out.close()

    def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit status and how long it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self._out.close()
        return status, time.monotonic() - begun


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What a process of ours sees: nothing of tokens but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM_", "YAJI_"))}
    return {**kept, **given, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
