"""All groups of a community as one: everybody once, sums added up, shares worked out from the sums."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.sql import open_store
from cli.main import app
from core.engine import Engine
from core.events import MemberJoined, MessagePosted
from core.people import NOBODY, Account, Actor
from core.ports import Fact, RecordAt, Writes
from core.state import Entry
from core.workflow import Group
from tests.metrics.history import BERLIN, FIRST
from tests.support.databases import new_sqlite
from workflows.gaps import GAPS, Gap, Gaps

HOME = """
community:
  {name: {en: Walkers, zh: 行走}, timezone: Europe/Berlin, languages: [en, zh],
   groups: {walks: {}, talks: {}, desk: {}}, admin_group: desk, admins: [telegram:1]}
check_ins: {morning: {keywords: [checkin]}}
"""
ALONE = """
community: {name: Alone, timezone: Europe/Berlin, languages: [en], groups: {alone: {}}, admins: [telegram:1]}
"""
CROWDS = {"walks": range(1, 8), "talks": range(5, 13), "desk": range(1, 3), "alone": range(20, 22)}
"""Five to seven are in both groups, one is staff."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody joins each of their groups and writes there every day, for sixty days; all of `walks` check in once."""
    home = tmp_path_factory.mktemp("together") / "H"
    (home / "communities").mkdir(parents=True)
    (home / "communities/walkers.yaml").write_text(HOME, encoding="utf-8")
    (home / "communities/alone.yaml").write_text(ALONE, encoding="utf-8")
    (home / "data").mkdir()
    store = open_store(new_sqlite(home / "data/yaji.sqlite3"), durable=False)
    for key, numbers in CROWDS.items():
        crowd = {n: Actor(account=Account(f"telegram:{n}"), name=f"Secret{n}") for n in numbers}
        late = timedelta(days=20 if key == "talks" else 0)
        events: list[MemberJoined | MessagePosted] = [
            MemberJoined(id=f"j{key}{n}", at=FIRST + late + timedelta(minutes=n), group=key, actor=who)
            for n, who in crowd.items()
        ]
        for day in range(late.days, 60):
            for n, who in crowd.items():
                at, id_ = FIRST + timedelta(days=day, hours=9, minutes=n), f"{key}{day}.{n}"
                events.append(MessagePosted(id=f"m{id_}", at=at, group=key, actor=who, message=id_, text="hello"))
        Engine(store, {key: Group(key=key, zone=BERLIN)}).replay(events)
    on = (FIRST + timedelta(days=50)).date()
    facts = []
    for key in ("walks", "talks"):
        with store.unit() as unit:
            known = unit.find(key, [Account(f"telegram:{n}") for n in CROWDS[key]])
        for seat in known.values():
            told = ("check_in:morning", f"{key}", FIRST + timedelta(days=50, hours=9), seat.person, 1, None, "e")
            facts.append(Fact(key, Entry(*told, "morning", "", about=on)))
            facts.append(Fact(key, Entry("warning", f"w{key}", told[2], seat.person, 1, None, "e", "ads", "")))
    unheard = Gap("telegram", FIRST + timedelta(days=51), FIRST + timedelta(days=51, hours=2))
    gaps: dict[RecordAt, object | None] = {
        RecordAt("walks", NOBODY, GAPS.name): Gaps((unheard,), FIRST + timedelta(days=1)),
        RecordAt("talks", NOBODY, GAPS.name): Gaps(
            (replace(unheard, since=unheard.since + timedelta(hours=1), until=unheard.until + timedelta(hours=1)),),
            FIRST + timedelta(days=50),
        ),
    }
    with store.unit() as unit:
        unit.lock(["talks", "walks"])
        unit.save(Writes(facts=facts, records=gaps))
        unit.commit()
    store.close()
    return home


def run(home: Path, *more: str, lang: str = "en"):
    told = CliRunner().invoke(app, ["metrics", "--home", str(home), "--lang", lang, "--to", "2026-04-02", *more])
    assert told.exit_code == 0, told.output
    return told.stdout


def numbers(home: Path, tmp_path: Path, *more: str):
    run(home, "--json", str(tmp_path / "m.json"), *more)
    return json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))


def test_who_is_in_two_groups_counts_once_and_messages_are_added_up(home, tmp_path):
    told = numbers(home, tmp_path)
    walks, talks = (next(one for one in told["groups"] if one["group"] == key) for key in ("walks", "talks"))
    (one,) = told["together"]
    assert (one["community"], one["groups"]) == ("Walkers", ["walks", "talks"])
    assert (walks["activity"]["per_day"], talks["activity"]["per_day"]) == (6, 8)
    assert [one["activity"][key] for key in ("per_day", "week", "month", "members", "there", "staff")] == [11] * 5 + [1]
    assert one["activity"]["messages"] == walks["activity"]["messages"] + talks["activity"]["messages"] == 15 * 30
    assert one["daily"][0] == {"day": "2026-03-04", "active": 11, "messages": 15}
    assert one["activity"]["half"] == 5
    assert (one["totals"]["checked_in"], one["totals"]["warnings"]) == (11, 15)
    assert one["totals"]["warnings_per_1000"] == pytest.approx(1000 * 15 / 450)
    assert one["totals"]["checked_in_per_day"] == pytest.approx(11 / 30)
    assert "desk" not in one["groups"]


def test_a_first_join_is_that_of_the_first_of_the_groups(home, tmp_path):
    told = numbers(home, tmp_path)
    (one,) = told["together"]
    by_week = {week["first"]: week["joined"] for week in one["weeks"] if week["joined"]}
    assert by_week == {"2026-02-02": 6, "2026-02-16": 5}
    assert next(week for week in one["weeks"] if week["first"] == "2026-02-16")["again"] == 3


def test_what_was_unheard_in_any_group_is_one_time_and_known_from_when_it_is_of_all(home, tmp_path):
    told = numbers(home, tmp_path)
    (one,) = told["together"]
    assert [group["unheard"]["hours"] for group in told["groups"] if group["group"] in ("walks", "talks")] == [2, 2]
    assert (one["unheard"]["times"], one["unheard"]["hours"]) == (1, 3)
    assert one["unheard"]["kept_from"].startswith("2026-03-24")


def test_habits_of_newcomers_are_told_of_each_group_alone(home, tmp_path):
    told = numbers(home, tmp_path)
    (walks,) = (one for one in told["groups"] if one["group"] == "walks")
    assert any(week["soon"] is not None for week in walks["weeks"])
    assert {week["soon"] for week in told["together"][0]["weeks"]} == {None}


def test_what_is_told_of_each_group_alone_is_left_out(home, tmp_path):
    (one,) = numbers(home, tmp_path)["together"]
    assert {"group", "content", "surveys"}.isdisjoint(one)
    assert "together" in numbers(home, tmp_path)["definitions"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            ("How all groups together are doing", "Walkers · walks + talks", "Everybody counts once, in however many"),
        ),
        ("zh", ("各群合计", "行走 · walks + talks", "每个人只算一次，不管在几个群里")),
    ],
)
def test_it_is_told_how_they_are_counted(home, tmp_path, lang, said):
    shown = run(home, "--html", str(tmp_path / "m.html"), lang=lang)
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert all(each in shown for each in said)
    assert all(each in page for each in said)
    assert "Secret" not in shown + page


def test_one_group_is_told_of_alone(home, tmp_path):
    assert numbers(home, tmp_path, "--group", "walks")["together"] == []
    assert "together" not in numbers(home, tmp_path, "--group", "walks")["definitions"]
    assert "all groups together" not in run(home, "--group", "alone")


def test_groups_in_which_nobody_was_active_are_told_to_be_so(tmp_path):
    (tmp_path / "H/communities").mkdir(parents=True)
    (tmp_path / "H/communities/walkers.yaml").write_text(HOME, encoding="utf-8")
    told = run(tmp_path / "H")
    assert "Nobody has been active in any of these groups yet" in " ".join(told.split())
