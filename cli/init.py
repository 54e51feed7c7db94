"""`yaji init`: a home to begin with, written from a template into an empty folder."""

from __future__ import annotations

import shlex
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.called import called
from cli.spoken import HELP, spoken
from cli.status import REFUSED
from config import schema, templates
from config.problems import Language, Said, system_said


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
    lang: Annotated[str | None, typer.Option("--lang", help=HELP)] = None,
) -> None:
    """Write a home to begin with. Never touches a folder that holds anything.

    Exit status: 0 written, 2 the folder cannot be used.
    """
    language = spoken(lang)
    try:
        if home.is_dir() and any(home.iterdir()):
            _refuse(NOT_EMPTY.in_(language).format(home=home))
        if home.exists() and not home.is_dir():
            _refuse(A_FILE.in_(language).format(home=home))
        write(home, template, language)
    except OSError as error:
        _refuse(UNWRITABLE.in_(language).format(home=home, why=system_said(error).in_(language)))
    typer.echo(
        WRITTEN.in_(language).format(home=home, template=template, typed=shlex.join([*called(), "check", str(home)]))
    )


def _refuse(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(REFUSED)


def write(home: Path, template: str, language: Language = "en") -> None:
    """The files of a template, the JSON Schema that editors complete and explain by, and what git is to leave out."""
    shutil.copytree(templates.folder(template), home, dirs_exist_ok=True)
    (home / ".schema").mkdir(exist_ok=True)
    (home / ".schema" / "community.schema.json").write_text(schema.written(language), encoding="utf-8")
    ignored = home / ".gitignore"
    if not ignored.exists():
        ignored.write_text(IGNORED, encoding="utf-8")


IGNORED = """\
# 助手自己存的数据和密钥，不要提交 · what the assistant keeps, its secret with it: never to be committed
data/
backups/
"""
NOT_EMPTY = Said("{home} is not empty; name a new folder.", "{home} 里已经有东西了；请换一个新文件夹。")
A_FILE = Said("{home} is a file; name a new folder.", "{home} 是一个文件；请换一个新文件夹。")
UNWRITABLE = Said(
    "{home} cannot be written ({why}); name another folder.", "{home} 写不进去（{why}）；请换一个文件夹。"
)
WRITTEN = Said(
    "{home}: a {template} community. Change communities/*.yaml, then: {typed}",
    "{home}：已写好 {template} 样板。改一改 communities/*.yaml，然后运行：{typed}",
)
