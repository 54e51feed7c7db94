"""What a test hears of a group: what was decided since it last asked."""

from __future__ import annotations

from typing import Any

from core.effects import Say, TellAdmins, plain
from core.memory import MemoryStore


class Ears:
    """For scenes with one group `g` in a store in memory."""

    store: MemoryStore
    read: int = 0

    def effects(self) -> list[Any]:
        """What was decided since the last asking."""
        every = [row.effect for row in self.store.outbox("g")]
        new, self.read = every[self.read :], len(every)
        return new

    def told(self) -> list[str]:
        """The words of what was said since the last asking, to whomever."""
        return [plain(effect.words) for effect in self.effects() if isinstance(effect, Say | TellAdmins)]
