"""`yaji metrics` tells what surveys came to when they were last told, with what it is of, and never of too few."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from adapters.sql import open_store
from core.people import NOBODY
from core.ports import RecordAt, Writes
from tests.metrics.test_command import HOME, home, lines, lives, run
from workflows.survey_book import RESULTS, Result, Results
from workflows.survey_options import Survey

__all__ = ["home"]

SURVEYS = (
    HOME
    + """
surveys:
  nps: {}
  mood: {kind: scale, ask: {en: How was it?, zh: 过得怎么样？}, least: 6}
  next:
    kind: choices
    ask: {en: What next?, zh: 接下来读什么？}
    choices: [{en: Du Fu, zh: 杜甫}, {en: Li Bai, zh: 李白}]
"""
)
CHOICES = [{"en": "Du Fu", "zh": "杜甫"}, {"en": "Li Bai", "zh": "李白"}]
SHAPES = {
    "nps": "nps",
    "mood": "scale",
    "next": Survey.model_validate({"kind": "choices", "ask": "?", "choices": CHOICES}).shape,
}
NPS = (0, 1, 0, 0, 0, 0, 3, 2, 2, 3, 5)
"""Eight of sixteen against four: +25."""


@pytest.fixture
def asked(home: Path) -> Path:
    lives(home, 60)
    (home / "communities/walkers.yaml").write_text(SURVEYS, encoding="utf-8")
    return home


def came(home: Path, **counts: tuple[int, ...]) -> None:
    """What some surveys came to, of forty who could answer."""
    store = open_store(f"sqlite:///{home / 'data/yaji.sqlite3'}", durable=False)
    results = {
        id_: Result(day=date(2026, 3, 1), shape=SHAPES[id_], counts=each, could=40, told=date(2026, 3, 4))
        for id_, each in counts.items()
    }
    with store.unit() as unit:
        unit.lock(["walks"])
        unit.save(Writes(records={RecordAt("walks", NOBODY, RESULTS.name): Results(results)}))
        unit.commit()
    store.close()


def shown(home: Path, lang: str = "en") -> list[str]:
    told = run(home, "--group", "walks", "--to", "2026-04-02", lang=lang)
    assert told.exit_code == 0, told.output
    return lines(told.stdout)


def test_each_kind_is_told_with_what_it_is_of(asked):
    came(asked, nps=NPS, mood=(0, 1, 1, 2, 4), next=(9, 7))
    told = shown(asked)
    for line in (
        "How likely are you to recommend “Walkers” to a friend? NPS +25 16/40 40%",
        "promoters, 9 and 10: 8/16 50%",
        "passives, 7 and 8: 4/16 25%",
        "detractors, 0 to 6: 4/16 25%",
        "Asked on 2026-03-01, told on 2026-03-04.",
        "How was it? 4.1 8/40 20%",
        "1: 0/8 0% · 2: 1/8 13% · 3: 1/8 13% · 4: 2/8 25% · 5: 4/8 50%",
        "What next? 16/40 40%",
        "Du Fu: 9/16 56%",
        "Li Bai: 7/16 44%",
        "Net promoter score: the share of 9 and 10 less the share of 0 to 6, from -100 to +100.",
    ):
        assert line in told


def test_in_chinese(asked):
    came(asked, nps=NPS, next=(9, 7))
    told = shown(asked, "zh")
    for line in (
        "推荐者（9–10）：8/16 50%",
        "中立者（7–8）：4/16 25%",
        "贬损者（0–6）：4/16 25%",
        "杜甫：9/16 56%",
        "李白：7/16 44%",
        "还没有结果：改成现在这样后还没问过，或者回答的不到 6 人。",
    ):
        assert line in told


def test_of_fewer_than_are_enough_now_nothing_is_told(asked, tmp_path):
    came(asked, mood=(1, 0, 0, 0, 4))
    told = run(asked, "--group", "walks", "--to", "2026-04-02", "--json", str(tmp_path / "m.json"))
    assert "How was it? – –" in lines(told.stdout)
    assert "5: 4/5" not in told.stdout
    (one,) = json.loads((tmp_path / "m.json").read_text())["groups"]
    assert [each["came"] for each in one["surveys"]] == [None, None, None]


def test_what_was_asked_before_its_answers_were_changed_is_not_told(asked):
    came(asked, nps=NPS)
    text = SURVEYS.replace("nps: {}", "nps: {kind: scale, ask: How was it?}")
    (asked / "communities/walkers.yaml").write_text(text, encoding="utf-8")
    assert not any("NPS" in line for line in shown(asked))


def test_a_group_without_surveys_reads_nothing_of_them(home):
    lives(home, 60)
    assert "Surveys" not in " ".join(shown(home))


def test_as_json(asked, tmp_path):
    came(asked, nps=NPS, mood=(0, 1, 1, 2, 4), next=(9, 7))
    run(asked, "--group", "walks", "--to", "2026-04-02", "--json", str(tmp_path / "m.json"))
    told = json.loads((tmp_path / "m.json").read_text())
    nps, mood, next_ = told["groups"][0]["surveys"]
    assert (nps["survey"], nps["kind"], nps["least"]) == ("nps", "nps", 5)
    assert nps["came"] == {
        "asked": "2026-03-01",
        "told": "2026-03-04",
        "answered": 16,
        "could": 40,
        "counts": {str(n): count for n, count in enumerate(NPS)},
        "nps": 25,
        "promoters": 8,
        "passives": 4,
        "detractors": 4,
        "margin": 30,
        "mean": None,
    }
    assert (mood["came"]["mean"], mood["came"]["nps"]) == (4.1, None)
    assert next_["came"]["counts"] == {"Du Fu": 9, "Li Bai": 7}
