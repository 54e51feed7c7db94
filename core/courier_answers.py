"""What an answer of the platform makes of a parcel."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.budget import Short
from core.courier_judging import MOST_ATTEMPTS, Trip, lacks_name, repeats, replaced
from core.courier_lines import lacking, silenced
from core.degrade import Instead, after_refusal
from core.delivery import Done, Later, Never, Refusal, Settled, State, Unsure
from core.effects import Effect, Pin, Say

TOLD_TO_WAIT: Final = "told to wait"
"""How the outcome begins of what waits because the platform asked for a pause in its chat, so that a restart knows."""
ALL_TOLD_TO_WAIT: Final = f"{TOLD_TO_WAIT}, with everything"
_FIRST: Final = 0.5


def done(trip: Trip, answer: Done) -> Settled:
    """It happened."""
    said = [text for text in (trip.note, answer.note) if text]
    pins = _pins(trip.effect, answer)
    return Settled(trip.id, State.DONE, "; ".join(said) or "done", message=answer.message, instead=pins)


def gives_up(trip: Trip, *, whole: bool) -> bool:
    """Whether it is not tried again when it did not happen; an outage of the whole platform is no fault of the
    parcel's."""
    return not whole and trip.parcel.attempts >= MOST_ATTEMPTS


def given_up(trip: Trip, answer: Later, now: datetime, *, name: str) -> Settled:
    """It did not happen and is not tried again. Whoever read that it is done is told as if it was refused."""
    refused, place = Never(refusal=Refusal.IMMUNE, why=answer.why), trip.place
    verdict = after_refusal(trip.effect, refused, place.group, at=now, name=name, grantable=place.grantable)
    why = f"given up after {trip.parcel.attempts} attempts: {answer.why}"
    return replaced(trip.parcel, place, replace(verdict, because=why), State.DEAD, now)


def later(trip: Trip, answer: Later, now: datetime, *, whole: bool) -> Settled:
    """It did not happen and is tried again."""
    wait = answer.after if whole else max(answer.after, pause(trip.parcel.attempts))
    why = answer.why
    if answer.flood:
        why = f"{ALL_TOLD_TO_WAIT if whole else TOLD_TO_WAIT}: {why}"
    return Settled(trip.id, State.WAITING, why, not_before=now + wait, counts=not whole)


def unsure(trip: Trip, answer: Unsure, now: datetime) -> Settled:
    """Nobody knows whether it happened."""
    if trip.parcel.attempts >= MOST_ATTEMPTS:
        why = f"given up after {trip.parcel.attempts} attempts: {answer.why}"
        return Settled(trip.id, State.DEAD, why, unsure=True)
    if not repeats(trip.effect, trip.parcel.unsure + 1, trip.parcel.at, now):
        return Settled(trip.id, State.UNSURE, f"nobody knows whether it was done: {answer.why}", unsure=True)
    again = now + pause(trip.parcel.attempts)
    return Settled(trip.id, State.WAITING, f"repeated: {answer.why}", not_before=again, unsure=True)


def never(trip: Trip, answer: Never, now: datetime, *, name: str, member: bool) -> Settled:
    """It was refused: what goes in its place. (Moves, parking and credentials are not decided here.)"""
    place = trip.place
    verdict = after_refusal(
        trip.effect, answer, place.group, at=now, name=name, member=member, grantable=place.grantable
    )
    unheard = answer.refusal is Refusal.UNREACHABLE and isinstance(trip.effect, Say)
    left = unheard or answer.refusal in (Refusal.GONE, Refusal.IMMUNE)
    state = State.DROPPED if left or isinstance(verdict, Instead) else State.DEAD
    return replaced(trip.parcel, place, verdict, state, now)


def parked(trip: Trip, answer: Never, again: datetime) -> Settled:
    """The assistant is not there, or may not speak: it waits for a better time."""
    kept = Settled(trip.id, State.PARKED, f"{answer.refusal.value}: {answer.why}", not_before=again, counts=False)
    if answer.refusal is not Refusal.NO_RIGHT or answer.needs is None or not trip.place.grantable:
        return kept
    line, once = lacking(answer.needs, trip.place.group), lacks_name(trip.place, answer.needs)
    return kept._replace(line=line, once=once)


def put_off(trip: Trip, why: str, until: datetime | None = None) -> Settled:
    """It waits, and this attempt does not count."""
    return Settled(trip.id, State.WAITING, why, not_before=until, counts=False)


def broken_off(trip: Trip, answer: Later, now: datetime) -> Settled:
    """Some of its messages are said and the rest is not. It goes on with them; the attempt does not count."""
    if not answer.flood:
        return put_off(trip, answer.why)
    return put_off(trip, f"{TOLD_TO_WAIT}: {answer.why}", now + answer.after)


def left_out(trip: Trip, short: Short, name: str, now: datetime) -> Settled:
    """Somebody, called `name`, has had their share of what the account may say. The admins hear of the first answer in
    a day that is left out; the room hears nothing."""
    place = trip.place
    return Settled(
        trip.id,
        State.DROPPED,
        short.why,
        unsure=trip.parcel.began,
        line=silenced(place.group, trip.parcel.asker, name),
        once=f"share:{place.platform}:{place.group.key}:{place.group.day(now)}",
    )


def is_final(settled: Settled) -> bool:
    """Whether the parcel is out of a courier's hands."""
    return settled.state.final or settled.state is State.PARKED


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: half a second, then twice as long each time, to a point."""
    return timedelta(seconds=_FIRST * 2 ** min(MOST_ATTEMPTS, max(0, attempts - 1)))


def _pins(effect: Effect, answer: Done) -> tuple[Pin, ...]:
    """What follows a post that is to be pinned, now that it has an id."""
    wanted = isinstance(effect, Say) and effect.pin and effect.to is None
    return (Pin(message=answer.message),) if wanted and answer.message else ()
