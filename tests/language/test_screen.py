"""Whatever members wrote, a command prints nothing that steers the terminal or turns the order of letters."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from cli.screen import Screen, harmless
from tests.simulate.homes import home
from tests.simulate.test_against import BROAD, DAILY, compared
from tests.simulate.test_simulate import history, report, run, said

EVE = {"account": "telegram:9", "name": "E\x1b[31mve\x9b1m\u202etxt.exe\u2066\r\nNobody"}
STEERING = "\x1b\x9b\x07\r\u202e\u2066"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "[31mred[0m", id="colours"),
        pytest.param("a\x9b2Jb\x07\x08c\x7f", "a2Jbc", id="other controls"),
        pytest.param("\u202egnp.exe\u2066\u200f", "gnp.exe", id="marks of direction"),
        pytest.param("one\t打卡\ntwo 👩\u200d🔬", "one\t打卡\ntwo 👩\u200d🔬", id="all else stays"),
    ],
)
def test_a_text_loses_what_steers_a_terminal_and_nothing_else(written, wanted):
    assert harmless(written) == wanted
    out = io.StringIO()
    Screen(file=out, width=80).print(Text(written), end="")
    assert out.getvalue() == wanted.expandtabs(8)


def test_a_screen_keeps_its_own_colours_and_its_columns():
    out = io.StringIO()
    table = Table("name", "n", box=None, padding=0)
    for name in ("\x1b[31mEve\x1b[0m", "[31mEve[0m"):
        table.add_row(Text(name, style="bold"), "1")
    Screen(file=out, width=40, force_terminal=True, color_system="standard").print(table)
    _, *rows = out.getvalue().splitlines()
    assert rows[0] == rows[1]
    assert "\x1b[1m[31mEve[0m" in rows[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_and_the_comparison_print_no_control_character_of_members(tmp_path, lang):
    texts = ("打卡 \x1b[2Jone", "打卡 two\u202e", "代购 \x1b]0;title\x07")
    export = history(tmp_path / "h", *(said(n, n, EVE, text) for n, text in enumerate(texts, 1)))
    output, _ = compared(tmp_path, export, "", BROAD + DAILY, "--lang", lang)
    assert not set(output) & set(STEERING)
    assert "E[31mve1mtxt.exe Nobody" in output
    assert "代购 ]0;title" in output


def test_a_name_is_one_line_wherever_a_report_shows_it(tmp_path: Path):
    told = report(tmp_path, history(tmp_path / "h", said(1, 1, EVE, "hi")), "")
    assert told["talkers"][0]["person"] == "E[31mve1mtxt.exe Nobody"


def test_a_line_that_cannot_be_read_is_told_without_what_it_would_steer(tmp_path: Path):
    export = history(tmp_path / "h", said(1, 1, EVE, "hi"), '{"event": "\x1b[31mno\\u001b[32m", "at": "never"}')
    result = run(export, "--home", home(tmp_path / "home", ""))
    assert result.exit_code == 0, result.output
    assert not set(result.output) & set(STEERING)
