"""Telling formats apart by content, refusing what is no export, and sorting what does not fit in memory."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

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
