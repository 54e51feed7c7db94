"""What a scheduler or a worker tells somebody who watches it: `/healthz` and `/metrics`, in a thread of its own.

The standard library's server is enough for one question in some seconds, and needs no optional package.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from adapters.sql import SqlStore
from adapters.sql.clock import SqlClock
from core.errors import StoreError
from jobs.serve.listening import listening
from jobs.serve.metrics import CONTENT_TYPE, Metrics

PATIENCE = 5.0
"""Seconds for somebody who asks and does not go on."""


@contextmanager
def watched(address: str | None, role: str, store: SqlStore, metrics: Metrics) -> Iterator[None]:
    """Answer at `host:port` as long as this lasts; nowhere if there is no address. Raises CannotServe."""
    if address is None:
        yield
        return
    server = _Server(role, store, metrics)
    server.socket.close()
    server.socket = listening(address)
    thread = threading.Thread(target=server.serve_forever, name="watched", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, role: str, store: SqlStore, metrics: Metrics) -> None:
        super().__init__(("", 0), _Answer, bind_and_activate=False)
        self.role, self.clock, self.metrics = role, SqlClock(store), metrics

    def health(self) -> dict[str, object]:
        """`ok` means that what is due can be read, and that it can be written down."""
        try:
            self.clock.next_ring()
        except StoreError:
            return {"ok": False, "role": self.role, "store": False}
        return {"ok": True, "role": self.role, "store": True}


class _Answer(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE
    server_version, sys_version = "yaji", ""

    def do_GET(self) -> None:
        """Health, metrics, or nothing."""
        if self.path == "/metrics":
            self._say(200, CONTENT_TYPE.decode(), self.server.metrics.read().encode())
        elif self.path == "/healthz":
            told = self.server.health()
            self._say(200 if told["ok"] else 503, "application/json", json.dumps(told).encode() + b"\n")
        else:
            self._say(404, "text/plain", b"")

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Who watches is not worth a line."""
