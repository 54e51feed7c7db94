"""What goes wrong in one of two homes only is told; what goes wrong in both is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.exports.history import Reading
from core.decision import Decision
from core.events import Event, MessagePosted
from core.workflow import Bound, Group, View, Workflow
from jobs.report.against.comparison import Comparison
from jobs.report.against.counts import Count
from jobs.report.against.side import Side
from jobs.report.against.telling import Speech
from jobs.report.against.telling_acts import parts
from jobs.report.gathering import gather
from jobs.report.people import People
from jobs.report.words import Words
from jobs.simulate import simulated
from tests.simulate.homes import group
from tests.simulate.test_simulate import ANN, BOB, history, said


def _crashes(event: Event, options: str, view: View) -> Decision:
    if isinstance(event, MessagePosted) and options in event.text:
        raise ValueError(f"cannot bear {options!r}")
    return Decision()


CRASHING = Workflow("crashing", str, frozenset({MessagePosted}), lambda event, options: (), _crashes)


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[list[Side]]:
    """One home that cannot bear tea, and one that can bear neither tea nor wine."""
    export = history(
        tmp_path / "h", *(said(n, 1, (ANN, BOB)[n % 2], text) for n, text in enumerate(("tea", "wine", "water")))
    )
    plain = group(tmp_path / "home", "")
    tea, wine = Bound(CRASHING, "tea"), Bound(replace(CRASHING, name="touchy"), "wine")
    with ExitStack() as stack:
        yield [_side(stack, export, replace(plain, runs=runs)) for runs in ((tea,), (tea, wine))]


def _side(stack: ExitStack, export: Path, under: Group) -> Side:
    simulation = stack.enter_context(simulated(export, under, Reading(group=under.key)))
    people = People(simulation.books.people(under.key))
    return Side(simulation=simulation, people=people, summary=gather(simulation, people))


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [("en", "workflow faults 1 → 2 (+1) · events set aside 0"), ("zh", "流程出错 1 → 2（+1） · 搁置的事件 0")],
)
def test_a_fault_that_only_the_changed_home_has_is_told_and_those_of_both_are_not(sides, lang, wanted):
    against = Comparison.of(*sides).against
    assert against.faults.faults == Count(before=1, after=2)
    assert [trouble.why for trouble in against.faults.gained] == ["ValueError: cannot bear 'wine'"]
    assert against.faults.lost == ()
    [part] = parts(against, Speech(Words(lang, sides[1].simulation.group), "UTC", False))
    assert (part.subject, part.lines[0].text) == ("faults", wanted)
    assert "touchy" in part.lines[1].text
    assert part.lines[1].text.startswith("+ ")


def test_a_fault_that_is_over_is_told_as_such(sides):
    against = Comparison.of(*reversed(sides)).against
    assert [trouble.why for trouble in against.faults.lost] == ["ValueError: cannot bear 'wine'"]
    assert against.faults.gained == ()
