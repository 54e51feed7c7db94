"""`yaji simulate`: an exported history through the real engine, nothing sent, and a report of what would have been."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.markup import escape
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
from adapters.exports.piped import kept
from cli.homes import counterpart, group_of, homes_of
from cli.outputs import REPLACED, kept_apart, standing
from cli.refusing import refusing
from cli.screen import Screen, echo
from cli.spoken import HELP, spoken
from config import zones
from config.problems import Language
from core.errors import InputRefused
from core.workflow import Group
from jobs.report import json_file, page, terminal, truth
from jobs.report.against.comparison import Comparison
from jobs.report.against.digests import Digested
from jobs.report.against.side import Side
from jobs.report.gathering import gather
from jobs.report.people import People
from jobs.report.words import Words
from jobs.simulate import Onlooker, Simulation, Watcher, simulated


def simulate(
    export: Annotated[Path, typer.Argument(help="the exported history", show_default=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path("."),
    against: Annotated[
        Path | None, typer.Option(help="the home as it is now, to tell what the change to --home would do")
    ] = None,
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

    With --against two homes run on the same history, and what differs is told first.

    Exit status: 0 done, 2 the export, the home or an option cannot be used.
    """
    language = spoken(lang)
    with refusing(language, json or html), ExitStack() as stack:
        kept_apart((json, html), inputs=(export, known), homes=(home, against))
        replaced = standing((json, html))
        deployment, served = homes_of(home, against, language)
        target = group_of(deployment, group)
        export = stack.enter_context(kept(export))
        earlier = counterpart(served, deployment, target.key) if served is not None else None
        reading = Reading(
            group=target.key,
            zone=_zone(zone) if zone is not None else target.zone,
            chat=chat,
            bots=frozenset(name.casefold() for name in bot or ()),
        )
        pieces = truth.read(known) if known is not None else []
        words = Words(language, target, earlier)

        digests, earlier_digests = Digested(target), Digested(earlier or target)

        def run(under: Group, onlooker: Onlooker | None) -> Simulation:
            with _bar(export, words, "" if against is None else str(against if under is earlier else home)) as watcher:
                return stack.enter_context(simulated(export, under, reading, format_, watcher, onlooker=onlooker))

        simulation = run(target, digests if earlier is not None else None)
        people = _people(simulation, pseudonyms, language)
        summary = gather(simulation, people, pieces)
        compared = shown = None
        if earlier is not None and against is not None:
            before = run(earlier, earlier_digests)
            known_as = _people(before, pseudonyms, language, people)
            told = gather(before, known_as, pieces)
            old = Side(simulation=before, people=known_as, summary=told, digests=earlier_digests.told)
            new = Side(simulation=simulation, people=people, summary=summary, digests=digests.told)
            compared = Comparison.of(old, new)
            shown = compared.told((str(against), str(home)), words)
        if json is not None:
            json_file.write(json, summary, simulation, people, compared.as_json() if compared is not None else None)
        summary = replace(summary, community=target.called(language))
        if html is not None:
            page.write(html, summary, words, shown.values() if shown is not None else None)
    console = Screen(width=terminal.WIDTH if not sys.stdout.isatty() else None)
    if shown is not None:
        shown.show(console)
    terminal.show(summary, words, console)
    for file in replaced:
        echo(REPLACED.filled(file=file).in_(language), err=True)


def _people(simulation: Simulation, pseudonyms: bool, language: Language, beside: People | None = None) -> People:
    key = simulation.fingerprint() if pseudonyms else None
    return People(simulation.books.people(simulation.group.key), key, language, beside)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        guess = zones.meant(name).strip("`") or "Asia/Shanghai"
        raise InputRefused(
            f"{name!r} is no time zone; write the place whose clock it is, such as {guess}.",
            f"{name!r} 不是时区；要写地名，比如 {guess}。",
        ) from None


def _bar(export: Path, words: Words, home: str) -> AbstractContextManager[Watcher | None]:
    if not sys.stderr.isatty() or not export.is_file():
        return nullcontext()
    return _Bar(export, words, home)


class _Bar:
    """Bytes read, then events replayed, each with its speed; on stderr, so that the report can be piped.

    `home` says under which of two homes, "" where there is one.
    """

    def __init__(self, export: Path, words: Words, home: str) -> None:
        self._words = words
        self._home = f" {home}" if home else ""
        self._size = export.stat().st_size
        console = Screen(stderr=True)
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
        self._read = self._reading.add_task(self._words("reading") + escape(self._home), total=self._size)
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
            self._task = self._replaying.add_task(self._words("replaying") + escape(self._home), total=of, speed="")
        self._replaying.advance(self._task, events)
        speed = self._replaying.tasks[0].speed
        self._replaying.update(self._task, speed=f"{speed:,.0f}/s" if speed else "")
