"""Members as workflows see them: a seat, with the roles that the operator or the platform gave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.people import ADMIN, MODERATOR, OWNER, Account, Actor, Member
from core.ports import Seat
from core.quick import maker
from core.state import Bond
from core.workflow import Group

_member: Final = maker(Member)

_NONE: Final[frozenset[str]] = frozenset()
_STAFF: Final = frozenset((ADMIN,))
_OWNS: Final = frozenset((ADMIN, OWNER))
_HELPS: Final = frozenset((MODERATOR,))
_HELPS_STAFF: Final = frozenset((MODERATOR, ADMIN))


def member_at(group: Group, seat: Seat, actor: Actor | None, bonds: Iterable[Bond]) -> Member:
    """The member of a seat. Whoever is bound together of several accounts has the roles of all."""
    roles = roles_of(group, seat.account, actor)
    for bond in bonds:
        roles = roles | roles_of(group, bond.one, None) | roles_of(group, bond.other, None)
    assert seat.seen is not None
    return _member(
        person=seat.person,
        account=seat.account,
        name=seat.name,
        kind=seat.kind,
        seen=seat.seen,
        joined=seat.joined,
        left=seat.left,
        inviter=seat.inviter,
        language=seat.language,
        roles=roles,
        tags=seat.tags,
    )


def roles_of(group: Group, account: Account, actor: Actor | None) -> frozenset[str]:
    """The roles of an account; the usual answer is none."""
    staff = account in group.staff or (actor is not None and actor.admin)
    if group.owners and account in group.owners:
        return _OWNS
    if group.moderators and account in group.moderators:
        return _HELPS_STAFF if staff else _HELPS
    return _STAFF if staff else _NONE
