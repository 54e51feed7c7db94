"""One of the two homes that are compared: its run of the history, its people, and what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from jobs.report.people import People
from jobs.report.summary import Summary
from jobs.simulate import Simulation
from workflows.check_in_options import CheckIns
from workflows.rule_options import Rules
from workflows.tier_options import Tiers

LISTED = 10
"""How many people a comparison lists of each kind, those first for whom most differs."""
QUOTED = 3

O = TypeVar("O")  # noqa: E741 (options)


class Issued(NamedTuple):
    """A digest as it would have gone out: the text and the chart in each language of the group, its first one first."""

    texts: Mapping[str, str]
    charts: Mapping[str, bytes | None]
    to: tuple[str, ...]

    @property
    def first(self) -> str:
        """The language in which the group itself is told."""
        return next(iter(self.texts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A home on the history. Who is who in both is told by accounts as reports show them: ids are of one run."""

    simulation: Simulation
    people: People
    summary: Summary
    digests: Mapping[tuple[str, date], Issued] = field(default_factory=dict)
    """What each digest said on each day on which it was due."""

    def options(self, kind: type[O]) -> O | None:
        """The options of a workflow, None if the group does not have it."""
        return self.simulation.group.options(kind)

    @property
    def rules(self) -> frozenset[str]:
        """The rules and limits that are written."""
        rules = self.options(Rules)
        if rules is None:
            return frozenset()
        limits = (name for name in ("flood", "duplicates", "links") if getattr(rules, name) is not None)
        return frozenset((*(rule.id for rule in rules.rules), *limits))

    @property
    def challenges(self) -> frozenset[str]:
        """The challenges that are written."""
        return frozenset(dict((self.options(CheckIns) or CheckIns({})).items()))

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers that are written, from the lowest."""
        tiers = self.options(Tiers)
        return tuple(tiers.tiers) if tiers is not None else ()


T = TypeVar("T")


def foremost(found: Iterable[T], weight: Callable[[T], tuple[int, ...]], name: Callable[[T], str]) -> tuple[T, ...]:
    """The first by weight, then by name."""
    return tuple(sorted(found, key=lambda one: (tuple(-n for n in weight(one)), name(one)))[:LISTED])
