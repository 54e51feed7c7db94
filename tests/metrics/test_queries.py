"""However many people there are, the store is asked the same."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from adapters.sql import SqlStore, open_store
from core.people import Account, ActorKind
from core.ports import DayAt, Fact, Newcomer, Writes
from core.state import Entry
from jobs.metrics.figures import measured
from jobs.metrics.period import days_of
from tests.metrics.history import BERLIN, FIRST, group

LAST = FIRST.date() + timedelta(days=59)


def peopled(store: SqlStore, count: int) -> None:
    """So many people who joined on one day and wrote on every day since."""
    with store.unit() as unit:
        unit.lock(["g"])
        who = [Newcomer(Account(f"telegram:{n}"), f"P{n}", ActorKind.PERSON, None, None) for n in range(count)]
        seats = unit.seats([("g", one) for one in who])
        writes = Writes()
        for seat in seats.values():
            seat.seen = seat.joined = FIRST
            writes.seats.append(("g", seat))
            for n in range(10):
                day = FIRST.date() + timedelta(days=n)
                told = ("check_in:daily", str(n), FIRST + timedelta(days=n), seat.person, 1, None, f"e{n}", "daily", "")
                writes.facts.append(Fact("g", Entry(*told, about=day)))
            for n in range(60):
                writes.days[DayAt("g", seat.person, FIRST.date() + timedelta(days=n))] = [1, 0, 0, 0, 0, 0]
        unit.save(writes)
        unit.commit()


def statements(store: SqlStore, last: date = LAST) -> list[str]:
    """What the database is asked for the numbers of a month."""
    seen: list[str] = []
    with store.pool.lent() as session:
        session.connection.set_trace_callback(seen.append)  # type: ignore[attr-defined]
    first = last - timedelta(days=29)
    now, before = days_of(first, last, BERLIN), days_of(first - timedelta(days=30), first - timedelta(days=1), BERLIN)
    told = measured(group(), now, before, store.turnout(), store.reckoning(), "en")
    assert told.activity is not None
    with store.pool.lent() as session:
        session.connection.set_trace_callback(None)  # type: ignore[attr-defined]
    return seen


def test_as_many_questions_for_three_hundred_people_as_for_three(tmp_path: Path):
    asked = []
    for count in (3, 300):
        store = open_store(f"sqlite:///{tmp_path / str(count)}.sqlite3", durable=False)
        peopled(store, count)
        asked.append(statements(store))
        store.close()
    few, many = asked
    assert len(few) == len(many)
    long = [one for one in many if one.startswith(("WITH RECURSIVE", "SELECT l.", "SELECT CASE"))]
    assert len(long) <= 10
