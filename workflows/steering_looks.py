"""What the orders of admins look at, here and in the workflows that they lead to.

It follows from the verb and from whom the order is about, so it is read with the batch that holds the command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from core import state
from core.events import Instructed, MessagePosted
from core.pausing import PAUSED
from core.people import PERSON, Account
from core.state import POINTS, WARNING, Key
from workflows import presence, steering_books
from workflows.acts import ACTS
from workflows.ambassador_book import PATHS
from workflows.appeal_book import TALLY
from workflows.bans import BANNED
from workflows.facts import TIER
from workflows.gaps import GAPS
from workflows.mutes import MUTED
from workflows.onboarding_knocking import DOOR, KNOCKING
from workflows.onboarding_state import PROGRESS
from workflows.quiet_wishes import QUIET
from workflows.steering_desk import DESK
from workflows.steering_orders import NOTE, ORDERS
from workflows.survey_book import PLANS
from workflows.tier_standing import LOCK_FACT, TIER_FACT

_warnings = partial(state.entries, WARNING)
_sum = partial(state.balance, POINTS)
_ACCOUNTS: Final = (state.bonds, state.presences)
_OF_MEMBERS: Final[Mapping[str, tuple[Callable[[Account], Key[Any]], ...]]] = {
    "warn": (_warnings, _sum, TIER.of),
    "mute": _ACCOUNTS,
    "kick": _ACCOUNTS,
    "ban": (*_ACCOUNTS, MUTED.of),
    "unwarn": (_warnings,),
    "unmute": (*_ACCOUNTS, MUTED.of),
    "unban": (*_ACCOUNTS, BANNED.of),
    "approve": (KNOCKING.of, DOOR.of),
    "points": (_sum, TIER.of),
    "tier": (_sum, TIER.of, partial(state.entries, TIER_FACT), partial(state.balance, LOCK_FACT)),
    "onboarding": (PROGRESS.of,),
    "ambassador": (PATHS.of, QUIET.of),
    "undo": (*_ACCOUNTS, PROGRESS.of, TIER.of, _warnings, PATHS.of),
    "warns": (_warnings,),
    "why": (ACTS.of, TIER.of, partial(state.entries, NOTE)),
}
_OF_GROUPS: Final[Mapping[str, tuple[Key[Any], ...]]] = {
    "undo": (PAUSED.of_group(), PLANS.of_group()),
    "pause": (PAUSED.of_group(),),
    "resume": (PAUSED.of_group(),),
    "status": (PAUSED.of_group(), presence.STANDINGS.of_group(), GAPS.of_group(), TALLY.of_group()),
}
_DESK: Final = DESK.of_group()
_NOTHING_ELSE: Final = ()


def looks(verb: str, who: Account | None, event: MessagePosted | Instructed) -> tuple[Key[Any], ...]:
    """The state that an order looks at; `who` is whom it is about."""
    keys = _OF_GROUPS.get(verb, _NOTHING_ELSE)
    if who is not None:
        keys = (*keys, state.member(who), *[of(who) for of in _OF_MEMBERS.get(verb, _NOTHING_ELSE)])
        if verb == "why":
            keys = (*keys, steering_books.points(event, who))
    person = event.actor.kind is PERSON
    if person and verb in steering_books.ASKED:  # others are asked first who they are, and the desk remembers what for
        return keys
    if who is None and not (person and verb in ORDERS):
        return (*keys, _DESK)
    return (ACTS.of(who or event.actor.account), *keys, _DESK)
