"""How the databases find what is asked for: by an index, however much a group's books hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from adapters.sql import backlog, open_store, queries, reckoning, rollups
from adapters.sql.postgres import PostgresSession
from adapters.sql.queries import Lookup
from adapters.sql.sqlite_texts import lookup
from tests.support.databases import new_sqlite

ONE_COHORT = {"w": "(?, ?, ?, ?, ?)", "staff": "?", "kinds": "?"}
OF_ONE_WINDOW = {
    name: query for name, query in vars(rollups).items() if isinstance(query, Lookup) and "ledger" in query.text
}


@pytest.fixture
def plan(tmp_path):
    """The steps in which SQLite does what a text asks for."""
    url = new_sqlite(tmp_path / "x.db")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        yield lambda text: [
            row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?"))
        ]


def ledger_steps(steps):
    return [step for step in steps if "ledger" in step or " l USING" in step]


def test_a_board_of_some_days_looks_at_the_facts_of_those_days(plan):
    [step] = ledger_steps(plan(queries.LEADERS_SINCE))
    assert step.endswith("INDEX ledger_window (group_id=? AND kind=? AND at>?)")


@pytest.mark.parametrize("name", OF_ONE_WINDOW)
def test_a_digest_looks_at_nothing_from_before_its_window(plan, name):
    steps = ledger_steps(plan(lookup(OF_ONE_WINDOW[name], 2)))
    assert all("ledger_window (group_id=? AND kind=? AND at>? AND at<?)" in step for step in steps)


@pytest.mark.parametrize("text", [reckoning._BEGAN, reckoning._GAINED], ids=["began", "gained"])
def test_what_newcomers_came_to_is_looked_up_person_by_person(plan, text):
    [step] = ledger_steps(plan(text.format(**ONE_COHORT)))
    assert step.endswith("PRIMARY KEY (group_id=? AND person=? AND kind=?)")


def test_metrics_look_at_what_is_due_and_at_no_timer_that_is_to_come(plan):
    steps = [step for step in plan(backlog.TIMERS_DUE) if "timers" in step]
    assert sorted(steps) == [
        "SEARCH timers USING COVERING INDEX timers_at", "SEARCH timers USING COVERING INDEX timers_at (at<?)",
    ]  # fmt: skip
    [step] = plan(backlog.OUTBOX_OVERDUE)
    assert step.endswith("USING INDEX outbox_open")


@pytest.mark.parametrize(
    ("said", "told"),
    [("", [("off",), ("1.1",)]), ("&options=-c%20jit%3Don%20-c%20random_page_cost%3D2", [("on",), ("2",)])],
    ids=["by itself", "as the server was told"],
)
def test_postgres_looks_up_a_few_rows_rather_than_all_unless_it_was_told_otherwise(new_url, said, told):
    with closing(open_store(new_url("postgres") + said)) as store, store.unit() as unit:
        assert isinstance(unit.session, PostgresSession)
        ask = unit.session.connection.execute
        assert [ask("SHOW jit").fetchone(), ask("SHOW random_page_cost").fetchone()] == told
