"""Keys at the wrong depth are told where they belong, in both languages."""

from __future__ import annotations

import pytest

from tests.config.test_probably_meant import HEAD, line, told

DAYS = "check_ins:\n  m:\n    keywords: [x]\n"


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (DAYS + "    tiers:\n      seed: {name: S, from: 0}\n", HEAD),
        (DAYS + "    onboarding:\n      welcome: hi\n", HEAD),
        ("", HEAD + "  quiet_hours: 23:00-07:00\n"),
        ("", HEAD + "  rules:\n    - {id: a, when: message, then: [delete]}\n"),
    ],
)
def test_a_section_that_is_indented_is_sent_to_the_margin(tmp_path, body, head):
    (problem,) = told(tmp_path, body, head)
    key = problem.path[-1]
    assert problem.guess == ""
    assert line(problem).endswith(
        f"`{key}` is a section of its own: it begins at the left margin, without spaces before it"
    )
    assert line(problem, "zh").endswith(f"`{key}` 是单独的章节：要顶格写，前面不留空格")


def test_what_reads_like_a_slip_of_a_key_is_still_guessed(tmp_path):
    (problem,) = told(tmp_path, "", HEAD + "  rules: be kind\n")
    assert problem.guess == "`house_rules`"


@pytest.mark.parametrize(
    ("body", "place", "en", "zh"),
    [
        (
            DAYS + "    freezes: {per_month: 2}\n",
            "11:5: check_ins.m.freezes",
            "`freezes` belongs one level further in, under `streak:`",
            "`freezes` 应往里进一层，写在 `streak:` 下面",
        ),
        (
            "onboarding:\n  questions:\n    - {id: a, ask: b}\n",
            "9:3: onboarding.questions",
            "`questions` belongs one level further in, under `entry:`",
            "`questions` 应往里进一层，写在 `entry:` 下面",
        ),
        (
            DAYS + "    proof: {min_chars: 9, points: 3}\n",
            "11:27: check_ins.m.proof.points",
            "`points` belongs one level further out, in line with `proof`",
            "`points` 应往外退一层，和 `proof` 对齐",
        ),
        (
            DAYS + "late: {within: 2d}\n",
            "11:1: late",
            "`late` belongs into `check_ins` above: indent it as its neighbours there",
            "`late` 是上面 `check_ins` 里的键：请和那里的键一样缩进",
        ),
    ],
)
def test_a_key_a_level_off_is_told_where_it_belongs(tmp_path, body, place, en, zh):
    (problem,) = told(tmp_path, body)
    assert line(problem) == f"{place}: {en}"
    assert line(problem, "zh") == f"{place}: {zh}"


def test_a_section_that_belongs_nowhere_is_told_all_there_are(tmp_path):
    (problem,) = told(tmp_path, DAYS + "weather: sunny\n")
    assert "found the unknown section `weather`, wanted version, community" in line(problem)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("check_ins:\n  keywords: [x]\n  points: 5\n  streak: {bonus: {7: 1}}\n", "9:3: check_ins.keywords"),
        ("ambassadors:\n  discover: member.points > 300\n  tag: koc\n", "9:3: ambassadors.discover"),
        ("digests:\n  at: 21:00\n  to: room\n  sections: [activity]\n", "9:3: digests.at"),
        ("faq:\n  ask: a\n  answer: b\n", "9:3: faq.ask"),
    ],
)
def test_a_name_that_is_left_out_is_told_once(tmp_path, body, place):
    (problem,) = told(tmp_path, body)
    key = problem.path[-1]
    en = f"`{key}` stands where a name of your own belongs: write one, like `main:`, and the keys further in below it"
    assert line(problem) == f"{place}: {en}"
    zh = f"`{key}` 这里应先写一个自己起的名字，例如 `main:`，再把这些键缩进写在它下面"
    assert line(problem, "zh") == f"{place}: {zh}"


def test_other_mistakes_beside_a_name_that_is_left_out_are_told_too(tmp_path):
    found = told(tmp_path, "digests:\n  at: 21:00\n  weekly: {at: noon, to: room, sections: [activity]}\n")
    assert [str(problem.path[-1]) for problem in found] == ["at", "at"]
    assert found[1].path == ("digests", "weekly", "at")


def test_a_list_where_names_are_wanted_is_told_so(tmp_path):
    (problem,) = told(tmp_path, "faq:\n  - ask: a\n    answer: b\n")
    assert line(problem).endswith("wanted a name of your own for each, like `main:`, with its keys below, and no `-`")
    assert line(problem, "zh").endswith("应为每一个先写自己起的名字，例如 `main:`，键写在它下面，不写 `-`")


def test_names_where_a_list_is_wanted_are_told_so(tmp_path):
    (problem,) = told(tmp_path, "rules:\n  a:\n    when: message\n    then: [delete]\n")
    assert line(problem).endswith("found a mapping of 1, wanted a list, each entry of which begins with `-`")
    assert line(problem, "zh").endswith("写的是有 1 个键的映射，应为一个列表，每一项以 `-` 开头")
