"""A home with mistakes in it is still looked at, as far as it can be read; and where it keeps its state needs no more
than that part of `yaji.yaml`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.deployment import Settings
from config.home import glimpse, load, look
from config.site import as_far_as_understood, site
from core.errors import ConfigError
from tests.config.test_mistakes import MENDED, MISTAKES

READING = """\
community:
  name: Reading
  timezone: UTC
  admins: [telegram:7]
  groups:
    reading: {telegram: -1001}
    desk: {telegram: -1002}
  admin_group: desk
rules:
  - {id: ads, when: message, words: [ads], then: [delete]}
lists: {ads: [加群领红包]}
"""


def home(folder: Path, communities: dict[str, str], settings: str = "") -> Path:
    (folder / "communities").mkdir(parents=True)
    for name, text in communities.items():
        (folder / "communities" / f"{name}.yaml").write_text(text, encoding="utf-8")
    if settings:
        (folder / "yaji.yaml").write_text(settings, encoding="utf-8")
    return folder


def test_where_nothing_is_wrong_it_is_the_home():
    found = glimpse(MENDED)
    assert (found.problems, found.unread) == ((), ())
    runs = {key: [run.name for run in group.runs] for key, group in load(MENDED).groups.items()}
    assert {key: [run.name for run in group.runs] for key, group in found.seen.groups.items()} == runs


def test_mistakes_are_told_and_groups_are_seen_beside_them(tmp_path: Path):
    written = {"reading": READING + "tears: {}\n", "night": "community: [\n"}
    found = glimpse(home(tmp_path, written))
    assert [str(one.place) for one in found.problems] == [
        "communities/night.yaml:1:12",
        "communities/reading.yaml:12:1",
    ]
    assert found.unread == ("communities/night.yaml",)
    assert dict(found.seen.addresses) == {("telegram", "-1001"): "reading", ("telegram", "-1002"): "desk"}
    reading = found.seen.groups["reading"]
    assert (reading.desk, sorted(reading.staff)) == ("desk", ["telegram:7"])


def test_what_is_seen_of_a_home_with_mistakes_decides_nothing(tmp_path: Path):
    found = glimpse(home(tmp_path, {"reading": READING, "night": "community: [\n"}))
    assert {run.name for group in found.seen.groups.values() for run in group.runs} == {"presence"}


def test_of_every_planted_mistake_at_once_it_tells_what_check_tells(tmp_path: Path):
    for folder in ("communities", "texts", "tests"):
        for file in (MISTAKES / folder).rglob("*.*"):
            copied = tmp_path / file.relative_to(MISTAKES)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(file.read_bytes())
    _, told = look(tmp_path)
    found = glimpse(tmp_path)
    assert found.problems == tuple(one for one in told if one.weight == "problem")
    assert len(found.problems) >= 30
    assert found.seen.groups


def test_a_connection_that_is_misspelled_leaves_the_rest_to_be_seen(tmp_path: Path):
    found = glimpse(home(tmp_path, {"reading": READING, "night": "community: [\n"}, "platforms: {telegran: {}}\n"))
    assert [str(one).partition(":")[0] for one in found.problems] == ["communities/night.yaml", "yaji.yaml"]
    assert (found.unsettled, list(found.seen.groups)) == (True, ["reading", "desk"])


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ({"platforms": {"telegran": {}}, "web": {"listen": "127.0.0.1:9"}}, {"web": {"listen": "127.0.0.1:9"}}),
        ({"storage": {"url": 7, "redis": "redis://r"}}, {"storage": {"redis": "redis://r"}}),
        (
            {"platforms": {"telegram": {"bots": {"a": {}, "b": {"token": "${env:B}"}}}}},
            {"platforms": {"telegram": {"bots": {"b": {"token": "${env:B}"}}}}},
        ),
        ({"version": 2, "storrage": {}}, {}),
        (["storage"], {}),
        (
            {"storage": "here", "platforms": {"wechat": {"endpoint": "a:1", "a_day": 0}}},
            {"platforms": {"wechat": {"endpoint": "a:1"}}},
        ),
    ],
)
def test_of_settings_with_mistakes_the_rest_is_understood(written: object, left: dict[str, object]):
    assert as_far_as_understood(written) == Settings.model_validate(left)


def test_a_mistake_in_one_section_leaves_the_others_to_be_counted(tmp_path: Path):
    found = glimpse(
        home(tmp_path, {"reading": READING + "tiers: {a: {nam: A}}\ncheck_ins: {walk: {keywords: [walk]}}\n"})
    )
    assert found.problems
    assert [run.name for run in found.counted["reading"].runs] == ["check_in", "rules"]
    assert [run.name for run in found.counted["desk"].runs] == ["presence"]


@pytest.mark.parametrize(
    "settings",
    ["", "storage: {url: 'sqlite:///kept.db'}\n", "storage: {url: 'sqlite:///kept.db'}\nplatforms: {telegran: {}}\n"],
    ids=["none", "sound", "wrong elsewhere"],
)
def test_the_database_is_known_whatever_else_is_wrong(tmp_path: Path, settings: str):
    found = site(home(tmp_path, {"night": "community: [\n"}, settings))
    assert found.home == tmp_path
    assert found.settings.storage.url == ("sqlite:///kept.db" if settings else "sqlite:///data/yaji.sqlite3")


@pytest.mark.parametrize(
    "settings",
    [
        "storage: {urll: 'sqlite:///kept.db'}\n",
        "storrage: {url: 'sqlite:///kept.db'}\n",
        "storage: [\n",
        "- storage\n",
        "storage: {url: 'sqlite:///a'}\nstorage: {url: 'sqlite:///b'}\n",
        "version: 2\nstorage: {}\n",
    ],
)
def test_which_database_it_is_is_never_guessed(tmp_path: Path, settings: str):
    with pytest.raises(ConfigError) as refused:
        site(home(tmp_path, {"reading": READING}, settings))
    assert "yaji.yaml:" in str(refused.value)


def test_where_the_environment_tells_which_database_it_is_nothing_has_to(tmp_path: Path):
    found = site(
        home(tmp_path, {"reading": READING}, "storage: {urll: 'sqlite:///kept.db', keep: {decisions: 500d}}\n"),
        told=True,
    )
    assert found.settings.storage.keep.decisions == timedelta(days=500)
