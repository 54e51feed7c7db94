"""Which commands there are. Each is imported when it is called: `yaji check` does not wait for what serves."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import typer

COMMANDS: Final[Mapping[str, str]] = {
    "init": "Write a home to begin with. Never touches a folder that holds anything.",
    "check": "Check a home. Exits 1 if anything in it is a problem; warnings and notes are only told.",
    "test": "Run the home's own tests (tests/*.yaml). Nothing is sent.",
    "simulate": "Run the real engine on an exported chat history, on its own clock. Nothing is sent.",
    "digest": "Show the newest digest that an exported history would have had: text and chart, in each language of the "
    "group.",
    "metrics": "Tell how active a group is, who stays and who comes, with what each number means. Nobody is named.",
    "demo": "A sample community of sixty days, through the engine: report here and as HTML. Nothing is sent anywhere.",
    "serve": "Serve the home's groups until stopped (Ctrl-C, SIGTERM). A changed home is used without a restart.",
    "bind": "Print what to send in a chat so that it becomes the group: valid once, for 24 hours.",
    "doctor": "Tell how a home is served, while it is served or after, what is wrong in its files, and what this "
    "machine lacks for it. Changes nothing.",
    "export": "Write a group's members, ledger, days and decisions as CSV tables into one archive. It holds members' "
    "data.",
    "person": "Show who an account is and in which groups, write everything about them into a file, or forget them.",
    "backup": "Copy the home's SQLite file, as it is at this moment, into one file. It holds members' data.",
    "restore": "Put a backup in the place of the home's SQLite file. Stop everything that serves the home before.",
    "copy": "Copy all that an SQLite file holds into the home's PostgreSQL database, which has to be empty. Stop "
    "everything that writes to the file before.",
    "scheduler": "Ring for what is due until stopped (Ctrl-C, SIGTERM). Any number may run beside each other.",
    "worker": "Answer the rings of one queue until stopped (Ctrl-C, SIGTERM). Any number may run beside each other.",
    "jobs": "What is due, waiting, failed and set aside; trying it again, or dropping it.",
}
"""Each command with what it is for, which is the first paragraph of its own help."""
MEANT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("report", "rehearse", "replay", "preview", "sim", "报告", "演练", "模拟"), "simulate"),
    **dict.fromkeys(("validate", "lint", "verify", "检查"), "check"),
    **dict.fromkeys(("run", "start", "up", "运行", "启动"), "serve"),
    **dict.fromkeys(("status", "health", "状态", "诊断"), "doctor"),
    **dict.fromkeys(("stats", "statistics", "analytics", "数据", "统计"), "metrics"),
    **dict.fromkeys(("new", "create", "新建"), "init"),
    **dict.fromkeys(("tests", "测试"), "test"),
    **dict.fromkeys(("help", "帮助"), "--help"),
}
"""What others call a command."""


def command(name: str) -> Any:
    """One of them: `name` of the module `cli.name`, which is a function or a typer application."""
    found = getattr(import_module(f"cli.{name}"), name)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        found = alone
    made = typer.main.get_command(found)
    made.name = name
    return made
