"""Words as WeChat's messages: mentions by the names of the room, and long texts in pieces."""

from __future__ import annotations

import pytest

from adapters.wechat.wording import Piece, mentioned, pieces
from core.effects import Mention

LI = Mention(account="wechat:wxid_li", name="李")  # type: ignore[arg-type]
WANG = Mention(account="telegram:10001", name="Wang")  # type: ignore[arg-type]
NAMES = {"wxid_li": "小李"}


def texts(words, longest=40):
    return [piece.text for piece in pieces((words,) if isinstance(words, str) else words, NAMES, longest=longest)]


def test_a_mention_bears_the_name_of_the_room_and_its_id() -> None:
    assert pieces(("早，", LI, "！"), NAMES) == [Piece("早，@小李\u2005！", ("wxid_li",))]
    assert pieces((LI,), {}) == [Piece("@李\u2005", ("wxid_li",))]


def test_people_of_other_platforms_are_named_without_a_mark() -> None:
    assert pieces(("谢谢 ", WANG), NAMES) == [Piece("谢谢 Wang")]
    assert mentioned((WANG, LI, "和", LI)) == ("wxid_li",)


def test_nothing_to_say_is_no_message() -> None:
    assert pieces(("  \n",), NAMES) == []


SPLIT = [
    pytest.param("一" * 30 + "\n\n" + "二" * 30, ["一" * 30, "二" * 30], id="between paragraphs"),
    pytest.param("一" * 30 + "\n" + "二" * 30, ["一" * 30, "二" * 30], id="between lines"),
    pytest.param("一" * 30 + "。" + "二" * 30, ["一" * 30 + "。", "二" * 30], id="between sentences"),
    pytest.param("a" * 30 + " " + "b" * 30, ["a" * 30, "b" * 30], id="between words"),
    pytest.param("一" * 100, ["一" * 40, "一" * 40, "一" * 20], id="anywhere if there is no pause"),
    pytest.param("一" * 39 + "👩‍🚀" + "二", ["一" * 39, "👩‍🚀二"], id="not inside a character"),
]


@pytest.mark.parametrize(("text", "parts"), SPLIT)
def test_a_long_text_is_cut_where_a_reader_pauses(text, parts) -> None:
    assert texts(text) == parts


def test_a_mention_is_not_cut_and_goes_with_its_piece() -> None:
    found = pieces(("一" * 38, LI, "二" * 10), NAMES, longest=40)
    assert found == [Piece("一" * 38), Piece("@小李\u2005" + "二" * 10, ("wxid_li",))]


def test_how_many_pieces_there_are_hangs_on_no_name_of_the_room() -> None:
    words = ("一" * 34, LI, "二" * 10)
    for shown in ("", "李", "李" * 30):
        assert len(pieces(words, {"wxid_li": shown}, longest=40)) == 2


def test_the_pieces_are_the_whole_text() -> None:
    text = "打卡第一天。" * 1000
    assert "".join(texts(text, longest=2000)) == text
