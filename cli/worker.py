"""`yaji worker`: does the work that the scheduler rings for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from adapters.queue.rings import QueueName
from cli.refusing import unusable
from cli.scheduler import Listen
from cli.spoken import HELP, spoken
from cli.status import NOTHING_TO_DO, REFUSED
from config.problems import Said, nearest
from core.errors import ConfigError, StoreError
from jobs.clock.running import run_worker
from jobs.serve.journal import logged
from jobs.serve.refusing import CannotServe


def worker(
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    queue: Annotated[str, typer.Option(help="timers or digests: one queue for each worker")] = "timers",
    listen: Listen = None,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Answer the rings of one queue until stopped (Ctrl-C, SIGTERM). Any number may run beside each other.

    YAJI_REDIS_URL and YAJI_DATABASE_URL name a Redis and a database; they have to be the scheduler's.

    Exit status: 0 stopped, 2 it cannot be started, 3 there is no Redis here (the scheduler does all the work itself).
    """
    language = spoken(lang)
    names = {name: name for name in get_args(QueueName)}
    if queue not in names:
        guess = nearest(queue, names)
        told = (MEANT if guess else UNKNOWN).filled(queue=queue, known=", ".join(names), guess=guess)
        typer.echo(told.in_(language), err=True)
        raise typer.Exit(REFUSED)
    try:
        with logged():
            answered = run_worker(home, names[queue], listen=listen, language=language)
        if not answered:
            typer.echo(NO_REDIS.in_(language), err=True)
            raise typer.Exit(NOTHING_TO_DO)
    except (ConfigError, StoreError, CannotServe) as error:
        unusable(home, error, language)


MEANT = Said(
    "there is no queue {queue}; did you mean {guess}? There are {known}",
    "没有名为 {queue} 的队列；是不是想写 {guess}？可选：{known}",
)
UNKNOWN = Said("there is no queue {queue}; choose one of {known}", "没有名为 {queue} 的队列；可选：{known}")
NO_REDIS = Said(
    "There is no redis-server for this platform and no YAJI_REDIS_URL. The scheduler does all the work itself.",
    "这个平台没有 redis-server，也没有设置 YAJI_REDIS_URL。所有工作都由 scheduler 自己完成。",
)
