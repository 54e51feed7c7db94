"""What shall be done, in the imperative. A decision only describes effects; a courier performs them later.

Words are tuples of text and mentions: each platform renders a mention in its own way, and nobody's
name can become markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from core.people import Account
from core.quick import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person named in a text so that their platform notifies them, where it can."""

    account: Account
    name: str


Words = tuple[str | Mention, ...]
"""What is said: literal text and mentions, in order."""


def plain(words: Words) -> str:
    """The words as bare text, mentions as `@name`."""
    if len(words) == 1 and isinstance(words[0], str):
        return words[0]
    return "".join(part if isinstance(part, str) else f"@{part.name}" for part in words)


def in_lines(lines: Iterable[Words]) -> Words:
    """Lines as one text, one below the other."""
    words: list[str | Mention] = []
    for line in lines:
        words += ("\n", *line) if words else line
    return tuple(words)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One button, or one line of a numbered list. `data` comes back in `ButtonPressed`.

    With `private` it opens the private chat with the assistant, about this group, and nothing comes back; a platform
    that cannot link there leaves it out.
    """

    label: str
    data: str
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that goes with words: the name and the media type it is given under."""

    name: str
    data: bytes
    kind: str = "application/json"

    @property
    def text(self) -> str | None:
        """What it says, if it can be read as it is."""
        readable = self.kind.startswith("text/") or self.kind == "application/json"
        return self.data.decode(errors="replace") if readable else None


def scored(choices: Sequence[Choice]) -> int | None:
    """The first number, if the choices are whole numbers one after the other: where they are answered by number, each
    is its own. None for all other choices."""
    if len(choices) < 2 or not all(choice.label.isdecimal() for choice in choices):
        return None
    first = int(choices[0].label)
    return first if all(choice.label == str(n) for n, choice in enumerate(choices, first)) else None


ASIDE: Final = "!"
"""What the data of a choice begins with whose press is answered in words for nobody else's eyes (`Say.press`)."""

Heard = Literal["", "group", "admins", "report"]
"""Who reads that a sanction, or its end, is done because an admin wanted it: they are told where it could not be.
With `report` the admins read that it is done by itself: they are told of several at once (`core.corrections`)."""

Urgency = Literal["now", "soon", "bulk"]
"""`now` overtakes (answers, mutes), `soon` is the normal case, `bulk` waits (digests)."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Post a message in the group, or to one member in private when `to` is set.

    `expires` is when it is no longer worth saying. `quiet` asks for no notification sound.
    `choices` are bound to `chooser`: nobody else's press counts. `picture` is a PNG shown above the words,
    `file` is handed over with them; a message has one of the two at most.
    Where choices are listed by number, `first` is the number of the first: open questions share none.
    What is said in private and cannot be delivered there is said in the group, unless it is `confidential`: then a
    message of the group that asked for it (`reply_to`) is answered with the way to the private chat.
    What is to be pinned is pinned once it is posted. With `announce` it becomes the group's announcement, in place of
    the last one; where that cannot be set it is said like any words. With a `place` (a welcome, an answer to a command)
    it comes back as `Posted`, so that what stood there before can be taken away. With `on` it is said on that platform,
    whatever the event came from. `language` is that of the words, where something else may have to be said for them.
    With `press`, of an event whose data began with `ASIDE`, it is shown to whoever pressed, over the chat; where that
    is too late or not possible it is said in private.
    """

    words: Words
    to: Account | None = None
    reply_to: str | None = None
    topic: str | None = None
    choices: tuple[Choice, ...] = ()
    chooser: Account | None = None
    quiet: bool = False
    urgency: Urgency = "soon"
    expires: datetime | None = None
    picture: bytes | None = None
    file: Attached | None = None
    confidential: bool = False
    pin: bool = False
    announce: bool = False
    first: int = 1
    place: str = ""
    on: str = ""
    language: str = ""
    press: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace the words (and buttons) of a message that the assistant posted."""

    message: str
    words: Words
    choices: tuple[Choice, ...] = ()
    chooser: Account | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TellAdmins:
    """A line to the people who steer the group, with the message it is about and what they may choose to do.

    `first` as in `Say`. `topic` is that of their own chat where one of them asked for it.
    """

    words: Words
    evidence: str | None = None
    about: Account | None = None
    choices: tuple[Choice, ...] = ()
    first: int = 1
    topic: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Remove messages of the group. `own` ones are the assistant's: nothing is said in place of it."""

    messages: tuple[str, ...]
    own: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """Put an emoji on a message. `instead` is said under it, in the `topic`, where nobody can react."""

    message: str
    emoji: str
    instead: Words = ()
    topic: str | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Pin a message."""

    message: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """The member may not write for `span`; None is until unmuted.

    `silently`: nothing is said in its place where it cannot be done, because what they write is deleted anyway.
    `asked`: nor is it then, because they are asked not to write in words that are said besides. `heard` as in `Heard`,
    `announced` as with `Remove`.
    """

    member: Account
    span: timedelta | None
    silently: bool = False
    asked: bool = False
    heard: Heard = ""
    announced: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute:
    """The member may write again."""

    member: Account
    heard: Heard = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take the member out; they may come back.

    `announced`: the group reads that they are out, so it is told where that could not be done.
    """

    member: Account
    announced: bool = False
    heard: Heard = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """Take the member out for good, or for `span`. `announced` as with `Remove`."""

    member: Account
    span: timedelta | None = None
    announced: bool = False
    heard: Heard = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Unban:
    """The member may join again. Never removes anybody."""

    member: Account
    heard: Heard = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Let somebody in who asked."""

    member: Account


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Turn somebody away who asked."""

    member: Account


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Make a personal invite link for a member. It comes back as `InviteMade`; `name` is seen by admins only."""

    member: Account
    name: str


Effect = (
    Say | Edit | TellAdmins | Delete | React | Pin | Mute | Unmute | Remove | Ban | Unban | Approve | Decline | Invite
)
"""Every effect there is."""
