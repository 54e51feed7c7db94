"""Databases on a server, by their address. Imported where there is one: see `revision`."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.sql.dialect import Database
from core.errors import StoreError, StoreUnknown


def served(address: str, durable: bool) -> Database:
    """The database at an address that names no file. Raises StoreUnknown, StoreError without its driver."""
    try:
        url = _read(address)
    except (ArgumentError, ValueError):
        raise StoreUnknown(*_UNREADABLE) from None
    kind = url.get_backend_name()
    if kind not in ("postgresql", "postgres"):
        raise StoreUnknown(*(sentence.format(kind=kind) for sentence in _ANOTHER_KIND))
    if url.password and "@" in f"{url.host}{url.database}":  # what follows it is the rest of the password
        raise StoreUnknown(*_UNENCODED)
    try:
        from adapters.sql.postgres import PostgresDatabase  # noqa: PLC0415 (an optional extra)
    except ImportError:
        raise StoreError(*_NO_DRIVER) from None
    return PostgresDatabase(url, durable=durable)


def _read(address: str) -> URL:
    """What an address says. Where it names several servers, as PostgreSQL's own programs take them, SQLAlchemy wants
    hosts and ports apart. Raises ArgumentError, ValueError."""
    several = _SEVERAL.fullmatch(address)
    if several is None:
        return make_url(address)
    before, named, after = several.groups()
    hosts, ports = [], []
    for place in named.split(","):
        found = _PLACE.fullmatch(place)
        if found is None:
            raise ValueError(place)
        hosts.append(found[1] or found[2])
        ports.append(found[3] or "")
    return make_url(before + after).update_query_dict({"host": ",".join(hosts), "port": ",".join(ports)})


_SEVERAL: Final = re.compile(r"(postgres(?:ql)?(?:\+\w+)?://(?:[^@/?]*@)?)([^@/?]*,[^@/?]*)((?:/.*)?)")
_PLACE: Final = re.compile(r"(?:\[([^\]]+)\]|([^\[\]:]+))(?::(\d+))?")
_UNREADABLE = (
    "the address of the database cannot be read; write sqlite:///path or postgresql://…",
    "数据库的地址读不懂；请写 sqlite:///文件 或 postgresql://…",
)
_UNENCODED = (
    "the address of the database has more than one @: write those of its password as %40, and a / as %2F",
    "数据库的地址里有不止一个 @：密码里的 @ 请写成 %40，/ 写成 %2F",
)
_ANOTHER_KIND = (
    "no database on {kind} is known; write sqlite:///path or postgresql://…",
    "不认识 {kind} 数据库；请写 sqlite:///文件 或 postgresql://…",
)
_NO_DRIVER = (
    "PostgreSQL needs the extra `postgres`; install yaji[postgres]",
    "用 PostgreSQL 要装上附加部分 `postgres`：yaji[postgres]",
)
