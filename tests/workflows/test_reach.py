"""Who cannot be written to in private leaves their place to others, until they write or a month is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from config.sections import reaching
from core.effects import Say
from core.engine import Engine
from core.events import Unreached
from core.people import Account, Actor
from core.workflow import Bound
from tests.workflows.check_in_camp import LI, WANG, Camp, person
from workflows import reach, reactivation
from workflows.check_in_options import CheckIns
from workflows.digest_options import Digests
from workflows.reactivation_options import Reactivate

WEEKLY: dict[str, Any] = {"at": "sun 20:00", "sections": ["check_in_board"]}
DANGER: dict[str, Any] = {"at": "20:00", "where": "private", "most": 1}


class Closed(Camp):
    """A camp in which a private message may be refused."""

    def __init__(self, *runs: Bound[Any], **challenges: Any) -> None:
        super().__init__(**challenges)
        self.group = replace(self.group, runs=(*self.group.runs, *runs, Bound(reach.workflow, reach.Reach())))
        self.engine = Engine(self.store, {"camp": self.group})

    def refuses(self, local: str, who: Actor) -> None:
        id_ = f"telegram:refused:{local}"
        self.tell(Unreached(id=id_, at=self.at(local), group="camp", member=who.account))

    def whispers(self) -> list[tuple[str, Account]]:
        rows = [(row.at, row.effect) for row in self.store.outbox("camp")]
        return [(f"{self.group.day(at):%m-%d}", say.to) for at, say in rows if isinstance(say, Say) and say.to]


def test_a_streak_in_danger_is_told_to_the_next_who_can_be_told() -> None:
    made = Closed(morning={"name": "晨读", "streak": {"danger": DANGER}})
    for who, since in ((WANG, "2026-03-01"), (LI, "2026-03-02")):
        made.days(since, 4 if who is WANG else 3, text="打卡", who=who)
    made.refuses("2026-03-04 20:01", WANG)
    made.until("2026-03-05 22:00")
    assert made.whispers() == [("03-05", LI.account)]


def test_a_reminder_in_private_goes_to_the_next_who_can_be_told() -> None:
    made = Closed(morning={"name": "晨读", "remind": DANGER})
    for who in (WANG, LI):
        made.says("2026-03-02 07:00", "打卡", who)
    made.refuses("2026-03-02 20:01", WANG)
    made.until("2026-03-03 22:00")
    assert made.whispers() == [("03-03", LI.account)]


@pytest.mark.parametrize(
    ("private", "spoken"),
    [(True, [("03-16", LI.account), ("03-30", WANG.account)]), (False, [("03-16", LI.account)])],
    ids=["who writes in private", "who writes in the group only"],
)
def test_who_writes_to_the_assistant_can_be_written_to_again(private: bool, spoken: list[Any]) -> None:
    made = Closed(Bound(reactivation.workflow, Reactivate.model_validate({})))
    for who in (WANG, LI):
        made.says("2026-03-02 12:00", "早", who)
    made.refuses("2026-03-03 12:00", WANG)
    made.says("2026-03-16 12:00", "你好", WANG, private=private)
    made.until("2026-04-01 00:00")
    assert made.whispers() == spoken


def test_after_a_month_it_is_tried_again_and_a_refusal_counts_anew() -> None:
    made = Closed(morning={"name": "晨读", "streak": {"danger": {**DANGER, "most": 9}}})
    made.refuses("2026-03-02 07:00", WANG)  # nobody yet
    made.days("2026-03-02", 3, text="打卡")
    made.refuses("2026-03-03 20:00", WANG)
    made.until("2026-03-06 00:00")
    made.days("2026-03-30", 3, text="打卡")
    made.until("2026-04-03 00:00")
    assert made.whispers() == [("04-02", WANG.account)]
    made.refuses("2026-04-03 20:00", WANG)
    made.days("2026-04-10", 3, text="打卡")
    made.until("2026-04-14 00:00")
    assert made.whispers() == [("04-02", WANG.account)]


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ({"digests": Digests.model_validate({"weekly": {**WEEKLY, "to": ["subscribers"]}})}, True),
        ({"digests": Digests.model_validate({"weekly": {**WEEKLY, "to": ["reading"]}})}, False),
        ({"reactivation": Reactivate.model_validate({})}, True),
        ({"reactivation": Reactivate.model_validate({"where": "group"})}, False),
        ({"check_in": CheckIns.model_validate({"a": {"streak": {"danger": DANGER}}})}, True),
        ({"check_in": CheckIns.model_validate({"a": {"streak": {"danger": {"at": "20:00"}}}})}, False),
        ({"check_in": CheckIns.model_validate({"a": {"remind": DANGER}})}, True),
        ({}, False),
    ],
)
def test_it_is_remembered_only_where_people_are_chosen_to_be_written_to(options: Any, runs: bool) -> None:
    assert [bound.name for bound in reaching(options)] == ["reach"] * runs


def test_nobody_is_remembered_who_was_never_seen() -> None:
    made = Closed()
    made.refuses("2026-03-02 07:00", person("ghost"))
    assert list(made.store.every_record("camp", reach.SHUT)) == []
