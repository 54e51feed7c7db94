"""Small readings of an update that need no translation, and the gateway's own sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.telegram.updates import Chat, Message, Update, User
from core.effects import plain
from core.workflow import Group, Phrasebook

_FALLBACK: Final = "en"


def chat_of(update: Update) -> tuple[Chat | None, User | None]:
    """Where an update comes from, and who caused it, as far as Telegram says."""
    if (message := update.message) is not None:
        return message.chat, message.from_
    if (edited := update.edited_message) is not None:
        return edited.chat, edited.from_
    if (reaction := update.message_reaction) is not None:
        return reaction.chat, reaction.user
    if (changed := update.chat_member or update.my_chat_member) is not None:
        return changed.chat, changed.from_
    if (query := update.callback_query) is not None:
        return (query.message.chat if query.message is not None else None), query.from_
    if (request := update.chat_join_request) is not None:
        return request.chat, request.from_
    return None, None


def needs_admins(update: Update) -> bool:
    """Whether it matters now who is an admin: for a command, a press, and where somebody came or left."""
    if (message := update.message) is not None:
        if message.text is None:
            return message.new_chat_members is not None or message.left_chat_member is not None
        return message.text.startswith("/")
    return update.callback_query is not None


def command(message: Message, bot: str) -> tuple[str, str]:
    """The command for this bot that a message begins with, in lower case without `/`, and what follows it."""
    text = message.text or ""
    if not text.startswith("/") or not text[1:2].strip():
        return "", ""
    first, *rest = text[1:].split(None, 1)
    name, at, whose = first.partition("@")
    if at and whose.lower() != bot.lower():
        return "", ""
    return name.lower(), rest[0].strip() if rest else ""


class Sentences:
    """The gateway's own sentences, from the section `gateway` of a phrasebook."""

    def __init__(self, texts: Phrasebook) -> None:
        self._texts = texts

    def language(self, user: User | None, chat: Chat | None, group: Group | None = None) -> str:
        """The language for somebody: theirs, else the group's first, else that of the chat's title."""
        code = (user.language_code or "").split("-")[0].lower() if user is not None else ""
        if group is not None:
            return code if code in group.languages else group.languages[0]
        if code:
            return "zh" if code == "zh" else _FALLBACK
        title = chat.title or "" if chat is not None else ""
        return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in title) else _FALLBACK

    def say(self, key: str, language: str, values: Mapping[str, object] | None = None) -> str:
        """A sentence as plain text; it speaks of `gateway.<name>`."""
        return plain(self._texts.say(f"gateway.{key}", language, {"gateway": values or {}}))
