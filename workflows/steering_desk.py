"""What the steering of a group keeps at hand, and what its parts share: who did what last, orders, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core import state
from core.decision import Put
from core.events import ButtonPressed, Instructed, MessagePosted
from core.people import Account, Actor, Member
from core.quick import maker, quick
from core.state import Slot
from core.workflow import View
from workflows import acts
from workflows.acts import ACTS, Act
from workflows.facts import shown_name
from workflows.plain_text import one_line

_instructed: Final = maker(Instructed)
_put: Final = maker(Put)
CONFIRM_WITHIN: Final = timedelta(minutes=5)
_LATEST_KEPT: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A command of an anonymous admin that waits for a press with a real account."""

    at: datetime
    verb: str
    account: str = ""
    name: str = ""
    arguments: dict[str, str] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True)
class Desk:
    """What waits to be confirmed, by id; and who did what last: "admin's account|member's account|act", newest last."""

    pending: dict[str, Pending] = field(default_factory=dict)
    latest: tuple[str, ...] = ()

    def current(self, at: datetime) -> Desk | None:
        """Without orders that nobody confirmed in time; nothing if none is left."""
        pending = {id_: one for id_, one in self.pending.items() if at - one.at <= CONFIRM_WITHIN}
        return Desk(pending, self.latest) if pending or self.latest else None


DESK: Final = Slot("steering.desk", Desk)
_DESK: Final = DESK.of_group()
_desk: Final = maker(Desk)
NOTHING_PENDING: Final = Desk()
"""Where nothing waits and nobody did anything."""


def instructed(
    event: MessagePosted | ButtonPressed | Instructed,
    verb: str,
    by: Actor,
    target: Actor | None,
    arguments: Mapping[str, object],
) -> Instructed:
    """An order to the steering itself."""
    return _instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=by,
        workflow=acts.STEERING,
        verb=verb,
        target=target,
        arguments=arguments,
    )


def remembered(giver: Account, subject: Account, id_: str, act: Act, view: View) -> tuple[Put, Put]:
    """What somebody did is kept, in the record of whom it is about, and that it was the last thing they did."""
    whose = ACTS.of(subject)
    kept = (view.get(whose) or acts.NONE).with_one(id_, act)
    desk = view.get(_DESK) or NOTHING_PENDING
    latest = (*desk.latest, f"{giver}|{subject}|{id_}")[-_LATEST_KEPT:]
    return _put(whose, kept), _put(_DESK, _desk(desk.pending, latest))


def whom(event: Instructed, view: View) -> Member | None:
    """Whom an order is about, if they are known here."""
    return view.get(state.member(event.target.account)) if event.target is not None else None


def oneself(member: Member | None, view: View) -> bool:
    """Whether who is meant is who gives the order, by whichever of their accounts."""
    return member is not None and member.person == view.person()


def name(event: Instructed, member: Member | None) -> str:
    """Whom an order is about, as people know them; `member` is what `whom` found."""
    if member is not None:
        return shown_name(member)
    return one_line(event.target.name, 64) or event.target.account if event.target is not None else ""
