"""A backup that is restored brings nobody back who was forgotten since."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.sql import open_store
from cli.main import app
from config.keeping import Keep
from config.problems import Language
from core.events import MemberLeft
from core.forgetting import recogniser
from core.people import Account
from jobs.privacy.forgetting import Forgetter
from jobs.privacy.remembering import VARIABLE, Remembered
from jobs.serve.refusing import CannotServe
from jobs.serve.secret import deployment_secret
from jobs.tidying import Tidying
from tests.privacy.canary import CANARIES, CANARY, LI, WANG, Life
from tests.privacy.test_forgetme import word_in
from tests.serve.scene import Scene, scene

RECOGNISE = recogniser(b"a secret of the deployment, 32 b.")


class House:
    """A home whose database is a file that can be set back to what it was."""

    def __init__(self, folder: Path) -> None:
        self.home, self.file, self.backup = folder / "home", folder / "life.sqlite3", folder / "backup.sqlite3"
        self.store = open_store(f"sqlite:///{self.file}")
        self.store.recognise_by(RECOGNISE)
        self.life = Life(self.store, self.home)
        self.life.lives()
        self.remembered = Remembered(self.home, {})

    def backs_up(self) -> None:
        backed_up(self.file, self.backup)

    def restores(self) -> None:
        self.store.close()
        restored(self.backup, self.file)
        self.store = open_store(f"sqlite:///{self.file}")
        self.store.recognise_by(RECOGNISE)
        self.life.store = self.store

    def forgets(self, account: Account = CANARY.account) -> None:
        with self.store.unit() as unit:
            assert Forgetter(RECOGNISE, remembered=self.remembered).forget(unit, account, self.life.at) is not None
            unit.commit()

    def applies(self) -> int:
        return self.remembered.apply(self.store, RECOGNISE, self.life.at)

    def knows(self, account: Account = CANARY.account) -> bool:
        return self.store.dossiers().known(account) is not None


def backed_up(file: Path, to: Path) -> None:
    with closing(sqlite3.connect(file)) as held, closing(sqlite3.connect(to)) as copied:
        held.backup(copied)


def restored(backup: Path, file: Path) -> None:
    for beside in ("-wal", "-shm"):
        Path(f"{file}{beside}").unlink(missing_ok=True)
    shutil.copy(backup, file)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.store.close()


def test_who_was_forgotten_after_the_backup_is_forgotten_again_and_nobody_else(house: House) -> None:
    house.backs_up()
    house.forgets()
    house.restores()
    assert house.knows()
    assert house.applies() == 1
    assert (house.knows(), house.knows(LI.account), house.knows(WANG.account)) == (False, True, True)
    written = b"".join(each.read_bytes() for each in house.file.parent.glob(f"{house.file.name}*"))
    assert not [word for word in CANARIES if word.encode() in written], "nothing of them is left in the file"


def test_what_was_done_is_not_looked_for_again(house: House) -> None:
    house.backs_up()
    house.forgets()
    house.forgets(LI.account)
    house.restores()
    assert house.applies() == 2

    def unasked(account: Account) -> str:
        raise AssertionError("an account was hashed")

    assert house.remembered.apply(house.store, unasked, house.life.at) == 0
    assert not house.remembered.lacking(house.store)


def test_a_backup_that_is_younger_than_the_forgetting_lacks_nothing(house: House) -> None:
    house.forgets()
    house.backs_up()
    house.restores()
    assert house.applies() == 0


def test_who_came_back_is_not_forgotten_again(house: House) -> None:
    house.forgets()
    house.life.at += timedelta(days=1)
    house.life.says(CANARY, "又来了")
    assert (house.applies(), house.knows()) == (0, True)
    house.backs_up()
    house.forgets(LI.account)
    house.restores()
    assert house.applies() == 1
    assert (house.knows(), house.knows(LI.account)) == (True, False)


def test_a_list_that_was_away_meanwhile_leaves_whoever_is_newer_than_the_forgetting(house: House) -> None:
    house.backs_up()
    house.forgets()
    house.forgets(LI.account)
    house.restores()
    away = house.remembered.file.rename(house.home / "away")
    assert house.applies() == 0
    with house.store.unit() as unit:
        Forgetter(RECOGNISE).forget(unit, CANARY.account, house.life.at)
        unit.commit()
    house.life.at += timedelta(days=1)
    house.life.says(CANARY, "又来了")
    house.life.says(LI, "我一直在")
    away.rename(house.remembered.file)
    assert house.applies() == 1
    assert (house.knows(), house.knows(LI.account)) == (True, False)


def test_of_several_forgettings_of_somebody_the_last_one_counts(house: House) -> None:
    first = house.life.at
    house.backs_up()
    house.forgets()
    house.life.at = first + timedelta(days=1)
    house.life.says(CANARY, "又来了")
    house.life.at = first + timedelta(days=3)
    house.forgets()
    house.restores()
    away = house.remembered.file.rename(house.home / "away")
    with house.store.unit() as unit:
        Forgetter(RECOGNISE).forget(unit, CANARY.account, first)
        unit.commit()
    house.life.at = first + timedelta(days=2)
    house.life.says(CANARY, "中间来过")
    away.rename(house.remembered.file)
    assert (house.applies(), house.knows()) == (1, False)


def test_a_forgetting_after_a_restored_backup_counts_on(house: House) -> None:
    house.backs_up()
    house.forgets()
    house.restores()
    house.applies()
    house.forgets(LI.account)
    house.restores()
    assert house.applies() == 2
    house.remembered.file.unlink()
    house.forgets(WANG.account)
    house.restores()
    assert house.applies() == 1


def test_each_list_is_gone_through_by_itself(house: House, tmp_path: Path) -> None:
    """Each machine has its own."""
    house.backs_up()
    other = Remembered(house.home, {VARIABLE: str(tmp_path / "kept" / "forgotten")})
    house.forgets()
    house.remembered, first = other, house.remembered
    house.forgets(LI.account)
    house.restores()
    assert house.applies() == 1
    house.remembered = first
    assert house.applies() == 1
    assert (house.knows(), house.knows(LI.account), house.knows(WANG.account)) == (False, False, True)


def test_the_list_tells_nobody_anything_without_the_secret(house: House) -> None:
    house.forgets()
    written = house.remembered.file.read_text()
    assert house.remembered.file.stat().st_mode & 0o077 == 0
    assert not [word for word in CANARIES if word in written]
    assert len(written.splitlines()) == 1 + 2  # of their two accounts
    hashes = {line.split()[-1] for line in written.splitlines()}
    assert RECOGNISE(CANARY.account) in hashes
    assert recogniser(b"another secret, no less than 32 b")(CANARY.account) not in hashes


def test_nothing_is_forgotten_that_is_not_on_the_disk_first(house: House) -> None:
    with house.store.unit() as unit:
        assert Forgetter(RECOGNISE, remembered=house.remembered).forget(unit, CANARY.account, house.life.at) is not None
        assert len(house.remembered.file.read_text().splitlines()) == 3
    assert house.knows()  # the process died before it was committed
    assert (house.applies(), house.knows()) == (1, False)


def test_a_line_that_was_torn_is_none_and_the_next_one_is_whole(house: House) -> None:
    house.backs_up()
    house.forgets()
    with house.remembered.file.open("a") as file:
        file.write("2 2026-03-0")
    house.forgets(LI.account)
    house.restores()
    assert house.applies() == 2
    assert (house.knows(), house.knows(LI.account)) == (False, False)


@pytest.mark.parametrize(("language", "line"), [("en", "cannot be written"), ("zh", "写不了")])
def test_where_the_list_cannot_be_written_it_is_told_and_forgetting_goes_on(
    house: House, tmp_path: Path, language: Language, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    house.remembered = Remembered(house.home, {VARIABLE: str(tmp_path / "file" / "forgotten")}, language)
    house.forgets()
    assert not house.knows()
    assert [line in told for told in caplog.messages if "forgotten" in told] == [True]


@pytest.mark.parametrize(("language", "line"), [("en", "is no such list"), ("zh", "不是这样的名单")])
def test_with_a_list_that_cannot_be_read_nothing_begins(house: House, language: Language, line: str) -> None:
    house.remembered.file.parent.mkdir(exist_ok=True)
    house.remembered.file.write_text("something else\n")
    with pytest.raises(CannotServe) as refused:
        house.applies()
    assert line in refused.value.told.in_(language)


def test_lines_go_when_no_backup_can_be_so_old(house: House) -> None:
    tidying = Tidying(house.store, RECOGNISE, house.remembered)
    house.forgets()
    house.life.at += timedelta(days=300)
    house.forgets(LI.account)
    for keep, left in ((Keep(backups=None), 3), (Keep(), 3), (Keep(backups=timedelta(days=30)), 1)):
        list(tidying.round(keep.model_copy(update={"gone": None}), house.life.at))
        assert len(house.remembered.file.read_text().splitlines()) == 1 + left
    house.life.at += timedelta(days=31)
    house.backs_up()
    assert house.remembered.expire(house.life.at) == 1
    house.forgets(WANG.account)
    house.restores()
    assert house.applies() == 1


def test_who_is_still_in_a_room_stays_on_the_list_for_as_long(house: House) -> None:
    """So that the list of its members does not bring them back, however long they say nothing."""
    house.forgets()
    house.forgets(LI.account)
    began, there = house.remembered.file.read_text(), [CANARY.account, WANG.account]
    for days in (0, 200, 200):
        house.life.at += timedelta(days=days)
        assert house.remembered.still_there(there, RECOGNISE, lambda: house.life.at) == {CANARY.account}
        assert (house.remembered.file.read_text() == began) is (days == 0)
        house.remembered.expire(house.life.at - timedelta(days=365))
    assert house.remembered.still_there([LI.account], RECOGNISE, lambda: house.life.at) == set()
    house.backs_up()
    assert house.applies() == 0


def test_who_left_long_ago_and_was_forgotten_for_it_is_on_the_list(house: House) -> None:
    for group in house.life.groups:
        house.life.happens(MemberLeft, LI, group)
    house.backs_up()
    list(Tidying(house.store, RECOGNISE, house.remembered).round(Keep(), house.life.at + timedelta(days=731)))
    assert not house.knows(LI.account)
    house.restores()
    house.life.at += timedelta(days=731)
    assert house.applies() == 1
    assert not house.knows(LI.account)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_store_of_each_kind_keeps_how_far_it_has_come(kind: str, new_url: Callable[[str], str]) -> None:
    with closing(open_store(new_url(kind), durable=False)) as store:
        assert store.dossiers().reached("list") == 0
        for number, reached in ((3, 3), (2, 3), (0, 3), (4, 4)):
            with store.unit() as unit:
                assert unit.reached("list", number) == reached
                unit.commit()
        with store.unit() as unit:
            unit.reached("list", 9)
        assert store.dossiers().reached("list") == 4


# in a home


def yaji(here: Scene, *words: object, lang: str = "en", **environment: str) -> tuple[int, str]:
    typed = [str(word) for word in (*words, "--home", here.home, "--lang", lang)]
    done = CliRunner().invoke(app, typed, env={**here.environment, "COLUMNS": "300", **environment})
    return done.exit_code, done.output


async def asked(here: Scene, *words: object, lang: str = "en", **environment: str) -> tuple[int, str]:
    return await asyncio.to_thread(lambda: yaji(here, *words, lang=lang, **environment))


async def lived(here: Scene) -> tuple[Path, Path, str]:
    """Li has checked in, a backup was made, and Li asked in private to be forgotten: the file, the backup, Li."""
    file, backup = here.home / "data" / "yaji.sqlite3", here.home.parent / "backup.sqlite3"
    private = here.world.private(here.bot, here.li)
    private.started = True
    async with here.served():
        here.li.posts(here.group, "打卡")
        await here.hears("Li")
    backed_up(file, backup)
    async with here.served():
        here.li.posts(private, "/forgetme")
        await here.hears("Shall I forget you?", private)
        here.li.posts(private, f"/forgetme {word_in(here.said(private)[-1])}")
        await here.hears("Forgotten. Deleted", private)
    restored(backup, file)
    return file, backup, f"telegram:{here.li.id}"


async def test_a_start_forgets_before_anything_is_served_and_doctor_tells_until_then(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with scene(tmp_path) as here:
        file, _, li = await lived(here)
        lines = (("en", "people were forgotten after it: 1"), ("zh", "备份之后有 1 人被忘记"))
        for lang, line in lines:
            code, told = await asked(here, "doctor", lang=lang)
            assert (code, line in told) == (1, True), told
        async with here.served() as at_work:
            assert at_work.store.dossiers().known(Account(li)) is None
            assert (
                "the database is of a backup: people who were forgotten after it are forgotten again: 1"
                in caplog.messages
            )
        for lang, line in lines:
            assert line not in (await asked(here, "doctor", lang=lang))[1]
        assert "Nobody has the account" in (await asked(here, "person", "--account", li))[1]
        assert file.exists()


async def test_commands_that_touch_the_database_forget_first(tmp_path: Path, new_url: Callable[[str], str]) -> None:
    with scene(tmp_path) as here:
        file, backup, li = await lived(here)
        code, told = await asked(here, "person", "--account", li)
        assert (code, "Nobody has the account" in told) == (2, True), told
        restored(backup, file)
        code, told = await asked(here, "export", "--group", "reading", "--out", tmp_path / "books.zip")
        assert code == 0, told
        with closing(open_store(f"sqlite:///{file}")) as store:
            assert store.dossiers().known(Account(li)) is None
        code, told = await asked(here, "restore", backup)
        assert code == 0, told
        with closing(open_store(f"sqlite:///{file}")) as store:
            assert store.dossiers().known(Account(li)) is None
        restored(backup, file)
        url = new_url("postgres")
        code, told = await asked(here, "copy", file, YAJI_DATABASE_URL=url)
        assert code == 0, told
        with closing(open_store(url)) as copied:
            assert copied.dossiers().known(Account(li)) is None
            assert "reading" in copied.groups()


async def test_yaji_person_remembers_whom_it_forgets(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
        file, backup = here.home / "data" / "yaji.sqlite3", tmp_path / "backup.sqlite3"
        backed_up(file, backup)
        li = f"telegram:{here.li.id}"
        assert (await asked(here, "person", "--account", li, "--forget", "--yes"))[0] == 0
        restored(backup, file)
        with closing(open_store(f"sqlite:///{file}")) as store:
            assert store.dossiers().known(Account(li)) is not None
            recognise = recogniser(deployment_secret(here.home, {}))
            lacking = Remembered(here.home, {}).lacking(store)
            assert [line.hash for line in lacking] == [recognise(Account(li))]


@pytest.mark.parametrize(("lang", "line"), [("en", "is no such list"), ("zh", "不是这样的名单")])
async def test_doctor_and_commands_tell_of_a_list_that_cannot_be_read(tmp_path: Path, lang: str, line: str) -> None:
    with scene(tmp_path) as here:
        _, _, li = await lived(here)
        (here.home / "data" / "forgotten").write_text("something else\n")
        for words, status in ((("doctor",), 1), (("person", "--account", li), 2)):
            code, told = await asked(here, *words, lang=lang)
            assert (code, line in told) == (status, True), told
        with pytest.raises(CannotServe):
            async with here.served():
                raise AssertionError("it was served")
