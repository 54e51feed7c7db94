"""What messages are called in the house. Telegram numbers them in each chat by itself, and anew when a group becomes a
supergroup: what had the number 12 and what has it now are two messages.

In a supergroup a message is called by its number. Anywhere else its chat is named, too: `-4567/12`. So whatever was
kept or decided before a group moved is no message of where it lives now. An operator may give a group another
supergroup, too: there the chat is named as well, and numbers alone stay those of the one that the group left first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from adapters.telegram.updates import Chat
from core.delivery import Never, Refusal
from core.effects import Delete, Edit, Effect, Pin, React, Say, TellAdmins


def id_of(number: int, chat: Chat, named: Collection[int] = ()) -> str:
    """What a message of a chat is called. `named` are supergroups whose messages are called with them."""
    return str(number) if chat.type == "supergroup" and chat.id not in named else f"{chat.id}/{number}"


def in_full(id: str, chat: int) -> str:
    """The id of a message with its chat, which is `chat` for a number alone."""
    return f"{chat}/{id}" if id.isdecimal() else id


def with_chat(effect: Effect, chat: int) -> Effect:
    """An effect whose messages are called with their chat, which is `chat` for numbers alone."""
    match effect:
        case Delete():
            return replace(effect, messages=tuple(in_full(id, chat) for id in effect.messages))
        case Edit() | Pin() | React():
            return replace(effect, message=in_full(effect.message, chat))
        case Say(reply_to=str(answered)):
            return replace(effect, reply_to=in_full(answered, chat))
        case TellAdmins(evidence=str(shown)):
            return replace(effect, evidence=in_full(shown, chat))
        case _:
            return effect


def number_in(chat: int | str, id: str) -> int | None:
    """The number of a message in a chat; None if it is a message of another one, or none of Telegram's."""
    home, _, number = id.rpartition("/")
    return int(number) if number.isdecimal() and home in ("", str(chat)) else None


def not_there(id: str) -> Never:
    """The answer to what is to be done with a message that has no number in its chat."""
    if id.rpartition("/")[2].isdecimal():
        return Never(refusal=Refusal.GONE, why=f"{id} is a message of another chat")
    return Never(refusal=Refusal.MALFORMED, why=f"{id!r} is no message of Telegram's")
