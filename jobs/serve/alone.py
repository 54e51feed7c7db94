"""One process serves an SQLite home: a second one would fight for its file, its updates and its messages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.problems import Said, system_said
from jobs.serve.refusing import CannotServe

try:
    import fcntl
except ImportError:  # Windows: Telegram's own conflict (409) and the courier's lease are left to tell
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home as long as this lasts; the lock goes with the process, however it ends. Raises CannotServe."""
    file = home / "data" / "serve.lock"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotServe(_UNWRITABLE.filled(file=file, why=system_said(error))) from None
    try:
        if fcntl is not None:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                other = os.pread(held, 20, 0).decode("ascii", "replace").strip() or "?"
                raise CannotServe(_TAKEN.filled(home=home, pid=other)) from None
        os.ftruncate(held, 0)
        os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(held)


_TAKEN = Said(
    "{home} is being served already, by process {pid}. Stop that one first; several at once need PostgreSQL.",
    "{home} 已经由进程 {pid} 在服务。请先停掉它；要多个进程一起服务，请用 PostgreSQL。",
)
_UNWRITABLE = Said(
    "{file} cannot be written ({why}); mend the rights of the home's `data` folder.",
    "{file} 写不进去（{why}）；请改好家里 `data` 文件夹的权限。",
)
