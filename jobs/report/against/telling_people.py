"""The sentences of a comparison about people: check-ins, points, tiers, onboarding."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.report.against.counts import Count
from jobs.report.against.shape import Against
from jobs.report.against.shape_people import ChallengeChange, Marks, Place, PlaceChange, Run
from jobs.report.against.telling import Line, Span, Speech, Tone, in_row, quote

_SHOWN = 5
_STAGES = ("starts", "completed", "gave_up", "in_progress", "left", "skipped")
_STAGE = {"done": "completed", "steps": "in_progress", "tasks": "in_progress", "": "none"}


def check_ins(against: Against, speech: Speech) -> Iterator[Line]:
    """The challenges that differ, and who fares how."""
    for one in against.check_ins:
        if not one.differs:
            continue
        name = Span(speech.words.challenge(one.challenge), "name")
        numbers = in_row(speech.count(key, count) for key, count in _numbers(one))
        yield Line(spans=(name, *speech.presence(one.presence), Span("  "), *numbers))
        if one.presence == "both":
            yield from _marks("gained_check_ins", one.gained_check_ins, "gain", speech)
            yield from _marks("lost_check_ins", one.lost_check_ins, "loss", speech)
        if one.gained or one.lost:
            yield Line(depth=2, spans=(Span(speech("better", gained=one.gained, lost=one.lost)),))
        for run in one.changed[:_SHOWN]:
            counts = in_row(speech.count(key, count) for key, count in _run(run.before, run.after))
            yield Line(depth=3, spans=(Span(f"{run.person}  "), *counts))
        yield from _more(one.gained + one.lost, speech)
    if {"new", "gone"} <= {one.presence for one in against.check_ins}:
        yield Line(spans=(Span(speech("renamed"), "soft"),))


def _marks(key: str, marks: Marks, tone: Tone, speech: Speech) -> Iterator[Line]:
    if marks.count:
        yield Line(depth=2, spans=(Span(speech(key, n=marks.count), tone),))
        yield from (quote(one, speech) for one in marks.examples)


def _numbers(one: ChallengeChange) -> list[tuple[str, Count]]:
    """The numbers that say most, and of the others those that differ."""
    rest = [(key, count) for key, count in (("made_up", one.made_up), ("taken_back", one.taken_back)) if not count.same]
    return [("check_in_count", one.check_ins), ("people", one.people), ("longest", one.longest), *rest]


def _run(before: Run, after: Run) -> Iterator[tuple[str, Count]]:
    for key in ("longest", "days", "streak"):
        count = Count(before=getattr(before, key), after=getattr(after, key))
        if not count.same:
            yield key, count


def points(against: Against, speech: Speech) -> Iterator[Line]:
    """Points given and taken, whose sum changes most, and where from."""
    told = against.points
    yield Line(
        spans=in_row(
            speech.count(key, count)
            for key, count in (("given", told.given), ("taken", told.taken), ("receivers", told.receivers))
        )
    )
    sources = [(speech.words.source(rule), count) for rule, count in told.by_rule.items() if not count.same]
    if sources:
        sources.sort(key=lambda one: (-abs(one[1].after - one[1].before), one[0]))
        row = in_row(speech.named(name, count) for name, count in sources[:_SHOWN])
        yield Line(spans=(Span(f"{speech('by_source')}  ", "soft"), *row))
    if told.gained or told.lost:
        yield Line(depth=2, spans=(Span(speech("sums", gained=told.gained, lost=told.lost)),))
    for one in told.changed[:_SHOWN]:
        yield Line(depth=3, spans=speech.named(one.person, Count(before=one.before, after=one.after)))
    yield from _more(told.gained + told.lost, speech)


def tiers(against: Against, speech: Speech) -> Iterator[Line]:
    """How many people stand where; who rises or falls, and why."""
    told = against.tiers
    rows = [tier for tier in told.tiers if tier.presence != "both" or not tier.people.same]
    if rows:
        yield Line(
            spans=in_row(
                speech.named(speech.tagged(speech.words.tier(row.tier), row.presence), row.people) for row in rows
            )
        )
    if told.gained or told.lost:
        yield Line(depth=2, spans=(Span(speech("moves", gained=told.gained, lost=told.lost)),))
    if told.moved:
        yield Line(depth=2, spans=(Span(speech("moved", n=told.moved)),))
    for one in told.changed[:_SHOWN]:
        yield from _place(one, speech)
    yield from _more(told.gained + told.lost + told.moved, speech)


def _place(one: PlaceChange, speech: Speech) -> Iterator[Line]:
    tone: Tone = "gain" if one.way == "up" else "loss" if one.way == "down" else ""
    names = f"{speech.words.tier(one.before.tier)} → {speech.words.tier(one.after.tier)}"
    yield Line(depth=3, spans=(Span(f"{one.person}  "), Span(names, tone)))
    for key, place, other, higher in (
        ("before", one.before, one.after.tier, one.way == "down"),
        ("after", one.after, one.before.tier, one.way == "up"),
    ):
        why = _came(place, speech) if higher or place.fell else _lacks(place, other, speech) if one.way else ""
        yield Line(depth=4, spans=(Span(speech(key, what=why or speech("has", points=place.points)), "soft"),))


def _came(place: Place, speech: Speech) -> str:
    """Why somebody stands where they do."""
    return speech.reasons(place.because)


def _lacks(place: Place, other: str, speech: Speech) -> str:
    """What somebody lacks for the tier that they hold in the other home."""
    if place.needs is None:
        return ""
    key = "needs" if place.points < place.needs else "asks_more"
    return speech(key, points=place.points, tier=speech.words.tier(other), needs=place.needs)


def onboarding(against: Against, speech: Speech) -> Iterator[Line]:
    """How newcomers fare."""
    told = against.onboarding
    counts = [(key, Count(before=getattr(told.before, key), after=getattr(told.after, key))) for key in _STAGES]
    differing = [one for one in counts if not one[1].same]
    if differing:
        yield Line(spans=in_row(speech.count(*one) for one in differing))
    if told.people:
        yield Line(depth=2, spans=(Span(speech("stages", n=told.people)),))
    for one in told.changed[:_SHOWN]:
        names = f"{speech(_STAGE.get(one.before, one.before))} → {speech(_STAGE.get(one.after, one.after))}"
        yield Line(depth=3, spans=(Span(f"{one.person}  "), Span(names)))
    yield from _more(told.people, speech)


def _more(people: int, speech: Speech) -> Iterator[Line]:
    """How many people are not named."""
    if people > _SHOWN:
        yield Line(depth=3, spans=(Span(speech("more_people", n=people - _SHOWN), "soft"),))
