"""The command `yaji`."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from cli.commands import COMMANDS, MEANT, command
from cli.spoken import spoken
from cli.status import REFUSED
from config.problems import Language, Said, system_said


class _Yaji(TyperGroup):
    """All commands. A terminal that cannot print a character gets a `?` for it, whoever stops reading or never listened
    hears nothing of that, and where nothing can be written, that is told; none gets a traceback. Help is in the
    language of whoever asks."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, purpose in COMMANDS.items():
            self.add_command(TyperCommand(name, help=purpose))  # as help lists it; the rest is known when it is called
        self._chinese: Any = None

    def resolve_command(self, context: Any, typed: list[str]) -> tuple[str | None, Any, list[str]]:
        """See `TyperGroup.resolve_command`."""
        if typed and typed[0] not in self.commands and (meant := MEANT.get(typed[0].lower())):
            context.fail(f"No such command '{typed[0]}'. Did you mean '{meant}'?")
        name, known, rest = super().resolve_command(context, typed)
        if name is None or known is None:
            return name, known, rest
        try:
            called = command(name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] in ("", *_OURS):
                raise
            told = _LACKING.filled(name=name, module=error.name)
            typer.echo(told.in_("en" if self._chinese is None else "zh"), err=True)
            raise typer.Exit(REFUSED) from None
        if self._chinese is not None:
            self._chinese.in_chinese(called, name)
        return name, called, rest

    def main(self, *args: Any, **kwargs: Any) -> Any:
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (open to the end)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        given = args[0] if args else kwargs.get("args")
        try:
            with self._told_in(spoken(_asked(sys.argv if given is None else given))):
                return super().main(*args, **kwargs)
        except OSError:
            _said("\n")  # if it was the output that failed, it fails again
            raise
        finally:
            _said("")

    @contextmanager
    def _told_in(self, language: Language) -> Iterator[None]:
        """What is said by `--help`, and of a mistyped line, is in the language, for as long as the block lasts."""
        if language != "zh":
            yield
            return
        self._chinese = import_module("cli.chinese_help")
        self._chinese.in_chinese(self)
        with self._chinese.headings(), import_module("cli.chinese_errors").told():
            yield


def _said(last: str) -> None:
    """What was printed goes out now: as the process ends nobody could catch that it cannot."""
    try:
        sys.stdout.write(last)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            typer.echo(_UNPRINTED.filled(why=system_said(error)).in_(spoken(_asked(sys.argv))), err=True)
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


_OURS: Final = ("adapters", "cli", "config", "core", "jobs", "workflows")
_LACKING = Said(
    "yaji {name} needs the package {module}, which is not installed here; install Yaji again.",
    "yaji {name} 要用的 {module} 这里没有装；请重新安装雅集。",
)
_UNPRINTED = Said(
    "What was to be printed cannot be written ({why}); make room, or print it elsewhere.",
    "要打印的内容写不出去（{why}）；请腾出空间，或者换个地方输出。",
)
