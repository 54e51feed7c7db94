"""Telegram's updates as they arrive, decoded straight from the body: only the fields that are used.

A field that is not named here is skipped without being built. Kinds of update that nothing is made of are kept as they
came (`msgspec.Raw`), so that they can be counted and shown. Shapes follow the Bot API, version 10.1.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw, Struct

NOT_SENT: Final = Raw()
"""Stands in a `Raw` field that the update did not have."""


class User(Struct, gc=False):
    """A person or bot. Telegram tells a username wherever there is one."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str | None = None
    username: str | None = ""
    language_code: str | None = None


class Chat(Struct, gc=False):
    """A group, channel or private conversation; `type` is private, group, supergroup or channel.

    A channel's direct messages (`is_direct_messages`) come as a supergroup that is none. A forum has topics.
    """

    id: int
    type: str = ""
    title: str | None = None
    username: str | None = ""
    is_forum: bool = False
    is_direct_messages: bool = False


class Entity(Struct, gc=False):
    """A marked part of a text. `offset` and `length` count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user: User | None = None


class Quote(Struct, gc=False):
    """The part of another message that a reply shows."""

    text: str = ""
    entities: list[Entity] | None = None


class Link(Struct, gc=False):
    """An address that something leads to."""

    url: str = ""


class Preview(Struct, gc=False):
    """How an address is shown below a message; `url` is there if it is not the first one in the text."""

    is_disabled: bool = False
    url: str | None = None


class Button(Struct, gc=False):
    """A button under a message; those with an address are links, those of ours hold data."""

    text: str = ""
    url: str | None = None
    login_url: Link | None = None
    callback_data: str | None = None


class Keyboard(Struct, gc=False):
    """The buttons under a message (a message sent through an inline bot can have some)."""

    inline_keyboard: list[list[Button]] = []


class Replied(Struct, gc=False, rename={"from_": "from"}):
    """The message that another one answers, as far as it is needed."""

    message_id: int
    from_: User | None = None
    sender_chat: Chat | None = None
    is_automatic_forward: bool = False
    reply_markup: Keyboard | None = None


class Origin(Struct, gc=False):
    """Who wrote a message that is shown elsewhere, as far as they let it be known; `type` says which field tells."""

    type: str = ""
    sender_user: User | None = None
    sender_chat: Chat | None = None


class Elsewhere(Struct, gc=False):
    """A message of another chat, or of another topic of this one, that is answered."""

    origin: Origin
    chat: Chat | None = None
    message_id: int | None = None


class Message(Struct, gc=False, rename={"from_": "from"}):
    """A message, or a service message (somebody joined, the group moved). Media are only told apart."""

    message_id: int
    date: int
    chat: Chat
    from_: User | None = None
    sender_chat: Chat | None = None
    text: str | None = None
    entities: list[Entity] | None = None
    caption: str | None = None
    caption_entities: list[Entity] | None = None
    reply_to_message: Replied | None = None
    external_reply: Raw = NOT_SENT
    quote: Quote | None = None
    forward_origin: Raw = NOT_SENT
    is_automatic_forward: bool = False
    media_group_id: str | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    edit_date: int | None = None
    link_preview_options: Preview | None = None
    reply_markup: Keyboard | None = None

    animation: Raw = NOT_SENT
    photo: Raw = NOT_SENT
    live_photo: Raw = NOT_SENT
    video: Raw = NOT_SENT
    video_note: Raw = NOT_SENT
    voice: Raw = NOT_SENT
    audio: Raw = NOT_SENT
    document: Raw = NOT_SENT
    sticker: Raw = NOT_SENT
    venue: Raw = NOT_SENT
    location: Raw = NOT_SENT
    contact: Raw = NOT_SENT
    poll: Raw = NOT_SENT
    dice: Raw = NOT_SENT
    game: Raw = NOT_SENT
    story: Raw = NOT_SENT
    paid_media: Raw = NOT_SENT
    checklist: Raw = NOT_SENT
    invoice: Raw = NOT_SENT
    giveaway: Raw = NOT_SENT
    rich_message: Raw = NOT_SENT

    new_chat_members: list[User] | None = None
    left_chat_member: User | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None


class ChatMember(Struct, gc=False):
    """Somebody's standing: creator, administrator, member, restricted (in or out: `is_member`), left or kicked."""

    status: str
    user: User
    is_member: bool = False
    is_anonymous: bool = False
    can_send_messages: bool = True
    can_send_photos: bool = True
    can_delete_messages: bool = False
    can_restrict_members: bool = False
    can_pin_messages: bool = False
    can_invite_users: bool = False
    can_promote_members: bool = False
    can_change_info: bool = False

    @property
    def present(self) -> bool:
        """Whether they are in the chat."""
        return self.status in ("member", "administrator", "creator") or (self.status == "restricted" and self.is_member)


class InviteLink(Struct, gc=False):
    """A link into the group. Only a part of the address is shown if another admin made it. Admins see its name."""

    invite_link: str
    creator: User
    is_primary: bool = False
    name: str | None = None


class ChatMemberUpdated(Struct, gc=False, rename={"from_": "from"}):
    """Somebody's standing changed; `from_` is who changed it."""

    chat: Chat
    from_: User
    date: int
    old_chat_member: ChatMember
    new_chat_member: ChatMember
    invite_link: InviteLink | None = None
    via_join_request: bool = False


class ReactionType(Struct, gc=False):
    """`type` is emoji, custom_emoji or paid."""

    type: str
    emoji: str | None = None
    custom_emoji_id: str | None = None


class MessageReactionUpdated(Struct, gc=False):
    """A person (`user`) or a chat (`actor_chat`) changed its reactions to a message."""

    chat: Chat
    message_id: int
    date: int
    new_reaction: list[ReactionType]
    user: User | None = None
    actor_chat: Chat | None = None


class Pressed(Struct, gc=False):
    """The message under which a button was pressed; `date` is 0 if it is no longer accessible."""

    chat: Chat
    message_id: int
    date: int = 0
    message_thread_id: int | None = None
    is_topic_message: bool = False


class CallbackQuery(Struct, gc=False, rename={"from_": "from"}):
    """A button was pressed. Telegram does not say when."""

    id: str
    from_: User
    message: Pressed | None = None
    data: str | None = None


class ChatJoinRequest(Struct, gc=False, rename={"from_": "from"}):
    """Somebody asks to be let in."""

    chat: Chat
    from_: User
    date: int
    bio: str | None = None
    invite_link: InviteLink | None = None


class Update(Struct, gc=False):
    """One update. At most one of the fields after `update_id` is there; none means a kind newer than this file."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    chat_member: ChatMemberUpdated | None = None
    my_chat_member: ChatMemberUpdated | None = None
    message_reaction: MessageReactionUpdated | None = None
    callback_query: CallbackQuery | None = None
    chat_join_request: ChatJoinRequest | None = None

    channel_post: Raw = NOT_SENT
    edited_channel_post: Raw = NOT_SENT
    business_connection: Raw = NOT_SENT
    business_message: Raw = NOT_SENT
    edited_business_message: Raw = NOT_SENT
    deleted_business_messages: Raw = NOT_SENT
    guest_message: Raw = NOT_SENT
    message_reaction_count: Raw = NOT_SENT
    inline_query: Raw = NOT_SENT
    chosen_inline_result: Raw = NOT_SENT
    shipping_query: Raw = NOT_SENT
    pre_checkout_query: Raw = NOT_SENT
    purchased_paid_media: Raw = NOT_SENT
    poll: Raw = NOT_SENT
    poll_answer: Raw = NOT_SENT
    chat_boost: Raw = NOT_SENT
    removed_chat_boost: Raw = NOT_SENT
    managed_bot: Raw = NOT_SENT

    @property
    def kind(self) -> str:
        """The Bot API's name of what this update holds, or "unknown"."""
        if self.message is not None:
            return "message"
        for name in self.__struct_fields__[1:]:
            value = getattr(self, name)
            if value is not None and value is not NOT_SENT:
                return name
        return "unknown"


class Unreadable(NamedTuple):
    """An update that is not shaped as documented: its id (None if not even that can be read), why, and what came."""

    update_id: int | None
    why: str
    raw: bytes


class _Body(Struct, gc=False):
    result: list[Update]


class _RawBody(Struct, gc=False):
    result: list[Raw]


class _Id(Struct, gc=False):
    update_id: int


_ONE: Final = msgspec.json.Decoder(Update)
_MANY: Final = msgspec.json.Decoder(_Body)
_RAW: Final = msgspec.json.Decoder(_RawBody)
_ID: Final = msgspec.json.Decoder(_Id)
_BROKEN: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def update_in(body: bytes) -> Update:
    """The update in a webhook's body. Raises msgspec.DecodeError if it is none."""
    try:
        return _ONE.decode(body)
    except msgspec.ValidationError:
        raise
    except _BROKEN as error:
        return _ONE.decode(_mended(body, error))


def updates_in(body: bytes) -> tuple[list[Update], list[Unreadable]]:
    """The updates in the answer to getUpdates, and those that could not be read: a bad one never takes others with it.

    Raises msgspec.DecodeError if the body as a whole is no such answer.
    """
    try:
        return _MANY.decode(body).result, []
    except msgspec.ValidationError:
        return _one_by_one(body)
    except _BROKEN as error:
        return _one_by_one(_mended(body, error))


def _one_by_one(body: bytes) -> tuple[list[Update], list[Unreadable]]:
    good, bad = [], []
    for raw in _RAW.decode(body).result:
        try:
            good.append(_ONE.decode(raw))
        except _BROKEN as error:
            bad.append(Unreadable(_id_of(raw), str(error), bytes(raw)))
    return good, bad


def _mended(body: bytes, error: Exception) -> bytes:
    """The body with `?` for each half of a surrogate pair, which msgspec takes for broken JSON, and for bytes that are
    no UTF-8. Raises msgspec.DecodeError if that is not what is wrong."""
    try:
        whole = json.loads(body.decode("utf-8", "replace"))
        return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        raise msgspec.DecodeError(str(error)) from None


def _id_of(raw: Raw) -> int | None:
    try:
        return _ID.decode(raw).update_id
    except _BROKEN:
        return None
