"""What follows from a decision, in the past tense: folded in the same transaction as the event that caused it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.happening import Happening
from core.people import Account, Actor
from core.quick import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class PointsChanged(Happening):
    """The sum of `actor`'s points moved by `amount`. Made by the engine itself whenever points are posted."""

    actor: Actor
    amount: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(Happening):
    """`actor` has a check-in for `day` in `challenge`; `streak` is the streak's length with it."""

    actor: Actor
    challenge: str
    day: date
    streak: int
    late: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TierChanged(Happening):
    """`actor` moved between tiers; None is "no tier yet"."""

    actor: Actor
    old: str | None
    new: str | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingCompleted(Happening):
    """`actor` finished every onboarding step."""

    actor: Actor
    answers: Mapping[str, str] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Happening):
    """`actor` and `other` are accounts of one person from now on. Made by the engine in every group they were seen in.

    What each had is united already; `sides` are where the records are kept that each had before (`Slot.kept`), first
    those of the side that counted where both had one.
    """

    actor: Actor
    other: Account
    sides: tuple[int, int]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Parted(Happening):
    """`actor` and `other` were accounts of one person, and are no longer: of each side, `actor` is the account.

    Made by the engine, once for each side in every group where it was seen.
    """

    actor: Actor
    other: Account


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Happening):
    """`actor` had left, and wrote in the group again, though no join was told. Made by the engine itself."""

    actor: Actor


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Warned(Happening):
    """`actor` was warned under `rule`; `live` is how many of their warnings have not expired, this one included."""

    actor: Actor
    rule: str
    live: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Acted(Happening):
    """A decision did something to `actor` by itself: muted, removed, deleted, warned. Made by the engine.

    `cause` is the id of the event that it decided about, `did` what was done in a few words each ("mute 1h"),
    `warnings` the keys of the warnings in it, `by` who pressed the button that it followed. `told`: the admins got a
    line already.
    """

    actor: Actor
    workflow: str
    rule: str
    cause: str
    did: tuple[str, ...]
    because: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    message: str = ""
    by: Actor | None = None
    told: bool = False


FollowUp = PointsChanged | CheckedIn | TierChanged | OnboardingCompleted | Linked | Parted | Returned | Warned | Acted
