"""Names and words of others, on one line."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from workflows.plain_text import _HARMLESS, encodable, one_line, shown


def test_what_is_let_through_at_a_glance_holds_nothing_that_is_dropped() -> None:
    harmless = {chr(point) for point in range(sys.maxunicode + 1) if _HARMLESS.fullmatch(chr(point))}
    kinds = {unicodedata.category(char) for char in harmless - {" "}}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("小明 Ming，晨读😀", "小明 Ming，晨读😀", id="an ordinary name stays"),
        pytest.param(" 小明 ", "小明", id="spaces around it go"),
        pytest.param("小\n明  的", "小 明 的", id="several spaces and lines become one"),
        pytest.param("小\u202e明\u200b", "小明", id="hidden signs go"),
        pytest.param("小\u3000明", "小 明", id="a wide space becomes a space"),
        pytest.param("e" + "\u0301" * 9, "e" + "\u0301" * 3, id="piled-up accents are cut"),
        pytest.param("明" * 65, "明" * 63 + "…", id="what is too long is cut"),
    ],
)
def test_one_line(text: str, said: str) -> None:
    assert one_line(text, 64) == said


def test_what_is_shown_on_several_lines_has_no_other_line_breaks() -> None:
    assert shown("小\n明\u2028写\u2029的\x85") == "小\n明写的"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("小明😀", "小明😀", id="whole letters"),
        pytest.param("a\0b", "a\ufffdb", id="NUL"),
        pytest.param("小\ud83d明", "小\ufffd明", id="half a letter"),
        pytest.param("\udc00\ud83d", "\ufffd\ufffd", id="two halves the wrong way round"),
    ],
)
def test_what_goes_to_a_c_library_can_be_encoded(text: str, kept: str) -> None:
    assert encodable(text) == kept
    encodable(text).encode()
