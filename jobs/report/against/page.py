"""A comparison for the page of the changed home's report."""

from __future__ import annotations

from jobs.report.against.shape import Against
from jobs.report.against.telling import Speech, beyond, closing, opening
from jobs.report.against.telling_acts import parts


def values(against: Against, homes: tuple[str, str], speech: Speech) -> dict[str, object]:
    """What `against.html` is filled in with."""
    return {
        "say": speech,
        "homes": homes,
        "opening": opening(against, speech),
        "parts": list(parts(against, speech)),
        "beyond": beyond(against, speech),
        "closing": closing(against, speech) if against.differs else "",
    }
