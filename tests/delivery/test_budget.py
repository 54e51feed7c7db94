"""How much an account may say in a day: counted, remembered over a restart, and kept for what is urgent."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle, pairwise

import pytest

from config.wechat import WeChat
from core.budget import DAY, HOUR, Allowance, Budget, Sent
from core.delivery import State
from core.effects import Delete, Effect, Say, TellAdmins
from core.pacing import Apart, Limits
from core.people import Account
from jobs.serve.careful import allowance
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


def test_a_complaint_that_asks_for_less_ends_no_pause():
    it = budget()
    it.hold(START + timedelta(minutes=30))
    it.hold(START + timedelta(minutes=1))
    short = it.short(NOW, "g", 1, START + timedelta(minutes=2), asked=True)
    assert short is not None
    assert (short.until, it.pause(START)) == (START + timedelta(minutes=30), 1800)
    it.hold(START + timedelta(minutes=40))
    assert it.pause(START) == 2400


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


FAIR = Allowance(a_day=99, a_day_in_a_room=40, strangers_a_day=9, a_member_an_hour=3, a_members_share=0.25)


def answered(who: Account, n: int, at: datetime = START) -> tuple[Sent, ...]:
    return tuple(Sent("g", None, at, asker=who) for _ in range(n))


def test_a_member_is_answered_so_often_in_an_hour_and_the_others_go_on():
    it = budget(*answered(LI, 3), allowance=FAIR)
    assert it.unfair(LI, SOON, "g", 1, START) == ("the member's hour is used up (3)", START + HOUR)
    assert it.unfair(LI, SOON, "g", 1, START + HOUR) is None
    assert it.unfair(WANG, SOON, "g", 1, START) is None


@pytest.mark.parametrize(
    ("others", "theirs", "goes"),
    [
        pytest.param(0, 9, True, id="a quarter of all"),
        pytest.param(0, 10, False, id="and no more"),
        pytest.param(20, 4, True, id="a quarter of what others left"),
        pytest.param(20, 5, False, id="which is less"),
        pytest.param(39, 0, True, id="a first answer is never too much"),
        pytest.param(39, 1, False, id="a second one is, when little is left"),
    ],
)
def test_a_member_has_a_share_of_what_others_left_of_the_rooms_day(others: int, theirs: int, goes: bool):
    before = START - 2 * HOUR
    it = budget(*spoke(others, at=before), *answered(LI, theirs, before), allowance=FAIR)
    short = it.unfair(LI, SOON, "g", 1, START)
    assert (short is None) is goes
    assert it.unfair(LI, Say(words=("x",), to=LI), "g", 1, START, private=True) is None, (
        "in private the room has no part"
    )


def test_a_long_answer_counts_as_all_its_messages_and_a_first_one_is_given_whatever_its_length():
    it = budget(*answered(LI, 2), allowance=FAIR)
    assert it.unfair(LI, SOON, "g", 2, START) is not None
    assert it.unfair(WANG, SOON, "g", 5, START) is None


def _fair() -> Stage:
    stage = Stage()
    stage.budget = Budget(FAIR)
    return stage


def test_what_is_too_much_for_one_is_left_out_without_a_word_in_the_room_and_the_admins_hear_once():
    stage = _fair()
    ids = stage.put(*(said(n) for n in range(8)), asker=LI)
    [other] = stage.put(said(9), asker=WANG)
    [clock] = stage.put(said(10))
    play(stage.perform())
    assert [stage.state(id_) for id_ in ids] == [State.DONE] * 3 + [State.DROPPED] * 5
    assert stage.outcome(ids[3]) == "the member's hour is used up (3)"
    assert {stage.state(id_) for id_ in (other, clock)} == {State.DONE}
    room = [words for _, chat, words in stage.world.posted if chat == "-g"]
    assert room == ["m0", "m1", "m2", "m9", "m10"]
    [(_, _, line)] = [one for one in stage.world.posted if one[1] == "77"]
    assert "so many answers" in line


def test_however_much_somebody_asks_the_admins_are_told_of_them():
    stage = _fair()
    stage.put(*(said(n) for n in range(3)), asker=LI)
    ids = stage.put(*(TellAdmins(words=(f"spam {n}",)) for n in range(4)), asker=LI)
    play(stage.perform())
    assert [stage.state(id_) for id_ in ids] == [State.DONE] * 4


def test_a_restart_remembers_who_was_answered():
    stage = _fair()
    stage.put(*(said(n) for n in range(3)), asker=LI)
    play(stage.perform())
    [again] = stage.put(said(9), asker=LI)
    stage.budget = Budget(FAIR)
    play(stage.perform())
    assert stage.state(again) is State.DROPPED


def test_a_members_share_is_as_the_operator_wrote_it():
    written = WeChat.model_validate({"a_member_an_hour": 5, "a_members_share": "10%"})
    assert (allowance(written).a_member_an_hour, allowance(written).a_members_share) == (5, 0.1)
    assert (allowance(WeChat()).a_member_an_hour, allowance(WeChat()).a_members_share) == (20, 0.25)


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
    stage.unhurried()
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
    limits = Limits(overall=None, chat_gap=None, per_group=None, apart=Apart(lambda: next(pauses)))
    stage = Stage(groups=("g", "h"), limits=limits)
    for n in range(2):
        stage.put(said(n), group="g")
        stage.put(said(n + 5), group="h")
    play(stage.perform(60))
    times = sorted(at for at, _, _ in stage.world.posted)
    assert len(times) == 4
    assert all(later - earlier >= 3.0 for earlier, later in pairwise(times))
