"""Every command and option is documented, and no page speaks of one that is not there."""

from __future__ import annotations

import re

import pytest
from typer.core import TyperOption

from cli.commands import COMMANDS as LISTED
from cli.commands import command
from tests.docs.pages import PAGES, READMES, text_of

COMMANDS = {name: command(name) for name in LISTED}
OPTIONS = [
    (name, option)
    for name, each in COMMANDS.items()
    for parameter in each.params
    if isinstance(parameter, TyperOption)
    for option in parameter.opts
    if option.startswith("--") and option != "--help"
]
_ROW = r"^\| `yaji {}\b[^\n]*"
_SPOKEN = re.compile(r"(?:`|\$ )yaji ([a-z]+)\b([^`\n]*)")


@pytest.mark.parametrize("page", READMES)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_row_in_the_readme(name: str, page: str):
    assert re.search(_ROW.format(name), text_of(page), re.MULTILINE)


@pytest.mark.parametrize("page", READMES)
@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_an_option_stands_in_its_command_s_row(name: str, option: str, page: str):
    row = re.search(_ROW.format(name), text_of(page), re.MULTILINE)
    assert row
    assert f"`{option}`" in row[0]


@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_of_commands_and_options_that_exist(page: str):
    for name, rest in _SPOKEN.findall(text_of(page)):
        assert name in COMMANDS, f"yaji {name}"
        for option in re.findall(r"--[a-z]+", rest):
            assert (name, option) in [*OPTIONS, (name, "--help")], f"yaji {name} {option}"
