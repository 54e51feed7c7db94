"""What surveys came to stands in a digest of the days on which they were told, for those who were to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.people import NOBODY
from core.ports import RecordAt, Writes
from core.workflow import Bound, Group
from tests.digests.group import Week, community
from workflows import surveys
from workflows.survey_book import RESULTS, Result, Results
from workflows.survey_options import Surveys

COUNTS = (0, 1, 0, 0, 0, 0, 0, 2, 0, 3, 2)
"""+50: five of eight against one."""


def asked(to: list[str], tell: list[str]) -> Group:
    made = community(sections=["surveys"], to=to)
    written: dict[str, Any] = {"nps": {"tell": tell}}
    return replace(made, runs=(*made.runs, Bound(surveys.workflow, Surveys.model_validate(written))))


def told(store, to: list[str], tell: list[str], day: int = 27, shape: str = "nps") -> str:
    week = Week(store, asked(to, tell))
    result = Result(day=date(2026, 3, day - 3), shape=shape, counts=COUNTS, could=20, told=date(2026, 3, day))
    with store.unit() as unit:
        unit.save(Writes(records={RecordAt("reading", NOBODY, RESULTS.name): Results({"nps": result})}))
        unit.commit()
    return week.told("zh")


@pytest.mark.parametrize(
    ("to", "tell"), [(["admins"], ["admins"]), (["admins"], ["reading"]), (["reading", "admins"], ["reading"])]
)
def test_it_is_told_to_those_who_were_to_be_told(store, to, tell):
    line = "📝 调查结果：\n· 从 0 到 10，你有多愿意把「晨读营」推荐给朋友？ +50 ±37（20 人里 8 人回答）"
    assert told(store, to, tell).endswith(line)


@pytest.mark.parametrize(
    ("to", "tell", "more"),
    [
        (["reading"], ["admins"], {}),
        (["admins", "subscribers"], ["admins"], {}),
        (["admins"], ["admins"], {"day": 20}),
        (["admins"], ["admins"], {"shape": "scale"}),
    ],
    ids=["to the group", "to subscribers", "of another week", "of what it was before"],
)
def test_it_is_told_to_nobody_else_and_at_no_other_time(store, to, tell, more):
    assert "调查" not in told(store, to, tell, **more)
