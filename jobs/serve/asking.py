"""Which group somebody answers who writes a number away from it: in private, or at the desk of several groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.choices import OF_ADMINS, OPEN, Open, answered, may_answer
from core.people import NOBODY, Account
from core.ports import RecordAt, Store
from core.workflow import Group


def asked_about(store: Store, groups: Iterable[Group], account: Account, text: str, at: datetime) -> str | None:
    """The group with the latest question that a message answers; None if it answers none.

    What a group's admins are asked is answered by those alone whom the operator lists there. Raises StoreBusy,
    StoreUnavailable. What cannot be an answer is not looked up.
    """
    newest: tuple[datetime, str] | None = None
    for group in groups:
        if not may_answer(text, group.letters):
            continue
        for held in _open(store, group, account):
            found = answered(held, text, at)
            if found is None:
                continue
            asked = max(one.at for one in held.questions if one not in found.left.questions)
            newest = max(newest or (asked, group.key), (asked, group.key))
    return newest[1] if newest is not None else None


def _open(store: Store, group: Group, account: Account) -> list[Open]:
    with store.unit() as unit:
        seat = unit.find(group.key, (account,)).get(account)
        wanted = []
        if account in group.staff or account in group.owners or account in group.moderators:
            wanted.append((RecordAt(group.key, NOBODY, OF_ADMINS.name), OF_ADMINS))
        if seat is not None:
            wanted.append((RecordAt(group.key, seat.person, OPEN.name), OPEN))
        found = unit.records(wanted)
    return [kept for kept in found.values() if isinstance(kept, Open)]
