"""How a serving process settles its memory: after a change nothing of what was served before is kept."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from jobs.serve.heap import RARELY, settle, settle_again

pytestmark = pytest.mark.usefixtures("collector")


class Served:
    """Something that knows itself, as much of what is served does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector() -> Iterator[None]:
    """The garbage collector is for the whole process: afterwards it is as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_was_served_before_a_change_goes():
    before = Served()
    settle()
    assert gc.get_threshold() == RARELY
    told = weakref.ref(before)
    del before
    settle_again()
    assert told() is None


def test_a_process_that_did_not_settle_is_left_as_it_is():
    before = gc.get_threshold()
    settle_again()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
