"""The charts: numbers where they belong, Chinese characters, and a picture where one can be drawn."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from importlib.util import find_spec
from itertools import pairwise

import pytest

from core.names import Named
from jobs.digest.build import chart_of
from jobs.digest.chart import WIDTH, Chart, drawn, svg
from jobs.digest.figures import Figures
from jobs.report.charts import Series, by_day
from tests.digests.group import OPTIONS, community
from workflows.digest_options import Digest
from workflows.digest_periods import Period

DAYS = tuple(date(2026, 3, 23) + timedelta(days=n) for n in range(7))
WEEK = Period(span="week", first=DAYS[0], last=DAYS[-1])
CHART = Chart(
    title="晨读营 · 每日打卡", days=DAYS, values=(3, 0, 12, 7, 9, 1, 4), before=(1,) * 7, names=("本期", "上期")
)


def texts(drawing: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")]


def test_every_day_has_its_bar_its_number_and_its_name():
    found = texts(svg(CHART, "zh"))
    assert found[:3] == ["晨读营 · 每日打卡", "上期", "本期"]
    assert [text for text in found if text.startswith("周")] == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    assert [text for text in found if "/" in text] == ["3/23", "3/24", "3/25", "3/26", "3/27", "3/28", "3/29"]
    assert {"12", "7", "9"} <= set(found)


def test_a_month_has_fewer_dates_than_days():
    days = tuple(date(2026, 3, 1) + timedelta(days=n) for n in range(31))
    for language, mark in (("zh", "/"), ("en", " Mar")):
        found = texts(svg(Chart(title="x", days=days, values=tuple(range(31))), language))
        assert 5 <= len([text for text in found if mark in text]) <= 12


@pytest.mark.parametrize(
    ("title", "size"),
    [("晨读营 · 每日打卡", 30), ("Orchid Pavilion Gathering · Check-ins by day", 28), ("雅" * 40, 16), ("x" * 99, 15)],
)
def test_a_long_title_is_written_smaller(title, size):
    drawing = ET.fromstring(svg(Chart(title=title, days=DAYS, values=(1,) * 7), "zh"))
    first = next(drawing.iter("{http://www.w3.org/2000/svg}text"))
    assert first.get("font-size") == str(size)


def test_dates_are_written_as_in_the_digest_beside_the_chart():
    found = texts(svg(CHART, "en"))
    assert [text for text in found if "Mar" in text] == [f"{day} Mar" for day in range(23, 30)]
    assert not [text for text in found if "/" in text]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("length", range(8, 32))
def test_dates_neither_touch_nor_stick_out(language, length):
    days = tuple(date(2026, 10, 31) - timedelta(days=n) for n in reversed(range(length)))
    drawing = ET.fromstring(svg(Chart(title="x", days=days, values=(1,) * length), language))
    nodes = [node for node in drawing.iter("{http://www.w3.org/2000/svg}text") if node.get("text-anchor") == "middle"]
    told = {float(node.get("x", 0)): node.text or "" for node in nodes}
    dates = {x: text for x, text in told.items() if "/" in text or "Oct" in text}
    spans = [(x - 6 * len(text), x + 6 * len(text)) for x, text in dates.items()]
    assert len(spans) >= 4
    assert all(left[1] < right[0] for left, right in pairwise(spans))
    assert spans[-1][1] <= WIDTH - 12


@pytest.mark.parametrize("values", [(60, 61, 62, 63), (5, 9), (0, 1), (100, 131, 140)])
def test_the_marks_of_a_scale_are_as_far_from_each_other(values):
    days = DAYS[: len(values)]
    low, middle, high = texts(svg(Chart(title="x", days=days, values=values, rising=True), "zh"))[1:4]
    assert int(middle) - int(low) == int(high) - int(middle)


@pytest.mark.parametrize(
    ("most", "scale"), [(1, 1), (3, 4), (9, 10), (106, 120), (131, 160), (199, 200), (250, 300), (1001, 1200)]
)
def test_an_axis_of_the_report_ends_a_little_above_what_is_drawn(most, scale):
    drawing = by_day(["2026-03-01"], [Series(name="x", values=[most], tone="a")], "x")
    nodes = ET.fromstring(drawing).iter("text")
    ticks = [int(str(node.text).replace(",", "")) for node in nodes if node.get("text-anchor")]
    assert max(ticks) == scale
    assert sorted(ticks) in ([0, 1], [0, scale // 2, scale])


@pytest.mark.parametrize("values", [(0,) * 7, (1,) * 7, (1_000_000,) * 7], ids=["nothing", "one", "a million"])
def test_any_numbers_can_be_drawn(values):
    for rising in (False, True):
        ET.fromstring(svg(Chart(title="x", days=DAYS, values=values, rising=rising), "zh"))


@pytest.mark.parametrize(
    ("most", "scale"),
    [(1400, ["0", "1,000", "2,000"]), (90_000, ["0", "50k", "100k"]), (3_500_000, ["0", "2M", "4M"])],
    ids=["thousands", "ten thousands", "millions"],
)
def test_the_scale_has_room_beside_the_bars(most, scale):
    days = tuple(date(2026, 3, 1) + timedelta(days=n) for n in range(20))
    found = texts(svg(Chart(title="x", days=days, values=(most,) * 20), "zh"))
    assert found[1:4] == scale


def test_a_title_cannot_become_markup():
    assert texts(svg(Chart(title="<script>&", days=DAYS, values=(1,) * 7), "zh"))[0] == "<script>&"


def test_members_are_counted_back_from_today():
    digest = Digest.model_validate({**OPTIONS, "chart": "members_by_day"})
    figures = Figures(period=WEEK, members=10, joined=(DAYS[1], DAYS[5]), left=(DAYS[2],))
    assert chart_of(community(), digest, figures, "zh").values == (9, 10, 9, 9, 9, 10, 10)


def test_a_chart_is_titled_with_the_communitys_name_in_its_language():
    digest = Digest.model_validate({**OPTIONS, "chart": "members_by_day"})
    group = replace(community(), community=Named("晨读营", {"zh": "晨读营", "en": "Morning Camp"}))
    titles = [chart_of(group, digest, Figures(period=WEEK), language).title for language in ("zh", "en")]
    assert titles == ["晨读营 · 成员人数", "Morning Camp · Members"]


@pytest.mark.skipif(find_spec("resvg_py") is None, reason="the package resvg-py is not installed")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_picture_is_as_wide_as_a_phone_shows_well(language):
    picture = drawn(CHART, language)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1080, 690)


@pytest.mark.parametrize(
    ("members", "language", "note"),
    [
        (1210, "en", "The scale begins at 1,207."),
        (1210, "zh", "刻度从 1,207 起，不是从 0 起"),
        (2, "en", None),
    ],
)
def test_a_line_over_its_own_range_says_where_the_scale_begins(members, language, note):
    """Two came: a steep line, though there were twelve hundred before them."""
    digest = Digest.model_validate({**OPTIONS, "chart": "members_by_day"})
    figures = Figures(period=WEEK, members=members, joined=(DAYS[2], DAYS[4]))
    chart = chart_of(community(), digest, figures, language)
    drawing = svg(chart, language)
    assert (note in texts(drawing)) if note else not chart.note, texts(drawing)
    assert ("stroke-dasharray" in drawing) == bool(note)
