"""Wide commas part no words in YAML: where words are listed, that is told with how it was meant."""

# ruff: noqa: E501  (the lines are what is printed)

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.home import load, look
from core.effects import Say
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from tests.config.test_home import home, said

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WANG = Actor(account=Account("telegram:2"), name="小王")


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            "check_ins: {m: {keywords: [打卡，日课, practice]}}\n",
            "8:28: check_ins.m.keywords[0]: `打卡，日课` is one entry to YAML; write each word by itself, "
            "or put it in quotes if it is one phrase (did you mean `[打卡, 日课]`?)",
            id="keywords",
        ),
        pytest.param(
            "check_ins: {m: {keywords: [一二三四五六七八，一二三四五六七八，一二三四五六七八，一二三四五六七八]}}\n",
            '8:28: check_ins.m.keywords[0]: "一二三四五六七八，一二三四五六七八，一二三四五六七八，一二三四五六七八" is one word to YAML; '
            "write each by itself (did you mean `[一二三四五六七八, 一二三四五六七八, 一二三四五六七八, 一二三四五六七八]`?)",
            id="too long for one word",
        ),
        pytest.param(
            "tiers: {a: {from: 0}}\ntier_talk: {ask: [等级，段位]}\n",
            "9:19: tier_talk.ask[0]: `等级，段位` is one entry to YAML; write each word by itself, "
            "or put it in quotes if it is one phrase (did you mean `[等级, 段位]`?)",
            id="what asks for a tier",
        ),
        pytest.param(
            "lists: {ads: [加群，代购，刷单]}\nrules: [{id: r, when: message, words: ads, then: delete}]\n",
            "8:15: lists.ads[0]: `加群，代购，刷单` is one entry to YAML; write each word by itself, "
            "or put it in quotes if it is one phrase (did you mean `[加群, 代购, 刷单]`?)",
            id="a list of words",
        ),
        pytest.param(
            "rules: [{id: r, when: join, then: [tag: [新人，朋友]]}]\n",
            "8:42: rules[0].then[0].tag[0]: `新人，朋友` is one entry to YAML; write each word by itself, "
            "or put it in quotes if it is one phrase (did you mean `[新人, 朋友]`?)",
            id="tags",
        ),
        pytest.param(
            "tiers: {a: {from: 0, grants: [links，files]}}\n",
            "8:31: tiers.a.grants[0]: `links，files` is one entry to YAML; write each word by itself, "
            "or put it in quotes if it is one phrase (did you mean `[links, files]`?)",
            id="grants",
        ),
        pytest.param(
            "links: {allowed_domains: [a.example, 'b.example']}\nlists:\n  fine:\n    domains:\n      - c.example, d.example\n",
            "12:9: lists.fine.domains[0]: `c.example, d.example` is one entry to YAML; write each word by itself, "
            "or put it in quotes if it is one phrase",
            id="hosts in lines",
        ),
        pytest.param(
            "links: {allowed_domains: [a.example，b.example]}\n",
            "8:27: links.allowed_domains[0]: `a.example，b.example` is one entry to YAML; write each word by itself, "
            "or put it in quotes if it is one phrase (did you mean `[a.example, b.example]`?)",
            id="hosts",
        ),
    ],
)
def test_words_that_a_wide_comma_joins_are_a_problem(tmp_path, sections, line):
    assert said(home(tmp_path, sections=sections), "problem") == [f"communities/a.yaml:{line}"]


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param("faq: {a: {ask: [群规，规矩], answer: x}}\n", "8:17: faq.a.ask[0]: `群规，规矩`", id="questions"),
        pytest.param(
            "onboarding: {steps: [{id: a, ask: x, options: [{say: [同意，好], label: 同意}]}]}\n",
            "8:55: onboarding.steps[0].options[0].say[0]: `同意，好`",
            id="an answer",
        ),
    ],
)
def test_where_phrases_are_listed_it_is_a_warning_that_quotes_answer(tmp_path, sections, line):
    assert [each for each in said(home(tmp_path, sections=sections), "warning") if "one entry" in each] == [
        f"communities/a.yaml:{line} is one entry to YAML; write each word by itself, or put it in quotes if it is one "
        f"phrase (did you mean `[{line.rpartition('`')[0].rpartition('`')[2].replace('，', ', ')}]`?)"
    ]
    quoted = sections.replace("[群规，规矩]", '"群规，规矩"').replace("[同意，好]", "'同意，好'")
    assert said(home(tmp_path, sections=quoted), "warning") == []


@pytest.mark.parametrize(
    ("sections", "line", "guess"),
    [
        pytest.param(
            "check_ins: {m: {late: {keyword: 补卡、补签}}}\n",
            "8:33: check_ins.m.late.keyword: `补卡、补签`",
            " (did you mean `[补卡, 补签]`?)",
            id="a lone value",
        ),
        pytest.param(
            "faq: {a: {ask: 你好，怎么加入？, answer: x}}\n",
            "8:16: faq.a.ask: `你好，怎么加入？`",
            "",
            id="a lone sentence",
        ),
        pytest.param(
            "rules: [{id: r, when: join, then: [tag: 新人，朋友]}]\n",
            "8:41: rules[0].then[0].tag: `新人，朋友`",
            " (did you mean `[新人, 朋友]`?)",
            id="a lone tag",
        ),
        pytest.param(
            "rules:\n  - id: r\n    when: join\n    then:\n      - tag: 新人, 朋友\n",
            "12:14: rules[0].then[0].tag: `新人, 朋友`",
            " (did you mean `[新人, 朋友]`?)",
            id="a tag in plain commas",
        ),
        pytest.param(
            "lists:\n  ads:\n    - 加我微信，送福利\nrules: [{id: r, when: message, words: ads, then: delete}]\n",
            "10:7: lists.ads[0]: `加我微信，送福利`",
            "",
            id="a list in lines",
        ),
    ],
)
def test_outside_of_brackets_it_is_a_warning(tmp_path, sections, line, guess):
    folder = home(tmp_path, sections=sections)
    assert said(folder, "problem") == []
    assert said(folder, "warning") == [
        f"communities/a.yaml:{line} is one entry to YAML; write each word by itself, or put it in quotes if it is one "
        f"phrase{guess}"
    ]


@pytest.mark.parametrize(
    "sections",
    [
        pytest.param(
            "lists:\n  ads:\n    - buy now, pay later\n    - earn $1,000 a day\n"
            "rules: [{id: r, when: message, words: ads, then: delete}]\n",
            id="a list",
        ),
        pytest.param("faq:\n  a:\n    ask:\n      - Hi, how do I join?\n    answer: x\n", id="questions"),
        pytest.param("faq: {a: {ask: [how do I get in, please?], answer: x}}\n", id="in brackets"),
        pytest.param("faq:\n  a:\n    ask: Hi, how do I join?\n    answer: x\n", id="a lone question"),
        pytest.param("check_ins:\n  m:\n    keywords:\n      - good morning, all\n", id="keywords"),
    ],
)
def test_a_plain_comma_is_part_of_a_phrase(tmp_path, sections):
    assert [str(each) for each in look(home(tmp_path, sections=sections))[1]] == []


@pytest.mark.parametrize(
    "sections",
    [
        pytest.param(
            'lists: {ads: ["加群，有礼", 代购]}\nrules: [{id: r, when: message, words: ads, then: delete}]\n',
            id="a list",
        ),
        pytest.param(
            "check_ins: {m: {keywords: ['hi, there'], status: ['how, me'], late: {keyword: 'oh, late'}, "
            "leave: {keyword: ['off, please'], cancel: 'here, again'}, join: {keyword: \"我，报名\"}, "
            "board: {keyword: ['who, leads']}}}\n",
            id="keywords",
        ),
        pytest.param("tiers: {a: {from: 0}}\ntier_talk: {ask: ['hey, my tier']}\n", id="what asks for a tier"),
        pytest.param("rules: [{id: r, when: join, then: [{tag: 'a,b'}, {untag: ['c，d']}]}]\n", id="tags"),
        pytest.param("tiers: {a: {from: 0, grants: ['a, b']}}\n", id="grants"),
    ],
)
def test_a_phrase_in_quotes_may_hold_a_comma(tmp_path, sections):
    assert said(home(tmp_path, sections=sections), "problem") == []


def test_a_line_of_a_file_may_be_a_phrase_and_is_a_warning(tmp_path):
    sections = "lists: {ads: !file words.txt}\nrules: [{id: r, when: message, words: ads, then: delete}]\n"
    folder = home(tmp_path, sections=sections, words_txt="# 一行一个\n代购\n加群，刷单\n加群 代购\nfree, now\n")
    assert said(folder, "problem") == []
    assert said(folder, "warning") == [
        "words.txt:3:1: lists.ads: `加群，刷单` is one entry; if these are several words, write each on a line of its own"
    ]


def test_sentences_and_patterns_hold_commas_as_they_like(tmp_path):
    sections = "patterns: {p: ['加.{0,3}群']}\nrules: [{id: r, when: message, patterns: p, then: {reply: 好，谢谢}}]\n"
    assert [str(each) for each in look(home(tmp_path, sections=sections))[1]] == []


def test_it_is_told_in_chinese(tmp_path):
    _, told = look(home(tmp_path, sections="rules: [{id: r, when: join, then: [tag: 新人，朋友]}]\n"))
    assert [(each.weight, each.message("zh")) for each in told] == [
        (
            "warning",
            "`新人，朋友` 在 YAML 里是一个词；请用半角逗号分开写，如果本来就是一句话，请加引号（是不是想写 `[新人, 朋友]`？）",
        )
    ]
    _, told = look(home(tmp_path, sections="check_ins: {m: {keywords: [打卡，日课]}}\n"))
    assert [each.message("zh") for each in told] == [
        "`打卡，日课` 在 YAML 里是一个词；请用半角逗号分开写，如果本来就是一句话，请加引号（是不是想写 `[打卡, 日课]`？）"
    ]


def test_a_phrase_with_a_comma_is_heard(tmp_path):
    sections = "check_ins: {m: {keywords: ['hi, there']}}\ntiers: {a: {from: 0}}\ntier_talk: {ask: ['hey, my tier']}\n"
    engine = Engine(MemoryStore(), load(home(tmp_path, sections=sections)).groups)
    for n, text in enumerate(("hi, there", "hey, my tier")):
        event = MessagePosted(
            id=f"telegram:{n}", at=AT + timedelta(minutes=n), group="g", actor=WANG, message=str(n), text=text
        )
        assert [type(row.effect) for row in engine.process([event]).waiting] == [Say], text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("check_ins: {m: {keywords: X}}\n", "打卡 签到"),
        ("check_ins:\n  m:\n    keywords: X\n", "打卡, 签到"),
        ("check_ins:\n  m:\n    late:\n      keyword: X\n", "补卡\n        补签"),
        ("lists:\n  ads: X\nrules: [{id: r, when: message, words: ads, then: delete}]\n", "兼职, part-time job"),
        ("lists:\n  ads:\n    X\nrules: [{id: r, when: message, words: ads, then: delete}]\n", "兼职\n    代购"),
        ("faq:\n  a:\n    answer: A\n    ask: X\n", "怎么打卡, 如何打卡"),
    ],
)
def test_words_behind_their_key_without_brackets_are_warned_of(tmp_path, written, words):
    (told,) = said(home(tmp_path, sections=written.replace("X", words)), "warning")
    apart = ", ".join(words.split(", ") if ", " in words else words.split())
    assert f"`{' '.join(words.split())}` is one entry to YAML" in told
    assert told.endswith(f"(did you mean `[{apart}]`?)")


@pytest.mark.parametrize(
    "written",
    [
        "check_ins:\n  m:\n    keywords: check in\n",
        "check_ins:\n  m:\n    keywords: '打卡, 签到'\n",
        "faq:\n  a:\n    answer: A\n    ask: how do I check in, please\n",
        "lists:\n  ads: |\n    兼职 代购\n    刷单\nrules: [{id: r, when: message, words: ads, then: delete}]\n",
    ],
)
def test_one_phrase_behind_its_key_passes(tmp_path, written):
    assert said(home(tmp_path, sections=written), "warning") == []
