"""How much an account may say in a day: counted, remembered over a restart, and kept for what is urgent."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle, pairwise

import pytest

from core.budget import DAY, Allowance, Budget, Sent
from core.delivery import State
from core.effects import Delete, Effect, Say
from core.pacing import Limits
from core.people import Account
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import START, play

LI, WANG = Account("wechat:li"), Account("wechat:wang")
NOW, SOON, BULK = (Say(words=("x",), urgency=urgency) for urgency in ("now", "soon", "bulk"))
TEN = Allowance(a_day=10, a_day_in_a_room=8, strangers_a_day=2, quiet_at_first=timedelta(hours=6))


def budget(*sent: Sent, first: datetime | None = None, allowance: Allowance = TEN) -> Budget:
    made = Budget(allowance, first)
    made.restore(sent)
    return made


def spoke(n: int, group: str = "g", at: datetime = START) -> tuple[Sent, ...]:
    return tuple(Sent(group, None, at) for _ in range(n))


@pytest.mark.parametrize(
    ("spent", "goes"),
    [
        pytest.param(6, [NOW, SOON, BULK], id="plenty"),
        pytest.param(7, [NOW, SOON], id="short: no digests"),
        pytest.param(9, [NOW], id="nearly used up: answers only"),
        pytest.param(10, [], id="used up"),
    ],
)
def test_urgent_goes_before_bulk_when_the_day_is_short(spent: int, goes: list[Effect]):
    it = budget(*spoke(spent // 2, "a"), *spoke(spent - spent // 2, "b"))
    assert [one for one in (NOW, SOON, BULK) if it.short(one, "g", 1, START) is None] == goes


def test_a_room_has_a_day_of_its_own_and_others_go_on():
    it = budget(*spoke(8, "a"))
    assert it.short(NOW, "a", 1, START) is not None
    assert it.short(NOW, "b", 1, START) is None


def test_what_was_said_a_day_ago_counts_no_more_and_the_answer_says_when():
    it = budget(*spoke(10))
    short = it.short(NOW, "h", 1, START)
    assert short is not None
    assert (short.until, it.short(NOW, "h", 1, short.until)) == (START + DAY, None)


def test_after_the_first_login_the_account_only_answers():
    it = budget(first=START)
    assert it.short(NOW, "g", 1, START) is None
    short = it.short(SOON, "g", 1, START)
    assert short is not None
    assert (short.until, it.short(SOON, "g", 1, short.until)) == (START + timedelta(hours=6), None)


def test_what_answers_somebody_is_no_less_urgent_for_being_ordinary():
    it = budget(*spoke(5, "a"), *spoke(4, "b"), first=START)
    assert it.short(SOON, "g", 1, START, asked=True) is None
    assert it.short(SOON, "g", 1, START + timedelta(hours=7)) is not None
    assert it.short(BULK, "g", 1, START + timedelta(hours=7), asked=True) is not None


def test_a_complaint_is_followed_by_a_pause_for_everything():
    it = budget()
    it.hold(START + timedelta(minutes=10))
    assert it.short(NOW, "g", 1, START) is not None
    assert it.short(NOW, "g", 1, START + timedelta(minutes=10)) is None


def test_acts_cost_nothing():
    assert budget(*spoke(10)).short(Delete(messages=("1",)), "g", 0, START) is None


def test_only_so_many_people_are_written_to_in_private():
    it = budget(Sent("g", LI, START), Sent("g", WANG, START), Sent("g", LI, START))
    assert it.crowded(Account("wechat:new"), START)
    assert not it.crowded(LI, START)
    assert it.used(START).people == 2


def _stage() -> Stage:
    stage = Stage()
    stage.budget = Budget(Allowance(a_day=3, a_day_in_a_room=3, strangers_a_day=9))
    return stage


def test_what_is_beyond_the_day_waits_for_the_next_one():
    stage = _stage()
    ids = stage.put(*(said(n, urgency="now") for n in range(5)))
    play(stage.perform())
    assert [stage.state(id_) for id_ in ids] == [State.DONE] * 3 + [State.WAITING] * 2
    assert "used up" in stage.outcome(ids[3])
    play(stage.perform((DAY + timedelta(hours=1)).total_seconds()))
    assert len(stage.world.posted) >= 5


def test_a_restart_remembers_what_was_said():
    stage = _stage()
    stage.put(*(said(n, urgency="now") for n in range(3)))
    play(stage.perform())
    again = stage.put(said(9, urgency="now"))
    stage.budget = Budget(Allowance(a_day=3, a_day_in_a_room=3, strangers_a_day=9))
    play(stage.perform())
    assert stage.state(again[0]) is State.WAITING


def test_an_account_leaves_an_uneven_pause_between_its_messages_whatever_the_chat():
    pauses = cycle((4.0, 7.0, 3.0, 5.0))
    limits = Limits(overall=None, chat_gap=None, per_group=None, apart=lambda: next(pauses))
    stage = Stage(groups=("g", "h"), limits=limits)
    for n in range(2):
        stage.put(said(n), group="g")
        stage.put(said(n + 5), group="h")
    play(stage.perform(60))
    times = sorted(at for at, _, _ in stage.world.posted)
    assert len(times) == 4
    assert all(later - earlier >= 3.0 for earlier, later in pairwise(times))
