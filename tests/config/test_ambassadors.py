"""Ambassadors that cannot be meant: told at their place, with what is missing."""

# ruff: noqa: E501  (the lines are what is printed)

from __future__ import annotations

import pytest

from tests.config.test_home import home, said

KOC = "ambassadors: {koc: {name: K, "
THANKS = "rules: [{id: t, when: message, then: [thank]}]\n"


@pytest.mark.parametrize(
    ("sections", "lines"),
    [
        pytest.param(
            KOC + "discover: member.helped_30d >= 5}}\n",
            [
                "8:40: ambassadors.koc.discover: nobody is ever found by `member.helped_30d`: nothing counts who thanked whom; write a rule with `thank`, or `questions:`"
            ],
            id="nobody is thanked",
        ),
        pytest.param(KOC + "discover: member.helped_30d >= 5}}\n" + THANKS, [], id="a rule thanks"),
        pytest.param(
            KOC + "discover: member.helped_30d >= 5}}\nquestions: {award: auto}\n", [], id="answers are rewarded"
        ),
        pytest.param(
            KOC + "discover: member.helped_30d >= 5}}\nquestions: {award: off}\n",
            [
                "8:40: ambassadors.koc.discover: nobody is ever found by `member.helped_30d`: nothing counts who thanked whom; write a rule with `thank`, or `questions:`"
            ],
            id="answers are not",
        ),
        pytest.param(
            KOC + "discover: member.invited >= 3 && member.streak > 2}}\n",
            [
                "8:40: ambassadors.koc.discover: nobody is ever found by `member.invited`: `referrals:` is not written",
                "8:40: ambassadors.koc.discover: nobody is ever found by `member.streak`: `check_ins:` is not written",
            ],
            id="sections that are not there",
        ),
        pytest.param(
            KOC + "tag: old}}\ntiers: {a: {from: 5, on_reach: [{tag: old}]}}\n",
            [
                "8:35: ambassadors.koc.tag: others get the tag `old`, too; nobody can tell by it who is one, so take another word"
            ],
            id="a tier gives the tag",
        ),
        pytest.param(
            KOC + "tasks: {a: {say: [打卡]}, b: {say: 打卡}}}}\ncheck_ins: {m: {}}\n",
            [
                "8:47: ambassadors.koc.tasks.a.say: `打卡` checks in as well; take another word",
                "8:63: ambassadors.koc.tasks.b.say: `打卡` checks in as well; take another word",
                "8:63: ambassadors.koc.tasks.b.say: `打卡` is the word of `a`, too, and one message counts for both",
            ],
            id="words of something else",
        ),
        pytest.param(
            KOC + "tag: trusted}}\n",
            [
                "8:35: ambassadors.koc.tag: others get the tag `trusted`, too; nobody can tell by it who is one, so take another word"
            ],
            id="admins give the tag",
        ),
        pytest.param(
            KOC + "tag: koc}}\ntiers: {a: {from: 5, if: 'member.tags.exists(t, t == \"koc\")'}}\n",
            [],
            id="the tag is known to conditions",
        ),
    ],
)
def test_what_is_probably_not_meant_is_a_warning(tmp_path, sections, lines):
    assert said(home(tmp_path, sections=sections), "warning") == [f"communities/a.yaml:{line}" for line in lines]


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            KOC + "discover: member.active_days_7d >= 8}}\n",
            "8:40: ambassadors.koc.discover: found `member.active_days_7d >= 8`: nobody can ever be found by this: member.active_days_7d would have to be at least 8 and at most 7",
            id="more days than there are",
        ),
        pytest.param(
            KOC + "tag: x}, kol: {name: L, tag: x}}\n",
            "8:59: ambassadors.kol.tag: `x` is the tag of another kind already, and would be taken from who is one of the two no longer",
            id="one tag of two kinds",
        ),
        pytest.param(
            KOC + "tasks: {a: {say: '#a', per: day, times: 5, cooldown: 6h}}}}\n",
            "8:70: ambassadors.koc.tasks.a.times: with this `cooldown` nobody can do it 5 times in a day; make one of them smaller",
            id="more often than there is time for",
        ),
    ],
)
def test_what_can_never_be_is_a_problem(tmp_path, sections, line):
    assert said(home(tmp_path, sections=sections), "problem") == [f"communities/a.yaml:{line}"]


def test_a_section_in_chinese_is_guessed(tmp_path):
    [line] = said(home(tmp_path, sections="达人: {koc: {name: K}}\n"), "problem")
    assert "`ambassadors`" in line
