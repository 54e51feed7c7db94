"""Every option has its line in docs/check-ins.md, and every sentence exists in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from workflows import check_in_options as options
from workflows import check_in_saying_options as saying
from workflows.check_in_repairs import VERBS
from workflows.options import Options
from workflows.streaks import Calendar, recount
from workflows.texts import Catalog

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "check-ins.md").read_text(encoding="utf-8")
MODELS = (
    options.Challenge,
    options.Proof,
    options.StreakRules,
    options.Freezes,
    options.Late,
    options.Leave,
    options.Join,
    options.Finish,
    options.Board,
    saying.Remind,
    saying.Gather,
)


def fields() -> Iterator[tuple[type[Options], str]]:
    for model in MODELS:
        for name, field in model.model_fields.items():
            yield model, field.alias or name


@pytest.mark.parametrize(("model", "name"), list(fields()), ids=lambda part: getattr(part, "__name__", part))
def test_each_option_is_documented(model: type[Options], name: str) -> None:
    assert f"`{name}`" in PAGE
    assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize("verb", VERBS)
def test_each_order_is_documented(verb: str) -> None:
    assert f"`{verb}`" in PAGE


@pytest.mark.parametrize(
    ("row", "days", "leave", "streak"),
    [
        ("| 2, 3, 4, 5, 6 | 5 |", (2, 3, 4, 5, 6), (), 5),
        ("| 2, 3, –, 5, 6 | 4 ", (2, 3, 5, 6), (), 4),
        ("| 2, –, 4, –, 6 | 1 ", (2, 4, 6), (), 1),
        ("| 2, –, 4, leave, 6 | 3 ", (2, 4, 6), (5,), 3),
        ("| 2, –, 4, –, 6 and then `补卡` for the 5th | 4 ", (2, 4, 5, 6), (), 4),
    ],
)
def test_the_worked_examples_are_right(row: str, days: tuple[int, ...], leave: tuple[int, ...], streak: int) -> None:
    assert row in PAGE
    excused = frozenset(date(2026, 3, day) for day in leave)
    run = recount(Calendar(freezes=1), [date(2026, 3, day) for day in days], excused)
    assert run is not None
    assert run.streak == streak


def test_each_sentence_is_there_in_both_languages() -> None:
    own = [
        {key for key in Catalog.shipped().keys(language) if key.startswith("check_in.")} for language in ("zh", "en")
    ]
    assert own[0] == own[1] != set()
    for key in own[0]:
        assert Catalog.shipped().names(key, "zh") >= Catalog.shipped().names(key, "en") - {"member.name"}


@pytest.mark.parametrize("page", ["check-ins.md", "check-ins.zh.md"])
def test_what_counts_and_what_does_not_is_told_as_it_is(page: str) -> None:
    """The table of the page, whose second row has the one and the other."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    head = next(n for n, line in enumerate(lines) if line in ("| counts | does not |", "| 算 | 不算 |"))
    counts, does_not = (re.findall("`([^`]+)`", cell) for cell in lines[head + 2].split(" | "))
    lexicon = options.CheckIns.model_validate({"reading": {}}).lexicon
    assert {text for text in counts if [ask.what for ask in lexicon.heard(text)] != ["check_in"]} == set()
    assert {text for text in does_not if lexicon.heard(text)} == set()
    assert len(counts) > 10
    assert len(does_not) > 8
