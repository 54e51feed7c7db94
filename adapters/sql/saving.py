"""Everything a batch decided, as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from adapters.sql import queries
from adapters.sql.census import release
from adapters.sql.rows import CODES, hashes, kept, micros, micros_or_none, named, packed, recurring, shown
from core.delivery import State
from core.directory import is_note, left_first, moved_on, moved_to, numbered_on
from core.errors import StoreBusy, StoreError, StoreUnavailable
from core.events import GroupMoved
from core.people import borne
from core.ports import AuditRow, Fact, OutboxRow, RecordAt, Seat, TaskRow, TimerRow, Writes
from core.routing import urgency

if TYPE_CHECKING:
    from adapters.sql.unit import SqlUnit

Ids = Mapping[str, int]
_NOTHING: Final = packed(())


def save(unit: SqlUnit, writes: Writes) -> None:
    """See `core.ports.UnitOfWork.save`. Rows go in order of their keys: neighbours share pages, and locks."""
    ids = _ids(unit, writes)
    with unit.session.together():
        _save(unit, writes, ids)
    for move in writes.moves:
        if unit.session.ask(queries.LIVES_AT, (named(move.platform), named(move.old), named(move.group))):
            _move(unit, move)


def _save(unit: SqlUnit, writes: Writes, ids: Ids) -> None:
    session = unit.session
    if writes.seats:
        _sit(unit, writes.seats, ids)
    if writes.days:
        session.write(
            queries.COUNT, sorted([(day.toordinal(), ids[g], p, *n) for (g, p, day), n in writes.days.items()])
        )
    if writes.shares:
        session.write(
            queries.SHARE, sorted([(day.toordinal(), ids[g], p, *n) for (g, p, day), n in writes.shares.items()])
        )
    if writes.records:
        _put(unit, writes.records, ids)
    if writes.facts:
        _post(unit, writes.facts, ids)
    if writes.timers:
        _time(unit, writes.timers, ids)
    if writes.tasks:
        session.write(queries.ASK_FOR, [_task(row, ids) for row in writes.tasks])
    if writes.audit:
        session.write(queries.NOTE, [_note(row, ids) for row in writes.audit])
    if writes.outbox:
        _send(unit, writes.outbox, ids)


def set_address(unit: SqlUnit, group: str, platform: str, address: str) -> None:
    """A group has one address on each platform; an address belongs to one group. Of those that are left the first is
    kept, once for all (`numbered_on`)."""
    gid = unit.make_groups((group,))[group]
    if not is_note(platform):
        for left, key in unit.session.ask(queries.LEFT, (named(platform), named(group), named(address))):
            _keep_first(unit, str(key), platform, str(left))
    _live(unit, gid, platform, address)


def _live(unit: SqlUnit, gid: int, platform: str, address: str) -> None:
    unit.session.write(queries.LEAVE_ADDRESS, [(named(platform), gid)])
    unit.session.write(queries.TAKE_ADDRESS, [(named(platform), named(address), gid)])


def _move(unit: SqlUnit, move: GroupMoved) -> None:
    gid, note = unit.make_groups((move.group,))[move.group], named(moved_on(move.platform))
    _live(unit, gid, move.platform, move.new)
    unit.session.write(queries.TAKE_ADDRESS, [(note, named(moved_to(move.old, move.new)), gid)])


def _keep_first(unit: SqlUnit, group: str, platform: str, left: str) -> None:
    gid, note = unit.make_groups((group,))[group], named(numbered_on(platform))
    if not unit.session.ask(queries.ADDRESS_OF, (note, gid)):
        unit.session.write(queries.TAKE_ADDRESS, [(note, named(left_first(left, group)), gid)])


def _ids(unit: SqlUnit, writes: Writes) -> Ids:
    """The ids of all groups that are written about. Mostly a batch holds them all."""
    about: set[str] = set()
    for places in (writes.seats, writes.days, writes.records, writes.facts, writes.timers):
        about.update([place[0] for place in places])
    for lines in (writes.tasks, writes.audit, writes.outbox):
        about.update([line.group for line in lines])
    return unit.locked if about <= unit.locked.keys() else unit.make_groups(about - unit.locked.keys())


def _sit(unit: SqlUnit, seats: Sequence[tuple[str, Seat]], ids: Ids) -> None:
    places = {}
    renamed = {}
    bearers = {}
    for group, seat in seats:
        gid, person = ids[group], seat.person
        places[gid, person] = (
            gid,
            person,
            micros_or_none(seat.seen),
            micros_or_none(seat.joined),
            micros_or_none(seat.left),
            seat.inviter,
            packed(sorted(seat.tags)) if seat.tags else None,
            micros_or_none(seat.first_joined),
        )
        if seat.renamed:
            username = None if seat.username is None else shown(seat.username)
            language = None if seat.language is None else shown(seat.language)
            account = kept(seat.account)
            renamed[account] = (account, shown(seat.name), username, CODES[seat.kind], language)
            if (held := borne(seat.account, username)) is not None:
                bearers[held] = seat.account
    unit.session.write(queries.SIT, [places[at] for at in sorted(places)])
    if bearers:
        release(unit.session, bearers, {seat.account for _, seat in seats if seat.renamed})
    if renamed:
        accounts = [renamed[account] for account in sorted(renamed)]
        changed = unit.session.look_up(queries.RENAME, accounts)
        names = {(at, id_) for id_, account in changed for at in hashes(renamed[account][1], renamed[account][2])}
        unit.session.write(queries.ADD_NAMES, sorted(names))


def _put(unit: SqlUnit, records: Mapping[RecordAt, object | None], ids: Ids) -> None:
    put, erased = [], []
    for (group, person, slot), value in records.items():
        if value is None:
            erased.append((ids[group], recurring(slot), person))
        else:
            put.append((ids[group], recurring(slot), person, packed(value)))
    put.sort()
    unit.session.write(queries.PUT, put)
    unit.session.write(queries.ERASE, erased)


def _post(unit: SqlUnit, facts: Sequence[Fact], ids: Ids) -> None:
    rows = []
    sums: dict[tuple[int, int, str], tuple[int, int, int]] = {}
    for group, (kind, key, at, person, amount, by, event, rule, reason, expires, about, own, by_own) in facts:
        gid, then, kind = ids[group], micros(at), recurring(kind)
        rows.append(
            (
                gid,
                person,
                kind,
                named(key),
                then,
                amount,
                by,
                recurring(event),
                recurring(rule),
                shown(reason),
                None if expires is None else micros(expires),
                None if about is None else about.toordinal(),
                own,
                by_own,
            )
        )
        place = (gid, person, kind)
        total, count, reached = sums.get(place, (0, 0, then))
        sums[place] = (total + amount, count + 1, max(reached, then))
    try:
        unit.session.write(queries.POST, rows)
    except StoreError as error:
        raise _already(error, f"{facts[0].entry.kind} {facts[0].entry.key} of {facts[0].group}", len(facts)) from error
    unit.session.write(queries.ADD_UP, [(*place, *sums[place]) for place in sorted(sums)])


def _time(unit: SqlUnit, timers: Mapping[tuple[str, str, str], TimerRow | None], ids: Ids) -> None:
    dropped, set_ = [], []
    for (group, workflow, key), timer in timers.items():
        place = (ids[group], named(workflow), named(key))
        if timer is None:
            dropped.append(place)
        else:
            member = None if timer.member is None else named(timer.member)
            at, data = micros(timer.at), packed(dict(timer.data)) if timer.data else None
            set_.append((*place, at, member, data, timer.ring, at))
    unit.session.write(queries.DROP_TIMER, dropped)
    unit.session.write(queries.SET_TIMER, set_)


def _task(row: TaskRow, ids: Ids) -> tuple[Any, ...]:
    data = packed(dict(row.data)) if row.data else None
    return (ids[row.group], named(row.kind), named(row.key), micros(row.at), micros_or_none(row.expires), data)


def _note(row: AuditRow, ids: Ids) -> tuple[Any, ...]:
    at, group, event, workflow, rule, person, mode, then, because = row
    done = packed(then) if then else _NOTHING
    why = packed(because) if because else _NOTHING
    return (micros(at), ids[group], recurring(event), recurring(workflow), recurring(rule), person, mode, done, why)


def _send(unit: SqlUnit, outbox: Sequence[OutboxRow], ids: Ids) -> None:
    rows = [
        (
            named(row.id),
            micros(row.at),
            ids[row.group],
            recurring(row.event),
            recurring(row.workflow),
            row.kind,
            packed(row.effect),
            None if row.expires is None else micros(row.expires),
            row.platform,
            urgency(row.effect),
            *((State.SENDING.value, named(row.courier), 1) if row.courier else (State.WAITING.value, None, 0)),
            None if row.asker is None else named(row.asker),
        )
        for row in outbox
    ]
    try:
        unit.session.write(queries.SEND, rows)
    except StoreError as error:
        raise _already(error, f"effect {outbox[0].id}", len(outbox)) from error


def _already(error: StoreError, what: str, count: int) -> StoreError:
    if isinstance(error, StoreBusy | StoreUnavailable):
        return error
    return StoreError(f"{what} exists already" if count == 1 else f"{what}, or one of {count - 1} more, exists already")
