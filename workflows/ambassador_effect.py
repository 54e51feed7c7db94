"""What ambassadors did since they are, and how active they were before: counted alike on both sides of that day.

It is told to the admins beside the list. That somebody does more afterwards is no proof that it comes of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core import state
from core.effects import Words
from core.people import Account, Member
from core.state import Day, Entry, Key
from core.workflow import Group, View
from workflows.ambassador_book import Path
from workflows.ambassador_tasks import TASK
from workflows.ambassador_words import say
from workflows.facts import INVITE_COUNTED, THANKS

LONGEST: Final = 60
"""Days on each side that are compared at most."""
_MARGIN: Final = timedelta(days=LONGEST + 2)
_KINDS: Final = (TASK, THANKS, INVITE_COUNTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One ambassador, or all together. `days` is how many on each side are compared: no more than were seen before."""

    tasks: int = 0
    helped: int = 0
    invited: int = 0
    days: int = 0
    active: int = 0
    active_before: int = 0
    messages: int = 0
    messages_before: int = 0

    def __add__(self, other: Effect) -> Effect:
        return Effect(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


def looks(who: Account, joined: datetime) -> tuple[Key[Any], ...]:
    """The state that `measured` looks at."""
    return (
        state.member(who),
        state.days(who, (joined - _MARGIN).date()),
        *(state.entries(kind, who, joined) for kind in _KINDS),
    )


def measured(member: Member, joined: datetime, at: datetime, view: View) -> Effect:
    """What somebody did since an instant. Whole days are compared: that of it and today belong to neither side."""
    _, days_key, *facts_keys = looks(member.account, joined)
    group, days = view.group, view.get(days_key)
    tasks, thanks, invited = (view.get(key) for key in facts_keys)
    began, today, seen = group.day(joined), group.day(at), group.day(member.seen)
    length = max(0, min(LONGEST, (today - began).days - 1, (began - seen).days))
    span = timedelta(days=length)
    after = [day for day in days if began < day.day <= began + span]
    before = [day for day in days if began - span <= day.day < began]
    return Effect(
        tasks=_sum(tasks),
        helped=len({fact.by for fact in thanks if fact.by is not None and fact.by != member.person}),
        invited=_gained(invited),
        days=length,
        active=_active(after),
        active_before=_active(before),
        messages=sum(day.messages for day in after),
        messages_before=sum(day.messages for day in before),
    )


def _sum(facts: tuple[Entry, ...]) -> int:
    return sum(fact.amount for fact in facts)


def _gained(facts: tuple[Entry, ...]) -> int:
    """What came of facts, oldest first. What is taken back where there is nothing to take was there before them."""
    total = 0
    for fact in facts:
        total = max(0, total + fact.amount)
    return total


def _active(days: list[Day]) -> int:
    return sum(day.active for day in days)


def line(effect: Effect, path: Path, group: Group, language: str) -> Words:
    """What is told of one of them."""
    words = say(group, language, "did", tasks=effect.tasks, helped=effect.helped, invited=effect.invited)
    if effect.days:
        words += _compared("compared", effect, group, language)
    if path.quiet is not None:
        words += say(group, language, "silent", last=path.quiet.isoformat())
    return words


def together(effects: list[Effect], group: Group, language: str) -> Words:
    """What is told of all, where there is something to compare."""
    every = sum(effects, Effect())
    return _compared("compared_all", every, group, language) if len(effects) > 1 and every.days else ()


def _compared(key: str, effect: Effect, group: Group, language: str) -> Words:
    return say(
        group,
        language,
        key,
        days=effect.days,
        active=effect.active,
        before=effect.active_before,
        messages=effect.messages,
        messages_before=effect.messages_before,
    )
