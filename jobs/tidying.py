"""Clearing away what has been kept long enough, one small piece after another."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeVar

from adapters.sql import SqlStore
from adapters.sql.retention import Piece
from config.keeping import Keep
from core.forgetting import Recognise
from core.people import NOBODY, PersonId
from core.ports import BalanceAt, RecordAt, Writes
from core.state import WARNING, Slot
from jobs.privacy.forgetting import Forgetter, Moved
from jobs.privacy.remembering import Remembered
from workflows import topics
from workflows.bans import BANNED
from workflows.held import Held, held
from workflows.mutes import MUTED
from workflows.question_book import QUESTIONS
from workflows.question_thanks import ANSWERED
from workflows.referral_book import INVITEE
from workflows.steering_desk import DESK

log = logging.getLogger("yaji.upkeep")

T = TypeVar("T")
FADING: Final[tuple[Slot[Any], ...]] = (topics.HEARD, topics.TOPICS, QUESTIONS, ANSWERED, DESK)
"""Records of groups that hold words, accounts or orders for a while. `current(at)` of each is what is left of it."""
_FEW: Final = 20
"""People who are forgotten in one round at most: each holds up their groups for a moment."""
_MANY: Final = 500
"""People who were forgotten and are looked at in one piece."""


class Tidying:
    """The clearing away of one store. `recognise` is None where the deployment's secret is not known: then nobody is
    forgotten. Any number of processes may do it at once."""

    def __init__(
        self, store: SqlStore, recognise: Recognise | None = None, remembered: Remembered | None = None
    ) -> None:
        self._store = store
        self._retention = store.retention()
        self._forgetter = Forgetter(recognise, remembered=remembered) if recognise is not None else None
        self._remembered = remembered
        self._hushed = 0

    def round(self, keep: Keep, now: datetime) -> Iterator[int]:
        """Everything that is due at an instant: each step is one piece, and tells how many rows it took."""
        gone: Counter[str] = Counter()
        for name, piece in self._pieces(keep, now):
            gone[name] += piece
            yield piece
        if any(gone.values()):
            log.info("cleared away: %s", ", ".join(f"{name} {rows}" for name, rows in gone.items() if rows))

    def _pieces(self, keep: Keep, now: datetime) -> Iterator[tuple[str, int]]:
        retention = self._retention
        if keep.words is not None:
            yield from self._hush(now - keep.words)
        if keep.messages is not None:
            old = now - keep.messages
            for piece in _walked(lambda after: retention.drop_messages(old, after)):
                yield "messages", piece.rows
        for name, kept, drop in (
            ("letters", keep.letters, retention.drop_letters),
            ("tasks", keep.tasks, retention.drop_tasks),
            ("talks", keep.talks, retention.drop_talks),
            ("decisions", keep.decisions, retention.drop_decisions),
        ):
            if kept is not None:
                yield from ((name, rows) for rows in _until_none(drop, now - kept))
        if keep.days is not None:
            yield from (("days", rows) for rows in _until_none(retention.drop_days, (now - keep.days).date()))
        for slot in FADING:
            for group, record in retention.shared(slot):
                if record.current(now) != record:
                    yield "records", self._faded(slot, group, now)
        for group, rows in groupby(retention.held(), itemgetter(0)):
            people = [person for _, person in rows]
            for begin in range(0, len(people), _MANY):
                yield "held", self._let_go(group, people[begin : begin + _MANY], now)
        if keep.backups is not None and self._remembered is not None:
            yield "forgotten", self._remembered.expire(now - keep.backups)
        if keep.gone is not None and self._forgetter is not None:
            gone = retention.gone(now - keep.gone, _FEW)
            for account in gone:
                with self._store.unit() as unit:
                    try:
                        forgotten = self._forgetter.forget(unit, account, now)
                    except Moved:
                        continue
                    unit.commit()
                yield "gone", int(forgotten is not None)
            if gone:
                self._store.scour()

    def _faded(self, slot: Slot[Any], group: str, now: datetime) -> int:
        """Drop what a group's record holds no longer, where nothing happens that its workflow would do it at."""
        where = RecordAt(group, NOBODY, slot.name)
        with self._store.unit() as unit:
            unit.lock([group])
            record: Any = unit.records([(where, slot)]).get(where)
            left = record.current(now) if record is not None else None
            if record == left:
                return 0
            unit.save(Writes(records={where: left}))
            unit.commit()
        return 1

    def _let_go(self, group: str, people: Collection[PersonId], now: datetime) -> int:
        """Drop what is held against those who were forgotten of whom nothing counts any more; how many they are."""
        slots: tuple[Slot[Any], ...] = (MUTED, BANNED, INVITEE)
        with self._store.unit() as unit:
            unit.lock([group])
            found: Mapping[RecordAt, Any] = unit.records(
                [(RecordAt(group, person, slot.name), slot) for person in people for slot in slots]
            )
            warned = unit.entries([(BalanceAt(group, person, WARNING), None) for person in people])
        spent = []
        for person in people:
            muted, banned, invitee = (found.get(RecordAt(group, person, slot.name)) for slot in slots)
            warnings = warned[BalanceAt(group, person, WARNING), None]
            if held(warnings, muted, None, banned, invitee, now) == Held():
                spent.append(person)
        for person in spent:
            self._retention.drop_held(group, person)
        return len(spent)

    def _hush(self, before: datetime) -> Iterator[tuple[str, int]]:
        """What was hushed before is not looked at again, as long as this process lives."""
        start = None
        for piece in _walked(lambda after: self._retention.hush(before, after), self._hushed):
            if start is None and piece.kept < piece.after:
                start = piece.kept
            self._hushed = piece.after
            yield "words", piece.rows
        if start is not None:
            self._hushed = start


def _walked(step: Callable[[int], Piece], after: int = 0) -> Iterator[Piece]:
    more = True
    while more:
        piece = step(after)
        after, more = piece.after, piece.more
        yield piece


def _until_none(drop: Callable[[T], int], before: T) -> Iterator[int]:
    while rows := drop(before):
        yield rows
