"""The formats that are known, and telling which one a file has by what is in it, never by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.exports import chatlab, chatlog, gitter, irc, neutral, telegram
from adapters.exports.encoding import refuse_other_than_utf8
from adapters.exports.history import Format, Reading, Skipped, Source
from core.errors import InputRefused
from core.events import Event

FORMATS: dict[str, Format] = {module.name: module for module in (neutral, telegram, chatlab, chatlog, gitter, irc)}


def sniff(source: Source) -> Format:
    """The format of a file. Raises InputRefused, in one sentence, for a file that is no export."""
    head = source.head()
    if not head.strip():
        raise InputRefused(
            f"{source.path.name} is empty; give an export file.", f"{source.path.name} 是空的；请给一个导出文件。"
        )
    if "\0" not in head:
        for format_ in FORMATS.values():
            if format_.recognises(head):
                return format_
    known = "Telegram Desktop result.json, ChatLab, chatlog CSV or JSON, Gitter TSV, an IRC log, Yaji's own JSONL"
    raise InputRefused(
        f"{source.path.name} is no export that Yaji knows ({known}); export the chat again or name its --format.",
        f"{source.path.name} 不是雅集认识的导出（{_KNOWN_ZH}）；请重新导出，或者用 --format 指明格式。",
    )


def choose(name: str) -> Format:
    """The format of that name. Raises InputRefused for a name that is none."""
    if name not in FORMATS:
        raise InputRefused(
            f"{name!r} is no export format; choose one of {', '.join(FORMATS)}.",
            f"没有 {name!r} 这种导出格式；可选 {', '.join(FORMATS)}。",
        )
    return FORMATS[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A history that was opened: its format, the file, and its events in order of time."""

    format: str
    source: Source
    events: Iterator[Event | Skipped]


def open_history(
    path: Path, reading: Reading, format_: str | None = None, told: Callable[[int], None] | None = None
) -> History:
    """Open a file; its format is sniffed if none is named. `told` hears of bytes read. Raises InputRefused."""
    source = Source(path, told)
    refuse_other_than_utf8(path)
    found = choose(format_) if format_ is not None else sniff(source)
    return History(format=found.name, source=source, events=found.read(source, reading))


_KNOWN_ZH: Final = (
    "Telegram Desktop 的 result.json、ChatLab、chatlog 的 CSV 或 JSON、Gitter 的 TSV、IRC 日志、雅集自己的 JSONL"
)
