"""Who is behind an account."""

from __future__ import annotations

from typing import Final

from adapters.sql import rows
from adapters.sql.dialect import Session
from core.dossier import Known
from core.people import Account, PersonId
from core.ports import Newcomer

PERSON: Final = "SELECT person FROM accounts WHERE account = ?"
_TOLD = "SELECT account, name, username, kind, language, id FROM accounts"
ACCOUNTS: Final = (
    f"{_TOLD} WHERE id = ? AND person = id UNION ALL {_TOLD} WHERE person = ? AND person <> id ORDER BY id"
)
"""The first account of a person has their number."""
GROUPS: Final = (
    "SELECT g.key, g.id FROM groups g CROSS JOIN memberships m WHERE m.group_id = g.id AND m.person = ? ORDER BY g.key"
)


def known(session: Session, account: Account) -> Known | None:
    """The person behind an account, as they are known at this moment."""
    whose = session.ask(PERSON, (rows.kept(account),))
    if not whose:
        return None
    person = PersonId(whose[0][0])
    found = session.ask(ACCOUNTS, (person, person))
    accounts = tuple(
        Newcomer(rows.account_of(stored), name, rows.KINDS[code], username, language)
        for stored, name, username, code, language, id_ in sorted(found, key=lambda row: (row[5] != person, row[5]))
    )
    return Known(person, accounts, tuple(key for key, _ in session.ask(GROUPS, (person,))))
