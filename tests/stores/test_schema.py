"""Opening a store: the schema, what is refused, and several processes at once."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import adapters.sql
from adapters.sql import open_store, queries, sqlite
from adapters.sql.postgres import told as postgres_told
from adapters.sql.queries import Lookup
from adapters.sql.schema import METADATA, REVISION
from adapters.sql.sqlite_texts import lookup
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


def test_the_migrations_make_exactly_the_schema(url):
    open_store(url).close()
    engine = engine_of(url)

    def comparable(thing, name, kind, reflected, other):
        return (
            engine.dialect.name != "sqlite" or name != "balances_standing"
        )  # SQLite does not tell a column's direction

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": comparable})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_the_migrations_make_the_very_statements_of_the_schema_on_sqlite(tmp_path):
    open_store(f"sqlite:///{tmp_path}/migrated.db").close()
    engine = engine_of(f"sqlite:///{tmp_path}/made.db")
    METADATA.create_all(engine)
    engine.dispose()
    migrated, made = (statements(tmp_path / name) for name in ("migrated.db", "made.db"))
    del migrated["alembic_version"]
    assert migrated == made


def statements(path):
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'"
    ).fetchall()
    connection.close()
    return {name: " ".join(sql.split()) for name, sql in rows}


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


@pytest.mark.parametrize("kind", SQL_STORES)
def test_tables_that_are_not_ours_are_refused(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else request.getfixturevalue("postgres").new_database()
    run(url, "CREATE TABLE accounts (id int)")
    with pytest.raises(SchemaUnknown, match=r"tables that are not ours \(accounts\)"):
        open_store(url)


def test_postgres_may_hold_other_programs_tables(postgres):
    url = postgres.new_database()
    run(url, "CREATE TABLE somebody_elses (id int)")
    open_store(url).close()


@pytest.mark.parametrize("kind", SQL_STORES)
def test_processes_that_start_at_once_all_find_the_schema(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else request.getfixturevalue("postgres").new_database()
    code = (
        "import sys; from adapters.sql import open_store; s = open_store(sys.argv[1]); print(len(list(s.people('g'))))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=PATIENCE) for process in running] == [("0\n", "")] * 2


@pytest.mark.parametrize("kind", SQL_STORES)
def test_threads_that_start_at_once_all_find_the_schema(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else request.getfixturevalue("postgres").new_database()
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


def test_a_process_that_finds_the_schema_as_it_is_begins_without_alembic(url: str):
    open_store(url).close()
    opens = "import sys; from adapters.sql import open_store; open_store(sys.argv[1]).close()"
    asked = f"{opens}; print('alembic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked, url], capture_output=True, text=True, check=True)
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
