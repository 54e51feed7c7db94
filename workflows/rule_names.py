"""What people read a rule as: what the operator called it, and what we call the limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from core.workflow import Group
from workflows.rule_options import Rules

LIMITS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"flood": "刷屏", "duplicates": "重复", "links": "链接"},
    "en": {"flood": "flood", "duplicates": "duplicates", "links": "links"},
}
_QUOTED: Final = {"zh": "「{name}」", "en": '"{name}"'}
_APART: Final = {"zh": "「{name}」（{id}）", "en": '"{name}" ({id})'}


def known(rule: str, group: Group) -> bool:
    """Whether a group has a rule, or a limit, of an id."""
    options = _rules(group)
    return rule in LIMITS["en"] or any(one.id == rule for one in options.rules)


def called(rule: str, group: Group, language: str) -> str:
    """A rule by its name in quotes, with its id where another has the same name; by its id where it has none."""
    own = "zh" if language == "zh" else "en"
    if rule in LIMITS[own]:
        return LIMITS[own][rule]
    names = {one.id: one.name.in_(language) for one in _rules(group).rules if one.name is not None}
    if rule not in names:
        return rule
    times = Counter(name.casefold() for name in names.values())
    form = (_APART if times[names[rule].casefold()] > 1 else _QUOTED)[own]
    return form.format(name=names[rule], id=rule)


def _rules(group: Group) -> Rules:
    return group.options(Rules) or Rules()
