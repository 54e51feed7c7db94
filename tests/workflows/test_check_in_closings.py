"""A word to check in at the end of what somebody did counts, or is answered; talk that ends so is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from core.people import Account, Actor
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp
from workflows.check_in_options import CheckIns

DAILY: dict[str, Any] = {"keywords": ["打卡", "签到"], "points": 1}

COUNTS = (
    "读书30分钟打卡", "跑步5公里，打卡！", "今天读了第三章，打卡", "我读完了第三章 打卡", "今天跑了5公里打卡",
    "背单词50个，打卡", "看完了三体第一部，打卡", "写完日记，打卡~", "练字两页打卡", "晨读20分钟，打卡！",
    "读了两首诗，打卡啦", "刚跑完5公里，打卡💪", "今天跑步5公里，打卡呀", "早上读书半小时，打卡。",
    "冥想10分钟 打卡", "健身1小时打卡", "今日读书30页，打卡", "听完了一集播客，打卡",
    "早上好！读书30分钟，打卡", "今天打卡呀", "我来打卡啊", "我打卡哦", "学习2小时，打卡", "喝水8杯打卡",
    "弹琴40分钟，打卡", "瑜伽一小时打卡", "夜跑3km打卡", "我今天练了一小时琴，打卡哈", "抄了一首诗\n打卡",
    "读完《你好，李焕英》，打卡", "看完《明天》第2集，打卡", "读書30分鐘打卡", "跑步５公里，打卡！！",
    "背完了琵琶行，打卡", "做了三组深蹲，打卡",
)  # fmt: skip
MAY_COUNT = (
    "读书30天打卡", "看完视频打卡",
    "打卡呀", "打卡啊", "打卡哦", "打卡喔～", "打卡哈", "打卡啊！", "签到呀", "读书，打卡", "跑步打卡啊",
    "跑了三家银行，打卡", "喝完酸奶打卡", "写字，打卡", "今天画画，打卡",
)  # fmt: skip
TALK = (
    "跑5公里换一次打卡", "跑步5公里挑战打卡", "背50个单词的打卡",
    "大家记得打卡", "今天谁还没打卡", "你打卡吗", "明天打卡", "明天读书30分钟再打卡", "昨天读了第三章，打卡了",
    "帮小王打卡", "小王读书30分钟打卡", "去黄鹤楼打卡", "周末去网红店打卡", "上班打卡", "下班打卡",
    "公司要打卡", "怎么打卡", "还没打卡", "忘了打卡", "读书30分钟怎么打卡", "读完书才能打卡",
    "读书30分钟就可以打卡", "今天不想打卡", "读完30页再打卡", "请大家读书30分钟打卡", "每天读书30分钟打卡",
    "坚持每天跑步5公里打卡", "我妈跑步5公里打卡", "想去跑步5公里打卡", "今天要跑步5公里打卡",
    "跑完5公里就来打卡", "读书30分钟打卡？", "读书30分钟打卡吗", "跑步5公里算打卡吗", "待会跑步5公里打卡",
    "下午3点打卡", "活动时间到，打卡", "今天打卡吗", "我没打卡", "你们打卡啊", "快来打卡呀", "大家打卡呀",
    "打卡呀？", "写作业了没，打卡", "谁读完30页了，打卡", "读了30页的人打卡", "他读了30页，打卡",
    "听说读了30页才打卡", "看了电影，打卡景点", "小李写完了作业打卡", "如果读完30页，打卡",
    "昨晚读了30页，打卡", "做完这个任务再打卡", "看看今天打卡", "读书打卡活动", "跑步机坏了，打卡",
    "记得早起打卡", "看到了，打卡", "背完书，别打卡", "走了，打卡", "看完房打卡", "@小王 读书30分钟打卡",
    "读书30分钟打卡 打卡", "打卡，没反应", "打卡 失败了", "打卡，一直没反应啊", "check in my code",
    "check in on me tomorrow", "check in your luggage", "Check in the changes", "“读书30分钟打卡”",
)  # fmt: skip


def camp(**more: Any) -> Camp:
    made = Camp(languages=("zh", "en"), morning={**DAILY, **more})
    made.joins("2026-03-01 07:00")
    return made


@pytest.mark.parametrize("text", COUNTS)
def test_the_word_behind_what_one_did_checks_in(text: str) -> None:
    made = camp()
    made.says("2026-03-02 07:00", text)
    assert made.dates() == ["2026-03-02"]


@pytest.mark.parametrize("text", MAY_COUNT)
def test_what_may_be_meant_so_is_answered_with_the_word(text: str) -> None:
    made = camp()
    made.says("2026-03-02 07:00", text)
    assert made.dates() == []
    assert made.last == "想打卡的话，请再发一条「打卡」～"


@pytest.mark.parametrize("text", TALK)
def test_talk_that_ends_in_the_word_is_left_alone(text: str) -> None:
    made = camp()
    made.says("2026-03-02 07:00", text)
    assert (made.dates(), made.said()) == ([], [])


@pytest.mark.parametrize("text", ["读书30分钟打卡", "打卡呀"])
def test_who_could_not_check_in_now_hears_nothing(text: str) -> None:
    made = camp(window="05:00-09:00")
    made.says("2026-03-02 10:00", text)
    assert made.said() == []
    made.says("2026-03-03 06:00", "打卡")
    told = len(made.said())
    made.says("2026-03-03 06:01", text)
    assert len(made.said()) == told, "it counted already"


def test_what_was_done_proves_it_where_words_are_asked_for() -> None:
    made = camp(proof={"min_chars": 5})
    made.says("2026-03-02 07:00", "今天读了第三章，打卡")
    assert made.dates() == ["2026-03-02"]


def test_an_admin_s_task_counts_for_nobody_and_their_own_deed_does() -> None:
    made = camp()
    made.joins("2026-03-01 07:00", ADMIN)
    made.says("2026-03-02 07:00", "读书30分钟打卡", ADMIN)
    assert made.dates(ADMIN) == []
    made.says("2026-03-02 07:01", "我今天读了30页，打卡", ADMIN)
    assert made.dates(ADMIN) == ["2026-03-02"]


def test_a_streak_goes_on_with_words_that_end_in_the_word() -> None:
    made = camp()
    made.days("2026-03-02", 5, text="打卡")
    made.says("2026-03-07 08:00", "看完了三体第一部，打卡")
    assert made.streak() == 6


def test_words_of_a_group_that_say_other_things_too_are_not_heard_at_the_end() -> None:
    made = camp(keywords=["晨读", "in"])
    made.says("2026-03-02 07:00", "今天跑了5公里晨读")
    made.says("2026-03-02 07:01", "今天跑了5公里，打卡")
    assert (made.dates(), made.said()) == ([], [])


def test_a_word_inside_is_looked_for_in_texts_of_other_openings_alone() -> None:
    options = CheckIns.model_validate({"reading": DAILY})
    assert options.lexicon.mark == "打卡"
    assert options.deaf_to("弹琴"), "so that only the word tells"
    assert [ask.what for ask in options.lexicon.heard("弹琴40分钟，打卡")] == ["check_in"]
    assert options.lexicon.heard("弹琴40分钟") == ()
    assert CheckIns.model_validate({"reading": {"keywords": ["in"]}}).lexicon.mark is None


def test_each_challenge_of_the_word_counts() -> None:
    made = Camp(morning=DAILY, evening=DAILY)
    made.joins("2026-03-01 07:00", LI)
    made.says("2026-03-02 07:00", "读书30分钟打卡", LI)
    assert (made.dates(LI), made.dates(LI, "evening")) == (["2026-03-02"], ["2026-03-02"])


def test_who_speaks_english_is_told_the_word_in_english() -> None:
    made = camp()
    ann = Actor(account=Account("telegram:7"), name="Ann", language="en")
    made.says("2026-03-02 07:00", "打卡呀", ann)
    made.says("2026-03-02 07:00", "打卡呀", WANG)
    assert made.said() == [
        'If you want to check in, send "打卡" in a new message.',
        "想打卡的话，请再发一条「打卡」～",
    ]
