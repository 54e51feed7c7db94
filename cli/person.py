"""`yaji person`: what is stored about somebody, handed over or deleted, for whoever runs the assistant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.sql import SqlStore
from cli.books import books, refuse, site_of
from cli.outputs import absent, kept_apart, private
from cli.refusing import refusing
from cli.screen import echo
from cli.spoken import HELP, spoken
from cli.status import UNDONE
from config.problems import Language, Said
from config.site import Site
from core.dossier import Known
from core.effects import plain
from core.forgetting import Recognise, recogniser
from core.people import Account
from core.workflow import Phrasebook
from jobs.privacy.document import written
from jobs.privacy.forgetting import Forgetter, Moved, outcome
from jobs.privacy.remembering import Remembered
from jobs.serve.refusing import CannotServe
from jobs.serve.secret import deployment_secret
from workflows.plain_text import one_line
from workflows.texts import Catalog
from workflows.topics import digest_of


def person(
    account: Annotated[str, typer.Option(help="an account of theirs, like telegram:10001", show_default=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    export: Annotated[Path | None, typer.Option(help="write all that is stored about them as JSON")] = None,
    force: Annotated[bool, typer.Option("--force", help="replace a file that is there")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="forget them, as by /forgetme")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask again")] = False,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Show who an account is and in which groups, write everything about them into a file, or forget them.

    What a community's file says does not matter, nor whether there are mistakes in it.

    Exit status: 0 done, 1 not done, 2 nobody has the account, or the database, the secret or the file cannot be used.
    """
    language = spoken(lang)
    with refusing(language, export):
        kept_apart((export,), homes=(home,))
        absent(export, force=force)
    with _opened(site_of(home, language), language) as (store, recognise):
        dossiers, now = store.dossiers(), datetime.now(UTC)
        known = dossiers.known(Account(account))
        if known is None:
            refuse((NOBODY if ":" in account else NO_ACCOUNT).filled(account=account).in_(language))
        for line in _shown(known, language):
            echo(line)
        if export is not None:
            dossier = dossiers.dossier(Account(account), digest_of)
            assert dossier is not None
            with refusing(language, export), private(export) as file:
                file.write(written(dossier, now, _texts(), language))
            echo(str(export))
        if forget and (yes or _sure(language)):
            remembered = Remembered(home, os.environ, language)
            _forget(store, Forgetter(recognise, remembered=remembered), Account(account), now, language)
        elif forget:
            raise typer.Exit(UNDONE)


def _sure(language: Language) -> bool:
    """Whether whoever typed it says yes; where nobody can be asked, nobody does."""
    try:
        return typer.confirm(SURE.in_(language))
    except typer.Abort:
        echo("", err=True)
        echo(UNCONFIRMED.in_(language), err=True)
        return False


def _forget(store: SqlStore, forgetter: Forgetter, account: Account, now: datetime, language: Language) -> None:
    with store.unit() as unit:
        try:
            forgotten = forgetter.forget(unit, account, now)
        except Moved:
            refuse(MOVED.in_(language))
        unit.commit()
    store.scour()
    if forgotten is not None:
        echo(plain(outcome(forgotten, _texts(), language)))


def _texts() -> Phrasebook:
    return Catalog.shipped()


def _shown(known: Known, language: Language) -> Iterator[str]:
    for each in known.accounts:
        called = " ".join(filter(None, (one_line(each.name), f"@{each.username}" if each.username else "")))
        yield f"{each.account}  {called}"
    yield GROUPS.filled(groups=", ".join(known.groups) or "-").in_(language)


@contextmanager
def _opened(site: Site, language: Language) -> Iterator[tuple[SqlStore, Recognise]]:
    try:
        recognise = recogniser(deployment_secret(site.home, os.environ))
    except CannotServe as refusal:
        refuse(refusal.told.in_(language))
    with books(site, language) as store:
        store.recognise_by(recognise)
        Remembered(site.home, os.environ, language).apply(store, recognise, datetime.now(UTC))
        yield store, recognise


NOBODY = Said("Nobody has the account {account} here.", "这里没有 {account} 这个账号。")
NO_ACCOUNT = Said(
    "{account} is no account: write the platform and the id, like telegram:10001.",
    "{account} 不是账号：要写平台加冒号加编号，例如 telegram:10001。",
)
GROUPS = Said("groups: {groups}", "群：{groups}")
SURE = Said(
    "Forget them in all groups? This cannot be undone.",
    "在所有群里忘记这个人？不能撤销。",
)
UNCONFIRMED = Said(
    "Nobody confirmed it, so nothing was deleted. --yes does it without asking.",
    "没有人确认，什么都没删。加上 --yes 就不再问。",
)
MOVED = Said("They came to another group meanwhile; try again.", "这个人刚到了别的群，请再试一次。")
