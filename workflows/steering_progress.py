"""Orders about how far a member has got: tiers, check-ins, onboarding."""

from __future__ import annotations

from typing import Final

from core.events import Instructed
from core.names import Named
from core.people import Member
from core.workflow import View
from workflows import deed_words
from workflows.acts import way_back
from workflows.check_in_book import Log, log_keys, name_of
from workflows.check_in_days import past_day
from workflows.check_in_options import CheckIns
from workflows.facts import TIER
from workflows.naming import QUOTES, leading
from workflows.onboarding_knocking import DOOR, KNOCKING, LET_IN
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS
from workflows.steering_order import Order, Wrong, rest, runs, to
from workflows.tier_options import Tiers


def tier(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """Lock, unlock, set, or work out anew."""
    if not runs(view, "tiers"):
        return Wrong(says="no_tiers", because="the group has no tiers")
    assert event.target is not None
    verb = str(event.arguments.get("verb", ""))
    before = view.get(TIER.of(event.target.account))
    old = before.tier if before is not None else None
    if verb == "set":
        wanted, reason = _tier_called(rest(event), view)
        if wanted is None:
            tiers = tuple(deed_words.tier(one, view.group) for one in _tiers(view))
            return Wrong(says="tier_how", because="no such tier", values={"tiers": tiers})
        called = deed_words.tier(wanted, view.group)
        if wanted == (old or "none"):
            return Wrong(says="tier_there", because="there already", values={"tier": called})
        back = way_back("tiers", "set", {"tier": old or "none"})
        asked = to(event, "tiers", "set", reason, tier=wanted)
        return Order(said="did_tier_set", did=f"tier {wanted}", follows=(asked,), back=(back,), values={"tier": called})
    if verb == "recalculate":
        back = way_back("tiers", "set", {"tier": old or "none"})
        asked = to(event, "tiers", "recalculate")
        return Order(said="did_tier_recalculate", did="tier recalculate", follows=(asked,), back=(back,))
    if (before is not None and before.locked) == (verb == "lock"):
        return Wrong(says="tier_locked" if verb == "lock" else "tier_not_locked", because="there already")
    opposite = "unlock" if verb == "lock" else "lock"
    return Order(
        said=f"did_tier_{verb}",
        did=f"tier {verb}",
        follows=(to(event, "tiers", verb),),
        back=(way_back("tiers", opposite),),
    )


def _tiers(view: View) -> tuple[str, ...]:
    options = view.group.options(Tiers)
    return tuple(options.tiers) if options is not None else ()


def _tier_called(written: str, view: View) -> tuple[str | None, str]:
    """The tier that an order begins with, by its id or one of its names, of several words perhaps; and what follows.
    "none" takes the tier away."""
    options = view.group.options(Tiers)
    assert options is not None
    names = {options.name(id_, language).casefold(): id_ for id_ in options.tiers for language in view.group.languages}
    names |= {_NO_TIER: _NO_TIER} | {id_: id_ for id_ in options.tiers}
    return leading(written, names)


_NO_TIER: Final = "none"


def challenge(event: Instructed, view: View) -> str | None:
    """The challenge that an order about check-ins means: the one that is named, or the only one."""
    known = _challenges(view)
    named = next((id_ for word in rest(event).split() if (id_ := _challenge_called(word, view)) is not None), None)
    return named if named is not None or len(known) != 1 else known[0]


def _challenge_called(word: str, view: View) -> str | None:
    """A challenge by its id or one of its names."""
    known = _challenges(view)
    if word in known:
        return word
    if not known:
        return None
    options = view.group.bound["check_in"].options
    called = word.strip(QUOTES)
    return next(
        (one for one in known for tongue in view.group.languages if name_of(one, options[one], tongue) == called), None
    )


def checkin(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """`challenge` was found out before, so that the log could be read."""
    id_, target = event.arguments.get("challenge"), event.target
    if not runs(view, "check_in"):
        return Wrong(says="no_check_ins", because="the group has no check-ins")
    if not isinstance(id_, str) or target is None:
        names = tuple(_shown(one, view) for one in _challenges(view))
        return Wrong(says="checkin_which", because="no such challenge", values={"challenges": names})
    verb = str(event.arguments.get("verb", ""))
    words = rest(event).split()
    told: dict[str, object] = {"challenge": id_}
    written = next((word for word in words if _challenge_called(word, view) == id_), None)
    if written is not None:
        words.remove(written)
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
    back: tuple[str, ...] = ()
    if verb in _OPPOSITES:
        back = (way_back("check_in", _OPPOSITES[verb], told),)
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


def _shown(id_: str, view: View) -> Named:
    """A challenge as it can be written: its name, and its id where that is another."""
    challenge = view.group.bound["check_in"].options[id_]
    told = {tongue: name_of(id_, challenge, tongue) for tongue in view.group.languages}
    marks = {"zh": "{}（{}）"}
    both = {
        tongue: marks.get(tongue, "{} ({})").format(name, id_) if name != id_ else id_ for tongue, name in told.items()
    }
    return Named(both[view.group.languages[0]], both)


def _challenges(view: View) -> tuple[str, ...]:
    check_ins = view.group.options(CheckIns)
    return tuple(check_ins) if check_ins is not None else ()


def approve(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """Let somebody in: past the door if they stand at it, else whoever asked. Who did is known only where requests are
    asked about; elsewhere even a member may have gone unheard, and asked again."""
    assert event.target is not None
    who = event.target.account
    at_door, knocking = view.get(DOOR.of(who)), view.get(KNOCKING.of(who))
    options = view.group.options(Onboarding)
    here = member is not None and member.left is None
    came = here and member is not None and member.joined is not None
    if options is not None and here and at_door is not None and at_door.open:
        asked = to(event, "onboarding", LET_IN)
        return Order(said="did_let_in", did="approve", follows=(asked,), stuck=("approve",))
    entry = options.entry if options is not None else None
    if entry is not None and entry.asks_requests and (knocking is None or not knocking.open):
        if came:
            return Wrong(says="approve_here", because="is in the group already")
        return Wrong(says="approve_nobody", because="no request is open")
    said = "did_approve_here" if came else "did_approve"
    return Order(said=said, did="approve", follows=(to(event, "rules", "approve"),), stuck=("approve",))


def onboarding(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """Begin again, count as done, or ask no more. What stood before is kept, so that it can be put back."""
    bound = view.group.bound.get("onboarding")
    if bound is None:
        return Wrong(says="no_onboarding", because="the group has no onboarding")
    assert event.target is not None
    who, verb = event.target.account, str(event.arguments.get("verb", ""))
    progress = view.get(PROGRESS.of(who))
    stage = progress.stage if progress is not None else None
    if member is not None and member.staff:
        return Wrong(says="onboarding_staff", because="admins are not onboarded")
    if member is not None and member.left is not None:
        return Wrong(says="onboarding_gone", because="the member has left")
    if verb == "complete" and stage in ("tasks", "done"):
        return Wrong(says="onboarding_done", because="has answered every step already")
    if verb == "skip" and stage in ("skipped", "done"):
        return Wrong(says="onboarding_over", because="is not asked any more")
    options: Onboarding = bound.options
    pays = verb == "complete" and options.on_complete and not (progress and "complete" in progress.paid)
    return Order(
        said=f"did_onboarding_{verb}",
        did=f"onboarding {verb}",
        follows=(to(event, "onboarding", verb, key=event.id),),
        back=(way_back("onboarding", "revert", {"order": event.id}),),
        stuck=("rewards",) if pays else (),
    )
