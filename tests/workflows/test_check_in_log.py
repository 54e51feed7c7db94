"""Whatever people do, the streak in the record is the one that the ledger gives, and so are points and days."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.events import MessagePosted
from tests.workflows.check_in_camp import WANG, Camp
from workflows.check_in_book import Log, book_of
from workflows.streaks import Run, Streak, Streaks, recount

RULES: dict[str, Any] = {
    "points": 5,
    "on_delete": "withdraw",
    "proof": {"min_chars": 2, "or": ["photo"], "remind_after": "1h"},
    "streak": {"bonus": {2: 7, 4: 30}, "freezes": {"per_month": 1}, "say_broken": True},
    "late": {"within": "5d", "points": 2, "cards": 3},
    "leave": {"per_month": 5},
    "remind": {"at": "20:00"},
}

acts = st.one_of(
    st.sampled_from(
        [
            "打卡 今天读完了",
            "打卡 今天读完了",
            "打卡 今天读完了",
            "打卡",
            "补卡",
            "补卡 前天",
            "请假",
            "请假 3天",
            "销假",
        ]
    ),
    st.tuples(st.sampled_from(["add_day", "remove_day", "excuse_day"]), st.integers(0, 8)),
    st.just("photo"),
    st.just("delete"),
    st.just("edit"),
)
steps = st.lists(st.tuples(st.integers(1, 40), acts), min_size=1, max_size=25)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=steps,
    start=st.sampled_from(["2026-02-25", "2026-03-06", "2026-03-30", "2026-10-02", "2026-10-29", "2028-02-26"]),
    day_start=st.sampled_from(["00:00", "04:00"]),
    days=st.sampled_from(["every day", "weekdays", ["mon", "thu", "sat"]]),
)
def test_the_record_is_what_the_log_gives(zone: str, steps: list[Any], start: str, day_start: str, days: Any) -> None:
    camp = Camp(zone, morning={**RULES, "day_start": day_start, "days": days})
    at = camp.at(f"{start} 01:00")
    message = ""
    camp.says(at, "打卡 第一天打卡")
    for hours, act in steps:
        at += timedelta(hours=hours)
        local = at.astimezone(camp.group.zone).replace(tzinfo=None).isoformat(" ")
        if isinstance(act, tuple):
            day = (at.astimezone(camp.group.zone) - timedelta(days=act[1])).date().isoformat()
            camp.repairs(local, act[0], day=day)
        elif act == "photo":
            message = camp.says(at, "", kind="photo")
        elif act == "delete":
            camp.deletes(local, message)
        elif act == "edit":
            camp.edits(local, message, "打卡 改成今天读完了")
        else:
            message = camp.says(at, act)
        _agrees(camp)


def _agrees(camp: Camp) -> None:
    kept = camp.kept()
    if kept is None:
        return
    days, excused = camp.facts("check_in:morning"), camp.facts("excused:morning")
    log = Log.of(days, excused)
    assert kept.run == recount(camp.options["morning"].calendar, log.days, log.excused)
    for facts in (days, excused):
        sums: dict[Any, int] = {}
        for fact in facts:
            sums[fact.about] = sums.get(fact.about, 0) + fact.amount
        assert set(sums.values()) <= {0, 1}, "no day is had twice"
    for rule, most in (("check_in:morning", 5), ("check_in:morning:bonus:2", 7), ("check_in:morning:bonus:4", 30)):
        paid: dict[Any, int] = {}
        for fact in camp.facts("points", WANG):
            if fact.rule == rule:
                paid[fact.about] = paid.get(fact.about, 0) + fact.amount
        assert all(0 <= amount <= most for amount in paid.values()), "nothing is paid twice, or taken back twice"
        if rule == "check_in:morning":
            assert {day for day, amount in paid.items() if amount} == log.days


def test_what_a_new_day_does_not_change_of_a_record_stays() -> None:
    day, at = date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC)
    run, camp = Run(start=day, last=day), Camp(morning={})
    challenge = camp.options["morning"]
    had = Streak(
        run=run, until=at, excused=(day,), rules=challenge.calendar.rules, base=run, zone="UTC", bonuses={"7": day},
        made_up=(day,), revision=3, message="5", reached=at, joined=day, finished=day,
    )  # fmt: skip
    assert all(getattr(had, field.name) != getattr(Streak(), field.name) for field in fields(Streak))
    event = MessagePosted(id="telegram:1", at=at, group="camp", actor=WANG, message="9", text="打卡")
    book = book_of(event, "morning", challenge, camp.group, WANG, None, Streaks(of={"morning": had}))
    kept = book.kept(had, run, had.bonuses)
    assert {f.name for f in fields(Streak) if getattr(kept, f.name) != getattr(had, f.name)} == {"until"}
    moved = book.kept(had, None, {}, reached=at + timedelta(days=1), message="", zone="Asia/Shanghai")
    assert (moved.run, moved.until, moved.bonuses, moved.message, moved.zone) == (None, None, {}, "", "Asia/Shanghai")
    assert moved.reached == at + timedelta(days=1)
