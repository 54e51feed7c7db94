"""A fact and its bound in words, for reasons: "joined 2 days ago (< 7)", "12 active days in 30 days (>= 10)"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PHRASES: Final[Mapping[str, str]] = {
    "member.joined_days": "joined {} days ago",
    "member.seen_days": "first seen {} days ago",
    "member.points": "{} points",
    "member.warnings": "{} live warnings",
    "member.active_days_7d": "{} active days in 7 days",
    "member.active_days_14d": "{} active days in 14 days",
    "member.active_days_30d": "{} active days in 30 days",
    "member.active_days_90d": "{} active days in 90 days",
    "member.messages_7d": "{} messages in 7 days",
    "member.messages_30d": "{} messages in 30 days",
    "member.replies_given_30d": "{} answers given in 30 days",
    "member.replies_received_30d": "{} answers received in 30 days",
    "member.check_ins_30d": "{} check-ins in 30 days",
    "member.invited": "invited {} people who stayed",
    "member.helped_30d": "helped {} people in 30 days",
    "member.streak": "a streak of {}",
    "member.tier": "tier {}",
    "member.language": "speaks {}",
    "member.name": "is called {}",
    "member.id": "is {}",
    "msg.length": "{} characters",
    "msg.lines": "{} lines",
    "msg.text": "the text is {}",
    "msg.topic": "in topic {}",
    "msg.normalized": "the text is {}",
    "check_in.streak": "a streak of {}",
    "check_in.points": "{} points for the check-in",
    "check_in.bonus": "{} bonus points",
    "check_in.day": "checked in for {}",
    "check_in.challenge": "checked in to {}",
    "check_in.name": "checked in to {}",
    "check_in.total": "{} check-ins in all",
    "check_in.best": "a longest streak of {}",
    "check_in.freezes": "{} more days may be missed this month",
    "tier.id": "tier {}",
    "tier.name": "tier {}",
    "tier.old": "tier {} before",
    "tier.next": "tier {} next",
    "tier.missing": "{} points to the next tier",
    "warning.live": "{} live warnings",
    "warning.rule": "warned by {}",
    "warning.reason": "warned: {}",
    "event.type": "event {}",
    "event.amount": "points moved by {}",
    "event.rule": "by the rule {}",
    "event.invite": "came by the invitation {}",
}
_EITHER: Final[Mapping[str, tuple[str, str]]] = {
    "member.staff": ("staff", "not staff"),
    "msg.reply": ("answers a message", "answers no message"),
    "msg.forwarded": ("forwarded", "not forwarded"),
    "msg.edited": ("edited", "not edited"),
    "msg.has_media": ("more than text", "nothing but text"),
    "check_in.late": ("made up later", "not made up later"),
    "event.by_admin": ("added by an admin", "not added by an admin"),
    "event.private": ("in a private chat", "not in a private chat"),
}
"""What is said of a fact that is true or false."""


def either(name: str, value: bool) -> str:
    """A fact that is true or false: "not staff". "" for one that nothing is said of."""
    return _EITHER[name][not value] if name in _EITHER else ""


def measured(name: str, value: object) -> str:
    """A fact with its value: "3 live warnings"."""
    if isinstance(value, bool):
        return either(name, value) or f"{_plain(name)}: {'yes' if value else 'no'}"
    phrase = _PHRASES.get(name, f"{_plain(name)}: {{}}")
    if value == 1:
        phrase = phrase.replace(" days ago", " day ago").replace("people", "person")
    return phrase.format("none" if value == "" else value)


def compared(name: str, value: object, sign: str, bound: str) -> str:
    """A fact with its value and what was asked of it; equality says it by the value alone."""
    told = measured(name, value)
    if sign == "==" or isinstance(value, bool):
        return told
    limit = bound.strip("\"'") if sign == "!=" else bound
    return f"{told} ({'not' if sign == '!=' else sign} {limit or 'none'})"


def holds(source: str) -> str:
    """A condition that has no words of its own."""
    return f"{source} holds"


def _plain(name: str) -> str:
    return name.partition(".")[2].replace("_", " ")
