"""Long texts are cut where a reader pauses, within Telegram's limits, and nothing of them is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.markup import Link, Visible, html, visible
from adapters.telegram.splitting import LINKS, boundary, clipped, pages, units
from core.effects import Mention
from core.people import Account
from tests.support.botapi.text import parsed
from tests.support.botapi.text import units as units_of_the_server

FAMILY = "👩‍👩‍👧‍👦"
FLAG = "🇨🇳"


def cut(text, first, rest=None):
    return [page.text for page in pages(Visible(text), first, rest or first)]


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        pytest.param("short", 10, ["short"], id="what fits stays whole"),
        pytest.param("", 10, [""], id="nothing is one empty piece"),
        pytest.param("0123456789", 5, ["01234", "56789"], id="one long word"),
        pytest.param("aaa bbb ccc ddd", 10, ["aaa bbb ", "ccc ddd"], id="after a word"),
        pytest.param("aaaa. bbb ccc", 12, ["aaaa. bbb ", "ccc"], id="a sentence too near the beginning does not count"),
        pytest.param("aaa bbb. ccc ddd", 12, ["aaa bbb. ", "ccc ddd"], id="a sentence before a word"),
        pytest.param("aaa bbb\ncc. dd eee", 14, ["aaa bbb\n", "cc. dd eee"], id="a line before a sentence"),
        pytest.param("aaa bbb\n\ncc\nd. eee", 14, ["aaa bbb\n\n", "cc\nd. eee"], id="a paragraph before a line"),
        pytest.param("今天读了十页。明天再读", 9, ["今天读了十页。", "明天再读"], id="a Chinese sentence"),
        pytest.param("今天读了十页，明天再读", 9, ["今天读了十页，", "明天再读"], id="a Chinese comma"),
        pytest.param("ab" + FAMILY, 12, ["ab", FAMILY], id="a family stays together"),
        pytest.param("ab" + "👍🏽", 5, ["ab", "👍🏽"], id="a skin tone stays on its hand"),
        pytest.param(FLAG * 3, 9, [FLAG * 2, FLAG], id="flags are pairs"),
        pytest.param("abe\u0301", 3, ["ab", "e\u0301"], id="an accent stays on its letter"),
        pytest.param("ab1\ufe0f\u20e3", 4, ["ab", "1\ufe0f\u20e3"], id="a key cap"),
        pytest.param("a\r\nb", 2, ["a", "\r\n", "b"], id="a line end of two characters"),
        pytest.param("กำ" * 2, 3, ["กำ", "กำ"], id="a Thai vowel"),
        pytest.param("क्षक्ष", 4, ["क्ष", "क्ष"], id="consonants joined in Devanagari"),
        pytest.param("\u1100\u1161\u11a8" * 2, 4, ["\u1100\u1161\u11a8"] * 2, id="Korean letters of one syllable"),
        pytest.param("e" + "\u0301" * 5, 4, ["e" + "\u0301" * 3, "\u0301" * 2], id="a letter longer than a piece"),
        pytest.param("😀😀😀", 3, ["😀", "😀", "😀"], id="room counts UTF-16 units"),
    ],
)  # fmt: skip
def test_pieces(text, room, expected) -> None:
    assert cut(text, room) == expected


def test_the_first_piece_may_be_shorter_than_the_rest() -> None:
    assert cut("aaa bbb ccc ddd eee", 8, 12) == ["aaa bbb ", "ccc ddd eee"]


def test_a_mention_is_not_cut() -> None:
    said = Visible("hello Li Lei and more", (Link(6, 12, 7),))
    assert pages(said, 9, 20) == (Visible("hello "), Visible("Li Lei and more", (Link(0, 6, 7),)))


def test_a_mention_longer_than_a_piece_is_cut_as_text() -> None:
    said = Visible("x" * 25, (Link(0, 25, 7),))
    assert pages(said, 10, 10) == (Visible("x" * 10), Visible("x" * 10), Visible("x" * 5))


def test_no_piece_has_more_links_than_telegram_keeps() -> None:
    words = tuple(Mention(account=Account(f"telegram:{n + 1}"), name="n") for n in range(250))
    parts = pages(visible(words))
    assert [len(page.links) for page in parts] == [LINKS, LINKS, 50]
    assert [link.user for page in parts for link in page.links] == list(range(1, 251))
    assert all(len(html(page).encode()) < 32768 for page in parts)


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        pytest.param("fits", 4, "fits", id="what fits stays"),
        pytest.param("does not fit", 10, "does not…", id="an ellipsis for the rest"),
        pytest.param("ab" + FAMILY, 12, "ab…", id="no half of a character"),
    ],
)
def test_clipped(text, room, expected) -> None:
    assert clipped(Visible(text), room).text == expected


def test_clipped_keeps_mentions_that_are_still_there() -> None:
    said = Visible("Li and Wang", (Link(0, 2, 7), Link(7, 11, 8)))
    assert clipped(said, 8) == Visible("Li and…", (Link(0, 2, 7),))


LETTERS = st.text(st.sampled_from("ab .!\n。，e\u0301😀👍🏽" + FAMILY + FLAG + "\u0e33<&"), max_size=200)
SAID = st.lists(
    st.one_of(LETTERS, st.builds(Mention, account=st.just(Account("telegram:7")), name=LETTERS)), max_size=6
)
APART = st.lists(
    st.one_of(
        LETTERS.map(lambda text: f"{text} "),
        st.builds(Mention, account=st.just(Account("telegram:7")), name=LETTERS.map(lambda name: f"n{name}n")),
    ),
    max_size=6,
)
"""Where no mention begins with an accent that joins it to the text before."""


@settings(max_examples=300, deadline=None)
@given(SAID, st.integers(12, 60), st.integers(12, 60))
def test_nothing_is_lost_and_every_piece_fits(words, first, rest) -> None:
    whole = visible(words)
    parts = pages(whole, first, rest)
    assert "".join(page.text for page in parts) == whole.text
    for page, room in zip(parts, [first] + [rest] * len(parts), strict=False):
        assert units(page.text) <= room
        text, entities = parsed(html(page))
        assert text == page.text
        assert len(entities) == len(page.links)
    assert all(page.text for page in parts) or not whole.text


@settings(max_examples=300, deadline=None)
@given(APART, st.integers(12, 60))
def test_no_character_and_no_mention_is_cut_that_fits_into_a_piece(words, room) -> None:
    whole = visible(words)
    text = whole.text
    ends = [at for at in range(len(text) + 1) if boundary(text, at)]
    longest = max((units(text[a:b]) for a, b in pairwise(ends)), default=0)
    longest = max([longest, *(units(text[a:b]) for a, b, _ in whole.links)], default=0)
    parts = pages(whole, room, room)
    if longest > room // 2:
        return
    at = 0
    for page in parts:
        assert at in ends
        at += len(page.text)
    assert sum(len(page.links) for page in parts) == len(whole.links)


@settings(deadline=None)
@given(st.text())
def test_units_are_those_of_telegram(text) -> None:
    assert units(text) == units_of_the_server(text)
