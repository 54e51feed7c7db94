"""What messages are called in the house. Telegram numbers them in each chat by itself, and anew when a group becomes a
supergroup: what had the number 12 and what has it now are two messages.

In a supergroup a message is called by its number. Anywhere else its chat is named, too: `-4567/12`. So whatever was
kept or decided before a group moved is no message of where it lives now.
"""

from __future__ import annotations

from adapters.telegram.updates import Chat
from core.delivery import Never, Refusal


def id_of(number: int, chat: Chat) -> str:
    """What a message of a chat is called."""
    return str(number) if chat.type == "supergroup" else f"{chat.id}/{number}"


def number_in(chat: int | str, id: str) -> int | None:
    """The number of a message in a chat; None if it is a message of another one, or none of Telegram's."""
    home, _, number = id.rpartition("/")
    return int(number) if number.isdecimal() and home in ("", str(chat)) else None


def not_there(id: str) -> Never:
    """The answer to what is to be done with a message that has no number in its chat."""
    if id.rpartition("/")[2].isdecimal():
        return Never(refusal=Refusal.GONE, why=f"{id} is a message of another chat")
    return Never(refusal=Refusal.MALFORMED, why=f"{id!r} is no message of Telegram's")
