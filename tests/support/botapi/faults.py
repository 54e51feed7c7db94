"""Faults to order: which, for which calls, and how often.

Kinds: "429" (retry_after), "5xx" (code), "refuse" (code, description, parameters), "drop_before" (the connection is cut
and nothing happened), "drop_after" (cut, but it happened), "slow" (seconds, then as usual), "not_json" (happened; the
answer is no JSON), "ok_false" (happened not; HTTP 200 with ok=false), "frozen" (no answer until `thaw`, then as usual).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Final

KINDS: Final = frozenset(
    ("429", "5xx", "refuse", "drop_before", "drop_after", "slow", "not_json", "ok_false", "frozen")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    retry_after: int = 1
    code: int = 502
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    seconds: float = 1.0


class Fault:
    """One kind of fault with its settings: retry_after, code, description, parameters, seconds."""

    def __init__(self, kind: str, **settings: Any) -> None:
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}: {sorted(KINDS)}")
        self.kind = kind
        self.settings = _Settings(**settings)

    def __repr__(self) -> str:
        return f"Fault({self.kind!r})"


@dataclass(slots=True, kw_only=True)
class Rule:
    """When a fault strikes."""

    fault: Fault
    method: str | None
    chat: int | None
    bot: int | None
    nth: int | None
    times: int | None
    chance: float
    dice: random.Random
    seen: int = 0
    struck: int = 0


class Faults:
    """The faults on order."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(
        self,
        fault: Fault,
        *,
        method: str | None = None,
        chat: int | None = None,
        bot: int | None = None,
        nth: int | None = None,
        times: int | None = 1,
        probability: float = 1.0,
        seed: int = 0,
    ) -> Rule:
        """Orders a fault for calls that fit.

        `nth`: from the n-th of them on (1 is the next). `times`: how often at most, None for always.
        """
        rule = Rule(
            fault=fault,
            method=method.lower() if method else None,
            chat=chat,
            bot=bot,
            nth=nth,
            times=times,
            chance=probability,
            dice=random.Random(seed),
        )
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Takes all orders back."""
        self.rules.clear()

    def strike(self, method: str, chat: int | None, bot: int) -> Fault | None:
        """The fault that hits this call, if any. Every rule that fits counts the call."""
        hit: Fault | None = None
        for rule in self.rules:
            if rule.method not in (None, method) or rule.chat not in (None, chat) or rule.bot not in (None, bot):
                continue
            rule.seen += 1
            if hit is not None or (rule.nth is not None and rule.seen < rule.nth):
                continue
            if rule.times is not None and rule.struck >= rule.times:
                continue
            if rule.chance < 1.0 and rule.dice.random() >= rule.chance:
                continue
            rule.struck += 1
            hit = rule.fault
        return hit
