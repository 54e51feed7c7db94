"""`yaji bind`: a one-time code that makes a chat the address of a group."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.books import books, glimpsed, no_group, site_of
from cli.spoken import HELP, spoken
from config.problems import Said
from jobs.serve.storing import directory_of

VALID = timedelta(hours=24)


def bind(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="the group's key, as in communities/*.yaml")],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Print what to send in a chat so that it becomes the group: valid once, for 24 hours.

    Mistakes in the files are told; they do not matter as long as the group can be read in one.

    Exit status: 0 printed, 2 there is no such group, or the database cannot be used.
    """
    language = spoken(lang)
    site, glimpse = site_of(home, language), glimpsed(home, language)
    if group not in glimpse.seen.groups:
        no_group(home, group, glimpse.seen.groups, language)
    with books(site, language) as store:
        now = datetime.now(UTC)
        code = directory_of(store).make_code(group, now, now + VALID)
    typer.echo(f"/bind {code}")
    typer.echo(HOW.filled(group=group).in_(language), err=True)


HOW = Said(
    "Add the bot to the chat, then send this line there as an admin. In a WeChat room its owner sends it, or who is "
    "listed under `admins`. The chat is then the group {group}. "
    "The code works once, for 24 hours, while `yaji serve` runs.",
    "先把机器人拉进群，再由管理员在群里发上面这一行，微信群由群主或 `admins` 里的人发，这个群就成为 {group}。"
    "只能用一次，24 小时内有效，要在 `yaji serve` 运行时发。",
)
