"""What admins are told of an operator's actions: people's words, never the ids that the audit goes by."""

from __future__ import annotations

import pytest

from core.events import Instructed
from tests.workflows.onboarding_scene import ADMIN, WANG, Scene
from tests.workflows.rules_chat import ANA, Chat, rule, rules
from tests.workflows.tier_town import Town

AGREE = {"id": "agree_step", "ask": "同意吗？", "options": [{"say": ["同意"]}]}


@pytest.mark.parametrize(
    ("languages", "lines"),
    [
        (("zh", "en"), ["admins: 📌 「小王」3 天内没有完成新人引导"]),
        (("en", "zh"), ["admins: 📌 小王 did not finish onboarding within 3 d"]),
    ],
    ids=["zh", "en"],
)
def test_who_gives_up_is_told_in_a_sentence(languages, lines):
    scene = Scene({"steps": [AGREE], "give_up_after": "72h", "on_give_up": [{"notify": "admins"}]}, languages)
    scene.joins(WANG)
    sent = scene.pass_(hours=73)
    assert [line for line in sent if line.startswith("admins")] == lines


@pytest.mark.parametrize(
    ("action", "lines"),
    [
        ({"notify": "admins"}, ["admins: 📌 「小王」没有按时完成新人任务「介绍一下自己」"]),
        (
            {"mute": "1h"},
            [
                "admins: ⚖️ 「小王」没有按时完成新人任务「介绍一下自己」：禁言 1 小时。",
                "@小王 新人任务「介绍一下自己」没有按时完成。禁言 1 小时。",
            ],
        ),
        (
            {"propose": "remove"},
            [
                "admins: ❓ 「小王」没有按时完成新人任务「介绍一下自己」，要处理吗？建议：移出群。 [✅ 同意] [❌ 不用]",
            ],
        ),
        ("warn", ["@小王 新人任务「介绍一下自己」没有按时完成。（第 1 次警告，30 天内有效）"]),
    ],
    ids=["notify", "mute", "propose", "warn"],
)
def test_a_missed_task_is_told_by_its_name(action, lines):
    task = {"id": "hello_task", "introduce": {}, "within": "24h", "on_missed": [action]}
    scene = Scene({"tasks": [task], "remind": {"after": "12h", "times": 0}})
    scene.joins(WANG)
    sent = scene.pass_(hours=25)
    assert [line for line in sent if not line.startswith("Mute")] == lines


def test_who_completes_onboarding_is_told_in_a_sentence():
    scene = Scene({"steps": [AGREE], "on_complete": [{"notify": "admins"}], "welcome": "${member.points} 分"})
    scene.joins(WANG)
    order = {"actor": ADMIN, "target": WANG, "workflow": "onboarding", "verb": "complete"}
    assert "admins: 📌 「小王」完成了新人引导" in scene.happens(Instructed, **order)


@pytest.mark.parametrize(
    ("languages", "line"),
    [(("zh", "en"), "📌 「小王」升到了「乙」"), (("en", "zh"), '📌 小王 reached the tier "B"')],
    ids=["zh", "en"],
)
def test_a_tier_that_is_reached_is_told_by_its_name(languages, line):
    tiers = {"b_tier": {"name": {"zh": "乙", "en": "B"}, "from": 10, "on_reach": [{"notify": "admins"}]}}
    town = Town(tiers, languages=languages)
    town.say("小王", "+10")
    [(kind, told, _)] = town.outbox()
    assert (kind, told) == ("TellAdmins", line)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        pytest.param(
            {"name": {"zh": "广告", "en": "Ads"}},
            "📌 ana 发了一条消息，触发了规则「广告」\n> x",
            '📌 ana wrote a message, and the rule "Ads" matched\n> x',
            id="by its name",
        ),
        pytest.param(
            {},
            "📌 ana 发了一条消息，触发了一条规则\n> x",
            "📌 ana wrote a message, and a rule matched\n> x",
            id="without a name",
        ),
    ],
)
def test_a_rule_is_told_by_its_name_and_what_happened(written, zh, en):
    for language, line in (("zh", zh), ("en", en)):
        chat = Chat(rules(rules=[rule(id="ad_rule", then=[{"notify": "admins"}], **written)]), language=language)
        chat.says(ANA, "x")
        assert chat.said("TellAdmins") == [line]


def test_the_reason_of_a_warning_is_told_to_the_admins_too():
    chat = Chat(rules(rules=[rule(name="Ads", then=[{"warn": "no ads please"}, "notify"])]))
    chat.says(ANA, "buy")
    assert chat.said("TellAdmins") == ['📌 ana wrote a message, and the rule "Ads" matched (no ads please)\n> buy']


def test_a_member_is_never_told_a_rule_s_id():
    for language, words in (("en", "That is against the rules of this group"), ("zh", "这样不合群规哦")):
        chat = Chat(rules(rules=[rule(id="ad_rule", then=["warn"])]), language=language)
        chat.says(ANA, "x")
        assert chat.said()[0].startswith(f"@ana {words}")


def test_a_limit_is_told_by_what_was_done():
    chat = Chat(rules(flood={"messages": 2, "within": "10s", "then": [{"mute": "1h"}]}), language="zh")
    for at in range(4):
        chat.says(ANA, "x", at)
    assert chat.said("TellAdmins")[0].startswith("⚖️ ana 短时间里发了太多消息：禁言 1 小时。")
