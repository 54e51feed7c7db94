"""What a rehearsal on a history cannot show: challenges whose days it lacks, what the clock alone begins, and rules
that nothing in it met."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date

from core.workflow import Group
from jobs.report.summary import Elsewhen
from workflows.check_in_options import CheckIns
from workflows.digest_options import Digests
from workflows.rule_options import Rules


def elsewhen(group: Group, first: str, last: str) -> tuple[Elsewhen, ...]:
    """Challenges whose days lie before or after the local days of a history."""
    begin, end = (date.fromisoformat(day) if day else None for day in (first, last))
    return tuple(
        Elsewhen(challenge=id_, first=from_.isoformat() if from_ else "", last=to.isoformat() if to else "")
        for id_, from_, to in _challenges(group)
        if (from_ is not None and end is not None and from_ > end)
        or (to is not None and begin is not None and to < begin)
    )


def unrehearsed(group: Group) -> tuple[str, ...]:
    """The workflows that begin by the clock and are no part of a run: digests, which are built apart."""
    return tuple(bound.name for bound in group.runs if isinstance(bound.options, Digests) and bound.options.root)


def idle(group: Group, hit: Container[str]) -> tuple[str, ...]:
    """The rules and limits that are not off and that nothing met, in the order of the file."""
    found: list[str] = []
    for options in (bound.options for bound in group.runs):
        if isinstance(options, Rules):
            found += [rule.id for rule in options.rules if rule.mode != "off"]
            limits = {"flood": options.flood, "duplicates": options.duplicates, "links": options.links}
            found += [id_ for id_, limit in limits.items() if limit is not None and limit.mode != "off"]
    return tuple(id_ for id_ in found if id_ not in hit)


def _challenges(group: Group) -> Iterator[tuple[str, date | None, date | None]]:
    for options in (bound.options for bound in group.runs):
        if isinstance(options, CheckIns):
            for id_, challenge in options.items():
                yield id_, challenge.starts, challenge.calendar.last
