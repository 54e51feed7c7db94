"""Rings: short notes that there is work, on RQ. The work itself is rows in the store, so that a lost ring is harmless.

Nothing of RQ's memory is relied upon: no retries, no unique ids, no dependencies, no schedules, no results. A ring
names one of a few functions; the worker looks it up in its own list, and never imports what a ring says.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import adapters.queue  # noqa: F401 (sets the prefix of the keys before RQ reads it)

# isort: split
import redis
from rq import Queue, worker_registration
from rq.defaults import RQ_KEY_PREFIX
from rq.job import Job
from rq.serializers import JSONSerializer

from adapters.queue.connect import Place, client, place, said
from adapters.queue.embedded import EmbeddedMissing, EmbeddedRedis
from core.errors import ConfigError, YajiError

QueueName = Literal["timers", "digests"]
QUEUES: tuple[QueueName, ...] = get_args(QueueName)

RING_LIVES = 60
"""Seconds after which a ring that nobody answered is forgotten: it was rung again long before."""
FAILURE_LIVES = 600
"""Seconds for which a failed ring can be looked at."""
TIMEOUTS: Mapping[QueueName, int] = {"timers": 60, "digests": 600}
"""Seconds that one ring's work may take."""
_SILENCE = 1.0
"""Seconds after a failure in which nobody is asked again."""

Work = Callable[..., None]


class BellSilent(YajiError):
    """Redis did not take the ring. It may have been heard nevertheless. `zh` is the same sentence in Chinese."""

    def __init__(self, message: str, zh: str = "") -> None:
        super().__init__(message)
        self.zh = zh or message


class NobodyListens(BellSilent):
    """Redis is there, and no worker to hear a ring."""


class RingRefused(YajiError):
    """A ring asks for a function that this worker does not have."""


class Link:
    """The way to Redis for one process: by URL, or to the server of our own in `folder`. Not for several threads."""

    def __init__(self, url: str | None, folder: Path) -> None:
        self._where: Place | None = place(url) if url is not None else None
        self._own = EmbeddedRedis(folder) if url is None else None
        if self._where is not None and self._where.kind == "cluster" and not _in_one_slot(RQ_KEY_PREFIX):
            raise ConfigError(
                f"on a Redis Cluster all keys must lie on one node; write RQ_KEY_PREFIX with braces, like {{{_OURS}}}"
            )

    @property
    def embedded(self) -> EmbeddedRedis | None:
        """The server of our own, if that is what is used."""
        return self._own

    def open(self) -> redis.Redis:
        """A new client; the server of our own is started first if need be. Raises EmbeddedMissing, RedisError."""
        where = self._where if self._own is None else place(self._own.ensure())
        assert where is not None
        return client(where, f"{RQ_KEY_PREFIX}:queues")

    def keep(self) -> None:
        """See that the server of our own runs, and that somebody owns it. Raises EmbeddedMissing."""
        if self._own is not None:
            self._own.ensure()

    def close(self) -> None:
        """Stop the server of our own, if this process started it."""
        if self._own is not None:
            self._own.stop()


class Bell:
    """Rings for work. Raises BellSilent and nothing else; the next ring may be heard again."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._client: redis.Redis | None = None
        self._deaf_until = 0.0

    def ring(self, queue: QueueName, work: str, *arguments: object) -> str:
        """Ring for `work` with arguments that JSON can hold; the id of the ring, which follows from them."""
        told = json.dumps([work, arguments], sort_keys=True).encode()
        id_ = f"ring-{blake2b(told, digest_size=12).hexdigest()}"
        self._try(lambda client: _enqueue(client, queue, id_, work, arguments))
        return id_

    def wake(self, queue: QueueName, work: str, most: int) -> None:
        """Ring once for each worker of a queue, at most `most`: each takes what it finds until nothing waits."""
        for n in range(min(most, max(1, self.listeners(queue)))):
            self.ring(queue, work, time.time_ns(), n)

    def tend(self, queue: QueueName) -> None:
        """See that Redis is there (start the one of our own again if it has died) and that some worker listens."""
        if self._client is not None:
            self._try(lambda _: self._link.keep())
        if not self.listeners(queue):
            raise NobodyListens(
                f"no worker listens for {queue}: run `yaji worker --queue {queue}`",
                f"没有 worker 在听 {queue}：请运行 `yaji worker --queue {queue}`",
            )

    def listeners(self, queue: QueueName) -> int:
        """How many workers of a queue showed signs of life lately. One that was killed is believed for 90 seconds."""
        found: list[int] = []
        self._try(lambda client: found.append(_listening(client, queue)))
        return found[-1]

    def lengths(self) -> Mapping[QueueName, int]:
        """How many rings wait in each queue."""
        found: dict[QueueName, int] = {}
        self._try(lambda client: found.update({name: queue_of(client, name).count for name in QUEUES}))
        return found

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _try(self, act: Callable[[redis.Redis], object]) -> None:
        if time.monotonic() < self._deaf_until:
            raise BellSilent("Redis did not answer a moment ago", "Redis 刚才没有应答")
        try:
            if self._client is None:
                self._client = self._link.open()
            try:
                act(self._client)
            except (redis.ConnectionError, redis.TimeoutError, redis.exceptions.MovedError):
                # A server that was started again, or has moved: once more, by a connection of today.
                self.close()
                self._client = self._link.open()
                act(self._client)
        except (redis.RedisError, EmbeddedMissing, OSError) as error:
            self.close()
            self._deaf_until = time.monotonic() + _SILENCE
            raise BellSilent(f"Redis cannot be used now: {said(error)}", f"Redis 现在用不了：{said(error)}") from None


class Ring(Job):
    """A job that runs only what its worker has in `known`, and nothing else that it may say.

    Whoever can write to Redis could otherwise name any function there is: as the job, as a callback for its success,
    failure or stop, as a method of an instance; or an address to be called.
    """

    known: Mapping[str, Work] = {}

    @property
    def func(self) -> Work:
        """The function, by our own list. Raises RingRefused."""
        name = self.func_name
        if name is None or self.instance is not None or name not in self.known:
            raise RingRefused(f"a ring asks for {name!r}, which is no work of ours; it is thrown away")
        return self.known[name]

    success_callback = property(lambda self: None)
    failure_callback = property(lambda self: None)
    stopped_callback = property(lambda self: None)

    def send_webhooks(self, *told: Any, **more: Any) -> None:
        """Nobody is called."""


def queue_of(client: redis.Redis, name: QueueName, rings: type[Ring] = Ring) -> Queue:
    """The RQ queue of a name."""
    return Queue(f"yaji:{name}", connection=client, serializer=JSONSerializer, job_class=rings)


class Failed(NamedTuple):
    """A ring that failed lately."""

    queue: QueueName
    id: str
    why: str


def failed(client: redis.Redis) -> Sequence[Failed]:
    """The rings that failed lately, with the last line of what went wrong."""
    found = []
    for name in QUEUES:
        queue = queue_of(client, name)
        for job in Ring.fetch_many(
            queue.failed_job_registry.get_job_ids(cleanup=False)[:100], connection=client, serializer=JSONSerializer
        ):
            if job is not None:
                result = job.latest_result()
                lines = (result.exc_string or "").strip().splitlines() if result is not None else []
                found.append(Failed(name, job.id, lines[-1] if lines else ""))
    return found


def _enqueue(client: redis.Redis, queue: QueueName, id_: str, work: str, arguments: Sequence[object]) -> None:
    queue_of(client, queue).enqueue_call(
        work,
        args=list(arguments),
        job_id=id_,
        timeout=TIMEOUTS[queue],
        ttl=RING_LIVES,
        result_ttl=0,
        failure_ttl=FAILURE_LIVES,
        description=work,
    )


def _listening(client: redis.Redis, queue: QueueName) -> int:
    keys = worker_registration.get_keys(queue=queue_of(client, queue))
    return int(client.exists(*keys)) if keys else 0


def _in_one_slot(prefix: str) -> bool:
    opened = prefix.find("{")
    return opened >= 0 and prefix.find("}", opened) > opened + 1


_OURS = "yaji"
