"""What one YAML file means, and where everything in it stands."""

# ruff: noqa: E501  (the lines are what is printed)

from __future__ import annotations

import pytest

from config.places import Place, shown
from config.problems import Problems
from config.reading import read


def told(text: str) -> list[str]:
    problems = Problems()
    read(text, "a.yaml", problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("21:30", "21:30"),
        ("on", "on"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("2026-03-02", "2026-03-02"),
        ("0x1F", 31),
        ("0o17", 15),
        ("-1001234567890", -1001234567890),
        ("12345678901234567890", "12345678901234567890"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.2.3", "1.2.3"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ('"true"', "true"),
        ("'5'", "5"),
        ("=", "="),
        ("✅ 同意", "✅ 同意"),
    ],
    ids=lambda value: repr(value),
)
def test_a_plain_scalar_is_what_the_core_schema_says_or_what_was_written(written, value):
    problems = Problems()
    found, _ = read(f"key: {written}", "a.yaml", problems)
    assert found == {"key": value}
    assert type(found["key"]) is type(value)
    assert not list(problems)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "a: 1\nb: 2\na: 3\n",
            "a.yaml:3:1: a: found the key `a` a second time, wanted each key once; it is also at a.yaml:1:1",
        ),
        (
            '7: x\n"7": y\n',
            "a.yaml:2:1: 7: found the key `7` a second time, wanted each key once; it is also at a.yaml:1:1",
        ),
        ("a: &x 1\n", "a.yaml:1:4: a: found the anchor `&x`, wanted the value written out where it is used"),
        ("b: *x\n", "a.yaml:1:4: b: found the alias `*x`, wanted the value written out where it is used"),
        (
            "b:\n  <<: {c: 1}\n",
            "a.yaml:2:3: b: found the merge key `<<`, wanted the value written out where it is used",
        ),
        (
            "a: !!python/name:os.system x\n",
            "a.yaml:1:4: a: found the tag `tag:yaml.org,2002:python/name:os.system`, wanted no tag but `!file`; quotes keep a text a text",
        ),
        (
            "a: !!str 5\n",
            "a.yaml:1:4: a: found the tag `tag:yaml.org,2002:str`, wanted no tag but `!file`; quotes keep a text a text",
        ),
        ("[a]: 1\n", "a.yaml:1:1: found a list or mapping as a key, wanted a plain word as a key"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1: found a second document (`---`), wanted one document in a file"),
        ("a:\n\tb: 1\n", "a.yaml:2:1: found a tab in the indentation, wanted spaces"),
        ("a: @b\n", "a.yaml:1:4: found a value that begins with `@`, wanted the value in quotes"),
        (
            "a: b: c\n",
            "a.yaml:1:5: found `: ` where no key can begin, wanted the text in quotes, or the indentation of its neighbours",
        ),
        ("a: [\n", "a.yaml:1:4: found a bracket that is never closed, wanted the closing bracket"),
        ("a: {b: [1, {c: d}\n\n", "a.yaml:1:8: found a bracket that is never closed, wanted the closing bracket"),
        (
            "a: {b: [1, 2], \nc: [3\nd: e\n",
            "a.yaml:3:2: found `: e` inside the bracket opened at a.yaml:2:4, "
            "wanted `,` or the closing bracket (a text with `{`, `}`, `[`, `]` or `,` needs quotes here)",
        ),
        ("a: 'b\nc: d\n", "a.yaml:1:4: found a quote that is never closed, wanted the closing quote"),
        (
            "a: {b: ${c} }\n",
            "a.yaml:1:9: found `{c} }` inside the bracket opened at a.yaml:1:4, "
            "wanted `,` or the closing bracket (a text with `{`, `}`, `[`, `]` or `,` needs quotes here)",
        ),
        (
            "- a\nb: 1\n",
            "a.yaml:2:1: found a line that does not fit (did not find expected '-' indicator), wanted the indentation of the lines it belongs to",
        ),
        (
            "a:\n  b: 2\n\n  points： 5\n\n",
            "a.yaml:4:9: found the wide colon `：` after a key, wanted `: `, a plain colon and a space",
        ),
        ("a：\n  b: 2\n", "a.yaml:1:2: found the wide colon `：` after a key, wanted `: `, a plain colon and a space"),
        ("a:\n  - b\n　- c\n", "a.yaml:3:1: found a wide space in the indentation, wanted spaces"),
        ("a:\n　　c: 3\n", "a.yaml:2:1: found a wide space in the indentation, wanted spaces"),
        ("a: “b: c”\n", 'a.yaml:1:4: found a quote that YAML takes for a letter, wanted `"`, the plain quote'),
        ("a: {b: 1， c: 2}\n", "a.yaml:1:9: found the wide comma `，`, wanted `, `, a plain comma"),
        (
            "a: [x\nb: 你好，\n",
            "a.yaml:2:2: found `: 你好，` inside the bracket opened at a.yaml:1:4, "
            "wanted `,` or the closing bracket (a text with `{`, `}`, `[`, `]` or `,` needs quotes here)",
        ),
        (
            "a:\n  zh: 你好：x，\n - b\n",
            "a.yaml:3:2: found a line that does not fit (did not find expected key), wanted the indentation of the lines it belongs to",
        ),
        ("a: 1\nb: x\0y\n", "a.yaml:2:5: found the control character U+0000, wanted text without control characters"),
        ("a: \ud800\n", "a.yaml:1:4: found the control character U+D800, wanted text without control characters"),
        ('a: "x\\0"\n', "a.yaml:1:4: a: found an escape that is no character, wanted text without control characters"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_refused_says_where_and_what_instead(text, line):
    assert told(text) == [line]


_UNFIT = "found a line that does not fit (did not find expected key), wanted the indentation of the lines it belongs to"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            "a:\n  b: |\n    “免费”，欢迎\n    - “老成员”请进\n c: 1\n", f"5:2: {_UNFIT}", id="quotes in a block text"
        ),
        pytest.param("a:\n  b:\n    c: “你好”\n   d: 1\n", f"4:4: {_UNFIT}", id="quotes in a value"),
        pytest.param("a:\n  b: they say, ‘x’\n c: 1\n", f"3:2: {_UNFIT}", id="quotes after a comma"),
        pytest.param("a:\n  b: |\n    Tip：看这里\n c: 1\n", f"4:2: {_UNFIT}", id="a colon in a block text"),
        pytest.param(
            'a: {b: ["加群，代购", x}\n',
            "1:19: found `}` inside the bracket opened at a.yaml:1:8, "
            "wanted `,` or the closing bracket (a text with `{`, `}`, `[`, `]` or `,` needs quotes here)",
            id="a comma in quotes",
        ),
        pytest.param(
            "a: “b: c\n",
            "1:6: found `: ` where no key can begin, wanted the text in quotes, or the indentation of its neighbours",
            id="a plain quote would stay open",
        ),
    ],
)
def test_a_wide_letter_is_not_blamed_for_an_error_that_stays_without_it(text, line):
    assert told(text) == [f"a.yaml:{line}"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a： 1\nb： 2\nc: 3\n", "1:2", id="several lines with one"),
        pytest.param("a:\n  b：\n    c: 1\n   d: 2\n", "2:4", id="another error comes later"),
        pytest.param("a: {b: 你好，世界，c: 2}\n", "1:13", id="the last comma before the error"),
        pytest.param("a: [“b”, “c: d: e”]\n", "1:10", id="the second quotes"),
        pytest.param("a:\n  - b\n　　- c\n", "3:1", id="two spaces of which each is one"),
    ],
)
def test_a_wide_letter_is_blamed_where_the_parser_comes_further_without_it(text, place):
    assert [line.split(": ")[0] for line in told(text)] == [f"a.yaml:{place}"]
    assert " wide " in told(text)[0] or "a quote that YAML takes for a letter" in told(text)[0]


def test_the_place_of_another_error_is_told_in_chinese():
    problems = Problems()
    read("a:\n  b: “你好”\n c: 1\n", "a.yaml", problems)
    assert [(each.place.line, each.message("zh")) for each in problems] == [
        (3, "写的是和上下文对不上的一行，应为与同一组的各行一样的缩进")
    ]


def test_a_wide_colon_is_told_in_chinese():
    problems = Problems()
    read("a:\n  b: 2\n  points： 5\n", "a.yaml", problems)
    assert [each.message("zh") for each in problems] == ["写的是键后面的全角冒号 `：`，应为半角冒号加空格 `: `"]


def test_all_structural_problems_of_a_file_are_told_at_once():
    assert len(told("a: &x 1\nb: *x\nc: !!int 3\na: 4\n")) == 4


def test_a_refused_value_does_not_hide_its_neighbours():
    found, spot = read("a: *x\nb: 2\n", "a.yaml", Problems())
    assert found == {"a": None, "b": 2}
    assert spot.children["a"].broken
    assert not spot.children["b"].broken


LAUGHS = "a: &a [x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(20)
)


@pytest.mark.parametrize(
    "bomb",
    [
        LAUGHS,
        "[" * 100_000,
        "{a: " * 60_000,
        "- " * 100_000,
        "a: [" + "*a," * 80_000 + "]",
        "[" + "1," * 120_000 + "]",
        "? " * 100_000,
    ],
    ids=["laughs", "brackets", "braces", "dashes", "aliases", "values", "questions"],
)
def test_a_bomb_is_refused_in_a_few_lines(bomb):
    lines = told(bomb)
    assert 1 <= len(lines) <= 21
    assert all(":" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "value", "offset", "place"),
    [
        ("if: member.x", "member.x", 7, (1, 12)),
        ('if: "member.x"', "member.x", 7, (1, 13)),
        ('if: "a\\tb.x"', "a\tb.x", 4, (1, 11)),
        ("if: 'it''s x'", "it's x", 5, (1, 12)),
        ("if: |\n  a &&\n  b.x", "a &&\nb.x", 7, (3, 5)),
        ("if: |\n\n    a &&\n    b.x", "\na &&\nb.x", 8, (4, 7)),
        ("if: >\n  a &&\n  b.x", "a && b.x", 7, (1, 5)),
        ("if: 欢迎 x", "欢迎 x", 3, (1, 8)),
    ],
    ids=["plain", "double", "escape", "single", "block", "block after a blank", "folded: the start", "chinese"],
)
def test_a_place_inside_a_text_is_found(text, value, offset, place):
    found, spot = read(text, "a.yaml", Problems())
    assert found["if"].rstrip("\n") == value
    assert spot.children["if"].inside(found["if"], offset) == Place("a.yaml", *place)


def test_a_place_prints_as_editors_read_it():
    assert str(Place("communities/a.yaml", 3, 14)) == "communities/a.yaml:3:14"


def test_a_path_prints_as_people_read_it():
    assert shown(("rules", 2, "then", 0, "warn")) == "rules[2].then[0].warn"


def test_a_missing_place_is_its_deepest_parent():
    _, spot = read("a:\n  b: 1\n", "a.yaml", Problems())
    assert spot.deepest(("a", "c", "d")) == (spot.children["a"], 1)
