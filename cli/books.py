"""A home's store, opened for one command; what is in the way is told, and ends the command."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import typer

from adapters.sql import SqlStore
from cli.mistakes import mistakes
from cli.refusing import sentence, unusable
from cli.screen import echo
from cli.status import REFUSED
from config import home as homes
from config import site as sites
from config.home import Glimpse
from config.problems import Language, Said, nearest
from config.site import Site
from core.errors import ConfigError, StoreError
from core.forgetting import recogniser
from jobs.privacy.remembering import Remembered
from jobs.serve.refusing import CannotServe
from jobs.serve.secret import deployment_secret
from jobs.serve.storing import VARIABLE, opened


def glimpsed(home: Path, language: Language) -> Glimpse:
    """What can be read of a home; mistakes in it are told, and it goes on."""
    try:
        found = homes.glimpse(home)
    except ConfigError as error:
        unusable(home, error, language)
    for line in mistakes(found.problems, language):
        echo(line, err=True)
    return found


def no_group(home: Path, group: str, known: Collection[str], language: Language) -> NoReturn:
    """End the command: there is no such group, but there are others."""
    guess = nearest(group, known)
    told = (_MEANT if guess else _NO_GROUP).filled(home=home, group=group, guess=guess, known=", ".join(known) or "-")
    refuse(told.in_(language))


def site_of(home: Path, language: Language) -> Site:
    """Where a home keeps its state, whatever is wrong with its communities."""
    try:
        return sites.site(home, told=bool(os.environ.get(VARIABLE)))
    except ConfigError as error:
        unusable(home, error, language)


@contextmanager
def books(site: Site, language: Language) -> Iterator[SqlStore]:
    """The store for the length of the block."""
    try:
        store = opened(site, os.environ)
        try:
            yield store
        finally:
            store.close()
    except CannotServe as refusal:
        refuse(refusal.told.in_(language))
    except StoreError as error:
        refuse(sentence(error, language))


def forget_again(store: SqlStore, home: Path, language: Language) -> None:
    """Forget in the store, which may be of a backup, whoever was forgotten since. Raises CannotServe, StoreError."""
    remembered = Remembered(home, os.environ, language)
    if remembered.lacking(store):
        remembered.apply(store, recogniser(deployment_secret(home, os.environ)), datetime.now(UTC))


def refuse(why: str) -> NoReturn:
    """End the command: it cannot be done."""
    echo(why, err=True)
    raise typer.Exit(REFUSED) from None


_NO_GROUP = Said("{home} has no group {group}; it has {known}.", "{home} 没有群 {group}；有的是：{known}。")
_MEANT = Said(
    "{home} has no group {group}; did you mean {guess}? It has {known}.",
    "{home} 没有群 {group}；是不是想写 {guess}？有的是：{known}。",
)
