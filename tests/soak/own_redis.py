"""A Redis of the operator's, so to speak: one that nobody starts again but the test."""

from __future__ import annotations

import subprocess
import time
from contextlib import closing
from pathlib import Path

import redis

from adapters.queue.embedded import server_program
from tests.support.patience import PATIENCE


class OwnRedis:
    """Keeps nothing over its death."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "own.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        """Begin, empty. Returns when it answers."""
        program = server_program()
        assert program is not None
        self._process = subprocess.Popen(
            [program, "--port", "0", "--unixsocket", self._socket, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            cwd=self._socket.parent,
        )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with closing(redis.Redis.from_url(self.url)) as client:
                    client.ping()
                return
            except redis.RedisError:
                assert time.monotonic() < end
                time.sleep(0.02)

    def flush(self) -> None:
        """Forget everything."""
        with closing(redis.Redis.from_url(self.url)) as client:
            client.flushall()

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._socket.unlink(missing_ok=True)
            self._process = None
