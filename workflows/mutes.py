"""Mutes that last: leaving and joining again does not end one, and the admins hear of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from core import state
from core.decision import Decision, Put
from core.effects import Mute, TellAdmins
from core.events import MemberJoined
from core.people import Account, platform_of
from core.quick import maker, quick
from core.state import Key, Slot
from core.workflow import Group, View
from workflows import acts, bans, other_accounts
from workflows.facts import shown_name
from workflows.options import rough_span_text


@quick
@dataclass(frozen=True, slots=True)
class Muted:
    """A mute of one member: until when (seconds since 1970; 0 is until somebody lifts it), by which rule, and on
    which platforms, empty where that was not written down."""

    until: int
    rule: str = ""
    where: str = ""


_put: Final = maker(Put)
_muted: Final = maker(Muted)
MUTED: Final = Slot("rules.muted", Muted)
AGAIN: Final = "joined again while muted"
"""Why a mute is put back; how much of it was left may follow."""


def kept(verb: str, member: Account, span: timedelta | None, at: datetime, rule: str, group: Group) -> tuple[Put, ...]:
    """What to remember when a verb is carried out: a mute stays in mind until it is lifted or a ban takes its place, a
    ban where the group needs that (see `bans`) until it is lifted."""
    match verb:
        case "mute":
            until = int((at + span).timestamp()) if span is not None else 0
            return (_put(MUTED.of(member), _muted(until, rule, platform_of(member))),)
        case "unmute":
            return (Put(MUTED.of(member), None),)
        case "ban":
            return (Put(MUTED.of(member), None), *bans.kept(member, span, at, group))
        case "unban":
            return (Put(bans.BANNED.of(member), None),)
        case _:
            return ()


def kept_of_one(
    verb: str, member: Account, span: timedelta | None, at: datetime, rule: str, view: View
) -> tuple[Put, ...]:
    """As `kept`, for who declared `looks`: what lasts on another account of the same person is not dropped."""
    puts = kept(verb, member, span, at, rule, view.group)
    if verb not in _LIFTING:
        return puts
    return tuple([put for put in puts if put.value is not None or not _of_another(view.get(put.key), member, view)])


def looks(verb: str, member: Account) -> tuple[Key[Any], ...]:
    """The state that `kept_of_one` looks at."""
    slot = _LIFTING.get(verb)
    return (slot.of(member), state.bonds(member)) if slot is not None else ()


_LIFTING: Final[Mapping[str, Slot[Any]]] = {"unmute": MUTED, "ban": MUTED, "unban": bans.BANNED}
"""What ends something that lasts, and where that is kept."""


def of_account(account: Account, view: View) -> Muted | None:
    """The mute of an account that is kept, None where none is; `MUTED` and `state.bonds` of it were declared."""
    record = view.get(MUTED.of(account))
    return None if _of_another(record, account, view) else record


def _of_another(record: Muted | bans.Banned | None, account: Account, view: View) -> bool:
    """Whether something is kept, and of other accounts of the same person alone."""
    return record is not None and other_accounts.alone(record.where, account, view)


def carried_out_again(because: tuple[str, ...]) -> str | None:
    """What reasons tell was carried out again as somebody joined, a mute or a ban; None for all other reasons."""
    why = because[0] if because else ""
    if why in (bans.AGAIN, bans.FORGOTTEN):
        return "ban"
    return "mute" if why.startswith(AGAIN) else None


def back(event: MemberJoined, view: View) -> Iterator[Decision]:
    """Somebody who is still muted joins again: the rest of the mute is put back."""
    account = event.actor.account
    record = view.get(MUTED.of(account))
    if record is None:
        return
    rest = datetime.fromtimestamp(record.until, UTC) - event.at if record.until else None
    if rest is not None and rest <= timedelta():
        yield Decision(changes=(Put(MUTED.of(account), None),))
        return
    rest = timedelta(seconds=int(rest.total_seconds())) if rest is not None else None
    told = rough_span_text(rest) if rest is not None else ""
    group = view.group
    values = {"sanction": {"name": shown_name(view.actor()), "rule": record.rule}}
    where = acts.also_on(record.where, account)
    yield Decision(
        changes=(Put(MUTED.of(account), replace(record, where=where)),) if where != record.where else (),
        effects=(
            Mute(member=account, span=rest, heard="report"),
            TellAdmins(words=group.texts.say("rules.rejoined", group.languages[0], values), about=account),
        ),
        because=(f"joined again while muted, {told} left" if told else AGAIN,),
        rule=record.rule,
        about=account,
        then=(f"mute {told}".strip(),),
    )
