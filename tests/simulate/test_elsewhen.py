"""What a rehearsal cannot show is told in every report: challenges whose days a history does not hold, what the clock
alone begins, and rules that nothing met."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulate.homes import home
from tests.simulate.test_simulate import ANN, history, report, run, said

DATED = """
check_ins:
  early: {name: {en: Early birds, zh: 早起}, keywords: [a], starts: 2026-02-01, length: 20d}
  later: {keywords: [b], starts: 2026-04-01}
  now: {keywords: [c], starts: 2026-03-01, length: 30d}
  ever: {keywords: [d]}
content: {verse: {at: 12:00, text: {en: Verse, zh: 诗}}}
digests: {daily: {at: 21:00, to: room, sections: [activity]}}
events: {tea: {title: {en: Tea, zh: 茶}, at: fri 20:00}}
surveys: {nps: {at: day 1 10:00}}
"""


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return history(tmp_path / "history.jsonl", said(1, 2, ANN, "hello"), said(2, 5, ANN, "hello again"))


def test_what_was_not_rehearsed_is_in_the_json(tmp_path, chat):
    told = report(tmp_path, chat, DATED)
    assert told["elsewhen"] == [
        {"challenge": "early", "first": "2026-02-01", "last": "2026-02-20"},
        {"challenge": "later", "first": "2026-04-01", "last": ""},
    ]
    assert told["unrehearsed"] == ["digests"]


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "en",
            (
                "No day of it is in this history, so it was not rehearsed: Early birds (2026-02-01 – 2026-02-20), ",
                "later (from 2026-04-01)",
                "Begun by the clock alone, so not rehearsed: digests",
            ),
        ),
        (
            "zh",
            (
                "日期都不在这段历史里，所以没有演练到：早起（2026-02-01 – 2026-02-20）、later（2026-04-01 起）",
                "只由时钟发起，所以没有演练：摘要",
            ),
        ),
    ],
)
def test_the_terminal_and_the_page_tell_it(tmp_path, chat, lang, parts):
    page = tmp_path / "r.html"
    result = run(chat, "--home", home(tmp_path / "home", DATED), "--lang", lang, "--html", page)
    assert result.exit_code == 0, result.output
    for told in (result.output, page.read_text(encoding="utf-8")):
        whole = "".join(told.split())
        assert all("".join(part.split()) in whole for part in parts), told


def test_where_all_is_rehearsed_nothing_is_told_of_it(tmp_path, chat):
    body = (
        "check_ins: {now: {keywords: [c], starts: 2026-03-05}, then: {keywords: [d], ends: 2026-03-02}}\n"
        "surveys: {asked: {}}\n"
    )
    told = report(tmp_path, chat, body)
    assert (told["elsewhen"], told["unrehearsed"]) == ([], [])


JUDGED = """
lists: {ads: [free crypto], rare: [never said]}
rules:
  - {id: ads, when: message, words: ads, then: [delete]}
  - {id: rare, name: {en: Rare words, zh: 少见的词}, when: message, words: rare, then: [delete]}
  - {id: tried, when: message, words: rare, then: [delete], mode: shadow}
  - {id: resting, when: message, words: rare, then: [delete], mode: off}
flood: {}
duplicates: {mode: off}
"""


def test_rules_that_nothing_met_are_named(tmp_path):
    chat = history(tmp_path / "history.jsonl", said(1, 2, ANN, "free crypto"), said(2, 5, ANN, "hello"))
    assert report(tmp_path, chat, JUDGED)["idle"] == ["rare", "tried", "flood"]
    page = tmp_path / "r.html"
    for lang, named in (
        ("en", "Rules that nothing met: Rare words, tried, "),
        ("zh", "一次也没有命中的规则：少见的词、tried、"),
    ):
        result = run(chat, "--home", tmp_path / "home", "--lang", lang, "--html", page)
        for told in (result.output, page.read_text(encoding="utf-8")):
            assert "".join(named.split()) in "".join(told.split()), told


def test_where_each_rule_is_met_none_is_named(tmp_path):
    chat = history(tmp_path / "history.jsonl", said(1, 2, ANN, "free crypto"))
    body = JUDGED.partition("  - {id: rare")[0]
    assert report(tmp_path, chat, body)["idle"] == []
