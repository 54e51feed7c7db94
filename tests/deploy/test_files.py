"""The files under deploy/ can be read, and name commands, options, queues and variables that exist."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from typer.core import TyperOption

from adapters.queue.rings import QueueName
from adapters.telegram.webhook import PREFIX
from cli.commands import COMMANDS, command
from cli.status import NOTHING_TO_DO
from tests.docs.pages import blocks

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSED = sorted(DEPLOY.glob("*/compose.yaml"))
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
GUIDES = ("docs/deploy.md", "docs/deploy.zh.md")
OURS = re.compile(r"\b(?:YAJI|TELEGRAM)_[A-Z_]+\b")


def commands() -> dict[str, set[str]]:
    """The options of every command."""
    return {
        name: {opt for one in command(name).params if isinstance(one, TyperOption) for opt in one.opts}
        for name in COMMANDS
    }


def refused(words: list[str]) -> str | None:
    """What is wrong with a command line of ours, without the `yaji` in front."""
    known = commands()
    if words[0] not in known:
        return f"no command {words[0]}"
    wrong = [word for word in words[1:] if word.startswith("--") and word not in known[words[0]]]
    queue = words[words.index("--queue") + 1] if "--queue" in words else "timers"
    return f"{wrong or queue}" if wrong or queue not in (*get_args(QueueName), "%i") else None


def services(file: Path) -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    return held


@pytest.mark.parametrize("file", COMPOSED, ids=lambda file: file.parent.name)
def test_compose_names_commands_that_exist(file: Path):
    ours = {name: held for name, held in services(file).items() if held["image"] == "yaji"}
    assert set(ours) == {"serve", "scheduler", "timers", "digests"}
    assert {name: refused(held["command"]) for name, held in ours.items()} == dict.fromkeys(ours)
    for held in ours.values():
        built = (file.parent / held["build"]["context"] / held["build"]["dockerfile"]).resolve()
        assert built == DEPLOY / "Dockerfile"
        assert set(held["depends_on"]) <= set(services(file))


@pytest.mark.parametrize("file", COMPOSED, ids=lambda file: file.parent.name)
def test_compose_gives_everything_time_to_end_and_starts_it_again(file: Path):
    for held in services(file).values():
        assert held["restart"] == "unless-stopped"
        assert int(held["stop_grace_period"].removesuffix("s")) >= 15


@pytest.mark.parametrize("file", COMPOSED, ids=lambda file: file.parent.name)
def test_what_is_ours_writes_nowhere_but_where_it_must_and_no_log_grows_for_ever(file: Path):
    for held in services(file).values():
        assert held["logging"] == {"driver": "local"}, "Docker's own default keeps every line"
        if held["image"] == "yaji":
            assert (held["read_only"], held["cap_drop"], held["init"]) == (True, ["ALL"], True)
            assert held["security_opt"] == ["no-new-privileges:true"]
            assert held["tmpfs"] == ["/tmp"]


def test_processes_of_several_machines_may_be_told_of_another_redis():
    for held in services(DEPLOY / "many-machines" / "compose.yaml").values():
        if held["image"] == "yaji":
            assert held["environment"]["YAJI_REDIS_URL"] == "${YAJI_REDIS_URL:-redis://redis:6379/0}"


def own_files(file: Path) -> Iterator[str]:
    """What lies beside a compose file on the operator's machine and is none of ours."""
    whole = yaml.safe_load(file.read_text(encoding="utf-8"))
    yield ".env"
    yield from (one["file"] for one in whole.get("secrets", {}).values())
    for held in whole["services"].values():
        yield from filter(None, (held.get("env_file"),))
        yield from (named.partition(":")[0] for named in held.get("volumes", ()) if named.startswith("./"))


@pytest.mark.parametrize("ignoring", [".gitignore", ".dockerignore"])
@pytest.mark.parametrize("file", COMPOSED, ids=lambda file: file.parent.name)
def test_what_an_operator_puts_beside_it_goes_into_no_commit_and_no_image(file: Path, ignoring: str):
    ignored = {line.rstrip("/") for line in (ROOT / ignoring).read_text(encoding="utf-8").splitlines()}
    names = {name.removeprefix("./") for name in own_files(file)}
    theirs = {name for name in names if not (file.parent / name).is_file()}
    assert {".env", "environment", "home"} <= theirs
    assert {name for name in theirs if f"deploy/*/{name}" not in ignored} == set()


def test_what_goes_into_no_commit_goes_into_no_image_either():
    """A home with its secret, a database, reports of a history: what lies in a checkout and is not the project's."""
    ignored = {line.rstrip("/").removeprefix("**/") for line in lines(".dockerignore")}
    names = {line.strip("/") for line in lines(".gitignore")}
    assert {"my-home", "digests", "*.sqlite3*"} <= names
    assert names - ignored == set()


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").split()


def test_nothing_but_what_telegram_posts_goes_through_the_proxy():
    text = (DEPLOY / "many-machines" / "nginx.conf").read_text(encoding="utf-8")
    places = dict(re.findall(r"^ *location (\S+) \{\n(.*?)^ *\}", text, re.MULTILINE | re.DOTALL))
    assert {place for place, held in places.items() if "proxy_pass" in held} == {PREFIX}
    assert places["/"].split() == ["return", "404;"]
    (served,) = re.findall(r"set \$serve (\S+);", text)
    name, _, port = served.partition(":")
    found = services(DEPLOY / "many-machines" / "compose.yaml")
    assert found[name]["expose"] == [port]
    assert found[name]["command"][-1].endswith(f":{port}")
    assert {place.partition(":")[0] for place in found["proxy"]["volumes"]} == {"./nginx.conf", "./tls"}


def test_with_many_machines_there_are_two_of_what_must_not_stop():
    held = services(DEPLOY / "many-machines" / "compose.yaml")
    assert {name for name, one in held.items() if one.get("deploy", {}).get("replicas", 1) > 1} == {
        "serve", "scheduler", "timers",
    }  # fmt: skip


@pytest.mark.parametrize("file", COMPOSED, ids=lambda file: file.parent.name)
def test_what_is_not_ours_is_told_no_secret_but_its_own(file: Path):
    whole = yaml.safe_load(file.read_text(encoding="utf-8"))
    others = {name: held for name, held in whole["services"].items() if held["image"] != "yaji"}
    assert {name: held.get("env_file") for name, held in others.items()} == dict.fromkeys(others)
    told = {secret for held in others.values() for secret in held.get("secrets", ())}
    assert told == set(whole.get("secrets", ()))


def unit_of(file: Path) -> ConfigParser:
    unit = ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(file, encoding="utf-8")
    return unit


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_units_are_started_again_for_as_long_as_it_takes(file: Path):
    unit = unit_of(file)
    assert (unit["Service"]["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")
    assert unit["Service"]["RestartSec"] == "5", "also what no restart mends is tried again"
    idle = str(NOTHING_TO_DO) if file.name.startswith("yaji-worker") else None
    assert unit["Service"].get("RestartPreventExitStatus") == idle


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_units_name_commands_that_exist(file: Path):
    unit = unit_of(file)
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, refused(words)) == ("yaji", None)
    assert int(unit["Service"]["TimeoutStopSec"]) >= 15


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd to ask here")
def test_systemd_understands_every_line(tmp_path: Path):
    for file in (*UNITS, DEPLOY / "systemd" / "yaji.target"):
        # Our program is not installed here; everything else is as it stands.
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8").replace("/opt/yaji/bin/yaji", "/bin/true"))
    (tmp_path / "yaji-worker@timers.service").symlink_to(tmp_path / "yaji-worker@.service")
    names = ("yaji.target", "yaji-serve.service", "yaji-scheduler.service", "yaji-worker@timers.service")
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, [line for line in told.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


def typed(page: str, sign: str) -> list[list[str]]:
    """The commands of the block of a page in which a word stands."""
    (block,) = [block.text for block in blocks(page, "text") if sign in block.text]
    return [shlex.split(line, comments=True) for line in block.splitlines()]


@pytest.mark.parametrize("page", GUIDES)
def test_whoever_follows_the_page_has_what_the_units_use(tmp_path: Path, page: str):
    steps = typed(page, "systemctl enable")
    enabled = next(n for n, step in enumerate(steps) if step[:2] == ["systemctl", "enable"])
    (owner,) = [step for step in steps if step[0] == "useradd"]
    (made,) = [step for step in steps if step[0] == "install"]
    (begun,) = [step[step.index("--") + 1 :] for step in steps[:enabled] if step[:3] == ["runuser", "-u", owner[-1]]]
    subprocess.run([*made[:-1], f"{tmp_path}{made[-1]}"], check=True)
    for file in UNITS:
        held = unit_of(file)["Service"]
        program, *words = shlex.split(held["ExecStart"])
        assert begun[:3] == [program, "init", words[words.index("--home") + 1]]
        assert (held["User"], held["WorkingDirectory"]) == (owner[-1], owner[owner.index("--home-dir") + 1])
        assert (tmp_path / held["EnvironmentFile"].lstrip("/")).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("page", GUIDES)
def test_containers_that_write_the_home_run_as_its_owner(page: str):
    steps = typed(page, "docker run")
    (written,) = [step[1] for step in steps if step[0] == "printf" and step[-1] == ".env"]
    name = written.partition("=")[0]
    for file in COMPOSED:
        for held in services(file).values():
            if "./home:/srv/yaji/home" in held.get("volumes", ()):
                assert held["user"].startswith(f"${{{name}:?")
            else:
                assert "user" not in held
    begun = next(step for step in steps if "init" in step)
    assert begun[begun.index("--user") + 1] == "$(id -u):$(id -g)"
    assert begun[begun.index("init") + 1] == "/here/home"


def test_the_target_wants_units_that_exist():
    unit = ConfigParser(interpolation=None)
    unit.read(DEPLOY / "systemd" / "yaji.target", encoding="utf-8")
    wanted = unit["Unit"]["Wants"].split()
    assert {re.sub(r"@\w+\.", "@.", name) for name in wanted} == {file.name for file in UNITS}
    queues = {name.partition("@")[2].removesuffix(".service") for name in wanted if "@" in name}
    assert queues <= set(get_args(QueueName))


def test_the_image_runs_a_command_that_exists():
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert json.loads(re.findall(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[0]) == ["yaji"]
    assert refused(json.loads(re.findall(r"^CMD (.*)$", text, re.MULTILINE)[0])) is None


def wanted_by() -> dict[str, set[str]]:
    """For each package of the lock, what asks for it: other packages, or ourselves."""
    found: dict[str, set[str]] = {}
    for entry in re.split(r"^(?=\w)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        found[entry.partition("==")[0]] = set(re.findall(r"^    #(?: via|  ) (\S.*)$", entry, re.MULTILINE))
    return found


def test_the_image_holds_what_serving_needs_and_nothing_else():
    wanted, held = wanted_by(), set[str]()
    asking = {"yaji (pyproject.toml)"}
    while asking:
        asking = {name for name, by in wanted.items() if by & asking} - held
        held |= asking
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    assert sorted(re.findall(r"uninstall --yes (.*)$", text, re.MULTILINE)[0].split()) == sorted(wanted.keys() - held)
    assert {"sqlalchemy", "python-telegram-bot"} <= held


def variables() -> Iterator[str]:
    for file in (*DEPLOY.rglob("*"), ROOT / "docs" / "deploy.md"):
        if file.is_file():
            yield from OURS.findall(file.read_text(encoding="utf-8"))


def test_variables_are_those_that_are_read():
    read = {
        name
        for folder in ("cli", "jobs", "config")
        for file in (ROOT / folder).rglob("*.py")
        for name in OURS.findall(file.read_text(encoding="utf-8"))
    }
    assert set(variables()) - read == set()
