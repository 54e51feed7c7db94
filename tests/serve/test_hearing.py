"""When an account was heard: gaps begin when the last sign of life came, not when its end was noticed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from adapters.sql import open_store
from adapters.sql.connections import SqlConnections, Stands, Who
from core.budget import Allowance, Budget
from core.errors import StoreUnavailable
from core.events import Event, Unheard
from jobs.serve.hearing import Hearing
from jobs.serve.roster import Seat
from tests.serve.accounts import MemoryAccount

START = datetime(2026, 3, 2, 2, tzinfo=UTC)


class Scene:
    """An account that is looked at, and what its group hears of it. Seconds count from the start."""

    def __init__(self, url: str) -> None:
        self.store = open_store(url)
        self.kept = SqlConnections(self.store.pool)
        self.account = MemoryAccount(seat=Seat("wechat", "main"), since=START)
        self.told: list[tuple[float, float]] = []
        self.seconds = 0.0
        self.hearing = Hearing(lambda: [self.account], self.kept, lambda _: ["reading"], self, self)

    # The clock and the inlet of the process

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    async def take(self, events: Sequence[Event]) -> None:
        for one in events:
            assert isinstance(one, Unheard)
            self.told.append(((one.since - START).total_seconds(), (one.at - START).total_seconds()))

    async def looks(self, *seconds: float) -> None:
        for self.seconds in seconds:
            await self.hearing.look()

    def breaks(self, last: float) -> None:
        """It is not heard any more; the last sign of life was at this second."""
        self.account.well, self.account.heard_before = False, START + timedelta(seconds=last)
        self.account.how = "deaf"

    def is_back(self, since: float) -> None:
        self.account.well, self.account.since = True, START + timedelta(seconds=since)
        self.account.how = "running"


@pytest.fixture
def scene(tmp_path):
    made = Scene(f"sqlite:///{tmp_path}/yaji.sqlite3")
    yield made
    made.store.close()


async def test_a_gap_begins_with_the_last_sign_of_life(scene: Scene):
    await scene.looks(0, 5, 40, 45)
    scene.breaks(8)
    await scene.looks(47)
    scene.is_back(60)
    await scene.looks(61, 66)
    assert scene.told == [(8, 60)]


async def test_a_gap_between_two_looks_is_one_too(scene: Scene):
    await scene.looks(0, 45)
    scene.breaks(8)
    scene.is_back(47)
    await scene.looks(50, 55, 60)
    assert scene.told == [(8, 47)]


async def test_a_gap_of_no_length_on_a_clock_is_not_told(scene: Scene):
    await scene.looks(0, 46)
    scene.breaks(46)
    scene.is_back(46.4)
    await scene.looks(50, 55)
    assert scene.told == []


async def test_an_earlier_gap_is_not_told_again_with_a_later_one(scene: Scene):
    await scene.looks(0, 45)
    scene.breaks(8)
    scene.is_back(47)
    await scene.looks(50, 100)
    scene.breaks(98)
    await scene.looks(105)
    scene.is_back(110)
    await scene.looks(115)
    assert scene.told == [(8, 47), (98, 110)]


@pytest.mark.parametrize(
    ("who", "first"),
    [
        pytest.param(Who("a", "雅集"), 0, id="the same account"),
        pytest.param(Who("b", "雅集"), 0, id="another id, as some gateways give at each login"),
        pytest.param(Who("a", "小集"), 0, id="another name"),
        pytest.param(Who("b", "小集"), 100, id="another account"),
        pytest.param(Who("b", ""), 0, id="another id, and a name that could not be read"),
        pytest.param(None, 0, id="nobody"),
    ],
)
async def test_who_has_another_id_and_another_name_is_let_in_for_the_first_time(scene: Scene, who, first: int):
    scene.account.budget = budget = Budget(Allowance(a_day=1, a_day_in_a_room=1, strangers_a_day=1))
    scene.account.who = Who("a", "雅集")
    await scene.looks(0, 45)
    scene.account.who = None
    await scene.looks(50)
    scene.account.who = who
    await scene.looks(100, 105)
    assert budget.first == START + timedelta(seconds=first)
    assert scene.kept.all()["wechat:main"].first == budget.first


async def test_whose_name_could_not_be_read_is_who_was_there_before_until_it_can_be(scene: Scene):
    scene.account.who = Who("a", "雅集")
    await scene.looks(0, 45)
    scene.account.who = Who("b", "")
    await scene.looks(100, 200)
    assert scene.kept.all()["wechat:main"][::5] == (START, Who("a", "雅集"))
    scene.account.who = Who("b", "小集")
    await scene.looks(300)
    assert scene.kept.all()["wechat:main"][::5] == (START + timedelta(seconds=300), Who("b", "小集"))


async def test_what_ends_while_it_is_deaf_remembers_when_it_was_heard_last(scene: Scene):
    await scene.looks(0, 45)
    scene.breaks(8)
    await scene.looks(47)
    assert scene.kept.all()["wechat:main"].heard == START + timedelta(seconds=8)


class Away(SqlConnections):
    """Rows in a database that cannot be reached during some of the tries to write one."""

    def __init__(self, scene: Scene, away: set[int], tries: int) -> None:
        super().__init__(scene.store.pool)
        self.tried = 0
        self.away, self.most = away, tries

    def note(self, name: str, stands: Stands) -> Stands:
        self.tried += 1
        if self.tried > self.most:
            raise asyncio.CancelledError
        if self.tried in self.away:
            raise StoreUnavailable(f"away at try {self.tried}", "连不上")
        return super().note(name, stands)


async def test_a_database_that_is_away_is_told_of_once_each_time(scene: Scene, caplog: pytest.LogCaptureFixture):
    kept = Away(scene, {1, 2, 3, 5, 6}, tries=6)
    hearing = Hearing(lambda: [scene.account], kept, lambda _: ["reading"], scene, scene)
    with pytest.raises(asyncio.CancelledError):
        await hearing.run()
    assert kept.tried == 7
    assert [record.message for record in caplog.records] == [
        "when accounts were heard is written later: away at try 1",
        "when accounts were heard is written later: away at try 5",
    ]


class Shared(Scene):
    """As a scene, in a process that may be one of several."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ours = True
        self.begins()

    def begins(self) -> None:
        self.hearing = Hearing(
            lambda: [self.account], self.kept, lambda _: ["reading"], self, self, speaks=lambda _: self.ours
        )

    def waits(self) -> bool:
        return "reading" in self.hearing.waiting(self.now())


@pytest.fixture
def shared(tmp_path):
    made = Shared(f"sqlite:///{tmp_path}/yaji.sqlite3")
    yield made
    made.store.close()


async def test_what_is_due_waits_while_an_account_is_not_heard_and_while_what_was_kept_comes(shared: Shared):
    await shared.looks(0, 5)
    assert not shared.waits()
    shared.breaks(8)
    assert shared.waits()
    shared.account.behind = True
    shared.is_back(60)
    await shared.looks(61)
    assert shared.waits()
    assert shared.kept.all()["wechat:main"].how == "catching up"
    shared.account.behind = False
    assert not shared.waits()


async def test_who_is_not_let_in_is_not_waited_for(shared: Shared):
    shared.account.well = shared.account.let_in = False
    assert not shared.waits()


async def test_that_an_account_has_caught_up_is_written_at_once(shared: Shared):
    shared.account.behind = True
    await shared.looks(0, 5)
    assert shared.kept.all()["wechat:main"].how == "catching up"
    shared.account.behind = False
    await shared.looks(6)
    assert shared.kept.all()["wechat:main"].how == "running"


async def test_a_process_that_does_not_speak_for_an_account_goes_by_what_the_other_one_writes(shared: Shared):
    shared.ours = False
    shared.kept.note("wechat:main", Stands(START, START, "running", START))
    shared.seconds = 20.0
    shared.begins()
    await shared.looks(21)
    assert shared.waits(), "who wrote before this process began may be gone"
    assert shared.kept.all()["wechat:main"].at == START, "and this process writes nothing about it"
    at = START + timedelta(seconds=30)
    shared.kept.note("wechat:main", Stands(START, at, "running", at))
    await shared.looks(31)
    assert not shared.waits()
    shared.kept.note("wechat:main", Stands(START, at, "deaf", at + timedelta(seconds=5)))
    await shared.looks(36)
    assert shared.waits()
    await shared.hearing.end()
    assert shared.kept.all()["wechat:main"].how == "deaf"
