"""The thanks rule on a real room that had a bot for it: who thanked whom, against what that bot said."""

from __future__ import annotations

import csv
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.exports.links import names
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Bound, Group
from tests.workflows.rules_chat import rule, rules
from workflows.rules import workflow
from workflows.texts import Catalog

FOLDER = os.environ.get("YAJI_REAL_DATA")
_SAID = re.compile(r"([\w-]+) sends brownie points to (.*)")
_NEAR = timedelta(seconds=30)


def member(name: str) -> Actor:
    return Actor(account=Account(f"gitter:{name.lower()}"), name=name)


@pytest.mark.skipif(FOLDER is None, reason="YAJI_REAL_DATA names no folder with real histories")
def test_thanks_agree_with_the_rooms_own_bot() -> None:
    path = Path(FOLDER or "") / "gitter" / "Casual.tsv"
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = {row[5]: row for row in csv.reader(lines, delimiter="\t") if len(row) == 7}
    events = sorted(
        (
            MessagePosted(
                id=row[5],
                at=datetime.fromisoformat(row[2]),
                group="g",
                actor=member(row[4]),
                message=row[5],
                text=row[6],
                mentions=tuple(member(name) for name in names(row[6])),
            )
            for row in rows.values()
        ),
        key=lambda event: event.at,
    )
    condition = r'msg.mentions.size() > 0 && msg.text.matches("(?i)\\b(thanks|thank you|thx|ty)\\b|谢谢|感谢")'
    options = rules(
        rules=[rule(**{"if": condition}, then=[{"points": {"to": "mentioned", "add": 1, "cap_per_day": 10}}])]
    )
    store = MemoryStore()
    group = Group(key="g", runs=(Bound(workflow, options),), texts=Catalog.shipped())
    for start in range(0, len(events), 500):
        assert not Engine(store, {"g": group}).process(events[start : start + 500]).faults
    people = {each.person: each.name.lower() for each in store.people("g")}
    given = {(people[fact.by], fact.at) for fact in store.facts("g") if fact.by is not None}
    told = {(found[1].lower(), event.at) for event in events if (found := _SAID.search(event.text))}
    moved_in = next(event.at for event in events if event.actor.name == "camperbot")
    since = {(who, at) for who, at in given if at >= moved_in - _NEAR}

    def near(one: tuple[str, datetime], others: set[tuple[str, datetime]]) -> bool:
        return any(who == one[0] and abs(at - one[1]) <= _NEAR for who, at in others)

    assert len(rows) == 9537
    assert sum(near(one, given) for one in told) / len(told) >= 0.89
    assert sum(near(one, told) for one in since) / len(since) >= 0.95
