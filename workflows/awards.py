"""Points given and taken by an action: to whom, how many, and the caps that keep people from farming them.

A day is the group's local day. Caps count what one rule gave; two rules have two caps. Nobody rewards themselves,
bots and channels neither give nor receive, and an edit never counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from core import state
from core.decision import Post
from core.events import Event, MemberJoined, MessageEdited, MessagePosted, ReactionChanged
from core.follow_ups import OnboardingCompleted
from core.people import Account, Actor, ActorKind, Member, only_called
from core.state import POINTS, Entry, Key
from core.workflow import View
from workflows.facts import THANKS
from workflows.options import Options, Span
from workflows.tier_standing import TIER

Receiver = Literal["member", "author", "mentioned", "replied", "reactor", "inviter"]

_LONGEST_LOCAL_DAY: Final = timedelta(hours=25)
_SAME_REACTION: Final = timedelta(days=7)


class Award(Options):
    """Points for somebody, or points taken. Written as a number, or with who gets them and the caps."""

    to: Receiver = Field(
        default="member",
        description="who gets them: the member the event is about, the author of the message, everybody mentioned, "
        "the author of the message replied to, who reacted, or who invited",
    )
    add: int | None = Field(default=None, ge=1, le=100_000, description="how many points are given")
    take: int | None = Field(default=None, ge=1, le=100_000, description="how many points are taken, never below zero")
    as_: Literal["thanks"] | None = Field(
        default=None, alias="as", description="`thanks` also counts the giver among the people whom the member helped"
    )
    cap_per_day: int | None = Field(
        default=None, ge=1, description="most points one giver can hand out a day; for points to oneself, most earned"
    )
    per_pair_per_day: int | None = Field(
        default=None, ge=1, description="most points one giver can hand to the same person a day"
    )
    pair_cooldown: Span | None = Field(
        default=None, description="after this long the same giver can reward the same person again"
    )
    cap_received_per_day: int | None = Field(default=None, ge=1, description="most points one person can receive a day")
    not_back_within: Span | None = Field(
        default=None, description="whom you rewarded cannot reward you back for this long"
    )
    staff: bool = Field(default=False, description="whether staff can receive; by default they win no prizes")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        """`points: 5` gives five to the member, `points: -5` takes five."""
        if isinstance(written, bool) or not isinstance(written, int):
            return written
        return {"add": written} if written >= 0 else {"take": -written}

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.add is None) == (self.take is None):
            raise ValueError("points need `add` or `take`, one of them, for example {to: mentioned, add: 1}")
        caps = [name for name in _CAPS if getattr(self, name) is not None]
        if self.take is not None and (caps or self.as_):
            raise ValueError(f"`{(caps or ['as'])[0]}` limits points that are given; it means nothing with `take`")
        own = [name for name in _PAIR_CAPS if getattr(self, name) is not None]
        if self.to in ("member", "reactor") and (own or self.as_):
            raise ValueError(
                f"`{(own or ['as'])[0]}` needs a giver and a receiver; with `to: {self.to}` there is no giver. "
                "Use cap_per_day"
            )
        for name in _MOST_POINTS:
            most = getattr(self, name)
            if most is not None and self.add is not None and most < self.add:
                raise ValueError(f"{name}: {most} is less than add: {self.add}, so nothing is ever given")
        return self

    @property
    def amount(self) -> int:
        """Signed: what the receiver's sum moves by, taking included."""
        return self.add if self.add is not None else -(self.take or 0)


_PAIR_CAPS: Final = ("per_pair_per_day", "pair_cooldown", "not_back_within")
_MOST_POINTS: Final = ("cap_per_day", "per_pair_per_day", "cap_received_per_day")
"""Caps that count points, not times."""
_CAPS: Final = ("cap_per_day", "cap_received_per_day", *_PAIR_CAPS)


@dataclass(frozen=True, slots=True)
class Granted:
    """What an award became: the facts, and in words what was left out and why."""

    posts: tuple[Post, ...] = ()
    because: tuple[str, ...] = ()


def receivers(award: Award, event: Event, actor: Account) -> tuple[Actor, ...]:
    """Who the award is meant for, each account once, before anybody is refused."""
    found: tuple[Actor | None, ...]
    match award.to:
        case "member":
            own = getattr(event, "actor", None)
            found = (own if own is not None and own.account == actor else Actor(account=actor),)
        case "author":
            found = (event.author if isinstance(event, ReactionChanged) else getattr(event, "actor", None),)
        case "mentioned":
            found = event.mentions if isinstance(event, MessagePosted) else ()
        case "replied":
            found = (event.reply_to.author if isinstance(event, MessagePosted) and event.reply_to else None,)
        case "reactor":
            found = (event.actor if isinstance(event, ReactionChanged) else None,)
        case "inviter":
            found = (event.by if isinstance(event, MemberJoined) else None,)
    return tuple({one.account: one for one in found if one is not None}.values())


def reads(award: Award, event: Event, actor: Account) -> Iterator[Key[Any]]:
    """The state that `grant` will look at."""
    if isinstance(event, MessageEdited):
        return
    giver, own = getattr(event, "actor", None), _own(award, event)
    meant = receivers(award, event, actor)
    for one in meant:
        if giver is None or one.account != giver.account:
            yield state.member(one.account)
        yield TIER.of(one.account)  # whoever hears of points weighs these: they are read with all else
        yield state.balance(POINTS, one.account)
        if award.cap_received_per_day is not None or (award.cap_per_day is not None and own):
            yield state.entries(POINTS, one.account, _since(event.at))
    if meant and giver is not None and not own:
        if _counts_given(award, event):
            yield state.given(POINTS, giver.account, _since(event.at, _look_back(award, event)))
        if award.not_back_within is not None:
            yield state.entries(POINTS, giver.account, _since(event.at, award.not_back_within))


def _own(award: Award, event: Event) -> bool:
    """Whether the points are earned by what one does, so that there is no giver."""
    return award.to in ("member", "reactor") or (award.to == "author" and not isinstance(event, ReactionChanged))


def _counts_given(award: Award, event: Event) -> bool:
    limited = award.cap_per_day is not None or award.per_pair_per_day is not None or award.pair_cooldown is not None
    return limited or (isinstance(event, ReactionChanged) and award.add is not None)


def _look_back(award: Award, event: Event) -> timedelta | None:
    """How far what was given before matters. A reaction taken back and put again is the same reaction for a week."""
    if isinstance(event, ReactionChanged):
        return max(_SAME_REACTION, award.pair_cooldown or timedelta())
    return award.pair_cooldown


def _key(event: Event, rule: str, nth: int) -> str:
    """Unique for the event, and ends in the message that the points are for."""
    return f"{event.id}#{rule}#{nth}@{getattr(event, 'message', '')}"


def _message(key: str) -> str:
    return key.rpartition("@")[2]


def grant(award: Award, event: Event, view: View, *, actor: Account, rule: str, nth: int = 0) -> Granted:
    """The facts to post. Every receiver is looked at alone; one who is refused does not stop the others.

    `nth` tells two awards of one rule apart.
    """
    if isinstance(event, ReactionChanged) and not event.emoji:
        return Granted(because=("a reaction that is withdrawn earns nothing",))
    if isinstance(event, MessageEdited):
        return Granted(because=("an edit earns nothing",))
    giver = view.actor() if getattr(event, "actor", None) is not None else None
    own = _own(award, event)
    posts: list[Post] = []
    refused: dict[str, int] = {}
    spent = 0
    given_to: set[int] = set()
    for meant in receivers(award, event, actor):
        member = (
            giver if giver is not None and giver.account == meant.account else view.get(state.member(meant.account))
        )
        why = _unfit(award, view, meant, member, giver, own=own)
        if not why and member is not None and member.person in given_to:
            continue
        amount = award.amount
        if not why and award.take is not None:
            amount = -min(award.take, max(0, view.get(state.balance(POINTS, meant.account))))
            why = "" if amount else "there are no points to take"
        if not why and award.add is not None:
            why = _capped(award, event, view, meant=meant, member=member, giver=giver, rule=rule, spent=spent)
        if why:
            refused[why] = refused.get(why, 0) + 1
            continue
        if member is not None:
            given_to.add(member.person)
        spent += amount
        by = giver.account if giver is not None and not own and giver.account != meant.account else None
        why = "thanked" if award.as_ else "points taken" if amount < 0 else _reason(award, event)
        posts += _facts(award, meant, amount, by, rule, why, _key(event, rule, nth))
    return Granted(tuple(posts), tuple(why if n == 1 else f"{why} ({n} people)" for why, n in refused.items()))


def _reason(award: Award, event: Event) -> str:
    """What points are for, as `/why` and `/mydata` tell it."""
    if award.to == "member" and isinstance(event, OnboardingCompleted):
        return "onboarding completed"
    return _REASONS[award.to]


def _facts(
    award: Award, meant: Actor, amount: int, by: Account | None, rule: str, reason: str, key: str
) -> Iterator[Post]:
    yield Post(kind=POINTS, member=meant.account, amount=amount, rule=rule, reason=reason, by=by, key=key)
    if award.as_ and by is not None:
        yield Post(kind=THANKS, member=meant.account, amount=1, rule=rule, reason=reason, by=by, key=key)


_REASONS: Final = {
    "member": "points given",
    "author": "for a message",
    "mentioned": "mentioned",
    "replied": "answered",
    "reactor": "reacted",
    "inviter": "invited somebody",
}


def _unfit(award: Award, view: View, meant: Actor, member: Member | None, giver: Member | None, *, own: bool) -> str:
    """Why this receiver can never get it, or "". Somebody never seen here is taken at the platform's word; but where
    the group is served, a username that nobody here bears is nobody, and would keep what it got for ever."""
    if member is None and view.group.platforms and _by_username(meant):
        return "nobody here bears that username"
    kind = member.kind if member is not None and meant.kind is ActorKind.PERSON else meant.kind
    if kind is not ActorKind.PERSON:
        return "bots and channels earn nothing"
    listed = meant.admin or meant.account in view.group.staff
    if award.add is not None and not award.staff and (listed or (member is not None and member.staff)):
        return "staff earn nothing here"
    if own or giver is None:
        return ""
    if giver.kind is not ActorKind.PERSON:
        return "only persons can give"
    if giver.account == meant.account or (member is not None and member.person == giver.person):
        return "nobody rewards themselves"
    return ""


def _by_username(meant: Actor) -> bool:
    """Whether nothing but a username is known of somebody."""
    return only_called(meant.account, meant.username or "")


def _capped(
    award: Award,
    event: Event,
    view: View,
    *,
    meant: Actor,
    member: Member | None,
    giver: Member | None,
    rule: str,
    spent: int,
) -> str:
    """Which cap is reached, with the numbers, or ""."""
    today, add, own = view.group.day(event.at), award.amount, _own(award, event)

    def summed(facts: list[Entry]) -> int:
        return sum(e.amount for e in facts if view.group.day(e.at) == today)

    if award.cap_received_per_day is not None or (award.cap_per_day is not None and own):
        got = summed(_of(rule, view.get(state.entries(POINTS, meant.account, _since(event.at)))))
        most = min(c for c in (award.cap_received_per_day, award.cap_per_day if own else None) if c)
        if got + add > most:
            return f"received {got} of {most} today"
    if giver is None or own:
        return ""
    if _counts_given(award, event):
        handed = _of(rule, view.get(state.given(POINTS, giver.account, _since(event.at, _look_back(award, event)))))
        if isinstance(event, ReactionChanged) and any(_message(e.key) == event.message for e in handed):
            return "rewarded this message before"
        total = summed(handed) + spent
        if award.cap_per_day is not None and total + add > award.cap_per_day:
            return f"gave {total} of {award.cap_per_day} today"
        pair = [e for e in handed if member is not None and e.person == member.person]
        if award.per_pair_per_day is not None and summed(pair) + add > award.per_pair_per_day:
            return f"gave the same person {summed(pair)} of {award.per_pair_per_day} today"
        if award.pair_cooldown is not None and any(event.at - e.at < award.pair_cooldown for e in pair):
            return "rewarded the same person a short while ago"
    if award.not_back_within is not None and member is not None:
        window = view.get(state.entries(POINTS, giver.account, _since(event.at, award.not_back_within)))
        if any(e.by == member.person and event.at - e.at < award.not_back_within for e in _of(rule, window)):
            return "was rewarded by the same person a short while ago"
    return ""


def _of(rule: str, facts: tuple[Entry, ...]) -> list[Entry]:
    return [e for e in facts if e.rule == rule and e.amount > 0]


def _since(at: datetime, span: timedelta | None = None) -> datetime:
    """An instant before the local day began, on the hour: events of one batch then share one key."""
    return at.replace(minute=0, second=0, microsecond=0) - max(_LONGEST_LOCAL_DAY, span or timedelta())
