"""A copy of an SQLite file while it is written: whole, for its owner alone, and never half of one."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.sql import SqlStore, open_store
from adapters.sql.file_copy import copy_file
from cli.main import app
from core.errors import StoreUnavailable
from jobs.serve.alone import alone
from tests.stores.people import START, fact, newcomer, posted, seated, sum_of

COMMUNITY = "version: 1\ncommunity: {name: A, timezone: UTC, languages: [en], groups: {g: {}}, admins: []}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    (made / "communities").mkdir(parents=True)
    (made / "communities" / "a.yaml").write_text(COMMUNITY)
    (made / "data").mkdir()
    return made


@pytest.fixture
def file(home: Path) -> Path:
    return home / "data" / "yaji.sqlite3"


def asked(home: Path, *words: object, lang: str = "en", **environment: str) -> tuple[int, str]:
    told = CliRunner().invoke(
        app, ["backup", "--home", str(home), "--lang", lang, *map(str, words)], env=environment or None
    )
    return told.exit_code, told.output


def test_what_was_committed_is_in_it_and_what_is_being_written_is_not(home: Path, file: Path, tmp_path: Path):
    out = tmp_path / "copy.sqlite3"
    with closing(open_store(f"sqlite:///{file}")) as store:
        (seat,) = seated(store, newcomer(1))
        posted(store, fact(seat.person, "k1", 5))
        with store.unit() as unit:
            unit.unseen(["under way"], START)
            code, told = asked(home, "--out", out)
            unit.commit()
        assert code == 0, told
        assert "keep a copy of that, too" in told
        assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.sqlite3", "home"], "nothing lies beside it"
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with closing(open_store(f"sqlite:///{out}")) as copy, copy.unit() as unit:
        assert sum_of(unit, seat.person) == 5
        assert unit.unseen(["under way"], START) == {"under way"}


def test_a_copy_takes_the_place_of_another_only_by_force(home: Path, file: Path, tmp_path: Path):
    open_store(f"sqlite:///{file}").close()
    out = tmp_path / "copy.sqlite3"
    out.write_text("another")
    code, told = asked(home, "--out", out)
    assert (code, out.read_text()) == (2, "another"), told
    assert asked(home, "--out", out, "--force")[0] == 0
    open_store(f"sqlite:///{out}").close()


def test_a_damaged_file_is_not_copied_and_the_copy_of_before_stays(home: Path, file: Path, tmp_path: Path):
    with closing(open_store(f"sqlite:///{file}")) as store:
        seated(store, *(newcomer(n) for n in range(300)))
    size = file.stat().st_size
    with file.open("rb+") as spoilt:
        spoilt.seek(8192)
        spoilt.write(b"\xaa" * (size - 8192))
    out = tmp_path / "copy.sqlite3"
    out.write_text("of yesterday")
    code, told = asked(home, "--out", out, "--force", lang="zh")
    assert (code, out.read_text()) == (2, "of yesterday")
    assert "文件坏了" in told
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.sqlite3", "home"]


@pytest.mark.parametrize(
    ("url", "words"),
    [("postgresql://nobody@localhost/none", "make a backup with pg_dump"), ("", "was never served")],
    ids=["a server", "never served"],
)
def test_where_there_is_no_file_it_is_said(home: Path, tmp_path: Path, url: str, words: str):
    code, told = asked(home, "--out", tmp_path / "copy.sqlite3", YAJI_DATABASE_URL=url)
    assert code == 2
    assert words in " ".join(told.split())
    assert not (tmp_path / "copy.sqlite3").exists()


@pytest.mark.parametrize("place", ["data/copy.sqlite3", "data/yaji.sqlite3"])
def test_it_is_not_written_among_what_is_copied(home: Path, file: Path, place: str):
    open_store(f"sqlite:///{file}").close()
    before = file.read_bytes()
    assert asked(home, "--out", home / place, "--force")[0] == 2
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["y.sqlite3", "y.sqlite3-wal", "y.sqlite3-shm", "link"])
def test_nor_over_a_database_that_is_kept_elsewhere(home: Path, tmp_path: Path, name: str):
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "link").symlink_to("y.sqlite3")
    url = f"sqlite:///{folder / 'y.sqlite3'}"
    with closing(open_store(url)) as store:
        (seat,) = seated(store, newcomer(1))
        files = {one.name: one.lstat().st_ino for one in folder.iterdir()}
        code, told = asked(home, "--out", folder / name, "--force", YAJI_DATABASE_URL=url)
        assert (code, "read by this command" in " ".join(told.split())) == (2, True), told
        assert {one.name: one.lstat().st_ino for one in folder.iterdir()} == files
        posted(store, fact(seat.person, "k1", 5))


def test_an_empty_file_takes_the_place_of_no_copy(home: Path, file: Path, tmp_path: Path):
    file.touch()
    out = tmp_path / "copy.sqlite3"
    out.write_text("of yesterday")
    code, told = asked(home, "--out", out, "--force")
    assert (code, out.read_text()) == (2, "of yesterday"), told


def test_a_folder_that_is_not_there_or_a_pipe_is_told(home: Path, file: Path, tmp_path: Path):
    open_store(f"sqlite:///{file}").close()
    assert asked(home, "--out", tmp_path / "none" / "copy.sqlite3")[0] == 2
    os.mkfifo(tmp_path / "pipe")
    assert asked(home, "--out", tmp_path / "pipe")[0] == 2


def restored(home: Path, file: Path, **environment: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["restore", str(file), "--home", str(home), "--lang", "en"], env=environment or None)
    return told.exit_code, " ".join(told.output.split())


def came(file: Path) -> set[str]:
    """Those of three events that are known."""
    with closing(open_store(f"sqlite:///{file}")) as store, store.unit() as unit:
        return {"e1", "e2", "e3"} - unit.unseen(["e1", "e2", "e3"], START)


def comes(store: SqlStore, event: str) -> None:
    with store.unit() as unit:
        unit.unseen([event], START)
        unit.commit()


def test_what_was_backed_up_comes_back_and_what_was_there_stays_beside_it(home: Path, file: Path, tmp_path: Path):
    out = tmp_path / "copy.sqlite3"
    with closing(open_store(f"sqlite:///{file}")) as store:
        comes(store, "e1")
        assert asked(home, "--out", out)[0] == 0
        comes(store, "e2")
        # As of a process that was killed: all of this stands in the log alone.
        log = (file.read_bytes(), Path(f"{file}-wal").read_bytes())
    file.write_bytes(log[0])
    Path(f"{file}-wal").write_bytes(log[1])
    code, told = restored(home, out)
    assert code == 0, told
    assert f"What was there is {file}.replaced-1." in told
    assert came(file) == {"e1"}
    assert came(Path(f"{file}.replaced-1")) == {"e1", "e2"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert restored(home, out)[0] == 0
    assert came(Path(f"{file}.replaced-1")) == {"e1", "e2"}, "nothing is written over"
    assert came(out) == {"e1"}


def test_a_home_without_a_database_gets_the_one_of_a_backup(home: Path, file: Path, tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'copy.sqlite3'}")) as store:
        comes(store, "e3")
    code, told = restored(home, tmp_path / "copy.sqlite3")
    assert (code, "What was there" in told) == (0, False)
    assert came(file) == {"e3"}


def empty(path: Path) -> None:
    path.write_bytes(b"")


def newer(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
        connection.commit()


def spoilt(path: Path) -> None:
    path.write_text("no database at all, but long enough to be looked at " * 20)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (empty, "holds no database of Yaji"),
        (newer, "newer than"),
        (foreign, "tables that are not ours (songs)"),
        (spoilt, "damaged, or is no database"),
    ],
)
def test_what_is_no_backup_of_ours_changes_nothing(home: Path, file: Path, tmp_path: Path, made: Any, words: str):
    with closing(open_store(f"sqlite:///{file}")) as store:
        comes(store, "e1")
    made(tmp_path / "other.sqlite3")
    code, told = restored(home, tmp_path / "other.sqlite3")
    assert code == 2
    assert words in told
    assert sorted(one.name for one in file.parent.iterdir()) == ["serve.lock", "yaji.sqlite3"]
    assert came(file) == {"e1"}


def test_nothing_is_restored_under_who_serves_nor_into_a_server(home: Path, file: Path, tmp_path: Path):
    out = tmp_path / "copy.sqlite3"
    open_store(f"sqlite:///{out}").close()
    open_store(f"sqlite:///{file}").close()
    with alone(home):
        code, told = restored(home, out)
        assert (code, "is being served already" in told) == (2, True)
    assert restored(home, file)[0] == 2
    code, told = restored(home, out, YAJI_DATABASE_URL="postgresql://nobody@localhost/none")
    assert (code, "pg_restore" in told) == (2, True)


def test_a_file_that_is_none_of_a_database_is_told(tmp_path: Path):
    (tmp_path / "text").write_text("no database at all, but long enough to be looked at " * 20)
    with pytest.raises(StoreUnavailable, match="damaged, or is no database"):
        copy_file(tmp_path / "text", tmp_path / "copy")
    with pytest.raises(StoreUnavailable):
        copy_file(tmp_path / "none", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
