"""Buttons are believed only if we made them, and only from whom they were made for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.seal import ROOM, Seal

SEAL = Seal(b"a secret of thirty-two bytes ....")
OTHER = Seal(b"a secret of thirty-two bytes,,,,,")
LI, WANG = 7210001234, 10002
LARGEST = 2**52 - 1
"""Telegram's numbers of people have at most 52 significant bits."""


@pytest.mark.parametrize("chooser", [None, LI], ids=["for anybody", "for one"])
def test_what_was_sealed_comes_back(chooser) -> None:
    sealed = SEAL.sealed("step:goal:2", chooser)
    assert SEAL.opened(sealed, LI) == "step:goal:2"
    assert SEAL.verdict(sealed, LI) == "ours"


def test_a_button_is_for_its_chooser_only() -> None:
    sealed = SEAL.sealed("step:goal:2", LI)
    assert SEAL.opened(sealed, WANG) is None
    assert SEAL.verdict(sealed, WANG) == "not_yours"


def test_a_button_for_no_user_is_for_nobody() -> None:
    sealed = SEAL.sealed("step:goal:2", 0)
    assert [SEAL.verdict(sealed, user) for user in (0, LI)] == ["ours", "not_yours"]  # there is no user 0
    assert SEAL.sealed("step:goal:2", -1001234) == sealed


def test_another_key_made_no_button_of_ours() -> None:
    assert SEAL.verdict(OTHER.sealed("step:goal:2", LI), LI) == "forged"


@pytest.mark.parametrize(
    "data", ["", "step:goal:2", "1", "1.", "1.abcdefghijklstep:goal:2", "2.", "\0", "1é.aaaaaaaaaaaa", "1." + "a" * 60]
)
def test_what_anybody_could_write_is_forged(data) -> None:
    assert SEAL.verdict(data, LI) == "forged"
    assert SEAL.opened(data, LI) is None


@pytest.mark.parametrize("chooser", [None, LI], ids=["for anybody", "for one"])
def test_no_character_can_be_changed(chooser) -> None:
    sealed = SEAL.sealed("entry:approve:telegram:10001", chooser)
    for at, letter in enumerate(sealed):
        changed = sealed[:at] + ("A" if letter != "A" else "B") + sealed[at + 1 :]
        assert SEAL.verdict(changed, LI) == "forged"


def test_the_chooser_cannot_be_exchanged() -> None:
    mine, open_ = SEAL.sealed("x", LI), SEAL.sealed("x", None)
    assert SEAL.verdict(mine.replace(mine[1 : mine.index(".")], "", 1), LI) == "forged"
    assert SEAL.verdict(open_.replace(".", mine[1 : mine.index(".") + 1], 1), LI) == "forged"


@pytest.mark.parametrize(
    ("data", "chooser"),
    [
        pytest.param(f"step:{'s' * 24}:11", LARGEST, id="the last answer of a step with the longest id"),
        pytest.param(f"entry:approve:telegram:{LARGEST}", None, id="a request to be let in"),
        pytest.param(f"propose:yes:{'f' * 10}:telegram:{LARGEST}", None, id="a proposal about a person"),
        pytest.param(f"propose:yes:{'f' * 10}:telegram:-100{10**12}", None, id="a proposal about a channel"),
    ],
)
def test_the_data_that_workflows_make_fits(data, chooser) -> None:
    sealed = SEAL.sealed(data, chooser)
    assert len(sealed.encode()) <= ROOM
    assert SEAL.opened(sealed, LARGEST) == data


def test_data_that_does_not_fit_is_refused_with_how_much() -> None:
    assert len(SEAL.sealed("x" * 50, None)) == ROOM
    with pytest.raises(ValueError, match="1 bytes too long"):
        SEAL.sealed("x" * 51, None)
    with pytest.raises(ValueError, match="2 bytes too long"):
        SEAL.sealed("字" * 16 + "abcd", None)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Seal(b"short")


def test_the_key_does_not_show() -> None:
    assert repr(SEAL) == "Seal()"


PIECES = st.lists(st.sampled_from(("telegram:", "wechat:", "@", "#", "~", "~@", "a", "一", ":1")), max_size=9)


@settings(deadline=None)
@given(PIECES.map("".join), st.one_of(st.none(), st.integers(1, LARGEST)))
def test_whatever_is_sealed_comes_back(data, chooser) -> None:
    try:
        sealed = SEAL.sealed(data, chooser)
    except ValueError:
        return
    assert SEAL.opened(sealed, chooser or LI) == data
    assert len(sealed.encode()) <= ROOM


@settings(deadline=None)
@given(st.text(max_size=64), st.integers(0, LARGEST))
def test_no_text_opens_by_chance(data, user) -> None:
    assert SEAL.verdict(data, user) == "forged"
