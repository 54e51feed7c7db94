"""What operators write about rules, all together: `rules`, `lists`, `patterns`, `flood`, `duplicates` and `links`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Self

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from workflows import rule_clauses
from workflows.options import Options
from workflows.patterns import WordSet
from workflows.rule_sections import NO_LISTS, NO_PATTERNS, Duplicates, Flood, Links, Rule, WordList, Words, nearest_of
from workflows.rulebook import Book


class Rules(Options):
    """Everything that judges and rewards what happens in the group."""

    lists: dict[str, WordList] = Field(default_factory=dict, description="lists of words or hosts, by name")
    patterns: dict[str, Words] = Field(default_factory=dict, description="lists of RE2 patterns, by name")
    rules: tuple[Rule, ...] = Field(default=(), description="when this happens, if that holds, then do this")
    flood: Flood | None = Field(default=None, description="too many messages in a short time")
    duplicates: Duplicates | None = Field(default=None, description="the same message again and again")
    links: Links | None = Field(default=None, description="links to elsewhere")

    _grants: Mapping[str, frozenset[str]] = PrivateAttr(default_factory=dict)

    def named(self, rule: str, language: str) -> str:
        """What members know a rule as; empty where it has no name of its own."""
        return next((one.name.in_(language) for one in self.rules if one.id == rule and one.name is not None), "")

    @field_validator("lists", mode="after")
    @classmethod
    def _names(cls, lists: dict[str, WordList]) -> dict[str, WordList]:
        for name in lists:
            if not name.isidentifier() or not name.isascii():
                raise ValueError(
                    f'the list "{name}" needs a name of letters, digits and _, so that conditions can say it'
                )
        return lists

    @field_validator("patterns", mode="after")
    @classmethod
    def _compile(cls, patterns: dict[str, Words], info: ValidationInfo) -> dict[str, Words]:
        lists: Mapping[str, WordList] = info.data.get("lists", {})
        both = {**{name: kept.patterns for name, kept in lists.items() if kept.patterns}, **patterns}
        WordSet.build({}, both)
        for name in patterns:
            if name in lists:
                raise ValueError(f'"{name}" is both a list and a pattern; give one of them another name')
        return patterns

    @field_validator("rules", mode="after")
    @classmethod
    def _lists_exist(cls, rules: tuple[Rule, ...], info: ValidationInfo) -> tuple[Rule, ...]:
        lists, patterns = info.data.get("lists"), info.data.get("patterns")
        problems = [*_named_as_sections(rules)]
        if lists is not None and patterns is not None:
            for at, rule in enumerate(rules):
                problems += _unknown(at, rule, lists, patterns)
        refused = [*_twice(rules), *((loc, PydanticCustomError("rule", why)) for loc, why in problems)]
        if refused:
            raise ValidationError.from_exception_data(
                "Rules", [InitErrorDetails(type=why, loc=loc, input=None) for loc, why in refused]
            )
        return rules

    @field_validator("links", mode="after")
    @classmethod
    def _hosts(cls, links: Links | None, info: ValidationInfo) -> Links | None:
        if links is None or "lists" not in info.data:
            return links
        lists: Mapping[str, WordList] = info.data["lists"]
        if isinstance(links.allowed_domains, str) and links.allowed_domains not in lists:
            raise ValueError(
                f'there is no list "{links.allowed_domains}"{nearest_of(links.allowed_domains, lists, NO_LISTS)}'
            )
        named = links.allowed_domains
        hosts = lists[named].entries if isinstance(named, str) else named
        if not hosts:
            raise ValueError("no host is allowed, so every link would be against the rules; allow at least one")
        return links

    @property
    def grants(self) -> Mapping[str, frozenset[str]]:
        """What each tier grants, by the tier's id."""
        return self._grants

    def with_grants(self, grants: Mapping[str, frozenset[str]]) -> Self:
        """The same rules, knowing what each tier grants, for `unless_granted`."""
        made = self.model_copy()
        made._grants = dict(grants)
        made.__dict__.pop("book", None)
        return made

    @cached_property
    def book(self) -> Book:
        """The rules made ready to be asked. Made when the first event asks, and kept as long as the rules are."""
        return Book(self)


def _twice(rules: tuple[Rule, ...]) -> Iterator[tuple[tuple[int | str, ...], PydanticCustomError]]:
    seen: dict[str, int] = {}
    for at, rule in enumerate(rules):
        first = seen.setdefault(rule.id, at)
        if first != at:
            why = f'two rules are called "{rule.id}": number {first + 1} and number {at + 1}'
            yield (at, "id"), PydanticCustomError("rule", why, {"first": first})


def _named_as_sections(rules: tuple[Rule, ...]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    for at, rule in enumerate(rules):
        if rule.id in ("flood", "duplicates", "links"):
            yield (at, "id"), f'"{rule.id}" is the name of a section; give the rule another one'


def _unknown(
    at: int, rule: Rule, lists: Mapping[str, WordList], patterns: Mapping[str, Words]
) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Lists and patterns that a rule names and nobody wrote."""
    for nth, name in enumerate(rule.words):
        if name not in lists:
            yield (at, "words", nth), f'there is no list "{name}"{nearest_of(name, lists, NO_LISTS)}'
        elif not (lists[name].words or lists[name].patterns):
            yield (at, "words", nth), f'the list "{name}" has no words, so this can never match'
    known = {*patterns, *(name for name, kept in lists.items() if kept.patterns)}
    for nth, name in enumerate(rule.patterns):
        if name not in known:
            yield (at, "patterns", nth), f'there are no patterns "{name}"{nearest_of(name, known, NO_PATTERNS)}'
    if rule.if_ is None:
        return
    for name in sorted(rule.if_.lists):
        if name not in lists:
            yield (at, "if"), f'there is no list "{name}"{nearest_of(name, lists, NO_LISTS)}'
    for part in rule_clauses.parts(rule.if_.source):
        hit = rule_clauses.gate(part).hit
        if hit is not None and hit not in lists and hit not in patterns:
            yield (at, "if"), f'there is no list or pattern "{hit}"{nearest_of(hit, [*lists, *patterns])}'
