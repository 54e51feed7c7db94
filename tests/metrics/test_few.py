"""Of few people, and of nothing, no rate is told; what happened all the same is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.workflow import Group
from jobs.metrics.figures import Activity, Metrics
from jobs.metrics.page import render
from jobs.metrics.parts import Grid, Row, Section, Voice, share
from jobs.metrics.telling_totals import upkeep
from jobs.metrics.telling_weeks import brought
from jobs.metrics.totals import Totals
from jobs.metrics.weeks import Week
from jobs.report.names import Names

FIRST = date(2026, 3, 2)
ACTIVITY = Activity(
    days=10, per_day=1.0, week=4, week_days=7, month=4, month_days=30, month_per_day=1.0, there=4, members=20, staff=1,
    messages=100, by_staff=0, half=1, half_staff=0,
)  # fmt: skip
TOTALS = Totals(
    warnings=2, warnings_before=1, checked_in=50, checked_in_before=60, invitations=None, invitations_before=None,
    points_given=0, points_given_before=0, points_taken=0, points_taken_before=0, conversions=(), tiers=(),
)  # fmt: skip


def row(section: Section, key: str) -> Row:
    return next(part for part in section.parts if isinstance(part, Row) and part.key == key)


@pytest.mark.parametrize(("joined", "told"), [(5, "0.80"), (4, "4/4"), (1, "4/1")], ids=["five", "four", "one"])
def test_what_few_newcomers_brought_is_no_coefficient(joined, told):
    fields: dict[str, Any] = dict.fromkeys(("started", "returned", "remained"))
    week = Week(
        first=date(2026, 3, 2), last=date(2026, 3, 8), joined=joined, left=0, again=0, made=1, brought=6, counted=4,
        **fields,
    )  # fmt: skip
    grid = brought([week], Voice("en"))[0]
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.rows[0]] == ["03-02", f"{joined}", "1", "6", "4", told]


@pytest.mark.parametrize(("warnings", "messages", "told"), [(2, 100, "2 · 20.0‰"), (2, 0, "2"), (0, 0, "0")])
def test_warnings_are_told_where_nobody_wrote(warnings, messages, told):
    now = replace(ACTIVITY, messages=messages)
    shown = upkeep(replace(TOTALS, warnings=warnings), now, ACTIVITY, Voice("en"))
    assert row(shown, "warnings").now == told


@pytest.mark.parametrize(
    ("members", "now", "change"),
    [(20, "5.0/20 25%", "+10 pts"), (4, "5.0/4", "−17%")],
    ids=["a share of many", "of fewer than did"],
)
def test_a_share_moves_in_points_and_what_has_none_in_percent(members, now, change):
    """Five of twenty a day against six of forty: fewer, and a larger share."""
    before = replace(ACTIVITY, members=40)
    told = row(upkeep(TOTALS, replace(ACTIVITY, members=members), before, Voice("en")), "checked_in")
    assert (told.now, told.before, told.change) == (now, "6.0/40 15%", change)


@pytest.mark.parametrize(
    ("part", "of", "told"),
    [(1, 300, "1/300 <1%"), (299, 300, "299/300 >99%"), (0, 300, "0/300 0%"), (300, 300, "300/300 100%")],
)
def test_something_is_not_told_as_nothing_nor_nearly_all_as_all(part, of, told):
    assert share(part, of) == told


def test_a_small_share_can_be_read_on_the_page():
    activity = replace(ACTIVITY, messages=300, by_staff=1)
    named = Names(Group(key="g"), "en")
    told = Metrics(
        group="g", community="G", zone="UTC", first=FIRST, last=FIRST, first_before=FIRST, last_before=FIRST,
        since=FIRST, activity=activity, totals=TOTALS,
    )  # fmt: skip
    assert "1/300 &lt;1%" in render([(told, named)], "en")
