"""A thread of its own beside other work, and ended with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def beside(name: str, work: Callable[[], object], stop: threading.Event) -> Iterator[None]:
    """`work` goes on until `stop` is set, which leaving does; it is waited for."""
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
