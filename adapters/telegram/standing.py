"""What a bot may do in a group, from its standing there."""

from __future__ import annotations

from collections.abc import Collection

from adapters.telegram.updates import ChatMember
from core.delivery import Ability

_WORDS: frozenset[Ability] = frozenset(("say", "react", "edit", "buttons"))
_OUT: frozenset[Ability] = frozenset()
_OF_ADMINS: frozenset[Ability] = frozenset(("delete", "remove", "ban", "mute", "pin", "approve", "invite"))


def abilities(standing: ChatMember, chat_type: str, *, hears: bool) -> frozenset[Ability]:
    """The abilities of the bot with this standing in a chat of this type; none if it is not there. `hears` says that
    privacy mode is off there."""
    if not standing.present:
        return _OUT
    admin = standing.status in ("creator", "administrator")
    owner = standing.status == "creator"
    free = standing.status != "restricted"
    can: set[Ability] = {"private", "file"}  # files go to private chats, where nothing of the group's holds
    if free or standing.can_send_messages:
        can |= _WORDS
    if free or standing.can_send_photos:
        can.add("picture")
    if admin or hears:
        can.add("hear")
    if owner or standing.can_delete_messages:
        can.add("delete")
    if owner or standing.can_restrict_members:
        can |= {"remove", "ban"}
        if chat_type == "supergroup":  # restrictChatMember exists in supergroups only
            can.add("mute")
    if owner or (admin and standing.can_pin_messages):
        can.add("pin")
    if owner or (admin and standing.can_invite_users):
        can |= {"approve", "invite"}
    return frozenset(can)


def only_of_admins(can: Collection[str]) -> bool:
    """Whether a bot that can do this must be an admin."""
    return not _OF_ADMINS.isdisjoint(can)
