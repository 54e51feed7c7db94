"""Running the production engine on an exported history: its own clock, a throw-away store, nothing is sent."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from adapters.exports.formats import History, open_history
from adapters.exports.history import Reading, Skipped
from adapters.sql import SqlStore, open_store
from core.books import Books
from core.engine import Engine
from core.errors import InputRefused
from core.events import Event
from core.workflow import Group
from jobs.attendance import Attendance
from jobs.digest.arming import arming
from jobs.entitled import entitled
from jobs.report.skips import in_chinese, place_in_chinese
from jobs.report.witness import MOST_LISTED, Tally, Witness
from jobs.spoken_posts import spoken
from workflows import ambassador_options, content, events, survey_clock

BATCH = 500
BY_THE_CLOCK = (ambassador_options.NAME, content.NAME, events.NAME, survey_clock.NAME)
"""What begins by the clock without a word from anybody. Digests do, too, and are built apart."""


class Watcher(Protocol):
    """Who wants to see how far it is."""

    def read(self, size: int) -> None:
        """So many bytes of the file were read."""
        ...

    def replayed(self, events: int, of: int | None) -> None:
        """So many events were processed; `of` is how many there are, where that is known."""
        ...


class Unwatched:
    """Nobody looks."""

    def read(self, size: int) -> None:
        """See `Watcher.read`."""

    def replayed(self, events: int, of: int | None) -> None:
        """See `Watcher.replayed`."""


class Onlooker(Protocol):
    """Who looks at the books while the history runs."""

    @property
    def due(self) -> datetime:
        """When the next look is due. No event that is later is processed before it."""
        ...

    def look(self, books: SqlStore, at: datetime) -> None:
        """All that happened before an instant is in the books: look for all that is due by then."""
        ...


class Nobody:
    """Nobody looks at the books."""

    due = datetime.max.replace(tzinfo=UTC)

    def look(self, books: SqlStore, at: datetime) -> None:
        """See `Onlooker.look`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a report is made of. The books are gone when the simulation is left."""

    group: Group
    books: Books
    tally: Tally
    format: str
    export: Path
    reading: Reading
    attendance: Attendance

    def events(self, ids: Iterable[str]) -> Iterator[Event]:
        """Events by their ids, in the order of the history, which is read once more, up to the last of these."""
        wanted = set(ids)
        for item in open_history(self.export, self.reading, self.format).events if wanted else ():
            if not isinstance(item, Skipped) and item.id in wanted:
                yield item
                wanted.discard(item.id)
                if not wanted:
                    break

    def fingerprint(self) -> bytes:
        """A digest of the export, the key of its pseudonyms: whoever lacks the file cannot find out who is who."""
        digest = hashlib.sha256()
        with self.export.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.digest()


@contextmanager
def simulated(
    export: Path,
    group: Group,
    reading: Reading,
    format_: str | None = None,
    watcher: Watcher | None = None,
    until: datetime | None = None,
    onlooker: Onlooker | None = None,
) -> Iterator[Simulation]:
    """Replay a history, or what of it happened before an instant.

    Raises InputRefused for a file that is no export or holds nothing that can be understood.
    """
    watching = watcher or Unwatched()
    history = open_history(export, reading, format_, watching.read)
    with _throw_away_store() as store:
        witness = Witness(store, group)
        events = _batches(_events(history, group, witness.tally, until), store, onlooker or Nobody())
        attendance = Attendance()
        _replay(events, attendance.beside(spoken(group)), witness, watching, history)
        tally = witness.tally
        if not tally.events:
            why = zh = ""
            if tally.skipped:
                place, reason = tally.skipped[0]
                why = f"; the first of {tally.skipped_count}: {place}: {reason}"
                zh = f"；跳过 {tally.skipped_count} 处，第一处是{place_in_chinese(place)}：{in_chinese(reason)}"
            raise InputRefused(
                f"{export.name} holds nothing that could be read as {history.format}{why}.",
                f"{export.name} 里没有能按 {history.format} 读懂的内容{zh}。",
            )
        attendance.close(group, store)
        yield Simulation(
            group=group,
            books=store,
            tally=tally,
            format=history.format,
            export=export,
            reading=reading,
            attendance=attendance,
        )


def _replay(
    batches: Iterable[Sequence[Event]], group: Group, witness: Witness, watcher: Watcher, history: History
) -> None:
    tally = witness.tally
    engine = Engine(witness, {group.key: group})
    for batch in batches:
        if not tally.events:
            engine.replay([order for order in arming([group], batch[0].at) if order.workflow in BY_THE_CLOCK])
        witness.expect(batch)
        outcome = engine.replay(batch)
        tally.repeated += outcome.repeated
        tally.timers += outcome.timers
        tally.fault_count += len(outcome.faults)
        tally.faults += outcome.faults[: MOST_LISTED - len(tally.faults)]
        tally.buried += outcome.buried[: MOST_LISTED - len(tally.buried)]
        watcher.replayed(len(batch), history.source.rows)


def _batches(events: Iterable[Event], store: SqlStore, onlooker: Onlooker) -> Iterator[list[Event]]:
    """The events in batches, each processed before the next is asked for; one ends where a look is due."""
    batch: list[Event] = []
    for event in events:
        if len(batch) == BATCH or (batch and event.at >= onlooker.due):
            yield batch
            batch = []
        if not batch:
            onlooker.look(store, event.at)
        batch.append(event)
    if batch:
        yield batch


def _events(history: History, group: Group, tally: Tally, until: datetime | None) -> Iterator[Event]:
    for item in history.events:
        if isinstance(item, Skipped):
            tally.skip(item.place, item.why)
        elif until is None or item.at < until:
            yield entitled(item, group)


@contextmanager
def _throw_away_store() -> Iterator[SqlStore]:
    """A store on disk that is gone afterwards and need not survive a crash: a long history must not fill the memory."""
    with tempfile.TemporaryDirectory(prefix="yaji-simulate-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'simulation.sqlite3'}", durable=False)
        try:
            yield store
        finally:
            store.close()
