"""The assistant's own sentences: one file per language beside this module, any of them overridable by an operator.

A file has one section per workflow and one level of keys in it: `check_in:` / `already: ...` is "check_in.already".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Self

import yaml

from core.effects import Words
from workflows.expression_source import ExpressionError, nearest
from workflows.expressions import Value
from workflows.wording import LONGEST_SAID, Wording, names_of

SHIPPED: Final = ("zh", "en")
"""The languages that sentences are shipped in. The first is spoken where a language is missing."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence taken apart, with the sections and fields that expressions in it speak of: these leave out what has no
    value, so it is asked for first. A name without a section has no field."""

    wording: Wording
    worked_out: tuple[tuple[str, str], ...]

    @classmethod
    def written(cls, text: str) -> Self:
        """Of a text. Raises ExpressionError."""
        wording = Wording.of(text, None)
        named = (name.partition(".") for name in names_of(part for part in wording.parts if isinstance(part, Value)))
        return cls(wording, tuple((section, field) for section, _, field in named))

    @property
    def names(self) -> frozenset[str]:
        """What it speaks of: {"member.name", "onboarding.days"}."""
        return names_of(self.wording.parts)

    @property
    def knows(self) -> frozenset[str]:
        """What another in its place may speak of: where the member is known at all, they can be named and mentioned."""
        names = self.names
        return names | _MEMBER if any(name.startswith("member.") for name in names) else names


_MEMBER: Final = frozenset(("member.name", "member.mention"))


class Catalog:
    """A phrasebook: sentences by key and language."""

    __slots__ = ("_sentences",)

    def __init__(self, sentences: Mapping[str, Mapping[str, Sentence]]) -> None:
        self._sentences = sentences

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """The sentences as they are shipped. Read once."""
        read = {}
        for language in SHIPPED:
            source = (files("workflows") / "locale" / f"{language}.yaml").read_text(encoding="utf-8")
            written = yaml.load(source, Loader=_STRINGS)  # noqa: S506 (makes strings only)
            read[language] = {key: _sentence(key, language, text) for key, text in _flat(written or {}).items()}
        return cls(read)

    def overridden(self, language: str, written: Mapping[str, Any]) -> Catalog:
        """With an operator's own sentences of one language, in the shape of a shipped file.

        A language that is not shipped falls back to the first shipped one. Raises ValueError naming the key for a
        sentence that does not exist, or one that speaks of what is not known where it is said.
        """
        known = self._sentences.get(language) or self._sentences[SHIPPED[0]]
        new = {}
        for key, text in _flat(written).items():
            if key not in known:
                raise ValueError(f'there is no sentence "{key}"{nearest(key, known)}')
            found = _sentence(key, language, text)
            knows = known[key].knows
            strange = sorted(found.names - knows)
            if strange:
                raise ValueError(f'"{key}" knows nothing of {strange[0]}{nearest(strange[0], knows)}')
            new[key] = found
        return Catalog({**self._sentences, language: {**known, **new}})

    def say(self, key: str, language: str, values: Mapping[str, object]) -> Words:
        """The sentence in the language, or else in the first one. KeyError for an unknown key or a missing value."""
        if language not in self._sentences:
            language = SHIPPED[0]
        sentence = self._sentences[language][key]
        wording = sentence.wording
        if not wording.blanks:
            return wording.parts  # type: ignore[return-value]
        for section, field in sentence.worked_out:
            held = values.get(section)
            if held is None or (field and field not in held):  # type: ignore[operator]
                raise KeyError(f"{key}: no value for {section}{field and '.'}{field}")
        try:
            return wording.filled(language, values)
        except KeyError as error:
            raise KeyError(f"{key}: {error.args[0]}") from None

    def keys(self, language: str = SHIPPED[0]) -> frozenset[str]:
        """Every sentence there is in a language."""
        return frozenset(self._sentences.get(language, ()))

    def names(self, key: str, language: str) -> frozenset[str]:
        """What a sentence speaks of: {"member.name", "onboarding.days"}."""
        return self._sentences[language][key].names

    def knows(self, key: str, language: str) -> frozenset[str]:
        """What an operator's own sentence may speak of in its place."""
        return self._sentences[language][key].knows


_STRINGS: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every command waits for these files: the loader in C reads them in a tenth of the time."""


def _flat(written: Mapping[str, Any]) -> dict[str, str]:
    flat = {}
    for section, sentences in written.items():
        if not isinstance(sentences, Mapping):
            raise ValueError(f'"{section}" is a section; write its sentences under it')
        for key, text in sentences.items():
            if not isinstance(text, str) or not text.strip():
                raise ValueError(f'"{section}.{key}" is not a sentence')
            flat[f"{section}.{key}"] = text.strip("\n")
    return flat


def _sentence(key: str, language: str, text: str) -> Sentence:
    if len(text) > LONGEST_SAID:
        raise ValueError(f'"{key}" ({language}) is longer than {LONGEST_SAID} characters')
    try:
        return Sentence.written(text)
    except ExpressionError as error:
        raise ValueError(f'"{key}" ({language}): {error}') from None
