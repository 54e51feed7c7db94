"""Whoever follows docs/telegram.md has a group that is served, with the test server in Telegram's place."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.docs.newcomer import agrees, typed
from tests.docs.pages import ROOT, blocks
from tests.support.botapi import World, serving
from tests.support.botapi.playground import OWNER, TOKEN, Playground
from tests.support.patience import PATIENCE, until

PAGES: Final = {"docs/telegram.md": "en_US.UTF-8", "docs/telegram.zh.md": "zh_CN.UTF-8"}
COMMAND: Final = (sys.executable, "-c", "from cli.main import app; app()")


@pytest.mark.parametrize("page", PAGES)
def test_whoever_follows_the_page_has_a_group_that_is_served(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    commands = [each for block in blocks(page, "console") for each in typed(block.text)]
    owner = next(each.command for each in commands if "playground" in each.command).partition("--owner ")[2]
    world = World()
    with serving(world) as server:
        here = Playground(world, server, owner or OWNER)
        environment = _environment(PAGES[page]) | {"TELEGRAM_API_URL": server.url}
        came: dict[str, str] = {}
        log = tmp_path / "log"
        with contextlib.ExitStack() as endless:
            for command, shown in commands:
                words = shlex.split(command)
                if words[0] == "export":
                    assert words[1].startswith("TELEGRAM_BOT_TOKEN=")
                    environment["TELEGRAM_BOT_TOKEN"] = TOKEN
                elif words[0] == "sed":
                    subprocess.run(words, check=True)
                elif words[:2] == ["yaji", "serve"]:
                    endless.enter_context(_served(words[1:], environment, log))
                elif words[0] == "yaji":
                    came[words[1]] = CliRunner().invoke(app, words[1:], env=environment).output
                    assert not shown.strip() or agrees(shown, came[words[1]]), came[words[1]]
            code = re.match("/bind (.*)", came["bind"])
            assert code
            for played in blocks(page, "text"):
                _play(here, played.text, code[1], log)
        assert server.off_spec == []


@contextlib.contextmanager
def _served(words: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """What serves, from when it has said what to do next, to its end."""
    with log.open("wb") as out:
        process = subprocess.Popen([*COMMAND, *words], env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _until(lambda: b"yaji bind reading" in log.read_bytes() or process.poll() is not None, log)
        yield
    finally:
        process.terminate()
        assert process.wait(PATIENCE) == 0, log.read_text(encoding="utf-8")


def _play(here: Playground, text: str, code: str, log: Path) -> None:
    """Type what is typed, and see each line that is shown."""
    said: list[str] = []

    def seen(shown: str) -> Callable[[], bool]:
        def holds() -> bool:
            said.extend(line for news in here.news() for line in news.splitlines())
            return any(agrees(shown, line) or line.startswith(shown) for line in said)

        return holds

    for line in text.splitlines():
        if line.startswith("bot"):
            _until(seen(line), log, said)
        else:
            assert here.does(line.replace("…", code)) == ""


def _until(holds: Callable[[], bool], log: Path, said: list[str] | None = None) -> None:
    until(holds, lambda: f"{said}\n{log.read_text()}")


def _environment(language: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM_", "YAJI_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "LC_ALL": language, "LANG": language, "PYTHONUTF8": "1", "COLUMNS": "200"}
