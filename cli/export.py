"""`yaji export`: the books of a group as tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.bind import no_group
from cli.serve import REFUSED, usable
from cli.spoken import HELP, spoken
from config.problems import Said
from core.errors import StoreError
from jobs.privacy.books import archived
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import opened


def export(
    group: Annotated[str, typer.Option(help="the group's key, as in communities/*.yaml", show_default=False)],
    out: Annotated[Path, typer.Option(help="the ZIP archive to write", show_default=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Write a group's members, ledger, days and decisions as CSV tables into one archive. It holds members' data.

    Exit status: 0 written, 2 there is no such group, or the database or the file cannot be used.
    """
    language = spoken(lang)
    deployment = usable(home, language)
    if group not in deployment.groups:
        typer.echo(no_group(home, group, deployment).in_(language), err=True)
        raise typer.Exit(REFUSED)
    try:
        store = opened(deployment, os.environ)
        try:
            with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                archived(store, group, file)
        finally:
            store.close()
    except CannotServe as refusal:
        typer.echo(refusal.told.in_(language), err=True)
        raise typer.Exit(REFUSED) from None
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from None
    except OSError as error:
        typer.echo(f"{out}: {error.strerror}", err=True)
        raise typer.Exit(REFUSED) from None
    typer.echo(WRITTEN.filled(out=out, group=group).in_(language))


WRITTEN = Said(
    "{out}: the books of {group}. They hold members' data: keep them to yourself, and delete them when you are done.",
    "{out}：{group} 的账本。里面有成员数据，请自己保管，用完就删。",
)
