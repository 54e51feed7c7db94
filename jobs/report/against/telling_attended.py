"""The sentences of a comparison about events and surveys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from jobs.report.against.shape import Against
from jobs.report.against.shape_attended import OccasionChange
from jobs.report.against.telling import Line, Span, Speech, Tone, in_row
from jobs.report.summary import Asking, Occasion, wall

_NAMED = 10

T = TypeVar("T", Occasion, Asking)


def events(against: Against, speech: Speech) -> Iterator[Line]:
    """The events that differ, and who has a place now, or none any more."""
    for one in (one for one in against.events if one.differs):
        counts = {key: getattr(one, key) for key in ("announced", "coming", "waiting", "reminders")}
        row = in_row(speech.count(key, count) for key, count in counts.items())
        name = Span(speech.words.event(one.event), "name")
        yield Line(spans=(name, *speech.presence(one.presence), Span("  "), *row))
        for change in one.changed:
            yield from _changed(change.before, change.after, speech.words.occasion, speech)
            yield from _moved(change, speech)
        yield from _rest(one.otherwise - len(one.changed), speech)


def surveys(against: Against, speech: Speech) -> Iterator[Line]:
    """The surveys that differ: when they are asked, of how many, and what comes of them."""
    for one in (one for one in against.surveys if one.differs):
        counts = {key: getattr(one, key) for key in ("asked", "answered", "could")}
        row = in_row(speech.count(key, count) for key, count in counts.items())
        yield Line(spans=(Span(one.survey, "name"), *speech.presence(one.presence), Span("  "), *row))
        for change in one.changed:
            yield from _changed(change.before, change.after, speech.words.asking, speech)
        yield from _rest(one.otherwise - len(one.changed), speech)


def _changed(before: T | None, after: T | None, phrase: Callable[[T], str], speech: Speech) -> Iterator[Line]:
    """A time as it was, and as it is."""
    signs: tuple[tuple[str, Tone, T | None], ...] = (("−", "loss", before), ("+", "gain", after))
    for sign, tone, one in signs:
        if one is not None:
            when = Span(f"{wall(one.at, speech.zone)} ", "soft")
            yield Line(depth=2, spans=(Span(f"{sign} ", tone), when, Span(phrase(one))))


def _moved(change: OccasionChange, speech: Speech) -> Iterator[Line]:
    """Who has a seat in one home only, where it is held in both."""
    if change.before is None or change.after is None:
        return
    was, now = change.before.coming, change.after.coming
    for key, some, others in (("seated", now, was), ("unseated", was, now)):
        accounts = {guest.account for guest in others}
        names = [guest.person for guest in some if guest.account not in accounts]
        if names:
            rest = speech("more_people", n=len(names) - _NAMED) if len(names) > _NAMED else ""
            yield Line(depth=3, spans=(Span(speech(key, who=speech.listed([*names[:_NAMED], *filter(None, [rest])]))),))


def _rest(times: int, speech: Speech) -> Iterator[Line]:
    if times > 0:
        yield Line(depth=2, spans=(Span(speech("more_times", n=times), "soft"),))
