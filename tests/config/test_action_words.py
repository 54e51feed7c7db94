"""Actions are guessed at by what people call them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from workflows.actions import _SAID, Action


@pytest.mark.parametrize(
    ("said", "meant"), [("删除", "delete"), ("踢", "remove"), ("kick", "remove"), ("delet", "delete")]
)
def test_the_action_that_was_meant_is_named(said: str, meant: str):
    with pytest.raises(ValidationError, match=f'"{said}" is not an action .did you mean {meant}'):
        Action.model_validate(said)


def test_every_guess_is_an_action():
    assert set(_SAID.values()) <= Action.model_fields.keys()
