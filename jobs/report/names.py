"""What the operator calls their rules, tiers and challenges, and what we call the limits and workflows, for reports."""

from __future__ import annotations

from collections import Counter
from typing import Final

from core.workflow import Group
from workflows import features
from workflows.check_in_book import name_of
from workflows.check_in_options import CheckIns
from workflows.conversion_options import Conversions
from workflows.event_options import Events
from workflows.rule_names import LIMITS
from workflows.rule_options import Rules
from workflows.tier_options import Tiers

_APART: Final = {"zh": "{name}（{id}）", "en": "{name} ({id})"}


class Names:
    """The names of a group's parts by id, in one language. What has no name is called by its id.

    What the group does not name is called as `before` names it: the same group in another home. Where two rules, tiers,
    challenges, goals or events share a name, it stands there with the id; `titles` are the rules' names without.
    """

    def __init__(self, group: Group, language: str, before: Group | None = None) -> None:
        groups = (group, before) if before is not None else (group,)
        self.workflows: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        tiers: dict[str, str] = {}
        challenges: dict[str, str] = {}
        goals: dict[str, str] = {}
        events: dict[str, str] = {}
        for one in reversed(groups):
            self.workflows |= features.names(one, language)
            for options in (bound.options for bound in one.runs):
                match options:
                    case Rules():
                        limits = LIMITS["zh" if language == "zh" else "en"]
                        self.titles |= {id_: limits[id_] for id_ in limits if getattr(options, id_) is not None}
                        self.titles |= {
                            rule.id: rule.name.in_(language) for rule in options.rules if rule.name is not None
                        }
                    case Tiers():
                        tiers |= {id_: options.name(id_, language) for id_ in options.tiers}
                    case CheckIns():
                        challenges |= {id_: name_of(id_, challenge, language) for id_, challenge in options.items()}
                    case Events():
                        events |= {id_: gathering.title.in_(language) for id_, gathering in options.items()}
                    case Conversions():
                        goals |= {id_: options.name(id_, language) for id_ in options}
        self.rules = _apart(self.titles, language)
        self.tiers = _apart(tiers, language)
        self.challenges = _apart(challenges, language)
        self.goals = _apart(goals, language)
        self.events = _apart(events, language)


def _apart(names: dict[str, str], language: str) -> dict[str, str]:
    """The names, each with its id where it is not the only one to have it."""
    times = Counter(name.casefold() for name in names.values())
    form = _APART["zh" if language == "zh" else "en"]
    return {id_: form.format(name=name, id=id_) if times[name.casefold()] > 1 else name for id_, name in names.items()}
