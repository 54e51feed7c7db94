"""Everything that can go wrong on purpose.

YajiError
├── ConfigError          what an operator wrote cannot be used; carries every problem with its place
├── InputRefused         a file or command from outside is not what it claims to be
├── UndeclaredRead       a workflow looked at state that its `reads` did not name (a bug of ours)
├── RunawayFollowUps     follow-up events kept producing follow-up events (a bug of ours)
├── HoldsTooLittle       a decision reaches beyond its group; the batch is decided again with every group held
└── StoreError
    ├── StoreUnknown     the address of the database is none that can be understood
    ├── StoreBusy        another process was in the way; the same call may succeed when repeated
    ├── StoreUnavailable the database cannot be reached or written; nothing was committed
    └── SchemaUnknown    the database was written by a newer or foreign version
"""

from __future__ import annotations

from collections.abc import Sequence


class YajiError(Exception):
    """Root of the tree. The message is one sentence for a person and ends in what to do."""


class ConfigError(YajiError):
    """What an operator wrote cannot be used. `problems` holds each with its place, where the places are known. `zh` is
    the same sentence in Chinese."""

    def __init__(self, message: str, problems: Sequence[object] = (), zh: str = "") -> None:
        super().__init__(message)
        self.problems = tuple(problems)
        self.zh = zh or message


class InputRefused(YajiError):
    """A file or command from outside is not what it claims to be. `zh` is the same sentence in Chinese."""

    def __init__(self, message: str, zh: str = "") -> None:
        super().__init__(message)
        self.zh = zh or message


class UndeclaredRead(YajiError):
    """A workflow looked at state that its `reads` did not name."""


class RunawayFollowUps(YajiError):
    """One event led to more follow-up events than any sane configuration needs."""


class HoldsTooLittle(YajiError):
    """What was decided reaches beyond the groups that the batch holds: who is who, or what belongs to the house."""


class StoreError(YajiError):
    """The store could not do what was asked; nothing was committed. `zh` is the same sentence in Chinese."""

    def __init__(self, message: str, zh: str = "") -> None:
        super().__init__(message)
        self.zh = zh or message


class StoreUnknown(StoreError):
    """What was given as the address of a database is none."""


class StoreBusy(StoreError):
    """Another process was in the way (lock, deadlock, serialization): repeat the call."""


class StoreUnavailable(StoreError):
    """The database cannot be reached or written now (down, disk full, read-only)."""


class StoreSpoiled(StoreUnavailable):
    """What this process sees may be more than what is on the disk: it must end, and another one read anew."""


class SchemaUnknown(StoreError):
    """The database holds a schema that this version does not know."""
