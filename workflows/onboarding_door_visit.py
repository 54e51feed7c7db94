"""One event about somebody at the door: who it is, what is asked there, how long they are silent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from core.decision import DropTimer, SetTimer
from core.effects import Effect, Mute, Unmute
from core.events import ButtonPressed, Event
from core.people import Account, Member
from core.workflow import View
from workflows.mutes import MUTED
from workflows.onboarding_entry_options import Entry
from workflows.onboarding_knocking import Knocking
from workflows.onboarding_options import Onboarding
from workflows.onboarding_voice import Voice, voice_for

TIMER = "door:"
Place = Literal["group", "own", "crowd", "private"]
"""Where somebody is spoken with: in the group, on their own buttons there, on buttons for many, or in private."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One event about somebody at the door, with everything that is needed to decide."""

    event: Event
    here: Knocking
    member: Member
    options: Onboarding
    view: View

    @property
    def account(self) -> Account:
        """Who is at the door."""
        return self.here.account

    @property
    def entry(self) -> Entry:
        """What is asked there."""
        return self.options.doorway

    @property
    def message(self) -> str:
        """The message in the group whose button was pressed; "" for other events."""
        return self.event.message if isinstance(self.event, ButtonPressed) else ""

    def voice(self, place: Place) -> Voice:
        """How to speak with them there."""
        found = voice_for(self.member, self.account, self.event, self.options, self.view)
        if place == "private":
            return replace(found, private=True, topic=None, reply_to=None)
        return replace(found, private=False, reply_to=None)

    def now(self, **changed: object) -> Visit:
        """The visit with a changed state."""
        return replace(self, here=replace(self.here, **changed))  # type: ignore[arg-type]


def mute(visit: Visit, span: timedelta | None = None) -> Mute:
    """Keep them silent. It ends by itself if nobody renews it, but never before a sanction does."""
    ours = span or min(visit.entry.within, _DAY) + _HOUR
    sanctioned, rest = _sanction(visit)
    if sanctioned:
        return Mute(member=visit.account, span=None if rest is None else max(rest, ours), silently=True)
    return Mute(member=visit.account, span=ours, silently=True)


def lift(visit: Visit) -> tuple[Effect, tuple[str, ...]]:
    """Let them write, unless a rule or an admin muted them for something else; and why not."""
    sanctioned, rest = _sanction(visit)
    if sanctioned:
        return Mute(member=visit.account, span=rest), ("a mute by the rules still holds",)
    return Unmute(member=visit.account), ()


def _sanction(visit: Visit) -> tuple[bool, timedelta | None]:
    """Whether a mute of the rules holds, and what is left of it; None is until somebody lifts it."""
    record = visit.view.get(MUTED.of(visit.member.account))  # a person's, whichever account the event is of
    if record is None:
        return False, None
    if not record.until:
        return True, None
    rest = datetime.fromtimestamp(record.until, UTC) - visit.event.at
    return rest > timedelta(), rest


def timer(here: Knocking) -> SetTimer | DropTimer:
    """The one timer of somebody at the door: the question to put, the mute to renew, the end of their time."""
    key = f"{TIMER}{here.account}"
    moments = [moment for moment in (here.ask_at, renewal(here), here.until) if moment is not None]
    if here.stage != "asking" or here.away or not moments:
        return DropTimer(key)
    return SetTimer(key=key, at=min(moments), member=here.account)


def renewal(here: Knocking) -> datetime | None:
    """When the mute has to be asked for again; None if it outlasts their time."""
    if here.muted is None or here.until is None or here.muted + _DAY >= here.until:
        return None
    return here.muted + _DAY


def visit_of(event: Event, here: Knocking | None, member: Member, options: Onboarding, view: View) -> Visit:
    """The visit of whoever an event is about."""
    found = here or Knocking(account=member.account, since=event.at)
    return Visit(event=event, here=found, member=member, options=options, view=view)
