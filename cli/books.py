"""A home's store, opened for one command; what is in the way is told, and ends the command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from adapters.sql import SqlStore
from cli.refusing import REFUSED, sentence
from cli.screen import echo
from cli.serve import usable
from config.home import Deployment
from config.problems import Language, Said, nearest
from core.errors import StoreError
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import opened


def having(home: Path, group: str, language: Language) -> Deployment:
    """What a home says, if it has a group."""
    deployment = usable(home, language)
    if group not in deployment.groups:
        guess = nearest(group, deployment.groups)
        known = ", ".join(deployment.groups)
        told = (_MEANT if guess else _NO_GROUP).filled(home=home, group=group, guess=guess, known=known)
        refuse(told.in_(language))
    return deployment


@contextmanager
def books(deployment: Deployment, language: Language) -> Iterator[SqlStore]:
    """The store for the length of the block."""
    try:
        store = opened(deployment, os.environ)
        try:
            yield store
        finally:
            store.close()
    except CannotServe as refusal:
        refuse(refusal.told.in_(language))
    except StoreError as error:
        refuse(sentence(error, language))


def refuse(why: str) -> NoReturn:
    """End the command: it cannot be done."""
    echo(why, err=True)
    raise typer.Exit(REFUSED) from None


_NO_GROUP = Said("{home} has no group {group}; it has {known}.", "{home} 没有群 {group}；有的是：{known}。")
_MEANT = Said(
    "{home} has no group {group}; did you mean {guess}? It has {known}.",
    "{home} 没有群 {group}；是不是想写 {guess}？有的是：{known}。",
)
