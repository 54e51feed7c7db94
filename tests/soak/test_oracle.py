"""The judge of the soak lets nothing be given up without a reason."""

from __future__ import annotations

from tests.soak.oracle import doubtful


def send(text: str, fault: str | None) -> dict[str, object]:
    return {"params": {"chat_id": "-7", "text": text}, "fault": fault, "done": fault in (None, "slow", "drop_after")}


def test_what_was_refused_for_sure_is_no_doubt_about_a_message():
    faults = (None, "slow", "429", "5xx", "drop_before", "drop_after", "not_json")
    calls = [send("a", fault) for fault in faults] + [send("b", "429"), send("c", "5xx")]
    assert doubtful(calls) == {(-7, "a"): 4, (-7, "c"): 1}
