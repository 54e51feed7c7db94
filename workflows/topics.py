"""What a group talks about: words that at least three different people used. Runs only where a digest tells topics.

No message is kept. Of each one its words and a short digest of who said it wait in a small record; every few minutes
they are added to the words of the day: for each word the digests of the people who used it, forty at most. Words that
too few people used never leave the record, and the days are forgotten after eight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from core.decision import NOTHING, Decision, Put, SetTimer
from core.events import Event, MessagePosted, TimerDue
from core.people import Account, ActorKind
from core.state import Key, Slot
from core.workflow import View, Workflow
from workflows.digest_periods import Period
from workflows.words import words

AT_LEAST: Final = 3
"""A word is a topic once so many different people used it (k-anonymity: nobody's own words are told)."""
KEPT: Final = timedelta(days=8)
MOST_WAITING: Final = 64
MOST_WORDS: Final = 500
MOST_PEOPLE: Final = 40
FOLD_AFTER: Final = timedelta(minutes=10)
_FOLD: Final = "fold"
_LATE: Final = timedelta(days=1)
_ELSEWHERE: Final = timedelta(hours=12)
"""No calendar is further behind that of UTC."""
_SHORTEST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """`leave_out` are the words that members check in with: no topics, and what follows them is no conversation."""

    leave_out: frozenset[str] = frozenset()

    @property
    def first_words(self) -> tuple[str, ...]:
        """The same, as what a message begins with."""
        return tuple(self.leave_out)


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one message, its local day, and six hex digits of who wrote it."""

    day: date
    who: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What waits to be added to the words of the day."""

    said: tuple[Said, ...] = ()

    def current(self, at: datetime) -> Heard | None:
        """Without what nothing will be added to the words of a day any more; nothing if none is left."""
        said = tuple(one for one in self.said if one.day >= (at - _LATE - _ELSEWHERE).date())
        return Heard(said) if said else None


@dataclass(frozen=True, slots=True)
class Topics:
    """By day (`2026-03-29`), for each word who used it."""

    days: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def current(self, at: datetime) -> Topics | None:
        """Without the days that are over wherever the group lives; nothing if none is left."""
        oldest = (at - KEPT - _ELSEWHERE).date().isoformat()
        days = {day: held for day, held in self.days.items() if day > oldest}
        return Topics(days) if days else None


HEARD: Final = Slot("topics.heard", Heard)
TOPICS: Final = Slot("topics.words", Topics)


def reads(event: Event, options: Listening) -> Iterable[Key[Any]] | None:
    if isinstance(event, TimerDue):
        return (HEARD.of_group(), TOPICS.of_group())
    assert isinstance(event, MessagePosted)
    if len(event.text) < _SHORTEST or event.private or event.forwarded or event.actor.kind is not ActorKind.PERSON:
        return None
    return None if event.text[0] == "/" else (HEARD.of_group(),)


def decide(event: Event, options: Listening, view: View) -> Decision:
    heard = view.get(HEARD.of_group()) or Heard()
    if isinstance(event, TimerDue):
        return _folded(event, heard, view.get(TOPICS.of_group()) or Topics(), view)
    assert isinstance(event, MessagePosted)
    today = view.group.day(event.at)
    if heard.said and heard.said[-1].day < today:
        # The timer of yesterday's words was lost with whatever happened to it: begin anew rather than never.
        heard = heard if event.at.astimezone(view.group.zone).hour == 0 else Heard()
    if len(heard.said) >= MOST_WAITING:
        return NOTHING
    if event.text.lstrip(" \n#✅").lower().startswith(options.first_words):
        return NOTHING
    told = tuple(word for word in words(event.text) if word not in options.leave_out)
    if not told:
        return NOTHING
    said = Said(today, digest_of(event.group, event.actor.account), told)
    put = Put(HEARD.of_group(), Heard((*heard.said, said)))
    if not heard.said:
        return Decision(changes=(put,), timers=(SetTimer(key=_FOLD, at=event.at + FOLD_AFTER),))
    if len(heard.said) + 1 == MOST_WAITING:
        return Decision(changes=(put,), timers=(SetTimer(key=_FOLD, at=event.at),))
    return Decision(changes=(put,))


def hottest(
    kept: Topics, period: Period, most: int, names: frozenset[str] = frozenset()
) -> tuple[tuple[str, int], ...]:
    """The topics of a period with how many people used each (forty stands for forty or more), most people first.

    `names` are not topics, and no piece of one is. Nor is a word that too few people used but inside a longer one: its
    neighbours never vary.
    """
    people: dict[str, set[str]] = {}
    for day in period:
        for word, who in kept.days.get(day.isoformat(), {}).items():
            people.setdefault(word, set()).update(who)
    named = "\0".join(names)
    topics = {word: who for word, who in people.items() if len(who) >= AT_LEAST and not _of_name(word, names, named)}
    by_length = sorted(topics, key=len, reverse=True)
    chosen: dict[str, int] = {}
    for word in by_length:
        elsewhere = topics[word].difference(*(topics[longer] for longer in chosen if word in longer))
        if len(elsewhere) >= AT_LEAST:
            chosen[word] = min(len(topics[word]), MOST_PEOPLE)
    ranked = sorted(chosen.items(), key=lambda row: (-row[1], -len(row[0]), row[0]))
    return tuple(ranked[:most])


def _of_name(word: str, names: frozenset[str], named: str) -> bool:
    """Whether a word is somebody's name, or, where words are not written apart, a piece of one."""
    return word in names or (not word.isascii() and word in named)


def _folded(event: TimerDue, heard: Heard, kept: Topics, view: View) -> Decision:
    oldest = view.group.day(event.at - KEPT).isoformat()
    days = {day: dict(held) for day, held in kept.days.items() if day > oldest}
    for said in heard.said:
        held = days.setdefault(said.day.isoformat(), {})
        for word in said.words:
            who = held.get(word, ())
            if said.who not in who and len(who) < MOST_PEOPLE:
                held[word] = (*who, said.who)
    days = {day: _bounded(held) for day, held in days.items()}
    return Decision(changes=(Put(HEARD.of_group(), None), Put(TOPICS.of_group(), Topics(days))))


def _bounded(held: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The words that most people used; of those of one person the latest."""
    if len(held) <= MOST_WORDS:
        return held
    places = {word: n for n, word in enumerate(held)}
    kept = set(sorted(held, key=lambda word: (-len(held[word]), -places[word]))[:MOST_WORDS])
    return {word: who for word, who in held.items() if word in kept}


def digest_of(group: str, account: Account) -> str:
    """What stands for an account in the records of a group."""
    return blake2b(f"{group}\n{account}".encode(errors="replace"), digest_size=3).hexdigest()


workflow = Workflow("topics", Listening, frozenset((MessagePosted, TimerDue)), reads, decide)
