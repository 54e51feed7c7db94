"""Quotes: WeChat and WeCom put what is quoted before the answer, as part of the text, where anybody can type the like.

Which message is meant is told by what was written in the room lately. It is no more than a hint, as anybody may quote
anything: it says what an answer is about, and never who wrote what is quoted.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, NamedTuple

_QUOTE: Final = re.compile(r"\A「(?P<author>[^：\n]{0,64})：(?P<quoted>.*?)」\n[-—－ ]{6,}\n(?P<said>.*)\Z", re.DOTALL)
_WECOM: Final = ("这是一条引用/回复消息", "This is a quote/reply")
_OF_WECOM: Final = re.compile(
    r"\A[^\n]{0,40}[：:]\s*\n[“\"](?P<author>[^：:\n]{0,64})[：:][ \n]*(?P<quoted>.*?)[”\"]\s*\n-{6,}\n(?P<said>.*)\Z",
    re.DOTALL,
)
_BEGINNINGS: Final = ("「", *_WECOM)


class Quote(NamedTuple):
    """What is quoted, of whom as the client shows them, and what is said to it."""

    author: str
    quoted: str
    said: str


def quote_in(text: str) -> Quote | None:
    """The quote that a text begins with; None for nearly all texts."""
    if not text.startswith(_BEGINNINGS):
        return None
    found = (_OF_WECOM if text.startswith(_WECOM) else _QUOTE).match(text)
    return Quote(found["author"], found["quoted"], found["said"]) if found else None


class Quotable:
    """The messages of rooms that may be quoted, the last ones alone: their ids, and of their texts a hash that means
    nothing after a restart."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[int, str] = OrderedDict()

    def put(self, room: str, names: Iterable[str], text: str, message: str) -> None:
        """Remember a message of somebody who is shown by one of these names."""
        quote = quote_in(text)
        said = (text if quote is None else quote.said).strip()
        if not said:
            return
        for name in ("", *names):
            key = hash((room, name, said))
            self._held[key] = message
            self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def message(self, room: str, quote: Quote) -> str:
        """The message that is quoted: the last of that text whose author is shown by that name, else of anybody, since
        everyone may call others as they like. Empty where it is not remembered."""
        quoted = quote.quoted.strip()
        return self._held.get(hash((room, quote.author, quoted))) or self._held.get(hash((room, "", quoted)), "")
