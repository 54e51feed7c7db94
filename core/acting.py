"""What a decision does to members by itself, told to whoever keeps account of it (`/why`, `/undo`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, get_args

from core import telling
from core.decision import Decision, Post
from core.effects import Ban, Decline, Delete, Effect, Mute, Remove, TellAdmins, Unban, Unmute
from core.events import ButtonPressed, Event
from core.follow_ups import Acted
from core.people import Account, Actor
from core.quick import maker
from core.state import WARNING

_acted: Final = maker(Acted)

_OnMember = Mute | Unmute | Remove | Ban | Unban | Decline
_ON_MEMBERS = frozenset(get_args(_OnMember))
_DEEDS = _ON_MEMBERS | {Delete}


def done_to_members(effects: Sequence[Effect]) -> bool:
    """Whether any of the effects is something that is done to a member: mostly none is."""
    return not _DEEDS.isdisjoint(map(type, effects))


def acted(event: Event, workflow: str, decision: Decision, actor: Callable[[Event, Account], Actor]) -> Sequence[Acted]:
    """One for each member that something was done to; `actor` finds them by what the event knows.

    Somebody held silently (a newcomer who has not answered yet) is not told: it is no sanction.
    """
    did: dict[Account, list[str]] = {}
    warnings: list[str] = []
    for change in decision.changes:
        if type(change) is Post and change.kind == WARNING and change.amount > 0:
            did.setdefault(change.member, []).append("warn")
            warnings.append(change.key)
    for effect in decision.effects:
        kind = type(effect)
        if kind is Delete:
            about = decision.about or getattr(getattr(event, "actor", None), "account", None)
            if about is not None:
                did.setdefault(about, []).append("delete")
        elif kind in _ON_MEMBERS:
            assert isinstance(effect, _OnMember)
            if isinstance(effect, Mute) and effect.silently:
                continue
            span = getattr(effect, "span", None)
            verb = kind.__name__.lower()
            did.setdefault(effect.member, []).append(f"{verb} {telling.span(span)}" if span is not None else verb)
    if not did or all(deed == ["unmute"] for deed in did.values()):
        return ()
    told = any(isinstance(effect, TellAdmins) for effect in decision.effects)
    by = event.actor if isinstance(event, ButtonPressed) else None
    return [
        _acted(
            id=event.id,
            at=event.at,
            group=event.group,
            actor=actor(event, account),
            workflow=workflow,
            rule=decision.rule,
            cause=event.id,
            did=tuple(deeds),
            because=decision.because,
            warnings=tuple(warnings),
            message=getattr(event, "message", ""),
            by=by if by is not None and by.account != account else None,
            told=told,
        )
        for account, deeds in did.items()
    ]
