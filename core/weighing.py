"""What may come of what is decided: who hears of points and of what was done, and whether that moves them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.errors import StoreBusy, StoreUnavailable
from core.events import Event
from core.follow_ups import Acted, PointsChanged
from core.interest import Listeners, interest
from core.people import Account, Actor
from core.quick import maker
from core.state import Key, balance
from core.workflow import Bound, Group
from core.working import Working

_points_changed: Final = maker(PointsChanged)
_acted: Final = maker(Acted)

Wanted = list[tuple[str, tuple[Key[Any], ...]]]
"""What is to be loaded of groups."""

_FORESEEN = frozenset(("record", "balance"))


class Weighing:
    """Looks ahead to the follow-up events of one batch, and tells which of them nobody has anything to decide about."""

    def __init__(self, working: Working, groups: Mapping[str, Group], listeners: Listeners) -> None:
        self._working = working
        self._groups = groups
        self._listeners = listeners
        self._weighed: list[tuple[Event, Actor, Bound[Any]]] = []

    def foresee(self, event: Event, actor: Actor, kind: type[PointsChanged | Acted], wanted: Wanted) -> None:
        """What those who hear of a follow-up event look at first, should there be one: records and balances, which
        mostly tell that nothing changes; windows are long, and loaded when somebody looks at them."""
        group, who = event.group, actor.account
        asked: list[Bound[Any]] = []
        for bound in self._listeners.of(self._groups[group], kind):
            unmoved = bound.workflow.weighs.get(kind)
            if unmoved is None:
                asked.append(bound)
            else:
                stands = unmoved.slot.of(who)
                wanted.append((group, (stands, balance(unmoved.kind, who)) if unmoved.kind else (stands,)))
                if kind is PointsChanged:
                    self._weighed.append((event, actor, bound))
        if asked:
            id_, at = event.id, event.at
            follow = (
                _points_changed(id=id_, at=at, group=group, actor=actor, amount=0)
                if kind is PointsChanged
                else _acted(id=id_, at=at, group=group, actor=actor, workflow="", rule="", cause=id_, did=())
            )
            for _, keys, _, _ in interest(follow, tuple(asked)):
                wanted.append((group, tuple([key for key in keys if key.what in _FORESEEN])))

    def nearer(self) -> Wanted:
        """What is looked at of those whom more points may move, so that it is read for all of them at once."""
        weighed, self._weighed = self._weighed, []
        wanted: Wanted = []
        for event, actor, bound in weighed:
            group, at = event.group, event.at
            if not self.stays(bound, PointsChanged, self._groups[group], actor.account, at):
                gain = _points_changed(id=event.id, at=at, group=group, actor=actor, amount=0)
                wanted += [(group, keys) for _, keys, _, _ in interest(gain, (bound,))]
        return wanted

    def moves(self, kind: type, event: Event, account: Account | None) -> bool:
        """Whether anybody may have something to decide about what came of an event. Who cannot say fails over it."""
        group = self._groups[event.group]
        scales = self._listeners.scales(group, kind)
        if not scales or account is None:
            return scales != ()
        try:
            for options, unmoved in scales:
                record, amount = self._working.stand(group.key, account, unmoved)
                if not unmoved.stays(event.at, options, group, record, amount):
                    return True
            return False
        except (StoreUnavailable, StoreBusy):
            raise
        except Exception:
            if self._working.spoiled:
                raise
            return True

    def stays(self, bound: Bound[Any], kind: type, group: Group, account: Account, at: datetime) -> bool:
        """Whether a workflow says of a follow-up event that nothing comes of it, without being asked about it."""
        unmoved = bound.workflow.weighs.get(kind)
        if unmoved is None:
            return False
        record, amount = self._working.stand(group.key, account, unmoved)
        return unmoved.stays(at, bound.options, group, record, amount)
