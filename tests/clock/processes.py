"""Schedulers and workers as processes of their own, quick to start: `python -m tests.clock.processes HOME` reads
`scheduler` or `worker` from its input, line by line, forks one for each, and answers with its process id.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from jobs.clock.running import run_scheduler, run_worker, stopped_by_signals

AGAIN_AFTER = timedelta(seconds=1)
"""Shorter than in life, so that what was lost is found while a test waits."""


def told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def live(what: str, home: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if what == "scheduler":
        with stopped_by_signals() as stop:
            run_scheduler(home, stop, os.environ, told, again_after=AGAIN_AFTER)
    else:
        assert run_worker(home, "timers", os.environ, told)


def main(home: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                live(line.strip(), home)
            except BaseException as error:
                told(f"{line.strip()} ended: {error!r}")
            finally:
                os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
