"""The outbox as couriers use it, on SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from adapters.sql import dispatch_queries as texts
from adapters.sql import rows
from adapters.sql.dialect import Row, Session
from adapters.sql.pool import Pool
from adapters.sql.unit import SqlUnit
from core.addressees import addressee
from core.delivery import Addressee, Parcel, Parking, Said, Settled, State, Waiting
from core.effects import Effect
from core.people import Account
from core.routing import urgency

_SERVER = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_STEP = timedelta(microseconds=1)


class SqlDispatch:
    """Implements `core.delivery.Dispatch`. Leases run by the server's clock; in a file, by `clock`, or the pool's."""

    def __init__(
        self,
        pool: Pool,
        *,
        served: bool,
        clock: Callable[[], datetime] | None = None,
        gone: Callable[[str], bool] = lambda holder: False,
        told: Callable[[Sequence[Settled]], object] = lambda settled: None,
    ) -> None:
        """`served` says that a server holds the data, which has a clock of its own. `gone` says of a holder that it is
        known to be dead: its lease is free before it has run out. `told` hears of what was settled."""
        self._pool = pool
        self._served = served
        self._clock = clock if clock is not None else lambda: pool.clock()
        self._gone = gone
        self._asked: tuple[Collection[str], Mapping[str, str]] = ((), {})
        self._told = told

    # leases

    def take_lease(self, name: str, holder: str, span: timedelta) -> bool:
        """See `Dispatch.take_lease`."""
        wanted = (rows.named(name), rows.named(holder)), (span // _STEP,), ()
        with self._pool.writing() as session:
            taken = self._ask(session, texts.TAKE, *wanted)
            if not taken:
                held = session.ask(texts.HOLDER, (rows.named(name),))
                if held and self._gone(held[0][0]):
                    session.write(texts.DROP, [(rows.named(name), held[0][0])])
                    taken = self._ask(session, texts.TAKE, *wanted)
            session.commit()
        return bool(taken)

    def drop_lease(self, name: str, holder: str) -> None:
        """See `Dispatch.drop_lease`."""
        with self._pool.writing() as session:
            session.write(texts.DROP, [(rows.named(name), rows.named(holder))])
            session.commit()

    # reading

    def waiting(
        self,
        platform: str,
        groups: Collection[str],
        now: datetime,
        *,
        per_group: int,
        most: int,
        besides: Collection[str] = (),
    ) -> Sequence[Parcel]:
        """See `Dispatch.waiting`."""
        asked = self._stored(groups)
        with self._pool.lent() as session:
            busy = self._ask(session, texts.BUSY, (platform, platform), ())
            keys = {gid: asked[stored] for gid, stored, _ in busy if stored in asked}
            if not keys:
                return ()
            at, clock = rows.micros(now), busy[0][2]
            wanted = [(gid, platform, at, clock) for gid in keys]
            found = session.look_up(texts.due(per_group, lateral=self._served), wanted)
            chosen = _fairly(found, most, {rows.named(id_) for id_ in besides})
            read = session.look_up(texts.PARCELS, [(seq,) for seq in chosen])
        return [_parcel(row, keys) for row in read]

    def pending(self, platform: str, groups: Collection[str]) -> Mapping[str, int]:
        """See `Dispatch.pending`."""
        asked = self._stored(groups)
        with self._pool.lent() as session:
            return {asked[key]: count for key, count in session.ask(texts.PENDING, (platform,)) if key in asked}

    def parked(self, platform: str, groups: Collection[str]) -> Mapping[str, Parking]:
        """See `Dispatch.parked`."""
        asked = self._stored(groups)
        with self._pool.lent() as session:
            found = session.ask(texts.PARKED, (platform,))
        return {asked[key]: Parking(why or "", rows.instant_or_none(at)) for key, why, at in found if key in asked}

    def told(self, prefix: str) -> Collection[str]:
        """See `Dispatch.told`."""
        stored = rows.named(prefix)
        with self._pool.lent() as session:
            return [name for (name,) in session.ask(texts.TOLD, (stored, stored + "\U0010ffff"))]

    def said(self, platform: str, since: datetime) -> Sequence[Said]:
        """See `Dispatch.said`."""
        with self._pool.lent() as session:
            said = session.ask(texts.SAID, (platform, rows.micros(since)))
            begun = [(*row[:3], None, *row[4:]) for row in session.ask(texts.BEGUN, (platform,))]
        return [
            Said(key, rows.effect(kind, effect), rows.instant_or_none(at), 1 + unsure, asker)
            for key, kind, effect, at, unsure, asker in (*said, *begun)
        ]

    def put_off(self, platform: str, outcome: str, now: datetime) -> Sequence[Waiting]:
        """See `Dispatch.put_off`."""
        begins = rows.shown(outcome)
        with self._pool.lent() as session:
            found = session.ask(texts.PUT_OFF, (platform, rows.micros(now), len(begins), begins))
        return [Waiting(key, rows.effect(kind, effect), why, rows.instant(at)) for key, kind, effect, why, at in found]

    def addressee(self, group: str, account: Account, at: datetime) -> Addressee | None:
        """See `Dispatch.addressee`."""
        with self._pool.lent() as session:
            return addressee(SqlUnit(session, {}), group, account, at)

    def _stored(self, groups: Collection[str]) -> Mapping[str, str]:
        """Each group by its key as the database has it. A courier asks for the same groups again and again."""
        before, known = self._asked
        if groups != before:
            known = {rows.named(group): group for group in groups}
            self._asked = (groups, known)
        return known

    # writing

    def begin(self, ids: Sequence[str], holder: str) -> Collection[str]:
        """See `Dispatch.begin`."""
        return self.turn((), ids, holder)

    def settle(self, settled: Sequence[Settled], holder: str) -> int:
        """See `Dispatch.settle`."""
        if not settled:
            return 0
        with self._pool.writing() as session:
            count = _settle(session, settled, rows.named(holder), self._now(session))
            session.commit()
        self._told(settled)
        return count

    def turn(self, settled: Sequence[Settled], ids: Sequence[str], holder: str) -> Collection[str]:
        """See `Dispatch.turn`."""
        if not settled and not ids:
            return ()
        courier = rows.named(holder)
        with self._pool.writing() as session:
            held = self._ask(session, texts.HELD, (), (courier,))
            clock = held[0][0] if held else self._now(session)
            if settled:
                _settle(session, settled, courier, clock)
            begun: set[str] = set()
            if held and held[0][1] > clock:
                stored = {rows.named(id_): id_ for id_ in ids}
                begun = {stored[row[0]] for row in session.look_up(texts.BEGIN, [(x, courier, clock) for x in stored])}
            session.commit()
        self._told(settled)
        return begun

    def park(self, platform: str, group: str, why: str, again: datetime | None = None) -> int:
        """See `Dispatch.park`."""
        with self._pool.writing() as session:
            gid = SqlUnit(session, {}).make_groups((group,))[group]
            row = (platform, gid, rows.shown(why), rows.micros_or_none(again))
            count = len(session.look_up(texts.PARK, [row]))
            session.commit()
        return count

    def unpark(self, platform: str, group: str) -> int:
        """See `Dispatch.unpark`."""
        with self._pool.writing() as session:
            gid = SqlUnit(session, {}).make_groups((group,))[group]
            count = len(session.look_up(texts.UNPARK, [(platform, gid)]))
            session.commit()
        return count

    def forget(self, names: Collection[str]) -> None:
        """See `Dispatch.forget`."""
        with self._pool.writing() as session:
            session.write(texts.FORGET, [(rows.named(name),) for name in names])
            session.commit()

    # sessions and their clock

    def _ask(self, session: Session, text: str, *parts: Row) -> list[Row]:
        """The rows of a statement that speaks of the clock; `parts` are the parameters between its mentions."""
        if self._served:
            marked = text.format(clock=_SERVER, hold=" FOR SHARE")
            return session.ask(marked, tuple(value for part in parts for value in part))
        now = rows.micros(self._clock())
        values = [value for part in parts for value in (*part, now)][:-1]
        return session.ask(text.format(clock="?", hold=""), tuple(values))

    def _now(self, session: Session) -> int:
        clock: int = self._ask(session, texts.CLOCK, (), ())[0][0]
        return clock


def _fairly(found: Sequence[Row], most: int, besides: Collection[str]) -> list[int]:
    """The rows to read: the most urgent first, then the first of each group before the second of any, then by age."""
    places: dict[int, int] = {}
    ranked = []
    for n, seq, id_, urgent in found:
        places[n] = place = places.get(n, 0) + 1
        if id_ not in besides:
            ranked.append((urgent, place, seq))
    ranked.sort()
    return [seq for _, _, seq in ranked[:most]]


def _parcel(row: Row, keys: Mapping[int, str]) -> Parcel:
    _, id_, gid, platform, event, workflow, kind, effect, at, expires, attempts, unsure, state, asker = row
    return Parcel(
        id_,
        keys[gid],
        platform,
        event,
        workflow,
        rows.effect(kind, effect),
        rows.instant(at),
        rows.instant_or_none(expires),
        attempts,
        unsure,
        state == State.SENDING,
        asker=asker,
    )


def _settle(session: Session, settled: Sequence[Settled], courier: str, clock: int) -> int:
    wanted = [
        (
            rows.named(one.id),
            one.state.value,
            rows.shown(one.outcome),
            None if one.message is None else rows.named(one.message),
            rows.micros_or_none(one.not_before),
            int(one.unsure),
            int(not one.counts),
            courier,
            clock,
            rows.micros_or_none(one.sent),
            int(one.state.final and one.sent is None and not one.instead),
        )
        for one in settled
    ]
    written = {row[0] for row in session.look_up(texts.SETTLE, wanted)}
    effects = [
        (rows.named(one.id), f"{rows.named(one.id)}>{n}", effect, 1)
        for one in settled
        if one.instead and rows.named(one.id) in written
        for n, effect in enumerate(one.instead, 1)
    ]
    lines = [one for one in settled if one.line is not None and rows.named(one.id) in written]
    if lines:
        names = {rows.named(one.once): one for one in reversed(lines) if one.once}
        new = {row[0] for row in session.look_up(texts.ONCE, [(name, clock) for name in names])}
        chosen = [one for name, one in names.items() if name in new] + [one for one in lines if not one.once]
        effects += [(rows.named(one.id), f"{rows.named(one.id)}>line", one.line, 0) for one in chosen if one.line]
    if effects:
        session.look_up(texts.INSTEAD, [_instead(*row) for row in effects])
    replaced = [(rows.named(one.id),) for one in settled if one.instead and one.state.final]
    if replaced:
        session.look_up(texts.UNASK, [row for row in replaced if row[0] in written])
    return len(written)


def _instead(of: str, id_: str, effect: Effect, answers: int) -> Row:
    expires = rows.micros_or_none(getattr(effect, "expires", None))
    return (of, id_, type(effect).__name__, rows.packed(effect), expires, urgency(effect), answers)
