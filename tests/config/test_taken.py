"""A word that is a command already cannot mean something else: that is told with what the command is."""

# ruff: noqa: E501  (the lines are what is printed)

from __future__ import annotations

import pytest

from config.home import look
from tests.config.test_home import home, said
from tests.workflows.check_in_camp import Camp


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            "check_ins: {m: {keywords: [打卡, 积分]}}\n",
            "8:32: check_ins.m.keywords[1]: `积分` is a command (my points, tier, streaks and warnings), and here it would be booked in its place; take another word",
            id="points",
        ),
        pytest.param(
            "check_ins: {m: {keywords: My Points}}\n",
            "8:27: check_ins.m.keywords: `my points` is a command (my points, tier, streaks and warnings), and here it would be booked in its place; take another word",
            id="a lone value in other letters",
        ),
        pytest.param(
            "check_ins: {m: {late: {keyword: [补卡, 帮助]}}}\n",
            "8:38: check_ins.m.late.keyword[1]: `帮助` is a command (what I can do for you), and here it would be booked in its place; take another word",
            id="making up",
        ),
        pytest.param(
            "check_ins: {m: {leave: {cancel: 退订}}}\n",
            "8:33: check_ins.m.leave.cancel: `退订` is a command (no reminders for me; “resume reminders” brings them back), and here it would be booked in its place; take another word",
            id="the end of a leave",
        ),
        pytest.param(
            "check_ins: {m: {join: {keyword: 申诉}}}\n",
            "8:33: check_ins.m.join.keyword: `申诉` is a command (appeal against what was done about me), and here it would be booked in its place; take another word",
            id="signing up",
        ),
    ],
)
def test_a_command_that_would_be_booked_is_a_problem(tmp_path, sections, line):
    assert said(home(tmp_path, sections=sections), "problem") == [f"communities/a.yaml:{line}"]


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            "check_ins: {m: {keywords: [/note]}}\n",
            "8:28: check_ins.m.keywords[0]: `/note` is a command (note something about a member), and here it would be booked in its place; take another word",
            id="after a slash only",
        ),
        pytest.param(
            "check_ins: {m: {status: [忘记我]}}\n",
            "8:26: check_ins.m.status[0]: `忘记我` is a command (delete what I keep about you), and here an answer would come, too; take another word",
            id="what asks for a standing",
        ),
        pytest.param(
            "faq: {a: {ask: 我的数据, answer: x}}\n",
            "8:16: faq.a.ask: `我的数据` is a command (everything I keep about you, as a file), and here an answer would come, too; take another word",
            id="a question",
        ),
        pytest.param(
            "tiers: {a: {from: 0}}\ntier_talk: {ask: [绑定]}\n",
            "9:19: tier_talk.ask[0]: `绑定` is a command (make two of my accounts one person), and here an answer would come, too; take another word",
            id="what asks for a tier",
        ),
    ],
)
def test_a_command_that_would_be_answered_twice_is_a_warning(tmp_path, sections, line):
    folder = home(tmp_path, sections=sections)
    assert said(folder, "warning") == [f"communities/a.yaml:{line}"]
    assert said(folder, "problem") == []


@pytest.mark.parametrize(
    "sections",
    [
        "check_ins: {m: {keywords: [打卡, 签到, checkin], board: {keyword: [排行, top]}}}\nevents: {a: {title: x, at: sun 20:00}}\n",
        "check_ins: {m: {keywords: 活动}}\n",
        "faq: {rules: {ask: [群规, 积分], answer: x}}\n",
        "tiers: {a: {from: 0}}\ntier_talk: {ask: [等级, 积分, /tier]}\n",
    ],
    ids=["the shipped words", "of a section that is absent", "an answer for a word that is lent", "tiers too"],
)
def test_words_that_are_free_or_lent_are_in_order(tmp_path, sections):
    assert [str(each) for each in look(home(tmp_path, sections=sections))[1]] == []


def test_a_word_that_is_a_command_after_a_slash_only_is_a_note(tmp_path):
    folder = home(tmp_path, sections="check_ins: {m: {keywords: [打卡, note]}}\n")
    assert [(each.weight, str(each), each.message("zh")) for each in look(folder)[1]] == [
        (
            "note",
            "communities/a.yaml:8:32: check_ins.m.keywords[1]: whoever writes `/note` (note something about a member) is booked here by that; `note` alone is no command",
            "谁写 `/note`（给成员记备注），也会被记成打卡或请假；单写 `note` 不是指令",
        )
    ]


def test_such_a_word_was_booked_indeed():
    camp = Camp(morning={"keywords": ["打卡", "积分"], "points": 5})
    camp.says("2026-03-02 07:00", "积分")
    assert camp.points() == 5


def test_it_is_told_in_chinese(tmp_path):
    _, told = look(home(tmp_path, sections="check_ins: {m: {keywords: [积分]}}\n"))
    assert [each.message("zh") for each in told] == [
        "`积分` 是指令（我的积分、等级、连续打卡和警告），在这里会被记成打卡或请假；请换一个词"
    ]
