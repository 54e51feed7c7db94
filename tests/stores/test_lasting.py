"""Commits that do not wait for the disk, and flushes that make them last."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sql import SqlStore, logfile, mover, open_store
from adapters.sql.opening import database_at
from adapters.sql.postgres import PostgresSession
from adapters.sql.sqlite import PATIENT
from core.errors import StoreSpoiled, StoreUnavailable
from tests.stores.people import START
from tests.support.patience import PATIENCE, until
from tests.support.postgres import PostgresMissing, private_postgres


def seen(store, *ids, lasting=True):
    """Which of these events are new, from now on none."""
    with store.unit(lasting=lasting) as unit:
        new = unit.unseen(ids, START)
        unit.commit()
    return new


def test_what_does_not_last_yet_is_seen_by_everybody(store):
    assert seen(store, "e1", lasting=False) == {"e1"}
    assert seen(store, "e1", "e2") == {"e2"}
    assert seen(store, "e1", "e2", "e3", lasting=False) == {"e3"}
    store.flush()
    assert seen(store, "e1", "e2", "e3") == set()


def test_a_transaction_that_does_not_wait_is_undone_like_any_other(store):
    with store.unit(lasting=False) as unit:
        unit.unseen(["e1"], START)
    store.flush()
    assert seen(store, "e1") == {"e1"}


class Disk:
    """What a power cut would leave: the file, and its log as it was when it was flushed last."""

    def __init__(self, file: Path, folder: Path) -> None:
        self.file, self.folder = file, folder
        self.flushes = 0
        self.error: OSError | None = None

    def sync(self, log: int) -> None:
        if self.error is not None:
            raise self.error
        assert os.path.samestat(os.fstat(log), os.stat(f"{self.file}-wal"))
        self.flushes += 1
        shutil.copy(f"{self.file}-wal", self.folder / "left.sqlite3-wal")
        shutil.copy(self.file, self.folder / "left.sqlite3")

    def left(self) -> set[str]:
        """The events that are there afterwards."""
        with closing(sqlite3.connect(self.folder / "left.sqlite3")) as connection:
            return {id_ for (id_,) in connection.execute("SELECT id FROM inbox")}


@pytest.fixture
def disk(tmp_path, monkeypatch):
    found = Disk(tmp_path / "store.sqlite3", tmp_path)
    monkeypatch.setattr(logfile, "_sync", found.sync)
    return found


def test_a_flush_brings_to_the_disk_all_that_was_committed_before_it(disk):
    with closing(open_store(f"sqlite:///{disk.file}")) as store:
        for n in range(10):
            seen(store, f"e{n}", lasting=False)
        assert disk.flushes == 0
        store.flush()
        seen(store, "later", lasting=False)
        assert disk.flushes == 1
    assert disk.left() == {f"e{n}" for n in range(10)}


def test_without_a_log_there_is_nothing_to_flush(disk):
    open_store(f"sqlite:///{disk.file}").close()
    logfile.LogFile(disk.file).flush()
    assert disk.flushes == 0


def test_after_a_flush_that_failed_nothing_more_is_committed_until_the_file_is_opened_anew(disk):
    with closing(open_store(f"sqlite:///{disk.file}")) as store:
        seen(store, "e1", lasting=False)
        disk.error = OSError(errno.EIO, "I/O error")
        with pytest.raises(StoreSpoiled, match="look at it, then start anew"):
            store.flush()
        disk.error = None
        for attempt in (store.flush, lambda: seen(store, "e2"), lambda: seen(store, "e2", lasting=False)):
            with pytest.raises(StoreSpoiled):
                attempt()
    with closing(open_store(f"sqlite:///{disk.file}")) as store:
        assert seen(store, "e1", "e2") == {"e2"}


def taken_away(file: Path) -> None:
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()


def replaced(file: Path) -> None:
    """As an operator puts a backup in its place: the log beside it stays."""
    backup = file.with_name("backup.sqlite3")
    open_store(f"sqlite:///{backup}").close()
    backup.replace(file)


@pytest.mark.parametrize("meddle", [taken_away, replaced])
def test_nothing_is_stored_in_a_file_that_is_not_where_it_was(tmp_path, meddle):
    file = tmp_path / "store.sqlite3"
    with closing(open_store(f"sqlite:///{file}")) as store:
        assert seen(store, "e1") == {"e1"}
        meddle(file)
        for attempt in (lambda: seen(store, "e2"), store.flush, lambda: seen(store, "e2", lasting=False)):
            with pytest.raises(StoreSpoiled, match="was taken away, or another file") as told:
                attempt()
        assert "却被拿走或换成了别的文件" in told.value.zh
    for log in file.parent.glob(f"{file.name}-*"):
        log.unlink()
    with closing(open_store(f"sqlite:///{file}")) as store:
        assert seen(store, "e1", "e2") == {"e1", "e2"}, "what is there now is used by who begins anew"


def test_a_store_that_was_closed_looks_for_its_file_anew(tmp_path):
    file = tmp_path / "store.sqlite3"
    database = database_at(f"sqlite:///{file}", durable=True)
    open_store(f"sqlite:///{file}").close()
    for _ in range(2):
        with closing(SqlStore(database)) as store:
            assert seen(store, "e1") == {"e1"}
        replaced(file)


def test_a_commit_that_lasts_is_on_the_disk_when_it_returns(disk):
    with closing(open_store(f"sqlite:///{disk.file}")) as store:
        seen(store, "e1", lasting=False)
        seen(store, "e2")
        assert disk.left() == {"e1", "e2"}
        assert disk.flushes == 1


def test_others_commit_while_one_waits_for_the_disk(disk, monkeypatch):
    waiting: list[threading.Thread] = []

    def sync(log: int) -> None:
        if not waiting:
            waiting.append(threading.Thread(target=seen, args=(store, "e2"), kwargs={"lasting": False}))
            waiting[0].start()
            waiting[0].join(PATIENCE)
            assert not waiting[0].is_alive(), "it waits for whoever waits for the disk"
        disk.sync(log)

    with closing(open_store(f"sqlite:///{disk.file}")) as store:
        seen(store, "e1", lasting=False)
        monkeypatch.setattr(logfile, "_sync", sync)
        seen(store, "e3")
    assert disk.left() == {"e1", "e2", "e3"}


def test_others_commit_while_one_waits_for_the_server_or_its_standby(new_url, monkeypatch):
    waiting: list[threading.Thread] = []
    flush = PostgresSession.flush

    def slowly(self: PostgresSession) -> None:
        waiting.append(threading.Thread(target=seen, args=(store, "e2"), kwargs={"lasting": False}))
        waiting[0].start()
        waiting[0].join(PATIENCE)
        assert not waiting[0].is_alive(), "it waits for whoever waits for the server"
        flush(self)

    with closing(open_store(new_url("postgres"))) as store:
        seen(store, "e1", lasting=False)
        monkeypatch.setattr(PostgresSession, "flush", slowly)
        store.flush()
        assert seen(store, "e1", "e2", "e3") == {"e3"}


def test_a_process_that_is_forked_while_another_thread_waits_for_the_disk_commits(disk, monkeypatch):
    waits, go_on = threading.Event(), threading.Event()

    def sync(log: int) -> None:
        waits.set()
        assert go_on.wait(PATIENCE)

    with closing(open_store(f"sqlite:///{disk.file}")) as store:
        seen(store, "e1", lasting=False)
        monkeypatch.setattr(logfile, "_sync", sync)
        flushing = threading.Thread(target=store.flush)
        flushing.start()
        assert waits.wait(PATIENCE)
        child = os.fork()
        if child == 0:
            signal.alarm(int(PATIENCE))  # it would wait for ever
            logfile._sync = os.fsync
            os._exit(0 if seen(store, "e2") == {"e2"} else 1)
        _, status = os.waitpid(child, 0)
        go_on.set()
        flushing.join(PATIENCE)
        assert os.waitstatus_to_exitcode(status) == 0
        assert seen(store, "e1", "e2", "e3") == {"e3"}


@pytest.mark.parametrize("lasting", [True, False])
def test_the_log_is_moved_into_the_file_by_nobody_who_commits(tmp_path, monkeypatch, lasting):
    movers: list[threading.Thread] = []
    move = mover.Mover._move

    def moved(self: mover.Mover) -> None:
        movers.append(threading.current_thread())
        move(self)

    monkeypatch.setattr(mover.Mover, "_move", moved)
    file = tmp_path / "store.sqlite3"
    numbers = itertools.count()
    with closing(open_store(f"sqlite:///{file}")) as store:
        before = file.stat().st_size
        for _ in range(mover.MANY // 100 - 1):
            seen(store, *(f"{next(numbers)}:{'x' * 3_000}" for _ in range(100)), lasting=lasting)
        assert (file.stat().st_size, movers) == (before, [])
        seen(store, *(f"{next(numbers)}:{'x' * 3_000}" for _ in range(100)), lasting=lasting)
        until(lambda: movers, lambda: "the thread that moves it")
        [thread] = movers
        thread.join(PATIENCE)
        assert thread is not threading.current_thread()
        assert file.stat().st_size > before


def test_whoever_commits_more_than_a_slow_disk_can_move_waits_for_it_and_moves_the_rest(tmp_path, monkeypatch):
    movers: list[threading.Thread] = []
    waits = threading.Event()
    move, wait = mover.Mover._move, mover.Mover.wait

    def moved(self: mover.Mover) -> None:
        movers.append(threading.current_thread())
        if len(movers) == 1:
            assert waits.wait(PATIENCE)
        move(self)

    def waited(self: mover.Mover) -> None:
        waits.set()
        wait(self)

    monkeypatch.setattr(mover.Mover, "_move", moved)
    monkeypatch.setattr(mover.Mover, "wait", waited)
    log = tmp_path / "store.sqlite3-wal"
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")) as store:
        numbers = itertools.count()
        while not waits.is_set() and next(numbers) < 2 * PATIENT * logfile.PAGES:
            seen(store, *(f"{next(numbers)}:{'x' * 3_000}" for _ in range(100)), lasting=False)
        assert waits.is_set()
        assert PATIENT * logfile.ROOM_BYTES < log.stat().st_size < (PATIENT + 1) * logfile.ROOM_BYTES
        assert len(movers) == 2
        assert movers[1] is threading.current_thread()


def test_where_no_thread_is_to_be_had_a_commit_is_a_commit(tmp_path, monkeypatch):
    def start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(mover, "MANY", 10)
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}")) as store:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(threading.Thread, "start", start)
            new = seen(store, *(f"e{n}" for n in range(20)))
            assert len(new) == 20
        assert seen(store, "e1", "later") == {"later"}
        store.empty_log()


def test_however_much_is_committed_the_log_stays_as_it_was_made(tmp_path):
    file = tmp_path / "store.sqlite3"
    with closing(open_store(f"sqlite:///{file}")) as store:
        numbers = itertools.count()
        for _ in range(6 * PATIENT * mover.MANY // 100):
            seen(store, *(f"{next(numbers)}:{'x' * 3_000}" for _ in range(100)), lasting=False)
        assert Path(f"{file}-wal").stat().st_size < (PATIENT + 1) * logfile.ROOM_BYTES


def test_a_throw_away_file_is_never_flushed(disk):
    with closing(open_store(f"sqlite:///{disk.file}", durable=False)) as store:
        seen(store, "e1", lasting=False)
        store.flush()
    assert disk.flushes == 0


@pytest.fixture
def durable():
    """A server that keeps what it says it keeps, but no more; those of other tests need not."""
    import psycopg

    try:
        with private_postgres(durable=True) as server:
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
                connection.execute("SELECT pg_reload_conf()")
            yield server
    except PostgresMissing as missing:
        pytest.skip(f"no PostgreSQL here: {missing}")


def behind(url: str, place: str) -> bool:
    """Whether a place in the log is not on the disk yet."""
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_current_wal_flush_lsn() < %s::pg_lsn", (place,)).fetchone()
    assert row is not None
    return bool(row[0])


def committed_ahead(store, url: str) -> tuple[set[str], str]:
    """Events that were committed and are not on the disk yet, and where in the log they are."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for n in range(20):  # the server's own writer is quicker until it has heard that it need not be
            new = seen(store, *(f"{n}:{m}" for m in range(50)), lasting=False)
            [place] = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ("",)
            if behind(url, place):
                return new, place
    pytest.fail("every commit waited for the disk")


def test_postgres_writes_its_log_up_to_the_last_commit(durable):
    url = durable.new_database()
    with closing(open_store(url)) as store:
        _, place = committed_ahead(store, url)
        store.flush()
        assert not behind(url, place)


def test_what_a_server_lost_that_was_begun_anew_is_not_said_to_last(durable):
    url = durable.new_database()
    with closing(open_store(url)) as store:
        new, _ = committed_ahead(store, url)
        durable.kill()
        durable.restart()
        with pytest.raises(StoreUnavailable):
            store.flush()
        store.flush()
    with closing(open_store(url)) as store:
        assert seen(store, *new) == new, "they were lost"
