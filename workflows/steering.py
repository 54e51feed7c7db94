"""Steering: what admins command in chat, what is taken back, and account of what was done by itself.

A command is judged where it was written (who, where, about whom), and becomes an order to this workflow itself, with
whom it is about found out. The order is what others can give too (the command line): it is carried out by orders to the
workflows that do things, remembered with the way back, and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Change, Decision, Post, Put, Tag
from core.effects import Choice, Edit, Say, TellAdmins, plain
from core.events import Acted, ButtonPressed, Event, Instructed, Linked, MessagePosted, TimerDue
from core.pausing import PAUSED
from core.people import Account, Actor, ActorKind, Member
from core.state import Key
from core.workflow import View, Workflow
from workflows import acts, appeal_book, presence, privacy, rights, steering_books, steering_orders, steering_undo
from workflows.acts import ACTS, Act, Acts
from workflows.appeal_book import TALLY
from workflows.commands import Call, Place, Role, place
from workflows.facts import shown_name
from workflows.gaps import GAPS
from workflows.options import span_text
from workflows.plain_text import one_line
from workflows.rights import OPERATOR_PLATFORM
from workflows.steering_commands import BOOK, TARGETS_UNSEEN
from workflows.steering_desk import DESK, Desk, Pending, instructed, name
from workflows.steering_options import Steering
from workflows.steering_orders import NOTE, ORDERS, RESUME, TRUSTED, Wrong
from workflows.steering_voice import Voice

CONFIRM: Final = "confirm:"
CONFIRM_WITHIN: Final = timedelta(minutes=5)
_MOST_PENDING: Final = 10
_LATEST_KEPT: Final = 20
_OWN_VERBS: Final = frozenset(("untrust", "unnote", "unpause", "undo", "why", "warns", "status", "export", *ORDERS))


def reads(event: Event, options: Steering) -> Iterable[Key[Any]] | None:
    if type(event) is MessagePosted:
        call = BOOK.heard(event)
        return None if call is None else (*call.reads, *_foreseen(call, event))
    if type(event) is ButtonPressed:
        if event.data.startswith(CONFIRM):
            return (DESK.of_group(),)
        return steering_undo.reads_press(event)
    if type(event) is Acted:
        return (ACTS.of(event.actor.account), state.member(event.actor.account))
    if type(event) is TimerDue:
        return (PAUSED.of_group(),)
    if type(event) is Linked:
        return tuple(ACTS.kept(side) for side in event.sides)
    if type(event) is Instructed:
        keys: list[Key[Any]] = [DESK.of_group(), *steering_orders.reads(event), *steering_books.reads(event)]
        if event.target is not None:
            keys.append(ACTS.of(event.target.account))
        else:
            keys.append(ACTS.of(event.actor.account))
        return dict.fromkeys(keys)
    return None


def _foreseen(call: Call, event: MessagePosted) -> Iterator[Key[Any]]:
    """What the order of a command will look at, as far as the message tells: read with the batch, not once for each."""
    yield DESK.of_group()
    if call.command.name in steering_orders.PAUSING:
        yield PAUSED.of_group()
    if call.command.name == "status":
        yield TALLY.of_group()
        yield presence.STANDINGS.of_group()
        yield GAPS.of_group()
    aimed = call.aimed
    if aimed is None or aimed.account.partition(":")[2].startswith("@"):
        return
    who = aimed.account
    yield ACTS.of(who)
    yield state.member(who)
    if call.command.name == "why":
        yield steering_books.points(event, who)
    yield from steering_orders.foreseen(call.command.name, who)


def decide(event: Event, options: Steering, view: View) -> Decision:
    match event:
        case MessagePosted():
            call = BOOK.heard(event)
            return NOTHING if call is None else _commanded(call, event, options, view)
        case ButtonPressed():
            return _confirmed(event, view) if event.data.startswith(CONFIRM) else steering_undo.pressed(event, view)
        case Acted():
            return _noted(event, view)
        case TimerDue():
            return _rung(event, view)
        case Linked():
            return _bound(event, view)
        case Instructed():
            return _ordered(event, options, view)
    return NOTHING


# What was written


def _commanded(call: Call, event: MessagePosted, options: Steering, view: View) -> Decision:
    ghost = event.actor.kind is ActorKind.ANONYMOUS_ADMIN
    if ghost and options.anonymous == "confirm" and place(event) is Place.GROUP:
        return _who_is_it(call, event, view)
    no = rights.refused(call, event, view, ghosts=options.anonymous == "yes", unseen=TARGETS_UNSEEN)
    if no is not None:
        return no
    return Decision(
        follows=(instructed(event, call.command.name, event.actor, _named(call, view), _arguments(call, event)),),
        because=(f"commanded /{call.command.name}",),
        rule=call.command.name,
    )


def _who_is_it(call: Call, event: MessagePosted, view: View) -> Decision:
    """An admin who writes as the group: one press with the real account, and it counts."""
    wrong = rights.slip(call, event, view, Role.ADMIN, event.actor, unseen=TARGETS_UNSEEN)
    if Place.GROUP not in call.command.places:
        wrong = rights.Refused("not in group", "not_in_group")
    if wrong is not None:
        return rights.told(call, event, view, wrong)
    desk = view.get(DESK.of_group()) or Desk()
    waiting = {key: one for key, one in desk.pending.items() if event.at - one.at <= CONFIRM_WITHIN}
    named = _named(call, view)
    id_ = acts.token(event.id, call.command.name)
    waiting[id_] = Pending(
        at=event.at,
        verb=call.command.name,
        account=named.account if named is not None else "",
        name=named.name if named is not None else "",
        arguments=_arguments(call, event),
    )
    kept = dict(list(waiting.items())[-_MOST_PENDING:])
    voice = Voice.hearing(event, view)
    button = Choice(label=voice.label("confirm"), data=f"{CONFIRM}{id_}")
    asking = voice.aloud(event, voice.say("confirm_asked", name=call.command.name), (button,))
    return Decision(
        changes=(Put(DESK.of_group(), replace(desk, pending=kept)),),
        effects=(asking,),
        because=("an anonymous admin is asked who it is",),
        rule=call.command.name,
    )


def _confirmed(event: ButtonPressed, view: View) -> Decision:
    desk = view.get(DESK.of_group()) or Desk()
    id_ = event.data.removeprefix(CONFIRM)
    waiting = desk.pending.get(id_)
    if waiting is None or event.at - waiting.at > CONFIRM_WITHIN:
        return NOTHING
    command = BOOK.named(waiting.verb)
    if command is None or event.actor.account == waiting.account:
        return NOTHING
    if isinstance(rights.verdict(command, event.actor, view.group, Place.GROUP), rights.Refused):
        return NOTHING
    target = Actor(account=Account(waiting.account), name=waiting.name) if waiting.account else None
    left = {key: one for key, one in desk.pending.items() if key != id_}
    voice = Voice(view.group, view.group.language_of(view.actor()))
    words = voice.say("confirmed", by=one_line(event.actor.name, 64))
    return Decision(
        changes=(Put(DESK.of_group(), replace(desk, pending=left)),),
        effects=(Edit(message=event.message, words=words),) if event.message else (),
        follows=(instructed(event, waiting.verb, event.actor, target, waiting.arguments),),
        because=("confirmed with a real account",),
        rule=waiting.verb,
    )


def _named(call: Call, view: View) -> Actor | None:
    member = call.target(view)
    if member is None:
        return call.aimed
    return Actor(account=member.account, name=member.name, kind=member.kind)


def _arguments(call: Call, event: MessagePosted) -> dict[str, str]:
    """What an order keeps of the message: its words, and where to answer."""
    length, rest = (None, call.rest)
    if call.command.name in _TIMED:
        length, rest = call.timed()
    told = {"rest": rest, "message": event.message, "place": place(event).value, "verb": call.verb}
    if event.topic is not None:
        told["topic"] = event.topic
    if length is not None:
        told["for"] = span_text(length)
    found = acts.pressed(call.data) if call.command.name == "undo" else None
    if found is not None:
        told["act"] = found[0]
    return {key: value for key, value in told.items() if value}


_TIMED: Final = frozenset(("mute", "ban", "pause"))


# What was ordered


def _ordered(event: Instructed, options: Steering, view: View) -> Decision:
    voice = Voice.answering(event, view)
    match event.verb:
        case verb if verb in ORDERS:
            return _carried_out(event, options, view, voice)
        case "undo":
            return steering_undo.ordered(event, view, voice)
        case "export" if _chats(event):
            words = voice.say("export_begun")
            return Decision(
                changes=(privacy.books(event, voice.language),),
                effects=(voice.answer(event, words, discreet=True),),
                because=("the owner asked for the books",),
                rule=event.verb,
            )
        case "why" | "warns" | "status" | "export":
            words = steering_books.told(event, view, voice)
            return Decision(effects=(voice.answer(event, words, discreet=True),), rule=event.verb)
        case "untrust" if event.target is not None:
            return _only(event, Tag(member=event.target.account, remove=frozenset((TRUSTED,))))
        case "unpause":
            return _only(event, Put(PAUSED.of_group(), None))
        case "unnote" if event.target is not None:
            key = str(event.arguments.get("key", ""))
            by = event.actor.account
            post = Post(
                kind=NOTE,
                member=event.target.account,
                amount=-1,
                rule="admin",
                reason="taken back",
                by=by,
                key=f"back:{key}",
            )
            return _only(event, post)
    return NOTHING


def _only(event: Instructed, change: Change) -> Decision:
    about = event.target.account if event.target is not None else None
    return Decision(changes=(change,), because=("taken back by an admin",), rule=event.verb, about=about)


def _carried_out(event: Instructed, options: Steering, view: View, voice: Voice) -> Decision:
    if event.verb == "checkin" and "challenge" not in event.arguments:
        meant = {**event.arguments, "challenge": steering_orders.challenge(event, view)}
        return Decision(follows=(instructed(event, event.verb, event.actor, event.target, meant),))
    order = steering_orders.order(event, view)
    about = event.target.account if event.target is not None else None
    who = name(event, view)
    if isinstance(order, Wrong):
        words = voice.say(order.says, target=who, **order.values)
        return Decision(
            effects=(voice.answer(event, words),),
            because=(f"/{event.verb} refused: {order.because}",),
            rule=event.verb,
            about=about,
        )
    subject = _subject(event, view)
    changes = order.changes
    buttons: tuple[Choice, ...] = ()
    if subject is not None:
        act = Act(
            at=event.at,
            did=(order.did,),
            rule="admin",
            because=(reason,) if (reason := steering_orders.rest(event)) and event.verb in _REASONED else (),
            by=event.actor.name or "-",
            commands=(event.verb,),
            back=tuple(back.written() for back in order.back),
            stuck=order.stuck,
            giver=event.actor.account,
            message=str(event.arguments.get("message", "")),
        )
        changes += _remembered(event, subject, act, view)
        if order.back:
            buttons = acts.button(view.group, event.id, event.verb, subject, voice.language)
    way = appeal_book.way(view.group, voice.language) if event.verb in _REASONED else ()
    words = voice.say(order.said, target=who, by=one_line(event.actor.name, 64), **order.values)
    effects = (*order.effects, voice.done(event, words, (*buttons, *way), quiet=options.quiet))
    if way and event.verb in ("kick", "ban"):
        effects += (_put_out(event, order, view),)
    if view.group.report == "all" and event.arguments.get("place") == Place.GROUP.value:
        line = voice.among_admins().say("admin_did", by=one_line(event.actor.name, 64), line=plain(words))
        effects += (TellAdmins(words=line, about=about, choices=buttons),)
    return Decision(
        changes=changes,
        effects=effects,
        timers=order.timers,
        follows=order.follows,
        because=(f"an admin commanded /{event.verb}",),
        rule=event.verb,
        about=about,
        then=(order.did,),
    )


def _put_out(event: Instructed, order: steering_orders.Order, view: View) -> Say:
    """Who is put out hears why, and how to appeal, as long as they can be written to."""
    assert event.target is not None
    language = view.group.language_of(view.get(state.member(event.target.account)))
    what = steering_books.deeds((order.did,), language)
    return appeal_book.notice(view.group, event.target.account, language, what, steering_orders.rest(event))


_REASONED: Final = frozenset(("warn", "mute", "kick", "ban"))


def _subject(event: Instructed, view: View) -> Account | None:
    """In whose record an act is kept: the member's, or the admin's own where it is about nobody."""
    if event.target is not None:
        return event.target.account if view.get(state.member(event.target.account)) is not None else None
    return event.actor.account if _chats(event) else None


def _chats(event: Instructed) -> bool:
    """Whether who gave the order is somebody in a chat, to whom one can write."""
    return event.actor.kind is ActorKind.PERSON and not event.actor.account.startswith(f"{OPERATOR_PLATFORM}:")


def _remembered(event: Instructed, subject: Account, act: Act, view: View) -> tuple[Put, Put]:
    kept = (view.get(ACTS.of(subject)) or Acts()).with_one(acts.token(event.id, event.verb), act)
    desk = view.get(DESK.of_group()) or Desk()
    line = f"{event.actor.account}|{subject}|{acts.token(event.id, event.verb)}"
    latest = (*desk.latest, line)[-_LATEST_KEPT:]
    return Put(ACTS.of(subject), kept), Put(DESK.of_group(), replace(desk, latest=latest))


# What was done by itself


def _noted(event: Acted, view: View) -> Decision:
    """Kept for /why and /undo; and a line to the admins, unless whoever did it told them."""
    account = event.actor.account
    id_ = acts.token(event.cause, event.rule)
    act = acts.act_of(event)
    put = Put(ACTS.of(account), (view.get(ACTS.of(account)) or Acts()).with_one(id_, act))
    report = view.group.report
    loud = any(did.partition(" ")[0] in _SANCTIONS for did in event.did)
    if event.told or report == "none" or (report == "sanctions" and not loud):
        return Decision(changes=(put,))
    member: Member | None = view.get(state.member(account))
    voice = Voice(view.group, view.group.languages[0])
    words = voice.say(
        "acted",
        target=shown_name(member) if member is not None else account,
        what=steering_books.deeds(event.did, voice.language),
        why=steering_books.reasons(event.because, voice.language) or event.workflow,
    )
    buttons = acts.button(view.group, event.cause, event.rule, account) if act.back else ()
    line = TellAdmins(words=words, evidence=event.message or None, about=account, choices=buttons)
    because = event.because or ("told the admins what was done",)
    return Decision(changes=(put,), effects=(line,), because=because, rule=event.rule, about=account, then=("notify",))


def _bound(event: Linked, view: View) -> Decision:
    """What was done about either account was done about the person."""
    had = [held for side in event.sides if (held := view.get(ACTS.kept(side))) is not None]
    if len(had) < 2:
        return NOTHING
    put = Put(ACTS.of(event.actor.account), acts.together(had))
    return Decision(changes=(put,), because=("bound to another account",))


_SANCTIONS: Final = frozenset(("mute", "remove", "ban"))


def _rung(event: TimerDue, view: View) -> Decision:
    paused = view.get(PAUSED.of_group())
    if event.key != RESUME or paused is None:
        return NOTHING
    voice = Voice(view.group, view.group.languages[0])
    return Decision(
        changes=(Put(PAUSED.of_group(), None),),
        effects=(TellAdmins(words=voice.say("resumed")),),
        because=("the pause is over",),
        rule=RESUME,
    )


workflow = Workflow(
    acts.STEERING,
    Steering,
    frozenset((MessagePosted, ButtonPressed, Acted, TimerDue, Instructed, Linked)),
    reads,
    decide,
    steers=True,
)
