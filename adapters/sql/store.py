"""The store on SQL: `core.ports.Store` and `core.books.Books` in one object."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType

from adapters.sql import queries, rows
from adapters.sql.books import SqlBooks
from adapters.sql.dialect import Database, Session
from adapters.sql.directory import SqlDirectory
from adapters.sql.dispatch import SqlDispatch
from adapters.sql.dossiers import SqlDossiers
from adapters.sql.pool import Pool
from adapters.sql.reckoning import SqlReckoning
from adapters.sql.retention import SqlRetention
from adapters.sql.turnout import SqlTurnout
from adapters.sql.unit import SqlUnit
from adapters.sql.witness import Witness
from core.delivery import Settled
from core.directory import Written, unwritten
from core.errors import StoreError
from core.events import TimerDue
from core.forgetting import Recognise
from core.ports import DeadLetter

log = logging.getLogger(__name__)


class SqlStore(SqlBooks):
    """All state in one database. Threads may share it; each unit of work belongs to the thread that opened it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pool = Pool(database)
        self._ahead = Pool(database, lasting=False)
        self._served = database.dialect.startswith("postgresql")
        self._witness = Witness(database.connect) if self._served else None
        self._group_ids: dict[str, int] = {}
        self._recognise: Recognise | None = None
        super().__init__(self._pool)

    @property
    def pool(self) -> Pool:
        """Where the other views of this database take their sessions from."""
        return self._pool

    def unit(self, *, lasting: bool = True) -> Transaction:
        """See `core.ports.Store.unit`."""
        if not lasting and self._witness is not None:
            self._witness.attend()
        return Transaction(self._pool if lasting else self._ahead, self._group_ids, self._recognise)

    def flush(self) -> None:
        """See `core.ports.Store.flush`."""
        if self._witness is not None:
            self._witness.flush()
            return
        with self._pool.lent() as session:
            session.flush()

    def recognise_by(self, recognise: Recognise) -> None:
        """See `core.forgetting.ForgettingStore.recognise_by`."""
        self._recognise = recognise

    def bury(self, letters: Sequence[DeadLetter], timers: Sequence[TimerDue] = ()) -> None:
        """See `core.ports.Store.bury`."""
        with self.unit() as unit:
            session = unit.session
            session.write(
                queries.BURY,
                [
                    (rows.named(x.id), rows.micros(x.at), rows.named(x.group), rows.shown(x.event), rows.shown(x.why))
                    for x in letters
                ],
            )
            session.write(queries.SEEN, [(rows.named(letter.id), rows.micros(letter.at)) for letter in letters])
            ids = unit.group_ids(timer.group for timer in timers)
            standing = unit.timer_stands(timers) if timers else ()
            gone = [timer for timer in timers if timer.id in standing]
            dropped = [(ids[t.group], rows.named(t.workflow), rows.named(t.key)) for t in gone]
            session.write(queries.DROP_TIMER, dropped)
            unit.commit()

    def dispatch(
        self,
        clock: Callable[[], datetime] | None = None,
        gone: Callable[[str], bool] = lambda holder: False,
        told: Callable[[Sequence[Settled]], object] = lambda settled: None,
    ) -> SqlDispatch:
        """The outbox as couriers use it. `clock` is for leases in a file, the pool's unless told; a server has its own.

        `gone` says of a holder that it is known to be dead, `told` hears of what was settled.
        """
        return SqlDispatch(self._pool, served=self._served, clock=clock, gone=gone, told=told)

    def directory(self, written: Written = unwritten) -> SqlDirectory:
        """The small memories of the gateways. `written`: see `Written`."""
        return SqlDirectory(self._pool, written)

    def dossiers(self) -> SqlDossiers:
        """Everything about one person, read back."""
        return SqlDossiers(self._pool)

    def turnout(self) -> SqlTurnout:
        """How groups are doing, in sums."""
        return SqlTurnout(self._pool)

    def reckoning(self) -> SqlReckoning:
        """What facts and records add up to."""
        return SqlReckoning(self._pool)

    def retention(self) -> SqlRetention:
        """What clears away what is old."""
        return SqlRetention(self._pool)

    def empty_log(self) -> None:
        """Have the database's log hold nothing any more that was deleted, as far as it can be told to."""
        with self._pool.lent() as session:
            session.empty_log()

    def scour(self) -> bool:
        """Have nothing that was deleted left in the database's files, as far as it can be told to and without holding
        up others for long; whether it was. What hinders it is no error: everything was deleted before."""
        try:
            with self._pool.lent() as session:
                return session.scour()
        except StoreError as error:
            log.info("what was deleted is overwritten the next time: %s", error)
            return False

    def close(self) -> None:
        """Close the connections."""
        if self._witness is not None:
            self._witness.close()
        self._ahead.close()
        self._pool.close()
        self._database.close()


class Transaction:
    """A unit of work from beginning to end; undone unless committed."""

    __slots__ = ("_group_ids", "_pool", "_recognise", "_session")

    def __init__(self, pool: Pool, group_ids: dict[str, int], recognise: Recognise | None) -> None:
        self._pool = pool
        self._group_ids = group_ids
        self._recognise = recognise
        self._session: Session | None = None

    def __enter__(self) -> SqlUnit:
        session = self._pool.take()
        try:
            session.begin()
        except BaseException:
            session.rollback()
            self._pool.give_back(session)
            raise
        self._session = session
        return SqlUnit(session, self._group_ids, self._recognise)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.rollback()
            self._pool.give_back(session)
