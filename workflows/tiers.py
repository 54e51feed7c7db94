"""Tiers: members move up as soon as points and conditions allow, and fall back at a review when they no longer do.

A member is looked at when they join or come back, when their points change, when they check in or are warned, when they
ask, and, while they have the points for a higher tier but not its condition, at the end of each local day. Plain
messages cost a look-up. At the end of a day the windows are those of that day: who was active on enough days of the
last thirty moves up that night.

Only persons have tiers. Staff have one, silently: no rewards, no announcements, no falling back. Those who left keep
theirs and are not looked at until they come back. Whoever's tier was taken out of the configuration comes to the
nearest one by points at the next look.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core import state
from core.decision import Decision
from core.events import Event, Instructed, MemberJoined, MessagePosted, TimerDue
from core.follow_ups import CheckedIn, Linked, Parted, PointsChanged, Returned, Warned
from core.people import PERSON, Account, Member
from core.state import Key
from core.workflow import Group, Read, Unmoved, View, Workflow
from workflows import actions, facts, tier_bonds, tier_orders, tier_telling
from workflows.measures import compared, holds, measured
from workflows.tier_clauses import Clause, Comparison, clauses
from workflows.tier_moves import Case, Move, settled
from workflows.tier_options import Tiers, grants_of
from workflows.tier_standing import TIER, TierStanding

__all__ = ["Tiers", "grants_of", "workflow"]

_LATE = timedelta(days=1)
_LONGEST = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
"""How far ahead a review can be; one that is further off was set under another schedule."""


def reads(event: Event, options: Tiers) -> Read[Tiers] | None:
    if type(event) is MessagePosted:
        if event.text[:1] not in options.initials or not options.asks(event):
            return None
        return _placing(event, options, event.actor.account, event.at)
    if isinstance(event, (PointsChanged, CheckedIn, Warned, MemberJoined, Returned)):
        return _placing(event, options, event.actor.account, event.at) if event.actor.kind is PERSON else None
    if isinstance(event, (Linked, Parted)):
        return (*_placing(event, options, event.actor.account, event.at), *tier_bonds.reads(event))
    who_else = _somebody(event)
    if who_else is not None:
        orders = tier_orders.reads(event) if isinstance(event, Instructed) else ()
        return (state.member(who_else), *_placing(event, options, who_else, _as_of(event)), *orders)
    return None


def _placing(event: Event, options: Tiers, who: Account, as_of: datetime) -> tuple[Key[Any], ...]:
    """What it takes to place somebody, and to reward them."""
    placing = (TIER.of(who), *facts.reads(options.names, who, as_of))
    if not options.rewarding:
        return placing
    rewards = [key for tier in options.rewarding for key in actions.reads(tier.on_reach, event, who)]
    return tuple(dict.fromkeys((*placing, *rewards)))


def decide(event: Event, options: Tiers, view: View) -> Decision | tuple[Decision, ...]:
    if type(event) is MessagePosted:
        return _answered(event, options, view)
    if isinstance(event, (PointsChanged, CheckedIn, Warned, MemberJoined, Returned)):
        if type(event) is MemberJoined and _has_stood(event, options, view):
            return ()
        case = _case(event, options, view, view.actor())
        return settled(case, _climb(case))
    if isinstance(event, (Linked, Parted)):
        return tier_bonds.decide(event, _case(event, options, view, view.actor()), view)
    who_else = _somebody(event)
    if who_else is not None:
        member = view.get(state.member(who_else))
        if member is None or member.kind is not PERSON:
            return tier_orders.stranger(event, view) if isinstance(event, Instructed) else ()
        case = _case(event, options, view, member)
        if isinstance(event, Instructed):
            return tier_orders.carried_out(event, case)
        return settled(case, _climb(case) if _only_looks(event) else _review(case))
    return ()


def _has_stood(event: MemberJoined, options: Tiers, view: View) -> bool:
    """Whether somebody comes back to where they stood."""
    account = event.actor.account
    known, points = view.get(TIER.of(account)), view.get(state.balance(state.POINTS, account))
    return _stays(event.at, options, view.group, known, points)


def _stays(at: datetime, options: Tiers, group: Group, known: TierStanding | None, points: int) -> bool:
    """Whether a glance tells that nothing changes: too few points for any higher tier, and every timer is set."""
    next_start = options.ladder.next_start
    if known is None or known.recheck is not None or known.tier not in next_start:
        return False
    if options.tier_review is None or known.tier not in options.ladder.lost:
        if known.review is not None:
            return False
    else:
        today = group.day(at)
        if known.review is None or not today <= known.review <= today + _LONGEST[options.tier_review.every]:
            return False
    higher = next_start[known.tier]
    return higher is None or 0 < higher > points  # a tier from 0 on is open even to debtors


def _answered(event: MessagePosted, options: Tiers, view: View) -> tuple[Decision, ...]:
    """Somebody asks: they move up first if they can, so that the answer is true."""
    case = _case(event, options, view, view.actor())
    decisions = settled(case, _climb(case))
    now = case.before
    for decision in decisions:
        for change in decision.changes:
            value = getattr(change, "value", None)
            if isinstance(value, TierStanding):
                now = value
    answer = tier_telling.answer(event, options, view, case.facts, now)
    return (*decisions, Decision(effects=(answer,), because=("asked for their tier",), rule=now.tier or ""))


def _case(event: Event, options: Tiers, view: View, member: Member) -> Case:
    known = view.get(TIER.of(member.account))
    return Case(
        event=event,
        options=options,
        view=view,
        member=member,
        facts=facts.values(options.names, view, member, _as_of(event)),
        before=known if known is not None else TierStanding(since=event.at),
    )


def _climb(case: Case) -> Move | None:
    """Up, if there is a higher tier for these points and conditions; to a tier that exists, if the old one is gone."""
    if case.member.left is not None:
        return None
    ladder = case.options.ladder
    if case.before.tier not in ladder.ranks:
        nearest = ladder.by_points(case.facts)
        why = (
            f"{case.before.tier} is no longer in the configuration; {ladder.id(nearest) or 'none'} is nearest by points"
        )
        return Move(rank=nearest, because=(why,), quiet=True)
    if case.before.locked:
        return None
    rank = ladder.climb(case.rank, case.facts, case.before.reached)
    if rank == case.rank:
        return None
    reasons = [f"{case.facts['points']} points, {ladder.rungs[rank].start} are needed"]
    reasons += [_holding(clause, case) for clause, _ in ladder.rungs[rank].parts]
    return Move(rank=rank, because=tuple(reasons))


def _review(case: Case) -> Move | None:
    """Down, if the tier is no longer deserved and nothing protects it; else up, as at any other look."""
    review, before, ladder = case.options.tier_review, case.before, case.options.ladder
    up = _climb(case)
    if up is not None or review is None or case.member.left is not None:
        return up
    if before.locked or case.member.staff or not review.tags.isdisjoint(case.member.tags):
        return None
    if before.raised is not None and case.event.at - before.raised < review.grace:
        return None
    rank = ladder.fall(case.rank, case.facts)
    return Move(rank=rank, because=_lost(case)) if rank != case.rank else None


def _lost(case: Case) -> tuple[str, ...]:
    ladder = case.options.ladder
    rung = ladder.rungs[case.rank]
    why = []
    if not rung.keeps(case.facts, ladder.share, conditions=False):
        why.append(f"{case.facts['points']} points, less than {ladder.share}% of {rung.start}")
    elif ladder.demote_if is not None:
        why += [_holding(clause, case) for clause in clauses(ladder.demote_if.source)]
    else:
        why += [_missed(clause, case) for clause in rung.missing(case.facts) if not _forgiven(clause, case)]
    return tuple(why)


def _holding(clause: Clause, case: Case) -> str:
    """A part of a condition that holds, with the value that counted."""
    if isinstance(clause, Comparison):
        return compared(f"member.{clause.field}", case.facts[clause.field], clause.sign, str(clause.bound))
    return holds(clause.source)


def _forgiven(clause: Clause, case: Case) -> bool:
    """Whether a part that is not met is met well enough to stay."""
    value = case.facts[clause.field] if isinstance(clause, Comparison) else None
    return isinstance(clause, Comparison) and isinstance(value, int) and clause.holds(value, case.options.ladder.share)


def _missed(clause: Clause, case: Case) -> str:
    """A part of a condition that is not met any more."""
    if not isinstance(clause, Comparison):
        return f"{clause.source} no longer holds"
    told = measured(f"member.{clause.field}", case.facts[clause.field])
    if clause.sign in (">=", ">"):
        return f"{told}, less than {case.options.ladder.share}% of {clause.least}"
    return f"{told} (no longer {clause.sign} {clause.bound})"


def _somebody(event: Event) -> Account | None:
    """Whom an event without an actor of its own is about: the member of a timer, the target of an order."""
    if isinstance(event, TimerDue):
        return event.member
    if isinstance(event, Instructed) and event.target is not None:
        return event.target.account
    return None


def _only_looks(event: Event) -> bool:
    return isinstance(event, TimerDue) and event.key.startswith("recheck:")


def _as_of(event: Event) -> datetime:
    """The instant whose windows count. Timers ring as a day begins, and ask about the one that just ended.

    After a long stop the day that a timer was meant for is over and forgotten: then it is asked about now.
    """
    if isinstance(event, TimerDue) and event.at - event.due < _LATE:
        return event.due - timedelta(microseconds=1)
    return event.at


workflow = Workflow(
    "tiers",
    Tiers,
    frozenset(
        (
            MessagePosted,
            MemberJoined,
            PointsChanged,
            CheckedIn,
            Warned,
            Returned,
            TimerDue,
            Instructed,
            Linked,
            Parted,
        )
    ),
    reads,
    decide,
    deaf=lambda opening, options: opening[:1] not in options.initials,
    weighs=dict.fromkeys((PointsChanged, CheckedIn, Warned, Returned), Unmoved(TIER, state.POINTS, _stays)),
)
