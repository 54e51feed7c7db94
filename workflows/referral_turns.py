"""What becomes of an invitation: the newcomer joins, stays and takes part, or leaves; and who may never be credited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from core import state
from core.decision import NOTHING, Change, Decision, DropTimer, Post, Put, SetTimer
from core.effects import Choice, Effect, Say, TellAdmins, Words, plain
from core.events import ButtonPressed, Event, Instructed, MemberJoined, MemberLeft, TimerDue
from core.follow_ups import Parted
from core.happening import Happening
from core.parts import ENTRY
from core.people import Account, Actor, ActorKind, Member
from core.state import POINTS, Entry
from core.workflow import View
from workflows import rights
from workflows.facts import shown_name
from workflows.happened import Grouped
from workflows.other_accounts import accounts
from workflows.referral_book import (
    BURST,
    COUNTED,
    INVITED,
    INVITEE,
    INVITER,
    NAME,
    Invitee,
    Inviter,
    Stage,
    fact,
    lately,
)
from workflows.referral_options import Referrals
from workflows.steering_commands import BOOK as STEERING_BOOK

GONE: Final = "gone"
SAID: Final = "said"
JUDGED: Final = "judged"
"""Orders of this workflow to itself: what has to be read is known only once the record was looked at."""
PRESSED: Final = "referral:"
_DAY: Final = timedelta(days=1)


def order(event: Event, verb: str, invitee: Actor, inviter: Account, **arguments: object) -> Instructed:
    """An order of this workflow to itself about somebody and who invited them."""
    assert isinstance(event, Happening)
    return Instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=invitee,
        workflow=NAME,
        verb=verb,
        target=Actor(account=inviter),
        arguments=arguments,
    )


def joined(
    event: MemberJoined | Instructed, options: Referrals, view: View, invitee: Account, inviter: Account, at: datetime
) -> Decision:
    """Somebody joined at an instant, by the invitation of another member."""
    member: Member | None = view.get(state.member(invitee))
    host: Member | None = view.get(state.member(inviter))
    before: Invitee | None = view.get(INVITEE.of(invitee))
    why = _never(member, host, before, at)
    if why:
        return Decision(because=(f"no invitation: {why}",), rule=NAME, about=invitee)
    kept = view.get(INVITER.of(inviter)) or Inviter()
    facts: tuple[Entry, ...] = view.get(lately(inviter, event.at))
    today = sum(view.group.day(one.at) == view.group.day(event.at) for one in facts)
    burst = sum(event.at - one.at < BURST for one in facts)
    stage: Stage = "pending"
    because = f"invited; counts after {options.after_days} days"
    if today >= options.cap_per_day:
        stage, because = "refused", f"invited; more than {options.cap_per_day} of one day do not count"
    elif burst + 1 >= options.hold_at:
        stage, because = "held", f"invited; {burst + 1} joins within an hour wait for an admin"
    timer = _timer(invitee, inviter, at, at + options.after_days * _DAY, view)
    effects: tuple[Effect, ...] = ()
    if stage == "held" and (kept.told is None or event.at - kept.told > BURST):
        effects = (_question(view, inviter, host, burst + 1),)
        kept = replace(kept, told=event.at)
    return Decision(
        changes=(
            Put(INVITEE.of(invitee), Invitee(by=inviter, joined=at, account=invitee, stage=stage)),
            Put(INVITER.of(inviter), kept.having(invitee, stage)),
            fact(INVITED, inviter, "", "invited somebody"),
        ),
        effects=effects,
        timers=(timer,) if stage != "refused" else (),
        because=(because,),
        rule=NAME,
        about=inviter,
        then=("invitation",),
    )


def _never(member: Member | None, host: Member | None, before: Invitee | None, at: datetime) -> str:
    """Why a join is nobody's merit; empty if it may be."""
    if member is None or member.kind is not ActorKind.PERSON:
        return "only persons are invited"
    if host is None or host.kind is not ActorKind.PERSON or host.left is not None:
        return "who invited is no member"
    if host.person == member.person:
        return "nobody invites themselves"
    if before is not None or at - member.seen > ENTRY:
        return "was here before"
    return ""


def due(event: TimerDue, options: Referrals, view: View) -> Decision:
    """Some days have passed: did they take part?"""
    assert event.member is not None
    invitee, inviter = event.member, Account(str(event.data["by"]))
    record: Invitee | None = view.get(INVITEE.of(invitee))
    member: Member | None = view.get(state.member(invitee))
    if record is None or not record.open or not record.of((invitee,)) or member is None or member.left is not None:
        return NOTHING
    since = date.fromisoformat(str(event.data["since"]))
    active = sum(day.active for day in view.get(state.days(invitee, since)))
    if record.stage == "pending" and active >= options.active_days:
        return _counted(event, options, view, record, invitee, inviter)
    if event.at >= record.joined + options.give_up_after:
        because = f"active on {active} days, {options.active_days} are asked for: does not count"
        return _settled(view, record, invitee, inviter, "lapsed", because)
    return Decision(timers=(_timer(invitee, inviter, record.joined, event.at + _DAY, view),))


def _counted(
    event: TimerDue, options: Referrals, view: View, record: Invitee, invitee: Account, inviter: Account
) -> Decision:
    host: Member | None = view.get(state.member(inviter))
    if host is None or host.left is not None:
        return _settled(view, record, invitee, inviter, "refused", "no invitation: who invited is no member")
    member: Member | None = view.get(state.member(invitee))
    if member is not None and member.person == host.person:  # bound since they joined
        return _settled(view, record, invitee, inviter, "refused", "no invitation: nobody invites themselves")
    points = 0 if host.staff else options.points
    paid = replace(record, stage="counted", counted=event.at, points=points)
    changes: tuple[Change, ...] = (*_put(view, paid, invitee, inviter), fact(COUNTED, inviter, "", "invited somebody"))
    if points:
        changes += (Post(kind=POINTS, member=inviter, amount=points, rule=NAME, reason="invited somebody who stayed"),)
    told = said(view, view.group.language_of(host), "counted", name=_name(view, invitee), points=points)
    return Decision(
        changes=changes,
        effects=(Say(words=told, to=inviter, quiet=True, confidential=True),),
        because=("stayed and took part",),
        rule=NAME,
        about=inviter,
        then=("invitation counts",),
    )


def left(event: MemberLeft, options: Referrals, view: View) -> Decision:
    """Who leaves early does not count; and whoever left is no newcomer the next time."""
    invitee = event.actor.account
    record: Invitee | None = view.get(INVITEE.of(invitee))
    if record is None:
        return Decision(changes=(Put(INVITEE.of(invitee), Invitee(joined=event.at, stage="left")),))
    early = record.counted is not None and event.at - record.counted < options.revoke_within
    if record.by and (record.open or (record.stage == "counted" and early)):
        return Decision(follows=(order(event, GONE, event.actor, Account(record.by)),))
    return NOTHING


def parted(event: Parted, view: View) -> Decision:
    """Of two accounts that were one person's, the one that joined by the invitation keeps what it came to."""
    who = event.actor.account
    record: Invitee | None = view.get(INVITEE.of(who))
    if record is None or record.of(accounts(who, view)):
        return NOTHING
    because = ("the invitation was the other account's",)
    return Decision(changes=(Put(INVITEE.of(who), None),), because=because, rule=NAME, about=who)


def gone(event: Instructed, view: View, invitee: Account, inviter: Account) -> Decision:
    """They left too early: what was paid is taken back."""
    record: Invitee | None = view.get(INVITEE.of(invitee))
    if record is None:
        return NOTHING
    if record.stage != "counted":
        return _settled(view, record, invitee, inviter, "left", "left before they counted")
    back = replace(record, stage="taken_back")
    reason = "somebody they invited left soon afterwards"
    changes: tuple[Change, ...] = (*_put(view, back, invitee, inviter), fact(COUNTED, inviter, "", reason, -1))
    if record.points:
        changes += (Post(kind=POINTS, member=inviter, amount=-record.points, rule=NAME, reason=reason),)
    return Decision(changes=changes, because=(reason,), rule=NAME, about=inviter, then=("invitation taken back",))


def _settled(view: View, record: Invitee, invitee: Account, inviter: Account, stage: Stage, because: str) -> Decision:
    return Decision(
        changes=_put(view, replace(record, stage=stage), invitee, inviter),
        timers=(DropTimer(f"due:{record.account or invitee}"),),
        because=(because,),
        rule=NAME,
        about=inviter,
    )


def _put(view: View, record: Invitee, invitee: Account, inviter: Account) -> tuple[Put, Put]:
    kept = view.get(INVITER.of(inviter)) or Inviter()
    joined_as = Account(record.account or invitee)
    return Put(INVITEE.of(invitee), record), Put(INVITER.of(inviter), kept.having(joined_as, record.stage))


def _timer(invitee: Account, inviter: Account, joined_at: datetime, at: datetime, view: View) -> SetTimer:
    data = {"by": inviter, "since": view.group.day(joined_at).isoformat()}
    return SetTimer(key=f"due:{invitee}", at=at, member=invitee, data=data)


# Many at once


def pressed(data: str) -> tuple[bool, Account] | None:
    """The answer and the member who invited, if a press is an admin's under such a question."""
    answer, _, account = data.removeprefix(PRESSED).partition(":")
    if not data.startswith(PRESSED) or answer not in ("yes", "no") or not account:
        return None
    return answer == "yes", Account(account)


def _question(view: View, inviter: Account, host: Member | None, many: int) -> TellAdmins:
    language = view.group.languages[0]
    name = shown_name(host) if host is not None else inviter
    choices = tuple(
        Choice(label=plain(said(view, language, f"button_{answer}")), data=f"{PRESSED}{answer}:{inviter}")
        for answer in ("yes", "no")
    )
    return TellAdmins(words=said(view, language, "held", name=name, count=many), about=inviter, choices=choices)


def judged(event: ButtonPressed, accepted: bool, inviter: Account, view: View) -> Decision:
    """An admin says whether those who wait may count."""
    command = STEERING_BOOK.named("points")
    assert command is not None
    if (no := rights.press_refused(command, event, view, rule=NAME, about=inviter)) is not None:
        return no
    kept = view.get(INVITER.of(inviter)) or Inviter()
    waiting = [account for account, stage in kept.last.items() if stage == "held"]
    if not waiting:
        return Decision(because=("decided before",), rule=NAME, about=inviter)
    host: Member | None = view.get(state.member(inviter))
    name = shown_name(host) if host is not None else inviter
    key = "line_yes" if accepted else "line_no"
    by = shown_name(view.actor())
    words = said(view, view.group.languages[0], key, name=name, by=by, count=len(waiting))
    stage: Stage = "pending" if accepted else "refused"
    return Decision(
        effects=(TellAdmins(words=words, about=inviter),),
        follows=tuple(
            order(event, JUDGED, Actor(account=Account(account)), inviter, stage=stage) for account in waiting
        ),
        because=("an admin said yes" if accepted else "an admin said no",),
        rule=NAME,
        about=inviter,
    )


def released(event: Instructed, view: View, invitee: Account, inviter: Account) -> Decision:
    """One of those who waited."""
    record: Invitee | None = view.get(INVITEE.of(invitee))
    if record is None or record.stage != "held":
        return NOTHING
    if event.arguments.get("stage") == "pending":
        changes = _put(view, replace(record, stage="pending"), invitee, inviter)
        return Decision(changes=changes, because=("an admin said yes",), rule=NAME, about=inviter)
    return _settled(view, record, invitee, inviter, "refused", "an admin said no")


# Words


def _name(view: View, account: Account) -> str:
    member: Member | None = view.get(state.member(account))
    return shown_name(member) if member is not None else "?"


def said(view: View, language: str, key: str, **values: object) -> Words:
    """A sentence about invitations."""
    return view.group.texts.say(f"{NAME}.{key}", language, {"invite": values, "group": Grouped(view.group)})
