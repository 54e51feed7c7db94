"""The tables of a community: who is in it, what they did, and what is kept of them.

A person has the id of their first account, which is also the one shown of them; `accounts.person` leads every account
to it. There are no foreign keys: rows are never deleted by themselves, and each check would cost a look-up per row on
the hot path.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, desc, text

from adapters.sql.columns import BIG, METADATA, WORD

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("account", WORD, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("name", WORD, nullable=False),
    Column("username", WORD),
    Column("kind", SmallInteger, nullable=False),
    Column("language", WORD),
    Column("own", BigInteger),
    Index("accounts_account", "account", unique=True),
    Index("accounts_others", "id", sqlite_where=text("kind <> 0"), postgresql_where=text("kind <> 0")),
    Index("accounts_more", "person", sqlite_where=text("person <> id"), postgresql_where=text("person <> id")),
)
"""`own` is the person that the account is without its bonds, NULL where it has none. `accounts_more` holds the other
accounts of those who have several."""

NAMES = Table(
    "names",
    METADATA,
    Column("hash", Integer, primary_key=True, autoincrement=False),
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Where to look for a username or shown name. Rows of former names stay: who finds one compares the name itself."""

GROUPS = Table(
    "groups",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("key", WORD, nullable=False),
    Index("groups_key", "key", unique=True),
)

ADDRESSES = Table(
    "addresses",
    METADATA,
    Column("platform", WORD, primary_key=True),
    Column("address", WORD, primary_key=True),
    Column("group_id", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

MEMBERSHIPS = Table(
    "memberships",
    METADATA,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("seen", BigInteger),
    Column("joined", BigInteger),
    Column("left_at", BigInteger),
    Column("inviter", BigInteger),
    Column("tags", WORD),
    Column("first_joined", BigInteger),
    Index(
        "memberships_joined",
        "group_id",
        "joined",
        sqlite_where=text("joined IS NOT NULL"),
        postgresql_where=text("joined IS NOT NULL"),
    ),
    Index(
        "memberships_left",
        "group_id",
        "left_at",
        sqlite_where=text("left_at IS NOT NULL"),
        postgresql_where=text("left_at IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

LEDGER = Table(
    "ledger",
    METADATA,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", WORD, primary_key=True),
    Column("key", WORD, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("by_person", BigInteger),
    Column("event", WORD, nullable=False),
    Column("rule", WORD, nullable=False),
    Column("reason", WORD, nullable=False),
    Column("expires", BigInteger),
    Column("about", Integer),
    Column("own", BigInteger),
    Column("by_own", BigInteger),
    Index("ledger_window", "group_id", "kind", "at", "person", "amount", "about"),
    Index(
        "ledger_given",
        "group_id",
        "by_person",
        "kind",
        "at",
        sqlite_where=text("by_person IS NOT NULL"),
        postgresql_where=text("by_person IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

BALANCES = Table(
    "balances",
    METADATA,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", WORD, primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("facts", BigInteger, nullable=False),
    Column("reached", BigInteger, nullable=False),
    Index("balances_standing", "group_id", "kind", desc("amount"), "reached", "person"),
    sqlite_with_rowid=False,
)
"""Sums of the ledger, kept in the same transaction, so that a balance and a leaderboard cost the same in any group."""

ACTIVITY = Table(
    "activity",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("messages", Integer, nullable=False),
    Column("replies_given", Integer, nullable=False),
    Column("replies_received", Integer, nullable=False),
    Column("reactions_given", Integer, nullable=False),
    Column("reactions_received", Integer, nullable=False),
    Column("check_ins", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The day comes first: today's rows of all groups lie together, so that what a batch counts is on a few pages however
long the history. A person's window is one look-up for each day in it."""

GROUP_DAYS = Table(
    "group_days",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("messages", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("check_ins", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Sums of a group's activity by day. Triggers (`counters.py`) keep it, so that whoever writes activity counts."""

GROUP_SIZES = Table(
    "group_sizes",
    METADATA,
    Column("group_id", BIG, primary_key=True),
    Column("members", Integer, nullable=False),
)
"""How many people are in a group, as far as anybody saw them. Kept by triggers, too."""

SHARES = Table(
    "shares",
    METADATA,
    Column("own", BigInteger, primary_key=True, autoincrement=False),
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("messages", Integer, nullable=False),
    Column("replies_given", Integer, nullable=False),
    Column("replies_received", Integer, nullable=False),
    Column("reactions_given", Integer, nullable=False),
    Column("reactions_received", Integer, nullable=False),
    Column("check_ins", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""What each account of a bound person did, so that they can be parted: `activity` holds the sums."""

BONDS = Table(
    "bonds",
    METADATA,
    Column("id", BIG, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("one", BigInteger, nullable=False),
    Column("other", BigInteger, nullable=False),
    Column("gone", BigInteger),
    Column("at", BigInteger, nullable=False),
    Index("bonds_person", "person"),
)
"""Accounts that are one person, two by two, each by what it is by itself. `person` is who they are together."""

RECORDS = Table(
    "records",
    METADATA,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("slot", WORD, primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("value", WORD, nullable=False),
    sqlite_with_rowid=False,
)
"""`person` 0 is the group itself; below 0 lies what each side of a bond had before it."""

TIMERS = Table(
    "timers",
    METADATA,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("workflow", WORD, primary_key=True),
    Column("key", WORD, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("member", WORD),
    Column("data", WORD),
    Column("ring", WORD, nullable=False),
    Column("ring_at", BigInteger, nullable=False),
    Column("rings", Integer, nullable=False, server_default="0"),
    Index("timers_at", "at"),
    Index("timers_ring_at", "ring_at"),
    sqlite_with_rowid=False,
)
"""`ring_at` is when a scheduler rings for the timer next: when it is due; later, once it was rung for (`rings`)."""

HELD = Table(
    "held",
    METADATA,
    Column("hash", WORD, primary_key=True),
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Where what counts against somebody forgotten waits for their account: under a person that nobody is."""
