"""A home whose check-ins have reminders, and reminders of it that are due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.sql import SqlStore
from core.ports import TimerRow
from tests.clock.timers import set_timers

CHALLENGES = ("dawn", "dusk", "noon")


def make_home(folder: Path, groups: int, at: datetime) -> list[str]:
    """Write a home of one community whose groups are reminded at the minute of `at`; the keys of the groups."""
    keys = [f"g{n:03}" for n in range(groups)]
    lines = ["community:", "  name: Tea", "  timezone: UTC", "  languages: [en]", "  groups:"]
    lines += [f"    {key}: {{telegram: {-1001000000000 - n}}}" for n, key in enumerate(keys)]
    lines += ["check_ins:"]
    for name in CHALLENGES:
        lines += [
            f"  {name}:", f"    name: {name.title()}", f"    keywords: [{name}]",
            f'    remind: {{at: "{at:%H:%M}", who: everyone}}',
        ]  # fmt: skip
    (folder / "communities").mkdir(parents=True)
    (folder / "communities" / "tea.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return keys


def last_minute() -> datetime:
    """The whole minute that has just begun."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


def remind(store: SqlStore, groups: Collection[str], at: datetime) -> set[tuple[str, str]]:
    """Set every group's reminders for an instant; what each has to lead to, as (group, rule)."""
    for n, key in enumerate(groups):
        store.set_address(key, "telegram", str(-1001000000000 - n))
    set_timers(
        store,
        [TimerRow(key, "check_in", f"remind:{name}", at, None, {}, "r1") for key in groups for name in CHALLENGES],
    )
    return {(key, name) for key in groups for name in CHALLENGES}


def reminded(store: SqlStore, groups: Collection[str]) -> list[tuple[str, str]]:
    """What is in the outbox, as (group, rule), by the event that led to it."""
    return sorted((row.group, row.event.split(":")[4]) for key in groups for row in store.outbox(key))


def left(store: SqlStore, groups: Collection[str], at: datetime) -> int:
    """How many timers of an instant still stand."""
    return sum(row.at <= at for key in groups for row in store.timers(key))


TOMORROW = timedelta(days=1)
