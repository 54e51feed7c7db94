"""Commands that need a part of a home tell the mistakes in it, and go on with the part that they need."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.sql import open_store
from adapters.sql.connections import SqlConnections, Stands
from cli.init import write
from cli.main import app
from config.deployment import Settings
from jobs.surroundings import surroundings

WELL_KNOWN = ("YAJI_DATABASE_URL", "YAJI_REDIS_URL", "YAJI_SECRET", "TELEGRAM_BOT_TOKEN", "WECHATY_TOKEN")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in WELL_KNOWN:
        monkeypatch.delenv(name, raising=False)
    write(tmp_path / "home", "reading")
    return tmp_path / "home"


def run(*args: object, status: int, language: str = "en") -> str:
    result = CliRunner().invoke(app, [*map(str, args), "--lang", language])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == status, result.output
    return result.output


def served(file: Path, name: str = "wechat:main") -> None:
    """A database that a process served from."""
    file.parent.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    with closing(open_store(f"sqlite:///{file}")) as store:
        SqlConnections(store.pool).note(name, Stands(now, now, "running", now))


MISSPELLED = "platforms:\n  wechat:\n    endpont: gateway:8788\n"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            ("yaji.yaml:3:5: platforms.wechat.endpont: found the unknown key", "did you mean `endpoint`?", "in part"),
        ),
        (
            "zh",
            ("yaji.yaml:3:5: platforms.wechat.endpont: 写的是不认识的键", "是不是想写 `endpoint`？", "只读懂了一部分"),
        ),
    ],
)
def test_doctor_tells_a_mistake_in_yaji_yaml_and_looks_further(home, language, told):
    (home / "yaji.yaml").write_text(MISSPELLED, encoding="utf-8")
    (home / "communities" / "night.yaml").write_text("community: [\n")
    served(home / "data" / "yaji.sqlite3")
    output = run("doctor", "--home", home, status=1, language=language)
    assert all(each in output for each in told)
    assert "communities/night.yaml:1:12" in output
    assert "✅ Python 3" in output
    assert {"en": "wechat:main: connected", "zh": "wechat:main：已连上"}[language] in output
    found = json.loads(run("doctor", "--home", home, "--json", status=1))
    assert [(one["file"], one["line"], one["column"]) for one in found["problems"]] == [
        ("communities/night.yaml", 1, 12),
        ("yaji.yaml", 3, 5),
    ]
    assert [account["name"] for account in found["accounts"]] == ["wechat:main"]
    assert found["surroundings"][0]["well"]


@pytest.mark.parametrize("settings", ["storage: [\n", "storage: {urll: 'sqlite:///x.db'}\n"])
def test_doctor_guesses_no_database_but_the_usual_one_and_says_so(home, settings):
    (home / "yaji.yaml").write_text(settings, encoding="utf-8")
    output = run("doctor", "--home", home, status=2)
    assert "Which database it is cannot be told from yaji.yaml, so what is in it is not looked at." in output
    assert "✅ Python 3" in output
    assert not (home / "data").exists()
    served(home / "data" / "yaji.sqlite3", "main")
    output = run("doctor", "--home", home, status=1)
    assert f"Looked at is {home / 'data' / 'yaji.sqlite3'}" in output
    assert "main: connected" in output


def test_doctor_takes_the_database_of_the_environment_whatever_yaji_yaml_says(home, tmp_path, monkeypatch):
    (home / "yaji.yaml").write_text("storage: [\n", encoding="utf-8")
    served(home / "data" / "yaji.sqlite3", "old")
    served(tmp_path / "kept.db", "fresh")
    monkeypatch.setenv("YAJI_DATABASE_URL", f"sqlite:///{tmp_path / 'kept.db'}")
    output = run("doctor", "--home", home, status=1)
    assert "fresh: connected" in output
    assert "old" not in output


def things(settings: Mapping[str, object] = {}, environment: dict[str, str] | None = None, **how) -> list[str]:
    found = surroundings(Settings.model_validate(settings), environment or {}, "", **how)
    return [("ok " if thing.well else "no ") + thing.told.en for thing in found]


WECHAT = {"platforms": {"wechat": {"endpoint": "127.0.0.1:8788"}}}


def test_a_token_that_is_missing_or_none_is_told():
    (bot,) = [one for one in things() if "token" in one]
    assert bot.startswith("no token of main: TELEGRAM_BOT_TOKEN is not set in this terminal")
    (bot,) = [one for one in things(environment={"TELEGRAM_BOT_TOKEN": "secretive"}) if "token" in one]
    assert bot.startswith("no token of main: what is in TELEGRAM_BOT_TOKEN is no bot token")
    assert "secretive" not in bot
    assert "ok token of main: TELEGRAM_BOT_TOKEN is set" in things(environment={"TELEGRAM_BOT_TOKEN": "123456:ABC-DEF"})
    assert "ok token of wechat:main: WECHATY_TOKEN is set" in things(WECHAT, {"WECHATY_TOKEN": "x"})


def test_a_python_that_does_not_fit_is_told():
    assert things(version=(3, 10, 1))[0] == "no Python 3.10.1 does not fit: use 3.11, 3.12 or 3.13"
    assert things(version=(3, 13, 0))[0].startswith("ok Python 3.13.0")
    assert things(WECHAT, version=(3, 13, 0))[0] == "no Python 3.13.0 does not fit: WeChat needs 3.11 or 3.12"


def test_a_redis_that_does_not_answer_is_told_with_where_its_address_is_written():
    (told,) = [
        one for one in things(environment={"YAJI_REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"}) if "Redis" in one
    ]
    assert told.startswith("no Redis: YAJI_REDIS_URL does not answer")
    assert "hunter2" not in told
    (told,) = [one for one in things({"storage": {"redis": "${env:MY_REDIS}"}}) if "Redis" in one]
    assert told == "no Redis: storage.redis takes its address from MY_REDIS, which is not set in this terminal"
    (told,) = [one for one in things(environment={"YAJI_REDIS_URL": "nowhere"}) if "Redis" in one]
    assert told.startswith("no YAJI_REDIS_URL: the Redis URL cannot be read; write redis://")


def test_a_secret_that_is_too_short_is_told():
    assert "no YAJI_SECRET is too short; give it at least 16 characters" in things(environment={"YAJI_SECRET": "short"})


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "`yaji serve` goes on with what it read before them, and does not start until they are mended:"),
        ("zh", "`yaji serve` 如果已经在运行，就照旧用改错之前的设置；改好之前重新启动不了："),
    ],
)
def test_bind_needs_the_group_and_the_database_alone(home, language, told):
    (home / "communities" / "night.yaml").write_text("community: [\n")
    (home / "yaji.yaml").write_text("platforms: {telegran: {}}\n")
    output = run("bind", "reading", "--home", home, status=0, language=language)
    assert "/bind " in output
    assert told in output
    assert "communities/night.yaml:1:12" in output
    assert "yaji.yaml:1:13" in output


def test_bind_does_not_make_a_code_for_a_group_that_cannot_be_read(home):
    shutil.move(home / "communities" / "reading.yaml", home / "communities" / "night.yaml")
    night = home / "communities" / "night.yaml"
    night.write_text(night.read_text(encoding="utf-8").replace("timezone:", "timezon:"), encoding="utf-8")
    output = run("bind", "reading", "--home", home, status=2)
    assert "has no group reading" in output
    assert "timezon" in output
    assert "/bind" not in output
    assert not (home / "data").exists()


def test_bind_never_guesses_the_database(home):
    (home / "yaji.yaml").write_text("storage: {urll: 'sqlite:///x.db'}\n")
    assert "yaji.yaml:1:11: storage.urll" in run("bind", "reading", "--home", home, status=2)
    assert not (home / "data").exists()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The numbers are told all the same, without those of groups and sections that cannot be read."),
        ("zh", "数字照样说；读不了的群和章节，里面的数字略去。"),
    ],
)
def test_a_mistake_in_one_group_keeps_nobody_from_the_numbers_of_another(home, tmp_path, language, told):
    (home / "communities" / "night.yaml").write_text("community: [\n")
    (home / "yaji.yaml").write_text("platforms: {telegran: {}}\n")
    out = tmp_path / "numbers.json"
    output = run("metrics", "--home", home, "--json", out, status=0, language=language)
    assert told in output
    assert "communities/night.yaml:1:12" in output
    assert [each["group"] for each in json.loads(out.read_text(encoding="utf-8"))["groups"]] == ["reading"]


def test_where_nothing_is_wrong_metrics_says_nothing_of_mistakes(home):
    assert "all the same" not in run("metrics", "--home", home, status=0)


def test_metrics_tells_which_groups_there_are_where_one_cannot_be_read(home):
    (home / "communities" / "night.yaml").write_text("community: [\n")
    output = run("metrics", "--home", home, "--group", "night", status=2)
    assert "has no group night; it has reading." in output
    assert "communities/night.yaml:1:12" in output


@pytest.mark.parametrize(("language", "told"), [("en", "No group can be read;"), ("zh", "一个群都读不出来；")])
def test_where_no_group_can_be_read_metrics_says_so(home, language, told):
    (home / "communities" / "reading.yaml").write_text("community: [\n")
    output = run("metrics", "--home", home, status=2, language=language)
    assert told in output
    assert "communities/reading.yaml:1:12" in output


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("web: {listen: 8080}", "写的是 `8080`，应为地址加端口，端口至多 65535（是不是想写 `127.0.0.1:8080`？）"),
        (
            "platforms: {wechat: {endpoint: 'http://gateway:8788/'}}",
            "写的是 `http://gateway:8788/`，应为主机加端口，例如 127.0.0.1:8788（是不是想写 `gateway:8788`？）",
        ),
        ("platforms: {wechat: {endpoint: gateway}}", "写的是 `gateway`，应为主机加端口，例如 127.0.0.1:8788"),
    ],
)
def test_an_address_that_is_half_or_more_is_told_as_it_has_to_be(home, settings, told):
    (home / "yaji.yaml").write_text(settings, encoding="utf-8")
    assert told in run("check", home, status=1, language="zh")
