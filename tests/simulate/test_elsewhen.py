"""What has days of its own that a history does not hold is told in every report: it was not rehearsed."""

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
events:
  closing: {title: {en: Closing, zh: 结营}, at: 2026-05-01 20:00}
  tea: {title: {en: Tea, zh: 茶}, at: fri 20:00}
  meeting: {title: {en: Meeting, zh: 会}, at: 2026-03-04 20:00}
surveys:
  nps: {at: 2025-03-01 10:00}
  asked: {}
"""


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return history(tmp_path / "history.jsonl", said(1, 2, ANN, "hello"), said(2, 5, ANN, "hello again"))


def test_challenges_events_and_surveys_outside_of_the_history_are_named_with_their_days(tmp_path, chat):
    assert report(tmp_path, chat, DATED)["elsewhen"] == [
        {"first": "2026-02-01", "id": "early", "last": "2026-02-20", "what": "challenge"},
        {"first": "2026-04-01", "id": "later", "last": "", "what": "challenge"},
        {"first": "2026-05-01", "id": "closing", "last": "2026-05-01", "what": "event"},
        {"first": "2025-03-01", "id": "nps", "last": "2025-03-01", "what": "survey"},
    ]


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "en",
            (
                "No day of theirs is in this history, so they were not rehearsed: Challenge Early birds",
                "Challenge Early birds (2026-02-01 – 2026-02-20), Challenge later (from 2026-04-01)",
                "Event closing (2026-05-01)",
            ),
        ),
        (
            "zh",
            (
                "日期都不在这段历史里，所以没有演练到：打卡项目 早起",
                "打卡项目 早起（2026-02-01 – 2026-02-20）、打卡项目 later（2026-04-01 起）",
                "closing（2026-05-01）",
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


def test_a_home_whose_days_are_in_the_history_tells_nothing_of_it(tmp_path, chat):
    body = "check_ins: {now: {keywords: [c], starts: 2026-03-05}, then: {keywords: [d], ends: 2026-03-02}}\n"
    assert report(tmp_path, chat, body)["elsewhen"] == []
