"""Which emoji are reactions on Telegram."""

from __future__ import annotations

import pytest
from telegram.constants import ReactionEmoji

from adapters.telegram import reactions


def test_the_list_is_that_of_the_bot_api():
    assert {one.value.replace("\ufe0f", "") for one in ReactionEmoji} == reactions.EMOJI


@pytest.mark.parametrize("emoji", ["👍", "❤", "❤\ufe0f", "👨‍💻", "custom:5368324170671202286"])
def test_these_are_taken(emoji):
    assert reactions.taken(emoji)


@pytest.mark.parametrize("emoji", ["✅", "🦖", "好", "👍👍", ""])
def test_these_are_not(emoji):
    assert not reactions.taken(emoji)
