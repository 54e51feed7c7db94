"""Invitations: every member can have a link of their own, or a code to be said, and is credited for who stays.

Somebody counts once: at their first join, after some days, if they took part on some of them, and never for themselves.
Who leaves soon does not count any more. Nobody is punished: too many joins at once wait for an admin's word. Not to
know who invited a newcomer is the usual case, and no error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Change, Decision, Put
from core.effects import Effect, Invite, Say, in_lines
from core.events import ButtonPressed, Event, Instructed, InviteMade, MemberJoined, MemberLeft, MessagePosted, TimerDue
from core.follow_ups import Parted
from core.people import PERSON, Account, Member, platform_of
from core.state import Key
from core.workflow import View, Workflow
from workflows import referral_turns as turns
from workflows import rights
from workflows.commands import Book, Call, Command, Place
from workflows.facts import shown_name
from workflows.plain_text import LONGEST_NAME, one_line
from workflows.referral_book import (
    CODES,
    COUNTED,
    INVITEE,
    INVITER,
    LATEST,
    MADE,
    NAME,
    WITH_LINKS,
    Codes,
    Inviter,
    code_for,
    code_in,
    fact,
    lately,
    may_say_code,
    with_code,
)
from workflows.referral_options import Referrals

COMMANDS: Final = (
    Command(
        name="invite",
        zh=("邀请", "推荐", "我的邀请"),
        en=("invites",),
        workflow=NAME,
        places=frozenset((Place.GROUP, Place.PRIVATE)),
        bare=True,
    ),
)
BOOK: Final = Book(COMMANDS)
_SHOWN: Final = "shown"
_AGAIN: Final = timedelta(minutes=2)
"""A link that was asked for and did not come is asked for again after this."""


def reads(event: Event, options: Referrals) -> Iterable[Key[Any]] | None:
    match event:
        case MessagePosted():
            return _heard(event)
        case MemberJoined(actor=actor, by=by):
            if by is None or by.kind is not PERSON or event.added_by_admin:
                return None
            return (*_both(actor.account, by.account), lately(by.account, event.at))
        case MemberLeft(actor=actor):
            return (INVITEE.of(actor.account),)
        case Parted(actor=actor):
            return (INVITEE.of(actor.account), state.bonds(actor.account))
        case InviteMade(actor=actor):
            return (INVITER.of(actor.account), state.member(actor.account))
        case TimerDue(member=invitee, data=data) if invitee is not None:
            since = date.fromisoformat(str(data["since"]))
            return (*_both(invitee, Account(str(data["by"]))), state.days(invitee, since))
        case ButtonPressed(data=data) if (found := turns.pressed(data)) is not None:
            return (INVITER.of(found[1]), state.member(found[1]))
        case Instructed(verb=verb, actor=actor, target=target) if target is not None:
            if verb == _SHOWN:
                return (
                    INVITER.of(actor.account),
                    state.balance(COUNTED, actor.account),
                    *map(state.member, event.accounts),
                )
            return (*_both(actor.account, target.account), lately(target.account, event.at))
    return None


def _heard(event: MessagePosted) -> tuple[Key[Any], ...] | None:
    who = event.actor.account
    if BOOK.heard(event) is not None:
        return (INVITER.of(who), CODES.of_group())
    if code_in(event.text) is None or event.actor.kind is not PERSON or event.forwarded:
        return None
    return (CODES.of_group(), INVITEE.of(who))


def _both(invitee: Account, inviter: Account) -> tuple[Key[Any], ...]:
    return (INVITEE.of(invitee), state.member(invitee), INVITER.of(inviter), state.member(inviter))


def decide(event: Event, options: Referrals, view: View) -> Decision:
    match event:
        case MessagePosted():
            call = BOOK.heard(event)
            return _asked(call, event, view) if call is not None else _code_said(event, options, view)
        case MemberJoined(actor=actor, by=by) if by is not None:
            return turns.joined(event, options, view, actor.account, by.account, event.at)
        case MemberLeft():
            return turns.left(event, options, view)
        case Parted():
            return turns.parted(event, view)
        case InviteMade():
            return _made(event, options, view)
        case TimerDue():
            return turns.due(event, options, view)
        case ButtonPressed(data=data) if (found := turns.pressed(data)) is not None:
            return turns.judged(event, found[0], found[1], view)
        case Instructed(target=target) if target is not None:
            return _ordered(event, target.account, options, view)
    return NOTHING


def _ordered(event: Instructed, inviter: Account, options: Referrals, view: View) -> Decision:
    invitee = event.actor.account
    match event.verb:
        case turns.GONE:
            return turns.gone(event, view, invitee, inviter)
        case turns.JUDGED:
            return turns.released(event, view, invitee, inviter)
        case turns.SAID:
            member = view.actor()
            return turns.joined(event, options, view, invitee, inviter, member.joined or member.seen)
        case _ if event.verb == _SHOWN:
            return _shown(event, options, view)
    return NOTHING


# What a member asks


def _asked(call: Call, event: MessagePosted, view: View) -> Decision:
    """Their link or code; it is shown with what came of it."""
    no = rights.refused(call, event, view)
    if no is not None or event.actor.kind is not PERSON:
        return no or NOTHING
    who = event.actor.account
    kept = view.get(INVITER.of(who)) or Inviter()
    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    if platform_of(who) not in WITH_LINKS and not kept.code:
        codes = view.get(CODES.of_group()) or Codes()
        kept = replace(kept, code=code_for(event.group, who, codes.of))
        changes = (
            Put(INVITER.of(who), kept),
            Put(CODES.of_group(), with_code(codes, kept.code, who)),
            fact(MADE, who, "code", "has a code for invitations"),
        )
    elif platform_of(who) in WITH_LINKS and not kept.link:
        if kept.asked is None or event.at - kept.asked > _AGAIN:
            changes = (Put(INVITER.of(who), replace(kept, asked=event.at)),)
            effects = (Invite(member=who, name=one_line(event.actor.name, LONGEST_NAME)),)
        words = turns.said(view, view.language(), "link_comes")
        answer = rights.answer(call, event, view, words)
        return Decision(changes=changes, effects=(*effects, answer), because=("asked for a link",), rule=NAME)
    arguments: dict[str, object] = {"accounts": list(kept.last)[-LATEST:], "private": event.private}
    arguments |= {"message": event.message} | ({"topic": event.topic} if event.topic is not None else {})
    shown = turns.order(event, _SHOWN, event.actor, who, **arguments)
    return Decision(changes=changes, follows=(shown,), because=("asked for their invitations",), rule=NAME)


def _shown(event: Instructed, options: Referrals, view: View) -> Decision:
    who, language = event.actor.account, view.language()
    kept = view.get(INVITER.of(who)) or Inviter()
    lines = [
        turns.said(view, language, "link", link=kept.link)
        if kept.link
        else turns.said(view, language, "code", code=kept.code)
    ]
    lines.append(
        turns.said(
            view,
            language,
            "counts",
            counted=view.get(state.balance(COUNTED, who)),
            pending=kept.count("pending", "held"),
            days=options.after_days,
            active=options.active_days,
        )
    )
    for account in event.accounts:
        member: Member | None = view.get(state.member(account))
        stage = kept.last.get(account)
        if member is not None and stage is not None:
            lines.append(turns.said(view, language, f"stage_{stage}", name=shown_name(member)))
    private, topic = bool(event.arguments.get("private")), event.arguments.get("topic")
    say = Say(
        words=in_lines(lines),
        to=who if private else None,
        reply_to=None if private else str(event.arguments.get("message", "")) or None,
        topic=str(topic) if topic and not private else None,
        urgency="now",
        quiet=True,
    )
    return Decision(effects=(say,), because=("told them what came of their invitations",), rule=NAME)


def _made(event: InviteMade, options: Referrals, view: View) -> Decision:
    """The link is there: it goes to its member."""
    who = event.actor.account
    kept = view.get(INVITER.of(who)) or Inviter()
    if kept.link:
        return Decision(because=("has a link already",), rule=NAME)
    member: Member | None = view.get(state.member(who))
    words = turns.said(
        view,
        view.group.language_of(member),
        "link_made",
        link=event.link,
        days=options.after_days,
        active=options.active_days,
    )
    return Decision(
        changes=(
            Put(INVITER.of(who), replace(kept, link=event.link, asked=None)),
            fact(MADE, who, "link", "has a link for invitations"),
        ),
        effects=(Say(words=words, to=who, urgency="now"),),
        because=("the link was made",),
        rule=NAME,
    )


def _code_said(event: MessagePosted, options: Referrals, view: View) -> Decision:
    """A newcomer says who invited them."""
    code, member = code_in(event.text), view.actor()
    owner = (view.get(CODES.of_group()) or Codes()).of.get(code or "")
    if member.joined is None or event.at - member.joined > options.code_within:
        key, because = "code_late", "no invitation: the code comes too late"
    elif owner is None:
        key, because = "code_unknown", "no invitation: nobody has this code"
    elif owner == event.actor.account:
        key, because = "code_own", "no invitation: nobody invites themselves"
    elif view.get(INVITEE.of(event.actor.account)) is not None:
        key, because = "code_before", "no invitation: was here before"
    else:
        key, because = "code_taken", "said an invitation code"
    words = turns.said(view, view.language(), key)
    private = event.actor.account if event.private else None
    say = Say(words=words, to=private, reply_to=None if private else event.message, urgency="now", quiet=True)
    follows = (turns.order(event, turns.SAID, event.actor, Account(owner)),) if key == "code_taken" and owner else ()
    return Decision(effects=(say,), follows=follows, because=(because,), rule=NAME)


workflow = Workflow(
    NAME,
    Referrals,
    frozenset((MessagePosted, MemberJoined, MemberLeft, InviteMade, TimerDue, ButtonPressed, Instructed, Parted)),
    reads,
    decide,
    deaf=lambda opening, options: BOOK.deaf(opening) and not may_say_code(opening),
)
