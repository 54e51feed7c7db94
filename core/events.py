"""What happened, in the past tense. Adapters make events; the engine folds them; workflows read them.

`happening` has what they share, `follow_ups` those that are made by decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from core.follow_ups import FollowUp
from core.happening import Happening
from core.people import Account, Actor
from core.quick import quick

MessageKind = Literal[
    "text", "photo", "video", "voice", "audio", "file", "sticker", "animation", "location", "contact", "poll", "other"
]
UNSPOKEN: Final[frozenset[MessageKind]] = frozenset(("poll", "other"))
"""Kinds of message whose text is read out of them, wholly or below what their author wrote."""
READ_OUT: Final = "• "
"""Stands before each text that is read out of a message: it is looked at, and asks for nothing."""
GENERAL: Final = "1"
"""The topic that a group with topics has in any case: what stands in none of the others is in it."""
NO_DATA: Mapping[str, object] = {}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The message that another one answers. `author` is None where the platform does not tell.

    `data` is that of the first button under it, if we wrote it: a line to the admins is answered.
    """

    message: str
    author: Actor | None = None
    data: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Happening):
    """A message in the group. `text` is the text or caption, or what is written in a poll and the like; `links` holds
    hidden links too.

    `message` is the platform's id of the message, unique within the group's address. An album is one
    act: its parts share `album`, and only the first part that arrives counts as a message. `quoted` is what the message
    shows as quoted where the platform does not vouch for it: who posts it may have written that, too. With commands
    come `admins`, the platform's admins of the group at that moment. `topic` is None in a group without topics. `desk`:
    written to the admins' own chat about this group, which is as good as `private`.
    """

    actor: Actor
    message: str
    text: str = ""
    kind: MessageKind = "text"
    mentions: tuple[Actor, ...] = ()
    links: tuple[str, ...] = ()
    quoted: str = ""
    reply_to: Reply | None = None
    forwarded: bool = False
    album: str | None = None
    topic: str | None = None
    private: bool = False
    desk: bool = False
    admins: frozenset[Account] = frozenset()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Happening):
    """The new content of a message that was posted before, at `posted` where that is known."""

    actor: Actor
    message: str
    posted: datetime | None = None
    text: str = ""
    kind: MessageKind = "text"
    mentions: tuple[Actor, ...] = ()
    links: tuple[str, ...] = ()
    reply_to: Reply | None = None
    forwarded: bool = False
    topic: str | None = None


def spoken(message: MessagePosted | MessageEdited) -> str:
    """What its author said in words: a message's text, without what was read out of a poll and the like."""
    if message.kind not in UNSPOKEN:
        return message.text
    if message.kind == "poll":
        return ""
    return f"\n{message.text}".partition(f"\n{READ_OUT}")[0].removeprefix("\n")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(Happening):
    """A message is gone. `actor` is its author where known (WeChat recalls tell; Telegram never does)."""

    message: str
    actor: Actor | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Happening):
    """`actor` is in the group from now on. `by` is who added or invited them, where known.

    `inferred`: nobody saw it happen; they are in the list of members and were not before.
    """

    actor: Actor
    by: Actor | None = None
    added_by_admin: bool = False
    invite: str | None = None
    inferred: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Happening):
    """`actor` left, or was removed by `by`. `inferred`: nobody saw it; they are in the list of members no more."""

    actor: Actor
    by: Actor | None = None
    inferred: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnmuted(Happening):
    """`by` let `actor` write again by hand. What the assistant itself lifts is not told."""

    actor: Actor
    by: Actor | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRenamed(Happening):
    """The same person under another account or name (an IRC nick, a WeChat id that changed and was confirmed)."""

    actor: Actor
    was: Account


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequested(Happening):
    """`actor` asks to be let in."""

    actor: Actor
    invite: str | None = None
    words: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(Happening):
    """A choice was made: a button on Telegram, a number or word on WeChat. `data` was verified by the adapter.

    `message` is what bears the button and `topic` where that stands, if it is in the group. `press` is what the
    platform calls this one press, where it takes an answer to it.
    """

    actor: Actor
    data: str
    message: str = ""
    topic: str | None = None
    press: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged(Happening):
    """`actor` reacted to a message of `author`; `emoji` is what stands now, empty when withdrawn."""

    actor: Actor
    message: str
    emoji: tuple[str, ...] = ()
    author: Actor | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMoved(Happening):
    """The platform gave the group a new address (a Telegram group became a supergroup)."""

    platform: str
    old: str
    new: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLookedAlike(Happening):
    """`actor`, an account that is new in the group, has the name of `known`, one of the same platform that is gone.

    Ids may change at login (WeChat). A name proves nothing: the admins are asked, and until they answer the two are two
    people. `alias` is what both are called in the room, where they are; `gone` is when `known` was last in the roster.
    To be made once for each pair, with an id derived from it; no `MemberJoined` or `MemberLeft` comes with it.
    """

    actor: Actor
    known: Account
    alias: str = ""
    gone: datetime | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLookedAlike(Happening):
    """A chat at the address `new`, which is nobody's, has the name of the group's chat at `old`, which is gone.

    Rooms' ids may change at login, and anybody can give a room any name: the admins are asked. `topic` is the name,
    `people` how many are in the new chat, `shared` how many of them were in the old one, by account or by name.
    """

    platform: str
    old: str
    new: str
    topic: str = ""
    people: int = 0
    shared: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class BotStanding(Happening):
    """What the assistant itself may do in the group, as the platform last told. `title` is what the chat is called,
    where that is known and its id may change. `refused`: nobody told, but what was to be done was refused because the
    assistant is not there; what it may do is not known to be otherwise. `untold` are the accounts of admins whom
    nothing reaches that they are told in private; None where nobody looked."""

    platform: str
    present: bool
    abilities: frozenset[str] = frozenset()
    title: str = ""
    refused: bool = False
    untold: tuple[str, ...] | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRead(Happening):
    """The platform listed who is in the group. Whoever was not known is here from before us, and no newcomer; whoever
    seemed to have left is here."""

    members: tuple[Actor, ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard(Happening):
    """What people wrote on `platform` between `since` and `at` never arrived: the account was not connected."""

    platform: str
    since: datetime


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached(Happening):
    """`member` could not be written to in private: they never began, blocked the assistant, or are no more."""

    member: Account


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Posted(Happening):
    """Something that was said with a `place` stands in the group now, as `message`."""

    message: str
    place: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class InviteMade(Happening):
    """The personal invite link that was asked for with `Invite` exists."""

    actor: Actor
    link: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDue(Happening):
    """A timer that `workflow` had set came due at `due`; `at` is when it was processed (never before `due`)."""

    workflow: str
    key: str
    due: datetime
    member: Account | None = None
    data: Mapping[str, object] = field(default_factory=lambda: NO_DATA)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Instructed(Happening):
    """An admin or operator asks `workflow` to do `verb` to `target` (repair a check-in, lock a tier).

    Authority was checked by whoever made the event; `reason` is the admin's own words and goes to the audit.
    """

    actor: Actor
    workflow: str
    verb: str
    target: Actor | None = None
    arguments: Mapping[str, object] = field(default_factory=lambda: NO_DATA)
    reason: str = ""

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Those that its arguments list, for orders about several people."""
        listed = self.arguments.get("accounts")
        return tuple(Account(str(one)) for one in listed) if isinstance(listed, list) else ()


Event = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | MemberJoined
    | MemberLeft
    | MemberUnmuted
    | MemberRenamed
    | JoinRequested
    | ButtonPressed
    | ReactionChanged
    | GroupMoved
    | AccountLookedAlike
    | ChatLookedAlike
    | BotStanding
    | RosterRead
    | Unheard
    | Unreached
    | InviteMade
    | Posted
    | TimerDue
    | Instructed
    | FollowUp
)
"""Every event there is; `match` over it ends in `assert_never`."""
