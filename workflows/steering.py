"""Steering: what admins command in chat, what is taken back, and account of what was done by itself.

A command is judged where it was written (`steering_hearing`: who, where, about whom), and becomes an order to this
workflow itself. The order is what others can give too (the command line): it is carried out by orders to the workflows
that do things, remembered with the way back, and told. What was commanded is carried out in the decision about the
message itself, unless whom it names is found out there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from core import state
from core.decision import NOTHING, Change, Decision, Post, Put, Tag
from core.effects import Choice, Say, TellAdmins, plain
from core.events import ButtonPressed, Event, Instructed, MessagePosted, TimerDue
from core.follow_ups import Acted, Linked
from core.pausing import PAUSED
from core.people import PERSON, Account, Member, platform_of
from core.quick import maker
from core.state import Key
from core.workflow import View, Workflow
from workflows import (
    acts,
    appeal_book,
    bans,
    deed_words,
    mutes,
    other_accounts,
    privacy,
    rule_orders,
    steering_books,
    steering_conversions,
    steering_hearing,
    steering_looks,
    steering_orders,
    steering_progress,
    steering_standing,
    steering_undo,
)
from workflows.acts import ACTS, Act
from workflows.commands import GROUP
from workflows.conversion_options import Conversions
from workflows.facts import shown_name
from workflows.rights import OPERATOR_PLATFORM
from workflows.steering_books import GOALS
from workflows.steering_commands import BOOK, DISCREET, TARGETS_UNSEEN
from workflows.steering_desk import DESK, instructed, name, remembered, whom
from workflows.steering_hearing import CONFIRM
from workflows.steering_options import Steering
from workflows.steering_order import Order, Wrong, reason_of, rest
from workflows.steering_orders import NOTE, ORDERS, RESUME
from workflows.steering_standing import TRUSTED
from workflows.steering_voice import Voice

_decision: Final = maker(Decision)
_put: Final = maker(Put)
_act: Final = maker(Act)


def reads(event: Event, options: Steering) -> Iterable[Key[Any]] | None:
    if type(event) is MessagePosted:
        return steering_hearing.reads(event)
    if type(event) is ButtonPressed:
        if event.data.startswith(CONFIRM):
            return (DESK.of_group(),)
        return steering_undo.reads_press(event)
    if type(event) is Acted:
        who = event.actor.account
        return (ACTS.of(who), state.member(who), *(other_accounts.looks(who) if _reaches_one(event) else ()))
    if type(event) is TimerDue:
        return (PAUSED.of_group(),)
    if type(event) is Linked:
        return tuple(ACTS.kept(side) for side in event.sides)
    if type(event) is Instructed:
        whose = event.target.account if event.target is not None else None
        further = (*steering_standing.further_looks(event), *steering_books.further_looks(event))
        return (*steering_looks.looks(event.verb, whose, event), *further)
    return None


def decide(event: Event, options: Steering, view: View) -> Decision | tuple[Decision, ...]:
    match event:
        case MessagePosted():
            return _commanded(event, options, view)
        case ButtonPressed():
            if event.data.startswith(CONFIRM):
                return steering_hearing.confirmed(event, view)
            return steering_undo.pressed(event, view)
        case Acted():
            return _noted(event, view)
        case TimerDue():
            return _rung(event, view)
        case Linked():
            return _bound(event, view)
        case Instructed():
            return _ordered(event, options, view, whom(event, view))
    return NOTHING


# What was ordered


def _commanded(event: MessagePosted, options: Steering, view: View) -> Decision | tuple[Decision, ...]:
    """The command and what its order comes to, at once: all that the order looks at was read with the message."""
    found = steering_hearing.ordered(event, options, view)
    if isinstance(found, Decision):
        return found
    order, member = found
    heard = steering_hearing.because(order)
    done = _ordered(order, options, view, member, heard)
    first = done if isinstance(done, Decision) else done[0]
    if heard in (first.heard, first.because):  # it keeps the command itself: a line more would say it twice
        return done
    line = _decision(because=heard, rule=order.verb)
    return (line, done) if isinstance(done, Decision) else (line, *done)


def _ordered(
    event: Instructed, options: Steering, view: View, member: Member | None, heard: tuple[str, ...] = ()
) -> Decision | tuple[Decision, ...]:
    """What comes of an order about a `member`. `heard` is what the audit keeps of the command, where one was
    written."""
    voice = Voice.answering(event, view)
    if event.verb in _AT_ONCE:
        return _carried_out(event, options, view, voice, member, heard)
    match event.verb:
        case "checkin" if "challenge" not in event.arguments:
            meant = {**event.arguments, "challenge": steering_progress.challenge(event, view)}
            return _decision(follows=(instructed(event, event.verb, event.actor, event.target, meant),))
        case "conversion" if "goal" not in event.arguments:
            meant = {**event.arguments, "goal": steering_conversions.goal(event, view)}
            return _decision(follows=(instructed(event, event.verb, event.actor, event.target, meant),))
        case "why" if GOALS not in event.arguments and (goals := view.group.options(Conversions)) is not None:
            meant = {**event.arguments, GOALS: tuple(goals)}
            return _decision(follows=(instructed(event, event.verb, event.actor, event.target, meant),))
        case verb if verb in ORDERS:
            return _carried_out(event, options, view, voice, member, heard)
        case "undo":
            return steering_undo.ordered(event, view, voice)
        case "export" if _chats(event):
            words = voice.say("export_begun")
            return _decision(
                changes=(privacy.books(event, voice.language),),
                effects=(voice.answer(event, words, discreet=True),),
                because=("the owner asked for the books",),
                rule=event.verb,
            )
        case verb if verb in steering_books.ASKED:
            words = steering_books.told(event, view, voice, member)
            answer = voice.answer(event, words, discreet=True)
            because = heard or steering_hearing.because(event)
            return _decision(effects=(answer,), because=because, rule=event.verb)
        case "untrust" if event.target is not None:
            return _only(event, Tag(member=event.target.account, remove=frozenset((TRUSTED,))))
        case "unpause":
            return _only(event, _put(PAUSED.of_group(), None))
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
    return _decision(changes=(change,), because=("taken back by an admin",), rule=event.verb, about=about)


def _carried_out(
    event: Instructed, options: Steering, view: View, voice: Voice, member: Member | None, heard: tuple[str, ...]
) -> Decision | tuple[Decision, ...]:
    target, verb, arguments = event.target, event.verb, event.arguments
    about = target.account if target is not None else None
    order, who = steering_orders.order(event, member, view), name(event, member)
    if isinstance(order, Wrong):
        words = voice.say(order.says, target=who, **order.values)
        return _decision(
            effects=(voice.answer(event, words, discreet=verb in DISCREET),),
            because=(f"/{verb} refused: {order.because}",),
            rule=verb,
            about=about,
            heard=heard,
        )
    subject, reasoned = _subject(event, member), verb in _REASONED
    changes = order.changes
    buttons: tuple[Choice, ...] = ()
    if subject is not None:
        act = _act(
            at=event.at,
            did=(order.did,),
            rule="admin",
            because=(reason,) if (reason := rest(event) if reasoned else order.reason) else (),
            by=shown_name(event.actor),
            commands=(verb,),
            back=order.back,
            stuck=order.stuck,
            giver=event.actor.account,
            message=str(arguments.get("message", "")),
            where=platform_of(about or ""),
        )
        id_ = acts.token(event.id, verb)
        changes += remembered(event.actor.account, subject, id_, act, view)
        if order.back:
            buttons = acts.undoing(view.group, id_, subject, voice.language)
    way = appeal_book.way(view.group, voice.language) if reasoned else ()
    why = reason_of(event) if verb in _EXPLAINED else ""
    if about is not None and verb in _ON_PLATFORM and bans.by_words_alone(about, view.group):
        what = deed_words.told((order.did,), view.group, voice.language)
        told = plain(voice.say("noted_why", reason=why)) if why else ""
        words = voice.say("noted", target=who, what=what + told)
    else:
        words = voice.tell(order.said, {"target": who, **order.values})
        if why:
            words += voice.say("did_why", reason=why)
    if verb in DISCREET:
        effects = (*order.effects, voice.answer(event, words, buttons, discreet=True))
    else:
        effects = (*order.effects, voice.done(event, words, buttons + way, quiet=options.quiet))
    if way and (verb in _PUTS_OUT or (verb == "mute" and not _aloud(event, options))) and _a_person(event, member):
        effects += (_notice(event, order, view),)
    if view.group.report == "all" and arguments.get("place") == GROUP:
        line = voice.among_admins().say("admin_did", by=shown_name(event.actor), line=plain(words))
        effects += (TellAdmins(words=line, about=about, choices=buttons),)
    if about is not None and verb in _TO_ONE_ACCOUNT:
        effects += other_accounts.told(about, who, view)
    effects += order.deeds
    obeyed = _obeyed(order.follows, view) if order.follows else ()
    done = _decision(
        changes=changes,
        effects=effects,
        timers=order.timers,
        follows=order.follows if not obeyed else (),
        because=(f"an admin commanded /{verb}",),
        rule=verb,
        about=about,
        then=(order.did,),
        workflow=acts.STEERING,
        heard=heard,
        beside=order.beside,
    )
    return (done, *obeyed) if obeyed else done


def _a_person(event: Instructed, member: Member | None) -> bool:
    """Whether who is meant is a person, as far as anybody knows."""
    return event.target is not None and event.target.kind is PERSON and (member is None or member.kind is PERSON)


def _aloud(event: Instructed, options: Steering) -> bool:
    """Whether the group reads what was done."""
    return event.arguments.get("place") == GROUP and not options.quiet


def _obeyed(orders: tuple[Instructed, ...], view: View) -> tuple[Decision, ...]:
    """What the rules decide about orders that are all to them: what they look at is read with the command. Others go
    their way together."""
    if rule_orders.NAME not in view.group.bound:
        return ()
    for one in orders:
        if one.workflow != rule_orders.NAME:
            return ()
    return tuple([rule_orders.decide(one, view) for one in orders])


def _notice(event: Instructed, order: Order, view: View) -> Say:
    """Who is put out, or muted where the group reads nothing of it, hears why and how to appeal, as long as they can be
    written to."""
    assert event.target is not None
    language = view.group.language_of(view.get(state.member(event.target.account)))
    account = event.target.account
    what = deed_words.told((order.did,), view.group, language, platform_of(account))
    return appeal_book.notice(view.group, account, language, what, rest(event))


_AT_ONCE: Final = ORDERS - {"checkin", "conversion"}
"""Orders of which nothing is to be found out first."""
_REASONED: Final = frozenset(("warn", "mute", "kick", "ban"))
_PUTS_OUT: Final = frozenset(("kick", "ban"))
_EXPLAINED: Final = frozenset(("mute", "kick", "ban"))
"""Of what the answer tells the reason: of a warning the group reads it in the warning itself."""
_TO_ONE_ACCOUNT: Final = frozenset(("mute", "unmute", "kick", "ban", "unban"))
_ON_PLATFORM: Final = frozenset(("mute", "kick", "ban", "approve"))
"""What is done only where the platform can: of the rest the assistant keeps book itself."""


def _subject(event: Instructed, member: Member | None) -> Account | None:
    """In whose record an act is kept: the member's, or the admin's own where it is about nobody."""
    if event.target is not None:
        return event.target.account if member is not None or event.verb in TARGETS_UNSEEN else None
    return event.actor.account if _chats(event) else None


def _chats(event: Instructed) -> bool:
    """Whether who gave the order is somebody in a chat, to whom one can write."""
    return event.actor.kind is PERSON and not event.actor.account.startswith(f"{OPERATOR_PLATFORM}:")


# What was done by itself


def _noted(event: Acted, view: View) -> Decision:
    """Kept for /why and /undo; and a line to the admins, unless whoever did it told them. What was only carried out
    again is the act that it was given by, as long as that is known."""
    account = event.actor.account
    held = view.get(ACTS.of(account)) or acts.NONE
    again = mutes.carried_out_again(event.because)
    if again is not None and acts.holding(again, account, held, event.at) is not None:
        return NOTHING
    id_ = acts.token(event.cause, event.rule)
    act = acts.act_of(event)
    put = _put(ACTS.of(account), held.with_one(id_, act))
    report = view.group.report
    loud = _sanctioned(event)
    member: Member | None = view.get(state.member(account))
    who = shown_name(member) if member is not None else account
    left_alone = other_accounts.told(account, who, view) if _reaches_one(event) and report != "none" else ()
    if event.told or report == "none" or (report == "sanctions" and not loud):
        if not left_alone:
            return _decision(changes=(put,))
        why = ("told the admins what was not done",)
        return _decision(changes=(put,), effects=left_alone, because=why, rule=event.rule, about=account)
    voice = Voice(view.group, view.group.languages[0])
    words = voice.say(
        "acted",
        target=who,
        what=deed_words.told(event.did, view.group, voice.language, platform_of(account)),
        why=steering_books.reasons(event.because, voice.language) or event.workflow,
    )
    buttons = acts.button(view.group, event.cause, event.rule, account) if act.back else ()
    line = TellAdmins(words=words, evidence=event.message or None, about=account, choices=buttons)
    because = event.because or ("told the admins what was done",)
    lines = (line, *left_alone)
    return _decision(changes=(put,), effects=lines, because=because, rule=event.rule, about=account, then=("notify",))


def _sanctioned(event: Acted) -> bool:
    return any(did.partition(" ")[0] in other_accounts.SANCTIONS for did in event.did)


def _reaches_one(event: Acted) -> bool:
    """Whether the admins are to hear of somebody's other accounts; who said yes to a proposal heard of them then."""
    return event.by is None and _sanctioned(event)


def _bound(event: Linked, view: View) -> Decision:
    """What was done about either account was done about the person."""
    had = [held for side in event.sides if (held := view.get(ACTS.kept(side))) is not None]
    if len(had) < 2:
        return NOTHING
    put = _put(ACTS.of(event.actor.account), acts.together(had))
    return _decision(changes=(put,), because=("bound to another account",))


def _rung(event: TimerDue, view: View) -> Decision:
    paused = view.get(PAUSED.of_group())
    if event.key != RESUME or paused is None:
        return NOTHING
    voice = Voice(view.group, view.group.languages[0])
    return _decision(
        changes=(_put(PAUSED.of_group(), None),),
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
    deaf=BOOK.deaf,
)
