"""Who the admins are: asked, told, and asked again before an admin's word counts."""

from __future__ import annotations

import asyncio

import pytest

from adapters.telegram.actors import BotIdentity
from adapters.telegram.admins import Admins, own_standing
from adapters.telegram.calls import AnswerLost, ApiError, NotSent
from core.events import BotStanding, GroupMoved
from core.people import OWNER
from tests.telegram.gateway import CHAT, Clock, Telegram, admin
from tests.telegram.payloads import LI, OURS, WANG, changed, standing, update


class Scene:
    def __init__(self) -> None:
        self.clock, self.telegram = Clock(), Telegram()
        self.telegram.admins[CHAT] = [admin(10002), admin(42)]
        self.admins = Admins(self.telegram, 42, clock=self.clock.monotonic, now=self.clock.now)

    @property
    def asked(self) -> int:
        return len(self.telegram.of("getChatAdministrators"))

    def tell(self, user, old, new, **fields):
        told = update(chat_member=changed(user, old, new, **fields)).chat_member
        assert told is not None
        self.admins.observe(told)


def played(scene):
    asyncio.run(scene(Scene()))


def test_admins_are_loaded_once_with_their_rights_anonymous_ones_too():
    async def scene(here):
        here.telegram.admins[CHAT].append(admin(10003, "creator", is_anonymous=True))
        live = here.admins.ids
        await here.admins.first([CHAT])
        await here.admins.first([CHAT])
        assert live == {CHAT: {10002, 10003, 42}}
        assert here.admins.of(CHAT)[10003].is_anonymous
        assert here.asked == 1

    played(scene)


def test_the_owner_has_every_right_though_telegram_lists_none_and_others_have_those_listed():
    async def scene(here):
        here.telegram.admins[CHAT] = [admin(10003, "creator"), admin(10002, can_pin_messages=True), admin(42)]
        await here.admins.load(CHAT)
        every = {"restrict", "delete", "promote", "change_info", "invite", "pin", OWNER}
        assert here.admins.rights(CHAT, 10003) == every
        assert here.admins.rights(CHAT, 10002) == {"pin"}
        assert here.admins.rights(CHAT, 10001) == frozenset()

    played(scene)


def test_a_change_that_is_told_counts_at_once():
    async def scene(here):
        await here.admins.load(CHAT)
        here.tell(WANG, "member", "administrator")
        assert here.admins.ids[CHAT] == {10001, 10002, 42}
        here.tell(LI, "administrator", "member")
        assert here.admins.ids[CHAT] == {10001, 42}
        here.tell(WANG, "administrator", "left")
        assert here.admins.ids[CHAT] == {42}

    played(scene)


def test_a_chat_that_was_never_loaded_is_not_known_by_one_change():
    async def scene(here):
        here.tell(WANG, "member", "administrator")
        assert here.admins.ids == {}

    played(scene)


def test_the_word_of_an_admin_is_stale_after_a_minute():
    async def scene(here):
        assert here.admins.stale(CHAT, 10002)
        await here.admins.load(CHAT)
        assert not here.admins.stale(CHAT, 10002)
        here.clock.passes(seconds=61)
        assert here.admins.stale(CHAT, 10002)
        assert not here.admins.stale(CHAT, 10001), "the bot is an admin, so it would have been told of a new one"
        here.telegram.admins[CHAT] = [admin(10001)]
        assert await here.admins.fresh(CHAT) == {10001}
        assert await here.admins.fresh(CHAT) == {10001}
        assert here.asked == 2
        here.clock.passes(seconds=61)
        assert here.admins.stale(CHAT, 10002), "nobody tells a bot that is no admin of new ones"

    played(scene)


@pytest.mark.parametrize(
    "failure",
    [
        ApiError("getChatAdministrators", 429, "Too Many Requests", retry_after=3),
        AnswerLost("getChatAdministrators", "cut"),
        NotSent("getChatAdministrators", "no route"),
        b'{"ok":true,"result":"?"}',
    ],
    ids=["429", "lost", "not sent", "garbage"],
)
def test_a_failed_load_keeps_what_was_known_and_is_tried_again_later(failure):
    async def scene(here):
        await here.admins.load(CHAT)
        here.clock.passes(seconds=61)
        here.telegram.fails["getChatAdministrators"] = [failure, failure]
        assert await here.admins.fresh(CHAT) == {10002, 42}
        assert await here.admins.fresh(CHAT) == {10002, 42}
        assert here.asked == 2, "it does not ask again at once"
        here.clock.passes(seconds=5)
        await here.admins.fresh(CHAT)
        here.clock.passes(seconds=5)
        await here.admins.fresh(CHAT)
        assert here.asked == 3, "the second pause is longer"
        here.clock.passes(seconds=6)
        here.telegram.admins[CHAT] = [admin(7)]
        assert await here.admins.fresh(CHAT) == {7}

    played(scene)


def test_a_change_told_while_an_answer_is_on_its_way_wins_and_it_is_asked_again():
    async def scene(here):
        await here.admins.load(CHAT)
        here.clock.passes(seconds=61)
        loading = asyncio.create_task(here.admins.load(CHAT))
        while here.asked < 2:
            await asyncio.sleep(0)
        here.tell(LI, "administrator", "member")
        await loading
        assert here.admins.ids[CHAT] == {42}
        assert here.admins.stale(CHAT, 42)
        here.telegram.admins[CHAT] = [admin(42)]
        assert await here.admins.fresh(CHAT) == {42}
        assert here.asked == 3

    played(scene)


def test_where_processes_share_the_updates_nothing_is_believed_for_longer_than_a_minute():
    async def scene(here):
        admins = Admins(here.telegram, 42, shared=True, clock=here.clock.monotonic)
        await admins.load(CHAT)
        assert not admins.stale(CHAT, 10001)
        here.telegram.admins[CHAT] = [admin(10001), admin(42)]
        here.clock.passes(seconds=61)
        assert admins.stale(CHAT, 10001), "another process may have been told of a new one"
        assert await admins.fresh(CHAT) == {10001, 42}

    played(scene)


def test_what_is_known_no_more_holds_until_it_is_known_anew_and_nobody_waits():
    async def scene(here):
        admins = Admins(here.telegram, 42, shared=True, clock=here.clock.monotonic)
        await admins.load(CHAT)
        admins.sweep()
        assert admins.known == {CHAT}
        here.clock.passes(seconds=61)
        admins.sweep()
        assert admins.known == set()
        here.telegram.admins[CHAT] = [admin(42)]
        await admins.first([CHAT])
        assert admins.ids[CHAT] == {10002, 42}
        await admins.load(CHAT)
        assert admins.ids[CHAT] == {42}
        assert (admins.known, here.asked) == ({CHAT}, 2)
        here.clock.passes(hours=1)
        here.admins.sweep()
        await here.admins.first([CHAT])
        assert here.asked == 3, "who is told of every change asks once"
        here.admins.sweep()
        await here.admins.first([CHAT])
        assert here.asked == 3

    played(scene)


def test_after_another_process_was_told_of_changes_everything_is_asked_again():
    async def scene(here):
        await here.admins.load(CHAT)
        here.admins.doubt()
        assert here.admins.ids[CHAT] == {10002, 42}, "what was known holds meanwhile"
        assert here.admins.stale(CHAT, 10001)
        since = dict(here.admins.since)
        here.clock.passes(seconds=30)
        here.telegram.admins[CHAT] = [admin(10001), admin(42)]
        assert await here.admins.fresh(CHAT) == {10001, 42}
        assert not here.admins.stale(CHAT, 10001)
        assert here.admins.since == since, "to take over is no promotion"

    played(scene)


def test_since_when_the_bot_is_an_admin_is_known_as_far_as_it_can_be():
    async def scene(here):
        noon = int(here.clock.now().timestamp())
        here.telegram.admins[CHAT] = [admin(10002)]
        await here.admins.load(CHAT)
        assert here.admins.since == {}
        here.tell(OURS, "member", "administrator", by=LI, date=noon + 5)
        assert here.admins.since == {CHAT: noon + 6}
        here.tell(OURS, "administrator", "administrator", by=LI, date=noon + 50)
        assert here.admins.since == {CHAT: noon + 6}
        here.tell(OURS, "administrator", "member", by=LI, date=noon + 60)
        assert here.admins.since == {}
        here.clock.passes(seconds=70.5)
        here.telegram.admins[CHAT] = [admin(42)]
        await here.admins.load(CHAT)
        assert here.admins.since == {CHAT: noon + 71}

    played(scene)


def test_several_who_ask_at_once_share_one_answer():
    async def scene(here):
        await asyncio.gather(*(here.admins.load(CHAT) for _ in range(5)))
        assert here.asked == 1

    played(scene)


def test_removed_from_a_chat_the_bot_knows_nothing_of_it_and_a_move_takes_them_along():
    async def scene(here):
        await here.admins.load(CHAT)
        here.admins.move(CHAT, -100777)
        assert here.admins.ids[-100777] == {10002, 42}
        assert here.admins.stale(-100777, 10002), "asked again in the new chat"
        here.tell(OURS, "administrator", "kicked", by=LI)
        assert CHAT not in here.admins.ids

    played(scene)


@pytest.mark.parametrize(
    ("answer", "present", "abilities"),
    [
        pytest.param(
            {"status": "administrator", "user": OURS, "can_restrict_members": True},
            True,
            {"say", "react", "edit", "buttons", "picture", "private", "file", "hear", "remove", "ban", "mute"},
            id="an admin",
        ),
        pytest.param({"status": "left", "user": OURS}, False, set(), id="not there"),
        pytest.param(ApiError("x", 403, "Forbidden: bot was kicked"), False, set(), id="kicked"),
        pytest.param(ApiError("x", 400, "Bad Request: chat not found"), False, set(), id="no such chat"),
        pytest.param(b'{"ok":true,"result":7}', None, None, id="garbage"),
    ],
)
def test_the_bots_own_standing_can_be_asked_for(answer, present, abilities):
    async def scene(here):
        if isinstance(answer, dict):
            here.telegram.members[CHAT, 42] = answer
        else:
            here.telegram.fails["getChatMember"] = [answer]
        bot = BotIdentity(id=42)
        told = await own_standing(here.telegram, bot, CHAT, "reading", "e", here.clock.now())
        if present is None:
            assert told is None
        else:
            assert isinstance(told, BotStanding)
            assert (told.present, told.abilities) == (present, abilities)

    played(scene)


@pytest.mark.parametrize("code", [400, 403])
def test_what_a_proxy_says_is_no_word_about_the_bots_standing(code):
    async def scene(here):
        page = ApiError("getChatMember", code, f"the answer ({code}) is not the Bot API's", foreign=True)
        here.telegram.fails["getChatMember"] = [page]
        with pytest.raises(ApiError) as raised:
            await own_standing(here.telegram, BotIdentity(id=42), CHAT, "reading", "e", here.clock.now())
        assert raised.value is page

    played(scene)


def test_where_a_basic_group_has_become_a_supergroup_its_move_is_told():
    async def scene(here):
        here.telegram.members[-55, 42] = standing(OURS, "member")  # Telegram goes on to tell that of the old one
        here.telegram.fails["getChatAdministrators"] = [ApiError("x", 400, "moved", migrate_to=-1007)]
        told = await own_standing(here.telegram, BotIdentity(id=42), -55, "reading", "e", here.clock.now())
        assert isinstance(told, GroupMoved)
        assert (told.id, told.group, told.old, told.new) == ("e", "reading", "-55", "-1007")

    played(scene)


def test_privacy_mode_off_means_that_a_plain_member_hears():
    async def scene(here):
        here.telegram.members[CHAT, 42] = standing(OURS, "member")
        for hears_all in (True, False):
            bot = BotIdentity(id=42, hears_all=hears_all)
            told = await own_standing(here.telegram, bot, CHAT, "reading", "e", here.clock.now())
            assert isinstance(told, BotStanding)
            assert ("hear" in told.abilities) == hears_all

    played(scene)
