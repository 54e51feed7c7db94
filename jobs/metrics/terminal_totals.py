"""What the ledger adds up to, in the terminal: invitations, check-ins, warnings, tiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from jobs.metrics import words
from jobs.metrics.figures import Activity
from jobs.metrics.layout import NONE, Voice, aside, count, row, share, table
from jobs.metrics.terminal_weeks import converted
from jobs.metrics.totals import Totals
from jobs.metrics.weeks import Week
from jobs.report.names import Names

MOST_GOALS: Final = 4
"""A table of more would not fit."""


def invitations(totals: Totals, weeks: Iterable[RenderableType], voice: Voice) -> Iterator[RenderableType]:
    """Made, joined, counted; then by week. Nothing where the group has no invitations."""
    now, before = totals.invitations, totals.invitations_before
    if now is None:
        return
    lines = [voice.heading()]
    for key, name in (("made", words.MADE), ("joined", words.BROUGHT), ("counted", words.COUNTED)):
        earlier = f"{getattr(before, key):,}" if before is not None else NONE
        lines.append(row(voice.say(name), f"{getattr(now, key):,}", earlier))
        lines.append(voice.meaning(f"total_{key}"))
    yield voice.section(words.INVITATIONS, *lines, *weeks)


def conversions(
    totals: Totals, weeks: Sequence[Week], goals: Mapping[str, str], voice: Voice
) -> Iterator[RenderableType]:
    """How often each goal was come to, then by week. `goals` are their names by id."""
    shown = totals.conversions[:MOST_GOALS]
    if not shown:
        return
    lines = [voice.heading()]
    for one in shown:
        earlier = f"{one.before:,}" if one.before is not None else NONE
        lines.append(row(goals[one.goal], f"{one.times:,}", earlier))
    lines += converted(weeks, {one.goal: goals[one.goal] for one in shown}, voice)
    lines.append(voice.meaning("conversions"))
    if len(totals.conversions) > MOST_GOALS:
        lines.append(aside(voice.say(words.MORE_GOALS, count=len(totals.conversions) - MOST_GOALS)))
    yield voice.section(words.CONVERSIONS, *lines)


def upkeep(totals: Totals, now: Activity, before: Activity | None, voice: Voice) -> RenderableType:
    """How the group keeps up: check-ins and warnings."""
    lines = [voice.heading()]
    if totals.checked_in is not None:
        lines.append(
            row(voice.say(words.CHECKED_IN), _rate(totals.checked_in, now), _rate(totals.checked_in_before, before))
        )
        lines.append(voice.meaning("checked_in"))
    lines.append(row(voice.say(words.WARNINGS), _warned(totals.warnings, now), _warned(totals.warnings_before, before)))
    lines.append(voice.meaning("warnings"))
    return voice.section(words.UPKEEP, *lines)


def tiers(totals: Totals, names: Names, voice: Voice) -> Iterator[RenderableType]:
    """Moves into each tier and out of it. Nothing where there are none."""
    if not any(flow.risen or flow.fallen or flow.out for flow in totals.tiers):
        return
    made = table(("", *map(voice.say, (words.RISEN, words.FALLEN, words.OUT))))
    for flow in totals.tiers:
        called = Text(names.tiers.get(flow.tier, flow.tier) or voice.say(words.NO_TIER))
        made.add_row(called, *map(count, (flow.risen, flow.fallen, flow.out)))
    yield voice.section(words.TIERS, made, aside(voice.say(words.DEFINITIONS["tiers"])))


def _rate(checked_in: int | None, activity: Activity | None) -> str:
    if checked_in is None or activity is None:
        return NONE
    return share(checked_in / activity.days, activity.members)


def _warned(warnings: int | None, activity: Activity | None) -> str:
    """How many, and how many that is for a thousand messages."""
    if warnings is None or activity is None or not activity.messages:
        return NONE
    return f"{warnings:,} · {warnings * 1000 / activity.messages:,.1f}‰"
