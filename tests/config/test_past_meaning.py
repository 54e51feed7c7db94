"""What is over on the day on which a home is checked is noted, in both languages, and to programs."""

from __future__ import annotations

import json

import pytest

from cli.check import check
from tests.config.test_probably_meant import HEAD

CHECK_INS = "check_ins:\n  m: {keywords: [a], "


def noted(tmp_path, capsys, body: str, language: str = "en") -> list[str]:
    (tmp_path / "communities").mkdir(exist_ok=True)
    (tmp_path / "communities" / "room.yaml").write_text(HEAD + body, encoding="utf-8")
    check(tmp_path, lang=language)
    lines = capsys.readouterr().out.replace("\n    ", " ").splitlines()
    return [line.strip().removeprefix("communities/room.yaml:") for line in lines if "communities/room.yaml:" in line]


@pytest.mark.parametrize(
    ("body", "en", "zh"),
    [
        (
            f"{CHECK_INS}starts: 2001-03-01, length: 21d}}\n",
            "9:50: check_ins.m.length: it was over on 2001-03-21:",
            "在 2001-03-21 已经结束",
        ),
        (
            f"{CHECK_INS}ends: 2001-03-01}}\n",
            "9:28: check_ins.m.ends: it was over on 2001-03-01:",
            "在 2001-03-01 已经结束",
        ),
        (
            f"{CHECK_INS}join: {{required: true, until: 2001-03-01}}}}\n",
            "9:52: check_ins.m.join.until: signing up ended on 2001-03-01: who did not sign up cannot check in now",
            "报名在 2001-03-01 已经截止，没报名的人现在打不了卡",
        ),
        (
            f"{CHECK_INS}join: {{until: 2001-03-01}}}}\n",
            "9:36: check_ins.m.join.until: signing up ended on 2001-03-01",
            "报名在 2001-03-01 已经截止",
        ),
        (
            "events: {tea: {title: Tea, at: 2001-03-01 09:30}}\n",
            "8:32: events.tea.at: 2001-03-01 09:30 is over, so this is not announced",
            "2001-03-01 09:30 已经过去，不会再公告",
        ),
        (
            "surveys: {nps: {at: 2001-03-01 09:30}}\n",
            "8:21: surveys.nps.at: 2001-03-01 09:30 is over, so this is not asked by itself",
            "2001-03-01 09:30 已经过去，不会自己发出",
        ),
    ],
)
def test_what_is_over_is_noted_where_its_day_stands(tmp_path, capsys, body, en, zh):
    (told,) = noted(tmp_path, capsys, body)
    assert told.startswith(en)
    (told,) = noted(tmp_path, capsys, body, "zh")
    assert zh in told


@pytest.mark.parametrize(
    "body",
    [
        f"{CHECK_INS}starts: 2090-03-01, length: 21d, join: {{until: 2090-03-02}}}}\n",
        f"{CHECK_INS}starts: 2001-03-01}}\n",
        "events: {tea: {title: Tea, at: 2090-03-01 09:30}, walk: {title: Walk, at: fri 20:00}}\n",
        "surveys: {nps: {at: 2090-03-01 09:30}, csat: {}}\n",
    ],
)
def test_what_is_to_come_or_has_no_end_is_not(tmp_path, capsys, body):
    assert noted(tmp_path, capsys, body) == []


def test_programs_read_it_among_the_notes(tmp_path, capsys):
    noted(tmp_path, capsys, "events: {tea: {title: Tea, at: 2001-03-01 09:30}}\n")
    check(tmp_path, json=True)
    told = json.loads(capsys.readouterr().out)
    assert [note["path"] for note in told["notes"]] == [["events", "tea", "at"]]
