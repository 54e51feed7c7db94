"""Check-ins of a WeChat room that are answered one by one are noted: its account says only so much a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.init import Template, init
from config.home import look
from config.problems import Problem
from tests.config.test_probably_meant import HEAD, line, told

ROOM = HEAD.replace("room: {}", "room: {wechat: 晨读}")


def noted(folder: Path, body: str, head: str) -> list[Problem]:
    """Notes about check-ins."""
    assert told(folder, body, head) == []
    return [one for one in look(folder)[1] if one.path[:1] == ("check_ins",)]


def test_check_ins_on_wechat_that_are_answered_alone_are_noted(tmp_path):
    body = "check_ins:\n  late: {keywords: [b], gather: {}}\n  morning: {keywords: [a], react: 👍}\n"
    (note,) = noted(tmp_path, body + "  noon: {keywords: [c]}\n", ROOM)
    assert (note.weight, note.path) == ("note", ("check_ins", "morning"))
    assert line(note).startswith("10:3: ")
    assert "with `gather: {every: 10m}` in place of `reply` those of ten minutes are answered in one" in line(note)
    assert "把 `reply` 换成 `gather: {every: 10m}`，十分钟内的打卡就合成一条回复" in line(note, "zh")


@pytest.mark.parametrize(("more", "head"), [("", HEAD), (", gather: {every: 5m}", ROOM)], ids=["no WeChat", "gathered"])
def test_other_check_ins_pass(tmp_path, more, head):
    assert noted(tmp_path, f"check_ins: {{m: {{keywords: [a]{more}}}}}\n", head) == []


def test_the_camp_to_begin_with_answers_many_check_ins_in_one_message(tmp_path):
    init(tmp_path / "home", Template.READING)
    deployment, _ = look(tmp_path / "home")
    assert deployment is not None
    (options,) = [one.options for one in deployment.groups["reading"].runs if one.name == "check_in"]
    assert [challenge.gather is not None for challenge in options.root.values()] == [True]
