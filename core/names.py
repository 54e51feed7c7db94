"""Names that are others in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Named(str):
    """A name, with what it is in each language. By itself it is the first one; a text says it in its own language.

    It is a text, so that whatever takes a name takes it, too. One that is another in some language equals no mere text.
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

    @property
    def _elsewhere(self) -> Mapping[str, str]:
        """The languages in which it is another."""
        return {language: name for language, name in self._by_language.items() if not str.__eq__(self, name)}

    def __eq__(self, other: object) -> bool:
        theirs = other._elsewhere if isinstance(other, Named) else {}
        return str.__eq__(self, other) is True and self._elsewhere == theirs

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, str]]]:
        return type(self), (str(self), self._by_language)
