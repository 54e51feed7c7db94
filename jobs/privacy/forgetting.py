"""Somebody is forgotten: what is held against them is worked out, everything else goes, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from core.dossier import Known
from core.effects import Words
from core.forgetting import Erased, Erasure, Forgetting, Kept, Recognise
from core.people import Account, PersonId
from core.ports import BalanceAt, RecordAt
from core.state import WARNING, Slot
from core.workflow import Phrasebook
from workflows import topics
from workflows.acts import ACTS
from workflows.bans import BANNED
from workflows.held import Held, held
from workflows.mutes import MUTED
from workflows.plain_text import LONGEST_NAME, inert, one_line
from workflows.referral_book import INVITEE

_BITS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was deleted, and what is still held against the account in each group."""

    erased: Erased
    held: Mapping[str, Held]


def drawn() -> int:
    """A number that stands for nobody."""
    return secrets.randbits(_BITS)


class Remembering(Protocol):
    """What outlives the database; see `jobs.privacy.remembering`."""

    def note(self, unit: Forgetting, hashes: Iterable[str], at: datetime) -> None: ...


class Moved(Exception):
    """The person came to another group meanwhile; try again."""


class Forgetter:
    """Forgets people in units of work. `draw` gives the numbers that stand for nobody; `remembered` hears of each."""

    def __init__(
        self, recognise: Recognise, draw: Callable[[], int] = drawn, remembered: Remembering | None = None
    ) -> None:
        self._recognise = recognise
        self._draw = draw
        self._remembered = remembered

    def forget(self, unit: Forgetting, account: Account, at: datetime, besides: Iterable[str] = ()) -> Forgotten | None:
        """Forget whoever has an account, in all groups, which are locked here together with others `besides`.

        None, and nothing done, if nobody has it. Nothing is committed. Raises Moved.
        """
        known = unit.known(account)
        unit.lock(sorted({*(known.groups if known is not None else ()), *besides}))
        if known is None:
            return None
        if unit.known(account) != known:
            raise Moved
        against = {group: self._held(unit, group, known, at) for group in known.groups}
        erasure = Erasure(
            known=known,
            kept=tuple(self._kept(group, known, each) for group, each in against.items()),
            hashes=tuple(self._recognise(each.account) for each in known.accounts),
            shown=tuple(told for each in known.accounts for told in _told_as(each.name)),
        )
        if self._remembered is not None:
            self._remembered.note(unit, erasure.hashes, at)
        return Forgotten(erased=unit.forget(erasure), held=against)

    def _held(self, unit: Forgetting, group: str, known: Known, at: datetime) -> Held:
        where = (BalanceAt(group, known.person, WARNING), None)
        slots: tuple[Slot[Any], ...] = (MUTED, ACTS, BANNED, INVITEE)
        places = {slot.name: RecordAt(group, known.person, slot.name) for slot in slots}
        found: Mapping[RecordAt, Any] = unit.records([(places[slot.name], slot) for slot in slots])
        muted, acts, banned, invitee = (found.get(places[slot.name]) for slot in slots)
        return held(unit.entries([where])[where], muted, acts, banned, invitee, at)

    def _kept(self, group: str, known: Known, against: Held) -> Kept:
        return Kept(
            group,
            PersonId(-1 - self._draw()),
            PersonId(-1 - self._draw()),
            against.warnings,
            against.records,
            tuple(topics.digest_of(group, each.account) for each in known.accounts),
        )


def _told_as(name: str) -> tuple[str, str]:
    """A name as sentences show it, plainly or so that nothing in it can be pressed."""
    told = one_line(name, LONGEST_NAME)
    return told, inert(told)


def outcome(forgotten: Forgotten, texts: Phrasebook, language: str) -> Words:
    """What was deleted and what is held, in words that fit the person and whoever did it in their place."""

    def say(key: str, values: Mapping[str, object]) -> Words:
        return texts.say(f"privacy.{key}", language, {"command": values})

    against = forgotten.held.values()
    counts = {
        "warnings": sum(len(each.warnings) for each in against),
        "mutes": sum(each.muted is not None for each in against),
        "bans": sum(each.banned is not None for each in against),
    }
    kept = say("forgotten_kept" if any(counts.values()) else "forgotten_nothing", counts)
    return (*say("forgotten", forgotten.erased.counts), "\n", *kept)


def told(forgotten: Forgotten, texts: Phrasebook, language: str) -> Words:
    """The outcome, for the person."""
    return (*outcome(forgotten, texts, language), "\n", *texts.say("privacy.forgotten_last", language, {}))
