"""What is to be said about a home: problems stop it from loading, warnings and notes do not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from config.chinese import chinese
from config.places import Place, Step, shown
from core.errors import ConfigError
from core.system_words import in_chinese

Weight = Literal["problem", "warning", "note"]
"""A problem must be mended; a warning is probably not meant; a note is worth knowing."""
Language = Literal["en", "zh"]


_BOTH: Final[tuple[Language, ...]] = ("en", "zh")


class Said(NamedTuple):
    """A phrase in both languages of the report."""

    en: str
    zh: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Said:
        """With `{name}` replaced by values: the same in both languages, unless they are phrases themselves."""
        en, zh = (self.in_(each).format(**{name: _in(value, each) for name, value in values.items()}) for each in _BOTH)
        return Said(en, zh)


def _in(value: object, language: Language) -> object:
    return value.in_(language) if isinstance(value, Said) else value


def system_said(error: OSError) -> Said:
    """What the operating system says, in both languages."""
    return Said(error.strerror or str(error), in_chinese(error))


def said(en: str, zh: str = "") -> Said:
    """A phrase. Without its Chinese it is one that `chinese` knows, or is the same in both languages."""
    return Said(en, zh or chinese(en))


NOTHING_SAID = Said("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing about one place. Prints as `file:line:col: path: found ..., wanted ... (did you mean ...?)`.

    `why` is a sentence of its own: where the rest does not say it all, and all there is of warnings and notes.
    """

    place: Place
    path: tuple[Step, ...] = ()
    found: Said = NOTHING_SAID
    wanted: Said = NOTHING_SAID
    why: Said = NOTHING_SAID
    guess: str = ""
    weight: Weight = "problem"

    def told(self, language: Language = "en") -> str:
        """The line for people."""
        where = f"{self.place}: " + (f"{shown(self.path)}: " if self.path else "")
        return where + self.message(language)

    def message(self, language: Language = "en") -> str:
        """The line without its place."""
        zh = language == "zh"
        found, wanted, why = (phrase.in_(language) for phrase in (self.found, self.wanted, self.why))
        parts = []
        if found:
            parts.append(_written(found) if zh else f"found {found}")
        if wanted:
            parts.append(f"应为{_spaced(wanted)}" if zh else f"wanted {wanted}")
        text = ("，" if zh else ", ").join(parts)
        text += (("：" if zh else ": ") if text and why else "") + why
        if self.guess:
            text += f"（是不是想写 {self.guess}？）" if zh else f" (did you mean {self.guess}?)"
        return text

    def __str__(self) -> str:
        return self.told()

    def as_json(self) -> dict[str, object]:
        """The same for programs: `path` as a list, `message` as printed after the place and path."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "path": list(self.path),
            "weight": self.weight,
            "found": self.found.en,
            "wanted": self.wanted.en,
            "why": self.why.en,
            "guess": self.guess,
            "message": self.message(),
        }


class Problems:
    """Gathers everything that is to be said; the same thing about the same place is said once."""

    def __init__(self) -> None:
        self._all: dict[tuple[Place, tuple[Step, ...], str], Problem] = {}

    def add(self, problem: Problem) -> None:
        self._all.setdefault((problem.place, problem.path, problem.message()), problem)

    def refuse(
        self,
        place: Place,
        path: Iterable[Step],
        found: Said | str,
        wanted: Said,
        *,
        guess: str = "",
        why: Said = NOTHING_SAID,
    ) -> None:
        """Add a problem. A bare `found` is the same in both languages."""
        told = said(found) if isinstance(found, str) else found
        self.add(Problem(place=place, path=tuple(path), found=told, wanted=wanted, guess=guess, why=why))

    def tell(self, weight: Weight, place: Place, path: Iterable[Step], why: Said, *, guess: str = "") -> None:
        """Add a sentence of any weight."""
        self.add(Problem(place=place, path=tuple(path), why=why, guess=guess, weight=weight))

    def of(self, weight: Weight) -> tuple[Problem, ...]:
        """Those of one weight, by place."""
        return tuple(p for p in self if p.weight == weight)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._all.values(), key=lambda p: (p.place, shown(p.path), p.message())))

    def __len__(self) -> int:
        return len(self._all)


def refused(problems: Iterable[Problem]) -> ConfigError:
    """The error that carries all of them."""
    told = tuple(problems)
    count = f"{len(told)} problem{'s' if len(told) != 1 else ''}"
    return ConfigError(f"The home cannot be used: {count}.\n" + "\n".join(str(p) for p in told), told)


def nearest(word: object, allowed: Iterable[str]) -> str:
    """The allowed word that was probably meant, in backticks, or nothing. A wide colon ends what was written."""
    written, choices = str(word).partition("：")[0].strip(), list(allowed)
    folded = {choice.casefold().replace("-", "_"): choice for choice in choices}
    close = difflib.get_close_matches(written.casefold().replace("-", "_"), folded, n=1, cutoff=0.6)
    return f"`{folded[close[0]]}`" if close else ""


def quoted(value: object, most: int = 60) -> str:
    """A value as an operator may have written it, short enough for one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return f"a mapping of {len(value)}" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}" if value else "an empty list"
    text = str(value).strip().replace("\n", "⏎")
    text = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
    text = text if len(text) <= most else text[: most - 1] + "…"
    return f"`{text}`" if text else "an empty text"


def _written(found: str) -> str:
    """What stands there, or that something does not."""
    return found if found.startswith(("没有", "不存在", "读不了", "第二个")) else f"写的是{_spaced(found)}"


def _spaced(text: str) -> str:
    return f" {text}" if text[:1].isascii() else text
