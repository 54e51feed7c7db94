"""Bans that outlast being forgotten: whose account was banned before is taken out again when they join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.decision import Decision, Put
from core.effects import Ban, TellAdmins
from core.events import MemberJoined
from core.state import Slot
from core.workflow import View
from workflows import acts
from workflows.facts import shown_name

BACK: Final = "banned_back"


@dataclass(frozen=True, slots=True)
class Banned:
    """A ban of an account that was forgotten since: until when, None for good."""

    until: datetime | None = None


BANNED: Final = Slot("rules.banned", Banned)


def back(event: MemberJoined, view: View) -> Iterator[Decision]:
    """Somebody joins who is still banned. Whom an admin brings in is let in again, by that."""
    account = event.actor.account
    record = view.get(BANNED.of(account))
    if record is None:
        return
    over = record.until is not None and record.until <= event.at
    if over or event.added_by_admin:
        because = "the ban is over" if over else "an admin brought back somebody banned"
        yield Decision(changes=(Put(BANNED.of(account), None),), because=(because,), rule=BACK)
        return
    rest = record.until - event.at if record.until is not None else None
    group = view.group
    words = group.texts.say("rules.banned_back", group.languages[0], {"sanction": {"name": shown_name(view.actor())}})
    buttons = acts.button(group, event.id, BACK, account)
    yield Decision(
        effects=(Ban(member=account, span=rest), TellAdmins(words=words, about=account, choices=buttons)),
        because=("banned before being forgotten, and still is",),
        rule=BACK,
        about=account,
    )
