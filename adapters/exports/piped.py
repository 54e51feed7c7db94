"""A history that comes through a pipe, which can be read only once: it is kept for as long as it is needed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def kept(path: Path) -> Iterator[Path]:
    """A file of the same name and content that can be read again and again: the file itself, or what a pipe brings."""
    if not path.exists() or path.is_file() or path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="yaji-history-") as folder:
        copy = Path(folder) / path.name
        with path.open("rb") as brought, copy.open("wb") as file:
            shutil.copyfileobj(brought, file, 1 << 20)
        yield copy
