"""The report on a narrow terminal: no line is longer than it, and what is said there is whole or marked as cut."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from adapters.exports.history import Reading
from cli.init import Template, write
from config.home import load
from config.problems import Language
from jobs.report import terminal
from jobs.report.gathering import gather
from jobs.report.people import People
from jobs.report.summary import Summary
from jobs.report.words import Words
from jobs.sample import SEED, write_sample
from jobs.simulate import simulated


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Summary, Words]]:
    folder = tmp_path_factory.mktemp("narrow")
    write(folder / "home", Template.LITERATI)
    sample = write_sample(folder, SEED)
    (group,) = load(folder / "home").groups.values()
    found: dict[str, tuple[Summary, Words]] = {}
    languages: tuple[Language, ...] = ("en", "zh")
    with simulated(sample.history, group, Reading(group=group.key, zone=group.zone)) as simulation:
        for language in languages:
            people = People(simulation.books.people(group.key), None, language, None)
            found[language] = gather(simulation, people, []), Words(language, group, None)
    return found


def printed(told: tuple[Summary, Words], width: int) -> str:
    out = io.StringIO()
    terminal.show(*told, Console(width=width, file=out))
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_longer_than_the_terminal_or_100_columns(told, language, width):
    lines = printed(told[language], width).splitlines()
    assert max(cell_len(line) for line in lines) <= min(width, 100)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_days_names_and_points_stand_on_60_columns(told, language):
    summary, _ = told[language]
    narrow = printed(told[language], 60)
    for score in summary.points.top[:8]:
        assert re.search(rf"{re.escape(score.person)} +{score.amount:,} ", narrow)
    for day in sorted(summary.activity, key=lambda one: -one.messages)[:3]:
        assert re.search(rf"{day.day} +{day.messages:,} +{day.active:,} ", narrow)
    for one in summary.check_ins:
        assert re.search(rf" {one.check_ins:,} +{one.made_up:,} +{one.taken_back:,} +{one.people:,} ", narrow)
