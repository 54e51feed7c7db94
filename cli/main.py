"""The command `yaji`."""

from __future__ import annotations

import typer

from cli.check import check
from cli.demo import demo
from cli.init import init
from cli.simulate import simulate
from cli.test import test

app = typer.Typer(
    name="yaji",
    help="Yaji 雅集: a group assistant for communities on Telegram and WeChat. It begins with: yaji init my-home",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (init, check, test, simulate, demo):
    app.command()(command)
