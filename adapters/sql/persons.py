"""Who is behind an account."""

from __future__ import annotations

from typing import Final

from adapters.sql import rows
from adapters.sql.dialect import Session
from core.dossier import Known
from core.people import Account, PersonId
from core.ports import Newcomer

PERSON: Final = "SELECT person FROM accounts WHERE account = ?"
ACCOUNTS: Final = (
    "SELECT account, name, username, kind, language FROM accounts WHERE person = ? "
    "ORDER BY CASE WHEN id = person THEN 0 ELSE 1 END, id"
)
GROUPS: Final = (
    "SELECT g.key, g.id FROM groups g CROSS JOIN memberships m WHERE m.group_id = g.id AND m.person = ? ORDER BY g.key"
)


def known(session: Session, account: Account) -> Known | None:
    """The person behind an account, as they are known at this moment."""
    found = session.ask(PERSON, (rows.kept(account),))
    if not found:
        return None
    person = PersonId(found[0][0])
    accounts = tuple(
        Newcomer(rows.account_of(stored), name, rows.KINDS[code], username, language)
        for stored, name, username, code, language in session.ask(ACCOUNTS, (person,))
    )
    return Known(person, accounts, tuple(key for key, _ in session.ask(GROUPS, (person,))))
