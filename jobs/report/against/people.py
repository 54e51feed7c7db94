"""For whom a change matters: points, tiers and onboarding of each person in both homes."""

from __future__ import annotations

from typing import Literal

from jobs.report.against.counts import Count, counted, presence
from jobs.report.against.shape_people import (
    OnboardingChange,
    Place,
    PlaceChange,
    PointsChange,
    StageChange,
    SumChange,
    TierCount,
    TiersChange,
)
from jobs.report.against.side import LISTED, Side, foremost
from jobs.report.against.standings import Move, Standing, last_moves
from workflows.tier_options import Tiers

Everyone = dict[str, tuple[Standing | None, Standing | None]]
"""Who is who in both homes, by account; None for those whom one home never met."""


def everyone(before: dict[str, Standing], after: dict[str, Standing]) -> Everyone:
    """Both homes' people side by side."""
    return {account: (before.get(account), after.get(account)) for account in sorted({*before, *after})}


def members(people: Everyone) -> set[str]:
    """The accounts of those who are members in either home, as each home's report counts them."""
    return {account for account, pair in people.items() if any(one is not None and one.member for one in pair)}


def points_change(before: Side, after: Side, people: Everyone) -> tuple[PointsChange, set[str]]:
    """The points, and the accounts of those whose sum differs."""
    was, now = before.summary.points, after.summary.points
    changed = [
        SumChange(person=name_of(pair), account=account, before=sums[0], after=sums[1])
        for account, pair in people.items()
        if (sums := tuple(one.points if one is not None else 0 for one in pair))[0] != sums[1]
    ]
    told = PointsChange(
        given=Count(before=was.given, after=now.given),
        taken=Count(before=was.taken, after=now.taken),
        receivers=Count(before=was.receivers, after=now.receivers),
        gained=sum(one.after > one.before for one in changed),
        lost=sum(one.after < one.before for one in changed),
        changed=foremost(changed, lambda one: (abs(one.after - one.before),), lambda one: one.account),
        by_rule=counted(was.by_rule, now.by_rule),
    )
    return told, {one.account for one in changed}


def tiers_change(before: Side, after: Side, people: Everyone) -> tuple[TiersChange, set[str]]:
    """The tiers, and the accounts of those in the group who hold another one."""
    moved = {
        account: (was, now)
        for account, (was, now) in people.items()
        if was is not None and now is not None and was.here and (was.tier or "") != (now.tier or "")
    }
    why = last_moves(before, set(moved)), last_moves(after, set(moved))
    changed = []
    for account, (was, now) in moved.items():
        old, new = was.tier or "", now.tier or ""
        changed.append(
            PlaceChange(
                person=now.name,
                account=account,
                way=_way(old, new, before.tiers, after.tiers),
                before=_place(before, was, new, why[0].get(account)),
                after=_place(after, now, old, why[1].get(account)),
            )
        )
    told = TiersChange(
        tiers=_tiers(before, after),
        gained=sum(one.way == "up" for one in changed),
        lost=sum(one.way == "down" for one in changed),
        moved=sum(not one.way for one in changed),
        changed=foremost(changed, _distance, lambda one: one.account),
    )
    return told, set(moved)


def _distance(one: PlaceChange) -> tuple[int, ...]:
    return (max(one.before.points, one.after.points),)


def _place(side: Side, standing: Standing, other: str, move: Move | None) -> Place:
    tier = standing.tier or ""
    tiers = side.options(Tiers)
    rung = tiers.tiers.get(other) if tiers is not None else None
    came = move if move is not None and move.tier == tier else None
    return Place(
        tier=tier,
        points=standing.points,
        because=came.because if came is not None else (),
        fell=came is not None and came.fell,
        needs=rung.from_ if rung is not None else None,
    )


def _way(old: str, new: str, *ladders: tuple[str, ...]) -> Literal["up", "down", ""]:
    """Up or down, where all ladders agree that have both tiers; without a tier is below any."""
    ways = set()
    for ladder in ladders:
        if {old, new} <= {"", *ladder}:
            ranks = {"": -1, **{tier: n for n, tier in enumerate(ladder)}}
            ways.add("up" if ranks[new] > ranks[old] else "down")
    return "up" if ways == {"up"} else "down" if ways == {"down"} else ""


def _tiers(before: Side, after: Side) -> tuple[TierCount, ...]:
    old = {one.tier: one for one in before.summary.tiers}
    new = {one.tier: one for one in after.summary.tiers}
    places = {tier: max(_rank(tier, before), _rank(tier, after)) for tier in {*old, *new, *before.tiers, *after.tiers}}
    return tuple(
        TierCount(
            tier=tier,
            presence=presence(tier, before.tiers, after.tiers),
            people=Count(before=old[tier].people if tier in old else 0, after=new[tier].people if tier in new else 0),
            left=Count(before=old[tier].left if tier in old else 0, after=new[tier].left if tier in new else 0),
        )
        for tier in sorted(places, key=lambda tier: (places[tier], tier))
    )


def _rank(tier: str, side: Side) -> int:
    return side.tiers.index(tier) if tier in side.tiers else -1


def onboarding_change(before: Side, after: Side, people: Everyone) -> tuple[OnboardingChange, set[str]]:
    """How newcomers fare, and the accounts of those for whom it ends otherwise."""
    changed = []
    for account, pair in people.items():
        was, now = (one.stage if one is not None else "" for one in pair)
        if was != now:
            changed.append(StageChange(person=name_of(pair), account=account, before=was, after=now))
    told = OnboardingChange(
        before=before.summary.onboarding,
        after=after.summary.onboarding,
        people=len(changed),
        changed=tuple(changed[:LISTED]),
    )
    return told, {one.account for one in changed}


def name_of(pair: tuple[Standing | None, Standing | None]) -> str:
    """What somebody is called."""
    return next(one.name for one in reversed(pair) if one is not None)
