"""Days as a digest writes them, in its words and under its charts."""

from __future__ import annotations

from datetime import date
from typing import Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_in(language: str, day: date) -> str:
    """A day in a sentence: `3月23日`, `23 Mar`."""
    return f"{day.month}月{day.day}日" if language == "zh" else f"{day.day} {_MONTHS[day.month - 1]}"


def short_day_in(language: str, day: date) -> str:
    """A day where there is little room: `3/23`, `23 Mar`."""
    return f"{day.month}/{day.day}" if language == "zh" else day_in(language, day)
