"""One idea has one word: the table in CONTRIBUTING, over everything that is read in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from tests.docs.pages import PAGES, ROOT, text_of

THE_TABLE = "CONTRIBUTING.md"
HEARD = {"workflows/check_in_sentences.py"}
"""What members write, who know no table."""
READ = sorted(
    {page for page in PAGES if page != THE_TABLE}
    | {
        str(file.relative_to(ROOT))
        for layer in ("cli", "config", "jobs", "workflows")
        for kind in ("*.py", "*.yaml")
        for file in (ROOT / layer).rglob(kind)
    }
    - HEARD
)


def banned() -> list[str]:
    """The last column of the table."""
    rows = text_of(THE_TABLE).partition("| idea |")[2].partition("\n\n")[0].splitlines()[2:]
    return sorted({word.strip() for row in rows for word in row.split("|")[4].split(",") if word.strip()})


def sentences(texts: dict[str, object], path: str = "") -> Iterator[tuple[str, str]]:
    for name, text in texts.items():
        if isinstance(text, dict):
            yield from sentences(text, f"{path}{name}.")
        else:
            yield f"{path}{name}", re.sub(r"\$\{.*?\}", "", str(text))


def catalog(language: str) -> dict[str, str]:
    return dict(sentences(yaml.safe_load(text_of(f"workflows/locale/{language}.yaml"))))


def test_the_table_is_read():
    assert {"影子", "迎新", "补签"} <= set(banned())


@pytest.mark.parametrize("word", banned())
def test_a_word_that_was_given_up_stays_away(word: str):
    # 欢迎新人 is a welcome, and no word of ours.
    pattern = re.compile(rf"(?<!欢){word}")
    assert [file for file in READ if pattern.search(text_of(file))] == []


@pytest.mark.parametrize(("english", "chinese"), [("warn", "警告"), ("remind", "提醒")])
def test_what_is_a_warning_in_one_language_is_no_reminder_in_the_other(english: str, chinese: str):
    theirs = catalog("zh")
    spoken = {key for key, text in catalog("en").items() if english in text.casefold()}
    assert spoken
    assert [key for key in sorted(spoken) if chinese not in theirs[key]] == []


def test_a_warning_is_called_one_in_english_too():
    english = catalog("en")
    warnings = {key for key, text in catalog("zh").items() if "警告" in text}
    assert [key for key in sorted(warnings) if "warn" not in english[key].casefold()] == []
