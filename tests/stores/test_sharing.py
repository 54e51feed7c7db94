"""Threads and processes on one database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.sql import open_store
from adapters.sql import sqlite as sqlite_sessions
from adapters.sql.logfile import ROOM_BYTES
from core.errors import StoreBusy, StoreUnavailable
from core.people import NOBODY
from core.ports import RecordAt, Writes
from core.state import Slot
from tests.stores.people import START, fact, newcomer, posted, seated
from tests.support.databases import SQL_STORES
from tests.support.patience import PATIENCE

NUMBER = Slot("tests.number", int)
PLACE = RecordAt("g", NOBODY, NUMBER.name)

ADDER = """
import sys
from adapters.sql import open_store
from core.ports import RecordAt, Writes
from core.state import Slot
NUMBER = Slot("tests.number", int)
PLACE = RecordAt("g", 0, NUMBER.name)
store = open_store(sys.argv[1], durable=False)
for _ in range(int(sys.argv[2])):
    with store.unit() as unit:
        unit.lock(["g"])
        before = unit.records([(PLACE, NUMBER)]).get(PLACE, 0)
        unit.save(Writes(records={PLACE: before + 1}))
        unit.commit()
store.close()
"""


def add_one(store):
    with store.unit() as unit:
        unit.lock(["g"])
        before = unit.records([(PLACE, NUMBER)]).get(PLACE, 0)
        unit.save(Writes(records={PLACE: before + 1}))
        unit.commit()


def number(store):
    with store.unit() as unit:
        return unit.records([(PLACE, NUMBER)]).get(PLACE, 0)


def test_threads_never_interleave_in_one_group(store):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: add_one(store), range(80)))
    assert number(store) == 80


def test_processes_never_interleave_in_one_group(url):
    store = open_store(url, durable=False)
    running = [subprocess.Popen([sys.executable, "-c", ADDER, url, "40"]) for _ in range(2)]
    for _ in range(40):
        add_one(store)
    assert [process.wait(PATIENCE) for process in running] == [0, 0]
    assert number(store) == 120
    store.close()


def test_other_groups_go_on_while_one_is_held_on_postgres(new_url):
    store = open_store(new_url("postgres"))
    with store.unit() as first:
        first.lock(["a", "g"])
        with store.unit() as second:
            second.lock(["h"])
            second.save(Writes(records={RecordAt("h", NOBODY, NUMBER.name): 1}))
            second.commit()
        first.commit()
    store.close()


def test_groups_are_locked_in_one_order_whatever_the_order_asked_for(new_url):
    store = open_store(new_url("postgres"))
    groups = [f"g{n}" for n in range(8)]

    def take(turn):
        for _ in range(15):
            with store.unit() as unit:
                unit.lock(groups[turn:] + groups[:turn])
                unit.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, (0, 3, 5, 7)))
    store.close()


def test_newcomers_met_by_two_at_once_are_one_person_each(new_url):
    store = open_store(new_url("postgres"))
    everyone = [newcomer(n) for n in range(60)]
    start = threading.Barrier(4)

    def meet(turn):
        start.wait()
        who = everyone[::-1] if turn % 2 else everyone
        return [seat.person for seat in sorted(seated(store, *who, group=f"g{turn}"), key=lambda s: s.account)]

    with ThreadPoolExecutor(4) as pool:
        persons = list(pool.map(meet, range(4)))
    assert all(each == persons[0] for each in persons)
    assert len(set(persons[0])) == 60
    store.close()


def test_one_who_waits_too_long_is_told_to_try_again(new_url, monkeypatch):
    monkeypatch.setattr(sqlite_sessions, "BUSY_SECONDS", 0.05)
    store = open_store(new_url("sqlite"))
    with store.unit() as unit:
        unit.lock(["g"])
        with pytest.raises(StoreBusy, match="holds the database"):
            add_one(store)
        unit.commit()
    add_one(store)
    assert number(store) == 1
    store.close()


def test_a_full_disk_is_told_and_nothing_is_lost(new_url):
    store = open_store(new_url("sqlite"))
    [seat] = seated(store, newcomer(1))
    with store.unit() as unit:
        [(pages,)] = unit.session.ask("PRAGMA page_count")
        unit.session.ask(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreUnavailable, match="disk is full"):
        posted(store, *(fact(seat.person, f"{n:0200}") for n in range(1_000)))
    assert list(store.facts("g")) == []
    with store.unit() as unit:
        unit.session.ask("PRAGMA max_page_count=1000000")
    posted(store, fact(seat.person, "k"))
    assert len(list(store.facts("g"))) == 1
    store.close()


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    path = tmp_path / "store.sqlite3"
    open_store(f"sqlite:///{path}").close()
    store = open_store(f"sqlite:///{path}")
    with store.unit() as unit:
        unit.session.ask("PRAGMA query_only=1")
    with pytest.raises(StoreUnavailable, match="readonly"):
        seated(store, newcomer(1))
    store.close()


def test_a_server_that_drops_connections_is_told_and_found_again(postgres, new_url):
    import psycopg

    url = new_url("postgres")
    store = open_store(url)
    seated(store, newcomer(1))
    with psycopg.connect(postgres.url(), autocommit=True) as other:
        name = url.split("/")[3].split("?")[0]
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    with pytest.raises(StoreUnavailable, match="PostgreSQL cannot be used now"):
        seated(store, newcomer(2))
    seated(store, newcomer(2))
    assert len(list(store.people("g"))) == 2
    store.close()


def test_a_deadlock_is_told_as_busy(new_url):
    store = open_store(new_url("postgres"))
    seated(store, newcomer(1), newcomer(2))
    met = threading.Barrier(2)

    def cross(first, second):
        try:
            with store.unit() as unit:
                unit.lock([first])
                met.wait()
                unit.lock([second])
                unit.commit()
        except StoreBusy as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(cross, ("g1", "g2"), ("g2", "g1")))
    assert told[1] == "done"
    assert "deadlock" in told[0]
    store.close()


@pytest.mark.parametrize("kind", SQL_STORES)
def test_a_forked_child_uses_connections_of_its_own(kind, new_url):
    store = open_store(new_url(kind))
    seated(store, newcomer(1))
    child = os.fork()
    if child == 0:
        try:
            seated(store, newcomer(2))
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    seated(store, newcomer(3))
    assert len(list(store.people("g"))) == 3
    store.close()


def test_a_reader_sees_the_moment_it_began_while_others_write(url):
    store = open_store(url, durable=False)
    [seat] = seated(store, newcomer(1))
    posted(store, *(fact(seat.person, f"{n:04}", at=START) for n in range(1_500)))
    stream = store.facts("g")
    first = next(stream)
    posted(store, fact(seat.person, "0000a"), fact(seat.person, "9999"))
    assert [first.key, *(entry.key for entry in stream)] == [f"{n:04}" for n in range(1_500)]
    store.close()


def test_a_killed_writer_leaves_nothing_half_done(new_url):
    url = new_url("sqlite")
    store = open_store(url)
    [seat] = seated(store, newcomer(1))
    child = os.fork()
    if child == 0:
        with store.unit() as unit:
            unit.save(Writes(facts=[fact(seat.person, "k")]))
            os._exit(9)
    os.waitpid(child, 0)
    posted(store, fact(seat.person, "k"))
    store.close()
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_the_log_of_a_file_has_its_room_before_the_first_commit_and_the_file_nothing_of_it(tmp_path):
    file = tmp_path / "x.db"
    store = open_store(f"sqlite:///{file}")
    before = file.stat().st_size
    add_one(store)
    assert (tmp_path / "x.db-wal").stat().st_size >= ROOM_BYTES
    store.close()
    assert file.stat().st_size - before <= 16 * 4096
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'room'").fetchone() == (0,)
    connection.close()


def test_who_opens_a_file_while_another_writes_does_not_wait_for_the_logs_room(tmp_path):
    store, other = (open_store(f"sqlite:///{tmp_path}/x.db") for _ in range(2))
    with store.unit() as unit:
        unit.lock(["g"])
        assert list(other.people("g")) == []
        unit.commit()
    store.close()
    other.close()
