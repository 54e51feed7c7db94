"""What can be known of a member: the values of `member.…` for conditions and texts, and the state that they need.

`reads` and `values` are asked with the same names: what is not named costs nothing. All windows are local days of the
group, today included. `reads` does not know the group's zone, so it asks for two days more and `values` cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from core.effects import Mention
from core.people import Account, Actor, Member, native_of
from core.state import POINTS, WARNING, Day, Entry, Key, Slot, balance, days, entries
from core.workflow import View
from workflows.check_in_hold import longest
from workflows.plain_text import LONGEST_NAME, one_line
from workflows.streaks import Streaks
from workflows.tier_standing import TIER, TierStanding
from workflows.vocabulary import MEMBER

__all__ = ["MEMBER", "NEVER_SEEN_JOINING", "STREAKS", "THANKS", "TIER", "Streaks", "TierStanding", "reads", "values"]

THANKS: Final = "thanks"
"""The kind of the ledger's facts "somebody thanked this member"; `by` is who did."""
INVITE_COUNTED: Final = "invite_counted"
"""The kind of the facts "somebody this member invited stayed and took part": +1, and -1 when it is taken back."""
NEVER_SEEN_JOINING: Final = 36500
"""`member.joined_days` of somebody who was there before us: a hundred years, so never a newcomer."""


STREAKS: Final = Slot("check_in.streaks", Streaks)

_DAYS: Final[Mapping[str, tuple[int, Callable[[Day], int]]]] = {
    "active_days_7d": (7, lambda day: day.active),
    "active_days_14d": (14, lambda day: day.active),
    "active_days_30d": (30, lambda day: day.active),
    "active_days_90d": (90, lambda day: day.active),
    "messages_7d": (7, lambda day: day.messages),
    "messages_30d": (30, lambda day: day.messages),
    "replies_given_30d": (30, lambda day: day.replies_given),
    "replies_received_30d": (30, lambda day: day.replies_received),
    "check_ins_30d": (30, lambda day: day.check_ins),
}
"""Sums over days: how many days back, and what is summed."""
_HELPED_DAYS: Final = 30
_MARGIN: Final = 2
"""Days by which a local day can lie off the UTC day, rounded up."""


def reads(names: Iterable[str], account: Account, at: datetime) -> tuple[Key[Any], ...]:
    """The keys that `values` will look at for the same arguments; names of other sections are ignored."""
    asked = _asked(frozenset(names))
    if not asked.kept and not asked.back:
        return ()
    keys = [key(account, at) for key in asked.kept]
    if asked.back:
        keys.append(_days(account, at, asked.back))
    return tuple(keys)


def values(names: Iterable[str], view: View, member: Member, at: datetime) -> dict[str, object]:
    """The fields of `member.…` that are named, by field. KeyError for a field that does not exist."""
    asked = _asked(frozenset(names))
    found = {name: _TELLERS[name](view, member, at) for name in asked.plain}
    if asked.windows:
        today = view.group.day(at)
        kept = view.get(_days(member.account, at, asked.back))
        for name in asked.windows:
            span, of = _DAYS[name]
            first = today - timedelta(days=span - 1)
            found[name] = sum([of(day) for day in kept if first <= day.day <= today])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Some fields sorted by where they come from: `windows` are sums over the last `back` days, `kept` make keys."""

    plain: tuple[str, ...]
    kept: tuple[Callable[[Account, datetime], Key[Any]], ...]
    windows: tuple[str, ...]
    back: int


@lru_cache(maxsize=4096)
def _asked(names: frozenset[str]) -> _Asked:
    """The fields of `member.…` among the names. They are options, so the same ones are asked for again and again."""
    fields = sorted(name.removeprefix("member.") for name in names if name.startswith("member."))
    return _Asked(
        plain=tuple(field for field in fields if field not in _DAYS),
        kept=tuple(_KEYS[field] for field in fields if field in _KEYS),
        windows=tuple(field for field in fields if field in _DAYS),
        back=max((_DAYS[field][0] for field in fields if field in _DAYS), default=0),
    )


def shown_name(who: Member | Actor) -> str:
    """Somebody's name on one line, without anything that could disturb the text around it; never empty."""
    return one_line(who.name, LONGEST_NAME) or native_of(who.account) or who.account


def _days(account: Account, at: datetime, back: int) -> Key[tuple[Day, ...]]:
    return days(account, (at - timedelta(days=back - 1 + _MARGIN)).date())


def _thanks(account: Account, at: datetime) -> Key[tuple[Entry, ...]]:
    """From a whole UTC day on, so that all events of one day ask for the same facts."""
    first = (at - timedelta(days=_HELPED_DAYS - 1 + _MARGIN)).date()
    return entries(THANKS, account, datetime.combine(first, time(), UTC))


_KEYS: Final[Mapping[str, Callable[[Account, datetime], Key[Any]]]] = {
    "points": lambda account, at: balance(POINTS, account),
    "warnings": lambda account, at: entries(WARNING, account),
    "tier": lambda account, at: TIER.of(account),
    "streak": lambda account, at: STREAKS.of(account),
    "helped_30d": _thanks,
    "invited": lambda account, at: balance(INVITE_COUNTED, account),
}


def _since(view: View, then: datetime, at: datetime) -> int:
    return max(0, (view.group.day(at) - view.group.day(then)).days)


def _joined_days(view: View, member: Member, at: datetime) -> int:
    return _since(view, member.joined, at) if member.joined is not None else NEVER_SEEN_JOINING


def _warnings(view: View, member: Member, at: datetime) -> int:
    return max(0, sum(entry.amount for entry in view.get(entries(WARNING, member.account)) if entry.live(at)))


def _tier(view: View, member: Member, at: datetime) -> str:
    standing = view.get(TIER.of(member.account))
    return standing.tier or "" if standing is not None else ""


def _streak(view: View, member: Member, at: datetime) -> int:
    streaks = view.get(STREAKS.of(member.account))
    return longest(view.group, streaks, at) if streaks is not None else 0


def _helped(view: View, member: Member, at: datetime) -> int:
    today = view.group.day(at)
    first = today - timedelta(days=_HELPED_DAYS - 1)
    thanked = view.get(_thanks(member.account, at))
    return len(
        {
            entry.by
            for entry in thanked
            if entry.by is not None and entry.by != member.person and first <= view.group.day(entry.at) <= today
        }
    )


_TELLERS: Final[Mapping[str, Callable[[View, Member, datetime], object]]] = {
    "id": lambda view, member, at: str(member.account),
    "name": lambda view, member, at: shown_name(member),
    "mention": lambda view, member, at: Mention(account=member.account, name=shown_name(member)),
    "language": lambda view, member, at: member.language or "",
    "staff": lambda view, member, at: member.staff,
    "roles": lambda view, member, at: sorted(member.roles),
    "tags": lambda view, member, at: sorted(member.tags),
    "joined_days": _joined_days,
    "seen_days": lambda view, member, at: _since(view, member.seen, at),
    "points": lambda view, member, at: view.get(balance(POINTS, member.account)),
    "warnings": _warnings,
    "tier": _tier,
    "streak": _streak,
    "helped_30d": _helped,
    "invited": lambda view, member, at: view.get(balance(INVITE_COUNTED, member.account)),
}
