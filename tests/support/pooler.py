"""A pool before a PostgreSQL server, as PgBouncer is one in transaction mode: each transaction of a client is done by
the server's process whose turn it is, and what was set or prepared there by one client is met by the next.
"""

from __future__ import annotations

import selectors
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Final

from tests.support.postgres import PrivatePostgres

_SERVERS: Final = 2
_STARTUP: Final = struct.Struct("!ii")
_PROTOCOL: Final = 3 << 16
_AUTHENTICATED: Final = b"R" + struct.pack("!ii", 8, 0)
_NOBODY: Final = b"K" + struct.pack("!iii", 12, 1, 1)
"""The number of a process and its secret, which are the pool's own."""
_READY: Final = b"Z" + struct.pack("!i", 5) + b"I"


class Pooler:
    """Listens on loopback. `url` leads to a database through it."""

    def __init__(self, server: PrivatePostgres, database: str) -> None:
        self._idle: SimpleQueue[socket.socket] = SimpleQueue()
        self._open: list[socket.socket] = []
        self._told = b""
        for _ in range(_SERVERS):
            self._idle.put(self._began(server, database))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://postgres@127.0.0.1:{self._listening.getsockname()[1]}/{database}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _began(self, server: PrivatePostgres, database: str) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(server.sockets / ".s.PGSQL.5432"))
        self._open.append(connection)
        who = b"user\0postgres\0database\0" + database.encode() + b"\0\0"
        connection.sendall(_STARTUP.pack(8 + len(who), _PROTOCOL) + who)
        told = b""
        while True:
            kind, message = _read(connection)
            if kind == b"S":
                told += message
            if kind == b"Z":
                self._told = told
                return connection

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, EOFError), client:
            while _protocol(client) != _PROTOCOL:
                client.sendall(b"N")  # neither encrypted nor by Kerberos
            client.sendall(_AUTHENTICATED + self._told + _NOBODY + _READY)
            while True:
                kind, message = _read(client)
                if kind == b"X":
                    return
                server = self._idle.get()
                server.sendall(message)
                _transaction(client, server)
                self._idle.put(server)


def _transaction(client: socket.socket, server: socket.socket) -> None:
    """Hand on what both say until the server is outside any transaction."""
    with selectors.DefaultSelector() as either:
        for each in (client, server):
            either.register(each, selectors.EVENT_READ)
        while True:
            for key, _ in either.select():
                kind, message = _read(client if key.fileobj is client else server)
                (server if key.fileobj is client else client).sendall(message)
                if key.fileobj is server and kind == b"Z" and message[-1:] == b"I":
                    return


def _protocol(client: socket.socket) -> int:
    length, protocol = _STARTUP.unpack(_exactly(client, 8))
    _exactly(client, length - 8)
    return int(protocol)


def _read(connection: socket.socket) -> tuple[bytes, bytes]:
    """The kind of a message, and all of it."""
    head = _exactly(connection, 5)
    (length,) = struct.unpack("!i", head[1:])
    return head[:1], head + _exactly(connection, length - 4)


def _exactly(connection: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = connection.recv(count - len(found))
        if not piece:
            raise EOFError
        found += piece
    return found


@contextmanager
def pooled(server: PrivatePostgres, database: str) -> Iterator[Pooler]:
    """A pool before a database of a server."""
    pooler = Pooler(server, database)
    try:
        yield pooler
    finally:
        pooler.close()
