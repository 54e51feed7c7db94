"""Between the values of the core and the columns of the tables, both ways."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, get_args
from zlib import crc32

import msgspec

from core.effects import Effect
from core.errors import StoreError
from core.people import Account, ActorKind, Member, PersonId
from core.ports import Seat
from core.state import Entry, Slot

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
KINDS: Final = (ActorKind.PERSON, ActorKind.BOT, ActorKind.CHANNEL, ActorKind.ANONYMOUS_ADMIN)
"""Rows hold the position: only ever append here."""
CODES: Final = {kind: code for code, kind in enumerate(KINDS)}

_EFFECTS: Final[Mapping[str, type]] = {kind.__name__: kind for kind in get_args(Effect)}
_encode = msgspec.json.Encoder().encode
_decoders: dict[Any, Callable[[str], Any]] = {}
_building = threading.Lock()
_SIGNS: Final = {"telegram": "@", "wechat": "#"}
"""Rows hold the sign: only ever append here."""
_PLATFORMS: Final = {"=": ""} | {sign: f"{platform}:" for platform, sign in _SIGNS.items()}
_SIGNED: Final = tuple(_PLATFORMS)
_NO_TAGS: Final[frozenset[str]] = frozenset()
_EXACT: Final = 2**52
"""Below it (until 2112) a float of seconds is nearest to the right microsecond, and makes instants twice as fast."""
_from_seconds = datetime.fromtimestamp


def _renew() -> None:
    """After a fork, whoever builds a decoder in the parent at that moment does not end here."""
    global _building
    _building = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    span = at - EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def micros_or_none(at: datetime | None) -> int | None:
    """As `micros`; None stays None."""
    return None if at is None else micros(at)


def instant(value: int) -> datetime:
    """The instant, exactly as it was."""
    if 0 <= value < _EXACT:
        return _from_seconds(value / 1e6, UTC)
    return EPOCH + timedelta(0, 0, value)


def instant_or_none(value: int | None) -> datetime | None:
    """As `instant`; None stays None."""
    return None if value is None else instant(value)


def shown(text: str) -> str:
    """Text as databases take it: a NUL or half a surrogate pair becomes the replacement character."""
    if text.isascii():
        return text if "\0" not in text else text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text.replace("\0", "\ufffd")


def named(text: str) -> str:
    """Ids and keys as databases take them: what they refuse is spelled out, so that different ones stay different."""
    if text.isascii():
        return text if "\0" not in text else text.replace("\0", "\\x00")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "backslashreplace").decode()
    return text.replace("\0", "\\x00")


recurring: Final = lru_cache(maxsize=4096)(named)
"""As `named`, of what comes again and again: kinds of facts, rules, workflows, slots, and the event of several rows."""


def kept(account: Account) -> str:
    """An account as its column has it: a sign for the platforms of most accounts, 8 bytes less in two places."""
    platform, colon, native = account.partition(":")
    sign = _SIGNS.get(platform)
    if sign is not None and colon:
        return sign + named(native)
    return "=" + named(account) if account.startswith(_SIGNED) else named(account)


def account_of(text: str) -> Account:
    """The account of a `kept` text."""
    platform = _PLATFORMS.get(text[:1])
    return Account(text if platform is None else platform + text[1:])


def packed(value: object) -> str:
    """JSON of a record, an effect or a timer's data; the same value gives the same text. Dictionaries keep their order,
    which may be what they tell ("oldest first")."""
    try:
        return _encode(value).decode()
    except UnicodeEncodeError:
        return _encode(_cleaned(msgspec.to_builtins(value))).decode()


def unpacked(text: str, kind: Any) -> Any:
    """The value of a `packed` text, as an instance of `kind`."""
    decode = _decoders.get(kind)
    if decode is None:
        # msgspec keeps what it knows of a class before all of that is known: a second thread would read what is not
        # there yet, and end the process.
        with _building:
            decode = _decoders.setdefault(kind, msgspec.json.Decoder(kind).decode)
    return decode(text)


def readable(slots: Sequence[Slot[Any]], values: Sequence[str | None]) -> dict[str, object | None]:
    """The records of slots, as far as they can be read; those that cannot are met by whoever asks for them alone."""
    found: dict[str, object | None] = {}
    for slot, value in zip(slots, values, strict=True):
        try:
            found[slot.name] = None if value is None else unpacked(value, slot.type)
        except msgspec.MsgspecError:
            continue
    return found


def effect(kind: str, text: str) -> Effect:
    """The effect that was decided."""
    if kind not in _EFFECTS:
        raise StoreError(f"the outbox holds the effect {kind}, unknown to this version; run the version that wrote it")
    known: Effect = unpacked(text, _EFFECTS[kind])
    return known


def hashes(*names: str | None) -> set[int]:
    """Where the rows of these names lie in `names`."""
    return {crc32(folded.encode()) - 2**31 for name in names if name and (folded := name.casefold())}


def tags_of(text: str | None) -> frozenset[str]:
    """Tags from their column."""
    return _NO_TAGS if text is None else frozenset(unpacked(text, list[str]))


SEAT = (
    "a.person, a.account, a.name, a.kind, a.username, a.language, m.seen, m.joined, m.left_at, m.inviter, m.tags, "
    "a.own, m.first_joined"
)
"""The columns of a seat, for accounts a and memberships m."""
SEAT_OF = SEAT.replace("a.account, ", "")
"""Those of the seat of an account that is known."""


def seat(row: tuple[Any, ...]) -> Seat:
    """A row of `SEAT` columns."""
    person, account, *rest = row
    return seat_of(account_of(account), (person, *rest))


def seat_of(account: Account, row: tuple[Any, ...]) -> Seat:
    """A row of `SEAT_OF` columns."""
    person, name, kind, username, language, seen, joined, left, inviter, tags, own, first = row
    return Seat(
        person,
        account,
        name,
        KINDS[kind],
        username,
        language,
        None if seen is None else instant(seen),
        None if joined is None else instant(joined),
        None if left is None else instant(left),
        inviter,
        _NO_TAGS if tags is None else tags_of(tags),
        own,
        None if first is None else instant(first),
    )


def member(row: tuple[Any, ...]) -> Member:
    """A row of `SEAT` columns as a member. Roles are the configuration's and stay empty."""
    person, account, name, kind, _, language, seen, joined, left, inviter, tags, *_ = row
    return Member(
        person=person,
        account=account_of(account),
        name=name,
        kind=KINDS[kind],
        seen=instant(seen),
        joined=instant_or_none(joined),
        left=instant_or_none(left),
        inviter=inviter,
        language=language,
        tags=tags_of(tags),
    )


ENTRY = (
    "l.kind, l.key, l.at, l.person, l.amount, l.by_person, l.event, l.rule, l.reason, "
    "l.expires, l.about, l.own, l.by_own"
)
"""The columns of a fact, for ledger l."""


def entry(row: tuple[Any, ...]) -> Entry:
    """A row of `ENTRY` columns."""
    kind, key, at, person, amount, by, event, rule, reason, expires, about, own, by_own = row
    return Entry(
        kind,
        key,
        instant(at),
        PersonId(person),
        amount,
        by,
        event,
        rule,
        reason,
        instant_or_none(expires),
        None if about is None else date.fromordinal(about),
        own,
        by_own,
    )


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(held) for held in value]
    return value
