"""When the assistant heard nothing: kept for each group, and told to its admins when it was long.

What members wrote meanwhile never arrived. A day of check-ins that fell into such a time is made up without a card.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.decision import Decision, Put
from core.effects import TellAdmins
from core.events import Unheard
from core.state import Slot
from core.workflow import View
from workflows import platform_names

KEPT: Final = 50
"""When there are more, short ones go before those that were told."""
TOLD: Final = timedelta(minutes=5)
"""Shorter ones are kept and not told: a gateway that restarts takes a minute."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing was heard on a platform from `since` to `until`."""

    platform: str
    since: datetime
    until: datetime

    @property
    def long(self) -> bool:
        """Whether the admins were told."""
        return self.until - self.since >= TOLD


@dataclass(frozen=True, slots=True)
class Gaps:
    """Of a group, the latest last. `cut` is when the last one ended that was told and is kept no more."""

    latest: tuple[Gap, ...] = ()
    cut: datetime | None = None

    def beside(self, gap: Gap) -> Gaps:
        """These and one more, as far as so many are kept."""
        latest = [*self.latest, gap]
        if len(latest) <= KEPT:
            return Gaps(tuple(latest), self.cut)
        gone = latest.pop(next((n for n, one in enumerate(latest) if not one.long), 0))
        return Gaps(tuple(latest), gone.until if gone.long else self.cut)


@dataclass(frozen=True, slots=True)
class Silence:
    """A time in which some platform was not heard at any moment; which ones were not in some part of it."""

    platforms: tuple[str, ...]
    since: datetime
    until: datetime

    @property
    def span(self) -> timedelta:
        return self.until - self.since


def joined(gaps: Iterable[Gap]) -> tuple[Silence, ...]:
    """Gaps without what they have in common, in their order: those of two platforms at once are one time."""
    made: list[Silence] = []
    for gap in sorted(gaps, key=lambda gap: gap.since):
        if made and gap.since <= made[-1].until:
            before = made.pop()
            platforms = tuple(dict.fromkeys((*before.platforms, gap.platform)))
            made.append(Silence(platforms, before.since, max(before.until, gap.until)))
        else:
            made.append(Silence((gap.platform,), gap.since, gap.until))
    return tuple(made)


def unheard(gaps: Iterable[Gap], platform: str, start: datetime, end: datetime) -> timedelta:
    """How much of a time was not heard on a platform, in one piece or in several."""
    silences = joined(gap for gap in gaps if gap.platform == platform)
    parts = (min(one.until, end) - max(one.since, start) for one in silences)
    return sum((part for part in parts if part > timedelta()), timedelta())


GAPS: Final = Slot("presence.gaps", Gaps)


def decide(event: Unheard, view: View) -> Decision:
    """Keep it, and tell the admins if it was long."""
    held = view.get(GAPS.of_group()) or Gaps()
    gap = Gap(event.platform, event.since, event.at)
    put = Put(GAPS.of_group(), held.beside(gap))
    if not gap.long:
        return Decision(changes=(put,), because=(f"nothing was heard on {event.platform} for a moment",))
    local = view.group.local
    words = view.group.texts.say(
        "presence.unheard",
        view.group.languages[0],
        {
            "presence": {
                "group": view.group.key,
                "platform": platform_names.called(event.platform, view.group.languages[0]),
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


def ends(since: datetime, until: datetime) -> tuple[str, str]:
    """A gap's two ends as clocks show them, to the second where they would be the same minute."""
    long = since.replace(second=0, microsecond=0) != until.replace(second=0, microsecond=0)
    form = "%m-%d %H:%M" if long else "%m-%d %H:%M:%S"
    return since.strftime(form), until.strftime(form)


def _when(at: datetime) -> str:
    return at.isoformat(" ", "minutes")[:16]
