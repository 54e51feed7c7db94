"""When the assistant heard nothing: kept for each group, and told to its admins when it was long.

What members wrote meanwhile never arrived. A day of check-ins that fell into such a time is made up without a card.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.decision import Decision, Put
from core.effects import TellAdmins
from core.events import Unheard
from core.state import Slot
from core.workflow import View

KEPT: Final = 50
TOLD: Final = timedelta(minutes=5)
"""Shorter ones are kept and not told: a gateway that restarts takes a minute."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing was heard on a platform from `since` to `until`."""

    platform: str
    since: datetime
    until: datetime

    def reaches_into(self, start: datetime, end: datetime, least: timedelta) -> bool:
        """Whether it took at least so much of a time."""
        return min(self.until, end) - max(self.since, start) >= least


@dataclass(frozen=True, slots=True)
class Gaps:
    """Of a group, the latest last."""

    latest: tuple[Gap, ...] = ()


GAPS: Final = Slot("presence.gaps", Gaps)


def decide(event: Unheard, view: View) -> Decision:
    """Keep it, and tell the admins if it was long."""
    held = view.get(GAPS.of_group()) or Gaps()
    gap = Gap(event.platform, event.since, event.at)
    put = Put(GAPS.of_group(), Gaps((*held.latest, gap)[-KEPT:]))
    if event.at - event.since < TOLD:
        return Decision(changes=(put,), because=(f"nothing was heard on {event.platform} for a moment",))
    local = view.group.local
    words = view.group.texts.say(
        "presence.unheard",
        view.group.languages[0],
        {
            "presence": {
                "group": view.group.key,
                "platform": event.platform,
                "since": _when(local(event.since)),
                "until": _when(local(event.at)),
            }
        },
    )
    return Decision(
        changes=(put,),
        effects=(TellAdmins(words=words),),
        because=(f"nothing was heard on {event.platform} from {_when(event.since)} to {_when(event.at)} UTC",),
    )


def _when(at: datetime) -> str:
    return at.isoformat(" ", "minutes")[:16]
