"""Help is told in the language of whoever asks: each command and each option has it in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.chinese_help import COMMANDS, OPTIONS
from cli.commands import COMMANDS as LISTED
from cli.commands import command
from cli.main import app

HAN = re.compile(r"[一-鿿]")
NAMES = re.compile(r"[A-Z]{3,}(?:_[A-Z]+)*|[a-z_]+\.[a-z_]+|--[a-z]+")
STATUSES = re.compile(r"(?:status: |退出码：|[,，] ?)([0-9])(?= )")


def every(one: Any, called: str) -> Iterator[tuple[str, Any]]:
    """A command and those under it, by the words that call it."""
    yield called, one
    for name, below in getattr(one, "commands", {}).items():
        yield from every(below, f"{called} {name}")


YAJI: Any = typer.main.get_command(app)
ALL = {"": YAJI} | {called: one for name in LISTED for called, one in every(command(name), name)}
HELPS = {
    parameter.help
    for one in ALL.values()
    for parameter in (*one.params, one.get_help_option(typer.Context(one)))
    if getattr(parameter, "help", None)
}


def shown(*words: str, language: str) -> str:
    told = CliRunner().invoke(app, words, env={"LC_ALL": language, "COLUMNS": "200", "TERMINAL_WIDTH": "200"})
    return re.sub(r"\s+", " ", told.output)


def test_every_command_and_every_option_has_its_chinese_and_nothing_else_has():
    assert set(ALL) == set(COMMANDS)
    assert set(OPTIONS) == HELPS
    assert all(HAN.search(text) for text in (*COMMANDS.values(), *OPTIONS.values()))


def test_the_commands_are_listed_with_what_each_says_first():
    first = {name: " ".join(ALL[name].help.partition("\n\n")[0].split()) for name in LISTED}
    assert first == LISTED
    assert {name: one.help for name, one in YAJI.commands.items()} == LISTED
    for language, told in (("en", LISTED), ("zh", {name: COMMANDS[name].partition("\n")[0] for name in LISTED})):
        listed = shown("--help", language=language)
        for name, purpose in told.items():
            assert f" {name} {purpose[:40]}" in listed


@pytest.mark.parametrize("called", ALL)
def test_both_languages_name_the_same_variables_and_exit_statuses(called: str):
    told = (ALL[called].help, COMMANDS[called])
    first, second = ({name for name in NAMES.findall(text) if name not in PLAIN} for text in told)
    assert first == second
    first, second = (set(STATUSES.findall(text)) for text in told)
    assert first == second


PLAIN = frozenset(("API", "SIGTERM"))


@pytest.mark.parametrize("called", [called.split() for called in ALL], ids=" ".join)
def test_help_is_chinese_in_a_chinese_terminal_and_english_in_others(called: list[str]):
    zh, en = shown(*called, "--help", language="zh_CN.UTF-8"), shown(*called, "--help", language="C.UTF-8")
    assert "选项" in zh
    assert "显示这份说明。" in zh
    assert not HAN.search(en.replace("雅集", ""))
    assert "Show this message and exit." in en


def test_the_language_of_help_may_be_asked_for():
    assert "忘记这个人，和 /forgetme 一样 " in shown("person", "--lang", "zh", "--help", language="en_US.UTF-8")
    assert "forget them, as by /forgetme " in shown("person", "--lang=en", "--help", language="zh_CN.UTF-8")
