"""How a day that counts is answered: in words, by a reaction, or in one message with others.

What waits for that message is a record of the group, put in the commit that counts the day, so that a stop loses
nothing and names nobody twice. Whatever is no plain success is said at once: why something does not count, what is
missing, and that somebody has finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from core.decision import NOTHING, Decision, Put, SetTimer
from core.effects import Effect, React, Say, Words
from core.events import MemberLeft, TimerDue
from core.people import Account, PersonId, platform_of
from core.quick import maker, quick, renewed
from core.state import Key, Slot
from core.workflow import Group, View
from workflows import facts
from workflows.check_in_book import Book, name_of
from workflows.check_in_options import CheckIns
from workflows.check_in_telling import shown_days
from workflows.check_in_writing import Written, reply_values
from workflows.facts import shown_name
from workflows.happened import Grouped

_MOST_NAMED: Final = 50
"""People that one message names: more of them can come before the clock rings."""
KIND: Final = "gather:"
"""How the timers of gathered answers begin; after it comes the place."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One day that counted and was not told yet. `person` is who had it when it counted."""

    account: Account
    person: PersonId
    name: str
    language: str
    challenge: str
    day: date
    streak: int
    points: int
    bonus: bool = False
    late: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What waits for one message: on one platform, in one topic. `due` is when it is said at the latest."""

    platform: str
    topic: str | None
    due: datetime
    waiting: tuple[Counted, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Places:
    """Where something waits in a group, by "platform/topic"."""

    of: dict[str, Place] = field(default_factory=dict)


GATHERED: Final = Slot("check_in.gathered", Places)
_KEY: Final = GATHERED.of_group()


Told = tuple[str, date, Account | PersonId]
"""A challenge, a day, and whose day it is: an account, or the person behind it."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer adds to the decision that counts a day."""

    changes: tuple[Put, ...] = ()
    effects: tuple[Effect, ...] = ()
    timers: tuple[SetTimer, ...] = ()
    because: tuple[str, ...] = ()


_answer: Final = maker(Answer)
_counted_as: Final = maker(Counted)
_place: Final = maker(Place)
_react: Final = maker(React)


def reads(options: CheckIns) -> tuple[Key[Any], ...]:
    """The state that an answer looks at."""
    return (_KEY,) if options.gathering else ()


def answered(book: Book, written: Written, day: date, view: View) -> Answer:
    """The answer to a day that counts, as the operator wants it."""
    challenge = book.challenge
    if challenge.gather is not None and not written.finished:
        return _kept(book, (_counted(book, written, day),), view)
    words = _words(book, written, day, view)
    if challenge.react is None or written.bonus > 0 or written.finished:
        return _answer(effects=book.answer(*words))
    event = book.event
    message, topic = getattr(event, "message", ""), getattr(event, "topic", None)
    return _answer(effects=(_react(message=message, emoji=challenge.react, instead=words[0], topic=topic),))


def answered_late(book: Book, made: Sequence[tuple[date, Written]], view: View, refused: Sequence[Words]) -> Answer:
    """The answer to days that were made up, the last of them with the record that came of all, and the lines about
    others that were not: those are said at once."""
    days = [day for day, _ in made]
    last = made[-1][1]
    points, bonus = (sum(getattr(one, name) for _, one in made) for name in ("points", "bonus"))
    finished = any(one.finished for _, one in made)
    written = renewed(last, points=points, bonus=bonus, finished=finished)
    if book.challenge.gather is None or finished:
        return _answer(effects=book.answer(*_made_up(book, written, days, view), *refused))
    counted = tuple(replace(_counted(book, one, day, late=True), streak=last.length) for day, one in sorted(made))
    answer = _kept(book, counted, view)
    return renewed(answer, effects=(*answer.effects, *book.answer(*refused))) if refused else answer


def due(event: TimerDue, options: CheckIns, view: View) -> Decision:
    """A gathered message is due."""
    places = dict((view.get(_KEY) or Places()).of)
    place = places.pop(event.key.removeprefix(KIND), None)
    if place is None:
        return NOTHING
    if not place.waiting:  # whoever waited is forgotten
        return Decision(changes=(_put(places),))
    told = [place.waiting[n : n + _MOST_NAMED] for n in range(0, len(place.waiting), _MOST_NAMED)]
    return Decision(
        changes=(_put(places),),
        effects=tuple(_told(place, some, options, view.group) for some in told),
        because=(f"{len(place.waiting)} answers in one message",),
        rule=place.waiting[0].challenge,
    )


def untold(view: View, gone: Set[Told]) -> tuple[Put, ...]:
    """Nobody is named any more for a day that no longer counts. `GATHERED` must have been read."""
    return _without(
        view, lambda one: not gone.isdisjoint((one.challenge, one.day, who) for who in (one.account, one.person))
    )


def left(event: MemberLeft, view: View) -> Decision:
    """Whoever is out of the group is not named there any more, and their days count as ever."""
    changes = _without(view, lambda one: one.account == event.actor.account)
    return Decision(changes=changes, because=("left before the answer was said",)) if changes else NOTHING


def _without(view: View, unnamed: Callable[[Counted], bool]) -> tuple[Put, ...]:
    places = dict((view.get(_KEY) or Places()).of)
    changed = False
    for key, place in list(places.items()):
        left = tuple(one for one in place.waiting if not unnamed(one))
        changed = changed or len(left) < len(place.waiting)
        places[key] = replace(place, waiting=left)
        if not left:
            del places[key]
    return (_put(places),) if changed else ()


# What waits


def _counted(book: Book, written: Written, day: date, *, late: bool = False) -> Counted:
    assert book.member is not None
    return _counted_as(
        account=book.account,
        person=book.member.person,
        name=shown_name(book.member),
        language=book.language,
        challenge=book.id,
        day=day,
        streak=written.length,
        points=written.points,
        bonus=written.bonus > 0,
        late=late,
    )


def _kept(book: Book, counted: tuple[Counted, ...], view: View) -> Answer:
    """Words that wait for those to others; a reaction, where there is one, comes at once."""
    gather, event = book.challenge.gather, book.event
    assert gather is not None
    kept, topic = view.get(_KEY), getattr(event, "topic", None)
    places = kept.of if kept is not None else {}
    platform = platform_of(book.account)
    key = f"{platform}/{topic or ''}"
    before = places.get(key)
    if before is not None and not before.waiting:
        before = None
    waiting = (*before.waiting, *counted) if before is not None else counted
    # It is always the clock that says it: an answer to many is not that of the one who came last.
    at_latest = book.at if len(waiting) >= gather.most else book.at + gather.every
    due = min(at_latest, before.due) if before is not None else at_latest
    moved = before is None or due < before.due
    react = book.challenge.react
    place = _place(platform=platform, topic=topic, due=due, waiting=waiting)
    return _answer(
        changes=(_put({**places, key: place}),),
        effects=(_react(message=getattr(event, "message", ""), emoji=react),) if react is not None else (),
        timers=(SetTimer(key=KIND + key, at=due),) if moved else (),
        because=("the answer waits for others",),
    )


def _put(places: dict[str, Place]) -> Put:
    return Put(_KEY, Places(places) if places else None)


# What is said


def _words(book: Book, written: Written, day: date, view: View) -> list[Words]:
    """The operator's words where there are some, and a line more for whoever has finished."""
    own = book.challenge.reply
    told = reply_values(book, written, day, late=False)
    line = book.tell("done", told) if own is None else own.say(book.language, _spoken_of(book, told, written, view))
    return [line, *_finish(book, told, written, view)] if written.finished else [line]


def _made_up(book: Book, written: Written, days: Sequence[date], view: View) -> list[Words]:
    """A line for one day or for all of several, and one more for whoever has finished."""
    told = {**reply_values(book, written, days[-1], late=True), "days": len(days), "dates": shown_days(days)}
    return [book.tell("late_done" if len(days) == 1 else "late_done_days", told), *_finish(book, told, written, view)]


def _finish(book: Book, told: Mapping[str, object], written: Written, view: View) -> Iterator[Words]:
    finish = book.challenge.finish
    if not written.finished or finish is None:
        return
    told = {**told, "points": finish.points}
    if finish.reply is None:
        yield book.tell("finished", told)
    else:
        yield finish.reply.say(book.language, _spoken_of(book, told, written, view))


def _spoken_of(book: Book, told: Mapping[str, object], written: Written, view: View) -> dict[str, Mapping[str, object]]:
    """What the operator's texts may speak of. The member's points are those with this check-in's."""
    assert book.member is not None
    known = facts.values(book.challenge.speaks_of, view, book.member, book.at)
    points = known.get("points")
    if isinstance(points, int):
        known = {**known, "points": points + written.points}
    return {"check_in": told, "member": known, "group": Grouped(view.group)}


def _told(place: Place, waiting: Sequence[Counted], options: CheckIns, group: Group) -> Say:
    """All of them, under a heading for each challenge, in the language of each."""
    words: list[Any] = []
    for language in dict.fromkeys((*group.languages, *(one.language for one in waiting))):
        theirs = [one for one in waiting if one.language == language]
        for challenge in dict.fromkeys(one.challenge for one in theirs):
            words += ["\n\n"] if words else []
            words += _heading(challenge, options, group, language)
            for one in theirs:
                if one.challenge == challenge:
                    words += ["\n", *_line(one, group)]
    return Say(words=tuple(words), topic=place.topic, on=place.platform, quiet=True)


def _heading(id_: str, options: CheckIns, group: Group, language: str) -> Words:
    challenge = options.root.get(id_)
    name = name_of(id_, challenge, language) if challenge is not None else id_
    own = challenge.gather.text if challenge is not None and challenge.gather is not None else None
    values = {
        "check_in": {"name": name, "challenge": id_},
        "group": Grouped(group),
    }
    return own.say(language, values) if own is not None else group.texts.say("check_in.gathered", language, values)


def _line(one: Counted, group: Group) -> Iterator[Any]:
    values = {"member": one.name, "streak": one.streak, "points": one.points, "day": one.day.isoformat()}
    wanted = {"gathered_late" if one.late else "gathered_line": True, "gathered_points": one.points > 0}
    for key, told in {**wanted, "gathered_bonus": one.bonus}.items():
        if told:
            yield from group.texts.say(f"check_in.{key}", one.language, {"check_in": values})
