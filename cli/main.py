"""The command `yaji`."""

from __future__ import annotations

import io
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from cli.bind import bind
from cli.check import check
from cli.demo import demo
from cli.digest import digest
from cli.doctor import doctor
from cli.export import export
from cli.init import init
from cli.jobs import jobs
from cli.person import person
from cli.scheduler import scheduler
from cli.serve import serve
from cli.simulate import simulate
from cli.test import test
from cli.worker import worker


class _Yaji(TyperGroup):
    """All commands. A terminal that cannot print a character gets a `?` for it, never a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)


app = typer.Typer(
    name="yaji",
    cls=_Yaji,
    help="Yaji 雅集: a group assistant for communities on Telegram and WeChat. It begins with: yaji init my-home",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (init, check, test, simulate, digest, demo, serve, bind, doctor, export, person, scheduler, worker):
    app.command()(command)
app.add_typer(jobs, name="jobs")
