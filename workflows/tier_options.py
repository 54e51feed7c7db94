"""What operators write about tiers: the tiers themselves, who falls back when, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from core.events import MessagePosted
from core.people import PERSON
from workflows import actions
from workflows.actions import NEEDS_MESSAGE, NEEDS_REQUEST, Action, Actions
from workflows.expressions import Condition
from workflows.folding import normalized, spellings
from workflows.options import OneOrMany, Options, Span
from workflows.speaking import Speaks
from workflows.texts import LocalName
from workflows.tier_clauses import clauses, impossible
from workflows.tier_ladder import Ladder, Rung

TierId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
OfMember = Annotated[Condition, Speaks("member")]
_SPOKEN: Final = ("member.", "group.", "tier.id", "tier.name", "tier.old")
"""What texts under `on_reach` may speak of."""
_ANY_POINTS: Final = -(10**9)

ASK: Final = ("我的等级", "等级", "my tier", "/tier")
_AROUND: Final = " \t\n!！?？。.~～"
"""What may stand around words that ask, as around a command's."""


def _percent(written: object) -> object:
    """90 and "90%" alike."""
    return written.strip().removesuffix("%") if isinstance(written, str) else written


class Tier(Options):
    """One tier. A member is in the highest tier that they have the points and meet the condition for."""

    name: LocalName | None = Field(None, description="what members see; the id when left out")
    from_: int = Field(alias="from", ge=0, le=10**9, description="points from which the tier is reached")
    if_: OfMember | None = Field(None, alias="if", description="what must hold beside the points, over member.*")
    grants: OneOrMany[str] = Field((), description="what members of this tier and of higher ones may do; rules can ask")
    on_reach: Actions = Field((), description="what happens when a member first reaches the tier")

    @field_validator("if_")
    @classmethod
    def _can_hold(cls, written: Condition | None, known: ValidationInfo) -> Condition | None:
        if written is not None and (why := impossible(clauses(written.source), known.data.get("from_", 0))):
            raise ValueError(f"nobody can ever reach this tier: {why}")
        return written

    @field_validator("on_reach")
    @classmethod
    def _possible(cls, written: tuple[Action, ...]) -> tuple[Action, ...]:
        for action in written:
            if action.verb in NEEDS_MESSAGE | NEEDS_REQUEST | {"reply"}:
                raise ValueError(
                    f"`{action.verb}` has nothing to act on when a tier is reached; `say` speaks to the group"
                )
        strange = sorted(name for name in actions.names(written) if not name.startswith(_SPOKEN))
        if strange:
            raise ValueError(
                f"{strange[0]} is not known when a tier is reached; "
                "what is: member, group, tier.id, tier.name, tier.old"
            )
        return written


class Review(Options):
    """When it is looked at who no longer stands where they are. Without it nobody ever loses a tier."""

    every: Literal["day", "week", "month"] = Field(
        "month", description="reviews happen as the local day, the week (Monday) or the month begins"
    )
    demote_if: OfMember | None = Field(
        None, description="who falls one tier back; asked instead of the tier's own `if`, never of the lowest tier"
    )
    demote_below: Annotated[int, BeforeValidator(_percent)] = Field(
        90, ge=1, le=100, description="percent of `from`, and of each `>=` in `if`, below which a tier is lost"
    )
    grace: Span = Field(timedelta(days=14), description="how long after a promotion nobody falls back")
    protect: OneOrMany[str] = Field(("staff",), description="who never falls back: tag:<tag>; staff never do anyway")

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags whose bearers are protected."""
        return frozenset(who.removeprefix("tag:") for who in self.protect if who.startswith("tag:"))

    @field_validator("demote_if")
    @classmethod
    def _can_hold(cls, written: Condition | None) -> Condition | None:
        if written is not None and (why := impossible(clauses(written.source), _ANY_POINTS)):
            raise ValueError(f"nobody can ever fall back by this: {why}")
        return written

    @field_validator("protect")
    @classmethod
    def _known_protections(cls, written: tuple[str, ...]) -> tuple[str, ...]:
        for who in written:
            if who != "staff" and not (who.startswith("tag:") and len(who) > len("tag:")):
                raise ValueError(f'"{who}" names nobody to protect; write staff, or tag: and a tag, like tag:volunteer')
        return written


def _loudness(written: object) -> object:
    """`false`, `no` and `off` all mean: say nothing."""
    return (
        "off"
        if written is False or (isinstance(written, str) and written.lower() in ("no", "off", "false"))
        else written
    )


class Talk(Options):
    """What is said about tiers."""

    announce: Annotated[Literal["off", "private", "group"], BeforeValidator(_loudness)] = Field(
        "off",
        description="tell of a promotion: not at all, the member in private only, or the group; a fall only in private",
    )
    ask: OneOrMany[str] = Field(
        ASK, description="messages that are just this are answered with the member's own standing"
    )


class Tiers(Options):
    """The tiers of a community, lowest first."""

    tiers: dict[TierId, Tier] = Field(min_length=1, max_length=50, description="tier id to tier, lowest first")
    tier_review: Review | None = Field(None, description="who falls back, and when; left out: nobody ever does")
    tier_talk: Talk = Field(Talk(), description="announcements, and the words members ask with")

    @cached_property
    def ladder(self) -> Ladder:
        """The tiers as something to climb."""
        review = self.tier_review
        rungs = tuple(
            Rung.of(n, id, tier.from_, tier.if_.source if tier.if_ is not None else None)
            for n, (id, tier) in enumerate(self.tiers.items())
        )
        return Ladder(
            rungs=rungs,
            share=review.demote_below if review is not None else 100,
            demote_if=review.demote_if if review is not None else None,
        )

    @cached_property
    def granted(self) -> Mapping[str, frozenset[str]]:
        """What the members of each tier may do, lower tiers' grants included."""
        held: frozenset[str] = frozenset()
        return {id: (held := held | frozenset(tier.grants)) for id, tier in self.tiers.items()}

    @cached_property
    def names(self) -> frozenset[str]:
        """The variables that placing a member takes, like "member.points"."""
        return frozenset(("member.points",)) | self.ladder.names

    @cached_property
    def rewarding(self) -> tuple[Tier, ...]:
        """The tiers that bring something when they are reached."""
        return tuple(tier for tier in self.tiers.values() if tier.on_reach)

    @cached_property
    def initials(self) -> frozenset[str]:
        """What a message that asks can begin with: the one thing that is looked up for every plain message."""
        first = {letter for word in self.tier_talk.ask for letter in (word.strip()[:1], normalized(word.strip())[:1])}
        first.discard("")
        return frozenset({char for one in first for char in spellings(one)} | first | set(" \n\t"))

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(normalized(word.strip()) for word in self.tier_talk.ask)

    @cached_property
    def _longest(self) -> int:
        return 2 * max((len(word) for word in self.tier_talk.ask), default=0) + 8

    def asks(self, event: MessagePosted) -> bool:
        """Whether a person's message asks for their standing."""
        if event.actor.kind is not PERSON or len(event.text) > self._longest:
            return False
        return normalized(event.text.strip(_AROUND)) in self._asked

    def name(self, id: str | None, language: str) -> str:
        """A tier's name for people; "" for no tier, the id for one that is no longer there."""
        tier = self.tiers.get(id) if id is not None else None
        if tier is None:
            return id or ""
        return tier.name.in_(language) if tier.name is not None else str(id)

    @field_validator("tiers")
    @classmethod
    def _in_order(cls, tiers: dict[str, Tier]) -> dict[str, Tier]:
        problems = []
        for (lower, below), (id, tier) in pairwise(tiers.items()):
            if tier.from_ < below.from_:
                problems.append(
                    f'"{id}" starts at {tier.from_} points, below "{lower}" before it; write the lowest tier first'
                )
            elif tier.from_ == below.from_ and tier.if_ is None:
                problems.append(
                    f'nobody can stay in "{lower}": "{id}" starts at {tier.from_} points as well, without an `if`'
                )
        entry, first = next(iter(tiers.items()))
        if first.on_reach and first.from_ == 0 and first.if_ is None:
            problems.append(
                f'"{entry}" is open to everybody from the start, so its `on_reach` never happens; '
                "greet newcomers with `onboarding`, or give the tier `from` points or an `if`"
            )
        if problems:
            raise ValueError("; ".join(problems))
        return tiers


def grants_of(options: Tiers | None, tier: str | None) -> frozenset[str]:
    """What members of a tier may do, lower tiers' grants included. Nothing for no tier, or one that is gone."""
    return options.granted.get(tier or "", frozenset()) if options is not None else frozenset()
