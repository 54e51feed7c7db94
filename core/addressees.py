"""Who somebody is to a courier: the name to mention, and whether they are there to read it."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.delivery import Addressee
from core.people import Account
from core.ports import UnitOfWork

_LONG_AGO = timedelta(days=400)


def addressee(unit: UnitOfWork, group: str, account: Account, at: datetime) -> Addressee | None:
    """See `core.delivery.Dispatch.addressee`.

    Somebody who only asked to be let in is known to the group and no member of it: nobody saw them join, and they never
    did anything there.
    """
    seat = unit.find(group, (account,)).get(account)
    if seat is None:
        return None
    if seat.seen is None or seat.left is not None:
        return Addressee(seat.name, False)
    if seat.joined is not None:
        return Addressee(seat.name, True)
    wanted = (group, seat.person, (at - _LONG_AGO).date())
    return Addressee(seat.name, bool(unit.days([wanted])[wanted]))
