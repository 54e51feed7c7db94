"""Tiers of somebody whose accounts were bound to one person, or parted.

Bound, they have the higher tier of the two, then the one that their points together are enough for; what either was
rewarded for is not rewarded again. Parted, each has the tier that their own moves in the ledger lead to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core import state
from core.decision import Decision, Post
from core.follow_ups import Linked, Parted
from core.state import Key
from core.workflow import View
from workflows.tier_ladder import NO_TIER
from workflows.tier_moves import Case, Move, settled
from workflows.tier_orders import rebuild
from workflows.tier_standing import LOCK_FACT, TIER, TIER_FACT, TierStanding


def reads(event: Linked | Parted) -> Iterator[Key[Any]]:
    """What is looked at beside what placing takes."""
    who = event.actor.account
    yield state.entries(TIER_FACT, who)
    yield state.balance(LOCK_FACT, who)
    if isinstance(event, Linked):
        yield from (TIER.kept(side) for side in event.sides)


def decide(event: Linked | Parted, case: Case, view: View) -> tuple[Decision, ...]:
    """Where they stand now, without a word in the group: who was bound hears about it all at once."""
    locked = view.get(state.balance(LOCK_FACT, event.actor.account)) > 0
    if isinstance(event, Linked):
        had = [held for side in event.sides if (held := view.get(TIER.kept(side))) is not None]
        if not had:
            return ()
        now = _higher(case, had, locked)
    else:
        moves = view.get(state.entries(TIER_FACT, event.actor.account))
        if not moves and case.before.tier is None:
            return ()
        now = rebuild(case, moves, locked)
    ladder = case.options.ladder
    anew = replace(case, before=now, unsaved=True)
    rank = ladder.ranks.get(now.tier, NO_TIER)
    if not now.locked and case.member.left is None:
        rank = ladder.climb(rank, case.facts, now.reached) if rank != NO_TIER else ladder.by_points(case.facts)
    reached = "bound to another account" if isinstance(event, Linked) else "parted from another account"
    move = Move(rank=rank, because=(reached,), quiet=True) if ladder.id(rank) != now.tier else None
    decisions = settled(anew, move)
    return tuple(_of_the_bond(one) for one in decisions) if isinstance(event, Linked) else decisions


def _of_the_bond(decision: Decision) -> Decision:
    """A move that comes of being bound is no account's own, and goes with the bond."""
    return replace(
        decision,
        changes=tuple(replace(one, joint=True) if isinstance(one, Post) else one for one in decision.changes),
    )


def _higher(case: Case, had: list[TierStanding], locked: bool) -> TierStanding:
    ranks = case.options.ladder.ranks
    best = max(had, key=lambda held: ranks.get(held.tier, NO_TIER))
    return replace(
        best,
        locked=locked,
        raised=max((held.raised for held in had if held.raised is not None), default=None),
        reached=tuple(sorted({tier for held in had for tier in held.reached})),
        review=case.before.review,
        recheck=case.before.recheck,
    )
