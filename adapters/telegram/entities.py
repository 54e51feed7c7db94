"""The marked parts of a text: links, mentions, a command. Offsets count UTF-16 units, so an emoji counts twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from adapters.telegram.actors import BotIdentity, person
from adapters.telegram.updates import Entity
from core.interest import SLASHES
from core.people import Account, Actor, ActorKind

_SHOWN: Final = ("code", "pre")


def part(text: str, offset: int, length: int) -> str:
    """The part of a text from a UTF-16 offset on."""
    if text.isascii():
        return text[offset : offset + length]
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def links(text: str, entities: Iterable[Entity]) -> Iterable[str]:
    """Addresses as written, and those hidden behind words."""
    for entity in entities:
        if entity.type == "url":
            yield part(text, entity.offset, entity.length)
        elif entity.type == "text_link" and entity.url:
            yield entity.url


def mentions(text: str, entities: Iterable[Entity], chat: int, bot: BotIdentity) -> Iterable[Actor]:
    """The people named in a text.

    A mention of somebody without username carries their id. `@name` does not: such an actor has the account
    `telegram:@name` in lower case and must be looked up by username. Our own bot is known by its name.
    """
    for entity in entities:
        if entity.type == "text_mention" and entity.user is not None:
            yield person(entity.user, chat, bot)
        elif entity.type == "mention":
            username = part(text, entity.offset, entity.length).removeprefix("@")
            if username.lower() == bot.username.lower():
                yield Actor(account=Account(f"telegram:{bot.id}"), name=username, kind=ActorKind.BOT, username=username)
            else:
                yield Actor(account=Account(f"telegram:@{username.lower()}"), name=username, username=username)


def without_us(text: str, entities: Sequence[Entity], bot: BotIdentity) -> str:
    """The text without a mention of our own bot at its start or end, where something else is said: `@our_bot 积分`."""
    named = [entity for entity in entities if entity.type == "mention"]
    for entity in named[:1] + named[1:][-1:]:
        if part(text, entity.offset, entity.length).lower() != f"@{bot.username.lower()}":
            continue
        before, after = part(text, 0, entity.offset), text[len(part(text, 0, entity.offset + entity.length)) :]
        rest = after if not before.strip() else before if not after.strip() else ""
        if rest.strip():
            return rest.strip()
    return text


def with_command(text: str, entities: Sequence[Entity], bot: BotIdentity) -> str:
    """The text with a command for this bot in its short form: `/CheckIn@our_bot now` is `/checkin now`.

    A command for another bot keeps its `@other_bot`, so that it equals no command of ours. `/reporting` and
    `/path/to` are not the command `/report` or `/path`. One that is written as code is shown and not given: it stands
    behind the mark that people type for code.
    """
    if text.startswith(SLASHES) and any(entity.offset == 0 and entity.type in _SHOWN for entity in entities):
        return f"`{text}"
    first = next((entity for entity in entities if entity.type == "bot_command"), None)
    if first is None or first.offset != 0:
        return text
    command, rest = text[: first.length], text[first.length :]
    if rest and not rest[0].isspace():
        return text
    name, at, whose = command.partition("@")
    if at and whose.lower() != bot.username.lower():
        return text
    return name.lower() + rest
