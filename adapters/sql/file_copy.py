"""A copy of an SQLite file, made while others write it: as it was at one moment, in a file of its own."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from adapters.sql.sqlite import told
from core.errors import StoreError

_UNDER_WAY = ".part"


def copy_file(source: Path, target: Path) -> None:
    """Copy all that was committed to `source`; nobody waits for it. `target` takes the place of a file that is there
    once it is whole and on the disk, for its owner alone, and needs no other file beside it.

    Raises StoreError where the source cannot be read or is damaged, OSError where the target cannot be written.
    """
    draft = target.with_name(f".{target.name}{_UNDER_WAY}")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _copied(source, draft)
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    finally:
        for one in (draft, *files_beside(draft)):
            one.unlink(missing_ok=True)


def files_beside(file: Path) -> tuple[Path, ...]:
    """Where SQLite keeps what is part of a database beside its file, whether or not anything is there."""
    return tuple(_log_of(file.resolve(), end) for end in ("-journal", "-wal", "-shm"))


def in_place_of(file: Path, target: Path) -> Path | None:
    """Put a whole file in the place of a database that nobody uses. Where what was there is now, if anything was.

    The log of what was there goes along with it: SQLite would read it into the other. Nothing is written over. Raises
    OSError.
    """
    taken = {name.name for name in target.parent.iterdir()}
    before = next(target.with_name(name) for n in count(1) if (name := f"{target.name}.replaced-{n}") not in taken)
    _log_of(target, "-shm").unlink(missing_ok=True)
    for end in ("-wal", ""):
        old = _log_of(target, end)
        if old.exists():
            old.replace(_log_of(before, end))
    file.replace(target)
    return before if before.exists() else None


def _log_of(file: Path, end: str) -> Path:
    return file.with_name(f"{file.name}{end}")


def _copied(source: Path, draft: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as read:
            read.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with closing(sqlite3.connect(draft)) as written:
                written.execute("PRAGMA synchronous=OFF")  # it is on the disk before it takes anybody's place
                try:
                    read.backup(written)
                except sqlite3.OperationalError as error:
                    raise _full(error, draft) from error
                written.execute("PRAGMA journal_mode=DELETE")
                ((found,),) = written.execute("PRAGMA quick_check(1)")
    except sqlite3.Error as error:
        raise told(error) from error
    if found != "ok":
        raise StoreError(*(sentence.format(found=found) for sentence in _DAMAGED))


def _full(error: sqlite3.OperationalError, draft: Path) -> Exception:
    """A disk that is full is that of the copy."""
    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
        return OSError(28, os.strerror(28), str(draft))
    return error


_DAMAGED = (
    "the file is damaged ({found}), so it was not copied; put a backup in its place",
    "文件坏了（{found}），所以没有备份；请用以前的备份换掉它",
)
