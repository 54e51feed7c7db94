"""An account is seen that was forgotten before: what is held against it is its new person's from now on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.sql import rows
from adapters.sql.dialect import Session
from adapters.sql.queries import PERSONS, Lookup
from core.forgetting import Recognise
from core.people import Account

_HELD: Final = Lookup(
    (("hash", "text"),),
    "SELECT w.n, h.group_id, h.person FROM w CROSS JOIN held h WHERE h.hash = w.hash",
)
_MOVES: Final = tuple(
    f"UPDATE {table} SET person = ? WHERE group_id = ? AND person = ? RETURNING 1"  # noqa: S608 (our own names)
    for table in ("ledger", "balances", "records")
)
_FREE: Final = "DELETE FROM held WHERE group_id = ? AND person = ? RETURNING 1"


def adopt(session: Session, accounts: Sequence[Account], recognise: Recognise) -> None:
    """Look whether anything is held against accounts that are new, and give it to their persons.

    Costs nothing but one look-up as long as nobody who was forgotten comes back.
    """
    found = session.look_up(_HELD, [(recognise(account),) for account in accounts])
    if not found:
        return
    wanted = [(rows.kept(account),) for account in accounts]
    persons: dict[int, int] = dict(session.look_up(PERSONS, wanted))
    for n, gid, held in found:
        for move in _MOVES:
            session.ask(move, (persons[n], gid, held))
        session.ask(_FREE, (gid, held))
