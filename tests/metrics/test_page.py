"""The page of `yaji metrics` has what the JSON has, in both languages; nothing of members, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import open_store
from core.people import NOBODY
from core.ports import RecordAt, Writes
from jobs.metrics import words
from jobs.metrics.parts import Voice
from tests.metrics.history import PEOPLE, happens, made
from tests.metrics.test_command import home, lives, run
from workflows.content import POSTED, Posted
from workflows.survey_book import RESULTS, Result, Results
from workflows.survey_options import Survey
from workflows.survey_results import margin, nps

__all__ = ["home"]

ODD = """
community: {name: {en: 'Tea & <Poems> "at home"', zh: '茶 & <诗> “会”'}, timezone: Europe/Berlin, languages: [en, zh],
            groups: {g: {}, quiet: {}}, admins: [telegram:1]}
"""
EVERYTHING = (
    ODD
    + """
check_ins: {daily: {keywords: [in]}}
onboarding: {welcome: hello}
referrals: {}
conversions: {trial: {name: {en: '<b>Trial</b> & more', zh: '<b>试用</b> & 其他'}}, order: {once: false}}
tiers: {seed: {from: 0}, oak: {name: {en: 'The "<Oak>"', zh: '“<橡树>”'}, from: 10}, pine: {from: 20}}
content: {tea: {at: 08:00, text: Tea}, sale: {at: 20:00, text: Sale, promotional: true}}
surveys:
  nps: {}
  mood: {kind: scale, ask: {en: How was it?, zh: 过得怎么样？}}
  next:
    kind: choices
    ask: {en: What next?, zh: 接下来读什么？}
    choices: [{en: Du & Fu, zh: 杜甫}, {en: <Li>, zh: 李白}]
"""
)
CHOICES = [{"en": "Du & Fu", "zh": "杜甫"}, {"en": "<Li>", "zh": "李白"}]
TO = "2026-05-24"
NPS = (0, 1, 0, 0, 0, 0, 3, 2, 2, 3, 5)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose group `g` has everything, and four months behind it; its group `quiet` has had nobody."""
    return filled(tmp_path_factory.mktemp("full") / "H")


def filled(home: Path) -> Path:
    (home / "communities").mkdir(parents=True)
    (home / "data").mkdir()
    (home / "yaji.yaml").write_text("{}\n")
    (home / "communities/tea.yaml").write_text(EVERYTHING, encoding="utf-8")
    store = open_store(f"sqlite:///{home / 'data/yaji.sqlite3'}", durable=False)
    happens(store, made(3))
    shape = Survey.model_validate({"kind": "choices", "ask": "?", "choices": CHOICES}).shape
    counts = {"nps": ("nps", NPS), "mood": ("scale", (0, 1, 1, 2, 4)), "next": (shape, (9, 7))}
    told = {
        id_: Result(day=date(2026, 3, 1), shape=shape, counts=each, could=40, told=date(2026, 3, 4))
        for id_, (shape, each) in counts.items()
    }
    posted = Posted(last={"tea": date(2026, 5, 24)}, waiting=("sale",))
    with store.unit() as unit:
        unit.lock(["g"])
        unit.save(
            Writes(
                records={
                    RecordAt("g", NOBODY, RESULTS.name): Results(told),
                    RecordAt("g", NOBODY, POSTED.name): posted,
                }
            )
        )
        unit.commit()
    store.close()
    return home


def written(home: Path, tmp_path: Path, *more: str, lang: str = "en") -> tuple[str, list[dict[str, Any]]]:
    """The page and what the JSON of the same command has."""
    files = tmp_path / f"{lang}.html", tmp_path / f"{lang}.json"
    told = run(home, "--to", TO, "--html", str(files[0]), "--json", str(files[1]), *more, lang=lang)
    assert told.exit_code == 0, told.output
    return files[0].read_text(encoding="utf-8"), json.loads(files[1].read_text(encoding="utf-8"))["groups"]


def seen(html: str) -> str:
    """What can be read on a page, on one line."""
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def rows(html: str) -> list[str]:
    """Each row of a table, as it can be read."""
    return [seen(row) for row in re.findall(r"<tr.*?</tr>", html, flags=re.DOTALL)]


def section(html: str, key: str) -> str:
    """A section of the first group."""
    return html.partition(f'<section id="g1-{key}"')[2].partition("</section>")[0]


def test_the_numbers_are_those_of_the_json(full, tmp_path):
    html, (one,) = written(full, tmp_path, "--group", "g")
    told, now, before = rows(html), one["activity"], one["activity_before"]
    assert any(line.startswith(f"active a day {now['per_day']:.1f} {before['per_day']:.1f}") for line in told)
    assert any(line.startswith(f"active in the last 7 days {now['week']} {before['week']}") for line in told)
    assert any(line.startswith(f"active in the last 30 days {now['month']} {before['month']}") for line in told)
    assert any(line.startswith(f"messages {now['messages']} {before['messages']}") for line in told)
    for name, count in one["classes"]["now"].items():
        assert any(line.startswith(f"{name} {count} {one['classes']['before'][name]}") for line in told), name
    for key in ("points_given", "points_taken"):
        given = f"{words.GIVEN.en if key == 'points_given' else words.TAKEN.en} {one['totals'][key]}"
        assert any(line.startswith(f"{given} {one['totals'][f'{key}_before']}") for line in told)
    weeks = rows(section(html, "retention"))[1:]
    for week, row in zip(one["weeks"], weeks, strict=True):
        cells = [week[key] for key in ("started", "returned", "remained", "left")]
        assert row.startswith(week["first"][5:])
        assert all(cell is None or f" {cell}/{week['joined']}" in row for cell in cells if week["joined"])
    for day in one["daily"]:
        assert f"{day['day']} {day['active']} {day['messages']}" in told
    for each in one["totals"]["conversions"]:
        assert any(f" {each['times']} {each['before']}" in line for line in told)
    assert "tea 2026-05-24" in told
    assert "sale – over budget, waits" in told
    assert f"±{one['surveys'][0]['came']['margin']}, answered by 16/40 40%" in seen(html)
    assert "NPS +25 16/40 40%" in " ".join(told)


def test_each_number_says_how_it_is_counted_in_the_words_of_the_terminal(full, tmp_path):
    for lang, at in (("en", 0), ("zh", 1)):
        text = seen(written(full, tmp_path, "--group", "g", lang=lang)[0]).replace(" ", "")
        for key in ("per_day", "week", "ratio", "there", "messages", "half", "started", "returned", "remained", "left"):
            assert words.DEFINITIONS[key][at].replace(" ", "") in text, key
        for key in (
            "conversions",
            "viral",
            "checked_in",
            "points_given",
            "warnings",
            "tiers",
            "nps",
            "margin",
            "content",
        ):
            assert words.DEFINITIONS[key][at].replace(" ", "") in text, key


def test_what_is_too_early_to_tell_is_no_zero(full, tmp_path):
    html, (one,) = written(full, tmp_path, "--group", "g")
    weeks = list(zip(one["weeks"], rows(section(html, "retention"))[1:], strict=True))
    assert [row.count("too early") for week, row in weeks if week["joined"]] == [
        sum(week[key] is None for key in ("started", "returned", "remained")) for week, _ in weeks if week["joined"]
    ]
    assert any("too early" in row for _, row in weeks)


def test_a_bar_is_called_by_what_it_is_of(full, tmp_path):
    html, (one,) = written(full, tmp_path, "--group", "g")
    assert f"<title>core {one['classes']['now']['core']}</title>" in html


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_names_of_the_operator_are_escaped_and_nobody_else_is_named(full, tmp_path, lang):
    html, _ = written(full, tmp_path, lang=lang)
    for raw in ("<Poems>", "<诗>", "<b>Trial", "<b>试用", "<Oak>", "<橡树>", "<Li>"):
        assert raw not in html
    assert "&lt;b&gt;" in html
    assert ("Tea &amp; &lt;Poems&gt; &#34;at home&#34;" if lang == "en" else "茶 &amp; &lt;诗&gt;") in html
    assert not [who.name for who in PEOPLE if re.search(rf"\b{who.name}\b", seen(html))]
    assert "telegram:" not in html


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_fetched_from_elsewhere(full, tmp_path, lang):
    html, _ = written(full, tmp_path, lang=lang)
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|src\s*=|https?:|//[a-z]", html)
    assert {href[0] for href in re.findall(r'href="([^"]*)"', html)} == {"#"}
    targets = set(re.findall(r'href="#([^"]*)"', html))
    assert targets <= set(re.findall(r' id="([^"]*)"', html))
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}">' in html
    assert html.count("<svg") == html.count('role="img" aria-label="') == 9


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("check_ins:", "conversions:", "referrals:", "tiers:", "surveys: {nps: {}}", "content:")),
        (
            "zh",
            (
                "这个群没有打卡",
                "这个群没有记转化",
                "这个群没有开邀请",
                "这个群没有等级",
                "这个群没有调查",
                "没有发过积分",
            ),
        ),
    ],
)
def test_what_a_group_does_not_run_is_told_with_what_would_begin_it(home, tmp_path, lang, said):
    lives(home, 60)
    html, _ = written(home, tmp_path, "--group", "walks", "--from", "2026-03-04", "--to", "2026-04-02", lang=lang)
    for each in said:
        assert each in seen(html)
    assert html.count('class="idle"') == 6


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Nobody has been active in this group yet"), ("zh", "没看到这个群有人说过话、点过表情或打过卡")],
)
def test_a_group_without_a_past(full, tmp_path, lang, said):
    html, (one,) = written(full, tmp_path, "--group", "quiet", lang=lang)
    assert one["activity"] is None
    assert said in seen(html)
    assert "tiles" not in html.partition("</style>")[2]


def test_several_groups_stand_one_after_another(full, tmp_path):
    html, told = written(full, tmp_path)
    assert [one["group"] for one in told] == ["g", "quiet"]
    assert re.findall(r'<article id="([^"]*)"', html) == ["g1", "g2", "g3"]
    assert "<nav>" in html
    assert "<nav>" not in written(full, tmp_path, "--group", "g")[0]


def test_a_page_takes_the_place_of_the_last_one_and_says_so(full, tmp_path):
    page = tmp_path / "p.html"
    assert run(full, "--group", "quiet", "--html", str(page)).stderr == ""
    assert run(full, "--group", "quiet", "--html", str(page)).stderr == f"{page}: replaced\n"


def test_how_numbers_went_is_told_in_percent_only_of_enough():
    voice = Voice("en")
    assert [voice.change(*pair) for pair in ((12, 10), (10, 12), (5, 5), (4, 2), (1.5, 2.0), (None, 3), (3, None))] == [
        *("+20%", "−17%", "±0%", "+2", "−0.5", "", ""),
    ]
    assert voice.moved((30, 100), (40, 100)) == "−10 pts"
    assert Voice("zh").moved((30, 100), (20, 100)) == "+10 个百分点"
    assert voice.moved((1, 3), (40, 100)) == ""


@pytest.mark.parametrize(
    ("lang", "said", "name"),
    [
        ("en", "Each bar is the mean of 2 days.", "active members by day"),
        ("zh", "每一条是 2 天的平均。", "每日活跃成员"),
    ],
)
def test_of_more_days_than_bars_a_bar_is_a_mean_for_people_of_two_days_are_no_more_people(
    home, tmp_path, lang, said, name
):
    lives(home, 130)
    more = ("--group", "walks", "--from", "2026-02-02", "--to", "2026-06-11")
    html, (one,) = written(home, tmp_path, *more, lang=lang)
    assert len(one["daily"]) == 130
    assert seen(html).count(said) == 2
    assert f"2026-02-02 – 2026-02-03 · {name} 5<" in html
    assert f"{name} 10<" not in html


@pytest.mark.parametrize(
    ("counts", "could", "expected"),
    [(NPS, 40, 30), (NPS, 16, 0), ((0,) * 10 + (5,), 40, 46), (tuple(10 * n for n in NPS), 400, 10)],
    ids=["of forty", "everybody answered", "all of one mind", "ten times as many"],
)
def test_the_margin_shrinks_with_answers_and_is_none_of_all(counts, could, expected):
    assert margin(nps(counts), could) == expected
