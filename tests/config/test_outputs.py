"""What commands write never takes the place of what they read, and of what else stood there only as was said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

HOME = "community: {name: A, timezone: UTC, languages: [en], groups: {a: {}}, admins: [telegram:1]}\n"
LINE = {"event": "message", "at": "2026-03-02T10:00:00Z", "from": "telegram:1", "message": "1", "text": "hi"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export and a home, to be called from."""
    for name, text in {
        "c.jsonl": json.dumps({"yaji": "history", "version": 1}) + "\n" + json.dumps(LINE) + "\n",
        "H/yaji.yaml": "{}\n",
        "H/communities/a.yaml": HOME,
        "H/texts/en.yaml": "{}\n",
        "H/verses.txt": "a line\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "c.jsonl")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(*args: str, lang: str = "en"):
    return CliRunner().invoke(app, [*args, "--lang", lang])


SIMULATE = ("simulate", "c.jsonl", "--home", "H")
READ = {"en": "is read by this command", "zh": "是这条命令要读的文件"}
KEPT = {"en": "belongs to the home H", "zh": "属于要读的家 H"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("args", "why"),
    [
        ((*SIMULATE, "--json", "c.jsonl"), READ),
        ((*SIMULATE, "--html", "./H/../c.jsonl"), READ),
        ((*SIMULATE, "--html", "link.jsonl"), READ),
        ((*SIMULATE, "--html", "r", "--json", "r"), READ),
        ((*SIMULATE, "--truth", "t.json", "--json", "t.json"), READ),
        ((*SIMULATE, "--html", "H/communities/a.yaml"), KEPT),
        ((*SIMULATE, "--html", "H/communities/new.html"), KEPT),
        ((*SIMULATE, "--json", "H/yaji.yaml"), KEPT),
        ((*SIMULATE, "--json", "H/tests/x.yaml"), KEPT),
        ((*SIMULATE, "--json", "H/texts/en.yaml"), KEPT),
        ((*SIMULATE, "--json", "H/verses.txt"), KEPT),
        ((*SIMULATE, "--json", "H/data/yaji.sqlite3"), KEPT),
        (("simulate", "c.jsonl", "--home", "other", "--against", "H", "--json", "H/verses.txt"), KEPT),
        (("digest", "--history", "c.jsonl", "--home", "H", "--out", "H/texts"), KEPT),
        (("export", "--group", "a", "--home", "H", "--out", "H/communities/a.yaml", "--force"), KEPT),
        (("person", "--account", "telegram:1", "--home", "H", "--export", "H/yaji.yaml", "--force"), KEPT),
    ],
    ids=lambda value: " ".join(value[-3:]) if isinstance(value, tuple) else "",
)
def test_what_is_read_is_not_written(here, args, why, lang):
    before = held(here)
    told = run(*args, lang=lang)
    assert (told.exit_code, told.output.count("\n")) == (2, 1)
    assert why[lang] in told.output
    assert held(here) == before


def test_a_report_takes_the_place_of_the_last_one_and_says_so(here):
    first = run(*SIMULATE, "--html", "H/r.html", "--json", "r.json")
    assert (first.exit_code, first.stderr) == (0, "")
    again = run(*SIMULATE, "--html", "H/r.html", "--json", "r.json")
    assert (again.exit_code, again.stderr) == (0, "r.json: replaced\nH/r.html: replaced\n")
    assert run(*SIMULATE, "--json", "r.json", lang="zh").stderr == "r.json：已替换\n"


@pytest.mark.parametrize(
    "args",
    [("export", "--group", "a", "--out"), ("person", "--account", "telegram:1", "--export")],
    ids=["export", "person"],
)
def test_members_data_takes_no_other_file_s_place_unless_by_force(here, args):
    (here / "out").write_text("mine")
    told = run(*args, "out", "--home", "H")
    assert (told.exit_code, told.output) == (
        2,
        "out is there already; name another file, or replace it with --force.\n",
    )
    assert "或者用 --force 替换" in run(*args, "out", "--home", "H", lang="zh").output
    assert (here / "out").read_text() == "mine"
    assert "is there already" not in run(*args, "out", "--home", "H", "--force").output


def test_a_digest_is_not_written_over_the_history(here):
    digests = "digests: {weekly: {at: sun 20:00, to: a, sections: [activity]}}\n"
    (here / "H/communities/a.yaml").write_text(HOME + digests, encoding="utf-8")
    (here / "weekly.en.txt").write_bytes((here / "c.jsonl").read_bytes())
    before = held(here)
    told = run("digest", "--history", "weekly.en.txt", "--home", "H", "--out", ".")
    assert (told.exit_code, READ["en"] in told.output) == (2, True), told.output
    assert held(here) == before
