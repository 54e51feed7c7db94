"""Which files a command may write: never what it reads, nor what a home is made of; and what it says of those there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from config.problems import Said
from core.errors import InputRefused
from jobs.report.replacing import own_output, printing

_OF_A_HOME: Final = ("communities", "tests", "texts", "data", ".schema")
_BY_HAND: Final = frozenset((".yaml", ".yml", ".md", ".txt", ".png", ".jpg", ".jpeg", ".gif", ".webp"))
"""Endings of what a community file may name, wherever in the home it stands."""


def kept_apart(
    outputs: Iterable[Path | None], *, inputs: Iterable[Path | None] = (), homes: Iterable[Path | None] = ()
) -> None:
    """Raises InputRefused for an output that is an input or another output, or that lies where a home keeps its files:
    its folders, and whatever of it a community file may name. Whatever a device is given, nothing of it is lost."""
    read = [path for path in inputs if path is not None]
    for out in (path for path in outputs if path is not None):
        for path in read:
            if not out.is_char_device() and _same(out, path):
                raise InputRefused(*_READ.filled(out=out))
        for home in homes:
            if home is not None and _of_home(out, home):
                raise InputRefused(*_KEPT.filled(out=out, home=home))
        read.append(out)


def absent(out: Path | None, *, force: bool) -> None:
    """Raises InputRefused where a file is there already, unless it is to be replaced by force."""
    if out is not None and out.is_file() and not own_output(out) and not force:
        raise InputRefused(*_THERE.filled(out=out))


def private(out: Path) -> BinaryIO:
    """A file opened to be written, which only its owner may read, whoever could read what it replaces."""
    if own_output(out):
        return printing()
    file = os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    if out.is_file():
        os.fchmod(file.fileno(), 0o600)
    return file


def standing(outputs: Iterable[Path | None]) -> list[Path]:
    """Those of the outputs that stand there already, and will be replaced."""
    return [path for path in outputs if path is not None and path.is_file() and not own_output(path)]


def _of_home(out: Path, home: Path) -> bool:
    try:
        within = out.resolve().relative_to(home.resolve()).parts
    except ValueError:
        return False
    if not within or within[0] in _OF_A_HOME or within == ("yaji.yaml",):
        return bool(within)
    return out.exists() and out.suffix.lower() in _BY_HAND


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


REPLACED: Final = Said("{file}: replaced", "{file}：已替换")
_READ: Final = Said(
    "{out} is read by this command, or written by it already; name another file to write.",
    "{out} 是这条命令要读的文件，或者已经要写一次；请换一个文件来写。",
)
_KEPT: Final = Said(
    "{out} belongs to the home {home}, which is read; name a file elsewhere to write.",
    "{out} 属于要读的家 {home}；请换一个别处的文件来写。",
)
_THERE: Final = Said(
    "{out} is there already; name another file, or replace it with --force.",
    "{out} 已经在了；请换一个文件，或者用 --force 替换。",
)
