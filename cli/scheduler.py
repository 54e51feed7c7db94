"""`yaji scheduler`: rings for reminders and deadlines when they are due."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.check import report
from cli.refusing import REFUSED, sentence
from cli.screen import screen
from cli.spoken import HELP, spoken
from config.problems import Language, Problem, Said
from core.errors import ConfigError, StoreError, YajiError
from jobs.clock.running import run_scheduler, stopped_by_signals
from jobs.serve.journal import logged
from jobs.serve.refusing import CannotServe

Listen = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="tell health and Prometheus metrics there, like 127.0.0.1:9101"),
]


def scheduler(
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    listen: Listen = None,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Ring for what is due until stopped (Ctrl-C, SIGTERM). Any number may run beside each other.

    YAJI_REDIS_URL names a Redis; without one a private redis-server is started in the home's data folder. Where no
    worker answers, the scheduler does the work itself. YAJI_DATABASE_URL names a database.

    Exit status: 0 stopped, 2 the home or its database cannot be used.
    """
    language = spoken(lang)
    try:
        with logged(), stopped_by_signals() as stop:
            run_scheduler(home, stop, listen=listen)
    except (ConfigError, StoreError, CannotServe) as error:
        refuse(home, error, language)


def refuse(home: Path, error: YajiError, language: Language) -> NoReturn:
    """End the command with why the home cannot be used; what is wrong in its files is told as `yaji check` does."""
    if isinstance(error, ConfigError) and error.problems:
        problems = tuple(one for one in error.problems if isinstance(one, Problem))
        report(home, None, problems, language, screen(stderr=True))
        raise typer.Exit(REFUSED) from None
    why = error.told.in_(language) if isinstance(error, CannotServe) else sentence(error, language)
    typer.echo(UNUSABLE.in_(language).format(home=home, why=why), err=True)
    raise typer.Exit(REFUSED) from None


UNUSABLE = Said("{home} cannot be used: {why}", "{home} 用不了：{why}")
