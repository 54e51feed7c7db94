"""A challenge with an end, the leaderboard, one's own standing, and options that make no sense."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from core.people import Account, Actor
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp, person
from workflows.check_in_options import CheckIns

THREE_WEEKS: dict[str, Any] = {
    "name": {"zh": "21天写作", "en": "21 days of writing"},
    "keywords": "写作",
    "points": 1,
    "starts": "2026-03-01",
    "length": "21d",
    "finish": {"days": 18, "points": 100, "tag": "finisher"},
}


def test_nothing_counts_before_the_start_or_after_the_end() -> None:
    camp = Camp(writing=THREE_WEEKS)
    camp.says("2026-02-28 23:59", "写作")
    camp.says("2026-03-22 00:00", "写作")
    assert camp.said() == [
        "「21天写作」2026-03-01 开始，到时候见～",
        "「21天写作」已经在 2026-03-21 结束啦，谢谢参与！",
    ]
    assert list(camp.store.facts("camp")) == []


def test_whoever_has_enough_days_finishes_once() -> None:
    camp = Camp(writing=THREE_WEEKS)
    camp.days("2026-03-01", 20, text="写作")
    assert camp.points() == 20 + 100
    assert "🎉 小王 完成了「21天写作」，一共打卡 18 次，+100 分！" in "\n".join(camp.said())
    assert [member.tags for member in camp.store.people("camp")] == [frozenset({"finisher"})]


def test_every_day_is_needed_where_nothing_else_is_said() -> None:
    camp = Camp(writing={**THREE_WEEKS, "length": "5d", "finish": {"points": 9}})
    camp.days("2026-03-01", 4, text="写作")
    assert camp.points() == 4
    camp.says("2026-03-05 07:00", "写作")
    assert camp.points() == 5 + 9


def test_where_the_reply_has_nothing_to_say_the_finish_is_the_first_line() -> None:
    said = {"reply": '${check_in.streak > 5 ? "long" : ""}', "finish": {"days": 1, "points": 9}}
    camp = Camp(writing={**THREE_WEEKS, **said})
    camp.says("2026-03-01 07:00", "写作")
    assert camp.last == "🎉 小王 完成了「21天写作」，一共打卡 1 次，+9 分！"


def test_staff_win_no_finishers_reward() -> None:
    camp = Camp(writing={**THREE_WEEKS, "length": "2d", "finish": {"points": 9}})
    camp.days("2026-03-01", 2, text="写作", who=ADMIN)
    assert camp.points(ADMIN) == 2


def test_a_withdrawn_day_takes_the_reward_with_it() -> None:
    camp = Camp(
        writing={**THREE_WEEKS, "length": "2d", "finish": {"points": 9, "tag": "finisher"}, "on_delete": "withdraw"}
    )
    camp.says("2026-03-01 07:00", "写作")
    camp.deletes("2026-03-02 08:00", camp.says("2026-03-02 07:00", "写作"))
    assert camp.points() == 1
    assert [member.tags for member in camp.store.people("camp")] == [frozenset()]


def test_the_end_is_told_once_when_make_ups_are_over() -> None:
    camp = Camp(writing={**THREE_WEEKS, "length": "2d", "finish": {"points": 9}, "late": {"within": "2d"}})
    camp.days("2026-03-01", 2, text="写作")
    camp.says("2026-03-01 08:00", "写作", LI)
    camp.until("2026-03-04 23:59")
    assert not any("🏁" in text for text in camp.said())
    camp.until("2026-04-30 00:00")
    assert [text for text in camp.said() if "🏁" in text] == [
        "🏁「21天写作」结束啦！2 位参加，一共打卡 3 次，1 位完成： @小王"
    ]


def test_the_last_day_can_be_made_up_after_the_end() -> None:
    camp = Camp(writing={**THREE_WEEKS, "length": "2d", "finish": {"points": 9}, "late": {"within": "2d"}})
    camp.says("2026-03-01 07:00", "写作")
    camp.says("2026-03-03 07:00", "补卡")
    assert camp.points() == 1 + 9


def test_signing_up_first_where_that_is_required() -> None:
    camp = Camp(writing={**THREE_WEEKS, "join": {"required": True, "until": "2026-03-03"}})
    camp.says("2026-03-01 07:00", "写作")
    assert camp.last == "先发「报名」报名「21天写作」，再来打卡哦。"
    camp.says("2026-03-01 07:01", "报名")
    assert camp.last == "✅ 小王 报名成功，「21天写作」等你来！"
    camp.says("2026-03-01 07:02", "写作")
    assert camp.dates(challenge="writing") == ["2026-03-01"]
    camp.says("2026-03-04 07:00", "报名", LI)
    assert camp.last == "「21天写作」的报名 2026-03-03 已经截止了，下次早点来～"


# Board and standing

DAILY: dict[str, Any] = {"name": "日课", "points": 1}


def test_who_has_not_signed_up_makes_up_no_day_and_takes_no_leave() -> None:
    camp = Camp(writing={**THREE_WEEKS, "join": {"required": True}, "late": {"points": 1}, "leave": {}})
    for text in ("补卡", "补卡 昨天", "请假 明天"):
        camp.says("2026-03-03 07:00", text)
    assert camp.said() == ["先发「报名」报名「21天写作」，再来打卡哦。"] * 3
    assert camp.points() == 0
    camp.says("2026-03-03 08:00", "报名")
    camp.says("2026-03-03 09:00", "补卡")
    assert camp.points() == 1


SPRING: dict[str, Any] = {**THREE_WEEKS, "name": "春", "join": {"required": True, "keyword": "报名春"}, "late": {}}
SUMMER: dict[str, Any] = {
    **SPRING,
    "name": "夏",
    "starts": "2026-03-08",
    "join": {"required": True, "keyword": "报名夏"},
}


def test_one_word_reaches_the_cohort_that_somebody_signed_up_for() -> None:
    camp = Camp(spring=SPRING, summer=SUMMER)
    camp.says("2026-03-01 07:00", "报名春")
    camp.says("2026-03-09 07:00", "报名夏", who=LI)
    camp.says("2026-03-10 07:00", "写作")
    camp.says("2026-03-10 07:01", "写作", who=LI)
    assert camp.dates(challenge="spring") == camp.dates(LI, "summer") == ["2026-03-10"]
    assert camp.dates(challenge="summer") == camp.dates(LI, "spring") == []
    assert camp.said()[2:] == ["✅ 小王 春连续第 1 天，+1 分", "✅ 老李 夏连续第 1 天，+1 分"]


def test_who_is_in_one_cohort_is_not_told_to_sign_up_for_the_others() -> None:
    camp = Camp(spring=SPRING, summer=SUMMER)
    camp.says("2026-03-01 07:00", "报名春")
    camp.says("2026-03-10 07:00", "写作")
    before = len(camp.said())
    camp.says("2026-03-10 08:00", "写作")
    camp.says("2026-03-10 09:00", "补卡 今天")
    told = camp.said()[before:]
    assert len(told) == 2
    assert not [line for line in told if "报名" in line]
    camp.says("2026-03-10 10:00", "写作", who=LI)
    assert camp.said()[-2:] == ["先发「报名春」报名「春」，再来打卡哦。", "先发「报名夏」报名「夏」，再来打卡哦。"]


def test_the_board_ties_go_to_whoever_was_first() -> None:
    camp = Camp(daily=DAILY)
    camp.says("2026-03-02 07:00", "打卡", LI)
    camp.says("2026-03-02 08:00", "打卡", WANG)
    camp.says("2026-03-03 07:00", "打卡", WANG)
    camp.says("2026-03-03 08:00", "打卡", LI)
    camp.says("2026-03-03 09:00", "打卡", person("小张"))
    camp.says("2026-03-03 10:00", "排行")
    assert camp.last == "🏆「日课」打卡榜\n1. 小王　2\n2. 老李　2\n3. 小张　1"


@pytest.mark.parametrize("board", [{}, {"by": "streak"}], ids=["days", "streak"])
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王\n1. 小李　99", "王 1. 小李 99"),
        ("\u202e很长" + "的" * 90, "很长" + "的" * 61 + "…"),
        ("\u200b\u2060", "7"),
        ("محمد علي", "محمد علي\u200e"),
    ],
    ids=["of two lines", "long", "unseen", "from right to left"],
)
def test_a_name_takes_one_short_line_on_the_board(name: str, shown: str, board: dict[str, str]) -> None:
    camp = Camp(daily={**DAILY, "board": board})
    camp.says("2026-03-02 07:00", "打卡", Actor(account=Account("telegram:7"), name=name))
    camp.says("2026-03-02 10:00", "排行")
    assert camp.last.splitlines()[1:] == [f"1. {shown}　1"]


@pytest.mark.parametrize(("staff_on_board", "lines"), [(False, 1), (True, 2)])
def test_staff_and_leavers_on_the_board(staff_on_board: bool, lines: int) -> None:
    camp = Camp(daily={**DAILY, "staff_on_board": staff_on_board})
    for who in (WANG, LI, ADMIN):
        camp.says("2026-03-02 07:00", "打卡", who)
    camp.leaves("2026-03-02 08:00", LI)
    camp.says("2026-03-02 09:00", "/top")
    assert len(camp.last.splitlines()) == 1 + lines
    assert "老李" not in camp.last


@pytest.mark.parametrize("board", [{}, {"by": "streak"}], ids=["days", "streak"])
@pytest.mark.parametrize(("staff_on_board", "lines"), [(False, 1), (True, 2)])
def test_the_platforms_admins_are_staff_on_the_board(board: dict[str, str], staff_on_board: bool, lines: int) -> None:
    camp = Camp(daily={**DAILY, "board": board, "staff_on_board": staff_on_board})
    for who in (WANG, LI):
        camp.says("2026-03-02 07:00", "打卡", who)
    camp.says("2026-03-02 09:00", "排行", admins=frozenset((LI.account,)))
    assert len(camp.last.splitlines()) == 1 + lines
    assert ("老李" in camp.last) is staff_on_board


def test_the_board_of_running_streaks() -> None:
    camp = Camp(daily={**DAILY, "board": {"by": "streak", "size": 2}})
    camp.days("2026-03-02", 3, text="打卡", who=LI)
    camp.days("2026-03-06", 2, text="打卡")
    camp.says("2026-03-07 08:00", "打卡", person("小张"))
    camp.says("2026-03-07 09:00", "排行榜")
    assert camp.last == "🏆「日课」连续打卡榜\n1. 小王　2\n2. 小张　1"


def test_the_board_of_the_last_days() -> None:
    camp = Camp(daily={**DAILY, "board": {"over": "7d"}})
    camp.days("2026-03-02", 3, text="打卡", who=LI)
    camp.says("2026-03-12 07:00", "打卡")
    camp.says("2026-03-12 07:01", "排行")
    assert camp.last == "🏆「日课」打卡榜（最近 7 天）\n1. 小王　1"


def test_an_empty_board() -> None:
    camp = Camp(daily=DAILY)
    camp.says("2026-03-12 07:01", "排行")
    assert camp.last == "「日课」还没有人上榜，快来当第一个～"


@pytest.mark.parametrize("text", ["排行第一是谁", "这个排行不错", "top 10 books"])
def test_the_boards_word_must_stand_alone(text: str) -> None:
    camp = Camp(daily=DAILY)
    camp.says("2026-03-12 07:01", text)
    assert camp.said() == []


def test_ones_own_standing() -> None:
    camp = Camp(daily={**DAILY, "streak": {"freezes": {"per_month": 2}}})
    camp.says("2026-03-02 06:00", "我的打卡")
    assert camp.last == "小王，你还没开始「日课」，今天就来第一次吧～"
    camp.days("2026-03-02", 3, text="打卡")
    camp.says("2026-03-06 07:00", "我的打卡")
    assert camp.last == "📖 小王「日课」：连续 3 天，最长 3 天，一共 3 次\n这个月还能漏 1 天不断签\n今天还没打哦"
    camp.says("2026-03-12 07:00", "我的打卡")
    assert camp.last == "📖 小王「日课」：连续 0 天，最长 3 天，一共 3 次\n这个月还能漏 0 天不断签"


def test_one_may_ask_in_private_and_is_answered_there() -> None:
    camp = Camp(daily=DAILY)
    camp.says("2026-03-02 06:00", "我的打卡", private=True)
    assert camp.effects()[-1].to == WANG.account  # type: ignore[union-attr]


# Options


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"length": "21d"}, "`length` needs `starts`"),
        ({"starts": "2026-03-01", "length": "21d", "ends": "2026-03-21"}, "say the same thing twice"),
        ({"starts": "2026-03-02", "ends": "2026-03-01"}, "ends (2026-03-01) before it starts (2026-03-02)"),
        ({"starts": "2026-03-02", "length": "2d", "days": ["sun"]}, "nobody could ever check in"),
        ({"starts": "2026-03-02", "length": "36h"}, 'in whole days, like "21d"'),
        ({"finish": {}}, "`finish` needs an end"),
        ({"starts": "2026-03-02", "length": "2d", "finish": {"days": 3}}, "only 2 days are asked for"),
        ({"window": "22:00-02:00"}, "a new day starts at 00:00, within the window 22:00-02:00"),
        ({"window": "05:30-09:00", "remind": {"at": "09:30"}}, "comes after the window 05:30-09:00 has closed"),
        ({"proof": {}}, "proof asks for nothing"),
        ({"late": {"within": "36h"}}, "within is in whole days"),
        ({"keywords": ["打卡"], "late": {"keyword": "打卡"}}, '"打卡" is a word of `keywords` and of `late.keyword`'),
        ({"kewords": ["打卡"]}, "Extra inputs are not permitted"),
        ({"reply": "${check_in.steak}"}, "check_in.steak"),
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        CheckIns.model_validate({"daily": wrong})
    assert told in str(refused.value)


@pytest.mark.parametrize("text", ["排行", "我的打卡"])
def test_what_is_asked_of_several_challenges_is_told_in_one_message(text: str) -> None:
    reading = {"name": "晨读", "keywords": "打卡", "points": 1}
    camp = Camp(reading=reading, writing={**THREE_WEEKS, "starts": "2026-03-01"})
    camp.says("2026-03-02 07:00", "打卡")
    before = len(camp.said())
    camp.says("2026-03-02 09:00", text)
    (told,) = camp.said()[before:]
    assert [name for name in ("晨读", "21天写作") if name in told] == ["晨读", "21天写作"]
    assert "\n\n" in told
