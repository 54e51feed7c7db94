"""Conditions that came to an error where true or false was wanted. Each such time counts as no match, and a rule that
always fails looks like one that nobody ever breaks: so whoever runs a group asks here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.workflow import Group
from workflows.expressions import Condition
from workflows.rule_options import Rules
from workflows.tier_options import Tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """The conditions of one rule or tier that failed since this process read the files, `times` in all. `condition` is
    the source of the one that fails most, `error` what CEL said of it last: it holds nothing that anybody wrote."""

    workflow: str
    rule: str
    condition: str
    times: int
    error: str


def failing(group: Group) -> tuple[Failing, ...]:
    """What fails in a group, in the order of its files."""
    found: list[Failing] = []
    for bound in group.runs:
        for rule, conditions in _conditions(bound.options):
            failed = [one for one in conditions if one.errors]
            if failed:
                worst = max(failed, key=lambda one: one.errors)
                found.append(
                    Failing(
                        workflow=bound.name,
                        rule=rule,
                        condition=worst.source,
                        times=sum(one.errors for one in failed),
                        error=worst.last_error,
                    )
                )
    return tuple(found)


def _conditions(options: object) -> Iterator[tuple[str, Iterable[Condition]]]:
    if isinstance(options, Rules):
        for judge in options.book.every:
            yield judge.id, [clause.condition for clause in judge.clauses]
    elif isinstance(options, Tiers):
        for rung in options.ladder.rungs:
            whole = [rung.whole] if rung.whole is not None else []
            yield rung.id, [*whole, *(condition for _, condition in rung.parts)]
        if options.ladder.demote_if is not None:
            yield "tier_review", [options.ladder.demote_if]
