"""Somebody who types what a page shows, line by line, and compares what comes with what the page promised."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from cli.main import app
from tests.docs.pages import ROOT

ANY = "…"
"""In shown output: anything within the line, or any lines where it stands alone."""
TOOLS = frozenset(("ruff", "mypy", "lint-imports", "pre-commit", "pytest"))
ENDLESS = frozenset(("serve", "scheduler", "worker"))
"""Commands of ours that go on until they are stopped. What comes of them is looked at elsewhere."""
COREUTILS = frozenset(("sed", "mv", "cp", "mkdir"))


class Typed(NamedTuple):
    """A command and the output that is shown under it."""

    command: str
    shown: str


def typed(block: str) -> list[Typed]:
    """The commands of a console block."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block begins with `$ `, not with {parts[0]!r}"
    return [Typed(command.strip(), shown) for command, _, shown in (part.partition("\n") for part in parts[1:])]


def agrees(shown: str, came: str) -> bool:
    """Whether the output is what was shown; spaces at the ends of lines do not matter."""
    lines = [line.rstrip() for line in shown.strip("\n").splitlines()]
    wanted = "".join(r"(?:.*\n)*?" if line == ANY else _line(line) + r"\n" for line in lines)
    given = "".join(line.rstrip() + "\n" for line in came.strip("\n").splitlines())
    return re.fullmatch(wanted, given) is not None


def _line(line: str) -> str:
    return "[^\n]*".join(re.escape(part) for part in line.split(ANY))


def recipe(target: str) -> list[str]:
    """What `make target` runs. Raises AssertionError if there is no such target."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(target)}:.*\n((?:\t.*\n?)*)", text, re.MULTILINE)
    assert found, f"the Makefile has no target {target}"
    return [line.strip().replace("$(RUN)", "") for line in found[1].splitlines()]


class Newcomer:
    """Types commands in a folder of their own. Commands of ours run; of others only that they exist is looked at."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.environment = {"LC_ALL": language, "LANG": language}

    def types(self, command: str, shown: str) -> None:
        """Run it, and compare if output is shown. The working directory must be the folder."""
        words = shlex.split(command)
        if words[0] == "make":
            commands = [line for target in words[1:] if "=" not in target for line in recipe(target)]
            if shown.strip():
                self.types(commands[-1], shown)
        elif words[0] == "export":
            self.environment.update((name, value) for name, _, value in (word.partition("=") for word in words[1:]))
        elif words[0] == "yaji" and words[1] in ENDLESS:
            self._yaji([words[1], "--help"])
        elif words[0] == "yaji":
            came = self._yaji(words[1:])
            assert not shown.strip() or agrees(shown, came), f"`{command}` says:\n{came}\nthe page shows:\n{shown}"
        elif words[0] in COREUTILS:
            subprocess.run(words, cwd=self.folder, check=True)
        elif words[:2] == [".", ".venv/bin/activate"]:
            assert "VENV := .venv\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
        elif words[:2] == ["python", "-m"]:
            assert importlib.util.find_spec(words[2]), f"there is no module {words[2]}"
        elif words[0] in TOOLS:
            self._finds(word for word in words[1:] if "/" in word)
        else:
            raise AssertionError(f"nobody here knows `{command}`; teach it to {__name__}")

    def _yaji(self, arguments: list[str]) -> str:
        result = CliRunner().invoke(app, arguments, env=self.environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code in (0, 1), result.output
        return result.output

    def _finds(self, places) -> None:
        for place in places:
            path, _, name = place.partition("::")
            assert (ROOT / path).exists(), f"there is no {path}"
            if name:
                assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path} has no {name}"
