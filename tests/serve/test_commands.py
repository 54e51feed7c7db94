"""What `yaji serve` and `yaji bind` say to whoever typed them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests.serve.process import ROOT, environment
from tests.serve.scene import Scene, scene
from tests.support.patience import PATIENCE


def typed(here: Scene, *arguments: str, given: Mapping[str, str | None] | None = None) -> Result:
    """A command with the home's environment, and nothing of the machine's."""
    none: dict[str, str | None] = {"TELEGRAM_BOT_TOKEN": None, "YAJI_DATABASE_URL": None, "YAJI_SECRET": None}
    home = ("--home", str(here.home))
    return CliRunner().invoke(app, [*arguments, *home], env={**none, **(given or {})}, catch_exceptions=False)


@pytest.mark.parametrize(
    ("token", "language", "words"),
    [
        (None, "en", "The bot main has no token: set the environment variable TELEGRAM_BOT_TOKEN"),
        (None, "zh", "机器人 main 没有 token"),
        ("nonsense", "en", "What is in TELEGRAM_BOT_TOKEN is no bot token"),
        ("nonsense", "zh", "TELEGRAM_BOT_TOKEN 里的不是机器人 token"),
        ("1:wrong", "en", "Telegram does not accept the token of the bot main (Unauthorized)"),
        ("1:wrong", "zh", "Telegram 不认机器人 main 的 token（Unauthorized）"),
    ],
)
def test_what_is_wrong_with_a_token_is_one_sentence_and_status_2(
    tmp_path: Path, token: str | None, language: str, words: str
):
    with scene(tmp_path) as here:
        given = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": here.server.url}
        ended = typed(here, "serve", "--lang", language, given=given)
        assert ended.exit_code == 2
        assert words in ended.stderr
        assert ended.stderr.count("\n") == 1


def test_a_home_with_problems_is_not_served(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write("check_ins: {morning: {points: lots}}\n")
        ended = typed(here, "serve", "--lang", "en", given=here.environment)
        assert ended.exit_code == 2
        assert "communities/a.yaml:8:" in ended.stderr


def test_webhooks_without_an_address_are_refused(tmp_path: Path):
    with scene(tmp_path) as here:
        ended = typed(here, "serve", "--webhook", "--lang", "en", given=here.environment)
        assert ended.exit_code == 2
        assert "web.public_url" in ended.stderr


def test_bind_prints_a_line_to_send_and_keeps_only_its_hash(tmp_path: Path):
    with scene(tmp_path) as here:
        ended = typed(here, "bind", "reading", "--lang", "en")
        assert ended.exit_code == 0
        verb, code = ended.stdout.split()
        assert verb == "/bind"
        assert "24 hours" in ended.stderr
        database = sqlite3.connect(here.home / "data" / "yaji.sqlite3")
        assert code not in "\n".join(database.iterdump())
        database.close()
        assert typed(here, "bind", "reading", "--lang", "en").stdout.split()[1] != code


@pytest.mark.parametrize(("language", "words"), [("en", "did you mean `reading`?"), ("zh", "是不是想写 `reading`？")])
def test_a_group_that_is_not_there_is_told_with_a_guess(tmp_path: Path, language: str, words: str):
    with scene(tmp_path) as here:
        ended = typed(here, "bind", "readin", "--lang", language)
        assert ended.exit_code == 2
        assert words in ended.stderr


@pytest.mark.parametrize(
    ("module", "options", "words"),
    [
        ("telegram", (), "Telegram needs python-telegram-bot; install yaji[telegram]."),
        ("httpx", (), "Telegram needs python-telegram-bot; install yaji[telegram]."),
        ("uvicorn", ("--webhook",), "Webhooks and web.listen need uvicorn; install yaji[web]."),
    ],
)
def test_a_missing_extra_is_named(tmp_path: Path, module: str, options: tuple[str, ...], words: str):
    with scene(tmp_path) as here:
        without = f"import sys; sys.modules[{module!r}] = None; from cli.main import app; app()"
        given = environment(
            here.environment | {"YAJI_PUBLIC_URL": "https://yaji.example.org", "YAJI_LISTEN": "127.0.0.1:0"}
        )
        ended = subprocess.run(
            [sys.executable, "-c", without, "serve", "--home", str(here.home), "--lang", "en", *options],
            env=given,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (ended.returncode, words in ended.stderr) == (2, True), ended.stderr
        assert "Traceback" not in ended.stderr
