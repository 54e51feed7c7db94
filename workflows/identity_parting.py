"""An admin parts a member's accounts: one who had both in hand, or a likeness that was none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core import state
from core.decision import NOTHING, Decision, Part, Put
from core.effects import Effect, Say, TellAdmins, Words
from core.events import Instructed, MessagePosted
from core.people import Actor, platform_of
from core.state import Key
from core.workflow import View
from workflows import platform_names, rights
from workflows.commands import Call, Place, place
from workflows.identity_commands import SEPARATE
from workflows.identity_links import IDENTITY, name_of, parting, sides
from workflows.identity_offers import OFFERS, Offers
from workflows.plain_text import LONGEST_VALUE, one_line


def commanded(call: Call, event: MessagePosted, view: View) -> Decision:
    """Judged where it was written; carried out once it is found out who is meant."""
    no = rights.refused(call, event, view)
    if no is not None:
        return no
    member = call.target(view)
    if member is None:
        return NOTHING
    told = {"place": place(event).value, "message": event.message, "topic": event.topic or ""}
    order = Instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=event.actor,
        workflow=IDENTITY,
        verb=SEPARATE.name,
        target=Actor(account=member.account, name=member.name, kind=member.kind),
        arguments={key: value for key, value in told.items() if value},
        reason=one_line(call.rest, LONGEST_VALUE),
    )
    return Decision(follows=(order,), because=("commanded /separate",), rule=SEPARATE.name)


def reads(event: Instructed) -> Iterator[Key[Any]]:
    """The state that `ordered` looks at."""
    if event.target is not None:
        yield state.member(event.target.account)
        yield state.bonds(event.target.account)
        yield OFFERS.of_house()


def ordered(event: Instructed, view: View) -> Decision:
    """Undo the newest bond; the admin and the member hear of it."""
    if event.target is None:
        return NOTHING
    who = event.target.account
    member, bonds = view.get(state.member(who)), view.get(state.bonds(who))
    shown = name_of(member, who)
    if not bonds:
        words = _say(view, "nothing_to_separate", name=shown)
        return Decision(
            effects=(_answer(event, words),), because=("there is nothing to part",), rule=SEPARATE.name, about=who
        )
    bond = bonds[-1]
    one, other = (platform_names.called(platform_of(each), view.language()) for each in (bond.one, bond.other))
    words = _say(view, "separated", name=shown, one=one, other=other)
    offers = view.get(OFFERS.of_house()) or Offers()
    sided, opposite = sides(bond, bonds)
    told = [(sided, opposite), (opposite, sided)] if bond.gone is None else []
    return Decision(
        changes=(Part(bond=bond), Put(OFFERS.of_house(), offers.parted(bond.one, bond.other))),
        effects=(_answer(event, words),),
        follows=tuple(parting(event, offers, told)),
        because=(f"an admin parted {bond.one} and {bond.other}", *((event.reason,) if event.reason else ())),
        rule=SEPARATE.name,
        about=who,
        then=("part",),
    )


def _answer(event: Instructed, words: Words) -> Effect:
    if event.arguments.get("place") != Place.GROUP.value:
        return TellAdmins(words=words)
    message, topic = event.arguments.get("message"), event.arguments.get("topic")
    return Say(
        words=words,
        reply_to=str(message) if message else None,
        topic=str(topic) if topic else None,
        urgency="now",
        quiet=True,
    )


def _say(view: View, key: str, **values: object) -> Words:
    return view.group.texts.say(f"identity.{key}", view.language(), {"identity": values})
