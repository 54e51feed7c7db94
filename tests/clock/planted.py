"""What an intruder would like to have called."""

from __future__ import annotations

CALLED: list[object] = []


def call(*arguments: object) -> None:
    CALLED.append(arguments)
