"""Telling formats apart by content, refusing what is no export, and sorting what does not fit in memory."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from adapters.exports.encoding import SEEN
from adapters.exports.formats import open_history
from adapters.exports.history import Reading, Row, Skipped
from adapters.exports.ordering import by_time
from core.errors import InputRefused
from tests.exports.reading import read


@pytest.mark.parametrize(
    "content",
    ["just some text\nin two lines\n", '{"a": 1}', "[1, 2, 3]", "", "   \n", b"\x00\x01\x02PNG", "a,b,c\n1,2,3\n"],
    ids=["prose", "an object", "an array", "empty", "blank", "binary", "other csv"],
)
def test_a_file_that_is_no_export_is_refused_in_one_sentence(tmp_path, content):
    with pytest.raises(InputRefused) as refused:
        read(tmp_path / "result.json", content)
    told = str(refused.value)
    assert told.startswith("result.json is ")
    assert told.endswith(".")
    assert "\n" not in told


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="cannot be read"):
        open_history(tmp_path / "nothing", Reading(group="g"))


def test_an_unknown_format_names_the_known_ones(tmp_path):
    path = tmp_path / "x"
    path.write_text("x")
    with pytest.raises(InputRefused, match="choose one of yaji, telegram, chatlab, chatlog, gitter, irc"):
        open_history(path, Reading(group="g"), "html")


@pytest.mark.parametrize("most_rows", [10, 100_000], ids=["on disk", "in memory"])
@pytest.mark.parametrize("newest_first", [True, False], ids=["newest first", "oldest first"])
def test_rows_come_by_time_and_ties_in_the_order_of_happening(most_rows, newest_first):
    told = [Row(at // 3, n, f"line {n}", ["x", at]) for n, at in enumerate(range(100))]
    if newest_first:
        told = [Row(row.at, n, row.place, row.data) for n, row in enumerate(reversed(told))]
    found = list(by_time([*told, Skipped(place="p", why="w")], most_rows=most_rows))
    rows = [row for row in found if isinstance(row, Row)]
    assert len(found) == 101
    assert [row.data[1] for row in rows] == list(range(100))


def test_a_shuffled_file_is_sorted_whatever_its_size(tmp_path: Path):
    dice = random.Random(1)
    told = [Row(dice.randrange(1000), n, "", "x" * 20) for n in range(5_000)]
    assert list(by_time(told, most_bytes=9_000)) == sorted(told, key=lambda row: (row.at, row.seq))


HEADER = '{"yaji":"history","version":1}\n'
LINE = (
    '{"event":"message","at":"2026-03-02T10:00:00Z","from":{"account":"telegram:1","name":"小王"},'
    '"message":"%d","text":"%s"}\n'
)
CHINESE = HEADER + "".join(LINE % (n, "早上好，打卡") for n in range(3))


@pytest.mark.parametrize("format_", [None, "yaji"], ids=["told by content", "named"])
@pytest.mark.parametrize(
    ("encoding", "en", "zh"),
    [
        (
            "gbk",
            "c.jsonl:2: the byte 0xCD is not UTF-8, nor is most of the text; save the file as UTF-8 "
            "(it looks like GBK: iconv -f gb18030 -t utf-8 c.jsonl).",
            "c.jsonl:2：字节 0xCD 不是 UTF-8，大部分文字都不是；请另存为 UTF-8"
            "（看起来是 GBK：iconv -f gb18030 -t utf-8 c.jsonl）。",
        ),
        ("big5", "c.jsonl:2: the byte 0xA4 is not UTF-8", "c.jsonl:2：字节 0xA4 不是 UTF-8"),
        ("utf-16", "c.jsonl is UTF-16, not UTF-8;", "c.jsonl 是 UTF-16，不是 UTF-8；"),
    ],
)
def test_an_export_that_is_not_utf8_is_refused_with_the_line(tmp_path, encoding, format_, en, zh):
    path = tmp_path / "c.jsonl"
    path.write_bytes(CHINESE.encode(encoding))
    with pytest.raises(InputRefused) as refused:
        open_history(path, Reading(group="g"), format_)
    assert str(refused.value).startswith(en)
    assert refused.value.zh.startswith(zh)


IRC = "".join(f"[00:{n % 60:02}] <bob> hello, message {n}\n" for n in range(240))
KOREAN = "안녕하세요, 오늘도 출석합니다"


@pytest.mark.parametrize("encoding", ["big5", "euc-kr", "shift-jis"])
def test_gbk_is_not_named_where_it_would_read_as_no_chinese(tmp_path, encoding):
    told = {"big5": "早安，今天打卡，我們都在這裡學習", "euc-kr": KOREAN, "shift-jis": "おはよう、今日も勉強します"}
    lines = HEADER + "".join(LINE % (n, told[encoding]) for n in range(10))
    path = tmp_path / "c.jsonl"
    path.write_bytes(lines.replace("小王", "Ann").encode(encoding))
    with pytest.raises(InputRefused, match=r"save the file as UTF-8\.$"):
        open_history(path, Reading(group="g"))


@pytest.mark.parametrize(
    ("content", "events"),
    [
        (CHINESE.encode("utf-8-sig"), 3),
        (CHINESE.encode().replace("早".encode(), b"\xe6\x97", 1), 3),
        ((HEADER + LINE % (1, "caf\xe9")).replace("小王", "Ann").encode("latin-1"), 1),
        (IRC.encode() + b"[01:00] <ann> cut \xf0\x9f\x98\n", 241),
        ((IRC + "[01:00] <ann> \xc4\xd6\xdc and \xe4\xf6\xfc\n").encode("latin-1"), 241),
        (IRC.encode() + b"[01:00] <ann> cut \xf0\x9f\x98\n" * 9, 249),
        (IRC.encode() + "[01:00] <ann> 早上好\n".encode("gbk") * 9, 249),
        ((IRC + "[01:00] <ann> 早上好\n" * 9).encode() + "[01:00] <bob> 早上好，打卡\n".encode("gbk") * 30, 279),
    ],
    ids=[
        "a mark of UTF-8",
        "a byte that is lost",
        "an accent of an old log",
        "one sign cut off in a log without any other",
        "words of Latin-1",
        "some signs cut off",
        "a few lines in GBK",
        "a mixture",
    ],
)
def test_what_is_damaged_here_and_there_loses_no_history(tmp_path, content, events):
    name = "c.jsonl" if content.lstrip(b"\xef\xbb\xbf").startswith(b"{") else "2026-03-01.txt"
    assert len(read(tmp_path / name, content)[1]) == events


@pytest.mark.parametrize("shift", range(3))
def test_a_letter_that_is_cut_off_by_the_end_of_what_is_looked_at_is_no_bad_one(tmp_path, shift):
    long = HEADER + LINE % (1, "a" * shift + "好" * (SEEN // 3))
    assert len(read(tmp_path / "c.jsonl", long.replace("小王", "Ann"))[1]) == 1
