"""Groups of ours: every update becomes what it tells, once, and nothing that is wrong with one holds up the others."""

from __future__ import annotations

import pytest

from adapters.telegram.calls import AnswerLost, ApiError
from adapters.telegram.updates import Unreadable
from core.errors import StoreUnavailable
from core.events import BotStanding, GroupMoved, JoinRequested, MemberJoined, MessagePosted
from core.people import Account, ActorKind
from tests.telegram.gateway import CHAT, admin, played
from tests.telegram.payloads import ANONYMOUS, CHANNEL_BOT, GROUP, LI, NOON, OURS, WANG, changed, mark, message

OLD, NEW = {"id": -55, "type": "group", "title": "晨读"}, {"id": -100777, "type": "supergroup", "title": "晨读"}


def texts(events):
    return [event.text for event in events if isinstance(event, MessagePosted)]


def test_messages_of_a_group_of_ours_are_taken_in_order_with_their_admins_known():
    async def scene(here):
        events = await here.takes(
            here.update(message=message(text="一")),
            here.update(message=message(text="二", **{"from": LI})),
        )
        assert texts(events) == ["一", "二"]
        assert [event.actor.admin for event in events] == [False, True]
        assert len(here.telegram.of("getChatAdministrators")) == 1
        assert here.reception.counted == {"message": 2}

    played(scene)


def test_while_nothing_can_be_stored_nothing_else_happens():
    async def scene(here):
        here.inlet.down = 1
        press = here.update(callback_query=pressed(here.seal.sealed("agree", None, "reading")))
        with pytest.raises(StoreUnavailable):
            await here.reception.take([press], [Unreadable(7, "bad", b"{}")])
        assert here.telegram.answers == {}
        assert list(here.store.dead_letters("")) == []
        await here.takes(press)
        assert here.telegram.answers == {"q": None}

    played(scene)


class TestAdmins:
    def test_an_admins_command_waits_for_a_fresh_list(self):
        async def scene(here):
            await here.takes(here.update(message=message()))
            here.clock.passes(minutes=2)
            here.telegram.admins[CHAT] = [admin(42)]
            command = {"text": "/warn", "entities": [mark("bot_command", 0, 5)], "from": LI}
            (plain,) = await here.takes(here.update(message=message(**{"from": LI})))
            (ordered,) = await here.takes(here.update(message=message(**command)))
            assert (plain.actor.admin, ordered.actor.admin) == (True, False)

        played(scene)

    def test_a_members_commands_ask_nobody_where_the_bot_is_an_admin(self):
        async def scene(here):
            for _ in range(3):
                await here.takes(here.update(message=message(text="/checkin")))
                here.clock.passes(minutes=2)
            assert len(here.telegram.of("getChatAdministrators")) == 1

        played(scene)

    def test_a_promotion_that_is_told_counts_for_the_next_message(self):
        async def scene(here):
            await here.takes(here.update(message=message()))
            told = here.update(chat_member=changed(WANG, "member", "administrator", by=LI))
            (event,) = await here.takes(told, here.update(message=message()))
            assert event.actor.admin

        played(scene)

    def test_messages_go_on_when_the_list_cannot_be_had(self):
        async def scene(here):
            here.telegram.fails["getChatAdministrators"] = [AnswerLost("getChatAdministrators", "cut")]
            (event,) = await here.takes(here.update(message=message(**{"from": LI})))
            assert not event.actor.admin
            here.clock.passes(minutes=1)
            (event,) = await here.takes(here.update(message=message(**{"from": LI})))
            assert event.actor.admin

        played(scene)

    def test_where_processes_share_the_updates_a_new_admin_is_one_though_another_process_was_told(self):
        async def scene(here):
            await here.takes(here.update(message=message()))
            here.telegram.admins[CHAT] = [admin(10001), admin(42)]
            here.clock.passes(seconds=61)
            (ordered,) = await here.takes(here.update(message=message(text="/ban")))
            assert ordered.actor.admin

        played(scene, shared=True)

    def test_where_processes_share_the_updates_who_is_none_any_more_is_soon_known_by_plain_words(self):
        async def scene(here):
            await here.takes(here.update(message=message()))
            here.telegram.admins[CHAT] = [admin(42)]
            here.clock.passes(seconds=61)
            await here.takes(here.update(message=message(**{"from": LI})))
            await here.admins.load(CHAT)
            (plain,) = await here.takes(here.update(message=message(**{"from": LI})))
            assert not plain.actor.admin
            assert len(here.telegram.of("getChatAdministrators")) == 2

        played(scene, shared=True)

    def test_the_linked_channel_is_staff_when_it_writes_in_the_group_and_no_other_is(self):
        async def scene(here):
            here.telegram.linked[CHAT] = -100888
            ours, other = ({"id": id, "type": "channel", "title": "频道"} for id in (-100888, -100777))
            events = await here.takes(
                here.update(message=message(sender_chat=ours, **{"from": CHANNEL_BOT})),
                here.update(message=message(sender_chat=other, **{"from": CHANNEL_BOT})),
            )
            assert [(event.actor.kind, event.actor.admin) for event in events] == [
                (ActorKind.CHANNEL, True),
                (ActorKind.CHANNEL, False),
            ]

        played(scene)

    def test_a_channel_that_was_parted_from_the_group_is_staff_no_more(self):
        async def scene(here):
            here.telegram.linked[CHAT] = -100888
            ours = {"id": -100888, "type": "channel", "title": "频道"}
            await here.takes(here.update(message=message()))
            here.telegram.linked.clear()
            here.clock.passes(minutes=11)
            (event,) = await here.takes(here.update(message=message(sender_chat=ours, **{"from": CHANNEL_BOT})))
            assert not event.actor.admin

        played(scene)

    def test_of_a_linked_channel_telegram_is_asked_now_and_then_and_without_an_answer_it_is_as_it_was(self):
        async def scene(here):
            here.telegram.linked[CHAT] = -100888
            ours = {"id": -100888, "type": "channel", "title": "频道"}
            await here.takes(here.update(message=message()))
            here.clock.passes(minutes=11)
            here.telegram.fails["getChat"] = [AnswerLost("getChat", "cut")]
            for _ in range(3):
                (event,) = await here.takes(here.update(message=message(sender_chat=ours, **{"from": CHANNEL_BOT})))
                assert event.actor.admin
            assert len(here.telegram.of("getChat")) == 2
            here.clock.passes(minutes=2)
            here.telegram.linked.clear()
            (event,) = await here.takes(here.update(edited_message=message(sender_chat=ours, edit_date=NOON)))
            assert not event.actor.admin

        played(scene)


class TestComing:
    """Joins are told by a service message, and by the change of a standing where the bot is an admin."""

    def test_who_joined_before_the_bot_was_made_an_admin_is_not_lost(self):
        async def scene(here):
            here.clock.passes(seconds=20)
            join = here.update(message=message(text=None, new_chat_members=[WANG]))
            promoted = here.update(my_chat_member=changed(OURS, "member", "administrator", by=LI, date=NOON + 10))
            joined, _ = await here.takes(join, promoted)
            assert (type(joined), joined.actor.account) == (MemberJoined, "telegram:10001")

        played(scene)

    def test_whose_standing_tells_it_too_joins_once_and_with_the_link(self):
        async def scene(here):
            here.clock.passes(seconds=20)
            link = {"invite_link": "https://t.me/+abc", "creator": LI, "is_primary": False, "name": "a"}
            first, second = await here.takes(
                here.update(message=message(text=None, new_chat_members=[WANG])),
                here.update(chat_member=changed(WANG, "left", "member", invite_link=link)),
            )
            assert (first.invite, second.invite) == ("https://t.me/+abc", None)

        played(scene)

    def test_who_joined_while_nobody_served_joins_once_and_with_the_link_where_the_bot_was_an_admin_already(self):
        async def scene(here):
            here.served_before.add(CHAT)
            here.clock.passes(seconds=20)
            link = {"invite_link": "https://t.me/+abc", "creator": LI, "is_primary": False, "name": "a"}
            first = await here.takes(here.update(message=message(text=None, new_chat_members=[WANG])))
            second = await here.takes(here.update(chat_member=changed(WANG, "left", "member", invite_link=link)))
            assert [event.invite for event in (*first, *second)] == ["https://t.me/+abc"]

        played(scene)

    def test_that_the_bot_was_an_admin_before_says_nothing_once_it_was_told_otherwise(self):
        async def scene(here):
            here.served_before.add(CHAT)
            here.telegram.fails["getChatAdministrators"] = [AnswerLost("getChatAdministrators", "cut")]
            await here.takes(here.update(my_chat_member=changed(OURS, "administrator", "member", by=LI)))
            here.clock.passes(minutes=1)
            (joined,) = await here.takes(here.update(message=message(text=None, new_chat_members=[WANG])))
            assert type(joined) is MemberJoined

        played(scene)

    def test_since_it_is_known_to_be_an_admin_service_messages_tell_nothing(self):
        async def scene(here):
            await here.takes(here.update(message=message()))
            assert await here.takes(here.update(message=message(text=None, new_chat_members=[WANG]))) == []

        played(scene)

    def test_where_processes_share_the_updates_a_join_asks_whether_the_bot_is_an_admin_still(self):
        async def scene(here):
            await here.takes(here.update(message=message()))
            here.telegram.admins[CHAT] = [admin(10002)]
            here.clock.passes(seconds=61)
            (joined,) = await here.takes(
                here.update(message=message(text=None, new_chat_members=[WANG], date=NOON + 60))
            )
            assert isinstance(joined, MemberJoined)

        played(scene, shared=True)

    def test_privacy_mode_is_looked_at_again_when_the_bot_comes_in(self):
        async def scene(here):
            here.telegram.reads_all = True
            came = here.update(my_chat_member=changed(OURS, "left", "member", by=LI))
            (standing,) = await here.takes(came)
            assert isinstance(standing, BotStanding)
            assert "hear" in standing.abilities
            await here.takes(here.update(my_chat_member=changed(OURS, "member", "restricted", by=LI)))
            assert len(here.telegram.of("getMe")) == 1

        played(scene)

    def test_privacy_mode_that_was_looked_at_in_one_group_holds_there_and_where_that_group_moves(self):
        async def scene(here):
            here.telegram.reads_all = True
            await here.takes(here.update(my_chat_member=changed(OURS, "left", "member", by=LI)))
            other = here.update(my_chat_member=changed(OURS, "administrator", "member", by=LI, chat=OLD))
            (standing,) = await here.takes(other)
            assert "hear" not in standing.abilities, "the bot came there while privacy mode was on"
            await here.takes(
                here.update(message=message(text=None, chat={**GROUP, "type": "group"}, migrate_to_chat_id=NEW["id"]))
            )
            moved = here.update(my_chat_member=changed(OURS, "administrator", "member", by=LI, chat=NEW))
            (standing,) = await here.takes(moved)
            assert "hear" in standing.abilities

        played(scene, chats={CHAT: "reading", OLD["id"]: "writing"})

    def test_without_an_answer_privacy_mode_is_as_it_was(self):
        async def scene(here):
            here.telegram.fails["getMe"] = [AnswerLost("getMe", "cut")]
            (standing,) = await here.takes(here.update(my_chat_member=changed(OURS, "left", "member", by=LI)))
            assert "hear" not in standing.abilities

        played(scene)


class TestInviters:
    @pytest.mark.parametrize(
        ("link", "by"),
        [
            pytest.param({"creator": OURS, "name": "Li Na #7ps"}, "telegram:10000", id="a member's"),
            pytest.param({"creator": OURS, "name": "Ana #fg0"}, None, id="of somebody who left"),
            pytest.param({"creator": OURS, "name": "Ben #zz9"}, None, id="of nobody who is known: they were forgotten"),
            pytest.param({"creator": LI}, "telegram:10002", id="an admin's own, who never wrote"),
            pytest.param({"creator": {**WANG, "id": 77}}, None, id="of an admin of former days, who was forgotten"),
        ],
    )
    def test_whose_link_it_was_is_told_of_those_who_are_here(self, link, by):
        async def scene(here):
            here.knows("telegram:10000")
            here.knows("telegram:20016", left=True)
            told = {"invite_link": {"invite_link": "https://t.example/+d", **link}}
            (event,) = await here.takes(here.update(chat_member=changed(WANG, "left", "member", **told)))
            assert ((event.by and event.by.account), event.invite) == (by, "https://t.example/+d")

        played(scene)


class TestSetAside:
    def test_what_cannot_be_read_is_kept_for_the_operator(self):
        async def scene(here):
            raw = '{"update_id":7,"message":{"text":"坏"}}'.encode()
            events = await here.takes(
                here.update(message=message()),
                unreadable=[Unreadable(7, "no `chat`", raw), Unreadable(None, "no number", b"\xff?")],
            )
            assert texts(events) == ["早上好"]
            first, second = here.store.dead_letters("")
            assert (first.id, first.event, first.why) == ("telegram:42:7", raw.decode(), "no `chat`")
            assert second.id.startswith("telegram:42:?")
            await here.takes(unreadable=[Unreadable(7, "no `chat`", raw), Unreadable(None, "no number", b"\xff?")])
            assert len(list(here.store.dead_letters(""))) == 2

        played(scene)

    def test_an_instant_that_no_calendar_has_takes_nothing_else_with_it(self, caplog):
        async def scene(here):
            events = await here.takes(
                here.update(message=message(text="一")),
                here.update(message=message(date=10**17)),
                here.update(message=message(text="二")),
            )
            assert texts(events) == ["一", "二"]
            (letter,) = here.store.dead_letters("reading")
            assert letter.id == "telegram:42:102"
            assert "was set aside" in caplog.text

        played(scene)


class TestMoves:
    def came(self, here):
        return here.update(my_chat_member=changed(OURS, "left", "member", by=LI, chat=NEW))

    @pytest.mark.parametrize("first", ["the bot's coming", "a message"])
    def test_what_comes_from_the_new_chat_before_anybody_told_of_the_move_finds_it(self, first):
        async def scene(here):
            here.telegram.fails["getChatAdministrators"] = [ApiError("x", 400, "moved", migrate_to=-100777)]
            shown = self.came(here) if first == "the bot's coming" else here.update(message=message(chat=NEW))
            moved, told = await here.takes(shown)
            assert (moved.group, moved.old, moved.new) == ("reading", str(OLD["id"]), str(NEW["id"]))
            assert told.group == "reading"
            assert here.telegram.said == []

        played(scene, chats={OLD["id"]: "reading"})

    def test_whether_an_unknown_chat_is_a_group_that_moved_is_asked_once_and_only_where_there_are_basic_groups(self):
        async def scene(here):
            here.telegram.admins[OLD["id"]] = [admin(10002)]
            for _ in range(3):
                await here.takes(here.update(message=message(chat={**GROUP, "id": -1009})))
            asked = [params["chat_id"] for params in here.telegram.of("getChatAdministrators")]
            assert asked.count(OLD["id"]) == 1
            assert CHAT not in asked
            assert [chat for chat, _ in here.telegram.said] == [-1009]

        played(scene, chats={OLD["id"]: "writing", CHAT: "reading"})

    @pytest.mark.parametrize("join", ["first", "last"])
    def test_privacy_mode_moves_along_though_the_bot_seems_to_come(self, join):
        async def scene(here):
            here.bot.hears_in[OLD["id"]] = True
            here.telegram.fails["getChatAdministrators"] = [ApiError("x", 400, "moved", migrate_to=-100777)]
            updates = [self.moved(here, "old"), self.moved(here, "new")]
            await here.takes(*([self.came(here), *updates] if join == "first" else [*updates, self.came(here)]))
            assert here.bot.hears(NEW["id"])
            here.telegram.reads_all = False
            gone = here.update(my_chat_member=changed(OURS, "member", "left", by=LI, chat=NEW))
            await here.takes(gone, self.came(here))
            assert not here.bot.hears(NEW["id"]), "it came anew, with privacy mode on"

        played(scene, chats={OLD["id"]: "reading"})

    def moved(self, here, told_in):
        if told_in == "old":
            return here.update(message=message(text=None, chat=OLD, migrate_to_chat_id=NEW["id"]))
        return here.update(message=message(text=None, chat=NEW, migrate_from_chat_id=OLD["id"]))

    @pytest.mark.parametrize("order", [("old", "new"), ("new", "old"), ("old",), ("new",)], ids=" then ".join)
    @pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
    @pytest.mark.parametrize("in_one_batch", [True, False], ids=["in one batch", "one by one"])
    def test_the_group_follows(self, order, times, in_one_batch):
        async def scene(here):
            here.telegram.admins[-55] = [admin(10002)]
            updates = [self.moved(here, told_in) for told_in in order] * times
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

    def test_a_move_that_lies_behind_is_not_told_again(self):
        async def scene(here):
            await here.takes(self.moved(here, "old"))
            here.addresses.bind("reading", -100888)
            assert await here.takes(self.moved(here, "old")) == []
            assert here.addresses.chat_of("reading") == -100888

        played(scene, chats={-55: "reading"})

    def test_a_move_of_a_stranger_is_nobodys(self):
        async def scene(here):
            assert await here.takes(self.moved(here, "old"), self.moved(here, "new")) == []
            assert here.telegram.said == []

        played(scene)

    def test_a_batch_that_could_not_be_stored_tells_the_move_again(self):
        async def scene(here):
            here.inlet.down = 1
            told = self.moved(here, "old")
            with pytest.raises(StoreUnavailable):
                await here.reception.take([told])
            (event,) = await here.takes(told)
            assert isinstance(event, GroupMoved)

        played(scene, chats={-55: "reading"})

    def test_another_process_may_have_heard_of_the_move_first(self):
        async def scene(here):
            here.elsewhere = {-100777: "reading"}
            (event,) = await here.takes(here.update(message=message(chat=NEW)))
            assert event.group == "reading"
            assert here.telegram.said == []

        played(scene, chats={-55: "reading"})

    def test_behind_a_webhook_an_unknown_chat_waits_a_little_for_that(self):
        async def scene(here):
            here.clock.passes(seconds=1)

            async def hears_of_it(seconds):
                assert seconds == 2.0
                here.elsewhere = {-100777: "reading"}

            here.reception = here.anew(patience=2.0, pause=hears_of_it)
            (event,) = await here.takes(here.update(message=message(chat=NEW)))
            assert event.group == "reading"

        played(scene, chats={-55: "reading"})


def pressed(data, user=WANG, **fields):
    return {"id": "q", "from": user, "chat_instance": "c", "data": data, "message": message(**{"from": OURS}), **fields}


def test_the_bots_own_standing_is_told():
    async def scene(here):
        await here.takes(here.update(message=message()))
        own = changed(OURS, "administrator", "left", by=LI)
        (event,) = await here.takes(here.update(my_chat_member=own))
        assert isinstance(event, BotStanding)
        assert not event.present
        assert CHAT not in here.admins.ids

    played(scene)


def test_whoever_knocks_or_joins_talks_about_that_group_from_then_on():
    async def scene(here):
        request = {"chat": GROUP, "from": WANG, "user_chat_id": 10001, "date": NOON}
        events = await here.takes(
            here.update(chat_join_request=request),
            here.update(chat_member=changed(LI, "left", "member")),
        )
        assert [type(event) for event in events] == [JoinRequested, MemberJoined]
        for account in ("telegram:10001", "telegram:10002"):
            assert here.directory.group_meant(Account(account), ["reading"]) == "reading"

    played(scene)


def test_an_anonymous_admin_is_believed_without_asking():
    async def scene(here):
        command = message(text="/warn", sender_chat=GROUP, **{"from": ANONYMOUS})
        (event,) = await here.takes(here.update(message=command))
        assert event.actor.admin

    played(scene)
