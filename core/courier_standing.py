"""What a courier knows of its groups' troubles: not there, not allowed to speak, moved, lines that were told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from core.courier_judging import Trip, lacks_name
from core.courier_lines import lacking
from core.degrade import NEEDS
from core.delivery import Parking, Refusal, Settled, State
from core.effects import Say, TellAdmins

PROBE: Final = timedelta(hours=1)
"""How often a group that the assistant is not in is asked again, without a sign that it is back."""


class Standing:
    """By group. What must outlive the process is read back from the outbox and the store's notices."""

    def __init__(self, platform: str, address: Callable[[str], str | None]) -> None:
        self._platform = platform
        self._address = address
        self._moved: dict[str, str] = {}
        self._parked: dict[str, datetime] = {}
        self._silent: dict[str, datetime] = {}
        self._gone: set[str] = set()
        self._probes: dict[str, str] = {}
        self._told: set[str] = set()
        self.forgotten: set[str] = set()
        """Names of lines that may be told again, still to be written."""

    def restore(self, parked: Mapping[str, Parking], told: Iterable[str], now: datetime) -> None:
        """What the store remembers, at the beginning of a term."""
        self._parked.clear()
        self._silent.clear()
        self._probes.clear()
        self._told = set(told)
        for group, parking in parked.items():
            held = self._silent if parking.why.startswith(Refusal.NO_RIGHT) else self._parked
            held[group] = parking.again or now

    # addresses

    def chat(self, group: str) -> str | None:
        """The group's chat, known moves included that others have still to hear of."""
        known = self._address(group)
        return None if known is None else self.now_at(known)

    def now_at(self, chat: str) -> str:
        """The address of a chat, known moves included."""
        while chat in self._moved:
            chat = self._moved[chat]
        return chat

    def move(self, old: str, new: str) -> None:
        """The platform gave a chat a new address, whichever groups are told things there."""
        self._moved.pop(new, None)
        self._moved[old] = new

    # parking

    def park(self, group: str, now: datetime) -> tuple[datetime, bool]:
        """The assistant is not in the group. Answers when to ask again, and whether that is news."""
        self._probes.pop(group, None)
        news = group not in self._gone
        self._gone.add(group)
        again = self._parked.setdefault(group, now + PROBE)
        return again, news

    def hush(self, group: str, now: datetime) -> datetime:
        """The assistant may not write in the group. Answers when to try again."""
        return self._silent.setdefault(group, now + PROBE)

    def stays(self, trip: Trip, now: datetime) -> Settled | None:
        """Why a parcel cannot go into its group now; None if it can."""
        group, effect = trip.parcel.group, trip.effect
        if not trip.at_home or isinstance(effect, TellAdmins):
            return None
        abilities = trip.place.abilities
        line: TellAdmins | None = None
        if group in self._parked:
            why, again = f"{Refusal.NOT_THERE.value}: the assistant is not in the group", self._parked[group]
        elif isinstance(effect, Say) and (group in self._silent or (abilities is not None and "say" not in abilities)):
            why = f"{Refusal.NO_RIGHT.value}: the assistant may not write in the group"
            again = self.hush(group, now)
            # Whoever is in a group may do something there: with no ability at all it is not, which is said elsewhere.
            line = lacking("say", trip.place.group) if trip.place.grantable and abilities else None
        else:
            return None
        kept = Settled(trip.id, State.PARKED, why, not_before=again, unsure=trip.parcel.began)
        return kept if line is None else kept._replace(line=line, once=lacks_name(trip.place, "say"))

    def due(self, now: datetime) -> list[str]:
        """Groups to ask again."""
        return [group for held in (self._parked, self._silent) for group, again in held.items() if again <= now]

    def release(self, group: str, *, probe: bool) -> None:
        """What was parked may go again; with `probe` one parcel first."""
        was = self._parked.pop(group, None)
        self._silent.pop(group, None)
        if not probe:
            self._gone.discard(group)
        elif was is not None:
            self._probes[group] = ""

    def open(self, group: str) -> str | None:
        """The chat of a group from which nothing keeps parcels; None where anything is amiss. May be asked in any
        thread."""
        troubles = (self._parked, self._silent, self._gone, self._probes)
        chat = None if any(group in each for each in troubles) else self._address(group)
        return None if chat in self._moved else chat

    # probing

    def may_try(self, trip: Trip) -> bool:
        """While a group is probed only one parcel goes there; this is it, or it must wait."""
        group = trip.parcel.group
        if group not in self._probes or not trip.at_home or isinstance(trip.effect, TellAdmins):
            return True
        if self._probes[group] in ("", trip.id):
            self._probes[group] = trip.id
            return True
        return False

    def probed(self, trip: Trip) -> bool:
        """The group has answered. True if it was being probed, and others may go now."""
        if self._probes.get(trip.parcel.group) == trip.id:
            del self._probes[trip.parcel.group]
            self._gone.discard(trip.parcel.group)
            return True
        return False

    def gone(self, trip: Trip) -> None:
        """A parcel is out of hand without an answer; if it was the probe, another may be."""
        if self._probes.get(trip.parcel.group) == trip.id:
            self._probes[trip.parcel.group] = ""

    # lines told once

    def told(self, name: str) -> None:
        """A line is written under this name."""
        self._told.add(name)

    def worked(self, trip: Trip) -> None:
        """An effect was done: what it needed is not missing any more. Words that were said elsewhere tell nothing."""
        needs = NEEDS.get(type(trip.effect), "say")
        if trip.at_home or needs != "say":
            self._forget(lacks_name(trip.place, needs))

    def changed(self, group: str) -> None:
        """The assistant's rights in the group changed: whatever was said of them may be said again."""
        prefix = f"lacks:{self._platform}:{group}:"
        for name in [name for name in self._told if name.startswith(prefix)]:
            self._forget(name)

    def _forget(self, name: str) -> None:
        if name in self._told:
            self._told.discard(name)
            self.forgotten.add(name)
