"""What CEL complains about, in words for operators, with the place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from workflows.expression_slips import foreign
from workflows.expression_source import ExpressionError, Token, bound_names, nearest, roots, tokens
from workflows.vocabulary import SECTIONS, Section

_PLACE: Final = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): (.*)")
_OVERLOAD: Final = re.compile(r"found no matching overload for '([^']*)' applied to '([^']*)'")
_UNDECLARED: Final = re.compile(r"undeclared reference to '([^']*)'")
_OPERATORS: Final = re.compile(r"^_?(.+?)_?$")
_WORDS_OF_OTHERS: Final = frozenset(("and", "or", "not", "True", "False"))
_GRAMMAR: Final = (
    (re.compile(r"syntax error: missing '(.+)' at <end>"), "{0} is missing at the end"),
    (re.compile(r"syntax error: missing '(.+)' at '(.+)'"), "{0} is missing before {1}"),
    (re.compile(r"syntax error: (?:extraneous|mismatched) input <end>"), "the expression ends too early"),
    (re.compile(r"syntax error: (?:extraneous|mismatched) input '(.+)'"), "{0} cannot stand here"),
    (re.compile(r"syntax error: no viable alternative at input '(.+)'"), "{0} cannot stand here"),
    (re.compile(r"syntax error: token recognition error at: '(.+)'"), "{0} cannot stand here"),
    (re.compile(r"reserved identifier: (.+)"), "{0} cannot stand here"),
    (
        re.compile(r"expression of type 'google.protobuf.Timestamp' cannot be the operand of .*"),
        "a time has no fields; write now.getHours(group.timezone)",
    ),
)
"""What the parser says about grammar, and what that is to a person."""
_METHOD_NAMES: Final = """
contains matches startsWith endsWith size exists all exists_one filter map getHours getMinutes getSeconds getDayOfWeek
getDayOfMonth getDayOfYear getDate getMonth getFullYear duration timestamp string int double bool
"""
_TYPES: Final = frozenset(("bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "null_type"))
"""CEL's own names for what a value is: `type(member.points) == int`."""
_ASKED_OF_A_TEXT: Final = ("contains", "matches", "startsWith", "endsWith", "in")
_COMPARES: Final = (">", "<", ">=", "<=", "==", "!=")
_NAMED: Final = re.compile(r"[a-z]+\.[a-z_]+")
_SHOWN: Final = 4
"""Fields of a section that are listed where none is near."""
_METHODS: Final = tuple(_METHOD_NAMES.split())


def explained(source: str, error: str, sections: Mapping[str, Section]) -> ExpressionError:
    """CEL's first complaint in our words, with its offset."""
    found = _PLACE.search(error)
    if found is None:
        return ExpressionError(f"this expression cannot be used: {error.splitlines()[0]}")
    line, column, why = int(found[1]), int(found[2]), found[3]
    before = source.split("\n")[: max(line - 1, 0)]
    offset = max(0, min(sum(len(part) + 1 for part in before) + max(column - 1, 0), len(source)))
    words = list(tokens(source))
    if (slip := foreign(words)) is not None:
        return slip
    if (undeclared := _UNDECLARED.search(why)) is not None:
        root = undeclared[1].split(".")[0]
        at = next((words[at].start for at in roots(words) if words[at].text == root), None)
        if at is None:
            return ExpressionError(f'"{root}" is not known{nearest(root, _METHODS)}', offset)
        guess = nearest(root, [*sections, *bound_names(words)])
        return ExpressionError(f'"{root}" is not known' + (guess or f'; for a text write "{root}" in quotes'), at)
    if (overload := _OVERLOAD.search(why)) is not None:
        operator = _OPERATORS.sub(r"\1", overload[1]).strip("@")
        hint = "; write both as whole numbers" if {"int", "double"} == set(re.findall(r"\w+", overload[2])) else ""
        listed = next((words[at + 2].text for at in roots(words) if words[at].text == "lists"), None)
        if listed is not None and operator in _ASKED_OF_A_TEXT:
            hint = f"; to look for the words of a list, write words: {listed} beside `when`"
        else:
            hint = hint or _other_way(operator, overload[2], words)
        given = overload[2].removeprefix("(").removesuffix(")").replace("google.protobuf.Timestamp", "time")
        return ExpressionError(f'"{operator}" does not work on {given}{hint}', offset)
    return ExpressionError(_grammar(why.removesuffix(" [INVALID_ARGUMENT]")), offset)


def _other_way(operator: str, given: str, words: list[Token]) -> str:
    """How to ask what was asked of values that do not bear it; "" where that cannot be told."""
    if operator == "in" and given == "(string, string)":
        at = next((at for at, word in enumerate(words) if word.text == "in"), 0)
        sought = words[at - 1].text if at and words[at - 1].kind == "string" else '"..."'
        text = "".join(word.text for word in words[at + 1 : at + 4]) if len(words) > at + 3 else ""
        return f"; write {text if _NAMED.fullmatch(text) else 'msg.text'}.contains({sought})"
    if operator in _COMPARES and given in ("(list(string), int)", "(int, list(string))"):
        return "; write .size() behind a list to count it"
    if "google.protobuf.Timestamp" in given and "int" in given:
        return "; write now.getHours(group.timezone)"
    if operator in ("||", "&&") and "string" in given and "bool" in given:
        return f'; write the whole comparison on both sides: a == "x" {operator} a == "y"'
    return ""


def _grammar(why: str) -> str:
    why = re.sub(r" expecting .*", "", why[0].lower() + why[1:], flags=re.DOTALL).replace("'<EOF>'", "<end>")
    for pattern, told in _GRAMMAR:
        found = pattern.fullmatch(why)
        if found is not None:
            return told.format(*(f"`{part.strip()}`" for part in found.groups()))
    return f"this expression cannot be used: {why}"


def only_known(words: list[Token], sections: Mapping[str, Section]) -> None:
    """Refuse a name in a text that means nothing, with some that do: what stands in a text is a text already."""
    bound = bound_names(words)
    for at in roots(words):
        name = words[at].text
        if name in bound or name in SECTIONS or name in _TYPES or name in _WORDS_OF_OTHERS:
            continue
        field = [word.text for word in words[at : at + 3] if word.kind == "word"][-1]
        meant = next((f"{section}.{field}" for section, fields in sections.items() if field in fields), "")
        guess = f"; did you mean {meant}?" if meant else nearest(name, sections)
        what = guess or f" here; what is: {', '.join(_some(sections))}"
        raise ExpressionError(f'"{name}" is not known{what}', words[at].start)


def _some(sections: Mapping[str, Section]) -> Iterator[str]:
    """The first fields of each section, with dots for the others."""
    for section, fields in sections.items():
        shown = [f"{section}.{field}" if field else section for field in list(fields)[:_SHOWN]]
        yield ", ".join(shown) + (" ..." if len(fields) > _SHOWN else "")
