"""Methods about members: restrict, ban, unban, approve, decline, look up, permissions, leave."""

from __future__ import annotations

from tests.support.botapi import delivery, shapes, standing
from tests.support.botapi.access import MEMBERS, READ, chat_of, heard_of, user_of
from tests.support.botapi.arguments import Args
from tests.support.botapi.errors import bad
from tests.support.botapi.model import MEDIA, PERMISSIONS, Bot, Chat, Json, Standing, User
from tests.support.botapi.people import open_topic
from tests.support.botapi.world import World
from tests.support.botapi.writing import may_write


def permissions_of(args: Args) -> dict[str, bool]:
    """`permissions`, with what they imply unless use_independent_chat_permissions is set."""
    given = args.json("permissions", "permissions")
    if not isinstance(given, dict):
        raise bad("Object expected as permissions" if given is not None else "Can't parse permissions JSON object")
    independent = args.flag("use_independent_chat_permissions")
    held = {name: bool(given.get(name, False)) for name in PERMISSIONS}
    if not any(name in given for name in MEDIA) and given.get("can_send_media_messages"):
        held.update(dict.fromkeys(MEDIA, True))
        held["can_send_messages"] = held["can_send_messages"] or not independent
    for name in ("can_manage_topics", "can_edit_tag"):
        held[name] = bool(given.get(name, held["can_pin_messages"]))
    held["can_react_to_messages"] = bool(given.get("can_react_to_messages", held["can_send_messages"]))
    if not independent:
        if held["can_send_other_messages"] or held["can_add_web_page_previews"]:
            held.update(dict.fromkeys((*MEDIA, "can_send_messages"), True))
        if held["can_send_polls"]:
            held["can_send_messages"] = True
    return held


def _target(bot: Bot, chat: Chat, user: User) -> None:
    """Whether the bot may restrict this user. Raises Refused."""
    if user is bot:
        raise bad("Can't restrict self")
    if chat.standing(user).status == "creator":
        raise bad("Can't remove chat owner")
    if not chat.standing(bot).may("can_restrict_members"):
        raise bad("Not enough rights to restrict/unrestrict chat member")
    if not heard_of(bot, chat, user):
        raise bad("PARTICIPANT_ID_INVALID")
    found = chat.standing(user)
    if found.status == "administrator" and found.promoted_by != bot.id:
        raise bad("user is an administrator of the chat")


def restrict_chat_member(world: World, bot: Bot, args: Args) -> bool:
    """restrictChatMember."""
    args.user()
    held = permissions_of(args)
    chat = chat_of(world, bot, args)
    if chat.type != "supergroup":
        raise bad("method is available only for supergroups")
    user = user_of(world, bot, args)
    _target(bot, chat, user)
    standing.restrict(world, chat, user, bot, held, standing.until(world, args.integer("until_date")))
    return True


def ban_chat_member(world: World, bot: Bot, args: Args) -> bool:
    """banChatMember. In a basic group it only removes. No message is deleted: others see them still."""
    args.user()
    chat = chat_of(world, bot, args)
    user = user_of(world, bot, args)
    if chat.type == "private":
        raise bad("Can't ban members in private chats")
    if chat.type == "group":
        if not chat.standing(bot).may("can_restrict_members"):
            raise bad("CHAT_ADMIN_REQUIRED")
        if not chat.standing(user).present:
            raise bad("USER_NOT_PARTICIPANT")
        standing.go(world, chat, user, bot)
        return True
    _target(bot, chat, user)
    standing.ban(world, chat, user, bot, standing.until(world, args.integer("until_date")))
    return True


def unban_chat_member(world: World, bot: Bot, args: Args) -> bool:
    """unbanChatMember: without only_if_banned, whoever is in the chat is removed."""
    args.user()
    chat = chat_of(world, bot, args)
    if chat.type not in ("supergroup", "channel"):
        raise bad("method is available for supergroup and channel chats only")
    user = user_of(world, bot, args)
    if args.flag("only_if_banned") and chat.standing(user).status != "kicked":
        return True
    if chat.standing(user).status == "left" and chat.standing(bot).may("can_restrict_members"):
        return True
    _target(bot, chat, user)
    standing.unban(world, chat, user, bot)
    return True


def _sender_chat(world: World, bot: Bot, args: Args) -> tuple[Chat, Chat]:
    chat = chat_of(world, bot, args)
    number = args.text("sender_chat_id")
    if not number:
        raise bad("sender_chat_id is empty")
    sender = world.chats.get(args.integer("sender_chat_id"))
    if sender is None:
        raise bad("Chat not found")
    if chat.type not in ("supergroup", "channel"):
        raise bad("Can't restrict the chat" if chat.type == "private" else "PARTICIPANT_ID_INVALID")
    if sender is chat or sender.linked is chat:
        raise bad("PARTICIPANT_ID_INVALID")
    if not chat.standing(bot).may("can_restrict_members"):
        raise bad("Not enough rights to restrict/unrestrict chat member")
    return chat, sender


def ban_chat_sender_chat(world: World, bot: Bot, args: Args) -> bool:
    """banChatSenderChat."""
    chat, sender = _sender_chat(world, bot, args)
    chat.banned_chats.add(sender.id)
    return True


def unban_chat_sender_chat(world: World, bot: Bot, args: Args) -> bool:
    """unbanChatSenderChat."""
    chat, sender = _sender_chat(world, bot, args)
    chat.banned_chats.discard(sender.id)
    return True


def _settle(world: World, bot: Bot, args: Args, *, approve: bool) -> bool:
    args.user()
    chat = chat_of(world, bot, args)
    user = user_of(world, bot, args)
    if not chat.standing(bot).may("can_invite_users"):
        raise bad("Not enough rights to manage chat join requests")
    if chat.standing(user).present:
        raise bad("USER_ALREADY_PARTICIPANT")
    if user.deleted:
        raise bad("INPUT_USER_DEACTIVATED")
    if not standing.settle(world, chat, user, bot, approve=approve):
        raise bad("HIDE_REQUESTER_MISSING")
    return True


def approve_chat_join_request(world: World, bot: Bot, args: Args) -> bool:
    """approveChatJoinRequest."""
    return _settle(world, bot, args, approve=True)


def decline_chat_join_request(world: World, bot: Bot, args: Args) -> bool:
    """declineChatJoinRequest."""
    return _settle(world, bot, args, approve=False)


def get_chat(world: World, bot: Bot, args: Args) -> Json:
    """getChat."""
    return shapes.full_chat(chat_of(world, bot, args, READ))


def get_chat_member(world: World, bot: Bot, args: Args) -> Json:
    """getChatMember: 400 for strangers, `left` for those who were there."""
    chat = chat_of(world, bot, args, READ if args.user() == bot.id else MEMBERS)
    user = user_of(world, bot, args)
    if chat.type == "private":
        if user not in (bot, chat.person):
            raise bad("Member not found")
        return shapes.member(chat, user, Standing(status="member"))
    if not heard_of(bot, chat, user):
        raise bad("PARTICIPANT_ID_INVALID")
    if chat.type == "channel" and not chat.standing(bot).is_admin:
        raise bad("Member list is inaccessible")
    if chat.type == "group" and user.id not in chat.standings:
        raise bad("Member not found")
    return shapes.member(chat, user, chat.standing(user), viewer=bot)


def get_chat_administrators(world: World, bot: Bot, args: Args) -> list[Json]:
    """getChatAdministrators: without other bots."""
    chat = chat_of(world, bot, args, MEMBERS)
    if chat.type == "private":
        raise bad("There are no administrators in the private chat")
    if chat.type == "channel" and not chat.standing(bot).is_admin:
        raise bad("Member list is inaccessible")
    admins = [world.users[number] for number in chat.standings if chat.standing(number).is_admin]
    shown = [user for user in admins if user is bot or not user.is_bot]
    return [shapes.member(chat, user, chat.standing(user), viewer=bot) for user in shown]


def get_chat_member_count(world: World, bot: Bot, args: Args) -> int:
    """getChatMemberCount."""
    chat = chat_of(world, bot, args, MEMBERS)
    return 2 if chat.type == "private" else len(chat.members)


def set_chat_permissions(world: World, bot: Bot, args: Args) -> bool:
    """setChatPermissions."""
    held = permissions_of(args)
    chat = chat_of(world, bot, args)
    if chat.type not in ("group", "supergroup"):
        raise bad(
            "Can't change private chat permissions" if chat.type == "private" else "Can't change channel permissions"
        )
    if not chat.standing(bot).may("can_restrict_members"):
        raise bad("Not enough rights to change chat permissions")
    if held == chat.permissions:
        raise bad("CHAT_NOT_MODIFIED")
    chat.permissions = held
    return True


def set_chat_title(world: World, bot: Bot, args: Args) -> bool:
    """setChatTitle."""
    chat = chat_of(world, bot, args)
    if not chat.standing(bot).may("can_change_info"):
        raise bad("Not enough rights to change chat title")
    if chat.title != args.text("title"):
        chat.title = args.text("title")
        delivery.service(world, chat, bot, {"new_chat_title": chat.title})
    return True


def leave_chat(world: World, bot: Bot, args: Args) -> bool:
    """leaveChat."""
    chat = chat_of(world, bot, args, READ)
    if chat.type == "private":
        raise bad("Can't leave private chats")
    standing.go(world, chat, bot, bot)
    return True


def create_forum_topic(world: World, bot: Bot, args: Args) -> Json:
    """createForumTopic."""
    chat = chat_of(world, bot, args)
    name, color = args.text("name"), args.integer("icon_color") or 7322096
    if not chat.is_forum:
        raise bad("The chat is not a forum")
    if not 1 <= len(name) <= 128:
        raise bad("TOPIC_TITLE_EMPTY")
    if not chat.standing(bot).may("can_manage_topics") and not may_write(chat, bot, "can_manage_topics"):
        raise bad("Not enough rights to create a topic")
    return {"message_thread_id": open_topic(bot, chat, name, color), "name": name, "icon_color": color}
