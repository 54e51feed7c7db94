"""Which menus of commands a bot shows for the groups of a deployment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import get_args

from adapters.telegram.perform_menus import Menu
from config.problems import Language
from core.workflow import Group
from workflows import command_list


def menus_for(groups: Collection[Group]) -> Sequence[Menu]:
    """One for each scope and language, and an empty one for each language that no group speaks any more."""
    texts = next((group.texts for group in groups), None)
    if texts is None:
        return ()
    spoken = tuple(dict.fromkeys(language for group in groups for language in group.languages))
    runs = {bound.name for group in groups for bound in group.runs}
    shown = [
        Menu(where=where, commands=commands, language=language)
        for where, language, commands in command_list.menus(texts, spoken, runs)
    ]
    silent = [language for language in get_args(Language) if language not in spoken]
    places = dict.fromkeys(menu.where for menu in shown)
    return (*shown, *(Menu(where=where, commands=(), language=language) for where in places for language in silent))
