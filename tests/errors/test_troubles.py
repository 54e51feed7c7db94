"""Whatever Telegram says, the assistant goes on as docs/telegram-errors.md says, and its readers are told no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.errors.page import PAGES, ROOT, Language, line
from tests.errors.table import FAMILIES, family_played
from tests.errors.trouble import amiss

MOST_COPIES = 2


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_seen_is_what_the_pages_say(family: str, tmp_path: Path):
    found = family_played(family, tmp_path)
    told = [words for trouble in FAMILIES[family].troubles for words in amiss(trouble, found[trouble.key])]
    assert told == []
    for language, file in PAGES.items():
        text = (ROOT / file).read_text(encoding="utf-8").splitlines()
        lines = [line(trouble, found[trouble.key], language) for trouble in FAMILIES[family].troubles]
        assert [each for each in lines if each not in text] == [], f"{file}: run python -m tests.errors"
    spoken = {key: seen.copies for key, seen in found.items() if seen.copies is not None and key != "markup"}
    assert {key: copies for key, copies in spoken.items() if copies > MOST_COPIES} == {}


@pytest.mark.parametrize(("language", "file"), PAGES.items())
def test_a_page_has_a_line_for_each_trouble_and_no_other(language: Language, file: str):
    text = (ROOT / file).read_text(encoding="utf-8")
    for name, family in FAMILIES.items():
        title = family.title.en if language == "en" else family.title.zh
        found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        assert found, name
        lines = [each for each in found[1].splitlines() if each.startswith("| ")][1:]
        assert len(lines) == len(family.troubles)


def test_no_trouble_is_there_twice():
    keys = [trouble.key for family in FAMILIES.values() for trouble in family.troubles]
    assert len(keys) == len(set(keys))
