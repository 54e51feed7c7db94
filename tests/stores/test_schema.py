"""Opening a store: the schema, what is refused, and several processes at once."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import adapters.sql
from adapters.sql import open_as_it_is, open_store, queries, sqlite
from adapters.sql.migrating import connected
from adapters.sql.opening import database_at
from adapters.sql.postgres import told as postgres_told
from adapters.sql.queries import Lookup
from adapters.sql.revision import REVISION
from adapters.sql.schema import METADATA
from adapters.sql.sqlite_texts import lookup
from adapters.sql.upgrading import upgrade
from core.errors import SchemaUnknown, StoreError, StoreUnavailable, StoreUnknown
from core.people import Account
from core.ports import RecordAt, Writes
from tests.stores.people import HOUR, START, newcomer, seated
from tests.support.databases import SQL_STORES, new_sqlite
from tests.support.patience import PATIENCE
from workflows.acts import ACTS, Act, Acts


def engine_of(url):
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def run(url, statement):
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=SQL_STORES)
def empty(request, tmp_path):
    """The URL of a database without any table."""
    return (
        f"sqlite:///{tmp_path}/x.db"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres").new_database()
    )


def made_older(url):
    """The URL of a database whose schema was made by the version before."""
    open_store(url).close()
    run(url, "ALTER TABLE memberships DROP COLUMN first_joined")
    run(url, "UPDATE alembic_version SET version_num = '0011'")
    return url


def upgraded(url):
    """The URL of an empty database after all migrations, one after another."""
    with connected(database_at(url, durable=False)) as connection:
        connection.exec_driver_sql("BEGIN")
        upgrade(connection)
        connection.exec_driver_sql("COMMIT")
    return url


def test_the_migrations_make_exactly_the_schema(empty):
    engine = engine_of(upgraded(empty))

    def comparable(thing, name, kind, reflected, other):
        return (
            engine.dialect.name != "sqlite" or name != "balances_standing"
        )  # SQLite does not tell a column's direction

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": comparable})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_a_new_database_is_what_the_migrations_make_of_an_empty_one_on_sqlite(tmp_path):
    open_store(f"sqlite:///{tmp_path}/made.db").close()
    upgraded(f"sqlite:///{tmp_path}/migrated.db")
    migrated, made = (statements(tmp_path / name) for name in ("migrated.db", "made.db"))
    assert made == migrated
    assert {"alembic_version", "activity_begun", "member_gone"} < made.keys()


def test_a_new_database_is_what_the_migrations_make_of_an_empty_one_on_postgres(postgres):
    made, migrated = postgres.new_database(), upgraded(postgres.new_database())
    open_store(made).close()
    assert described(made) == described(migrated)
    assert {"activity_begun", "alembic_version_pkc", "first_joined"} < {name for _, name, _ in described(made)}


def statements(path):
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        rows += connection.execute("SELECT 'the version', version_num FROM alembic_version").fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows}


DESCRIBED = """
SELECT table_name, column_name, ROW(ordinal_position, data_type, is_nullable, column_default, is_identity)::text
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT '', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT sequencename, '', ROW(data_type, start_value, increment_by)::text FROM pg_sequences
UNION ALL SELECT 'alembic_version', '', version_num FROM alembic_version
"""


def described(url):
    with psycopg.connect(url) as connection:
        return set(connection.execute(DESCRIBED).fetchall())


def test_the_revision_named_in_the_schema_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(Path(adapters.sql.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_opening_again_finds_what_was_there(url):
    store = open_store(url)
    seated(store, newcomer(1))
    store.close()
    again = open_store(url)
    assert [member.account for member in again.people("g")] == ["telegram:1"]
    again.close()


def test_what_was_done_about_somebody_before_stands_in_the_order_in_which_it_was_done(url):
    store = open_store(url)
    [seat] = seated(store, newcomer(1))
    done = {"c": 0, "a": 1, "b": 1.5, "d": 2}  # hours after the start, by the id of the act
    acts = Acts({id_: Act(at=START + hours * HOUR, did=(f"mute {id_}",)) for id_, hours in sorted(done.items())})
    place = RecordAt("g", seat.person, ACTS.name)
    with store.unit() as unit:
        unit.save(Writes(records={place: acts}))
        unit.commit()
    store.close()
    run(url, "ALTER TABLE memberships DROP COLUMN first_joined")
    run(url, "UPDATE alembic_version SET version_num = '0010'")
    store = open_store(url)
    with store.unit() as unit:
        found = unit.records([(place, ACTS)])[place]
    store.close()
    assert isinstance(found, Acts)
    assert list(found.last) == list(done)
    assert found == acts


def test_who_was_here_before_has_joined_for_the_first_time_where_that_is_known(url):
    store = open_store(url)
    joined = (None, START, START + 72 * HOUR, START + 73 * HOUR)
    for n, at in enumerate(joined):
        [seat] = seated(store, newcomer(n))
        seat.joined = at
        with store.unit() as unit:
            unit.save(Writes(seats=[("g", seat)]))
            unit.commit()
    store.close()
    run(url, "ALTER TABLE memberships DROP COLUMN first_joined")
    run(url, "UPDATE alembic_version SET version_num = '0011'")
    store = open_store(url)
    who = [Account(f"telegram:{n}") for n in range(4)]
    with store.unit() as unit:
        found = unit.find("g", who)
    store.close()
    assert [found[each].first_joined for each in who] == [None, START, START + 72 * HOUR, None]


def test_a_newer_schema_is_refused_and_left_alone(url):
    open_store(url).close()
    run(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaUnknown, match="the database has schema 9999, newer than"):
        open_store(url)
    run(url, f"UPDATE alembic_version SET version_num = '{REVISION}'")
    open_store(url).close()


def test_tables_that_are_not_ours_are_refused(empty):
    run(empty, "CREATE TABLE accounts (id int)")
    with pytest.raises(SchemaUnknown, match=r"tables that are not ours \(accounts\)"):
        open_store(empty)


@pytest.mark.parametrize("version", ["0005", REVISION, "e1a2b3c4"])
def test_the_version_of_another_program_is_not_taken_for_ours(empty, version):
    run(empty, "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    run(empty, f"INSERT INTO alembic_version VALUES ('{version}')")
    for opens in (open_store, open_as_it_is):
        with pytest.raises(SchemaUnknown, match=r"tables that are not ours \(alembic_version\)"):
            opens(empty)


def test_postgres_may_hold_other_programs_tables(postgres):
    url = postgres.new_database()
    run(url, "CREATE TABLE somebody_elses (id int)")
    open_store(url).close()


TWO = """
import os, sys
from adapters.sql import open_store

starts, gun = os.pipe()


def begin():
    child = os.fork()
    if not child:
        os.close(gun)
        os.read(starts, 1)
        print(len(list(open_store(sys.argv[1]).people("g"))), flush=True)
        os._exit(0)
    return child


children = [begin(), begin()]
os.close(gun)
sys.exit(any([os.waitpid(child, 0)[1] for child in children]))
"""
"""Two processes that have everything at hand open the store at the same moment."""


@pytest.mark.parametrize("older", [False, True], ids=["new", "older"])
def test_processes_that_start_at_once_all_find_the_schema(empty, older):
    url = made_older(empty) if older else empty
    done = subprocess.run(
        [sys.executable, "-c", TWO, url], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n0\n", "")


@pytest.mark.parametrize("older", [False, True], ids=["new", "older"])
def test_threads_that_start_at_once_all_find_the_schema(empty, older):
    url = made_older(empty) if older else empty
    with ThreadPoolExecutor(4) as pool:
        for store in pool.map(open_store, [url] * 4):
            store.close()


@pytest.mark.parametrize(
    ("wrong", "error", "told"),
    [
        ("sqlite://", StoreUnknown, "names no file"),
        ("sqlite:///:memory:", StoreUnknown, "names no file"),
        ("mysql://root:hunter2@host/x", StoreUnknown, "no database on mysql is known"),
        ("not a url, hunter2", StoreUnknown, "cannot be read"),
        ("postgresql://yaji:hunter2@127.0.0.1:1/x", StoreUnavailable, "cannot be reached"),
        ("postgresql://yaji:hunter2@127.0.0.1:1/x?nonsense=1", StoreUnavailable, "not one it understands"),
        ("postgresql://yaji:hun%2Fter2@[::1/x", StoreUnknown, "cannot be read"),
        ("postgresql://yaji:hunter2@host:port/x", StoreUnknown, "cannot be read"),
        ("postgresql://yaji:hunter2@one:5432,two:port/x", StoreUnknown, "cannot be read"),
        ("postgresql://yaji:hunter2@127.0.0.1:1,[::1]:1/x", StoreUnavailable, r"'127\.0\.0\.1'.*'::1'"),
        ("postgresql://yaji:great@hunter2@host/x", StoreUnknown, "more than one @: write those of its password as %40"),
        ("postgresql://yaji:great@or/hunter2@host/x", StoreUnknown, "more than one @"),
        ("sqlite:////nowhere/at/all/x.db", StoreUnavailable, "unable to open"),
    ],
)
def test_a_wrong_url_is_told_in_one_sentence_without_its_secret(wrong, error, told):
    with pytest.raises(StoreError, match=told) as caught:
        open_store(wrong)
    assert type(caught.value) is error
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None or "hunter2" not in str(caught.value.__cause__)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    (tmp_path / "x.db").write_text("dear diary " * 500)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_store(f"sqlite:///{tmp_path}/x.db")
    assert (tmp_path / "x.db").read_text() == "dear diary " * 500


@pytest.mark.parametrize(("durable", "level"), [(True, 1), (False, 0)], ids=["normal", "off"])
def test_sqlite_moves_nothing_from_the_log_that_is_not_on_the_disk_unless_told_not_to_care(tmp_path, durable, level):
    store = open_store(f"sqlite:///{tmp_path}/x.db", durable=durable)
    with store.unit() as unit:
        assert unit.session.ask("PRAGMA synchronous") == [(level,)]
        assert unit.session.ask("PRAGMA journal_mode") == [("wal",)]
        assert unit.session.ask("PRAGMA busy_timeout")[0][0] >= 10_000
    store.close()


SMALL = ("SCAN w", "SCAN known", "SCAN 2 CONSTANT ROWS")
LOOKUPS = {name: query for name, query in vars(queries).items() if isinstance(query, Lookup)}


@pytest.mark.parametrize("name", LOOKUPS)
def test_no_lookup_scans_a_table_on_sqlite(tmp_path, name):
    query = LOOKUPS[name]
    open_store(new_sqlite(tmp_path / "x.db")).close()
    connection = sqlite3.connect(tmp_path / "x.db")
    plan = [
        row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {lookup(query, 2)}", [None] * 2 * len(query.wanted))
    ]
    connection.close()
    assert [step for step in plan if step.startswith("SCAN") and step not in SMALL] == []
    assert not any("ledger_window" in step for step in plan)


@pytest.mark.parametrize("new", [True, False], ids=["new", "as it is"])
def test_a_process_that_finds_nothing_to_be_migrated_begins_without_alembic(empty, new):
    url = empty
    if not new:
        open_store(url).close()
    opens = "import sys; from adapters.sql import open_store; open_store(sys.argv[1]).close()"
    asked = f"{opens}; print('alembic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked, url], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]


def test_a_process_that_opens_a_file_as_it_is_begins_without_sqlalchemy(tmp_path: Path):
    open_store(f"sqlite:///{tmp_path}/x.db").close()
    opens = "import sys; from adapters.sql import open_store; open_store(sys.argv[1]).close()"
    asked = f"{opens}; print('sqlalchemy' in sys.modules)"
    address = f"sqlite:///{tmp_path}/x.db"
    told = subprocess.run([sys.executable, "-c", asked, address], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]


def test_the_file_is_its_owners_alone_wherever_it_is(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path / 'yaji.sqlite3'}")
    seated(store, newcomer(1))
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {
        f"yaji.sqlite3{ending}": 0o600 for ending in ("", "-wal", "-shm")
    }
    store.close()


@pytest.mark.parametrize(
    ("refused", "zh"),
    [
        (sqlite.told(sqlite3.OperationalError("x")), "数据库现在用不了：x；请看看磁盘和文件的权限"),
        (sqlite.told(sqlite3.IntegrityError("x")), "这一行已经有了：x"),
        (postgres_told(psycopg.OperationalError("x")), "PostgreSQL 现在用不了：x"),
        (postgres_told(psycopg.errors.UniqueViolation("x")), "这一行已经有了：x"),
        (postgres_told(psycopg.errors.DeadlockDetected("x")), "有另一个进程挡着（x）；请再试一次"),
    ],
)
def test_what_a_database_refuses_is_told_in_chinese_too(refused, zh):
    assert isinstance(refused, StoreError)
    assert refused.zh == zh
