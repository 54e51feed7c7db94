"""What becomes of what a platform cannot do, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from core.corrections import Undone
from core.courier_lines import lacking, shut
from core.degrade import KEEP, NEEDS, Drop, Instead, after_refusal, degrade
from core.delivery import Ability, Never, Refusal
from core.effects import (
    Approve,
    Attached,
    Ban,
    Choice,
    Decline,
    Delete,
    Edit,
    Effect,
    Invite,
    Mention,
    Mute,
    Pin,
    React,
    Remove,
    Say,
    TellAdmins,
    Unban,
    Unmute,
    plain,
)
from core.people import Account
from core.workflow import Group
from tests.delivery.virtual_time import START
from workflows.texts import Catalog

WANG = Account("wechat:wxid_1")
EVERYTHING = frozenset(get_args(Ability))
LITTLE: frozenset[Ability] = frozenset({"say"})
ZIP = Attached(name="a.zip", data=b"PK", kind="application/zip")
SPAN = timedelta(minutes=10)


def here(language: str = "zh") -> Group:
    return Group(key="reading", texts=Catalog.shipped(), languages=(language,))


EFFECTS: list[Effect] = [
    Say(words=("hi",), choices=(Choice(label="a", data="a"),), picture=b"x"),
    Say(words=("hi",), to=WANG),
    Say(words=("hi",), announce=True),
    Edit(message="1", words=("hi",)),
    TellAdmins(words=("hi",), choices=(Choice(label="a", data="a"),)),
    Delete(messages=("1",)),
    React(message="1", emoji="👍"),
    Pin(message="1"),
    Mute(member=WANG, span=SPAN),
    Unmute(member=WANG),
    Remove(member=WANG),
    Ban(member=WANG),
    Unban(member=WANG),
    Approve(member=WANG),
    Decline(member=WANG),
    Invite(member=WANG, name="w"),
]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: type(effect).__name__)
def test_what_can_be_done_is_kept_and_what_nobody_knows_is_tried(effect):
    assert degrade(effect, EVERYTHING, here(), at=START) is KEEP
    assert degrade(effect, None, here(), at=START) is KEEP


def test_every_effect_is_covered():
    assert {type(effect) for effect in EFFECTS} == set(get_args(Effect))
    assert set(NEEDS) == set(get_args(Effect)) - {Say, TellAdmins}


@pytest.mark.parametrize(
    ("effect", "zh", "en"),
    [
        (
            Mute(member=WANG, span=SPAN),
            [
                "@小王 先休息一下，10 分钟内请不要发言哦。",
                "🔧 reading 群：小王 要禁言 10 分钟。这里谁都做不了，只能在群里提醒。",
            ],
            [
                "@小王, please take a break and do not write for 10 min.",
                "🔧 reading: 小王 is to be muted for 10 min. Nobody can do that here; all I can do is remind them "
                "in the group.",
            ],
        ),
        (
            Mute(member=WANG, span=None),
            [
                "@小王 请先不要发言，等管理员来处理。",
                "🔧 reading 群：小王 要禁言，直到管理员解除。这里谁都做不了，只能在群里提醒。",
            ],
            [
                "@小王, please do not write until an admin has looked at this.",
                "🔧 reading: 小王 is to be muted until an admin lifts it. Nobody can do that here; all I can do is "
                "remind them in the group.",
            ],
        ),
        (
            Delete(messages=("1",)),
            [
                "这条消息不符合群规，请自己撤回一下，谢谢～",
                "🔧 reading 群：小王 的一条消息要删除。这里谁都做不了，只能在群里提醒。",
            ],
            [
                "That message is against the rules of this group. Please take it back yourself, thank you",
                "🔧 reading: a message of 小王 is to be deleted. Nobody can do that here; all I can do is remind them "
                "in the group.",
            ],
        ),
        (
            Ban(member=WANG),
            [
                "@小王 违反了群规，管理员会来处理。",
                "🔧 reading 群：小王 要移出群，不再加入。这里我做不了，请管理员手动处理。",
            ],
            [
                "@小王 broke the rules of this group. An admin will see to it.",
                "🔧 reading: 小王 is to be removed for good. I cannot do that here, so please do it by hand.",
            ],
        ),
        (
            Approve(member=WANG),
            ["🔧 reading 群：小王 的入群申请要通过。这里我做不了，请管理员手动处理。"],
            ["🔧 reading: 小王 asked to join and is to be let in. I cannot do that here, so please do it by hand."],
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_where_nobody_can_grant_it_members_are_reminded_and_admins_told_what_is_theirs_to_do(effect, zh, en):
    for language, expected in (("zh", zh), ("en", en)):
        became = degrade(effect, LITTLE, here(language), at=START, name="小王", grantable=False)
        assert isinstance(became, Instead)
        assert [plain(one.words) for one in became.effects] == expected  # type: ignore[union-attr]
        assert became.lacks is None


def test_where_admins_can_grant_it_they_are_told_once_and_members_reminded():
    became = degrade(Mute(member=WANG, span=SPAN), LITTLE, here(), at=START, name="小王")
    assert isinstance(became, Instead)
    [reminder] = became.effects
    assert isinstance(reminder, Say)
    assert reminder.words[0] == Mention(account=WANG, name="小王")
    assert reminder.expires == START + timedelta(minutes=2), "a wave of them is not worth saying"
    assert became.lacks == "mute"
    assert degrade(Ban(member=WANG), LITTLE, here(), at=START) == Drop("no ability to ban", "ban")
    assert degrade(Mute(member=WANG, span=SPAN, silently=True), LITTLE, here(), at=START) == Drop(
        "no ability to mute", "mute"
    )


def test_where_there_are_no_buttons_the_way_to_the_private_chat_is_said_in_words():
    asked = Say(words=("提醒",), choices=(Choice(label="📮 申诉", data="a", private=True),))
    became = degrade(asked, {"say", "private"}, here(), at=START)
    assert isinstance(became, Instead)
    [one] = became.effects
    assert isinstance(one, Say)
    assert plain(one.words) == "提醒\n📮 申诉：请私聊我（还不是好友的，先加我好友）"
    whispered = degrade(replace(asked, to=WANG), {"say", "private"}, here(), at=START)
    assert isinstance(whispered, Instead)
    assert [plain(one.words) for one in whispered.effects] == ["提醒"]  # type: ignore[union-attr]


def test_who_was_never_muted_need_not_be_unmuted():
    became = degrade(Unmute(member=WANG), LITTLE, here(), at=START, grantable=False)
    assert became == Drop("no ability to mute")


def test_where_members_can_be_removed_a_ban_removes():
    became = degrade(Ban(member=WANG), {*LITTLE, "remove"}, here(), at=START, grantable=False)
    assert isinstance(became, Instead)
    assert became.effects == (Remove(member=WANG),)


@pytest.mark.parametrize("act", [Ban(member=WANG, announced=True), Remove(member=WANG, announced=True)])
@pytest.mark.parametrize(
    ("refused", "lacks"),
    [
        pytest.param(Never(refusal=Refusal.NO_RIGHT, why="no", needs="ban"), "ban", id="a right is missing"),
        pytest.param(Never(refusal=Refusal.IMMUNE, why="no"), None, id="of an admin"),
    ],
)
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "更正：没能把 @小王 移出群。"), ("en", "Correction: removing @小王 from the group did not work.")],
)
def test_where_the_group_read_that_somebody_is_out_it_reads_that_this_did_not_work(
    act, refused, lacks, language, words
):
    became = after_refusal(act, refused, here(language), at=START, name="小王")
    assert isinstance(became, Instead)
    [said] = became.effects
    assert isinstance(said, Say)
    assert plain(said.words) == words
    assert became.lacks == lacks


def test_who_was_put_out_in_silence_is_not_spoken_of():
    refused = Never(refusal=Refusal.IMMUNE, why="no")
    assert isinstance(after_refusal(Ban(member=WANG), refused, here(), at=START), Drop)


def test_the_reminder_answers_the_message_it_is_about():
    became = degrade(Delete(messages=("7", "8")), LITTLE, here(), at=START)
    assert isinstance(became, Instead)
    assert isinstance(became.effects[0], Say)
    assert became.effects[0].reply_to == "7"


@pytest.mark.parametrize(
    ("say", "words", "because"),
    [
        (Say(words=("你好",), to=WANG), "@小王 你好", "no private messages: said in the group"),
        (
            Say(words=(Mention(account=WANG, name="小王"), " 你好"), to=WANG),
            "@小王 你好",
            "no private messages: said in the group",
        ),
        (Say(words=("小王，你在种子",), to=WANG), "@小王，你在种子", "no private messages: said in the group"),
        (
            Say(words=("小王: you are", " Seed"), to=WANG),
            "@小王: you are Seed",
            "no private messages: said in the group",
        ),
        (Say(words=("小王子在读",), to=WANG), "@小王 小王子在读", "no private messages: said in the group"),
        (Say(words=("图",), picture=b"x"), "图", "no pictures: the words alone"),
        (Say(words=("给",), file=Attached(name="a.json", data=b"{}")), "给\n\n{}", "no files: what it says, as words"),
        (Say(words=("给",), file=ZIP), "给", "no files: the words alone"),
        (
            Say(
                words=("哪个？",), choices=(Choice(label="诗", data="a"), Choice(label="私聊", data="b", private=True))
            ),
            "哪个？\n回复数字选择：\n1. 诗",
            "no buttons: a numbered list",
        ),
        (
            Say(words=("Which?",), choices=(Choice(label="Verse", data="a"),), language="en"),
            "Which?\nAnswer with a number:\n1. Verse",
            "no buttons: a numbered list",
        ),
        (
            Say(words=("几分？",), choices=tuple(Choice(label=str(n), data=f"d{n}") for n in range(11)), first=0),
            "几分？\n请直接回复 0 到 10 的数字。",
            "no buttons: a numbered list",
        ),
    ],
    ids=[
        "private",
        "private and named already",
        "begun with the name",
        "in English",
        "begun with another name",
        "picture",
        "readable file",
        "file",
        "buttons",
        "buttons for somebody who speaks English",
        "numbers",
    ],
)
def test_a_message_takes_the_shape_that_is_possible(say, words, because):
    became = degrade(say, LITTLE, here(), at=START, name="小王")
    assert isinstance(became, Instead)
    [effect] = became.effects
    assert isinstance(effect, Say)
    assert plain(effect.words) == words
    assert (effect.to, effect.picture, effect.file, effect.choices) == (None, None, None, ())
    assert became.because == because


def test_questions_said_in_the_group_are_still_for_one_person():
    say = Say(words=("?",), to=WANG, choices=(Choice(label="a", data="a"),))
    became = degrade(say, LITTLE | {"buttons"}, here(), at=START)
    assert isinstance(became, Instead)
    assert isinstance(became.effects[0], Say)
    assert became.effects[0].chooser == WANG
    assert plain(became.effects[0].words) == "@这位成员 ?"


@pytest.mark.parametrize(
    "effect",
    [
        Say(words=("secret",), to=WANG, confidential=True),
        Say(words=(), picture=b"x"),
        Say(words=(), file=ZIP),
        React(message="1", emoji="👍"),
    ],
    ids=["confidential", "a picture alone", "a file alone", "reaction"],
)
def test_what_has_no_other_shape_is_left_out(effect):
    assert isinstance(degrade(effect, LITTLE, here(), at=START), Drop)


def test_a_reaction_that_says_something_is_said_where_nobody_can_react():
    react = React(message="1", emoji="👍", instead=("day 3",), topic="17")
    said = Say(words=("day 3",), reply_to="1", topic="17", urgency="now", quiet=True)
    assert degrade(react, LITTLE, here(), at=START) == Instead((said,), "no ability to react: said in words")
    refused = after_refusal(react, Never(refusal=Refusal.UNABLE, why="reactions are off"), here(), at=START)
    assert isinstance(refused, Instead)
    assert refused.effects == (said,)


@pytest.mark.parametrize(
    ("say", "topic"),
    [
        pytest.param(Say(words=("x",), topic="17"), "17", id="its own"),
        pytest.param(Say(words=("x",)), "5", id="the one for what belongs to none"),
        pytest.param(Say(words=("x",), reply_to="1"), "", id="nobody knows where what it answers stands"),
    ],
)
def test_where_a_topic_is_shut_nothing_is_said_elsewhere_and_it_is_known_which_one(say, topic):
    never = Never(refusal=Refusal.SHUT, why="TOPIC_CLOSED")
    assert after_refusal(say, never, replace(here(), topic="5"), at=START) == Drop("shut: TOPIC_CLOSED", shut=topic)
    if topic == "5":
        assert after_refusal(say, never, here(), at=START) == Drop("shut: TOPIC_CLOSED", shut="1")


@pytest.mark.parametrize(
    ("language", "topic", "called"),
    [("en", "1", "General"), ("en", "17", "topic 17"), ("zh", "1", "话题 General 的"), ("zh", "17", "话题 17 的")],
)
def test_the_line_about_a_topic_that_is_shut_says_which(language, topic, called):
    assert called in plain(shut(topic, here(language)).words)


def test_an_announcement_is_said_where_there_is_none_to_set_and_where_it_could_not_be_set():
    news, said = Say(words=("news",), announce=True), Say(words=("news",))
    became = degrade(news, EVERYTHING - {"announce"}, here(), at=START)
    assert became == Instead((said,), "no announcement to set: said like other words")
    refused = Never(refusal=Refusal.UNABLE, why="it is not what was set", needs="announce")
    assert after_refusal(news, refused, here(), at=START) == Instead((said,), "unable: it is not what was set")


def test_an_edit_is_said_anew_where_nothing_can_be_edited():
    became = degrade(Edit(message="1", words=("board",)), LITTLE, here(), at=START)
    assert became == Instead((Say(words=("board",), quiet=True),), "no ability to edit: said anew")


@pytest.mark.parametrize("ability", sorted(EVERYTHING))
def test_every_right_has_a_name_in_both_languages(ability):
    for language in ("zh", "en"):
        assert "reading" in plain(lacking(ability, here(language)).words)


@pytest.mark.parametrize(
    ("effect", "refusal", "became"),
    [
        (Say(words=("x",), to=WANG, expires=START), Refusal.UNREACHABLE, "it is too late to say it in the group"),
        (Say(words=("x",)), Refusal.UNREACHABLE, None),
        (TellAdmins(words=("x",)), Refusal.UNREACHABLE, None),
        (Mute(member=WANG, span=None), Refusal.GONE, None),
        (Mute(member=WANG, span=None), Refusal.IMMUNE, None),
        (Say(words=("x",)), Refusal.MALFORMED, None),
        (Say(words=("x",)), Refusal.NO_RIGHT, None),
    ],
)
def test_a_refusal_that_leaves_nothing_to_do_says_why(effect, refusal, became):
    left = after_refusal(effect, Never(refusal=refusal, why="so there"), here(), at=START)
    assert isinstance(left, Drop)
    assert left.because == f"{refusal.value}: so there" + (f"; {became}" if became else "")


def test_a_refused_picture_leaves_the_words():
    never = Never(refusal=Refusal.NO_RIGHT, why="no photos", needs="picture")
    left = after_refusal(Say(words=("x",), picture=b"x"), never, here(), at=START)
    assert left == Instead((Say(words=("x",)),), "no_right: no photos", "picture")


@pytest.mark.parametrize("refusal", [Refusal.NO_RIGHT, Refusal.UNABLE])
def test_a_refused_act_becomes_what_it_becomes_without_the_ability(refusal):
    never = Never(refusal=refusal, why="so there", needs="mute" if refusal is Refusal.NO_RIGHT else None)
    left = after_refusal(Mute(member=WANG, span=SPAN), never, here(), at=START, name="小王")
    assert isinstance(left, Instead)
    assert left.because == f"{refusal.value}: so there"
    assert left.lacks == ("mute" if refusal is Refusal.NO_RIGHT else None)
    assert len(left.effects) == (1 if refusal is Refusal.NO_RIGHT else 2)


def test_where_the_assistants_own_message_cannot_be_deleted_nothing_is_said_in_place_of_it():
    left = degrade(Delete(messages=("1",), own=True), LITTLE, here(), at=START)
    assert isinstance(left, Drop)
    assert left.lacks is None


@pytest.mark.parametrize(
    ("act", "needs", "zh", "en"),
    [
        (Mute(member=WANG, span=SPAN), "mute", "没能禁言 小王", "小王 is not muted"),
        (Unmute(member=WANG), "mute", "没能解除 小王 的禁言", "the mute of 小王 is not lifted"),
        (Remove(member=WANG), "remove", "没能把 小王 移出群", "小王 is not removed"),
        (Ban(member=WANG, announced=True), "ban", "没能封禁 小王", "小王 is not banned"),
        (Unban(member=WANG), "ban", "没能解封 小王", "the ban of 小王 is not lifted"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_whoever_read_that_an_order_was_carried_out_reads_that_it_was_not(act, needs, zh, en):
    refused = Never(refusal=Refusal.NO_RIGHT, why="not enough rights", needs=needs)
    right = {"zh": "“封禁用户”权限", "en": "the right “Ban users”"}
    for language, what in (("zh", zh), ("en", en)):
        for became in (
            degrade(replace(act, heard="group"), LITTLE, here(language), at=START, name="小王"),
            after_refusal(replace(act, heard="group"), refused, here(language), at=START, name="小王"),
        ):
            assert isinstance(became, Instead)
            said = became.effects[-1]
            assert isinstance(said, Say)
            assert what in plain(said.words)
            assert right[language] in plain(said.words)
            assert became.lacks == needs
        among_admins = degrade(replace(act, heard="admins"), LITTLE, here(language), at=START, name="小王")
        assert isinstance(among_admins, Instead)
        line = among_admins.effects[-1]
        assert isinstance(line, TellAdmins)
        assert (line.about, "reading" in plain(line.words), what in plain(line.words)) == (WANG, True, True)


def test_a_basic_group_is_said_to_lack_no_right_but_to_know_no_muting():
    became = degrade(Mute(member=WANG, span=SPAN, heard="group"), {"say", "ban", "remove"}, here("en"), at=START)
    assert isinstance(became, Instead)
    said = became.effects[-1]
    assert isinstance(said, Say)
    assert "basic groups know no muting" in plain(said.words)
    assert "Ban users" not in plain(said.words)


def test_an_order_about_who_is_an_admin_by_now_is_put_right_and_one_about_who_is_gone_needs_no_word():
    banned = Ban(member=WANG, announced=True, heard="group")
    refused = after_refusal(banned, Never(refusal=Refusal.IMMUNE, why="no"), here("en"), at=START, name="小王")
    assert isinstance(refused, Instead)
    assert [plain(one.words) for one in refused.effects if isinstance(one, Say)] == [
        "⚠️ Correction: 小王 is not banned. The platform did not accept it. Please have a look, and do it by hand."
    ]
    gone = after_refusal(banned, Never(refusal=Refusal.GONE, why="no"), here("en"), at=START, name="小王")
    assert isinstance(gone, Drop)


def test_where_admins_can_grant_nothing_the_correction_is_what_they_are_to_do_by_hand():
    became = degrade(Ban(member=WANG, heard="group"), LITTLE, here("en"), at=START, grantable=False)
    assert isinstance(became, Instead)
    assert not any("Correction" in plain(one.words) for one in became.effects)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "act", [Remove(member=WANG, announced=True, heard="group"), Ban(member=WANG, announced=True, heard="group")]
)
def test_where_an_order_is_put_right_nothing_else_is_said_of_it(act):
    left = degrade(act, LITTLE, here("en"), at=START, name="小王")
    assert isinstance(left, Instead)
    assert [plain(one.words)[:13] for one in left.effects if isinstance(one, Say)] == ["⚠️ Correction"]


def test_a_removal_in_place_of_a_ban_is_read_of_by_whoever_read_of_the_ban():
    left = degrade(Ban(member=WANG, announced=True, heard="group"), {"say", "remove"}, here(), at=START)
    assert isinstance(left, Instead)
    assert left.effects == (Remove(member=WANG, announced=True, heard="group"),)


def test_what_the_group_was_told_wrongly_is_put_right_an_hour_later_still():
    left = degrade(Unban(member=WANG, heard="group"), LITTLE, here(), at=START)
    assert isinstance(left, Instead)
    assert [one.expires for one in left.effects if isinstance(one, Say)] == [START + timedelta(hours=1)]


def test_an_order_that_a_platform_cannot_read_is_put_right_and_an_act_of_a_rule_is_left_out():
    never = Never(refusal=Refusal.MALFORMED, why="no such number")
    refused = after_refusal(Mute(member=WANG, span=SPAN, heard="group"), never, here("en"), at=START, name="小王")
    assert isinstance(refused, Instead)
    assert [plain(one.words) for one in refused.effects if isinstance(one, Say)] == [
        "⚠️ Correction: 小王 is not muted. The platform did not accept it. Please have a look, and do it by hand."
    ]
    assert isinstance(after_refusal(Mute(member=WANG, span=SPAN), never, here("en"), at=START), Drop)


def test_that_a_mute_was_not_lifted_in_a_basic_group_is_no_matter_of_rights():
    left = degrade(Unmute(member=WANG, heard="group"), {"say", "ban", "remove"}, here("en"), at=START)
    assert isinstance(left, Instead)
    assert ["basic groups know no muting" in plain(one.words) for one in left.effects if isinstance(one, Say)] == [True]


@pytest.mark.parametrize(
    ("language", "group_reads"),
    [
        ("zh", "更正：没能禁言 @小王。请先休息一下，10 分钟内不要发言哦。"),
        ("en", "Correction: @小王 is not muted. Please take a break and do not write for 10 min."),
    ],
)
def test_a_group_that_read_of_a_mute_by_a_rule_reads_that_there_is_none(language, group_reads):
    act = Mute(member=WANG, span=SPAN, announced=True, heard="report")
    refused = Never(refusal=Refusal.NO_RIGHT, why="not enough rights", needs="mute")
    for became in (
        degrade(act, LITTLE, here(language), at=START, name="小王"),
        after_refusal(act, refused, here(language), at=START, name="小王"),
    ):
        assert isinstance(became, Instead)
        assert [plain(one.words) for one in became.effects if isinstance(one, Say)] == [group_reads]
        assert became.undone is not None
        assert (became.undone.member, became.undone.why) == (WANG, "lacking")


def test_a_mute_of_who_is_an_admin_by_now_is_put_right_in_the_group_and_for_admins():
    act = Mute(member=WANG, span=SPAN, announced=True, heard="report")
    became = after_refusal(act, Never(refusal=Refusal.IMMUNE, why="no"), here("en"), at=START, name="小王")
    assert isinstance(became, Instead)
    assert [plain(one.words) for one in became.effects if isinstance(one, Say)] == ["Correction: @小王 is not muted."]
    assert became.undone == Undone(WANG, "小王 is not muted", "refused")
