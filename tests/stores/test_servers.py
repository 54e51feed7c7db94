"""PostgreSQL as it is run: behind a pool, with a standby that takes over, with processes and machines that stop."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from adapters.sql import open_store, postgres
from adapters.sql.postgres import PostgresSession
from core.errors import StoreUnavailable
from core.people import NOBODY
from core.ports import RecordAt, Writes
from core.state import Slot
from tests.stores.people import newcomer, seated
from tests.support.patience import PATIENCE
from tests.support.pooler import pooled

NUMBER = Slot("tests.number", int)


def add_one(store, group="g", *, lasting=True):
    place = RecordAt(group, NOBODY, NUMBER.name)
    with store.unit(lasting=lasting) as unit:
        unit.lock([group])
        unit.save(Writes(records={place: number(unit, group) + 1}))
        unit.commit()


def number(unit, group="g"):
    place = RecordAt(group, NOBODY, NUMBER.name)
    return unit.records([(place, NUMBER)]).get(place, 0)


def database_of(url):
    return url.split("/")[3].partition("?")[0]


def driver(session):
    assert isinstance(session, PostgresSession)
    return session.connection


# behind a pool


def test_behind_a_pool_that_shares_the_servers_processes_nothing_is_lost_or_done_twice(request, new_url):
    url = new_url("postgres")
    with pooled(request.getfixturevalue("postgres"), database_of(url)) as pool, closing(open_store(pool.url)) as store:

        def add(turn):
            for n in range(16):
                add_one(store, f"g{n % 3}", lasting=n % 2 == turn % 2)
                store.flush()

        with ThreadPoolExecutor(3) as threads:
            list(threads.map(add, range(3)))
        with store.unit() as unit:
            unit.lock(["g0", "g1", "g2"])
            assert sum(number(unit, f"g{n}") for n in range(3)) == 48
        assert sorted(store.groups()) == ["g0", "g1", "g2"]


def test_behind_a_pool_nothing_is_set_that_others_would_meet(request, new_url):
    import psycopg

    url = new_url("postgres")
    with pooled(request.getfixturevalue("postgres"), database_of(url)) as pool, closing(open_store(pool.url)) as store:
        for n in range(8):
            add_one(store, lasting=n % 2 == 0)
        with psycopg.connect(pool.url, prepare_threshold=None, autocommit=True) as other:
            for _ in range(4):
                for name in ("synchronous_commit", "lock_timeout", "idle_in_transaction_session_timeout"):
                    found = other.execute("SELECT source FROM pg_settings WHERE name = %s", (name,)).fetchone()
                    assert found is not None
                    assert (name, *found) != (name, "session")


def test_a_new_database_can_be_made_behind_a_pool(postgres):
    with pooled(postgres, database_of(postgres.new_database())) as pool:
        with closing(open_store(pool.url)) as store:
            add_one(store)
        with closing(open_store(pool.url)) as store, store.unit() as unit:
            unit.lock(["g"])
            assert number(unit) == 1


# servers that stop being what they were


def test_a_server_that_has_become_a_standby_is_left_for_the_one_that_took_over(new_url):
    with closing(open_store(new_url("postgres"))) as store:
        add_one(store)
        with store.unit() as unit:
            driver(unit.session).execute("SET SESSION default_transaction_read_only = on")
            unit.commit()
        with pytest.raises(StoreUnavailable, match="read-only"):
            add_one(store)
        add_one(store)


def test_of_all_connections_to_a_server_that_went_one_finds_out(postgres, new_url):
    import psycopg

    url = new_url("postgres")
    with closing(open_store(url)) as store:
        units = [store.unit() for _ in range(5)]
        for unit in units:
            unit.__enter__()
        for unit in units:
            unit.__exit__(None, None, None)
        with psycopg.connect(postgres.url(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (database_of(url),)
            )
        with pytest.raises(StoreUnavailable):
            seated(store, newcomer(1))
        for n in range(6):
            seated(store, newcomer(n))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("", (10, 10, 5, 3, 20_000)), ("&connect_timeout=4&keepalives_idle=60", (4, 60, 5, 3, 20_000))],
)
def test_a_server_whose_machine_is_gone_is_given_up_soon_unless_the_url_says_otherwise(new_url, said, seconds):
    with closing(open_store(new_url("postgres") + said)) as store:
        names = ("connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
        with store.unit() as unit:
            told = driver(unit.session).info.get_parameters()
        assert tuple(int(told[name]) for name in names) == seconds


def test_what_an_address_says_beside_the_place_is_said_to_the_server(new_url):
    url = f"{new_url('postgres')}&options=-c%20search_path%3Dpublic%20-c%20work_mem%3D9MB&application_name=a%2Bb%20c"
    with closing(open_store(url)) as store, store.unit() as unit:
        asked = ("search_path", "work_mem", "application_name")
        assert [driver(unit.session).execute(f"SHOW {name}").fetchone() for name in asked] == [
            ("public",),
            ("9MB",),
            ("a+b c",),
        ]


# processes that stop

STOPPED = """
import sys, time
from adapters.sql import open_store
store = open_store(sys.argv[1])
with store.unit() as unit:
    unit.lock(["g"])
    print("held", flush=True)
    time.sleep(1000)
"""


def test_a_process_that_stops_in_the_middle_of_a_transaction_does_not_hold_its_groups_for_ever(new_url, monkeypatch):
    url = new_url("postgres")
    monkeypatch.setattr(postgres, "HELD_SECONDS", 1)
    changed = f"from adapters.sql import postgres; postgres.HELD_SECONDS = 1\n{STOPPED}"
    stopped = subprocess.Popen([sys.executable, "-c", changed, url], stdout=subprocess.PIPE)
    assert stopped.stdout is not None
    try:
        assert stopped.stdout.readline() == b"held\n"
        stopped.send_signal(signal.SIGSTOP)
        with closing(open_store(url)) as store:
            add_one(store)
    finally:
        stopped.kill()
        stopped.wait(PATIENCE)
        stopped.stdout.close()


def test_who_was_stopped_so_long_begins_anew(new_url, monkeypatch):
    monkeypatch.setattr(postgres, "HELD_SECONDS", 0.05)
    with closing(open_store(new_url("postgres"))) as store:
        with store.unit() as unit:
            unit.lock(["g"])
            told, _, _ = select.select([driver(unit.session).fileno()], [], [], PATIENCE)
            assert told, "the server says that it ended the connection"
            with pytest.raises(StoreUnavailable, match="idle-in-transaction"):
                unit.commit()
        add_one(store)


def test_whoever_reads_a_long_list_takes_their_time(new_url, monkeypatch):
    import psycopg

    url = new_url("postgres")
    monkeypatch.setattr(postgres, "HELD_SECONDS", 0.05)
    with closing(open_store(url)) as store:
        seated(store, *(newcomer(n) for n in range(3)))
        people = store.people("g")
        first = next(people)
        with psycopg.connect(url) as other:
            other.execute("SELECT pg_sleep(0.3)")
        assert [first, *people] == sorted(store.people("g"), key=lambda member: member.person)
