"""What a store in memory and its views share: rows as values of the core, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.people import Member
from core.ports import Seat, TimerRow
from core.state import Entry


def member_of(seat: Seat) -> Member:
    """A seat as a member, without roles: those are the configuration's."""
    assert seat.seen is not None
    return Member(
        person=seat.person,
        account=seat.account,
        name=seat.name,
        kind=seat.kind,
        seen=seat.seen,
        joined=seat.joined,
        left=seat.left,
        inviter=seat.inviter,
        language=seat.language,
        tags=seat.tags,
    )


def timer_order(row: TimerRow) -> tuple[datetime, str, str, str]:
    """By time, then workflow, then key: the order in which timers fire everywhere."""
    return (row.at, row.group, row.workflow, row.key)


def oldest_first(found: Iterable[Entry]) -> list[Entry]:
    return sorted(found, key=lambda e: (e.at, e.key))
