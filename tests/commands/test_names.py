"""What people read calls things by their names in their language: tiers, deeds, commands; and one of a thing is one."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

import pytest

from core.effects import TellAdmins, plain
from core.people import Actor
from tests.commands.group import ADA, ALL_RIGHTS, ANA, BEN, BOSS, WANG, Steered, actor, admin
from workflows.catalog import Catalog
from workflows.command_list import ALL, BOOK
from workflows.commands import Role

Tongue = Literal["zh", "en"]
TIERS: dict[str, Any] = {
    "seed": {"from": 0, "name": {"zh": "种子", "en": "Seed"}},
    "tree": {"from": 100, "name": {"zh": "大树", "en": "Tall tree"}},
}
CAMP: dict[str, Any] = {
    "morning": {"points": 5, "name": {"zh": "晨读", "en": "Morning"}},
    "evening": {"points": 5, "keywords": ["晚读"]},
}


def named(language: Tongue, **more: Any) -> Steered:
    group = Steered(language, tiers_written=TIERS, challenges=CAMP, **more)
    group.says(ANA, "hello")
    group.told()
    return group


@pytest.mark.parametrize("written", ["tree", "大树", "「大树」", "Tall tree", "tall TREE", "TREE"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_tier_is_set_by_its_id_or_any_of_its_names_and_told_by_its_name(language: Tongue, written: str) -> None:
    group = named(language)
    group.says(ADA, f"/tier set @ana {written} helped a lot")
    assert (
        group.told()
        == {
            "zh": ["✅ 把 Ana 的等级设为「大树」。", "Ada 把 Ana 的等级设为「大树」。原因：helped a lot"],
            "en": [
                "✅ The tier of Ana is Tall tree now.",
                "Ada set the tier of Ana to Tall tree. Why: helped a lot",
            ],
        }[language]
    )
    group.says(ADA, "/why @ana")
    (why,) = group.told()
    assert {"zh": "· 等级「大树」，从", "en": "· tier Tall tree since"}[language] in why
    assert "tree，" not in why
    group.says(ADA, "/tier set @ana gold")
    assert {"zh": "等级有：种子、大树", "en": "There are Seed, Tall tree"}[language] in group.told()[0]
    group.says(ADA, "/tier set @ana tree")
    assert group.told() == [{"zh": "Ana 已经是「大树」了。", "en": "Ana is Tall tree already."}[language]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_taken_back_is_told_in_one_language(language: Tongue) -> None:
    group = named(language)
    group.says(ADA, "/tier set @ana tree")
    group.told()
    group.says(ADA, "/undo")
    assert (
        group.told()
        == {
            "zh": ["↩️ Ada 撤销了对 Ana 的处理：等级设为「大树」。", "Ada 把 Ana 的等级设为「种子」。原因：撤销"],
            "en": [
                "↩️ Ada took back what was done about Ana: tier set to Tall tree.",
                "Ada set the tier of Ana to Seed. Why: taken back",
            ],
        }[language]
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("which", ["morning", "晨读", "Morning"])
def test_a_challenge_is_meant_by_its_id_or_name_and_cards_have_one_word(language: Tongue, which: str) -> None:
    group = named(language)
    group.says(ADA, f"/checkin cards @ana {which} 3")
    assert (
        group.told()
        == {
            "zh": ["✅ 给 Ana 发了 3 张补卡券。", "🔧 给 Ana 发了 3 张「晨读」补卡券，现有 3 张"],
            "en": ["✅ Make-up cards for Ana: 3.", "🔧 Ana got 3 make-up cards for Morning and has 3"],
        }[language]
    )
    group.says(ADA, "/why @ana")
    assert {"zh": "发 3 张补卡券（Ada）", "en": "make-up cards: 3 (Ada)"}[language] in group.told()[0]
    group.says(ADA, f"/checkin repair @ana {which} 2026-03-01")
    assert {"zh": "积分变动 +5", "en": "points +5"}[language] in group.told()[1]
    group.says(ADA, "/checkin repair @ana 2026-03-01")
    assert {"zh": "晨读（morning）、evening", "en": "Morning (morning), evening"}[language] in group.told()[0]


@pytest.mark.parametrize(
    "text",
    [
        "/checkin @ana cards 3",
        "/checkin 20001 cards 3",
        "/打卡 @ana 发卡 3",
        "/checkin telegram:20001 cards 3",
        "/tier @ana set old",
        "/等级 20001 设为 old",
        "/tier 20001 lock",
    ],
)
def test_whom_it_is_about_may_be_written_before_what_to_do(text: str) -> None:
    swapped, group = Steered(), Steered()
    command, whom, verb, *rest = text.split(" ")
    swapped.says(ADA, text)
    group.says(ADA, " ".join((command, verb, whom, *rest)))
    assert (told := swapped.told()) == group.told()
    assert told[0].startswith("✅")
    assert [(f.kind, f.amount) for f in swapped.store.facts("g")] == [
        (f.kind, f.amount) for f in group.store.facts("g")
    ]


@pytest.mark.parametrize(
    "text", ["/checkin 20001 repair 2026-03-01", "/打卡 20001 补 昨天", "/checkin Li Lei repair soon"]
)
def test_an_order_about_somebody_who_is_named_first_is_no_check_in_of_ones_own(text: str) -> None:
    group = Steered()
    group.says(ADA, text, mentions=(Actor(account=ANA.account, name="Li Lei"),))
    told = group.told()
    assert told
    assert all("Ana" in line or "Li Lei" in line or "Which day" in line for line in told)


DONE: dict[str, tuple[list[str], list[str]]] = {
    "/warn @wang": (["✅ 已警告 小王。", "@小王 收到一次警告（第 1 次，30 天内有效）"],
                    ["✅ 小王 was warned.", "@小王 was warned (warning 1, counts for 30 d)"]),
    "/warn @wang 刷屏": (["✅ 已警告 小王。", "@小王 收到一次警告：刷屏（第 1 次，30 天内有效）"],
                       ["✅ 小王 was warned.", "@小王 was warned: 刷屏 (warning 1, counts for 30 d)"]),
    "/mute @wang": (["✅ 已禁言 小王，直到管理员解除。"], ["✅ 小王 is muted until an admin lifts it."]),
    "/mute @wang 1h 刷屏": (["✅ 已禁言 小王 1 小时。原因：刷屏"], ["✅ 小王 is muted for 1 h. Why: 刷屏"]),
    "/kick @wang 刷屏": (["✅ 已把 小王 移出群，TA 以后还可以再加入。原因：刷屏"],
                       ["✅ 小王 was removed and may come back. Why: 刷屏"]),
    "/ban @wang": (["✅ 已封禁 小王，不能再加入。"], ["✅ 小王 is banned."]),
    "/ban @wang 7d 广告": (["✅ 已封禁 小王 7 天。原因：广告"], ["✅ 小王 is banned for 7 d. Why: 广告"]),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", DONE)
def test_what_an_admin_does_is_a_whole_sentence(language: Tongue, command: str) -> None:
    group = Steered(language)
    group.says(ADA, command.replace("@wang", str(WANG.account)))
    assert group.told() == DONE[command][language == "en"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "📝 已记下：小王，禁言 1 小时（刷屏）。"),
        ("en", "📝 Noted for 小王: muted for 1 h (刷屏). "),
    ],
)
def test_what_is_only_asked_for_is_told_with_its_reason(language: Tongue, told: str) -> None:
    group = Steered(language, unbarred=("telegram",))
    group.says(ADA, f"/mute {WANG.account} 1h 刷屏")
    assert group.told()[0].startswith(told)


def test_the_line_to_the_admins_about_what_one_of_them_did_tells_why() -> None:
    group = Steered("en", report="all")
    group.says(ADA, f"/ban {WANG.account} 7d ads")
    assert [line.endswith("小王 is banned for 7 d. Why: ads") for line in group.told()] == [True, True]


@pytest.mark.parametrize(
    ("language", "reason", "told"),
    [
        ("zh", "请别刷屏", "@Ben 请别刷屏，禁言 1 小时。"),
        ("zh", "请别刷屏！", "@Ben 请别刷屏！禁言 1 小时。"),
        ("en", "No ads", "@Ben No ads. Muted for 1 h."),
        ("en", "No ads!", "@Ben No ads! Muted for 1 h."),
    ],
)
def test_what_follows_from_a_reason_stands_apart_from_it(language: Tongue, reason: str, told: str) -> None:
    rule = {"id": "ads", "name": reason, "when": "message", "if": 'msg.text == "ads"', "then": [{"mute": "1h"}]}
    group = Steered(language, rules_written={"rules": [rule]}, report="none")
    group.says(BEN, "ads")
    assert group.told() == [told]


NAMED: Final = {
    "rules": [
        {"id": "ads", "name": {"zh": "不发广告", "en": "No ads"}, "when": "message", "if": 'msg.text == "ads"',
         "then": [{"mute": "1h"}]},
        {"id": "scam", "name": {"zh": "不骗人", "en": "No scams"}, "when": "message", "if": 'msg.text == "scam"',
         "then": [{"propose": "ban"}]},
        {"id": "loud", "name": {"zh": "小声", "en": "Hush"}, "when": "message", "if": 'msg.text == "loud"',
         "then": [{"mute": "2h"}]},
        {"id": "loud-2", "name": {"zh": "小声", "en": "Hush"}, "when": "message", "if": "false", "then": ["delete"]},
        {"id": "nameless", "when": "message", "if": 'msg.text == "odd"', "then": [{"mute": "3h"}]},
    ],
    "flood": {"messages": 2, "within": "10s", "then": [{"mute": "4h"}]},
}  # fmt: skip
WHY: Final = {
    "ads": ("禁言 1 小时（规则：「不发广告」）", 'muted for 1 h (rule "No ads")'),
    "scam": ("封禁（规则：「不骗人」，Ada 同意）", 'banned (rule "No scams", Ada agreed)'),
    "loud": ("禁言 2 小时（规则：「小声」（loud））", 'muted for 2 h (rule "Hush" (loud))'),
    "odd": ("禁言 3 小时（规则：nameless）", "muted for 3 h (rule nameless)"),
    "so many": ("禁言 4 小时（规则：刷屏）", "muted for 4 h (rule flood)"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("text", WHY)
def test_why_calls_a_rule_as_the_operator_did(language: Tongue, text: str) -> None:
    group = Steered(language, rules_written=NAMED)
    for _ in range(3 if text == "so many" else 1):
        group.says(BEN, text, seconds=1)
    if text == "scam":
        group.presses(ADA, group.effects()[0].choices[0].data)
    group.told()
    group.says(ADA, "/why @ben")
    assert WHY[text][language == "en"] in group.told()[0]


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "（规则：「不发广告」，已由 Ada 撤销）"), ("en", '(rule "No ads", undone by Ada)')],
)
def test_why_tells_by_which_rule_was_done_what_is_undone(language: Tongue, told: str) -> None:
    group = Steered(language, rules_written=NAMED)
    group.says(BEN, "ads")
    group.says(ADA, "/undo @ben")
    group.says(ADA, "/mute @ben 1h")
    group.says(ADA, "/undo @ben")
    group.told()
    group.says(ADA, "/why @ben")
    lines = group.told()[0].split("\n")
    assert told in lines[2]
    assert {"zh": "（已由 Ada 撤销）", "en": "(undone by Ada)"}[language] in lines[1]


def test_help_in_chinese_has_the_chinese_words_with_the_english_beside_them() -> None:
    group = named("zh")
    group.says(BOSS, "/帮助 全部")
    lines = group.told()[0].split("\n")
    assert "/警告（/warn） – 警告成员" in lines
    assert "/等级（/tier） – 管理等级：锁定 lock、解锁 unlock、设为 set、重算 recalculate" in lines
    assert "/打卡（/checkin） – 管理打卡：补 repair、取消 remove、免 excuse、发卡 cards" in lines
    assert "/导出（/export） – 导出本群账本" in lines
    assert not [line for line in lines if line.startswith("/") and "（/" not in line]


def test_the_platform_is_asked_who_asks_for_help() -> None:
    help_ = BOOK.named("help")
    assert help_ is not None
    assert help_.ranks, "else the owner is taken for any other admin, and is not told of what only owners may"


@pytest.mark.parametrize("text", ["/warn @ada", "/警告 @ada", "/undo @ada", "/加减分 @ben", "/tier set @ben"])
def test_a_hint_in_chinese_names_no_english_command(text: str) -> None:
    group = named("zh")
    group.says(ADA, text)
    said = group.told()[0]
    assert not re.search(r"/[a-z]", said), said


def test_every_command_has_a_chinese_word_and_chinese_sentences_name_it_by_that() -> None:
    words = {command.name: command for command in ALL}
    assert not [name for name, command in words.items() if not command.zh]
    catalog = Catalog.shipped()
    wrong = [
        (key, found)
        for key in catalog.keys("zh")
        for found in re.findall(r"/([a-z]+)\b", str(catalog._sentences["zh"][key].wording.parts))
        if found in words
    ]
    assert wrong == []


def test_members_see_no_command_of_admins() -> None:
    group = named("zh")
    group.says(BEN, "/help all")
    said = group.told()[0]
    assert all(f"/{one.name}）" not in said for one in ALL if one.least > Role.MEMBER)


@pytest.mark.parametrize(
    ("key", "values", "told"),
    [
        ("members.streak", {"command": {"name": "Morning", "days": 1, "best": 1}}, "1 day in a row"),
        ("members.streak", {"command": {"name": "Morning", "days": 2, "best": 2}}, "2 days in a row"),
        ("members.me", {"command": {"name": "Ana", "points": 1}}, "Ana: 1 point"),
        ("members.top_own", {"command": {"points": 1}}, "You: 1 point"),
        ("check_in.status_cards", {"check_in": {"cards": 1}}, "You hold 1 make-up card"),
        ("check_in.late_none", {"check_in": {"days": 1}}, "in the last day."),
        (
            "check_in.leave_over",
            {"check_in": {"per_month": 1, "month": "2026-03", "left": 0}},
            "At most 1 day of leave",
        ),
        ("onboarding.line_days", {"onboarding": {"task": "x", "number": 1}}, "(1 day left)"),
        ("appeals.too_many", {"appeal": {"most": 1}}, "more than 1 appeal in"),
        ("digests.question_more", {"digest": {"count": 1}}, "1 older one"),
    ],
)
def test_one_of_a_thing_is_told_as_one(key: str, values: dict[str, Any], told: str) -> None:
    said = plain(Catalog.shipped().say(key, "en", values))
    assert told in said
    assert not re.search(r"\b1 \w+s\b", said)


def test_no_count_stands_before_a_bare_plural() -> None:
    """In an English sentence a number agrees with what it counts, or stands behind it."""
    catalog = Catalog.shipped()
    plurals = r"\} (days|points|people|members|check-ins|messages|warnings|cards|characters|times|names|records|ones)\b"
    found = {
        key
        for key in catalog.keys("en")
        if re.search(
            plurals, "".join(p if isinstance(p, str) else "}" for p in catalog._sentences["en"][key].wording.parts)
        )
    }
    always_more = {key for key in found if f"{key}_one" in catalog.keys("en")}
    always_more |= {"tiers.need_streak", "commands.why_points", "check_in.late_done_days"}
    assert found - always_more == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whoever_has_a_name_that_nobody_sees_is_told_by_their_number(language: Tongue) -> None:
    group = Steered(language)
    group.says(actor(20009, "\u200b\u2060"), "打卡")
    unseen = admin(20010, "\u200b\u2060", *ALL_RIGHTS)
    for order in ("/note @ana likes poems", "/tier set @ana old", "/undo @ana", "/why @ana"):
        group.says(unseen, order)
    told = group.told()
    assert sum("20009" in line for line in told) == 1
    assert sum("20010" in line for line in told) == 4, told


@pytest.mark.parametrize("name", ["Mr.Wang", "t.me/spam", "@ana2"])
def test_whose_name_leads_nowhere_is_found_as_the_assistant_said_it(name: str) -> None:
    group = Steered("en")
    group.says(actor(20011, name), "hi")
    group.says(ADA, "/warn 20011 spam")
    said = group.told()[0].removeprefix("✅ ").removesuffix(" was warned.")
    assert said != name
    group.says(ADA, f"/warns @{said}")
    assert group.told()[0].startswith(f"⚠️ {said}"), said


@pytest.mark.parametrize("desk", [False, True])
def test_what_admins_are_told_stands_in_the_topic_of_a_command_only_where_that_is_their_own(desk: bool) -> None:
    group = named("en")
    group.says(ADA, f"/tier set {ANA.account} tree helped a lot", topic="17", desk=desk, private=desk)
    lines = [effect for effect in group.effects() if isinstance(effect, TellAdmins)]
    assert len(lines) == (2 if desk else 1)
    assert {line.topic for line in lines} == {"17" if desk else None}
