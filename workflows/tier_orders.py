"""What staff may order about somebody's tier: lock, unlock, set, recalculate. The reason goes to the audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from core import state
from core.decision import Decision, Post
from core.effects import TellAdmins
from core.events import Instructed
from core.names import Named
from core.state import Entry, Key
from core.workflow import View
from workflows import deed_words
from workflows.facts import shown_name
from workflows.reasons import in_language
from workflows.tier_moves import Case, Move, ended, settled
from workflows.tier_standing import LOCK_FACT, TIER_FACT, TierStanding

VERBS = ("lock", "unlock", "set", "recalculate")


def reads(event: Instructed) -> Iterable[Key[Any]]:
    """What an order looks at beside the facts that placing takes."""
    if event.verb == "recalculate" and event.target is not None:
        yield state.entries(TIER_FACT, event.target.account)
        yield state.balance(LOCK_FACT, event.target.account)


def carried_out(event: Instructed, case: Case) -> tuple[Decision, ...]:
    """The order, done or refused; the admins read which."""
    match event.verb:
        case "lock" | "unlock":
            return _locked(event, case, event.verb == "lock")
        case "set":
            return _set(event, case)
        case "recalculate":
            return _recalculated(event, case)
        case _:
            return _refused(event, case, "unknown_verb", verb=event.verb, verbs=", ".join(VERBS))


def _locked(event: Instructed, case: Case, locked: bool) -> tuple[Decision, ...]:
    if case.before.locked == locked:
        return _refused(event, case, "locked_already" if locked else "not_locked")
    fact = Post(
        kind=LOCK_FACT,
        member=case.member.account,
        amount=1 if locked else -1,
        rule=case.before.tier or "",
        reason=event.reason,
        by=event.actor.account,
    )
    ordered = Decision(
        changes=(fact,),
        effects=(_told(event, case, "locked_now" if locked else "unlocked_now", case.before.tier),),
        because=("locked by staff" if locked else "unlocked by staff", *_reason(event)),
        rule=case.before.tier or "",
        about=case.member.account,
    )
    return (ordered, *settled(case, None, locked=locked))


def _set(event: Instructed, case: Case) -> tuple[Decision, ...]:
    """To a tier by its id; "none" or nothing takes the tier away. It holds until points or a review say otherwise."""
    wanted = event.arguments.get("tier")
    id = None if wanted in (None, "", "none") else str(wanted)
    ranks = case.options.ladder.ranks
    if id not in ranks:
        return _refused(event, case, "unknown_tier", tier=str(id), tiers=_every(case))
    if id == case.before.tier:
        return _refused(event, case, "there_already", tier=case.options.name(id, case.view.group.languages[0]))
    because = ("set by staff", *_reason(event))
    moved = settled(case, Move(rank=ranks[id], because=because, quiet=True, by=event.actor.account))
    return (*moved, Decision(effects=(_told(event, case, "set_now", id),), about=case.member.account, rule=id or ""))


def _every(case: Case) -> tuple[Named, ...]:
    return tuple(deed_words.tier(id_, case.view.group) for id_ in case.options.tiers)


def _recalculated(event: Instructed, case: Case) -> tuple[Decision, ...]:
    """The record is made anew from the ledger; then points and conditions are asked, both ways. A lock still holds."""
    who = case.member.account
    rebuilt = rebuild(
        case, case.view.get(state.entries(TIER_FACT, who)), case.view.get(state.balance(LOCK_FACT, who)) > 0
    )
    ladder = case.options.ladder
    anew = replace(case, before=rebuilt, unsaved=rebuilt != case.before)
    if rebuilt.tier not in ladder.ranks:
        rank = ladder.by_points(case.facts)
    elif rebuilt.locked:
        rank = anew.rank
    else:
        rank = ladder.climb(anew.rank, case.facts, rebuilt.reached)
        if rank == anew.rank and not case.member.staff:
            rank = ladder.fall(rank, case.facts)
    because = ("recalculated from the ledger", *_reason(event))
    decisions = settled(
        anew, Move(rank=rank, because=because, quiet=True, by=event.actor.account), locked=rebuilt.locked
    )
    told = Decision(
        effects=(_told(event, case, "recalculated_now", ladder.id(rank)),),
        because=because,
        rule=ladder.id(rank) or "",
        about=who,
    )
    return (*decisions, told)


def rebuild(case: Case, moves: Iterable[Entry], locked: bool) -> TierStanding:
    """The standing that the ledger's moves come to. Timers are kept as they are on record."""
    rungs = case.options.ladder.rungs
    ranks = case.options.ladder.ranks
    made = TierStanding(since=case.before.since, locked=locked, review=case.before.review, recheck=case.before.recheck)
    highest = -1
    for at, together in groupby(moves, key=lambda entry: entry.at):
        several = tuple(together)
        raised = at if any(entry.amount > 0 for entry in several) else made.raised
        made = replace(made, tier=ended(made.tier, several), since=at, raised=raised)
        highest = max(highest, *(ranks.get(entry.rule, -1) for entry in several))
    return replace(made, reached=tuple(sorted(rung.id for rung in rungs[: highest + 1])))


def stranger(event: Instructed, view: View) -> tuple[Decision, ...]:
    """An order about nobody who is known here as a person."""
    name = event.target.name or event.target.account if event.target is not None else ""
    words = view.group.texts.say("tiers.stranger", view.group.languages[0], {"order": {"name": name}})
    because = (f"{event.verb} refused: no such member", *_reason(event))
    return (Decision(effects=(TellAdmins(words=words),), because=because),)


def _refused(event: Instructed, case: Case, key: str, **values: object) -> tuple[Decision, ...]:
    language = case.view.group.languages[0]
    words = case.view.group.texts.say(f"tiers.{key}", language, {"order": {"name": shown_name(case.member), **values}})
    because = (f"{event.verb} refused: {key.replace('_', ' ')}", *_reason(event))
    return (
        Decision(
            effects=(TellAdmins(words=words, about=case.member.account),), because=because, about=case.member.account
        ),
    )


def _told(event: Instructed, case: Case, key: str, tier: str | None) -> TellAdmins:
    language = case.view.group.languages[0]
    order = {
        "name": shown_name(case.member),
        "by": shown_name(event.actor),
        "tier": deed_words.tier(tier or "none", case.view.group),
    }
    say = case.view.group.texts.say
    words = say(f"tiers.{key}", language, {"order": order})
    if event.reason:
        words += say("tiers.reason", language, {"order": {"reason": in_language(event.reason, language)}})
    return TellAdmins(words=words, about=case.member.account)


def _reason(event: Instructed) -> tuple[str, ...]:
    return (event.reason,) if event.reason else ()
