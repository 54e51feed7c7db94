"""Names and words of others, on one line."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from tests.support.botapi.text import with_found
from workflows.plain_text import _HARMLESS, before_a_number, encodable, inert, one_line, shown


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


@pytest.mark.parametrize("name", ["محمد علي", "שרה 😀", "Ann שרה"])
def test_a_number_stays_behind_a_name_that_is_written_from_right_to_left(name: str) -> None:
    """A digit, and what stands before it, is shown in the direction of the letters that they follow."""
    assert before_a_number(name) == f"{name}\u200e"
    assert one_line(before_a_number(name)) == f"{name}\u200e"
    assert one_line(f"\u200e{name}" + "\u200e" * 9) == f"{name}\u200e", "of many marks one is enough"


@pytest.mark.parametrize("name", ["小明", "Zoë", "İbrahim", "😀"])
def test_other_names_need_no_mark_before_a_number(name: str) -> None:
    assert before_a_number(name) == name
    assert one_line(f"{name}\u200e") == name


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


_PRESSED = ["t.me/spam", "@wang", "/ban", "/ban@yaji_bot", "#ad", "https://ads.example/x", "me@ads.example", "a, @wang"]


@pytest.mark.parametrize("name", _PRESSED)
def test_a_name_leads_nowhere_and_looks_as_it_did(name: str) -> None:
    assert with_found(name, [])
    said = inert(name)
    assert with_found(said, []) == []
    assert said.replace("\u2060", "") == name
    assert inert(said) == said
    assert one_line(f"{said} was warned") == f"{said} was warned"


def test_addresses_that_only_telegram_knows_lead_nowhere_either() -> None:
    assert inert("tg://resolve") == "tg:\u2060//resolve"


@pytest.mark.parametrize(
    "name", ["小明", "Ana B.", "AC/DC", "Mr. T", "C#", "12:30", "a@", "小明@北京", "……", "<b>B</b>"]
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert inert(name) == name


def test_what_takes_no_room_is_kept_behind_a_sign_only() -> None:
    assert one_line("\u2060小\u2060明@\u2060") == "小明@\u2060"
    assert one_line("\u2060\u2060") == ""
