"""Reasons in the reader's language. The books keep one closed set of English sentences; the rest is rendering.

A template is an English sentence with places in it, as `locale/reasons.zh.yaml` lists them:

    "left before {where:reason}; their place is kept": 在{where}之前离开，位置还留着

A place is `{name}` for any text, or `{name:kind}` for a text of one kind (see `_KINDS`); some kinds are rendered
themselves. A sentence that fits no template is somebody's own words, and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import yaml

from workflows.options import span
from workflows.wording import worded

RENDERED: Final = ("zh",)
"""The languages that reasons are rendered in."""

_SPAN: Final = r"(?:\d{1,7}[smhdw])+"
_KINDS: Final[Mapping[str, str]] = {
    "": r".*?",
    "number": r"-?\d+",
    "day": r"\d{4}-\d{2}-\d{2}",
    "word": r"\S+",
    "sign": r"<=|>=|==|<|>",
    "list": r".+?",
    "span": _SPAN,
    "deeds": r".+?",
    "reason": r".+?",
    "term": r".+?",
    "tier": r"\S+",
}
"""`list` is joined as the language joins, `span` is a length of time, `deeds` are what a rule does ("mute 1h, warn"),
`reason` is a sentence of its own, `term` one of the file's terms, and left as it is if it is none of them, `tier` the
id of a tier or none."""

_PLACE: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")


def in_language(reason: str, language: str) -> str:
    """A stored reason as it is shown to somebody: the English sentence, or its rendering where there is one."""
    return _rendered(reason, language) if language in RENDERED else reason


def form(reason: str) -> str:
    """The sentence with places that a reason fills in; one that fills in none is its own."""
    fit = _fitting(reason, RENDERED[0])
    return fit[0].english if fit is not None else reason


def without(reason: str, place: str, instead: str) -> str:
    """A stored reason with something else in one of its places, where its sentence has that place."""
    for template in phrases(RENDERED[0]).templates:
        if place in template.kinds and (found := template.pattern.fullmatch(reason)):
            start, end = found.span(place)
            return reason[:start] + instead + reason[end:]
    return reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Template:
    """One sentence with places. `head` and `tail` are what any reason that fits begins and ends with."""

    english: str
    pattern: re.Pattern[str]
    head: str
    tail: str
    told: str
    kinds: Mapping[str, str]
    literal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    """A language's file: whole sentences, templates from the most specific on, and single terms."""

    whole: Mapping[str, str]
    templates: tuple[_Template, ...]
    terms: Mapping[str, str]


@cache
def phrases(language: str) -> _Phrases:
    """The renderings as they are shipped. Read once."""
    source = (files("workflows") / "locale" / f"reasons.{language}.yaml").read_text(encoding="utf-8")
    written = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 (makes strings only)
    sentences: dict[str, str] = {
        english: told for section, own in written.items() if section != "terms" for english, told in own.items()
    }
    templates = [_template(english, told) for english, told in sentences.items() if _PLACE.search(english)]
    # Of templates that fit alike the one with the most words of its own tells the most; then the typed one.
    templates.sort(key=lambda one: (-one.literal, "" in one.kinds.values(), one.pattern.pattern))
    return _Phrases(
        whole={english: told for english, told in sentences.items() if not _PLACE.search(english)},
        templates=tuple(templates),
        terms=written["terms"],
    )


def _template(english: str, told: str) -> _Template:
    kinds = {found[1]: found[2] or "" for found in _PLACE.finditer(english)}
    literals = _PLACE.split(english)[::3]
    pattern = ""
    for at, literal in enumerate(literals):
        name = list(kinds)[at - 1]
        pattern += (f"(?P<{name}>{_KINDS[kinds[name]]})" if at else "") + re.escape(literal)
    return _Template(
        english=english,
        pattern=re.compile(pattern, re.DOTALL),
        head=literals[0],
        tail=literals[-1],
        told=told,
        kinds=kinds,
        literal=sum(map(len, literals)),
    )


@lru_cache(maxsize=10_000)
def _rendered(reason: str, language: str) -> str:
    whole = phrases(language).whole.get(reason)
    if whole is not None:
        return whole
    fit = _fitting(reason, language)
    return _filled(*fit, language) if fit is not None else reason


def _fitting(reason: str, language: str) -> tuple[_Template, Mapping[str, str]] | None:
    """The template that a reason fits, and what stands in its places."""
    known = phrases(language)
    if reason in known.whole:
        return None
    for template in known.templates:
        if not (reason.startswith(template.head) and reason.endswith(template.tail)):
            continue
        if found := template.pattern.fullmatch(reason):
            return template, found.groupdict()
    return None


def _filled(template: _Template, values: Mapping[str, str], language: str) -> str:
    def place(found: re.Match[str]) -> str:
        name = found[1]
        return _SHOWN.get(template.kinds[name], _as_it_is)(values[name], language)

    return _PLACE.sub(place, template.told)


def _tier(value: str, language: str) -> str:
    return phrases(language).terms["none"] if value == "none" else value


def _as_it_is(value: str, language: str) -> str:
    return value


def _list(value: str, language: str) -> str:
    return re.sub(r" \((\w+)\)", r"（\1）", value).replace(", ", "、")


def _span(value: str, language: str) -> str:
    told = worded(span(value), "", language)
    return told if isinstance(told, str) else value


def _deeds(value: str, language: str) -> str:
    """`mute 1h, points +5`: each verb, and what it is about."""
    return "、".join(deed(one, language) for one in value.split(", "))


def deed(done: str, language: str) -> str:
    """What a rule did, as it is shown to somebody: `mute 1h`, `points +5`."""
    verb, _, rest = done.partition(" ")
    if language not in RENDERED or verb not in phrases(language).terms:
        return done
    about = _span(rest, language) if re.fullmatch(_SPAN, rest) else deed(rest, language)
    return f"{phrases(language).terms[verb]} {about}".rstrip()


def _term(value: str, language: str) -> str:
    return phrases(language).terms.get(value, value)


_SHOWN: Final[Mapping[str, Callable[[str, str], str]]] = {
    "list": _list,
    "span": _span,
    "deeds": _deeds,
    "reason": _rendered,
    "term": _term,
    "tier": _tier,
}
