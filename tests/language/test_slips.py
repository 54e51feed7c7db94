"""What fingers write by habit into a condition is told with what to write instead, in both languages."""

from __future__ import annotations

import pytest

from config.chinese import chinese
from workflows.expressions import Condition, ExpressionError, Vocabulary
from workflows.vocabulary import SECTIONS

SPACE = "there is a wide or hard space here; write a plain one"
ALL = Vocabulary.of(*SECTIONS)


@pytest.mark.parametrize(
    ("source", "offset", "en", "zh"),
    [
        ("member.points > 3 and member.staff", 18, 'write && instead of "and"', "请把 “and” 写成 &&"),
        ("member.staff OR true", 13, 'write || instead of "OR"', "请把 “OR” 写成 ||"),
        ("member.points > 3 且 member.staff", 18, 'write && instead of "且"', "请把 “且” 写成 &&"),
        ("member.points 大于 3", 14, 'write > instead of "大于"', "请把 “大于” 写成 >"),
        ("msg.text == “打卡”", 12, 'the wide “ should be a plain "', '全角 “ 应为半角 "'),
        ('msg.text == "打卡”', 15, 'the wide ” should be a plain "', '全角 ” 应为半角 "'),
        ("（member.staff）", 0, "the wide （ should be a plain (", "全角 （ 应为半角 ("),
        ("！member.staff", 0, "the wide ！ should be a plain !", "全角 ！ 应为半角 !"),
        ("true ＆＆ true", 5, "the wide ＆＆ should be a plain &&", "全角 ＆＆ 应为半角 &&"),
        ("true ＆ true", 5, "the wide ＆ should be a plain &&", "全角 ＆ 应为半角 &&"),
        ("member。points > 3", 6, "the wide 。 should be a plain .", "全角 。 应为半角 ."),
        ("member.points > １０", 16, "the wide １０ should be a plain 10", "全角 １０ 应为半角 10"),
        ("member.points\u3000> 3", 13, SPACE, "这里有全角空格或不换行空格；请换成普通空格"),
        ("member.points\u00a0> 3", 13, SPACE, "这里有全角空格或不换行空格；请换成普通空格"),
        ("msg.text == '打卡", 12, "the quote ' is never closed", "引号 ' 没有配对"),
        ("member.points => 3", 14, 'write >= instead of "=>"', "请把 “=>” 写成 >="),
        ("member.points ≥ 3", 14, 'write >= instead of "≥"', "请把 “≥” 写成 >="),
        ("member.points > 3；", 17, '"；" means nothing here; leave it out', "“；” 在这里没有意义；请删掉"),
        (
            "msg.text contains 'x'", 9, '"contains" is asked like this: msg.text.contains("...")',
            '“contains” 要这样写：msg.text.contains("...")',
        ),
        ("(member.staff", 13, "`)` is missing at the end", "末尾少了 `)`"),
        ("member.staff)", 12, "`)` cannot stand here", "这里不能写 `)`"),
        ("member.staff &&", 15, "the expression ends too early", "表达式没有写完"),
        (
            "msg.text.contains(lists.ads)", 17,
            '"contains" does not work on string, list(string); to look for the words of a list, '
            "write words: ads beside `when`",
            "“contains” 不能用在 string, list(string) 上；想找词表里的词，请在 `when` 旁边写 words: ads",
        ),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place_and_what_to_write(source, offset, en, zh):
    with pytest.raises(ExpressionError) as caught:
        Condition(source, ALL)
    assert (caught.value.message, caught.value.offset) == (en, offset)
    assert chinese(en) == zh


@pytest.mark.parametrize(
    "source",
    ['msg.text == "“（和）”"', "msg.text == '且'  //\u3000全角“注释", 'member.tags.exists(t, t == "and")'],
    ids=["in a text", "in a comment", "a word in quotes"],
)
def test_what_stands_in_quotes_and_comments_is_no_slip(source):
    assert Condition(source, ALL).source == source
