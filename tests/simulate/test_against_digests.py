"""What digests would have said in both homes: built when they are due, with what was known then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.simulate.homes import home
from tests.simulate.test_against import ADS, DAILY, WORDS, compared, export, lines_of
from tests.simulate.test_simulate import ANN, BOB, at, history, run, said

DIGEST = "digests:\n  evening: {{at: '{at}', sections: [{sections}], to: [{to}]}}\n"
EVENING = DIGEST.format(at="20:00", sections="activity, check_in_board", to="room")
__all__ = ["export"]


def digests(told: dict[str, Any]) -> dict[str, Any]:
    (found,) = told["against"]["digests"]
    return dict(found)


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [("en", ["Digests", "evening  2 say something else"]), ("zh", ["摘要", "evening  内容不同 2"])],
)
def test_a_digest_that_would_say_something_else_is_told_with_the_first_line_that_differs(
    tmp_path: Path, export: Path, lang: str, wanted: list[str]
):
    other = DAILY.replace("打卡", "签到")
    printed, told = compared(tmp_path, export, DAILY + EVENING, other + EVENING, "--lang", lang)
    line = "− 2026-03-01 ✅ Daily: 2 check-ins by 2 of 2 members"
    assert [one for one in lines_of(printed) if one in (*wanted, line)] == [*wanted, line]
    found = digests(told)
    assert (found["times"], found["otherwise"]) == ({"before": 2, "after": 2}, 2)


def test_what_only_those_hear_who_read_another_language_is_told_with_the_language(tmp_path: Path, export: Path):
    other = DAILY.replace("日课", "早课")
    printed, told = compared(tmp_path, export, DAILY + EVENING, other + EVENING, "--lang", "en")
    lines = ("− 2026-03-01 zh ✅ 日课：", "+ 2026-03-01 zh ✅ 早课：")
    assert [any(one.startswith(line) for one in lines_of(printed)) for line in lines] == [True, True]
    (first, _) = digests(told)["otherwise_examples"]
    assert (digests(told)["otherwise"], first["language"]) == (2, "zh")
    assert (
        digests(compared(tmp_path / "en", export, DAILY + EVENING, DAILY.replace("Daily", "Day") + EVENING)[1])[
            "otherwise_examples"
        ][0]["language"]
        == ""
    )


def test_a_language_that_is_new_says_something_else(tmp_path: Path, export: Path):
    served, tried = (home(tmp_path / name, DAILY + EVENING) for name in ("served", "tried"))
    file = served / "communities" / "room.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("[en, zh]", "[en]"), encoding="utf-8")
    out = tmp_path / "report.json"
    assert run(export, "--home", tried, "--against", served, "--json", out).exit_code == 0
    found = digests(json.loads(out.read_text(encoding="utf-8")))
    assert (found["otherwise"], found["otherwise_examples"][0]["after"]) == (2, "")


def test_each_is_built_with_what_was_known_when_it_was_due(tmp_path: Path):
    late = DIGEST.format(at="23:00", sections="new_members", to="room")
    came = [
        {"event": "joined", "at": at(1, clock), "from": who} for clock, who in (("09:00:00", ANN), ("22:00:00", BOB))
    ]
    export = history(tmp_path / "h.jsonl", *came, said(1, 2, ANN, "早"), said(2, 3, ANN, "早"))
    _, told = compared(tmp_path, export, late.replace("23:00", "20:00"), late)
    found = digests(told)
    assert (found["times"], found["otherwise"]) == ({"before": 2, "after": 2}, 1)
    (first,) = found["otherwise_examples"]
    assert (first["before"], first["after"]) == ("👋 New members: 1", "👋 New members: 2")


def test_digests_that_say_the_same_are_the_same(tmp_path: Path, export: Path):
    printed, told = compared(tmp_path, export, DAILY + EVENING, DAILY + EVENING)
    assert digests(told)["times"] == {"before": 2, "after": 2}
    assert "digests" in told["against"]["same"]
    assert "tiers, answers and digests." in printed


def test_a_digest_in_one_home_only_is_new_and_one_told_to_others_differs(tmp_path: Path, export: Path):
    _, new = compared(tmp_path / "a", export, DAILY, DAILY + EVENING)
    assert (digests(new)["presence"], digests(new)["gained"]) == ("new", 2)
    _, admins = compared(tmp_path / "b", export, DAILY + EVENING, DAILY + EVENING.replace("[room]", "[admins]"))
    assert digests(admins)["otherwise"] == 2
    assert digests(admins)["otherwise_examples"][0]["after"] == ""


def test_no_line_is_shown_where_names_are_hidden(tmp_path: Path, export: Path):
    other = DAILY.replace("打卡", "签到")
    printed, told = compared(tmp_path, export, DAILY + EVENING, other + EVENING, "--pseudonyms")
    assert digests(told)["otherwise"] == 2
    assert {(one["before"], one["after"]) for one in digests(told)["otherwise_examples"]} == {("", "")}
    assert "2026-03-01 ✅" not in printed


def test_homes_without_digests_say_nothing_of_them(tmp_path: Path, export: Path):
    printed, told = compared(tmp_path, export, WORDS.format(words="代购") + ADS, WORDS.format(words="刷单") + ADS)
    assert "Digests" not in printed
    assert "timers, faults" in printed
    assert "digests, timers" not in printed
    assert told["against"]["digests"] == []
