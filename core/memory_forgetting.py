"""Forgetting a person in a store in memory: the executable meaning of `core.forgetting`."""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from typing import TYPE_CHECKING

from core.directory import left_first, numbered_on
from core.effects import Edit, React, Say, TellAdmins
from core.forgetting import FORGOTTEN, Erased, Erasure, Kept
from core.memory_people import untie_all
from core.people import Account, PersonId, borne
from core.ports import BalanceAt, Fact, OutboxRow, RecordAt, Writes
from core.state import HOUSE
from core.traces import Traces

if TYPE_CHECKING:
    from core.memory import MemoryUnit


def forget(unit: MemoryUnit, erasure: Erasure) -> Erased:
    """See `core.forgetting.Forgetting.forget`."""
    erased = Erased()
    owns = untie_all(unit, erasure.known.person)
    for kept in erasure.kept:
        traces = erasure.traces(kept)
        _rows(unit, kept, erasure.known.person, owns, traces, erased)
        _words(unit, kept, erasure.known.person, traces, erased)
        _hold(unit, kept, erasure.hashes)
    _everywhere(unit, erasure, erased)
    return erased


def adopt(unit: MemoryUnit, account: Account) -> None:
    """What is held against an account that is seen again is its new person's from now on."""
    store = unit._store
    if store._recognise is None:
        return
    hash_, person = store._recognise(account), store._accounts[account][0]
    for group, held in [(group, held) for (known, group), held in store._held.items() if known == hash_]:
        for place in [place for place in store._ledger if (place.group, place.person) == (group, held)]:
            entries = {key: entry._replace(person=person) for key, entry in store._ledger[place].items()}
            unit._set(store._ledger, BalanceAt(group, person, place.kind), entries)
            unit._set(store._ledger, place, None)
        for at in [at for at in store._records if (at.group, at.person) == (group, held)]:
            unit._set(store._records, RecordAt(group, person, at.slot), store._records[at])
            unit._set(store._records, at, None)
        for each in [each for each, other in store._held.items() if (each[1], other) == (group, held)]:
            unit._set(store._held, each, None)


def _rows(
    unit: MemoryUnit, kept: Kept, person: PersonId, owns: Collection[PersonId], traces: Traces, erased: Erased
) -> None:
    """What belongs to the person, and where others' rows name them by their number."""
    store, group = unit._store, kept.group
    for at, value in list(store._records.items()):
        if at.group == group and at.person == person:
            unit._set(store._records, at, None)
            erased.add("records", 1)
        elif at.group == group and (cleared := traces.cleared(value)) != value:
            unit._set(store._records, at, cleared)
            erased.add("records", 1)
    for day in [day for day in store._days if (day.group, day.person) == (group, person)]:
        unit._set(store._days, day, None)
        erased.add("days", 1)
    for place, entries in list(store._ledger.items()):
        if place.group != group:
            continue
        if place.person == person:
            unit._set(store._ledger, place, None)
            erased.add("facts", len(entries))
            continue
        told = {
            traces.hidden(key): entry._replace(
                key=traces.hidden(key),
                event=traces.hidden(entry.event),
                reason="" if entry.by == person and entry.rule == "admin" else traces.hidden(entry.reason),
                by=kept.nobody if entry.by == person else entry.by,
                by_own=None if entry.by == person else entry.by_own,
            )
            for key, entry in entries.items()
        }
        if told != entries:
            unit._set(store._ledger, place, told)
    unit._set(store._members, (group, person), None)
    for seat, (seen, joined, left, inviter, tags, first) in list(store._members.items()):
        if seat[0] == group and inviter in owns:
            unit._set(store._members, seat, (seen, joined, left, kept.nobody, tags, first))


def _words(unit: MemoryUnit, kept: Kept, person: PersonId, traces: Traces, erased: Erased) -> None:
    """What was promised, asked for, decided and said about them."""
    store, group = unit._store, kept.group
    for key, timer in list(store._timers.items()):
        if timer.group == group and (timer.member in traces.accounts or traces.named_inside([timer.key, timer.data])):
            unit._set(store._timers, key, None)
            erased.add("reminders", 1)
    for key, task in list(store._tasks.items()):
        if task.group == group and traces.inside([task.key, task.data]):
            unit._set(store._tasks, key, None)
    before = list(store._audit)
    events = {_root(row.event) for row in before if (row.group, row.person) == (group, person)}
    unit._journal.append(lambda: store._audit.__setitem__(slice(None), before))
    for n, row in enumerate(before):
        if row.group == group and (row.person == person or traces.named_inside([row.event, row.then, row.because])):
            own = row.person == person
            store._audit[n] = row._replace(
                event=traces.hidden(row.event),
                then=tuple(map(traces.hidden, row.then)),
                because=(FORGOTTEN,) if own else tuple(map(traces.hidden, row.because)),
                person=kept.nobody if own else row.person,
            )
            erased.add("decisions", 1)
    _messages(unit, group, traces, events, erased)


def _messages(unit: MemoryUnit, group: str, traces: Traces, events: set[str], erased: Erased) -> None:
    store, dispatch = unit._store, unit._store.dispatch()
    before = dict(store._outbox)
    after: dict[str, OutboxRow] = {}
    changed: list[tuple[str, OutboxRow, str]] = []
    for id_, found in before.items():
        asked = found.group == group and found.asker in traces.accounts
        row = found._replace(asker=None) if asked else found
        caused = _root(row.event) in events and isinstance(row.effect, Say | Edit | TellAdmins | React)
        about = row.group == group and (caused or traces.inside([row.id, row.event, row.effect]))
        named = row.group == group and traces.named_inside([row.effect, dispatch.way(id_).outcome])
        if about or named:
            going = dispatch.goes(id_)
            blank = about or not going
            row = row._replace(
                id=f"{traces.hidden(id_)}#{len(after)}" if traces.tells(id_) else id_,
                event=traces.hidden(row.event),
                kind="Say" if blank else row.kind,
                effect=Say(words=()) if blank else traces.cleared(row.effect),
            )
            erased.add("messages", 1)
            changed.append((id_, row, FORGOTTEN if about and going else ""))
        elif asked:
            changed.append((id_, row, ""))
        after[row.id] = row
    if changed:
        unit._journal.append(lambda: _refill(store._outbox, before))
        _refill(store._outbox, after)
        for was, row, dropped in changed:
            dispatch.rewritten(was, row, traces.hidden, dropped)


def _root(event: str) -> str:
    return event.partition(">")[0]


def _refill(held: MutableMapping[str, OutboxRow], rows: dict[str, OutboxRow]) -> None:
    """Its order is that in which rows came, so it is made anew."""
    held.clear()
    held.update(rows)


def _hold(unit: MemoryUnit, kept: Kept, hashes: tuple[str, ...]) -> None:
    if kept.facts or kept.records:
        facts = [Fact(kept.group, entry._replace(person=kept.held, own=None)) for entry in kept.facts]
        records = {RecordAt(kept.group, kept.held, slot): value for slot, value in kept.records.items()}
        unit.save(Writes(facts=facts, records=dict(records)))
        for each in hashes:
            unit._set(unit._store._held, (each, kept.group), kept.held)


def _everywhere(unit: MemoryUnit, erasure: Erasure, erased: Erased) -> None:
    store, traces = unit._store, erasure.traces()
    for id_, letter in list(store._letters.items()):
        if traces.named_inside([letter.id, letter.event, letter.why]):
            unit._set(store._letters, id_, None)
            erased.add("letters", 1)
    store.dispatch().forget([name for name in store.dispatch().told("") if traces.means(name)])
    for id_ in [id_ for id_ in store._inbox if traces.accounts and Traces(traces.accounts).means(id_)]:
        unit._set(store._inbox, id_, None)
    for at, value in list(store._records.items()):
        if at.group == HOUSE and (cleared := traces.cleared(value)) != value:
            unit._set(store._records, at, cleared)
            erased.add("records", 1)
    for each in erasure.known.accounts:
        platform, _, native = each.account.partition(":")
        unit._set(store._talks, each.account, None)
        store._strangers.discard((platform, native))
        for on, left in [(on, left) for on, left in store._addresses if on == numbered_on(platform)]:
            if left.startswith(left_first(native, "")):
                unit._set(store._addresses, (on, left), None)
        unit._set(store._accounts, each.account, None)
        if (held := borne(each.account, each.username)) is not None:
            unit._set(store._bearers, held, None)
        erased.add("names", 1)
