"""What the pages tell people to type works, and says what the pages show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docs.newcomer import Newcomer, agrees, typed
from tests.docs.pages import READMES, all_blocks, blocks, text_of

LANGUAGES = {"README.md": "en_US.UTF-8", "README.zh.md": "zh_CN.UTF-8"}
OTHERS = sorted({page for page, _ in all_blocks("console")} - set(READMES))


@pytest.mark.parametrize("page", READMES)
def test_whoever_follows_the_readme_sees_what_it_shows(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chat.jsonl").write_text(blocks(page, "jsonl")[0].text, encoding="utf-8")
    newcomer = Newcomer(tmp_path, LANGUAGES[page])
    for block in blocks(page, "console"):
        for command, shown in typed(block.text):
            newcomer.types(command, shown)
    for made in ("demo-output/report.html", "demo-output/report.json", "report.html"):
        assert (tmp_path / made).stat().st_size > 1000, made
    told = json.loads((tmp_path / "demo-output/report.json").read_text(encoding="utf-8"))
    explained = page.replace("README", "docs/simulate")
    missing = [key for key in told if f"`{key}`" not in text_of(explained)]
    assert missing == [], f"{explained} names every key of the JSON"


@pytest.mark.parametrize("page", OTHERS)
def test_the_commands_of_other_pages_exist(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    newcomer = Newcomer(tmp_path, "zh_CN.UTF-8" if page.endswith(".zh.md") else "en_US.UTF-8")
    for block in blocks(page, "console"):
        for command, shown in typed(block.text):
            newcomer.types(command, shown)


@pytest.mark.parametrize(
    ("shown", "came", "agree"),
    [
        ("a\nb", "a  \nb\n", True),
        ("a\n…\nd", "a\nb\nc\nd\n", True),
        ("a\n…\nb", "a\nb\n", True),
        ("a … c", "a b c\n", True),
        ("a\nb", "a\nc\n", False),
        ("a … c", "a b\nc\n", False),
        ("a\n…", "b\n", False),
    ],
    ids=["spaces at the end", "lines left out", "no line left out", "words left out", "differs", "one line", "first"],
)
def test_shown_output_agrees(shown: str, came: str, agree: bool):
    assert agrees(shown, came) is agree
