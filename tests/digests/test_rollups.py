"""The sums of many groups at once agree with the books, read one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from adapters.sql.rollups import SqlRollups, Window
from core.engine import Engine
from core.ports import Fact, Writes
from core.state import POINTS, Entry
from tests.digests.group import SHANGHAI, SUNDAY, Week, community
from tests.digests.test_words import eventful
from workflows.appeal_book import APPEAL, UPHELD
from workflows.digest_periods import Period

WEEK = Period(span="week", first=date(2026, 3, 23), last=date(2026, 3, 29))


def window(group: str) -> Window:
    begins, ends = WEEK.instants(SHANGHAI)
    return Window(group, WEEK.first, WEEK.last, begins, ends)


def two_groups(store):
    """The same week in two groups, and one that nothing was ever heard of."""
    for key in ("reading", "writing"):
        week = Week(store, replace(community(), key=key))
        eventful(week)
        week._events = [replace(event, id=f"{event.id}@{key}", group=key) for event in week._events]
        week.engine = Engine(store, {key: week.group})
        week.happens()
    return SqlRollups(store), [window("reading"), window("nowhere"), window("writing")]


def test_days_are_those_of_the_books(every_store):
    rollups, windows = two_groups(every_store)
    found = rollups.days(windows)
    assert set(found) == {"reading", "writing"}
    for group, days in found.items():
        messages: Counter[date] = Counter()
        active: Counter[date] = Counter()
        for _, day in every_store.activity(group):
            messages[day.day] += day.messages
            active[day.day] += day.active
        told = {day.day: (day.messages, day.active) for day in days}
        assert told == {d: (messages[d], active[d]) for d in messages if WEEK.first <= d <= WEEK.last and active[d]}


def test_scores_are_sums_of_the_ledger(every_store):
    rollups, windows = two_groups(every_store)
    begins, ends = windows[0].begins, windows[0].ends
    for group, tally in rollups.scores(windows, POINTS, 9).items():
        sums: Counter[int] = Counter()
        for entry in every_store.facts(group):
            if entry.kind == POINTS and begins <= entry.at < ends:
                sums[entry.person] += entry.amount
        assert {score.person: score.amount for score in tally.first} == dict(sums)
        assert [score.amount for score in tally.first] == sorted(sums.values(), reverse=True)
        assert (tally.people, tally.total) == (len(sums), sum(sums.values()))


def test_check_ins_helpers_moves_and_rules_of_each_group(every_store):
    rollups, windows = two_groups(every_store)
    for group in ("reading", "writing"):
        tally = rollups.check_ins(windows, "check_in:morning", 3)[group]
        assert [(one.name, one.amount) for one in tally.first] == [("成员2", 3), ("成员3", 2), ("成员4", 2)]
        assert (tally.people, tally.total) == (4, 8)
        assert sum(rollups.checked_days(windows, "check_in:morning")[group].values()) == 8
        helped = rollups.helpers(windows, "thanks", 9)[group]
        assert [(one.name, one.amount) for one in helped.first] == [("成员2", 1)]
        assert rollups.givers(windows, "thanks")[group] == 1
        assert [(one.name, one.tier) for one in rollups.moves(windows, "tier")[group] if one.tier == "tree"] == [
            ("成员2", "tree"),
            ("成员3", "tree"),
        ]
        assert [(one.rule, one.on, one.people) for one in rollups.rules(windows)[group]] == [
            ("ads", 1, 1),
            ("thanks", 1, 1),
        ]


def test_appeals_are_counted_by_rule_and_by_when_they_were_made_and_upheld(every_store):
    rollups, windows = two_groups(every_store)
    with every_store.unit() as unit:
        unit.lock(["reading"])
        (person,) = {member.person for member in every_store.people("reading") if member.name == "成员2"}
        for n, (kind, rule, day) in enumerate(
            ((APPEAL, "ads", 1), (APPEAL, "ads", 2), (UPHELD, "ads", 2), (APPEAL, "thanks", 3), (UPHELD, "thanks", 9))
        ):
            at = windows[0].begins + timedelta(days=day)
            entry = Entry(kind, str(n), at, person, 1, None, "e", rule, "appealed")
            unit.save(Writes(facts=[Fact("reading", entry)]))
        unit.commit()
    assert rollups.appeals(windows, APPEAL, UPHELD) == {"reading": [("ads", 2, 1), ("thanks", 1, 0)]}


def test_who_came_and_went_and_who_is_there(every_store):
    rollups, windows = two_groups(every_store)
    assert [(one.name, one.gone) for one in rollups.joined(windows)["writing"]] == [("小新", False), ("路过的人", True)]
    assert len(rollups.left(windows)["writing"]) == 1
    assert rollups.members(["writing", "nowhere", "reading"]) == {"writing": 6, "reading": 6}


def test_nothing_is_told_of_what_comes_later(every_store):
    rollups, windows = two_groups(every_store)
    early = [one._replace(ends=SUNDAY - timedelta(days=6)) for one in windows]
    assert rollups.scores(early, POINTS, 1)["reading"].total == 20
    assert rollups.rules(early) == {}
