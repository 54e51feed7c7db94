"""Groups and accounts by the numbers that the tables know them by; whoever is new is given one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from adapters.sql import queries, rows
from adapters.sql.dialect import Session
from core.people import Account, Actor, PersonId, borne
from core.ports import Newcomer


def release(session: Session, bearers: Mapping[tuple[str, str], Account], keeping: Collection[Account] = ()) -> None:
    """Take usernames from all who are not to bear them, by platform and casefolded username; those in `keeping` are
    written by whoever calls. A row that somebody else changes meanwhile keeps what it is given there."""
    lost = []
    where = sorted({(at,) for _, name in bearers for at in rows.hashes(name)})
    for id_, stored, username in session.look_up(queries.BORNE, where):
        account = rows.account_of(stored)
        held = borne(account, username)
        if held is not None and bearers.get(held, account) != account and account not in keeping:
            lost.append((id_, username))
    session.look_up(queries.RELEASE, sorted(set(lost)))


class SqlCensus:
    """The part of a `SqlUnit` that all the others stand on."""

    __slots__ = ("_ids", "_new_ids", "locked", "session")

    def __init__(self, session: Session, group_ids: dict[str, int]) -> None:
        self.session = session
        self._ids = group_ids
        self._new_ids: dict[str, int] = {}
        self.locked: Mapping[str, int] = {}
        """The ids of the groups that are held, and maybe of others."""

    def group_ids(self, groups: Iterable[str]) -> Mapping[str, int]:
        """The ids of those groups that the store knows, and of others."""
        known = self._ids
        missing = {group for group in groups if group not in known}
        if not missing:
            return known
        missing -= self._new_ids.keys()
        if missing:
            stored = {rows.named(group): group for group in missing}
            for key, gid in self.session.look_up(queries.GROUP_IDS, [(key,) for key in sorted(stored)]):
                self._new_ids[stored[key]] = gid
        return {**known, **self._new_ids}

    def _id_of(self, group: str) -> int:
        """The id of a group; 0 if the store does not know it. `lock` has looked up those of a batch."""
        return self._ids.get(group) or self._new_ids.get(group) or self.group_ids((group,)).get(group, 0)

    def make_groups(self, groups: Iterable[str]) -> Mapping[str, int]:
        """The ids of groups; those not known are made."""
        wanted = set(groups)
        ids = self.group_ids(wanted)
        missing = sorted(group for group in wanted if group not in ids)
        if missing:
            self.session.write(queries.ADD_GROUPS, [(rows.named(group),) for group in missing])
            ids = self.group_ids(wanted)
        return ids

    def _add(self, accounts: Sequence[tuple[Newcomer | Actor, PersonId | None, PersonId | None]]) -> int:
        """Insert accounts, each for a person (and what is its own of it) or as a new one.

        They are sorted, so that two processes cannot block each other.
        """
        made = []
        borne_by = [borne(who.account, rows.shown(who.username)) if who.username else None for who, *_ in accounts]
        bearers = {held: who.account for held, (who, *_) in zip(borne_by, accounts, strict=True) if held is not None}
        if bearers:
            release(self.session, bearers)
        new_ids = self.session.new_ids(len(accounts))
        for new_id, held, (who, person, own) in zip(new_ids, borne_by, accounts, strict=True):
            bears = held is None or bearers[held] == who.account
            username = rows.shown(who.username) if who.username and bears else None
            language = None if who.language is None else rows.shown(who.language)
            account, name = rows.kept(who.account), rows.shown(who.name)
            made.append((new_id, account, person or new_id, name, username, rows.CODES[who.kind], language, own))
        made.sort(key=lambda row: row[1])
        added = set(self.session.write_new(queries.ADD_ACCOUNTS, made))
        names = sorted((at, row[0]) for row in made if row[0] in added for at in rows.hashes(row[3], row[4]))
        self.session.write(queries.ADD_NAMES, names)
        return len(added)
