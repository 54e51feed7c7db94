"""A process that serves, as the test sees it: started, watched, killed, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.day.cast import HOME, READER_TOKEN, WRITER_TOKEN
from tests.support.patience import PATIENCE

ROOT = Path(__file__).parents[2]
PACE = 100.0
"""How many times faster than Telegram allows the day goes; the test server counts by the same measure."""


class Served:
    """`python -m tests.day.served` over a home. Its log is kept in a file."""

    def __init__(self, home: Path, url: str, clock: Path, log: Path, *options: str, **environment: str) -> None:
        self.home = home
        self.log = log
        self._command = [sys.executable, "-m", "tests.day.served", "--home", str(home), *options]
        self._environment: Mapping[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM_", "YAJI_"))},
            "PYTHONPATH": str(ROOT),
            "DAY_READER_TOKEN": READER_TOKEN,
            "DAY_WRITER_TOKEN": WRITER_TOKEN,
            "DAY_CLOCK": str(clock),
            "DAY_PACE": str(PACE),
            "TELEGRAM_API_URL": url,
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.turn = threading.Lock()
        self.kills = 0

    def start(self) -> None:
        """Begin to serve."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT, env=self._environment
            )

    def kill(self) -> None:
        """kill -9."""
        process = self._process
        assert process is not None
        process.kill()
        process.wait()
        self.kills += 1

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It does nothing meanwhile, as on a machine that has no time for it."""
        process = self._process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def check(self) -> None:
        """Raises if it ended by itself."""
        with self.turn:
            ended = self._process.poll() if self._process is not None else 0
            if ended is not None and ended != -signal.SIGKILL:
                raise AssertionError(f"serving ended with {ended}:\n{self.tail()}")

    def stop(self) -> int:
        """End it as an operator does; its exit status."""
        process = self._process
        if process is None:
            return 0
        process.terminate()
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"serving did not end:\n{self.tail()}") from None

    def end(self) -> None:
        """Leave no process behind, whatever became of the test."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def tail(self, lines: int = 40) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])


def home_in(folder: Path) -> Path:
    """A copy of the day's home, to hold its data."""
    import shutil

    return Path(shutil.copytree(HOME, folder / "home"))
