"""What the assistant wrote down of the day, held against the oracle's reckoning and against what Telegram told it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from sqlalchemy import create_engine, text

from adapters.sql import SqlStore, open_store
from core.effects import Say, TellAdmins
from core.people import Account
from core.ports import OutboxRow
from tests.day.cast import Cast
from tests.day.oracle import Oracle

GROUPS = ("reading", "desk", "writing")
FINAL = frozenset(("done", "dropped", "dead"))


def differences(url: str, oracle: Oracle, *, killed: bool = False) -> list[str]:
    """Everything in which the books differ from the reckoning; empty if all is well.

    Whether a message was sent that was under way at two kills, nobody knows; then nobody may say that it was.
    """
    with closing(open_store(url)) as store:
        found = [
            *_ledger(store, oracle, "points", {key: n for key, n in oracle.points.items() if n}),
            *_ledger(store, oracle, "warning", {key: n for key, n in oracle.warnings.items() if n}),
            *_days(store, oracle),
            *_reasons(store),
            *(f"set aside: {letter}" for group in (*GROUPS, "") for letter in store.dead_letters(group)),
        ]
    states = rows(url, "SELECT state, kind, outcome FROM outbox")
    final = FINAL | {"unsure"} if killed else FINAL
    found += [f"left {state}: {kind} {outcome}" for state, kind, outcome in states if state not in final]
    return [*found, *_unread(url, oracle.cast)]


def rows(url: str, query: str) -> list[Any]:
    """Rows straight from the database."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(query)))
    finally:
        engine.dispose()


def ledger(url: str) -> Counter[tuple[str, str, str, str]]:
    """Sums by group, account, kind and rule: what must be the same however the day went."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    with closing(open_store(url)) as store:
        for group in GROUPS:
            people = {member.person: member.account for member in store.people(group)}
            for entry in store.facts(group):
                found[group, people[entry.person], entry.kind, entry.rule] += entry.amount
    return found


def under_way(url: str) -> list[str | int]:
    """The words of all messages that were begun and not settled, and the numbers of their evidence."""
    began = {id_ for (id_,) in rows(url, "SELECT id FROM outbox WHERE state = 'sending'")}
    with closing(open_store(url)) as store:
        found = [row for group in GROUPS for row in store.outbox(group) if row.id in began]
    evidence = [row.effect.evidence for row in found if isinstance(row.effect, TellAdmins)]
    return [*filter(None, map(words, found)), *(int(message.rpartition("/")[2]) for message in evidence if message)]


def unsure(url: str) -> Counter[str]:
    """How often the words of a message are those of a row whose outcome nobody will ever know."""
    lost = {id_ for (id_,) in rows(url, "SELECT id FROM outbox WHERE state = 'unsure'")}
    with closing(open_store(url)) as store:
        return Counter(words(row) for group in GROUPS for row in store.outbox(group) if row.id in lost)


def words(row: OutboxRow) -> str:
    """What a row says; empty for acts."""
    if not isinstance(row.effect, Say | TellAdmins):
        return ""
    return "".join(part if isinstance(part, str) else part.name for part in row.effect.words)


def _ledger(store: SqlStore, oracle: Oracle, kind: str, wanted: dict[tuple[str, int], int]) -> Iterator[str]:
    found: Counter[tuple[str, int]] = Counter()
    for group in GROUPS:
        people = {member.person: member.account for member in store.people(group)}
        for entry in store.facts(group):
            if entry.kind == kind:
                found[group, _number(people[entry.person])] += entry.amount
    for key in sorted(found.keys() | wanted.keys(), key=str):
        if found[key] != wanted.get(key, 0):
            yield f"{kind} of {key}: {found[key]}, reckoned {wanted.get(key, 0)}"


def _days(store: SqlStore, oracle: Oracle) -> Iterator[str]:
    found: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for group in GROUPS:
        people = {member.person: member.account for member in store.people(group)}
        for entry in store.facts(group):
            if entry.kind.startswith("check_in:"):
                found[group, _number(people[entry.person])].append(entry.about)
    wanted = {key: sorted(days) for key, days in oracle.days.items()}
    for key in sorted(found.keys() | wanted.keys(), key=str):
        if sorted(found.get(key, [])) != wanted.get(key, []):
            yield f"days of {key}: {found.get(key)}, reckoned {wanted.get(key)}"


def _reasons(store: SqlStore) -> Iterator[str]:
    """Every effect has a decision in the audit that says why."""
    for group in GROUPS:
        why: dict[tuple[str, str], bool] = {}
        for row in store.audit(group):
            known = why.get((row.event, row.workflow), False)
            why[row.event, row.workflow] = known or bool(row.because)
            if row.mode == "fault":
                yield f"{row.workflow} failed on {row.event}: {row.because}"
        for effect in store.outbox(group):
            if not why.get((effect.event, effect.workflow), False):
                yield f"no reason for {effect.id}"


def _unread(url: str, cast: Cast) -> Iterator[str]:
    """Updates that tell something and are in no inbox."""
    inbox = {id_.partition("/")[0] for (id_,) in rows(url, "SELECT id FROM inbox")}
    for bot in (cast.reader, cast.writer):
        if bot.queue:
            yield f"{len(bot.queue)} updates of {bot.username} were never confirmed"
        for number, raw in bot.history:
            update = json.loads(raw)
            if _tells(update) and f"telegram:{bot.id}:{number}" not in inbox:
                yield f"lost: {bot.username} {raw.decode()[:200]}"


def _tells(update: dict[str, Any]) -> bool:
    """Whether an update is an event for anybody, as people would see it."""
    for kind in ("message", "edited_message"):
        if kind in update:
            message = update[kind]
            said = any(part in message for part in ("text", "photo", "sticker", "migrate_to_chat_id"))
            return said and message["chat"]["type"] != "private"
    if "chat_member" in update:
        changed = update["chat_member"]
        old, new = (_there(changed[f"{when}_chat_member"]) for when in ("old", "new"))
        return old != new
    return any(kind in update for kind in ("callback_query", "chat_join_request", "message_reaction"))


def _there(standing: dict[str, Any]) -> bool:
    status = standing["status"]
    return status in ("creator", "administrator", "member") or (status == "restricted" and standing["is_member"])


def _number(account: Account) -> Any:
    native = account.partition(":")[2]
    return int(native) if native.lstrip("-").isdecimal() else native
