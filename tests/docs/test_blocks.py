"""What the pages show as YAML or JSON is understood by the programs that read it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from adapters.exports.formats import open_history
from adapters.exports.history import Reading, Skipped
from config import home as homes
from config import reading, templates
from config.problems import Problems
from jobs.report import truth
from tests.docs.pages import CHINESE, READMES, Block, all_blocks, blocks, text_of

HEADING = """\
version: 1
community: {name: Reading, timezone: Asia/Shanghai, groups: {reading: {}}}
"""
AROUND = {
    "lists": "lists: {allowed_domains: [github.com], hosts: {domains: [github.com]}}\n",
    "check_ins": "check_ins: {morning: {points: 5}}\n",
    "tiers": "tiers: {seed: {from: 0}, oak: {from: 700, grants: [post_links]}}\n",
}
"""What examples refer to without showing it."""
YAML = list(all_blocks("yaml"))


def keys(text: str) -> list[str]:
    return re.findall(r"^(\w+):", text, re.MULTILINE)


def home_of(folder: Path, text: str) -> Path:
    """A home whose community says this, with what it leaves unsaid."""
    for name in ("communities", "lists", "texts"):
        (folder / name).mkdir()
    (folder / "lists" / "spam.txt").write_text("airdrop\n", encoding="utf-8")
    (folder / "texts" / "rules.md").write_text("be kind\n", encoding="utf-8")
    for name in ("verses", "questions"):
        (folder / "texts" / f"{name}.txt").write_text("one\ntwo\n", encoding="utf-8")
    whole = ("" if "community" in keys(text) else HEADING) + text
    whole += "".join(f"\n{part}" for key, part in AROUND.items() if key not in keys(text))
    (folder / "communities" / "reading.yaml").write_text(whole, encoding="utf-8")
    return folder


def rehearsing(folder: Path, template: str, text: str) -> Path:
    """A shipped home with these tests in place of its own; its community is called as the tests call it."""
    shutil.copytree(templates.folder(template), folder)
    for shipped in (folder / "tests").iterdir():
        shipped.unlink()
    community = next((folder / "communities").iterdir())
    called = re.search(r"^community: (\S+)", text, re.MULTILINE)
    community.rename(community.with_name(called[1] if called else community.name))
    (folder / "tests" / "example.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(home: Path) -> list[str]:
    """What is wrong with a home."""
    deployment, told = homes.look(home)
    found = [problem.told("en") for problem in told if problem.weight == "problem"]
    assert (deployment is None) == bool(found)
    return found


@pytest.mark.parametrize(("page", "block"), YAML, ids=[f"{page}:{block.line}" for page, block in YAML])
def test_an_example_passes_the_check(page: str, block: Block, tmp_path: Path):
    if "tests" in keys(block.text):
        told = [problems(rehearsing(tmp_path / name, name, block.text)) for name in ("literati", "reading", "support")]
        assert [] in told, "tests are about one of the shipped communities"
    else:
        assert problems(home_of(tmp_path, block.text)) == []


SETTINGS = list(all_blocks("yml"))
"""What is shown for `yaji.yaml`."""


@pytest.mark.parametrize(("page", "block"), SETTINGS, ids=[f"{page}:{block.line}" for page, block in SETTINGS])
def test_the_settings_of_a_deployment_pass_the_check(page: str, block: Block, tmp_path: Path):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "reading.yaml").write_text(HEADING, encoding="utf-8")
    (tmp_path / "yaji.yaml").write_text(block.text, encoding="utf-8")
    assert problems(tmp_path) == []


@pytest.mark.parametrize("page", CHINESE)
def test_both_languages_show_the_same(page: str):
    shown = [
        [
            (mark, re.sub(r"#.*|://\S*", "", block.text))
            for mark in ("yml", "js", "caddy", "nginx")
            for block in blocks(each, mark)
        ]
        for each in (page, page.replace(".zh.", "."))
    ]
    assert shown[0] == shown[1]


PLAIN = re.compile(r"[\d:.%-]+[smhdw]?|[a-z_]+")
"""What is not for people to read: numbers, times, lengths of time, single words in small letters."""


def bones(value: object) -> object:
    """What an example says to the program: its keys and plain values, with what is for people left out.

    The order of single words says nothing: a Chinese page puts `zh` first.
    """
    if isinstance(value, dict):
        return None if value and value.keys() <= {"zh", "en"} else {key: bones(each) for key, each in value.items()}
    if isinstance(value, list):
        shown = [bone for each in value if (bone := bones(each)) is not None]
        return sorted(shown, key=str) if all(isinstance(each, str) for each in shown) else shown
    return value if not isinstance(value, str) or PLAIN.fullmatch(value) else None


@pytest.mark.parametrize("page", CHINESE)
def test_both_languages_show_the_same_examples(page: str):
    here, there = (
        [bones(reading.read(block.text, each, Problems())[0]) for block in blocks(each, "yaml")]
        for each in (page, page.replace(".zh.", "."))
    )
    assert here == there


@pytest.mark.parametrize("page", CHINESE)
def test_both_languages_say_as_much(page: str):
    """As far as headings and rows of tables show it: what is added to one page is missed on the other."""
    here, there = (re.findall(r"^(#+|\|)", text_of(each), re.MULTILINE) for each in (page, page.replace(".zh.", ".")))
    assert here == there


@pytest.mark.parametrize("page", READMES)
def test_the_sections_of_the_readme_make_one_community(page: str, tmp_path: Path):
    (tmp_path / "communities").mkdir()
    text = "\n".join(block.text for block in blocks(page, "yaml"))
    (tmp_path / "communities" / "reading.yaml").write_text(text, encoding="utf-8")
    assert problems(tmp_path) == []


HISTORIES = list(all_blocks("jsonl"))


@pytest.mark.parametrize(("page", "block"), HISTORIES, ids=[f"{page}:{block.line}" for page, block in HISTORIES])
def test_a_history_is_read_without_loss(page: str, block: Block, tmp_path: Path):
    path = tmp_path / "chat.jsonl"
    path.write_text(block.text, encoding="utf-8")
    items = list(open_history(path, Reading(group="reading")).events)
    assert not [item for item in items if isinstance(item, Skipped)]
    assert len(items) == len([line for line in block.text.splitlines() if '"event"' in line])


JSON = list(all_blocks("json"))


@pytest.mark.parametrize(("page", "block"), JSON, ids=[f"{page}:{block.line}" for page, block in JSON])
def test_json_is_json(page: str, block: Block, tmp_path: Path):
    value = json.loads(block.text)
    if "known" in value:
        (tmp_path / "truth.json").write_text(block.text, encoding="utf-8")
        assert len(truth.read(tmp_path / "truth.json")) == len(value["known"])
