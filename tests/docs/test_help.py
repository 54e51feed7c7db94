"""Help is told in the language of whoever asks: each command and each option has it in both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
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
    assert "用法：" in zh
    assert "Usage" not in zh
    assert "显示这份说明。" in zh
    assert not HAN.search(en.replace("雅集", ""))
    assert "Show this message and exit." in en


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("chekc", "没有命令 chekc。是不是想写 check？"),
        ("jobs retri", "没有命令 retri。是不是想写 retry？"),
        ("frobnicate", "没有命令 frobnicate。"),
        ("report", "没有命令 report。是不是想写 simulate？"),
        ("检查", "没有命令 检查。是不是想写 check？"),
        ("simulate x --chatt", "没有选项 --chatt。是不是想写 --chat？"),
        ("check -x", "没有选项 -x。可以写的有：--"),
        ("--lang zh check", "这里没有选项 --lang。命令的选项写在命令后面：yaji 命令 --lang"),
        ("--json check", "这里没有选项 --json。命令的选项写在命令后面：yaji 命令 --json"),
        ("init", "少了参数 DIR：写到哪个文件夹：新的，或者空的。"),
        ("simulate", "少了参数 export：导出的历史。"),
        ("export --out x.zip", "少了选项 --group：群的键，就是 communities/*.yaml 里写的。"),
        ("doctor --home", "选项 --home 后面要写一个值。"),
        ("check --json=3", "选项 --json 后面不写值。"),
        ("simulate my chat.json", "多写了：chat.json。有空格的名字要放进引号里。"),
        ("demo my", "多写了：my。这条命令后面只写选项。"),
        ("metrics --days x", "--days 写的是 `x`，要写一个整数。"),
        ("metrics --days 1.5", "--days 写的是 `1.5`，要写一个整数。"),
        ("metrics --days 0", "--days 写的是 `0`，最小是 1。"),
        ("serve --workers 99", "--workers 写的是 `99`，最大是 16。"),
        (
            "init x --template litterati",
            "--template 写的是 `litterati`，只能写：literati、reading、support。是不是想写 literati？",
        ),
        ("copy nowhere", "FILE 写的是 `nowhere`，没有这个文件。"),
        ("copy /", "FILE 写的是 `/`，这是文件夹，要写文件。"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_in_chinese(typed: str, told: str):
    found = CliRunner().invoke(app, typed.split(), env={"LC_ALL": "zh_CN.UTF-8", "COLUMNS": "200"})
    assert found.exit_code == 2
    assert told in found.output
    assert not re.search(r"(?i)usage|error|option:|invalid|missing|try |such|input", found.output)


def test_a_mistyped_line_is_told_in_the_language_that_it_asks_for():
    zh = CliRunner().invoke(app, ["check", "--foo", "--lang", "zh"], env={"LC_ALL": "C.UTF-8"})
    en = CliRunner().invoke(app, ["check", "--foo", "--lang", "en"], env={"LC_ALL": "zh_CN.UTF-8"})
    after = CliRunner().invoke(app, ["chekc"], env={"LC_ALL": "C.UTF-8"})
    assert "没有选项 --foo。" in zh.output
    assert "用法：" in zh.output
    assert "No such option: --foo" in en.output
    assert "Usage: " in en.output
    assert "No such command 'chekc'" in after.output


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("report", "simulate"), ("lint", "check"), ("Run", "serve"), ("stats", "metrics"), ("help", "--help")],
)
def test_a_command_by_another_name_is_told_by_its_own(typed: str, meant: str):
    found = CliRunner().invoke(app, [typed], env={"LC_ALL": "C.UTF-8", "COLUMNS": "200"})
    assert found.exit_code == 2
    assert f"No such command '{typed}'. Did you mean '{meant}'?" in found.output
    found = CliRunner().invoke(app, [typed], env={"LC_ALL": "zh_CN.UTF-8", "COLUMNS": "200"})
    assert f"没有命令 {typed}。是不是想写 {meant}？" in found.output


@pytest.mark.parametrize(
    ("language", "told"), [("C.UTF-8", "No such command 'status'. "), ("zh_CN.UTF-8", "没有命令 status。 ")]
)
def test_what_others_call_a_command_is_none_of_the_commands_of_jobs(language: str, told: str):
    found = CliRunner().invoke(app, ["jobs", "status"], env={"LC_ALL": language, "COLUMNS": "200"})
    assert told in found.output
    assert "doctor" not in found.output


def test_the_language_of_help_may_be_asked_for():
    assert "忘记这个人，和 /forgetme 一样 " in shown("person", "--lang", "zh", "--help", language="en_US.UTF-8")
    assert "forget them, as by /forgetme " in shown("person", "--lang=en", "--help", language="zh_CN.UTF-8")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("C.UTF-8", "yaji worker needs the package rq, which is not installed here; install Yaji again.\n"),
        ("zh_CN.UTF-8", "yaji worker 要用的 rq 这里没有装；请重新安装雅集。\n"),
    ],
)
def test_a_package_that_a_command_lacks_is_told_in_words_and_the_others_do_without(language: str, told: str):
    lacking = "import sys; sys.modules['rq'] = None; from cli.main import app; app()"

    def run(*typed: str) -> subprocess.CompletedProcess[str]:
        line = (sys.executable, "-c", lacking, *typed)
        environment = {**os.environ, "LC_ALL": language}
        return subprocess.run(line, capture_output=True, text=True, env=environment, check=False)

    refused = run("worker", "--help")
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", told)
    assert run("check", "--help").returncode == 0
