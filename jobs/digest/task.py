"""Tasks, run: claim one, build the digest (or fetch the picture of a post), and write what is said into the outbox in
the transaction that ends the task.

A ring carries nothing: whoever hears one claims what waits. So a ring may be lost, or heard twice, or by two workers;
and who dies half-way leaves nothing behind but a lease, which runs out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from adapters.sql import SqlStore
from adapters.sql.rollups import SqlRollups
from adapters.sql.tasks import MOST_ATTEMPTS, Claimed, SqlTasks, never_finished
from core.errors import StoreBusy, StoreUnavailable
from core.people import NOBODY, PersonId
from core.ports import AuditRow, TaskRow, Writes
from core.workflow import Group
from jobs.digest.build import Builder, Draw
from jobs.digest.chart import drawn
from jobs.digest.pictures import posted
from jobs.holding import BEAT, LEASE, held
from jobs.serve.holders import gone, holder
from workflows import content
from workflows.digest_options import ADMINS, Digests
from workflows.digests import LATEST, TASK

_KINDS: Final = (content.TASK, TASK)
"""Posts first: they are short, and meant for this very minute."""
log = logging.getLogger("yaji.digests")

BUILD: Final = "digests.build"
"""The name of `Tasks.answer` in rings."""
AGAIN: Final = timedelta(minutes=1)
"""A digest that failed is tried again so much later."""


class Premises(Protocol):
    """A home's store and its groups, as `jobs.clock.premises` has them."""

    @property
    def home(self) -> Path: ...

    @property
    def store(self) -> SqlStore: ...

    @property
    def groups(self) -> Mapping[str, Group]: ...


class Tasks:
    """Runs the digests that wait: in a worker, or in the scheduler's own process where nobody else does."""

    def __init__(
        self,
        premises: Premises,
        draw: Draw = drawn,
        now: Callable[[], datetime] | None = None,
        beat: float = BEAT,
    ) -> None:
        self._premises = premises
        self._tasks = SqlTasks(premises.store, holder())
        self._draw = draw
        self._now = now or self._tasks.now
        self._beat = beat

    def waiting(self) -> int:
        """How many digests nobody has in hand: worth a ring if there are any. Cheap; for every look of a scheduler."""
        now = self._now()
        return sum(self._tasks.waiting(kind, now) for kind in _KINDS)

    def free(self) -> None:
        """Take tasks of every kind out of hands that are known to be dead. As cheap."""
        self._tasks.free(self._now(), gone)

    def run(self, most: int | None = None) -> int:
        """Build what waits, one after another, at most `most`; how many were told. Raises StoreUnavailable."""
        done = 0
        for kind in _KINDS:
            while most is None or done < most:
                claimed = self._tasks.claim(kind, self._now(), LEASE)
                if not claimed:
                    break
                done += self._run(claimed[0])
        return done

    def answer(self) -> None:
        """As `run`, for a ring."""
        self.run()

    def _run(self, task: Claimed) -> bool:
        if task.spent:
            return self._given_up(task, never_finished(task))
        try:
            with held(self._tasks, task, self._now, self._beat):
                return self._posted(task) if task.kind == content.TASK else self._built(task)
        except (StoreBusy, StoreUnavailable):
            raise
        except Exception as error:  # one digest's trouble is its own; it is tried again, and not for ever
            log.exception("the %s %s of %s failed", task.kind, task.key, task.group)
            why = f"{type(error).__name__}: {error}"
            if task.attempt >= MOST_ATTEMPTS:
                return self._given_up(task, f"failed {MOST_ATTEMPTS} times: {why}")
            self._tasks.put_back(task, why, self._now() + AGAIN)
            return False

    def _built(self, task: Claimed) -> bool:
        now, group = self._now(), self._premises.groups.get(task.group)
        id_, day = str(task.data.get("digest", "")), date.fromisoformat(str(task.data.get("day", "")))
        digests = group.options(Digests) if group is not None else None
        if task.expires is not None and now >= task.expires:
            return self._dropped(task, now, id_, "late by more than half its period: not told")
        if group is None or digests is None or id_ not in digests:
            return self._dropped(task, now, id_, "there is no such digest any more")
        digest = digests[id_]
        if task.data.get("paused"):
            digest = digest.model_copy(update={"to": (ADMINS,)})
        builder = Builder(self._premises.groups, SqlRollups(self._premises.store), self._premises.store, self._draw)
        due = task.expires - LATEST[digest.span] if task.expires is not None else task.at
        after = task.data.get("after")
        built = builder.built(group, id_, digest, day, due, now, PersonId(after) if isinstance(after, int) else None)
        writes = Writes(outbox=list(built.outbox), audit=list(built.audit))
        if built.told is not None:
            key, data = f"{id_}:{day.isoformat()}:{built.told}", {**task.data, "after": built.told}
            writes.tasks.append(TaskRow(task.group, task.kind, key, task.at, task.expires, data))
        return self._tasks.finish(task, f"{len(built.outbox)} messages", writes)

    def _posted(self, task: Claimed) -> bool:
        """A post of the calendar with its picture; with its words alone if the picture cannot be had."""
        now, group = self._now(), self._premises.groups.get(task.group)
        id_ = task.key.partition(":")[0]
        if group is None:
            return self._dropped(task, now, id_, "there is no such post any more")
        if task.expires is not None and now >= task.expires:
            hours = int((now - task.at).total_seconds() // 3600)
            return self._dropped(task, now, id_, f"late by {hours} hours: left out")
        built = posted(group, task, self._premises.home, now)
        return self._tasks.finish(task, f"{len(built.outbox)} messages", built)

    def _dropped(self, task: Claimed, now: datetime, id_: str, why: str) -> bool:
        self._tasks.drop(task, why, _noted(task, now, id_, why))
        return False

    def _given_up(self, task: Claimed, why: str) -> bool:
        """It failed too often: the operator hears of it, and may have it tried again."""
        if self._tasks.give_up(task, why, _noted(task, self._now(), task.key.partition(":")[0], why)):
            log.error("the %s %s of %s is given up: %s", task.kind, task.key, task.group, why)
        return False


def _noted(task: Claimed, at: datetime, id_: str, why: str) -> Writes:
    event, workflow = f"{task.kind}:{task.group}:{task.key}", "digests" if task.kind == TASK else task.kind
    return Writes(audit=[AuditRow(at, task.group, event, workflow, id_, NOBODY, "on", (), (why,))])
