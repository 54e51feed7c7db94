"""Parts of expressions that are worked out faster than CEL would: patterns compiled once, word lists asked in one step.

    msg.text.matches("...")                            the pattern is compiled when the expression is loaded
    lists.ads.exists(w, msg.normalized.contains(w))    one pass over the text, however long the list is
    d in lists.allowed                                 one look-up, however long the list is
    days.left == 1 ? "day" : "days"                    one comparison, where it is a whole number

The meaning stays CEL's, with one addition: against `msg.normalized` the words of a list are normalized too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from workflows.expression_source import ExpressionError, Path, Token, kind_at, text_at
from workflows.patterns import Automaton, Pattern, normalized
from workflows.plain_text import encodable

FOUND: Final = "yaji_found"
LISTED: Final = "yaji_listed"
PROBES: Final = "yaji_any"
"""What the shortcuts are called inside an expression: functions the first two, a map the last."""

Unquoting: TypeAlias = Callable[[str], object]
"""How a string literal of the source becomes its text."""


class Probe(NamedTuple):
    """The question whether any word of a list is contained in a text variable."""

    list: str
    section: str
    field: str

    @property
    def key(self) -> str:
        return f"{self.list}@{self.section}.{self.field}"


class Shortcuts(NamedTuple):
    """An expression with its shortcuts in place. `listed` says that it asks lists by name while it runs."""

    source: str
    probes: tuple[Probe, ...]
    listed: bool


class Either(NamedTuple):
    """One of two texts, by whether a variable is a certain number: how sentences tell one from many."""

    section: str
    field: str
    number: int
    one: str
    many: str


_EITHER: Final = re.compile(r"""([a-z_]+)\.([a-z0-9_]+) == (\d{1,9}) \? (["'])([^"'\\]*)\4 : (["'])([^"'\\]*)\6""")


def either(source: str) -> Either | None:
    """An expression that is written like that; None for all others."""
    found = _EITHER.fullmatch(source)
    return Either(found[1], found[2], int(found[3]), found[5], found[7]) if found is not None else None


class _List(NamedTuple):
    words: Sequence[str]
    members: frozenset[str]
    raw: Automaton
    folded: Automaton


_MOST_LISTS: Final = 1000
_lists: dict[int, _List] = {}


@lru_cache(maxsize=4096)
def pattern(source: str) -> Pattern:
    """The compiled pattern. Raises ValueError if it cannot be used."""
    return Pattern(source)


def found(text: str, source: str) -> bool:
    """What `matches` does."""
    return pattern(source).found_in(text)


def compiled(words: Sequence[str]) -> _List:
    """A word list ready to be asked. Lists come from the configuration and never change, so each is built once."""
    kept = _lists.get(id(words))
    if kept is None or kept.words is not words:
        if len(_lists) >= _MOST_LISTS:
            _lists.clear()
        plain = [encodable(word) for word in words]
        folded = Automaton([normalized(word).strip() for word in words])
        kept = _lists[id(words)] = _List(words, frozenset(plain), Automaton(plain), folded)
    return kept


def any_in(words: Sequence[str], probe: Probe, text: str) -> bool:
    """The answer to a probe."""
    listed = compiled(words)
    return (listed.folded if probe.field == "normalized" else listed.raw).any_in(text)


def taken(source: str, words: list[Token], paths: list[Path], literal: Unquoting) -> Shortcuts:
    """Put the shortcuts into an expression that was checked before. Raises ExpressionError for an unusable pattern."""
    edits: list[tuple[int, int, str]] = []
    probes: list[Probe] = []
    starts = {path.first: path for path in paths}
    ends = {path.last: path for path in paths}
    listed = False
    for at, word in enumerate(words):
        if word.text == "matches" and word.kind == "word":
            edits.append(_pattern_edit(words, at, literal))
        path = starts.get(at)
        if path is None or path.section != "lists":
            continue
        probe = _probe(words, path, starts)
        if probe is not None:
            probes.append(probe)
            edits.append((word.start, words[path.last + 14].end, f'{PROBES}["{probe.key}"]'))
            continue
        left = _left_of_in(words, at, ends)
        if left is not None and text_at(words, path.last + 1) not in (".", "[", "("):
            asked = source[words[left].start : words[at - 2].end]
            edits.append((words[left].start, words[path.last].end, f'{LISTED}({asked}, "{path.field}")'))
            listed = True
    for start, end, new in sorted(edits, reverse=True):
        source = source[:start] + new + source[end:]
    return Shortcuts(source, tuple(probes), listed)


def _pattern_edit(words: list[Token], at: int, literal: Unquoting) -> tuple[int, int, str]:
    shape = [text_at(words, at - 1), text_at(words, at + 1), kind_at(words, at + 2), text_at(words, at + 3)]
    if shape != [".", "(", "string", ")"]:
        raise ExpressionError('matches needs its pattern written out: msg.text.matches("...")', words[at].start)
    written = literal(words[at + 2].text)
    if not isinstance(written, str):
        raise ExpressionError("matches needs a pattern in quotes", words[at + 2].start)
    try:
        pattern(written)
    except ValueError as error:
        raise ExpressionError(str(error), words[at + 2].start) from None
    return words[at].start, words[at].end, FOUND


def _probe(words: list[Token], path: Path, starts: dict[int, Path]) -> Probe | None:
    """`lists . N . exists ( w , msg . text . contains ( w ) )`, read from the token of `lists`."""
    at = path.last + 1
    text = starts.get(at + 5)
    shape = [text_at(words, n) for n in (at, at + 1, at + 2, at + 4, at + 8, at + 9, at + 10, at + 12, at + 13)]
    if text is None or shape != [".", "exists", "(", ",", ".", "contains", "(", ")", ")"]:
        return None
    if text_at(words, at + 3) != text_at(words, at + 11):
        return None
    return Probe(path.field, text.section, text.field)


def _left_of_in(words: list[Token], at: int, ends: dict[int, Path]) -> int | None:
    """Where a simple operand left of `in` begins: a name, a variable or a string that nothing else holds on to."""
    if text_at(words, at - 1) != "in" or at < 2:
        return None
    left = at - 2
    if words[left].kind not in ("word", "string"):
        return None
    first = ends[left].first if left in ends else left
    return first if text_at(words, first - 1) in ("", "(", "[", ",", "&&", "||", "?", ":") else None
