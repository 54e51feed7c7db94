"""Reading all that is stored back, as reports, digests and exports do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from core.people import Member, PersonId
from core.ports import AuditRow, DeadLetter, OutboxRow, TimerRow
from core.state import Day, Entry, Slot


class Books(Protocol):
    """Reading it all back, for reports and exports. Streams; order is the order of happening and repeatable."""

    def people(self, group: str) -> Iterator[Member]: ...

    def facts(self, group: str) -> Iterator[Entry]: ...

    def activity(self, group: str) -> Iterator[tuple[PersonId, Day]]: ...

    def audit(self, group: str) -> Iterator[AuditRow]: ...

    def outbox(self, group: str) -> Iterator[OutboxRow]: ...

    def timers(self, group: str) -> Iterator[TimerRow]: ...

    def dead_letters(self, group: str) -> Iterator[DeadLetter]: ...

    def every_record(self, group: str, slot: Slot[Any]) -> Iterator[tuple[Member, Any]]: ...

    def addresses(self) -> Mapping[tuple[str, str], str]:
        """(platform, address) to group key, for all groups."""
        ...

    def set_address(self, group: str, platform: str, address: str) -> None: ...
