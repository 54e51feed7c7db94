"""From a file into a database of many machines: every row, and what comes after goes on from there."""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, select
from typer.testing import CliRunner

from adapters.sql import open_store
from adapters.sql.copying import copy_store
from adapters.sql.schema import METADATA
from cli.main import app
from core.errors import StoreError
from core.ports import DayAt, Writes
from jobs.serve.alone import alone
from tests.stores.people import START, TODAY, fact, newcomer, posted, seated, sum_of
from tests.support.databases import new_sqlite
from tests.support.patience import until


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All that a database holds."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.tables.values()
        }
    engine.dispose()
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a home: three members with points and a day, one of whom left."""
    path = tmp_path / "home" / "data" / "yaji.sqlite3"
    path.parent.mkdir(parents=True)
    (tmp_path / "home" / "communities").mkdir()
    (tmp_path / "home" / "communities" / "a.yaml").write_text(
        "version: 1\ncommunity: {name: A, timezone: UTC, languages: [en], groups: {g: {}}, admins: []}\n"
    )
    store = open_store(new_sqlite(path))
    seats = seated(store, newcomer(1), newcomer(2), newcomer(3, "雅集\\ \"'"))
    posted(store, *(fact(seat.person, f"k{n}", n) for n, seat in enumerate(seats)))
    seats[1].left = START
    with store.unit() as unit:
        days = {DayAt("g", seat.person, TODAY): [1, 0, 0, 0, 0, 1] for seat in seats}
        unit.save(Writes(days=days, seats=[("g", seats[1])]))
        unit.commit()
    store.close()
    return path


def test_every_row_is_as_it_was_and_new_ones_come_after(file: Path, url: str):
    told = copy_store(f"sqlite:///{file}", url)
    assert rows_of(url) == rows_of(f"sqlite:///{file}")
    assert (told["accounts"], told["ledger"], told["group_sizes"]) == (3, 3, 1)
    store = open_store(url)
    [new] = seated(store, newcomer(4))
    posted(store, fact(new.person, "later", 7))
    with store.unit() as unit:
        assert sum_of(unit, new.person) == 7
    assert len(list(store.people("g"))) == 4
    store.close()


def test_a_database_that_holds_anything_is_refused_and_left_as_it_was(file: Path, url: str):
    store = open_store(url)
    seated(store, newcomer(9))
    store.close()
    before = rows_of(url)
    with pytest.raises(StoreError, match=r"the database is not empty \(accounts, "):
        copy_store(f"sqlite:///{file}", url)
    assert rows_of(url) == before


def test_nothing_is_counted_row_by_row_while_it_is_copied_and_all_that_comes_after_is(postgres, file: Path):
    url = postgres.new_database()
    copy_store(f"sqlite:///{file}", url)
    with psycopg.connect(url) as asking:
        assert asking.execute("SELECT ctid::text, members FROM group_sizes").fetchall() == [("(0,1)", 2)]
    store = open_store(url)
    seated(store, newcomer(4))
    store.close()
    assert rows_of(url)["group_sizes"] == [(1, 3)]


def test_who_writes_as_the_copy_begins_is_waited_for_and_seen(postgres, file: Path):
    url, refused = postgres.new_database(), list[StoreError]()
    open_store(url).close()

    def copy() -> None:
        try:
            copy_store(f"sqlite:///{file}", url)
        except StoreError as error:
            refused.append(error)

    with psycopg.connect(url) as writing, psycopg.connect(url, autocommit=True) as watching:
        writing.execute("INSERT INTO notices VALUES ('somebody', 1)")
        copying = threading.Thread(target=copy)
        copying.start()
        locks = "SELECT 1 FROM pg_locks WHERE NOT granted"
        until(lambda: not copying.is_alive() or watching.execute(locks).fetchone())
        writing.commit()
        copying.join()
    assert [str(error) for error in refused] == [
        "the database is not empty (notices); copy into an empty one, before anything is served from it"
    ]


@pytest.mark.parametrize(("lang", "line"), [("en", "there is nothing in the file"), ("zh", "文件里什么都没有")])
def test_a_file_that_was_never_used_is_not_copied(postgres, file: Path, lang: str, line: str):
    empty = file.with_name("another?.sqlite3")
    empty.touch()
    told = copied(empty, postgres.new_database(), lang)
    assert (told.exit_code, line in told.output) == (2, True), told.output
    assert not file.with_name("another").exists()


def copied(file: Path, target: str, lang: str = "en", home: Path | None = None):
    environment = {"YAJI_DATABASE_URL": target, "COLUMNS": "300"}
    named = str(home or file.parents[1])
    return CliRunner().invoke(app, ["copy", str(file), "--home", named, "--lang", lang], env=environment)


@pytest.mark.parametrize(
    ("lang", "line", "key"),
    [
        ("en", "is copied: accounts 3, activity 3", "let YAJI_SECRET be what it was"),
        ("zh", "已拷贝：accounts 3, activity 3", "YAJI_SECRET 照旧"),
    ],
)
def test_the_command_says_what_it_copied_and_which_key_goes_with_it(postgres, file: Path, lang: str, line: str, key):
    told = copied(file, postgres.new_database(), lang)
    assert told.exit_code == 0, told.output
    assert line in told.output
    assert key in told.output
    assert str(file.with_name("secret")) in told.output


def test_a_home_that_is_served_is_not_copied(postgres, file: Path):
    with alone(file.parents[1]):
        told = copied(file, postgres.new_database())
    assert told.exit_code == 2
    assert "is being served already" in told.output


def test_a_home_that_is_served_from_a_file_elsewhere_is_not_copied(postgres, file: Path, tmp_path: Path):
    elsewhere = file.rename(tmp_path / "else.sqlite3")
    with alone(file.parents[1]):
        told = copied(elsewhere, postgres.new_database(), home=file.parents[1])
    assert told.exit_code == 2
    assert "is being served already" in told.output


@pytest.mark.parametrize(("lang", "line"), [("en", "Say where to copy to"), ("zh", "请说明拷到哪里")])
def test_a_file_is_not_copied_into_a_file(file: Path, lang: str, line: str):
    told = copied(file, "", lang)
    assert told.exit_code == 2
    assert line in told.output
