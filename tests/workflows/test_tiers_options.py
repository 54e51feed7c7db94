"""What operators write about tiers: conditions taken apart, and mistakes found at load."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from core.events import MessagePosted
from core.people import Account, Actor
from tests.workflows.tier_town import START
from workflows.tier_clauses import Comparison, Other, clauses, negated
from workflows.tier_options import Review, Talk, Tier
from workflows.tiers import Tiers, workflow


def told(**written) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        Tiers.model_validate(written)
    return [(error["loc"], error["msg"].removeprefix("Value error, ")) for error in caught.value.errors()]


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("member.points >= 5", ["points>=5"]),
        ("member.a == 0 && member.b < 3", ["a==0", "b<3"]),
        ("(member.a > 0 && (member.b <= 3))", ["a>0", "b<=3"]),
        ("10 < member.a", ["a>10"]),
        ("member.a >= 1 || member.b >= 2", ["? member.a >= 1 || member.b >= 2"]),
        ("member.a >= 1 && (member.b >= 2 || member.c >= 3)", ["a>=1", "? member.b >= 2 || member.c >= 3"]),
        ("member.a >= 1 ? true : member.b > 0 && true", ["? member.a >= 1 ? true : member.b > 0 && true"]),
        ('"a && b" in member.tags && member.a > 1', ['? "a && b" in member.tags', "a>1"]),
        ("(member.a > 1) && (member.b > 2)", ["a>1", "b>2"]),
        ("member.a >= member.b", ["? member.a >= member.b"]),
        ("!(member.a >= 1)", ["? !(member.a >= 1)"]),
    ],
)
def test_clauses(source, parts):
    def shown(clause: Comparison | Other) -> str:
        return f"{clause.field}{clause.sign}{clause.bound}" if isinstance(clause, Comparison) else f"? {clause.source}"

    assert [shown(clause) for clause in clauses(source)] == parts


@pytest.mark.parametrize(
    ("source", "opposite"),
    [
        ("member.a < 3", "member.a >= 3"),
        ("member.a >= 3", "member.a < 3"),
        ("member.a == 3", "!(member.a == 3)"),
        ("member.a < 3 && member.b < 3", "!(member.a < 3 && member.b < 3)"),
    ],
)
def test_what_must_hold_so_that_a_condition_does_not(source, opposite):
    assert negated(source).source == opposite


@pytest.mark.parametrize(
    ("tier", "why"),
    [
        (
            {"from": 0, "if": "member.active_days_7d >= 8"},
            "member.active_days_7d would have to be at least 8 and at most 7",
        ),
        ({"from": 500, "if": "member.points < 500"}, "member.points < 500 cannot hold from 500 points on"),
        (
            {"from": 0, "if": "member.messages_7d > 9 && member.messages_7d < 5"},
            "member.messages_7d would have to be at least 10 and at most 4",
        ),
        ({"from": 0, "if": "member.warnings < 0"}, "member.warnings would have to be at least 0 and at most -1"),
    ],
)
def test_a_tier_that_nobody_can_ever_reach_is_refused(tier, why):
    assert told(tiers={"b": tier}) == [(("tiers", "b", "if"), f"nobody can ever reach this tier: {why}")]


def test_tiers_are_written_lowest_first_and_none_hides_another():
    assert told(tiers={"a": {"from": 10}, "b": {"from": 5}, "c": {"from": 5}}) == [
        (
            ("tiers",),
            '"b" starts at 5 points, below "a" before it; write the lowest tier first; '
            'nobody can stay in "b": "c" starts at 5 points as well, without an `if`',
        )
    ]


def test_a_wrong_field_names_the_nearest_one():
    ((place, why),) = told(tiers={"a": {"from": 0, "if": "member.pointz > 1"}})
    assert place == ("tiers", "a", "if")
    assert "points" in why


def test_only_tags_and_staff_can_be_protected():
    assert told(tiers={"a": {"from": 0}}, tier_review={"protect": ["volunteer"]}) == [
        (
            ("tier_review", "protect"),
            '"volunteer" names nobody to protect; write staff, or tag: and a tag, like tag:volunteer',
        )
    ]


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ("delete", "`delete` has nothing to act on when a tier is reached; `say` speaks to the group"),
        ({"reply": "好"}, "`reply` has nothing to act on when a tier is reached; `say` speaks to the group"),
        (
            {"say": "${msg.text}"},
            "msg.text is not known when a tier is reached; what is: member, group, tier.id, tier.name, tier.old",
        ),
    ],
)
def test_rewards_that_cannot_be_carried_out_are_refused(action, why):
    assert told(tiers={"a": {"from": 0, "on_reach": [action]}}) == [(("tiers", "a", "on_reach"), why)]


def test_rewards_of_the_entry_tier_are_refused_because_they_never_come():
    why = (
        '"a" is open to everybody from the start, so its `on_reach` never happens; '
        "greet newcomers with `onboarding`, or give the tier `from` points or an `if`"
    )
    assert told(tiers={"a": {"from": 0, "on_reach": [{"points": 5}]}}) == [(("tiers",), why)]


def test_several_mistakes_are_told_at_once():
    places = [place for place, _ in told(tiers={"a": {"form": 0}}, tier_review={"every": "year", "demote_below": 0})]
    assert places == [
        ("tiers", "a", "from"),
        ("tiers", "a", "form"),
        ("tier_review", "every"),
        ("tier_review", "demote_below"),
    ]


def test_the_dialects_example_is_understood():
    options = Tiers.model_validate(
        {
            "tiers": {
                "seed": {"name": {"zh": "种子", "en": "Seed"}, "from": 0},
                "sprout": {"name": {"zh": "新芽", "en": "Sprout"}, "from": 100},
                "tree": {
                    "name": {"zh": "大树", "en": "Tree"},
                    "from": 500,
                    "if": "member.warnings == 0 && member.active_days_30d >= 10",
                    "grants": ["post_links"],
                },
            },
            "tier_review": {
                "every": "month",
                "demote_if": "member.active_days_30d < 3",
                "protect": ["tag:volunteer"],
            },
        }
    )
    assert options.names == {"member.points", "member.warnings", "member.active_days_30d"}
    assert options.name("tree", "en") == "Tree"


def test_a_plain_message_is_nothing_to_decide():
    options = Tiers.model_validate({"tiers": {"a": {"from": 0}}})
    actor = Actor(account=Account("t:1"))
    message = MessagePosted(id="1", at=START, group="g", actor=actor, message="1", text="今天读了第三章")
    assert workflow.reads(message, options) is None


def test_the_example_in_the_documentation_works():
    page = (Path(__file__).parents[2] / "docs" / "tiers.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    options = Tiers.model_validate(yaml.safe_load(example))
    assert list(options.tiers) == ["seed", "sprout", "tree"]


@pytest.mark.parametrize("model", [Tier, Review, Talk])
def test_every_option_is_in_the_documentation(model):
    page = (Path(__file__).parents[2] / "docs" / "tiers.md").read_text(encoding="utf-8")
    for name, field in model.model_fields.items():
        assert f"| `{field.alias or name}` |" in page
        assert field.description


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("member.active_days_30d < 0", "member.active_days_30d would have to be at least 0 and at most -1"),
        ("member.active_days_7d >= 8", "member.active_days_7d would have to be at least 8 and at most 7"),
    ],
)
def test_a_review_by_which_nobody_can_ever_fall_is_refused(asked, why):
    written = {"tiers": {"a": {"from": 0}, "b": {"from": 9}}, "tier_review": {"demote_if": asked}}
    assert told(**written) == [(("tier_review", "demote_if"), f"nobody can ever fall back by this: {why}")]


@pytest.mark.parametrize("asked", ["member.active_days_30d < 3", "member.points < 0", "member.warnings > 0"])
def test_one_by_which_somebody_can_passes(asked):
    tiers = Tiers.model_validate({"tiers": {"a": {"from": 0}, "b": {"from": 9}}, "tier_review": {"demote_if": asked}})
    assert tiers.ladder.demote_if is not None
