"""`yaji export`: the books of a group as tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.books import books, having
from cli.outputs import absent, kept_apart, private
from cli.refusing import refusing
from cli.screen import echo
from cli.spoken import HELP, spoken
from config.problems import Said
from jobs.privacy.books import archived
from jobs.report.replacing import own_output


def export(
    group: Annotated[str, typer.Option(help="the group's key, as in communities/*.yaml", show_default=False)],
    out: Annotated[Path, typer.Option(help="the ZIP archive to write", show_default=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="replace a file that is there")] = False,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Write a group's members, ledger, days and decisions as CSV tables into one archive. It holds members' data.

    Exit status: 0 written, 2 there is no such group, or the database or the file cannot be used.
    """
    language = spoken(lang)
    with refusing(language, out):
        kept_apart((out,), homes=(home,))
        absent(out, force=force)
        deployment = having(home, group, language)
        with books(deployment, language) as store, private(out) as file:
            archived(store, group, file)
    echo(WRITTEN.filled(out=out, group=group).in_(language), err=own_output(out))


WRITTEN = Said(
    "{out}: the books of {group}. They hold members' data: keep them to yourself, and delete them when you are done.",
    "{out}：{group} 的账本。里面有成员数据，请自己保管，用完就删。",
)
