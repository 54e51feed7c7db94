"""A day that is told twice, by its date and its weekday: `4月8日（周三）`, `Wednesday, April 8`. It is one day.

Where the two do not agree, nobody can say which is meant; with a comma between them they may be two days, too.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Final

from workflows.check_in_dates import A_DAY, by_date, day_of, weekday_of
from workflows.check_in_lists import AND, TO

_BESIDE: Final = re.compile(r"\s*[,，]?\s*[(（]?\s*")
_CLOSED: Final = re.compile(r"\s*[)）]")
_GOES_ON: Final = re.compile(rf"{TO.pattern}|{AND.pattern}|[\s,，;；(（)）]*", re.IGNORECASE)


def told_once(text: str, today: date, ahead: int) -> str | None:
    """A text that is `spelled`, with each such day by its date alone; None if it begins with days of which one has
    another weekday. `ahead` is the asked side of today, as `day_of` has it."""
    days = list(A_DAY.finditer(text))
    kept, at = "", 0
    begins = bool(days) and days[0].start() == 0
    for first, second in pairwise(days):
        between = text[first.end() : second.start()]
        date_, weekday = (first, second) if by_date(first) else (second, first)
        wanted = weekday_of(weekday, today)
        if first.start() >= at and by_date(date_) and wanted is not None and _BESIDE.fullmatch(between):
            day = day_of(date_, today, ahead=ahead)
            if day is not None and day.weekday() == wanted[0] and wanted[1] in (None, day):
                closed = _CLOSED.match(text, second.end()) if between.rstrip().endswith(("(", "（")) else None
                kept += text[at : first.start()] + date_[0]
                at = (closed or second).end()
            elif begins and not between.strip(" \t(（"):
                return None
        begins = begins and _GOES_ON.fullmatch(between) is not None
    return kept + text[at:]
