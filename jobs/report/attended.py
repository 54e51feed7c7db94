"""What came of events and surveys in a simulation, as a report tells it."""

from __future__ import annotations

from collections.abc import Iterable

from core.people import Member
from core.workflow import Group
from jobs.attendance import Asked, Held
from jobs.report.people import People
from jobs.report.summary import Asking, Gathering, Guest, Inquiry, Occasion, iso
from jobs.simulate import Simulation
from workflows.event_options import Events
from workflows.survey_options import Survey, Surveys
from workflows.survey_words import Voice


def gatherings(simulation: Simulation, people: People) -> tuple[Gathering, ...]:
    """The events of the group, in the order of its file."""
    options, held = simulation.group.options(Events), simulation.attendance.held
    return tuple(
        Gathering(
            event=id_,
            times=tuple(_occasion(held[key], people) for key in sorted(key for key in held if key[0] == id_)),
        )
        for id_ in (options.held_in(simulation.group) if options is not None else ())
    )


def inquiries(simulation: Simulation) -> tuple[Inquiry, ...]:
    """The surveys of the group, in the order of its file."""
    group, asked = simulation.group, simulation.attendance.asked
    options = group.options(Surveys)
    return tuple(
        Inquiry(
            survey=id_,
            times=tuple(
                _asking(id_, survey, each, group)
                for each in sorted((each for key, each in asked.items() if key[0] == id_), key=lambda each: each.at)
            ),
        )
        for id_, survey in (options.held_in(group) if options is not None else {}).items()
    )


def _occasion(held: Held, people: People) -> Occasion:
    return Occasion(
        day=held.day.isoformat(),
        at=iso(held.at),
        coming=_guests(held.table.coming, people),
        waiting=_guests(held.table.waiting, people),
        reminders=len(held.reminders),
        begun=held.begun,
        cancelled=held.cancelled,
    )


def _guests(members: Iterable[Member], people: People) -> tuple[Guest, ...]:
    return tuple(Guest(person=people.name(who.person), account=people.account(who.person)) for who in members)


def _asking(id_: str, survey: Survey, asked: Asked, group: Group) -> Asking:
    result = asked.result
    return Asking(
        day=asked.day.isoformat(),
        at=iso(asked.at),
        told=asked.told,
        off=asked.off,
        answered=asked.answered,
        could=asked.could,
        counts=result.counts if result is not None else (),
        came={lang: Voice(group, lang, id_, survey).sum(result) for lang in ("zh", "en")} if result is not None else {},
    )
