"""The tasks that ambassadors did are told in a digest that asks for them."""

from __future__ import annotations

from dataclasses import replace

from core.events import ButtonPressed, Instructed
from core.workflow import Bound, Group
from tests.digests.group import STAFF, Week, community, person
from workflows import ambassadors
from workflows.ambassador_options import Ambassadors

KOC = {
    "name": "达人",
    "tasks": {"share": {"say": "#推荐", "per": "week", "times": 5, "min_chars": 0, "cooldown": "1m"}},
}


def circle() -> Group:
    """The community with ambassadors."""
    group = community(sections=["ambassadors"])
    return replace(group, runs=(*group.runs, Bound(ambassadors.workflow, Ambassadors.model_validate({"koc": KOC}))))


def joins(week: Week, number: int, day: int) -> None:
    """An admin orders that somebody is asked, and they say yes."""
    who, at = person(number), week.at(day, 8)
    week.said(who, day, "早", hour=7)
    order = Instructed(
        id=f"order:{number}",
        at=at,
        group="reading",
        actor=STAFF,
        workflow="ambassadors",
        verb="invite",
        target=who,
        arguments={"kind": "koc", "order": "1"},
    )
    pressed = ButtonPressed(id=f"yes:{number}", at=at, group="reading", actor=who, data="ambassador:say:yes:koc")
    week._events += [order, pressed]


def test_who_did_how_many_tasks_in_the_week(store):
    week = Week(store, circle())
    joins(week, 2, 16)
    joins(week, 3, 16)
    week.said(person(2), 17, "#推荐 上周的不算")
    for day in (23, 24, 25):
        week.said(person(2), day, f"#推荐 第 {day} 本书")
    week.said(person(3), 24, "#推荐 另一本书")
    week.said(person(4), 24, "#推荐 我不是达人")
    week.happens()
    assert week.told().splitlines()[2:] == ["🌟 达人：2 人完成任务 4 次", "1. 成员2 · 3", "2. 成员3 · 1"]
    assert "🌟 Ambassadors: tasks done: 4, people: 2" in week.told("en")


def test_a_week_without_tasks_says_nothing_of_them(store):
    week = Week(store, circle())
    week.said(person(2), 24, "早")
    week.happens()
    assert "🌟" not in week.told()
