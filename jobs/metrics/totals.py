"""What the ledger adds up to over a period: check-ins, points, warnings, moves between tiers, invitations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.reckoning import Facts, Reckoning
from core.state import POINTS, WARNING
from core.turnout import Asked
from core.workflow import Group
from jobs.metrics.weeks import INVITATIONS, challenges, goals_of
from workflows.referral_options import Referrals
from workflows.tier_ladder import NO_TIER
from workflows.tier_options import Tiers
from workflows.tier_standing import TIER_FACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """How often members came up and fell to a tier, and how often they left it either way, by the ladder as it is now.
    The tier "" is to have none."""

    tier: str
    risen: int
    fallen: int
    out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """Links and codes made, who joined by one, and who of all came to count: `came` all of them, and `counted` those
    less the ones `taken_back` in the same days, which may have come to count before: it can be below 0."""

    made: int
    joined: int
    came: int
    taken_back: int

    @property
    def counted(self) -> int:
        """What is left."""
        return self.came - self.taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """How often members came to a goal: `counted` each time, and `times` those less the ones `taken_back` in the same
    days, which may have been counted before: it can be below 0."""

    goal: str
    counted: int
    counted_before: int | None
    taken_back: int
    taken_back_before: int | None

    @property
    def times(self) -> int:
        """What is left."""
        return self.counted - self.taken_back

    @property
    def before(self) -> int | None:
        """What was left of the period before."""
        if self.counted_before is None or self.taken_back_before is None:
            return None
        return self.counted_before - self.taken_back_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Of one period and the one before it. `checked_in` sums up the people of each day.

    None is what the group does not run, and of the period before what is not known.
    """

    warnings: int
    warnings_before: int | None
    checked_in: int | None
    checked_in_before: int | None
    invitations: Invitations | None
    invitations_before: Invitations | None
    points_given: int
    points_given_before: int | None
    points_taken: int
    points_taken_before: int | None
    conversions: tuple[Goal, ...]
    tiers: tuple[Flow, ...]


def totals_of(group: Group, asked: Asked, reckoning: Reckoning, *, compared: bool) -> Totals:
    """The sums of a group."""
    goals = goals_of(group)
    facts = reckoning.facts(asked, (WARNING, POINTS, TIER_FACT, *INVITATIONS, *goals.values()))
    now, before = [one for one in facts if not one.before], [one for one in facts if one.before]
    kinds, invites = challenges(group), group.options(Referrals) is not None
    checked, checked_before = reckoning.checked_in(asked, kinds) if kinds else (None, None)
    return Totals(
        warnings=_given(now),
        warnings_before=_given(before) if compared else None,
        checked_in=checked,
        checked_in_before=checked_before if compared else None,
        invitations=_invitations(now) if invites else None,
        invitations_before=_invitations(before) if invites and compared else None,
        points_given=_all(now, POINTS, 1),
        points_given_before=_all(before, POINTS, 1) if compared else None,
        points_taken=_all(now, POINTS, -1),
        points_taken_before=_all(before, POINTS, -1) if compared else None,
        conversions=tuple(
            Goal(
                goal=goal,
                counted=_all(now, kind, 1),
                counted_before=_all(before, kind, 1) if compared else None,
                taken_back=_all(now, kind, -1),
                taken_back_before=_all(before, kind, -1) if compared else None,
            )
            for goal, kind in goals.items()
        ),
        tiers=_flows(group.options(Tiers), now),
    )


def _given(facts: Iterable[Facts]) -> int:
    """Warnings, without the facts by which one counts no more."""
    return sum(one.times for one in facts if one.kind == WARNING and one.amount > 0)


def _all(facts: Iterable[Facts], kind: str, sign: int) -> int:
    """All of a kind that was given, or all that was taken."""
    return sum(one.times * abs(one.amount) for one in facts if one.kind == kind and one.amount * sign > 0)


def _invitations(facts: Sequence[Facts]) -> Invitations:
    made, joined, came = (_all(facts, kind, 1) for kind in INVITATIONS)
    return Invitations(made=made, joined=joined, came=came, taken_back=_all(facts, INVITATIONS[-1], -1))


def _flows(tiers: Tiers | None, facts: Sequence[Facts]) -> tuple[Flow, ...]:
    if tiers is None:
        return ()
    moves = [(tiers.ladder.ranks.get(one.rule, NO_TIER), one) for one in facts if one.kind == TIER_FACT]

    def flow(rank: int, tier: str) -> Flow:
        return Flow(
            tier=tier,
            risen=sum(one.times for at, one in moves if at == rank and one.amount > 0),
            fallen=sum(one.times for at, one in moves if at == rank and one.amount < 0),
            out=sum(one.times for at, one in moves if at - one.amount == rank),
        )

    return tuple(flow(rank, tier) for rank, tier in enumerate(("", *tiers.tiers), NO_TIER))
