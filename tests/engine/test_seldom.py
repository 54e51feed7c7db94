"""What a workflow seldom looks at is asked for, and read, at the first look at any of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import open_store
from adapters.sql.unit import SqlUnit
from core import state
from core.decision import Decision, Post
from core.effects import Say
from core.memory import MemoryStore, MemoryUnit
from core.state import WARNING
from core.workflow import Seldom, Workflow
from tests.engine.test_glance import GUEST, LI, WANG, engine, said, spoken
from tests.support.databases import new_sqlite

HEARS = frozenset((type(said(0, WANG, "")),))


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    with closing(MemoryStore() if request.param == "memory" else open_store(new_sqlite(tmp_path / "x.db"))) as made:
        yield made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many windows of the ledger the store was asked for, each time."""
    asked: list[int] = []
    for kind in (MemoryUnit, SqlUnit):
        real = kind.entries

        def entries(unit: Any, wanted: Any, real: Any = real) -> Any:
            asked.append(len(wanted))
            return real(unit, wanted)

        monkeypatch.setattr(kind, "entries", entries)
    return asked


def ledgers(event):
    """The rest: two windows of the member's."""
    who = event.actor.account
    return (state.entries(WARNING, who), state.entries("thanks", who))


def looks(*which: int, keys=lambda event: Seldom((GUEST.of(event.actor.account),), lambda: ledgers(event))) -> Any:
    """A workflow that warns, and looks at parts of the rest in messages that ask it to."""

    def decide(event, options, view):
        assert view.get(GUEST.of(event.actor.account)) is None
        warned = Post(kind=WARNING, member=event.actor.account, amount=1, rule="r", reason="")
        if not event.text.startswith("look"):
            return Decision(changes=(warned,))
        found = [len(view.get(ledgers(event)[n])) for n in which]
        return Decision(changes=(warned,), effects=(Say(words=(f"{found}",)),))

    return Workflow("looks", dict, HEARS, lambda event, options: keys(event), decide, sanctions=True)


def test_the_rest_is_not_read_unless_it_is_looked_at(store, read: list[int]):
    host = engine(store, looks(0))
    assert not host.process([said(1, WANG, "hi"), said(2, LI, "hi")]).faults
    assert read == []


def test_all_of_it_is_read_at_the_first_look_and_holds_what_the_batch_decided(store, read: list[int]):
    host = engine(store, looks(0, 1, 0))
    assert not host.process(
        [said(1, WANG, "hi"), said(2, LI, "hi"), said(3, WANG, "look"), said(4, WANG, "look")]
    ).faults
    assert read == [2]
    assert spoken(store) == ["[1, 0, 1]", "[2, 0, 2]"]


def test_what_is_in_neither_is_a_fault(store):
    host = engine(store, looks(1, keys=lambda event: Seldom((GUEST.of(event.actor.account),), lambda: ())))
    (fault,) = host.process([said(1, WANG, "look")]).faults
    assert fault.workflow == "looks"
    assert "UndeclaredRead" in fault.error


def test_a_rest_that_crashes_is_a_fault_of_its_workflow_and_of_those_alone_who_look(store):
    def rest():
        raise ValueError("cannot say")

    host = engine(store, looks(0, keys=lambda event: Seldom((GUEST.of(event.actor.account),), rest)))
    faults = host.process([said(1, WANG, "look"), said(2, LI, "hi")]).faults
    assert [(fault.event, fault.workflow) for fault in faults] == [("e1", "looks")]


def test_keys_that_are_none_are_a_fault_of_their_workflow(store):
    host = engine(store, looks(0, keys=lambda event: Seldom(("guest",), tuple)))  # type: ignore[arg-type]
    (fault,) = host.process([said(1, WANG, "hi")]).faults
    assert fault.workflow == "looks"
