"""The accounts of one person: what is done on a platform is done to one of them, and the admins hear of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core import state
from core.effects import TellAdmins
from core.parts import Presence
from core.people import Account, platform_of
from core.state import Bond, Key
from core.workflow import View
from workflows import platform_names

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


def alone(where: str, who: Account, view: View) -> bool:
    """Whether what lasts on some platforms, which may not be known, lasts on others of the person's accounts alone.
    Where they have none there any more, it is this one's."""
    platforms = where.split()
    return (
        bool(platforms)
        and platform_of(who) not in platforms
        and any(platform_of(one) in platforms for one in present(who, view))
    )


def looks(who: Account) -> tuple[Key[Any], ...]:
    """The state that `told` and `staying_without` look at."""
    return (state.bonds(who), state.presences(who))


def staying_without(who: Account, view: View) -> tuple[Account, ...]:
    """The accounts of somebody's person that are in the group, where this one has left it; what `looks` names was
    declared."""
    seen: Mapping[Account, Presence] = view.get(state.presences(who))
    if who not in seen or seen[who].left is None:
        return ()
    return tuple(sorted(one for one in present(who, view) - {who} if one in seen and seen[one].left is None))


def told(who: Account, name: str, view: View) -> tuple[TellAdmins, ...]:
    """The lines that say which other accounts an order or a sanction does not reach; none where there are none. Of an
    account that was never in the group, its admins are told the platform alone."""
    bonds: tuple[Bond, ...] = view.get(state.bonds(who))
    if not bonds:
        return ()
    seen, served = view.get(state.presences(who)), view.group.platforms
    rest = sorted(one for one in present(who, view) - {who} if not served or platform_of(one) in served)
    known = [one for one in rest if one in seen]
    unknown = [platform_names.called(platform_of(one), view.group.languages[0]) for one in rest if one not in seen]
    lines = []
    if known:
        lines.append(_line("other_accounts", who, view, name=name, accounts=", ".join(known)))
    if unknown:
        lines.append(_line("other_platforms", who, view, name=name, platforms=", ".join(unknown)))
    return tuple(lines)


def _line(key: str, who: Account, view: View, **values: str) -> TellAdmins:
    words = view.group.texts.say(f"rules.{key}", view.group.languages[0], {"sanction": values})
    return TellAdmins(words=words, about=who)
