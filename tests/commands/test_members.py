"""What members ask for, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.degrade import Instead, after_refusal
from core.delivery import Never, Refusal
from core.effects import React, Say, plain
from core.engine import Engine
from core.people import Account
from tests.commands.group import ADA, ANA, BEN, BOSS, CLEO, GHOST, MIA, Steered
from workflows.command_list import ALL
from workflows.commands import Role
from workflows.helping import KINDS

RULES = {
    "rules": [
        {
            "id": "ads", "name": {"zh": "不发广告", "en": "No ads"},
            "when": "message", "if": 'msg.text == "ads"', "then": [{"warn": "no ads"}],
        },
        {"id": "silent", "when": "message", "if": 'msg.text == "x"', "then": ["delete"]},
        {"id": "off", "name": "Off", "mode": "off", "when": "message", "if": 'msg.text == "y"', "then": ["delete"]},
    ],
    "links": {"allowed_domains": ["example.org"], "then": ["delete"]},
}  # fmt: skip


@pytest.mark.parametrize("first", ["message", "join"])
def test_the_rules_are_told_in_the_order_in_which_they_are_written(first):
    """Whatever they listen to."""
    written = [
        {"id": "said", "name": "Said", "when": "message", "if": 'msg.text == "x"', "then": ["delete"]},
        {"id": "joined", "name": "Joined", "when": "join", "if": "member.points > 9", "then": [{"mute": "1h"}]},
    ]
    group = Steered(rules_written={"rules": written if first == "message" else written[::-1]})
    group.says(CLEO, "/rules")
    lines = [line[-6:].strip(" ·•-") for line in group.told()[0].splitlines()[1:]]
    assert lines == (["Said", "Joined"] if first == "message" else ["Joined", "Said"])


@pytest.mark.parametrize("asked", ["/me", "/积分", "积分", "我的积分！"])
def test_one_hears_points_tier_what_is_missing_streak_and_live_warnings_with_their_end(asked):
    group = Steered("zh", rules_written=RULES)
    group.says(ANA, "打卡")
    group.says(ANA, "ads")
    group.told()
    group.says(ANA, asked)
    (said,) = group.told()
    for part in (
        "Ana，你现在是「new」，2 分。",
        "98",
        "连续 1 天，最长 1 天",
        "有 1 次警告有效",
        "· 不发广告，到 2026-04-01",
    ):
        assert part in said, said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "Cleo，你现在是「new」，0 分。\n升到「old」还差：\n· 100 分"),
        ("en", "Cleo, your tier is new, with 0 points."),
    ],
)
def test_who_did_nothing_yet_stands_where_everybody_begins(language, said):
    group = Steered(language)
    group.says(CLEO, "/me")
    assert said in group.told()[0]


def test_in_english_too():
    group = Steered("en", rules_written=RULES)
    group.says(ANA, "ads")
    group.told()
    group.says(ANA, "my points")
    (said,) = group.told()
    assert "Ana, your tier is new, with 0 points." in said
    assert "· No ads, until 2026-04-01" in said


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "· warned by an admin, until 2026-04-01"), ("zh", "· 管理员警告，到 2026-04-01")],
)
def test_a_warning_without_a_reason_is_told_to_be_an_admins(language, shown):
    group = Steered(language, rules_written=RULES)
    group.says(ADA, "/warn @ana")
    group.told()
    group.says(ANA, "/me")
    assert group.told()[0].splitlines()[-1] == shown
    group.says(ADA, "/warns @ana")
    assert shown.split(",")[0].split("，")[0].removeprefix("· ") in group.told()[0]


def test_admins_read_by_which_rule_somebody_was_warned():
    group = Steered("en", rules_written=RULES)
    group.says(ANA, "ads")
    group.says(ADA, "/warns @ana")
    assert "No ads, until" in group.told()[-1]


def test_the_leaderboard_shows_staff_without_a_place():
    group = Steered("zh", with_tiers=False, staff=frozenset((CLEO.account,)))
    for who, amount in ((ANA, 5), (BEN, 9), (CLEO, 50)):
        group.says(ADA, f"/points {who.account} +{amount}")
    group.told()
    group.says(ANA, "积分榜")
    assert group.told() == ["🏆 积分排行\n– Cleo · 50（管理员，不排名）\n1. Ben · 9\n2. Ana · 5\n你：5 分"]


def test_where_a_check_in_has_the_word_it_answers_and_nobody_else():
    group = Steered("zh")
    group.says(ANA, "打卡")
    group.told()
    group.says(ANA, "排行")
    assert len(group.told()) == 1


def test_an_empty_leaderboard_says_so():
    group = Steered()
    group.says(ANA, "leaderboard")
    assert group.told() == ["Nobody has points yet."]


@pytest.mark.parametrize(
    ("language", "wanted"), [("zh", ["不发广告", "外部链接"]), ("en", ["No ads", "outside links"])]
)
def test_the_rules_are_told_by_their_names(language, wanted):
    group = Steered(language, rules_written=RULES)
    group.says(ANA, "群规")
    (said,) = group.told()
    assert all(part in said for part in wanted)
    assert "silent" not in said
    assert "Off" not in said


def test_help_is_by_role_and_place():
    group = Steered()
    heard = []
    for who in (ANA, MIA, ADA, BOSS):
        group.says(who, "/help all")
        heard.append(group.told()[0].count("\n"))
    assert heard == sorted(set(heard))
    members = [command for command in ALL if command.least is Role.MEMBER]
    answered = sum(command.answered({"members", "steering"}) for command in members)
    group.says(ANA, "/help", private=True)
    assert group.told()[0].count("\n") == answered + 2 < len(members), "a line for each, and two for the challenge"
    group.says(ADA, "/help", private=True)
    assert "Admins' commands work in the group" in group.told()[0]


def test_every_command_but_help_is_for_one_thing():
    told = [name for names in KINDS.values() for name in names]
    assert sorted(told) == sorted(command.name for command in ALL if command.name != "help")


@pytest.mark.parametrize("platform", ["telegram", "wechat"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_in_a_group_is_short_and_says_where_the_whole_is(language, platform):
    group = Steered(language, challenges=CHALLENGES)
    for who in (ANA, ADA, BOSS):
        group.says(replace(who, account=Account(f"{platform}:9")), "/help")
        (said,) = group.effects()
        assert said.to is None
        told = plain(said.words)
        assert told.count("\n") < 12
        assert {"zh": "帮助 全部", "en": "/help all"}[language] in told
        assert ({"zh": "/禁言", "en": "/mute"}[language] in told) == (who is not ANA)


def test_the_whole_is_told_in_private_wherever_it_was_asked_for():
    group = Steered()
    group.says(ADA, "/help all")
    (said,) = group.effects()
    assert (said.to, said.confidential) == (ADA.account, True)
    unknown = Never(refusal=Refusal.UNREACHABLE, why="bot can't initiate conversation with a user")
    became = after_refusal(said, unknown, group.group, at=group.at)
    assert isinstance(became, Instead)
    (way,) = became.effects
    assert isinstance(way, Say)
    assert [(choice.label, choice.private) for choice in way.choices] == [("💬 To the private chat", True)]
    told = plain(said.words)
    assert all(f"/{name} – " in told for name in ("me", "mute", "announce"))
    group.says(ADA, "/help all", private=True)
    assert group.told() == [told]


USAGE = {
    ("en", "telegram"): (
        "/mute – mute a member, for 30m, 2h, 7d\n"
        "/mute @username how long why; without how long it lasts until an admin lifts it\n"
        "Example: /mute @ana 2h spam\n"
        "An answer to their message needs no name.\n"
        "For: moderators, admins, the owner; on Telegram with the right “Ban users”"
    ),
    ("zh", "telegram"): (
        "/禁言（/mute） – 禁言，可以写多久：30m、2h、7d\n"
        "/禁言 @用户名 多久 理由；不写多久，就到管理员解除为止\n"
        "例：/禁言 @小王 2小时 刷屏\n"
        "回复 TA 的消息来写，就不用 @ 了。\n"
        "谁能用：协管、管理员、群主（在 Telegram 上要有“封禁用户”权限）"
    ),
    ("en", "wechat"): (
        "/mute – mute a member, for 30m, 2h, 7d\n"
        "/mute @name how long why; without how long it lasts until an admin lifts it\n"
        "Example: /mute @ana 2h spam\n"
        "For: moderators, admins, the owner; on Telegram with the right “Ban users”\n"
        "I cannot do that here myself. I remind people in the group, or ask the admins to do it by hand."
    ),
    ("zh", "wechat"): (
        "/禁言（/mute） – 禁言，可以写多久：30m、2h、7d\n"
        "/禁言 @名字 多久 理由；不写多久，就到管理员解除为止\n"
        "例：/禁言 @小王 2小时 刷屏\n"
        "谁能用：协管、管理员、群主（在 Telegram 上要有“封禁用户”权限）\n"
        "这里我自己做不到，会改在群里提醒，或请管理员手动处理。"
    ),
}


@pytest.mark.parametrize("text", ["/help mute", "帮助 禁言", "/帮助 /禁言", "help mute"])
@pytest.mark.parametrize(("language", "platform"), USAGE)
def test_help_with_a_word_tells_how_that_is_written(language, platform, text):
    group = Steered(language, unbarred=("wechat",))
    group.group = replace(group.group, numbered=("wechat",))
    group.engine = Engine(group.store, {"g": group.group})
    group.says(replace(ADA, account=Account(f"{platform}:9")), text)
    assert group.told() == [USAGE[language, platform]]


@pytest.mark.parametrize("text", ["/help check-in", "帮助 打卡", "/help checkin", "帮助 「请假」", "help leave"])
def test_help_with_a_word_of_check_ins_tells_members_how_that_is_done_here(text):
    group = Steered("zh", challenges=CHALLENGES)
    group.says(ANA, text)
    lines = ["✍️ 晨读：打卡发「打卡」，补卡发「补卡」，请假发「请假」", "✍️ camp：打卡发「临帖」，报名发「报名」"]
    assert group.told()[0].splitlines() == lines
    group.says(ADA, text)
    assert group.told()[0].splitlines()[:2] == lines


@pytest.mark.parametrize(
    ("proof", "zh", "en"),
    [
        ({"min_chars": 6}, "（后面写上 6 个字以上）", ", with 6 characters or more behind it"),
        ({"or": ["photo"]}, "（配一张图）", ", with a picture"),
        (
            {"or": ["photo", "video", "voice"]},
            "（配一张图、一段视频或一段语音）",
            ", with a picture, a video or a voice message",
        ),
        (
            {"min_chars": 6, "or": ["location"]},
            "（后面写上 6 个字以上，或配一个位置）",
            ", with 6 characters or more behind it, or a location",
        ),
    ],
)
def test_help_tells_what_a_check_in_must_show(proof, zh, en):
    challenges = {"daily": {"keywords": ["打卡"], "proof": proof}}
    for group, told in ((Steered("zh", challenges=challenges), zh), (Steered("en", challenges=challenges), en)):
        group.says(ANA, "怎么打卡")
        assert told in group.told()[0]


@pytest.mark.parametrize("command", [command for command in ALL if not command.workflow], ids=lambda one: one.name)
@pytest.mark.parametrize(("language", "beginning"), [("zh", "例："), ("en", "Example:")])
def test_each_command_tells_its_forms_and_those_that_name_somebody_an_example(command, language, beginning):
    group = Steered(language)
    for word in command.words:
        group.says(BOSS, f"/help {word}")
        told = group.told()[0].splitlines()
        named = next(n for n, line in enumerate(told) if f"/{command.name}" in line)
        assert command.called.in_(language) in told[named + 1]
        assert command.aim != "somebody" or [line for line in told if line.startswith(beginning)]


@pytest.mark.parametrize(
    "text", ["help me", "help everything", "帮助 大家", "帮助 一下新人", "help mute everyone", "帮助"]
)
def test_talk_of_help_is_no_question(text):
    group = Steered()
    group.says(ANA, text)
    assert bool(group.told()) == (text == "帮助")


@pytest.mark.parametrize("text", ["/help mute", "/help nonsense"])
def test_what_somebody_may_not_use_is_told_as_what_there_is_not(text):
    group = Steered()
    group.says(ANA, text)
    assert "that you could use here" in group.told()[0]


def test_of_what_somebody_wrote_little_is_said_again_and_on_one_line():
    group = Steered()
    group.says(ANA, f"/help a\n\nb\u202e{'c' * 3000}")
    (told,) = group.told()
    assert "called “a bccc" in told
    assert "c…” that you could use here" in told
    assert len(told) < 150


def test_an_anonymous_admin_is_told_what_admins_may():
    group = Steered()
    group.says(GHOST, "/help")
    assert "/mute" in group.told()[0]
    group.says(GHOST, "/help mute")
    assert group.told()[0].startswith("/mute – ")


def test_what_the_group_has_no_use_for_is_told_so():
    group = Steered()
    group.says(ANA, "/help events")
    assert group.told()[0].startswith("This group has no use for /events.")


CHALLENGES = {
    "morning": {
        "name": {"zh": "晨读", "en": "Morning reading"}, "keywords": ["打卡", "check in"],
        "late": {"keyword": ["补卡", "makeup"]}, "leave": {"keyword": "请假"},
    },
    "camp": {"keywords": "临帖", "join": {"keyword": ["报名", "sign me up"]}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "✍️ Morning reading: write “check in” to check in; “makeup” makes up a missed day; "
                "“请假” asks for leave",
                "✍️ camp: write “临帖” to check in; “sign me up” signs you up",
            ],
        ),
        ("zh", ["✍️ 晨读：打卡发「打卡」，补卡发「补卡」，请假发「请假」", "✍️ camp：打卡发「临帖」，报名发「报名」"]),
    ],
)
def test_help_tells_how_to_check_in_by_the_groups_own_words(language, lines):
    group = Steered(language, challenges=CHALLENGES)
    group.says(ANA, "/help")
    assert group.told()[0].splitlines()[1:3] == lines


@pytest.mark.parametrize(
    ("language", "line"), [("en", "These words are for the group:"), ("zh", "下面这些请在群里发：")]
)
def test_help_in_private_says_that_the_words_of_check_ins_are_for_the_group(language, line):
    group = Steered(language, challenges=CHALLENGES)
    group.says(ANA, "/help", private=True)
    told = group.told()[0].splitlines()
    assert told[-3] == line
    assert [way[:1] for way in told[-3:]] == [line[:1], "✍", "✍"]
    group.says(ANA, "/help")
    assert line not in group.told()[-1]
    without = Steered(language, challenges={"over": DATED["over"]})
    without.says(ANA, "/help", private=True)
    assert line not in without.told()[0]


DATED = {
    "over": {"keywords": "sprint", "ends": "2026-01-31"},
    "later": {
        "keywords": "soon",
        "starts": "2030-01-31",
        "join": {"keyword": ["报名", "count me in"], "required": True},
    },
    "closed": {"keywords": "deed", "join": {"keyword": "me too", "required": True, "until": "2026-01-31"}},
}


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "✍️ later: first sign up with “count me in”, then from 2030-01-31 on write “soon” to check in",
                "✍️ closed: write “deed” to check in",
            ],
        ),
        ("zh", ["✍️ later：先发「报名」报名，2030-01-31 起打卡发「soon」", "✍️ closed：打卡发「deed」"]),
    ],
)
def test_help_tells_no_word_that_is_refused_and_what_comes_first(language, lines):
    group = Steered(language, challenges=DATED)
    group.says(ANA, "/help")
    told = group.told()[0].splitlines()
    assert [line for line in told if line.startswith("✍️")] == lines


def test_a_chosen_language_is_spoken_from_then_on():
    group = Steered("zh")
    group.says(ANA, "/language en")
    group.says(ANA, "/me")
    assert group.told()[0] == "OK, English it is."
    group.says(ANA, "/language klingon")
    assert "There are: 中文 / English" in group.told()[-1]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/language English", "OK, English it is."),
        ("/language en-GB", "OK, English it is."),
        ("语言 英文", "OK, English it is."),
        ("language english!", "OK, English it is."),
        ("/language zh-CN", "好的，以后跟你说中文。"),
        ("/语言 简体中文", "好的，以后跟你说中文。"),
        ("language chinese", "好的，以后跟你说中文。"),
        ("/语言 火星文", "请写上语言，像这样：/语言 中文。可选：中文 / English"),
    ],
)
def test_a_language_is_chosen_as_people_write_it(text, answer):
    group = Steered("zh")
    group.says(ANA, text)
    assert group.told() == [answer]


@pytest.mark.parametrize("text", ["language is hard", "语言 真难学", "Language: Python"])
def test_talk_of_languages_is_left_alone(text):
    group = Steered("en")
    group.says(ANA, text)
    assert group.told() == []


def test_quiet_groups_are_answered_by_a_reaction():
    group = Steered(quiet=True)
    group.says(ADA, "/mute @ben 1h")
    effects = group.effects()
    [reaction] = [effect for effect in effects if isinstance(effect, React)]
    assert "Ben is muted" in plain(reaction.instead), "for where nobody can react"
    assert not any(isinstance(effect, Say) for effect in effects)


def test_what_concerns_one_member_is_told_to_the_admin_alone():
    group = Steered()
    group.says(ADA, "/why @ben")
    (effect,) = group.effects()
    assert isinstance(effect, Say)
    assert (effect.to, effect.confidential) == (ADA.account, True)


@pytest.mark.parametrize("text", ["tops", "help me", "rules are rules", "积分怎么算", "帮助别人", "me", "topic"])
def test_ordinary_words_are_no_command(text):
    group = Steered()
    group.says(CLEO, text)
    assert group.told() == []


def test_an_anonymous_admin_can_ask_for_the_rules_and_has_no_standing():
    group = Steered()
    group.says(GHOST, "/me")
    assert group.effects() == []
    group.says(GHOST, "/rules")
    assert len(group.told()) == 1


@pytest.mark.parametrize("text", ["/status", "/why @ben", "/warns @ben", "/export"])
def test_what_only_who_asked_may_read_says_which_message_asked(text):
    group = Steered()
    group.says(BOSS, text, topic="5")
    (said,) = group.effects()
    assert (said.to, said.confidential, said.reply_to, said.topic) == (BOSS.account, True, str(group.made), "5")
    group.says(BOSS, text, private=True)
    (said,) = group.effects()
    assert (said.to, said.confidential, said.reply_to) == (BOSS.account, True, None)


@pytest.mark.parametrize("asked", ["/me", "/积分榜"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_that_are_asked_for_in_private_are_told_with_their_group(language, asked):
    """Who writes in private may be in several groups."""
    group = Steered(language)
    group.says(ANA, asked)
    group.says(ANA, asked, private=True)
    here, in_private = group.told()[-2:]
    assert in_private.splitlines() == [f"📍 {group.group.called(language)}", *here.splitlines()]
