"""What is to be done with a parcel at this moment: where it goes and as what, or why it does not go. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from core.corrections import Corrections
from core.courier_lines import corrected, lacking, shut
from core.degrade import Drop, Instead, Keep, degrade, overdue
from core.delivery import Ability, Destination, Parcel, Settled, State
from core.effects import Ban, Delete, Edit, Effect, Invite, Mention, Mute, Pin, React, Remove, Say, TellAdmins
from core.people import Account, native_of
from core.workflow import Group

MOST_ATTEMPTS: Final = 8
REMOVAL_REPEATS: Final = timedelta(minutes=10)
"""A removal whose outcome nobody knows is repeated this long: later the member may have come back."""
LATE: Final = timedelta(seconds=10)
"""From then on a sanction is for what is left of it; before, nobody sees the difference."""
ADMINS_WAIT: Final = timedelta(minutes=1)
ADMINS_GIVE_UP: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A group as its parcels find it now. `admins` is where its admins can be told things; `desk` the chat of the
    group's desk, if it has one; `corrections` what its admins were told lately that was not done."""

    platform: str
    group: Group
    chat: str
    admins: Callable[[], Sequence[Destination]]
    desk: str
    abilities: frozenset[Ability] | None
    grantable: bool
    corrections: Corrections

    def person(self, to: Destination) -> Account | None:
        """Whose private chat a destination is; None for a group's."""
        return None if to.chat in (self.chat, self.desk) else Account(f"{self.platform}:{to.chat}")


@dataclass(slots=True, kw_only=True)
class Trip:
    """A parcel that goes: as which effect, and where to. `note` says why the effect is another than was decided.

    `parts` is how many messages it will take in each chat; `said` that some were said in this attempt, or may have
    been; `between` that it waits between two of its messages, and nothing was asked of the platform that is not
    answered; `deadline` when it has taken too long, on the monotonic clock: infinite unless it is on its way.
    """

    parcel: Parcel
    effect: Effect
    to: tuple[Destination, ...]
    place: Place
    note: str = ""
    parts: int = 1
    said: bool = False
    between: bool = False
    number: int = 0
    deadline: float = float("inf")

    @property
    def id(self) -> str:
        return self.parcel.id

    @property
    def posts(self) -> bool:
        """Whether it puts a message into a chat."""
        return isinstance(self.effect, Say | TellAdmins)

    @property
    def answers(self) -> bool:
        """Whether somebody waits for it, who wrote something."""
        return self.parcel.asker is not None or (isinstance(self.effect, Say) and self.effect.reply_to is not None)

    @property
    def at_home(self) -> bool:
        """Whether it needs the assistant to be in the group."""
        return self.to[0].chat == self.place.chat

    @property
    def public(self) -> bool:
        """Whether it goes to a group's chat, not to one person's."""
        return self.place.person(self.to[0]) is None

    @property
    def lane(self) -> Hashable:
        """Acts with the same lane must keep their order."""
        effect = self.effect
        if isinstance(effect, Edit | Pin | React):
            return effect.message
        if isinstance(effect, Delete | Invite):
            return None
        return about(effect)


def judge(parcel: Parcel, place: Place, now: datetime, name: str = "") -> Trip | Settled:
    """Where a parcel goes, or what becomes of it at once. `name` is how the person is called whom it is about."""
    if parcel.expires is not None and parcel.expires <= now:
        return Settled(parcel.id, State.DROPPED, f"too late: of use until {parcel.expires:%Y-%m-%d %H:%M} UTC")
    if parcel.attempts >= MOST_ATTEMPTS:
        return Settled(parcel.id, State.DEAD, f"given up after {parcel.attempts} attempts", unsure=parcel.began)
    verdict = degrade(parcel.effect, place.abilities, place.group, at=now, name=name, grantable=place.grantable)
    if is_over(parcel, now) and (isinstance(verdict, Keep) or _removes(verdict)):
        verdict = overdue(parcel.effect, place.group, at=now, name=name)
    if isinstance(verdict, Drop | Instead):
        # Known from the assistant's standing: when that changed, the admins were told which right is missing.
        verdict = replace(verdict, lacks=None)
    effect, note = parcel.effect, ""
    if isinstance(verdict, Drop):
        return replaced(parcel, place, verdict, State.DROPPED, now)
    if isinstance(verdict, Instead):
        if not _same_way(parcel.effect, verdict.effects):
            return replaced(parcel, place, verdict, State.DROPPED, now)
        effect, note = verdict.effects[0], verdict.because
    if not repeats(effect, parcel.unsure + parcel.began, parcel.at, now):
        why = "nobody knows whether it was done, and it is not repeated"
        return Settled(parcel.id, State.UNSURE, why, unsure=parcel.began)
    to = destinations(effect, place)
    if not to:
        if now - parcel.at > ADMINS_GIVE_UP:
            return Settled(parcel.id, State.DEAD, "no admin can be told", unsure=parcel.began)
        later = now + ADMINS_WAIT
        return Settled(parcel.id, State.WAITING, "no admin is known yet", not_before=later, unsure=parcel.began)
    return Trip(parcel=parcel, effect=effect, to=to, place=place, note=note)


def replaced(parcel: Parcel, place: Place, verdict: Instead | Drop, state: State, now: datetime) -> Settled:
    """A parcel in whose place others go, or nothing; the admins are told once what is missing, once a week which topic
    is shut, and once a while how much of what they were told was not done."""
    effects = verdict.effects if isinstance(verdict, Instead) else ()
    if isinstance(verdict, Instead) and (undone := verdict.undone) is not None:
        count = place.corrections.due(parcel.id, place.group.key, (undone.why, undone.right), now)
        effects += () if count is None else (corrected(undone, place.group, count),)
    line = None if verdict.lacks is None else lacking(verdict.lacks, place.group)
    once = "" if verdict.lacks is None else lacks_name(place, verdict.lacks)
    if isinstance(verdict, Drop) and verdict.shut:
        line = shut(verdict.shut, place.group)
        once = f"shut:{place.platform}:{place.group.key}:{verdict.shut}:{place.group.local(now):%G-%V}"
    return Settled(parcel.id, state, verdict.because, instead=effects, line=line, once=once)


def lacks_name(place: Place, needs: Ability) -> str:
    """Under which name the admins are told that an ability is missing."""
    return f"lacks:{place.platform}:{place.group.key}:{needs}"


def destinations(effect: Effect, place: Place) -> tuple[Destination, ...]:
    """The chats that an effect goes to, one after the other."""
    if isinstance(effect, TellAdmins):
        return tuple(place.admins())
    if isinstance(effect, Say) and effect.to is not None:
        return (Destination(place.group.key, native_of(effect.to)),)
    return (Destination(place.group.key, place.chat),)


def spoken_to(effect: Effect) -> Account | None:
    """The one member whom a message of the group is for: who may press, or who alone is named."""
    if not isinstance(effect, Say):
        return None
    named = [part.account for part in effect.words if isinstance(part, Mention)]
    return effect.chooser or (named[0] if len(named) == 1 else None)


def rest_of(parcel: Parcel, now: datetime) -> timedelta | None:
    """How much is left of a mute or a ban, which lasts from its decision on; None of what has no end, or no span."""
    effect = parcel.effect
    return parcel.at + effect.span - now if isinstance(effect, Mute | Ban) and effect.span is not None else None


def is_over(parcel: Parcel, now: datetime) -> bool:
    """Whether it is a mute or a ban that would be lifted by now."""
    rest = rest_of(parcel, now)
    return rest is not None and rest <= timedelta()


def _removes(verdict: Drop | Instead) -> bool:
    return isinstance(verdict, Instead) and any(isinstance(effect, Remove) for effect in verdict.effects)


def shortened(effect: Effect, parcel: Parcel, now: datetime) -> Effect:
    """A mute or a ban that comes late, for what is left of it; all others as they are."""
    rest = rest_of(parcel, now)
    if rest is None or now - parcel.at < LATE or not isinstance(effect, Mute | Ban):
        return effect
    return replace(effect, span=max(rest, timedelta()))


def repeats(effect: Effect, unsure: int, at: datetime, now: datetime) -> bool:
    """Whether something is tried again after so many attempts whose outcome nobody knows.

    Of a message there are never more than two copies, of a digest or an announcement never more than one; what can be
    done twice without harm is repeated.
    """
    if not unsure:
        return True
    if isinstance(effect, Say) and (effect.urgency == "bulk" or effect.announce):
        return False
    if isinstance(effect, Say | TellAdmins | Invite):
        return unsure <= 1
    return not isinstance(effect, Remove) or now - at <= REMOVAL_REPEATS


def about(effect: Effect) -> Account | None:
    """The person whom an effect is about, or for."""
    found: Account | None = getattr(effect, "member", None) or getattr(effect, "to", None)
    return found or getattr(effect, "about", None)


def _same_way(effect: Effect, effects: Sequence[Effect]) -> bool:
    """One message in place of one message: the parcel itself goes, in another shape."""
    return (
        len(effects) == 1 and isinstance(effects[0], Say | TellAdmins) and isinstance(effect, Say | Edit | TellAdmins)
    )


def begun(parcel: Parcel) -> Parcel:
    """The parcel as it stands in the outbox once this attempt has begun."""
    if parcel.in_hand:
        return parcel._replace(in_hand=False)
    return parcel._replace(attempts=parcel.attempts + 1, unsure=parcel.unsure + parcel.began, began=False)
