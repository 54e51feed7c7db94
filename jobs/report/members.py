"""Who counts as a member in a report."""

from __future__ import annotations

from core.people import PersonId
from jobs.report.people import People
from jobs.simulate import Simulation


def members_of(simulation: Simulation, people: People) -> frozenset[PersonId]:
    """Who wrote, reacted, checked in, joined or left; no bots, no channels, nobody who was only mentioned."""
    books, key = simulation.books, simulation.group.key
    seen = {one.person for one in books.people(key) if one.joined is not None or one.left is not None}
    seen.update(person for person, day in books.activity(key) if day.active)
    return frozenset(filter(people.is_person, seen))
