"""How a home is served, as far as its database tells: each account, what it may still say, what was not heard, what is
missing. Reads only, beside a serving process or without one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from adapters.sql import SqlStore
from adapters.sql.backlog import Backlog
from adapters.sql.connections import SqlConnections, Stands
from adapters.sql.dispatch import SqlDispatch
from adapters.sql.timekeeping import SqlTimekeeping
from config.home import Deployment
from core.budget import DAY, Allowance, Budget, Sent, Used
from core.delivery import Said
from core.effects import Say, TellAdmins
from core.people import NOBODY, Account
from core.ports import RecordAt
from core.workflow import Group
from jobs.earshot import CATCHING_UP, HEARS, behind_by
from jobs.living import PLATFORMS
from jobs.serve.careful import allowance
from jobs.serve.guard import STEP
from jobs.serve.rooms import Rooms
from jobs.serve.roster import TELEGRAM, WECHAT, Roster, Seat, seat_named, seats_of
from workflows.gaps import GAPS, Gap, Gaps, ends
from workflows.presence import STANDINGS, Presence, Standings

FRESH: Final = timedelta(minutes=2)
"""How old the word of a serving process may be; an older one is of a process that is gone."""
RECENT: Final = timedelta(days=7)
"""How far back gaps are told."""
ZONELESS: Final = ZoneInfo("UTC")
_ANSWER: Final = Say(words=(), urgency="now")
WELL: Final = frozenset((*HEARS, CATCHING_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A group on one platform. `missing` are abilities that its file asks for; `present` is None while unknown.

    `full` is until when not even answers are said there, because what a day may hold is said; `untold` are the admins
    whom no line reaches; `zone` is that of the community's clock.
    """

    group: str
    address: str
    present: bool | None
    missing: tuple[str, ...]
    gaps: tuple[Gap, ...]
    full: datetime | None = None
    untold: tuple[str, ...] = ()
    zone: ZoneInfo = ZONELESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An account. `stands` is the last word of a serving process, `used` and `allowed` its budget where it has one.

    `held` is until when it does nothing because its platform complained, `quiet` until when it only answers; `waited`
    is whether what is due in its groups waits for it, for some time: see `jobs.earshot`.
    """

    name: str
    platform: str
    stands: Stands | None
    places: tuple[Place, ...]
    serving: bool
    used: Used | None = None
    allowed: Allowance | None = None
    held: datetime | None = None
    quiet: datetime | None = None
    waited: bool = False

    @property
    def heard(self) -> bool:
        """Whether what people write arrives."""
        return self.serving and self.stands is not None and self.stands.how in WELL

    @property
    def well(self) -> bool:
        """Whether an operator has nothing to do about it. What WeChat cannot do at all is nothing to mend."""
        lacking = any(one.missing for one in self.places) and self.platform == TELEGRAM
        return self.heard and not lacking and all(one.present is not False for one in self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All of a home. `homeless` are groups without an address, `unserved` have one in their file that no process has
    looked at yet, `roomless` have no room on WeChat though the topic of
    one is written, `unsteered` have no admin in their file; `unlooked` were served and may stand in a file that cannot
    be read; `open` counts what is on its way, by state; `leap` is how far this machine's clock is from what the process
    that serves goes by; `behind` is the newest instant in the database, if the clock shows an earlier one."""

    accounts: tuple[Examined, ...]
    homeless: tuple[str, ...]
    unserved: tuple[str, ...]
    roomless: dict[str, str]
    unsteered: tuple[str, ...]
    unlooked: tuple[str, ...]
    open: dict[str, int]
    leap: timedelta | None = None
    behind: datetime | None = None

    @property
    def well(self) -> bool:
        """Whether there is nothing to do for an operator."""
        timely = self.leap is None and self.behind is None
        housed = not (self.homeless or self.unserved or self.roomless)
        return all(one.well for one in self.accounts) and housed and timely


async def diagnosis(
    deployment: Deployment, store: SqlStore, now: datetime, unread: Collection[str] = (), *, unsettled: bool = False
) -> Diagnosis:
    """How a home is served; `unread` are community files that could not be read. Where `yaji.yaml` is not understood
    (`unsettled`), the accounts are those that were served. Raises StoreBusy, StoreUnavailable."""
    told, leap, behind = SqlConnections(store.pool).all(), None, None
    if not store.pool.shared:
        leap, behind = _time(SqlTimekeeping(store.pool), told.values(), now)
        now -= leap or timedelta()
    seats = seats_of(deployment.settings)
    if unsettled:
        seats = tuple(seat_named(name) for name in told) or seats
    roster = Roster(store, deployment, seats)
    await roster.refresh()
    nowhere = [key for key, group in roster.groups.items() if not group.platforms]
    coming = {key for _, key in roster.anew()}
    return Diagnosis(
        accounts=tuple(_examined(seat, roster, store, told.get(seat.name), now) for seat in seats),
        homeless=tuple(key for key in nowhere if key not in coming),
        unserved=tuple(key for key in nowhere if key in coming),
        roomless={
            key: topic
            for key, group in roster.groups.items()
            if WECHAT not in group.platforms
            and roster.account_of(key, WECHAT)
            and (topic := roster.written(key, WECHAT))
        },
        unsteered=tuple(key for key, group in deployment.groups.items() if not group.staff and key != group.desk),
        unlooked=tuple(sorted(_served(store).difference(deployment.groups))) if unread else (),
        open={state.value: count for state, count in Backlog(store).open().items()},
        leap=leap,
        behind=behind,
    )


def _time(kept: SqlTimekeeping, told: Iterable[Stands], now: datetime) -> tuple[timedelta | None, datetime | None]:
    """See `Diagnosis`: `leap` and `behind`."""
    leap, newest = kept.leap(), kept.newest()
    if leap is not None and any(abs(now - leap - stands.at) <= FRESH for stands in told if stands.how != "stopped"):
        return leap, None
    return None, newest if newest is not None and newest - STEP > now else None


def _served(store: SqlStore) -> set[str]:
    """The groups that live somewhere, as far as the store knows."""
    return {group for (platform, _), group in store.addresses().items() if platform in PLATFORMS}


def _examined(seat: Seat, roster: Roster, store: SqlStore, stands: Stands | None, now: datetime) -> Examined:
    groups = roster.served(seat.name)
    policy = roster.deployment.settings.platforms.wechat
    allowed = allowance(policy) if policy is not None and seat.platform == WECHAT else None
    first, held = (stands.first, stands.held) if stands is not None else (None, None)
    budget = _budget(store, allowed, first, roster, seat, now) if allowed is not None else None
    return Examined(
        name=seat.name,
        platform=seat.platform,
        stands=stands,
        serving=stands is not None and now - stands.at <= FRESH and stands.how != "stopped",
        places=tuple(_place(roster.groups[group], seat, roster, store, now, budget) for group in groups),
        used=budget.used(now) if budget is not None else None,
        allowed=allowed,
        held=held if held is not None and held > now else None,
        quiet=budget.quiet_until(now) if budget is not None else None,
        waited=bool(groups) and stands is not None and behind_by(seat.name, stands, now) is not None,
    )


def _budget(
    store: SqlStore, allowed: Allowance, first: datetime | None, roster: Roster, seat: Seat, now: datetime
) -> Budget:
    """What was said in the last day. A long text counts once here: only its courier knows how many messages it took."""
    budget = Budget(allowed, first)
    dispatch: SqlDispatch = store.dispatch()
    said, mine = dispatch.said(WECHAT, now - DAY), set(roster.served(seat.name))
    budget.restore(sent for one in said if one.group in mine for sent in _sent(one, roster, roster.rooms[seat.name]))
    return budget


def _sent(said: Said, roster: Roster, rooms: Rooms) -> Iterator[Sent]:
    """What counts of something that was said: lines to admins who share no room go to each of them in private."""
    people: list[Account | None] = [said.effect.to if isinstance(said.effect, Say) else None]
    if isinstance(said.effect, TellAdmins):
        chats = roster.desks(said.group, WECHAT)
        people = [Account(f"{WECHAT}:{chat}") if rooms.group_of(chat) is None else None for chat in chats]
    if said.at is not None:
        yield from (Sent(said.group, one, said.at) for one in people)


def _place(group: Group, seat: Seat, roster: Roster, store: SqlStore, now: datetime, budget: Budget | None) -> Place:
    short = budget.short(_ANSWER, group.key, 1, now, asked=True) if budget is not None else None
    wanted = [(RecordAt(group.key, NOBODY, slot.name), slot) for slot in (STANDINGS, GAPS)]
    with store.unit() as unit:
        found = {at.slot: kept for at, kept in unit.records(wanted).items()}
    standings, gaps = found.get(STANDINGS.name), found.get(GAPS.name)
    standing = standings.on.get(seat.platform) if isinstance(standings, Standings) else None
    needs = {one for bound in group.runs if isinstance(bound.options, Presence) for one in bound.options.needs}
    latest = gaps.latest if isinstance(gaps, Gaps) else ()
    return Place(
        group=group.key,
        address=roster.places(seat.name).address_of(group.key) or "",
        present=standing.present if standing is not None else None,
        missing=tuple(sorted(needs.difference(standing.abilities))) if standing and standing.present else (),
        full=short.until if short is not None else None,
        untold=_named(standing.untold, group.key, store) if standing is not None else (),
        gaps=tuple(one for one in latest if one.platform == seat.platform and _recent(one, now)),
        zone=group.zone,
    )


def _recent(gap: Gap, now: datetime) -> bool:
    """Whether a gap is told: not of long ago, nor of no length on a clock."""
    return now - gap.until <= RECENT and ends(gap.since, gap.until)[0] != ends(gap.since, gap.until)[1]


def _named(accounts: tuple[str, ...], group: str, store: SqlStore) -> tuple[str, ...]:
    """The accounts with their names, as far as they are known."""
    if not accounts:
        return ()
    names: dict[str, str] = {one.account: one.name for one in store.people(group)}
    return tuple(f"{names[one]} ({one})" if names.get(one) else one for one in accounts)
