"""Where a quote can be typed by anybody, it names nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from core.engine import Engine
from tests.commands.group import ADA, Steered


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", "引用认不准是谁发的（谁都能打出一样的字），所以请在指令后面 @ TA，像这样：/警告 @名字。"),
        (
            "en",
            "A quote does not prove who wrote it, because anybody can type the like."
            " Please mention them behind the command, like this: /warn @name",
        ),
    ],
)
def test_who_quotes_a_member_reads_why_that_names_nobody(language: Literal["zh", "en"], wanted: str):
    group = Steered(language)
    group.engine = Engine(group.store, {"g": replace(group.group, numbered=("telegram",))})
    group.says(ADA, "/warn", quoted="buy my soap")
    assert group.told() == [wanted]
