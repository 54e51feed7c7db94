"""What each command comes to: the orders to the workflows that do it, how they are taken back, and what is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from core import state
from core.decision import DropTimer, Line, Post, Put, SetTimer, Tag
from core.effects import Heard, Say
from core.events import Instructed
from core.parts import Presence
from core.pausing import PAUSED, Paused
from core.people import PERSON, ActorKind, Member
from core.quick import maker
from core.state import POINTS, WARNING
from core.workflow import View
from workflows import (
    acts,
    ambassador_orders,
    bans,
    mutes,
    proposals,
    rule_orders,
    steering_conversions,
    steering_progress,
)
from workflows.acts import ACTS, STEERING, Act, way_back
from workflows.commands import GROUP
from workflows.facts import shown_name
from workflows.options import span, span_text
from workflows.plain_text import LONGEST_VALUE, one_line
from workflows.steering_commands import BOOK, FOR_OTHERS
from workflows.steering_desk import oneself
from workflows.steering_order import Order, Wrong, reason_of, rest, runs, to
from workflows.steering_standing import TRUSTED

_order: Final = maker(Order)
_post: Final = maker(Post)

NOTE: Final = "note"
"""The kind of the ledger's facts "an admin noted this about the member"."""
RESUME: Final = "resume"
MOST_POINTS: Final = 100_000
_AT_ONCE: Final = timedelta(minutes=1)
_A_SECOND: Final = timedelta(seconds=1)
_SHORTEST_REST: Final = timedelta(minutes=1)
_UNMUTE: Final = way_back("rules", "unmute")
_UNBAN: Final = way_back("rules", "unban")


def order(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """What a command comes to. `member` is whom it is about, as far as they are known."""
    if event.verb in FOR_OTHERS and oneself(member, view):
        return Wrong(says="oneself", because="oneself is meant", values={"verb": _called(event.verb)})
    return _ORDERS[event.verb](event, member, view)


def _called(verb: str) -> str:
    command = BOOK.named(verb)
    return command.called if command is not None else verb


def _timed(event: Instructed) -> timedelta | None:
    """The length of time that was given, as the first reading found it."""
    written = event.arguments.get("for")
    return span(written) if isinstance(written, str) else None


def _warn(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    key = f"admin@{event.id}"
    here = event.arguments.get("place") == GROUP and "topic" in event.arguments
    told = {"topic": str(event.arguments["topic"])} if here else {}
    other = _warned_just_now(event, view)
    values = {"by": other.by, "ago": max(event.at - other.at, _A_SECOND)} if other is not None else {}
    return _order(
        said="did_warn" if other is None else "did_warn_too",
        did="warn",
        follows=(to(event, "rules", "warn", key=key, **told),),
        back=(way_back("rules", "forgive", {"key": key}),),
        values={"reason": reason_of(event), **values},
    )


def _warned_just_now(event: Instructed, view: View) -> Act | None:
    """The warning by another admin that may have been about the same: both saw it, and neither saw the other."""
    held = view.get(ACTS.of(event.target.account)) if event.target is not None else None
    for act in reversed(held.last.values()) if held is not None else ():
        if act.did == ("warn",) and act.giver and not act.undone and event.at - act.at <= _AT_ONCE:
            return act if act.giver != event.actor.account else None
    return None


def _unwarn(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    assert event.target is not None
    history = view.get(state.entries(WARNING, event.target.account))
    if sum(entry.amount for entry in history if entry.live(event.at)) <= 0:
        return Wrong(says="no_warnings", because="there is no warning to forgive")
    return _order(said="did_unwarn", did="forgive", follows=(to(event, "rules", "forgive"),), stuck=("forgive",))


def _mute(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    length = _timed(event)
    return _sanction(
        event, member, view, "mute", length, "did_mute" if length is not None else "did_mute_open", _UNMUTE
    )


def _sanction(
    event: Instructed, member: Member | None, view: View, verb: str, length: timedelta | None, said: str, *back: str
) -> Order:
    """What the rules would do about an order of it, done with the command. What they refuse, they are asked about."""
    did, values = proposals.told(verb, length), {"span": length}
    stuck = () if back else (verb,)
    if event.target is None or (member is not None and member.staff) or not runs(view, rule_orders.NAME):
        told = {"for": span_text(length)} if length is not None else {}
        follows = (to(event, rule_orders.NAME, verb, heard=heard_by(event), **told),)
        return _order(said=said, did=did, follows=follows, back=back, stuck=stuck, values=values)
    account = event.target.account
    return _order(
        said=said,
        did=did,
        changes=mutes.kept_of_one(verb, account, length, event.at, rule_orders.RULE, view),
        deeds=(proposals.effect(verb, account, length, heard_by(event)),),
        beside=Line(rule_orders.NAME, rule_orders.RULE, (did,), rule_orders.said_so(reason_of(event))),
        back=back,
        stuck=stuck,
        values=values,
    )


def heard_by(event: Instructed) -> Heard:
    """Who reads the answer to a command."""
    return "group" if event.arguments.get("place") == GROUP else "admins"


def _unmute(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """What is not on our books is lifted too: an admin may have muted somebody by the platform's own means."""
    assert event.target is not None
    muted = mutes.of_account(event.target.account, view)
    until = datetime.fromtimestamp(muted.until, UTC) if muted is not None and muted.until else None
    known = muted is not None and (until is None or event.at < until)
    back = again("mute", until, event.at) if known else ()
    return _order(
        said="did_unmute" if known else "did_unmute_unknown",
        did="unmute",
        follows=(to(event, "rules", "unmute", heard=heard_by(event)),),
        back=back,
        stuck=() if back else ("unmute",),
    )


def again(verb: str, until: datetime | None, at: datetime) -> tuple[str, ...]:
    """The way back to a mute or a ban that is lifted: the rest of it, if there is one to speak of."""
    if until is None:
        return (way_back("rules", verb),)
    left = timedelta(seconds=int((until - at).total_seconds()))
    if left < _SHORTEST_REST:
        return ()
    return (way_back("rules", verb, {"for": span_text(left)}),)


def _kick(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    return _sanction(event, member, view, "remove", None, "did_kick")


def _ban(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    # No platform knows a ban of a channel that ends by itself.
    length = None if member is not None and member.kind is ActorKind.CHANNEL else _timed(event)
    return _sanction(event, member, view, "ban", length, "did_ban" if length is not None else "did_ban_open", _UNBAN)


def _unban(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """The way back is the ban that held, as far as it is known; whoever was not banned must not be by an undo, nor
    whoever is in the group, as somebody let them in."""
    assert event.target is not None
    who = event.target.account
    banned = bans.of_account(who, view)
    held = view.get(ACTS.of(who)) or acts.NONE
    given = acts.holding("ban", who, held, event.at)
    back: tuple[str, ...] = ()
    if given is not None and not _let_in(event, view, held.last[given].at):
        back = again("ban", acts.ends(held.last[given], "ban"), event.at)
    elif banned is not None:
        back = again("ban", banned.until, event.at)
    return _order(
        said="did_unban",
        did="unban",
        follows=(to(event, "rules", "unban", heard=heard_by(event)),),
        back=back,
        stuck=() if back else ("unban",),
    )


def _let_in(event: Instructed, view: View, banned: datetime) -> bool:
    """Whether who was banned at an instant has joined since and is here. A channel neither joins nor leaves."""
    assert event.target is not None
    here: Presence | None = view.get(state.presences(event.target.account)).get(event.target.account)
    return here is not None and here.left is None and here.joined is not None and here.joined > banned


def _trust(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    assert event.target is not None
    if member is not None and TRUSTED in member.tags:
        return Wrong(says="trusted_already", because="trusted already")
    tag = Tag(member=event.target.account, add=frozenset((TRUSTED,)))
    back = (way_back(STEERING, "untrust"),)
    return _order(said="did_trust", did=f"tag {TRUSTED}", changes=(tag,), back=back)


def _points(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    written, _, reason = rest(event).partition(" ")
    try:
        amount = int(written.translate(_SIGNS))
    except ValueError:
        return Wrong(says="points_how", because="no number of points is given")
    if amount == 0 or abs(amount) > MOST_POINTS:
        return Wrong(says="points_how", because="no number of points is given")
    if member is None or member.kind is not PERSON:
        return Wrong(says="points_nobody", because="no points to give")
    key, by, why = f"admin@{event.id}", event.actor.account, one_line(reason, LONGEST_VALUE) if reason else ""
    reason = why or "an admin said so"
    post = _post(kind=POINTS, member=member.account, amount=amount, rule="admin", reason=reason, by=by, key=key)
    told = f"{amount:+d}"
    return _order(
        said="did_points",
        did=f"points {told}",
        changes=(post,),
        back=(way_back("rules", "points", {"amount": -amount, "key": f"back:{key}"}),),
        values={"amount": told, "reason": why},
    )


_SIGNS: Final = str.maketrans("＋－−", "+--")


def _note(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    text = one_line(rest(event), LONGEST_VALUE)
    if not text:
        return Wrong(says="note_how", because="nothing is written")
    assert event.target is not None
    key = f"note@{event.id}"
    by = event.actor.account
    post = _post(kind=NOTE, member=event.target.account, amount=1, rule="admin", reason=text, by=by, key=key)
    back = (way_back(STEERING, "unnote", {"key": key}),)
    return _order(said="did_note", did=NOTE, changes=(post,), back=back)


def _announce(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    text = rest(event)
    if not text:
        return Wrong(says="announce_how", because="nothing is written")
    return _order(said="did_announce", did="say", effects=(Say(words=("📢 ", text), announce=True),), stuck=("say",))


def _pause(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    length = _timed(event)
    until: datetime | None = event.at + length if length is not None else None
    put = Put(PAUSED.of_group(), Paused(since=event.at, until=until, by=shown_name(event.actor)))
    timer: SetTimer | DropTimer = SetTimer(key=RESUME, at=until) if until is not None else DropTimer(RESUME)
    return _order(
        said="did_pause" if length is not None else "did_pause_open",
        did="pause",
        changes=(put,),
        timers=(timer,),
        back=(way_back(STEERING, "unpause"),),
        values={"span": length},
    )


def _resume(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    if view.get(PAUSED.of_group()) is None:
        return Wrong(says="not_paused", because="nothing is paused")
    return _order(
        said="did_resume",
        did="resume",
        changes=(Put(PAUSED.of_group(), None),),
        timers=(DropTimer(RESUME),),
        stuck=("resume",),
    )


_ORDERS: Final[Mapping[str, Callable[[Instructed, Member | None, View], Order | Wrong]]] = {
    "warn": _warn,
    "unwarn": _unwarn,
    "mute": _mute,
    "unmute": _unmute,
    "kick": _kick,
    "ban": _ban,
    "unban": _unban,
    "approve": steering_progress.approve,
    "trust": _trust,
    "points": _points,
    "tier": steering_progress.tier,
    "checkin": steering_progress.checkin,
    "onboarding": steering_progress.onboarding,
    "conversion": steering_conversions.conversion,
    "ambassador": ambassador_orders.order,
    "note": _note,
    "announce": _announce,
    "pause": _pause,
    "resume": _resume,
}
ORDERS: Final = frozenset(_ORDERS)
