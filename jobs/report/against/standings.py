"""Where everybody stands at the end in one home: points, tier, streaks, onboarding. It grows with people only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from core.people import PersonId
from core.state import POINTS
from jobs.report.against.shape_people import Run
from jobs.report.against.side import Side
from jobs.report.members import members_of
from workflows.facts import STREAKS
from workflows.onboarding_state import PROGRESS
from workflows.tier_standing import TIER

_TIERS = "tiers"
_MOVE = " -> "


@dataclass(slots=True)
class Standing:
    """One person. `tier` is None without any standing, "" without a tier; `stage` is "" without an onboarding.

    `member` is no for those who were only mentioned.
    """

    name: str
    here: bool
    member: bool
    points: int = 0
    tier: str | None = None
    stage: str = ""
    runs: dict[str, Run] = field(default_factory=dict)


def standings(side: Side) -> dict[str, Standing]:
    """Everybody who is a person, by account."""
    books, key, people = side.simulation.books, side.simulation.group.key, side.people
    by_id: dict[PersonId, Standing] = {}
    found: dict[str, Standing] = {}
    counted = members_of(side.simulation, people)
    for member in books.people(key):
        if people.is_person(member.person):
            standing = Standing(
                name=people.name(member.person), here=member.left is None, member=member.person in counted
            )
            by_id[member.person] = found[people.account(member.person)] = standing
    for entry in books.facts(key):
        if entry.kind == POINTS and entry.person in by_id:
            by_id[entry.person].points += entry.amount
    for member, tier in books.every_record(key, TIER):
        if member.person in by_id:
            by_id[member.person].tier = tier.tier or ""
    for member, progress in books.every_record(key, PROGRESS):
        if member.person in by_id:
            gone = progress.running and (progress.away or member.left is not None)
            by_id[member.person].stage = "left" if gone else "in_progress" if progress.running else progress.stage
    for member, streaks in books.every_record(key, STREAKS):
        if member.person in by_id:
            by_id[member.person].runs = {
                challenge: Run(streak=one.run.streak, longest=one.run.best, days=one.run.total)
                for challenge, one in streaks.of.items()
                if one.run is not None
            }
    return found


class Move(NamedTuple):
    """How somebody came to a tier: why, and whether they fell to it."""

    tier: str
    because: tuple[str, ...]
    fell: bool


def last_moves(side: Side, wanted: set[str]) -> dict[str, Move]:
    """The last move of some people between tiers, by account."""
    found: dict[str, Move] = {}
    ranks = {tier: n for n, tier in enumerate(side.tiers)}
    for row in side.simulation.books.audit(side.simulation.group.key) if wanted else ():
        if row.workflow != _TIERS or not row.because or _MOVE not in row.because[0]:
            continue
        account = side.people.account(row.person)
        if account in wanted:
            old = row.because[0].partition(_MOVE)[0]
            fell = ranks.get(row.rule, -1) < ranks.get(old, -1)
            found[account] = Move(row.rule, tuple(side.people.clean(why) for why in row.because[1:]), fell)
    return found
