"""docs/testing.md shows a test that works, and speaks of every key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.fields import keys_of
from config.rehearsals import Act, Expected, ExpectedMember, Played
from tests.rehearse.homes import CAMP, rehearse

PAGE = Path(__file__).parents[2].joinpath("docs", "testing.md").read_text(encoding="utf-8")


def test_the_example_passes(tmp_path, capsys):
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    for folder, text in (("communities", CAMP), ("tests", example[1])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "camp.yaml").write_text(text, encoding="utf-8")
    status, printed = rehearse(tmp_path, capsys)
    assert (status, "✓" in printed) == (0, True), printed


@pytest.mark.parametrize("model", [Act, Expected, ExpectedMember], ids=lambda model: model.__name__)
def test_every_key_is_spoken_of(model):
    assert [key for key in keys_of(model) if key not in PAGE] == []


def test_every_key_of_members_is_spoken_of():
    spoken = PAGE + "language"  # a plain choice, told in the reference
    assert [key for key in keys_of(Played) if key not in spoken] == []
