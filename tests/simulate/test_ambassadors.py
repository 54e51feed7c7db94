"""Ambassadors on a history: the report tells whom the admins would have been shown, and when."""

from __future__ import annotations

from typing import Any

from tests.simulate.test_simulate import at, history, report

BODY = """
ambassadors: {koc: {name: Helper, discover: member.helped_30d >= 2 && member.active_days_30d >= 3}}
rules: [{id: t, when: message, if: 'msg.text.startsWith("thanks")', then: [thank]}]
"""


def says(n: int, day: int, who: int, text: str, *mentions: int) -> dict[str, Any]:
    people = [{"account": f"telegram:{one}", "name": f"Member {one}"} for one in (who, *mentions)]
    told = {"event": "message", "at": at(day, f"11:{n % 60:02}:00"), "from": people[0], "message": f"{n}", "text": text}
    return told | ({"mentions": people[1:]} if mentions else {})


def test_whom_the_admins_would_have_been_shown_is_in_the_report(tmp_path):
    talk = [says(100 + day, day, 1, "hello") for day in range(1, 5)]
    thanks = [says(200 + who, 4, who, "thanks", 1) for who in (2, 3)]
    later = [says(300, 20, 2, "hello")]
    told = report(tmp_path, history(tmp_path / "history.jsonl", *talk, *thanks, *later), BODY)
    assert told["faults"] == []
    [shown] = [one for one in told["timers"]["examples"] if one["workflow"] == "ambassadors"]
    assert "Member 1" in shown["words"]
    assert told["timers"]["sent"]["ambassadors"] == 1
    assert told["timers"]["pending"]["ambassadors"] == 1


def test_each_who_would_have_been_shown_is_in_the_report_however_many(tmp_path):
    many = range(1, 10)
    talk = [says(1000 + 100 * who + day, day, who, "hello") for who in many for day in range(1, 5)]
    thanks = [says(3000 + 10 * who + by, 4, by, "thanks", who) for who in many for by in (20, 21)]
    weeks = [says(4000 + day, day, 20, "hello") for day in range(5, 30)]
    told = report(tmp_path, history(tmp_path / "history.jsonl", *talk, *thanks, *weeks), BODY)
    shown = [one["words"] for one in told["timers"]["examples"] if one["workflow"] == "ambassadors"]
    assert told["timers"]["sent"]["ambassadors"] == len(shown) == len(many)
    assert all(any(f"Member {who} " in words for words in shown) for who in many)
