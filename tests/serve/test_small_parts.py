"""The key of the buttons, the lock of the home, and the log that holds no secret."""

from __future__ import annotations

import errno
import io
import logging
import os
import stat
from pathlib import Path
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from cli.main import app
from config.home import load
from core.courier import Notice
from jobs.serve.alone import alone
from jobs.serve.couriers import line
from jobs.serve.journal import logged
from jobs.serve.listening import listening
from jobs.serve.refusing import CannotServe
from jobs.serve.secret import deployment_secret
from jobs.serve.ways import Ways
from jobs.serve.web import Listener, Site

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    made = deployment_secret(tmp_path, {})
    assert len(made) == 32
    assert deployment_secret(tmp_path, {}) == made
    file = tmp_path / "data" / "secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret"]


def test_a_secret_that_could_not_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotServe, match="No space left"):
        deployment_secret(tmp_path, {})
    assert list((tmp_path / "data").iterdir()) == []


def test_another_home_has_another_secret(tmp_path: Path):
    assert deployment_secret(tmp_path / "a", {}) != deployment_secret(tmp_path / "b", {})


def test_many_machines_share_a_secret_through_the_environment(tmp_path: Path):
    given = {"YAJI_SECRET": "a secret that is long enough"}
    assert deployment_secret(tmp_path / "a", given) == deployment_secret(tmp_path / "b", given)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_short_secret_is_refused(tmp_path: Path, language: str):
    with pytest.raises(CannotServe) as refused:
        deployment_secret(tmp_path, {"YAJI_SECRET": "short"})
    assert "16" in refused.value.told.in_(language)  # type: ignore[arg-type]


def test_a_spoilt_secret_is_refused_with_its_place(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret").write_text("x")
    with pytest.raises(CannotServe) as refused:
        deployment_secret(tmp_path, {})
    assert str(tmp_path / "data" / "secret") in str(refused.value)


def test_a_second_process_on_one_home_is_told_which_is_the_first(tmp_path: Path):
    with alone(tmp_path), pytest.raises(CannotServe, match=r"by process [0-9]+"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_the_log_holds_no_token_and_no_password():
    out = io.StringIO()
    with logged([TOKEN, "canary-canary"], logging.DEBUG, out):
        logger = logging.getLogger("anybody.else")
        logger.warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logger.warning("canary-canary and 999999:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA of another time")
        logger.warning("postgresql://yaji:hunter2@db/yaji")
        logger.warning("postgresql://yaji:un@hunter2@db/yaji")
        try:
            raise ValueError(TOKEN)
        except ValueError:
            logger.exception("first line\nsecond line")
    logger.error("after the end of the log")
    text = out.getvalue()
    for secret in (TOKEN, "canary-canary", "hunter2", "AAAAAAAA"):
        assert secret not in text
    assert "postgresql://yaji:•••@db/yaji" in text
    assert "ValueError: •••" in text
    assert "after the end" not in text
    assert all(line.startswith(("20", "    ")) for line in text.splitlines())


def test_an_address_that_is_taken_is_told_with_what_to_write():
    with listening("127.0.0.1:0") as first:
        at = f"127.0.0.1:{first.getsockname()[1]}"
        with pytest.raises(CannotServe, match=r"--listen, or else web\.listen") as refused:
            listening(at)
        assert at in refused.value.told.zh


def test_the_environment_wins_over_the_file(tmp_path: Path):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "a.yaml").write_text("community: {name: A, timezone: UTC, groups: {g: {}}}\n")
    (tmp_path / "yaji.yaml").write_text("platforms: {telegram: {api_url: 'http://127.0.0.1:1'}}\n")
    deployment = load(tmp_path)
    ways = Ways.of(deployment, {})
    assert (ways.api_url, ways.listen, ways.public_url) == ("http://127.0.0.1:1", None, None)
    given = {"TELEGRAM_API_URL": "http://127.0.0.1:2", "YAJI_PUBLIC_URL": "https://a.example", "YAJI_LISTEN": "[::1]:1"}
    ways = Ways.of(deployment, given, webhook=True)
    assert (ways.api_url, ways.listen, ways.public_url) == ("http://127.0.0.1:2", "[::1]:1", "https://a.example")


@pytest.mark.parametrize(
    ("kind", "group", "zh", "en"),
    [
        (
            "dead",
            "reading",
            "reading: 没有权限：Bad Request: not enough rights",
            "reading: no_right: Bad Request: not enough rights",
        ),
        ("serving", "", "要说的话，现在由这个进程来说", "this process says what is to be said now"),
    ],
)
def test_the_log_tells_what_could_not_be_said_in_the_operators_language(kind, group: str, zh: str, en: str):
    told = Notice(kind, "no_right: Bad Request: not enough rights", group, "e1/1")
    assert (line(told, "zh"), line(told, "en")) == (zh, en)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home below the folder where commands are given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YAJI_DATABASE_URL", raising=False)
    (tmp_path / "home" / "communities").mkdir(parents=True)
    (tmp_path / "home" / "communities" / "a.yaml").write_text(
        "version: 1\ncommunity: {name: A, timezone: UTC, languages: [en], groups: {reading: {}}, admins: []}\n"
    )
    return Path("home")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "home/data/yaji.sqlite3 cannot be read (Not a directory); run this as the user who serves the home"),
        ("zh", "读不到 home/data/yaji.sqlite3（路径中间有一段不是文件夹）；请用运行这个家的用户来执行"),
    ],
)
def test_doctor_says_that_the_database_may_not_be_looked_at(home, lang, line):
    (home / "data").write_text("no folder")
    told = CliRunner().invoke(app, ["doctor", "--home", str(home), "--lang", lang], env={"COLUMNS": "200"})
    assert told.exit_code == 2
    assert line in told.output


@pytest.mark.parametrize("command", [["doctor"], ["bind", "reading"]])
def test_the_file_of_a_database_is_named_as_it_is_found_from_here(home, command):
    (home / "data").mkdir()
    (home / "data" / "yaji.sqlite3").write_text("dear diary " * 500)
    told = CliRunner().invoke(app, [*command, "--home", str(home), "--lang", "en"], env={"COLUMNS": "200"})
    assert told.exit_code == 2
    assert told.output.splitlines()[-1].startswith("home/data/yaji.sqlite3: ")


def test_the_folder_that_holds_members_data_is_its_owners_alone(home):
    told = CliRunner().invoke(app, ["bind", "reading", "--home", str(home)])
    assert told.exit_code == 0, told.output
    assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700


def test_the_web_server_below_tells_of_nothing_but_troubles(caplog: pytest.LogCaptureFixture):
    async def nothing(*asked: Any) -> None:
        raise AssertionError("it is asked for nothing")

    with caplog.at_level(logging.INFO, logger="uvicorn.error"):
        Listener(cast("Site", nothing))
        assert not logging.getLogger("uvicorn.error").isEnabledFor(logging.INFO)
        assert logging.getLogger("uvicorn.error").isEnabledFor(logging.WARNING)
