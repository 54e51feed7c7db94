"""Groups of ours: every update becomes what it tells, once, and nothing that is wrong with one holds up the others."""

from __future__ import annotations

import pytest

from adapters.telegram.calls import AnswerLost
from adapters.telegram.updates import Unreadable
from core.errors import StoreUnavailable
from core.events import BotStanding, JoinRequested, MemberJoined, MessagePosted
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
