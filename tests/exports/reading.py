"""Reading an export in a test: write it down, read it, and say what came out."""

from __future__ import annotations

from pathlib import Path

from adapters.exports.formats import open_history
from adapters.exports.history import Reading, Skipped
from core.events import Event


def read(path: Path, content: str | bytes, **how: object) -> tuple[str, list[Event], list[Skipped]]:
    """The format that was told, the events, and the parts that were skipped."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    history = open_history(path, Reading(group="g", **how))  # type: ignore[arg-type]
    told = list(history.events)
    events = [item for item in told if not isinstance(item, Skipped)]
    return history.format, events, [item for item in told if isinstance(item, Skipped)]
