"""Names that are given twice are told, where people write them in chats."""

from __future__ import annotations

import pytest

from tests.config.test_post_meaning import DESK
from tests.config.test_probably_meant import line, told

GOALS = "conversions: {trial: {name: {zh: 试用, en: Trial}}, order: {name: X}}\n"
KINDS = "ambassadors: {koc: {name: {zh: 达人, en: Trial}}, kol: {name: X}}\n"
TIERS = "tiers: {seed: {name: {zh: 种子, en: Trial}, from: 0}, tree: {name: X, from: 9}}\n"
EVENTS = "events: {tea: {title: {zh: 茶会, en: Trial}, at: fri 20:00}, walk: {title: X, at: sat 09:00}}\n"


@pytest.mark.parametrize(
    ("body", "path", "twin"),
    [
        (GOALS, "conversions.order.name", "trial"),
        (KINDS, "ambassadors.kol.name", "koc"),
        (EVENTS, "events.walk.title", "tea"),
        (TIERS, "tiers.tree.name", "seed"),
    ],
)
def test_a_name_that_two_share_is_warned_of(tmp_path, body, path, twin):
    (warning,) = told(tmp_path, body.replace("X", "{zh: 别的, en: trial}"))
    assert f"{path}.en: `{twin}` is called `trial`, too, and who writes the name means one of them only" in line(
        warning
    )
    assert f"`{twin}` 也叫 `trial`" in line(warning, "zh")


@pytest.mark.parametrize("body", [GOALS, KINDS, EVENTS, TIERS])
def test_names_of_their_own_pass(tmp_path, body):
    assert told(tmp_path, body.replace("X", "{zh: 别的, en: Other}")) == []


def test_so_do_events_of_different_groups(tmp_path):
    body = EVENTS.replace("X", "{zh: 茶会, en: Trial}, to: hall").replace("at: fri 20:00", "at: fri 20:00, to: room")
    assert told(tmp_path, body, DESK) == []


@pytest.mark.parametrize(("second", "count"), [("2027-05-10 07:00", 0), ("2027-04-12 07:00", 1), ("sat 07:00", 1)])
def test_so_do_events_of_one_day_each_that_are_never_open_at_once(tmp_path, second, count):
    body = "events: {apr: {title: 长跑, at: 2027-04-10 07:00}, may: {title: 长跑, at: AT}}\n".replace("AT", second)
    assert len(told(tmp_path, body)) == count
