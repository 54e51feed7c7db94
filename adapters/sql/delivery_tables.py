"""The tables of what comes in and goes out: events that were seen, what waits to be done or said, and why it was."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, text

from adapters.sql.columns import BIG, METADATA, WORD

TASKS = Table(
    "tasks",
    METADATA,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", WORD, primary_key=True),
    Column("key", WORD, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("data", WORD),
    Column("state", WORD, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease", BigInteger),
    Column("outcome", WORD),
    Column("holder", WORD),
    Index(
        "tasks_open",
        "kind",
        "at",
        sqlite_where=text("state IN ('waiting', 'running')"),
        postgresql_where=text("state IN ('waiting', 'running')"),
    ),
    Index("tasks_dead", "kind", sqlite_where=text("state = 'dead'"), postgresql_where=text("state = 'dead'")),
    sqlite_with_rowid=False,
)
"""Work that a decision asked for and that takes longer than a decision may. Whoever claims one (`holder`) holds it
until `lease`, and finishes it only as the claimant it was (`attempts`)."""

INBOX = Table(
    "inbox",
    METADATA,
    Column("id", WORD, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("seq", BIG, primary_key=True),
    Column("id", WORD, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("group_id", BigInteger, nullable=False),
    Column("event", WORD, nullable=False),
    Column("workflow", WORD, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("effect", WORD, nullable=False),
    Column("expires", BigInteger),
    Column("platform", WORD, nullable=False, server_default=""),
    Column("urgency", SmallInteger, nullable=False, server_default="1"),
    Column("state", WORD, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unsure", Integer, nullable=False, server_default="0"),
    Column("courier", WORD),
    Column("not_before", BigInteger),
    Column("message", WORD),
    Column("outcome", WORD),
    Column("sent", BigInteger),
    Column("asker", WORD),
    Index("outbox_id", "id", unique=True),
    Index("outbox_group", "group_id", "seq"),
    Index(
        "outbox_open",
        "platform",
        "group_id",
        "urgency",
        "seq",
        sqlite_where=text("state IN ('waiting', 'sending', 'parked')"),
        postgresql_where=text("state IN ('waiting', 'sending', 'parked')"),
    ),
    Index(
        "outbox_sent",
        "platform",
        "sent",
        sqlite_where=text("sent IS NOT NULL"),
        postgresql_where=text("sent IS NOT NULL"),
    ),
)
"""`outbox_open` holds what is on its way and nothing else: taking parcels costs the same after years. `sent` is when
something was said: what the limits of the account still count is found by `outbox_sent`. `asker` is the member whose
own message it answers."""

LEASES = Table(
    "leases",
    METADATA,
    Column("name", WORD, primary_key=True),
    Column("holder", WORD, nullable=False),
    Column("until", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

CONNECTIONS = Table(
    "connections",
    METADATA,
    Column("name", WORD, primary_key=True),
    Column("first", BigInteger),
    Column("heard", BigInteger),
    Column("how", WORD, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("held", BigInteger),
    Column("account", WORD),
    Column("called", WORD),
    sqlite_with_rowid=False,
)
"""Each connection that is served: when its account was let in for the first time, until when what people wrote arrived
(`heard`), how it stood at `at`, until when it does nothing because its platform complained (`held`), and the id and the
name of the account that was let in last."""

NOTICES = Table(
    "notices",
    METADATA,
    Column("name", WORD, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What was told once and is not told again until it is forgotten."""

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("account", WORD, primary_key=True),
    Column("group_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""About which group somebody talks in private."""

STRANGERS = Table(
    "strangers",
    METADATA,
    Column("platform", WORD, primary_key=True),
    Column("address", WORD, primary_key=True),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Chats that are no group of ours and have been told so."""

BIND_CODES = Table(
    "bind_codes",
    METADATA,
    Column("hash", WORD, primary_key=True),
    Column("group_id", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("platform", WORD),
    Column("address", WORD),
    sqlite_with_rowid=False,
)
"""One-time codes, and the chat that used each."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", BIG, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("group_id", BigInteger, nullable=False),
    Column("event", WORD, nullable=False),
    Column("workflow", WORD, nullable=False),
    Column("rule", WORD, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("mode", WORD, nullable=False),
    Column("done", WORD, nullable=False),
    Column("because", WORD, nullable=False),
    Index("audit_group", "group_id", "seq"),
    Index(
        "audit_rules",
        "group_id",
        "at",
        sqlite_where=text("workflow = 'rules'"),
        postgresql_where=text("workflow = 'rules'"),
    ),
)

DEAD_LETTERS = Table(
    "dead_letters",
    METADATA,
    Column("seq", BIG, primary_key=True),
    Column("id", WORD, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("group_key", WORD, nullable=False),
    Column("event", WORD, nullable=False),
    Column("why", WORD, nullable=False),
    Index("dead_letters_id", "id", unique=True),
)
"""Holds the group's key, not its id: a letter may be for a group that nobody has configured."""
