"""What commands end with is one language throughout, and names what is to be mended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jobs.report.words import Words
from tests.config.test_cli import run
from workflows.features import FEATURES

LATIN = re.compile(r"[A-Za-z]{3,}")
HOME = """\
community:
  name: 晨读营
  timezone: Asia/Shanghai
  groups:
    reading: {telegram: -1001, wechat: 晨读}
"""


@pytest.mark.parametrize("command", ["scheduler", "worker", "jobs"])
def test_a_home_that_is_none_is_told_in_chinese(tmp_path: Path, command: str) -> None:
    said = run(command, "--home", tmp_path / "x", "--lang", "zh", status=2)
    assert "没有这个文件夹" in said
    assert "problem" not in said
    assert "cannot" not in said


def test_links_lead_to_the_page_in_the_readers_language(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "communities").mkdir(parents=True)
    (home / "communities" / "a.yaml").write_text(HOME, encoding="utf-8")
    assert "docs/testing.zh.md" in run("test", home, "--lang", "zh")
    assert "docs/testing.md" in run("test", home, "--lang", "en")


@pytest.mark.parametrize(
    ("language", "there", "command"),
    [("zh", "reading 还没有上线", "yaji bind"), ("en", "reading is not served yet", "yaji bind")],
)
def test_doctor_sends_nobody_to_bind_what_has_an_address_in_its_file(
    tmp_path: Path, language: str, there: str, command: str
) -> None:
    home = tmp_path / "home"
    (home / "communities").mkdir(parents=True)
    (home / "communities" / "camp.yaml").write_text(HOME, encoding="utf-8")
    said = run("doctor", "--home", home, "--lang", language, status=1)
    assert there in said
    assert command not in said


def test_a_damaged_file_is_named_where_no_address_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run("init", home, status=0)
    (home / "data").mkdir(exist_ok=True)
    (home / "data" / "yaji.sqlite3").write_text("no database " * 1000)
    said = run("doctor", "--home", home, "--lang", "zh", status=2)
    assert "data/yaji.sqlite3：文件坏了" in said
    assert "备份" in said


def test_every_part_with_a_timer_has_a_name_in_reports() -> None:
    zh = Words("zh")
    assert zh.workflow("topics") == "话题"
    for name in ("topics", "steering", "identity"):
        assert name not in FEATURES
        assert not LATIN.search(zh.workflow(name))
