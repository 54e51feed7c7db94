"""What there is in the scripted world: plain mutable records. The rules are in standing.py, delivery.py and methods."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.support.botapi.world import World

Json = dict[str, Any]

ALL_RIGHTS: Final = (
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_tags",
    "can_post_messages",
    "can_edit_messages",
    "can_manage_direct_messages",
)
CHANNEL_RIGHTS: Final = frozenset({"can_post_messages", "can_edit_messages", "can_manage_direct_messages"})
GROUP_RIGHTS: Final = frozenset({"can_pin_messages", "can_manage_tags"})
MEDIA: Final = (
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
)
PERMISSIONS: Final = (
    "can_send_messages",
    *MEDIA,
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
ALL_PERMISSIONS: Final = dict.fromkeys(PERMISSIONS, True)
NO_PERMISSIONS: Final = dict.fromkeys(PERMISSIONS, False)
ORDINARY_PERMISSIONS: Final = {
    **ALL_PERMISSIONS,
    "can_change_info": False,
    "can_pin_messages": False,
    "can_manage_topics": False,
    "can_edit_tag": False,
}

GROUP_ANONYMOUS_BOT: Final = 1087968824
CHANNEL_BOT: Final = 136817688
TELEGRAM: Final = 777000


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """Somebody with an account: a person or a bot."""

    world: World
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    deleted: bool = False

    @property
    def shape(self) -> Json:
        """The Bot API's User. A deleted account has an empty name."""
        shape: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": "" if self.deleted else self.first_name}
        if not self.deleted:
            more = {"last_name": self.last_name, "username": self.username, "language_code": self.language}
            shape.update({name: value for name, value in more.items() if value})
        return shape


@dataclass(slots=True, kw_only=True, eq=False)
class Bot(User):
    """A bot's account and its queue of updates."""

    token: str
    reads_all: bool = False
    allowed: frozenset[str] | None = None
    """Kinds of update it asked for last; None is the default set."""
    queue: deque[tuple[int, bytes, float]] = field(default_factory=deque)
    """(update_id, the update's JSON, made at), oldest first."""
    next_update: int = 1
    confirmed: int = 0
    history: list[tuple[int, bytes]] = field(default_factory=list)
    met: set[int] = field(default_factory=set)
    """Users it has heard of: others are "chat not found"."""
    wake: list[Callable[[], None]] = field(default_factory=list)
    """Called, from any thread, when the queue grows."""
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    """(scope as canonical JSON, language code) -> commands."""
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    """("description" or "short_description", language code) -> text."""
    queries: dict[str, float] = field(default_factory=dict)
    """Unanswered callback queries -> when pressed."""
    answers: dict[str, Json] = field(default_factory=dict)
    """Answered callback queries -> the answer's parameters."""


@dataclass(slots=True, kw_only=True)
class Standing:
    """Somebody's standing in a chat. `until` is a Unix time, 0 for ever. `reads_all` is privacy mode as of joining."""

    status: str = "left"
    rights: frozenset[str] = frozenset()
    permissions: dict[str, bool] = field(default_factory=lambda: dict(ALL_PERMISSIONS))
    until: int = 0
    is_member: bool = True
    anonymous: bool = False
    title: str = ""
    reads_all: bool = False
    promoted_by: int = 0

    @property
    def present(self) -> bool:
        """Whether they are in the chat."""
        return self.status in ("creator", "administrator", "member") or (self.status == "restricted" and self.is_member)

    @property
    def is_admin(self) -> bool:
        """Creator or administrator."""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Whether they hold an administrator's right."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    """An invite link."""

    url: str
    creator: User
    name: str = ""
    member_limit: int = 0
    creates_join_request: bool = False
    expires: int = 0
    is_primary: bool = False
    is_revoked: bool = False
    used: int = 0
    pending: int = 0


@dataclass(slots=True, kw_only=True)
class JoinRequest:
    """Somebody waits to be let in."""

    user: User
    at: float
    link: Link | None = None
    bio: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A message. `content` holds media and service fields as the Bot API shapes them."""

    chat: Chat
    id: int
    date: int
    sender: User | None
    sender_chat: Chat | None = None
    text: str | None = None
    entities: list[Json] = field(default_factory=list)
    caption: str | None = None
    content: Json = field(default_factory=dict)
    service: bool = False
    reply_to: Message | None = None
    thread: int | None = None
    is_topic_message: bool = False
    media_group_id: str | None = None
    reply_markup: Json | None = None
    edit_date: int | None = None
    forward_origin: Json | None = None
    is_automatic_forward: bool = False
    deleted: bool = False
    pinned: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    """Who reacted (a user's or a chat's id) -> their reactions."""
    edits: list[str] = field(default_factory=list)
    """Earlier texts, oldest first."""

    def button(self, wanted: str) -> Json:
        """The button with this label or callback data. Raises LookupError."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        for row in rows:
            for button in row:
                if wanted in (button.get("text"), button.get("callback_data")):
                    return dict(button)
        raise LookupError(f"no button {wanted!r} under message {self.id}: {rows}")


@dataclass(slots=True, kw_only=True, eq=False)
class Chat:
    """A conversation. `type` is private, group, supergroup or channel."""

    world: World
    id: int
    type: str
    title: str = ""
    username: str | None = None
    is_forum: bool = False
    person: User | None = None
    """The other side of a private chat; `bot` is ours."""
    bot: Bot | None = None
    started: bool = False
    blocked: bool = False
    standings: dict[int, Standing] = field(default_factory=dict)
    permissions: dict[str, bool] = field(default_factory=lambda: dict(ORDINARY_PERMISSIONS))
    links: dict[str, Link] = field(default_factory=dict)
    requests: dict[int, JoinRequest] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    next_message: int = 1
    topics: dict[int, str] = field(default_factory=dict)
    banned_chats: set[int] = field(default_factory=set)
    linked: Chat | None = None
    """A channel's discussion group."""
    migrated_to: Chat | None = None
    migrated_from: Chat | None = None
    gone: bool = False
    """Deleted by its owner."""
    tells_of_joins: bool = True
    """False: no service messages for joins and leaves, as in very large groups."""
    last_bot: int = 0
    """The bot that wrote last: plain /commands are for it."""

    @property
    def shape(self) -> Json:
        """The Bot API's Chat."""
        if self.person is not None:
            user = self.person.shape
            kept = ("id", "first_name", "last_name", "username")
            return {**{name: user[name] for name in kept if name in user}, "type": "private"}
        shape: Json = {"id": self.id, "title": self.title, "type": self.type}
        if self.username:
            shape["username"] = self.username
        if self.is_forum:
            shape["is_forum"] = True
        return shape

    def standing(self, who: User | int) -> Standing:
        """Somebody's standing now: bans and restrictions that have run out are over. Strangers are `left`."""
        found = self.standings.get(who if isinstance(who, int) else who.id)
        if found is None:
            return Standing()
        if found.until and found.status in ("restricted", "kicked") and found.until <= self.world.now():
            found.status = "member" if found.status == "restricted" and found.is_member else "left"
            found.until = 0
            found.permissions = dict(ALL_PERMISSIONS)
        return found

    @property
    def alive(self) -> list[Message]:
        """Messages that have not been deleted, oldest first."""
        return [message for message in self._written() if not message.deleted]

    def said_by(self, who: User) -> list[Message]:
        """What somebody wrote here, deleted or not, without service messages."""
        return [m for m in self._written() if m.sender is who and not m.service]

    def _written(self) -> list[Message]:
        """At one instant: whoever asks may be in another thread than the server, where messages come in."""
        return list(self.messages.values())

    @property
    def members(self) -> list[int]:
        """Ids of those who are in the chat."""
        return [user for user in list(self.standings) if self.standing(user).present]
