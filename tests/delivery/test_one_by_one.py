"""What takes several messages, or goes to several admins: each message keeps the pace, and counts for itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, pairwise
from typing import Any

import pytest

from config.wechat import Pace
from core.budget import DAY, Allowance, Budget
from core.delivery import Destination, Later, Never, Refusal, State
from core.effects import Remove, TellAdmins
from core.pacing import UNLIMITED, Apart, Limits
from core.people import Account
from jobs.serve.careful import Careful, unhurried
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import START, play

WANG = Account("telegram:10001")
LINE = TellAdmins(words=("look",))


def unlike_clockwork() -> Limits:
    """From three to nine seconds apart, drawn from a few."""
    chances = cycle((0.0, 0.6, 1.0, 0.3))
    return unhurried(Pace(), lambda: next(chances))


def careful(*, admins: int = 1, desk: str = "", **more: Any) -> Stage:
    """A stage whose account is careful, of a group with so many admins."""
    stage = Stage(groups=("g", "h", "desk"), limits=unlike_clockwork(), desk=desk)
    stage.budget = Budget(replace(Allowance(a_day=99, a_day_in_a_room=99, strangers_a_day=9), **more))
    stage.admins = [Destination("g", str(70 + n)) for n in range(admins)]
    return stage


def gaps(stage: Stage) -> list[float]:
    times = sorted(at for at, _, _ in stage.world.asked)
    return [later - earlier for earlier, later in pairwise(times)]


def test_a_line_to_five_admins_is_five_messages_with_a_pause_before_each():
    stage = careful(admins=5)
    [line] = stage.put(LINE)
    play(stage.perform(120))
    assert [to.chat for _, _, to in stage.world.asked] == ["70", "71", "72", "73", "74"]
    assert len(gaps(stage)) == 4
    assert all(gap >= 3.0 for gap in gaps(stage))
    assert stage.state(line) is State.DONE


@pytest.mark.parametrize("restarted", [False, True], ids=["as it goes", "as a restart remembers it"])
def test_it_counts_towards_the_people_written_to_and_not_for_the_rooms_day(restarted):
    stage = careful(admins=5)
    assert stage.budget is not None
    stage.put(LINE)
    play(stage.perform(120))
    if restarted:
        stage.budget = Budget(stage.budget.allowance)
        play(stage.perform())
    used = stage.budget.used(START + timedelta(minutes=2))
    assert (used.messages, used.rooms, used.people) == (5, {}, 5)


@pytest.mark.parametrize("restarted", [False, True], ids=["as it goes", "as a restart remembers it"])
def test_a_line_to_a_desk_is_one_message_in_a_room(restarted):
    stage = careful(desk="desk")
    stage.admins = [Destination("g", "-desk")]
    assert stage.budget is not None
    stage.put(LINE)
    play(stage.perform())
    if restarted:
        stage.budget = Budget(stage.budget.allowance)
        play(stage.perform())
    used = stage.budget.used(START + timedelta(minutes=2))
    assert (used.messages, used.rooms, used.people) == (1, {"g": 1}, 0)


def test_a_member_whom_five_admins_hear_of_was_answered_once():
    stage = careful(admins=5, a_member_an_hour=3)
    li = Account("telegram:li")
    stage.put(LINE, asker=li)
    [answer] = stage.put(said(1), asker=li)
    play(stage.perform(120))
    assert stage.state(answer) is State.DONE


def test_a_line_for_which_the_day_has_no_room_waits_as_a_whole():
    stage = careful(admins=5, a_day=6)
    [line] = stage.put(said(1), LINE)[1:]
    play(stage.perform())
    assert stage.world.copies == {"m1": 1}
    assert stage.state(line) is State.WAITING


def test_a_line_that_is_more_than_any_day_has_room_for_goes_when_nothing_else_was_said_in_one():
    stage = careful(admins=5, a_day=4)
    stage.unhurried()
    [line] = stage.put(said(1), LINE)[1:]
    play(stage.perform(90000))
    assert (stage.state(line), stage.world.copies["look"]) == (State.DONE, 5)
    assert stage.world.times("70")[0] >= DAY.total_seconds()


def test_a_line_to_admins_in_private_waits_for_no_rooms_day():
    stage = careful(admins=5, a_day_in_a_room=4)
    [line] = stage.put(*(said(n) for n in range(3)), LINE)[3:]
    play(stage.perform(120))
    assert stage.state(line) is State.DONE


def test_a_complaint_between_two_admins_ends_it_and_who_heard_hears_it_once():
    stage = careful(admins=5)
    [line] = stage.put(LINE)

    async def scene():
        running = asyncio.create_task(stage.perform(3600))
        while len(stage.world.posted) < 2:
            await asyncio.sleep(0.1)
        assert stage.budget is not None
        stage.budget.hold(START + timedelta(minutes=30))
        await running

    play(scene())
    assert [to.chat for _, _, to in stage.world.asked] == ["70", "71"]
    assert (stage.state(line), stage.outcome(line)[:15]) == (State.DONE, "not told to all")


def test_the_messages_of_a_long_text_are_apart_as_any_others_and_it_stays_together_in_its_chat():
    stage = careful()
    stage.world.lengths["m1"] = 3
    stage.put(said(1), said(2))
    stage.put(said(3), group="h")
    play(stage.perform(120))
    assert [words for _, chat, words in stage.world.posted if chat == "-g"] == ["m1", "m1", "m1", "m2"]
    assert len(gaps(stage)) == 4
    assert all(gap >= 3.0 for gap in gaps(stage))


def test_the_messages_of_a_long_text_keep_the_gap_of_their_chat():
    stage = Stage(limits=Limits())
    stage.world.lengths["m1"] = 3
    stage.put(said(1), said(2))
    play(stage.perform())
    assert len(gaps(stage)) == 3
    assert all(1.0 <= gap <= 1.2 for gap in gaps(stage))


def test_lines_to_several_admins_keep_the_gap_of_each_of_their_chats():
    stage = Stage(limits=Limits())
    stage.admins = [Destination("g", chat) for chat in ("77", "78")]
    stage.put(LINE, LINE, LINE)
    play(stage.perform())
    for chat in ("77", "78"):
        times = stage.world.times(chat)
        assert len(times) == 3
        assert all(later - earlier >= 1.0 for earlier, later in pairwise(times))
    assert stage.world.times("78")[0] - stage.world.times("77")[0] < 0.1, "another chat need not wait"


def test_what_broke_off_goes_on_and_what_was_said_of_it_counts_over_a_restart():
    slow = Later(after=timedelta(seconds=60), why="retry after 60", flood=True)
    stage = Stage(lambda effect, to, n: slow if n == 1 else None, limits=Limits())
    stage.world.lengths["m1"] = 2
    [id_] = stage.put(said(1))
    play(stage.perform(30))
    assert stage.state(id_) is State.WAITING
    assert stage.dispatch.way(id_).sent is not None
    play(stage.perform(90))
    assert stage.world.copies["m1"] == 2


def test_a_part_that_does_not_end_has_twenty_seconds_of_its_own():
    stage = Stage(lambda effect, to, n: "hangs" if n == 2 else None, limits=unlike_clockwork())
    stage.world.lengths["m1"] = 3
    stage.put(said(1))
    play(stage.perform(120))
    third, again = [at for at, _, _ in stage.world.asked][2:4]
    assert again - third >= 20
    assert stage.world.copies["m1"] == 3


def test_no_admin_is_passed_over_because_another_cannot_be_reached():
    closed = Never(refusal=Refusal.UNREACHABLE, why="no contact")
    stage = careful(admins=3)
    stage.world.script = lambda effect, to, n: closed if to.chat == "70" else None
    [line] = stage.put(LINE)
    play(stage.perform(60))
    assert [chat for _, chat, _ in stage.world.posted] == ["71", "72"]
    assert stage.state(line) is State.DONE


def test_who_is_one_too_many_for_the_day_is_not_taken_for_somebody_who_cannot_be_written_to():
    stage = careful(strangers_a_day=1)
    assert stage.budget is not None
    platform = Careful(stage.world, stage.budget, stage.clock.now)
    ids = stage.put(*(said(n, to=Account(f"telegram:{n}")) for n in (1, 2)))

    async def scene():
        courier = stage.courier(world=platform)
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(60)
        await courier.stop()
        await running

    play(scene())
    assert [to.chat for _, _, to in stage.world.asked] == ["1"]
    assert [stage.state(id_) for id_ in ids] == [State.DONE, State.DROPPED]
    assert stage.events == []


# what is more urgent


async def answers(stage: Stage, *, every: float, groups: list[str]) -> list[float]:
    """How long each of some answers takes that are wanted one after the other."""
    courier = stage.courier()
    running = asyncio.create_task(courier.run())
    wanted = {}
    for n, group in enumerate(groups):
        await asyncio.sleep(every)
        wanted[f"m{90 + n}"] = asyncio.get_running_loop().time()
        stage.put(said(90 + n, urgency="now"), group=group)
        courier.wake()
    await asyncio.sleep(60)
    await courier.stop()
    await running
    said_at = {words: at for at, _, words in stage.world.posted}
    return [said_at[words] - at for words, at in wanted.items()]


def test_an_answer_does_not_wait_for_the_rest_of_digests():
    stage = Stage(groups=[f"g{n}" for n in range(110)], limits=Limits())
    stage.world.lengths["m1"] = 4
    for n in range(100):
        stage.put(said(1, urgency="bulk"), group=f"g{n}")
    assert max(play(answers(stage, every=0.7, groups=[f"g{n}" for n in range(100, 110)]))) < 0.2
    assert stage.world.copies["m1"] == 400


def test_nor_for_those_that_rest_in_their_chats_however_many():
    stage = Stage(groups=[f"g{n}" for n in range(81)], limits=Limits(overall=None, chat_gap=30.0, per_group=None))
    stage.world.lengths["m1"] = 2
    for n in range(80):
        stage.put(said(1, urgency="bulk"), group=f"g{n}")
    assert play(answers(stage, every=5.0, groups=["g80"])) == [pytest.approx(0.05)]


def test_where_everything_is_apart_an_answer_comes_before_the_rest_of_a_digest_and_that_before_another():
    stage = careful()
    stage.world.lengths |= {"m1": 3, "m2": 3}
    stage.put(said(1, urgency="bulk"))
    stage.put(said(2, urgency="bulk"), group="h")
    [waited] = play(answers(stage, every=1.0, groups=["desk"]))
    assert [words for _, _, words in stage.world.posted] == ["m1", "m90", "m1", "m1", "m2", "m2", "m2"]
    assert waited < 9.0
    assert all(gap >= 3.0 for gap in gaps(stage))


# removals


def test_removals_are_apart_from_each_other_and_from_what_is_said():
    stage = careful()
    stage.put(said(1), *(Remove(member=Account(f"telegram:{n}")) for n in range(4)))
    play(stage.perform(120))
    assert len(gaps(stage)) == 4
    assert all(gap >= 3.0 for gap in gaps(stage))


def test_after_a_complaint_nobody_is_removed_until_the_pause_is_over():
    stage = careful(a_day=1)
    assert stage.budget is not None
    stage.budget.hold(START + timedelta(minutes=10))
    [removal] = stage.put(Remove(member=WANG))
    play(stage.perform(500))
    assert (stage.world.asked, stage.outcome(removal)) == ([], "the platform complained; a pause")
    play(stage.perform(700))
    assert stage.state(removal) is State.DONE
    assert stage.world.asked[0][0] >= 600


def test_the_day_does_not_limit_what_is_done_without_a_word():
    stage = careful(a_day=1)
    _, removal = stage.put(said(1), Remove(member=WANG))
    play(stage.perform())
    assert stage.state(removal) is State.DONE


def test_whoever_else_acts_for_the_account_keeps_apart_from_its_messages():
    apart = Apart(lambda: 5.0)
    stage = Stage(limits=Limits(overall=None, chat_gap=None, per_group=None, apart=apart))
    stage.put(said(1))

    async def scene():
        apart.rest(asyncio.get_running_loop().time())
        await stage.perform()

    play(scene())
    assert stage.world.times("-g")[0] >= 5.0
    assert UNLIMITED.apart is None
