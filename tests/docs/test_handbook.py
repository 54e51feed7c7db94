"""The pages for members, admins and operators say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import handbook
from workflows.command_list import ALL


@pytest.mark.parametrize(("path", "text"), list(handbook.pages()), ids=lambda value: getattr(value, "name", ""))
def test_generated_parts_are_what_the_code_says(path: Path, text: str):
    assert path.read_text(encoding="utf-8") == text, "write them anew: python -m config.handbook"


def test_a_page_with_an_unknown_block_is_refused():
    with pytest.raises(KeyError):
        handbook.renewed("x.md", "<!-- generated: nonsense -->\n<!-- generated: end -->")


@pytest.mark.parametrize("page", ["admins.md", "admins.zh.md"])
def test_every_command_stands_in_the_admins_page(page: str):
    text = (handbook.DOCS / page).read_text(encoding="utf-8")
    assert [command.name for command in ALL if f"`/{command.name}`" not in text] == []
