"""A survey on a history: asked at its time, answered by those who wrote an answer, told to the admins in sums."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulate.test_simulate import at, history, report

BODY = "surveys: {nps: {at: day 5 10:00, open_for: 1d, points: 2}}\n"


def says(n: int, day: int, who: int, text: str, clock: str) -> dict[str, Any]:
    person = {"account": f"telegram:{who}", "name": f"Member {who}"}
    return {"event": "message", "at": at(day, clock), "from": person, "message": f"{n}", "text": text}


@pytest.fixture
def told(tmp_path) -> dict[str, Any]:
    arm = {"event": "instructed", "at": at(1, "09:00:00"), "from": "operator:me", "workflow": "surveys", "verb": "arm"}
    talk = [says(100 * day + who, day, who, "hello", f"11:{who:02}:00") for day in (2, 3, 7) for who in range(1, 9)]
    answers = [says(500 + who, 5, who, f"/answer {who + 1}", f"12:{who:02}:00") for who in range(1, 8)]
    late = says(599, 6, 8, "/answer 1", "12:00:00")
    return report(tmp_path, history(tmp_path / "history.jsonl", arm, *talk, *answers, late), BODY)


def test_a_survey_is_asked_answered_and_told(told):
    assert told["faults"] == []
    assert told["effects"] == {"Say": 9, "TellAdmins": 1}
    assert {entry["person"] for entry in told["ledger"]} == {f"Member {who}" for who in range(1, 8)}
    assert {(entry["amount"], entry["rule"]) for entry in told["ledger"]} == {(2, "survey:nps")}


def test_what_somebody_answered_is_in_no_report(told):
    reasons = {entry["reason"] for entry in told["ledger"]}
    assert reasons == {"answered a survey"}
    assert told["hits"] == []
