"""Finding one's way between chats and groups: whom a private message is for, and which chat becomes which group."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple, Protocol

from core.people import Account

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]")
"""Spaces and dashes of all kinds."""
CODE_BITS: Final = 40
_LENGTH: Final = CODE_BITS // 5


def spelled(number: int) -> str:
    """A number below 2 ** CODE_BITS as a code that people can type: `K7QM-3XWD`, without letters that look alike."""
    letters = "".join(_LETTERS[number >> shift & 31] for shift in range(CODE_BITS - 5, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def read_code(typed: str) -> str | None:
    """A code as it was spelled, however it was typed, in wide letters too; None for what is no code."""
    letters = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_ALIKE)
    if len(letters) != _LENGTH or not set(letters) <= set(_LETTERS):
        return None
    return f"{letters[:4]}-{letters[4:]}"


def hashed(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def written_on(platform: str) -> str:
    """Stands for a platform among the addresses of groups: what the operator wrote when it was last taken over."""
    return f"{platform}:written"


def numbered_on(platform: str) -> str:
    """Stands for a platform among the addresses of groups: the chat that a group left first, with the group's key.

    What is known of messages by a number alone is of that chat, for good.
    """
    return f"{platform}:numbered"


def left_first(chat: str, group: str) -> str:
    """How that is written: several groups may have left one chat."""
    return f"{chat} {group}"


def moved_on(platform: str) -> str:
    """Stands for a platform among the addresses of groups: a chat that became another one, with that.

    What was on its way from there still arrives, at whichever process, for as long as a group lives where it moved to.
    """
    return f"{platform}:moved"


def moved_to(old: str, new: str) -> str:
    """How that is written; read it with `str.split`."""
    return f"{old} {new}"


def is_note(platform: str) -> bool:
    """Whether this stands for a platform, and is none where groups live."""
    return ":" in platform


Written = Callable[[str, str], str | None]
"""What the operator wrote as the address of a group on a platform; None where nothing is written."""


def unwritten(group: str, platform: str) -> None:
    """Where nothing is written of any group."""


class Binding(NamedTuple):
    """What became of a code that somebody sent. `group` is set when the chat is the group's now.

    `elsewhere`: the code is good, but for a group that is not served here; it stays good.
    """

    result: Literal["bound", "unknown", "expired", "used", "elsewhere"]
    group: str | None = None


class Directory(Protocol):
    """Small memories of the gateways. Each call is one transaction and may raise StoreBusy, StoreUnavailable."""

    def group_meant(self, account: Account, among: Collection[str]) -> str | None:
        """The group that a private message is about: the one talked about last, unless they left it since.

        Else the only one of these groups they are a member of, else the one where they were active last. None if
        they are in none.
        """
        ...

    def group_left(self, account: Account, among: Collection[str]) -> str | None:
        """The group of these that they were in and are in no more, the one they left last; None if there is none."""
        ...

    def member(self, account: Account, group: str) -> bool:
        """Whether they are a member of the group, as far as is known."""
        ...

    def remember(self, talks: Sequence[tuple[Account, str]], at: datetime) -> None:
        """Write down about which group each account talks from now on; later instants win."""
        ...

    def first_contact(self, platform: str, address: str, at: datetime) -> bool:
        """True once for each chat, for ever: what is said to strangers is said once."""
        ...

    def make_code(self, group: str, at: datetime, expires: datetime) -> str:
        """A new one-time code with which a chat becomes the group's. Only its hash is kept."""
        ...

    def spend_code(
        self, code: str, platform: str, address: str, at: datetime, among: Collection[str] | None = None
    ) -> Binding:
        """Use a code (as `read_code` gives it) for a chat, which becomes the group's address in the same transaction.

        With it what the operator wrote for the group there is taken over: a code is the newer word, so that the chat
        stays whatever else has that name later. `among` are the groups that may be bound; None is all.
        Sent again from the same chat it is answered in the same way, as long as the chat is still the group's.
        """
        ...
