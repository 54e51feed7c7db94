"""What counts as a check-in, for which day, and that no day is ever had twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.events import MessagePosted
from core.people import Account, Actor, ActorKind
from core.ports import Newcomer
from tests.workflows.check_in_camp import ADMIN, LI, WANG, WORDS, Camp, bot, person
from workflows import check_in
from workflows.check_in_hold import longest
from workflows.streaks import Streaks

MORNING: dict[str, Any] = {
    "name": {"zh": "晨读", "en": "Morning reading"},
    "keywords": ["打卡", "签到", "checkin"],
    "window": "05:30-09:00",
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "proof": {"min_chars": 10, "or": ["photo", "voice"]},
    "points": 5,
    "streak": {"bonus": {7: 10, 30: 50}, "freezes": {"per_month": 2}},
}
PLAIN: dict[str, Any] = {"points": 1}


def test_seven_mornings_in_a_row_earn_the_bonus() -> None:
    camp = Camp(morning=MORNING)
    camp.days("2026-03-02", 9)
    assert camp.streak() == 7
    assert camp.points() == 45, "7 weekdays * 5 + 10; the weekend does not break it"
    assert camp.last == "✅ 小王 晨读连续第 7 天，+15 分"


def test_the_reply_is_the_operators_own() -> None:
    reply = {
        "zh": "${member.name} ${check_in.streak}/${check_in.points}/${member.points}",
        "en": "day ${check_in.streak}",
    }
    camp = Camp(morning={**PLAIN, "reply": reply})
    camp.says("2026-03-02 07:00", "打卡")
    assert camp.last == "小王 1/1/1"


def test_a_member_is_answered_in_their_language() -> None:
    camp = Camp(morning=MORNING)
    ann = Actor(account=Account("telegram:7"), name="Ann", language="en-GB")
    camp.says("2026-03-02 07:00", "checkin read ten pages today", ann)
    assert camp.last == "✅ Ann, Morning reading, day 1 in a row, +5"


# One day, once


def test_the_second_check_in_of_a_day_does_not_count() -> None:
    camp = Camp(morning=MORNING)
    camp.says("2026-03-02 06:00")
    camp.says("2026-03-02 08:00")
    assert camp.dates() == ["2026-03-02"]
    assert camp.points() == 5
    assert camp.last == "小王，今天已经打过啦，连续 1 天，明天见～"


def test_one_local_day_is_one_day_around_eight_in_the_morning() -> None:
    """UTC midnight is 08:00 in Shanghai: a day kept in UTC would be had twice."""
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 07:59", "打卡")
    camp.says("2026-03-02 08:01", "打卡")
    assert camp.dates() == ["2026-03-02"]


def test_two_accounts_of_one_person_have_one_day() -> None:
    camp = Camp(morning=MORNING)
    camp.says("2026-03-02 06:00")
    with camp.store.unit() as unit:
        unit.rebind(WANG.account, Newcomer(Account("wechat:小王"), "小王", ActorKind.PERSON, None, None))
        unit.commit()
    camp.says("2026-03-02 06:30", who=person("小王", "wechat"))
    camp.says("2026-03-03 06:30", who=person("小王", "wechat"))
    assert camp.dates() == ["2026-03-02", "2026-03-03"]
    assert camp.streak() == 2


def test_a_hundred_at_once_are_one() -> None:
    camp = Camp(morning=PLAIN)
    at = camp.at("2026-03-02 07:00")
    posted = [
        MessagePosted(id=f"x{n}", at=at, group="camp", actor=WANG, message=f"m{n}", text="打卡") for n in range(100)
    ]
    camp.engine.process(posted)
    camp.engine.process(posted)
    assert len(camp.facts("check_in:morning")) == 1
    assert camp.points() == 1


def test_the_ledgers_key_is_the_challenge_and_the_date() -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 07:00", "打卡")
    fact = camp.facts("check_in:morning")[0]
    assert (fact.key, str(fact.about)) == ("morning:2026-03-02", "2026-03-02")


def test_the_time_of_the_message_counts_whenever_it_is_processed() -> None:
    camp = Camp(morning=MORNING)
    camp.engine.process(
        [
            MessagePosted(id="1", at=camp.at("2026-03-02 08:59"), group="camp", actor=WANG, message="1", text=WORDS),
            MessagePosted(id="2", at=camp.at("2026-03-03 08:59"), group="camp", actor=WANG, message="2", text=WORDS),
        ]
    )
    assert camp.dates() == ["2026-03-02", "2026-03-03"]


def test_a_clock_that_goes_backwards_gains_nothing() -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-03 07:00", "打卡")
    camp.says("2026-03-02 07:00", "打卡")
    assert camp.dates() == ["2026-03-03"]
    assert camp.streak() == 1


def test_it_counts_as_activity_of_the_day() -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 07:00", "打卡")
    camp.says("2026-03-02 07:05", "打卡")
    assert list(camp.check_ins_counted().values()) == [1]


# What counts


@pytest.mark.parametrize(
    "text",
    [
        "打卡",
        "打卡！",
        "打卡 第三章",
        "打卡第3天",
        "打卡3",
        "#打卡 读完了",
        "✅打卡",
        "打卡啦",
        "簽到",
        "/checkin",
        "CheckIn done",
        "@雅集 打卡",
        " 打卡\n内容",
        "打卡Day3",
        "【打卡】ok",
        "打\u200b卡",
    ],
)
def test_a_keyword_at_the_start_checks_in(text: str) -> None:
    camp = Camp(morning={**PLAIN, "keywords": ["打卡", "签到"]})
    camp.says("2026-03-02 07:00", text)
    assert camp.dates() == ["2026-03-02"]


@pytest.mark.parametrize(
    "text",
    [
        "大家记得明天打卡",
        "打卡规则：每天早上",
        "打卡机坏了",
        "打卡？",
        "打卡了吗？",
        "checkins",
        "/checkin@otherbot",
        "/checking",
        "",
        "早",
    ],
)
def test_an_announcement_with_the_word_is_no_check_in(text: str) -> None:
    camp = Camp(morning={**PLAIN, "keywords": ["打卡", "签到"]})
    camp.says("2026-03-02 07:00", text)
    assert camp.said() == []


@pytest.mark.parametrize(
    "who",
    [
        bot("b"),
        Actor(account=Account("telegram:-100"), kind=ActorKind.CHANNEL),
        Actor(account=Account("telegram:1087968824"), kind=ActorKind.ANONYMOUS_ADMIN),
    ],
    ids=["bot", "channel", "anonymous admin"],
)
def test_only_persons_check_in(who: Actor) -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 07:00", "打卡", who)
    assert camp.said() == []
    assert list(camp.store.facts("camp")) == []


@pytest.mark.parametrize("more", [{"forwarded": True}, {"private": True}], ids=["forwarded", "private"])
def test_what_the_group_did_not_get_from_the_member_does_not_count(more: dict[str, Any]) -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 07:00", "打卡", **more)
    assert list(camp.store.facts("camp")) == []


@pytest.mark.parametrize("text", ["打卡 读了第三章", "/checkin", "补卡 昨天"])
def test_who_checks_in_in_private_hears_once_that_it_belongs_into_the_group(text: str) -> None:
    camp = Camp(morning=PLAIN | {"late": {}}, evening=PLAIN | {"late": {}})
    camp.says("2026-03-02 07:00", text, private=True)
    assert camp.said() == ["这个请发在群里，私聊里发的不算哦。"]
    assert list(camp.store.facts("camp")) == []


def test_where_there_are_several_challenges_it_is_said_which_of_them_was_done() -> None:
    camp = Camp(morning=PLAIN | {"name": "晨读"}, evening=PLAIN | {"name": "晚读"})
    for minute in (1, 2):
        camp.says(f"2026-03-02 07:0{minute}", "打卡")
    assert camp.said()[-2:] == [
        "小王，今天的「晨读」已经打过啦，连续 1 天，明天见～",
        "小王，今天的「晚读」已经打过啦，连续 1 天，明天见～",
    ]


def test_staff_may_check_in() -> None:
    camp = Camp(morning=PLAIN)
    admin = Actor(account=Account("telegram:9"), name="管理员")
    camp.says("2026-03-02 07:00", "打卡", admin)
    assert camp.dates(admin) == ["2026-03-02"]


@pytest.mark.parametrize(
    ("local", "said"),
    [
        ("2026-03-02 05:29", "还没到时间哦，「晨读」的打卡时间是 05:30-09:00。"),
        ("2026-03-02 05:30", "✅ 小王 晨读连续第 1 天，+5 分"),
        ("2026-03-02 09:00", "✅ 小王 晨读连续第 1 天，+5 分"),
        ("2026-03-02 09:01", "今天的「晨读」已经截止啦（05:30-09:00），明天早点来～"),
        ("2026-03-07 07:00", "今天休息，「晨读」不用打卡，好好放松一下～"),
    ],
    ids=["too early", "first minute", "last minute", "closed", "rest day"],
)
def test_the_window_and_the_days(local: str, said: str) -> None:
    camp = Camp(morning=MORNING)
    camp.says(local)
    assert camp.said() == [said]


def test_after_the_window_the_member_hears_how_to_make_it_up() -> None:
    camp = Camp(morning={**MORNING, "late": {"points": 2}})
    camp.says("2026-03-02 10:00")
    assert camp.last == "今天的「晨读」已经截止啦（05:30-09:00），可以发「补卡」补上。"


@pytest.mark.parametrize(
    ("zone", "day", "window", "counts", "late"),
    [
        pytest.param("Africa/Cairo", "2026-04-24", "00:00-00:45", "01:45", "01:46", id="at midnight"),
        pytest.param("America/Santiago", "2026-09-06", "00:10-00:50", "01:10", "01:51", id="within the hour"),
        pytest.param("Europe/Berlin", "2026-03-29", "02:00-02:30", "03:30", "03:31", id="at two"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "02:00-02:20", "02:50", "02:51", id="half an hour"),
    ],
)
def test_a_window_that_spring_skips_opens_when_the_clocks_have_changed(
    zone: str, day: str, window: str, counts: str, late: str
) -> None:
    camp = Camp(zone, morning={"window": window, "late": {}})
    before = date.fromisoformat(day) - timedelta(days=2)
    camp.days(str(before), 2, window[:5], "打卡")
    camp.says(f"{day} {late}", "打卡", LI)
    assert camp.last.startswith("今天的「morning」已经截止啦")
    camp.says(f"{day} {counts}", "补卡")
    assert camp.last == "最近 2 天没有要补的，继续保持～"
    camp.says(f"{day} {counts}:59", "打卡")
    camp.says(f"{before + timedelta(days=3)} {window[:5]}", "打卡")
    assert camp.streak() == 4


def test_a_window_that_autumn_repeats_is_open_twice_and_closed_between() -> None:
    camp = Camp("Europe/Berlin", morning={"window": "02:00-02:30", "late": {}})
    camp.days("2026-10-23", 2, "02:10", "打卡")
    first, again = datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    camp.says(first, "打卡")
    assert camp.last.startswith("今天的「morning」已经截止啦")
    camp.says(again, "补卡 今天")
    assert camp.last == "2026-10-25 补不了：只能补最近 2 天里漏掉的日子。"
    camp.says(again, "打卡")
    assert camp.streak() == 3


def test_before_its_window_a_day_that_autumn_has_begun_twice_is_not_closed() -> None:
    """The day began at the first 02:30 of two."""
    camp = Camp("Europe/Berlin", morning={"day_start": "02:30", "window": "05:30-09:00", "late": {}})
    camp.says(datetime(2026, 10, 24, 5, tzinfo=UTC), "打卡")
    again = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    camp.says(again, "打卡")
    assert camp.last == "还没到时间哦，「morning」的打卡时间是 05:30-09:00。"
    camp.says(again, "补卡 今天")
    assert camp.dates() == ["2026-10-24"]


# Several challenges


def test_a_shared_word_means_the_challenges_that_are_open() -> None:
    camp = Camp(morning={**PLAIN, "window": "05:00-09:00"}, evening={**PLAIN, "window": "18:00-23:00"}, daily=PLAIN)
    camp.says("2026-03-02 07:00", "打卡")
    camp.says("2026-03-02 20:00", "打卡")
    assert camp.dates() == ["2026-03-02"]
    assert camp.dates(challenge="evening") == ["2026-03-02"]
    assert camp.dates(challenge="daily") == ["2026-03-02"]
    assert camp.points() == 3
    assert camp.streak(challenge="daily") == camp.streak(challenge="evening") == camp.streak() == 1


def test_each_challenge_has_its_words() -> None:
    camp = Camp(morning={**PLAIN, "keywords": "晨读"}, sport={**PLAIN, "keywords": ["运动"], "status": ["我的运动"]})
    camp.says("2026-03-02 07:00", "运动 5 公里")
    assert camp.dates() == []
    assert camp.dates(challenge="sport") == ["2026-03-02"]


# Days that are no calendar days


def test_three_in_the_morning_is_still_yesterday() -> None:
    camp = Camp(morning={**PLAIN, "day_start": "04:00"})
    camp.says("2026-03-02 23:00", "打卡")
    camp.says("2026-03-03 03:59", "打卡")
    camp.says("2026-03-04 03:59", "打卡")
    camp.says("2026-03-04 04:00", "打卡")
    assert camp.dates() == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert camp.streak() == 3


def test_a_window_over_midnight_is_one_day() -> None:
    camp = Camp(night={**PLAIN, "day_start": "04:00", "window": "22:00-02:00"})
    camp.says("2026-03-02 23:30", "打卡")
    camp.says("2026-03-03 00:30", "打卡")
    camp.says("2026-03-04 01:59", "打卡")
    camp.says("2026-03-04 02:01", "打卡")
    assert camp.dates(challenge="night") == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("America/New_York", "2026-03-06"),
        ("America/New_York", "2026-10-30"),
        ("Australia/Lord_Howe", "2026-04-03"),
        ("Australia/Lord_Howe", "2026-10-02"),
        ("Asia/Shanghai", "2028-02-27"),
        ("Asia/Shanghai", "2026-01-29"),
        ("Asia/Shanghai", "2026-12-29"),
    ],
    ids=["spring", "autumn", "half an hour back", "half an hour on", "leap day", "end of a month", "new year"],
)
@pytest.mark.parametrize("clock", ["00:00", "02:30", "23:59"])
def test_days_in_a_row_are_calendar_days(zone: str, first: str, clock: str) -> None:
    camp = Camp(zone, morning=PLAIN)
    camp.days(first, 6, clock, "打卡")
    assert camp.streak() == 6


def test_a_missed_31st_breaks_the_streak() -> None:
    camp = Camp(morning=PLAIN)
    camp.days("2026-03-01", 30, text="打卡")
    camp.says("2026-04-01 07:00", "打卡")
    assert camp.streak() == 1


def test_late_one_day_and_early_the_next_is_no_gap() -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 23:58", "打卡")
    camp.says("2026-03-03 00:02", "打卡")
    assert camp.streak() == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Asia/Shanghai", "America/New_York"),
        ("America/New_York", "Asia/Shanghai"),
        ("Pacific/Pago_Pago", "Pacific/Kiritimati"),
    ],
    ids=["west", "east", "over the date line"],
)
def test_moving_the_zone_neither_breaks_nor_farms(before: str, after: str) -> None:
    camp = Camp(before, morning=PLAIN)
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for hour in range(0, 24 * 5, 24):
        camp.says(start.replace(day=2 + hour // 24), "打卡")
    assert camp.streak() == 5
    camp.moves(after)
    camp.says(start.replace(day=6, hour=13), "打卡")
    assert camp.streak() <= 6
    for day in range(7, 11):
        camp.says(start.replace(day=day), "打卡")
    assert 9 <= camp.streak() <= 10, "nine instants 24 hours apart, and the one an hour after the move at most"


# A plain message


def test_a_plain_message_is_nothing_to_decide() -> None:
    camp = Camp(morning=MORNING)
    event = MessagePosted(
        id="1", at=camp.at("2026-03-02 07:00"), group="camp", actor=WANG, message="1", text="早上好呀"
    )
    assert check_in.workflow.reads(event, camp.options) is None


def test_a_check_in_reads_no_history() -> None:
    """However long somebody's log is, a check-in needs the record alone."""
    camp = Camp(morning=MORNING)
    event = MessagePosted(id="1", at=camp.at("2026-03-02 07:00"), group="camp", actor=WANG, message="1", text=WORDS)
    assert {key.what for key in check_in.reads(event, camp.options) or ()} == {"record"}


def test_two_people_have_two_streaks() -> None:
    camp = Camp(morning=PLAIN)
    camp.days("2026-03-02", 2, text="打卡")
    camp.says("2026-03-03 07:00", "打卡", LI)
    assert (camp.streak(), camp.streak(LI)) == (2, 1)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param("2026-03-05 23:59", 3, id="the day that costs nobody anything"),
        pytest.param("2026-03-06 23:59", 3, id="the last day"),
        pytest.param("2026-03-07 00:00", 0, id="two days missed"),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles"], ids=["east", "west"])
def test_after_a_move_a_streak_runs_as_long_as_a_check_in_continues_it(zone: str, asked: str, told: int) -> None:
    camp = Camp("America/New_York", morning={"board": {"by": "streak"}})
    camp.days("2026-03-02", 3, "23:00", text="打卡")
    camp.moves(zone)
    camp.says(asked, "我的打卡")
    assert camp.last.startswith(f"📖 小王「morning」：连续 {told} 天")
    camp.says(asked, "排行")
    assert ("小王" in camp.last) is (told > 0)
    kept = camp.kept()
    assert kept is not None
    assert longest(camp.group, Streaks(of={"morning": kept}), camp.at(asked)) == told
    camp.says(asked, "打卡")
    assert camp.streak() == told + 1


def test_over_a_move_a_day_that_was_made_up_counts_as_one_checked_in() -> None:
    camp = Camp("America/New_York", morning={"late": {}})
    camp.says("2026-03-04 12:00", "补卡 昨天")
    camp.moves("Asia/Shanghai")
    camp.says("2026-03-05 12:00", "打卡")
    assert camp.streak() == 2


def test_a_day_missed_over_a_move_is_excused_once() -> None:
    camp = Camp("America/New_York", morning=PLAIN)
    camp.days("2026-03-02", 3, text="打卡")
    camp.moves("Asia/Shanghai")
    camp.says("2026-03-06 07:00", "打卡")
    assert camp.streak() == 4
    assert [fact.reason for fact in camp.facts("excused:morning")] == ["the group's time zone changed"]
    camp.says("2026-03-08 07:00", "打卡")
    assert camp.streak() == 1


@pytest.mark.parametrize(
    ("kind", "text", "counted"),
    [
        pytest.param("other", "打卡第3天 | 一张分享的卡片", 1, id="what somebody shares"),
        pytest.param("other", "打卡\n• 按钮", 1, id="above what is read out of it"),
        pytest.param("other", "• 打卡\n• 完成", 0, id="a checklist"),
        pytest.param("poll", "• 打卡\n打卡", 0, id="a poll"),
    ],
)
def test_what_somebody_says_checks_in_and_what_is_read_out_of_it_does_not(kind: str, text: str, counted: int) -> None:
    camp = Camp(morning={"name": "晨读", "points": 2})
    camp.says("2026-03-02 07:00", text, kind=kind)
    assert camp.streak() == counted


# What is said to others, or of another day

TO_OTHERS = [
    pytest.param("今日打卡：第三章 1-20 页", {}, id="a heading"),
    pytest.param("第3天打卡：背将进酒", {}, id="a heading with a count"),
    pytest.param("Day 3 check-in: read chapter five", {}, id="in English"),
    pytest.param("打卡：今日任务 背滕王阁序", {}, id="a task"),
    pytest.param("打卡：这一篇", {"links": ("https://mp.weixin.qq.com/s/a",)}, id="a link"),
    pytest.param("打卡：\n小王\n老李\n小张", {}, id="a list"),
    pytest.param("今日打卡：读完第三章", {}, id="a task that is to be done"),
    pytest.param("第3天打卡：跑步5公里就行了", {}, id="how much is enough"),
    pytest.param("今日打卡：我们读第三章", {}, id="what all do"),
    pytest.param("今日打卡：读了第三章的来说说", {}, id="a call to those who did"),
    pytest.param("打卡 https://mp.weixin.qq.com/s/a", {}, id="nothing but a link"),
    pytest.param("来打卡！", {}, id="a call"),
    pytest.param("大家早上好，打卡！", {}, id="a call to all"),
]


@pytest.mark.parametrize(("text", "more"), TO_OTHERS)
def test_what_an_admin_says_to_the_others_checks_nobody_in(text: str, more: dict[str, Any]) -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 07:00", text, ADMIN, **more)
    assert (camp.dates(ADMIN), camp.said()) == ([], [])
    camp.says("2026-03-02 07:00", text, LI, **more)
    assert camp.dates(LI) == ["2026-03-02"], "a member's own is one"


@pytest.mark.parametrize(
    "text",
    [
        "打卡",
        "打卡 读了三页",
        "打卡：读了三页",
        "打卡 读了三页 https://mp.weixin.qq.com/s/a",
        "我来打卡了 https://mp.weixin.qq.com/s/a",
        "今日打卡：跑了5公里",
        "第3天打卡：早上读完了第三章",
        "今日打卡：背单词三十个了",
        "今日打卡：我读第三章",
        "Day 3 check-in: finished chapter five",
        "我今天打卡：读了三页",
        "来打卡了",
        "大家早，打卡 三页",
        "/checkin 三页",
    ],
)
def test_an_admin_checks_in_as_others_do(text: str) -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-02 07:00", text, ADMIN)
    assert camp.dates(ADMIN) == ["2026-03-02"]


@pytest.mark.parametrize("text", ["3.4打卡", "3月4日打卡 三页", "03-04 打卡", "周三打卡", "12/21打卡"])
def test_the_day_before_the_word_may_be_today(text: str) -> None:
    camp = Camp(morning=PLAIN)
    camp.says("2026-03-04 07:00", text)
    assert camp.dates() == ["2026-03-04"]


@pytest.mark.parametrize(
    "text", ["打卡 3月3日", "打卡3月3号 三页", "打卡 昨天", "打卡 昨天的", "打卡：2026-03-03 三页"]
)
def test_a_check_in_of_one_of_the_last_days_is_none_of_today(text: str) -> None:
    camp = Camp(morning={**PLAIN, "late": {}})
    camp.says("2026-03-04 07:00", text)
    assert camp.dates() == []
    assert camp.last.startswith("今天是 2026-03-04，这一条没有记。要补 2026-03-03 的，发「补卡 2026-03-03」")


@pytest.mark.parametrize(
    "text", ["打卡 3月4日", "打卡 昨天没睡好", "打卡 前天那首诗背完了", "打卡 3/21", "打卡 5月4日的诗", "打卡 3页"]
)
def test_what_follows_the_word_and_tells_of_no_other_day_is_todays(text: str) -> None:
    camp = Camp(morning={**PLAIN, "late": {}})
    camp.says("2026-03-04 07:00", text)
    assert camp.dates() == ["2026-03-04"]


def test_after_midnight_both_days_are_today() -> None:
    for text in ("3.4打卡", "3.5打卡"):
        camp = Camp(morning={**PLAIN, "day_start": "04:00"})
        camp.says("2026-03-05 01:00", text)
        assert camp.dates() == ["2026-03-04"]


def test_who_names_another_day_hears_how_to_make_it_up() -> None:
    camp = Camp(morning={**PLAIN, "late": {}}, evening={"keywords": ["夜读打卡"], "points": 1})
    camp.says("2026-03-04 07:00", "3.3打卡 三页")
    assert camp.dates() == []
    assert camp.last == (
        "今天是 2026-03-04，这一条没有记。要补 2026-03-03 的，发「补卡 2026-03-03」；今天的打卡，发「打卡」就行。"
    )
    camp.says("2026-03-04 07:01", "3.3夜读打卡")
    assert camp.last == "今天是 2026-03-04，这一条没有记。今天的打卡，发「夜读打卡」就行。"


@pytest.mark.parametrize("text", ["周六打卡", "3月8日打卡", "1.1打卡"])
def test_of_a_day_that_is_far_or_to_come_nothing_is_said(text: str) -> None:
    camp = Camp(morning={**PLAIN, "late": {}})
    camp.says("2026-03-04 07:00", text)
    assert (camp.dates(), camp.said()) == ([], [])
