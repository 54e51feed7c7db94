"""Which group somebody answers who writes a number away from it: in private, or at the desk of several groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.choices import OF_ADMINS, OPEN, Open, answered, may_answer, numbers
from core.people import NOBODY, Account
from core.ports import RecordAt, Store
from core.workflow import Group


def asked_about(
    store: Store, groups: Iterable[Group], account: Account, text: str, at: datetime, *, desk: bool = False
) -> str | None:
    """The group with the latest question that a message answers, in private or at the `desk`; None if it answers none.

    What a group's admins are asked is answered by those alone whom the operator lists there. Raises StoreBusy,
    StoreUnavailable. What cannot be an answer is not looked up.
    """
    newest: tuple[datetime, str] | None = None
    for group in groups:
        if not may_answer(text, group.letters):
            continue
        for name, held in _open(store, group, account):
            found = answered(held, text, at, numbers(name, group, private=True, desk=desk))
            if found is None:
                continue
            asked = (found.question.at, group.key)
            newest = max(newest or asked, asked)
    return newest[1] if newest is not None else None


def _open(store: Store, group: Group, account: Account) -> list[tuple[str, Open]]:
    with store.unit() as unit:
        seat = unit.find(group.key, (account,)).get(account)
        wanted = []
        if account in group.staff or account in group.owners or account in group.moderators:
            wanted.append((RecordAt(group.key, NOBODY, OF_ADMINS.name), OF_ADMINS))
        if seat is not None:
            wanted.append((RecordAt(group.key, seat.person, OPEN.name), OPEN))
        found = unit.records(wanted)
    return [(at.slot, kept) for at, kept in found.items() if isinstance(kept, Open)]
