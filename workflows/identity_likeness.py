"""Accounts and chats that look like known ones: the admins are asked, with the evidence, and nothing is done unasked.

A likeness stays open until an admin answers, for two weeks at most. The same one is not asked twice while it is open,
and not again after a no. The first answer counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Bind, Change, Decision, Put
from core.effects import Choice, TellAdmins, Words, plain
from core.events import AccountLookedAlike, ButtonPressed, ChatLookedAlike, Event, GroupMoved, MemberRenamed
from core.people import Account, Actor
from core.state import POINTS, Key, Slot
from core.workflow import View
from workflows import acts, deed_words, platform_names, rights
from workflows.check_in_hold import longest
from workflows.facts import STREAKS, TIER, shown_name
from workflows.identity_commands import SEPARATE
from workflows.plain_text import LONGEST_NAME, one_line

OPEN_FOR: Final = timedelta(days=14)
PRESSED: Final = "like:"
_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A question to the admins. `old` and `new` are addresses of chats on `platform`, or accounts where that is empty;
    `name` is what both are called."""

    at: datetime
    old: str
    new: str
    platform: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Likenesses:
    """What the admins are asked, by id; and the pairs ("old|new") that they said no to, newest last."""

    open: dict[str, Likeness] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


LIKENESSES: Final = Slot("identity.likenesses", Likenesses)


def reads(event: AccountLookedAlike | ChatLookedAlike | ButtonPressed) -> tuple[Key[Any], ...]:
    """The state that is looked at."""
    if isinstance(event, AccountLookedAlike):
        known = event.known
        evidence = (state.member(known), state.balance(POINTS, known), STREAKS.of(known), TIER.of(known))
        return (LIKENESSES.of_group(), *evidence)
    return (LIKENESSES.of_group(),)


def chat(event: ChatLookedAlike, view: View) -> Decision:
    """Ask whether the new chat is the group's."""
    found = Likeness(at=event.at, platform=event.platform, old=event.old, new=event.new, name=event.topic)
    evidence = _say(
        view,
        "chat_alike",
        group=view.group.key,
        topic=one_line(event.topic, LONGEST_NAME),
        platform=platform_names.called(event.platform, view.group.languages[0]),
        people=event.people,
        shared=event.shared,
    )
    return _asked(event, view, found, evidence, f"a chat at {event.new} has the name of the group's")


def account(event: AccountLookedAlike, view: View) -> Decision:
    """Ask whether the new account is somebody we know; who is known for nothing needs no asking."""
    known = view.get(state.member(event.known))
    new = event.actor.account
    if known is None or known.person == view.person():
        return NOTHING
    found = Likeness(at=event.at, old=event.known, new=new, name=known.name)
    streaks, tier = view.get(STREAKS.of(event.known)), view.get(TIER.of(event.known))
    values = {
        "name": one_line(event.actor.name, LONGEST_NAME) or new,
        "known": shown_name(known),
        "since": f"{view.group.local(known.joined or known.seen):%Y-%m-%d}",
        "points": view.get(state.balance(POINTS, event.known)),
        "streak": longest(view.group, streaks, event.at) if streaks is not None else 0,
        "tier": deed_words.tier((tier.tier if tier is not None else None) or "none", view.group),
    }
    evidence = _say(view, "account_alike", **values)
    if event.alias:
        evidence += _say(view, "same_alias", alias=one_line(event.alias, LONGEST_NAME))
    if event.gone is not None:
        evidence += _say(view, "gone_since", at=view.group.moment(event.gone, event.at))
    evidence += _say(view, "same_person")
    return _asked(event, view, found, evidence, f"{new} has the name of {event.known}, who is gone")


def _asked(
    event: AccountLookedAlike | ChatLookedAlike, view: View, found: Likeness, evidence: Words, because: str
) -> Decision:
    kept = view.get(LIKENESSES.of_group()) or Likenesses()
    still = {id_: one for id_, one in kept.open.items() if event.at - one.at <= OPEN_FOR}
    pair = f"{found.old}|{found.new}"
    if pair in kept.refused or any((one.old, one.new) == (found.old, found.new) for one in still.values()):
        return NOTHING
    id_ = acts.token(event.id, pair)
    choices = tuple(
        Choice(label=plain(_say(view, answer)), data=f"{PRESSED}{answer}:{id_}") for answer in ("yes", "no")
    )
    about = event.known if isinstance(event, AccountLookedAlike) else None
    asking = dict(list({**still, id_: found}.items())[-_MOST:])
    return Decision(
        changes=(Put(LIKENESSES.of_group(), replace(kept, open=asking)),),
        effects=(TellAdmins(words=evidence, about=about, choices=choices),),
        because=(because, "the admins are asked"),
        rule="likeness",
        about=about,
        then=("propose",),
    )


def answered(event: ButtonPressed, view: View) -> Decision:
    """What an admin said."""
    said, _, id_ = event.data.removeprefix(PRESSED).partition(":")
    kept = view.get(LIKENESSES.of_group()) or Likenesses()
    found = kept.open.get(id_)
    if found is None or event.at - found.at > OPEN_FOR or said not in ("yes", "no"):
        return NOTHING
    if (no := rights.press_refused(SEPARATE, event, view, rule="likeness")) is not None:
        return no
    left = {other: one for other, one in kept.open.items() if other != id_}
    name = one_line(found.name, LONGEST_NAME)
    by = shown_name(event.actor)
    if said == "no":
        refused = (*kept.refused, f"{found.old}|{found.new}")[-_MOST:]
        return Decision(
            changes=(Put(LIKENESSES.of_group(), Likenesses(left, refused)),),
            effects=(TellAdmins(words=_say(view, "kept_apart", name=name, by=by)),),
            because=("an admin said no",),
            rule="likeness",
            then=("apart",),
        )
    changes: tuple[Change, ...] = (Put(LIKENESSES.of_group(), replace(kept, open=left)),)
    values = {"group": view.group.key, "name": name, "by": by}
    same: Event
    if found.platform:
        words = _say(view, "chat_moved", **values)
        same = GroupMoved(
            id=event.id, at=event.at, group=event.group, platform=found.platform, old=found.old, new=found.new
        )
    else:
        words = _say(view, "account_bound", **values)
        was, now = Account(found.old), Account(found.new)
        changes += (Bind(one=was, other=now, gone=True),)
        same = MemberRenamed(
            id=event.id, at=event.at, group=event.group, actor=Actor(account=now, name=found.name), was=was
        )
    return Decision(
        changes=changes,
        effects=(TellAdmins(words=words),),
        follows=(same,),
        because=("an admin said yes",),
        rule="likeness",
        about=None if found.platform else Account(found.old),
        then=("rebind",),
    )


def _say(view: View, key: str, **values: object) -> Words:
    """To the admins, in the group's first language."""
    return view.group.texts.say(f"identity.{key}", view.group.languages[0], {"identity": values})
