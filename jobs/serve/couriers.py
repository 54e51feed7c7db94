"""The courier of a connection, and what it has to tell its operator."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from config.problems import Language, Said
from core.courier import Courier, Notice
from core.courier_rounds import Hear
from core.delivery import Destination, Dispatch, Inlet
from core.workflow import Group
from jobs.serve.clock import Clock
from jobs.serve.connection import Connection
from jobs.serve.roster import Places, Roster
from workflows.reasons import in_language

log = logging.getLogger("yaji.courier")


class Served(Mapping[str, Group]):
    """The groups that one account speaks for, as they are at each moment: asked for each parcel, so never copied.

    Those that live there; and those that live elsewhere while their admins are here, which hear lines to the admins.
    """

    def __init__(self, roster: Roster, account: str, platform: str) -> None:
        self._roster = roster
        self._account = account
        self._platform = platform
        self._places: Places = roster.places(account)

    def address_of(self, group: str) -> str | None:
        """The chat of a group. For one that lives elsewhere it is where its admins are: nothing else is said to it."""
        found = self._places.address_of(group)
        return found if found is not None else self._admins_of(group)

    def _admins_of(self, group: str) -> str | None:
        held = self._roster.groups.get(group)
        if held is None or self._platform in held.platforms or self._platform not in held.desks or not held.platforms:
            return None
        if self._roster.account_of(group, self._platform) != self._account:
            return None
        return next(iter(self._roster.desks(group, self._platform)), None)

    def __getitem__(self, group: str) -> Group:
        if self.address_of(group) is None:
            raise KeyError(group)
        return self._roster.groups[group]

    def __iter__(self) -> Iterator[str]:
        return (group for group in self._roster.groups if self.address_of(group) is not None)

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
    language: Language = "en",
    hear: Hear | None = None,
    on_back: Callable[[str], object] = lambda group: None,
) -> Courier:
    """The courier of one account. Its name is the account's, so that several deployments' hands never cross.

    `on_back` is told of groups that answer again without anybody having said that the assistant is back.
    """
    platform = connection.platform.name
    served = Served(roster, connection.name, platform)

    def told(notice: Notice) -> None:
        log.log(
            _LEVELS.get(notice.kind, logging.WARNING),
            "%s: %s",
            connection.name,
            line(notice, language),
        )
        if notice.kind == "back":
            on_back(notice.group)

    return Courier(
        name=connection.account,
        platform=connection.platform,
        dispatch=dispatch,
        address=served.address_of,
        groups=lambda: served,
        to_admins=lambda group: [Destination(group, chat) for chat in roster.desks(group, platform)],
        holder=holder,
        clock=clock,
        on_event=lambda event: inlet.take((event,)),
        tell=told,
        limits=connection.limits,
        grantable=connection.grantable,
        budget=connection.budget,
        hear=hear,
    )


def line(notice: Notice, language: Language) -> str:
    """What the log says of what a courier tells, and of which group, in the operator's language but for words of the
    platform's own."""
    told = _TOLD[notice.kind].in_(language) if notice.kind in _TOLD else in_language(notice.text, language)
    return f"{notice.group}: {told}" if notice.group else told


_TOLD: Final = {
    "serving": Said("this process says what is to be said now", "要说的话，现在由这个进程来说"),
    "waiting": Said(
        "another process says what is to be said; this one waits until it ends",
        "要说的话由另一个进程在说；这个等它结束",
    ),
    "well": Said("what is to be said can be read and kept again", "要说的话又能读写了"),
    "parked": Said(
        "the assistant is not there; what is to be said is parked until it is back",
        "助手不在群里；要说的话先存着，等它回来",
    ),
    "back": Said("the assistant is back; what was parked goes out", "助手回来了，存着没说的这就发出去"),
}
_LEVELS = {"serving": logging.INFO, "waiting": logging.INFO, "back": logging.INFO}
