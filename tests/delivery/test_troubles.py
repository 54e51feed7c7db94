"""What goes wrong on the way: answers that are lost, refusals, groups that are gone, a store that cannot be reached."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.delivery import Destination, Later, Never, Refusal, State
from core.effects import Ban, Choice, Delete, Edit, Effect, Mute, Remove, Say, TellAdmins, plain
from core.errors import StoreUnavailable
from core.events import BotStanding, Unreached
from core.pacing import Limits
from core.people import Account, ActorKind
from core.ports import Newcomer, Writes
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import START, play

WANG = Account("telegram:10001")


def member(stage, account=WANG, name="小王", *, joined=True):
    """Somebody whom the group knows."""
    with stage.store.unit() as unit:
        unit.lock(["g"])
        who = Newcomer(account, name, ActorKind.PERSON, None, None)
        seat = unit.seats([("g", who)])["g", account]
        seat.seen, seat.joined = START, START if joined else None
        unit.save(Writes(seats=[("g", seat)]))
        unit.commit()


# answers that nobody heard


@pytest.mark.parametrize(
    ("effect", "answer", "requests", "copies", "state"),
    [
        (said(1, urgency="now"), "lost", 2, 2, State.UNSURE),
        (said(1), "cut", 2, 0, State.UNSURE),
        (said(1, urgency="bulk"), "lost", 1, 1, State.UNSURE),
        (TellAdmins(words=("m1",)), "lost", 2, 2, State.UNSURE),
        (Delete(messages=("1",)), "lost", 8, 0, State.DEAD),
        (Edit(message="1", words=("x",)), "cut", 8, 0, State.DEAD),
        (Mute(member=WANG, span=None), "cut", 8, 0, State.DEAD),
    ],
    ids=["answer", "message", "digest", "line to the admins", "delete", "edit", "mute"],
)
def test_what_is_repeated_when_no_answer_ever_comes(effect, answer, requests, copies, state):
    stage = Stage(lambda effect, to, n: answer)
    [id_] = stage.put(effect)
    play(stage.perform(300))
    assert len(stage.world.asked) == requests
    assert stage.world.copies["m1"] == copies
    assert stage.state(id_) is state
    assert stage.kinds() == ["dead" if state is State.DEAD else "unsure"]


def test_a_message_whose_answer_was_lost_once_is_said_twice_and_done():
    stage = Stage(lambda effect, to, n: "lost" if n == 0 else None)
    [first, second] = stage.put(said(1), said(2))
    play(stage.perform())
    assert [words for _, _, words in stage.world.posted] == ["m1", "m1", "m2"]
    assert stage.state(first) is stage.state(second) is State.DONE


def test_a_request_that_hangs_is_ended_after_twenty_seconds_and_repeated():
    stage = Stage(lambda effect, to, n: "hangs" if n == 0 else None)
    [id_] = stage.put(said(1))
    play(stage.perform(60))
    assert stage.world.times("-g")[1] == pytest.approx(20.5, abs=0.1)
    assert stage.state(id_) is State.DONE


def test_a_removal_is_not_repeated_when_the_member_may_have_come_back():
    stage = Stage(
        lambda effect, to, n: Later(after=timedelta(hours=1), why="down", whole_bot=True) if n == 0 else "cut", idle=60
    )
    [id_] = stage.put(Remove(member=WANG))
    play(stage.perform(2 * 3600))
    assert len(stage.world.asked) == 2
    assert stage.state(id_) is State.UNSURE


def test_after_eight_refusals_to_do_it_now_it_is_given_up_and_the_operator_hears_of_it():
    stage = Stage(
        lambda effect, to, n: Later(after=timedelta(seconds=1), why="Bad Gateway") if effect.words[0] == "m1" else None
    )
    bad, good = stage.put(said(1), said(2))
    play(stage.perform(300))
    assert stage.state(bad) is State.DEAD
    assert stage.outcome(bad) == "given up after 8 attempts: Bad Gateway"
    assert stage.state(good) is State.DONE
    assert stage.kinds() == ["dead"]


def test_an_outage_of_the_platform_kills_nothing():
    down = Later(after=timedelta(seconds=1), why="connection refused")

    def script(effect, to, n):
        return down if asyncio.get_running_loop().time() < 3600 else None

    groups = [f"g{n}" for n in range(20)]
    stage = Stage(script, groups=groups, limits=Limits(), idle=10)
    ids = [id_ for group in groups for id_ in stage.put(said(1), said(2), group=group)]
    play(stage.perform(3700))
    assert {stage.state(id_) for id_ in ids} == {State.DONE}
    assert len(stage.world.asked) < 6000, "an outage is no reason to storm"


# refusals


def test_a_private_message_that_cannot_be_delivered_is_said_in_the_group():
    closed = Never(refusal=Refusal.UNREACHABLE, why="Forbidden: bot was blocked by the user")
    stage = Stage(lambda effect, to, n: closed if to.chat == "10001" else None)
    member(stage)
    [id_] = stage.put(Say(words=("hello",), to=WANG, urgency="now"))
    play(stage.perform())
    [(_, effect, to)] = [asked for asked in stage.world.asked if asked[2].chat == "-g"]
    assert plain(effect.words) == "@小王 hello"
    assert effect.to is None
    assert to == Destination("g", "-g")
    assert stage.state(id_) is State.DROPPED
    assert stage.state(f"{id_}>1") is State.DONE


@pytest.mark.parametrize(
    ("say", "joined"),
    [
        (Say(words=("hello",), to=WANG, confidential=True), True),
        (Say(words=("hello",), to=WANG), False),
    ],
    ids=["for their eyes only", "to somebody who only asked to join"],
)
def test_what_must_not_be_said_in_the_group_is_not(say, joined):
    closed = Never(refusal=Refusal.UNREACHABLE, why="Forbidden")
    stage = Stage(lambda effect, to, n: closed)
    member(stage, joined=joined)
    [id_] = stage.put(say)
    play(stage.perform())
    assert [to.chat for _, _, to in stage.world.asked] == ["10001"]
    assert stage.state(id_) is State.DROPPED
    assert stage.kinds() == []
    assert [(event.group, event.member) for event in stage.events if isinstance(event, Unreached)] == [("g", WANG)]
    assert stage.outcome(id_).startswith("unreachable: Forbidden; ")


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Open the chat with me, and ask again there."),
        ("zh", "打开和我的私聊，在那里再问一次就好。"),
        ("", "Open the chat with me, and ask again there."),
    ],
    ids=["in English", "in Chinese", "in the group's"],
)
def test_who_asked_in_the_group_for_what_is_theirs_alone_is_shown_the_way_there(language, shown):
    closed = Never(refusal=Refusal.UNREACHABLE, why="Forbidden: bot can't initiate conversation with a user")
    stage = Stage(lambda effect, to, n: closed if to.chat == "10001" else None)
    member(stage)
    secret = Say(
        words=("the books",), to=WANG, reply_to="7", topic="3", confidential=True, urgency="now", language=language
    )
    [id_] = stage.put(secret)
    play(stage.perform())
    [(_, way, to)] = [asked for asked in stage.world.asked if asked[2].chat == "-g"]
    assert "the books" not in plain(way.words)
    assert shown in plain(way.words)
    assert way.choices[0].label == ("💬 去私聊" if language == "zh" else "💬 To the private chat")
    assert (way.to, way.reply_to, way.topic, way.chooser) == (None, "7", "3", WANG)
    assert [choice.private for choice in way.choices] == [True]
    assert to == Destination("g", "-g")
    assert (stage.state(id_), stage.state(f"{id_}>1")) == (State.DROPPED, State.DONE)


def test_a_line_that_reached_no_admin_is_dead_and_told_to_the_operator():
    stage = Stage(lambda effect, to, n: Never(refusal=Refusal.UNREACHABLE, why="Forbidden"))
    [line] = stage.put(TellAdmins(words=("look",)))
    play(stage.perform())
    assert (stage.state(line), stage.kinds(), stage.events) == (State.DEAD, ["dead"], [])


def test_the_admins_hear_once_which_right_is_missing_whatever_happens():
    no = Never(refusal=Refusal.NO_RIGHT, why="Bad Request: not enough rights", needs="ban")
    may: list[bool] = []
    stage = Stage(lambda effect, to, n: no if isinstance(effect, Ban) and not may else None)

    async def scene():
        for n in range(3):  # three couriers, one after the other
            stage.put(Ban(member=Account(f"telegram:{n}")), Ban(member=Account(f"telegram:1{n}")))
            await stage.perform(10)
        lines = [words for _, chat, words in stage.world.posted if chat == "77"]
        assert lines == [
            "⚠️ In g I was refused something, because I lack the right “Ban users”. Please grant it in the group's "
            "administrator settings. Until then nothing of that kind works, and I will not say so again."
        ]
        may.append(True)
        stage.put(Ban(member=WANG))
        await stage.perform(10)
        may.clear()
        stage.put(Ban(member=WANG))
        await stage.perform(10)

    play(scene())
    assert len([words for _, chat, words in stage.world.posted if chat == "77"]) == 2, "it had worked in between"


def test_the_admins_hear_once_a_week_which_topic_is_shut():
    no = Never(refusal=Refusal.SHUT, why="Bad Request: TOPIC_CLOSED")
    stage = Stage(lambda effect, to, n: no if isinstance(effect, Say) and effect.topic else None, idle=600)

    async def scene():
        for day in range(8):
            stage.put(said(10 + day, topic="17"), said(30 + day, topic="17"), said(50 + day))
            if day == 0:
                stage.put(said(70, topic="18"))
            await stage.perform(24 * 3600)

    play(scene())
    lines = [words for _, chat, words in stage.world.posted if chat == "77"]
    assert [words.partition(" of g ")[0] for words in lines] == [
        "⚠️ What I have to say in topic 17",
        "⚠️ What I have to say in topic 18",
        "⚠️ What I have to say in topic 17",
    ]
    assert len([words for _, chat, words in stage.world.posted if chat == "-g"]) == 8, "elsewhere all goes on"


def test_a_change_of_rights_lets_the_line_be_said_again():
    no = Never(refusal=Refusal.NO_RIGHT, why="not enough rights", needs="delete")
    stage = Stage(lambda effect, to, n: no if isinstance(effect, Delete) else None)

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        for _ in range(2):
            stage.put(Delete(messages=("1",)))
            await asyncio.sleep(5)
            courier.standing_changed("g", present=True)
            await asyncio.sleep(5)
        await courier.stop()
        await running

    play(scene())
    assert [chat for _, chat, _ in stage.world.posted].count("77") == 2


@pytest.mark.parametrize("known", [True, False], ids=["known beforehand", "refused"])
def test_of_what_rules_could_not_do_the_admins_hear_at_once_and_then_once_an_hour_with_how_many(known):
    no = Never(refusal=Refusal.NO_RIGHT, why="not enough rights", needs="mute")
    stage = Stage(lambda effect, to, n: no if isinstance(effect, Mute) else None, language="zh")
    if known:
        stage.world.can["g"] = frozenset({"say", "private", "buttons"})
    member(stage)
    mute = Mute(member=WANG, span=timedelta(hours=1), heard="report")

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        for pause in (0, 10, 3000, 700, 10):
            await asyncio.sleep(pause)
            stage.put(*[mute] * 20)
        await asyncio.sleep(10)
        await courier.stop()
        await running

    play(scene())
    told = [words for _, chat, words in stage.world.posted if chat == "77" and "更正" in words]
    assert [line.partition("，")[0] for line in told] == [
        "⚠️ 更正：在 g 群里没能禁言 小王",
        "⚠️ 更正：在 g 群里",
    ]
    assert "上次更正以来我报的处分有 60 次没有执行（最近一次：没能禁言 小王），我没有“封禁用户”权限" in told[1]
    assert not any(chat == "-g" and "更正" in words for _, chat, words in stage.world.posted)


@pytest.mark.parametrize("heard", ["group", "admins"])
@pytest.mark.parametrize("done", [True, False], ids=["done at last", "refused at last"])
def test_an_order_is_put_right_once_where_it_was_answered_unless_a_later_attempt_does_it(heard, done):
    slow = Later(after=timedelta(seconds=7), why="busy")
    no = Never(refusal=Refusal.NO_RIGHT, why="not enough rights", needs="ban")
    tried: list[Effect] = []

    def script(effect, to, n):
        if not isinstance(effect, Ban):
            return None
        tried.append(effect)
        return slow if len(tried) < 3 else None if done else no

    stage = Stage(script)
    member(stage)
    stage.put(Ban(member=WANG, announced=True, heard=heard))
    play(stage.perform(120))
    assert len(tried) == 3
    where = [chat for _, chat, words in stage.world.posted if words.startswith("⚠️ Correction")]
    assert where == ([] if done else ["-g" if heard == "group" else "77"])


@pytest.mark.parametrize(
    ("heard", "told"), [("group", [("-g", 1)]), ("admins", [("77", 1)]), ("report", [("77", 1)]), ("", [])]
)
def test_an_order_that_is_given_up_is_put_right_and_the_operator_hears_of_it(heard, told):
    slow = Later(after=timedelta(seconds=7), why="busy")
    stage = Stage(lambda effect, to, n: slow if isinstance(effect, Mute) else None)
    member(stage)
    (id_,) = stage.put(Mute(member=WANG, span=None, heard=heard))
    play(stage.perform(3600))
    assert (stage.state(id_), stage.outcome(id_), stage.kinds()) == (
        State.DEAD,
        "given up after 8 attempts: busy",
        ["dead"],
    )
    lines = [(chat, words) for _, chat, words in stage.world.posted]
    assert [(chat, words.count("小王 is not muted")) for chat, words in lines] == told


def test_nothing_is_given_up_over_an_outage_of_the_whole_platform():
    tried: list[Effect] = []

    def script(effect, to, n):
        tried.append(effect)
        slow = Later(after=timedelta(seconds=7), why="busy", whole_bot=len(tried) > 7)
        return slow if len(tried) < 12 else None

    stage = Stage(script)
    (id_,) = stage.put(Mute(member=WANG, span=None, heard="group"))
    play(stage.perform(3600))
    assert (stage.state(id_), len(tried)) == (State.DONE, 12)


def test_what_cannot_be_done_here_is_done_in_another_way():
    stage = Stage(grantable=False)
    stage.world.can["g"] = frozenset({"say"})
    member(stage)
    [mute] = stage.put(Mute(member=WANG, span=timedelta(minutes=10)))
    [question] = stage.put(
        Say(words=("Which?",), choices=(Choice(label="Poetry", data="a"), Choice(label="Tea", data="b")))
    )
    play(stage.perform())
    assert stage.world.copies == {
        "@小王, please take a break and do not write for 10 min.": 1,
        "🔧 g: 小王 is to be muted for 10 min. Nobody can do that here; all I can do is remind them in the group.": 1,
        "Which?\nAnswer with a number:\n1. Poetry\n2. Tea": 1,
    }
    assert stage.state(mute) is State.DROPPED
    assert stage.outcome(mute) == "no ability to mute"
    assert stage.state(question) is State.DONE
    assert stage.outcome(question) == "no buttons: a numbered list"


@pytest.mark.parametrize(
    ("refusal", "state", "told"),
    [(Refusal.GONE, State.DROPPED, []), (Refusal.IMMUNE, State.DROPPED, []), (Refusal.MALFORMED, State.DEAD, ["dead"])],
)
def test_other_refusals_end_it_with_the_platforms_own_words(refusal, state, told):
    stage = Stage(lambda effect, to, n: Never(refusal=refusal, why="Bad Request: so there"))
    [id_] = stage.put(Mute(member=WANG, span=None))
    play(stage.perform())
    assert stage.state(id_) is state
    assert stage.outcome(id_) == f"{refusal.value}: Bad Request: so there"
    assert stage.kinds() == told


def test_while_the_token_is_not_accepted_everything_waits_and_the_operator_hears_it_once():
    no = Never(refusal=Refusal.CREDENTIALS, why="Unauthorized")

    def script(effect, to, n):
        return no if asyncio.get_running_loop().time() < 3000 else None

    stage = Stage(script, groups=("g", "h"), idle=10)
    ids = stage.put(*(said(n) for n in range(20))) + stage.put(said(30), group="h")
    play(stage.perform(4000))
    assert stage.kinds() == ["credentials"]
    assert {stage.state(id_) for id_ in ids} == {State.DONE}
    assert len(stage.world.asked) < 21 + 2 * 11


# groups that are gone


def gone_until(at):
    def script(effect, to, n):
        if to.chat == "-g" and asyncio.get_running_loop().time() < at:
            return Never(refusal=Refusal.NOT_THERE, why="Forbidden: bot was kicked")
        return None

    return script


def test_a_group_that_is_gone_is_parked_and_asked_once_an_hour():
    stage = Stage(gone_until(10_000), groups=("g", "h"), idle=30)
    ids = stage.put(*(said(n) for n in range(150)), Mute(member=WANG, span=None))
    [other] = stage.put(said(999), group="h")

    async def scene():
        running = asyncio.create_task(stage.perform(11_000))
        await asyncio.sleep(60)
        assert {stage.state(id_) for id_ in ids} == {State.PARKED}
        assert stage.state(other) is State.DONE
        late = stage.put(said(500))
        await asyncio.sleep(60)
        assert stage.state(late[0]) is State.PARKED
        await running

    play(scene())
    before = [at for at in stage.world.times("-g") if at < 10_000]
    assert len(before) <= 2 + 2, "at first, and once an hour"
    assert {stage.state(id_) for id_ in ids} == {State.DONE}
    assert [words for _, chat, words in stage.world.posted if chat == "-g"] == [f"m{n}" for n in range(150)] + ["m500"]
    assert stage.kinds() == ["parked", "back"]
    [told] = stage.events
    assert isinstance(told, BotStanding)
    assert (told.group, told.platform, told.present, told.refused) == ("g", "telegram", False, True)


def test_a_courier_that_begins_anew_does_not_ask_a_parked_group_before_its_time():
    stage = Stage(gone_until(1e9), idle=5)

    async def scene():
        [id_] = stage.put(said(1))
        await stage.perform(10)
        for _ in range(5):
            await stage.perform(10)
        assert len(stage.world.asked) == 1
        await stage.perform(3700)
        assert len(stage.world.asked) == 2
        assert stage.state(id_) is State.PARKED

    play(scene())


def test_when_the_assistant_is_back_what_was_parked_goes_out_at_once():
    stage = Stage(gone_until(100))

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        ids = stage.put(said(1), said(2), said(3, expires=START + timedelta(seconds=50)))
        await asyncio.sleep(101)
        courier.standing_changed("g", present=True)
        await asyncio.sleep(1)
        assert [stage.state(id_) for id_ in ids] == [State.DONE, State.DONE, State.DROPPED]
        await courier.stop()
        await running

    play(scene())


def test_lines_to_the_admins_of_a_parked_group_still_go():
    stage = Stage(gone_until(1e9))
    stage.put(said(1))
    [line] = stage.put(TellAdmins(words=("look",)))
    play(stage.perform())
    assert stage.state(line) is State.DONE


def test_one_who_may_not_speak_still_acts_and_speaks_when_allowed():
    no = Never(refusal=Refusal.NO_RIGHT, why="not enough rights to send text messages", needs="say")
    silent = [True]
    stage = Stage(lambda effect, to, n: no if isinstance(effect, Say) and silent and to.chat == "-g" else None)

    async def scene():
        courier = stage.courier()
        running = asyncio.create_task(courier.run())
        words = stage.put(*(said(n) for n in range(5)))
        await asyncio.sleep(5)
        [act] = stage.put(Delete(messages=("1",)))
        await asyncio.sleep(5)
        assert {stage.state(id_) for id_ in words} == {State.PARKED}
        assert stage.state(act) is State.DONE
        assert [chat for _, chat, _ in stage.world.posted] == ["77"], "the admins hear of it"
        silent.clear()
        courier.standing_changed("g", present=True)
        await asyncio.sleep(5)
        assert {stage.state(id_) for id_ in words} == {State.DONE}
        await courier.stop()
        await running

    play(scene())


def test_the_admins_hear_once_however_often_it_is_tried_in_vain_to_write():
    no = Never(refusal=Refusal.NO_RIGHT, why="not enough rights to send text messages", needs="say")
    stage = Stage(lambda effect, to, n: no if to.chat == "-g" else None)
    stage.world.can["g"] = frozenset(("say", "private"))
    stage.unhurried()
    stage.put(said(1))

    async def scene():
        running = asyncio.create_task(stage.perform(3 * 3600 + 60))
        await asyncio.sleep(60)
        stage.put(said(2))
        await running

    play(scene())
    assert len(stage.world.times("-g")) >= 3
    assert [chat for _, chat, _ in stage.world.posted] == ["77"]


def test_the_admins_hear_once_that_the_assistant_may_not_write_even_if_nothing_was_refused():
    stage = Stage()
    stage.world.can["g"] = frozenset(("hear", "private", "delete"))
    stage.unhurried()
    ids = stage.put(said(1), said(2))
    play(stage.perform(7200))
    assert {stage.state(id_) for id_ in ids} == {State.PARKED}
    [(_, chat, line)] = stage.world.posted
    assert (chat, "I lack the right to send messages" in line) == ("77", True)


def test_of_a_group_that_it_was_taken_out_of_no_right_is_asked_for():
    stage = Stage()
    stage.world.can["g"] = frozenset()
    stage.unhurried()
    [id_] = stage.put(said(1))
    play(stage.perform(7200))
    assert (stage.state(id_), stage.world.posted) == (State.PARKED, [])


# the store


class Failing:
    """A dispatch that cannot reach its store from time to time."""

    def __init__(self, dispatch, down):
        self._dispatch = dispatch
        self._down = down

    def __getattr__(self, name):
        method = getattr(self._dispatch, name)

        def call(*args, **more):
            if self._down():
                raise StoreUnavailable("the disk is full")
            return method(*args, **more)

        return call


def test_an_outage_of_the_store_has_nothing_said_twice():
    stage = Stage(limits=Limits())
    ids = stage.put(*(said(n) for n in range(30)))

    def down():
        return 3 < asyncio.get_running_loop().time() < 100

    async def scene():
        courier = stage.courier(dispatch=Failing(stage.dispatch, down))
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(200)
        await courier.stop()
        await running

    play(scene())
    assert set(stage.world.copies.values()) == {1}
    assert len(stage.world.copies) == 30
    assert {stage.state(id_) for id_ in ids} == {State.DONE}
    assert stage.kinds() == ["trouble", "well"]


def test_a_second_courier_waits_says_so_once_and_takes_over_within_ten_seconds():
    stage = Stage(latency=0.2)
    ids = stage.put(*(said(n) for n in range(1000)))

    async def scene():
        first = asyncio.create_task(stage.courier("one").run())
        await asyncio.sleep(0.1)
        second = stage.courier("two")
        running = asyncio.create_task(second.run())
        await asyncio.sleep(60)
        first.cancel()  # as if it was killed: nothing is given back
        killed = len(stage.world.posted)
        await asyncio.sleep(10)
        assert len(stage.world.posted) > killed
        await asyncio.sleep(300)
        await second.stop()
        await running

    play(scene())
    assert stage.kinds() == ["waiting"]
    assert {stage.state(id_) for id_ in ids} == {State.DONE}
    copies = stage.world.copies
    assert len(copies) == 1000
    assert sorted(copies.values())[-2:] in ([1, 1], [1, 2]), "one was on its way when the first was killed"


def test_a_courier_that_lost_its_lease_begins_nothing_and_its_results_still_count():
    stage = Stage(latency=10.0, groups=("g", "h"))
    cut_off: list[bool] = []

    async def scene():
        [slow] = stage.put(said(1))
        first = stage.courier("one", dispatch=Failing(stage.dispatch, lambda: bool(cut_off)))
        running = asyncio.create_task(first.run())
        await asyncio.sleep(5)
        cut_off.append(True)
        await asyncio.sleep(6)
        assert len(stage.world.posted) == 1
        stage.put(said(2), group="h")
        await asyncio.sleep(25)
        cut_off.clear()
        assert len(stage.world.asked) == 1, "nothing was begun without the store"
        await asyncio.sleep(60)
        assert stage.state(slow) is State.DONE
        await first.stop()
        await running

    play(scene())
    assert stage.world.copies == {"m1": 1, "m2": 1}


def test_an_upload_may_take_longer_than_a_lease_that_is_prolonged_meanwhile():
    stage = Stage(latency=18.0)
    [long] = stage.put(said(1))
    play(stage.perform(40))
    assert stage.state(long) is State.DONE
    assert stage.world.copies == {"m1": 1}
    assert len(stage.world.asked) == 1


class Timed:
    """A platform that notes from when until when it was asked for something, however that ended."""

    def __init__(self, world):
        self._world = world
        self.spans: list[tuple[float, float]] = []

    def __getattr__(self, name):
        return getattr(self._world, name)

    async def perform(self, effect, to):
        begun = asyncio.get_running_loop().time()
        try:
            return await self._world.perform(effect, to)
        finally:
            self.spans.append((begun, asyncio.get_running_loop().time()))


async def followed(stage, first, seconds):
    """Let a courier work, and another one wait for its lease."""
    second = stage.courier("two")
    tasks = [asyncio.create_task(courier.run()) for courier in (first, second)]
    await asyncio.sleep(seconds)
    for courier in (first, second):
        await courier.stop()
    await asyncio.gather(*tasks)


def test_what_is_on_its_way_when_the_lease_ends_ends_with_it_and_before_anybody_else_performs():
    stage = Stage(lambda effect, to, n: "hangs" if n == 0 else None)
    [id_] = stage.put(said(1))
    world = Timed(stage.world)
    cut_off = Failing(stage.dispatch, lambda: 3 < asyncio.get_running_loop().time() < 30)
    play(followed(stage, stage.courier("one", dispatch=cut_off, world=world), 60))
    [(begun, ended)] = world.spans
    _, again = stage.world.times("-g")
    assert begun < 3 < ended <= again <= 3 + 10
    assert stage.state(id_) is State.DONE


def test_what_took_too_long_to_be_written_as_begun_is_not_begun():
    stage = Stage()
    [id_] = stage.put(said(1))
    stalled: list[float] = []

    async def stalls(function, *arguments):
        await asyncio.sleep(0)
        answer = function(*arguments)
        if arguments[1:2] == ([id_],) and not stalled:
            stalled.append(asyncio.get_running_loop().time())
            await asyncio.sleep(15)
        return answer

    stage.call = stalls
    cut_off = Failing(stage.dispatch, lambda: bool(stalled) and asyncio.get_running_loop().time() < stalled[0] + 15)
    world = Timed(stage.world)
    play(followed(stage, stage.courier("one", dispatch=cut_off, world=world), 60))
    assert stalled
    assert world.spans == []
    assert stage.world.copies == {"m1": 1}
    assert stage.state(id_) is State.DONE


def test_an_event_that_cannot_be_handed_in_is_handed_in_later():
    moved = Never(refusal=Refusal.MOVED, why="moved", moved_to="-100")
    stage = Stage(lambda effect, to, n: moved if to.chat == "-g" else None)
    stage.deaf = [StoreUnavailable("down")] * 3
    [id_] = stage.put(said(1))
    play(stage.perform())
    assert stage.chats["g"] == "-100"
    assert stage.state(id_) is State.DONE


# sanctions that come late


def down_for(seconds: float):
    """Nothing reaches the platform until then."""

    def script(effect: Effect, to: Destination, n: int):
        late = asyncio.get_running_loop().time() < seconds
        return Later(after=timedelta(seconds=60), why="down", whole_bot=True) if late else None

    return script


def spans(stage: Stage) -> list[timedelta | None]:
    """For how long members were asked to be muted or banned, once it was done."""
    done = [effect for at, effect, _ in stage.world.asked if isinstance(effect, Mute | Ban)]
    return [effect.span for effect in done[-1:]]


@pytest.mark.parametrize("kind", [Mute, Ban])
def test_a_sanction_that_comes_late_is_for_what_is_left_of_it(kind):
    stage = Stage(down_for(1200))
    [id_] = stage.put(kind(member=WANG, span=timedelta(hours=1)))
    play(stage.perform(1500))
    assert stage.state(id_) is State.DONE
    at = max(at for at, effect, _ in stage.world.asked if isinstance(effect, kind))
    assert spans(stage) == [timedelta(hours=1) - timedelta(seconds=at)]
    assert at >= 1200


@pytest.mark.parametrize("kind", [Mute, Ban])
@pytest.mark.parametrize("span", [None, timedelta(hours=1)], ids=["for good", "in time"])
def test_what_has_no_end_or_is_done_at_once_is_done_as_it_was_decided(kind, span):
    stage = Stage(down_for(1200 if span is None else 0))
    stage.put(kind(member=WANG, span=span))
    play(stage.perform(1500))
    assert spans(stage) == [span]


LATE = {
    ("en", "Mute", "group"): "⚠️ Correction: 小王 is not muted. Its time was over before I could do it. If it is still "
    "needed, please give the order again.",
    ("zh", "Mute", "group"): "⚠️ 更正：没能禁言 小王：等到能执行时，期限已经过了。如果还需要，请再发一次指令。",
    ("en", "Ban", "admins"): "⚠️ Correction: in g, 小王 is not banned. Its time was over before I could do it. If it is "
    "still needed, please do it again.",
    ("zh", "Ban", "admins"): "⚠️ 更正：在 g 群里没能封禁 小王：等到能执行时，期限已经过了。如果还需要，请再处理一次。",
    ("en", "Mute", "report"): "⚠️ Correction: in g, 小王 is not muted. Its time was over before I could do it. I say so "
    "once an hour at most.",
    ("zh", "Mute", "report"): "⚠️ 更正：在 g 群里没能禁言 小王：等到能执行时，期限已经过了。"
    "这样的更正一小时最多说一次。",
}  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "heard"), LATE)
@pytest.mark.parametrize("begun", [True, False], ids=["tried before", "first tried too late"])
def test_a_sanction_whose_time_is_over_is_not_carried_out_and_whoever_read_of_it_is_told(language, kind, heard, begun):
    stage = Stage(down_for(3 * 3600), language=language, idle=60)
    member(stage)
    [id_] = stage.put({"Mute": Mute, "Ban": Ban}[kind](member=WANG, span=timedelta(minutes=10), heard=heard))

    async def scene():
        if not begun:
            await asyncio.sleep(3 * 3600)
        await stage.perform(3 * 3600 + 300)

    play(scene())
    assert stage.state(id_) is State.DROPPED
    assert stage.outcome(id_) == "its time was over before it could be carried out"
    assert not any(at >= 600 and isinstance(effect, Mute | Ban) for at, effect, _ in stage.world.asked)
    told = [(chat, words) for _, chat, words in stage.world.posted]
    assert told == [("-g" if heard == "group" else "77", LATE[language, kind, heard])]


@pytest.mark.parametrize(("announced", "told"), [(True, ["Correction: @小王 is not muted."]), (False, [])])
def test_a_rules_sanction_whose_time_is_over_is_put_right_where_the_group_read_of_it(announced, told):
    stage = Stage(down_for(3 * 3600), language="en", idle=60)
    member(stage)
    stage.put(Mute(member=WANG, span=timedelta(minutes=10), announced=announced))
    play(stage.perform(3 * 3600 + 300))
    assert [words for _, _, words in stage.world.posted] == told
