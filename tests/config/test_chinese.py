"""Whoever reads Chinese reads Chinese: every sentence that a home can be refused with has its Chinese one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from config.chinese import chinese
from config.home import look
from config.problems import Said
from config.sentences import _IS_NOT, _SHAPES_ZH

ROOT = Path(__file__).parents[2]
MISTAKES = Path(__file__).parent / "mistakes"
RAISED = ("ValueError", "PydanticCustomError", "ExpressionError", "Unfit", "Inside", "SecretWritten")
ELSEWHERE = ("answers.py", "catalog.py", "templates/__init__.py", "wording.py")
"""Files whose errors no operator reads here, or reads with a place of their own."""
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
OURS = ('there is no "x" in the vocabularyx',)
"""Said of our own mistakes, not of an operator's."""


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """(file, sentence) of everything that the models of options raise, `x` for what differs."""
    found = []
    for file in sorted((*ROOT.glob("workflows/*.py"), *ROOT.glob("config/*.py"))):
        text = file.read_text(encoding="utf-8")
        if not file.name.endswith(ELSEWHERE) and any(name in text for name in RAISED):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                    found += [
                        (file.name, told) for each in node.args[:2] if " " in (told := _told(each)) and told not in OURS
                    ]
    return tuple(found)


def _told(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        case _:
            return ""


def test_most_sentences_are_looked_at():
    assert len(sentences()) > 60


@pytest.mark.parametrize(("file", "sentence"), sentences())
def test_a_sentence_of_the_models_has_its_chinese(file: str, sentence: str):
    shape = _IS_NOT.match(sentence)
    if shape is not None and shape["what"] in _SHAPES_ZH:
        return
    told = [chinese(sentence), chinese(re.sub(r"x$", "", sentence))]
    told = [re.sub(r"“[^”]*”|\"[^\"]*\"|`[^`]*`|\{[^}]*\}|\[[^]]*\]|every day", "", each) for each in told]
    assert not all(ENGLISH.search(each) for each in told), f"config/mistakes.zh.yaml has nothing for {sentence!r}"


def test_a_whole_report_in_chinese_holds_no_english_sentence():
    _, told = look(MISTAKES)
    for problem in told:
        line = re.sub(r"`[^`]*`|\"[^\"]*\"", "", problem.message("zh"))
        assert not ENGLISH.search(line), line


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("a condition is true or false; this is a whole number", "条件要能判断真假；这里得到的是整数"),
        (
            'in "cards": the pattern "(a" cannot be used: missing ): (a',
            '“cards” 里：正则表达式 "(a" 不能用：少了 )：(a',
        ),
        (
            "`mute` and `notify` are two actions in one item; did you forget a `-`, or to indent?",
            "`mute` 和 `notify` 是写在一项里的两个动作；是不是漏了 `-`，或者缩进？",
        ),
        (
            'the step "a" needs exactly one of options, text, introduce; found none',
            "“a” 要在 options, text, introduce 里写一个，现在一个都没写",
        ),
        ("`a and b`", "`a and b`"),
        ("nobody knows this one", "nobody knows this one"),
    ],
)
def test_sentences_are_put_together_from_their_parts(en, zh):
    assert chinese(en) == zh


def test_there_is_no_space_before_chinese():
    _, told = look(MISTAKES)
    assert not [line for problem in told if re.search(r"(写的是|应为) [\u4e00-\u9fff]", line := problem.message("zh"))]
    assert Said("a", "b").in_("zh") == "b"
