"""Answers of somebody whose accounts were bound to one person, or parted: of one person the last answer counts.

Bound, what either account answered stands beside the other's, and points for one survey are given once: what was given
too much is struck out by a fact of the bond itself, which goes with it. Parted, each side has its own answers again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from core.decision import NOTHING, Change, Decision, Post, Put
from core.follow_ups import Linked, Parted
from core.people import Account
from core.state import POINTS, Entry, Key, entries, presences
from core.workflow import View
from workflows.survey_answers import PAID
from workflows.survey_book import ANSWERS, Answers, united


def reads(event: Linked | Parted) -> Iterator[Key[Any]]:
    """The state that `decide` looks at."""
    who = event.actor.account
    yield ANSWERS.of(who)
    if isinstance(event, Linked):
        yield from (ANSWERS.kept(side) for side in event.sides)
        yield entries(POINTS, who)
    else:
        yield presences(who)


def decide(event: Linked | Parted, view: View) -> Decision:
    """What each account answered stays its own."""
    return _linked(event, view) if isinstance(event, Linked) else _parted(event, view)


def _linked(event: Linked, view: View) -> Decision:
    who = event.actor.account
    had = [kept for side in event.sides if (kept := view.get(ANSWERS.kept(side))) is not None]
    changes: list[Change] = [Put(ANSWERS.of(who), united(had))] if len(had) > 1 else []
    changes += _struck(who, view.get(entries(POINTS, who)))
    if not changes:
        return NOTHING
    return Decision(changes=tuple(changes), because=("bound: of one person the last answer counts",))


def _struck(who: Account, points: Iterable[Entry]) -> Iterator[Post]:
    """What was given for one survey to a second account of a person."""
    given: dict[str, list[Entry]] = {}
    for entry in points:
        if entry.key.startswith(PAID):
            given.setdefault(_MORE.split(entry.key)[0], []).append(entry)
    for key, each in given.items():
        struck = [entry for entry in each if not entry.own]
        too_much = sum(entry.amount for entry in each) - each[0].amount
        if too_much > 0:
            yield Post(
                kind=POINTS,
                member=who,
                amount=-too_much,
                rule=each[0].rule,
                reason="answered a survey with both accounts",
                key=f"{key}&{len(struck) or ''}",
                joint=True,
            )


_MORE: Final = re.compile("[=&]")
"""What stands behind a key that a person has twice, and behind that of what was struck out."""


def _parted(event: Parted, view: View) -> Decision:
    mine = view.get(ANSWERS.of(event.actor.account))
    if mine is None:
        return NOTHING
    own = mine.among(view.get(presences(event.actor.account)) if view.actor().left is None else ())
    if own == mine:
        return NOTHING
    put = Put(ANSWERS.of(event.actor.account), own if own != Answers() else None)
    return Decision(changes=(put,), because=("parted: each has their own answers",))
