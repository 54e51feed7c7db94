"""Where a report is written: in the place of a file, once it is whole, or straight into whatever else stands there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

_STDOUT: Final = 1
_UNDER_WAY: Final = ".part"


def own_output(path: Path) -> bool:
    """Whether what is written to a path comes out where the process prints, as it does of /dev/stdout."""
    try:
        return os.path.samestat(path.stat(), os.fstat(_STDOUT))
    except OSError:
        return False


def printing() -> BinaryIO:
    """Where the process prints, for bytes that come after all that was printed before. It may be closed."""
    sys.stdout.flush()
    return os.fdopen(os.dup(_STDOUT), "wb")


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes the place of one that is there once it is whole; of a link, the place of what it
    leads to. What is no regular file, as a pipe or a device, is written straight.

    An OSError names the path where the system does not say which file it is of, as on a full disk, or names the file
    that is to take its place.
    """
    try:
        with _opened(path) as file:
            yield file
    except OSError as error:
        if not error.filename or str(error.filename).endswith(_UNDER_WAY):
            error.filename = str(path)
        raise


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if own_output(path):
        with printing() as file:
            yield file
        return
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}{_UNDER_WAY}")
    try:
        with temporary.open("wb") as file:
            yield file
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
