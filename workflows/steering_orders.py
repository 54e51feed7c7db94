"""What each command comes to: the orders to the workflows that do it, how they are taken back, and what is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from core import state
from core.decision import Change, DropTimer, Post, Put, SetTimer, Tag
from core.effects import Effect, Say
from core.events import Instructed
from core.pausing import PAUSED, Paused
from core.quick import quick
from core.state import WARNING, Key
from core.workflow import View
from workflows.acts import STEERING, Back
from workflows.check_in_book import Log, log_keys
from workflows.check_in_words import past_day
from workflows.facts import TIER
from workflows.mutes import MUTED
from workflows.options import span, span_text
from workflows.plain_text import LONGEST_VALUE, one_line

NOTE: Final = "note"
"""The kind of the ledger's facts "an admin noted this about the member"."""
TRUSTED: Final = "trusted"
"""The tag that `/trust` gives; rules can say `exempt: tag:trusted`."""
RESUME: Final = "resume"
MOST_POINTS: Final = 100_000


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done. `said` is the key of the line that tells it, `stuck` what of it cannot be undone."""

    said: str
    did: str
    follows: tuple[Instructed, ...] = ()
    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    timers: tuple[SetTimer | DropTimer, ...] = ()
    back: tuple[Back, ...] = ()
    stuck: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with a command: the key of the sentence that helps."""

    says: str
    because: str
    values: Mapping[str, object] = field(default_factory=dict)


def log_looks(event: Instructed) -> tuple[Key[Any], ...]:
    """The log of check-ins that an order looks at, once it says which."""
    id_ = event.arguments.get("challenge")
    if event.verb != "checkin" or event.target is None or not isinstance(id_, str):
        return ()
    return tuple(log_keys(id_, event.target.account))


def order(event: Instructed, view: View) -> Order | Wrong:
    """What a command comes to."""
    return _ORDERS[event.verb](event, view)


def to(event: Instructed, workflow: str, verb: str, reason: str | None = None, **arguments: object) -> Instructed:
    """An order of the same admin, for the same reason unless it names another."""
    return Instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=event.actor,
        workflow=workflow,
        verb=verb,
        target=event.target,
        arguments=arguments,
        reason=_reason(event) if reason is None else one_line(reason, LONGEST_VALUE),
    )


def runs(view: View, workflow: str) -> bool:
    """Whether the group runs a workflow."""
    return workflow in view.group.bound


def rest(event: Instructed) -> str:
    """What stands behind the command and whom it names."""
    return str(event.arguments.get("rest", ""))


def _reason(event: Instructed) -> str:
    return one_line(event.reason or rest(event), LONGEST_VALUE)


def _timed(event: Instructed) -> timedelta | None:
    """The length of time that was given, as the first reading found it."""
    written = event.arguments.get("for")
    return span(written) if isinstance(written, str) else None


def _warn(event: Instructed, view: View) -> Order | Wrong:
    key = f"admin@{event.id}"
    return Order(
        said="did_warn",
        did="warn",
        follows=(to(event, "rules", "warn", key=key),),
        back=(Back(workflow="rules", verb="forgive", arguments={"key": key}),),
        values={"reason": _reason(event)},
    )


def _unwarn(event: Instructed, view: View) -> Order | Wrong:
    assert event.target is not None
    history = view.get(state.entries(WARNING, event.target.account))
    if sum(entry.amount for entry in history if entry.live(event.at)) <= 0:
        return Wrong(says="no_warnings", because="there is no warning to forgive")
    return Order(said="did_unwarn", did="forgive", follows=(to(event, "rules", "forgive"),), stuck=("forgive",))


def _mute(event: Instructed, view: View) -> Order | Wrong:
    length = _timed(event)
    told = {"for": span_text(length)} if length is not None else {}
    return Order(
        said="did_mute" if length is not None else "did_mute_open",
        did=f"mute {span_text(length)}" if length is not None else "mute",
        follows=(to(event, "rules", "mute", **told),),
        back=(Back(workflow="rules", verb="unmute"),),
        values={"span": length},
    )


def _unmute(event: Instructed, view: View) -> Order | Wrong:
    assert event.target is not None
    muted = view.get(MUTED.of(event.target.account))
    back: tuple[Back, ...] = ()
    if muted is not None and not muted.until:
        back = (Back(workflow="rules", verb="mute"),)
    elif muted is not None and muted.until > event.at.timestamp() + 60:
        left = span_text(timedelta(seconds=int(muted.until - event.at.timestamp())))
        back = (Back(workflow="rules", verb="mute", arguments={"for": left}),)
    return Order(
        said="did_unmute",
        did="unmute",
        follows=(to(event, "rules", "unmute"),),
        back=back,
        stuck=() if back else ("unmute",),
    )


def _kick(event: Instructed, view: View) -> Order | Wrong:
    return Order(said="did_kick", did="remove", follows=(to(event, "rules", "remove"),), stuck=("remove",))


def _ban(event: Instructed, view: View) -> Order | Wrong:
    length = _timed(event)
    told = {"for": span_text(length)} if length is not None else {}
    return Order(
        said="did_ban" if length is not None else "did_ban_open",
        did=f"ban {span_text(length)}" if length is not None else "ban",
        follows=(to(event, "rules", "ban", **told),),
        back=(Back(workflow="rules", verb="unban"),),
        values={"span": length},
    )


def _unban(event: Instructed, view: View) -> Order | Wrong:
    back = (Back(workflow="rules", verb="ban"),)
    return Order(said="did_unban", did="unban", follows=(to(event, "rules", "unban"),), back=back)


def _approve(event: Instructed, view: View) -> Order | Wrong:
    return Order(said="did_approve", did="approve", follows=(to(event, "rules", "approve"),), stuck=("approve",))


def _trust(event: Instructed, view: View) -> Order | Wrong:
    assert event.target is not None
    member = view.get(state.member(event.target.account))
    if member is not None and TRUSTED in member.tags:
        return Wrong(says="trusted_already", because="trusted already")
    tag = Tag(member=event.target.account, add=frozenset((TRUSTED,)))
    back = (Back(workflow=STEERING, verb="untrust"),)
    return Order(said="did_trust", did=f"tag {TRUSTED}", changes=(tag,), back=back)


def _points(event: Instructed, view: View) -> Order | Wrong:
    written, _, reason = rest(event).partition(" ")
    try:
        amount = int(written.replace("＋", "+").replace("－", "-").replace("−", "-"))
    except ValueError:
        return Wrong(says="points_how", because="no number of points is given")
    if amount == 0 or abs(amount) > MOST_POINTS:
        return Wrong(says="points_how", because="no number of points is given")
    key = f"admin@{event.id}"
    given = to(event, "rules", "points", reason, amount=amount, key=key)
    return Order(
        said="did_points",
        did=f"points {amount:+d}",
        follows=(given,),
        back=(Back(workflow="rules", verb="points", arguments={"amount": -amount, "key": f"back:{key}"}),),
        values={"amount": f"{amount:+d}", "reason": given.reason},
    )


def _tier(event: Instructed, view: View) -> Order | Wrong:
    if not runs(view, "tiers"):
        return Wrong(says="no_tiers", because="the group has no tiers")
    assert event.target is not None
    verb = str(event.arguments.get("verb", ""))
    before = view.get(TIER.of(event.target.account))
    old = before.tier if before is not None else None
    if verb == "set":
        written, _, reason = rest(event).partition(" ")
        wanted = _tier_called(written, view)
        if wanted is None:
            return Wrong(says="tier_how", because="no such tier", values={"tiers": ", ".join(_tiers(view))})
        if wanted == (old or "none"):
            return Wrong(says="tier_there", because="there already", values={"tier": wanted})
        back = Back(workflow="tiers", verb="set", arguments={"tier": old or "none"})
        asked = to(event, "tiers", "set", reason, tier=wanted)
        return Order(said="did_tier_set", did=f"tier {wanted}", follows=(asked,), back=(back,), values={"tier": wanted})
    if (before is not None and before.locked) == (verb == "lock"):
        return Wrong(says="tier_locked" if verb == "lock" else "tier_not_locked", because="there already")
    opposite = "unlock" if verb == "lock" else "lock"
    return Order(
        said=f"did_tier_{verb}",
        did=f"tier {verb}",
        follows=(to(event, "tiers", verb),),
        back=(Back(workflow="tiers", verb=opposite),),
    )


def _tiers(view: View) -> tuple[str, ...]:
    tiers = view.group.bound.get("tiers")
    return tuple(tiers.options.tiers) if tiers is not None else ()


def _tier_called(written: str, view: View) -> str | None:
    """A tier by its id or one of its names; "none" takes the tier away."""
    options = view.group.bound["tiers"].options
    if written in options.tiers or written == "none":
        return written
    names = {options.name(id_, language): id_ for id_ in options.tiers for language in view.group.languages}
    return names.get(written)


def challenge(event: Instructed, view: View) -> str | None:
    """The challenge that an order about check-ins means: the one that is named, or the only one."""
    known = _challenges(view)
    named = next((word for word in rest(event).split() if word in known), None)
    return named if named is not None or len(known) != 1 else known[0]


def _checkin(event: Instructed, view: View) -> Order | Wrong:
    """`challenge` was found out before, so that the log could be read."""
    id_, target = event.arguments.get("challenge"), event.target
    if not runs(view, "check_in"):
        return Wrong(says="no_check_ins", because="the group has no check-ins")
    if not isinstance(id_, str) or target is None:
        names = ", ".join(_challenges(view))
        return Wrong(says="checkin_which", because="no such challenge", values={"challenges": names})
    verb = str(event.arguments.get("verb", ""))
    words = rest(event).split()
    told: dict[str, object] = {"challenge": id_}
    if id_ in words:
        words.remove(id_)
    if verb == "grant_cards":
        number = next((word for word in words if word.isdecimal()), "1")
        told["cards"] = int(number) if len(number) < 5 else 0
        words = [word for word in words if word != number]
        shown = number
    else:
        today = view.group.day(event.at)
        day = next((found for word in words if (found := past_day(word, today)) is not None), None)
        if day is None:
            return Wrong(says="checkin_how", because="no day is named")
        words = [word for word in words if past_day(word, today) != day]
        told["day"] = shown = day.isoformat()
        counts = day in Log.of(*(view.get(key) for key in log_keys(id_, target.account))).days
        if verb != "excuse_day" and counts == (verb == "add_day"):
            key = "checkin_there" if counts else "checkin_not_there"
            return Wrong(says=key, because="there already" if counts else "not there", values={"day": shown})
    back: tuple[Back, ...] = ()
    if verb in _OPPOSITES:
        back = (Back(workflow="check_in", verb=_OPPOSITES[verb], arguments=told),)
    return Order(
        said=f"did_checkin_{verb}",
        did=f"{_DEEDS[verb]} {shown}",
        follows=(to(event, "check_in", verb, " ".join(words), **told),),
        back=back,
        stuck=() if back else (_DEEDS[verb],),
        values={"day": shown},
    )


_DEEDS: Final = {
    "add_day": "check-in",
    "remove_day": "no-check-in",
    "excuse_day": "excuse",
    "grant_cards": "cards",
}
_OPPOSITES: Final = {"add_day": "remove_day", "remove_day": "add_day"}


def _challenges(view: View) -> tuple[str, ...]:
    check_ins = view.group.bound.get("check_in")
    return tuple(check_ins.options) if check_ins is not None else ()


def _note(event: Instructed, view: View) -> Order | Wrong:
    text = one_line(rest(event), LONGEST_VALUE)
    if not text:
        return Wrong(says="note_how", because="nothing is written")
    assert event.target is not None
    key = f"note@{event.id}"
    by = event.actor.account
    post = Post(kind=NOTE, member=event.target.account, amount=1, rule="admin", reason=text, by=by, key=key)
    back = (Back(workflow=STEERING, verb="unnote", arguments={"key": key}),)
    return Order(said="did_note", did=NOTE, changes=(post,), back=back)


def _announce(event: Instructed, view: View) -> Order | Wrong:
    text = rest(event)
    if not text:
        return Wrong(says="announce_how", because="nothing is written")
    return Order(said="did_announce", did="say", effects=(Say(words=("📢 ", text)),), stuck=("say",))


def _pause(event: Instructed, view: View) -> Order | Wrong:
    length = _timed(event)
    until: datetime | None = event.at + length if length is not None else None
    put = Put(PAUSED.of_group(), Paused(since=event.at, until=until, by=event.actor.name))
    timer: SetTimer | DropTimer = SetTimer(key=RESUME, at=until) if until is not None else DropTimer(RESUME)
    return Order(
        said="did_pause" if length is not None else "did_pause_open",
        did="pause",
        changes=(put,),
        timers=(timer,),
        back=(Back(workflow=STEERING, verb="unpause"),),
        values={"span": length},
    )


def _resume(event: Instructed, view: View) -> Order | Wrong:
    if view.get(PAUSED.of_group()) is None:
        return Wrong(says="not_paused", because="nothing is paused")
    return Order(
        said="did_resume",
        did="resume",
        changes=(Put(PAUSED.of_group(), None),),
        timers=(DropTimer(RESUME),),
        stuck=("resume",),
    )


_ORDERS: Final[Mapping[str, Callable[[Instructed, View], Order | Wrong]]] = {
    "warn": _warn,
    "unwarn": _unwarn,
    "mute": _mute,
    "unmute": _unmute,
    "kick": _kick,
    "ban": _ban,
    "unban": _unban,
    "approve": _approve,
    "trust": _trust,
    "points": _points,
    "tier": _tier,
    "checkin": _checkin,
    "note": _note,
    "announce": _announce,
    "pause": _pause,
    "resume": _resume,
}
ORDERS: Final = frozenset(_ORDERS)
