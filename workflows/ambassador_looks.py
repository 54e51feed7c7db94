"""Looking for ambassadors: by the clock, among those who took part lately, for the admins to see a few of them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date, datetime, timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, DropTimer, Put, SetTimer
from core.events import Instructed, TimerDue
from core.people import PERSON, Account, Actor, ActorKind, Member
from core.state import Key
from core.workflow import View
from workflows import ambassador_silence, ambassador_turns, ambassador_words, facts
from workflows.alarms import A_MOMENT, strayed
from workflows.ambassador_book import LOOKS, NONE, PATHS, Looks, Path
from workflows.ambassador_options import NAME, Ambassadors
from workflows.quiet_wishes import QUIET, unwilling

WEIGH: Final = "weigh"
"""The order by which the members of a list are looked at, one by one."""
TIMER: Final = "look:"
_MOST_WEIGHED: Final = 500
_LOOKS_BACK: Final = timedelta(days=30)
_STALE: Final = timedelta(days=1)
_CLOCK: Final = Actor(account=Account(""), kind=ActorKind.ANONYMOUS_ADMIN)
"""Nobody: it is looked by itself."""


def reads(event: TimerDue) -> tuple[Key[Any], ...]:
    """The state that `looked` looks at."""
    return (LOOKS.of_group(), PATHS.of_all(), QUIET.of_all(), state.regulars(_first(event.due), _MOST_WEIGHED))


def _first(at: datetime) -> date:
    return (at - _LOOKS_BACK).date()


def reads_of_each(event: Instructed, options: Ambassadors) -> Iterator[Key[Any]]:
    """The state that `weighed` looks at."""
    kind = options.get(str(event.arguments.get("kind")))
    names = kind.names if kind is not None else frozenset()
    for who in event.accounts:
        yield from (state.member(who), PATHS.of(who), *facts.reads(names, who, event.at))


def armed(event: Instructed, options: Ambassadors, view: View) -> Decision:
    """The times to look as the operator's file has them now. What stands as it should is left; a look that an operator
    cancelled is left out."""
    promised = (view.get(LOOKS.of_group()) or Looks()).next
    standing = view.get(state.timers(NAME))
    wanted = {id_: kind for id_, kind in options.items() if kind.discover is not None}
    kept: dict[str, datetime] = {}
    set_: list[SetTimer | DropTimer] = [
        DropTimer(key) for key in sorted(standing) if key.startswith(TIMER) and key.removeprefix(TIMER) not in wanted
    ]
    for id_, kind in wanted.items():
        then, key = promised.get(id_), f"{TIMER}{id_}"
        as_written = then is not None and kind.after(then - A_MOMENT, view.group) == then
        if strayed(event, then, kind.after(event.at, view.group)):
            then = None
        if then is not None and key in standing and (as_written or then <= event.at):
            kept[id_] = then
            continue
        kept[id_] = kind.after(max(event.at, then) if then is not None and as_written else event.at, view.group)
        set_.append(SetTimer(key=key, at=kept[id_]))
    watched = [
        *_watches(event, options, standing, view),
        *ambassador_turns.unattended(event, options, standing, view),
    ]
    if kept == promised and not set_ and not watched:
        return NOTHING
    put = Put(LOOKS.of_group(), Looks(kept))
    return Decision(changes=(put,), timers=(*set_, *watched), because=("the times to look for ambassadors were set",))


def _watches(event: Instructed, options: Ambassadors, standing: Set[str], view: View) -> Iterator[SetTimer]:
    """The timers that look whether ambassadors fall silent, where there are none."""
    for member, paths in view.get(PATHS.of_all()):
        for id_ in paths.at("active"):
            kind = options.get(id_)
            if kind is not None and f"{ambassador_silence.TIMER}{id_}:{member.account}" not in standing:
                yield from ambassador_silence.watch(id_, kind, member.account, view.group.day(event.at), view.group)


def looked(event: TimerDue, options: Ambassadors, view: View) -> Decision:
    """The time to look: who may be shown at all is weighed one by one, and the next time is set."""
    id_ = event.key.removeprefix(TIMER)
    kind = options.get(id_)
    looks = view.get(LOOKS.of_group()) or Looks()
    if kind is None or kind.discover is None:
        left = Looks({known: at for known, at in looks.next.items() if known != id_})
        return Decision(changes=(Put(LOOKS.of_group(), left),), because=("nobody is looked for any more",), rule=id_)
    then = kind.after(event.at, view.group)
    going = (Put(LOOKS.of_group(), Looks({**looks.next, id_: then})),)
    again = (SetTimer(key=event.key, at=then),)
    if event.at - event.due > _STALE:
        because = "it is too late to look for ambassadors"
        return Decision(changes=going, timers=again, because=(because,), rule=id_)
    found = list(_weighable(id_, event, view))
    if not found:
        return Decision(changes=going, timers=again, because=("there is nobody to look at",), rule=id_)
    weigh = Instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=_CLOCK,
        workflow=NAME,
        verb=WEIGH,
        arguments={"kind": id_, "accounts": found},
    )
    return Decision(
        changes=going, timers=again, follows=(weigh,), because=(f"looked at {len(found)} members",), rule=id_
    )


def _weighable(id_: str, event: TimerDue, view: View) -> Iterator[Account]:
    """Those who took part lately and may be shown to the admins."""
    no = unwilling(view.get(QUIET.of_all()))
    left_out = {member.account for member, _ in view.get(QUIET.of_all()) if member.person in no}
    left_out |= {
        member.account
        for member, paths in view.get(PATHS.of_all())
        if (path := paths.of.get(id_)) is not None and not path.askable(event.at)
    }
    regulars = view.get(state.regulars(_first(event.due), _MOST_WEIGHED))
    return (who for who in regulars if who not in left_out)


def weighed(event: Instructed, options: Ambassadors, view: View) -> Decision:
    """Who is what is looked for, those first whom most people thanked; the admins are shown a few."""
    id_ = str(event.arguments.get("kind"))
    kind = options.get(id_)
    if kind is None or kind.discover is None:
        return NOTHING
    found: list[tuple[Member, dict[str, object]]] = []
    for account in event.accounts:
        member: Member | None = view.get(state.member(account))
        if member is None or member.kind is not PERSON or member.staff or member.left is not None:
            continue
        known = facts.values(kind.names, view, member, event.at)
        if kind.discover.holds({"member": known}):
            found.append((member, known))
    found.sort(key=lambda row: (-_number(row[1], "helped_30d"), -_number(row[1], "active_days_30d"), row[0].person))
    shown = found[: kind.most]
    if not shown:
        return Decision(because=("nobody is what is looked for",), rule=id_)
    changes, effects = [], []
    for member, known in shown:
        key, why = PATHS.of(member.account), ambassador_words.evidence(kind, known)
        path = Path(stage="listed", at=event.at)
        changes.append(Put(key, (view.get(key) or NONE).having(id_, path)))
        effects.append(ambassador_words.shown_to_admins(id_, kind, member, why, view))
    return Decision(
        changes=tuple(changes),
        effects=tuple(effects),
        because=(f"showed the admins {len(shown)} of {len(found)} who may be ambassadors",),
        rule=id_,
    )


def _number(known: dict[str, object], field: str) -> int:
    value = known[field]
    assert isinstance(value, int)
    return value
