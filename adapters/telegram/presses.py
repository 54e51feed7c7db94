"""Presses of buttons: whose group each belongs to, and an answer to every one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from adapters.telegram import translate
from adapters.telegram.lobby import Lobby
from adapters.telegram.updates import CallbackQuery, Update
from core.effects import ASIDE
from core.events import ButtonPressed, Event

Verdict = Literal["ours", "not_yours", "forged"]


class Presses:
    """The presses that one bot hears of. A button waits for its answer, whatever becomes of the press."""

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby

    async def told(self, query: CallbackQuery, update: Update, arrived: datetime) -> Sequence[Event]:
        """The events of a press, for the group whose button it is: most are pressed there, some in private or at the
        admins' desk. An admin is one of that group."""
        group = self._group(query)
        if group is None or query.message is None:
            return ()
        bot, admins = self._lobby.bot, self._lobby.admins
        chat, home = query.message.chat.id, self._lobby.addresses.chat_of(group)
        if home is not None and chat != home:
            if home not in admins.ids:
                await admins.first((home,))
            elif admins.stale(home, query.from_.id):
                await admins.fresh(home)
            bot = replace(bot, admins={chat: admins.ids.get(home, frozenset())})
        found = translate.events(update, bot, lambda _chat: group, arrived)
        if home == chat:
            return found
        # The topics of a desk say nothing in the group.
        return [replace(event, topic=None) for event in found if isinstance(event, ButtonPressed)]

    def answer(self, query: CallbackQuery) -> None:
        """Let the button stop waiting; say so if the press does not count."""
        language = self._lobby.sentences.language(query.from_, None)
        verdicts = {self._verdict(query, group) for group in self._groups(query)}
        if "ours" in verdicts:
            if self._aside(query):
                self._lobby.asides.relieve(query.id)
            else:
                self._lobby.asides.answer(query.id)
        else:
            key = "not_yours" if "not_yours" in verdicts else "too_old"
            self._lobby.asides.answer(query.id, self._lobby.sentences.say(key, language))

    def _aside(self, query: CallbackQuery) -> bool:
        """Whether a press is answered in words of its own."""
        group, seal = self._group(query), self._lobby.bot.seal
        if group is None or seal is None or query.data is None:
            return False
        return (seal.opened(query.data, query.from_.id, group) or "").startswith(ASIDE)

    def _group(self, query: CallbackQuery) -> str | None:
        """The seal names the group: data of one group opens nothing in another."""
        return next((group for group in self._groups(query) if self._verdict(query, group) == "ours"), None)

    def _groups(self, query: CallbackQuery) -> Sequence[str]:
        """Whose button it may be: in a group, that group's; elsewhere, any group's."""
        if query.message is None:
            return ()
        here = self._lobby.addresses.group_of(query.message.chat.id)
        groups = self._lobby.groups()
        desks = {group.desk for key, group in groups.items() if group.desk != key}
        if here is not None and here not in desks:
            return (here,)
        return ([] if here is None else [here]) + [key for key in self._lobby.addresses.groups if key != here]

    def _verdict(self, query: CallbackQuery, group: str) -> Verdict:
        if query.data is None or self._lobby.bot.seal is None:
            return "forged"
        return self._lobby.bot.seal.verdict(query.data, query.from_.id, group)
