"""Who says that it is done checks in, and so does who mistypes the word; what may be another word is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from core.people import Account, Actor
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp
from workflows.check_in_options import CheckIns

DAILY: dict[str, Any] = {"name": {"zh": "晨读", "en": "Morning reading"}, "points": 2}
BEN = Actor(account=Account("telegram:ben"), name="Ben", language="en")


def heard(text: str, **options: Any) -> list[tuple[str, str]]:
    """What a text asks for and the rest of it, if two letters do not turn it away."""
    check_ins = CheckIns.model_validate({"reading": options})
    if check_ins.deaf_to(text[:2]):
        assert check_ins.lexicon.heard(text) == ()
    return [(ask.what, ask.rest) for ask in check_ins.lexicon.heard(text)]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("已打卡", ""),
        ("已打卡 ✅", "✅"),
        ("已簽到！", ""),
        ("我已打卡", ""),
        ("今日已打卡", ""),
        ("今天已打卡 读书半小时", "读书半小时"),
        ("已完成打卡", ""),
        ("打卡已完成", ""),
        ("晨读已打卡", ""),
        ("已打卡第5天", "第5天"),
        ("已打卡，跑步五公里", "跑步五公里"),
        ("已打卡 读完第三章", "读完第三章"),
        ("已打卡今天读了庄子", "读了庄子"),
        ("早上好，已打卡", ""),
    ],
)
def test_who_says_that_it_is_done_checks_in(text: str, rest: str) -> None:
    assert heard(text) == [("check_in", rest)]


@pytest.mark.parametrize(
    "text",
    [
        "已打卡：小王、小李",
        "已打卡 小王、小李",
        "已打卡 小王 小李",
        "已打卡\n小王\n小李",
        "已打卡 @小王 @老李",
        "已打卡 20 人",
        "已打卡3天",
        "已打卡十人",
        "已打卡人数",
        "已打卡名单",
        "已打卡的同学",
        "已打卡第3天的同学有奖",
        "已打卡，还没打的抓紧",
        "已打卡，请大家抓紧",
        "已打卡？",
        "已打卡吗",
        "打卡已完成 20 人",
        "小王已打卡",
        "他已打卡",
        "昨天已打卡",
        "已打开",
        "已经读了",
    ],
)
def test_who_counts_those_who_did_does_not(text: str) -> None:
    assert heard(text) == []


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("打咔", ""),
        ("打咭！", ""),
        ("打KA 第三章", "第三章"),
        ("打咔第3天", "第3天"),
        ("我来打咔了", ""),
        ("签道", ""),
        ("簽道", ""),
        ("chekin", ""),
        ("Chekin: two poems", "two poems"),
    ],
)
def test_a_slip_that_is_no_other_word_checks_in(text: str, rest: str) -> None:
    assert heard(text) == [("check_in", rest)]


@pytest.mark.parametrize(
    "text", ["打咔吗", "打咔怎么打", "打咔机", "大家打咔", "签道理", "chekin desk", "checkins", "chicken"]
)
def test_talk_that_holds_a_slip_does_not(text: str) -> None:
    assert heard(text) == []


@pytest.mark.parametrize("text", ["达卡", "大卡！", "打K", "打k了", "dk", "DK", "Checked in.", "checked-in"])
def test_what_may_be_a_slip_is_asked_about(text: str) -> None:
    assert heard(text) == [("slip", "")]


@pytest.mark.parametrize(
    "text",
    [
        "达卡是个城市",
        "大卡 300",
        "一天1800大卡",
        "打K歌",
        "大卡？",
        "dk why",
        "dk?",
        "checked in at the hotel",
        "checked",
    ],
)
def test_where_more_is_said_it_is_the_other_word(text: str) -> None:
    assert heard(text) == []


def test_a_slip_of_another_groups_word_is_none() -> None:
    assert (
        heard("打咔", keywords=["早起"]) == heard("大卡", keywords=["早起"]) == heard("已打卡", keywords=["早起"]) == []
    )


def test_a_slip_that_the_group_gave_a_meaning_keeps_it() -> None:
    options = CheckIns.model_validate({"reading": {}, "diet": {"keywords": ["大卡", "打咔"]}})
    for text in ("大卡", "打咔"):
        assert [(ask.what, ask.challenge) for ask in options.lexicon.heard(text)] == [("check_in", "diet")]


def test_the_answer_tells_the_word_and_counts_nothing() -> None:
    camp = Camp(morning=DAILY)
    camp.says("2026-03-02 07:00", "达卡")
    assert (camp.last, camp.dates()) == ("想打卡的话，请再发一条「打卡」～", [])
    camp.says("2026-03-02 07:01", "checked in", BEN)
    assert camp.last == 'If you want to check in, send "打卡" in a new message.'
    camp.says("2026-03-02 07:02", "打卡")
    assert camp.dates() == ["2026-03-02"]


def test_who_is_in_for_today_or_could_not_be_is_not_asked() -> None:
    camp = Camp(morning={**DAILY, "window": "06:00-08:00"})
    camp.says("2026-03-02 05:00", "大卡")
    camp.says("2026-03-02 07:00", "打卡")
    said = len(camp.said())
    camp.says("2026-03-02 07:01", "大卡")
    camp.says("2026-03-02 09:00", "大卡", LI)
    camp.says("2026-03-02 07:01", "大卡", LI, private=True)
    assert len(camp.said()) == said


def test_two_letters_that_say_something_in_english_are_asked_about_in_chinese_alone() -> None:
    camp = Camp(morning=DAILY)
    camp.says("2026-03-02 07:00", "dk", BEN)
    camp.says("2026-03-02 07:00", "dk!", BEN)
    assert camp.said() == []
    camp.says("2026-03-02 07:00", "dk", WANG)
    assert camp.said() == ["想打卡的话，请再发一条「打卡」～"]


def test_of_several_challenges_one_asks() -> None:
    camp = Camp(morning={**DAILY, "window": "05:00-09:00"}, evening={**DAILY, "window": "18:00-22:00"}, all_day=DAILY)
    camp.says("2026-03-02 19:00", "打k")
    assert camp.said() == ["想打卡的话，请再发一条「打卡」～"]


def test_an_admin_may_say_that_it_is_done_and_gives_nothing_out() -> None:
    camp = Camp(morning=DAILY)
    camp.says("2026-03-02 07:00", "已打卡", ADMIN)
    assert camp.dates(ADMIN) == ["2026-03-02"]
