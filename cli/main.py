"""The command `yaji`."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli import chinese_help
from cli.bind import bind
from cli.check import check
from cli.copy import copy
from cli.demo import demo
from cli.digest import digest
from cli.doctor import doctor
from cli.export import export
from cli.init import init
from cli.jobs import jobs
from cli.metrics import metrics
from cli.person import person
from cli.refusing import REFUSED
from cli.scheduler import scheduler
from cli.serve import serve
from cli.simulate import simulate
from cli.spoken import spoken
from cli.test import test
from cli.worker import worker
from config.problems import Language, Said


class _Yaji(TyperGroup):
    """All commands. A terminal that cannot print a character gets a `?` for it, whoever stops reading or never listened
    hears nothing of that, and where nothing can be written, that is told; none gets a traceback. Help is in the
    language of whoever asks."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (open to the end)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        given = args[0] if args else kwargs.get("args")
        try:
            with _told_in(spoken(_asked(sys.argv if given is None else given)), self):
                return super().main(*args, **kwargs)
        except OSError:
            _said("\n")  # if it was the output that failed, it fails again
            raise
        finally:
            _said("")


@contextmanager
def _told_in(language: Language, commands: TyperGroup) -> Iterator[None]:
    """What `--help` says is in the language, for as long as the block lasts."""
    with ExitStack() as stack:
        if language == "zh":
            chinese_help.in_chinese(commands)
            stack.enter_context(chinese_help.headings())
        yield


def _said(last: str) -> None:
    """What was printed goes out now: as the process ends nobody could catch that it cannot."""
    try:
        sys.stdout.write(last)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            typer.echo(_UNPRINTED.filled(why=error.strerror).in_(spoken(_asked(sys.argv))), err=True)
            raise SystemExit(REFUSED) from None


def _asked(typed: Sequence[str]) -> str | None:
    """What `--lang` says, if it is one that is spoken; the command that would know has not begun, or has ended."""
    words = " ".join(typed).replace("--lang=", "--lang ").split()
    given = words[words.index("--lang") + 1 :] if "--lang" in words else []
    return given[0] if given and given[0][:2].lower() in ("zh", "en") else None


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


_UNPRINTED = Said(
    "What was to be printed cannot be written ({why}); make room, or print it elsewhere.",
    "要打印的内容写不出去（{why}）；请腾出空间，或者换个地方输出。",
)

for command in (
    init,
    check,
    test,
    simulate,
    digest,
    metrics,
    demo,
    serve,
    bind,
    doctor,
    export,
    person,
    copy,
    scheduler,
    worker,
):
    app.command()(command)
app.add_typer(jobs, name="jobs")
