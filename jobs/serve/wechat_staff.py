"""With a command about a WeChat room comes who its owner and admins are: nobody acts on them, and they win nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from adapters.wechat.payloads import Room
from adapters.wechat.translate import account
from core.delivery import Inlet
from core.events import Event, MessagePosted
from core.people import Account
from workflows.command_list import weight


class Staffed:
    """An inlet before the inlet, for one account. `room` is a group's room as it was seen last."""

    def __init__(self, inlet: Inlet, room: Callable[[str], Room | None]) -> None:
        self._inlet = inlet
        self._room = room

    async def take(self, events: Sequence[Event]) -> None:
        """See `core.delivery.Inlet.take`."""
        await self._inlet.take([self._told(event) for event in events])

    def _told(self, event: Event) -> Event:
        if not isinstance(event, MessagePosted) or not weight(event):
            return event
        room = self._room(event.group)
        return event if room is None else replace(event, admins=admins_of(room))


def admins_of(room: Room) -> frozenset[Account]:
    """The accounts of its owner and its admins, as far as the gateway tells them."""
    return frozenset(account(one) for one in (room.owner, *room.admins) if one)
