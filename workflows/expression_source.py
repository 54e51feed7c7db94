"""Reading an expression's source: its words, the variables that it names, and where. Values are never looked at here.

CEL checks the grammar and the types; this reads what CEL cannot tell: which fields are used, whether a pattern can be
compiled, and where a word list can be asked in one step instead of entry by entry.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from workflows.vocabulary import PLAIN, SECTIONS, WHATEVER, Section

LONGEST: Final = 2000
"""Characters of one expression."""

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<string>[bB]?[rR](?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')
      | [bB]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  | (?P<number>0[xX][0-9a-fA-F]+[uU]?|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?[uU]?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>&&|\|\||[<>=!]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NOT_NAMES: Final = frozenset(("true", "false", "null", "in"))
_MACROS: Final = frozenset(("exists", "all", "filter", "map", "exists_one"))


class ExpressionError(ValueError):
    """An expression or text cannot be used. `offset` is where in its source, in characters from 0; `more` is what else
    is wrong with it."""

    def __init__(self, message: str, offset: int = 0, more: tuple[ExpressionError, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.more = more

    def __str__(self) -> str:
        return f"{self.message} (at character {self.offset + 1})" if self.offset else self.message


class Token(NamedTuple):
    """A word of the source; `kind` is string, number, word or mark."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Path(NamedTuple):
    """A variable that is named: `msg.text`, or `now`. `first` and `last` are the positions of its tokens."""

    section: str
    field: str
    first: int
    last: int

    @property
    def name(self) -> str:
        return f"{self.section}.{self.field}" if self.field else self.section


def tokens(source: str, start: int = 0) -> Iterator[Token]:
    """The words of an expression from a place on, spaces and comments left out."""
    for found in _TOKEN.finditer(source, start):
        kind = str(found.lastgroup)
        if kind != "space":
            yield Token(kind, found.group(), found.start())


def roots(words: list[Token]) -> Iterator[int]:
    """Where a name begins that is not a field of something, a function or a constant."""
    for at, word in enumerate(words):
        if word.kind != "word" or word.text in _NOT_NAMES:
            continue
        if at and words[at - 1].text == "." and at > 1 and _ends_operand(words[at - 2]):
            continue
        if text_at(words, at + 1) == "(":
            continue
        yield at


def bound_names(words: list[Token]) -> frozenset[str]:
    """The names that macros bind: `w` in `lists.ads.exists(w, ...)`."""
    return frozenset(
        words[at + 2].text
        for at, word in enumerate(words)
        if word.text in _MACROS and text_at(words, at + 1) == "(" and text_at(words, at + 3) == ","
    )


def paths(words: list[Token], allowed: Mapping[str, Section]) -> list[Path]:
    """The variables that are named, each checked. Raises ExpressionError for one that does not exist here."""
    bound = bound_names(words)
    found = []
    for at in roots(words):
        word = words[at]
        if word.text in bound:
            if word.text in SECTIONS:
                raise ExpressionError(f'"{word.text}" already means something; take another name', word.start)
            continue
        if word.text not in SECTIONS:
            continue
        if word.text not in allowed:
            here = ", ".join(sorted(allowed)) or "nothing"
            raise ExpressionError(f'"{word.text}" is not known here; what is: {here}', word.start)
        found.append(_path(words, at, allowed[word.text]))
    return found


def free_paths(words: list[Token]) -> list[Path]:
    """The variables that are named, whatever they are called: for the assistant's own texts."""
    bound = bound_names(words)
    found = []
    for at in roots(words):
        if words[at].text in bound:
            continue
        if text_at(words, at + 1) == "." and kind_at(words, at + 2) == "word" and text_at(words, at + 3) != "(":
            found.append(Path(words[at].text, words[at + 2].text, at, at + 2))
        else:
            found.append(Path(words[at].text, "", at, at))
    return found


def nearest(name: str, known: Iterable[str]) -> str:
    """A guess at what was meant, as the end of a sentence; empty if nothing is near."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def closing_brace(source: str, start: int) -> int | None:
    """Where the `}` is that ends an expression which begins at `start`; None if there is none."""
    depth = 0
    for word in tokens(source, start):
        if word.text == "{":
            depth += 1
        elif word.text == "}":
            if depth == 0:
                return word.start
            depth -= 1
    return None


def _path(words: list[Token], at: int, section: Section) -> Path:
    name = words[at].text
    if PLAIN in section:
        return Path(name, "", at, at)
    if text_at(words, at + 1) != "." or kind_at(words, at + 2) != "word":
        some = ", ".join(f"{name}.{field}" for field in list(section)[:3] if field != WHATEVER) or f"{name}.<name>"
        raise ExpressionError(f'"{name}" needs a field after it: {some} ...', words[at].start)
    field = words[at + 2]
    if field.text not in section and WHATEVER not in section:
        parts = (f"_{field.text}", f"{field.text}_")
        whole = next((known for known in section if known.endswith(parts[0]) or known.startswith(parts[1])), "")
        guess = f"; did you mean {name}.{whole}?" if whole else ""
        guess = guess or nearest(f"{name}.{field.text}", [f"{name}.{known}" for known in section])
        raise ExpressionError(f'"{name}.{field.text}" is not known{guess}', words[at].start)
    return Path(name, field.text, at, at + 2)


def _ends_operand(word: Token) -> bool:
    return word.kind != "mark" or word.text in (")", "]", "}")


def text_at(words: list[Token], at: int) -> str:
    """The token at a place; "" before the first and after the last."""
    return words[at].text if 0 <= at < len(words) else ""


def kind_at(words: list[Token], at: int) -> str:
    """The kind of the token at a place; "" before the first and after the last."""
    return words[at].kind if 0 <= at < len(words) else ""
