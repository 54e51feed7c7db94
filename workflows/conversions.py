"""Conversions: what a community hopes that its members come to do, counted as facts of the ledger.

A rule counts one (`then: [{convert: purchase}]`), or an admin does (`/conversion add @ana purchase`). Each goal has a
kind of facts of its own, so that who converted, when and by which rule can always be read off, and a sum is a sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, Post
from core.events import Event, Instructed
from core.people import Account
from core.state import Key
from core.workflow import View, Workflow
from workflows.conversion_options import Conversions

NAME: Final = "conversions"
VERBS: Final = frozenset(("add", "remove"))
BY_HAND: Final = "admin"
"""The `rule` of what an admin counted."""


def kind(goal: str) -> str:
    """The kind of the ledger's facts that somebody converted: +1, and -1 where it is taken back."""
    return f"conversion:{goal}"


def goal(kind_: str) -> str:
    """The goal of a kind of facts."""
    return kind_.partition(":")[2]


def counted(goal: str, account: Account) -> Key[int]:
    """How often somebody converted."""
    return state.balance(kind(goal), account)


def by_rule(goal: str, account: Account, rule: str, view: View) -> Post | str:
    """The fact that a rule makes, or why it makes none."""
    options = view.group.options(Conversions)
    if options is None or goal not in options:
        return f"no conversion is called {goal}"
    if options[goal].once and view.get(counted(goal, account)) > 0:
        return f"converted before: {goal}"
    return Post(kind=kind(goal), member=account, amount=1, rule=rule, reason="converted")


def reads(event: Event, options: Conversions) -> Iterable[Key[Any]] | None:
    if not isinstance(event, Instructed) or event.verb not in VERBS or event.target is None:
        return None
    goal = event.arguments.get("goal")
    return (counted(goal, event.target.account),) if isinstance(goal, str) and goal in options else None


def decide(event: Event, options: Conversions, view: View) -> Decision:
    """An order of admins: one more, or one less."""
    assert isinstance(event, Instructed)
    if event.target is None or event.verb not in VERBS:
        return NOTHING
    goal, account = str(event.arguments["goal"]), event.target.account
    removed = event.verb == "remove"
    if removed and view.get(counted(goal, account)) <= 0:
        return Decision(because=(f"never converted: {goal}",), rule=goal, about=account)
    post = Post(
        kind=kind(goal),
        member=account,
        amount=-1 if removed else 1,
        rule=BY_HAND,
        reason=event.reason or ("taken back" if removed else "an admin said so"),
        by=event.actor.account,
    )
    return Decision(
        changes=(post,),
        because=("an admin took a conversion back" if removed else "an admin counted a conversion",),
        rule=goal,
        about=account,
        then=(told(goal, removed=removed),),
    )


def told(goal: str, *, removed: bool = False) -> str:
    """A conversion in the audit's words."""
    return " ".join(("no-conversion" if removed else "conversion", goal))


workflow = Workflow(NAME, Conversions, frozenset((Instructed,)), reads, decide)
