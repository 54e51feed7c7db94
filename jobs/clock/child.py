"""A worker that `yaji serve` started: it ends when that process is gone, however it ended.

Its standard input is a pipe that the parent holds and never writes to; when it closes, nobody is there any more.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final, get_args

from adapters.queue.rings import QueueName
from config.problems import Language
from core.errors import YajiError
from jobs.clock.running import run_worker
from jobs.serve.journal import logged

FINISHING: Final = 3.0
"""Seconds for what is at hand when the parent is gone, and once more for being stopped hard."""


def main(home: str, queue: str, language: str = "en") -> int:
    """Answer the rings of a queue; the exit status."""
    spoken: Language = "zh" if language == "zh" else "en"
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    names = {name: name for name in get_args(QueueName)}
    try:
        with logged():
            return 0 if run_worker(Path(home), names[queue], language=spoken) else 3
    except YajiError as error:
        sys.stderr.write(f"{home}: {error if spoken == 'en' else getattr(error, 'zh', error)}\n")
        return 2


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(FINISHING)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
