"""The report as one JSON file, the same bytes for the same history and home. Long lists are streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from jobs.report.people import People
from jobs.report.replacing import replacing
from jobs.report.summary import Summary, iso
from jobs.report.witness import is_hit
from jobs.simulate import Simulation

_encode = msgspec.json.Encoder(order="sorted").encode


def write(
    path: Path,
    summary: Summary,
    simulation: Simulation,
    people: People,
    more: Mapping[str, object] | None = None,
) -> None:
    """Write the report; a file that is there is replaced only when the new one is whole (see `replacing`).

    `more` are further keys; what is an iterator is streamed.
    """
    whole: dict[str, Any] = {name: getattr(summary, name) for name in Summary.__dataclass_fields__}
    whole["skipped"] = [{"place": place, "why": why} for place, why in summary.skipped]
    streams = {"ledger": _ledger(simulation, people), "hits": _hits(simulation, people)}
    for key, value in (more or {}).items():
        if isinstance(value, Iterator):
            streams[key] = value
        else:
            whole[key] = value
    with replacing(path) as file:
        file.write(b"{")
        for n, key in enumerate(sorted([*whole, *streams])):
            file.write((b"," if n else b"") + b"\n" + _encode(key) + b":")
            if key in streams:
                _array(file, streams[key])
            else:
                file.write(_encode(whole[key]))
        file.write(b"\n}\n")


def _array(file: IO[bytes], rows: Iterator[dict[str, object]]) -> None:
    file.write(b"[")
    for n, row in enumerate(rows):
        file.write((b",\n" if n else b"\n") + _encode(row))
    file.write(b"]")


def _ledger(simulation: Simulation, people: People) -> Iterator[dict[str, object]]:
    for entry in simulation.books.facts(simulation.group.key):
        row: dict[str, object] = {
            "at": iso(entry.at),
            "kind": entry.kind,
            "person": people.name(entry.person),
            "person_account": people.account(entry.person),
            "by": people.name(entry.by) if entry.by else None,
            "by_account": people.account(entry.by) if entry.by else None,
            "amount": entry.amount,
            "rule": entry.rule,
            "reason": people.clean(entry.reason),
            "event": people.clean(entry.event),
        }
        if entry.about is not None:
            row["about"] = entry.about.isoformat()
        if entry.expires is not None:
            row["expires"] = iso(entry.expires)
        yield row


def _hits(simulation: Simulation, people: People) -> Iterator[dict[str, object]]:
    for row in simulation.books.audit(simulation.group.key):
        if is_hit(row):
            yield {
                "at": iso(row.at),
                "rule": row.rule,
                "event": people.clean(row.event),
                "person": people.name(row.person),
                "person_account": people.account(row.person),
                "then": row.then,
                "mode": row.mode,
                "because": [people.clean(why) for why in row.because],
            }
