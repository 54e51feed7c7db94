"""Loops that go on while the store cannot be used."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import StoreBusy, StoreUnavailable

log = logging.getLogger("yaji.serve")


class Patient:
    """Bears with a store that cannot be used now: says `what` waits, and not again before the store was used."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told = False

    @contextmanager
    def bearing(self) -> Iterator[None]:
        """One try: StoreBusy and StoreUnavailable end the block, and nothing more."""
        try:
            yield
        except (StoreBusy, StoreUnavailable) as error:
            if not self._told:
                log.warning("%s: %s", self._what, error)
            self._told = True
        else:
            self._told = False
