"""`yaji jobs`, `yaji scheduler` and `yaji worker` as an operator meets them."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta

import pytest
import typer
from typer.testing import CliRunner

from adapters.sql.rows import micros
from adapters.sql.tasks import SqlTasks
from cli.jobs import jobs
from cli.scheduler import scheduler
from cli.worker import worker
from core.ports import DeadLetter, TaskRow, Writes
from jobs.clock.premises import Premises
from tests.clock.homes import last_minute, make_home
from tests.clock.timers import set_timers, timer

app = typer.Typer()
app.add_typer(jobs, name="jobs")
app.command()(scheduler)
app.command()(worker)


@pytest.fixture
def home(tmp_path):
    make_home(tmp_path / "home", 1, last_minute())
    return tmp_path / "home"


@pytest.fixture
def premises(home):
    with closing(Premises(home, {})) as opened:
        yield opened


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"LANG": "en", "COLUMNS": "200"})


def seen(home, *more):
    return json.loads(run("jobs", "--home", home, "--json", *more).stdout)


def sent(premises, **fields):
    """A message in the outbox, with some columns as given."""
    premises.store.set_address("g000", "telegram", "-100777")
    session = premises.store.pool.take()
    columns = {
        "id": "'e1/1'", "at": 0, "group_id": "(SELECT id FROM groups WHERE key = 'g000')", "event": "'e1'",
        "workflow": "'rules'", "kind": "'Delete'", "effect": "'{}'", "platform": "'telegram'",
    } | fields  # fmt: skip
    named, values = ", ".join(columns), ", ".join(str(value) for value in columns.values())
    session.ask(f"INSERT INTO outbox ({named}) VALUES ({values}) RETURNING id")
    premises.store.pool.give_back(session)


def test_an_empty_home_has_nothing_to_show(home):
    told = run("jobs", "--home", home)
    assert told.exit_code == 0
    assert "Timers: 0 set, 0 due, 0 rung for" in told.stdout
    assert "Redis is not there" in told.stdout


def test_it_shows_what_is_due_failed_and_set_aside_with_the_reasons(home, premises):
    now = premises.clock.now()
    set_timers(premises.store, [timer("g000", "remind:dawn", now - timedelta(minutes=1))])
    premises.clock.claim_due(now, 10, timedelta(seconds=10))
    sent(premises, state="'dead'", outcome="'Bad Request: message is gone'", attempts=8)
    premises.store.bury([DeadLetter("m7", now, "g000", "MessagePosted(...)", "ValueError: odd")])
    told = run("jobs", "--home", home).stdout
    assert "g000/check_in/remind:dawn  due; rung for 1 times" in told
    assert "dead  e1/1  Delete → telegram g000" in told
    assert "Bad Request: message is gone" in told
    assert "ValueError: odd" in told
    assert "定时：共 1 个，到点 1 个，已催 1 个" in run("jobs", "--home", home, "--lang", "zh").stdout
    found = seen(home)
    assert (found["timers"]["due"], found["messages"]["dead"][0]["attempts"], found["letters"]["all"]) == (1, 8, 1)


def test_what_waits_is_shown_with_its_reason_and_until_when(home, premises):
    then = premises.clock.now() + timedelta(hours=1)
    sent(premises, not_before=micros(then), outcome="'the day''s budget is used up'")
    sent(premises, id="'e2/1'", state="'sending'", courier="'c1'")
    for n in range(3, 6):
        sent(premises, id=f"'e{n}/1'")
    told = run("jobs", "--home", home, "--most", "2").stdout
    assert f"waiting  e1/1  Delete → telegram g000  1970-01-01 00:00:00Z  not before {then:%Y-%m-%d %H:%M:%SZ}" in told
    assert "      the day's budget is used up\n  waiting  e3/1" in told
    assert "  waiting  … and 2 more (--most)\n  being sent  e2/1  Delete" in told
    assert "之前不发" in run("jobs", "--home", home, "--lang", "zh").stdout
    found = seen(home, "--most", "2")["messages"]
    assert [one["id"] for one in found["waiting"]] == ["e1/1", "e3/1"]
    assert found["waiting"][0]["not_before"] == then.isoformat()
    assert found["sending"][0]["id"] == "e2/1"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("given up after 8 attempts: no answer in time", "试了 8 次，放弃：没有及时回音"),
        ("no_right: Bad Request: not enough rights", "没有权限：Bad Request: not enough rights"),
        ("the room's day is used up (200 of 200)", "群里一天的份额用完了（200/200）"),
    ],
)
def test_what_failed_is_told_in_the_operators_language(home, premises, outcome, told):
    sent(premises, state="'dead'", attempts=8, outcome="'{}'".format(outcome.replace("'", "''")))
    assert f"      {told}\n" in run("jobs", "--home", home, "--lang", "zh").stdout
    assert f"      {outcome}\n" in run("jobs", "--home", home, "--lang", "en").stdout


@pytest.mark.parametrize("state", ["dead", "unsure", "parked"])
def test_a_message_that_failed_is_tried_again(home, premises, state):
    sent(premises, state=f"'{state}'", attempts=8, outcome="'refused'")
    assert run("jobs", "retry", "e1/1", "--home", home).stdout == "e1/1 is tried again.\n"
    assert seen(home)["messages"]["states"] == {"waiting": 1}


@pytest.mark.parametrize("command", ["retry", "cancel"])
def test_the_home_and_the_language_may_stand_before_what_is_done(home, premises, command):
    sent(premises)
    told = run("jobs", "--home", home, "--lang", "zh", command, "e9/1")
    assert told.stderr == "没有 e9/1；用 `yaji jobs` 看编号。\n"
    assert run("jobs", "--home", "nowhere", command, "e1/1").exit_code == 2
    assert run("jobs", "--home", "nowhere", "cancel", "e1/1", "--home", home).stdout == "e1/1 is dropped.\n"


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"state": "'done'"}, "is done"), ({"state": "'dead'", "expires": 1}, "has expired"),
     ({"state": "'sending'"}, "is being sent"), ({"id": "'e2/1'"}, "There is no e1/1")],
    ids=["done", "expired", "sending", "unknown"],
)  # fmt: skip
def test_what_cannot_be_tried_again_is_said_with_the_reason(home, premises, fields, why):
    sent(premises, **fields)
    before = seen(home)["messages"]
    told = run("jobs", "retry", "e1/1", "--home", home)
    assert (told.exit_code, why in told.stderr) == (1, True)
    assert seen(home)["messages"] == before


def test_a_waiting_message_a_timer_and_a_letter_can_be_dropped(home, premises):
    now = premises.clock.now()
    sent(premises)
    set_timers(premises.store, [timer("g000", "remind:dawn", now)])
    premises.store.bury([DeadLetter("m7", now, "g000", "MessagePosted(...)", "ValueError: odd")])
    dropped = [run("jobs", "cancel", id_, "--home", home) for id_ in ("e1/1", "g000/check_in/remind:dawn", "m7")]
    assert [told.exit_code for told in dropped] == [0, 0, 0]
    assert [": only this time, later ones come." in told.stdout for told in dropped] == [False, True, False]
    found = seen(home)
    assert found["messages"]["states"] == {"dropped": 1}
    assert (found["timers"]["all"], found["letters"]["all"]) == (0, 0)
    assert run("jobs", "cancel", "m7", "--home", home).exit_code == 1


def test_a_timer_that_was_rung_for_in_vain_is_rung_for_at_once(home, premises):
    now = premises.clock.now()
    set_timers(premises.store, [timer("g000", "remind:dawn", now)])
    premises.clock.claim_due(now, 10, timedelta(hours=1))
    assert run("jobs", "retry", "g000/check_in/remind:dawn", "--home", home).exit_code == 0
    assert len(premises.clock.claim_due(now, 10, timedelta(hours=1))) == 1


@pytest.mark.parametrize("command", [["jobs"], ["scheduler"], ["worker"], ["jobs", "retry", "x"]], ids=" ".join)
def test_a_home_that_cannot_be_used_is_refused(tmp_path, command):
    told = run(*command, "--home", tmp_path / "none")
    assert told.exit_code == 2
    assert "cannot be used" in told.stderr


def test_mistakes_in_the_files_of_communities_are_nothing_to_it(home, premises):
    sent(premises, state="'dead'", attempts=8, outcome="'refused'")
    (home / "communities" / "tea.yaml").write_text("community: [\n")
    (home / "yaji.yaml").write_text("platforms: {telegran: {}}\n")
    assert seen(home)["messages"]["states"] == {"dead": 1}
    assert run("jobs", "retry", "e1/1", "--home", home).stdout == "e1/1 is tried again.\n"
    assert run("jobs", "cancel", "e1/1", "--home", home).exit_code == 0


def test_where_the_database_is_unknown_it_is_refused_with_the_place(home):
    (home / "yaji.yaml").write_text("storrage: {}\n")
    told = run("jobs", "--home", home)
    assert told.exit_code == 2
    assert "yaji.yaml:1:1: storrage: found the unknown key" in told.stderr


def test_an_address_of_redis_that_the_environment_lacks_is_told(home, premises):
    (home / "yaji.yaml").write_text("storage: {redis: '${env:REDIS_OF_OURS}'}\n")
    told = run("jobs", "--home", home)
    assert (told.exit_code, "REDIS_OF_OURS, which is not set" in told.stderr) == (2, True)


def test_a_queue_that_there_is_not_is_refused(home):
    told = run("worker", "--home", home, "--queue", "mail")
    assert (told.exit_code, "timers, digests\n" in told.stderr) == (2, True)


def asked(premises, key="weekly:2026-03-29"):
    """A digest that was asked for."""
    now = premises.clock.now()
    with premises.store.unit() as unit:
        unit.lock(["g000"])
        unit.save(Writes(tasks=[TaskRow("g000", "digest", key, now - timedelta(hours=1), None, {})]))
        unit.commit()
    return SqlTasks(premises.store)


def test_digests_are_shown_in_every_state(home, premises):
    tasks = asked(premises)
    assert "waiting  g000/digest/weekly:2026-03-29" in run("jobs", "--home", home).stdout
    (claimed,) = tasks.claim("digest", premises.clock.now(), timedelta(minutes=1))
    assert "at work  g000/digest/weekly:2026-03-29" in run("jobs", "--home", home).stdout
    assert "正在做" in run("jobs", "--home", home, "--lang", "zh").stdout
    assert tasks.drop(claimed, "late by more than half its period: not told", Writes())
    told = run("jobs", "--home", home).stdout
    assert "Digests and posts: dropped 1" in told
    assert "late by more than half its period" in told
    assert seen(home)["tasks"]["dropped"][0]["attempts"] == 1


def test_a_digest_that_came_to_nothing_is_tried_again_and_one_that_waits_is_dropped(home, premises):
    tasks, name = asked(premises), "g000/digest/weekly:2026-03-29"
    assert run("jobs", "cancel", name, "--home", home).stdout == f"{name} is dropped.\n"
    assert tasks.counts() == {"dropped": 1}
    assert run("jobs", "retry", name, "--home", home).stdout == f"{name} is tried again.\n"
    (claimed,) = tasks.claim("digest", premises.clock.now(), timedelta(minutes=1))
    assert claimed.attempt == 1
    told = run("jobs", "cancel", name, "--home", home)
    assert (told.exit_code, told.stderr) == (1, f"{name} is at work: nothing was done.\n")
    assert run("jobs", "retry", "g000/digest/nothing", "--home", home).exit_code == 1
