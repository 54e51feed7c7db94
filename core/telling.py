"""Effects and changes in a few words, for the audit: `delete`, `mute 1h`, `points +5`."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, lru_cache
from typing import Final

from core.decision import Change, Decision, Post, Put, Tag, Task
from core.effects import Ban, Effect, Mute, React, Say


def then(decision: Decision) -> tuple[str, ...]:
    """What the decision does, in its own words if it has some."""
    changes, effects = decision.changes, decision.effects
    if decision.then or not (changes or effects):
        return decision.then
    if not changes and len(effects) == 1 and type(effects[0]) is Say:  # of most decisions
        return _SAY
    told: list[str] = []
    for change in changes:
        if type(change) is Post:
            told.append(_posted(change.kind, change.amount))
        elif type(change) is not Put and (word := _change(change)):
            told.append(word)
    told += ["say" if type(effect) is Say else _effect(effect) for effect in effects]
    return tuple(told)


_SAY: Final = ("say",)


@lru_cache(maxsize=256)
def span(length: timedelta) -> str:
    """A length of time as operators write it: `90s`, `30m`, `2h`, `7d`."""
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _change(change: Change) -> str:
    if isinstance(change, Task):
        return f"{change.kind} {change.key}"
    if isinstance(change, Tag):
        return " ".join([f"tag {t}" for t in sorted(change.add)] + [f"untag {t}" for t in sorted(change.remove)])
    return ""


@lru_cache(maxsize=1024)
def _posted(kind: str, amount: int) -> str:
    return f"{kind} {amount:+d}"


def _effect(effect: Effect) -> str:
    if type(effect) is React:
        return f"react {effect.emoji}"
    kind: type = type(effect)
    name = _named(kind)
    if isinstance(effect, (Mute, Ban)) and effect.span is not None:
        return f"{name} {span(effect.span)}"
    return name


@cache
def _named(kind: type) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind.__name__).strip()
