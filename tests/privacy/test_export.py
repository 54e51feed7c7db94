"""The books of a group for its owner, and what operators do for somebody from the command line."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.sql import SqlStore, open_store
from cli.main import app
from core.events import MemberJoined
from core.memory import MemoryStore
from core.people import Account, Actor
from jobs.privacy.books import archived, cell
from tests.commands.group import BOSS, MIA, Steered
from tests.privacy.canary import CANARY, LI, Life, found, person
from tests.serve.scene import scene
from tests.support.patience import eventually

RUN = CliRunner()


def tables(archive: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as held:
        return {
            name: list(csv.DictReader(io.StringIO(held.read(name).decode("utf-8-sig")))) for name in held.namelist()
        }


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("a=b", "a=b"),
        (-2, -2),
        (None, ""),
        (frozenset(("b", "a")), "a b"),
        (("=x", "y"), "'=x y"),
    ],
)
def test_no_cell_is_taken_for_a_formula(value: object, written: object):
    assert cell(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [("Ann;=1+1", "Ann;'=1+1"), ("one\n@two", "one\n'@two"), ("a; b = c", "a; b = c"), (";-)", ";'-)")],
)
def test_nor_is_a_part_of_one_where_semicolons_part_cells(value: str, written: str):
    assert cell(value) == written


def test_the_archive_holds_the_books_of_one_group(store: MemoryStore | SqlStore, tmp_path: Path):
    life = Life(store, tmp_path / "home")
    life.lives()
    life.happens(MemberJoined, person("4000007", "=cmd|' /C calc'!A0", username="evil"), "reading")
    written = io.BytesIO()
    archived(store, "reading", written)
    held = tables(written.getvalue())
    assert list(held) == ["members.csv", "ledger.csv", "days.csv", "decisions.csv"]
    names = {row["account"]: row["name"] for row in held["members.csv"]}
    assert names[CANARY.account] == CANARY.name
    assert names["telegram:4000007"] == "'=cmd|' /C calc'!A0"
    assert len(held["ledger.csv"]) == len(list(store.facts("reading")))
    assert len(held["days.csv"]) == len(list(store.activity("reading")))
    assert held["decisions.csv"][0]["workflow"]


def test_the_owner_is_handed_the_books_in_private_and_others_are_not():
    group = Steered()
    group.says(MIA, "/export")
    assert list(group.store.tasks("g")) == []
    group.effects()
    group.says(BOSS, "/export")
    (said,) = group.effects()
    assert said.to == BOSS.account
    assert [(row.kind, row.data["account"]) for row in group.store.tasks("g")] == [("export", BOSS.account)]
    nobody = Actor(account=Account("operator:web"), name="web", vouched=True)
    group.says(nobody, "/export")
    assert len(list(group.store.tasks("g"))) == 1


async def test_served_by_telegram_the_owner_gets_an_archive(tmp_path: Path):
    with scene(tmp_path) as here:
        private = here.world.private(here.bot, here.wang)
        private.started = True

        def archives() -> list[bytes]:
            sent = [m.content["document"] for m in private.said_by(here.bot) if "document" in m.content]
            return [here.world.files[document["file_id"]][1] for document in sent]

        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            here.wang.posts(here.group, "/export")
            await eventually(lambda: bool(archives()), lambda: str(here.said(private)))
        held = tables(archives()[0])
        assert "Li" in [row["name"] for row in held["members.csv"]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a life in its database."""
    home = tmp_path / "home"
    (tmp_path / "data").mkdir()
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'life.sqlite3'}")
    Life(store, home).lives()
    store.close()
    (home / "yaji.yaml").write_text(f"storage: {{url: 'sqlite:///{tmp_path / 'data' / 'life.sqlite3'}'}}\n")
    return home


def run(*words: object, code: int = 0, **told: str) -> str:
    done = RUN.invoke(app, [str(word) for word in words], **told)  # type: ignore[arg-type]
    assert done.exit_code == code, done.output
    return done.output


def test_yaji_export_writes_an_archive_that_only_its_owner_may_read(home: Path, tmp_path: Path):
    out = tmp_path / "books.zip"
    assert "members' data" in run("export", "--home", home, "--group", "reading", "--out", out, "--lang", "en")
    assert tables(out.read_bytes())["members.csv"]
    assert out.stat().st_mode & 0o077 == 0
    out.write_text("another")
    out.chmod(0o644)
    run("export", "--home", home, "--group", "reading", "--out", out, "--force")
    assert tables(out.read_bytes())["members.csv"]
    assert out.stat().st_mode & 0o077 == 0
    assert "did you mean `reading`?" in run(
        "export", "--home", home, "--group", "readin", "--out", tmp_path / "no.zip", "--lang", "en", code=2
    )


def test_yaji_person_shows_exports_and_forgets(home: Path, tmp_path: Path):
    file = tmp_path / "canary.json"
    asked = ("person", "--home", home, "--account", CANARY.account, "--lang", "en")
    shown = run(*asked, "--export", file)
    assert CANARY.name in shown
    assert "groups: reading, writing" in shown
    assert json.loads(file.read_text())["accounts"]["data"][0]["name"] == CANARY.name
    assert "--force" in run(*asked, "--export", file, code=2)
    run(*asked, "--export", file, "--force")
    run(*asked, "--forget", input="n\n", code=1)
    nobody = run(*asked, "--forget", "--lang", "zh", input="", code=1)
    assert "没有人确认，什么都没删" in nobody
    assert "Aborted" not in nobody
    assert "bans 1." in run(*asked, "--forget", input="y\n")
    assert "Nobody has the account" in run(*asked, code=2)
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'life.sqlite3'}")
    assert found(store) == {}
    assert store.dossiers().known(LI.account) is not None
    store.close()
    assert (home / "data" / "secret").exists()


def test_after_yaji_person_forgot_somebody_the_file_holds_nothing_that_was_deleted(home: Path, tmp_path: Path):
    file = tmp_path / "data" / "life.sqlite3"
    with closing(sqlite3.connect(file)) as books, books:
        books.execute("PRAGMA secure_delete=OFF")
        books.execute("CREATE TABLE gone (words BLOB)")
        books.executemany("INSERT INTO gone VALUES (?)", [(b"a copy of SQLite's" * 100,)] * 100)
        books.commit()
        books.execute("DROP TABLE gone")

    def copies() -> bool:
        return any(b"a copy of SQLite's" in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))

    assert copies()
    run("person", "--home", home, "--account", CANARY.account, "--forget", "--yes")
    assert not copies()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_whatever_somebody_calls_themselves_yaji_person_prints_a_line_that_steers_no_terminal(home, tmp_path, lang):
    with closing(sqlite3.connect(tmp_path / "data" / "life.sqlite3")) as books, books:
        books.execute("UPDATE accounts SET name = ? WHERE name = ?", ("C\x1b[2J\u202ey\nno", CANARY.name))
    shown = run("person", "--home", home, "--account", CANARY.account, "--lang", lang)
    assert f"{CANARY.account}  C[2Jy no" in shown
    assert not {"\x1b", "\u202e"} & set(shown)


@pytest.fixture
def mistaken(home: Path) -> Path:
    """The home, with a mistake in each file of a community."""
    for file in (home / "communities").iterdir():
        file.write_text("community: [\n")
    return home


def test_whoever_asks_for_their_data_or_to_be_forgotten_waits_for_nobody_to_mend_yaml(mistaken: Path, tmp_path: Path):
    file = tmp_path / "canary.json"
    asked = ("person", "--home", mistaken, "--account", CANARY.account, "--lang", "en")
    assert "groups: reading, writing" in run(*asked, "--export", file)
    assert json.loads(file.read_text())["accounts"]["data"][0]["name"] == CANARY.name
    assert "bans 1." in run(*asked, "--forget", "--yes")
    with closing(open_store(f"sqlite:///{tmp_path / 'data' / 'life.sqlite3'}")) as store:
        assert found(store) == {}


@pytest.mark.parametrize(
    ("lang", "unread"),
    [
        ("en", "cannot be read (`yaji check` says why); groups of it are known once they were served."),
        ("zh", "读不了（原因见 `yaji check`）；里面的群，上线过的才认得。"),
    ],
)
def test_the_books_of_a_group_are_exported_whatever_its_file_says(mistaken: Path, tmp_path: Path, lang, unread):
    out = tmp_path / "books.zip"
    assert unread not in run("export", "--home", mistaken, "--group", "writing", "--out", out, "--lang", lang)
    assert tables(out.read_bytes())["members.csv"]
    asked = ("export", "--home", mistaken, "--group", "writin", "--out", tmp_path / "no.zip", "--lang", lang)
    told = run(*asked, code=2)
    assert "`writing`" in told
    assert unread in told
    assert not (tmp_path / "no.zip").exists()


def test_the_books_of_a_group_that_stands_in_no_file_any_more_are_exported(home: Path, tmp_path: Path):
    for file in (home / "communities").iterdir():
        file.unlink()
    out = tmp_path / "books.zip"
    run("export", "--home", home, "--group", "reading", "--out", out)
    assert tables(out.read_bytes())["members.csv"]
