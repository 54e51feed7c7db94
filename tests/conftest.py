"""What all tests have to keep to: each leaves the process as it found it, and those that start many processes of their
own do not run beside each other.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

import adapters.queue  # noqa: F401 (this and the next set the environment, before the first test looks at it)
import workflows.expressions  # noqa: F401
from tests.support.databases import migrated_postgres, new_url, postgres, store, url

__all__ = ["migrated_postgres", "new_url", "postgres", "store", "url"]

# How long an example takes is the machine's affair.
settings.register_profile("patient", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("patient")

# What ten thousand tests are made of stays until the end: to go through it as often as is usual took a third of the
# time of collecting them.
gc.set_threshold(50_000, 50, 1_000)

# A shell that starts the tests in the background has them ignore Ctrl-C; asyncio leaves its usual handler behind.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Processes that tests start find our modules compiled, whatever a container says of byte code: to compile them again is
# half of what `yaji` takes to start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

ENDING: Final = 60.0
"""Seconds that a thread gets to end after its test. Only one that goes on takes them."""

CROWDS: Final = (
    "tests/clock/test_processes.py",
    "tests/day/",
    "tests/docs/test_telegram.py",
    "tests/faults/",
    "tests/serve/test_errands.py",
    "tests/serve/test_processes.py",
    "tests/soak/",
    "tests/week/",
)
"""Where a test is a whole town of processes."""


class Crowded(LoadScopeScheduling):  # type: ignore[misc]
    """Files are dealt out to the workers in their random order; crowds follow each other on one of them."""

    def _split_scope(self, nodeid: str) -> str:
        return "crowds" if nodeid.startswith(CROWDS) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """For `-n auto`: two workers more than there are cores, as tests wait for processes, servers and clocks much of
    their time. A number in the environment is taken as it is."""
    cores = yield
    return cores if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else cores + 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Crowded:
    config.option.loadscopereorder = False
    return Crowded(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Crowds come first, so that nobody waits for them in the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(CROWDS))


@pytest.fixture(autouse=True)
def _left_as_found() -> Iterator[None]:
    """Fails a test that leaves behind another log, environment, folder, garbage collector or way with signals, or a
    thread that would keep the process alive. Tests run in any order: what is left breaks one that is innocent."""
    before, threads = _state(), set(threading.enumerate())
    yield
    after = _state()
    left = [
        f"{what} was {before.get(what)}, is {after.get(what)}"
        for what in before.keys() | after.keys()
        if after.get(what) != before.get(what)
    ]
    left += [
        f"{thread.name} still runs" for thread in threading.enumerate() if thread not in threads and _lasts(thread)
    ]
    assert not left, f"this test leaves behind: {'; '.join(sorted(left))}"


def _state() -> dict[str, object]:
    """What all tests of a process share."""
    return {
        "the folder": os.getcwd(),
        "the garbage collector": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() > 0),
        "SIGINT": signal.getsignal(signal.SIGINT),
        "SIGTERM": signal.getsignal(signal.SIGTERM),
        "all logs are off below": logging.root.manager.disable,
        **{f"the log {log.name}": _told(log) for log in _logs()},
        **{f"${name}": value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
    }


def _logs() -> Iterator[logging.Logger]:
    yield logging.root
    for name, log in logging.root.manager.loggerDict.copy().items():
        if name.partition(".")[0] == "yaji" and isinstance(log, logging.Logger) and _told(log) != _UNTOUCHED:
            yield log


_UNTOUCHED: Final[tuple[object, ...]] = (logging.NOTSET, [], True, False)


def _told(log: logging.Logger) -> tuple[object, ...]:
    return log.level, list(log.handlers), log.propagate, log.disabled


def _lasts(thread: threading.Thread) -> bool:
    """Whether it goes on, and the process with it."""
    if not thread.daemon:
        thread.join(ENDING)
    return not thread.daemon and thread.is_alive()
