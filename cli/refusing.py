"""How a command ends that cannot use what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from config.problems import Language
from core.errors import InputRefused, YajiError

REFUSED: Final = 2


@contextmanager
def refusing(language: Language, out: Path | None = None) -> Iterator[None]:
    """Ends the command with what is wrong with its input, or with a file that it was to write: `out`, if a full disk
    does not say which."""
    try:
        yield
    except InputRefused as error:
        told = error.zh if language == "zh" else str(error)
    except YajiError as error:
        told = str(error)
    except OSError as error:
        file, why = error.filename or out or "?", error.strerror
        told = (
            f"{file} 写不进去（{why}）；请换一个地方。"
            if language == "zh"
            else f"{file} cannot be written ({why}); choose another place."
        )
    else:
        return
    typer.echo(told, err=True)
    raise typer.Exit(REFUSED)
