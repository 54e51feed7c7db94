"""Rows in order of time, whatever order the file has, in bounded memory: big files are sorted by way of the disk."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO

import msgspec

from adapters.exports.history import Row, Skipped, Source

MOST_ROWS = 40_000
MOST_BYTES = 16_000_000
"""How much is sorted in memory at a time; some 60 MB of Python objects."""

Order = Callable[[Row], tuple[int, int]]


def by_time(
    rows: Iterable[Row | Skipped],
    source: Source | None = None,
    most_rows: int = MOST_ROWS,
    most_bytes: int = MOST_BYTES,
) -> Iterator[Row | Skipped]:
    """Skipped parts at once, then all rows by time.

    Rows of one instant keep the order of the file, or the reverse of it when the file is newest first. Every
    row is read before the first one is given: what `rows` learns on the way (names, chats) is complete by then.
    """
    chunk: list[Row] = []
    size = count = 0
    order: Order | None = None
    with tempfile.TemporaryDirectory(prefix="yaji-sort-") as folder:
        runs: list[Path] = []
        for row in rows:
            if isinstance(row, Skipped):
                yield row
                continue
            chunk.append(row)
            count += 1
            size += _size(row)
            if len(chunk) >= most_rows or size >= most_bytes:
                order = order or _order(chunk)
                runs.append(_spill(sorted(chunk, key=order), Path(folder) / str(len(runs))))
                chunk, size = [], 0
        order = order or _order(chunk)
        chunk.sort(key=order)
        if source is not None:
            source.rows = count
        if not runs:
            yield from chunk
            return
        files = [path.open("rb") for path in runs]
        try:
            yield from heapq.merge(*(_unspill(file) for file in files), chunk, key=order)
        finally:
            for file in files:
                file.close()


def _order(rows: list[Row]) -> Order:
    falling = sum(a.at > b.at for a, b in pairwise(rows))
    rising = sum(a.at < b.at for a, b in pairwise(rows))
    return _newest_first if falling > rising else _oldest_first


def _newest_first(row: Row) -> tuple[int, int]:
    return (row.at, -row.seq)


def _oldest_first(row: Row) -> tuple[int, int]:
    return (row.at, row.seq)


def _size(row: Row) -> int:
    data = row.data
    if isinstance(data, str | bytes):
        return len(data)
    return sum(len(part) for part in data if isinstance(part, str | bytes)) if isinstance(data, list | tuple) else 200


def _spill(rows: list[Row], path: Path) -> Path:
    encoder = msgspec.msgpack.Encoder()
    with path.open("wb") as file:
        for row in rows:
            packed = encoder.encode(row)
            file.write(len(packed).to_bytes(4, "little"))
            file.write(packed)
    return path


def _unspill(file: IO[bytes]) -> Iterator[Row]:
    decoder = msgspec.msgpack.Decoder()
    while head := file.read(4):
        yield Row(*decoder.decode(file.read(int.from_bytes(head, "little"))))
