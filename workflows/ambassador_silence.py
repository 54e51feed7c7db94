"""An ambassador who falls silent: the admins are told once, and again when they are back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from core import state
from core.decision import Decision, Put, SetTimer
from core.events import TimerDue
from core.occurrences import awake
from core.people import Account
from core.state import Key
from core.workflow import Group, View
from workflows.ambassador_book import NONE, PATHS
from workflows.ambassador_options import DAY, Ambassadors, Program
from workflows.ambassador_words import told

TIMER: Final = "quiet:"
_MARGIN: Final = timedelta(days=2)


def watch(id_: str, kind: Program, who: Account, last: date, group: Group) -> tuple[SetTimer, ...]:
    """The timer that looks whether somebody has fallen silent since a day; none where nobody wants to know."""
    return () if kind.quiet_after is None else (_at(id_, kind, who, last + kind.quiet_after, group),)


def _at(id_: str, kind: Program, who: Account, day: date, group: Group) -> SetTimer:
    at = awake(group.instant(day, kind.look.clock), group.quiet, group.zone)
    return SetTimer(key=f"{TIMER}{id_}:{who}", at=at, member=who)


def meant(key: str) -> str:
    """The kind that a timer is about."""
    return key.removeprefix(TIMER).partition(":")[0]


def reads(event: TimerDue, who: Account, options: Ambassadors) -> tuple[Key[Any], ...]:
    """The state that `rung` looks at."""
    kind = options.get(meant(event.key))
    back = (kind.quiet_after if kind is not None else None) or DAY
    return (PATHS.of(who), state.member(who), state.days(who, (event.due - back - _MARGIN).date()))


def rung(event: TimerDue, who: Account, options: Ambassadors, view: View) -> Decision:
    """Look when they last took part. While they are silent it is looked again each day."""
    id_, group = meant(event.key), view.group
    kind, paths, member = options.get(id_), view.get(PATHS.of(who)) or NONE, view.get(state.member(who))
    path = paths.of.get(id_)
    if kind is None or kind.quiet_after is None or member is None or path is None or path.stage != "active":
        return Decision(because=("nobody is watched any more",), rule=id_, about=who)
    today, joined = group.day(event.at), group.day(path.joined or path.at)
    (days,) = (view.get(key) for key in reads(event, who, options)[2:])
    last = max([day.day for day in days if day.active and day.day <= today], default=path.quiet or joined)
    silent = today - last >= kind.quiet_after
    next_ = today + DAY if silent else max(today + DAY, last + kind.quiet_after)
    timers = (_at(id_, kind, who, next_, group),)
    if silent == (path.quiet is not None):
        because = "is silent still" if silent else "has taken part lately"
        return Decision(timers=timers, because=(because,), rule=id_, about=who)
    changed = Put(PATHS.of(who), paths.having(id_, replace(path, quiet=last if silent else None)))
    key, because = ("line_quiet", "has fallen silent") if silent else ("line_back", "is back")
    return Decision(
        changes=(changed,),
        effects=(told(group, key, kind, member, days=(today - last).days, last=last.isoformat()),),
        timers=timers,
        because=(because,),
        rule=id_,
        about=who,
    )
