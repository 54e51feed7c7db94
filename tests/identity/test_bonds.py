"""Accounts bound to one person and parted again: nothing is lost, and the sums hold all along."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.sql import open_store
from adapters.sql.retention import SqlRetention
from core import state
from core.binding import Binding
from core.decision import Decision
from core.engine import Engine
from core.events import MemberJoined, MemberLeft, MemberRenamed
from core.follow_ups import Returned
from core.forgetting import recogniser
from core.memory import MemoryStore
from core.people import Account, Actor
from core.ports import BalanceAt
from core.state import POINTS
from core.workflow import Bound, Group, Workflow
from core.working import Working
from jobs.privacy.forgetting import Forgetter
from tests.identity.town import (
    ANA,
    ANNA,
    BEN,
    BOOKING,
    GROUPS,
    MOOD,
    START,
    WAS,
    books,
    engine,
    lives,
    never_bound,
    said,
    sums_hold,
)
from tests.support.databases import new_sqlite
from tests.support.patience import PATIENCE
from tests.support.postgres import emptied

OFTEN = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STEP = 3
ROOT = Path(__file__).parents[2]


def lived(store: Any, events: list[Any]) -> dict[str, Any]:
    running = engine(store)
    for n in range(0, len(events), STEP):
        outcome = running.process(events[n : n + STEP])
        assert not outcome.faults
        assert not outcome.buried
        assert sums_hold(store)
    return books(store)


@OFTEN
@given(events=lives())
def test_whoever_was_bound_and_parted_has_what_they_would_have_had_in_memory(events):
    assert lived(MemoryStore(), events) == lived(MemoryStore(), never_bound(events))


@settings(OFTEN, max_examples=15)
@given(events=lives())
def test_whoever_was_bound_and_parted_has_what_they_would_have_had_on_sqlite(events):
    with TemporaryDirectory() as folder:
        store = open_store(new_sqlite(Path(folder) / "x.db"), durable=False)
        assert lived(store, events) == lived(MemoryStore(), never_bound(events))
        store.close()


@pytest.fixture(scope="module")
def postgres_url(postgres):
    url = postgres.new_database()
    open_store(url).close()
    return url


@settings(OFTEN, max_examples=15)
@given(events=lives(most=20))
def test_whoever_was_bound_and_parted_has_what_they_would_have_had_on_postgres(postgres_url, events):
    store = open_store(emptied(postgres_url))
    assert lived(store, events) == lived(MemoryStore(), never_bound(events))
    store.close()


@OFTEN
@given(events=lives())
def test_the_bound_have_the_same_books_in_memory_and_on_sqlite_and_in_one_batch(events):
    events = events[:-2]
    expected = lived(MemoryStore(), events)
    with TemporaryDirectory() as folder:
        store = open_store(new_sqlite(Path(folder) / "x.db"), durable=False)
        engine(store).process(events)
        assert books(store) == expected
        assert sums_hold(store)
        engine(store).process(events)
        assert books(store) == expected
        store.close()


def facts(store: Any, group: str = "g") -> list[tuple[str, int]]:
    return sorted((fact.kind, fact.amount) for fact in store.facts(group))


def people(store: Any, group: str = "g") -> list[str]:
    return [member.account for member in store.people(group)]


def test_while_bound_two_accounts_are_one_person_in_every_group_and_the_one_known_longer_is_shown(store):
    running = engine(store)
    running.process([said(1, ANA, "in", START), said(2, ANNA, "in", START), said(3, ANNA, "in", START, "h")])
    running.process([said(4, ANA, "bind", START)])
    assert people(store) == people(store, "h") == [ANA.account]
    with store.unit() as unit:
        [first] = unit.standings("g", POINTS, 3, None)
    assert (first.account, first.amount) == (ANA.account, 5 + 5 - 3)


def test_of_an_id_that_changed_the_new_one_is_shown(store):
    running = engine(store)
    running.process([said(1, WAS, "in", START), said(2, ANNA, "in", START), said(3, ANNA, "moved", START)])
    assert people(store) == [ANNA.account]


def test_a_person_has_left_once_all_of_their_accounts_have(store):
    running = engine(store)
    running.process([said(1, ANA, "", START), said(2, ANNA, "", START), said(3, ANA, "bind", START)])
    for n, who, gone in ((1, ANNA, False), (2, ANA, True)):
        running.process([MemberLeft(id=f"left{n}", at=START + n * MINUTE, group="g", actor=who)])
        [member] = store.people("g")
        assert (member.left is not None) == gone
    running.process([MemberJoined(id="back", at=START + 9 * MINUTE, group="g", actor=ANNA)])
    [member] = store.people("g")
    assert member.left is None


def test_a_person_returned_unseen_only_if_no_account_of_theirs_was_there(store):
    def decide(event: Any, options: None, view: Any) -> Decision:
        return Decision(because=(event.actor.account, str(view.actor().left)))

    noting = Bound(Workflow("noting", type(None), frozenset((Returned,)), lambda event, options: (), decide), None)
    running = Engine(store, {"g": Group(key="g", runs=(Bound(BOOKING, None), noting))})

    def told(*events: Any) -> list[tuple[str, ...]]:
        before = len(list(store.audit("g")))
        assert not running.process(list(events)).faults
        return [row.because for row in list(store.audit("g"))[before:] if row.workflow == "noting"]

    def left(n: int, who: Actor) -> MemberLeft:
        return MemberLeft(id=f"left{n}", at=START + n * MINUTE, group="g", actor=who)

    told(said(1, ANA, "", START), said(2, ANNA, "", START), said(3, ANA, "bind", START))
    assert told(left(1, ANNA), said(4, ANNA, "", START + 2 * MINUTE)) == []
    assert told(left(3, ANNA), left(4, ANA)) == []
    assert told(said(5, ANNA, "", START + 5 * MINUTE)) == [(ANNA.account, "None")]
    assert told(said(6, ANA, "", START + 6 * MINUTE)) == []


def test_of_each_account_it_is_known_whether_it_was_in_the_group_and_is(store):
    def presences(group: str, who: Actor) -> dict[str, bool]:
        with store.unit() as unit:
            found = Working(unit, {"g": Group(key="g"), "h": Group(key="h")}).read(group, state.presences(who.account))
        return {account: part.left is None for account, part in found.items()}

    running = engine(store)
    running.process([said(1, ANA, "", START), said(2, ANNA, "", START), said(3, ANNA, "", START, "h")])
    assert presences("g", ANA) == {ANA.account: True}
    assert presences("h", ANA) == presences("h", BEN) == {}
    running.process([said(4, ANA, "bind", START)])
    running.process([MemberLeft(id="left", at=START + MINUTE, group="g", actor=ANNA)])
    assert presences("g", ANA) == presences("g", ANNA) == {ANA.account: True, ANNA.account: False}
    assert presences("h", ANA) == presences("h", ANNA) == {ANNA.account: True}


def test_an_account_first_seen_in_a_group_while_bound_has_its_seat_there_afterwards(store):
    running = engine(store)
    running.process([said(1, ANA, "", START), said(2, ANNA, "", START), said(3, ANA, "bind", START)])
    running.process([said(4, ANNA, "in", START + MINUTE, "h"), said(5, ANA, "part", START + 2 * MINUTE)])
    assert people(store, "h") == [ANNA.account]
    assert facts(store, "h") == [("check_in:daily", 1), ("points", 5)]


def test_a_record_that_nobody_touched_is_each_ones_own_again_and_one_that_was_touched_is_had_by_both(store):
    def moods():
        return {member.account: value["at"] for member, value in store.every_record("g", MOOD)}

    running = engine(store)
    running.process([said(1, ANA, "mood", START), said(2, ANNA, "mood", START), said(3, ANA, "bind", START)])
    assert moods() == {ANA.account: "e1"}
    running.process([said(4, ANA, "part", START)])
    assert moods() == {ANA.account: "e1", ANNA.account: "e2"}
    running.process([said(5, ANA, "bind", START), said(6, ANNA, "mood", START), said(7, ANA, "part", START)])
    assert moods() == {ANA.account: "e6", ANNA.account: "e6"}


def test_an_account_that_is_renamed_while_bound_stays_with_its_side(store):
    running = engine(store)
    now = Actor(account=Account("wechat:now"), name="安娜")
    running.process([said(1, ANA, "", START), said(2, ANNA, "in", START), said(3, ANA, "bind", START)])
    running.process([MemberRenamed(id="renamed", at=START, group="g", actor=now, was=ANNA.account)])
    running.process([said(4, now, "in", START + MINUTE), said(5, ANA, "part", START + 2 * MINUTE)])
    with store.unit() as unit:
        seats = unit.find("g", [ANA.account, ANNA.account, now.account])
        mine = BalanceAt("g", seats[now.account].person, POINTS)
        assert unit.balances([mine]) == {mine: 10}
    assert seats[ANNA.account].person == seats[now.account].person != seats[ANA.account].person


def test_binding_twice_and_parting_twice_does_it_once(store):
    running = engine(store)
    running.process([said(1, ANA, "in", START), said(2, ANNA, "in", START)])
    before = books(store)
    running.process([said(3, ANA, "bind", START), said(4, ANNA, "bind", START)])
    assert len([fact for fact in store.facts("g") if fact.rule == "bond"]) == 1
    running.process([said(5, ANA, "part", START), said(6, ANNA, "part", START)])
    assert books(store)["g"]["facts"] == before["g"]["facts"]


def test_what_fails_half_way_leaves_everything_as_it_was(store, monkeypatch):
    running = engine(store)
    running.process([said(1, ANA, "in", START), said(2, ANNA, "in", START), said(3, ANNA, "thanks", START, to=BEN)])
    before = books(store)
    monkeypatch.setattr(Binding, "_seated", _break)
    outcome = running.process([said(4, ANA, "bind", START)])
    monkeypatch.undo()
    assert [letter.id for letter in outcome.buried] == ["e4"]
    assert books(store)["g"]["facts"] == before["g"]["facts"]
    assert books(store)["g"]["people"] == before["g"]["people"]
    running.process([said(5, ANA, "bind", START)])
    assert people(store) == [ANA.account, BEN.account]


def test_a_process_that_is_killed_half_way_leaves_everything_as_it_was(url):
    store = open_store(url)
    engine(store).process([said(1, ANA, "in", START), said(2, ANNA, "in", START), said(3, ANNA, "in", START, "h")])
    before = books(store)
    store.close()
    child = (
        "import os, signal, sys\n"
        "from adapters.sql import open_store\n"
        "from core.binding import Binding\n"
        "from tests.identity.town import ANA, START, engine, said\n"
        "Binding._seated = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "engine(open_store(sys.argv[1])).process([said(4, ANA, 'bind', START)])\n"
    )
    ended = subprocess.run([sys.executable, "-c", child, url], cwd=ROOT, timeout=PATIENCE, check=False)
    assert ended.returncode == -signal.SIGKILL
    store = open_store(url)
    assert books(store) == before
    assert sums_hold(store)
    engine(store).process([said(4, ANA, "bind", START)])
    assert people(store) == people(store, "h") == [ANA.account]
    store.close()


def _break(*_: Any) -> None:
    raise RuntimeError("as asked")


def test_others_write_on_while_accounts_are_bound_and_parted_and_no_fact_is_lost(url):
    """Two writers in two groups and one who binds and parts: on PostgreSQL they are three transactions at a time."""
    store = open_store(url, durable=False)
    engine(store).process([said(1, ANA, "", START), said(2, ANNA, "", START, "h")])
    rounds, troubles = 12, list[BaseException]()

    def work(write: Any) -> None:
        try:
            running = engine(store)
            for n in range(rounds):
                outcome = running.process(write(n))
                assert not outcome.buried, outcome.buried
        except BaseException as error:
            troubles.append(error)

    works: list[Any] = [
        lambda n: [said(1000 + n, ANA, "in", START + n * MINUTE)],
        lambda n: [said(2000 + n, ANNA, "in", START + n * MINUTE, "h")],
        lambda n: [said(3000 + n, ANA, ("bind", "part")[n % 2], START + n * MINUTE)],
    ]
    threads = [threading.Thread(target=work, args=(one,)) for one in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    assert troubles == []
    assert sums_hold(store)
    assert {group: facts(store, group).count(("points", 5)) for group in GROUPS} == {"g": rounds, "h": rounds}
    assert {fact.person for group in GROUPS for fact in store.facts(group)} == {
        member.person for group in GROUPS for member in store.people(group)
    }
    store.close()


@pytest.mark.parametrize("by", [ANA, ANNA], ids=["by the one", "by the other"])
def test_whoever_is_bound_is_forgotten_with_all_of_their_accounts(store, by):
    running = engine(store)
    running.process([said(1, ANA, "mood", START), said(2, ANNA, "mood", START), said(3, ANNA, "in", START, "h")])
    running.process([MemberJoined(id="came", at=START, group="g", actor=BEN, by=ANNA)])
    running.process([said(4, ANA, "bind", START), said(5, ANNA, "thanks", START, to=BEN), said(6, ANA, "in", START)])
    with store.unit() as unit:
        assert Forgetter(recogniser(b"a secret of the deployment, 32 b.")).forget(unit, by.account, START) is not None
        unit.commit()
    assert people(store) == [BEN.account]
    assert people(store, "h") == []
    assert [(fact.kind, fact.by_own) for fact in store.facts("g")] == [("thanks", None)]
    assert sums_hold(store)
    [ben] = store.people("g")
    assert ben.inviter is not None
    assert ben.inviter < 0
    if isinstance(store, MemoryStore):
        assert [*store._owns, *store._shares, *store._ties] == []
        assert [place for place in store._records if place.person] == []
    else:
        with store.pool.lent() as session:
            for table in ("bonds", "shares", "records"):
                assert session.ask(f"SELECT * FROM {table}") == []


def test_days_that_were_cleared_away_while_bound_do_not_come_back(url):
    store = open_store(url, durable=False)
    running = engine(store)
    running.process([said(1, ANA, "", START), said(2, ANNA, "", START), said(3, ANA, "bind", START)])
    with store.pool.lent() as session:
        before = session.ask("SELECT * FROM group_days")
    SqlRetention(store.pool).drop_days((START + 9 * DAY).date())
    running.process([said(4, ANA, "part", START + 10 * DAY)])
    days = [(group, row) for group in GROUPS for row in store.activity(group)]
    assert [row[1].day for _, row in days] == [(START + 10 * DAY).date()]
    with store.pool.lent() as session:
        assert before[0] in session.ask("SELECT * FROM group_days")
    store.close()


def test_a_replay_binds_and_parts_as_live_batches_do(store):
    events = [said(1, ANA, "in", START), said(2, ANNA, "in", START, "h"), said(3, ANA, "bind", START + MINUTE)]
    events += [said(4, ANNA, "in", START + 2 * MINUTE), said(5, ANNA, "part", START + 3 * MINUTE)]
    outcome = engine(store).replay(events, until=START + DAY)
    assert (outcome.new, outcome.faults, outcome.buried) == (5, [], [])
    assert books(store) == lived(MemoryStore(), never_bound(events))
