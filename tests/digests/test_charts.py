"""The charts: numbers where they belong, Chinese characters, and a picture where one can be drawn."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from importlib.util import find_spec

import pytest

from core.names import Named
from jobs.digest.build import chart_of
from jobs.digest.chart import Chart, drawn, svg
from jobs.digest.figures import Figures
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
    found = texts(svg(Chart(title="x", days=days, values=tuple(range(31))), "en"))
    assert 5 <= len([text for text in found if "/" in text]) <= 12


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
