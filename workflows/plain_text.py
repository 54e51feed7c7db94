"""What may be shown of a text that somebody else wrote: nothing in it can change the lines around it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 64
LONGEST_VALUE: Final = 500
_MOST_MARKS: Final = 3
_JOINER: Final = "\u200d"
_STOPPER: Final = "\u2060"
"""Takes no room and joins two words; behind a sign, what follows is no address any more."""
_PRESSED: Final = re.compile(r"@(?=[A-Za-z0-9_])|(?<!\w)#(?=\w)|(?<![\w/<>])/(?=[A-Za-z0-9_])|(?<=\w)\.(?=\w)|:(?=//)")
"""The signs by which platforms find somebody's @name, a tag, a command or an address in a text."""
_LEFT_TO_RIGHT: Final = "\u200e"
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_SIGNS: Final = frozenset("@#/.:")
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_HARMLESS: Final = re.compile(r"[\w -~、-】！-～，。“”‘’…—\U0001f300-\U0001f64f]*")
"""Letters, digits, the usual punctuation and emoji: nothing that is dropped, joined or cut, as most texts are."""


def one_line(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text on one line: line breaks and runs of spaces become one space. See `shown`."""
    if (
        len(text) <= longest
        and "  " not in text
        and ((text.isascii() and text.isprintable()) or _HARMLESS.fullmatch(text))
    ):
        return text.strip()
    return shown(re.sub(r"\s+", " ", text[: 20 * longest]), longest).strip()


def shown(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text without direction marks, control and invisible characters and piled-up accents, cut with "…".

    Line breaks stay; so do the joiner inside emoji, and what makes a name `inert` or lets a number follow it.
    """
    kept: list[str] = []
    marks = 0
    text = text[: 20 * longest]
    from_the_right = found.start() if (found := _RIGHT_TO_LEFT.search(text)) is not None else len(text)
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > _MOST_MARKS:
                continue
        else:
            marks = 0
        if category in _UNSEEN and char != "\n" and not (kept and _kept_behind(kept[-1], char, place > from_the_right)):
            continue
        kept.append(char)
        if len(kept) > longest:
            return "".join(kept[: longest - 1]) + "…"
    return "".join(kept)


def _kept_behind(last: str, char: str, leaned: bool) -> bool:
    """Whether a character that is not seen means something behind the one before it. `leaned`: some of what stands
    before is written from right to left."""
    if char == _LEFT_TO_RIGHT:
        return leaned and last != _LEFT_TO_RIGHT
    return (char == _JOINER and not last.isalnum()) or (char == _STOPPER and last in _SIGNS)


def inert(name: str) -> str:
    """A name of somebody in which nothing can be pressed, whatever they call themselves: it looks the same, and is no
    address, no tag, no command, and calls nobody else."""
    return name if _SIGNS.isdisjoint(name) else _PRESSED.sub(rf"\g<0>{_STOPPER}", name)


def before_a_number(name: str) -> str:
    """A name that a number follows, with a mark behind it where it is written from right to left: the number would be
    shown on its other side, beside that of the place."""
    return f"{name}{_LEFT_TO_RIGHT}" if _RIGHT_TO_LEFT.search(name) else name


def encodable(text: str) -> str:
    """The text with "\ufffd" for NUL and lone surrogates, which the C libraries would stop at or refuse."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return str(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(text)
