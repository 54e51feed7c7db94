"""A record that cannot be read: whoever looks at it fails, and nothing is taken for not being there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import open_store
from core.decision import Decision, Put
from core.effects import Say
from core.state import Key, Slot
from core.workflow import Seldom, Workflow
from tests.engine.test_glance import LI, WANG, Guest, engine, said, spoken

TALLY = Slot("tests.tally", Guest)
NOTES = Slot("tests.notes", Guest)
HEARS = frozenset((type(said(0, WANG, "")),))


def writes(event, options, view):
    """Remembers what was said, and tells what was said before."""
    key = TALLY.of(event.actor.account)
    was = view.get(key)
    words = Say(words=(f"{event.actor.name}: {was.since if was is not None else 'nothing'}",))
    return Decision(
        changes=(Put(key, Guest(event.text)), Put(NOTES.of(event.actor.account), Guest(""))), effects=(words,)
    )


def tally(event: Any) -> tuple[Key[Any], ...]:
    return (TALLY.of(event.actor.account),)


def rest(event: Any) -> tuple[Key[Any], ...]:
    return (NOTES.of(event.actor.account), *tally(event))


AT_ONCE = Workflow("tallies", dict, HEARS, lambda event, options: tally(event), writes)
LATE = Workflow("tallies", dict, HEARS, lambda event, options: Seldom((), lambda: rest(event)), writes)


@pytest.mark.parametrize(
    ("broken", "workflow", "expected", "faults"),
    [
        pytest.param(TALLY, AT_ONCE, ["Li: one"], ["e3"], id="of one member, read ahead"),
        pytest.param(TALLY, LATE, ["Li: one"], ["e3"], id="of one member, read late"),
        pytest.param(NOTES, LATE, ["小王: one", "Li: one"], [], id="that nobody looks at, read late"),
    ],
)
def test_a_record_that_cannot_be_read_costs_nobody_what_is_beside_it(
    tmp_path: Path, broken: Slot[Any], workflow: Any, expected: list[str], faults: list[str]
):
    file = tmp_path / "x.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        host = engine(store, workflow)
        host.process([said(1, WANG, "one"), said(2, LI, "one")])
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(
                "UPDATE records SET value = '[1]' WHERE slot = ? AND person = (SELECT MIN(person) FROM records)",
                (broken.name,),
            )
            assert connection.total_changes == 1
            connection.commit()
        outcome = host.process([said(3, WANG, "two"), said(4, LI, "two")])
        assert [fault.event for fault in outcome.faults] == faults
        assert spoken(store)[2:] == expected
