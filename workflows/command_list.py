"""Every command that there is: one list for menus, help, the table of rights and the gateway.

A workflow with commands of its own declares them (see workflows/commands.py) and stands here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Final, Literal

from core.effects import plain
from core.events import ButtonPressed, Event, MessagePosted
from core.workflow import Phrasebook
from workflows import (
    ambassadors,
    appeal_book,
    events,
    identity_commands,
    member_commands,
    questions,
    quiet,
    referrals,
    steering_commands,
    surveys,
)
from workflows.commands import SLASHES, Book, Command, Place, Role
from workflows.rights import allowed

ALL: Final[tuple[Command, ...]] = (
    *member_commands.COMMANDS,
    *identity_commands.COMMANDS,
    *appeal_book.COMMANDS,
    *events.COMMANDS,
    *surveys.COMMANDS,
    *referrals.COMMANDS,
    *ambassadors.COMMANDS,
    *quiet.COMMANDS,
    *questions.COMMANDS,
    *steering_commands.COMMANDS,
)
BOOK: Final = Book(ALL)
_WEIGHED: Final = Book(command for command in ALL if command.ranks)
"""The commands of members that weigh something; all others do that are given after a slash only."""

_WEIGHTY_PRESSES: Final = (
    "undo:",
    "confirm:",
    "propose:",
    "entry:",
    "like:",
    "appeal:yes:",
    "appeal:no:",
    "referral:",
    "ambassador:do:",
    "help:",
)
"""Buttons that act on somebody."""


def weight(event: Event) -> int:
    """How much the platform is asked about who gives an order, and about who ranks where: 0 not at all, 1 what it said
    lately, 2 now."""
    if type(event) is MessagePosted:
        first = event.text[:1]
        if first not in _WEIGHED.initials:
            return 0
        call = (BOOK if first in SLASHES else _WEIGHED).heard(event)
        if call is None:
            return 0
        command = call.command
        if command.least <= Role.MEMBER:
            return 1 if command.ranks else 0
        return 2 if command.destructive else 1
    return 2 if type(event) is ButtonPressed and event.data.startswith(_WEIGHTY_PRESSES) else 0


def does(command: Command, texts: Phrasebook, language: str) -> str:
    """What a command does, in a few words; with the verbs that it takes."""
    told = plain(texts.say(f"commands.menu_{command.name}", language, {}))
    verbs = command.verbs_in(language)
    if not verbs:
        return told
    return plain(texts.say("members.help_verbs", language, {"command": {"does": told, "verbs": verbs}}))


def menu(texts: Phrasebook, language: str, role: Role, where: Place, runs: Container[str]) -> Sequence[tuple[str, str]]:
    """What Telegram's menu shows to a role in a place where these workflows run: each command, and what it does."""
    return [
        (command.name, does(command, texts, language))
        for command in ALL
        if allowed(command, role, where) and command.answered(runs)
    ]


Scope = Literal["all_private_chats", "all_group_chats", "all_chat_administrators"]
"""Where Telegram shows a menu."""


def menus(
    texts: Phrasebook, languages: Iterable[str], runs: Container[str]
) -> list[tuple[Scope, str | None, Sequence[tuple[str, str]]]]:
    """Each menu of a bot: (Telegram's scope, language or None for all others, commands)."""
    spoken = tuple(languages)
    scopes: tuple[tuple[Scope, Role, Place], ...] = (
        ("all_private_chats", Role.MEMBER, Place.PRIVATE),
        ("all_group_chats", Role.MEMBER, Place.GROUP),
        ("all_chat_administrators", Role.ADMIN, Place.GROUP),
    )
    return [
        (scope, language, menu(texts, language or spoken[0], role, where, runs))
        for scope, role, where in scopes
        for language in (None, *spoken)
    ]


def rights_table(texts: Phrasebook, language: str) -> str:
    """The table of rights as Markdown, for the admins' page: who may give each command, where, and what it takes."""
    say = texts.say
    heads = [plain(say(f"rights.head_{head}", language, {})) for head in ("command", "does", "who", "where", "takes")]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for command in ALL:
        words = " ".join(f"`/{word}`" for word in command.words)
        who = plain(say(f"rights.role_{command.least.name.lower()}", language, {}))
        where = {"zh": "、"}.get(language, ", ").join(
            plain(say(f"rights.place_{place.value}", language, {})) for place in Place if place in command.places
        )
        right = plain(say(f"rights.right_{command.right}", language, {})) if command.right is not None else "–"
        lines.append(f"| {words} | {does(command, texts, language)} | {who} | {where} | {right} |")
    return "\n".join(lines) + "\n"
