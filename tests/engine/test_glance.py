"""A glance: a workflow that few members matter to is asked about those who have a record, and about nobody else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.sql import open_store
from core.decision import NOTHING, Decision, Put
from core.effects import Say
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.state import Slot
from core.workflow import Bound, Glance, Group, Workflow
from tests.support.databases import new_sqlite

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
WANG = Actor(account=Account("telegram:1"), name="小王")
LI = Actor(account=Account("telegram:2"), name="Li")


@dataclass(frozen=True, slots=True)
class Guest:
    since: str


GUEST = Slot("tests.guest", Guest)
ASKED: list[str] = []


def _decide(event, options, view):
    ASKED.append(f"{event.actor.name}: {event.text}")
    return Decision(effects=(Say(words=(f"welcome, guest since {view.get(GUEST.of(event.actor.account)).since}",)),))


def _invite(event, options, view):
    put = Put(GUEST.of(event.actor.account), Guest(event.text))
    return Decision(changes=(put,)) if event.text == "now" else NOTHING


def _renew(event, options, view):
    put = Put(GUEST.of(event.actor.account), Guest(event.text))
    return Decision(changes=(put,)) if event.text in ("now", "then") else NOTHING


HOST = Workflow(
    "host",
    dict,
    frozenset((MessagePosted,)),
    lambda event, options: Glance((GUEST,), lambda event, options: (GUEST.of(event.actor.account),)),
    _decide,
)
INVITES = Workflow("invites", dict, frozenset((MessagePosted,)), lambda event, options: (), _invite)


def engine(store, *workflows):
    ASKED.clear()
    runs = tuple(Bound(workflow, {}) for workflow in workflows or (HOST, INVITES))
    return Engine(store, {"g": Group(key="g", runs=runs)})


def said(n: int, actor: Actor, text: str) -> MessagePosted:
    return MessagePosted(id=f"e{n}", at=START, group="g", actor=actor, message=str(n), text=text)


def spoken(store) -> list[str]:
    return ["".join(row.effect.words) for row in store.outbox("g")]


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path: Path):
    with closing(MemoryStore() if request.param == "memory" else open_store(new_sqlite(tmp_path / "x.db"))) as made:
        yield made


def test_who_has_no_record_is_passed_over(store):
    engine(store).process([said(1, WANG, "a"), said(2, LI, "b")])
    assert ASKED == []


def test_who_has_one_is_asked_about_and_it_can_be_read(store):
    host = engine(store)
    host.process([said(1, WANG, "now")])
    host.process([said(2, WANG, "a"), said(3, LI, "b")])
    assert ASKED == ["小王: a"]
    assert spoken(store) == ["welcome, guest since now"]


def test_a_record_born_earlier_in_the_batch_counts(store):
    engine(store).process([said(1, WANG, "now"), said(2, WANG, "a"), said(3, LI, "b")])
    assert ASKED == ["小王: a"]


def test_whose_record_is_over_is_passed_over_until_it_is_not(store):
    glance: Glance[dict[str, object]] = Glance(
        (GUEST,), lambda event, options: (GUEST.of(event.actor.account),), lambda guest: guest.since == "then"
    )
    host = Workflow("host", dict, HOST.hears, lambda event, options: glance, _decide)
    again = Workflow("again", dict, HOST.hears, lambda event, options: (), _renew)
    run = engine(store, host, again)
    run.process([said(1, WANG, "then")])
    run.process([said(2, WANG, "a"), said(3, LI, "now"), said(4, LI, "b")])
    assert ASKED == ["Li: b"]
    run.process([said(5, WANG, "c"), said(6, WANG, "now"), said(7, WANG, "d")])
    assert ASKED == ["Li: b", "小王: d"]


def test_a_record_that_cannot_be_read_is_a_fault_of_the_workflow_that_looks(tmp_path: Path):
    file = tmp_path / "x.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine(store).process([said(1, WANG, "now"), said(2, LI, "b")])
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("UPDATE records SET value = '[1]' WHERE slot = 'tests.guest'")
            connection.commit()
        outcome = engine(store).process([said(3, WANG, "a"), said(4, LI, "now"), said(5, LI, "c")])
    assert [(fault.event, fault.workflow) for fault in outcome.faults] == [("e3", "host")]
    assert ASKED == ["Li: c"]


def test_keys_that_cannot_be_made_are_a_fault_of_the_workflow():
    def broken(event, options):
        raise ValueError("no keys")

    store = MemoryStore()
    glance = Workflow("broken", dict, HOST.hears, lambda event, options: Glance((GUEST,), broken), _decide)
    host = engine(store, glance, HOST, INVITES)
    outcome = host.process([said(1, WANG, "now"), said(2, WANG, "a")])
    assert [(fault.event, fault.workflow) for fault in outcome.faults] == [("e2", "broken")]
    assert ASKED == ["小王: a"]
