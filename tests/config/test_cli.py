"""What the commands say to whoever typed them: which folder is meant, in their language, on any terminal."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.sql import open_store
from cli.called import called
from cli.init import write
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("home/communities", "home"),
        ("home/communities/lanting.yaml", "home"),
        ("hoem", "home"),
        ("home/absent", ""),
        ("elsewhere", ""),
    ],
)
def test_the_home_that_was_meant_is_named(tmp_path, typed, meant, monkeypatch):
    run("init", tmp_path / "home", status=0)
    monkeypatch.chdir(tmp_path)
    output = run("check", typed, language="zh_CN.UTF-8", status=1)
    assert ("是不是想写" in output) is bool(meant)
    assert not meant or f"是不是想写 `{meant}`？" in output


def test_inside_the_communities_of_a_home_it_is_told_to_be_above(tmp_path, monkeypatch):
    run("init", tmp_path / "home", status=0)
    monkeypatch.chdir(tmp_path / "home" / "communities")
    assert "(did you mean `..`?)" in run("check", status=1)


@pytest.mark.parametrize(
    ("command", "zh", "en"),
    [
        (
            "simulate absent.json --home home",
            "absent.json 读不了（没有这个文件或文件夹）；",
            "(No such file or directory)",
        ),
        ("simulate home --home home", "home 读不了（这是文件夹）；", "(Is a directory)"),
        (
            "metrics --home home --html absent/m.html",
            "absent/m.html 写不进去（没有这个文件或文件夹）；",
            "absent/m.html cannot",
        ),
        ("simulate home/communities/lanting.yaml --home home", "雅集自己的 JSONL", "Yaji's own JSONL"),
        ("worker --home home --queue timer", "没有名为 timer 的队列；是不是想写 `timers`？", "did you mean `timers`?"),
        ("init home/communities/lanting.yaml/x", "写不进去（路径中间有一段不是文件夹）；", "(Not a directory)"),
    ],
)
def test_what_is_in_the_way_is_told_in_ones_language(tmp_path, command, zh, en, monkeypatch):
    run("init", tmp_path / "home", status=0)
    monkeypatch.chdir(tmp_path)
    output = run(*command.split(), language="zh_CN.UTF-8", status=2)
    assert zh in output
    assert en in run(*command.split(), status=2)


@pytest.mark.parametrize("command", ["check", "test", "init", "simulate", "demo"])
def test_a_language_that_is_not_spoken_is_refused_in_one_line(command, tmp_path):
    output = run(command, *({"init": ["x"], "simulate": ["x"]}.get(command, [])), "--lang", "fr", status=2)
    assert output == "Yaji speaks zh and en, not fr; choose with --lang.\n"


def test_init_speaks_the_language_of_the_terminal(tmp_path):
    home = tmp_path / "家"
    assert "：已写好 reading 样板。" in run("init", home, "--template", "reading", language="zh_CN.UTF-8", status=0)
    assert "里已经有东西了" in run("init", home, language="zh_CN.UTF-8", status=2)
    assert "is not empty; name a new folder." in run("init", home, status=2)
    (tmp_path / "file").write_text("x")
    assert "is a file; name a new folder." in run("init", tmp_path / "file", status=2)


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


def test_init_keeps_what_the_assistant_writes_out_of_git(tmp_path):
    run("init", tmp_path / "home", status=0)
    ignored = (tmp_path / "home" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"data/", "backups/"} <= set(ignored)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".gitignore").write_text("mine\n")
    write(tmp_path / "mine", "reading")
    assert (tmp_path / "mine" / ".gitignore").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "group reading: telegram -1001234567890, topic 17"),
        ("zh", "群 reading：telegram -1001234567890，话题 17"),
    ],
)
def test_check_tells_the_topic_of_a_group(tmp_path, language, line):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "a.yaml").write_text(
        "version: 1\ncommunity:\n  name: R\n  timezone: Asia/Shanghai\n"
        '  groups: {reading: {telegram: -1001234567890, topic: "17"}}\n',
        encoding="utf-8",
    )
    assert line in run("check", tmp_path, "--lang", language, status=0)


@pytest.mark.parametrize(
    ("language", "never", "bound", "elsewhere"),
    [
        (
            "en",
            "no address yet (can be simulated, not served)",
            "group lanting: telegram -1009 (bound in the chat; yaji doctor tells how it is served)",
            "group lanting: no address in the file; whether it is bound, the database knows: yaji doctor",
        ),
        (
            "zh",
            "还没有地址；可以模拟，不能上线",
            "群 lanting：telegram -1009（在群里绑定的；服务得怎样，看 yaji doctor）",
            "群 lanting：文件里没有地址；有没有绑定，数据库知道，看 yaji doctor",
        ),
    ],
)
def test_check_knows_where_a_group_lives_that_was_bound_in_the_chat(
    tmp_path, language, never, bound, elsewhere, monkeypatch
):
    home = tmp_path / "home"
    run("init", home, status=0)
    assert never in run("check", home, "--lang", language, status=0)
    (home / "data").mkdir(exist_ok=True)
    with closing(open_store(f"sqlite:///{home / 'data' / 'yaji.sqlite3'}")) as store:
        store.set_address("lanting", "telegram", "-1009")
    assert bound in run("check", home, "--lang", language, status=0)
    monkeypatch.setenv("YAJI_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/yaji")
    assert elsewhere in run("check", home, "--lang", language, status=0)


@pytest.mark.parametrize(("language", "line"), [("en", "main: never served yet"), ("zh", "main：还没有上线过")])
def test_doctor_writes_nothing_where_nothing_was_ever_served(tmp_path, language, line):
    run("init", tmp_path / "home", status=0)
    before = sorted(tmp_path.rglob("*"))
    assert line in run("doctor", "--home", tmp_path / "home", "--lang", language, status=1)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("language", "told", "unlooked"),
    [
        (
            "en",
            "`yaji serve` goes on with what it read before them, and does not start until they are mended:\n"
            "   communities/night.yaml:1:12: found ",
            "night was served and stands in no file that can be read",
        ),
        (
            "zh",
            "`yaji serve` 如果已经在运行，就照旧用改错之前的设置；改好之前重新启动不了：\n"
            "   communities/night.yaml:1:12: 没有关上的括号",
            "night 上线过，但读得了的文件里都没有它",
        ),
    ],
)
def test_doctor_tells_mistakes_in_the_files_and_how_it_stands_beside_them(tmp_path, language, told, unlooked):
    run("init", tmp_path / "home", status=0)
    (tmp_path / "home" / "data").mkdir(exist_ok=True)
    with closing(open_store(f"sqlite:///{tmp_path / 'home' / 'data' / 'yaji.sqlite3'}")) as store:
        store.set_address("night", "telegram", "-1009")
    (tmp_path / "home" / "communities" / "night.yaml").write_text("community: [\n")
    output = run("doctor", "--home", tmp_path / "home", "--lang", language, status=1)
    assert told in output
    assert unlooked in output
    assert "yaji bind lanting" in output
    found = json.loads(run("doctor", "--home", tmp_path / "home", "--json", status=1))
    assert [(one["file"], one["line"], one["column"]) for one in found["problems"]] == [
        ("communities/night.yaml", 1, 12)
    ]
    assert (found["well"], found["unlooked"], found["homeless"]) == (False, ["night"], ["lanting"])
    (tmp_path / "home" / "communities" / "night.yaml").unlink()
    sound = json.loads(run("doctor", "--home", tmp_path / "home", "--json", status=1))
    assert (sound["problems"], sound["unlooked"]) == ([], [])


@pytest.mark.parametrize("command", ["serve", "scheduler", "worker"])
def test_what_decides_does_not_start_with_a_part_of_a_home(tmp_path, command):
    run("init", tmp_path / "home", status=0)
    (tmp_path / "home" / "communities" / "night.yaml").write_text("community: [\n")
    assert "communities/night.yaml:1:12" in run(command, "--home", tmp_path / "home", status=2)


def test_doctor_tells_mistakes_in_the_files_where_the_database_cannot_be_used_either(tmp_path, monkeypatch):
    run("init", tmp_path / "home", status=0)
    (tmp_path / "home" / "communities" / "night.yaml").write_text("community: [\n")
    monkeypatch.setenv("YAJI_DATABASE_URL", "nowhere")
    output = run("doctor", "--home", tmp_path / "home", status=2)
    assert "communities/night.yaml:1:12" in output
    assert "the address of the database cannot be read" in output


@pytest.mark.parametrize(
    ("revision", "language", "told"),
    [
        ("0010", "en", "the database has schema 0010; `yaji serve` brings it to 0012"),
        ("0010", "zh", "数据库的结构还是 0010；运行 `yaji serve` 会升级到 0012"),
        ("9999", "en", "YAJI_DATABASE_URL: the database has schema 9999, newer than 0012"),
        ("9999", "zh", "YAJI_DATABASE_URL：数据库的结构是 9999，比这个版本的 0012 新"),
    ],
)
def test_doctor_leaves_a_database_of_another_version_as_it_is(tmp_path, revision, language, told, monkeypatch):
    run("init", tmp_path / "home", status=0)
    monkeypatch.setenv("YAJI_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    open_store(f"sqlite:///{tmp_path}/x.db").close()
    with closing(sqlite3.connect(tmp_path / "x.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    assert told in run("doctor", "--home", tmp_path / "home", "--lang", language, status=2)
    with closing(sqlite3.connect(tmp_path / "x.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("YAJI_DATABASE_URL: the database holds tables that are not ours (x)", "use another")),
        ("zh", ("YAJI_DATABASE_URL：数据库里有不是雅集的表（x）", "请换一个数据库")),
    ],
)
@pytest.mark.parametrize("command", [("doctor",), ("bind", "lanting")], ids=" ".join)
def test_a_database_of_another_program_is_told_in_ones_language(tmp_path, command, language, told, monkeypatch):
    run("init", tmp_path / "home", status=0)
    monkeypatch.setenv("YAJI_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    with closing(sqlite3.connect(tmp_path / "x.db")) as database:
        database.execute("CREATE TABLE x (id)")
    output = run(*command, "--home", tmp_path / "home", "--lang", language, status=2)
    assert all(part in output for part in told)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "x.db: the file is damaged, or is no database (file is not a database); put a backup in its place"),
        ("zh", "x.db：文件坏了，或者根本不是数据库（file is not a database）；请用备份换掉它"),
    ],
)
def test_a_file_that_is_no_database_is_told_in_ones_language(tmp_path, language, told, monkeypatch):
    run("init", tmp_path / "home", status=0)
    (tmp_path / "x.db").write_text("no database " * 1000)
    monkeypatch.setenv("YAJI_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    assert told in run("doctor", "--home", tmp_path / "home", "--lang", language, status=2)


def test_doctor_takes_an_empty_file_as_never_served_and_leaves_it_empty(tmp_path, monkeypatch):
    run("init", tmp_path / "home", status=0)
    (tmp_path / "x.db").touch()
    monkeypatch.setenv("YAJI_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    assert "main: never served yet" in run("doctor", "--home", tmp_path / "home", status=1)
    assert (tmp_path / "x.db").stat().st_size == 0


GONE = "postgresql://a:hunter2@127.0.0.1:1/x"


@pytest.mark.parametrize(
    ("url", "language", "told"),
    [
        ("nowhere", "en", "YAJI_DATABASE_URL: the address of the database cannot be read; write sqlite:///path or"),
        ("nowhere", "zh", "YAJI_DATABASE_URL：数据库的地址读不懂；请写 sqlite:///文件"),
        ("mysql://x/y", "en", "YAJI_DATABASE_URL: no database on mysql is known"),
        (GONE, "en", "see that it runs, and that its address is right: YAJI_DATABASE_URL"),
        (GONE, "zh", "请看它是否在运行，地址对不对：YAJI_DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("command", [("doctor",), ("bind", "lanting"), ("scheduler",)], ids=" ".join)
def test_a_database_that_cannot_be_used_is_told_with_its_place(tmp_path, command, url, language, told, monkeypatch):
    run("init", tmp_path / "home", status=0)
    monkeypatch.setenv("YAJI_DATABASE_URL", url)
    output = run(*command, "--home", tmp_path / "home", language=f"{language}_", status=2)
    assert told in output
    assert "hunter2" not in output


MESSAGE = {"event": "message", "at": "2026-03-02T09:00:00Z", "from": {"account": "telegram:1"}, "message": "1"}


@pytest.mark.parametrize("command", ["check", "--help", "test", "doctor --home", "simulate", "digest"])
def test_who_stops_reading_hears_nothing_of_it(tmp_path, command):
    run("init", tmp_path / "home", status=0)
    lines = [{**MESSAGE, "message": str(day), "at": f"2026-03-{day:02}T09:00:00Z", "text": "x"} for day in range(1, 20)]
    (tmp_path / "h").write_text("\n".join(map(json.dumps, lines)))
    home, out = ["--home", tmp_path / "home"], ["--out", tmp_path / "digests"]
    more = {"--help": [], "simulate": [tmp_path / "h", *home], "digest": ["--history", tmp_path / "h", *home, *out]}
    words = [*command.split(), *map(str, more.get(command, [tmp_path / "home"]))]
    reading, writing = os.pipe()
    os.close(reading)
    code, environment = "from cli.main import app; app()", {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, *words], env=environment, stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)
    assert done.stderr == b""


FULL = {
    "en": "What was to be printed cannot be written (No space left on device); make room, or ",
    "zh": "要打印的内容写不出去（磁盘满了）；请腾出空间，或者换个地方输出。",
}


@pytest.mark.parametrize(
    ("shell", "language", "status", "told", "buffered"),
    [
        # Where there is nothing to print to, Python has nothing that it could hold back.
        pytest.param(">&-", "en", 0, "", True, id="closed"),
        pytest.param(">&- 2>&-", "zh", 0, "", True, id="both closed"),
        *(
            pytest.param(">/dev/full", language, 2, told, buffered, id=f"full {when} {language}")
            for language, told in FULL.items()
            for when, buffered in (("at the end", True), ("at once", False))
        ),
    ],
)
def test_where_nothing_can_be_printed_there_is_no_traceback(shell, language, status, told, buffered):
    words = [sys.executable, "-c", "from cli.main import app; app()", "check", str(SUPPORT), "--lang", language]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "" if buffered else "1"}
    command = f"{shlex.join(words)} {shell}"
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr[: len(told) or None]) == (status, told)
    assert done.stderr.count("\n") == (status == 2)


STATE = {"adapters.queue", "adapters.sql", "alembic", "jobs", "redis", "rq", "sqlalchemy", "telegram"}


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (["--help"], {*STATE, "config.home", "pydantic", "workflows"}),
        (["--version"], {*STATE, "config.home", "rich", "workflows"}),
        (["chekc"], {*STATE, "config.home", "workflows"}),
        (["check", str(SUPPORT)], STATE),
        (["init", "home"], STATE),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_a_command_waits_for_nothing_that_it_does_not_need(tmp_path, words, without):
    code = "import atexit, sys; from cli.main import app; atexit.register(lambda: print(*sys.modules)); app()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, check=False, cwd=tmp_path
    )
    assert not without.intersection(done.stdout.decode().splitlines()[-1].split())


def test_the_version_is_told():
    assert run("--version", status=0) == f"yaji {version('yaji')}\n"


def test_what_to_type_next_is_a_command_that_the_shell_knows(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["some/venv/bin/yaji"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert called() == ["some/venv/bin/yaji"]
    (tmp_path / "yaji").write_text("#!/bin/sh\n")
    (tmp_path / "yaji").chmod(0o755)
    assert called() == ["yaji"]
    monkeypatch.setattr(sys, "argv", ["-c"])
    assert called() == ["yaji"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "wang is no account: write the platform and the id, like telegram:10001."),
        ("zh", "wang 不是账号：要写平台加冒号加编号，例如 telegram:10001。"),
    ],
)
def test_what_is_no_account_is_told_what_one_looks_like(tmp_path, language, told):
    run("init", tmp_path / "home", status=0)
    output = run("person", "--account", "wang", "--home", tmp_path / "home", "--lang", language, status=2)
    assert told in output


@pytest.mark.parametrize(
    ("environment", "settings", "told"),
    [
        ({"YAJI_REDIS_URL": "foo"}, "", "YAJI_REDIS_URL：Redis 的地址读不懂；请写 redis://"),
        ({"MINE": "redis+cluster://"}, "storage: {redis: '${env:MINE}'}", "MINE：Redis 的地址里没有节点；"),
        ({}, "storage: {redis: 'redis+sentinel://a'}", "yaji.yaml: storage.redis：Redis 的地址里没有哨兵和服务名；"),
    ],
)
def test_an_address_of_redis_that_is_none_is_told_with_its_place(tmp_path, environment, settings, told, monkeypatch):
    run("init", tmp_path / "home", status=0)
    (tmp_path / "home" / "yaji.yaml").write_text(settings, encoding="utf-8")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert told in run("scheduler", "--home", tmp_path / "home", "--lang", "zh", status=2)


def test_the_hundredth_line_is_told_as_a_number(tmp_path):
    run("init", tmp_path / "home", "--template", "literati", status=0)
    file = tmp_path / "home" / "communities" / "lanting.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()[:45]
    file.write_text("\n".join([*lines, *[""] * (99 - len(lines)), "tears: {}"]), encoding="utf-8")
    assert "communities/lanting.yaml:100:1: tears: " in run("check", tmp_path / "home", status=1)


def test_choices_are_guessed_by_their_chinese_names(tmp_path):
    run("init", tmp_path / "home", "--template", "literati", status=0)
    file = tmp_path / "home" / "communities" / "lanting.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in (
        ("[zh, en]", "[中文, en]"),
        ("or: [photo, voice]", "or: [照片, voice]"),
        ("2026-03-02", "2026年3月2日"),
    ):
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    output = run("check", tmp_path / "home", language="zh_CN.UTF-8", status=1)
    assert [each in output for each in ("写 `zh`？", "写 `photo`？", "写 `2026-03-02`？")] == [True, True, True]
