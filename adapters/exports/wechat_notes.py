"""What WeChat's grey lines say: who was invited, who came by code, who was removed, who took a message back.

The lines come in the language of the phone that was read; Chinese and English are known. A leave that nobody
ordered leaves no line: WeChat shows it to the owner only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from adapters.exports.history import Reading
from adapters.exports.names import Names
from core.events import MemberJoined, MemberLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`who` joined or left; `by` did it where somebody did; names only. "" is the phone's own user."""

    what: Literal["joined", "left"]
    who: tuple[str, ...]
    by: str | None = None


_QUOTED = r'["“](?P<{0}>[^"”]+)["”]'
_SELF = r"(?:你|You)"
_FORMS: tuple[tuple[Literal["joined", "left"], re.Pattern[str]], ...] = (
    ("joined", re.compile(rf"(?:{_QUOTED.format('by')}|{_SELF})邀请{_QUOTED.format('who')}加入了?群聊")),
    (
        "joined",
        re.compile(rf"{_QUOTED.format('who')}通过(?:扫描)?(?:{_QUOTED.format('by')}|{_SELF})分享的二维码加入群聊"),
    ),
    ("joined", re.compile(rf"{_QUOTED.format('who')}加入了?群聊")),
    ("left", re.compile(rf"(?:{_QUOTED.format('by')}|{_SELF})将{_QUOTED.format('who')}移出了?群聊")),
    ("left", re.compile(rf"{_QUOTED.format('who')}(?:退出了?群聊|离开了?群聊)")),
    ("joined", re.compile(rf"(?:{_QUOTED.format('by')}|You) invited {_QUOTED.format('who')} to the group chat")),
    ("joined", re.compile(rf"{_QUOTED.format('who')} joined (?:the )?group(?: chat)? via (?:the )?QR code")),
    ("left", re.compile(rf"(?:{_QUOTED.format('by')}|You) removed {_QUOTED.format('who')} from the group chat")),
)
_BETWEEN = re.compile(r"、|, ")


def notes(line: str) -> Iterator[Note]:
    """What a grey line says of members; nothing for all other lines."""
    for what, form in _FORMS:
        found = form.search(line)
        if found is not None:
            by = found.groupdict().get("by")
            yield Note(what=what, who=tuple(_BETWEEN.split(found["who"])), by=by)
            return


def moves(line: str, id_: str, at: datetime, names: Names, reading: Reading) -> Iterator[MemberJoined | MemberLeft]:
    """A grey line as events, one for each member. The first is called `id_`, the others are numbered after it."""
    n = 0
    for note in notes(line):
        kind = MemberJoined if note.what == "joined" else MemberLeft
        by = names.actor(note.by, reading) if note.by else None
        for who in note.who:
            actor = names.actor(who, reading)
            yield kind(id=f"{id_}:{n}" if n else id_, at=at, group=reading.group, actor=actor, by=by)
            n += 1
