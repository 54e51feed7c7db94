"""What comes of events and surveys while a history runs: seen beside their own decisions, as what members answered is
erased once it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from core.books import Books
from core.decision import Decision, Put
from core.events import Event, TimerDue
from core.state import Slot
from core.workflow import Bound, Group, View
from workflows import events
from workflows.event_answers import table_of
from workflows.event_book import ANSWERS, CALENDAR, Calendar, Next, Table, seated
from workflows.event_options import Events
from workflows.survey_book import ANSWERS as GIVEN
from workflows.survey_book import PLANS, RESULTS, Opened, Plans, Result, Results, counted
from workflows.survey_clock import NAME as SURVEYS
from workflows.survey_clock import came_to
from workflows.survey_options import Surveys

O = TypeVar("O")  # noqa: E741 (options)

Note = Callable[[Event, Any, View, Decision], None]


@dataclass(slots=True)
class Held:
    """One time of an event that was announced. `table` is who came and who waited when it began, as far as it did."""

    day: date
    at: datetime
    reminders: set[str] = field(default_factory=set)
    table: Table = field(default_factory=Table)
    begun: bool = False
    cancelled: bool = False


@dataclass(slots=True)
class Asked:
    """One time that a survey was asked. `answered` of `could` did when it was told; `result` is what came of it, None
    of fewer answers than are told. One that was called off is told of no more."""

    day: date
    at: datetime
    told: bool = False
    off: bool = False
    answered: int = 0
    could: int = 0
    result: Result | None = None


@dataclass(slots=True)
class Attendance:
    """Every time of every event and survey, by id. What is seen twice, as where a batch is tried again, counts once."""

    held: dict[tuple[str, date], Held] = field(default_factory=dict)
    asked: dict[tuple[str, str], Asked] = field(default_factory=dict)

    def beside(self, group: Group) -> Group:
        """The same group, whose events and surveys are looked at."""
        notes: dict[str, Note] = {events.NAME: self._event, SURVEYS: self._survey}
        runs = (_noted(bound, notes[bound.name]) if bound.name in notes else bound for bound in group.runs)
        return replace(group, runs=tuple(runs))

    def close(self, group: Group, books: Books) -> None:
        """What is open at the end, as it stands then."""
        options = group.options(Events)
        gatherings = options.held_in(group) if options is not None else {}
        coming = [(who, one) for who, one in books.every_record(group.key, ANSWERS) if who.left is None]
        for (id_, day), held in self.held.items():
            if not held.begun and id_ in gatherings:
                held.table = seated(id_, day, coming, gatherings[id_].limit)
        given = tuple((who, one) for who, one in books.every_record(group.key, GIVEN) if who.left is None)
        for (id_, run), asked in self.asked.items():
            if not (asked.told or asked.off):
                asked.answered = len(counted(given, id_, run))

    def _event(self, event: Event, options: Events, view: View, decision: Decision) -> None:
        written = _put(decision, CALENDAR)
        for id_, told in written.next.items() if isinstance(written, Calendar) else ():
            if told.open:
                self._time(id_, told).cancelled = told.cancelled
        if not isinstance(event, TimerDue) or not decision.rule:
            return
        calendar, gathering = view.get(CALENDAR.of_group()) or Calendar(), options.root.get(decision.rule)
        next_ = calendar.next.get(decision.rule)
        if next_ is None or gathering is None or not next_.open or event.key not in next_.timers:
            return
        held = self._time(decision.rule, next_)
        if event.key.startswith(f"{events.REMIND}:") and decision.effects:
            held.reminders.add(event.key)
        elif event.at >= next_.at:
            held.table, held.begun = table_of(decision.rule, next_, gathering, view), True

    def _time(self, id_: str, next_: Next) -> Held:
        return self.held.setdefault((id_, next_.day), Held(next_.day, next_.at))

    def _survey(self, event: Event, options: Surveys, view: View, decision: Decision) -> None:
        put, came = _put(decision, PLANS), came_to(decision.because)
        if not isinstance(put, Plans):
            return
        before, now = _open(view.get(PLANS.of_group()) or Plans()), _open(put)
        for (id_, _), opened in (*before.items(), *now.items()):
            self._asked(id_, opened, view.group)
        for key in before.keys() - now.keys():
            asked = self.asked[key]
            if came is not None and decision.rule == key[0]:
                results = _put(decision, RESULTS)
                asked.result = results.of[key[0]] if isinstance(results, Results) else None
                asked.told, (asked.answered, asked.could) = True, came
            else:
                asked.off = True

    def _asked(self, id_: str, opened: Opened, group: Group) -> Asked:
        return self.asked.setdefault((id_, opened.run), Asked(group.day(opened.at), opened.at))


def _noted(bound: Bound[O], note: Note) -> Bound[O]:
    """The same workflow, of which every decision is shown to somebody before it is carried out."""
    flow = bound.workflow

    def decide(event: Event, options: O, view: View) -> Decision | tuple[Decision, ...]:
        decision = flow.decide(event, options, view)
        note(event, options, view, decision if isinstance(decision, Decision) else decision[-1])
        return decision

    return replace(bound, workflow=replace(flow, decide=decide))


def _put(decision: Decision, slot: Slot[Any]) -> object | None:
    """What a decision writes into a record of the group."""
    return next((one.value for one in decision.changes if isinstance(one, Put) and one.key == slot.of_group()), None)


def _open(plans: Plans) -> dict[tuple[str, str], Opened]:
    """What is asked now, by survey and run."""
    return {(id_, plan.opened.run): plan.opened for id_, plan in plans.of.items() if plan.opened is not None}
