"""The people of the store tests, and short ways to seat them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from core.people import Account, ActorKind
from core.ports import BalanceAt, Fact, Newcomer, Writes
from core.state import Entry

START = datetime(2026, 3, 2, 10, 0, 0, 123457, tzinfo=UTC)
TODAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def newcomer(n, name="", *, username=None, kind=ActorKind.PERSON, language=None):
    return Newcomer(Account(f"telegram:{n}"), name or f"Member {n}", kind, username, language)


def seated(store, *who, group="g", at=START):
    """Seat newcomers as members of a group and return their seats."""
    with store.unit() as unit:
        unit.lock([group])
        found = unit.seats([(group, each) for each in who])
        seats = [found[group, each.account] for each in who]
        for seat in seats:
            seat.seen = seat.joined = at
        unit.save(Writes(seats=[(group, seat) for seat in seats]))
        unit.commit()
    return seats


def fact(person, key, amount=1, *, kind="points", at=START, group="g", **more):
    more = {"by": None, "event": f"e-{key}", "rule": "thanks", "reason": "谢谢", **more}
    return Fact(group, Entry(kind=kind, key=key, at=at, person=person, amount=amount, **more))


def posted(store, *facts):
    """Post facts in one transaction."""
    with store.unit() as unit:
        unit.lock(sorted({each.group for each in facts}))
        unit.save(Writes(facts=list(facts)))
        unit.commit()


def sum_of(unit, person, kind="points", group="g"):
    at = BalanceAt(group, person, kind)
    return unit.balances([at])[at]
