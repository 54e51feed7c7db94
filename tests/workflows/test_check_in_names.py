"""Where a challenge is asked for by name, a member's own name before its words is heard, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from core.events import MessagePosted
from core.people import Account, Actor
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp
from workflows.check_in import workflow
from workflows.check_in_names import behind_ones_name
from workflows.check_in_options import CheckIns

RULES: dict[str, Any] = {
    "name": {"zh": "晨读", "en": "Morning reading"}, "points": 2, "late": {"within": "3d"},
    "leave": {}, "by_name": True,
}  # fmt: skip
ADA = Actor(account=Account("telegram:ada"), name="Ada Wong", language="en")
CLASS = Actor(account=Account("telegram:class"), name="三班-小陈")


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (WANG, "小王 打卡"),
        (WANG, "小王打卡"),
        (WANG, "【小王】打卡 读完第三章"),
        (WANG, "小王：第3天打卡"),
        (WANG, "小王，今天打卡，读了庄子"),
        (WANG, "小王已打卡"),
        (WANG, "✅ 小王 签到"),
        (CLASS, "小陈 打卡"),
        (CLASS, "三班-小陈 打卡"),
        (ADA, "Ada check-in"),
        (ADA, "Ada Wong: Day 3 check-in"),
        (ADA, "ada - checkin: two poems"),
        (ADMIN, "管理员：今日打卡：背将进酒"),
    ],
)
def test_who_writes_their_own_name_first_checks_in(who: Actor, text: str) -> None:
    camp = Camp(morning=RULES)
    camp.says("2026-03-02 07:00", text, who)
    assert camp.dates(who) == ["2026-03-02"]


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (LI, "小王 打卡"),
        (LI, "小王打卡了"),
        (LI, "Ada check-in"),
        (WANG, "小王子打卡"),
        (WANG, "小王的打卡"),
        (WANG, "小王 打卡了吗"),
        (WANG, "小王 明天打卡"),
        (WANG, "小王 早上好"),
        (WANG, "小王，大家记得打卡"),
        (WANG, "小王 大卡"),
        (WANG, "小王 排行"),
        (WANG, "大家 小王 打卡"),
        (CLASS, "三班 打卡"),
        (CLASS, "三班打卡啦"),
        (ADA, "Adaptive check-in"),
        (ADA, "Adacheck-in"),
        (ADA, "Ada check in at the hotel"),
        (ADA, "Ada"),
    ],
)
def test_another_name_and_talk_behind_ones_own_do_not(who: Actor, text: str) -> None:
    camp = Camp(morning=RULES)
    camp.says("2026-03-02 07:00", "早上好", who)
    camp.says("2026-03-02 07:00", text, who)
    assert (camp.dates(who), camp.said()) == ([], [])


def test_leave_and_a_day_made_up_are_heard_behind_it_too() -> None:
    camp = Camp(morning=RULES)
    camp.joins("2026-03-01 07:00")
    camp.says("2026-03-02 07:00", "小王 打卡")
    camp.says("2026-03-04 07:00", "小王：补卡 昨天")
    assert camp.dates() == ["2026-03-02", "2026-03-03"]
    camp.says("2026-03-04 07:01", "小王 请假 明天")
    assert "请假 1 天（2026-03-05）" in camp.last


def test_only_the_challenges_that_ask_for_it_are_meant() -> None:
    camp = Camp(
        morning=RULES, evening={**RULES, "by_name": False}, night={**RULES, "keywords": ["夜读"], "by_name": False}
    )
    camp.says("2026-03-02 07:00", "小王 打卡")
    camp.says("2026-03-02 07:01", "小王 夜读")
    kept = camp.dates(), camp.dates(challenge="evening"), camp.dates(challenge="night")
    assert kept == (["2026-03-02"], [], [])


def test_a_caption_that_is_edited_completes_it() -> None:
    camp = Camp(morning={**RULES, "proof": {"min_chars": 5}})
    message = camp.says("2026-03-02 07:00", "小王 打卡")
    camp.edits("2026-03-02 07:01", message, "小王 打卡 读完了第三章")
    assert camp.dates() == ["2026-03-02"]


def test_without_it_such_a_message_is_turned_away_by_two_letters() -> None:
    asked, plain = (CheckIns.model_validate({"morning": {**RULES, "by_name": wanted}}) for wanted in (True, False))
    assert plain.deaf_to("小王")
    assert not asked.deaf_to("小王")
    assert asked.deaf_to("/books")
    message = MessagePosted(
        id="1", at=Camp().at("2026-03-02 07:00"), group="camp", actor=WANG, message="1", text="小王 打卡"
    )
    assert workflow.reads(message, plain) is None
    assert workflow.reads(message, asked) is not None


@pytest.mark.parametrize("name", ["", "…", "🎉", " ", "王"])
def test_a_name_without_letters_or_of_one_takes_nothing_from_a_text(name: str) -> None:
    assert behind_ones_name("王打卡", name) == behind_ones_name("打卡", name) == ""
