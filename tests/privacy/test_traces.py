"""One person in texts and records: found where they are, and not where somebody else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.traces import Traces
from workflows.acts import Act, Acts

LI = Traces(["telegram:7700990011", "wechat:wxid_q7"], ["Li", "小明", "li_the_poet", "X"], ["ab12cd"])


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("telegram:7700990011", ""),
        ("undo:1a:telegram:7700990011", "undo:1a:—"),
        ("see 7700990011!", "see —!"),
        ("see 77009900115", "see 77009900115"),
        ("telegram:77009900115", "telegram:77009900115"),
        ("wxid_q7 and wxid_q77", "— and wxid_q77"),
        ("Li is here, Lisa too, and li", "— is here, Lisa too, and —"),
        ("欢迎小明加入", "欢迎—加入"),
        ("hello @LI_the_poet.", "hello @—."),
        ("X", "—"),
        ("X marks the spot", "X marks the spot"),
        ("ab12cd", "—"),
        ("ab12cd in a text", "ab12cd in a text"),
    ],
)
def test_a_text_without_somebody(text: str, hidden: str):
    assert LI.hidden(text) == hidden
    assert LI.tells(text) is (text != hidden)


ME, YOU = "telegram:7700990011", "telegram:2"
PENDING = {"a": {"account": "wechat:wxid_q7", "name": "Li"}, "b": {"account": ""}}
RECORDS: dict[str, tuple[Any, Any]] = {
    "pairs": ({"named": [[ME, "Li"], [YOU, "Wang"]]}, {"named": [[YOU, "Wang"]]}),
    "lines": ({"latest": [f"{YOU}|{ME}|a", f"{YOU}|x|b"]}, {"latest": [f"{YOU}|x|b"]}),
    "values": ({"pending": PENDING}, {"pending": {"b": {"account": ""}}}),
    "by account": ({"last": {ME: "open", YOU: "open"}}, {"last": {YOU: "open"}}),
    "accounts": ({"of": {"CODE": ME, "ODE": YOU}}, {"of": {"ODE": YOU}}),
    "one account": ({"of": {"CODE": ME}}, {"of": {}}),
    "a part": ({"by": ME, "stage": "open"}, {"stage": "open"}),
    "who did it": ({"by": "Li", "because": ["he said so"], "n": 1}, {"by": "—", "because": [], "n": 1}),
    "a name": ({"by": "Wang", "because": ["小明 said so"]}, {"by": "Wang", "because": ["— said so"]}),
    "marks": ({"d": {"花": ["ab12cd"], "茶": ["ab12cd", "ff"]}}, {"d": {"茶": ["ff"]}}),
    "marked": ({"said": [{"who": "ab12cd"}, {"who": "ff"}]}, {"said": [{"who": "ff"}]}),
    "what they did to others": (
        {"last": {"a": {"did": ["mute"], "because": ["rude"], "by": "Li", "giver": ME}}},
        {"last": {"a": {"did": ["mute"], "because": [], "by": "—"}}},
    ),
    "nobody": ({"n": 7, "on": True, "nothing": None}, {"n": 7, "on": True, "nothing": None}),
}


@pytest.mark.parametrize(("record", "cleared"), RECORDS.values(), ids=RECORDS)
def test_a_record_without_somebody(record: Any, cleared: Any):
    assert LI.cleared(record) == cleared


PARTS: dict[str, tuple[Any, Any]] = {
    "pairs": ({"named": [[ME, "Li"], [YOU, "Wang"]]}, {"named": [[ME, "Li"]]}),
    "an entry, whole": (
        {"pending": {"a": {"account": ME, "at": 5}, "b": {"account": YOU, "at": 6}}},
        {"pending": {"a": {"account": ME, "at": 5}}},
    ),
    "by account": ({"last": {ME: {"n": 1}, YOU: {"n": 2}}}, {"last": {ME: {"n": 1}}}),
    "accounts": ({"of": {"CODE": ME, "ODE": YOU}}, {"of": {"CODE": ME}}),
    "marked": ({"said": [{"who": "ab12cd", "n": 1}, {"who": "ff", "n": 2}]}, {"said": [{"who": "ab12cd", "n": 1}]}),
    "a mark of several": ({"d": {"花": ["ab12cd", "ff"], "茶": ["ff"]}}, {"d": {"花": ["ab12cd"]}}),
    "nobody": ({"n": 7, "of": {"CODE": YOU}, "nothing": None}, None),
}


@pytest.mark.parametrize(("record", "part"), PARTS.values(), ids=PARTS)
def test_what_a_record_tells_of_somebody(record: Any, part: Any):
    assert LI.part_of(record) == part


def test_what_somebody_did_as_an_admin_stays_in_the_record_of_whom_it_was_done_to():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    act = Act(at=at, did=("ban",), by="Li", giver=ME, because=("rude",), back=('["rules", "unban", {}]',))
    assert LI.cleared(Acts({"a": act})) == Acts({"a": replace(act, by="—", giver="", because=())})


def test_whatever_holds_somebody_holds_a_needle():
    for text in ("telegram:7700990011", "小明", "Li", "li_the_poet", "wechat:wxid_q7"):
        assert any(needle.lower() in text.lower() for needle in LI.needles)
    assert len(LI.needles) < len((*LI.ids, *LI.names))
