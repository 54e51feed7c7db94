"""What was done about a member lately, by itself or by an admin, and how each can be taken back.

The last ten acts of each member are kept, and besides them those that were appealed against lately: `/why` tells them
and `/undo` turns them round. An act's id is worked out from the event and the rule, so that whoever makes the line
about it can put a button there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2s
from typing import Any, Final

from core.effects import Choice, plain
from core.events import NO_DATA, Event, Instructed
from core.follow_ups import Acted
from core.happening import Happening
from core.people import Account, Actor, platform_of
from core.quick import maker, quick
from core.state import Slot
from core.workflow import Group, Phrasebook
from workflows.facts import shown_name
from workflows.options import span

KEPT: Final = 10
PRESSED: Final = "undo:"
STEERING: Final = "steering"
"""The name of the workflow that answers the button."""
_written: Final = json.JSONEncoder(ensure_ascii=False).encode
_text: Final = json.encoder.encode_basestring
_AS_JSON: Final[Mapping[type, Callable[[Any], str]]] = {str: _text, int: str}
"""Short ways to what `_written` says."""
_choice: Final = maker(Choice)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """An order that takes something back."""

    workflow: str
    verb: str
    arguments: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def read(cls, written: str) -> Back:
        """As `way_back` wrote it."""
        workflow, verb, arguments = json.loads(written)
        return cls(workflow=workflow, verb=verb, arguments=arguments)


def way_back(workflow: str, verb: str, arguments: Mapping[str, object] = NO_DATA) -> str:
    """An order that takes something back, as a record keeps it: a list in JSON."""
    told = [f"{_text(key)}: {_AS_JSON.get(type(value), _written)(value)}" for key, value in arguments.items()]
    return f"[{_text(workflow)}, {_text(verb)}, {{{', '.join(told)}}}]"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that was done. `commands` are the commands whose right it takes to undo it, `back` the orders for that,
    `stuck` what of it cannot be undone. `by` is an admin's name and `giver` their account, `undone` the name of who
    took it back. `message` is the message that it was about. `appealed`: it stays while the words of an appeal against
    it do. `where` is the platform of the account that it was done to, empty where that was not written down."""

    at: datetime
    did: tuple[str, ...]
    rule: str = ""
    because: tuple[str, ...] = ()
    by: str = ""
    commands: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    undone: str = ""
    giver: str = ""
    message: str = ""
    appealed: bool = False
    where: str = ""


_act: Final = maker(Act)


@quick
@dataclass(frozen=True, slots=True)
class Acts:
    """The last acts about one member, by id, oldest first."""

    last: dict[str, Act] = field(default_factory=dict)

    def with_one(self, id_: str, act: Act) -> Acts:
        """With one more, or one that changed."""
        last = {**self.last, id_: act}
        return _acts(last if len(last) <= KEPT else _newest(last.items()))

    def newest(self) -> str | None:
        """The id of the last act that was not undone."""
        return next((id_ for id_, act in reversed(self.last.items()) if not act.undone), None)


_acts: Final = maker(Acts)
NONE: Final = Acts()
"""Of whom nothing was done lately."""


def together(several: Iterable[Acts]) -> Acts:
    """The last acts of several records, oldest first."""
    every = [one for acts in several for one in acts.last.items()]
    return _acts(_newest(sorted(every, key=lambda one: one[1].at)))


def _newest(every: Iterable[tuple[str, Act]]) -> dict[str, Act]:
    """The last of some acts; what was appealed against stays beside them."""
    known = dict(every)
    kept = frozenset([id_ for id_, act in known.items() if not act.appealed][-KEPT:])
    return {id_: act for id_, act in known.items() if act.appealed or id_ in kept}


ACTS: Final = Slot("steering.acts", Acts)


def token(cause: str, rule: str) -> str:
    """The id of an act: what it was decided about, and by which rule."""
    return blake2s(f"{cause}|{rule}".encode(errors="replace"), digest_size=5).hexdigest()


def button(group: Group, cause: str, rule: str, member: Account, language: str | None = None) -> tuple[Choice, ...]:
    """The button that undoes an act; none where nobody would answer it."""
    return undoing(group, token(cause, rule), member, language or group.languages[0])


def undoing(group: Group, id_: str, member: Account, language: str) -> tuple[Choice, ...]:
    """The button that undoes the act of an id; none where nobody would answer it."""
    if STEERING not in group.bound:
        return ()
    label = _undo(group.texts, language)  # type: ignore[arg-type]
    return (_choice(label=label, data=f"{PRESSED}{id_}:{member}"),)


@lru_cache(maxsize=64)
def _undo(texts: Phrasebook, language: str) -> str:
    return plain(texts.say("commands.undo", language, {}))


def pressed(data: str) -> tuple[str, Account] | None:
    """The act and the member that such a button is about."""
    if not data.startswith(PRESSED):
        return None
    id_, _, account = data.removeprefix(PRESSED).partition(":")
    return (id_, Account(account)) if id_ and account else None


def holding(verb: str, account: Account, held: Acts, at: datetime) -> str | None:
    """The act by which an account is muted or banned now; None if it is not among the last ones of the member."""
    stand = ((id_, act) for id_, act in held.last.items() if not act.undone and act.where in ("", platform_of(account)))
    given = (id_ for id_, act in stand if verb in (did.split(" ")[0] for did in act.did))
    return next((id_ for id_ in given if lasts(id_, verb, held, at)), None)


def lasts(id_: str, verb: str, held: Acts, at: datetime) -> bool:
    """Whether a mute or a ban of an act, or the lifting of one, still is how things are: it is not over, and nothing
    that was done to the same account later took its place."""
    act = held.last[id_]
    end = ends(act, verb)
    if end is not None and end <= at:
        return False
    ids = list(held.last)
    later = (held.last[one] for one in ids[ids.index(id_) + 1 :])
    return not any(_replaces(one, verb) and _to_one_account(one, act) for one in later)


def stood_before(verb: str, id_: str, held: Acts, at: datetime) -> Act | None:
    """The mute or the ban (`verb`) whose place an act took, and which is not over: it stands again once that one is
    undone."""
    act, ids = held.last[id_], list(held.last)
    earlier = (held.last[one] for one in reversed(ids[: ids.index(id_)]))
    before = next(
        (one for one in earlier if not one.undone and _replaces(one, verb) and _to_one_account(one, act)), None
    )
    if before is None or verb not in {did.partition(" ")[0] for did in before.did}:
        return None
    end = ends(before, verb)
    return before if end is None or end > at else None


def _to_one_account(one: Act, other: Act) -> bool:
    """Whether both were done to the same account, as far as was written down: nobody has two on one platform."""
    return not (one.where and other.where) or one.where == other.where


def also_on(where: str, account: str) -> str:
    """The platforms that something lasts on, once it is carried out on an account as well; empty is any."""
    known = where.split()
    return where if not known or platform_of(account) in known else " ".join((*known, platform_of(account)))


def ends(act: Act, verb: str) -> datetime | None:
    """When a mute or a ban of an act is over by itself; None if never."""
    timed = (did.partition(" ")[2] for did in act.did if did.startswith(f"{verb} "))
    return next((act.at + span(length) for length in timed), None)


def _replaces(later: Act, verb: str) -> bool:
    """Whether an act decides anew what a verb decided. What lifted something and was undone changed nothing, nor does a
    mute or a ban that was undone to what stood before it."""
    verbs = {did.partition(" ")[0] for did in later.did}
    if later.undone:
        verbs -= _LIFTING | (_LASTING if verb in _LASTING else set())
    return not _DECIDE_ANEW[verb].isdisjoint(verbs)


_LIFTING: Final = frozenset(("unmute", "unban"))
_LASTING: Final = frozenset(("mute", "ban"))
_OF_MUTES: Final = frozenset(("mute", "unmute", "ban"))
_OF_BANS: Final = frozenset(("ban", "unban"))
_DECIDE_ANEW: Final = {"mute": _OF_MUTES, "unmute": _OF_MUTES, "ban": _OF_BANS, "unban": _OF_BANS}


def act_of(event: Acted) -> Act:
    """What was done by itself, as it is kept."""
    back: list[str] = []
    commands: list[str] = []
    stuck: list[str] = []
    for did in event.did:
        verb, _, length = did.partition(" ")
        commands.append(_COMMANDS.get(verb, "mute"))
        if verb == "mute":
            back.append(way_back("rules", "unmute"))
        elif verb == "unmute":
            back.append(way_back("rules", "mute", {"for": length} if length else {}))
        elif verb == "ban":
            back.append(way_back("rules", "unban"))
        elif verb == "warn":
            back += [way_back("rules", "forgive", {"key": key}) for key in event.warnings]
        else:
            stuck.append(verb)
    return _act(
        at=event.at,
        did=event.did,
        rule=event.rule,
        because=event.because,
        by=shown_name(event.by) if event.by is not None else "",
        commands=tuple(dict.fromkeys(commands)),
        back=tuple(back),
        stuck=tuple(stuck),
        giver=event.by.account if event.by is not None else "",
        message=event.message,
        where=platform_of(event.actor.account),
    )


_COMMANDS: Final = {"warn": "warn", "mute": "mute", "ban": "ban", "remove": "kick", "unban": "unban", "delete": "warn"}


def orders(
    ways: Iterable[Back],
    event: Event,
    actor: Actor,
    member: Actor,
    reason: str,
    arguments: Mapping[str, object] = NO_DATA,
) -> tuple[Instructed, ...]:
    """The orders that take something back; `arguments` go with each beside its own."""
    assert isinstance(event, Happening)
    return tuple(
        Instructed(
            id=event.id,
            at=event.at,
            group=event.group,
            actor=actor,
            workflow=back.workflow,
            verb=back.verb,
            target=member,
            arguments={**back.arguments, **arguments},
            reason=reason,
        )
        for back in ways
    )


def undone(act: Act, by: str) -> Act:
    """The act, taken back."""
    return replace(act, undone=by or "-")
