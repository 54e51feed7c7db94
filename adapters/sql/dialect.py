"""What the store asks of a database: the one place where SQLite and PostgreSQL differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from adapters.sql.queries import Insert, Lookup, Remove

Row = tuple[Any, ...]


class Session(Protocol):
    """One connection. `begin`, then statements, then `commit` or `rollback`. Raises the errors of core.errors."""

    def begin(self) -> None:
        """Start a transaction that is going to write."""
        ...

    def commit(self) -> None: ...

    def rollback(self) -> None:
        """Undo; does nothing outside a transaction and never raises."""
        ...

    def look_up(self, query: Lookup, wanted: Sequence[Row]) -> list[Row]:
        """The rows of a query over wanted rows; the position `n` counts from 0."""
        ...

    def write(self, statement: Insert | Remove, rows: Sequence[Row]) -> None:
        """Insert or remove rows; nothing happens for none."""
        ...

    def write_new(self, statement: Insert, rows: Sequence[Row]) -> list[Any]:
        """Insert the rows that are not there yet; the first column of each that was new."""
        ...

    def together(self) -> AbstractContextManager[object]:
        """Writes inside may wait for each other's company; by the end all are done, or the first error is raised."""
        ...

    def ask(self, text: str, parameters: Row = ()) -> list[Row]:
        """The rows of a statement with `?` for each parameter."""
        ...

    def stream(self, text: str, parameters: Row = ()) -> Iterator[Row]:
        """As `ask`, a thousand rows at a time, in a transaction of its own that sees one moment."""
        ...

    def lock_groups(self, keys: Sequence[str]) -> None:
        """Hold these groups, in the order of their keys, until the transaction ends."""
        ...

    def lock_all_groups(self) -> None:
        """Hold all groups there are, and their number, until the transaction ends."""
        ...

    def new_ids(self, count: int) -> Sequence[int]:
        """Ids for new accounts that nobody else gets."""
        ...

    def wiping(self) -> AbstractContextManager[object]:
        """What is deleted inside is overwritten on the disk, as far as the database can."""
        ...

    def flush(self) -> None:
        """See `core.ports.Store.flush`. To be asked outside a transaction."""
        ...

    def empty_log(self) -> None:
        """Have the database's log hold nothing any more that was deleted, unless somebody is reading just then."""
        ...

    def scour(self) -> bool:
        """Write the database anew, so that nothing that was deleted is left anywhere in it, if that is a matter of a
        moment; its log is emptied in any case. Whether it was. To be asked outside a transaction; may raise StoreBusy
        and StoreUnavailable, and what was committed stands all the same."""
        ...

    @property
    def like(self) -> str:
        """The operator that compares with a pattern, whatever the case of letters."""
        ...

    @property
    def usable(self) -> bool:
        """Whether the connection can serve another transaction."""
        ...

    def close(self) -> None: ...


class Database(Protocol):
    """Where sessions come from.

    `dialect` is what SQLAlchemy calls it, `alone` begins a transaction that only one process can be in,
    `shared` tells whether other programs may keep tables beside ours.
    """

    @property
    def dialect(self) -> str: ...

    @property
    def alone(self) -> Sequence[str]: ...

    @property
    def shared(self) -> bool: ...

    def connect(self, *, lasting: bool = True) -> Session:
        """A new session; not `lasting` if its commits shall not wait for the disk. Raises StoreUnavailable."""
        ...

    def close(self) -> None:
        """Let go of what is open beside the sessions."""
        ...

    def raw(self) -> Any:
        """A new connection of the driver. Raises StoreUnavailable."""
        ...

    def told(self, error: BaseException) -> BaseException:
        """The driver's error in the words of core.errors; those that are bugs of ours stay as they are."""
        ...
