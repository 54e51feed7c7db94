"""A dossier as a document that its person can read: one JSON object, every part with what it is in their language."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from core.dossier import Chapter, Dossier
from core.effects import Attached, plain
from core.jsonable import jsonable
from core.ports import AuditRow, Seat
from core.state import Day, Entry
from core.workflow import Phrasebook
from jobs.privacy.veil import NAMES, SOMEBODY, veiled
from workflows.plain_text import LONGEST_NAME, one_line
from workflows.reasons import in_language, without

Say = Callable[[str], str]


LARGEST: Final = 2 * 1024 * 1024
"""Bytes of a file that every platform takes as it is: a gateway to WeChat takes three million."""


def attached(dossier: Dossier, at: datetime, texts: Phrasebook, language: str) -> Attached:
    """The document as a file; a large one is packed, to a twentieth or less."""
    name, data = f"mydata-{at:%Y-%m-%d}", written(dossier, at, texts, language)
    if len(data) <= LARGEST:
        return Attached(name=f"{name}.json", data=data)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.json", data)
    return Attached(name=f"{name}.zip", data=packed.getvalue(), kind="application/zip")


def written(dossier: Dossier, at: datetime, texts: Phrasebook, language: str) -> bytes:
    """The document as JSON."""
    text = json.dumps(document(dossier, at, texts, language), ensure_ascii=False, indent=2) + "\n"
    return text.encode(errors="replace")


def document(dossier: Dossier, at: datetime, texts: Phrasebook, language: str) -> dict[str, Any]:
    """The document. Instants are UTC; other people are not named in it."""

    def say(key: str) -> str:
        return plain(texts.say(f"privacy.about_{key}", language, {}))

    known = dossier.known
    own = frozenset(
        text for who in known.accounts for text in (who.account, who.name, one_line(who.name, LONGEST_NAME))
    )
    told = partial(_reason, own=own, language=language)
    return {
        "about": say("document"),
        "made": jsonable(at),
        "accounts": _part(say("accounts"), [_account(who._asdict()) for who in known.accounts]),
        "private_chat": _part(
            say("private_chat"),
            None if dossier.talks is None else {"group": dossier.talks[0], "since": jsonable(dossier.talks[1])},
        ),
        "groups": {chapter.group: _chapter(chapter, own, say, told) for chapter in dossier.chapters},
        "beyond_groups": _part(say("beyond_groups"), veiled(dossier.house, own, NAMES)),
    }


def _part(about: str, held: object) -> dict[str, object]:
    return {"about": about, "data": held}


def _account(told: dict[str, Any]) -> dict[str, Any]:
    return {name: jsonable(value) for name, value in told.items()}


def _chapter(chapter: Chapter, own: frozenset[str], say: Say, reason: Say) -> dict[str, Any]:
    person = chapter.seat.person if chapter.seat is not None else None
    return {
        "membership": _part(say("membership"), None if chapter.seat is None else _seat(chapter.seat)),
        "ledger": _part(say("ledger"), [_fact(entry, person, own, reason) for entry in chapter.facts]),
        "caused": _part(say("caused"), chapter.caused),
        "days": _part(say("days"), [_day(day) for day in chapter.days]),
        "records": _part(say("records"), veiled(chapter.records, own)),
        "shared_records": _part(say("shared_records"), veiled(chapter.shared, own, NAMES)),
        "reminders": _part(
            say("reminders"),
            [
                {
                    "by": row.workflow,
                    "key": veiled(row.key, own),
                    "at": jsonable(row.at),
                    "data": veiled(jsonable(row.data), own),
                }
                for row in chapter.timers
            ],
        ),
        "tasks": _part(
            say("tasks"),
            [
                {"kind": row.kind, "at": jsonable(row.at), "data": veiled(jsonable(row.data), own)}
                for row in chapter.tasks
            ],
        ),
        "decisions": _part(say("decisions"), [_note(row, own, reason) for row in chapter.audit]),
        "said": _part(
            say("said"),
            [{"at": jsonable(told.at), "words": plain(told.words), "state": told.state} for told in chapter.said],
        ),
    }


def _seat(seat: Seat) -> dict[str, Any]:
    return {
        "seen": jsonable(seat.seen),
        "joined": jsonable(seat.joined),
        "first_joined": jsonable(seat.first_joined),
        "left": jsonable(seat.left),
        "invited": seat.inviter is not None,
        "tags": sorted(seat.tags),
    }


def _fact(entry: Entry, person: int | None, own: frozenset[str], reason: Say) -> dict[str, Any]:
    told = {name: jsonable(value) for name, value in entry._asdict().items() if name not in ("person", "by")}
    by = "nobody" if entry.by is None else "yourself" if entry.by == person else "somebody"
    return {**veiled(told, own), "reason": reason(entry.reason), "by": by}


def _day(day: Day) -> dict[str, Any]:
    return {name: jsonable(value) for name, value in day._asdict().items() if value}


def _note(row: AuditRow, own: frozenset[str], reason: Say) -> dict[str, Any]:
    return {
        "at": jsonable(row.at),
        "by": row.workflow,
        "rule": row.rule,
        "mode": row.mode,
        "done": veiled(row.then, own),
        "because": [reason(why) for why in row.because],
    }


def _reason(stored: str, own: frozenset[str], language: str) -> str:
    """A reason in the reader's language, without who acted."""
    return in_language(veiled(without(stored, "by", SOMEBODY), own), language)
