"""Bans that the assistant keeps itself: whoever is still banned and joins is taken out again.

Of an account that was forgotten, and of every account where a platform of the group lets members bring back whom it
put out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from core.decision import Decision, Put
from core.effects import Ban, TellAdmins
from core.events import MemberJoined
from core.people import Account, platform_of
from core.state import Slot
from core.workflow import Group, View
from workflows import acts, other_accounts
from workflows.acts import ACTS, Acts
from workflows.facts import shown_name

BACK: Final = "banned_back"
AGAIN: Final = "joined again while banned"
FORGOTTEN: Final = "banned before being forgotten, and still is"


@dataclass(frozen=True, slots=True)
class Banned:
    """A ban: until when, None for good; and on which platforms, first the one that it was given on; empty
    of an account that was forgotten since."""

    until: datetime | None = None
    where: str = ""


BANNED: Final = Slot("rules.banned", Banned)


def kept(member: Account, span: timedelta | None, at: datetime, group: Group) -> tuple[Put, ...]:
    """What to remember of a ban, where a platform of the group keeps nobody out."""
    if not group.unbarred:
        return ()
    until = at + span if span is not None else None
    return (Put(BANNED.of(member), Banned(until, platform_of(member))),)


def of_account(account: Account, view: View) -> Banned | None:
    """The ban of an account that is kept, None where none is; `BANNED` and `state.bonds` of it were declared. Of
    somebody forgotten nobody knows on which platform it was."""
    record = view.get(BANNED.of(account))
    return record if record is not None and not other_accounts.alone(record.where, account, view) else None


def by_words_alone(member: Account, group: Group) -> bool:
    """Whether nobody is muted, kept out or let in where an account is, but by the assistant's words and by hand."""
    return bool(group.unbarred) and platform_of(member) in group.unbarred


def still_banned(event: MemberJoined, view: View) -> bool:
    """Whether who joins is still banned."""
    record = view.get(BANNED.of(event.actor.account))
    return record is not None and _lifted(record, event, view.group) is None


def back(event: MemberJoined, view: View) -> Iterator[Decision]:
    """Somebody joins who was banned: out again, unless that is over. Whom an admin brings in is let in, by that."""
    account = event.actor.account
    record = view.get(BANNED.of(account))
    if record is None:
        return
    lifted = _lifted(record, event, view.group)
    if lifted is not None:
        yield Decision(changes=(Put(BANNED.of(account), None),), because=(lifted,), rule=BACK)
        return
    rest = record.until - event.at if record.until is not None else None
    group = view.group
    words = group.texts.say("rules.banned_back", group.languages[0], {"sanction": {"name": shown_name(view.actor())}})
    given = acts.holding("ban", account, view.get(ACTS.of(account)) or Acts(), event.at) or acts.token(event.id, BACK)
    buttons = acts.undoing(group, given, account, group.languages[0])
    where = acts.also_on(record.where, account)
    yield Decision(
        changes=(Put(BANNED.of(account), replace(record, where=where)),) if where != record.where else (),
        effects=(
            Ban(member=account, span=rest, heard="report"),
            TellAdmins(words=words, about=account, choices=buttons),
        ),
        because=(AGAIN if record.where else FORGOTTEN,),
        rule=BACK,
        about=account,
    )


def _lifted(record: Banned, event: MemberJoined, group: Group) -> str | None:
    """Why a ban holds no more, None while it does."""
    if record.until is not None and record.until <= event.at:
        return "the ban is over"
    if event.added_by_admin:
        return "an admin brought back somebody banned"
    given = record.where.partition(" ")[0]
    if given == platform_of(event.actor.account) and given not in group.unbarred:
        # The platform keeps them out itself: they could not be here if nobody had let them.
        return "the ban was lifted by hand"
    return None
