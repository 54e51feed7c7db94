"""`yaji init`: a home to begin with, written from a template into an empty folder."""

from __future__ import annotations

import json
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from config import schema, templates


class Template(StrEnum):
    """The homes that are shipped."""

    LITERATI = "literati"
    READING = "reading"
    SUPPORT = "support"


def init(
    home: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; new or empty.")],
    template: Annotated[
        Template, typer.Option("--template", help="Which community to begin with.")
    ] = Template.LITERATI,
) -> None:
    """Write a home to begin with. Never touches a folder that holds anything."""
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        typer.echo(f"{home} is not empty; name a new folder", err=True)
        raise typer.Exit(1)
    write(home, template)
    typer.echo(f"{home}: a {template} community. Change communities/*.yaml, then: yaji check {home}")


def write(home: Path, template: str) -> None:
    """The files of a template, and the JSON Schema that editors complete by."""
    shutil.copytree(templates.folder(template), home, dirs_exist_ok=True)
    (home / ".schema").mkdir(exist_ok=True)
    schema_text = json.dumps(schema.community(), ensure_ascii=False, indent=2) + "\n"
    (home / ".schema" / "community.schema.json").write_text(schema_text, encoding="utf-8")
