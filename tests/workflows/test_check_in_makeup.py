"""Making up missed days, leave, freezes, and repairs by admins: the past changes, the streak follows."""

from __future__ import annotations

from typing import Any

import pytest

from core.effects import TellAdmins
from core.people import Actor
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp

LATE: dict[str, Any] = {"points": 5, "late": {"keyword": "补卡", "within": "2d", "points": 2}}


def missed(*, until: int, day: int, **more: Any) -> Camp:
    """Checked in from 2 March on, but not on one day."""
    camp = Camp(morning={**LATE, **more})
    for n in range(2, until + 1):
        if n != day:
            camp.says(f"2026-03-{n:02} 07:00", "打卡")
    return camp


def test_the_most_recent_missed_day_is_made_up() -> None:
    camp = missed(until=6, day=5)
    assert camp.streak() == 1
    camp.says("2026-03-06 08:00", "补卡")
    assert camp.last == "✅ 小王 补上了 2026-03-05 的「morning」，现在连续 5 天，+2 分"
    assert (camp.streak(), camp.points()) == (5, 4 * 5 + 2)


@pytest.mark.parametrize("text", ["补卡 3月5日", "补卡 2026-03-05", "补卡：3/5", "补卡 前天", "补卡 5号", "补卡3月5日"])
def test_a_date_in_the_message_is_the_groups_own(text: str) -> None:
    camp = missed(until=6, day=5)
    camp.says("2026-03-07 00:10", text)
    assert "2026-03-05" in camp.dates()


@pytest.mark.parametrize(
    ("local", "text", "said"),
    [
        ("2026-03-08 07:00", "补卡 3月5日", "2026-03-05 补不了：只能补最近 2 天里漏掉的日子。"),
        ("2026-03-06 08:00", "补卡 3月4日", "2026-03-04 已经打过卡了，不用补。"),
        ("2026-03-06 08:00", "补卡 2月30日", "2月30日 补不了：只能补最近 2 天里漏掉的日子。"),
        ("2026-03-06 08:00", "补卡 明天", "2026-03-07 补不了：只能补最近 2 天里漏掉的日子。"),
    ],
    ids=["too long ago", "there already", "no such day", "to come"],
)
def test_a_day_that_cannot_be_made_up(local: str, text: str, said: str) -> None:
    camp = missed(until=6, day=5)
    points = camp.points()
    camp.says(local, text)
    assert camp.last == said
    assert camp.points() == points


def test_nothing_missed_nothing_made_up() -> None:
    camp = Camp(morning=LATE)
    camp.joins("2026-03-01 07:00")
    camp.days("2026-03-02", 3, text="打卡")
    camp.says("2026-03-04 08:00", "补卡")
    assert camp.last == "最近 2 天没有要补的，继续保持～"


def test_a_day_is_made_up_once() -> None:
    camp = missed(until=6, day=5)
    camp.says("2026-03-06 08:00", "补卡 3月5日")
    camp.says("2026-03-06 08:01", "补卡 3月5日")
    assert camp.points() == 4 * 5 + 2


def test_today_is_missed_once_its_window_has_closed() -> None:
    camp = Camp(morning={**LATE, "window": "05:30-09:00"})
    camp.days("2026-03-02", 3, text="打卡")
    camp.says("2026-03-05 08:00", "补卡")
    assert camp.dates()[-1] == "2026-03-04", "it is still open"
    camp.says("2026-03-05 10:00", "补卡")
    assert camp.dates()[-1] == "2026-03-05"
    assert camp.streak() == 4


def test_rest_days_are_not_missed() -> None:
    camp = Camp(morning={**LATE, "days": "weekdays"})
    camp.days("2026-03-02", 4, text="打卡")
    camp.says("2026-03-08 08:00", "补卡")
    assert camp.dates()[-1] == "2026-03-06", "Sunday makes up Friday"


def test_nobody_makes_up_days_from_before_they_came() -> None:
    camp = Camp(morning=LATE)
    camp.joins("2026-03-05 07:00")
    camp.says("2026-03-05 08:00", "打卡")
    camp.says("2026-03-05 08:01", "补卡")
    assert camp.dates() == ["2026-03-05"]


def test_make_ups_are_limited_and_cards_buy_more() -> None:
    camp = Camp(morning={**LATE, "late": {"within": "7d", "points": 0, "cards": 1}})
    camp.says("2026-03-02 07:00", "打卡")
    camp.says("2026-03-05 07:00", "补卡")
    camp.says("2026-03-05 07:01", "补卡")
    assert camp.last == "这个月的补卡次数用完啦，下个月再来～"
    camp.repairs("2026-03-05 08:00", "grant_cards", cards=1)
    camp.says("2026-03-05 08:01", "补卡")
    assert camp.dates() == ["2026-03-02", "2026-03-03", "2026-03-04"]
    camp.says("2026-03-06 08:01", "补卡")
    assert len(camp.dates()) == 3, "the card is spent"
    assert [fact.amount for fact in camp.facts("card:morning")] == [1, -1]


def test_a_new_month_brings_new_make_ups() -> None:
    camp = Camp(morning={**LATE, "late": {"within": "7d", "cards": 1}})
    camp.says("2026-03-28 07:00", "打卡")
    for local in ("2026-03-31 07:00", "2026-03-31 07:01", "2026-04-01 07:00"):
        camp.says(local, "补卡")
    assert camp.dates() == ["2026-03-28", "2026-03-30", "2026-03-31"]


def test_a_made_up_streak_survives_the_night() -> None:
    camp = missed(until=6, day=5, streak={"say_broken": True}, remind={"at": "20:00"})
    camp.says("2026-03-06 23:50", "补卡")
    camp.until("2026-03-07 12:00")
    assert camp.live("2026-03-07 12:00") == 5
    camp.says("2026-03-07 13:00", "打卡")
    assert camp.streak() == 6


def test_a_bonus_reached_by_making_up_is_paid_once() -> None:
    camp = missed(until=8, day=5, streak={"bonus": {3: 10, 7: 100}}, late={"within": "7d", "points": 2})
    assert camp.points() == 6 * 5 + 2 * 10, "two runs of three, each with its bonus"
    camp.says("2026-03-08 09:00", "补卡")
    assert camp.streak() == 7
    assert camp.points() == 6 * 5 + 2 * 10 + 2 + 100


def test_a_made_up_freeze_is_free_again() -> None:
    camp = missed(until=6, day=5, streak={"freezes": {"per_month": 1}})
    assert camp.streak() == 4, "frozen, not broken"
    camp.says("2026-03-06 08:00", "补卡")
    assert camp.streak() == 5
    camp.says("2026-03-08 08:00", "打卡")
    assert camp.streak() == 6, "the freeze is there for the 7th"


def test_it_tells_the_others_that_it_was_late() -> None:
    camp = missed(until=6, day=5)
    camp.says("2026-03-06 08:00", "补卡")
    assert camp.check_ins_counted()[__import__("datetime").date(2026, 3, 5)] == 1


# Leave

LEAVE: dict[str, Any] = {"points": 5, "leave": {"keyword": "请假", "max_days_ahead": 14, "per_month": 3}}


def test_leave_pauses_a_streak() -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", "打卡")
    camp.says("2026-03-02 07:01", "请假 3月3日到5日")
    assert camp.last == "✅ 小王，「morning」请假 3 天（2026-03-03 – 2026-03-05），连续天数给你留着。"
    assert camp.live("2026-03-06 12:00") == 1
    camp.says("2026-03-06 07:00", "打卡")
    assert camp.streak() == 2


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("请假三天", "3 天（2026-03-02 – 2026-03-04）"),
        ("请假两天，出差", "2 天（2026-03-02 – 2026-03-03）"),
        ("请假明天", "1 天（2026-03-03）"),
        ("请假到周四吧", "4 天（2026-03-02 – 2026-03-05）"),
        ("请假 周三到周五", "3 天（2026-03-04 – 2026-03-06）"),
        ("请假下周一", "1 天（2026-03-09）"),
        ("请假一周", "7 天（2026-03-02 – 2026-03-08）"),
        ("请假5-7号", "3 天（2026-03-05 – 2026-03-07）"),
        ("请假 周三和周五", "2 天（2026-03-04, 2026-03-06）"),
        ("请假 十二天", "12 天（2026-03-02 – 2026-03-13）"),
        ("take leave 1 week", "7 天（2026-03-02 – 2026-03-08）"),
    ],
    ids=str,
)
def test_days_of_leave_are_named_as_people_write_them(text: str, days: str) -> None:
    camp = Camp(morning={"points": 5, "leave": {"keyword": ["请假", "take leave"], "per_month": 31}})
    camp.says("2026-03-02 07:00", text)
    assert camp.last == f"✅ 小王，「morning」请假 {days}，连续天数给你留着。"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请假半天", "✅ 小王，「morning」请假 1 天（2026-03-02），连续天数给你留着。"),
        ("请假 明天下午", "✅ 小王，「morning」请假 1 天（2026-03-03），连续天数给你留着。"),
    ],
)
def test_part_of_a_day_is_a_day_and_that_is_told(text: str, said: str) -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", text)
    assert camp.last == f"{said}\n不满一天也按一天算；那天要是打了卡，照样算数。"


@pytest.mark.parametrize("text", ["请假三天怎么请", "请假三天可以吗", "请假明天？", "请假条", "请假一下", "打卡三天"])
def test_who_asks_about_days_takes_no_leave(text: str) -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", text)
    assert list(camp.store.outbox("camp")) == []


@pytest.mark.parametrize("text", ["补卡昨天", "补卡周日", "补卡上周日"])
def test_a_day_to_make_up_may_follow_at_once(text: str) -> None:
    camp = Camp(morning={"points": 5, "late": {"keyword": "补卡", "within": "3d", "points": 2}})
    camp.says("2026-02-28 07:00", "打卡")
    camp.says("2026-03-02 07:00", text)
    assert "补上了 2026-03-01" in camp.last


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请假 昨天", "请假只能请今天和以后的日子，过去的可以补卡哦。"),
        ("请假 3月30日", "2026-03-30 太远啦，最多提前 14 天请假，到时候再来说一声吧。"),
        ("请假 1-3号", "请假只能请今天和以后的日子，过去的可以补卡哦。"),
        ("请假 5-7", "没看懂是哪几天。请这样写：请假 明天、请假 3天、请假 到周五、请假 3月5日"),
        ("请假 4天", "每个月最多请 3 天假，2026-03 还能请 3 天。这次没有记。"),
        ("请假 2月30日", "请假只能请今天和以后的日子，过去的可以补卡哦。"),
        ("请假 下周", "没看懂是哪几天。请这样写：请假 明天、请假 3天、请假 到周五、请假 3月5日"),
    ],
    ids=["past", "too far", "begun", "a day or some", "too many", "no such day", "no day"],
)
def test_leave_that_cannot_be_taken(text: str, said: str) -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", text)
    assert camp.last == said
    assert list(camp.store.facts("camp")) == []


def test_leave_for_a_day_that_was_checked_in_says_so() -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", "打卡")
    camp.says("2026-03-02 07:01", "请假")
    assert camp.last == "2026-03-02 你已经打过卡了，不用请假。"


def test_leave_books_no_rest_days() -> None:
    camp = Camp(morning={**LEAVE, "days": "weekdays"})
    camp.says("2026-03-06 07:00", "请假 4天")
    assert [str(fact.about) for fact in camp.facts("excused:morning")] == ["2026-03-06", "2026-03-09"]


def test_leave_over_two_months_counts_in_each() -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-29 07:00", "请假 6天")
    assert len(camp.facts("excused:morning")) == 6


def test_leave_can_be_given_back_and_taken_again() -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", "打卡")
    camp.says("2026-03-03 07:00", "请假 3天")
    camp.says("2026-03-04 07:00", "销假")
    camp.says("2026-03-04 07:01", "请假 明天")
    camp.says("2026-03-04 07:02", "打卡")
    camp.says("2026-03-06 07:00", "打卡")
    assert camp.streak() == 3


def test_giving_back_what_was_never_taken_is_no_talk() -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", "销假")
    assert camp.said() == []


@pytest.mark.parametrize(
    "text",
    [
        "销假 4号",
        "销假明天",
        "取消明天的请假",
        "明天不请假了",
        "撤销3月4日的假",
        "cancel my leave tomorrow",
        "cancel leave for March 4",
    ],
)
def test_leave_is_given_back_for_the_days_that_are_named(text: str) -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-03 07:00", "请假 3天")
    camp.says("2026-03-03 07:01", text)
    assert camp.last == "✅ 小王，2026-03-04 的假取消了。\n还在请假的：2026-03-03, 2026-03-05"


@pytest.mark.parametrize("text", ["销假，谢谢", "撤销请假", "cancel my leave, please", "cancel leave thanks"])
def test_thanks_behind_giving_back_leave_leave_it_as_it_is(text: str) -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-03 07:00", "请假 3天")
    camp.says("2026-03-03 07:01", text)
    assert camp.last == "✅ 小王 销假成功，欢迎回来！"


def test_giving_back_other_days_than_those_of_leave_tells_which_those_are() -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-03 07:00", "请假 明天")
    for text, said in (("销假 周五", "还在请假的：2026-03-04"), ("销假 下周", "没看懂是哪几天。请这样写：销假 明天")):
        camp.says("2026-03-03 07:01", text)
        assert camp.last.startswith(said)
    assert len(camp.facts("excused:morning")) == 1


@pytest.mark.parametrize(
    "text", ["取消明天的会", "明天不去了", "cancel my leave request form", "销假的人好多", "销假 明天？"]
)
def test_talk_of_other_things_gives_no_leave_back(text: str) -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-03 07:00", "请假 明天")
    said = camp.said()
    camp.says("2026-03-03 07:01", text)
    assert camp.said() == said


def test_a_check_in_on_a_leave_day_counts() -> None:
    camp = Camp(morning=LEAVE)
    camp.says("2026-03-02 07:00", "请假")
    camp.says("2026-03-02 08:00", "打卡")
    assert camp.streak() == 1


# Repairs


def test_an_admin_adds_a_lost_day() -> None:
    camp = missed(until=6, day=4)
    camp.repairs("2026-03-20 10:00", "add_day", day="2026-03-04", reason="the bot was down")
    assert (camp.streak(), camp.points()) == (5, 25)
    fact = next(fact for fact in camp.facts("check_in:morning") if str(fact.about) == "2026-03-04")
    assert (fact.reason, fact.by) == ("the bot was down", camp.person(ADMIN))
    assert "2026-03-04 added: the bot was down" in camp.reasons()
    assert isinstance(camp.effects()[-1], TellAdmins)
    assert camp.last == "🔧 给 小王 补记了「morning」2026-03-04 的打卡，现在连续 5 天，积分变动 +5"


def test_an_admin_removes_a_day_and_its_rewards() -> None:
    camp = Camp(morning={**LATE, "streak": {"bonus": {3: 10}}})
    camp.days("2026-03-02", 4, text="打卡")
    assert camp.points() == 30
    camp.repairs("2026-03-20 10:00", "remove_day", day="2026-03-04", reason="it was a copy")
    assert (camp.streak(), camp.points()) == (1, 15), "and the bonus, for no run of three is left"
    assert camp.last == "🔧 撤销了 小王「morning」2026-03-04 的打卡，现在连续 1 天，积分变动 -15"


def test_an_admin_excuses_a_day() -> None:
    camp = missed(until=6, day=4)
    camp.repairs("2026-03-20 10:00", "excuse_day", day="2026-03-04")
    assert (camp.streak(), camp.points()) == (4, 20)
    assert camp.last == "🔧 小王「morning」2026-03-04 记为请假，现在连续 4 天，积分变动 0"


def test_admins_read_the_groups_first_language_whoever_it_is_about() -> None:
    camp = missed(until=6, day=4)
    speaks_english = Actor(account=WANG.account, name=WANG.name, language="en")
    camp.says("2026-03-10 07:00", "hello", speaks_english)
    camp.repairs("2026-03-20 10:00", "grant_cards", speaks_english, cards=2)
    assert camp.last == "🔧 给 小王 发了 2 张「morning」补卡券，现有 2 张"


@pytest.mark.parametrize(
    ("verb", "arguments", "said"),
    [
        ("add_day", {"day": "2026-03-02"}, "2026-03-02 已经有记录了，没有改动。"),
        ("add_day", {"day": "2026-03-21"}, "2026-03-21 还没到，或不在打卡期间内，没有改动。"),
        ("add_day", {"day": "3月2日"}, "日期要写成 2026-03-02 这样。"),
        ("remove_day", {"day": "2026-03-04"}, "2026-03-04 没有打卡记录，没有改动。"),
        ("remove_day", {"day": "2026-03-02", "challenge": "evening"}, "没有这个打卡项目，现有：morning"),
        ("grant_cards", {"cards": 0}, "一次给 1 到 100 张。"),
    ],
    ids=["there already", "to come", "not a date", "not there", "no such challenge", "no cards"],
)
def test_a_repair_that_cannot_be_done_says_why(verb: str, arguments: dict[str, Any], said: str) -> None:
    camp = missed(until=6, day=4)
    before = list(camp.store.facts("camp"))
    camp.repairs("2026-03-20 10:00", verb, **arguments)
    assert camp.last == said
    assert list(camp.store.facts("camp")) == before


def test_a_repair_is_about_the_member_alone() -> None:
    camp = missed(until=6, day=4)
    camp.says("2026-03-06 07:00", "打卡", LI)
    camp.repairs("2026-03-20 10:00", "add_day", who=LI, day="2026-03-05")
    assert (camp.streak(), camp.streak(LI)) == (2, 2)
    assert camp.dates(WANG) == ["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06"]


# Changes of rules


def test_new_days_leave_the_streak_as_it_was_counted() -> None:
    rules: dict[str, Any] = {**LATE, "days": "weekdays"}
    camp = Camp(morning=rules)
    camp.days("2026-03-02", 12, text="打卡")
    assert camp.streak() == 10
    camp.changes(morning={**rules, "days": "every day"})
    camp.says("2026-03-14 07:00", "打卡")
    assert camp.streak() == 11
    camp.says("2026-03-16 07:00", "补卡")
    assert camp.streak() == 12, "counted again from the log, but the weekend before the change stays a rest"


def test_who_joined_today_is_told_why_yesterday_cannot_be_made_up() -> None:
    camp = Camp(morning=LATE)
    camp.joins("2026-03-03 07:00")
    camp.says("2026-03-03 08:00", "打卡")
    camp.says("2026-03-03 08:01", "补卡 昨天")
    assert camp.last == "2026-03-02 你还没入群，不用补～"
    camp.says("2026-03-04 08:01", "补卡 昨天")
    assert camp.last == "2026-03-03 已经打过卡了，不用补。"


@pytest.mark.parametrize("text", ["请假：小王", "请假：小王、小李", "补卡：小王", "补卡：小王昨天的"])
def test_an_admin_who_writes_of_others_gets_no_day_of_their_own(text: str) -> None:
    camp = Camp(morning={**LATE, "leave": {}})
    camp.joins("2026-03-01 07:00", ADMIN)
    camp.says("2026-03-02 07:00", "打卡", ADMIN)
    camp.says("2026-03-05 07:00", text, ADMIN)
    camp.says("2026-03-05 07:01", "打卡", ADMIN)
    assert camp.dates(ADMIN) == ["2026-03-02", "2026-03-05"]
    asked = "没看懂是哪几天。请这样写：请假 明天、请假 3天、请假 到周五、请假 3月5日"
    assert (asked in camp.said()) is text.startswith("请假")
    assert not any("补上了" in said or "请假 1 天" in said for said in camp.said())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请假：明天", "请假 1 天（2026-03-06）"),
        ("请假：明天陪孩子", "请假 1 天（2026-03-06）"),
        ("请假：三天", "请假 3 天（2026-03-05 – 2026-03-07）"),
        ("请假 出差", "请假 1 天（2026-03-05）"),
        ("补卡：昨天", "补上了 2026-03-04"),
        ("补卡：", "补上了 2026-03-04"),
    ],
)
def test_an_admin_who_names_a_day_has_it(text: str, said: str) -> None:
    camp = Camp(morning={**LATE, "leave": {}})
    camp.joins("2026-03-01 07:00", ADMIN)
    camp.says("2026-03-03 07:00", "打卡", ADMIN)
    camp.says("2026-03-05 07:00", text, ADMIN)
    assert said in camp.last


@pytest.mark.parametrize(
    ("text", "said"), [("请假：出差", "请假 1 天（2026-03-05）"), ("补卡：忘了", "补上了 2026-03-04")]
)
def test_what_a_member_writes_is_about_themselves(text: str, said: str) -> None:
    camp = Camp(morning={**LATE, "leave": {}})
    camp.joins("2026-03-01 07:00")
    camp.says("2026-03-03 07:00", "打卡")
    camp.says("2026-03-05 07:00", text)
    assert said in camp.last


def test_the_day_of_joining_can_be_made_up() -> None:
    camp = Camp(morning=LATE)
    camp.joins("2026-03-03 07:00")
    camp.says("2026-03-04 08:01", "补卡 昨天")
    assert camp.dates() == ["2026-03-03"]
