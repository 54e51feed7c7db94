"""Texts taken apart at `${...}` when they are loaded, and filled in when they are said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Final, Self

from core.effects import Mention, Words
from core.names import Named
from core.people import native_of
from workflows.expression_mistakes import only_known
from workflows.expression_source import ExpressionError, closing_brace, free_paths, paths, tokens
from workflows.expressions import Scene, Value, Values, Vocabulary
from workflows.plain_text import LONGEST_NAME, inert, one_line, shown

LONGEST_SAID: Final = 4000
"""Characters that one text may come to; Telegram takes 4096."""
_GROUP_NAME: Final = "group.name"
_TITLES: Final = frozenset((_GROUP_NAME, "check_in.name", "tier.name"))
"""Names that the operator gave, whose tags and addresses are meant."""
_MANY_LINES: Final = frozenset(("msg.text", "step.answer"))
_YES_NO: Final = {"zh": ("是", "否"), "en": ("yes", "no")}
_SPANS: Final = {
    "zh": ((86400, " 天"), (3600, " 小时"), (60, " 分钟"), (1, " 秒")),
    "en": ((86400, " d"), (3600, " h"), (60, " min"), (1, " s")),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A placeholder that is only a name: `${member.points}`. A section alone has no field."""

    name: str
    section: str
    field: str

    def of(self, values: Values | Scene) -> object:
        """The value; None if it was not given."""
        try:
            section: Any = values[self.section]
            return section[self.field] if self.field else section
        except (LookupError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Owed(Variable):
    """A placeholder of a sentence of ours, to which its value must be given."""

    def of(self, values: Values | Scene) -> object:
        """The value. KeyError if it was not given."""
        try:
            section: Any = values[self.section]
            return section[self.field] if self.field else section
        except (LookupError, TypeError):
            raise KeyError(f"no value for {self.name}") from None


Part = str | Variable | Value


Blank = tuple[int, Variable | Value, Callable[[str], str]]
"""The place, among all parts, of one that is filled in; the part; and how a text that it comes to is said."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text taken apart: all its parts, and those of them that are filled in. `works_on_name`: an expression in it has
    to do with the group's name, which is another in other languages."""

    parts: tuple[Part, ...]
    blanks: tuple[Blank, ...]
    works_on_name: bool

    @classmethod
    def of(cls, source: str, vocabulary: Vocabulary | None) -> Self:
        """Of a text. Without a vocabulary any name will do, and is owed a value. Raises ExpressionError."""
        found = parts(source, vocabulary)
        blanks = [(n, part, _manner(part.name)) for n, part in enumerate(found) if not isinstance(part, str)]
        worked_out = names_of(part for part in found if isinstance(part, Value))
        return cls(found, tuple(blanks), _GROUP_NAME in worked_out)

    def filled(self, language: str, values: Values | Scene) -> Words:
        """The whole text. What has no value is left out, or else a KeyError where it is owed one."""
        if self.works_on_name:
            values = _named_in(language, values)
        said: list[Any] = list(self.parts)
        for at, part, as_said in self.blanks:
            value = part.of(values)
            if type(value) is str:
                said[at] = as_said(value)
            elif type(value) is int:
                said[at] = str(value)
            elif type(value) is Named:
                said[at] = as_said(value.in_(language))
            else:
                said[at] = worded(value, part.name, language)
        try:
            whole = "".join(said)
        except TypeError:  # somebody is mentioned
            return _together(said)
        if len(whole) < LONGEST_SAID:
            return (whole,) if whole else ()
        return _together(said)


def parts(source: str, vocabulary: Vocabulary | None) -> tuple[Part, ...]:
    """A text taken apart. Without a vocabulary any name will do. ExpressionError tells the offset in the whole text.

    Each placeholder that cannot be used is told, the first one's mistake with the others behind it.
    """
    found: list[Part] = []
    wrong: list[ExpressionError] = []
    literal = ""
    at = 0
    while (dollar := source.find("$", at)) >= 0:
        literal += source[at:dollar]
        if source.startswith("$${", dollar):
            literal, at = literal + "${", dollar + 3
        elif source.startswith("${", dollar):
            end = closing_brace(source, dollar + 2)
            if end is None and (wide := source.find("｝", dollar)) > 0:
                raise ExpressionError("the wide ｝ should be a plain }", wide)
            if end is None:
                raise ExpressionError('"${" has no closing "}"; for a literal one write "$${"', dollar)
            if literal:
                found.append(literal)
                literal = ""
            try:
                found.append(_placeholder(source[dollar + 2 : end], vocabulary, dollar + 2))
            except ExpressionError as error:
                wrong.append(error)
            at = end + 1
        else:
            literal, at = literal + "$", dollar + 1
    literal += source[at:]
    if literal:
        found.append(literal)
    if wrong:
        raise ExpressionError(wrong[0].message, wrong[0].offset, tuple(wrong[1:]))
    return tuple(found)


def names_of(found: Iterable[Part]) -> frozenset[str]:
    """The variables that the parts use."""
    every: set[str] = set()
    for part in found:
        if isinstance(part, Variable):
            every.add(part.name)
        elif isinstance(part, Value):
            every |= part.names
    return frozenset(every)


def _named_in(language: str, values: Values | Scene) -> Values | Scene:
    """The values with the group's name as it is in a language, where they have one: an expression sees a mere text."""
    known = values.values if isinstance(values, Scene) else values
    group = known.get("group")
    if not isinstance(group, Mapping) or not isinstance(name := group.get("name"), Named):
        return values
    told = {**known, "group": {**group, "name": name.in_(language)}}
    return Scene(told) if isinstance(values, Scene) else told


def _together(every: Iterable[str | Mention]) -> Words:
    """Texts that stand side by side made one, and all of it cut where it is too long."""
    words: list[str | Mention] = []
    text, left = "", LONGEST_SAID - 1
    for said in every:
        if isinstance(said, str):
            if len(said) > left:
                text += f"{said[:left]}…"
                break
            left -= len(said)
            text += said
        else:
            left -= len(said.name) + 1
            if left < 0:
                break
            words += (text, said) if text else (said,)
            text = ""
    return (*words, text) if text else tuple(words)


def worded(value: object, name: str, language: str) -> str | Mention:
    """One value as it is said. `name` is the variable it came from; names are cut shorter than other texts."""
    kind = type(value)  # what is no instance of a type costs more to ask for than which type it is
    if kind is int:
        return str(value)
    if kind is timedelta:
        return _length(value, language)
    if isinstance(value, str):
        return _manner(name)(value.in_(language) if isinstance(value, Named) else value)
    if isinstance(value, Mention):
        return Mention(account=value.account, name=one_line(value.name, LONGEST_NAME) or native_of(value.account))
    if isinstance(value, bool):
        return _YES_NO.get(language, _YES_NO["en"])[not value]
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _length(value, language)
    if isinstance(value, tuple | list | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        said = [worded(each, name, language) for each in items]
        between = "、" if language == "zh" else ", "
        return one_line(between.join(each if isinstance(each, str) else f"@{each.name}" for each in said))
    return one_line(str(value))


def _manner(name: str) -> Callable[[str], str]:
    """How a text is said that a variable holds: names are cut shorter and lead nowhere, and what somebody wrote keeps
    its lines."""
    if name in _MANY_LINES:
        return shown
    if name in _TITLES:
        return _as_title
    return _as_name if name.endswith(_NAMES) else one_line


_NAMES: Final = (".name", ".by", ".known", ".member", ".target", ".alias")
_as_title: Final = partial(one_line, longest=LONGEST_NAME)


def _as_name(text: str) -> str:
    return inert(one_line(text, LONGEST_NAME))


def _placeholder(source: str, vocabulary: Vocabulary | None, offset: int) -> Part:
    try:
        words = list(tokens(source))
        named = paths(words, vocabulary.sections) if vocabulary is not None else free_paths(words)
        if vocabulary is not None:
            only_known(words, vocabulary.sections)
        if len(named) == 1 and named[0].last == len(words) - 1 and named[0].first == 0:
            if named[0].section == "lists":
                raise ExpressionError("a whole word list is not for saying")
            kind = Variable if vocabulary is not None else Owed
            return kind(named[0].name, named[0].section, named[0].field)
        return Value(source.strip(), vocabulary)
    except ExpressionError as error:
        raise ExpressionError(error.message, offset + error.offset) from None


@lru_cache(maxsize=256)
def _length(span: timedelta, language: str) -> str:
    seconds = max(0, round(span.total_seconds()))
    units = _SPANS.get(language, _SPANS["en"])
    said: list[str] = []
    for size, unit in units:
        if seconds >= size and len(said) < 2:
            said.append(f"{seconds // size}{unit}")
            seconds %= size
    return " ".join(said) or f"0{units[-1][1]}"
