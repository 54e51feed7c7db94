"""`yaji scheduler`: rings for reminders and deadlines when they are due."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.refusing import unusable
from cli.spoken import HELP, spoken
from core.errors import ConfigError, StoreError
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
            run_scheduler(home, stop, listen=listen, language=language)
    except (ConfigError, StoreError, CannotServe) as error:
        unusable(home, error, language)
