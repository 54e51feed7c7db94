"""Words as Telegram HTML: what people see, with mentions as links, and nobody's name can become markup.

HTML needs three characters escaped, MarkdownV2 eighteen (Bot API, "Formatting options"), so HTML it is. The visible
text and the places of its links are made first; a page of it is written as HTML only when it has been cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from core.effects import Mention, Words
from core.people import native_of, platform_of

_UNSENDABLE: Final = re.compile("[\0\r\ud800-\udfff]")
"""NUL, halves of surrogate pairs, and carriage returns, which Telegram drops by itself."""
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows: in a name they would rearrange the sentence around it."""
_BREAKS: Final = re.compile(r"[\s\u2028\u2029]+")
_SEEN: Final = re.compile(r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]")  # fmt: skip # noqa: E501
"""Any character that leaves a trace on the screen."""


class Link(NamedTuple):
    """A part of a text that leads to a person: from `start` to before `end`, in code points."""

    start: int
    end: int
    user: int


class Visible(NamedTuple):
    """A text as people see it, and the mentions in it, in order and apart from each other."""

    text: str
    links: tuple[Link, ...] = ()


def visible(words: Words) -> Visible:
    """What of the words is seen, without what Telegram does not take."""
    parts: list[str] = []
    links: list[Link] = []
    length = 0
    for part in words:
        if isinstance(part, Mention):
            shown, user = _mentioned(part)
            if user:
                links.append(Link(length, length + len(shown), user))
        else:
            shown = clean(part)
        parts.append(shown)
        length += len(shown)
    return Visible("".join(parts), tuple(links))


def clean(text: str) -> str:
    """The text without what Telegram does not take."""
    return _UNSENDABLE.sub("", text)


def blank(text: str) -> bool:
    """Whether nothing of the text would be seen; Telegram refuses to post such."""
    return _SEEN.search(text) is None


def html(page: Visible) -> str:
    """The page as Telegram's HTML."""
    out: list[str] = []
    at = 0
    for link in page.links:
        out.append(escape(page.text[at : link.start], quote=False))
        out.append(f'<a href="tg://user?id={link.user}">{escape(page.text[link.start : link.end], quote=False)}</a>')
        at = link.end
    out.append(escape(page.text[at:], quote=False))
    return "".join(out)


def part_of(whole: Visible, start: int, end: int, links: Sequence[Link]) -> Visible:
    """The text from `start` to before `end`, with those of `links` that lie in it."""
    inside = (link for link in links if start <= link.start and link.end <= end)
    return Visible(whole.text[start:end], tuple(Link(a - start, b - start, user) for a, b, user in inside))


def _mentioned(mention: Mention) -> tuple[str, int]:
    """The name as it is shown, and the user it leads to; 0 if a link leads nowhere (channels, other platforms)."""
    here, native = platform_of(mention.account) == "telegram", native_of(mention.account)
    if here and native.startswith("@"):
        return clean(native), 0
    name = _BREAKS.sub(" ", _BIDI.sub("", clean(mention.name))).strip()
    shown = native if blank(name) else name
    user = int(native) if here and native.isascii() and native.isdecimal() else 0
    return shown, user
