"""What one decision may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from core.errors import StoreError, UndeclaredRead
from core.people import ADMIN, ANONYMOUS_ADMIN, NOBODY, Actor, Member, PersonId
from core.ports import Seat
from core.state import Key
from core.workflow import Group
from core.working import Working

_UNSEEN: Final = object()


class LoadedView:
    """The declared state, as of one event, for one workflow."""

    __slots__ = ("_actor", "_held", "_key", "_member", "_rest", "_sits", "_working", "group")

    _member: Member | None
    _sits: Seat | None
    """Where the actor sits, once that was looked at."""
    _rest: Callable[[], Iterable[Key[Any]]] | None
    _held: dict[Key[Any], Any]
    """What was declared, and once it was looked at what it is: nothing changes while one workflow decides."""

    def __init__(self, working: Working, group: Group, actor: Actor | None) -> None:
        self._working = working
        self.group = group
        self._key = group.key
        self._actor = actor

    def declare(self, keys: tuple[Key[Any], ...], rest: Callable[[], Iterable[Key[Any]]] | None = None) -> None:
        """For the next workflow that decides. `rest` tells what else it may look at, see `Seldom`."""
        self._rest = rest
        self._member = self._sits = None
        self._held = dict.fromkeys(keys, _UNSEEN)

    def get(self, key: Key[Any]) -> Any:
        try:
            value = self._held[key]
        except KeyError:
            if self._rest is not None:
                self._declare_rest(self._rest)
                return self.get(key)
            raise UndeclaredRead(f"{key} is not among the keys that `reads` declared; declare it there") from None
        if value is _UNSEEN:
            value = self._held[key] = self._working.read(self._key, key)
        return value

    def _declare_rest(self, rest: Callable[[], Iterable[Key[Any]]]) -> None:
        """Declare it, too, and read it at once."""
        self._rest = None
        keys = tuple(key for key in rest() if key not in self._held)
        self._held |= dict.fromkeys(keys, _UNSEEN)
        try:
            self._working.load([(self._key, (key,)) for key in keys])
        except StoreError:
            raise
        except Exception:  # one key cannot be read: whoever looks at it meets that
            if self._working.spoiled:
                raise

    def actor(self) -> Member:
        member = self._member
        if member is None:
            member = self._member = self._who()
        return member

    def person(self) -> PersonId:
        seat = self._seat()
        return seat.person if seat is not None else NOBODY

    def language(self) -> str:
        seat = self._seat()
        return self.group.spoken(seat.language if seat is not None else None)

    def _who(self) -> Member:
        seat = self._seat()
        assert self._actor is not None
        return _anonymous(self._actor) if seat is None else self._working.member(self._key, seat, self._actor)

    def _seat(self) -> Seat | None:
        """Where the actor sits; None for whom the group has not seen, and for an admin who writes as the group."""
        if self._sits is not None:
            return self._sits
        actor = self._actor
        if actor is None:
            raise UndeclaredRead("this event has no actor; declare state.member(account) in `reads` instead")
        if actor.kind is ANONYMOUS_ADMIN:
            return None
        seat = self._working.known(self._key, actor.account)
        if seat is not None and seat.seen is not None:
            self._sits = seat
        return self._sits


def _anonymous(actor: Actor) -> Member:
    """Somebody who is nobody's account: an admin writing as the group itself."""
    roles = frozenset((ADMIN,)) if actor.kind is ANONYMOUS_ADMIN or actor.admin else frozenset()
    return Member(
        person=NOBODY,
        account=actor.account,
        name=actor.name,
        kind=actor.kind,
        seen=datetime.min.replace(tzinfo=UTC),
        roles=roles,
    )
