"""The command `yaji`."""

from __future__ import annotations

import io
import os
import sys
from importlib.metadata import version
from typing import Annotated, Any

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
    """All commands. A terminal that cannot print a character gets a `?` for it, and whoever stops reading hears nothing
    of that; neither gets a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            return super().main(*args, **kwargs)
        finally:
            _said()


def _said() -> None:
    """What was printed goes out now: as the process ends nobody could catch that nobody reads it."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"yaji {version('yaji')}")
        raise typer.Exit


app = typer.Typer(
    name="yaji",
    cls=_Yaji,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def yaji(
    told: Annotated[
        bool, typer.Option("--version", help="tell which version this is", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Yaji 雅集: a group assistant for communities on Telegram and WeChat. It begins with: yaji init my-home"""


for command in (init, check, test, simulate, digest, demo, serve, bind, doctor, export, person, scheduler, worker):
    app.command()(command)
app.add_typer(jobs, name="jobs")
