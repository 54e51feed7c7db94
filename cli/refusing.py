"""How a command ends that cannot use what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

import typer

from cli.check import report
from cli.screen import echo, screen
from cli.status import REFUSED
from config.problems import Language, Problem, Said, system_said
from core.errors import ConfigError, InputRefused, StoreError, YajiError
from jobs.serve.refusing import CannotServe


def sentence(error: YajiError, language: Language) -> str:
    """What an error says to a person, in their language where it knows it."""
    return error.zh if language == "zh" and isinstance(error, ConfigError | InputRefused | StoreError) else str(error)


@contextmanager
def refusing(language: Language, out: Path | None = None) -> Iterator[None]:
    """Ends the command with what is wrong with its input, or with a file that it was to write: `out`, if a full disk
    does not say which. Whoever stops reading what it says (`| head`) hears nothing of that."""
    try:
        yield
    except YajiError as error:
        told = sentence(error, language)
    except BrokenPipeError:
        raise
    except OSError as error:
        told = _UNWRITABLE.filled(file=error.filename or out or "?", why=system_said(error)).in_(language)
    else:
        return
    echo(told, err=True)
    raise typer.Exit(REFUSED)


def unusable(home: Path, error: YajiError, language: Language) -> NoReturn:
    """End the command with why the home cannot be used; what is wrong in its files is told as `yaji check` does."""
    if isinstance(error, ConfigError) and error.problems:
        problems = tuple(one for one in error.problems if isinstance(one, Problem))
        report(home, None, problems, language, screen(stderr=True))
        raise typer.Exit(REFUSED) from None
    why = error.told.in_(language) if isinstance(error, CannotServe) else sentence(error, language)
    echo(_UNUSABLE.in_(language).format(home=home, why=why), err=True)
    raise typer.Exit(REFUSED) from None


_UNWRITABLE: Final = Said(
    "{file} cannot be written ({why}); choose another place.", "{file} 写不进去（{why}）；请换一个地方。"
)
_UNUSABLE: Final = Said("{home} cannot be used: {why}", "{home} 用不了：{why}")
