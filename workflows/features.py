"""What people call the parts that a group runs. Those that only serve others have no name: nobody is told of them."""

from __future__ import annotations

from typing import Final

from core.effects import plain
from core.workflow import Group

FEATURES: Final = (
    "onboarding",
    "check_in",
    "rules",
    "tiers",
    "content",
    "digests",
    "faq",
    "questions",
    "referrals",
    "events",
    "surveys",
    "reactivation",
    "conversions",
    "appeals",
    "ambassadors",
)


def names(group: Group, language: str) -> dict[str, str]:
    """What each part of a group is called in a language, by its workflow's name."""
    return {
        bound.name: plain(group.texts.say(f"features.{bound.name}", language, {}))
        for bound in group.runs
        if bound.name in FEATURES
    }
