"""What still stands of an act: an order that is to take it back must change something, and undo nothing newer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from core import state
from core.events import Instructed
from core.pausing import PAUSED
from core.people import Account
from core.state import WARNING, Key
from core.workflow import View
from workflows import acts, ambassador_orders, conversions, deed_words, ladder
from workflows.acts import STEERING, Act, Acts, Back
from workflows.check_in_book import Log, log_keys
from workflows.facts import TIER
from workflows.onboarding_state import PROGRESS, untouched
from workflows.steering_order import OVER, Wrong
from workflows.survey_book import PLANS, Plans

TRUSTED: Final = "trusted"
"""The tag that `/trust` gives; rules can say `exempt: tag:trusted`."""
_LIFTED: Final = {"unmute": "mute", "mute": "unmute", "unban": "ban", "ban": "unban"}
_LOCKS: Final = frozenset(("lock", "unlock"))


def challenge(act: Act) -> str | None:
    """The challenge whose log tells whether an act still stands; None where none does."""
    return next((str(back.arguments["challenge"]) for back in ways(act) if back.workflow == "check_in"), None)


def further_looks(event: Instructed) -> tuple[Key[Any], ...]:
    """The log of check-ins or the count of conversions that an order looks at, once it says which."""
    goal = event.arguments.get("goal")
    if event.verb == "conversion" and event.target is not None and isinstance(goal, str):
        return (conversions.counted(goal, event.target.account),)
    id_ = event.arguments.get("challenge")
    if event.verb not in _OF_LOGS or event.target is None or not isinstance(id_, str):
        return ()
    return tuple(log_keys(id_, event.target.account))


_OF_LOGS: Final = frozenset(("checkin", "undo"))


def ways(act: Act) -> Iterator[Back]:
    """The orders that would take an act back."""
    return map(Back.read, act.back)


def did(back: Back) -> str:
    """What an order takes back, in the word that tells it."""
    return _LIFTED.get(back.verb, "warn") if back.workflow == "rules" else back.verb


def in_vain(back: Back, id_: str, held: Acts, event: Instructed, view: View) -> Wrong | None:
    """Why an order that is to take an act back would change nothing, or something newer; None where it is right."""
    assert event.target is not None
    who, act = event.target.account, held.last[id_]
    match back.workflow:
        case "rules" if back.verb in _LIFTED:
            return None if acts.lasts(id_, _LIFTED[back.verb], held, event.at) else OVER
        case "rules" if back.verb == "forgive":
            live = ladder.counting(view.get(state.entries(WARNING, who)), event.at)
            return None if any(entry.key == back.arguments.get("key") for entry in live) else OVER
        case "tiers":
            return _tier(back, act, who, view) or _replaced(back, id_, held)
        case "check_in":
            log = Log.of(*(view.get(key) for key in log_keys(str(back.arguments["challenge"]), who)))
            counts = any(day.isoformat() == back.arguments.get("day") for day in log.days)
            return _replaced(back, id_, held) if counts == (back.verb == "remove_day") else OVER
        case "ambassadors":
            return ambassador_orders.in_vain(back, who, view)
        case "onboarding":
            return _onboarding(back, who, view)
        case conversions.NAME:
            return _replaced(back, id_, held)
        case "surveys":
            opened = (view.get(PLANS.of_group()) or Plans()).open_(str(back.arguments.get("id")), event.at)
            return None if opened is not None and opened.run == back.arguments.get("run") else OVER
        case workflow if workflow == STEERING and back.verb == "unpause":
            paused = view.get(PAUSED.of_group())
            return None if paused is not None and paused.since == act.at else OVER
        case workflow if workflow == STEERING and back.verb == "untrust":
            member = view.get(state.member(who))
            return None if member is not None and TRUSTED in member.tags else OVER
    return None


def _tier(back: Back, act: Act, who: Account, view: View) -> Wrong | None:
    """Why the tier or its lock is not as the act left it. What a recalculation came to is not known beforehand."""
    standing = view.get(TIER.of(who))
    if back.verb in _LOCKS:
        locked = standing is not None and standing.locked
        return None if locked == (back.verb == "unlock") else OVER
    now = (standing.tier if standing is not None else None) or "none"
    if now == back.arguments.get("tier"):
        return Wrong(says="undo_tier_there", because="there already", values={"tier": deed_words.tier(now, view.group)})
    return None if {f"tier {now}", "tier recalculate"} & set(act.did) else OVER


def _replaced(back: Back, id_: str, held: Acts) -> Wrong | None:
    """Why an act no longer is the last word on what it was about: an admin ordered otherwise since."""
    ids = list(held.last)
    later = (held.last[one] for one in ids[ids.index(id_) + 1 :])
    newer = (_matter(way) for one in later if not one.undone for way in ways(one))
    return OVER if _matter(back) in newer else None


def _matter(back: Back) -> tuple[object, ...]:
    if back.workflow == "check_in":
        return (back.workflow, back.arguments.get("challenge"), back.arguments.get("day"))
    if back.workflow == conversions.NAME:
        return (back.workflow, back.arguments.get("goal"))
    return (back.workflow, back.verb in _LOCKS)


def _onboarding(back: Back, who: Account, view: View) -> Wrong | None:
    member = view.get(state.member(who))
    if member is not None and member.left is not None:
        return Wrong(says="undo_gone", because="the member has left")
    if not untouched(view.get(PROGRESS.of(who)), back.arguments.get("order")):
        return Wrong(says="undo_moved_on", because="something has come of the order since")
    return None
