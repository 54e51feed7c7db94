"""`yaji simulate`: an exported history through the real engine, nothing sent, and a report of what would have been."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from adapters.exports.formats import FORMATS
from adapters.exports.history import Reading
from cli.check import report
from cli.refusing import REFUSED, refusing
from cli.spoken import HELP, spoken
from config import home as homes
from config.home import Deployment
from config.problems import Language
from core.errors import InputRefused
from core.workflow import Group
from jobs.report import json_file, page, terminal, truth
from jobs.report.gathering import gather
from jobs.report.people import People
from jobs.report.words import Words
from jobs.simulate import Simulation, Watcher, simulated


def simulate(
    export: Annotated[Path, typer.Argument(help="the exported history", show_default=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path("."),
    group: Annotated[str | None, typer.Option(help="the group's key; needed if the home has several")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help=f"{', '.join(FORMATS)}; told by content if left out")
    ] = None,
    chat: Annotated[str | None, typer.Option(help="which chat of a file that holds several: its name or id")] = None,
    zone: Annotated[
        str | None,
        typer.Option(help="clock of times that name no zone, such as Asia/Shanghai; the group's if left out"),
    ] = None,
    bot: Annotated[list[str] | None, typer.Option(help="a name or account that is a bot; may be repeated")] = None,
    json: Annotated[Path | None, typer.Option(help="write the whole report as JSON")] = None,
    html: Annotated[Path | None, typer.Option(help="write the report as one HTML file")] = None,
    known: Annotated[Path | None, typer.Option("--truth", help="a truth.json to compare the hits with")] = None,
    pseudonyms: Annotated[bool, typer.Option("--pseudonyms", help="replace every name in the report")] = False,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Run the real engine on an exported chat history, on its own clock. Nothing is sent.

    Exit status: 0 done, 2 the export, the home or an option cannot be used.
    """
    language = spoken(lang)
    with refusing(language, json or html):
        deployment = _loaded(home, language)
        target = _group(deployment, group)
        reading = Reading(
            group=target.key,
            zone=_zone(zone) if zone is not None else target.zone,
            chat=chat,
            bots=frozenset(name.casefold() for name in bot or ()),
        )
        pieces = truth.read(known) if known is not None else []
        with (
            _bar(export, Words(language)) as watcher,
            simulated(export, target, reading, format_, watcher) as simulation,
        ):
            people = _people(simulation, pseudonyms, language)
            summary = gather(simulation, people, pieces)
            if json is not None:
                json_file.write(json, summary, simulation, people)
            summary = replace(summary, community=target.called(language))
        words = Words(language, target)
        if html is not None:
            page.write(html, summary, words)
    terminal.show(summary, words, Console(width=terminal.WIDTH if not sys.stdout.isatty() else None))


def _people(simulation: Simulation, pseudonyms: bool, language: Language) -> People:
    key = simulation.fingerprint() if pseudonyms else None
    return People(simulation.books.people(simulation.group.key), key, language)


def _loaded(home: Path, language: Language) -> Deployment:
    deployment, told = homes.look(home)
    if deployment is None:
        problems = tuple(problem for problem in told if problem.weight == "problem")
        report(home, None, problems, language, Console(stderr=True, highlight=False, soft_wrap=True))
        if not homes.is_home(home):
            typer.echo(_HOME_OPTION[language], err=True)
        raise typer.Exit(REFUSED)
    return deployment


def _group(deployment: Deployment, key: str | None) -> Group:
    found, home = deployment.groups, deployment.home
    if key is None and len(found) == 1:
        return next(iter(found.values()))
    if key is not None and key in found:
        return found[key]
    told = ", ".join(found)
    if key is None:
        raise InputRefused(
            f"{home} has {len(found)} groups; choose one with --group: {told}.",
            f"{home} 有 {len(found)} 个群；请用 --group 选一个：{told}。",
        )
    raise InputRefused(f"{home} has no group {key!r}; it has {told}.", f"{home} 没有群 {key!r}；有的是：{told}。")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise InputRefused(
            f"{name!r} is no time zone; write one such as Asia/Shanghai.",
            f"{name!r} 不是时区；请写成 Asia/Shanghai 这样。",
        ) from None


def _bar(export: Path, words: Words) -> AbstractContextManager[Watcher | None]:
    if not sys.stderr.isatty() or not export.is_file():
        return nullcontext()
    return _Bar(export, words)


class _Bar:
    """Bytes read, then events replayed, each with its speed; on stderr, so that the report can be piped."""

    def __init__(self, export: Path, words: Words) -> None:
        self._words = words
        self._size = export.stat().st_size
        console = Console(stderr=True)
        self._reading = Progress(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=console
        )
        self._replaying = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} · {task.fields[speed]}"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Watcher:
        self._reading.start()
        self._read = self._reading.add_task(self._words("reading"), total=self._size)
        return self

    def __exit__(self, *_: object) -> None:
        self._reading.stop()
        self._replaying.stop()

    def read(self, size: int) -> None:
        """See `Watcher.read`."""
        self._reading.advance(self._read, size)

    def replayed(self, events: int, of: int | None) -> None:
        """See `Watcher.replayed`."""
        if self._task is None:
            self._reading.stop()
            self._replaying.start()
            self._task = self._replaying.add_task(self._words("replaying"), total=of, speed="")
        self._replaying.advance(self._task, events)
        speed = self._replaying.tasks[0].speed
        self._replaying.update(self._task, speed=f"{speed:,.0f}/s" if speed else "")


_HOME_OPTION: dict[Language, str] = {
    "en": "Say where the home is: --home DIR. A new one: yaji init my-home",
    "zh": "请用 --home DIR 指明家在哪里。新建一个：yaji init my-home",
}
