"""What the operator calls their rules, tiers and challenges, and what we call the limits and workflows, for reports."""

from __future__ import annotations

from typing import Final

from core.workflow import Group
from workflows import features
from workflows.check_in_book import name_of
from workflows.check_in_options import CheckIns
from workflows.rule_options import Rules
from workflows.tier_options import Tiers

_LIMITS: Final = {"zh": {"flood": "刷屏", "duplicates": "重复", "links": "链接"}}
"""In English they are called by their ids."""


class Names:
    """The names of a group's parts by id, in one language. What has no name is called by its id."""

    def __init__(self, group: Group, language: str) -> None:
        self.workflows = features.names(group, language)
        self.rules: dict[str, str] = dict(_LIMITS.get(language, {}))
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

    def add(self, others: Names) -> None:
        """Take over the names of others for what has none here."""
        self.workflows = others.workflows | self.workflows
        self.rules = others.rules | self.rules
        self.tiers = others.tiers | self.tiers
        self.challenges = others.challenges | self.challenges
