"""What members asked of their data, done: a dossier handed over, somebody forgotten.

Both are tasks in the store, claimed by the process that serves: it alone knows the deployment's secret for sure. Who
dies half-way leaves a lease that runs out, and the next one begins anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from adapters.sql import SqlStore
from adapters.sql.tasks import Claimed, SqlTasks
from core.effects import Attached, Say, Words
from core.errors import StoreBusy, StoreUnavailable
from core.people import Account
from core.ports import OutboxRow, Writes
from core.routing import NOWHERE
from core.workflow import Group
from jobs.privacy.document import attached
from workflows.privacy import MYDATA

log = logging.getLogger("yaji.privacy")

LEASE: Final = timedelta(minutes=10)
AGAIN: Final = timedelta(minutes=1)
"""A task that failed is tried again so much later."""
PASSING: Final = "privacy:"
"""Rows of the outbox whose ids begin so go once they are settled."""
_KINDS: Final = (MYDATA,)


class Premises(Protocol):
    """The store, and the groups as they are served."""

    @property
    def store(self) -> SqlStore: ...

    @property
    def groups(self) -> dict[str, Group]: ...


class PrivacyTasks:
    """Does what waits. Every call may raise StoreBusy or StoreUnavailable."""

    def __init__(self, premises: Premises, now: Callable[[], datetime] | None = None) -> None:
        self._premises = premises
        self._tasks = SqlTasks(premises.store)
        self._now = now or self._tasks.now

    def run(self) -> int:
        """One of each kind, if any waits; and what was delivered is taken out of the outbox. How many were done."""
        store = self._premises.store
        store.retention().drop_passing(PASSING)
        now, done = self._now(), 0
        for kind in _KINDS:
            if self._tasks.waiting(kind, now):
                for task in self._tasks.claim(kind, now, LEASE):
                    done += self._run(task)
        return done

    def _run(self, task: Claimed) -> bool:
        try:
            return self._handed_over(task)
        except (StoreBusy, StoreUnavailable):
            raise
        except Exception as error:  # one wish's trouble is its own; it is tried again, and not for ever
            log.error("%s in %s failed with %s and is tried again", task.kind, task.group, type(error).__name__)
            self._tasks.put_back(task, type(error).__name__, self._now() + AGAIN)
            return False

    def _handed_over(self, task: Claimed) -> bool:
        now, group = self._now(), self._premises.groups.get(task.group)
        if group is None or (task.expires is not None and now >= task.expires):
            return not self._tasks.drop(task, "too late, or the group is gone", Writes())
        dossier = self._premises.store.dossiers().dossier(_account(task))
        if dossier is None:
            return not self._tasks.drop(task, "nobody has this account any more", Writes())
        file = attached(dossier, now, group.texts, _language(task))
        words = group.texts.say("privacy.data_file", _language(task), {})
        return self._tasks.finish(task, "handed over", Writes(outbox=[passing(task, group, words, now, file)]))


def passing(task: Claimed, group: Group, words: Words, at: datetime, file: Attached | None = None) -> OutboxRow:
    """A message to who asked, of which nothing is left here once it is settled."""
    account = _account(task)
    platform = account.partition(":")[0]
    say = Say(words=words, to=account, file=file, urgency="soon", expires=at + timedelta(days=1), confidential=True)
    return OutboxRow(
        f"{PASSING}{task.key}",
        at,
        group.key,
        f"{PASSING}{task.key}",
        "privacy",
        "Say",
        say,
        say.expires,
        platform if platform in group.platforms else NOWHERE[0],
    )


def _account(task: Claimed) -> Account:
    return Account(_text(task.data, "account"))


def _language(task: Claimed) -> str:
    return _text(task.data, "language")


def _text(data: Any, name: str) -> str:
    return str(data[name])
