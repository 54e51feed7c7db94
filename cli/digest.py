"""`yaji digest`: what a digest would say about an exported history, in every language. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.exports.formats import FORMATS, open_history
from adapters.exports.history import Reading, Skipped
from adapters.exports.piped import kept
from adapters.sql import SqlStore
from adapters.sql.rollups import SqlRollups
from cli import written
from cli.homes import group_of, home_of
from cli.outputs import REPLACED, kept_apart, standing
from cli.refusing import refusing
from cli.screen import echo
from cli.spoken import HELP, spoken
from config.places import Spot
from core.effects import plain
from core.errors import InputRefused
from core.occurrences import newest
from core.workflow import Group
from jobs.digest.build import Builder, Told
from jobs.simulate import simulated
from workflows.digest_options import Digest, Digests
from workflows.digest_periods import told_on


def digest(
    history: Annotated[Path, typer.Option(help="the exported history to tell about", show_default=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path("."),
    group: Annotated[str | None, typer.Option(help="the group's key; needed if the home has several")] = None,
    which: Annotated[str | None, typer.Option("--digest", help="which digest; all of them if left out")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help=f"{', '.join(FORMATS)}; told by content if left out")
    ] = None,
    out: Annotated[Path, typer.Option(help="the folder for the texts and the pictures")] = Path("digests"),
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Show the newest digest that an exported history would have had: text and chart, in each language of the group.

    Exit status: 0 done, 2 the history, the home or an option cannot be used.
    """
    language = spoken(lang)
    with refusing(language, out), ExitStack() as stack:
        kept_apart((out,), homes=(home,))
        deployment = home_of(home, language)
        target = group_of(deployment, group)
        chosen = _chosen(target, which)
        reading = Reading(group=target.key, zone=target.zone)
        files = [file for id_ in chosen for each in target.languages for file in _files(out, id_, each)]
        named = [home / name for chapter in deployment.communities.values() for name in _named(chapter.spot)]
        kept_apart(files, inputs=(history, *named))
        within = out.resolve() == home.resolve()
        if within:
            kept_apart((file for file in files if not written.own(file)), homes=(home,))
        history = stack.enter_context(kept(history))
        first, last = _spanned(history, reading, format_)
        replaced = list[Path]()
        out.mkdir(parents=True, exist_ok=True)
        for id_, each in chosen.items():
            occurred = newest(each.at, target.zone, first, last)
            if occurred is None:
                echo(_TOO_SHORT[language].format(id=id_), err=True)
                continue
            with simulated(history, target, reading, format_, until=occurred.at) as simulation:
                assert isinstance(simulation.books, SqlStore)
                builder = Builder({target.key: target}, SqlRollups(simulation.books), simulation.books)
                period, notes = told_on(each.at, occurred.day), list[str]()
                for each_language in target.languages:
                    told = builder.told(target, each, period, occurred.at, each_language, notes)
                    into = _files(out, id_, each_language)[: 2 if told.picture is not None else 1]
                    replaced += standing(into)
                    _show(told, into)
                    if within:
                        written.remember(out, into)
            for note in dict.fromkeys(notes):
                echo(note, err=True)
        for file in replaced:
            echo(REPLACED.filled(file=file).in_(language), err=True)


def _spanned(history: Path, reading: Reading, format_: str | None) -> tuple[datetime, datetime]:
    """When the first and the last event of a history were."""
    times = [event.at for event in open_history(history, reading, format_).events if not isinstance(event, Skipped)]
    if not times:
        raise InputRefused(f"{history.name} holds no events.", f"{history.name} 里没有事件。")
    return min(times), max(times)


def _named(spot: Spot) -> Iterator[str]:
    """Whatever a community file may mean by a file: those that it is made of, and each text that ends like one."""
    yield spot.at.file
    if spot.style != "!file" and spot.written.endswith(_WRITTEN):
        yield spot.written
    for below in spot.children.values():
        yield from _named(below)


def _files(out: Path, id_: str, language: str) -> tuple[Path, Path]:
    """Where a digest's text and its picture are written."""
    return out / f"{id_}.{language}.txt", out / f"{id_}.{language}.png"


def _show(told: Told, files: tuple[Path, ...]) -> None:
    """The digest on the terminal, and beside each other as files."""
    text = plain(told.words)
    files[0].write_text(text + "\n", encoding="utf-8")
    echo(f"{text}\n")
    if told.picture is not None:
        files[1].write_bytes(told.picture)
        echo(f"{files[1]}\n")


def _chosen(group: Group, id_: str | None) -> dict[str, Digest]:
    options = group.options(Digests)
    known = dict(options.items()) if options is not None else {}
    told = ", ".join(known)
    if not known:
        raise InputRefused(
            f"the community of {group.key!r} has no digests; write `digests:` in its file.",
            f"{group.key!r} 的社群没有摘要；请在社群文件里写 `digests:`。",
        )
    if id_ is None:
        return known
    if id_ not in known:
        raise InputRefused(f"there is no digest {id_!r}; there are {told}.", f"没有摘要 {id_!r}；有的是：{told}。")
    return {id_: known[id_]}


_WRITTEN = (".txt", ".png")
_TOO_SHORT = {
    "en": "{id}: the history is too short, no such digest came due in it",
    "zh": "{id}：历史太短，其间没有轮到这份摘要",
}
