"""Surveys that nobody could read, or that are asked into one another, are told of with their place, in English and
Chinese."""

from __future__ import annotations

import pytest

from config.home import look
from tests.config.test_probably_meant import line, told

HEAD = (
    "version: 1\ncommunity:\n  name: Room\n  timezone: Asia/Shanghai\n  languages: [zh, en]\n"
    "  groups: {room: {}, hall: {}, desk: {}}\n  admin_group: desk\n  admins: [telegram:1]\nquiet_hours: 22:00-07:00\n"
)
ASKED = "kind: scale, ask: {zh: 好吗？, en: Well?}"


@pytest.mark.parametrize(
    ("body", "weight", "en", "zh"),
    [
        pytest.param(
            "surveys: {nps: {to: rooom}}", "problem",
            "surveys.nps.to: `rooom` is no group that can be asked; there are `room`, `hall` (did you mean `room`?)",
            "`rooom` 不是可以问的群；可用：`room`, `hall`", id="asked where nobody is",
        ),
        pytest.param(
            "surveys: {nps: {tell: [admins, desk]}}", "problem",
            "surveys.nps.tell[1]: `desk` is no group that can be asked; there are `room`, `hall`, `admins`",
            "`desk` 不是可以问的群；可用：`room`, `hall`, `admins`", id="told the admins as a group",
        ),
        pytest.param(
            "surveys: {nps: {to: room, tell: hall}}", "problem",
            "surveys.nps.tell: `hall` hears about itself only, and is not asked; add it to `to`, or leave it out",
            "`hall` 只听得到自己的结果，而这里不问它；请加进 `to`，或者去掉", id="told who is not asked",
        ),
        pytest.param(
            "surveys: {nps: {at: day 1 23:00}}", "warning",
            "surveys.nps.at: 23:00 lies in quiet_hours (22:00-07:00); it is asked at 07:01",
            "23:00 在安静时段（22:00-07:00）里；改在 07:01 问", id="asked in the quiet hours",
        ),
        pytest.param(
            "surveys: {nps: {at: day 1 23:00, open_for: 12h}}", "problem",
            "23:00 lies in quiet_hours (22:00-07:00); at their end more than half of 12h is over, so it is never asked",
            "23:00 在安静时段（22:00-07:00）里；结束时 12h 已经过了一半，所以永远不会问", id="over before it is asked",
        ),
        pytest.param(
            "surveys: {nps: {tell: room, follow_up: {zh: 为什么？, en: Why?}}}", "warning",
            "nobody reads what members write: their own words go to `admins` alone; add that to `tell`",
            "成员写的话没有人看得到：只给 `admins`；请加进 `tell`", id="words that nobody reads",
        ),
        pytest.param(
            f"surveys: {{nps: {{at: day 1 10:00}}, pulse: {{{ASKED}, at: fri 20:00}}}}", "warning",
            "surveys.pulse.at: it is open at once with `nps`, on 2026-01-02 for example: who answers one",
            "和 `nps` 同时开放，例如 2026-01-02：答了一个的人，暂时答不了另一个", id="two at once",
        ),
        pytest.param(
            f"surveys: {{nps: {{at: day 1 10:00}}, pulse: {{{ASKED}, at: day 15 10:00, again_after: 28d}}}}", "warning",
            "surveys.nps: who answers `pulse` each time can never answer this one: 90d of peace count from whichever "
            "was answered last; make it shorter, or ask `pulse` less often",
            "每次都答 `pulse` 的人永远答不到这一个：不管答的是哪个，之后 90d 内都不再问；请改短，或者少问几次 `pulse`",
            id="one that is never reached",
        ),
    ],
)  # fmt: skip
def test_what_is_probably_not_meant_is_told(tmp_path, body, weight, en, zh):
    (problem,) = told(tmp_path, body + "\n", HEAD)
    assert problem.weight == weight
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(
    "body",
    [
        "surveys: {nps: {to: room, tell: [admins, room], follow_up: {zh: 为什么？, en: Why?}}}",
        f"surveys: {{nps: {{at: day 1 10:00, to: room}}, pulse: {{{ASKED}, at: fri 20:00, to: hall}}}}",
        f"surveys: {{nps: {{at: day 1 10:00}}, pulse: {{{ASKED}, at: day 15 10:00}}}}",
        "surveys: {nps: {at: 2031-04-01 10:00}}",
        f"surveys: {{nps: {{at: day 1 10:00, again_after: 14d}}, "
        f"pulse: {{{ASKED}, at: day 15 20:00, open_for: 2d, again_after: 14d}}}}",
        f"surveys: {{nps: {{at: day 1 10:00, to: room}}, "
        f"pulse: {{{ASKED}, at: day 15 10:00, to: hall, again_after: 28d}}}}",
        "surveys: {nps: {at: sun 10:00}}",
        "surveys: {nps: {at: day 1 10:00, again_after: 1000d}}",
        f"surveys: {{nps: {{}}, pulse: {{{ASKED}, at: day 15 10:00, again_after: 28d}}}}",
    ],
)
def test_what_can_be_meant_is_not(tmp_path, body):
    assert told(tmp_path, body + "\n", HEAD) == []


def test_that_answers_on_wechat_are_read_by_all_is_noted(tmp_path):
    (tmp_path / "communities").mkdir()
    head = HEAD.replace("room: {}", "room: {wechat: 晨读}")
    (tmp_path / "communities" / "room.yaml").write_text(head + "surveys: {nps: {}}\n", encoding="utf-8")
    notes = [problem for problem in look(tmp_path)[1] if problem.weight == "note" and problem.path[:1] == ("surveys",)]
    (note,) = notes
    assert "what is written in the room is read by all" in line(note)
    assert "发在群里的大家都看得到" in line(note, "zh")


def test_what_is_wrong_in_a_survey_is_told_in_chinese_too(tmp_path):
    (problem,) = told(tmp_path, "surveys: {nps: {at: mon 10:00, open_for: 10d}}\n", HEAD)
    assert "开放 10d，可是每 1w 就再问一次，那时还没截止；请把 `open_for` 改短" in line(problem, "zh")


MOOD = f"mood: {{{ASKED}, at: sun 19:00, open_for: 1d, again_after: 7d}}"


def test_one_of_a_single_day_that_who_answers_another_each_week_never_gets_to_is_warned_of(tmp_path):
    body = f"surveys: {{{MOOD}, nps: {{at: 2026-12-28 20:00, again_after: 14d}}}}\n"
    (warning,) = told(tmp_path, body, HEAD)
    assert "surveys.nps.again_after: who answers `mood` each time can never answer this one: 2w of peace" in line(
        warning
    )


@pytest.mark.parametrize(
    "nps",
    [
        "at: 2026-12-29 20:00, open_for: 7d, again_after: 7d",
        "at: 2026-12-28 20:00, again_after: 7d, open_for: 8d, to: hall",
    ],
    ids=["peace that ends while it is open", "asked elsewhere"],
)
def test_one_that_they_get_to_passes(tmp_path, nps):
    mood = MOOD.replace("again_after", "to: room, again_after") if "hall" in nps else MOOD
    warnings = told(tmp_path, f"surveys: {{{mood}, nps: {{{nps}}}}}\n", HEAD)
    assert not [each for each in warnings if each.path[-1] == "again_after"]
