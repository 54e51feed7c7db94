"""Why nothing can be served: one clear sentence in both languages, for whoever typed the command."""

from __future__ import annotations

from config.problems import Said
from core.errors import YajiError


class CannotServe(YajiError):
    """The process cannot start. `told` is the sentence; nothing was changed."""

    def __init__(self, told: Said) -> None:
        super().__init__(told.en)
        self.told = told
