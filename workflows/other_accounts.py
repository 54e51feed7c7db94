"""The accounts of one person: what is done on a platform is done to one of them, and the admins hear of the others."""

from __future__ import annotations

from typing import Any, Final

from core import state
from core.effects import TellAdmins
from core.people import Account
from core.state import Bond, Key
from core.workflow import View

SANCTIONS: Final = frozenset(("mute", "remove", "ban"))
"""What is done to one account on its platform."""


def accounts(who: Account, view: View) -> frozenset[Account]:
    """All accounts of the person who has one; `state.bonds` of it was declared."""
    bonds: tuple[Bond, ...] = view.get(state.bonds(who))
    return frozenset((who, *(one for bond in bonds for one in (bond.one, bond.other))))


def present(who: Account, view: View) -> frozenset[Account]:
    """Those of the person's accounts that there still are."""
    bonds: tuple[Bond, ...] = view.get(state.bonds(who))
    return accounts(who, view) - {bond.gone for bond in bonds}


def looks(who: Account) -> tuple[Key[Any], ...]:
    """The state that `told` looks at."""
    return (state.bonds(who), state.presences(who))


def told(who: Account, name: str, view: View) -> tuple[TellAdmins, ...]:
    """The line that says which other accounts an order or a sanction does not reach; none where there are none."""
    bonds: tuple[Bond, ...] = view.get(state.bonds(who))
    if not bonds:
        return ()
    served = view.group.platforms
    rest = present(who, view) - {who}
    rest_here = sorted(one for one in rest if not served or one.partition(":")[0] in served)
    if not rest_here:
        return ()
    values = {"sanction": {"name": name, "accounts": ", ".join(rest_here)}}
    words = view.group.texts.say("rules.other_accounts", view.group.languages[0], values)
    return (TellAdmins(words=words, about=who),)
