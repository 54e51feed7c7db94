"""What was done about a member, in words that people read: `mute 1h, tier tree` is "muted for 1 h, tier set to Tree".

The audit keeps bare verbs (`proposals.told`); nobody in a chat is shown one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from core.effects import plain
from core.names import Named
from core.workflow import Group
from workflows.conversion_options import Conversions
from workflows.options import span
from workflows.reasons import deed
from workflows.tier_options import Tiers

SECTION: Final = "deeds"
_WORDED_APART: Final = frozenset(
    (
        "tier lock",
        "tier unlock",
        "tier recalculate",
        "onboarding restart",
        "onboarding complete",
        "onboarding skip",
        "ambassador invite",
        "ambassador later",
        "ambassador never",
        "ambassador end",
        "tag trusted",
    )
)
_LENGTH: Final = re.compile(r"(?:\d{1,7}[smhdw])+")
_LASTING: Final = frozenset(("mute", "ban", "asked_mute", "asked_ban"))
_BY_WORDS: Final = frozenset(("delete", "mute", "remove", "ban"))
_OF_SOMETHING: Final = frozenset(("cards", "excuse"))


def told(did: Iterable[str], group: Group, language: str, where: str = "") -> str:
    """All of it, one after the other; as asked for what the platform that it was done on leaves to people."""
    words = (_told(one, group, language, asked=asked_for(one, group, where)) for one in did)
    return ("、" if language == "zh" else ", ").join(words)


def asked_for(did: str, group: Group, where: str) -> bool:
    """Whether something was asked for in words, on platforms where the assistant keeps nobody from anything."""
    on = where.split()
    return bool(on) and set(on).issubset(group.unbarred) and did.partition(" ")[0] in _BY_WORDS


def tier(id_: str, group: Group) -> Named:
    """What people know a tier as, in each of the group's languages; "none" is no tier."""
    options = group.options(Tiers)
    called = {
        language: _say(group, "no_tier", language)
        if id_ == "none"
        else options.name(id_, language)
        if options is not None
        else id_
        for language in group.languages
    }
    return Named(called[group.languages[0]], called)


def _told(did: str, group: Group, language: str, *, asked: bool = False) -> str:
    verb, _, about = did.partition(" ")
    if asked:
        verb = f"asked_{verb}"
    if did in _WORDED_APART:
        return _say(group, did.replace(" ", "_"), language)
    if verb in _LASTING:
        return (
            _say(group, verb, language, span=span(about))
            if _LENGTH.fullmatch(about)
            else _say(group, f"{verb}_open", language)
        )
    if verb == "propose":
        return _say(group, verb, language, what=_told(about, group, language))
    if verb == "tier":
        return _say(group, verb, language, what=tier(about, group))
    if verb in ("conversion", "no-conversion") and (goals := group.options(Conversions)) is not None:
        about = goals.name(about, language)
    if verb in _OF_SOMETHING and not about:
        return _say(group, f"{verb}_open", language)
    key = verb.replace("-", "_")
    if key not in _KNOWN:
        return deed(did, language)
    return _say(group, key, language, what=about)


_KNOWN: Final = frozenset(
    (
        *("warn", "forgive", "delete", "pin", "unmute", "remove", "unban", "approve", "decline", "points", "thanks"),
        *("tag", "untag", "check_in", "no_check_in", "excuse", "cards", "note", "say", "pause", "resume"),
        *("asked_delete", "asked_remove"),
        *("reply", "react", "notify", "rewards", "survey", "conversion", "no_conversion"),
    )
)


def _say(group: Group, key: str, language: str, **values: object) -> str:
    return plain(group.texts.say(f"{SECTION}.{key}", language, {"deed": values}))
