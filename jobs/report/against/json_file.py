"""Every hit that is not the same in both homes, for the report's JSON."""

from __future__ import annotations

from collections.abc import Iterator

from core.ports import AuditRow
from jobs.report.against.hits import pairs
from jobs.report.against.side import Side
from jobs.report.summary import iso


def hits(before: Side, after: Side) -> Iterator[dict[str, object]]:
    """Row by row, in order of time."""
    for pair in pairs(before, after):
        if pair.change is None:
            continue
        side, row = (after if pair.after is not None else before), pair.row
        yield {
            "at": iso(row.at),
            "change": pair.change,
            "rule": row.rule,
            "event": side.people.clean(row.event),
            "person": side.people.name(row.person),
            "person_account": side.people.account(row.person),
            "elsewhere": sorted(pair.elsewhere),
            "before": _one(pair.before, before),
            "after": _one(pair.after, after),
        }


def _one(row: AuditRow | None, side: Side) -> dict[str, object] | None:
    if row is None:
        return None
    return {"mode": row.mode, "then": row.then, "because": [side.people.clean(why) for why in row.because]}
