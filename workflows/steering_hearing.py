"""What admins write: who may command it, where, about whom; and the order to the steering itself that it comes to."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from core.decision import NOTHING, Decision, Put
from core.effects import Choice, Edit
from core.events import ButtonPressed, Instructed, MessagePosted
from core.people import ANONYMOUS_ADMIN, Account, Actor, Member
from core.quick import maker
from core.state import Key
from core.workflow import View
from workflows import acts, rights, steering_looks
from workflows.command_aims import named_besides
from workflows.commands import GROUP, Call, Role, place
from workflows.length_behind import length_of
from workflows.lengths import Length
from workflows.options import span_text
from workflows.steering_commands import BOOK, TARGETS_UNSEEN
from workflows.steering_desk import CONFIRM_WITHIN, DESK, NOTHING_PENDING, Pending, instructed
from workflows.steering_options import Steering
from workflows.steering_voice import Voice

_actor: Final = maker(Actor)

CONFIRM: Final = "confirm:"
_MOST_PENDING: Final = 10
_TIMED: Final = frozenset(("mute", "ban", "pause"))
_AN_END: Final = re.compile(r"(?ai:for\s+(?!(?:ever|now|good)\b))|直?到")
"""How words begin that say until when. A pause keeps no reason, which they could belong to."""


def reads(event: MessagePosted) -> tuple[Key[Any], ...] | None:
    """The state that a command and its order look at; None for what is no command of ours."""
    call = BOOK.heard(event)
    if call is None:
        return None
    aimed, name, instead = call.aimed, call.command.name, call.instead
    if aimed is None:
        return steering_looks.looks(name, None, event)
    if call.by_name:
        return (*call.reads, DESK.of_group())
    keys = steering_looks.looks(name, aimed.account, event)
    if instead is None or instead.aimed is None:
        return keys
    return (*keys, *steering_looks.looks(name, instead.aimed.account, event))


def ordered(event: MessagePosted, options: Steering, view: View) -> tuple[Instructed, Member | None] | Decision:
    """The order that a message comes to, and whom it is about, as far as they are known here; or the answer to who may
    not give it, or must say first who they are."""
    call = BOOK.heard(event)
    if call is None:
        return NOTHING
    if call.instead is not None:
        call = call.settled(view, unseen=TARGETS_UNSEEN)
    command, actor = call.command, event.actor
    if command.verbs and not call.verb:
        return _formed(call, event, options, view)
    if actor.kind is ANONYMOUS_ADMIN and options.anonymous == "confirm" and place(event) is GROUP:
        return _who_is_it(call, event, view)
    no = rights.refused(call, event, view, ghosts=options.anonymous == "yes", unseen=TARGETS_UNSEEN)
    if no is not None:
        return no
    besides = _besides(call, event)
    if besides:
        return rights.told(call, event, view, _ONE_EACH, second=besides)
    length = _length(call) if command.name in _TIMED else None
    if length is not None and length.wrong:
        return rights.told(call, event, view, _unclear(length))
    member = call.target(view)
    order = instructed(event, command.name, actor, _named(call, member), _arguments(call, event, length))
    if call.by_name:  # whom it names is known from here on
        return Decision(follows=(order,), because=because(order), rule=order.verb)
    return order, member


def because(order: Instructed) -> tuple[str, ...]:
    """What the audit keeps of a command that may be given."""
    return (f"commanded /{order.verb}",)


def _formed(call: Call, event: MessagePosted, options: Steering, view: View) -> Decision:
    """How a command is written, for who may give it; others may mean something else by the word, and hear nothing."""
    alone = len(event.text.split(None, 1)) == 1
    ruled = rights.without_verb(call, event, view.group, ghosts=options.anonymous != "no")
    if ruled is None or (alone and call.command.name in _ONES_OWN):
        return NOTHING
    if isinstance(ruled, rights.Refused):
        return rights.told(call, event, view, ruled)
    words = Voice.hearing(event, view).say(call.command.form)
    return Decision(
        effects=(rights.answer(call, event, view, words),),
        because=(f"/{call.command.name} refused: it does not say what to do",),
        rule=call.command.name,
    )


_ONES_OWN: Final = frozenset(("tier",))
"""What asks about oneself when nothing follows, whoever writes it."""


def _who_is_it(call: Call, event: MessagePosted, view: View) -> Decision:
    """An admin who writes as the group: one press with the real account, and it counts."""
    wrong = rights.slip(call, event, view, Role.ADMIN, event.actor, unseen=TARGETS_UNSEEN)
    besides, length = _besides(call, event), _length(call) if call.command.name in _TIMED else None
    if GROUP not in call.command.places:
        wrong = rights.Refused("not in group", "not_in_group")
    elif wrong is None and besides:
        wrong = _ONE_EACH
    elif wrong is None and length is not None and length.wrong:
        wrong = _unclear(length)
    if wrong is not None:
        return rights.told(call, event, view, wrong, second=besides)
    desk = view.get(DESK.of_group()) or NOTHING_PENDING
    waiting = {key: one for key, one in desk.pending.items() if event.at - one.at <= CONFIRM_WITHIN}
    named = _named(call, call.target(view))
    id_ = acts.token(event.id, call.command.name)
    waiting[id_] = Pending(
        at=event.at,
        verb=call.command.name,
        account=named.account if named is not None else "",
        name=named.name if named is not None else "",
        arguments=_arguments(call, event, length),
    )
    kept = dict(list(waiting.items())[-_MOST_PENDING:])
    voice = Voice.hearing(event, view)
    button = Choice(label=voice.label("confirm"), data=f"{CONFIRM}{id_}")
    asking = voice.aloud(event, voice.say("confirm_asked", name=call.command.called), (button,))
    return Decision(
        changes=(Put(DESK.of_group(), replace(desk, pending=kept)),),
        effects=(asking,),
        because=("an anonymous admin is asked who it is",),
        rule=call.command.name,
    )


def confirmed(event: ButtonPressed, view: View) -> Decision:
    """A press with a real account on what an anonymous admin commanded."""
    desk = view.get(DESK.of_group()) or NOTHING_PENDING
    id_ = event.data.removeprefix(CONFIRM)
    waiting = desk.pending.get(id_)
    if waiting is None or event.at - waiting.at > CONFIRM_WITHIN:
        return NOTHING
    command = BOOK.named(waiting.verb)
    if command is None or event.actor.account == waiting.account:
        return NOTHING
    ruled = rights.verdict(command, event.actor, view.group, GROUP)
    if isinstance(ruled, rights.Refused):
        return rights.unheeded(command, ruled, event, view)
    target = Actor(account=Account(waiting.account), name=waiting.name) if waiting.account else None
    left = {key: one for key, one in desk.pending.items() if key != id_}
    voice = Voice(view.group, view.language())
    words = voice.say("confirmed")  # by whom, the group is not told: they write without their name
    return Decision(
        changes=(Put(DESK.of_group(), replace(desk, pending=left)),),
        effects=(Edit(message=event.message, words=words),) if event.message else (),
        follows=(instructed(event, waiting.verb, event.actor, target, waiting.arguments),),
        because=("confirmed with a real account",),
        rule=waiting.verb,
    )


def _named(call: Call, member: Member | None) -> Actor | None:
    if member is None:
        return call.aimed
    return _actor(account=member.account, name=member.name, kind=member.kind)


def _besides(call: Call, event: MessagePosted) -> str:
    """Who else an order names, as written. A number in an answer to somebody is part of what is written."""
    if call.aimed is None or not call.command.destructive:
        return ""
    numbers = event.reply_to is None and not call.command.counts and not call.command.verbs
    return named_besides(call.rest, event, call.aimed, numbers=numbers)


_ONE_EACH: Final = rights.Refused("several are named", "one_each")


def _length(call: Call) -> Length:
    """How long what lasts is meant to last, and what is left of the words."""
    length = length_of(call.rest)
    if call.command.name == "pause" and length.span is None and not length.wrong and _AN_END.match(call.rest):
        return Length(None, call.rest, "length_how")
    return length


def _unclear(length: Length) -> rights.Refused:
    return rights.Refused("it does not say how long", length.wrong)


def _arguments(call: Call, event: MessagePosted, length: Length | None) -> dict[str, str]:
    """What an order keeps of the message: its words, and where to answer."""
    rest = length.rest if length is not None else call.rest
    told: dict[str, str] = {"rest": rest} if rest else {}
    if event.message:
        told["message"] = event.message
    told["place"] = place(event)
    if call.verb:
        told["verb"] = call.verb
    if event.topic:
        told["topic"] = event.topic
    if length is not None and length.span is not None:
        told["for"] = span_text(length.span)
    if call.data and call.command.name == "undo" and (found := acts.pressed(call.data)) is not None:
        told["act"] = found[0]
    return told
