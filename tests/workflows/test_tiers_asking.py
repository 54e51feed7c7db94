"""Members ask where they stand, and are told what the next tier takes and by when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.effects import Say
from tests.workflows.tier_town import LADDER, Town


def next_tier(condition: str, start: int = 0):
    return {"a": {"name": "甲", "from": 0}, "b": {"name": "乙", "from": start, "if": condition}}


def asked(town: Town, who: str = "小王", word: str = "等级") -> list[str]:
    """The lines after "升到「乙」还差："."""
    (answer,) = town.say(who, word)
    lines = answer.split("\n")
    assert lines[1] == "升到「乙」还差：", answer
    return lines[2:]


def test_points_that_are_missing():
    town = Town()
    town.say("小王", "+60")
    assert town.say("小王", "等级") == ["小王，你现在是「种子」，60 分。\n升到「新芽」还差：\n· 40 分"]
    assert town.say("小王", "+1", live=True) == []


@pytest.mark.parametrize("word", ["等级？", "我的等级！", "我的等級", "ＭＹ ＴＩＥＲ", "My tier?"])
def test_however_it_is_written(word):
    assert len(Town().say("小王", word)) == 1


def test_in_english():
    town = Town({"seed": LADDER["seed"], "tree": LADDER["tree"]}, languages=("en",))
    town.say("Wang", "+460")
    town.wait(days=1)
    town.active("Wang", 7)
    town.wait(days=14)
    assert town.say("Wang", " MY tier ") == [
        "Wang, your tier is Seed, with 460 points.\n"
        "For Tree you still need:\n"
        "· 40 more points\n"
        "· 1 more active day in the next 7 days (by 31 March)"
    ]


def test_two_more_active_days_in_the_next_nine():
    """Active on 2 and 11 to 17 March; asking is being active too. Asked on the 31st, the 2nd can no longer help."""
    town = Town(next_tier("member.active_days_30d >= 11"), languages=("en",))
    town.say("小王", "早")
    town.wait(days=9)
    town.active("小王", 7)
    town.wait(days=5)
    assert town.say("小王", "等级")[0].endswith("· 2 more active days in the next 8 days (by 31 March)")
    town.wait(days=8)
    assert town.say("小王", "等级")[0].endswith("· 2 more active days in the next 9 days (by 9 April)")


@pytest.mark.parametrize(
    ("condition", "before", "line"),
    [
        pytest.param("member.messages_7d >= 5", ["早", "好"], "· 7 天内再发 2 条消息（到 3 月 8 日）", id="messages"),
        pytest.param("member.messages_7d > 3", ["早", "好"], "· 7 天内再发 1 条消息（到 3 月 8 日）", id="more than"),
        pytest.param(
            "5 <= member.messages_7d", ["早", "好"], "· 7 天内再发 2 条消息（到 3 月 8 日）", id="turned round"
        ),
        pytest.param("(member.messages_7d >= 4)", ["早"], "· 7 天内再发 2 条消息（到 3 月 8 日）", id="in brackets"),
        pytest.param("member.check_ins_30d >= 3", [], "· 30 天内再打卡 3 次（到 3 月 31 日）", id="check-ins"),
        pytest.param("member.replies_given_30d >= 1", [], "· 30 天内再回复别人 1 次（到 3 月 31 日）", id="answers"),
        pytest.param(
            "member.replies_received_30d >= 2", [], "· 30 天内再得到 2 次回复（到 3 月 31 日）", id="answered"
        ),
        pytest.param("member.helped_30d >= 2", [], "· 30 天内再帮到 2 个人（到 3 月 31 日）", id="helped"),
        pytest.param("member.seen_days >= 10", ["早"], "· 再待 10 天（3 月 12 日就满）", id="days here"),
        pytest.param("member.seen_days >= 1", ["早"], "· 再待 1 天（3 月 3 日就满）", id="one day here"),
        pytest.param("member.streak >= 7", [], "· 连续打卡到 7 天（现在 0 天）", id="a streak"),
        pytest.param("member.points >= 30", ["+5"], "· 25 分", id="points in the condition"),
        pytest.param("member.warnings == 0", ["warn 3d"], "· 等 1 次警告过期（3 月 5 日）", id="a warning"),
        pytest.param("member.warnings == 0", ["warn"], "· 有 1 次警告要请管理员撤销", id="a warning for ever"),
        pytest.param('"vip" in member.tags', [], '· 满足："vip" in member.tags', id="something else"),
        pytest.param(
            'member.seen_days > 3 || "vip" in member.tags',
            [],
            '· 满足：member.seen_days > 3 || "vip" in member.tags',
            id="one of two",
        ),
    ],
)
def test_what_a_condition_still_takes(condition, before, line):
    town = Town(next_tier(condition))
    for text in before:
        town.say("小王", text)
    assert asked(town) == [line]


def test_of_several_warnings_the_last_one_too_many_matters():
    town = Town(next_tier("member.warnings < 2", 1))
    for text in ("warn 9d", "warn 3d", "warn 6d"):
        town.say("小王", text)
    assert asked(town) == ["· 1 分", "· 等 2 次警告过期（3 月 8 日）"]


def test_a_warning_that_was_taken_back_is_not_waited_for():
    town = Town(next_tier("member.warnings == 0"))
    for text in ("warn 9d", "warn 3d", "forgive e1 9d"):
        town.say("小王", text)
    assert asked(town) == ["· 等 1 次警告过期（3 月 5 日）"]


def test_only_what_is_missing_is_named():
    town = Town(next_tier("member.warnings == 0 && member.messages_7d >= 3 && member.seen_days >= 0", 10))
    assert asked(town) == ["· 10 分", "· 7 天内再发 2 条消息（到 3 月 8 日）"]


def test_people_helped_are_different_people_and_oneself_is_none_of_them():
    town = Town(next_tier("member.helped_30d >= 3"))
    town.say("小王", "早")
    for giver in ("甲", "甲", "小王"):
        town.say(giver, "thanks 小王")
    town.at += timedelta(days=21)
    assert asked(town) == ["· 9 天内再帮到 2 个人（到 3 月 31 日）"]


def test_somebody_who_lost_a_tier_is_told_what_brings_it_back():
    town = Town(
        {"a": {"name": "甲", "from": 0}, "b": {"name": "乙", "from": 10}},
        {"every": "day", "grace": "0s", "demote_if": "member.active_days_7d < 3"},
    )
    town.say("小王", "+10")
    town.wait(days=1)
    assert asked(town) == ["· 5 天内再活跃 1 天（到 3 月 8 日）"]


def test_the_top_the_locked_and_the_tierless_are_told_so():
    town = Town({"b": {"name": "乙", "from": 10}})
    assert town.say("小王", "等级") == ["小王，你还没有等级，现在 0 分。\n升到「乙」还差：\n· 10 分"]
    town.say("小王", "+10")
    assert town.say("小王", "等级") == ["小王，你现在是「乙」，10 分。\n已经是最高一级 🏔"]
    town.order("lock", "小王")
    assert town.say("小王", "等级") == ["小王，你现在是「乙」，10 分。\n等级由管理员定好了，不会自动变。"]


@pytest.mark.parametrize(
    ("text", "talk", "answers"),
    [
        ("我的等级", None, 1),
        (" /TIER ", None, 1),
        ("等级是什么", None, 0),
        ("等级", {"ask": ["段位"]}, 0),
        ("段位", {"ask": "段位"}, 1),
        ("等级", {"ask": []}, 0),
    ],
)
def test_only_the_words_alone_ask(text, talk, answers):
    assert len(Town(talk=talk).say("小王", text)) == answers


def test_the_answer_goes_where_the_question_came_from():
    town = Town()
    town.say("小王", "等级", topic="7")
    town.say("小王", "等级", private=True)
    said = [row.effect for row in town.store.outbox("g")]
    assert [(e.reply_to, e.topic, e.to) for e in said if isinstance(e, Say)] == [
        ("1", "7", None),
        ("2", None, "t:小王"),
    ]
