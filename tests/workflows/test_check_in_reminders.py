"""What is said without being asked: when, to whom, and when better nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from core.decision import Put, SetTimer
from core.effects import Mention, Say, plain
from core.occurrences import Hours
from core.workflow import Group, View
from jobs.digest.arming import arming
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp, bot, person
from workflows.check_in_options import CheckIns
from workflows.check_in_reminders import TIMERS_OF_GROUP, Timers, armed

REMIND: dict[str, Any] = {"name": "晨读", "points": 1, "window": "05:30-09:00", "remind": {"at": "08:30"}}


def reminders(camp: Camp) -> list[str]:
    return [text for text in camp.said() if text.startswith("⏰")]


def begun(*who: Any, **more: Any) -> Camp:
    """Everybody has checked in on 2 March."""
    camp = Camp(morning={**REMIND, **more})
    for one in who:
        camp.says("2026-03-02 07:00", "打卡", one)
    return camp


def test_one_message_names_those_who_are_missing() -> None:
    camp = begun(WANG, LI, person("小张"))
    camp.says("2026-03-03 07:00", "打卡", LI)
    camp.until("2026-03-03 12:00")
    assert reminders(camp) == ["⏰「晨读」还没打卡的小伙伴： @小王 @小张"]
    assert [part.account for part in camp.effects()[-1].words if isinstance(part, Mention)] == [  # type: ignore[union-attr]
        WANG.account,
        "telegram:小张",
    ]


def test_a_day_without_any_check_in_is_reminded_of() -> None:
    camp = begun(WANG)
    camp.until("2026-03-05 12:00")
    assert len(reminders(camp)) == 3


def test_nobody_missing_nothing_said_and_the_next_day_all_the_same() -> None:
    camp = begun(WANG)
    camp.says("2026-03-03 07:00", "打卡")
    camp.until("2026-03-04 12:00")
    assert len(reminders(camp)) == 1


def test_before_the_first_check_in_there_is_nobody_to_remind() -> None:
    camp = Camp(morning=REMIND)
    camp.says("2026-03-02 07:00", "早上好")
    assert list(camp.store.timers("camp")) == []


def test_rest_days_are_quiet() -> None:
    camp = Camp(morning={**REMIND, "days": "weekdays"})
    camp.says("2026-03-06 07:00", "打卡")
    camp.until("2026-03-09 08:00")
    assert reminders(camp) == []
    camp.until("2026-03-09 09:00")
    assert len(reminders(camp)) == 1


def test_leave_is_quiet() -> None:
    camp = begun(WANG, leave={})
    camp.says("2026-03-02 08:00", "请假 3天")
    camp.until("2026-03-04 12:00")
    assert reminders(camp) == []
    camp.until("2026-03-05 12:00")
    assert len(reminders(camp)) == 1


def test_who_left_or_never_started_or_has_given_up_is_not_named() -> None:
    camp = begun(WANG, LI)
    camp.says("2026-03-02 07:30", "早", person("小张"))
    camp.says("2026-03-02 07:30", "打卡", bot("b"))
    camp.leaves("2026-03-02 09:00", LI)
    camp.until("2026-03-03 12:00")
    assert reminders(camp) == ["⏰「晨读」还没打卡的小伙伴： @小王"]
    camp.until("2026-06-01 00:00")
    assert len(reminders(camp)) == 14


def test_who_signed_up_is_reminded_before_their_first_day() -> None:
    camp = Camp(morning={**REMIND, "join": {}})
    camp.says("2026-03-02 10:00", "报名")
    camp.until("2026-03-03 12:00")
    assert reminders(camp) == ["⏰「晨读」还没打卡的小伙伴： @小王"]


def test_the_list_is_capped_and_the_longest_streak_comes_first() -> None:
    camp = Camp(morning={**REMIND, "remind": {"at": "08:30", "most": 2}})
    camp.says("2026-03-01 07:00", "打卡", person("第五"))
    for name in ("第一", "第二", "第三", "第五"):
        camp.says("2026-03-02 07:00", "打卡", person(name))
    camp.until("2026-03-03 12:00")
    assert reminders(camp)[-1] == "⏰「晨读」还没打卡的小伙伴： @第五 @第一 等，另外还有 2 位"


def test_everyone_can_be_reminded_without_names() -> None:
    camp = begun(WANG, remind={"at": "08:30", "who": "everyone"})
    camp.until("2026-03-03 12:00")
    assert reminders(camp) == ["⏰ 该打卡「晨读」啦～"] * 2


def test_the_operators_own_words_come_before_the_names() -> None:
    camp = begun(WANG, remind={"at": "08:30", "text": "${check_in.name}时间到："})
    camp.until("2026-03-03 12:00")
    assert camp.last == "晨读时间到： @小王"


def test_in_private_each_who_is_missing_hears_it_alone_and_no_more_than_the_cap() -> None:
    camp = begun(
        WANG, replace(LI, language="en"), person("小张"), remind={"at": "08:30", "where": "private", "most": 2}
    )
    camp.until("2026-03-03 12:00")
    assert reminders(camp) == [
        "⏰ 「晨读」今天还没打卡，现在还来得及～",
        "⏰ 晨读 is still open for you today. There is time left!",
    ]
    sent = [effect for effect in camp.effects() if isinstance(effect, Say) and effect.to is not None]
    assert [(effect.to, effect.confidential) for effect in sent] == [(WANG.account, True), (LI.account, True)]


def test_the_operators_own_words_stand_alone_in_private() -> None:
    camp = begun(WANG, remind={"at": "08:30", "where": "private", "text": "${check_in.name}还没打卡"})
    camp.until("2026-03-03 12:00")
    assert camp.last == "晨读还没打卡"


def test_everybody_is_not_reminded_in_private() -> None:
    with pytest.raises(ValueError, match="everyone is reminded in the group"):
        begun(remind={"at": "08:30", "where": "private", "who": "everyone"})


def test_a_reminder_that_comes_too_late_is_not_sent() -> None:
    camp = begun(WANG)
    camp.until("2026-03-02 12:00")
    row = next(iter(camp.store.timers("camp")))
    camp.engine.process([row.due(camp.at("2026-03-03 15:00"))])
    assert reminders(camp) == []
    assert [str(row.at) for row in camp.store.timers("camp")] == ["2026-03-04 00:30:00+00:00"], "and the next is set"


def test_a_reminder_fires_once_though_the_bell_rings_twice() -> None:
    camp = begun(WANG)
    camp.until("2026-03-02 12:00")
    row = next(iter(camp.store.timers("camp")))
    due = row.due(camp.at("2026-03-03 08:31"))
    camp.engine.process([due])
    camp.engine.process([due])
    assert len(reminders(camp)) == 1


@pytest.mark.parametrize("at", ["08:00", "08:45"])
def test_a_reminder_that_was_moved_comes_at_its_new_time_only(at: str) -> None:
    camp = begun(WANG)
    camp.changes(morning={**REMIND, "remind": {"at": at}})
    camp.says("2026-03-02 10:00", "打卡", LI)
    camp.says("2026-03-03 07:00", "打卡", LI)
    camp.until("2026-03-03 12:00")
    sent = [row for row in camp.store.outbox("camp") if row.workflow == "check_in" and "⏰" in str(row.effect)]
    assert [camp.group.local(row.at).strftime("%H:%M") for row in sent] == [at]


def test_a_reminder_that_was_taken_out_is_quiet() -> None:
    camp = begun(WANG)
    camp.changes(morning={**REMIND, "remind": None})
    camp.until("2026-03-05 12:00")
    assert reminders(camp) == []


def test_the_reminder_keeps_its_wall_clock_time_over_a_change_of_clocks() -> None:
    camp = Camp("America/New_York", morning=REMIND)
    camp.says("2026-03-06 07:00", "打卡")
    camp.until("2026-03-09 12:00")
    sent = [row for row in camp.store.outbox("camp") if "⏰" in str(row.effect)]
    assert [camp.group.local(row.at).strftime("%d %H:%M") for row in sent] == ["07 08:30", "08 08:30", "09 08:30"]


def sleeps(camp: Camp, start: str, end: str) -> Camp:
    """The operator writes quiet hours."""
    camp._run(replace(camp.group, quiet=Hours(time.fromisoformat(start), time.fromisoformat(end))))
    return camp


@pytest.mark.parametrize(
    ("more", "quiet", "clock"),
    [
        ({"window": None, "remind": {"at": "06:00"}}, ("22:30", "09:00"), "09:00"),
        ({"window": "05:30-09:00", "remind": {"at": "06:00"}}, ("22:30", "07:00"), "07:00"),
        ({"window": None, "remind": {"at": "23:00"}}, ("22:30", "07:00"), "22:29"),
        ({"window": "05:00-06:00", "remind": {"at": "05:30"}}, ("22:30", "07:00"), "05:30"),
        ({"window": None, "day_start": "04:00", "remind": {"at": "03:00"}}, ("01:00", "07:00"), "00:59"),
    ],
    ids=["behind them", "while the window is open", "before midnight", "of use only then", "a day that begins at four"],
)
def test_quiet_hours_shift_a_reminder_and_never_lose_it(more: Any, quiet: tuple[str, str], clock: str) -> None:
    camp = sleeps(Camp(morning={**REMIND, **more}), *quiet)
    camp.says("2026-03-02 05:45", "打卡")
    camp.until("2026-03-06 04:00")
    sent = [camp.group.local(row.at) for row in camp.store.outbox("camp") if "⏰" in str(row.effect)]
    assert {f"{at:%H:%M}" for at in sent} == {clock}
    assert len(sent) == len({at.date() for at in sent}) == 3


def test_what_is_said_at_the_end_of_a_day_waits_for_the_morning() -> None:
    broken = {"streak": {"say_broken": True, "worth_saying": 2}, "remind": None, "window": None}
    camp = sleeps(Camp(morning={**REMIND, **broken}), "22:30", "07:00")
    for who in (WANG, LI):
        camp.days("2026-03-02", 3, text="打卡", who=who)
    camp.says("2026-03-06 06:00", "打卡", LI)
    camp.until("2026-03-20 00:00")
    lost = [row for row in camp.store.outbox("camp") if "断" in str(row.effect)]
    assert [f"{camp.group.local(row.at):%d %H:%M}" for row in lost] == ["06 07:00"]
    assert "「晨读」的连续打卡昨天断了，没关系，今天重新开始： @小王" in camp.said()


def test_a_notice_of_a_streak_in_danger_comes_before_the_quiet_hours() -> None:
    danger = {"streak": {"worth_saying": 2, "danger": {"at": "23:30"}}, "remind": None, "window": None}
    camp = sleeps(Camp(morning={**REMIND, **danger}), "22:30", "07:00")
    camp.days("2026-03-02", 3, text="打卡")
    camp.until("2026-03-08 00:00")
    told = [camp.group.local(row.at) for row in camp.store.outbox("camp") if "🔥" in str(row.effect)]
    assert [f"{at:%d %H:%M}" for at in told] == ["05 22:29"]


def test_a_summary_waits_for_the_morning() -> None:
    camp = sleeps(
        Camp(morning={**REMIND, "remind": None, "starts": "2026-03-01", "length": "2d", "finish": {}}), "22:30", "07:00"
    )
    camp.days("2026-03-01", 2, text="打卡")
    camp.until("2026-03-05 00:00")
    (row,) = [row for row in camp.store.outbox("camp") if "🏁" in str(row.effect)]
    assert f"{camp.group.local(row.at):%d %H:%M}" == "03 07:00"


def test_a_finished_challenge_reminds_nobody() -> None:
    camp = Camp(morning={**REMIND, "starts": "2026-03-01", "length": "3d"})
    camp.says("2026-03-01 07:00", "打卡")
    camp.until("2026-04-01 00:00")
    assert len(reminders(camp)) == 2
    assert list(camp.store.timers("camp")) == []


def test_lost_streaks_are_silent_unless_asked_for() -> None:
    camp = begun(WANG, remind=None)
    camp.until("2026-03-10 00:00")
    assert len(camp.said()) == 1


def test_lost_streaks_are_named_once_where_asked_for() -> None:
    camp = Camp(morning={**REMIND, "remind": None, "streak": {"say_broken": True, "worth_saying": 2}})
    camp.days("2026-03-02", 3, text="打卡")
    camp.says("2026-03-04 07:30", "打卡", LI)
    camp.says("2026-03-05 07:30", "打卡", ADMIN)
    camp.until("2026-03-06 00:00")
    camp.until("2026-03-20 00:00")
    assert [text for text in camp.said() if "断" in text] == [
        "「晨读」的连续打卡昨天断了，没关系，今天重新开始： @小王"
    ]


def test_texts_exist_in_both_languages() -> None:
    camp = Camp(languages=("en",), morning=REMIND)
    camp.says("2026-03-02 07:00", "打卡")
    camp.until("2026-03-03 12:00")
    assert camp.said() == ["✅ 小王, 晨读, day 1 in a row, +1", "⏰ 晨读, still missing today: @小王"]


ENDING = {"starts": "2026-03-02", "length": "3d", "finish": {"days": 2, "points": 1, "reply": "."}}
DANGER = {"streak": {"danger": {"at": "20:00"}, "worth_saying": 1}}
BROKEN = {"streak": {"say_broken": True, "worth_saying": 1}}


@pytest.mark.parametrize(
    ("more", "rung", "before", "sign", "by_the_next_night"),
    [
        pytest.param({"remind": {"at": "19:00"}}, "2026-03-04 19:30", "2026-03-04 18:30", "⏰", 2, id="a reminder"),
        pytest.param(DANGER, "2026-03-04 20:30", "2026-03-04 19:30", "🔥", 2, id="a notice"),
        pytest.param(BROKEN, "2026-03-05 00:30", "2026-03-04 23:59", "断了", 1, id="lost streaks"),
        pytest.param(ENDING, "2026-03-05 00:30", "2026-03-04 23:59", "🏁", 1, id="the end"),
    ],
)
def test_a_check_in_that_is_told_late_rings_nothing_a_second_time(
    more: Any, rung: str, before: str, sign: str, by_the_next_night: int
) -> None:
    """The timer rang while the assistant was away from the platform, and then came what was written before that."""
    camp = Camp(morning=more)
    for who in (WANG, LI):
        camp.days("2026-03-02", 2, text="打卡", who=who)
    camp.until(rung)
    for one in ("小张", "小陈"):
        camp.says(before, "打卡", person(one))
    camp.until("2026-03-05 01:00")
    assert len([text for text in camp.said() if sign in text]) == 1
    camp.until("2026-03-05 21:00")
    assert len([text for text in camp.said() if sign in text]) == by_the_next_night


def rung_late(camp: Camp, key: str, at: str) -> None:
    """The assistant was away when a timer should have rung, and rings it now."""
    row = next(row for row in camp.store.timers("camp") if row.key == key)
    outcome = camp.engine.process([row.due(camp.at(at))])
    assert not outcome.faults, outcome.faults


@pytest.mark.parametrize(
    ("more", "key", "written", "back", "sign"),
    [
        pytest.param(
            {"remind": {"at": "19:00"}}, "remind:morning", "2026-03-04 18:59", "2026-03-04 19:30", "⏰", id="a reminder"
        ),
        pytest.param(DANGER, "danger:morning", "2026-03-04 19:00", "2026-03-04 20:20", "🔥", id="a notice"),
        pytest.param(BROKEN, "broken:morning", "2026-03-04 23:50", "2026-03-05 00:30", "断了", id="lost streaks"),
        pytest.param(ENDING, "summary:morning", "2026-03-04 23:50", "2026-03-05 00:30", "🏁", id="the end"),
    ],
)
def test_what_rings_late_names_nobody_whose_check_in_of_that_time_was_heard_before(
    more: Any, key: str, written: str, back: str, sign: str
) -> None:
    camp = Camp(morning=more)
    for who in (WANG, LI):
        camp.days("2026-03-02", 2, text="打卡", who=who)
    camp.until("2026-03-04 12:00")
    camp.says(written, "打卡", LI)
    rung_late(camp, key, back)
    (said,) = [text for text in camp.said() if sign in text]
    assert ("@老李" in said) is (sign == "🏁")
    assert "@小王" in said
    assert sign != "🏁" or "一共打卡 5 次" in said


def test_a_bell_that_is_some_seconds_late_says_it_at_once() -> None:
    camp = Camp(morning={"remind": {"at": "19:00"}})
    camp.days("2026-03-02", 2, text="打卡")
    camp.until("2026-03-04 18:00")
    row = next(row for row in camp.store.timers("camp") if row.key == "remind:morning")
    camp.engine.process([row.due(camp.at("2026-03-04 19:00") + timedelta(seconds=20))])
    assert len(reminders(camp)) == 1


def test_what_is_said_to_everybody_is_said_late_too() -> None:
    camp = Camp(morning={"remind": {"at": "19:00", "who": "everyone"}})
    camp.days("2026-03-02", 2, text="打卡")
    camp.until("2026-03-04 12:00")
    before = len(reminders(camp))
    rung_late(camp, "remind:morning", "2026-03-04 19:30")
    assert len(reminders(camp)) == before + 1


NOTICED = {"streak": {"danger": {"at": "20:00"}, "say_broken": True, "worth_saying": 1}}


def noticed(camp: Camp) -> list[str]:
    """On which local days members heard that their streak was about to end, and that it was lost."""
    rows = [(row, plain(row.effect.words)) for row in camp.store.outbox("camp") if isinstance(row.effect, Say)]
    return [
        f"{camp.group.local(row.at):%m-%d %H:%M} {words[:1]}"
        for row, words in rows
        if "🔥" in words or "昨天断了" in words
    ]


@pytest.mark.parametrize(
    ("zone", "heard"),
    [
        pytest.param("Asia/Shanghai", ["03-06 20:00 🔥", "03-07 00:00 「"], id="no move"),
        pytest.param("Asia/Tokyo", ["03-07 20:00 🔥", "03-08 00:00 「"], id="an hour east"),
        pytest.param("Asia/Kolkata", ["03-07 20:00 🔥", "03-08 00:00 「"], id="west"),
        pytest.param("America/New_York", ["03-07 20:00 🔥", "03-08 00:00 「"], id="to the day before"),
        pytest.param("Pacific/Kiritimati", ["03-07 20:00 🔥", "03-08 00:00 「"], id="to the day after"),
    ],
)
def test_whose_streak_ends_is_told_by_the_clock_of_the_new_zone(zone: str, heard: list[str]) -> None:
    """Nobody has checked in since the move. The first day that is missed over it is nobody's loss."""
    camp = Camp(morning=NOTICED)
    camp.days("2026-03-02", 4, "12:00", text="打卡")
    camp.moves(zone)
    camp.until("2026-03-20 00:00")
    assert noticed(camp) == heard


def test_whose_streak_ends_is_told_when_the_day_begins_at_another_hour_since() -> None:
    camp = Camp(morning=NOTICED)
    camp.days("2026-03-02", 4, "12:00", text="打卡")
    camp.changes(morning={**NOTICED, "day_start": "04:00"})
    camp.until("2026-03-20 00:00")
    assert noticed(camp) == ["03-06 20:00 🔥", "03-07 04:00 「"]


def test_what_rang_by_a_clock_that_was_ahead_keeps_no_reminder_from_its_time() -> None:
    camp = Camp(morning={"remind": {"at": "19:00"}})
    camp.days("2026-03-02", 2, text="打卡")
    rung_late(camp, "remind:morning", "2027-03-02 19:00")
    outcome = camp.engine.process(arming([camp.group], camp.at("2026-03-04 08:00"), back=True))
    assert not outcome.faults, outcome.faults
    camp.changes(morning={"remind": {"at": "20:00"}})
    camp.says("2026-03-04 12:00", "打卡")
    (row,) = (row for row in camp.store.timers("camp") if row.key == "remind:morning")
    assert row.at == camp.at("2026-03-04 20:00")


class Standing:
    """A view of a group whose timers are due at these times."""

    def __init__(self, group: Group, due: Mapping[str, datetime] | None) -> None:
        self.group = group
        self.timers = Timers(due=dict(due)) if due is not None else None

    def get(self, key: object) -> Any:
        assert key == TIMERS_OF_GROUP
        return self.timers


def view_of(group: Group, due: Mapping[str, datetime] | None) -> View:
    return cast(View, Standing(group, due))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_at_every_minute_a_check_in_sets_the_timers_that_are_missing_or_wrong_and_no_others(zone: str) -> None:
    dawn = {"window": "05:30-09:00", "remind": {"at": "08:30"}, "days": "weekdays"}
    night = {"day_start": "04:15", "streak": {"danger": {"at": "02:45"}, "say_broken": True}}
    over = {"starts": "2026-03-20", "ends": "2026-03-29", "remind": {"at": "20:00"}, "finish": {}}
    options = CheckIns.model_validate({"dawn": dawn, "night": night, "over": over})
    group = Group(key="g", zone=ZoneInfo(zone), quiet=Hours(time(22, 30), time(7)))
    at, minutes = datetime(2026, 3, 28, tzinfo=UTC), 0
    while minutes < 3 * 24 * 60:
        right = {timer.key: timer.at for timer in armed(at, options, view_of(group, None))[0]}
        assert armed(at, options, view_of(group, right)) == ((), ())
        assert len(right) >= 3
        wrong = sorted(right)[minutes % len(right)]
        for due in (
            {**right, wrong: right[wrong] + timedelta(minutes=1)},
            {k: v for k, v in right.items() if k != wrong},
        ):
            timers, remembered = armed(at, options, view_of(group, due))
            assert timers == (SetTimer(key=wrong, at=right[wrong]),)
            assert remembered == (Put(TIMERS_OF_GROUP, Timers(due=right)),)
        rung = {**right, wrong: at - timedelta(minutes=1)}  # its successor comes when it was answered
        assert armed(at, options, view_of(group, rung)) == ((), ())
        at, minutes = at + timedelta(minutes=5), minutes + 5
