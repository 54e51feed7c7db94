"""`yaji export`: the books of a group as tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from cli.books import books, forget_again, no_group, site_of
from cli.outputs import absent, kept_apart, private
from cli.refusing import refusing
from cli.screen import echo
from cli.spoken import HELP, spoken
from config import home as homes
from config.problems import Language, Said
from core.errors import ConfigError
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

    Mistakes in community files do not matter, nor whether the group still stands in one.

    Exit status: 0 written, 2 there is no such group, or the database or the file cannot be used.
    """
    language = spoken(lang)
    with refusing(language, out):
        kept_apart((out,), homes=(home,))
        absent(out, force=force)
        with books(site_of(home, language), language) as store:
            served = store.groups()
            if group not in served and group not in (known := dict.fromkeys((*_written(home, language), *served))):
                no_group(home, group, known, language)
            forget_again(store, home, language)
            with private(out) as file:
                archived(store, group, file)
    echo(WRITTEN.filled(out=out, group=group).in_(language), err=own_output(out))


def _written(home: Path, language: Language) -> Iterable[str]:
    """The groups of the community files, as far as these can be read; others are told of."""
    try:
        found = homes.glimpse(home)
    except ConfigError:  # what is wrong with `yaji.yaml` is no matter: its `storage` could be read
        return ()
    for file in found.unread:
        echo(UNREAD.filled(file=file).in_(language), err=True)
    return found.seen.groups


UNREAD = Said(
    "{file} cannot be read (`yaji check` says why); groups of it are known once they were served.",
    "{file} 读不了（原因见 `yaji check`）；里面的群，上线过的才认得。",
)
WRITTEN = Said(
    "{out}: the books of {group}. They hold members' data: keep them to yourself, and delete them when you are done.",
    "{out}：{group} 的账本。里面有成员数据，请自己保管，用完就删。",
)
