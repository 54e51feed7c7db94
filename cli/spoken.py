"""In which language a command speaks to whoever typed it."""

from __future__ import annotations

import os

import typer

from cli.status import REFUSED
from config.problems import Language, Said

HELP = "zh or en; from $LANG when left out."


def spoken(asked: str | None) -> Language:
    """The language: as asked, else as the environment says. Ends the command with status 2 if it is not spoken."""
    here: Language = "zh" if _environment().lower().startswith("zh") else "en"
    match asked and asked.lower().replace("_", "-").partition("-")[0]:
        case None | "":
            return here
        case "zh":
            return "zh"
        case "en":
            return "en"
        case _:
            typer.echo(UNSPOKEN.in_(here).format(asked=asked), err=True)
            raise typer.Exit(REFUSED)


def _environment() -> str:
    return next((said for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (said := os.environ.get(name))), "")


UNSPOKEN = Said(
    "Yaji speaks zh and en, not {asked}; choose with --lang.", "雅集会说 zh 和 en，不会 {asked}；请用 --lang 选一种。"
)
