"""What was skipped is told to Chinese readers in Chinese, with its line; the JSON keeps the English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import adapters.exports
from jobs.report.skips import in_chinese, place_in_chinese
from tests.simulate.homes import home
from tests.simulate.test_simulate import ANN, history, report, run, said

BROKEN = '{"event":"message","at":"2026-03-01 00:00","from":"a:1","message":"1"}'
ASIDE = {
    "an event {told.event!r} has no {named}",
    "an event {told.event!r} needs {lacking}",
    "longer than {LONGEST_LINE} characters",
}


def test_a_chinese_report_tells_it_in_chinese(tmp_path):
    chat = history(tmp_path / "history.jsonl", said(1, 1, ANN, "hello"), BROKEN)
    page = tmp_path / "r.html"
    result = run(chat, "--home", home(tmp_path / "home", ""), "--lang", "zh", "--html", page)
    assert "第 2 行: `at` 不是时间；请写成 2026-03-01T08:00:00+08:00" in result.output
    assert "<td>第 2 行</td><td>`at` 不是时间；请写成 2026-03-01T08:00:00+08:00</td>" in page.read_text(
        encoding="utf-8"
    )
    result = run(chat, "--home", tmp_path / "home", "--lang", "en")
    assert "line 2: `at` is no time; write it like 2026-03-01T08:00:00+08:00" in result.output


def test_the_json_keeps_the_english(tmp_path):
    chat = history(tmp_path / "history.jsonl", said(1, 1, ANN, "hello"), BROKEN)
    (skipped,) = report(tmp_path, chat, "", "--lang", "zh")["skipped"]
    assert skipped == {"place": "line 2", "why": "`at` is no time; write it like 2026-03-01T08:00:00+08:00"}


def test_a_history_of_which_nothing_can_be_read_says_why_in_chinese(tmp_path):
    chat = history(tmp_path / "history.jsonl", BROKEN)
    result = run(chat, "--home", home(tmp_path / "home", ""), "--format", "yaji", "--lang", "zh")
    assert result.exit_code == 2
    assert "跳过 1 处，第一处是第 1 行：`at` 不是时间" in "".join(result.output.splitlines())


@pytest.mark.parametrize(
    ("why", "zh"),
    [
        (
            "unknown field `acount` in `from` (did you mean `account`?)",
            "`from` 里没有 `acount` 这个字段（是不是想写 `account`？）",
        ),
        ("`message` is a number; write a text in quotes", "`message` 写的是数字；应为加引号的文字"),
        ("`private` is a number; write true or false", "`private` 写的是数字；应为 true 或 false"),
        ("`from` is a number; write a text in quotes or an object", "`from` 写的是数字；应为加引号的文字或对象"),
        ("`kind` is never 'x'; it can be text, photo", "`kind` 不会是 x；可以是 text, photo"),
        ("an event 'message' needs 'from' and 'message'", "事件 message 要有 'from' 和 'message'"),
        (
            "'wang' is no account; write platform:id, such as telegram:10001",
            "wang 不是账号；写平台加冒号加号码，例如 telegram:10001",
        ),
        ("something new", "something new"),
    ],
)
def test_reasons_in_chinese(why, zh):
    assert in_chinese(why) == zh


def test_places_in_chinese():
    assert [place_in_chinese(each) for each in ("line 3", "the end of the file", "message 5")] == [
        "第 3 行",
        "文件末尾",
        "message 5",
    ]


def test_every_reason_that_a_reader_of_exports_gives_has_its_chinese():
    told = set[str]()
    for path in Path(adapters.exports.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        told |= set(re.findall(r'why=f?"(.+?)"\n?', source)) | set(
            re.findall(r'(?:BrokenValue|ValueError)\(f?"([^"]+)"', source)
        )
    sentences = {re.sub(r"\{[^}]*!r\}", "'x'", each) for each in told if "part of a history" not in each}
    filled = {re.sub(r"\{[^}]*\}", "7", each) for each in sentences if "{guess" not in each}
    assert len(filled) > 15
    assert sorted(each for each in filled if in_chinese(each) == each) == []
