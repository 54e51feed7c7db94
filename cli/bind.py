"""`yaji bind`: a one-time code that makes a chat the address of a group."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.serve import REFUSED, usable
from cli.spoken import HELP, spoken
from config.home import Deployment
from config.problems import Said, nearest
from core.errors import StoreError
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import directory_of, opened

VALID = timedelta(hours=24)


def bind(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="the group's key, as in communities/*.yaml")],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Print what to send in a chat so that it becomes the group: valid once, for 24 hours.

    Exit status: 0 printed, 2 there is no such group, or the database cannot be used.
    """
    language = spoken(lang)
    deployment = usable(home, language)
    if group not in deployment.groups:
        typer.echo(no_group(home, group, deployment).in_(language), err=True)
        raise typer.Exit(REFUSED)
    try:
        store = opened(deployment, os.environ)
        try:
            now = datetime.now(UTC)
            code = directory_of(store).make_code(group, now, now + VALID)
        finally:
            store.close()
    except CannotServe as refusal:
        typer.echo(refusal.told.in_(language), err=True)
        raise typer.Exit(REFUSED) from None
    except StoreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from None
    typer.echo(f"/bind {code}")
    typer.echo(HOW.filled(group=group).in_(language), err=True)


def no_group(home: Path, group: str, deployment: Deployment) -> Said:
    """That a home has no such group, and which it has."""
    guess = nearest(group, deployment.groups)
    known = ", ".join(deployment.groups)
    return (_MEANT if guess else _NO_GROUP).filled(home=home, group=group, guess=guess, known=known)


_NO_GROUP = Said("{home} has no group {group}; it has {known}.", "{home} 没有群 {group}；有的是：{known}。")
_MEANT = Said(
    "{home} has no group {group}; did you mean {guess}? It has {known}.",
    "{home} 没有群 {group}；是不是想写 {guess}？有的是：{known}。",
)
HOW = Said(
    "Add the bot to the chat, then send this line there as an admin. The chat is then the group {group}. "
    "The code works once, for 24 hours, while `yaji serve` runs.",
    "先把机器人拉进群，再由管理员在群里发上面这一行，这个群就成为 {group}。"
    "只能用一次，24 小时内有效，要在 `yaji serve` 运行时发。",
)
