"""`yaji metrics`: of what was served and of a history, in both languages, and what is said where there is nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.sql import open_store
from cli.init import Template, write
from cli.main import app
from core.engine import Engine
from core.events import MemberJoined, MessagePosted
from core.people import NOBODY, Account, Actor
from core.ports import DayAt, Fact, RecordAt, Writes
from core.state import Entry
from core.workflow import Group
from jobs.metrics.parts import share
from jobs.sample import SEED, write_sample
from tests.metrics.history import BERLIN, FIRST
from tests.support.databases import new_sqlite
from workflows.survey_book import RESULTS, Result, Results

HOME = """
community: {name: {en: Walkers, zh: 行走}, timezone: Europe/Berlin, languages: [en, zh], groups: {walks: {}, talks: {}},
            admins: [telegram:1]}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "H/communities").mkdir(parents=True)
    (tmp_path / "H/yaji.yaml").write_text("{}\n")
    (tmp_path / "H/communities/walkers.yaml").write_text(HOME, encoding="utf-8")
    return tmp_path / "H"


def lives(home: Path, days: int, people: int = 6) -> None:
    """Some people join and write every day, the staff among them, for so many days."""
    (home / "data").mkdir()
    store = open_store(new_sqlite(home / "data/yaji.sqlite3"), durable=False)
    crowd = [Actor(account=Account(f"telegram:{n}"), name=f"Secret{n}") for n in range(1, people + 1)]
    events: list[MemberJoined | MessagePosted] = [
        MemberJoined(id=f"j{n}", at=FIRST + timedelta(minutes=n), group="walks", actor=who)
        for n, who in enumerate(crowd)
    ]
    for day in range(days):
        for n, who in enumerate(crowd):
            at, id_ = FIRST + timedelta(days=day, hours=9, minutes=n), f"{day}.{n}"
            events.append(MessagePosted(id=f"m{id_}", at=at, group="walks", actor=who, message=id_, text="hello"))
    Engine(store, {"walks": Group(key="walks", zone=BERLIN)}).replay(events)
    store.close()


def run(home: Path, *more: str, lang: str = "en"):
    return CliRunner().invoke(app, ["metrics", "--home", str(home), "--lang", lang, *more])


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_numbers_of_a_group_that_was_served(home):
    lives(home, 60)
    told = run(home, "--group", "walks", "--to", "2026-04-02")
    assert told.exit_code == 0, told.output
    shown = lines(told.stdout)
    assert "active a day 5.0 5.0" in shown
    assert "a day / in 30 days 5.0/5 100% 5.0/5 100%" in shown
    assert "members active in 30 days 5/5 100% 5/5 100%" in shown
    assert "messages by staff 30/180 17% 30/180 17%" in shown
    assert "people who write half 3 3" in shown
    assert "02-02 5 5/5 100% 5/5 100% 5/5 100% 0/5 0%" in shown
    assert any("Readers are invisible" in line for line in shown)
    assert "newcomers to regulars 0 : 5 5 : 0" in shown
    assert "core · · · 5 · ·" not in shown
    assert "new · · · 5 · ·" in shown
    assert "Secret" not in told.output


WITH_ALL = (
    HOME
    + """
onboarding: {welcome: hello}
check_ins: {morning: {keywords: [checkin]}}
referrals: {}
conversions: {trial: {name: {en: Trial, zh: 试用}}, order: {once: false}, a: {}, b: {}, c: {}}
tiers: {seed: {from: 0}, oak: {name: {en: The Oak, zh: 橡树}, from: 10}}
"""
)


def test_what_a_group_does_not_run_is_not_told_of(home):
    lives(home, 60)
    told = run(home, "--group", "walks", "--to", "2026-04-02")
    for word in ("From joining to a habit", "Invitations", "checked in, a day", "Moves between tiers"):
        assert word not in told.stdout
    assert "warnings, for 1,000 messages 0 · 0.0‰ 0 · 0.0‰" in lines(told.stdout)


def test_what_it_does_run_is(home):
    lives(home, 60)
    (home / "communities/walkers.yaml").write_text(WITH_ALL, encoding="utf-8")
    store = open_store(f"sqlite:///{home / 'data/yaji.sqlite3'}", durable=False)
    with store.unit() as unit:
        unit.lock(["walks"])
        three = [Account(f"telegram:{n}") for n in (2, 3, 4)]
        one, other, third = (unit.find("walks", three)[each].person for each in three)
        facts = [
            *(("check_in:morning", one, day, 1, "") for day in range(29, 39)),
            *(("check_in:morning", other, day, 1, "") for day in range(3)),
            *(("invite_made", one, 0, 1, "referrals"), ("invited", one, 3, 1, "referrals")),
            *(("invite_counted", one, 12, 1, "referrals"), ("invite_counted", other, 40, 1, "referrals")),
            *(("conversion:trial", one, 29, 1, "trials"), ("conversion:order", other, 30, 1, "shop")),
            *(
                ("conversion:order", other, 31, 1, "shop"),
                ("warning", other, 40, 1, "ads"),
                ("tier", one, 40, 1, "oak"),
            ),
            *(("conversion:trial", third, 5, 1, "trials"), ("conversion:trial", third, 40, -1, "admin")),
            *(("invite_counted", third, 5, 1, "referrals"), ("invite_counted", third, 41, -1, "referrals")),
            ("invite_counted", other, 42, -1, "referrals"),
        ]
        made = [
            Fact(
                "walks",
                Entry(
                    kind,
                    str(n),
                    FIRST + timedelta(days=day, hours=8),
                    who,
                    amount,
                    None,
                    f"e{n}",
                    rule,
                    "",
                    about=(FIRST + timedelta(days=day)).date(),
                ),
            )
            for n, (kind, who, day, amount, rule) in enumerate(facts)
        ]
        unit.save(Writes(facts=made))
        unit.commit()
    store.close()
    told = run(home, "--group", "walks", "--to", "2026-04-02")
    assert told.exit_code == 0, told.output
    shown = lines(told.stdout)
    assert "02-02 5 0/5 0% 0/5 0% 1/5 20% 0/5 0%" in shown
    assert [line for line in shown if line.startswith(("Trial", "order", "· "))] == [
        *("Trial 0 2", "· taken back 1 0", "· left -1 2"),
        "order 2 0",
        *("· taken back 2 0", "· left -1 2"),
    ]
    assert "02-02 5 1/5 20% 0/5 0% 0/5 0% 0/5 0%" in shown
    assert "Goals not shown here, but in the JSON: 1." in shown
    assert "links, codes 0 1" in shown
    assert "counted 1 2" in shown
    assert "02-02 5 1 1 1 0.20" in shown
    assert "checked in, a day 0.3/5 6% 0.1/5 3%" in shown
    assert "warnings, for 1,000 messages 1 · 5.6‰ 0 · 0.0‰" in shown
    assert "The Oak 1 · ·" in shown
    assert "seed · · 1" in shown
    assert "橡树" in run(home, "--group", "walks", "--to", "2026-04-02", lang="zh").stdout


def test_in_chinese(home):
    lives(home, 60)
    shown = lines(run(home, "--group", "walks", "--to", "2026-04-02", lang="zh").stdout)
    assert "每天活跃 5.0 5.0" in shown
    assert "管理人员的消息 30/180 17% 30/180 17%" in shown
    assert any("只看不说的人看不见" in line for line in shown)


def test_all_groups_are_told_of_where_none_is_named(home):
    lives(home, 60)
    told = run(home, "--to", "2026-04-02")
    assert told.exit_code == 0, told.output
    assert "walks" in told.stdout
    assert "talks" in told.stdout
    assert "Nobody has been active in this group yet" in told.stdout


def test_staff_among_those_who_write_half_are_told(home):
    lives(home, 60)
    store = open_store(f"sqlite:///{home / 'data/yaji.sqlite3'}", durable=False)
    boss, day = Account("telegram:1"), (FIRST + timedelta(days=50)).date()
    with store.unit() as unit:
        unit.lock(["walks"])
        person = unit.find("walks", [boss])[boss].person
        unit.save(Writes(days={DayAt("walks", person, day): [900, 0, 0, 0, 0, 0]}))
        unit.commit()
    store.close()
    assert "people who write half 1 (1 staff) 3" in lines(run(home, "--group", "walks", "--to", "2026-04-02").stdout)
    chinese = run(home, "--group", "walks", "--to", "2026-04-02", lang="zh")
    assert "写了一半消息的人数 1（管理 1 人） 3" in lines(chinese.stdout)


def test_of_few_people_no_share_is_told(home):
    lives(home, 60, people=4)
    shown = lines(run(home, "--group", "walks", "--to", "2026-04-02").stdout)
    assert "a day / in 30 days 3.0/3 3.0/3" in shown
    assert "members active in 30 days 3/3 3/3" in shown
    assert "02-02 3 3/3 3/3 3/3 0/3" in shown


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Nobody has been active in this group yet"), ("zh", "没看到这个群有人说过话、点过表情或打过卡")],
)
def test_a_group_without_a_past(home, lang, said):
    told = run(home, "--group", "talks", lang=lang)
    assert told.exit_code == 0, told.output
    assert said in told.stdout
    assert "0.0" not in told.stdout
    assert "compared with" not in told.stdout
    assert "对比" not in told.stdout


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            "Nothing is known from before 2026-02-02: means are of 1 of these 30 days, and nothing can be compared.",
        ),
        ("zh", "2026-02-02 之前没有记录：平均只按这 30 天里的 1 天算，也没有可比的上一期。"),
    ],
)
def test_a_group_that_is_one_day_old_is_not_watered_down(home, lang, said):
    lives(home, 1)
    told = run(home, "--group", "walks", "--to", "2026-02-02", lang=lang)
    assert said in " ".join(" ".join(lines(told.stdout)).replace("│", "").split())
    assert any(line.split()[-2:] == ["5.0", "–"] for line in lines(told.stdout) if "5.0" in line)
    assert not any("0%" in line.split() for line in lines(told.stdout))


def test_days_before_all_that_is_known(home):
    lives(home, 3)
    told = run(home, "--group", "walks", "--to", "2025-12-31")
    assert told.exit_code == 0
    assert "Nothing is known from before 2026-02-02; ask for days from then on, with --from and --to." in told.stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--group", "wals"), "has no group wals; did you mean `walks`? It has walks, talks."),
        (("--from", "2026-02-03", "--to", "2026-02-02"), "--from 2026-02-03 is after --to 2026-02-02; swap them."),
        (("--to", "2999-01-01"), "--to 2999-01-01 is not over in Europe/Berlin; the last whole day there is"),
        (("--days", "99999999999"), "--days 99999999999 is too many; at most 366 can be told about."),
        (("--history", "absent.jsonl", "--group", "walks"), "absent.jsonl"),
    ],
    ids=["an unknown group", "backwards", "the future", "days without end", "no such history"],
)
def test_what_cannot_be_told_is_said(home, more, said):
    told = run(home, *more)
    assert (told.exit_code, said in told.output, told.output.count("\n")) == (2, True, 1), told.output


def test_as_json_with_what_each_number_means(home, tmp_path):
    lives(home, 60)
    assert run(home, "--group", "walks", "--to", "2026-04-02", "--json", str(tmp_path / "m.json")).exit_code == 0
    told = json.loads((tmp_path / "m.json").read_text())
    (one,) = told["groups"]
    assert (one["first"], one["last"], one["since"]) == ("2026-03-04", "2026-04-02", "2026-02-02")
    assert one["activity"]["per_day"] == 5
    assert one["activity"]["ratio"] == 1
    assert one["classes"]["moved"]["new"] == {"core": 5}
    assert one["weeks"][0]["remained"] == 5
    assert one["weeks"][-1]["returned"] is None
    assert "Secret" not in json.dumps(told)


def test_how_often_those_come_who_come_is_of_the_same_thirty_days_however_long_the_period_is(home):
    lives(home, 60)
    told = lines(run(home, "--group", "walks", "--to", "2026-04-30", "--days", "80").stdout)
    assert "active a day 3.2 –" in told
    assert "a day / in 30 days 0.3/5 7% –" in told


def test_what_is_of_thirty_days_is_compared_only_where_those_are_known(home):
    lives(home, 60)
    told = lines(run(home, "--group", "walks", "--to", "2026-02-15", "--days", "7").stdout)
    assert "active a day 5.0 5.0" in told
    assert "active in the last 7 days 5 5" in told
    assert "active in the last 30 days 5 –" in told
    assert "a day / in 30 days 5.0/5 100% –" in told
    assert "members active in 30 days 5/5 100% –" in told
    assert "Only 14 of these 30 days are known." in told
    assert "Only 7 of these 7 days are known." not in told


def test_a_share_of_fewer_than_those_who_did_is_not_told():
    assert (share(6, 5), share(5, 5), share(1, 8)) == ("6/5", "5/5 100%", "1/8 13%")


LABELS = {
    *("group", "community", "zone", "first", "last", "day", "goal", "tier", "post"),
    *("survey", "kind", "question", "asked", "told"),
}
"""What is no number."""


def places(value: object, path: str = "") -> set[str]:
    """Where numbers stand, by their names; those of the period before are those of the period."""
    if isinstance(value, list):
        return {place for one in value for place in places(one, path)}
    if isinstance(value, dict):
        named = {key: key.removesuffix("_before") for key in value if key.removesuffix("_before") not in LABELS}
        return {at for key, name in named.items() for at in places(value[key], f"{path}.{name}" if path else name)}
    return {path}


def test_every_number_of_the_json_has_a_definition_and_every_definition_a_number(home, tmp_path):
    lives(home, 60)
    (home / "communities/walkers.yaml").write_text(
        WITH_ALL + "surveys: {nps: {}}\ncontent: {tea: {at: 08:00, text: Tea}}\n", encoding="utf-8"
    )
    store = open_store(f"sqlite:///{home / 'data/yaji.sqlite3'}", durable=False)
    day = (FIRST + timedelta(days=30)).date()
    result = Result(day=day, shape="nps", counts=(0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 2), could=9, told=day)
    with store.unit() as unit:
        unit.lock(["walks"])
        unit.save(Writes(records={RecordAt("walks", NOBODY, RESULTS.name): Results({"nps": result})}))
        unit.commit()
    store.close()
    file = tmp_path / "m.json"
    assert run(home, "--group", "walks", "--to", "2026-04-02", "--json", str(file)).exit_code == 0
    told = json.loads(file.read_text())
    (one,), defined = told["groups"], set(told["definitions"])
    found = places(one)
    assert {at for at in found if not any(at == path or at.startswith(f"{path}.") for path in defined)} == set()
    assert {path for path in defined if not any(at == path or at.startswith(f"{path}.") for at in found)} == set()


def test_what_the_terminal_works_out_is_in_the_json(home, tmp_path):
    lives(home, 60)
    (home / "communities/walkers.yaml").write_text(WITH_ALL, encoding="utf-8")
    file = tmp_path / "m.json"
    assert run(home, "--group", "walks", "--to", "2026-04-02", "--json", str(file)).exit_code == 0
    (one,) = json.loads(file.read_text())["groups"]
    assert one["totals"]["checked_in_per_day"] == one["totals"]["checked_in_per_day_before"] == 0
    assert one["totals"]["warnings_per_1000"] == 0
    assert one["weeks"][0]["viral"] == 0
    assert one["weeks"][-1]["viral"] is None


def test_where_no_joins_were_seen_nothing_is_told_of_newcomers(home):
    lives(home, 60)
    told = run(home, "--group", "walks", "--to", "2026-04-02").stdout
    assert "Nobody was seen joining" not in told
    store = open_store(f"sqlite:///{home / 'data/yaji.sqlite3'}", durable=False)
    with store.unit() as unit:
        unit.lock(["walks"])
        for seat in unit.find("walks", [Account(f"telegram:{n}") for n in range(1, 7)]).values():
            seat.joined = seat.first_joined = None
            unit.save(Writes(seats=[("walks", seat)]))
        unit.commit()
    store.close()
    told = run(home, "--group", "walks", "--to", "2026-04-02").stdout
    assert "Nobody was seen joining in the last 12 weeks: whoever came is among the others." in told
    assert "newcomers to regulars" not in told


def test_a_history_s_last_day_counts_as_over(tmp_path):
    write(tmp_path / "home", Template.LITERATI)
    write_sample(tmp_path, SEED)
    told = run(tmp_path / "home", "--history", str(tmp_path / "history.jsonl"))
    assert told.exit_code == 0, told.output
    assert "2026-04-01 – 2026-04-30 · 30 days · Asia/Shanghai" in told.stdout
    assert "messages 2,013 1,839" in lines(told.stdout)
