"""What members asked of their data, done: a dossier handed over, somebody forgotten; and an owner's books.

They are tasks in the store, claimed by the process that serves: it alone knows the deployment's secret for sure. Who
dies half-way leaves a lease that runs out (`SqlTasks.free` may end it before), and the next one begins anew.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from adapters.sql import SqlStore
from adapters.sql.tasks import MOST_ATTEMPTS, Claimed, SqlTasks, never_finished
from core.effects import Attached, Say, Words
from core.errors import StoreBusy, StoreUnavailable
from core.forgetting import Recognise
from core.people import NOBODY, Account, platform_of
from core.ports import AuditRow, OutboxRow, Writes
from core.routing import NOWHERE
from core.workflow import Group
from jobs.holding import BEAT, LEASE, held
from jobs.privacy.books import archived
from jobs.privacy.document import attached
from jobs.privacy.forgetting import Forgetter, Moved, Remembering, told
from jobs.serve.holders import holder
from workflows import topics
from workflows.privacy import AGAIN as ONCE_IN
from workflows.privacy import EXPORT, FORGET, MYDATA

log = logging.getLogger("yaji.privacy")

AGAIN: Final = timedelta(minutes=1)
"""A task that failed is tried again so much later."""
PASSING: Final = "privacy:"
"""Rows of the outbox whose ids begin so go once they are settled."""
_KINDS: Final = (MYDATA, FORGET, EXPORT)
LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file that is handed over in a chat."""
_TRIES: Final = 5


class Premises(Protocol):
    """The store, and the groups as they are served."""

    @property
    def store(self) -> SqlStore: ...

    @property
    def groups(self) -> dict[str, Group]: ...


class PrivacyTasks:
    """Does what waits. Every call may raise StoreBusy or StoreUnavailable."""

    def __init__(
        self,
        premises: Premises,
        recognise: Recognise,
        now: Callable[[], datetime] | None = None,
        beat: float = BEAT,
        remembered: Remembering | None = None,
    ) -> None:
        self._premises = premises
        self._forgetter = Forgetter(recognise, remembered=remembered)
        self._recognise = recognise
        self._lately: dict[str, datetime] = {}
        """When whom this process has forgotten, by keyed hash, for a day."""
        self._tasks = SqlTasks(premises.store, holder())
        self._now = now or self._tasks.now
        self._beat = beat

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
        if task.spent:
            return self._failed(task, never_finished(task))
        try:
            with held(self._tasks, task, self._now, self._beat):
                return self._do(task)
        except (StoreBusy, StoreUnavailable):
            raise
        except Exception as error:  # one wish's trouble is its own; it is tried again, and not for ever
            log.error("%s in %s failed with %s", task.kind, task.group, type(error).__name__)
            return self._failed(task, type(error).__name__)

    def _do(self, task: Claimed) -> bool:
        if task.kind == FORGET:
            return self._forgotten(task)
        return self._exported(task) if task.kind == EXPORT else self._handed_over(task)

    def _failed(self, task: Claimed, why: str) -> bool:
        """It is tried again later; whoever wants to be forgotten and cannot be hears of it in the end."""
        now, group = self._now(), self._premises.groups.get(task.group)
        if task.attempt < MOST_ATTEMPTS:
            self._tasks.put_back(task, why, now + AGAIN)
            return False
        words = group.texts.say("privacy.forget_failed", _language(task), {}) if group is not None else ()
        told = [passing(task, group, words, now)] if group is not None and task.kind == FORGET else []
        return not self._tasks.drop(task, why, Writes(outbox=told))

    def _exported(self, task: Claimed) -> bool:
        now, group = self._now(), self._premises.groups.get(task.group)
        if group is None or (task.expires is not None and now >= task.expires):
            return not self._tasks.drop(task, "too late, or the group is gone", Writes())
        with tempfile.TemporaryFile() as archive:
            archived(self._premises.store, group.key, archive)
            large = archive.tell() > LARGEST
            archive.seek(0)
            name = f"{group.key}-{now:%Y-%m-%d}.zip"
            file = None if large else Attached(name=name, data=archive.read(), kind="application/zip")
        key = "books_large" if large else "books_file"
        words = group.texts.say(f"privacy.{key}", _language(task), {"command": {"group": group.key}})
        return self._tasks.finish(task, "handed over", Writes(outbox=[passing(task, group, words, now, file)]))

    def _forgotten(self, task: Claimed) -> bool:
        now, group, account = self._now(), self._premises.groups.get(task.group), _account(task)
        if group is None or (task.expires is not None and now >= task.expires):
            return not self._tasks.drop(task, "too late, or the group is gone", Writes())
        if (again := self._again(account, now)) is not None:
            at = group.moment(again)
            words = group.texts.say("privacy.forget_again", _language(task), {"command": {"at": at}})
            writes = Writes(outbox=[passing(task, group, words, now)])
            return not self._tasks.drop(task, "forgotten less than a day ago", writes)
        if task.attempt < MOST_ATTEMPTS and self._premises.store.dossiers().acted_on(account):
            # What waits for somebody forgotten is dropped, and nobody is to get out of a ban like that.
            return not self._tasks.put_back(task, "something is about to be done about them", now + AGAIN)
        for _ in range(_TRIES):
            with self._premises.store.unit() as unit:
                try:
                    if not self._tasks.end_within(unit, task, "forgotten"):
                        return False
                    forgotten = self._forgetter.forget(unit, account, now, (task.group,))
                except Moved:
                    continue
                if forgotten is not None:
                    words = told(forgotten, group.texts, _language(task))
                    unit.save(Writes(outbox=[passing(task, group, words, now)], audit=[_noted(task, now)]))
                unit.commit()
            self._lately[self._recognise(account)] = now
            self._premises.store.scour()
            log.info("somebody in %s asked to be forgotten, and is", task.group)
            return True
        return self._failed(task, "they came to other groups meanwhile")

    def _again(self, account: Account, now: datetime) -> datetime | None:
        """From when on somebody who was forgotten less than a day ago can be again."""
        self._lately = {whose: at for whose, at in self._lately.items() if now < at + ONCE_IN}
        before = self._lately.get(self._recognise(account))
        return before + ONCE_IN if before is not None else None

    def _handed_over(self, task: Claimed) -> bool:
        now, group = self._now(), self._premises.groups.get(task.group)
        if group is None or (task.expires is not None and now >= task.expires):
            return not self._tasks.drop(task, "too late, or the group is gone", Writes())
        dossier = self._premises.store.dossiers().dossier(_account(task), topics.digest_of)
        if dossier is None:
            return not self._tasks.drop(task, "nobody has this account any more", Writes())
        file = attached(dossier, now, group.texts, _language(task))
        words = group.texts.say("privacy.data_file", _language(task), {})
        return self._tasks.finish(task, "handed over", Writes(outbox=[passing(task, group, words, now, file)]))


def _noted(task: Claimed, at: datetime) -> AuditRow:
    why = ("somebody asked to be forgotten",)
    return AuditRow(at, task.group, f"{PASSING}{task.key}", "privacy", FORGET, NOBODY, "on", (FORGET,), why)


def passing(task: Claimed, group: Group, words: Words, at: datetime, file: Attached | None = None) -> OutboxRow:
    """A message to who asked, of which nothing is left here once it is settled. It is an answer: they wait for it."""
    account = _account(task)
    platform = platform_of(account)
    say = Say(words=words, to=account, file=file, urgency="now", expires=at + timedelta(days=1), confidential=True)
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
