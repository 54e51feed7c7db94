"""What the account may do in a room, from the room as it is now."""

from __future__ import annotations

from typing import Final

from adapters.wechat.payloads import Room
from core.delivery import Ability

MEMBER: Final[frozenset[Ability]] = frozenset(("say", "picture", "file", "private", "hear"))
"""Of every member of a room. `private` reaches those who are contacts of the account."""
OWNER: Final[frozenset[Ability]] = MEMBER | {"remove", "announce"}
OUT: Final[frozenset[Ability]] = frozenset()


def abilities(room: Room, me: str) -> frozenset[Ability]:
    """Of the account `me`. WeChat has no muting, no banning, and takes back nobody's messages but one's own.

    An admin who is not the owner may remove members too, but not every gateway can on their behalf: only owners count.
    """
    if me not in room.members:
        return OUT
    return OWNER if room.owner == me else MEMBER
