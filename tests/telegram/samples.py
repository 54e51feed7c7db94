"""A whole payload for everything that happens in a group, in the full shape of the Bot API, and what it tells.

People, chats and texts exist nowhere. A sample is the update without its number, and the events: type and fields.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from core.events import (
    BotStanding,
    ButtonPressed,
    Event,
    GroupMoved,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MemberUnmuted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from core.people import ActorKind
from tests.telegram.payloads import ANONYMOUS, CHANNEL_BOT, GROUP, LI, NOON, OTHER_BOT, OURS, TELEGRAM, WANG, mark

Json = dict[str, Any]
G = int(str(GROUP["id"]))
AT = datetime.fromtimestamp(NOON, UTC)
CHANNEL = {"id": -100888, "type": "channel", "title": "我们的频道"}
ADVERT = {"id": -100777, "type": "channel", "title": "广告"}
PLAIN = {"id": -55, "type": "group", "title": "晨读打卡营"}
PRIVATE = {"id": 10001, "type": "private", "first_name": "小王"}
DELETED = {"id": 10004, "is_bot": False, "first_name": ""}
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
SENDING = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
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
LINK = {
    "invite_link": "https://t.example/+abc",
    "creator": LI,
    "creates_join_request": False,
    "is_primary": False,
    "is_revoked": False,
}
FILE = {"file_id": "f", "file_unique_id": "u"}
SIZES = [{**FILE, "width": 90, "height": 60}]


class Sample(NamedTuple):
    """An update and what it tells. `bot_is_admin`: changes of members come by chat_member, too."""

    update: Json
    events: list[tuple[type[Event], Json]]
    bot_is_admin: bool = True


def posted(**fields: Any) -> Json:
    """A message of 小王, a text unless something else is given; None takes a field out."""
    whole = {"message_id": 77, "from": WANG, "chat": GROUP, "date": NOON, "text": "早", **fields}
    return {"message": {name: value for name, value in whole.items() if value is not None}}


def service(**fields: Any) -> Json:
    """A service message."""
    return posted(text=None, **fields)


def said(**fields: Any) -> list[tuple[type[Event], Json]]:
    """One message of 小王."""
    return [(MessagePosted, {"account": "telegram:10001", "kind": "text", **fields})]


def admin(user: Json, *rights: str, anonymous: bool = False) -> Json:
    """An administrator."""
    held = {right: right in rights for right in RIGHTS}
    more = {right: True for right in rights if right not in RIGHTS}
    return {"status": "administrator", "user": user, "can_be_edited": False, "is_anonymous": anonymous, **held, **more}


def restricted(user: Json, *may: str, member: bool = True) -> Json:
    """Somebody restricted, who may only do these."""
    return {
        "status": "restricted",
        "user": user,
        "is_member": member,
        "until_date": 0,
        **{right: right in may for right in SENDING},
    }


def member(user: Json) -> Json:
    """A plain member."""
    return {"status": "member", "user": user}


def out(user: Json, kicked: bool = False) -> Json:
    """Somebody who is not there."""
    return {"status": "kicked", "user": user, "until_date": 0} if kicked else {"status": "left", "user": user}


def change(old: Json, new: Json, by: Json, own: bool = False, **fields: Any) -> Json:
    """A change of somebody's standing."""
    body = {"chat": GROUP, "from": by, "date": NOON, "old_chat_member": old, "new_chat_member": new, **fields}
    return {"my_chat_member" if own else "chat_member": body}


def standing(old: Json, new: Json, present: bool, *can: str, **fields: Any) -> Sample:
    """A change of our own standing."""
    told = (BotStanding, {"present": present, "abilities": frozenset(can)})
    return Sample(change(old, new, LI, own=True, **fields), [told])


_PLAIN = ("say", "react", "edit", "buttons", "picture", "private", "file")
_ALBUM = {"media_group_id": "9000", "photo": SIZES}
_REPLIED = {"message_id": 70, "from": LI, "chat": GROUP, "date": NOON, "text": "问题"}
_POLL = {
    "id": "1",
    "question": "几点？",
    "options": [{"persistent_id": "a", "text": "六点", "voter_count": 0}],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
_PRESS = {"id": "q", "from": WANG, "chat_instance": "c", "data": "sealed"}
_UNDER = {"message_id": 5, "from": OURS, "chat": GROUP, "date": NOON, "text": "选一个"}

SAMPLES: dict[str, Sample] = {
    # messages
    "a text": Sample(posted(), said(text="早", message="77", at=AT, forwarded=False, private=False)),
    "a photo with a caption": Sample(
        service(photo=SIZES, caption="看 a.example", caption_entities=[mark("url", 2, 9)]),
        said(kind="photo", text="看 a.example", links=("a.example",)),
    ),
    "a video": Sample(service(video={**FILE, "width": 1, "height": 1, "duration": 1}), said(kind="video")),
    "a round video": Sample(service(video_note={**FILE, "length": 1, "duration": 1}), said(kind="video")),
    "a voice": Sample(service(voice={**FILE, "duration": 1}), said(kind="voice")),
    "a piece of music": Sample(service(audio={**FILE, "duration": 1}), said(kind="audio")),
    "a file": Sample(service(document=FILE), said(kind="file")),
    "an animation": Sample(
        service(animation={**FILE, "width": 1, "height": 1, "duration": 1}, document=FILE), said(kind="animation")
    ),
    "a place": Sample(service(location={"latitude": 1.5, "longitude": 2.5}), said(kind="location")),
    "a contact": Sample(service(contact={"phone_number": "1", "first_name": "x"}), said(kind="contact")),
    "a poll": Sample(service(poll=_POLL), said(kind="poll", text="• 几点？\n• 六点")),
    "a die": Sample(service(dice={"emoji": "🎲", "value": 3}), said(kind="other")),
    "a part of an album": Sample(service(caption="一", **_ALBUM), said(kind="photo", album="9000", text="一")),
    "another part of it": Sample(
        service(message_id=78, **_ALBUM), said(kind="photo", album="9000", message="78", text="")
    ),
    "a reply": Sample(posted(reply_to_message=_REPLIED), said(reply_to="70 by telegram:10002")),
    "a reply to another chat": Sample(
        posted(external_reply={"origin": {"type": "user", "date": NOON, "sender_user": LI}}), said(reply_to=None)
    ),
    "a forward": Sample(
        posted(forward_origin={"type": "hidden_user", "date": NOON, "sender_user_name": "x"}), said(forwarded=True)
    ),
    "a post of the linked channel": Sample(
        posted(
            **{"from": TELEGRAM},
            sender_chat=CHANNEL,
            is_automatic_forward=True,
            forward_origin={"type": "channel", "date": NOON, "chat": CHANNEL, "message_id": 3},
        ),
        said(account="telegram:-100888", actor_kind=ActorKind.CHANNEL, admin=True, forwarded=False),
    ),
    "a foreign channel speaks": Sample(
        posted(**{"from": CHANNEL_BOT}, sender_chat=ADVERT),
        said(account="telegram:-100777", actor_kind=ActorKind.CHANNEL, admin=False),
    ),
    "an anonymous admin speaks": Sample(
        posted(**{"from": ANONYMOUS}, sender_chat=GROUP, author_signature="主持人"),
        said(account=f"telegram:{G}", actor_kind=ActorKind.ANONYMOUS_ADMIN, admin=True),
    ),
    "an admin speaks": Sample(posted(**{"from": LI}), said(account="telegram:10002", admin=True)),
    "another bot speaks": Sample(posted(**{"from": OTHER_BOT}), said(account="telegram:555", actor_kind=ActorKind.BOT)),
    "we speak ourselves": Sample(posted(**{"from": OURS}), []),
    "a deleted account is quoted": Sample(
        posted(reply_to_message={**_REPLIED, "from": DELETED}), said(reply_to="70 by telegram:10004")
    ),
    "a deleted account spoke": Sample(posted(**{"from": DELETED}), said(account="telegram:10004", name="")),
    "in a topic": Sample(posted(message_thread_id=5, is_topic_message=True), said(topic="5", reply_to=None)),
    "in a thread of replies": Sample(
        posted(message_thread_id=70, reply_to_message=_REPLIED), said(topic=None, reply_to="70 by telegram:10002")
    ),
    "in private": Sample(posted(chat=PRIVATE), said(private=True)),
    "mentions by name and by id": Sample(
        posted(
            text="🙏 @Old_Li 小张",
            entities=[mark("mention", 3, 7), mark("text_mention", 11, 2, user={**DELETED, "first_name": "小张"})],
        ),
        said(mentions=("telegram:@old_li", "telegram:10004")),
    ),
    "we are mentioned before": Sample(
        posted(text="@Yaji_Bot 积分", entities=[mark("mention", 0, 9)]), said(text="积分", mentions=("telegram:42",))
    ),
    "we are mentioned behind": Sample(
        posted(text="🙏 积分 @Yaji_Bot", entities=[mark("mention", 6, 9)]),
        said(text="🙏 积分", mentions=("telegram:42",)),
    ),
    "we are mentioned inside": Sample(
        posted(text="问 @Yaji_Bot 积分", entities=[mark("mention", 2, 9)]),
        said(text="问 @Yaji_Bot 积分", mentions=("telegram:42",)),
    ),
    "we are mentioned and nothing else": Sample(
        posted(text="@Yaji_Bot", entities=[mark("mention", 0, 9)]), said(text="@Yaji_Bot", mentions=("telegram:42",))
    ),
    "a command for us": Sample(
        posted(text="/CheckIn@Yaji_BOT 读完", entities=[mark("bot_command", 0, 17)]), said(text="/checkin 读完")
    ),
    "a command for another bot": Sample(
        posted(text="/checkin@quiz_bot", entities=[mark("bot_command", 0, 17)]), said(text="/checkin@quiz_bot")
    ),
    "a command and nothing but spaces": Sample(
        posted(text="/rank   ", entities=[mark("bot_command", 0, 5)]), said(text="/rank   ")
    ),
    "a message through an inline bot, with a link button": Sample(
        posted(
            via_bot=OTHER_BOT,
            reply_markup={"inline_keyboard": [[{"text": "领取", "url": "https://c.example"}]]},
        ),
        said(text="早\n• 领取", links=("https://c.example",)),
    ),
    "an edit": Sample(
        {"edited_message": {**posted(text="改了")["message"], "edit_date": NOON + 60}},
        [(MessageEdited, {"text": "改了", "message": "77", "posted": AT})],
    ),
    "an edited caption": Sample(
        {"edited_message": {**service(caption="打卡", **_ALBUM)["message"], "edit_date": NOON + 60}},
        [(MessageEdited, {"account": "telegram:10001", "kind": "photo", "text": "打卡"})],
    ),
    "a foreign channel edits": Sample(
        {"edited_message": {**posted(sender_chat=ADVERT)["message"], "edit_date": NOON + 60}},
        [(MessageEdited, {"account": "telegram:-100777", "actor_kind": ActorKind.CHANNEL, "admin": False})],
    ),
    "an anonymous admin edits": Sample(
        {"edited_message": {**posted(sender_chat=GROUP)["message"], "edit_date": NOON + 60}},
        [(MessageEdited, {"account": f"telegram:{G}", "actor_kind": ActorKind.ANONYMOUS_ADMIN, "admin": True})],
    ),
    "an edited forward in a topic": Sample(
        {
            "edited_message": {
                **posted(
                    message_thread_id=5,
                    is_topic_message=True,
                    forward_origin={"type": "hidden_user", "date": NOON, "sender_user_name": "x"},
                )["message"],
                "edit_date": NOON + 60,
            }
        },
        [(MessageEdited, {"forwarded": True, "topic": "5"})],
    ),
    "an edit that tells of nothing": Sample(
        {"edited_message": {**service(pinned_message=_REPLIED)["message"], "edit_date": NOON + 60}}, []
    ),
    "an edit in private": Sample({"edited_message": {**posted(chat=PRIVATE)["message"], "edit_date": NOON + 60}}, []),
    "our own edit": Sample({"edited_message": {**posted(**{"from": OURS})["message"], "edit_date": NOON + 60}}, []),
    "a post in a channel": Sample(
        {"channel_post": {"message_id": 1, "date": NOON, "chat": CHANNEL, "sender_chat": CHANNEL, "text": "x"}}, []
    ),
    # service messages
    "a join told by a message, where we are an admin": Sample(service(new_chat_members=[WANG]), []),
    "a join told by a message, where we are not": Sample(
        service(new_chat_members=[WANG]), [(MemberJoined, {"account": "telegram:10001", "by": None})], False
    ),
    "two added by a member, told by a message": Sample(
        service(**{"from": DELETED}, new_chat_members=[WANG, LI]),
        [
            (MemberJoined, {"account": "telegram:10001", "by": "telegram:10004", "id": "telegram:42:7/1"}),
            (MemberJoined, {"account": "telegram:10002", "by": "telegram:10004", "id": "telegram:42:7/2"}),
        ],
        False,
    ),
    "a leave told by a message, where we are an admin": Sample(service(left_chat_member=WANG), []),
    "a leave told by a message, where we are not": Sample(
        service(left_chat_member=WANG), [(MemberLeft, {"account": "telegram:10001", "by": None})], False
    ),
    "we were added, told by a message": Sample(service(**{"from": LI}, new_chat_members=[OURS]), [], False),
    "something was pinned": Sample(service(pinned_message=_REPLIED), []),
    "another title": Sample(service(new_chat_title="晚读"), []),
    "another picture": Sample(service(new_chat_photo=SIZES), []),
    "a topic was made": Sample(
        service(
            message_thread_id=5, is_topic_message=True, forum_topic_created={"name": "答疑", "icon_color": 7322096}
        ),
        [],
    ),
    "moved, told in the old chat": Sample(
        service(chat=PLAIN, migrate_to_chat_id=G), [(GroupMoved, {"old": "-55", "new": str(G)})]
    ),
    "moved, told in the new chat": Sample(
        service(migrate_from_chat_id=-55), [(GroupMoved, {"old": "-55", "new": str(G)})]
    ),
    # standings
    "joins by a personal link": Sample(
        change(out(WANG), member(WANG), WANG, invite_link=LINK),
        [(MemberJoined, {"by": "telegram:10002", "invite": "https://t.example/+abc", "added_by_admin": False})],
    ),
    "joins by the group's main link": Sample(
        change(out(WANG), member(WANG), WANG, invite_link={**LINK, "is_primary": True}),
        [(MemberJoined, {"by": None, "invite": "https://t.example/+abc"})],
    ),
    "is added by an admin": Sample(
        change(out(WANG), member(WANG), LI), [(MemberJoined, {"by": "telegram:10002", "added_by_admin": True})]
    ),
    "is added by an anonymous admin": Sample(
        change(out(WANG), member(WANG), ANONYMOUS), [(MemberJoined, {"by": f"telegram:{G}", "added_by_admin": True})]
    ),
    "is let in after asking": Sample(
        change(out(WANG), member(WANG), LI, via_join_request=True), [(MemberJoined, {"by": None})]
    ),
    "joins muted": Sample(change(out(WANG), restricted(WANG), WANG), [(MemberJoined, {"by": None})]),
    "leaves": Sample(change(member(WANG), out(WANG), WANG), [(MemberLeft, {"by": None})]),
    "is banned": Sample(change(member(WANG), out(WANG, True), LI), [(MemberLeft, {"by": "telegram:10002"})]),
    "is banned by us": Sample(change(member(WANG), out(WANG, True), OURS), [(MemberLeft, {"by": "telegram:42"})]),
    "was banned while away": Sample(change(out(WANG), out(WANG, True), LI), []),
    "may come back": Sample(change(out(WANG, True), out(WANG), LI), []),
    "is muted": Sample(change(member(WANG), restricted(WANG), LI), []),
    "may write again": Sample(
        change(restricted(WANG), member(WANG), LI),
        [(MemberUnmuted, {"account": "telegram:10001", "by": "telegram:10002"})],
    ),
    "may write again, but no stickers": Sample(
        change(restricted(WANG), restricted(WANG, "can_send_messages"), LI), [(MemberUnmuted, {"by": "telegram:10002"})]
    ),
    "stays muted and may do something else": Sample(
        change(restricted(WANG), restricted(WANG, "can_invite_users"), LI), []
    ),
    "may send no photos any more": Sample(change(member(WANG), restricted(WANG, "can_send_messages"), LI), []),
    "we let somebody write again": Sample(change(restricted(WANG), member(WANG), OURS), []),
    "becomes an admin": Sample(change(member(WANG), admin(WANG), LI), []),
    "asks to join": Sample(
        {
            "chat_join_request": {
                "chat": GROUP,
                "from": WANG,
                "user_chat_id": 10001,
                "date": NOON,
                "bio": "喜欢读书",
                "invite_link": {**LINK, "creates_join_request": True, "creator": OURS},
            }
        },
        [(JoinRequested, {"words": "喜欢读书", "invite": "https://t.example/+abc", "account": "telegram:10001"})],
    ),
    # ourselves
    "we are added, privacy mode on": standing(out(OURS), member(OURS), True, *_PLAIN),
    "we are made an admin": standing(
        member(OURS),
        admin(OURS, "can_delete_messages", "can_restrict_members", "can_invite_users", "can_pin_messages"),
        True,
        *_PLAIN,
        *("hear", "delete", "mute", "remove", "ban", "approve", "invite", "pin"),
    ),
    "we lose a right": standing(
        admin(OURS, "can_delete_messages", "can_restrict_members"),
        admin(OURS, "can_delete_messages"),
        True,
        *_PLAIN,
        *("hear", "delete"),
    ),
    "we are an admin no more": standing(admin(OURS), member(OURS), True, *_PLAIN),
    "we may not write": standing(member(OURS), restricted(OURS), True, "private", "file"),
    "we may write, but send no pictures": standing(
        member(OURS), restricted(OURS, "can_send_messages"), True, "say", "react", "edit", "buttons", "private", "file"
    ),
    "we are removed": standing(admin(OURS), out(OURS, True), False),
    "an admin of a plain group mutes nobody": standing(
        member(OURS),
        admin(OURS, "can_restrict_members"),
        True,
        *_PLAIN,
        *("hear", "remove", "ban"),
        chat={**GROUP, "type": "group"},
    ),
    "somebody blocks us": Sample(change(member(OURS), out(OURS, True), WANG, own=True, chat=PRIVATE), []),
    # reactions and presses
    "a reaction": Sample(
        {
            "message_reaction": {
                "chat": GROUP,
                "message_id": 5,
                "user": WANG,
                "date": NOON,
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": "👍"}, {"type": "custom_emoji", "custom_emoji_id": "9"}],
            }
        },
        [(ReactionChanged, {"emoji": ("👍", "custom:9"), "message": "5", "account": "telegram:10001"})],
    ),
    "an anonymous admin takes a reaction back": Sample(
        {
            "message_reaction": {
                "chat": GROUP,
                "message_id": 5,
                "actor_chat": GROUP,
                "date": NOON,
                "old_reaction": [{"type": "emoji", "emoji": "👍"}],
                "new_reaction": [],
            }
        },
        [(ReactionChanged, {"emoji": (), "actor_kind": ActorKind.ANONYMOUS_ADMIN})],
    ),
    "how often a message was reacted to": Sample(
        {
            "message_reaction_count": {
                "chat": GROUP,
                "message_id": 5,
                "date": NOON,
                "reactions": [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 3}],
            }
        },
        [],
    ),
    "a press": Sample(
        {"callback_query": {**_PRESS, "message": _UNDER}},
        [(ButtonPressed, {"data": "agree", "message": "5", "account": "telegram:10001"})],
    ),
    "a press under a message too old to be shown": Sample(
        {"callback_query": {**_PRESS, "message": {"chat": GROUP, "message_id": 5, "date": 0}}},
        [(ButtonPressed, {"data": "agree", "at": AT})],
    ),
    "a press that is not ours": Sample({"callback_query": {**_PRESS, "data": "x", "message": _UNDER}}, []),
    "a press on a game": Sample(
        {"callback_query": {"id": "q", "from": WANG, "chat_instance": "c", "game_short_name": "g", "message": _UNDER}},
        [],
    ),
    "somebody votes": Sample(
        {"poll_answer": {"poll_id": "1", "user": WANG, "option_ids": [0], "option_persistent_ids": ["a"]}}, []
    ),
}
