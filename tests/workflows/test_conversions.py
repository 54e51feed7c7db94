"""Conversions: counted by rules and by admins, once or each time, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from config.home import look
from core.events import MessageEdited
from core.workflow import Bound
from tests.commands.group import ADA, ANA, BEN, BINDING, BOSS, MIA, OTHER_MIA, ROBOT, Steered, button
from workflows import conversions
from workflows.conversion_options import Conversions

GOALS: dict[str, Any] = {
    "trial": {"name": {"en": "Trial run", "zh": "试用"}},
    "order": {"name": {"en": "Order", "zh": "下单"}, "once": False},
}
RULES = {
    "rules": [
        {"id": "tried", "when": "message", "if": 'msg.text.contains("tried it")', "then": [{"convert": "trial"}]},
        {"id": "ordered", "when": "message", "if": 'msg.text.contains("ordered")', "then": [{"convert": "order"}]},
    ]
}


def counting(language: Literal["en", "zh"] = "en", goals: dict[str, Any] = GOALS, **told: Any) -> Steered:
    runs = Bound(conversions.workflow, Conversions.model_validate(goals))
    return Steered(language, rules_written=told.pop("rules", RULES), also=(runs,), **told)


def heard(group: Steered) -> str:
    return "\n".join(group.told())


def reasons(group: Steered, rule: str) -> list[tuple[str, ...]]:
    return [line.because for line in group.store.audit("g") if line.rule == rule]


def test_a_rule_counts_one_goal_once_for_each_person_and_another_each_time():
    group = counting()
    for who in (ANA, ANA, BEN):
        group.says(who, "I tried it and ordered")
    assert (group.ledger("conversion:trial"), group.ledger("conversion:order")) == (2, 3)
    assert "converted before: trial" in reasons(group, "tried")[1]
    facts = [fact for fact in group.store.facts("g") if fact.kind == "conversion:trial"]
    assert {(fact.rule, fact.reason) for fact in facts} == {("tried", "converted")}


def test_an_edit_a_bot_staff_and_a_rule_on_trial_count_nothing():
    group = counting()
    group.says(ROBOT, "I tried it")
    group.says(BOSS, "I tried it")
    group.says(ANA, "I am about to")
    edit = MessageEdited(
        id=group.id(), at=group.at, group="g", actor=ANA, message=str(group.made - 1), text="I tried it"
    )
    group.run(edit)
    shadowed = {"rules": [{**RULES["rules"][0], "mode": "shadow"}]}
    trial = counting(rules=shadowed)
    trial.says(ANA, "I tried it")
    assert group.ledger("conversion:trial") == trial.ledger("conversion:trial") == 0
    assert ("an edit converts nobody",) in [because[-1:] for because in reasons(group, "tried")]


@pytest.mark.parametrize(
    ("language", "text", "done", "back"),
    [
        (
            "en",
            "/conversion add @ana order first one",
            "✅ Ana is counted for Order.",
            "One count of Ana for Order is taken back",
        ),
        (
            "en",
            "/conversion add @ana trial RUN",
            "✅ Ana is counted for Trial run.",
            "One count of Ana for Trial run is taken back",
        ),
        ("zh", "/转化 记 @ana 下单", "✅ 已为 Ana 记一次「下单」。", "✅ 已取消 Ana 的一次「下单」"),
    ],
)
def test_an_admin_counts_one_and_takes_it_back(language, text, done, back):
    group = counting(language)
    goal = "trial" if "trial" in text else "order"
    group.says(ADA, text)
    assert done in heard(group)
    assert group.ledger(f"conversion:{goal}") == 1
    group.says(ADA, text.replace("add", "remove").replace("记", "取消"))
    assert back in heard(group)
    assert group.ledger(f"conversion:{goal}") == 0
    kept = [fact.by is not None for fact in group.store.facts("g") if fact.kind == f"conversion:{goal}"]
    assert kept == [True, True]


@pytest.mark.parametrize(("language", "words"), [("en", "counted for Order"), ("zh", "记了一次「下单」")])
def test_undo_takes_an_admins_count_back_and_why_tells_it(language, words):
    group = counting(language)
    group.says(ADA, "/conversion add @ana order by phone")
    group.told()
    group.says(ADA, "/why @ana")
    told = heard(group)
    assert words in told
    assert told.splitlines()[1].endswith(("(Ada): by phone", "（Ada）：by phone"))
    group.says(ADA, "/undo @ana")
    assert words in heard(group)
    assert group.ledger("conversion:order") == 0
    group.says(ADA, "/undo @ana")
    assert group.ledger("conversion:order") == 0


def test_one_count_of_several_is_taken_back_and_told_as_one():
    group = counting()
    for _ in range(2):
        group.says(ADA, "/conversion add @ana order")
    group.told()
    group.says(ADA, "/conversion remove @ana order")
    assert heard(group) == "✅ One count of Ana for Order is taken back."
    assert group.ledger("conversion:order") == 1
    group.says(ADA, "/why @ana")
    assert "one count for Order taken back (Ada)" in heard(group)


def test_what_another_admin_took_back_since_is_not_undone_again():
    group = counting()
    group.says(ADA, "/conversion add @ana order")
    ordered = button(group.effects())
    group.says(BOSS, "/conversion remove @ana order")
    group.presses(ADA, ordered)
    assert [fact.amount for fact in group.store.facts("g") if fact.kind == "conversion:order"] == [1, -1]


def test_undo_of_an_older_count_takes_none_where_something_newer_was_done():
    group = counting()
    group.says(ADA, "/conversion add @ana order")
    older = button(group.effects())
    group.says(ADA, "/conversion add @ana order")
    group.says(BOSS, "/conversion remove @ana order")
    group.told()
    group.presses(ADA, older)
    assert "something newer took its place" in heard(group)
    assert group.ledger("conversion:order") == 1


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("/conversion add @ana refund", "What did they do? Write its name: Trial run, Order", "请写上是哪一项"),
        ("/conversion add @ana", "What did they do?", "请写上是哪一项"),
        ("/conversion remove @ana order", "was never counted for Order", "没有记过「下单」"),
        ("/conversion @ana order", "Write it like this: /conversion add", "请这样写：/转化 记"),
    ],
)
def test_what_is_wrong_with_an_order_is_told_in_both_languages(text, en, zh):
    told: tuple[tuple[Literal["en", "zh"], str], ...] = (("en", en), ("zh", zh))
    for language, words in told:
        group = counting(language)
        group.says(ADA, text)
        assert words in heard(group)
        assert not [fact for fact in group.store.facts("g") if fact.kind.startswith("conversion:")]


def test_the_only_goal_need_not_be_named():
    group = counting(goals={"trial": {}})
    group.says(ADA, "/conversion add", to=ANA)
    assert group.ledger("conversion:trial") == 1


def test_a_group_without_goals_says_so_and_moderators_may_not():
    group = Steered()
    group.says(ADA, "/conversion add @ana order")
    assert "counts no conversions" in heard(group)
    other = counting()
    other.says(MIA, "/conversion add @ana order")
    assert other.ledger("conversion:order") == 0


def test_a_conversion_that_nobody_wrote_is_told_at_its_place_with_a_guess(tmp_path: Path):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "c.yaml").write_text(
        "version: 1\n"
        "community: {name: C, timezone: UTC, languages: [en], groups: {g: {}}, admins: ['telegram:1']}\n"
        "conversions: {purchase: {name: Purchase}}\n"
        "rules:\n"
        "  - {id: r, when: message, then: [{convert: purchse}]}\n"
        "onboarding: {on_complete: [{convert: purchase}]}\n",
        encoding="utf-8",
    )
    _, told = look(tmp_path)
    problems = [problem for problem in told if problem.weight == "problem"]
    assert [(p.place.line, p.place.column, p.guess) for p in problems] == [(5, 45, "`purchase`")]
    assert "there is no conversion `purchse`" in str(problems[0])


def test_two_accounts_of_one_person_convert_once():
    runs = (BINDING, Bound(conversions.workflow, Conversions.model_validate(GOALS)))
    group = Steered(rules_written=RULES, also=runs, moderators=frozenset())
    group.says(OTHER_MIA, "that is me")
    for who in (MIA, OTHER_MIA):
        group.says(who, "I tried it")
    assert group.ledger("conversion:trial") == 1


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["counted for Order (rule ordered)"] * 2 + ["counted for Trial run (rule tried)"]),
        ("zh", ["记了一次「下单」（规则：ordered）"] * 2 + ["记了一次「试用」（规则：tried）"]),
    ],
)
def test_why_tells_what_rules_counted_the_newest_first(language, lines):
    group = counting(language)
    group.says(ANA, "I tried it")
    group.says(ANA, "ordered")
    group.says(ANA, "ordered again")
    group.says(ADA, "/conversion add @ana order by phone")
    group.effects()
    group.says(ADA, "/why @ana")
    _, by_hand, *ruled = heard(group).splitlines()
    assert "by phone" in by_hand
    assert [line.split(" ", 3)[3] for line in ruled[:3]] == lines
