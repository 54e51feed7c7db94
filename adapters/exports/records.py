"""Lines of a table put together to records, where quotes can hold several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.exports.history import Source

LONGEST: Final = 500_000


def records(source: Source, begins: re.Pattern[str], head: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The number of each record's first line, and its lines. A record begins where a line looks like the beginning of
    one, so that a quote that is never closed costs one record, not the rest of the file. `head` lines stand above."""
    record: list[str] = []
    first = size = 0
    for number, line in source.lines():
        if record and (begins.match(line) or size > LONGEST or number == head + 1):
            yield first, record
            record, size = [], 0
        if not record:
            first = number
        record.append(line)
        size += len(line)
    if record:
        yield first, record
