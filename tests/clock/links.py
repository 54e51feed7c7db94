"""The way to Redis for tests: it closes what it opened, which would else be found, and told, in another test."""

from __future__ import annotations

from pathlib import Path

import redis

from adapters.queue.rings import Link


class OwnLink(Link):
    """Closes its clients when it is closed, and with them the questions to Sentinels."""

    def __init__(self, url: str | None, folder: Path) -> None:
        super().__init__(url, folder)
        self._clients: list[redis.Redis] = []

    def open(self) -> redis.Redis:
        self._clients.append(super().open())
        return self._clients[-1]

    def close(self) -> None:
        for client in self._clients:
            client.close()
            for asked in getattr(getattr(client.connection_pool, "sentinel_manager", None), "sentinels", ()):
                asked.close()
        super().close()
