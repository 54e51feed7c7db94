"""Chats that are no group of ours: one sentence for ever, until an admin binds them with a code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.telegram.calls import NotSent
from core.events import BotStanding, MessagePosted
from core.workflow import Group
from tests.telegram.gateway import CHAT, admin, played
from tests.telegram.payloads import ANONYMOUS, LI, OURS, WANG, changed, mark, message, standing

SALON = {"id": -100555, "type": "supergroup", "title": "读书沙龙"}
ENGLISH = {"id": 10009, "is_bot": False, "first_name": "Ann", "language_code": "en-GB"}
STRANGER = "大家好！这里还不是我服务的群。群管理员可以向部署我的人要一个绑定码，在这里发 /bind 绑定码。"
DAY = timedelta(days=1)


def said(text="大家好", user=WANG, chat=SALON, **fields):
    return message(text=text, chat=chat, **{"from": user}, **fields)


def stage(**more):
    return {"groups": {"reading": Group(key="reading"), "salon": Group(key="salon"), **more}}


def code_for(here, group="salon"):
    here.telegram.admins[-100555] = [admin(10002), admin(42)]
    here.telegram.members[-100555, 42] = {"status": "administrator", "user": OURS, "can_delete_messages": True}
    return here.directory.make_code(group, here.clock.now(), here.clock.now() + DAY)


def texts(here):
    return [text for _, text in here.telegram.said]


class TestOneSentence:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            pytest.param({"message": said()}, STRANGER, id="somebody speaks"),
            pytest.param(
                {"my_chat_member": changed(OURS, "left", "member", by=WANG, chat=SALON)}, STRANGER, id="added"
            ),
            pytest.param({"message": said(user=ENGLISH)}, "Hello! I do not serve this group yet.", id="in English"),
            pytest.param({"message": said(user=LI)}, STRANGER, id="no language told: the title's"),
            pytest.param(
                {"message": said(user=LI, chat={**SALON, "title": "Salon"})}, "Hello!", id="no language, a Latin title"
            ),
            pytest.param(
                {"message": said(user=ANONYMOUS, sender_chat=SALON)}, "Hello!", id="an anonymous admin's stand-in"
            ),
        ],
    )
    def test_a_stranger_is_told_politely(self, fields, words):
        async def scene(here):
            if "sender_chat" in fields.get("message", {}):
                fields["message"]["from"] = {**ANONYMOUS, "language_code": "en"}
            assert await here.takes(here.update(**fields)) == []
            ((chat, text),) = here.telegram.said
            assert chat == -100555
            assert text.startswith(words)

        played(scene)

    def test_once_for_ever(self):
        async def scene(here):
            await here.takes(*(here.update(message=said()) for _ in range(3)))
            here.reception = here.anew()
            await here.takes(here.update(message=said()))
            assert texts(here) == [STRANGER]

        played(scene)

    @pytest.mark.parametrize(
        "fields",
        [
            pytest.param({"my_chat_member": changed(OURS, "member", "kicked", by=LI, chat=SALON)}, id="removed"),
            pytest.param({"edited_message": said(edit_date=1)}, id="an edit"),
            pytest.param({"chat_member": changed(WANG, "left", "member", chat=SALON)}, id="somebody joins"),
            pytest.param({"message": said(chat={**SALON, "type": "channel"})}, id="a channel"),
            pytest.param(
                {"message": said(chat={**SALON, "is_direct_messages": True})}, id="a channel's direct messages"
            ),
            pytest.param({"channel_post": said()}, id="a channel post"),
        ],
    )
    def test_nothing_is_said_where_nobody_waits_for_it(self, fields):
        async def scene(here):
            assert await here.takes(here.update(**fields)) == []
            assert here.telegram.said == []

        played(scene)

    def test_a_group_of_another_bot_is_left_alone(self):
        async def scene(here):
            here.addresses.replace({CHAT: "reading"}, [-100555])
            assert await here.takes(here.update(message=said())) == []
            assert here.telegram.said == []

        played(scene)

    def test_a_chat_that_was_bound_elsewhere_meanwhile_is_no_stranger(self):
        async def scene(here):
            await here.takes(here.update(message=said()))
            here.elsewhere = {-100555: "salon"}
            assert await here.takes(here.update(message=said())) == [], "the store is read every five seconds at most"
            here.clock.passes(seconds=5)
            (event,) = await here.takes(here.update(message=said()))
            assert event.group == "salon"

        played(scene, **stage())

    @pytest.mark.parametrize(
        ("kind", "what"),
        [
            pytest.param("chat_member", changed(WANG, "left", "member", chat=SALON), id="joins"),
            pytest.param("edited_message", said(edit_date=1), id="edits"),
            pytest.param("message", said(), id="messages"),
        ],
    )
    def test_behind_a_webhook_it_holds_up_the_others_once(self, kind, what):
        async def scene(here):
            here.reception = here.anew(patience=2.0)
            await here.takes(*(here.update(**{kind: what}) for _ in range(5)))
            await here.takes(here.update(**{kind: what}))
            assert [seconds for seconds in here.clock.pauses if seconds == 2.0] == [2.0]

        played(scene)

    def test_the_subscribers_of_a_channel_hold_up_nobody(self):
        async def scene(here):
            here.reception = here.anew(patience=2.0)
            channel = {**SALON, "type": "channel"}
            joins = [here.update(chat_member=changed(WANG, "left", "member", chat=channel)) for _ in range(100)]
            assert await here.takes(*joins) == []
            assert (here.clock.pauses, here.refreshed) == ([], 0)

        played(scene)

    def test_a_message_that_cannot_be_sent_is_given_up(self):
        async def scene(here):
            here.telegram.fails["sendMessage"] = [NotSent("sendMessage", "no route")] * 2
            await here.takes(here.update(message=said()))
            await here.takes(here.update(message=said()))
            assert len(here.telegram.said) == 2

        played(scene)


class TestBinding:
    def test_an_admin_binds_with_a_code_and_the_group_is_served_at_once(self):
        async def scene(here):
            code = code_for(here)
            bind = here.update(message=said(f"/bind@Yaji_bot {code.lower()}", LI))
            standing_, word = await here.takes(bind, here.update(message=said("早")))
            assert isinstance(standing_, BotStanding)
            assert (standing_.id, standing_.group, standing_.present) == ("telegram:42:101", "salon", True)
            assert {"hear", "delete"} <= standing_.abilities
            assert isinstance(word, MessagePosted)
            assert word.group == "salon"
            assert texts(here) == ["✅ 绑定好了，这里就是 salon 群。"]
            assert here.store.addresses() == {("telegram", "-100555"): "salon"}
            assert here.addresses.address_of("salon") == "-100555"
            assert here.refreshed == 2

        played(scene, **stage())

    def test_a_group_that_had_another_chat_is_given_this_one_with_all_that_goes_with_it_in_one_step(self):
        async def scene(here):
            code = code_for(here)
            here.store.set_address("salon", "telegram", "-100444")
            seen = []

            async def refresh():
                seen.append((here.addresses.address_of("salon"), here.addresses.numbered("salon")))
                await here._refresh()

            await refresh()
            here.reception = here.anew(refresh=refresh)
            _, word = await here.takes(
                here.update(message=said(f"/bind {code}", LI)), here.update(message=said("早", message_id=78))
            )
            assert set(seen[1:]) == {("-100444", None)}, "the old one, with no question of numbers, until both are read"
            assert (here.addresses.address_of("salon"), here.addresses.numbered("salon")) == ("-100555", -100444)
            assert (word.message, here.addresses.group_of(-100444)) == ("-100555/78", None)

        played(scene, **stage())

    def test_what_came_before_it_in_the_batch_is_committed_before(self):
        async def scene(here):
            code = code_for(here)
            here.inlet.down = 1
            batch = [here.update(message=message()), here.update(message=said(f"/bind {code}", LI))]
            with pytest.raises(Exception, match="disk"):
                await here.reception.take(batch)
            assert here.store.addresses() == {}
            assert [type(event) for event in await here.takes(*batch)] == [MessagePosted, BotStanding]

        played(scene, **stage())

    def test_brought_again_after_a_crash_it_is_still_bound(self):
        async def scene(here):
            code = code_for(here)
            bind = here.update(message=said(f"/bind {code}", LI))
            here.inlet.down = 1
            with pytest.raises(Exception, match="disk"):
                await here.reception.take([bind])
            assert here.store.addresses() == {("telegram", "-100555"): "salon"}
            await here.takes(bind)
            assert texts(here)[-1] in ("✅ 绑定好了，这里就是 salon 群。", "这里已经绑定好了，是 salon 群。")

        played(scene, **stage())

    def test_an_anonymous_admin_may_a_channel_may_not(self):
        async def scene(here):
            code = code_for(here)
            channel = {"id": -100999, "type": "channel", "title": "x"}
            assert await here.takes(here.update(message=said(f"/bind {code}", ANONYMOUS, sender_chat=channel))) == []
            assert here.telegram.said == []
            events = await here.takes(here.update(message=said(f"/bind {code}", ANONYMOUS, sender_chat=SALON)))
            assert len(events) == 1
            assert texts(here) == ["✅ 绑定好了，这里就是 salon 群。"]

        played(scene, **stage())

    @pytest.mark.parametrize(
        ("typed", "answer"),
        [
            pytest.param("/bind", "请在后面带上绑定码，像这样：/bind K7QM-3XWD。绑定码向部署我的人要。", id="no code"),
            pytest.param("/bind hello", "这个绑定码不对，请核对一下；每个码只能用一次。", id="not a code"),
            pytest.param("/bind 0000-0000", "这个绑定码不对，请核对一下；每个码只能用一次。", id="unknown"),
        ],
    )
    def test_a_wrong_code_is_answered(self, typed, answer):
        async def scene(here):
            code_for(here)
            assert await here.takes(here.update(message=said(typed, {**LI, "language_code": "zh-hans"}))) == []
            assert texts(here) == [answer]

        played(scene, **stage())

    def test_an_expired_a_used_and_a_foreign_code_are_told_apart(self):
        async def scene(here):
            expired, used, foreign = code_for(here), code_for(here), code_for(here, "elsewhere")
            here.directory.spend_code(used, "telegram", "-100444", here.clock.now())
            here.clock.passes(days=1)
            for code in (expired, used):
                await here.takes(here.update(message=said(f"/bind {code}", LI)))
            here.clock.passes(days=-1)
            await here.takes(here.update(message=said(f"/bind {foreign}", LI)))
            assert texts(here) == [
                "这个绑定码过期了，请再要一个新的。",
                "这个绑定码已经用过了，请再要一个新的。",
                "这个绑定码不是给我的，请发给它说明里写的那个机器人。",
            ]

        played(scene, **stage())

    def test_only_admins_of_the_chat_bind_it(self):
        async def scene(here):
            code = code_for(here)
            assert await here.takes(here.update(message=said(f"/bind {code}"))) == []
            assert texts(here) == ["只有这个群的管理员可以绑定。"]
            here.clock.passes(minutes=2)
            here.telegram.fails["getChatAdministrators"] = [NotSent("getChatAdministrators", "no route")]
            here.admins.forget(-100555)
            await here.takes(here.update(message=said(f"/bind {code}", LI)))
            assert texts(here)[1:] == ["这会儿查不到这个群的管理员是谁，请过几分钟再试。"]
            here.clock.passes(minutes=1)
            assert len(await here.takes(here.update(message=said(f"/bind {code}", LI)))) == 1

        played(scene, **stage())

    @pytest.mark.parametrize("fails", [False, True], ids=["Telegram says who they are", "Telegram does not say"])
    def test_whoever_insists_costs_one_question_and_one_answer_a_minute(self, fails):
        async def scene(here):
            code = code_for(here)
            if fails:
                here.telegram.fails["getChatAdministrators"] = [NotSent("getChatAdministrators", "no route")] * 2
            for minute in (1, 2):
                await here.takes(*(here.update(message=said(f"/bind {code}")) for _ in range(100)))
                asked = here.telegram.of("getChatAdministrators")
                assert (len(asked), len(texts(here))) == (minute, minute)
                here.clock.passes(minutes=1, seconds=1)
            assert len(await here.takes(here.update(message=said(f"/bind {code}", LI)))) == 1, "an admin binds"

        played(scene, **stage())

    def test_of_all_the_chats_that_ask_only_some_are_kept_in_mind(self):
        async def scene(here):
            for number in range(150):
                chat = {**SALON, "id": -200000 - number}
                here.telegram.admins[chat["id"]] = [admin(10002)]
                await here.takes(here.update(message=said("/bind 0000-0000", chat=chat)))
            assert len(here.admins.ids) == 100

        played(scene, **stage())

    def test_a_group_of_ours_says_once_a_minute_that_it_is_one(self):
        async def scene(here):
            await here.takes(*(here.update(message=message(text="/bind 0000-0000")) for _ in range(100)))
            assert len(texts(here)) == 1

        played(scene, **stage())

    def test_guessing_ends_after_ten_wrong_codes(self):
        async def scene(here):
            code = code_for(here)
            for number in range(12):
                await here.takes(here.update(message=said(f"/bind 0000-000{number % 10}", LI)))
            assert len(texts(here)) == 10
            assert await here.takes(here.update(message=said(f"/bind {code}", LI))) == []
            assert here.store.addresses() == {}

        played(scene, **stage())

    def test_a_chat_that_is_a_group_already_keeps_its_code(self):
        async def scene(here):
            code = here.directory.make_code("salon", here.clock.now(), here.clock.now() + DAY)
            marks = [mark("bot_command", 0, 5)]
            await here.takes(here.update(message=message(text=f"/bind {code}", entities=marks, **{"from": LI})))
            assert texts(here) == ["这里已经绑定好了，是 reading 群。"]
            assert here.directory.spend_code(code, "telegram", "-1", here.clock.now()).group == "salon"

        played(scene, **stage())

    def test_a_code_for_another_bot_is_not_ours(self):
        async def scene(here):
            code = code_for(here)
            await here.takes(here.update(message=said(f"/bind@quiz_bot {code}", LI)))
            assert texts(here) == [STRANGER]

        played(scene, **stage())

    def test_in_a_topic_the_answer_goes_there(self):
        async def scene(here):
            code_for(here)
            await here.takes(here.update(message=said("/bind", LI, message_thread_id=5, is_topic_message=True)))
            (sent,) = here.telegram.of("sendMessage")
            assert sent["message_thread_id"] == 5
            assert sent["reply_parameters"] == {"message_id": 77, "allow_sending_without_reply": True}

        played(scene, **stage())

    def test_the_groups_language_is_spoken_once_it_is_bound(self):
        async def scene(here):
            code = code_for(here)
            await here.takes(here.update(message=said(f"/bind {code}", {**LI, "language_code": "zh"})))
            assert texts(here) == ["✅ Bound. This is the group salon now."]

        played(scene, **stage(salon=Group(key="salon", languages=("en",))))


def test_a_chat_bound_by_a_plain_member_bot_says_what_it_may():
    async def scene(here):
        code = code_for(here)
        here.telegram.members[-100555, 42] = standing(OURS, "member")
        (event,) = await here.takes(here.update(message=said(f"/bind {code}", LI)))
        assert isinstance(event, BotStanding)
        assert "hear" not in event.abilities

    played(scene, **stage())
