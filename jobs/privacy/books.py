"""The books of a group as tables in one archive: for its owner, and for whoever runs the assistant."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from core.books import Books
from core.jsonable import jsonable

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet would calculate, or run."""
_WITHIN: Final = re.compile(f"(?<=[;\r\n])(?=[{re.escape(''.join(FORMULAS))}])")
"""Where a cell begins to a spreadsheet of a country that parts cells by semicolons."""


def archived(books: Books, group: str, into: IO[bytes]) -> None:
    """Write `members.csv`, `ledger.csv`, `days.csv` and `decisions.csv` of a group into a ZIP archive.

    People are numbers, and `members.csv` says who each is; numbers below 0 are people who were forgotten. Instants are
    UTC.
    """
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, head, rows in _tables(books, group):
            with archive.open(f"{name}.csv", "w", force_zip64=True) as file:
                text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
                writer = csv.writer(text)
                writer.writerow(head)
                writer.writerows([cell(value) for value in row] for row in rows)
                text.flush()
                text.detach()


def cell(value: object) -> object:
    """A value as a cell that no spreadsheet takes for a formula."""
    written = jsonable(value)
    if isinstance(written, list):
        written = " ".join(map(str, written))
    if isinstance(written, str):
        written = _WITHIN.sub("'", written)
        return f"'{written}" if written.startswith(FORMULAS) else written
    return "" if written is None else written


def _tables(books: Books, group: str) -> Iterator[tuple[str, tuple[str, ...], Iterable[Iterable[Any]]]]:
    members = ("person", "account", "name", "kind", "seen", "joined", "left", "inviter", "language", "tags")
    yield "members", members, ([getattr(member, name) for name in members] for member in books.people(group))
    ledger = ("at", "person", "kind", "amount", "by", "rule", "reason", "expires", "about", "key")
    yield "ledger", ledger, ([getattr(fact, name) for name in ledger] for fact in books.facts(group))
    days = (
        "day",
        "messages",
        "replies_given",
        "replies_received",
        "reactions_given",
        "reactions_received",
        "check_ins",
    )
    yield (
        "days",
        ("person", *days),
        ([person, *(getattr(day, name) for name in days)] for person, day in books.activity(group)),
    )
    decisions = ("at", "workflow", "rule", "person", "mode", "then", "because")
    yield (
        "decisions",
        decisions,
        ([*(getattr(row, name) for name in decisions[:-1]), "; ".join(row.because)] for row in books.audit(group)),
    )
