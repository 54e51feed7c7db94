"""What is written to the bot in private belongs to the group that is meant; who is in none gets one polite sentence."""

from __future__ import annotations

import asyncio

import pytest

from core.events import MessagePosted
from core.names import Named
from core.people import Account, ActorKind
from core.ports import Newcomer, Writes
from core.workflow import Group
from tests.telegram.gateway import CHAT, Telegram, admin, played
from tests.telegram.payloads import GROUP, LI, NOON, OURS, WANG, message, standing

PRIVATE = {"id": 10001, "type": "private", "first_name": "小王"}
ME = Account("telegram:10001")
TWO = {
    "groups": {"reading": Group(key="reading"), "cinema": Group(key="cinema")},
    "chats": {CHAT: "reading", -7: "cinema"},
}
HELLO = "你好！我是群里的小助手。请从群里的链接或按钮进来，我才知道是哪个群的事。"


def private(text="你好", user=WANG, **fields):
    return message(text=text, chat={**PRIVATE, "id": user["id"]}, **{"from": user}, **fields)


def seated(here, *groups, user=10001):
    account = Newcomer(Account(f"telegram:{user}"), "小王", kind=ActorKind.PERSON, username=None, language=None)
    with here.store.unit() as unit:
        for group in groups:
            seat = unit.seats([(group, account)])[group, account.account]
            seat.seen = seat.joined = here.clock.now()
            unit.save(Writes(seats=[(group, seat)]))
        unit.commit()


def asked(here):
    return [params["chat_id"] for params in here.telegram.of("getChatMember")]


def test_a_members_words_go_to_their_group_and_are_private():
    async def scene(here):
        seated(here, "reading")
        (event,) = await here.takes(here.update(message=private()))
        assert isinstance(event, MessagePosted)
        assert (event.group, event.private, event.text) == ("reading", True, "你好")
        assert here.telegram.said == []
        assert asked(here) == []

    played(scene, **TWO)


def test_an_admin_of_the_group_is_one_in_private_too_by_a_fresh_list():
    async def scene(here):
        seated(here, "reading", user=10002)
        here.telegram.admins[CHAT] = [admin(10002), admin(42)]
        (event,) = await here.takes(here.update(message=private("/report", LI)))
        assert event.actor.admin
        here.clock.passes(minutes=2)
        here.telegram.admins[CHAT] = [admin(42)]
        (event,) = await here.takes(here.update(message=private("/report", LI)))
        assert not event.actor.admin

    played(scene)


def test_the_group_whose_question_is_open_comes_first():
    async def scene(here):
        seated(here, "reading")
        request = {"chat": {**GROUP, "id": -7}, "from": WANG, "user_chat_id": 10001, "date": NOON}
        here.telegram.admins[-7] = []
        _, answer = await here.takes(here.update(chat_join_request=request), here.update(message=private("因为喜欢")))
        assert answer.group == "cinema"

    played(scene, **TWO)


def test_a_groups_link_says_which_group_and_the_start_is_passed_on():
    async def scene(here):
        seated(here, "reading", "cinema")
        (event,) = await here.takes(here.update(message=private("/start cinema")))
        assert (event.group, event.text) == ("cinema", "/start")
        (event,) = await here.takes(here.update(message=private("在吗")))
        assert event.group == "cinema"
        assert [text.partition("。")[0] for _, text in here.telegram.said] == ["你好！我是「cinema」的小助手"]

    played(scene, **TWO)


def test_a_link_greets_members_alone():
    async def scene(here):
        request = {"chat": {**GROUP, "id": -7}, "from": WANG, "user_chat_id": 10001, "date": NOON}
        here.telegram.admins[-7] = []
        await here.takes(here.update(chat_join_request=request), here.update(message=private("/start cinema")))
        assert here.telegram.said == []

    played(scene, **TWO)


def test_a_group_is_not_talked_about_by_who_is_not_in_it():
    async def scene(here):
        here.telegram.members[-7, 10001] = standing(WANG, "left")
        assert await here.takes(here.update(message=private("/start cinema"))) == []
        assert here.telegram.said == [(10001, "你还不在「cinema」里。先申请加入，再来找我。")]
        assert here.directory.group_meant(ME, ["cinema"]) is None

    played(scene, **TWO)


def gone(here, group, user=10001):
    account = Newcomer(Account(f"telegram:{user}"), "小王", kind=ActorKind.PERSON, username=None, language=None)
    with here.store.unit() as unit:
        seat = unit.seats([(group, account)])[group, account.account]
        seat.left = here.clock.now()
        unit.save(Writes(seats=[(group, seat)]))
        unit.commit()


def test_who_was_put_out_of_a_group_can_still_write_about_it():
    async def scene(here):
        seated(here, "reading")
        gone(here, "reading")
        here.clock.passes(minutes=2)
        for text in ("/start", "/appeal", "我没有发广告", "/start reading"):
            (event,) = await here.takes(here.update(message=private(text)))
            assert (event.group, event.private, event.actor.admin) == ("reading", True, False)
        assert here.telegram.said == []

    played(scene, **TWO)


def test_who_is_in_another_group_is_led_to_the_one_they_were_put_out_of_by_its_link():
    async def scene(here):
        seated(here, "reading", "cinema")
        gone(here, "cinema")
        here.clock.passes(minutes=2)
        (event,) = await here.takes(here.update(message=private("/appeal")))
        assert event.group == "reading"
        await here.takes(here.update(message=private("/start cinema")))
        (event,) = await here.takes(here.update(message=private("/appeal")))
        assert event.group == "cinema"

    played(scene, **TWO)


def test_telegram_is_asked_about_a_member_who_never_spoke():
    async def scene(here):
        here.telegram.members[-7, 10001] = standing(WANG, "member")
        (event,) = await here.takes(here.update(message=private("/start cinema")))
        assert event.group == "cinema"
        assert len(here.telegram.said) == 1

    played(scene, **TWO)


def test_with_few_groups_a_member_who_never_spoke_is_found():
    async def scene(here):
        here.telegram.members[-7, 10001] = standing(WANG, "member")
        (event,) = await here.takes(here.update(message=private()))
        assert event.group == "cinema"
        assert asked(here) == [CHAT, -7]
        await here.takes(here.update(message=private()))
        assert len(asked(here)) == 2

    played(scene, **TWO)


def test_with_many_groups_nobody_is_asked():
    async def scene(here):
        assert await here.takes(here.update(message=private())) == []
        assert asked(here) == []

    many = {str(n): Group(key=str(n)) for n in range(9)}
    played(scene, groups=many, chats={-n - 1: str(n) for n in range(9)})


def test_a_stranger_hears_one_sentence_and_always_an_answer_to_start():
    async def scene(here):
        for text in ("你好", "在吗", "???"):
            assert await here.takes(here.update(message=private(text))) == []
            here.clock.passes(minutes=2)
        assert here.telegram.said == [(10001, HELLO)]
        await here.takes(here.update(message=private("/start")))
        here.clock.passes(minutes=2)
        await here.takes(here.update(message=private("/start nowhere", {**WANG, "language_code": "fr"})))
        assert [text for _, text in here.telegram.said[1:]] == [
            HELLO,
            "Hello! I am the assistant of some groups. Please come in by a link or button in your group, "
            "so that I know which one it is about.",
        ]

    played(scene)


def test_a_stranger_who_insists_costs_one_question_a_minute_and_one_sentence_in_five_seconds():
    async def scene(here):
        await here.takes(*(here.update(message=private("/start")) for _ in range(50)))
        assert len(here.telegram.said) == 1
        assert len(asked(here)) == 1

    played(scene)


class Crowded(Telegram):
    """Counts how many questions about members are under way at the same time; `answers` not while it is silent."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = self.most = 0
        self.silent = False

    async def call(self, method, params=None, *, timeout=None):
        if method != "getChatMember":
            return await super().call(method, params, timeout=timeout)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            for _ in range(5):
                await asyncio.sleep(0)
            if self.silent:
                self.made.append((method, params))
                await asyncio.Event().wait()
            return await super().call(method, params, timeout=timeout)
        finally:
            self.under_way -= 1


def crowd(here, size):
    here.telegram = Crowded()
    here.reception = here.anew(calls=here.telegram)
    return [here.update(message=private("/start", {**WANG, "id": 20000 + n})) for n in range(size)]


def test_telegram_is_asked_about_all_groups_of_a_stranger_at_once():
    async def scene(here):
        await here.takes(*crowd(here, 1))
        assert (asked(here), here.telegram.most) == ([CHAT, -7], 2)

    played(scene, **TWO)


def test_the_strangers_of_a_batch_are_asked_about_together_and_not_all_at_once():
    async def scene(here):
        batch = crowd(here, 20)
        here.telegram.members[-7, 20019] = standing({**WANG, "id": 20019}, "member")
        (event,) = await here.takes(*batch)
        assert (event.group, event.actor.account) == ("cinema", "telegram:20019")
        assert (len(asked(here)), here.telegram.most) == (40, 8)
        assert len(here.telegram.said) == 20

    played(scene, **TWO)


def test_where_telegram_is_silent_a_crowd_of_strangers_waits_once(monkeypatch):
    monkeypatch.setattr("adapters.telegram.private.PATIENCE", 0.01)

    async def scene(here):
        batch = crowd(here, 20)
        here.telegram.silent = True
        assert await here.takes(*batch) == []
        assert len(here.telegram.said) == 20
        assert len(asked(here)) <= 24, "each of eight places is waited for once or twice"

    played(scene, **TWO)


@pytest.mark.parametrize(
    ("language", "hello"),
    [
        (
            "zh-hans",
            "你好！我是「晨读营」的小助手。发「帮助」看看我能做什么。别的群，请从那个群里的链接或按钮进来。",
        ),
        (
            "en",
            "Hello! I am the assistant of Reading Camp. Write /help to see what I can do for you. For another group, "
            "come in by a link or button there.",
        ),
    ],
)
def test_start_alone_tells_a_member_which_group_it_is_about_as_members_call_it_and_what_to_write(language, hello):
    async def scene(here):
        seated(here, "reading")
        who = {**WANG, "language_code": language}
        (event,) = await here.takes(here.update(message=private("/start", user=who)))
        assert event.text == "/start"
        assert here.telegram.said == [(10001, hello)]

    camp = Named("camp", {"zh": "晨读营", "en": "Reading Camp"})
    played(
        scene, groups={"reading": Group(key="reading", community=camp, languages=("zh", "en"))}, chats={CHAT: "reading"}
    )


def test_the_admins_desk_is_no_group_to_talk_about():
    async def scene(here):
        seated(here, "desk", "reading")
        (event,) = await here.takes(here.update(message=private()))
        assert event.group == "reading"

    groups = {"reading": Group(key="reading", desk="desk"), "desk": Group(key="desk")}
    played(scene, groups=groups, chats={CHAT: "reading", -9: "desk"})


def test_a_code_is_not_taken_in_private():
    async def scene(here):
        assert await here.takes(here.update(message=private("/bind K7QM-3XWD"))) == []
        assert here.telegram.said == [(10001, "绑定码要发在那个群里，由群管理员来发。")]

    played(scene)


def test_edits_bots_and_blocking_tell_nothing():
    async def scene(here):
        seated(here, "reading")
        bot = {"id": 555, "is_bot": True, "first_name": "x"}
        blocked = {"chat": PRIVATE, "from": WANG, "date": NOON}
        blocked |= {"old_chat_member": standing(OURS, "member"), "new_chat_member": standing(OURS, "kicked")}
        events = await here.takes(
            here.update(edited_message=private(edit_date=NOON)),
            here.update(message=private(user=bot)),
            here.update(my_chat_member=blocked),
        )
        assert events == []
        assert here.telegram.said == []

    played(scene)
