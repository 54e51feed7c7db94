"""What the commands say to whoever typed them: which folder is meant, in their language, on any terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

ROOT = Path(__file__).parents[2]
SUPPORT = ROOT / "config" / "templates" / "support"


def run(*args: object, language: str = "en_US.UTF-8", status: int | None = None) -> str:
    result = CliRunner().invoke(app, [str(arg) for arg in args], env={"LC_ALL": language, "LANG": language})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert status is None or result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize(
    ("where", "en", "zh"),
    [
        ("nowhere", "nowhere: there is no such folder; a home is a folder with", "nowhere: 没有这个文件夹；家是放着"),
        ("file", "file: it is a file; a home is a folder with", "file: 这是一个文件；家是放着"),
        ("empty", "empty: no `communities` folder in it; a home is", "empty: 里面没有 `communities` 文件夹；家是放着"),
    ],
)
@pytest.mark.parametrize("command", ["check", "test", "simulate"])
def test_what_is_no_home_is_told_what_it_is(tmp_path, command, where, en, zh):
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    args = ["simulate", "h", "--home", tmp_path / where] if command == "simulate" else [command, tmp_path / where]
    for language, told in (("en_US.UTF-8", en), ("zh_CN.UTF-8", zh)):
        output = run(*args, language=language, status=1 if command == "check" else 2)
        assert told in output
        assert ("--home DIR" in output) is (command == "simulate")


@pytest.mark.parametrize("command", ["check", "test", "init", "simulate", "demo"])
def test_a_language_that_is_not_spoken_is_refused_in_one_line(command, tmp_path):
    output = run(command, *({"init": ["x"], "simulate": ["x"]}.get(command, [])), "--lang", "fr", status=2)
    assert output == "Yaji speaks zh and en, not fr; choose with --lang.\n"


def test_init_speaks_the_language_of_the_terminal(tmp_path):
    home = tmp_path / "家"
    assert "：已写好 reading 样板。" in run("init", home, "--template", "reading", language="zh_CN.UTF-8", status=0)
    assert "里已经有东西了" in run("init", home, language="zh_CN.UTF-8", status=1)
    assert "is not empty; name a new folder." in run("init", home, status=1)
    (tmp_path / "file").write_text("x")
    assert "is a file; name a new folder." in run("init", tmp_path / "file", status=1)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en_US.UTF-8", ("onboarding: a welcome, nothing asked", "tiers:      member from 0, helper from 20")),
        ("zh_CN.UTF-8", ("新人引导：只欢迎，不提问", "等级：member（0 分起），helper（20 分起）")),
    ],
    ids=["en", "zh"],
)
def test_check_tells_what_was_understood_without_empty_lines(language, lines):
    output = run("check", SUPPORT, language=language, status=0)
    for line in lines:
        assert f"  {line}" in output


@pytest.mark.parametrize("args", [("check", SUPPORT, "--lang", "zh"), ("--help",), ("check", "--help")], ids=str)
def test_a_terminal_that_cannot_print_a_character_gets_a_question_mark(args):
    code = "from cli.main import app; app()"
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode("latin-1")
    assert b"Traceback" not in done.stderr


def test_demo_keeps_a_home_that_is_there_and_says_what_to_run_next(tmp_path):
    run("init", tmp_path / "home", "--template", "support", status=0)
    file = tmp_path / "home" / "communities" / "support.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: ", "name: ", 1) + "# mine\n", encoding="utf-8")
    output = run("demo", "--out", tmp_path, language="zh_CN.UTF-8", status=0)
    assert file.read_text(encoding="utf-8").endswith("# mine\n")
    assert f"{tmp_path / 'home'} 本来就在，原样保留" in output
    assert "产品支持群 · support" in output
    assert output.endswith(f"  yaji simulate {tmp_path / 'history.jsonl'} --home {tmp_path / 'home'}\n")
    again = run("simulate", tmp_path / "history.jsonl", "--home", tmp_path / "home", "--html", tmp_path / "r.html")
    assert "Product Support · support" in again
    assert "<title>Yaji simulation report · Product Support</title>" in (tmp_path / "r.html").read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    assert "cannot be written" in run("demo", "--out", tmp_path / "file" / "out", status=2)


WRONG = "community: {name: A, timezone: UTC, languages: [en], groups: {a: {}}, admins: [telegram:1]}\n"


@pytest.mark.parametrize(
    ("files", "en", "zh"),
    [
        pytest.param(
            {"communities/a.yaml.txt": WRONG},
            "communities: found no community file, only `a.yaml.txt`, wanted at least one file",
            "communities: 没有社群文件，只有 `a.yaml.txt`，应为至少一个",
            id="a file with another ending",
        ),
        pytest.param(
            {"communities/a.yaml": WRONG + "rules: !include rules.yaml\n"},
            "rules: found the tag `!include`, wanted no tag but `!file`; quotes keep a text a text (did you mean",
            "rules: 写的是标签 `!include`，应为除 `!file` 外不用标签；加引号就是文字（是不是想写 `!file`？）",
            id="another program's include",
        ),
        pytest.param(
            {"communities/a.yaml": WRONG + "rules: !file rules.yaml\n"},
            "rules: found `rules.yaml`, which does not exist, wanted a file of the home that can be read",
            "rules: 不存在的文件 `rules.yaml`，应为家目录里可读的文件",
            id="an include that is not there",
        ),
        pytest.param(
            {"communities/a.yaml": WRONG, "yaji.yaml": "storage: {url: mysql://x}\n"},
            "storage.url: found `mysql://x`, wanted an address: write sqlite:///file, postgresql://… or redis://…",
            "storage.url: 写的是 `mysql://x`，应为地址：sqlite:///文件、postgresql://… 或 redis://…",
            id="a database that is not served",
        ),
        pytest.param(
            {"communities/a.yaml": WRONG, "yaji.yaml": "web: {listen: 'localhost:99999'}\n"},
            "web.listen: found `localhost:99999`, wanted an address to listen on: write one with a port up to 65535",
            "web.listen: 写的是 `localhost:99999`，应为地址加端口，端口至多 65535",
            id="a port that does not exist",
        ),
        pytest.param(
            {"communities/a.yaml": WRONG + ": bad\n  - x\n"},
            "communities/a.yaml:2:1: found a line that does not fit",
            "communities/a.yaml:2:1: 写的是和上下文对不上的一行，应为与同一组的各行一样的缩进",
            id="no YAML",
        ),
    ],
)
def test_a_wrong_home_is_told_in_one_line(tmp_path, files, en, zh):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for language, told in (("en_US.UTF-8", en), ("zh_CN.UTF-8", zh)):
        lines = [line for line in run("check", tmp_path, language=language, status=1).splitlines() if line[:2] == "  "]
        assert len(lines) == 1
        assert told in lines[0]
