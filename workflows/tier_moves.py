"""A member's move between tiers: the fact, the record, the follow-up, the words, and what reaching a tier brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import partial
from typing import Final, Literal

from core.decision import Decision, DropTimer, Post, Put, SetTimer
from core.effects import Effect, plain
from core.events import Event, TimerDue
from core.follow_ups import TierChanged
from core.people import Account, Actor, Member
from core.quick import quick
from core.state import Entry
from core.workflow import View
from workflows import actions, tier_telling
from workflows.tier_ladder import NO_TIER, Facts
from workflows.tier_options import Tiers
from workflows.tier_standing import TIER, TIER_FACT, TierStanding

MIDNIGHT: Final = time()
_NONE: Final = "none"
_TO: Final = " -> "
DAY: Final = timedelta(days=1)
LOST: Final = timedelta(days=7)
"""A timer this long overdue was lost with the event that it became, and is set anew."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One look at one member. `today` is the group's local day of the event."""

    event: Event
    options: Tiers
    view: View
    member: Member
    facts: Facts
    before: TierStanding
    unsaved: bool = False
    """Whether `before` is not what the record says."""

    @property
    def today(self) -> date:
        return self.view.group.day(self.event.at)

    @property
    def rank(self) -> int:
        """The rank of the tier that is on record; KeyError if the configuration no longer has it."""
        return self.options.ladder.ranks[self.before.tier]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From one rank to another, and why. `quiet` moves say nothing and bring nothing (set by staff, tier renamed)."""

    rank: int
    because: tuple[str, ...]
    quiet: bool = False
    by: Account | None = None


def settled(case: Case, move: Move | None, **changed: bool) -> tuple[Decision, ...]:
    """The decisions that bring a member to where `move` says, with the timers of their new standing.

    `changed` are other fields of the standing (locked). Nothing at all if everything stays as it is.
    """
    after = replace(case.before, **changed) if changed else case.before  # type: ignore[arg-type]
    ladder, old = case.options.ladder, case.before.tier
    rank = ladder.ranks.get(old, NO_TIER) if move is None else move.rank
    new = ladder.id(rank)
    moved = move is not None and new != old
    if moved:
        after = replace(after, tier=new, since=case.event.at)
        if rank > ladder.ranks.get(old, NO_TIER) or old not in ladder.ranks:
            after = replace(after, raised=case.event.at)
    gained = _gained(case, rank) if moved and move is not None and not move.quiet else ()
    if moved and new is not None:
        known = {*after.reached, *(ladder.rungs[n].id for n in range(rank + 1))}
        after = replace(after, reached=tuple(sorted(known)))
    timers, after = _timers(case, after, rank)
    if after == case.before and not case.unsaved:
        return ()
    put = Put(TIER.of(case.member.account), after)
    if not moved or move is None:
        return (Decision(changes=(put,), timers=timers),)
    return (_main(case, move, put, old, new, timers), *_rewards(case, gained, old))


def _main(
    case: Case, move: Move, put: Put, old: str | None, new: str | None, timers: tuple[SetTimer | DropTimer, ...]
) -> Decision:
    ladder, member = case.options.ladder, case.member
    steps = move.rank - ladder.ranks.get(old, NO_TIER)
    fact = Post(
        kind=TIER_FACT,
        member=member.account,
        amount=steps,
        rule=new or "",
        reason=_told(old, new),
        by=move.by,
    )
    effects: tuple[Effect, ...] = ()
    if not move.quiet and not member.staff:
        if steps > 0 and new is not None and not ladder.enters(move.rank):
            effects = tier_telling.raised(case.options, case.view, member, new)
        elif steps < 0:
            effects = tier_telling.lowered(case.options, case.view, member, new)
    actor = Actor(account=member.account, name=member.name, kind=member.kind)
    changed = TierChanged(id=case.event.id, at=case.event.at, group=case.event.group, actor=actor, old=old, new=new)
    return Decision(
        changes=(fact, put),
        effects=effects,
        timers=timers,
        follows=(changed,),
        because=(_told(old, new), *move.because),
        rule=new or "",
        about=member.account,
    )


def _told(old: str | None, new: str | None) -> str:
    return f"{old or _NONE}{_TO}{new or _NONE}"


def ended(began: str | None, moves: Sequence[Entry]) -> str | None:
    """Where moves of one instant lead from `began`, in whatever order they come: to the tier that was reached once
    more often than it was left. The ledger cannot tell which of them was first."""
    tiers: dict[str, str | None] = {began or _NONE: began, **{_ends(move)[1]: move.rule or None for move in moves}}
    left = Counter(_ends(move)[0] for move in moves)
    reached = Counter([began or _NONE, *(_ends(move)[1] for move in moves)])
    last = next(iter(reached - left), _ends(moves[-1])[1])
    return tiers[last]


def _ends(move: Entry) -> tuple[str, str]:
    old, _, new = move.reason.partition(_TO)
    return old, new


def _gained(case: Case, rank: int) -> tuple[str, ...]:
    """The tiers that are reached for the first time, those passed over included. Staff win nothing."""
    if case.member.staff:
        return ()
    passed = (case.options.ladder.rungs[n].id for n in range(rank + 1))
    return tuple(id for id in passed if id not in case.before.reached and case.options.tiers[id].on_reach)


def _rewards(case: Case, gained: tuple[str, ...], old: str | None) -> Iterator[Decision]:
    language = case.view.group.language_of(case.member)
    for id in gained:
        tier: Mapping[str, object] = {"id": id, "name": case.options.name(id, language), "old": old or ""}
        done = actions.perform(
            case.options.tiers[id].on_reach,
            case.event,
            case.view,
            actor=case.member.account,
            rule=f"tier {id}",
            values={"tier": tier},
            title=partial(_reached, case, id, "tiers.reached_why"),
            story=partial(_reached, case, id, "tiers.reached"),
        )
        yield replace(done, because=(f"reached {id}", *done.because), rule=id, about=case.member.account)


def _reached(case: Case, id: str, key: str, language: str) -> str:
    values = {"member": tier_telling.named(case.member), "tier": {"name": case.options.name(id, language)}}
    return plain(case.view.group.texts.say(key, language, values))


# timers


def next_review(every: Literal["day", "week", "month"], today: date) -> date:
    """The first review day after `today`. Local days, so that no clock change can double or drop one."""
    match every:
        case "day":
            return today + timedelta(days=1)
        case "week":
            return today + timedelta(days=7 - today.weekday())
        case "month":
            return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _timers(case: Case, after: TierStanding, rank: int) -> tuple[tuple[SetTimer | DropTimer, ...], TierStanding]:
    """The timers that a standing needs: a review while there is something to lose, a look each day while only a
    condition is missing. Those who left are not looked at until they come back."""
    review, ladder = case.options.tier_review, case.options.ladder
    here = case.member.left is None
    due = next_review(review.every, case.today) if review is not None and here and ladder.loses(rank) else None
    hopeful = here and not after.locked and ladder.hopeful(rank, case.facts)
    look = case.today + DAY if hopeful else None
    timers: list[SetTimer | DropTimer] = []
    due = _timer(case, "review", after.review, due, timers)
    look = _timer(case, "recheck", after.recheck, look, timers)
    if (due, look) != (after.review, after.recheck):
        after = replace(after, review=due, recheck=look)
    return tuple(timers), after


def _timer(
    case: Case, what: str, pending: date | None, wanted: date | None, timers: list[SetTimer | DropTimer]
) -> date | None:
    """The day that a timer stands at afterwards. One that is about to ring is never moved: its turn would be lost."""
    key = f"{what}:{case.member.account}"
    if isinstance(case.event, TimerDue) and case.event.key == key:
        pending = None
    if pending is not None and pending < case.today - LOST:
        pending = None
    if wanted is None:
        if pending is not None:
            timers.append(DropTimer(key))
        return None
    if pending is not None and pending <= wanted:
        return pending
    timers.append(SetTimer(key=key, at=case.view.group.instant(wanted, MIDNIGHT), member=case.member.account))
    return wanted
