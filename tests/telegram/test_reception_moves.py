"""Groups that become supergroups: the move is followed once, whoever tells of it, and where nobody does."""

from __future__ import annotations

import asyncio

import pytest

from adapters.telegram.calls import AnswerLost, ApiError
from core.errors import StoreUnavailable
from core.events import GroupMoved, MessagePosted
from tests.telegram.gateway import CHAT, admin, played
from tests.telegram.payloads import GROUP, LI, NOON, OURS, changed, message

OLD, NEW = {"id": -55, "type": "group", "title": "晨读"}, {"id": -100777, "type": "supergroup", "title": "晨读"}
MOVED = ApiError("x", 400, "moved", migrate_to=-100777)


def texts(events):
    return [event.text for event in events if isinstance(event, MessagePosted)]


def came(here):
    return here.update(my_chat_member=changed(OURS, "left", "member", by=LI, chat=NEW))


@pytest.mark.parametrize("first", ["the bot's coming", "a message"])
def test_what_comes_from_the_new_chat_before_anybody_told_of_the_move_finds_it(first):
    async def scene(here):
        here.telegram.fails["getChatAdministrators"] = [MOVED]
        shown = came(here) if first == "the bot's coming" else here.update(message=message(chat=NEW))
        moved, told = await here.takes(shown)
        assert (moved.group, moved.old, moved.new) == ("reading", str(OLD["id"]), str(NEW["id"]))
        assert told.group == "reading"
        assert here.telegram.said == []

    played(scene, chats={OLD["id"]: "reading"})


def test_whether_an_unknown_chat_is_a_group_that_moved_is_asked_once_and_only_where_there_are_basic_groups():
    async def scene(here):
        here.telegram.admins[OLD["id"]] = [admin(10002)]
        for _ in range(3):
            await here.takes(here.update(message=message(chat={**GROUP, "id": -1009})))
        asked = [params["chat_id"] for params in here.telegram.of("getChatAdministrators")]
        assert asked.count(OLD["id"]) == 1
        assert CHAT not in asked
        assert [chat for chat, _ in here.telegram.said] == [-1009]

    played(scene, chats={OLD["id"]: "writing", CHAT: "reading"})


@pytest.mark.parametrize("bound", [True, False], ids=["that moved", "of strangers"])
def test_updates_of_one_chat_that_arrive_together_wait_for_the_one_answer(bound):
    async def scene(here):
        if bound:
            here.telegram.fails["getChatAdministrators"] = [MOVED]
        else:
            here.telegram.admins[OLD["id"]] = [admin(10002)]
        updates = [here.update(message=message(text=text, chat=NEW)) for text in ("一", "二", "三")]
        await asyncio.gather(*(here.takes(update) for update in updates))
        assert sorted(texts(here.inlet.events)) == (["一", "三", "二"] if bound else [])
        assert len({event.id for event in here.inlet.events if isinstance(event, GroupMoved)}) == bound
        asked = [params["chat_id"] for params in here.telegram.of("getChatAdministrators")]
        assert asked.count(OLD["id"]) == 1
        assert len(here.telegram.said) == (not bound)

    played(scene, chats={OLD["id"]: "reading"})


@pytest.mark.parametrize(
    "silence",
    [
        AnswerLost("x", "lost"),
        ApiError("x", 429, "Too Many Requests", retry_after=3),
        ApiError("x", 502, "Bad Gateway"),
        ApiError("x", 403, "the answer (403) is not the Bot API's", foreign=True),
    ],
    ids=["lost", "too many", "broken", "a proxy's"],
)
def test_where_telegram_does_not_say_whether_it_moved_it_is_greeted_by_nobody_and_asked_about_again(silence):
    async def scene(here):
        here.telegram.fails["getChatAdministrators"] = [silence, MOVED]
        assert await here.takes(here.update(message=message(chat=NEW))) == []
        here.clock.passes(seconds=29)
        assert await here.takes(here.update(message=message(chat=NEW))) == []
        assert len(here.telegram.of("getChatAdministrators")) == 1, "it is left alone for a while"
        here.clock.passes(seconds=1)
        moved, told = await here.takes(here.update(message=message(chat=NEW)))
        assert (moved.new, told.group) == (str(NEW["id"]), "reading")
        assert here.telegram.said == []

    played(scene, chats={OLD["id"]: "reading"})


def test_one_group_about_which_there_is_no_answer_hides_no_move_of_another():
    async def scene(here):
        here.telegram.fails["getChatAdministrators"] = [AnswerLost("x", "lost"), MOVED]
        moved, _ = await here.takes(here.update(message=message(chat=NEW)))
        assert (moved.group, moved.old) == ("reading", str(OLD["id"]))

    played(scene, chats={-56: "writing", OLD["id"]: "reading"})


def test_a_clock_that_goes_on_meanwhile_keeps_nobody_from_asking():
    async def scene(here):
        def ticking():
            here.clock.passes(seconds=1)
            return here.clock.now()

        here.reception = here.anew(now=ticking)
        here.telegram.fails["getChatAdministrators"] = [MOVED]
        moved, _ = await here.takes(here.update(message=message(chat=NEW)))
        assert moved.new == str(NEW["id"])

    played(scene, chats={OLD["id"]: "reading"})


def test_a_stranger_is_greeted_once_telegram_has_answered():
    async def scene(here):
        here.telegram.fails["getChatAdministrators"] = [AnswerLost("x", "lost")]
        here.telegram.admins[OLD["id"]] = [admin(10002)]
        await here.takes(here.update(message=message(chat=NEW)))
        assert here.telegram.said == []
        here.clock.passes(seconds=30)
        await here.takes(here.update(message=message(chat=NEW)))
        assert [chat for chat, _ in here.telegram.said] == [NEW["id"]]

    played(scene, chats={OLD["id"]: "reading"})


def test_a_move_that_was_found_is_told_until_it_is_stored():
    async def scene(here):
        here.telegram.fails["getChatAdministrators"] = [MOVED]
        update, here.inlet.down = here.update(message=message(chat=NEW)), 2
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                await here.reception.take([update])
        moved, told = await here.takes(update)
        assert (moved.id, moved.new, told.group) == ("telegram:42:101/moved", str(NEW["id"]), "reading")
        assert [type(event) for event in await here.takes(here.update(message=message(chat=NEW)))] == [MessagePosted]

    played(scene, chats={OLD["id"]: "reading"})


def test_a_move_that_was_found_and_lies_behind_makes_its_chat_a_stranger():
    async def scene(here):
        here.telegram.fails["getChatAdministrators"] = [MOVED]
        await here.takes(here.update(message=message(chat=NEW)))
        here.addresses.replace({CHAT: "reading"})
        assert await here.takes(here.update(message=message(chat=NEW))) == []
        assert [chat for chat, _ in here.telegram.said] == [NEW["id"]]

    played(scene, chats={OLD["id"]: "reading"})


@pytest.mark.parametrize("join", ["first", "last"])
def test_privacy_mode_moves_along_though_the_bot_seems_to_come(join):
    async def scene(here):
        here.bot.hears_in[OLD["id"]] = True
        here.telegram.fails["getChatAdministrators"] = [MOVED]
        updates = [moved(here, "old"), moved(here, "new")]
        await here.takes(*([came(here), *updates] if join == "first" else [*updates, came(here)]))
        assert here.bot.hears(NEW["id"])
        here.telegram.reads_all = False
        gone = here.update(my_chat_member=changed(OURS, "member", "left", by=LI, chat=NEW))
        await here.takes(gone, came(here))
        assert not here.bot.hears(NEW["id"]), "it came anew, with privacy mode on"

    played(scene, chats={OLD["id"]: "reading"})


@pytest.mark.parametrize("join", ["first", "last"])
def test_privacy_mode_moves_along_where_another_process_followed(join):
    async def scene(here):
        chat = {**NEW, "id": -1001000000777}
        here.bot.hears_in[OLD["id"]] = True
        here.elsewhere = {chat["id"]: "reading"}
        if join == "last":
            await here.reception.take([here.update(message=message(chat=chat))])
        joins = [here.update(my_chat_member=changed(OURS, "left", "member", by=LI, chat=chat)) for _ in range(2)]
        (standing,) = await here.takes(joins[0])
        assert standing.group == "reading"
        assert "hear" in standing.abilities
        gone = here.update(my_chat_member=changed(OURS, "member", "left", by=LI, chat=chat))
        _, standing = await here.takes(gone, joins[1])
        assert "hear" not in standing.abilities, "it came anew, with privacy mode on"

    played(scene, chats={OLD["id"]: "reading"})


@pytest.mark.parametrize(("later", "anew"), [(0, False), (59, False), (3600, True)])
def test_where_another_process_was_told_that_the_bot_came_along_it_may_come_anew_later(later, anew):
    async def scene(here):
        here.bot.hears_in[OLD["id"]] = True
        await here.takes(moved(here, "new"))
        join = changed(OURS, "left", "member", by=LI, chat=NEW, date=NOON + later)
        await here.takes(here.update(my_chat_member=join))
        assert here.bot.hears(NEW["id"]) == (not anew)

    played(scene, chats={OLD["id"]: "reading"})


def moved(here, told_in):
    if told_in == "old":
        return here.update(message=message(text=None, chat=OLD, migrate_to_chat_id=NEW["id"]))
    return here.update(message=message(text=None, chat=NEW, migrate_from_chat_id=OLD["id"]))


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old"), ("old",), ("new",)], ids=" then ".join)
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("in_one_batch", [True, False], ids=["in one batch", "one by one"])
def test_the_group_follows(order, times, in_one_batch):
    async def scene(here):
        here.telegram.admins[-55] = [admin(10002)]
        updates = [moved(here, told_in) for told_in in order] * times
        updates.append(here.update(message=message(chat=NEW)))
        events = (
            await here.takes(*updates)
            if in_one_batch
            else [event for one in updates for event in await here.takes(one)]
        )
        moves = [event for event in events if isinstance(event, GroupMoved)]
        assert len(moves) == len(order) * times
        assert {(move.group, move.old, move.new) for move in moves} == {("reading", "-55", "-100777")}
        assert len({move.id for move in moves}) == len(order)
        assert [event.group for event in events if isinstance(event, MessagePosted)] == ["reading"]
        assert here.addresses.address_of("reading") == "-100777"
        assert here.addresses.group_of(-55) == "reading", "what was on its way from there still arrives"
        assert here.telegram.said == []

    played(scene, chats={-55: "reading"})


def test_a_move_that_lies_behind_is_not_told_again():
    async def scene(here):
        await here.takes(moved(here, "old"))
        here.addresses.replace({-100888: "reading"})
        assert await here.takes(moved(here, "old")) == []
        assert here.addresses.chat_of("reading") == -100888

    played(scene, chats={-55: "reading"})


def test_a_move_of_a_stranger_is_nobodys():
    async def scene(here):
        assert await here.takes(moved(here, "old"), moved(here, "new")) == []
        assert here.telegram.said == []

    played(scene)


def test_a_batch_that_could_not_be_stored_tells_the_move_again():
    async def scene(here):
        here.inlet.down = 1
        told = moved(here, "old")
        with pytest.raises(StoreUnavailable):
            await here.reception.take([told])
        (event,) = await here.takes(told)
        assert isinstance(event, GroupMoved)

    played(scene, chats={-55: "reading"})


def test_another_process_may_have_heard_of_the_move_first():
    async def scene(here):
        here.elsewhere = {-100777: "reading"}
        (event,) = await here.takes(here.update(message=message(chat=NEW)))
        assert event.group == "reading"
        assert here.telegram.said == []

    played(scene, chats={-55: "reading"})


def test_behind_a_webhook_an_unknown_chat_waits_a_little_for_that():
    async def scene(here):
        here.clock.passes(seconds=1)

        async def hears_of_it(seconds):
            assert seconds == 2.0
            here.elsewhere = {-100777: "reading"}

        here.reception = here.anew(patience=2.0, pause=hears_of_it)
        (event,) = await here.takes(here.update(message=message(chat=NEW)))
        assert event.group == "reading"

    played(scene, chats={-55: "reading"})
