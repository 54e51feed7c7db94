"""Every method of the test server, called by python-telegram-bot, which takes the answers apart."""

from __future__ import annotations

import telegram
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    ChatPermissions,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.constants import ChatMemberStatus, ParseMode

from tests.botapi.conftest import Stage
from tests.support.botapi.methods import METHODS, OF_UPDATES

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("去", callback_data="go:1")]])


def test_every_method_answers_what_python_telegram_bot_expects(stage: Stage) -> None:
    async def everything(bot: telegram.Bot) -> None:
        await _about_itself(bot, stage)
        await _messages(bot, stage)
        await _members(bot, stage)
        await _links(bot, stage)
        await _webhook(bot)

    stage.group.is_forum = True
    stage.with_bot(everything)
    called = {call.method for call in stage.server.calls}
    assert called == {*METHODS, *OF_UPDATES}
    assert all(call.code == 200 for call in stage.server.calls), [c for c in stage.server.calls if c.code != 200]


async def _about_itself(bot: telegram.Bot, stage: Stage) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.can_read_all_group_messages) == (stage.bot.id, "yaji_bot", False)
    scope = BotCommandScopeChat(stage.group.id)
    await bot.set_my_commands([BotCommand("checkin", "打卡")], scope=scope, language_code="zh")
    assert [c.command for c in await bot.get_my_commands(scope=scope, language_code="zh")] == ["checkin"]
    assert await bot.get_my_commands(scope=scope) == ()
    await bot.delete_my_commands(scope=scope, language_code="zh")
    assert await bot.get_my_commands(scope=scope, language_code="zh") == ()
    await bot.set_my_description("打卡助手", language_code="zh")
    await bot.set_my_short_description("助手")
    assert (await bot.get_my_description("zh")).description == "打卡助手"
    assert (await bot.get_my_short_description()).short_description == "助手"


async def _messages(bot: telegram.Bot, stage: Stage) -> None:
    group, li = stage.group, stage.li
    topic = await bot.create_forum_topic(group.id, "打卡")
    posted = li.posts(group, "/checkin 😀", thread=topic.message_thread_id)
    sent = await bot.send_message(
        group.id,
        f'<b>好</b> <a href="tg://user?id={li.id}">Li</a>',
        parse_mode=ParseMode.HTML,
        reply_parameters=ReplyParameters(posted.id),
        message_thread_id=topic.message_thread_id,
        reply_markup=KEYS,
    )
    assert sent.text == "好 Li"
    assert sent.parse_entities() == {sent.entities[0]: "好", sent.entities[1]: "Li"}
    assert sent.entities[1].user == telegram.User(li.id, "Li", False)
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/checkin 😀"
    assert (sent.is_topic_message, sent.message_thread_id) == (True, topic.message_thread_id)
    edited = await bot.edit_message_text("新", group.id, sent.message_id, reply_markup=KEYS)
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    await bot.edit_message_reply_markup(group.id, sent.message_id)
    assert group.messages[sent.message_id].reply_markup is None
    photo = await bot.send_photo(group.id, b"\x89PNG", caption="图 <i>一</i>", parse_mode=ParseMode.HTML)
    assert (photo.caption, photo.photo[-1].width) == ("图 一", 800)
    again = await bot.send_photo(group.id, photo.photo[-1].file_id)
    await bot.edit_message_caption(group.id, again.message_id, caption="二")
    file = await bot.send_document(group.id, b"a,b", filename="八月.csv")
    assert file.document is not None
    assert (file.document.file_name, file.document.file_size) == ("八月.csv", 3)
    copy = await bot.copy_message(group.id, group.id, photo.message_id)
    assert group.messages[copy.message_id].caption == "图 一"
    forwarded = await bot.forward_message(group.id, group.id, posted.id)
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginUser)
    assert (forwarded.text, forwarded.forward_origin.sender_user.id) == ("/checkin 😀", li.id)
    await bot.send_chat_action(group.id, "typing")
    await bot.set_message_reaction(group.id, posted.id, ReactionTypeEmoji("👍"))
    await bot.pin_chat_message(group.id, posted.id)
    assert (await bot.get_chat(group.id)).pinned_message is not None
    await bot.unpin_chat_message(group.id)
    query = li.presses(group.messages[(await bot.send_message(group.id, "?", reply_markup=KEYS)).message_id], "去")
    await bot.answer_callback_query(query, "好", show_alert=True)
    assert stage.bot.answers[query]["text"] == "好"
    await bot.delete_message(group.id, posted.id)
    await bot.delete_messages(group.id, [photo.message_id, again.message_id, 9999])
    assert not {posted.id, photo.message_id, again.message_id} & {m.id for m in group.alive}


async def _members(bot: telegram.Bot, stage: Stage) -> None:
    group, li, owner, world = stage.group, stage.li, stage.owner, stage.world
    await bot.restrict_chat_member(
        group.id, li.id, ChatPermissions.no_permissions(), use_independent_chat_permissions=True
    )
    muted = await bot.get_chat_member(group.id, li.id)
    assert isinstance(muted, telegram.ChatMemberRestricted)
    assert not muted.can_send_messages
    await bot.restrict_chat_member(group.id, li.id, ChatPermissions.all_permissions())
    assert (await bot.get_chat_member(group.id, li.id)).status == ChatMemberStatus.MEMBER
    await bot.ban_chat_member(group.id, li.id)
    assert (await bot.get_chat_member(group.id, li.id)).status == ChatMemberStatus.BANNED
    await bot.unban_chat_member(group.id, li.id, only_if_banned=True)
    assert (await bot.get_chat_member(group.id, li.id)).status == ChatMemberStatus.LEFT
    for let_in in (True, False):
        asking = world.person("Asking")
        asking.asks_to_join(group)
        if let_in:
            await bot.approve_chat_join_request(group.id, asking.id)
        else:
            await bot.decline_chat_join_request(group.id, asking.id)
        assert group.standing(asking).present is let_in
    assert {m.user.id for m in await bot.get_chat_administrators(group.id)} == {owner.id, stage.bot.id}
    assert await bot.get_chat_member_count(group.id) == 3
    spam = world.channel("Spam", owner=owner)
    await bot.ban_chat_sender_chat(group.id, spam.id)
    assert group.banned_chats == {spam.id}
    await bot.unban_chat_sender_chat(group.id, spam.id)
    await bot.set_chat_permissions(group.id, ChatPermissions(can_send_messages=True))
    await bot.set_chat_title(group.id, "晚读")
    other = world.supergroup("Other", owner=owner)
    owner.adds(stage.bot, other)
    await bot.leave_chat(other.id)
    assert other.standing(stage.bot).status == "left"
    await bot.get_updates()


async def _links(bot: telegram.Bot, stage: Stage) -> None:
    link = await bot.create_chat_invite_link(stage.group.id, name="海报", member_limit=2)
    assert (link.name, link.member_limit, link.creator.id) == ("海报", 2, stage.bot.id)
    edited = await bot.edit_chat_invite_link(stage.group.id, link.invite_link, creates_join_request=True)
    assert (edited.creates_join_request, edited.name, edited.member_limit) == (True, None, None)
    assert (await bot.revoke_chat_invite_link(stage.group.id, link.invite_link)).is_revoked
    first = await bot.export_chat_invite_link(stage.group.id)
    second = await bot.export_chat_invite_link(stage.group.id)
    assert (stage.group.links[first].is_revoked, stage.group.links[second].is_revoked) == (True, False)


async def _webhook(bot: telegram.Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s-1", max_connections=3)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == ("http://127.0.0.1:9/hook", 3)
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).url == ""
