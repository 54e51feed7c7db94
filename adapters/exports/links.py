"""Links and @names that stand in plain text."""

from __future__ import annotations

import re

_LINK = re.compile(r"https?://[^\s<>\"'`\]）》」]+", re.IGNORECASE)
_CITED = re.compile(r"(`+).+?\1|\"[^\"\n]*\"|“[^”\n]*”", re.DOTALL)
_NAME = re.compile(r"(?<![\w@/.`])@([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)")


def links(text: str) -> tuple[str, ...]:
    """The web addresses in a text, without the punctuation behind them."""
    if "://" not in text:
        return ()
    return tuple(dict.fromkeys(found.rstrip(".,;:!?)。，；：！？") for found in _LINK.findall(text)))


def names(text: str) -> tuple[str, ...]:
    """The @names in a text as written, each once. Code and what stands in quotation marks is cited: it names nobody."""
    if "@" not in text:
        return ()
    if "`" in text or '"' in text or "“" in text:
        text = _CITED.sub(" ", text)
    return tuple(dict.fromkeys(_NAME.findall(text)))
