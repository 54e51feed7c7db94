"""What a bot may reach: chats, messages and users, checked in the order and words of telegram-bot-api 10.0."""

from __future__ import annotations

from tests.support.botapi.arguments import Args
from tests.support.botapi.errors import bad, forbidden
from tests.support.botapi.model import Bot, Chat, Message, User
from tests.support.botapi.world import World

READ, MEMBERS, EDIT, WRITE = "read", "members", "edit", "write"


def chat_of(world: World, bot: Bot, args: Args, need: str = WRITE, name: str = "chat_id") -> Chat:
    """The chat of a call. Raises Refused if it is unknown, or the bot may not do `need` there."""
    wanted = args.text(name)
    if not wanted:
        raise bad(f"{name} is empty")
    if wanted.startswith("@"):
        found = [c for c in world.chats.values() if c.username and c.username.lower() == wanted[1:].lower()]
        if not found:
            raise bad("Chat not found")
        return _checked(world, bot, found[0], need)
    number = args.integer(name)
    if number > 0:
        return _private(world, bot, number, need)
    chat = world.chats.get(number)
    if chat is None or (bot.id not in chat.standings and not chat.username):
        raise bad("Chat not found")
    return _checked(world, bot, chat, need)


def _checked(world: World, bot: Bot, chat: Chat, need: str) -> Chat:
    standing = chat.standing(bot)
    if chat.type == "group":
        write = need in (WRITE, MEMBERS)
        if chat.migrated_to is not None or chat.gone:
            if not write:
                return chat
            if chat.migrated_to is not None:
                raise bad("Group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to.id)
            raise forbidden("the group chat was deleted")
        if need != READ and standing.status == "kicked":
            raise forbidden("bot was kicked from the group chat")
        if need != READ and not standing.present:
            raise forbidden("bot is not a member of the group chat")
        return chat
    kind = chat.type
    if standing.status == "kicked" or chat.gone:
        # tdlib takes a deleted supergroup for one that it was banned from.
        raise forbidden(f"bot was kicked from the {kind} chat")
    if not standing.present and not (chat.username and need in (READ, MEMBERS)):
        raise forbidden(f"bot is not a member of the {kind} chat")
    return chat


def _private(world: World, bot: Bot, number: int, need: str) -> Chat:
    user = world.users.get(number)
    if user is None or (number not in bot.met and (bot.id, number) not in world.privates):
        raise bad("Chat not found")
    chat = world.private(bot, user)
    if need == READ:
        return chat
    if user.is_bot:
        raise forbidden("bot can't send messages to bots")
    if user.deleted:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started and not asked_to_join(world, bot, user):
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def asked_to_join(world: World, bot: Bot, user: User) -> bool:
    """Whether a join request, at most five minutes old, lets the bot write to somebody."""
    return any(
        world.now() - chat.requests[user.id].at <= 300
        for chat in world.chats.values()
        if user.id in chat.requests and chat.standing(bot).may("can_invite_users")
    )


def message_of(world: World, chat: Chat, number: int, what: str) -> Message:
    """A message by id. Raises Refused "`what` not found"."""
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad(f"{what} not found")
    return message


def user_of(world: World, bot: Bot, args: Args) -> User:
    """The user of a call. Raises Refused for somebody that the bot never heard of."""
    user = world.users.get(args.user())
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    return user


def heard_of(bot: Bot, chat: Chat, user: User) -> bool:
    """Whether the bot can name somebody in this chat."""
    return user is bot or user.id in bot.met or user.id in chat.standings
