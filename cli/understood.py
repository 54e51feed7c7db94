"""What was understood of a community: for each of its sections, names, days and numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from config.chapter import Chapter
from workflows.event_options import as_written

ALONE: Final = {"referrals": "referrals", "questions": "questions", "reactivation": "reactivate", "appeals": "appeals"}
"""Sections of which it says all that they are there: by workflow, the key in the file."""


def counted(chapter: Chapter) -> dict[str, Any]:
    """By section; empty where there is none."""
    onboarding: Any = chapter.options.get("onboarding")
    check_ins: Any = chapter.options.get("check_in")
    rules: Any = chapter.options.get("rules")
    tiers: Any = chapter.options.get("tiers")
    told: dict[str, Any] = {
        "file": chapter.file,
        "name": chapter.community.name.in_(chapter.community.languages[0]),
        "timezone": str(chapter.community.timezone),
        "groups": list(chapter.community.groups),
        "onboarding": {},
        "check_ins": [],
        "rules": {},
        "tiers": [],
        "faq": _ids(chapter, "faq"),
        "content": _content(chapter),
        "digests": _timed(chapter, "digests"),
        "events": _timed(chapter, "events"),
        "surveys": _timed(chapter, "surveys"),
        "ambassadors": _ids(chapter, "ambassadors"),
        "conversions": _ids(chapter, "conversions"),
        "others": [key for workflow, key in ALONE.items() if workflow in chapter.options],
    }
    if onboarding is not None:
        told["onboarding"] = {
            "entry": len(onboarding.entry.questions) if onboarding.entry is not None else 0,
            "steps": len(onboarding.steps),
            "tasks": len(onboarding.tasks),
            "reminders": onboarding.remind.times if onboarding.steps or onboarding.tasks else 0,
        }
    if check_ins is not None:
        told["check_ins"] = [_challenge(key, each) for key, each in check_ins.items()]
    if rules is not None:
        limits = [limit for limit in (rules.flood, rules.duplicates, rules.links) if limit is not None]
        told["rules"] = dict(Counter(f"mode_{rule.mode}" for rule in (*rules.rules, *limits)))
    if tiers is not None:
        told["tiers"] = [{"tier": key, "from": tier.from_} for key, tier in tiers.tiers.items()]
    return told


def _ids(chapter: Chapter, workflow: str) -> list[str]:
    options: Any = chapter.options.get(workflow)
    return list(options.root) if options is not None else []


def _content(chapter: Chapter) -> list[str]:
    options: Any = chapter.options.get("content")
    return [f"{id_} {post.at:%H:%M}" for id_, post in options.content.items()] if options is not None else []


def _timed(chapter: Chapter, workflow: str) -> list[str]:
    """Each with its time, where it has one."""
    options: Any = chapter.options.get(workflow)
    each = options.root.items() if options is not None else ()
    return [f"{id_} {as_written(one.at)}" if one.at is not None else id_ for id_, one in each]


def _challenge(key: str, challenge: Any) -> str:
    first, last = challenge.starts, challenge.calendar.last
    days = f"{first or ''} – {last or ''}".strip() if first or last else ""
    parts = [key, days, str(challenge.window or "")]
    if challenge.remind is not None:
        parts.append(f"⏰ {challenge.remind.at:%H:%M}")
    return " ".join(part for part in parts if part)
