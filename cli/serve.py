"""`yaji serve`: the groups of a home, live."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from cli.check import report
from cli.refusing import sentence
from cli.screen import screen
from cli.spoken import HELP, spoken
from cli.status import REFUSED
from config import home as homes
from config.home import Deployment
from config.problems import Language
from core.errors import StoreError
from jobs.serve.refusing import CannotServe
from jobs.serve.running import run


def serve(
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    webhook: Annotated[
        bool, typer.Option("--webhook", help="have updates delivered to web.public_url, whatever yaji.yaml says")
    ] = False,
    listen: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="tell health and Prometheus metrics there, like 127.0.0.1:9100"),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, max=16, help="processes that build digests; 0: this one builds them itself")
    ] = 1,
    verbose: Annotated[bool, typer.Option("--verbose", help="log every step")] = False,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Serve the home's groups until stopped (Ctrl-C, SIGTERM). A changed home is used without a restart.

    Tokens come from the environment: TELEGRAM_BOT_TOKEN, or what yaji.yaml names. TELEGRAM_API_URL is a Bot API server
    of your own, YAJI_DATABASE_URL a database, YAJI_REDIS_URL a Redis (without one a private redis-server is started
    where digests need it), YAJI_SECRET the key of the buttons where many machines share it.

    Exit status: 0 stopped, 2 it cannot be served.
    """
    language = spoken(lang)
    deployment = usable(home, language)
    level = logging.DEBUG if verbose else logging.INFO
    try:
        run(
            deployment,
            language=language,
            environment=os.environ,
            webhook=webhook or None,
            listen=listen,
            workers=workers,
            level=level,
        )
    except CannotServe as refusal:
        typer.echo(refusal.told.in_(language), err=True)
        raise typer.Exit(REFUSED) from None
    except StoreError as error:
        typer.echo(sentence(error, language), err=True)
        raise typer.Exit(REFUSED) from None


def usable(home: Path, language: Language) -> Deployment:
    """The home, or the end of the command with everything that is wrong with it."""
    deployment, told = homes.look(home)
    if deployment is None:
        problems = tuple(problem for problem in told if problem.weight == "problem")
        report(home, None, problems, language, screen(stderr=True))
        raise typer.Exit(REFUSED)
    return deployment
