"""What is said: operators' texts with `${...}`, plain names, and the assistant's own sentences.

    reply: Annotated[Text, Speaks("member", "check_in")] | None

A text is written as a string, or by language: `{zh: ..., en: ...}`. `${expression}` is CEL; `$${` is a literal `${`.
`${member.mention}` becomes a Mention. Whatever a value holds is said literally and can be no markup, no second
placeholder and no change of direction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from core.effects import Words
from workflows.catalog import Catalog
from workflows.expression_source import ExpressionError
from workflows.expressions import Scene, Values, Vocabulary
from workflows.plain_text import LONGEST_NAME, one_line
from workflows.wording import LONGEST_SAID, Wording, names_of

__all__ = ["LONGEST_SAID", "Catalog", "LocalName", "Text"]

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)
_WIDE_COLON: Final = re.compile(r"([a-z]{2,3})\s*：", re.ASCII)


class Text:
    """An operator's text, in one language or several. `names` are the variables used, like "member.name", and
    `vocabulary` those that could be."""

    __slots__ = ("_wordings", "names", "sources", "vocabulary")

    def __init__(self, sources: Mapping[str, str], vocabulary: Vocabulary) -> None:
        """`sources` by language; "" is the language of a text that was written without one."""
        self.sources = dict(sources)
        self.vocabulary = vocabulary
        self._wordings: dict[str, Wording] = {}
        for language, source in sources.items():
            if len(source) > LONGEST_SAID:
                raise ExpressionError(f"a text has at most {LONGEST_SAID} characters; this one has {len(source)}")
            try:
                self._wordings[language] = Wording.of(source, vocabulary)
            except ExpressionError as error:
                if not language:
                    raise
                told = [ExpressionError(f"{language}: {one.message}", one.offset) for one in (error, *error.more)]
                raise ExpressionError(told[0].message, told[0].offset, tuple(told[1:])) from None
        self.names = frozenset[str]().union(*(names_of(found.parts) for found in self._wordings.values()))

    def say(self, language: str, values: Values | Scene) -> Words:
        """The text filled in, in the language asked for or else the first one written. Never raises."""
        found = self._wordings.get(language)
        if found is None:
            first, found = next(iter(self._wordings.items()))
            language = first or language
        return found.filled(language, values)

    @classmethod
    def written(cls, written: object, vocabulary: Vocabulary) -> Self:
        """From what stands in YAML. Raises ValueError."""
        return cls(_by_language(written, "text"), vocabulary)

    @staticmethod
    def json_schema() -> dict[str, object]:
        return _SCHEMA

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and other.sources == self.sources

    def __hash__(self) -> int:
        return hash(tuple(self.sources.items()))

    def __str__(self) -> str:
        return next(iter(self.sources.values()))

    def __repr__(self) -> str:
        return f"Text({self.sources!r})"


class LocalName:
    """A name, in one language or several; nothing in it is an expression."""

    __slots__ = ("names",)

    def __init__(self, names: Mapping[str, str] | str) -> None:
        self.names = {"": names} if isinstance(names, str) else dict(names)

    def in_(self, language: str) -> str:
        """The name in a language, or else the first one written."""
        return self.names.get(language) or next(iter(self.names.values()))

    @classmethod
    def written(cls, written: object) -> Self:
        """From what stands in YAML. Raises ValueError."""
        names = _by_language(written, "name")
        for name in names.values():
            if one_line(name, LONGEST_NAME) != name.strip():
                raise ValueError(f"a name is one line of at most {LONGEST_NAME} characters without hidden ones")
        return cls({language: name.strip() for language, name in names.items()})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda written: written if isinstance(written, cls) else cls.written(written),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(_SCHEMA)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalName) and other.names == self.names

    def __hash__(self) -> int:
        return hash(tuple(self.names.items()))

    def __str__(self) -> str:
        return self.in_("")

    def __repr__(self) -> str:
        return f"LocalName({self.names!r})"


_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z]{2,3}$"},
            "additionalProperties": {"type": "string"},
        },
    ]
}


def _by_language(written: object, what: str) -> dict[str, str]:
    if isinstance(written, Mapping):
        if not written:
            raise ValueError(f"this {what} has no language; write zh: ... or en: ...")
        for language in written:
            if isinstance(language, str) and (wide := _WIDE_COLON.match(language)):
                raise ValueError(f'"{language}" has a wide colon; write {wide[1]}: with a plain one and a space')
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                raise ValueError(f'"{language}" is not a language of this {what}; write zh: ... or en: ...')
        sources = {str(language): _as_text(source, what) for language, source in written.items()}
    else:
        sources = {"": _as_text(written, what)}
    for language, source in sources.items():
        if not source.strip():
            raise ValueError(f"this {what} is empty" + (f" in {language}" if language else ""))
    return sources


def _as_text(written: object, what: str) -> str:
    if isinstance(written, str):
        return written
    if isinstance(written, int | float) and not isinstance(written, bool):
        return str(written)
    raise ValueError(f"a {what} is written as text, or by language: {{zh: ..., en: ...}}")
