"""`yaji digest`: the newest digest of an exported history, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.init import Template, write
from cli.main import app
from jobs.sample import SEED, write_sample


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write(folder / "home", Template.LITERATI)
    write_sample(folder, SEED)
    return folder


def run(demo: Path, *more: str):
    return CliRunner().invoke(app, ["digest", "--home", str(demo / "home"), "--lang", "en", *more])


def test_the_week_of_the_sample_history(demo, tmp_path):
    told = run(demo, "--history", str(demo / "history.jsonl"), "--out", str(tmp_path / "out"))
    assert told.exit_code == 0, told.output
    zh, en = ((tmp_path / "out" / f"weekly.{language}.txt").read_text(encoding="utf-8") for language in ("zh", "en"))
    assert zh.startswith("📅 「兰亭雅集」周报 · 4月20日—26日\n\n💬 消息 465 条（上期 500，↓7%）\n")
    assert en.startswith("📅 Orchid Pavilion Gathering, the week · 20–26 Apr\n\n💬 Messages: 465 (before 500, ↓7%)\n")
    for section in ("✅", "🤝", "👋", "🎖️", "❓", "⚖️"):
        assert section in zh
        assert section in en


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--history", "absent.jsonl"), "absent.jsonl"),
        (("--digest", "daily"), "there is no digest 'daily'; there are weekly."),
    ],
    ids=["no such file", "no such digest"],
)
def test_what_cannot_be_shown_is_said(demo, tmp_path, more, said):
    history = () if "--history" in more else ("--history", str(demo / "history.jsonl"))
    told = run(demo, *history, *more, "--out", str(tmp_path))
    assert told.exit_code == 2
    assert said in told.output
