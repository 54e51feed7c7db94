"""Names that are others in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Named(str):
    """A name, with what it is in each language. By itself it is the first one; a text says it in its own language.

    It is a text, so that whatever takes a name takes it, too.
    """

    __slots__ = ("_by_language",)
    _by_language: Mapping[str, str]

    def __new__(cls, first: str, by_language: Mapping[str, str]) -> Self:
        made = super().__new__(cls, first)
        made._by_language = dict(by_language)
        return made

    def in_(self, language: str) -> str:
        """The name in a language, or else the first one."""
        return self._by_language.get(language) or str(self)

    def __eq__(self, other: object) -> bool:
        alike = not isinstance(other, Named) or other._by_language == self._by_language
        return alike and str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, str]]]:
        return type(self), (str(self), self._by_language)
