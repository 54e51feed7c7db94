"""Posts by the clock on a history: how often each would have gone out, what the budget would have held back, and what
another budget would do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulate.homes import home
from tests.simulate.test_against import compared
from tests.simulate.test_simulate import ANN, history, report, run, said

BODY = """
content:
  verse: {{at: 12:00, rotate: [one, two]}}
  tea: {{at: 15:00, days: sun, picture: images/tea.png, text: {{en: Tea, zh: 茶}}}}
  shown: {{at: 15:30, days: sun, picture: "images/${{cup}}.png"}}
  course: {{at: 20:00, text: {{en: Course, zh: 课}}, promotional: true}}
marketing_budget: {{{budget}}}
"""


@pytest.fixture
def chat(tmp_path):
    return history(tmp_path / "history.jsonl", *(said(day, day, ANN, f"hello {day}") for day in range(1, 15)))


def _posts(told: dict[str, Any]) -> dict[str, tuple[int, int, bool]]:
    return {each["post"]: (each["posted"], each["waited"], each["waits"]) for each in told["posts"]}


def test_each_is_posted_as_it_would_have_been(tmp_path, chat):
    told = report(tmp_path, chat, BODY.format(budget="promotional_per_week: 2"))
    assert _posts(told) == {
        "verse": (13, 0, False),
        "tea": (2, 0, False),
        "shown": (2, 0, False),
        "course": (4, 9, True),
    }
    words = [each["words"] for each in told["timers"]["examples"] if each["workflow"] == "content"]
    assert "[images/tea.png] Tea" in words
    assert "[images/${cup}.png]" in words


@pytest.mark.parametrize(("share", "posted"), [("10%", 0), ("20%", 2)])
def test_a_share_is_of_the_messages_of_the_history(tmp_path, chat, share, posted):
    course = _posts(report(tmp_path, chat, BODY.format(budget=f"share: {share}")))["course"]
    assert course == (posted, 13 - posted, True)


@pytest.mark.parametrize(
    ("lang", "columns"),
    [
        ("en", "Posts by the clock Post Posted Days held back by the budget Waits at the end"),
        ("zh", "定时内容 内容 发出 因额度没发（天） 最后还在等"),
    ],
)
def test_the_terminal_and_the_page_tell_it(tmp_path, chat, lang, columns):
    page = tmp_path / "r.html"
    body = BODY.format(budget="promotional_per_week: 2")
    result = run(chat, "--home", home(tmp_path / "home", body), "--lang", lang, "--html", page)
    assert result.exit_code == 0, result.output
    assert "".join(columns.split()) in "".join(result.output.split())
    assert "course4" + "9" + ("yes" if lang == "en" else "是") in "".join(result.output.split())
    assert '<td>course</td><td class="n">4</td><td class="n">9</td>' in page.read_text(encoding="utf-8")


def test_another_budget_is_compared(tmp_path, chat):
    before, after = (BODY.format(budget=f"promotional_per_week: {most}") for most in (1, 2))
    output, told = compared(tmp_path, chat, before, after, "--lang", "en")
    assert "posts by the clock · messages said  2 more" in output
    assert told["against"]["unshown"] == []
    (posts,) = (each for each in told["against"]["answers"] if (each["workflow"], each["kind"]) == ("content", "Say"))
    assert (posts["gained"], posts["lost"]) == (2, 0)


def test_a_post_for_another_group_is_none_of_this_one(tmp_path, chat):
    folder = home(tmp_path / "home", "content:\n  hall: {at: 12:00, to: hall, text: x}\n  both: {at: 12:00, text: x}\n")
    file = folder / "communities" / "room.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("{room: {}}", "{room: {}, hall: {}}"), encoding="utf-8")
    where = tmp_path / "report.json"
    result = run(chat, "--home", folder, "--group", "room", "--json", where)
    assert result.exit_code == 0, result.output
    assert list(_posts(json.loads(where.read_text(encoding="utf-8")))) == ["both"]
