"""Commands as the gateway itself reads them."""

from __future__ import annotations

import pytest

from adapters.telegram.said import command
from tests.telegram.payloads import message, update


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/bind K7QM-3XWD", ("bind", "K7QM-3XWD")),
        ("/bind\nK7QM-3XWD", ("bind", "K7QM-3XWD")),
        ("/bind\u00a0K7QM-3XWD", ("bind", "K7QM-3XWD")),
        ("/BIND@Yaji_Bot\t K7QM-3XWD \n", ("bind", "K7QM-3XWD")),
        ("/bind", ("bind", "")),
        ("/bind@quiz_bot K7QM-3XWD", ("", "")),
        ("/ bind K7QM-3XWD", ("", "")),
        ("/", ("", "")),
        ("bind K7QM-3XWD", ("", "")),
    ],
)
def test_a_command_ends_at_the_first_blank_of_any_kind(text, found):
    posted = update(message=message(text=text)).message
    assert posted is not None
    assert command(posted, "yaji_bot") == found
