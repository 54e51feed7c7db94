"""`yaji metrics`: how the groups of a home are doing, or how the one of an exported history was."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.exports.formats import FORMATS
from adapters.exports.history import Reading
from adapters.exports.piped import kept
from adapters.sql import SqlStore
from cli.books import books, glimpsed, no_group, site_of
from cli.homes import group_of, home_of
from cli.outputs import REPLACED, kept_apart, standing
from cli.refusing import refusing
from cli.screen import Screen, echo
from cli.spoken import HELP, spoken
from cli.status import REFUSED
from config.problems import Language, Said
from core.workflow import Group
from jobs.metrics import json_file, page, terminal
from jobs.metrics.figures import Metrics, measured
from jobs.metrics.period import Wanted, last_over
from jobs.report.names import Names
from jobs.report.replacing import replacing
from jobs.simulate import simulated


def metrics(
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    group: Annotated[str | None, typer.Option(help="the group's key; all groups if left out")] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="DAY", help="the first day, like 2026-03-01")] = None,
    to: Annotated[str | None, typer.Option(metavar="DAY", help="the last day; the last whole one if left out")] = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="so many days up to the last one; 30 if left out", show_default=False)
    ] = None,
    history: Annotated[
        Path | None, typer.Option(help="tell about this exported history, in place of what was served")
    ] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help=f"{', '.join(FORMATS)}; told by content if left out")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="write the numbers as JSON")] = None,
    html: Annotated[Path | None, typer.Option(help="write the numbers as one HTML file")] = None,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Tell how active a group is, who stays and who comes, with what each number means. Nobody is named.

    Days are the group's own; the last 30 that are over, unless told otherwise. Of a history, the day on which it ends
    counts as over. A mistake in the files is told, and costs the numbers of that group or section alone.

    Exit status: 0 told, 2 the home, the history, the database or an option cannot be used.
    """
    language = spoken(lang)
    with refusing(language, json or html), ExitStack() as stack:
        wanted = Wanted.read(from_, to, days)
        kept_apart((json, html), inputs=(history,), homes=(home,))
        replaced = standing((json, html))
        if history is not None:
            target = group_of(home_of(home, language), group)
            file = stack.enter_context(kept(history))
            told = [_of_history(file, target, wanted, format_, language)]
        else:
            told = list(_of_home(home, group, wanted, language))
        if json is not None:
            with replacing(json) as out:
                out.write(json_file.encoded([one for _, one in told], language))
        named = [(one, Names(each, language)) for each, one in told]
        if html is not None:
            with replacing(html) as out:
                out.write(page.render(named, language).encode())
        console = Screen(width=terminal.WIDTH if not sys.stdout.isatty() else None)
        for one, names in named:
            terminal.show(one, names, language, console)
    for file in replaced:
        echo(REPLACED.filled(file=file).in_(language), err=True)


def _of_home(home: Path, group: str | None, wanted: Wanted, language: Language) -> Iterator[tuple[Group, Metrics]]:
    """Each group, or the one of the key, as far as what is written of it is understood; after those of a community that
    has several, all of them as one."""
    site, glimpse = site_of(home, language), glimpsed(home, language)
    if group is not None and group not in glimpse.counted:
        no_group(home, group, glimpse.counted, language)
    if glimpse.problems:
        echo((LEFT_OUT if glimpse.counted else NOTHING_LEFT).in_(language), err=True)
    if not glimpse.counted:
        raise typer.Exit(REFUSED)
    now = datetime.now(UTC)
    with books(site, language) as store:
        for chapter in glimpse.seen.communities.values():
            held = [each for key in chapter.community.groups if (each := glimpse.counted.get(key)) is not None]
            for each in held:
                if group in (None, each.key):
                    yield each, _told(each, store, last_over(now, each.zone), wanted, language)
            members = [each for each in held if each.key != each.desk]
            if group is None and len(members) > 1:
                first, *rest = members
                beside = [each.key for each in rest]
                yield first, _told(first, store, last_over(now, first.zone), wanted, language, beside)


def _of_history(
    file: Path, group: Group, wanted: Wanted, format_: str | None, language: Language
) -> tuple[Group, Metrics]:
    with simulated(file, group, Reading(group=group.key, zone=group.zone), format_) as simulation:
        last = simulation.tally.last
        assert isinstance(simulation.books, SqlStore)
        assert last is not None
        return group, _told(group, simulation.books, group.day(last), wanted, language)


def _told(
    group: Group, store: SqlStore, over: date, wanted: Wanted, language: Language, beside: Sequence[str] = ()
) -> Metrics:
    period, before = wanted.within(group.zone, over)
    return measured(group, period, before, store.turnout(), store.reckoning(), language, beside)


NOTHING_LEFT = Said("No group can be read; mend the files, and try again.", "一个群都读不出来；请改好文件，再试一次。")
LEFT_OUT = Said(
    "The numbers are told all the same, without those of groups and sections that cannot be read.",
    "数字照样说；读不了的群和章节，里面的数字略去。",
)
