"""A text that goes on behind a `#` without a space is warned of, in both languages; remarks are left alone."""

from __future__ import annotations

import pytest

from tests.config.test_probably_meant import line, told

FAQ = "faq:\n  a:\n    ask: [x]\n    answer: "


@pytest.mark.parametrize(
    ("body", "place", "rest", "guess"),
    [
        (f"{FAQ}请看 #置顶# 的帖子\n", "11:16: faq.a.answer", "#置顶# 的帖子", '`"请看 #置顶# 的帖子"`'),
        (
            f"{FAQ}\n      zh: 早\n      en: good  #morning \n",
            "13:17: faq.a.answer.en",
            "#morning",
            '`"good  #morning"`',
        ),
        (f'{FAQ}say "hi" #here\n', "11:22: faq.a.answer", "#here", ""),
        (
            "rules:\n  - id: a\n    when: join\n    then:\n      - say: hi #all\n",
            "12:17: rules[0].then[0].say",
            "#all",
            '`"hi #all"`',
        ),
    ],
)
def test_a_text_that_a_comment_cuts_short_is_warned_of_at_the_sign(tmp_path, body, place, rest, guess):
    (warning,) = told(tmp_path, body)
    assert (warning.weight, warning.guess) == ("warning", guess)
    en = f"{place}: `{rest}` is a comment to YAML, and nobody reads it: put the whole text in quotes, or a space behind"
    assert line(warning).startswith(en)
    assert f"{place}: `{rest}` 在 YAML 里是注释，谁也看不到：整段文字加上引号" in line(warning, "zh")


@pytest.mark.parametrize(
    "body",
    [
        f"{FAQ}请看置顶 # 以后再改\n",
        f"{FAQ}请看#置顶\n",
        f'{FAQ}"请看 #置顶" #不变\n',
        f"{FAQ}|\n      请看 #置顶\n",
        f"{FAQ}hi ## later\n",
        "check_ins:\n  m:\n    window: 05:30-09:00 #早\n    keywords: [a] #一个\n",
        "rules:\n  - id: a\n    when: message\n    if: msg.edited #once\n    then: [delete]\n",
    ],
)
def test_remarks_and_texts_that_are_whole_pass(tmp_path, body):
    assert told(tmp_path, body) == []


def test_appeals_that_leave_no_time_are_a_problem(tmp_path):
    (problem,) = told(tmp_path, "appeals: {wait: 2d, within: 1d}\n")
    assert "appeals.within: nobody can appeal: `within` is over before `wait` is; make it longer" in line(problem)
    assert "谁都申诉不了：`wait` 还没到，`within` 就过了；请写长一点" in line(problem, "zh")
