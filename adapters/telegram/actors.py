"""Who acts in an update: a person, a bot, a channel, or the group itself for an anonymous admin.

Telegram puts shared stand-ins into `from` (GroupAnonymousBot 1087968824, Channel_Bot 136817688, Telegram 777000), so
`sender_chat` is asked first. Nothing else in the house looks at ids to guess who somebody is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from adapters.telegram.updates import Chat, User
from core.people import Account, Actor, ActorKind
from core.quick import maker

_actor: Final = maker(Actor)

ANONYMOUS: Final = 1087968824
"""GroupAnonymousBot, in whose name anonymous admins of all groups act."""


_PERSON: Final = ActorKind.PERSON


class Seal(Protocol):
    """Checks that the data of a button was written by us, for this person."""

    def opened(self, data: str, user: int, group: str) -> str | None:
        """What was sealed; None if the seal is not ours, of another group, or not for this user."""
        ...

    def verdict(self, data: str, user: int, group: str) -> Literal["ours", "not_yours", "forged"]:
        """Why `opened` says what it says."""
        ...


@dataclass(slots=True, kw_only=True)
class BotIdentity:
    """The bot account that receives the updates, with the admins of each chat as far as known, and its button seal.

    Without a `seal` no press of a button can be believed, and none becomes an event. `hears_all` says that privacy
    mode is off (getMe's can_read_all_group_messages), `hears_in` where it is known how that was when the bot came into
    a chat. `told_since` is the instant, in Unix seconds, from which on Telegram tells joins and leaves by chat_member
    where the bot is an admin, `admin_since` from when on it is known to be one in a chat. `linked` are the channels
    that chats discuss. `groups` are those that have a chat: at a desk there are lines about several. `named` are chats
    whose messages are called with them (`message_ids.py`).
    """

    id: int
    username: str = ""
    hears_all: bool = False
    hears_in: dict[int, bool] = field(default_factory=dict)
    told_since: int = 0
    admins: Mapping[int, frozenset[int]] = field(default_factory=dict)
    admin_since: Mapping[int, int] = field(default_factory=dict)
    linked: Mapping[int, int] = field(default_factory=dict)
    seal: Seal | None = None
    groups: Callable[[], Collection[str]] = tuple
    named: Collection[int] = frozenset()

    def hears(self, chat: int) -> bool:
        """Whether a chat is heard where the bot is no admin."""
        return self.hears_in.get(chat, self.hears_all)


def person(user: User, chat: int, bot: BotIdentity) -> Actor:
    """A user as an actor of a chat."""
    name = f"{user.first_name} {user.last_name}" if user.last_name else user.first_name
    admins = bot.admins.get(chat)
    return _actor(
        account=f"telegram:{user.id}",  # type: ignore[arg-type]  # Account() is a call on the hot path
        name=name,
        kind=ActorKind.BOT if user.is_bot else _PERSON,
        username=user.username,
        language=user.language_code,
        admin=admins is not None and user.id in admins,
    )


def mover(user: User, chat: Chat, bot: BotIdentity) -> Actor:
    """Who changed somebody's standing. For an anonymous admin Telegram names the stand-in and no sender chat."""
    return chat_as_actor(chat, chat.id, bot) if user.id == ANONYMOUS else person(user, chat.id, bot)


def chat_as_actor(sender: Chat, chat: int, bot: BotIdentity, forwarded: bool = False) -> Actor:
    """A chat that acts: the group itself (an anonymous admin) or a channel. The linked channel counts as staff, in the
    group as in its posts that are `forwarded` there by Telegram."""
    anonymous = sender.id == chat
    return _actor(
        account=Account(f"telegram:{sender.id}"),
        name=sender.title or "",
        kind=ActorKind.ANONYMOUS_ADMIN if anonymous else ActorKind.CHANNEL,
        username=sender.username,
        admin=anonymous or forwarded or bot.linked.get(chat) == sender.id,
    )


def sender(from_: User | None, sender_chat: Chat | None, chat: int, forwarded: bool, bot: BotIdentity) -> Actor | None:
    """Who wrote a message. None if Telegram does not say."""
    if sender_chat is not None:
        return chat_as_actor(sender_chat, chat, bot, forwarded)
    return person(from_, chat, bot) if from_ is not None else None
