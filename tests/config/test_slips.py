"""Slips in YAML are told on their own line, by what is wrong, in both languages."""

from __future__ import annotations

import pytest

from config.problems import Problem, Problems
from config.reading import read
from tests.config.test_probably_meant import line, told


def parsed(text: str) -> Problem:
    problems = Problems()
    read(text, "a.yaml", problems)
    (problem,) = problems
    return problem


DASH = (
    "found `-` without a space after it, wanted `- `, a dash and a space",
    "写的是后面没有空格的 `-`，应为 `- `，短横加空格",
)
COLON = (
    "found a colon without a space after it, wanted `: `, a colon and a space",
    "写的是后面没有空格的冒号，应为 `: `，冒号加空格",
)
NO_COLON = (
    "found a key without a colon after it, wanted `: ` after the key",
    "写的是后面没有冒号的键，应为键后面加 `: `",
)
HARD = ("found a no-break space, wanted a plain space", "写的是不换行空格，应为普通空格")
SIGN = (
    "found a sign that begins no item in YAML, wanted `- `, a dash and a space",
    "写的是 YAML 里不能用来列条目的符号，应为 `- `，短横加空格",
)
MERGE = (
    "found the mark of a merge that was not finished, wanted one of the two versions, without these marks",
    "写的是未完成的合并留下的标记，应为两个版本里的一个，不带这些标记",
)


@pytest.mark.parametrize(
    ("text", "place", "en", "zh"),
    [
        pytest.param("a:\n  -delete\n  - b: 1\n", (2, 3), *DASH, id="a dash before another item"),
        pytest.param("a:\n  - b: 1\n  -delete\n", (3, 3), *DASH, id="a dash after another item"),
        pytest.param("a:\n  -id: b\n    c: d\n", (2, 3), *DASH, id="a dash before a key"),
        pytest.param("a:\n  — id: b\n    c: d\n", (2, 3), *SIGN, id="a long dash"),
        pytest.param("a:\n  －id: b\n    c: d\n", (2, 3), *SIGN, id="a wide dash"),
        pytest.param("a:\n  w:05:30\n  b: 1\n", (2, 4), *COLON, id="a colon before a neighbour"),
        pytest.param("a:\n  b: 1\n  w:05:30\n", (3, 4), *COLON, id="a colon after a neighbour"),
        pytest.param("a\n  b:\n    c: 1\n", (1, 2), *NO_COLON, id="a section"),
        pytest.param("a: 1\nb\nc: 2\n", (2, 2), *NO_COLON, id="a key between two"),
        pytest.param("a:\n  b: 1\n  k [x, y]\n", (3, 4), *NO_COLON, id="a list without its colon"),
        pytest.param("a:\n  b: 1\n  w:\u00a02\n  c: 3\n", (3, 5), *HARD, id="after a colon"),
        pytest.param("a:\n  -\u00a0b: 1\n    c: 2\n", (2, 4), *HARD, id="after a dash"),
        pytest.param("a:\n  b: 1\n\u00a0\u00a0c: 2\n", (3, 1), *HARD, id="in the indentation"),
        pytest.param("a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> x\n", (2, 1), *MERGE, id="a merge"),
        pytest.param(
            "a:\n  b: ｛c: 1, d: 2｝\n",
            (2, 6),
            "found a wide bracket, which is a letter to YAML, wanted plain brackets, `[` `]` or `{` `}`",
            "写的是全角括号，YAML 当它是普通的字，应为半角括号 `[` `]` 或 `{` `}`",
            id="a mapping in wide braces",
        ),
        pytest.param(
            'a: "b" c\n',
            (1, 8),
            "found `c` after the end of the value, wanted the whole text in quotes, or nothing after them",
            "写的是值结束以后的 `c`，应为整段文字放进引号里，或者后面什么都不写",
            id="after a quote",
        ),
        pytest.param(
            'a: "b\\d"\n',
            (1, 6),
            "found the escape `\\d`, which there is not, wanted `\\\\` for one `\\`, or single quotes",
            "不存在的转义 `\\d`，应为用 `\\\\` 表示一个 `\\`，或者改用单引号",
            id="an escape",
        ),
        pytest.param(
            "a: 1\nb c\nd: 2\n",
            (2, 1),
            "found `b c`, a line without a colon, wanted `key: value`, or `- item`",
            "写的是 `b c`，这一行没有冒号，应为 `键: 值` 或 `- 条目`",
            id="a line of words",
        ),
        pytest.param(
            "a: b: c\n",
            (1, 5),
            "found `: ` where no key can begin, wanted the text in quotes, or the indentation of its neighbours",
            "写的是值里面的 `: `，应为加了引号的整段文字，或与上下行对齐的缩进",
            id="a colon in a value",
        ),
        pytest.param(
            "a: 1\nb: x\0y\n",
            (2, 5),
            "found the control character U+0000, wanted text without control characters",
            "写的是控制字符 U+0000，应为不含控制字符的文字",
            id="a control character",
        ),
    ],
)
def test_a_slip_is_told_on_its_line(text, place, en, zh):
    problem = parsed(text)
    assert (problem.place.line, problem.place.column) == place
    assert problem.message() == en
    assert problem.message("zh") == zh


@pytest.mark.parametrize("written", ["【打卡, 签到】", "［打卡，签到］", "｛打卡、签到｝"])
def test_a_list_in_wide_brackets_is_hardly_meant_as_a_word_and_the_home_starts(tmp_path, written):
    (problem,) = told(tmp_path, f"check_ins:\n  m:\n    keywords: {written}\n")
    assert problem.weight == "warning"
    assert line(problem).startswith(f"10:15: check_ins.m.keywords: `{written}` is one entry to YAML, as its brackets")
    assert "用了全角括号，在 YAML 里是一个词" in line(problem, "zh")
    assert problem.guess == "`[打卡, 签到]`"


@pytest.mark.parametrize(
    "words",
    [
        "'【打卡】'",
        "[【打卡】, 签到]",
        "\n      - 【打卡】",
        "【打卡】",
        "［打卡］",
        "【早】【晚】",
        "'【打卡, 签到】'",
    ],
)
def test_a_word_may_have_such_brackets(tmp_path, words):
    assert told(tmp_path, f"check_ins:\n  m:\n    keywords: {words}\n") == []


@pytest.mark.parametrize(
    "body",
    [
        "faq: {a: {ask: 【问】, answer: x}}\n",
        "faq: {a: {ask: ［帮助］, answer: x}}\n",
        "faq: {a: {ask: 【一】【二】, answer: x}}\n",
        "lists:\n  ads: 【广告】\nrules: [{id: r, when: message, words: ads, then: delete}]\n",
    ],
)
def test_what_else_is_asked_or_listed_may_have_them_too(tmp_path, body):
    assert told(tmp_path, body) == []


def test_brackets_that_alternate_are_no_list_in_brackets(tmp_path):
    (warning,) = told(tmp_path, "faq:\n  a:\n    ask: 【一】，【二】\n    answer: x\n")
    assert (warning.weight, warning.guess) == ("warning", "")
    assert "wide" not in line(warning)


@pytest.mark.parametrize(
    ("body", "place", "en", "zh"),
    [
        (
            "check_ins:\n  m:\n    remind: ｛at：08:30，who：missing｝\n",
            "10:13: check_ins.m.remind",
            "(did you mean `{at: 08:30, who: missing}`?)",
            "（是不是想写 `{at: 08:30, who: missing}`？）",
        ),
        (
            "check_ins:\n  m:\n    days: 【mon、tue】\n",
            "10:11: check_ins.m.days",
            "(did you mean `[mon, tue]`?)",
            "（是不是想写 `[mon, tue]`？）",
        ),
        (
            "rules:\n  - id: a\n    when: message\n    then:\n      -delete\n",
            "12:7: rules[0].then",
            "(did you mean `- delete`?)",
            "（是不是想写 `- delete`？）",
        ),
        (
            "onboarding:\n  welcome: ｛zh：你好，en：Hi｝\n",
            "9:12: onboarding.welcome",
            "this is one text, as its brackets are wide ones, and is said as it stands in every language "
            "(did you mean `{zh: 你好, en: Hi}`?)",
            "这里用了全角括号，所以是一整段文字",
        ),
        (
            "check_ins:\n  m:\n    remind {at: 08:30}\n",
            "10:5: check_ins.m",
            "found `remind` without a colon after it, wanted `remind: {at`",
            "写的是后面没有冒号的 `remind`，应为 `remind: {at`",
        ),
        (
            "rules:\n  - {id: a, when: message}\n",
            "9:5: rules[0]",
            "found no `then`, wanted `then:` (what is done, in this order)",
            "没有 `then`，应为 `then:`（依次做什么）",
        ),
        (
            "tier_review: {every: month}\n",
            "8:1",
            "found no `tiers`, wanted `tiers:` (tier id to tier, lowest first)",
            "没有 `tiers`，应为 `tiers:`（各个等级，从低到高）",
        ),
        ("等级: {seed: {from: 0}}\n", "8:1: 等级", "(did you mean `tiers`?)", "（是不是想写 `tiers`？）"),
        ("打卡: {m: {}}\n", "8:1: 打卡", "(did you mean `check_ins`?)", "（是不是想写 `check_ins`？）"),
    ],
    ids=[
        "wide braces",
        "wide brackets",
        "a lone item",
        "languages",
        "a key without a colon",
        "no then",
        "no tiers",
        "tiers in Chinese",
        "check_ins in Chinese",
    ],
)
def test_what_is_missing_or_unknown_says_what_belongs_there(tmp_path, body, place, en, zh):
    (problem,) = told(tmp_path, body)
    assert line(problem).startswith(f"{place}: ")
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(
    ("body", "en", "zh"),
    [
        (
            "ambassadors:\n  koc:\n    name: K\n    tasks:\n      share:\n        say: #推荐\n        times: 2\n",
            'found `#推荐`, which begins a comment, wanted a list (did you mean `"#推荐"`?)',
            '写的是 `#推荐`，`#` 之后会当成注释，应为一个列表（是不是想写 `"#推荐"`？）',
        ),
        (
            "ambassadors:\n  koc:\n    name: K\n    tag: # a word\n    look:\n      # later\n",
            "look: found nothing, wanted",
            "look: 写的是空白，应为",
        ),
        (
            'ambassadors:\n  koc: {name: K, tag: ""}\n',
            "found an empty text, wanted a text of at least 1 character",
            "写的是空的文字，应为至少 1 个字",
        ),
        (
            "surveys:\n  nps:\n    at: every friday\n",
            "found `every friday`, wanted a time for an event",
            "写的是 `every friday`，应为时间：某一天如 2026-12-05 19:30，每周如 fri 20:00，每月如 last day 20:00",
        ),
    ],
)
def test_a_value_that_is_a_comment_or_empty_or_no_time_is_told_in_both_languages(tmp_path, body, en, zh):
    (problem,) = told(tmp_path, body)
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a: {say: #tag, times: 3}\nb: 1\n", 10),
        ("a: [x, #tag]\nb: 1\n", 8),
        ("a: {say: #tag, times: 3}\n", 10),
        ("a: [x, #tag]", 8),
    ],
)
def test_a_word_in_brackets_that_is_a_comment_is_told(text, column):
    problem = parsed(text)
    assert problem.told("en") == f'a.yaml:1:{column}: found `#tag`, which begins a comment, wanted `"#tag"`'
    assert problem.told("zh") == f'a.yaml:1:{column}: 写的是 `#tag`，`#` 之后会当成注释，应为 `"#tag"`'


def test_a_comment_behind_an_open_bracket_is_none():
    assert "comment" not in parsed("a: [x, # the first one\n  y\nb: 1\n").told("en")


@pytest.mark.parametrize(
    ("text", "column"),
    [("a: **now** 99\nb: 1\n", 4), ("a: !现在 99\n", 4), ("a: & 99\n", 4), ("a:  *时间* 九点\nb: 1\n", 5)],
)
def test_a_text_that_begins_with_a_sign_of_yaml_s_is_told_where_it_begins(text, column):
    sign = text[column - 1]
    problem = parsed(text)
    en = f"a.yaml:1:{column}: found a value that begins with `{sign}`, wanted the value in quotes"
    assert problem.told("en") == en
    assert problem.told("zh") == f"a.yaml:1:{column}: 写的是以 `{sign}` 开头的值，应为加了引号的值"


@pytest.mark.parametrize(
    ("text", "column", "sign"), [("poi\u200bnts: 5\n", 4, "200B"), ("points\ufeff: 5\n", 7, "FEFF")]
)
def test_a_hidden_character_in_a_key_is_told_by_its_number_and_nothing_else_is(text, column, sign):
    problem = parsed(f"a: 1\n{text}")
    en = f"a.yaml:2:{column}: found a hidden character, U+{sign}, wanted the key without it: type it anew"
    assert problem.told("en") == en
    zh = f"a.yaml:2:{column}: 写的是看不见的字符 U+{sign}，应为不带它的键：请重新打一遍"
    assert problem.told("zh") == zh
    problems = Problems()
    assert read(text, "a.yaml", problems)[0] == {"points": 5}


@pytest.mark.parametrize("text", ["\x85*", "a: 1\u2028b: *\n", "\u2029!x!y z"])
def test_a_sign_behind_a_line_break_that_only_the_parser_knows_is_a_problem_like_others(text):
    assert parsed(text).weight == "problem"
