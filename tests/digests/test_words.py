"""What a digest says, word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.events import Instructed
from core.people import Account, Actor
from jobs.digest.compose import MOST_CHARACTERS, change, when
from tests.digests.group import BOT, STAFF, SUNDAY, Week, community, person
from workflows import rules
from workflows.digest_options import told_at
from workflows.digest_periods import told_on
from workflows.rule_options import Rules

ZH = """📅 「晨读营」周报 · 3月23日—29日

💬 消息 19 条（上期 4，↑15）
6 位成员里，平均每天 1.9 人发言或互动（上期 0.6，↑1.3）

✅ 晨读：6 位成员里 4 人，共打卡 8 次（上期 2，↑6）
1. 成员2 · 3
2. 成员3 · 2
2. 成员4 · 2
…还有 1 人

🏅 积分：4 人共得 41 分
1. 成员2 · 16
2. 成员3 · 10
2. 成员4 · 10
…还有 1 人

🤝 热心：1 位群友道谢，谢了 1 人
1. 成员2 · 1

👋 新成员 2 人（上期 0，↑2）
小新 等
现有成员 6 人（我们见到过的），离开 1 人

🎖️ 升级 2 人
成员2 → 大树
成员3 → 大树

🔥 大家在聊
龙井（3 人）

❓ 还没人回复的提问 1 个

⚖️ 规则这段时间
· 广告：处理 1 次，涉及 1 人
· 道谢：处理 1 次，涉及 1 人"""


def eventful(week: Week) -> None:
    """Two weeks in which everything happens that a digest tells, and somebody long before them."""
    week.said(person(2), 10, "大家好")
    for number in (2, 3):
        week.said(person(number), 17, "打卡 读了第一章")
    week.said(person(2), 18, "今天天气真好")
    week.said(person(3), 18, "是啊是啊")
    for day in (23, 24, 25):
        week.said(person(2), day, "打卡 又读了一章")
    for day in (23, 24):
        week.said(person(3), day, "打卡 又读了一章")
        week.said(person(4), day, "打卡 又读了一章")
    week.said(STAFF, 23, "打卡 带个头")
    week.said(BOT, 23, "打卡 机器人不算")
    helped = week.said(person(2), 25, "可以先用温水润一润")
    week.said(person(3), 25, "谢谢指点", to=helped)
    for number in (2, 3, 4):
        week.said(person(number), 26, "龙井该用几度的水呢")
    for number in (2, 3):
        week.said(person(number), 26, "宣纸受潮了")
    week.said(person(4), 26, "周日的茶会几点开始？")
    answered = week.said(person(3), 26, "在哪里集合呢？")
    week.said(person(2), 26, "老地方", to=answered)
    week.said(person(5), 27, "代购便宜了")
    week.joined(person(6, "小新"), 27)
    week.joined(person(7, "路过的人"), 27)
    week.left(person(7, "路过的人"), 28)


def test_a_week_in_chinese(week):
    eventful(week)
    week.happens()
    assert week.told("zh") == ZH


def test_the_same_week_in_english(week):
    eventful(week)
    week.happens()
    told = week.told("en")
    assert told.startswith("📅 晨读营, the week · 23–29 Mar\n\n💬 Messages: ")
    assert "✅ Morning: 8 check-ins by 4 of 6 members (before 2, ↑6)\n1. 成员2 · 3\n2. 成员3 · 2\n" in told
    assert "🎖️ Moved up: 2\n成员2 → Tree" in told
    assert "🔥 Talked about\n龙井 (3 people)" in told
    assert "· Advertising: acted 1×, people: 1" in told


def test_a_quiet_week_says_so(week):
    week.said(person(2), 10, "很久以前")
    week.happens()
    assert week.told("zh") == "📅 「晨读营」周报 · 3月23日—29日\n\n这段时间很安静，没有什么要说的。"
    assert week.told("en") == "📅 晨读营, the week · 23–29 Mar\n\nA quiet time. There is nothing to tell."


def test_sections_stand_in_the_operators_order(store):
    week = Week(store, community(sections=["new_members", "activity"]))
    eventful(week)
    week.happens()
    told = week.told()
    assert told.index("👋") < told.index("💬")
    assert "✅" not in told


def test_nothing_is_compared_with_a_time_before_anybody_was_there(week):
    week.said(person(2), 24, "第一条消息")
    week.happens()
    assert "上期" not in week.told()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>粗</b> *星* [x](y)", "<b>粗</b> *星* [x](y)"),
        ("一行\n两行\u202e倒", "一行 两行倒"),
        ("长" * 200, "长" * 63 + "…"),
    ],
    ids=["markup is text", "one line, no direction marks", "cut"],
)
def test_names_cannot_disturb_the_text(week, name, shown):
    week.said(Actor(account=person(2).account, name=name), 24, "打卡 读完了")
    week.happens()
    assert f"1. {shown} · 1" in week.told()


def test_staff_win_no_prizes_unless_the_operator_wants_it(store):
    for group, first in ((community(), "1. 成员2 · 1"), (community(staff_on_boards=True), "1. 馆主 · 2")):
        week = Week(store, group)
        for day in (23, 24):
            week.said(STAFF, day, "打卡 带头")
        week.said(person(2), 24, "打卡 跟上")
        week.happens()
        told = week.told().partition("✅")[2]
        assert told.splitlines()[1] == first
        assert "2 人，共打卡 3 次" in told


def test_who_does_not_want_to_be_named_is_counted_and_not_named(week):
    week.said(person(2), 23, "打卡 一")
    week.said(person(3), 23, "打卡 二")
    week.said(person(2), 24, "周报不提我")
    week.happens()
    told = week.told()
    assert "2 人，共打卡 2 次\n1. 成员3 · 1\n…还有 1 人" in told
    assert "成员2" not in told


def test_a_member_that_changes_their_mind_is_named_again(week):
    week.said(person(2), 23, "打卡 一")
    week.said(person(2), 24, "周报不提我")
    week.said(person(2), 25, "周报可提我")
    week.happens()
    assert "1. 成员2 · 1" in week.told()


def test_a_day_that_is_made_up_counts_for_itself(store):
    """What is written for last week is told as last week's."""
    week = Week(store)
    week.said(person(2), 10, "大家好")
    week.said(person(2), 22, "打卡 周日晚上", hour=23)
    week.said(person(2), 23, "打卡 周一")
    week.happens()
    assert "共打卡 1 次（与上期持平）" in week.told()


def test_a_long_digest_is_cut_at_a_line_and_says_so(store):
    week = Week(store, community(top=20))
    for number in range(2, 90):
        week.joined(person(number, "名" * 60 + str(number)), 24)
        for day in (23, 24):
            week.said(person(number, "名" * 60 + str(number)), day, f"打卡 第{number}个")
    week.happens()
    told = week.told()
    assert len(told) <= MOST_CHARACTERS + 100
    assert told.count("\n…还有 68 人") == 2


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (112, 100, "↑12%"),
        (88, 100, "↓12%"),
        (3, 0, "↑3"),
        (0, 5, "↓100%"),
        (1001, 1000, "↑1%"),
        (9, 8, "↑13%"),
        (5.5, 6.25, "↓12%"),
        (1.4, 1.6, "↓0.2"),
        (8, 4, "↑4"),
        (0.25, 0, "↑0.3"),
    ],
    ids=[
        "up",
        "down",
        "from nothing",
        "to nothing",
        "hardly",
        "half a percent",
        "of means",
        "of a small mean",
        "of few",
        "a mean from nothing",
    ],
)
def test_changes_are_told_as_shares(now, before, told):
    assert change(now, before) == told


@pytest.mark.parametrize(
    ("at", "days_later", "zh", "en"),
    [
        ("sun 20:00", 0, "3月23日—29日", "23–29 Mar"),
        ("wed 20:00", 3, "3月26日—4月1日", "26 Mar–1 Apr"),
        ("20:00", 0, "3月29日", "29 Mar"),
    ],
    ids=["one month", "two months", "one day"],
)
def test_the_days_are_named_as_people_name_them(at, days_later, zh, en):
    period = told_on(told_at(at), (SUNDAY + timedelta(days=days_later)).date())
    assert (when(period, "zh"), when(period, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Active that day: 2 of 2 members (before 1, ↑1)"),
        ("zh", "2 位成员里，这一天有 2 人发言或互动（上期 1，↑1）"),
    ],
)
def test_of_one_day_no_average_is_told(week, language, line):
    day = Week(week.store, community(at="20:00"))
    for number, date in ((2, 28), (2, 29), (3, 29)):
        day.said(person(number), date, "今天天气真好")
    day.happens()
    assert line in day.told(language).splitlines()


@pytest.mark.parametrize(
    ("language", "lines"), [("zh", ["· 刷屏：处理 2 次，涉及 1 人"]), ("en", ["· flood: acted 2×, people: 1"])]
)
def test_a_limit_goes_by_its_name_and_what_admins_did_by_hand_is_no_rules(store, language, lines):
    written = Rules.model_validate({"flood": {"messages": 2, "within": "60s", "then": ["delete"]}})
    held = community(sections=["rule_report"])
    runs = tuple(replace(one, options=written) if one.workflow is rules.workflow else one for one in held.runs)
    week = Week(store, replace(held, runs=runs))
    for _ in range(3):
        week.said(person(2), 24, "好")
    order = Instructed(
        id="order", at=week.at(25), group="reading", actor=STAFF, workflow="rules", verb="mute", target=person(3)
    )
    week._events.append(order)
    week.happens()
    assert any(row.rule == "admin" and row.then == ("mute",) for row in store.audit("reading"))
    assert week.told(language).splitlines()[3:] == lines


def test_a_username_that_nobody_bears_is_on_no_board(week):
    nobody = Actor(account=Account("telegram:@laoli"), name="laoli")
    asked = week.said(nobody, 24, "早")
    helped = week.said(person(2), 24, "读到第三章了")
    week.said(person(3), 25, "谢谢指点", to=asked)
    week.said(person(4), 25, "谢谢指点", to=helped)
    week.happens()
    told = week.told()
    assert "1. 成员2 · 1" in told
    assert "laoli" not in told
