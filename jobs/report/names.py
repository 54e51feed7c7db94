"""What the operator calls their rules, tiers and challenges, and what we call the workflows, for reports."""

from __future__ import annotations

from typing import Final

from core.effects import plain
from core.workflow import Group
from workflows import features
from workflows.check_in_book import name_of
from workflows.check_in_options import CheckIns
from workflows.rule_options import Rules
from workflows.tier_options import Tiers

_LIMITS: Final = ("flood", "duplicates", "links")


class Names:
    """The names of a group's parts by id, in one language. What has no name is called by its id."""

    def __init__(self, group: Group, language: str) -> None:
        self.workflows = features.names(group, language)
        self.rules: dict[str, str] = {
            id_: plain(group.texts.say(f"rules.{id_}", language, {})) for id_ in _LIMITS if "rules" in group.bound
        }
        self.tiers: dict[str, str] = {}
        self.challenges: dict[str, str] = {}
        for options in (bound.options for bound in group.runs):
            match options:
                case Rules():
                    self.rules |= {one.id: one.name.in_(language) for one in options.rules if one.name is not None}
                case Tiers():
                    self.tiers = {id_: options.name(id_, language) for id_ in options.tiers}
                case CheckIns():
                    self.challenges = {id_: name_of(id_, one, language) for id_, one in options.items()}
