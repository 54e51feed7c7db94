"""Too much at once: many messages in a short time, or the same one again and again.

What is remembered is small and bounded: instants and fingerprints of texts, never the texts. An album is one act. Edits
are no new messages. Staff are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any, Final

from core.decision import Put
from core.events import MessagePosted
from core.quick import quick
from core.state import Key, Slot
from core.workflow import View
from workflows.folding import normalized
from workflows.links import hints
from workflows.options import span_text
from workflows.rule_sections import Duplicates, Flood


@quick
@dataclass(frozen=True, slots=True)
class Recent:
    """One member's last messages: instants in milliseconds since 1970, oldest first, and the album seen last."""

    at: tuple[int, ...] = ()
    album: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Repeated:
    """Fingerprints of texts and when they were posted (milliseconds), oldest first."""

    texts: tuple[str, ...] = ()
    at: tuple[int, ...] = ()


RECENT: Final = Slot("rules.recent", Recent)
REPEATED: Final = Slot("rules.repeated", Repeated)
_KEPT: Final = {"one": 40, "anyone": 200}
_MENTION: Final = re.compile(r"(?<![a-z0-9.])@(?:[a-z0-9_]+|\S{1,40}(?=\s+\S))")
"""A username; or a name and the space behind it, as "@" in front of a whole text mentions nobody."""
_LINK: Final = re.compile(
    r"(?<![a-z0-9\-.])((?:[a-z][a-z0-9+\-.]{0,20}://|www\.|(?:[a-z0-9\-]{1,63}\.)+[a-z]{2,24}(?=[/?#:]))[!\"$->@-~]*)[!-~]*"
)
"""A link in the one spelling; in the group, what stands before its parameters."""


def reads(event: MessagePosted, flood: Flood | None, duplicates: Duplicates | None) -> Iterator[Key[Any]]:
    """The state that `flooded` and `repeated` will look at."""
    if flood is not None:
        yield RECENT.of(event.actor.account)
    if duplicates is not None and len(event.text) >= duplicates.min_chars:
        yield _place(event, duplicates)


def flooded(event: MessagePosted, flood: Flood, view: View) -> tuple[Put | None, str]:
    """What to remember, and why it is too much, or ""."""
    key = RECENT.of(event.actor.account)
    recent = view.get(key) or Recent()
    if event.album is not None and event.album == recent.album:
        return None, ""
    now, since = _ms(event.at), _ms(event.at - flood.within)
    at = (*(then for then in recent.at if then > since), now)[-flood.messages :]
    put = Put(key, Recent(at, event.album or ""))
    if len(at) < flood.messages:
        return put, ""
    return (
        put,
        f"{flood.messages} messages within {_span(at[-1] - at[0])} "
        f"(limit: {flood.messages} in {span_text(flood.within)})",
    )


def repeated(event: MessagePosted, folded: str, duplicates: Duplicates, view: View) -> tuple[Put | None, str]:
    """As `flooded`, for texts: `folded` is the normalized text."""
    essence = _essence(event, folded, duplicates.min_chars)
    if len(essence) < duplicates.min_chars:
        return None, ""
    key = _place(event, duplicates)
    held = view.get(key) or Repeated()
    now, since = _ms(event.at), _ms(event.at - duplicates.within)
    mark = blake2s(essence.encode(), digest_size=8).hexdigest()
    kept = [(text, then) for text, then in zip(held.texts, held.at, strict=True) if then > since]
    kept = [*kept, (mark, now)][-_KEPT[duplicates.by] :]
    put = Put(key, Repeated(tuple(text for text, _ in kept), tuple(then for _, then in kept)))
    times = sum(1 for text, _ in kept if text == mark)
    if times < duplicates.times:
        return put, ""
    who = "" if duplicates.by == "one" else " in the group"
    return put, f"the same message {times} times{who} within {span_text(duplicates.within)} (limit: {duplicates.times})"


def _essence(event: MessagePosted, folded: str, enough: int) -> str:
    """What the spellings of one text have in common: its letters and links, without mentions and links' parameters.

    Too few letters tell a text from others by its digits, too; one without letters of its own is what it is.
    """
    words = folded
    if "@" in words or event.mentions:
        for name in (normalized(actor.name) for actor in event.mentions):
            words = words.replace(f"@{name}" if f"@{name}" in words else name, " ", 1)
        words = _MENTION.sub(" ", words)
    unlinked, links = words, ""
    if hints(words):
        links = "".join(_LINK.findall(words))
        unlinked = _LINK.sub(" ", words)
    letters = "".join(filter(str.isalpha, unlinked))
    if not letters:
        return "".join(folded.split())
    essence = letters + links
    return essence if len(essence) >= enough else "".join(filter(str.isalnum, words))


def _place(event: MessagePosted, duplicates: Duplicates) -> Key[Repeated | None]:
    return REPEATED.of(event.actor.account) if duplicates.by == "one" else REPEATED.of_group()


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _span(milliseconds: int) -> str:
    return span_text(timedelta(seconds=max(1, round(milliseconds / 1000))))
