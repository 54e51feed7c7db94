"""The courier's ordinary day: order, urgency, pauses that the platform asks for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.delivery import Destination, Done, Later, Never, Refusal, State
from core.effects import Delete, Invite, Mention, Mute, Say, TellAdmins, Unmute, plain
from core.errors import StoreBusy
from core.events import GroupMoved, InviteMade, Posted
from core.pacing import Limits
from core.people import Account
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import START, play

WANG, LI, ANA = (Account(f"telegram:{n}") for n in (10001, 10002, 10003))


def test_what_waits_is_said_in_order_and_settled_with_the_message_id():
    stage = Stage()
    ids = stage.put(*(said(n) for n in range(5)))
    play(stage.perform())
    assert [words for _, _, words in stage.world.posted] == ["m0", "m1", "m2", "m3", "m4"]
    assert [stage.dispatch.way(id_).message for id_ in ids] == ["1", "2", "3", "4", "5"]
    assert {stage.state(id_) for id_ in ids} == {State.DONE}


def test_urgent_overtakes_what_waits():
    stage = Stage(limits=Limits())
    stage.put(said(1, urgency="bulk"), said(2), said(3, urgency="now"), Delete(messages=("9",)))
    play(stage.perform())
    asked = ["Delete" if isinstance(effect, Delete) else plain(effect.words) for _, effect, _ in stage.world.asked]
    assert asked.index("m3") < asked.index("m2") < asked.index("m1")
    assert asked.index("Delete") <= 1


def test_an_answer_to_a_member_goes_before_welcomes_that_were_there_first():
    """Ten welcomes and then a check-in of a member and one of an admin, in one group, at Telegram's pace."""
    stage = Stage(limits=Limits())
    stage.put(*(said(n) for n in range(10)))
    stage.put(said(10), asker=WANG)
    stage.put(said(11, reply_to="77"))
    play(stage.perform())
    said_at = {words: at for at, _, words in stage.world.posted}
    assert list(said_at) == ["m10", "m11", *(f"m{n}" for n in range(10))]
    assert said_at["m11"] - said_at["m10"] < 2


def test_welcomes_have_their_turn_among_a_morning_of_answers():
    stage = Stage(limits=Limits())
    stage.put(said(0), said(1))
    stage.put(*(said(n) for n in range(2, 20)), asker=WANG)
    play(stage.perform())
    order = [words for _, _, words in stage.world.posted]
    assert [order.index(f"m{n}") for n in range(4)] == [4, 9, 0, 1]
    assert len(order) == 20


def test_twenty_commands_of_one_member_hold_up_nobody_else():
    """A member asks twenty times within a minute; then two others check in, and one asks something, too."""
    stage = Stage(limits=Limits())
    stage.put(*(said(n, urgency="now") for n in range(20)), asker=WANG)
    stage.put(said(20), asker=LI)
    stage.put(said(21), asker=ANA)
    stage.put(said(22, urgency="now"), asker=LI)
    play(stage.perform(100))
    order = [words for _, _, words in stage.world.posted]
    assert order[:6] == ["m0", "m1", "m2", "m22", "m20", "m21"]
    assert len(order) == 23


def test_answers_to_one_member_keep_their_order_whenever_they_are_asked_for():
    """The fourth of five waits with everybody. The fifth is asked for while it waits, and does not overtake it."""
    stage = Stage(limits=Limits())

    async def scene():
        running = asyncio.create_task(stage.perform(60))
        stage.put(*(said(n, urgency="now") for n in range(4)), asker=WANG)
        while len(stage.world.posted) < 3:
            await asyncio.sleep(0.01)
        stage.put(said(4, urgency="now"), asker=WANG)
        await running

    play(scene())
    assert [words for _, _, words in stage.world.posted] == ["m0", "m1", "m2", "m3", "m4"]


def test_an_answer_does_not_come_before_the_welcome_that_it_answers():
    """A newcomer writes while their own welcome waits behind others; others are answered at once."""
    stage = Stage(limits=Limits())
    stage.put(said(0), Say(words=("m1 ", Mention(account=WANG, name="Wang"))))
    stage.put(said(2), said(3), asker=WANG)
    stage.put(said(4), asker=LI)
    play(stage.perform())
    assert [words[:2] for _, _, words in stage.world.posted] == ["m4", "m0", "m1", "m2", "m3"]
    stage.put(said(5))
    stage.put(said(6), asker=WANG)
    play(stage.perform())
    assert [words for _, _, words in stage.world.posted][5:] == ["m6", "m5"]


def test_a_wake_is_followed_at_once():
    stage = Stage()

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(10.123)
        stage.put(said(1))
        courier.wake()
        await asyncio.sleep(0.001)
        assert stage.world.times("-g") == [pytest.approx(10.123, abs=1e-6)]
        await courier.stop()
        await running

    play(scene())


def test_what_another_process_wrote_is_found_within_half_a_second():
    stage = Stage()

    async def scene():
        running = asyncio.create_task(stage.courier().run())
        await asyncio.sleep(10.2)
        stage.put(said(1))
        await asyncio.sleep(0.51)
        assert len(stage.world.asked) == 1
        running.cancel()

    play(scene())


def test_a_pause_in_one_chat_delays_no_other():
    slow = Later(after=timedelta(seconds=7), why="Too Many Requests: retry after 7")
    answers = [slow]
    script = lambda effect, to, n: answers.pop() if to.chat == "-g" and answers else None  # noqa: E731
    stage = Stage(script, groups=("g", "h"), limits=Limits())
    stage.put(said(1), said(2), group="g")
    stage.put(*(said(n) for n in range(10, 15)), group="h")
    play(stage.perform())
    first, again, then = stage.world.times("-g")
    assert again - first == pytest.approx(7, abs=0.2)
    assert again >= first + 7
    assert [words for _, chat, words in stage.world.posted if chat == "-g"] == ["m1", "m2"]
    assert then > again
    assert stage.world.times("-h")[-1] < 6


def test_a_pause_of_the_whole_bot_is_kept_by_all():
    slow = Later(after=timedelta(seconds=7), why="retry after 7", whole_bot=True)
    stage = Stage(lambda effect, to, n: slow if n == 0 else None, groups=("g", "h"))
    [first] = stage.put(said(1), group="g")

    async def scene():
        running = asyncio.create_task(stage.perform(20))
        await asyncio.sleep(1)
        stage.put(said(2), group="h")
        await running

    play(scene())
    assert min(stage.world.times("-h")) >= 7
    assert stage.dispatch.way(first).attempts == 1, "a pause of the whole bot is no attempt of the parcel's"


def test_acts_overtake_messages_but_keep_their_order_for_each_member():
    stage = Stage(limits=Limits(), latency=0.3)
    other = Account("telegram:2")
    stage.put(said(1), said(2), said(3))
    stage.put(Mute(member=WANG, span=None), Mute(member=other, span=None), Unmute(member=WANG))
    play(stage.perform())
    acts = [(at, effect) for at, effect, _ in stage.world.asked if not isinstance(effect, Say)]
    assert acts[-1][1] == Unmute(member=WANG)
    assert acts[-1][0] >= acts[0][0] + 0.3, "muted before unmuted"
    assert acts[1][0] == acts[0][0], "another member need not wait"
    assert acts[-1][0] < stage.world.times("-g")[-1]


def test_what_comes_too_late_is_dropped_with_a_reason():
    stage = Stage(
        lambda effect, to, n: Later(after=timedelta(seconds=30), why="busy", whole_bot=True) if n == 0 else None
    )
    old, soon = stage.put(said(1, expires=START), said(2, expires=START + timedelta(seconds=20)))
    play(stage.perform(60))
    assert stage.state(old) is State.DROPPED
    assert stage.outcome(old) == "too late: of use until 2026-03-02 08:00 UTC"
    assert stage.state(soon) is State.DROPPED
    assert len(stage.world.asked) == 1


def test_a_line_to_the_admins_reaches_every_one_of_them_and_is_done_by_one():
    closed = Never(refusal=Refusal.UNREACHABLE, why="Forbidden: bot can't initiate conversation with a user")
    stage = Stage(lambda effect, to, n: closed if to.chat == "77" else None)
    stage.admins = [Destination("g", "77"), Destination("g", "78"), Destination("g", "79")]
    [line] = stage.put(TellAdmins(words=("look",)))
    play(stage.perform())
    assert [chat for _, chat, _ in stage.world.posted] == ["78", "79"]
    assert stage.state(line) is State.DONE


def test_a_line_waits_until_an_admin_is_known():
    stage = Stage()
    stage.admins = []
    [line] = stage.put(TellAdmins(words=("look",)))

    async def scene():
        running = asyncio.create_task(stage.perform(100))
        await asyncio.sleep(10)
        assert stage.state(line) is State.WAITING
        stage.admins = [Destination("g", "77")]
        await running

    play(scene())
    assert stage.state(line) is State.DONE


def test_an_invite_that_was_made_comes_back_as_an_event():
    stage = Stage(lambda effect, to, n: Done(result="https://t.me/+abc"))
    [invite] = stage.put(Invite(member=WANG, name="wang"))
    play(stage.perform())
    [made] = stage.events
    assert isinstance(made, InviteMade)
    assert (made.id, made.group, made.actor.account, made.link) == ("e:1:made", "g", WANG, "https://t.me/+abc")
    assert stage.state(invite) is State.DONE


def test_what_is_said_with_a_place_comes_back_once_it_stands_there_and_other_words_do_not():
    stage = Stage()
    first, second = stage.put(Say(words=("welcome",), place="welcome"), Say(words=("hello",)))
    play(stage.perform())
    [posted] = stage.events
    assert isinstance(posted, Posted)
    assert (posted.id, posted.group, posted.place) == ("e:1:posted", "g", "welcome")
    assert posted.message
    assert {stage.state(first), stage.state(second)} == {State.DONE}


@pytest.mark.parametrize("known_first", [False, True], ids=["told by a refusal", "told by the group itself before"])
def test_after_a_move_everything_goes_to_the_new_address_in_order(known_first):
    moved = Never(refusal=Refusal.MOVED, why="group chat was upgraded", moved_to="-100")
    stage = Stage(lambda effect, to, n: moved if to.chat == "-g" else None, limits=Limits())
    ids = stage.put(*(said(n) for n in range(4)))

    async def scene():
        running = asyncio.create_task(stage.perform(30))
        if known_first:
            stage.chats["g"] = "-100"
        await running

    play(scene())
    assert [words for _, _, words in stage.world.posted] == ["m0", "m1", "m2", "m3"]
    assert {stage.state(id_) for id_ in ids} == {State.DONE}
    assert len(stage.world.times("-g")) == (0 if known_first else 1), "never asked there again"
    assert [type(event) for event in stage.events] == ([] if known_first else [GroupMoved])


@pytest.mark.parametrize("latency", [0.02, 0.05, 0.12, 0.25])
def test_while_the_move_is_handed_in_the_message_that_told_of_it_waits(latency):
    moved = Never(refusal=Refusal.MOVED, why="moved", moved_to="-100")
    stage = Stage(lambda effect, to, n: moved if to.chat == "-g" else None, latency=latency)
    stage.deaf = [StoreBusy("somebody else writes")]  # which takes a tenth of a second
    ids = stage.put(said(1), said(2))

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        for _ in range(500):
            courier.wake()  # others write meanwhile
            await asyncio.sleep(0.01)
        assert not running.done()
        await courier.stop()
        await running

    play(scene())
    assert stage.world.copies == {"m1": 1, "m2": 1}
    assert {stage.state(id_) for id_ in ids} == {State.DONE}


def test_a_group_that_moved_twice_is_followed():
    homes = {"-g": "-100", "-100": "-200"}

    def script(effect, to, n):
        return Never(refusal=Refusal.MOVED, why="moved", moved_to=homes[to.chat]) if to.chat in homes else None

    stage = Stage(script)
    ids = stage.put(said(1), said(2))
    play(stage.perform())
    assert stage.world.copies == {"m1": 1, "m2": 1}
    assert stage.chats["g"] == "-200"
    assert {stage.state(id_) for id_ in ids} == {State.DONE}


def moved_desk(effect, to, n):
    return Never(refusal=Refusal.MOVED, why="moved", moved_to="-100") if to.chat == "-d" else None


@pytest.mark.parametrize("at_home", [True, False], ids=["the group lives here", "only its admins are here"])
def test_when_the_admins_desk_has_moved_the_desk_is_followed_and_no_group_of_its(at_home):
    stage = Stage(moved_desk, groups=("g", "d", "h"), desk="d")
    stage.admins = [Destination("g", "-d")]
    stage.chats["g"] = "-g" if at_home else "-d"
    lines = stage.put(*(TellAdmins(words=(f"line {n}",)) for n in range(3)))
    lines += stage.put(TellAdmins(words=("line of another",)), group="h")
    said_there = stage.put(said(1), said(2)) if at_home else []
    play(stage.perform())
    moves = [event for event in stage.events if isinstance(event, GroupMoved)]
    assert {(move.group, move.old, move.new) for move in moves} == {("d", "-d", "-100")}
    assert len(stage.events) == len(moves)
    assert stage.chats["g"] == ("-g" if at_home else "-d")
    assert {stage.state(id_) for id_ in (*lines, *said_there)} == {State.DONE}
    homes = {(chat, words) for _, chat, words in stage.world.posted}
    assert {chat for chat, words in homes if words.startswith("line")} == {"-100"}
    assert {chat for chat, words in homes if words.startswith("m")} == ({"-g"} if at_home else set())
    assert len(stage.world.times("-d")) == 1, "never asked there again"


class KnowsBetter(Stage):
    """The store knows that groups live elsewhere by now."""

    async def heard(self, event):
        self.events.append(event)


def test_a_word_of_a_move_that_comes_after_the_operator_named_another_chat_changes_nothing():
    stage = KnowsBetter(lambda effect, to, n: Never(refusal=Refusal.MOVED, why="moved", moved_to="-100"), latency=1.0)
    stage.put(said(1))

    async def scene():
        running = asyncio.create_task(stage.perform(5))
        await asyncio.sleep(0.5)
        stage.world.script = lambda effect, to, n: None
        stage.chats["g"] = "-7"
        await running

    play(scene())
    assert [chat for _, chat, _ in stage.world.posted] == ["-7"]


def test_stop_begins_nothing_more_and_lets_what_is_on_its_way_end():
    stage = Stage(latency=3.0)
    ids = stage.put(said(1), said(2))

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(1)
        await courier.stop()
        await running
        assert asyncio.get_running_loop().time() == pytest.approx(3.0, abs=0.1)
        assert stage.dispatch.take_lease("courier:main", "two", timedelta(seconds=20))

    play(scene())
    assert [stage.state(id_) for id_ in ids] == [State.DONE, State.WAITING]


def test_stop_waits_eight_seconds_at_the_most():
    stage = Stage(lambda effect, to, n: "hangs")
    [hanging] = stage.put(said(1))

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(1)
        await courier.stop()
        await running
        return asyncio.get_running_loop().time()

    assert play(scene()) == pytest.approx(9.0, abs=0.1)
    assert stage.state(hanging) is State.SENDING, "the next courier counts it as one whose outcome nobody knows"


def test_a_group_without_an_address_waits_for_one():
    stage = Stage()
    del stage.chats["g"]
    [early] = stage.put(said(1))

    async def scene():
        running = asyncio.create_task(stage.perform(30))
        await asyncio.sleep(10)
        stage.chats["g"] = "-5"
        await running

    play(scene())
    assert stage.state(early) is State.DONE
    assert stage.world.posted[0][1] == "-5"


def test_a_text_in_several_messages_counts_as_several():
    stage = Stage(limits=Limits())
    stage.world.lengths["m0"] = 3
    stage.put(*(said(n) for n in range(20)))
    play(stage.perform(58))
    assert len(stage.world.copies) == 18
