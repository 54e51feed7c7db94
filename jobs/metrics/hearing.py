"""How long nothing was heard in a period: what was written then is in no number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.turnout import Days
from workflows.gaps import Gaps, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """How often nothing was heard on some platform, which ones, and for how many hours altogether; moments that nobody
    was told of are left out. `kept_from` is since when that is known, None where it is known of the whole period."""

    times: int
    hours: float
    platforms: tuple[str, ...]
    kept_from: datetime | None


def unheard_in(days: Days, gaps: Gaps) -> Unheard:
    """What of the gaps lies in a period."""
    cut = [
        replace(gap, since=max(gap.since, days.begins), until=min(gap.until, days.ends))
        for gap in gaps.latest
        if gap.long
    ]
    found = joined(gap for gap in cut if gap.since < gap.until)
    length = sum((one.span for one in found), timedelta())
    return Unheard(
        times=len(found),
        hours=length / timedelta(hours=1),
        platforms=tuple(dict.fromkeys(platform for one in found for platform in one.platforms)),
        kept_from=min(gaps.cut, days.ends) if gaps.cut is not None and gaps.cut > days.begins else None,
    )
