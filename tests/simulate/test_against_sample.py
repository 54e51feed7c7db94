"""A shipped home, changed in many places, against itself as it was, on the sample history: what holds of any two."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from adapters.exports.history import Reading
from cli.init import write
from config.home import load
from core.people import NOBODY
from core.ports import AuditRow
from jobs.report.against.abreast import abreast, root_of
from jobs.report.against.comparison import Comparison
from jobs.report.against.digests import Digested
from jobs.report.against.json_file import hits
from jobs.report.against.side import Side
from jobs.report.gathering import gather
from jobs.report.people import People
from jobs.report.witness import is_hit
from jobs.report.words import Words
from jobs.sample import write_sample
from jobs.simulate import simulated

CHANGES = (
    ("min_chars: 6, or", "min_chars: 14, or"),
    ("加群, 代购, 刷单", "加群, 谢谢"),
    ("friend:   {name: {zh: 雅友, en: Friend},   from: 60}", "friend: {from: 120}"),
    ("from: 300", "from: 250"),
    ("give_up_after: 72h", "give_up_after: 24h"),
    ("remind: {after: 24h, times: 2}", "remind: {after: 12h, times: 1}"),
    ("  lanting-21:", "  lanting-2026:"),
    ("id: thanks", "id: gratitude"),
    ("    mode: shadow\n", "    mode: on\n"),
    ("第 ${check_in.streak} 天，", "连续第 ${check_in.streak} 天，"),
    ("at: fri 20:00", "at: sat 20:00"),
    ("at: day 15 10:00", "at: day 16 10:00"),
)
MORE = """
events: {tea: {title: {zh: 茶会, en: Tea}, at: fri 20:00}}
surveys: {nps: {at: day 15 10:00}}
"""
MIRRORED = {"before": "after", "gained": "lost", "new": "gone", "up": "down"}
MIRRORED |= {value: key for key, value in MIRRORED.items()}


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Side, Side]]:
    folder = tmp_path_factory.mktemp("against")
    export = write_sample(folder).history
    for name in ("served", "tried"):
        write(folder / name, "literati")
        with (folder / name / "communities" / "lanting.yaml").open("a", encoding="utf-8") as file:
            file.write(MORE)
    shutil.rmtree(folder / "tried" / "tests")
    written = folder / "tried" / "communities" / "lanting.yaml"
    text = written.read_text(encoding="utf-8")
    for was, now in CHANGES:
        assert was in text, was
        text = text.replace(was, now)
    written.write_text(text, encoding="utf-8")
    with ExitStack() as stack:
        served, tried = (_side(stack, export, folder / name) for name in ("served", "tried"))
        yield served, tried


def _side(stack: ExitStack, export: Path, home: Path) -> Side:
    group = load(home).groups["lanting"]
    digests, reading = Digested(group), Reading(group=group.key, zone=group.zone)
    simulation = stack.enter_context(simulated(export, group, reading, onlooker=digests))
    people = People(simulation.books.people(group.key))
    return Side(simulation=simulation, people=people, summary=gather(simulation, people), digests=digests.told)


def plain(told: object) -> Any:
    """As it is written."""
    return msgspec.json.decode(msgspec.json.encode(told))


def mirror(told: Any) -> Any:
    """What a comparison must be if its homes are swapped."""
    if isinstance(told, dict):
        return {_mirrored(key): mirror(value) for key, value in told.items()}
    if isinstance(told, list):
        return [mirror(value) for value in told]
    return MIRRORED.get(told, told) if isinstance(told, str) else told


def _mirrored(key: str) -> str:
    first, _, rest = key.partition("_")
    return "_".join(filter(None, (MIRRORED.get(first, first), rest)))


def test_swapping_the_homes_gives_the_mirror_of_the_comparison(sides):
    served, tried = sides
    there, back = (plain(Comparison.of(*both).against) for both in ((served, tried), (tried, served)))
    assert there["same"] == ["truth", "faults"], "the change is to be felt everywhere else"
    assert mirror(there) == back
    assert [mirror(row) for row in plain(list(hits(served, tried)))] == plain(list(hits(tried, served)))


def test_a_home_against_itself_differs_in_nothing(sides):
    comparison = Comparison.of(sides[0], sides[0])
    assert not comparison.against.differs
    assert comparison.against.people == 0
    assert list(hits(sides[0], sides[0])) == []


def test_reading_instant_by_instant_finds_what_holding_everything_would(sides):
    held = [
        Counter(
            (root_of(row), row.rule, side.people.account(row.person), row.mode, row.then)
            for row in side.simulation.books.audit("lanting")
            if is_hit(row)
        )
        for side in sides
    ]
    found: tuple[Counter[Any], Counter[Any]] = (Counter(), Counter())
    for row in hits(*sides):
        for key, counter in zip(("before", "after"), found, strict=True):
            one: Any = row[key]
            if one is not None:
                root = str(row["event"]).partition(">")[0]
                counter[root, row["rule"], row["person_account"], one["mode"], one["then"]] += 1
    assert found == (held[0] - held[1], held[1] - held[0])
    assert sum(found[0].values()) > 50


def test_answers_that_differ_are_those_that_only_one_home_would_have_given(sides):
    held: list[Counter[tuple[str, str]]] = []
    for side in sides:
        rows = side.simulation.books.outbox("lanting")
        held.append(Counter((row.workflow, f"{root_of(row)} {visible(row.effect)}") for row in rows))
    differing = Counter(workflow for workflow, _ in ((held[0] - held[1]) + (held[1] - held[0])).elements())
    told: Counter[str] = Counter()
    for one in Comparison.of(*sides).against.answers:
        told[one.workflow] += one.gained + one.lost + 2 * one.otherwise
    assert {workflow: n for workflow, n in told.items() if n} == differing
    assert differing["check_in"] > 100


def visible(effect: Any) -> str:
    """What members can see of an effect."""
    if not hasattr(effect, "words"):
        return repr(effect)
    return f"{type(effect).__name__} {getattr(effect, 'to', '')} {effect.words} {[c.label for c in effect.choices]}"


def test_what_is_counted_agrees_with_the_two_reports(sides):
    against = Comparison.of(*sides).against
    for n, side in enumerate(("before", "after")):
        summary = sides[n].summary
        rules = {one.rule: (getattr(one.on, side), getattr(one.shadow, side)) for one in against.rules}
        told = {one.rule: (one.on, one.shadow) for one in summary.rules}
        assert {rule: counts for rule, counts in rules.items() if any(counts)} == told
        answered: Counter[str] = Counter()
        for answer in against.answers:
            answered[answer.kind] += getattr(answer.times, side)
        assert {kind: n for kind, n in answered.items() if n} == summary.effects
    for rule in against.rules:
        before, after = rule.on.before + rule.shadow.before, rule.on.after + rule.shadow.after
        assert before - rule.lost.count == after - rule.gained.count == rule.same + rule.otherwise


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 100])
def test_the_comparison_fits_the_terminal(sides, lang, width):
    served, tried = sides
    words = Words(lang, tried.simulation.group, served.simulation.group)
    out = io.StringIO()
    Comparison.of(*sides).told(("served", "tried"), words).show(Console(file=out, width=width))
    lines = out.getvalue().splitlines()
    assert len(lines) > 60
    assert [line for line in lines if cell_len(line.rstrip()) > width] == []


def test_pseudonyms_are_the_same_on_both_sides_and_no_two_people_share_one(sides):
    members = [list(side.simulation.books.people("lanting")) for side in sides]
    some, others = members[0][::2], members[1]
    first = People(some, b"key", "zh")
    second = People(others, b"key", "zh", beside=first)
    shown = {member.account: first.name(member.person) for member in some}
    shown |= {member.account: second.name(member.person) for member in others}
    assert all(second.called(member.account) == first.called(member.account) for member in some)
    assert len(set(shown.values())) == len(shown)


@pytest.mark.parametrize(
    ("event", "root"),
    [
        ("export:yaji:message:3", "export:yaji:message:3"),
        ("export:yaji:message:3>2", "export:yaji:message:3"),
        (
            "timer:room:check_in:remind:2026-03-01T12:30:00+00:00:5f0c",
            "timer:room:check_in:remind:2026-03-01T12:30:00+00:00",
        ),
        ("timer:room:tiers:review:2026-04-01T00:00:00+00:00:>4", "timer:room:tiers:review:2026-04-01T00:00:00+00:00"),
    ],
    ids=["an event", "what follows from it", "a timer", "what follows from a timer"],
)
def test_the_numbers_of_follow_ups_and_rings_do_not_tell_events_apart(event, root):
    row = AuditRow(datetime(2026, 3, 1, tzinfo=UTC), "room", event, "rules", "ads", NOBODY, "on", (), ())
    assert root_of(row) == root


class Rung(NamedTuple):
    at: datetime
    n: int


_rungs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), max_size=30).map(
    lambda pairs: [Rung(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=at), n) for at, n in sorted(pairs)]
)


@given(_rungs, _rungs)
def test_each_instant_comes_once_with_all_that_both_have_of_it(one, other):
    told = list(abreast(one, other))
    assert [row for left, _ in told for row in left] == one
    assert [row for _, right in told for row in right] == other
    instants = [{row.at for row in (*left, *right)} for left, right in told]
    assert all(len(each) == 1 for each in instants)
    assert len([*groupby(sorted(at for each in instants for at in each))]) == len(told)
