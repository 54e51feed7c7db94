"""The courier of a connection, and what it has to tell its operator."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from adapters.telegram.addresses import Addresses
from core.courier import Courier, Notice
from core.courier_rounds import Hear
from core.delivery import Destination, Dispatch, Inlet
from core.pacing import Limits
from core.workflow import Group
from jobs.serve.clock import Clock
from jobs.serve.roster import Roster
from jobs.serve.telegram import Connection

log = logging.getLogger("yaji.courier")


class Served(Mapping[str, Group]):
    """The groups of one bot that have a chat, as they are at each moment: asked for each parcel, so never copied."""

    def __init__(self, roster: Roster, chats: Addresses) -> None:
        self._roster = roster
        self._chats = chats

    def __getitem__(self, group: str) -> Group:
        if self._chats.chat_of(group) is None:
            raise KeyError(group)
        return self._roster.groups[group]

    def __iter__(self) -> Iterator[str]:
        return (group for group in self._chats.groups if group in self._roster.groups)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def courier(
    connection: Connection,
    *,
    roster: Roster,
    dispatch: Dispatch,
    inlet: Inlet,
    clock: Clock,
    holder: str,
    limits: Limits | None = None,
    hear: Hear | None = None,
) -> Courier:
    """The courier of one bot account. Its name is the account's, so that several deployments' hands never cross.

    `limits` are Telegram's own unless told.
    """
    chats = roster.chats[connection.name]
    served = Served(roster, chats)

    def told(notice: Notice) -> None:
        log.log(_LEVELS.get(notice.kind, logging.WARNING), "%s: %s", connection.name, notice.text)

    return Courier(
        name=f"telegram:{connection.me.id}",
        platform=connection.platform,
        dispatch=dispatch,
        address=chats.address_of,
        groups=lambda: served,
        to_admins=lambda group: [Destination(group, chat) for chat in roster.desks(group)],
        holder=holder,
        clock=clock,
        on_event=lambda event: inlet.take((event,)),
        tell=told,
        limits=limits,
        hear=hear,
    )


_LEVELS = {"serving": logging.INFO, "waiting": logging.INFO, "back": logging.INFO}
