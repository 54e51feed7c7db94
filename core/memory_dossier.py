"""Everything about one person, read from a store in memory: the executable meaning of `core.dossier.Dossiers`."""

from __future__ import annotations

from typing import Any

from core.dossier import Chapter, Dossier, Known, Marks, Told, marked, unmarked
from core.effects import Say
from core.jsonable import jsonable
from core.memory import MemoryStore
from core.people import NOBODY, Account
from core.ports import OutboxRow
from core.state import HOUSE
from core.traces import Traces


class MemoryDossiers:
    """Implements `core.dossier.Dossiers`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def known(self, account: Account) -> Known | None:
        """See `Dossiers.known`."""
        return self._store.known(account)

    def dossier(self, account: Account, marks: Marks = unmarked) -> Dossier | None:
        """See `Dossiers.dossier`."""
        who = self._store.known(account)
        if who is None:
            return None
        talks = [self._store._talks[each.account] for each in who.accounts if each.account in self._store._talks]
        at, group = max(talks, default=(None, ""))
        chapters = tuple(self._chapter(who, group, marks) for group in who.groups)
        talked = (group, at) if at is not None else None
        return Dossier(known=who, talks=talked, chapters=chapters, house=self._shared(who, HOUSE, marks))

    def _shared(self, who: Known, group: str, marks: Marks) -> dict[str, Any]:
        traces = marked(who, group, marks)
        found = {
            at.slot: traces.part_of(jsonable(value))
            for at, value in sorted(self._store._records.items())
            if at.group == group and at.person == NOBODY
        }
        return {slot: part for slot, part in found.items() if part is not None}

    def _chapter(self, who: Known, group: str, marks: Marks) -> Chapter:
        store, traces = self._store, Traces(each.account for each in who.accounts)
        return Chapter(
            group=group,
            seat=store._seat(group, who.person, who.accounts[0].account),
            facts=sorted((e for e in store.facts(group) if e.person == who.person), key=lambda e: (e.at, e.key)),
            caused=sum(e.by == who.person for e in store.facts(group)),
            days=[day for person, day in store.activity(group) if person == who.person],
            records={
                at.slot: jsonable(value)
                for at, value in sorted(store._records.items())
                if at.group == group and at.person == who.person
            },
            timers=[
                row
                for row in store.timers(group)
                if row.member in traces.accounts or traces.means(row.key) or traces.means(str(row.data))
            ],
            tasks=[row for row in store.tasks(group) if traces.means(row.key) or traces.means(str(row.data))],
            audit=[row for row in store.audit(group) if row.person == who.person],
            said=[
                Told(row.at, row.effect.words, self._state(row))
                for row in store.outbox(group)
                if isinstance(row.effect, Say) and row.effect.to in traces.accounts
            ],
            shared=self._shared(who, group, marks),
        )

    def _state(self, row: OutboxRow) -> str:
        return self._store.dispatch().way(row.id).state.value
