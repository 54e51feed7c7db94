"""Forgetting a person in the tables, in one transaction: see `core.forgetting`.

Rows about them are found by key. What others' rows say of them is looked for in the texts of their groups, and nowhere
else: a transaction takes as long as it takes to look through those.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from adapters.sql import queries, rows
from adapters.sql.dialect import Row, Session
from adapters.sql.people import untie_all
from adapters.sql.queries import KNOWN_DAYS, Insert, Remove
from adapters.sql.searching import KNOWN_SLOTS, finding, holding, paged
from core.directory import left_first, numbered_on
from core.effects import Say
from core.forgetting import FORGOTTEN, Erased, Erasure, Kept
from core.ports import Fact, RecordAt, Writes
from core.state import HOUSE
from core.traces import Traces

if TYPE_CHECKING:
    from adapters.sql.unit import SqlUnit

_OPEN: Final = ("waiting", "sending", "parked")
_NOTHING_SAID: Final = rows.packed(Say(words=()))

_LEAVE = "DELETE FROM memberships WHERE group_id = ? AND person = ? RETURNING 1"
_INVITED = "UPDATE memberships SET inviter = ? WHERE group_id = ? AND inviter = ? RETURNING 1"
_HOUSE = "SELECT id FROM groups WHERE key = ?"
_FACTS = "DELETE FROM ledger WHERE group_id = ? AND person = ? RETURNING key"
_SUMS = "DELETE FROM balances WHERE group_id = ? AND person = ? RETURNING 1"
_CAUSED = (
    "UPDATE ledger SET by_person = ?, by_own = NULL, reason = CASE WHEN rule = 'admin' THEN '' ELSE reason END "
    "WHERE group_id = ? AND by_person = ? AND by_person IS NOT NULL RETURNING 1"
)
"""What an admin gave as a reason are words of their own."""
_FACTS_TOLD = "SELECT person, kind, key, event, reason FROM ledger WHERE group_id = ? AND {about}"
_RETELL_FACT = (
    "UPDATE ledger SET key = ?, event = ?, reason = ? WHERE group_id = ? AND person = ? AND kind = ? AND key = ? "
    "RETURNING 1"
)
_DAYS = (
    f"DELETE FROM activity WHERE group_id = ? AND person = ? AND day IN ({KNOWN_DAYS.format(since=0)}) RETURNING day"
)
_TOTALS = (
    f"WITH days AS ({KNOWN_DAYS.format(since=0)}) SELECT g.messages, g.active, g.check_ins, g.day, g.group_id "
    "FROM days CROSS JOIN activity a CROSS JOIN group_days g "
    "WHERE a.day = days.day AND a.group_id = ? AND a.person = ? AND g.day = a.day AND g.group_id = a.group_id"
)
_AS_BEFORE = "UPDATE group_days SET messages = ?, active = ?, check_ins = ? WHERE day = ? AND group_id = ? RETURNING 1"
"""What a group did on a day is told without its people, and stays."""
_OWN_RECORDS = (
    f"{KNOWN_SLOTS}DELETE FROM records WHERE group_id = ? AND person = ? "
    "AND slot IN (SELECT slot FROM known WHERE slot IS NOT NULL) RETURNING slot"
)
_RECORDS_TOLD = "SELECT slot, person, value FROM records WHERE group_id = ? AND {about}"
_TIMERS = "SELECT workflow, key, member, data FROM timers WHERE group_id = ?"
_TASKS = "SELECT kind, key, data FROM tasks WHERE group_id = ?"
_DROP_TASK = Remove("tasks", (("group_id", "bigint"), ("kind", "text"), ("key", "text")))
_NOTES = "SELECT seq, event, done, because, person FROM audit WHERE group_id = ? AND seq > ? ORDER BY seq LIMIT ?"
_RETELL_NOTE = "UPDATE audit SET event = ?, done = ?, because = ?, person = ? WHERE seq = ? RETURNING 1"
_SAID = (
    "SELECT seq, id, event, kind, effect, state, outcome FROM outbox "
    "WHERE group_id = ? AND seq > ? ORDER BY seq LIMIT ?"
)
_WORDS: Final = frozenset(("Say", "Edit", "TellAdmins", "React"))
"""What may hold words: what is said where nobody can react lies beside the reaction."""
_CAUSES = "SELECT event FROM audit WHERE group_id = ? AND person = ?"
_RESAY = (
    "UPDATE outbox SET id = ?, event = ?, kind = ?, effect = ?, state = ?, outcome = ?, message = NULL "
    "WHERE seq = ? RETURNING 1"
)
_UNASK = "UPDATE outbox SET asker = NULL WHERE group_id = ? AND asker = ? RETURNING 1"
_LETTERS = "SELECT seq, id, event, why FROM dead_letters WHERE {about}"
_DROP_LETTER = Remove("dead_letters", (("seq", "bigint"),))
_NOTICES = "SELECT name FROM notices WHERE {about}"
_DROP_NOTICE = Remove("notices", (("name", "text"),))
_SEEN = "SELECT id FROM inbox WHERE {about}"
_DROP_SEEN = Remove("inbox", (("id", "text"),))
_IDS = "SELECT id FROM accounts WHERE person = ?"
_NAMES = "DELETE FROM names WHERE account = ? RETURNING hash"
_ACCOUNTS = "DELETE FROM accounts WHERE person = ? RETURNING 1"
_TALKS = Remove("conversations", (("account", "text"),))
_STRANGERS = Remove("strangers", (("platform", "text"), ("address", "text")))
_CODES = "UPDATE bind_codes SET address = NULL WHERE platform = ? AND address = ? RETURNING 1"
_LEFT = "DELETE FROM addresses WHERE platform = ? AND substr(address, 1, ?) = ? RETURNING 1"
_HOLD = Insert(
    "held", (("hash", "text"), ("group_id", "bigint"), ("person", "bigint")), "ON CONFLICT (hash, group_id) DO NOTHING"
)


def forget(unit: SqlUnit, erasure: Erasure) -> Erased:
    """See `core.forgetting.Forgetting.forget`."""
    erased = Erased()
    with unit.session.wiping():
        untie_all(unit.session, erasure.known.person)
        for kept in erasure.kept:
            _Group(unit, erasure, kept, erased).clear()
        _everywhere(unit.session, erasure, erased)
    return erased


class _Group:
    """The rows of one group."""

    def __init__(self, unit: SqlUnit, erasure: Erasure, kept: Kept, erased: Erased) -> None:
        self._unit, self._session = unit, unit.session
        self._kept, self._erased, self._hashes = kept, erased, erasure.hashes
        self._person = erasure.known.person
        self._gid = unit.group_ids((kept.group,))[kept.group]
        self._traces = erasure.traces(kept)
        self._found = finding(self._traces.needles)

    def clear(self) -> None:
        ask, place = self._session.ask, (self._gid, self._person)
        events = {root_of(event) for (event,) in ask(_CAUSES, place)}
        self._erased.add("records", len(ask(_OWN_RECORDS, (self._gid, self._gid, *place))))
        totals = ask(_TOTALS, place)
        self._erased.add("days", len(ask(_DAYS, place)))
        for total in totals:
            ask(_AS_BEFORE, total)
        self._erased.add("facts", len(ask(_FACTS, place)))
        self._session.ask(_SUMS, place)
        self._session.ask(_LEAVE, place)
        for (own,) in ask(_IDS, (self._person,)):
            ask(_INVITED, (self._kept.nobody, self._gid, own))
        self._session.ask(_CAUSED, (self._kept.nobody, *place))
        self._facts()
        self._records()
        self._timers()
        self._tasks()
        self._notes()
        self._messages(events)
        self._hold()

    def _told(self, text: str, columns: tuple[str, ...], *first: object) -> list[Row]:
        return told(self._session, text, columns, self._traces, self._gid, *first)

    def _facts(self) -> None:
        for person, kind, key, event, reason in self._told(_FACTS_TOLD, ("key", "event", "reason")):
            if any(map(self._traces.tells, (key, event, reason))):
                retold = (hidden_id(key, self._traces), self._traces.hidden(event), self._traces.hidden(reason))
                self._session.ask(_RETELL_FACT, (*retold, self._gid, person, kind, key))
                self._erased.add("facts", 1)

    def _records(self) -> None:
        self._erased.add("records", clear_records(self._session, self._gid, self._traces))

    def _timers(self) -> None:
        theirs = [
            (self._gid, workflow, key)
            for workflow, key, member, data in self._session.ask(_TIMERS, (self._gid,))
            if any(self._traces.tells(text) for text in (key, member, data) if text)
        ]
        self._session.write(queries.DROP_TIMER, theirs)
        self._erased.add("reminders", len(theirs))

    def _tasks(self) -> None:
        """Also the one that is being done."""
        theirs = [
            (self._gid, kind, key)
            for kind, key, data in self._session.ask(_TASKS, (self._gid,))
            if self._traces.means(key) or self._traces.means(data or "")
        ]
        self._session.write(_DROP_TASK, theirs)

    def _notes(self) -> None:
        """What was decided is counted as before; about whom and why is gone."""
        for seq, event, done, because, person in paged(self._session, _NOTES, self._gid):
            own = person == self._person
            if not own and not self._found((event, done, because)):
                continue
            did, why = rows.unpacked(done, Any), rows.unpacked(because, Any)
            if own or any(map(self._traces.tells, (event, *did, *why))):
                retold = [FORGOTTEN] if own else list(map(self._traces.hidden, why))
                shown = rows.packed(list(map(self._traces.hidden, did)))
                who = self._kept.nobody if own else person
                note = (hidden_id(event, self._traces), shown, rows.packed(retold), who, seq)
                self._session.ask(_RETELL_NOTE, note)
                self._erased.add("decisions", 1)

    def _messages(self, events: set[str]) -> None:
        """What is about them, or was said because of what they did, says nothing any more and is not sent. What only
        names them is sent without the name."""
        for account in self._traces.accounts:
            self._session.ask(_UNASK, (self._gid, rows.named(account)))
        for seq, id_, event, kind, effect, state, outcome in paged(self._session, _SAID, self._gid):
            caused = kind in _WORDS and root_of(event) in events
            if not caused and not self._found((id_, event, effect, outcome)):
                continue
            written = rows.unpacked(effect, Any)
            about = caused or self._traces.inside([written, id_, event])
            if not about and not self._traces.named_inside([written, outcome]):
                continue
            going = state in _OPEN
            if about or not going:
                kind, effect = "Say", _NOTHING_SAID
            else:
                effect = rows.packed(self._traces.cleared(written))
            if about and going:
                state, outcome = "dropped", FORGOTTEN
            shown = None if outcome is None else self._traces.hidden(outcome)
            ids = hidden_id(id_, self._traces), self._traces.hidden(event)
            self._session.ask(_RESAY, (*ids, kind, effect, state, shown, seq))
            self._erased.add("messages", 1)

    def _hold(self) -> None:
        group, held, facts, records = self._kept.group, self._kept.held, self._kept.facts, self._kept.records
        if not facts and not records:
            return
        self._unit.save(
            Writes(
                facts=[Fact(group, entry._replace(person=held, own=None)) for entry in facts],
                records={RecordAt(group, held, slot): value for slot, value in records.items()},
            )
        )
        self._session.write(_HOLD, [(each, self._gid, held) for each in self._hashes])


def _everywhere(session: Session, erasure: Erasure, erased: Erased) -> None:
    """What belongs to no group, or to all. The account goes last."""
    traces, known = erasure.traces(), erasure.known
    letters = [
        (seq,)
        for seq, *texts in told(session, _LETTERS, ("id", "event", "why"), traces)
        if any(map(traces.tells, texts))
    ]
    session.write(_DROP_LETTER, letters)
    erased.add("letters", len(letters))
    session.write(_DROP_NOTICE, [row for row in told(session, _NOTICES, ("name",), traces) if traces.means(row[0])])
    accounts = Traces(each.account for each in known.accounts)
    session.write(_DROP_SEEN, [row for row in _seen(session, accounts) if accounts.means(row[0])])
    places = [each.account.partition(":")[::2] for each in known.accounts]
    session.write(_TALKS, [(rows.kept(each.account),) for each in known.accounts])
    session.write(_STRANGERS, [(rows.named(platform), rows.named(native)) for platform, native in places])
    for platform, native in places:
        session.ask(_CODES, (rows.named(platform), rows.named(native)))
        left = rows.named(left_first(native, ""))
        session.ask(_LEFT, (rows.named(numbered_on(platform)), len(left), left))
    for (house,) in session.ask(_HOUSE, (HOUSE,)):
        erased.add("records", clear_records(session, house, traces))
    for row in session.ask(_IDS, (known.person,)):
        erased.add("names", 1 + len(session.ask(_NAMES, row)))
    session.ask(_ACCOUNTS, (known.person,))


def clear_records(session: Session, gid: int, traces: Traces) -> int:
    """Take the person out of all records of a group; how many told of them."""
    changed = []
    for slot, person, value in told(session, _RECORDS_TOLD, ("value",), traces, gid, marks=traces.marks):
        written = rows.unpacked(value, Any)
        cleared = traces.cleared(written)
        if cleared != written:
            changed.append((gid, slot, person, rows.packed(cleared)))
    session.write(queries.PUT, changed)
    return len(changed)


def _seen(session: Session, traces: Traces) -> Iterable[Row]:
    """Ids with an account in them, or with its own part alone: of timers, and of who came into a room of WeChat."""
    about, parameters = holding(("id",), traces.needles, like=session.like)
    return session.ask(_SEEN.format(about=about), parameters)


def told(
    session: Session,
    text: str,
    columns: tuple[str, ...],
    traces: Traces,
    *first: object,
    marks: Iterable[str] = (),
) -> list[Row]:
    """The rows in whose columns the person may stand."""
    about, parameters = holding(columns, (*traces.needles, *marks), like=session.like)
    return session.ask(text.format(about=about), (*first, *parameters))


def root_of(event: str) -> str:
    """The event that a follow-up event came of."""
    return event.partition(">")[0]


def hidden_id(text: str, traces: Traces) -> str:
    """An id without the person, and still like no other."""
    return f"{traces.hidden(text)}#{secrets.token_hex(6)}" if traces.tells(text) else text
