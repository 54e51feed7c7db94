"""Where Redis is: an URL in, a client out. A private server, a Sentinel's master, or the node of a Cluster.

Written as `redis://`, `rediss://`, `unix://`, `redis+sentinel://host:26379,other:26379/service/0` and
`redis+cluster://host:6379,other:6379`; with `rediss+` for both over TLS. A user and password stand before the `@`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import RedisClusterException
from redis.retry import Retry
from redis.sentinel import Sentinel

from core.errors import ConfigError

PATIENCE = 2.0
"""Seconds for one answer. Whoever waits longer does the work without Redis."""

_SCHEMES = re.compile(r"(redis|rediss|unix|rediss?\+sentinel|rediss?\+cluster)://")
_SHOWN = re.compile(r"<[^<>]*>")
_PLACE = re.compile(r"\bhost=([^,<>]+),port=(\d+)")
_KNOWN = "write redis://, rediss://, unix://, redis+sentinel://host:port,…/service/0 or redis+cluster://host:port,…"
_KNOWN_ZH = "请写 redis://、rediss://、unix://、redis+sentinel://主机:端口,…/服务名/0 或 redis+cluster://主机:端口,…"
_PORTS = {"sentinel": 26379, "cluster": 6379}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A Redis that was understood. `nodes`, `service` and `database` are for Sentinel and Cluster only."""

    kind: Literal["plain", "sentinel", "cluster"]
    url: str = field(repr=False)
    nodes: tuple[tuple[str, int], ...] = ()
    service: str = ""
    database: int = 0
    tls: bool = False
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


def place(url: str) -> Place:
    """The place an URL names. Raises ConfigError, never with the password in it."""
    scheme = _SCHEMES.match(url)
    if scheme is None:
        raise ConfigError(f"the Redis URL cannot be read; {_KNOWN}", zh=f"Redis 的地址读不懂；{_KNOWN_ZH}")
    way, _, kind = scheme[1].partition("+")
    if kind == "sentinel":
        return _many(url, "sentinel", way == "rediss")
    if kind == "cluster":
        return _many(url, "cluster", way == "rediss")
    try:
        redis.ConnectionPool.from_url(url)
    except (ValueError, TypeError):
        raise ConfigError(f"the Redis URL cannot be read; {_KNOWN}", zh=f"Redis 的地址读不懂；{_KNOWN_ZH}") from None
    return Place(kind="plain", url=url)


def said(error: Exception) -> str:
    """What went wrong, on one line; of the objects that redis-py shows in it, where they are."""
    text, shown = str(error), -1
    places = [f"{host}:{port}" for host, port in _PLACE.findall(text)]
    while len(text) != shown:
        shown, text = len(text), _SHOWN.sub("", text)
    told = " ".join(text.split()) or type(error).__name__
    return f"{told} ({', '.join(places)})" if places else told


def client(where: Place, key: str) -> redis.Redis:
    """A client that reaches the data; on a Cluster the node that holds `key`, as of now.

    When it says `MovedError`, the key has a new home: ask for another client. Raises redis.RedisError.
    """
    settings = _settings()
    match where.kind:
        case "plain":
            return redis.Redis.from_url(where.url, **settings)
        case "sentinel":
            return _master(where, settings)
        case "cluster":
            return _node(where, key, settings)


def _master(where: Place, settings: dict[str, Any]) -> redis.Redis:
    login = _login(where)
    asking = {**settings, "ssl": where.tls}
    sentinel = Sentinel(list(where.nodes), sentinel_kwargs=asking, **settings)  # type: ignore[no-untyped-call]
    found: redis.Redis = sentinel.master_for(  # type: ignore[no-untyped-call]
        where.service, db=where.database, ssl=where.tls, **login
    )
    return found


def _node(where: Place, key: str, settings: dict[str, Any]) -> redis.Redis:
    login = _login(where)
    nodes = [ClusterNode(host, port) for host, port in where.nodes]  # type: ignore[no-untyped-call]
    timeouts = {name: settings[name] for name in ("socket_timeout", "socket_connect_timeout")}
    try:
        cluster = RedisCluster(startup_nodes=nodes, ssl=where.tls, **timeouts, **login)
    except RedisClusterException as error:  # a tree of its own
        raise redis.ConnectionError(str(error)) from None
    try:
        node = cluster.get_node_from_key(key)  # type: ignore[no-untyped-call]
    finally:
        cluster.close()
    if node is None:
        raise redis.ConnectionError("the cluster has no node for our keys")
    return redis.Redis(host=node.host, port=node.port, ssl=where.tls, **login, **settings)


def _settings() -> dict[str, Any]:
    # One more try for a connection that was closed while it rested; no waiting in between.
    return {
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "retry": Retry(NoBackoff(), 1),
        "retry_on_error": [redis.ConnectionError],
    }


def _login(where: Place) -> dict[str, Any]:
    return {"username": where.user, "password": where.password}


def _many(url: str, kind: Literal["sentinel", "cluster"], tls: bool) -> Place:
    """`redis+sentinel://user:password@one:26379,two:26379/service/0` and its like."""
    try:
        parts = urlsplit(url)
        login, _, hosts = parts.netloc.rpartition("@")
        user, _, password = login.partition(":")
        nodes = tuple(_node_of(host, _PORTS[kind]) for host in hosts.split(",") if host)
        steps = [unquote(step) for step in parts.path.split("/") if step]
        database = int(steps[1]) if kind == "sentinel" and len(steps) > 1 else 0
    except ValueError:
        raise ConfigError(f"the Redis URL cannot be read; {_KNOWN}", zh=f"Redis 的地址读不懂；{_KNOWN_ZH}") from None
    if not nodes or (kind == "sentinel" and not steps) or len(steps) > 2 or parse_qsl(parts.query):
        needed, zh = _NEEDS[kind]
        raise ConfigError(f"the Redis URL does not name {needed}; {_KNOWN}", zh=f"Redis 的地址里没有{zh}；{_KNOWN_ZH}")
    if kind == "cluster" and steps not in ([], ["0"]):
        raise ConfigError(
            "a Redis Cluster has the database 0 only; leave the number out", zh="Redis Cluster 只有 0 号库；请去掉编号"
        )
    return Place(
        kind=kind,
        url=url,
        nodes=nodes,
        service=steps[0] if kind == "sentinel" else "",
        database=database,
        tls=tls,
        user=unquote(user) or None,
        password=unquote(password) or None,
    )


def _node_of(host: str, port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError(host)
    return parts.hostname, parts.port or port


_NEEDS = {"sentinel": ("a Sentinel and its service", "哨兵和服务名"), "cluster": ("a node", "节点")}
