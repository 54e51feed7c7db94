"""Homes whose tests cannot be run: exit status 2, each problem with its place."""

# ruff: noqa: E501  (the lines are what is printed)

from __future__ import annotations

import pytest

from config.home import look
from tests.rehearse.homes import CAMP, home, one, rehearse

REFUSED = {
    "an unknown member acts": (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小汪, text: 早}]\n",
        "tests/camp.yaml:6:29: tests[0].events[0].from: found `小汪`, wanted one of `members`: 小王",
    ),
    "an unknown member is mentioned": (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小王, mentions: [小李]}]\n",
        "tests/camp.yaml:6:44: tests[0].events[0].mentions[0]: found `小李`, wanted one of `members`: 小王",
    ),
    "an unknown member is expected": (
        "    members: {Anna: {}}\n    expect_members: {Ana: {points: 1}}\n",
        "tests/camp.yaml:6:27: tests[0].expect_members.Ana: found `Ana`, wanted one of `members`: Anna (did you mean `Anna`?)",
    ),
    "an unknown rule": (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小王}]\n    expect: [{event: 0, rule: ad-word}]\n",
        "tests/camp.yaml:7:31: tests[0].expect[0].rule: found `ad-word`, wanted what can decide: newcomer-links, ad-words, "
        "thanks, likes, welcome-back, flood, morning, seed, sprout, tree, onboarding, check_in, rules, tiers, none (did you mean `ad-words`?)",
    ),
    "an unknown tier": (
        "    members: {小王: {tier: tre}}\n",
        "tests/camp.yaml:5:26: tests[0].members.小王.tier: found `tre`, wanted a tier: seed, sprout, tree (did you mean `tree`?)",
    ),
    "an unknown tier is expected": (
        "    members: {小王: {}}\n    expect_members: {小王: {tier: gold}}\n",
        "tests/camp.yaml:6:33: tests[0].expect_members.小王.tier: found `gold`, wanted a tier: seed, sprout, tree, none",
    ),
    "an unknown group": (
        "    group: cam\n    members: {}\n",
        "tests/camp.yaml:5:12: tests[0].group: found `cam`, wanted a group of the community: camp, hall (did you mean `camp`?)",
    ),
    "an event that is not there": (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小王}]\n    expect: [{event: 1, rule: none}]\n",
        "tests/camp.yaml:7:22: tests[0].expect[0].event: found `1`, wanted a position from 0 to 0",
    ),
    "a time of an event that is not there": (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小王}]\n    expect: [{event: 0, nth: 2, rule: none}]\n",
        "tests/camp.yaml:7:30: tests[0].expect[0].nth: found `2`, wanted at most 1",
    ),
    "an answer to what comes later": (
        "    members: {小王: {}}\n    events: [{at: 5s, from: 小王}, {at: 0s, from: 小王, reply_to: 0}]\n",
        "tests/camp.yaml:6:63: tests[0].events[1].reply_to: found `0`, wanted the position of an earlier message, from 0",
    ),
    "an edit of nothing": (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小王, does: edit}]\n",
        "tests/camp.yaml:6:14: tests[0].events[0]: `does: edit` needs `of:`, the position of the event whose message it is about",
    ),
    "neither event nor time": (
        "    members: {小王: {}}\n    expect: [{rule: none}]\n",
        "tests/camp.yaml:6:14: tests[0].expect[0]: write `event:` with its position, or `at:` with a time since the start",
    ),
    "nothing expected": (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小王}]\n    expect: [{event: 0}]\n",
        "tests/camp.yaml:7:14: tests[0].expect[0]: nothing is expected here; write `rule:`, `then:`, `says:` or `tells_admins:`",
    ),
}


@pytest.mark.parametrize(("body", "line"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path, body, line):
    deployment, told = look(one(tmp_path, body))
    assert deployment is None
    assert line in [str(problem) for problem in told if problem.weight == "problem"]


def test_a_broken_home_is_told_as_by_check(tmp_path, capsys):
    body = "    members: {小王: {}}\n    events: [{at: 0s, form: 小王}]\n"
    assert rehearse(one(tmp_path, body), capsys) == (
        2,
        f"""\
Problems (2): to be mended before it can run
  tests/camp.yaml:6:14: tests[0].events[0]: found no `from`, wanted `from:` (the member who does it)
  tests/camp.yaml:6:23: tests[0].events[0].form: found the unknown key `form`, wanted a key that is known here (did you mean `from`?)

{tmp_path} cannot be used yet.""",
    )


def test_a_broken_community_says_nothing_about_the_names_of_its_tests(tmp_path):
    tests = "  - {name: a, start: 2026-03-02T07:00:00+08:00, members: {小王: {tier: seed}}}\n"
    _, told = look(home(tmp_path, tests, CAMP.replace("from: 0}", "form: 0}")))
    assert {problem.place.file for problem in told if problem.weight == "problem"} == {"communities/camp.yaml"}


def test_no_test_of_that_name(tmp_path, capsys):
    assert rehearse(one(tmp_path, "    members: {}\n"), capsys, only="other") == (
        2,
        """\
No test has "other" in its name. The home has 1:
  claim""",
    )


def test_a_home_without_tests_says_so(tmp_path, capsys):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "camp.yaml").write_text(CAMP, encoding="utf-8")
    status, printed = rehearse(tmp_path, capsys, lang="zh")
    assert (status, printed) == (0, f"{tmp_path} 还没有测试。写在 tests/*.yaml 里，写法见 docs/testing.zh.md。")
