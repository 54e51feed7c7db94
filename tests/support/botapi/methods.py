"""The table of methods. Names are matched without case, as telegram-bot-api does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.support.botapi import changing, members, profile, sending
from tests.support.botapi.arguments import Args
from tests.support.botapi.model import Bot
from tests.support.botapi.world import World

Method = Callable[[World, Bot, Args], Any]

METHODS: Final[dict[str, Method]] = {
    "getMe": profile.get_me,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "copyMessage": sending.copy_message,
    "forwardMessage": sending.forward_message,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": changing.edit_message_text,
    "editMessageCaption": changing.edit_message_caption,
    "editMessageReplyMarkup": changing.edit_message_reply_markup,
    "deleteMessage": changing.delete_message,
    "deleteMessages": changing.delete_messages,
    "pinChatMessage": changing.pin_chat_message,
    "unpinChatMessage": changing.unpin_chat_message,
    "setMessageReaction": changing.set_message_reaction,
    "answerCallbackQuery": changing.answer_callback_query,
    "restrictChatMember": members.restrict_chat_member,
    "banChatMember": members.ban_chat_member,
    "unbanChatMember": members.unban_chat_member,
    "banChatSenderChat": members.ban_chat_sender_chat,
    "unbanChatSenderChat": members.unban_chat_sender_chat,
    "approveChatJoinRequest": members.approve_chat_join_request,
    "declineChatJoinRequest": members.decline_chat_join_request,
    "getChat": members.get_chat,
    "getChatMember": members.get_chat_member,
    "getChatAdministrators": members.get_chat_administrators,
    "getChatMemberCount": members.get_chat_member_count,
    "setChatPermissions": members.set_chat_permissions,
    "setChatTitle": members.set_chat_title,
    "leaveChat": members.leave_chat,
    "createForumTopic": members.create_forum_topic,
    "createChatInviteLink": profile.create_chat_invite_link,
    "editChatInviteLink": profile.edit_chat_invite_link,
    "revokeChatInviteLink": profile.revoke_chat_invite_link,
    "exportChatInviteLink": profile.export_chat_invite_link,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
}
OF_UPDATES: Final = ("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")
NAMES: Final = {name.lower(): name for name in (*METHODS, *OF_UPDATES)}
SENDS: Final = frozenset({"sendMessage", "sendPhoto", "sendDocument", "copyMessage", "forwardMessage"})
"""Those that count against the limits."""
