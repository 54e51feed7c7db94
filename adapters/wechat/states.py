"""How it stands with a gateway: what its connection and the account behind it go through, each change told once."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class Trouble(enum.StrEnum):
    """Why a connection is lost, or could not be made."""

    ABSENT = "absent"
    """Nobody listens there, or the network leads nowhere."""
    UNTRUSTED = "untrusted"
    """The certificate is not the one that the gateway must show, or it speaks without one."""
    ENDED = "ended"
    """The gateway ended the stream: it stopped, was restarted, or another client took it over."""
    TAKEN = "taken"
    """The gateway says that somebody else listens to it. It may be our own stream, dead and not yet noticed."""
    DEAF = "deaf"
    """The gateway takes calls, and says nothing over the stream any more."""
    FROZEN = "frozen"
    """Nothing is answered any more, though the connection stands."""
    FAILED = "failed"
    """The gateway answered with an error."""


class ScanStatus(enum.StrEnum):
    """How far logging in by the QR code is."""

    WAITING = "waiting"
    SCANNED = "scanned"
    CONFIRMED = "confirmed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The gateway is heard. `lost` is when it was last heard before, None the first time: what was posted in between
    never arrives."""

    at: datetime
    lost: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """It is not heard since `heard` (None: it never was). Told once for each loss; `why` is what was seen."""

    at: datetime
    trouble: Trouble
    why: str
    heard: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StillAway:
    """It was tried again, in vain, for another reason than the last time."""

    at: datetime
    trouble: Trouble
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """The gateway was made to drop a stream that it held for somebody, after it had refused ours repeatedly."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAsked:
    """The account has to be logged in: its owner scans the QR code of `url` with WeChat."""

    at: datetime
    url: str
    status: ScanStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The account is there. `id` is its own contact id, which may be another one than the last time."""

    at: datetime
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut:
    """The account is gone from the gateway; nothing is heard or said until somebody logs in."""

    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complained:
    """The gateway told of an error of its own."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The gateway knows all rooms and people of the account now; before, its lists may lack some."""

    at: datetime


State = Connected | Disconnected | StillAway | TakenOver | ScanAsked | LoggedIn | LoggedOut | Complained | Ready
"""All that is told; `match` over it ends in `assert_never`."""
