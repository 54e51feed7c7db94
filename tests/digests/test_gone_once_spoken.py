"""A reminder of check-ins, or a round among the silent, whose timer is gone: that one is left out, the next comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.sql import open_store
from core.events import MessagePosted
from core.people import Account, Actor
from tests.digests.test_gone import DAY, HOUR, MONDAY, House, Kind
from tests.support.databases import new_sqlite
from workflows import check_in, reactivation

EVENING = MONDAY + 8 * HOUR
"""20:00 in Shanghai, each day."""
MINUTE = timedelta(minutes=1)


REMINDER = Kind(check_in.workflow, {"morning": {"keywords": ["打卡"], "remind": {"at": "20:00"}}}, "remind:morning")
ROUND = Kind(reactivation.workflow, {"after": "5d", "at": "20:00"}, "look")


@pytest.fixture(params=[REMINDER, ROUND], ids=["reminder", "round"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(new_sqlite(tmp_path / "gone.sqlite3"), durable=False)
    made = House(store, request.param)
    made.starts()
    assert made.due == [], "before anybody spoke there is nobody to speak to"
    says(made, MONDAY + MINUTE)
    yield made
    store.close()


def says(house: House, at: datetime) -> None:
    """Somebody checks in, or just speaks."""
    house.now = at
    ada = Actor(account=Account("telegram:1"), name="Ada")
    id_ = f"telegram:{at.timestamp()}"
    said = MessagePosted(id=id_, at=at, group="g", actor=ada, message=id_, text="打卡")
    assert not house.engine.process([said]).faults


def test_one_that_is_cancelled_is_left_out_and_the_next_days_come(house: House) -> None:
    assert house.due == [EVENING]
    house.cancels()
    house.starts()
    assert house.due == [EVENING + DAY]
    house.goes_to(EVENING + DAY)
    assert house.due == [EVENING + 2 * DAY]


def test_who_speaks_meanwhile_neither_brings_it_back_nor_loses_the_next(house: House) -> None:
    house.cancels()
    says(house, MONDAY + HOUR)
    assert house.due == []
    house.goes_to(EVENING + HOUR)
    says(house, EVENING + 2 * HOUR)
    assert house.due == [EVENING + DAY]


def test_two_cancelled_one_after_the_other_are_two_left_out(house: House) -> None:
    for _ in range(2):
        house.cancels()
        house.starts()
    assert house.due == [EVENING + 2 * DAY]


def test_after_a_crash_the_next_one_comes(house: House) -> None:
    house.crashes(EVENING)
    assert house.due == []
    house.goes_to(EVENING + HOUR)
    assert house.due == [EVENING + DAY]


def test_what_is_due_and_was_not_rung_for_yet_is_left_to_ring(house: House) -> None:
    house.now = EVENING + HOUR
    house.starts()
    assert house.due == [EVENING]


def test_a_time_that_was_changed_counts_though_the_timer_is_gone(house: House) -> None:
    house.cancels()
    written = house.kind.written
    later = (
        {"morning": {**written["morning"], "remind": {"at": "21:00"}}}
        if "morning" in written
        else {**written, "at": "21:00"}
    )
    house.use(house.kind.workflow, later)
    house.starts()
    assert house.due in ([EVENING + HOUR], [EVENING + DAY + HOUR])


def test_a_challenge_that_is_over_is_not_reminded_of_again(tmp_path: Path) -> None:
    store = open_store(new_sqlite(tmp_path / "over.sqlite3"), durable=False)
    camp = {"keywords": ["打卡"], "starts": "2026-03-23", "ends": "2026-03-23", "remind": {"at": "20:00"}}
    house = House(store, Kind(check_in.workflow, {"morning": camp}, "remind:morning"))
    says(house, MONDAY + MINUTE)
    house.cancels()
    house.now += timedelta(hours=1)
    house.starts()
    assert house.due == []
    store.close()
