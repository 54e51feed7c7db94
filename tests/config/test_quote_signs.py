"""Quotation marks of a Chinese keyboard are letters of a listed word: that is told with the word as it was meant."""

from __future__ import annotations

import pytest

from tests.config.test_probably_meant import line, told

RULE = "rules: [{id: r, when: message, words: ads, then: delete}]\n"


@pytest.mark.parametrize(
    ("body", "at", "marks", "word"),
    [
        ("check_ins: {m: {keywords: [“打卡”, 签到]}}\n", "8:28: check_ins.m.keywords[0]", "“”", "打卡"),
        ("check_ins: {m: {late: {keyword: 「补卡」}}}\n", "8:33: check_ins.m.late.keyword", "「」", "补卡"),
        (f"lists: {{ads: [代购, ‘刷单’]}}\n{RULE}", "8:19: lists.ads[1]", "‘’", "刷单"),
        ("rules: [{id: r, when: join, then: [tag: “新人”]}]\n", "8:41: rules[0].then[0].tag", "“”", "新人"),
        (
            "ambassadors: {koc: {name: KOC, tasks: {share: {say: “安利”}}}}\n",
            "8:53: ambassadors.koc.tasks.share.say", "“”", "安利",
        ),
    ],
    ids=["a keyword", "a lone word", "a list", "a tag", "a task"],
)  # fmt: skip
def test_marks_around_a_word_are_warned_of(tmp_path, body, at, marks, word):
    (warning,) = told(tmp_path, body)
    assert (warning.weight, warning.guess) == ("warning", f"`{word}`")
    assert line(warning).startswith(f"{at}: `{marks}` are letters of this word to YAML, and only who writes them, too,")
    assert f"`{marks}` 在 YAML 里是这个词的一部分，连它一起写才算" in line(warning, "zh")


def test_so_are_those_in_a_file_of_words(tmp_path):
    (tmp_path / "words.txt").write_text("加群领奖\n“刷单”\n", encoding="utf-8")
    (warning,) = told(tmp_path, f"lists: {{ads: !file words.txt}}\n{RULE}")
    assert str(warning).startswith("words.txt:2:1: lists.ads: `“”` are letters of this word")
    assert str(warning).endswith("leave them out")


@pytest.mark.parametrize(
    "body",
    [
        f'lists: {{ads: ["“刷单”", 代购]}}\n{RULE}',
        f"lists: {{ads: [“刷单”和“代购”, “刷单]}}\n{RULE}",
        "faq: {a: {ask: [“会费”], answer: 不收费。}}\n",
        "content: {verse: {at: 20:00, rotate: [“山高月小”]}}\n",
    ],
    ids=["in plain quotes", "not around the word", "a question, heard without them", "a text"],
)
def test_what_may_have_them_passes(tmp_path, body):
    assert told(tmp_path, body) == []
