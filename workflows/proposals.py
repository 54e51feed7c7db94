"""Asking the admins first: a proposal is a line with a yes and a no, and nothing happens without a yes.

A proposal about a member stays open until an admin answers, for two weeks at most. The same thing is not asked twice
while it is open. Whoever presses must be one who may command the same; the first answer counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, Put
from core.effects import (
    Approve,
    Ban,
    Choice,
    Decline,
    Effect,
    Heard,
    Mute,
    Remove,
    TellAdmins,
    Unban,
    Unmute,
    Words,
    plain,
)
from core.events import ButtonPressed, Event
from core.people import Account, Member
from core.quick import maker
from core.state import Key, Slot
from core.workflow import View
from workflows import acts, bans, mutes, other_accounts, rights
from workflows.facts import shown_name
from workflows.options import span_text
from workflows.steering_commands import BOOK

_mute: Final = maker(Mute)

PROPOSABLE: Final = frozenset(("mute", "unmute", "remove", "ban", "unban", "approve", "decline"))
AGREED: Final = "an admin said yes"
OPEN_FOR: Final = timedelta(days=14)
_PRESSED: Final = "propose:"


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is open about one member: id -> "verb|seconds|rule|when asked", seconds and when as whole numbers."""

    open: dict[str, str] = field(default_factory=dict)


PROPOSALS = Slot("rules.proposals", Proposals)


def reads(member: Account) -> Key[Any]:
    """The state that `ask` and `answer` will look at."""
    return PROPOSALS.of(member)


def effect(verb: str, member: Account, span: timedelta | None, heard: Heard = "") -> Effect:
    """What carries out a verb against or for a member. `heard`: who reads that it is done as an admin wants."""
    match verb:
        case "mute":
            return _mute(member=member, span=span, heard=heard)
        case "unmute":
            return Unmute(member=member, heard=heard)
        case "remove":
            return Remove(member=member, heard=heard)
        case "ban":
            return Ban(member=member, span=span, heard=heard)
        case "unban":
            return Unban(member=member, heard=heard)
        case "approve":
            return Approve(member=member)
        case _:
            return Decline(member=member)


def told(verb: str, span: timedelta | None) -> str:
    """The verb in a few words: "mute 1h"."""
    return f"{verb} {span_text(span)}" if span is not None else verb


def ask(
    event: Event, view: View, member: Member, *, verb: str, span: timedelta | None, rule: str, words: Words
) -> tuple[Put, TellAdmins] | None:
    """The question to the admins and what is remembered of it; None if the same is open already."""
    record = view.get(reads(member.account)) or Proposals()
    still = {key: kept for key, kept in record.open.items() if not _stale(kept, event.at)}
    seconds = "" if span is None else str(int(span.total_seconds()))
    if any(kept.split("|")[:3] == [verb, seconds, rule] for kept in still.values()):
        return None
    key = blake2s(f"{event.id}|{rule}|{verb}|{seconds}".encode(), digest_size=5).hexdigest()
    kept = f"{verb}|{seconds}|{rule}|{int(event.at.timestamp())}"
    language = view.group.languages[0]
    yes, no = (
        Choice(
            label=plain(view.group.texts.say(f"rules.{answer}", language, {})),
            data=f"{_PRESSED}{answer}:{key}:{member.account}",
        )
        for answer in ("yes", "no")
    )
    return (
        Put(reads(member.account), Proposals({**still, key: kept})),
        TellAdmins(words=words, evidence=getattr(event, "message", None), about=member.account, choices=(yes, no)),
    )


def pressed(event: ButtonPressed) -> tuple[str, str, Account] | None:
    """The answer ("yes" or "no"), the proposal's id and the member, if this press is about a proposal."""
    if not event.data.startswith(_PRESSED):
        return None
    answer, _, rest = event.data.removeprefix(_PRESSED).partition(":")
    key, _, account = rest.partition(":")
    return (answer, key, Account(account)) if answer in ("yes", "no") and key and account else None


def answer_reads(event: ButtonPressed) -> tuple[Key[Any], ...]:
    """The state that `answer` will look at."""
    found = pressed(event)
    if found is None:
        return ()
    account = found[2]
    return (
        reads(account),
        state.member(account),
        *other_accounts.looks(account),
        mutes.MUTED.of(account),
        bans.BANNED.of(account),
        state.bonds(event.actor.account),
    )


def answer(event: ButtonPressed, view: View) -> Decision:
    """Carry out or drop what was proposed."""
    found = pressed(event)
    if found is None:
        return NOTHING
    said, key, account = found
    record = view.get(reads(account)) or Proposals()
    kept = record.open.get(key)
    if kept is None or _stale(kept, event.at):
        return NOTHING
    verb, seconds, rule = kept.split("|")[:3]
    command = BOOK.named(_COMMANDS.get(verb, verb))
    assert command is not None
    if (no := rights.press_refused(command, event, view, rule=rule, about=account)) is not None:
        return no
    if account in other_accounts.accounts(event.actor.account, view):
        oneself = rights.Refused("oneself is meant", "oneself")
        return rights.unheeded(command, oneself, event, view, rule=rule, about=account)
    span = timedelta(seconds=int(seconds)) if seconds else None
    left = {k: v for k, v in record.open.items() if k != key}
    put = Put(reads(account), Proposals(left) if left else None)
    target = view.get(state.member(account))
    effects: tuple[Effect, ...] = ()
    then = f"not {told(verb, span)}"
    if said == "no":
        because = "an admin said no"
    elif target is not None and target.staff:
        because = "an admin said yes, but the member is staff now"
    else:
        because, effects, then = AGREED, (effect(verb, account, span, "admins"),), told(verb, span)
    name = shown_name(target) if target else account
    values: Mapping[str, object] = {"sanction": {"what": done(view, verb, span), "name": name, "rule": rule}}
    agreed = "rules.agreed_by_hand" if bans.by_words_alone(account, view.group) else "rules.agreed"
    report = view.group.texts.say(agreed if effects else "rules.refused", view.group.languages[0], values)
    reached = other_accounts.told(account, name, view) if effects and verb in other_accounts.SANCTIONS else ()
    remembered = mutes.kept_of_one(verb, account, span, event.at, rule, view) if effects else ()
    undo = acts.button(view.group, event.id, rule, account) if effects and verb in ("mute", "ban") else ()
    return Decision(
        changes=(put, *remembered),
        effects=(*effects, TellAdmins(words=report, about=account, choices=undo), *reached),
        because=(because,),
        rule=rule,
        about=account,
        then=(then,),
        workflow="" if effects else acts.STEERING,
    )


_COMMANDS: Final = {"remove": "kick", "decline": "approve"}
"""The command whose right it takes to say yes or no to a verb, where it has another name."""


def done(view: View, verb: str, span: timedelta | None, language: str | None = None) -> str:
    """The sanction in people's words: "muted for 1h"."""
    return _worded(f"rules.{verb}", view, verb, span, language)


def asked(view: View, verb: str, span: timedelta | None, language: str | None = None) -> str:
    """The same where it is asked for and not carried out: "please do not write for 1h"."""
    return _worded(f"rules.asked_{verb}", view, verb, span, language)


def _worded(key: str, view: View, verb: str, span: timedelta | None, language: str | None) -> str:
    name = key if span is not None or verb not in ("mute", "ban") else f"{key}_open"
    values = {"sanction": {"span": span}}
    return plain(view.group.texts.say(name, language or view.group.languages[0], values))


def _stale(kept: str, at: datetime) -> bool:
    return at - datetime.fromtimestamp(int(kept.rsplit("|", 1)[1]), UTC) > OPEN_FOR
