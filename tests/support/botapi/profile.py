"""Methods about invite links, and about the bot itself: commands and descriptions."""

from __future__ import annotations

import json
import re
from typing import Final

from tests.support.botapi import shapes
from tests.support.botapi.access import MEMBERS, chat_of
from tests.support.botapi.arguments import Args
from tests.support.botapi.errors import bad
from tests.support.botapi.model import Bot, Chat, Json, Link
from tests.support.botapi.world import World

_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES: Final = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(world: World, bot: Bot, args: Args) -> Json:
    """getMe."""
    return {
        **bot.shape,
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _invites(world: World, bot: Bot, args: Args) -> Chat:
    chat = chat_of(world, bot, args)
    if chat.type == "private" or not chat.standing(bot).may("can_invite_users"):
        raise bad("Not enough rights to manage chat invite link")
    return chat


def _terms(args: Args) -> Json:
    terms = {
        "name": args.text("name"),
        "member_limit": args.integer("member_limit"),
        "creates_join_request": args.flag("creates_join_request"),
        "expires": args.integer("expire_date"),
    }
    if len(args.text("name")) > 32:
        raise bad("INVITE_TITLE_TOO_LONG")
    if not 0 <= args.integer("member_limit") <= 99999:
        raise bad("USAGE_LIMIT_INVALID")
    if terms["creates_join_request"] and terms["member_limit"]:
        raise bad("Member limit can't be specified for links requiring administrator approval")
    return terms


def _own(chat: Chat, bot: Bot, args: Args) -> Link:
    link = chat.links.get(args.text("invite_link"))
    if link is None or link.creator is not bot:
        raise bad("INVITE_HASH_EXPIRED" if link is None else "CHAT_ADMIN_REQUIRED")
    return link


def create_chat_invite_link(world: World, bot: Bot, args: Args) -> Json:
    """createChatInviteLink."""
    chat = _invites(world, bot, args)
    terms = _terms(args)
    if terms["expires"] and terms["expires"] <= world.now():
        raise bad("EXPIRE_DATE_INVALID")
    return shapes.link(world.link(chat, bot, **terms), viewer=bot)


def edit_chat_invite_link(world: World, bot: Bot, args: Args) -> Json:
    """editChatInviteLink: what is not given is cleared."""
    chat = _invites(world, bot, args)
    link = _own(chat, bot, args)
    for name, value in _terms(args).items():
        setattr(link, name, value)
    return shapes.link(link, viewer=bot)


def revoke_chat_invite_link(world: World, bot: Bot, args: Args) -> Json:
    """revokeChatInviteLink. A primary link is replaced at once."""
    chat = _invites(world, bot, args)
    link = _own(chat, bot, args)
    link.is_revoked = True
    if link.is_primary:
        world.link(chat, bot, is_primary=True)
    return shapes.link(link, viewer=bot)


def export_chat_invite_link(world: World, bot: Bot, args: Args) -> str:
    """exportChatInviteLink: a new primary link; the bot's old one no longer works."""
    chat = _invites(world, bot, args)
    for link in chat.links.values():
        if link.is_primary and link.creator is bot:
            link.is_revoked = True
    return world.link(chat, bot, is_primary=True).url


def _scope(world: World, bot: Bot, args: Args) -> tuple[str, str]:
    scope = args.json("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise bad("Can't parse BotCommandScope: Unsupported type specified")
    for name in _SCOPES[kind]:
        if not scope.get(name):
            raise bad(
                f"Can't parse BotCommandScope: {'Empty chat_id' if name == 'chat_id' else 'Invalid user_id'} specified"
            )
    if "chat_id" in _SCOPES[kind]:
        chat_of(world, bot, Args(scope), MEMBERS)
    return json.dumps(scope, sort_keys=True), args.text("language_code")


def set_my_commands(world: World, bot: Bot, args: Args) -> bool:
    """setMyCommands."""
    given = args.json("commands", "commands") or []
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in given:
        if not _COMMAND.fullmatch(command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = _scope(world, bot, args)
    bot.commands[scope] = given
    return True


def get_my_commands(world: World, bot: Bot, args: Args) -> list[Json]:
    """getMyCommands: those of exactly this scope and language."""
    return bot.commands.get(_scope(world, bot, args), [])


def delete_my_commands(world: World, bot: Bot, args: Args) -> bool:
    """deleteMyCommands."""
    bot.commands.pop(_scope(world, bot, args), None)
    return True


def set_my_description(world: World, bot: Bot, args: Args) -> bool:
    """setMyDescription."""
    return _describe(bot, args, "description", 512)


def set_my_short_description(world: World, bot: Bot, args: Args) -> bool:
    """setMyShortDescription."""
    return _describe(bot, args, "short_description", 120)


def _describe(bot: Bot, args: Args, name: str, limit: int) -> bool:
    if len(args.text(name)) > limit:
        raise bad("DESCRIPTION_TOO_LONG" if name == "description" else "ABOUT_TOO_LONG")
    bot.descriptions[name, args.text("language_code")] = args.text(name)
    return True


def get_my_description(world: World, bot: Bot, args: Args) -> Json:
    """getMyDescription."""
    return {"description": bot.descriptions.get(("description", args.text("language_code")), "")}


def get_my_short_description(world: World, bot: Bot, args: Args) -> Json:
    """getMyShortDescription."""
    return {"short_description": bot.descriptions.get(("short_description", args.text("language_code")), "")}
