"""Homes to begin with. Each is a complete community that `yaji check` finds nothing wrong with."""

from __future__ import annotations

from pathlib import Path

NAMES = ("literati", "reading", "support")


def folder(name: str) -> Path:
    """The files of a template."""
    if name not in NAMES:
        raise ValueError(f"there is no template {name}; there are {', '.join(NAMES)}")
    return Path(__file__).parent / name
