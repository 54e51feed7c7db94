"""What is remembered of questions: which are open, and what was said about them. No text is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.state import Slot
from workflows.question_options import KEPT

ALONE: Final = timedelta(hours=12)
"""Somebody who was named is not named again for so long; a line that has to wait longer is not said any more."""
A_DAY: Final = timedelta(days=1)
JUDGED_WITHIN: Final = timedelta(days=1)
"""Whoever asked has so long to say that an answer was none."""


@dataclass(frozen=True, slots=True)
class Open:
    """A question without an answer. `platform` is where the message is, `asker` the account of who asked.

    `offered`: the group has read an answer of the operator's that stands beside it.
    """

    message: str
    at: datetime
    platform: str = ""
    asker: str = ""
    topic: str = ""
    offered: bool = False


@dataclass(frozen=True, slots=True)
class Questions:
    """The open questions of a group, oldest first; when it was asked once more, and who was named when.

    `told` are those that the operator's answer answered: they are open if whoever asked says that it did not.
    """

    open: tuple[Open, ...] = ()
    said: tuple[datetime, ...] = ()
    named: dict[str, datetime] = field(default_factory=dict)
    told: tuple[Open, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to remember."""
        return not (self.open or self.said or self.named or self.told)

    def current(self, at: datetime) -> Questions | None:
        """Without what is remembered no longer; nothing if none is left."""
        left = Questions(
            open=tuple(one for one in self.open if at - one.at < KEPT),
            said=tuple(one for one in self.said if at - one < A_DAY),
            named={account: one for account, one in self.named.items() if at - one < ALONE},
            told=tuple(one for one in self.told if at - one.at < JUDGED_WITHIN),
        )
        return None if left.empty else left


QUESTIONS: Final = Slot("questions.open", Questions)
