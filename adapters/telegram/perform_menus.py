"""The menus of commands that Telegram shows: by where the member is and which language they use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from adapters.telegram.calls import BotCalls
from adapters.telegram.markup import Visible, clean
from adapters.telegram.splitting import clipped

Where = Literal[
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators"
]
"""Telegram's scopes; the last two are about one chat."""

_MOST: Final = 100
_DESCRIPTION: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The commands in one place. `language` is a two-letter code, None for everybody without a menu of their own.

    `commands` are names (without the slash, 1-32 of a-z, 0-9 and _) with a description; none at all take the menu away.
    `chat` is for the scopes about one chat.
    """

    where: Where
    commands: Sequence[tuple[str, str]]
    language: str | None = None
    chat: int | None = None


async def menus(calls: BotCalls, commands: Sequence[Menu]) -> None:
    """Set each menu. Raises as `BotCalls.call` does, ApiError 400 for names that Telegram does not take."""
    for menu in commands:
        scope: dict[str, object] = {"type": menu.where}
        if menu.chat is not None:
            scope["chat_id"] = menu.chat
        params: dict[str, object] = {"scope": scope, "language_code": menu.language}
        if not menu.commands:
            await calls.call("deleteMyCommands", params)
            continue
        listed = [
            {"command": name, "description": clipped(Visible(clean(description)), _DESCRIPTION).text}
            for name, description in menu.commands[:_MOST]
        ]
        await calls.call("setMyCommands", {**params, "commands": listed})
