"""A home full of mistakes gets one report with every place right; the same home, mended, passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from cli.check import check
from config.home import load, look
from config.places import shown
from core.errors import ConfigError
from workflows.content_options import Contents

HERE = Path(__file__).parent
MISTAKES, MENDED = HERE / "mistakes", HERE / "mended"


def planted() -> list[tuple[str, int, int, str, str, str]]:
    """What was planted: file, line, column, path, guess, and what is said."""
    rows = (line.split("\t") for line in (HERE / "mistakes.tsv").read_text(encoding="utf-8").splitlines())
    return [(file, int(line), int(column), path, guess, text) for file, line, column, path, guess, text in rows]


def test_every_planted_mistake_is_told_at_its_place_in_one_report():
    _, told = look(MISTAKES)
    problems = [problem for problem in told if problem.weight == "problem"]
    found = [(p.place.file, p.place.line, p.place.column, shown(p.path), p.guess) for p in problems]
    assert found == [row[:5] for row in planted()]
    for problem, (*_, text) in zip(problems, planted(), strict=True):
        assert text in str(problem)


def test_at_least_thirty_mistakes_are_planted_over_many_files():
    assert len(planted()) >= 30
    assert len({row[0] for row in planted()}) >= 10


def test_problems_come_by_place():
    _, told = look(MISTAKES)
    assert [problem.place for problem in told] == sorted(problem.place for problem in told)


def test_loading_raises_with_all_of_them():
    with pytest.raises(ConfigError) as raised:
        load(MISTAKES)
    assert len(raised.value.problems) == len(planted())
    assert "communities/a-heading.yaml:4:13: community.timezone: found `Asia/Shangai`" in str(raised.value)


def test_a_secret_written_out_is_not_repeated():
    _, told = look(MISTAKES)
    everything = " ".join(f"{problem} {problem.as_json()}" for problem in told)
    assert "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" not in everything
    assert "hunter2" not in everything


def test_the_mended_home_passes():
    deployment, told = look(MENDED)
    assert [str(problem) for problem in told if problem.weight == "problem"] == []
    assert deployment is not None
    assert "evening" in deployment.groups


def test_a_time_written_without_quotes_is_a_time():
    deployment = load(MENDED)
    contents = deployment.communities["communities/a-heading.yaml"].options["content"]
    assert isinstance(contents, Contents)
    assert f"{contents.content['question'].at:%H:%M}" == "21:30"


def test_check_exits_1_on_problems_and_0_without(capsys):
    with pytest.raises(typer.Exit) as left:
        check(MISTAKES, lang="en")
    assert left.value.exit_code == 1
    assert (
        "communities/a-heading.yaml:14:1: onboardng: found the unknown section `onboardng`" in capsys.readouterr().out
    )
    check(MENDED, lang="en")
    assert "is in order" in capsys.readouterr().out


def test_check_speaks_chinese(capsys):
    with pytest.raises(typer.Exit):
        check(MISTAKES, lang="zh")
    out = capsys.readouterr().out
    assert "communities/c-check-ins.yaml:10:13: check_ins.morning.window: 写的是 `05:30-9`，应为一段时间" in out
    assert "（是不是想写 `message`？）" in out


def test_check_speaks_json(capsys):
    with pytest.raises(typer.Exit):
        check(MISTAKES, json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    first = told["problems"][0]
    assert (first["file"], first["line"], first["column"]) == ("communities/a-heading.yaml", 4, 13)
    assert first["path"] == ["community", "timezone"]
    assert first["guess"] == "`Asia/Shanghai`"
    check(MENDED, json=True)
    assert json.loads(capsys.readouterr().out)["ok"] is True
