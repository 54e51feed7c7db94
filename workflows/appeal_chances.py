"""What a member can appeal against, and from when on; why there is nothing, or no more for now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from core.people import Account
from core.workflow import View
from workflows import appeal_book
from workflows.acts import Act
from workflows.appeal_book import APPEALED, Appealed
from workflows.appeal_options import Appeals

_A_MONTH: Final = timedelta(days=30)


def open_acts(who: Account, options: Appeals, view: View, at: datetime) -> Iterable[tuple[str, Act]]:
    """The acts that stand and were not appealed against yet, the newest first; what waits for its time was not."""
    kept = view.get(APPEALED.of(who)) or Appealed()
    made = {id_ for id_, one in kept.of.items() if one.stage != "early"}
    return ((id_, act) for id_, act in appeal_book.standing(who, view, at, options.within) if id_ not in made)


def lately(who: Account, view: View, at: datetime) -> list[datetime]:
    """When the member appealed within a month."""
    kept = view.get(APPEALED.of(who)) or Appealed()
    return [one.at for one in kept.of.values() if one.stage != "early" and at - one.at < _A_MONTH]


def none_left(
    who: Account, acts: Mapping[str, Act], options: Appeals, view: View, at: datetime
) -> tuple[str, str, dict[str, object]] | None:
    """Why nothing can be appealed against, whenever: the key that says so, the reason, what it speaks of. None if
    something can."""
    kept = view.get(APPEALED.of(who)) or Appealed()
    if not options.open:
        return "closed", "nobody can appeal here", {}
    if not acts:
        if any(one.stage == "open" for one in kept.of.values()):
            return "waiting", "the appeal is with the admins", {}
        key = "once" if any(True for _ in appeal_book.standing(who, view, at, options.within)) else "nothing"
        return key, "there is nothing to appeal against", {}
    many = len(lately(who, view, at))
    if many >= options.most:
        return "too_many", f"{many} appeals within 30 days", {"most": options.most}
    return None


def begins(who: Account, act: Act, options: Appeals, view: View, at: datetime) -> datetime:
    """From when on the admins take an appeal against an act: a while after it, and after the last appeal."""
    made = lately(who, view, at)
    first = act.at + options.wait
    return max(first, max(made) + options.between) if made else first
