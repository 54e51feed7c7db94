"""What the ledger adds up to: conversions, invitations, check-ins, points, warnings, tiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from jobs.metrics import words
from jobs.metrics.figures import Activity
from jobs.metrics.parts import NONE, Cell, Grid, Note, Part, Row, Section, Voice, count, number, share
from jobs.metrics.telling_weeks import brought, converted
from jobs.metrics.totals import Totals
from jobs.metrics.weeks import Week
from jobs.report.names import Names

MOST_GOALS: Final = 4
"""A table of more would not fit."""


def conversions(totals: Totals, weeks: Sequence[Week], goals: Mapping[str, str], voice: Voice) -> Section:
    """How often each goal was come to, then by week. `goals` are their names by id."""
    shown = totals.conversions[:MOST_GOALS]
    if not shown:
        return voice.idle("conversions", words.CONVERSIONS, words.NO_CONVERSIONS)
    parts: list[Part] = [voice.heading()]
    for one in shown:
        change = voice.change(one.counted, one.counted_before)
        now, earlier = number(one.counted), number(one.counted_before)
        parts.append(Row(name=goals[one.goal], now=now, before=earlier, change=change))
        parts += _taken_back((one.taken_back, one.times), (one.taken_back_before, one.before), voice)
    parts += converted(weeks, {one.goal: goals[one.goal] for one in shown}, voice)
    parts.append(Note(text=voice.meaning("conversions")))
    if any(one.taken_back or one.taken_back_before for one in shown):
        parts.append(Note(text=voice.meaning("left_of_it")))
    if len(totals.conversions) > MOST_GOALS:
        parts.append(Note(text=voice.say(words.MORE_GOALS, count=len(totals.conversions) - MOST_GOALS)))
    return voice.section("conversions", words.CONVERSIONS, parts)


def invitations(totals: Totals, weeks: Sequence[Week], voice: Voice) -> Section:
    """Made, joined, counted; then by week, with whom each brought."""
    now, before = totals.invitations, totals.invitations_before
    if now is None:
        return voice.idle("invitations", words.INVITATIONS, words.NO_INVITATIONS)
    parts: list[Part] = [voice.heading()]
    for key, name in (("made", words.MADE), ("joined", words.BROUGHT), ("came", words.COUNTED)):
        told, earlier = getattr(now, key), getattr(before, key, None)
        parts.append(
            Row(
                name=voice.say(name),
                now=number(told),
                before=number(earlier),
                beneath=(voice.meaning(f"total_{key}"),),
                key=f"total_{key}",
                change=voice.change(told, earlier),
            )
        )
    earlier_left = (before.taken_back, before.counted) if before is not None else (None, None)
    if taken_back := [*_taken_back((now.taken_back, now.counted), earlier_left, voice)]:
        parts += [*taken_back, Note(text=voice.meaning("left_of_it"))]
    return voice.section("invitations", words.INVITATIONS, [*parts, *brought(weeks, voice)])


def _taken_back(now: tuple[int, int], before: tuple[int | None, int | None], voice: Voice) -> Iterator[Row]:
    """What was taken back, and what is left, beneath what was counted; nothing where none was in either period."""
    if now[0] or before[0]:
        for name, told, earlier in zip((words.TAKEN_BACK, words.LEFT_OF_IT), now, before, strict=True):
            yield Row(name=f"· {voice.say(name)}", now=number(told), before=number(earlier))


def upkeep(totals: Totals, now: Activity, before: Activity | None, voice: Voice) -> Section:
    """How the group keeps up: check-ins, points and warnings."""
    rows = (_checked_in(totals, now, before, voice), *_points(totals, voice), _warnings(totals, now, before, voice))
    return voice.section("upkeep", words.UPKEEP, [voice.heading(), *rows])


def tiers(totals: Totals, names: Names, voice: Voice) -> Section:
    """Moves into each tier and out of it."""
    if not any(flow.risen or flow.fallen or flow.out for flow in totals.tiers):
        return voice.idle("tiers", words.TIERS, words.NO_MOVES if totals.tiers else words.NO_TIERS)
    grid = Grid(
        columns=("", *map(voice.say, (words.RISEN, words.FALLEN, words.OUT))),
        rows=tuple(
            (
                Cell(text=names.tiers.get(flow.tier, flow.tier) or voice.say(words.NO_TIER)),
                *(Cell(text=count(moves)) for moves in (flow.risen, flow.fallen, flow.out)),
            )
            for flow in totals.tiers
        ),
    )
    return voice.section("tiers", words.TIERS, [grid, Note(text=voice.meaning("tiers"))])


def _checked_in(totals: Totals, now: Activity, before: Activity | None, voice: Voice) -> Row:
    name = voice.say(words.CHECKED_IN)
    if totals.checked_in is None:
        return Row(name=name, now=NONE, before=NONE, beneath=(voice.say(words.NO_CHECK_INS),), idle=True)
    told, earlier = totals.checked_in / now.days, None
    if before is not None and totals.checked_in_before is not None:
        earlier = totals.checked_in_before / before.days
    return Row(
        name=name,
        now=share(told, now.members),
        before=share(earlier, before.members) if before is not None and earlier is not None else NONE,
        beneath=(voice.meaning("checked_in"),),
        key="checked_in",
        change=_share_moved(told, now, earlier, before, voice),
    )


def _share_moved(told: float, now: Activity, earlier: float | None, before: Activity | None, voice: Voice) -> str:
    """In points of a hundred where both shares are told; else as the mean went."""
    was = (earlier, before.members if before is not None else None)
    return voice.moved((told, now.members), was) or voice.change(told, earlier)


def _points(totals: Totals, voice: Voice) -> Iterator[Row]:
    """Given and taken, where there ever were any in these days or those before."""
    given, taken = totals.points_given, totals.points_taken
    if not (given or taken or totals.points_given_before or totals.points_taken_before):
        yield Row(
            name=voice.say(words.GIVEN), now=number(0), before=NONE, beneath=(voice.say(words.NO_POINTS),), idle=True
        )
        return
    for key, name in (("points_given", words.GIVEN), ("points_taken", words.TAKEN)):
        told, earlier = getattr(totals, key), getattr(totals, f"{key}_before")
        if told or earlier:
            yield Row(
                name=voice.say(name),
                now=number(told),
                before=number(earlier),
                beneath=(voice.meaning(key),),
                key=key,
                change=voice.change(told, earlier),
            )


def _warnings(totals: Totals, now: Activity, before: Activity | None, voice: Voice) -> Row:
    return Row(
        name=voice.say(words.WARNINGS),
        now=_warned(totals.warnings, now),
        before=_warned(totals.warnings_before, before),
        beneath=(voice.meaning("warnings"),),
        key="warnings",
        change=voice.change(totals.warnings, totals.warnings_before),
    )


def _warned(warnings: int | None, activity: Activity | None) -> str:
    """How many, and how many that is for a thousand messages, if there were any."""
    if warnings is None or activity is None:
        return NONE
    if not activity.messages:
        return number(warnings)
    return f"{warnings:,} · {warnings * 1000 / activity.messages:,.1f}‰"
