"""What admins tell the rules to do: warn, forgive, mute, remove, ban ... Written into the same ledger as all warnings.

`Instructed(workflow="rules", verb="warn", target=..., reason="...")`. Arguments: `for` is a length of time ("1h") for
mute and ban, `expires` for warn, `amount` for points. `key` names the warning or the fact that is made, or the warning
that is forgiven (the latest otherwise), so that it can be taken back. Staff cannot be acted on; saying the same thing
twice does no harm. Whoever declares what `reads` names may have an order decided about at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from core import state
from core.decision import Decision, Post
from core.effects import Heard, Mention, Say, TellAdmins
from core.events import Instructed, MemberUnmuted
from core.people import PERSON, Account, Actor, Member
from core.quick import maker
from core.state import POINTS, WARNING, Key
from core.workflow import View
from workflows import appeal_book, ladder, mutes, proposals
from workflows.facts import shown_name
from workflows.ladder import Warn
from workflows.options import span
from workflows.plain_text import one_line

_decision: Final = maker(Decision)
_post: Final = maker(Post)

NAME: Final = "rules"
"""The workflow that decides about these orders, whoever asks for it."""
RULE: Final = "admin"
"""The `rule` of what an admin did by hand."""
VERBS: Final = frozenset(("warn", "forgive", "points", *proposals.PROPOSABLE))
ALSO_ON_STAFF: Final = frozenset(("forgive", "points", "unmute", "unban", "approve"))


def reads(event: Instructed) -> tuple[Key[Any], ...]:
    """The state that `decide` will look at."""
    if event.target is None:
        return ()
    account = event.target.account
    if event.verb == "points":
        return (state.member(account), state.entries(POINTS, account))
    if event.verb in ("warn", "forgive"):
        return (state.member(account), ladder.reads(account))
    return (state.member(account), *mutes.looks(event.verb, account))


def decide(event: Instructed, view: View) -> Decision:
    """Do it, or say why not."""
    if event.verb not in VERBS:
        verb = one_line(event.verb, 40)
        return _refused(event, view, f"there is nothing called {verb} to do", "no_such_order", verb=verb)
    if event.target is None:
        return _refused(event, view, "nobody is named", "nobody_named")
    account = event.target.account
    target = view.get(state.member(account))
    if target is not None and target.staff and event.verb not in ALSO_ON_STAFF:
        return _refused(event, view, "staff cannot be acted on", "order_on_staff", target)
    of_ledger = _OF_LEDGER.get(event.verb)
    if of_ledger is not None:
        return of_ledger(event, account, target, view)
    try:
        length = span(event.arguments["for"]) if "for" in event.arguments else None
    except ValueError as error:
        return _refused(event, view, str(error), "no_span", target, span=one_line(str(event.arguments["for"]), 40))
    return _decision(
        changes=mutes.kept_of_one(event.verb, account, length, event.at, RULE, view),
        effects=(proposals.effect(event.verb, account, length, _heard(event)),),
        follows=_by_hand(event, event.target) if event.verb == "unmute" else (),
        because=said_so(event.reason),
        rule=RULE,
        about=account,
        workflow=NAME,
        then=(proposals.told(event.verb, length),),
    )


def _heard(event: Instructed) -> Heard:
    """Who reads that it is done: the group, if whoever asks for it says so."""
    return "group" if event.arguments.get("heard") == "group" else "admins"


def said_so(reason: str) -> tuple[str]:
    """Why it is done."""
    return (f"an admin said so: {reason}" if reason else "an admin said so",)


def _by_hand(event: Instructed, member: Actor) -> tuple[MemberUnmuted]:
    return (MemberUnmuted(id=event.id, at=event.at, group=event.group, actor=member, by=event.actor),)


def _warn(event: Instructed, account: Account, target: Member | None, view: View) -> Decision:
    try:
        warn = Warn(expires=span(event.arguments["expires"])) if "expires" in event.arguments else Warn()
    except ValueError as error:
        span_given = one_line(str(event.arguments["expires"]), 40)
        return _refused(event, view, str(error), "no_span", target, span=span_given)
    by = event.actor.account
    given = ladder.verdict(warn, event, view, member=account, rule=RULE, reason=event.reason, by=by)
    if given.post is None or event.target is None:
        return _refused(event, view, given.because, "warned_already", target)
    post = replace(given.post, key=str(event.arguments["key"])) if "key" in event.arguments else given.post
    language = view.group.language_of(target)
    name = shown_name(target) if target is not None else event.target.name
    told = {"live": given.live, "expires": warn.expires, "reason": event.reason}
    values = {"member": {"name": name, "mention": Mention(account=account, name=name)}, "warning": told}
    key = "rules.warned_by_admin" if event.reason else "rules.warned_by_admin_plainly"
    return _decision(
        changes=(post,),
        effects=(
            Say(
                words=view.group.texts.say(key, language, values),
                topic=str(event.arguments["topic"]) if "topic" in event.arguments else None,
                choices=appeal_book.way(view.group, language),
                urgency="now",
            ),
        ),
        follows=(ladder.warned(event, event.target, RULE, given.live),),
        because=("an admin said so", given.because),
        rule=RULE,
        about=account,
        workflow=NAME,
        then=("warn",),
    )


def _forgive(event: Instructed, account: Account, target: Member | None, view: View) -> Decision:
    """Take back the latest warning that counts: its opposite is posted and ends with it; both stay as history."""
    history = view.get(ladder.reads(account))
    open_ = ladder.counting(history, event.at)
    if "key" in event.arguments:
        open_ = [entry for entry in open_ if entry.key == event.arguments["key"]]
    if not open_:
        return _refused(event, view, "there is no warning to forgive", "nothing_to_forgive", target)
    last = open_[-1]
    post = _post(
        kind=WARNING,
        member=account,
        amount=-1,
        rule=last.rule,
        reason=event.reason or "forgiven",
        by=event.actor.account,
        key=f"{ladder.FORGIVEN}{last.key}",
        expires=last.expires,
    )
    return _decision(
        changes=(post,),
        because=(f"an admin forgave the warning of {last.at:%Y-%m-%d} ({last.rule})",),
        rule=RULE,
        about=account,
        workflow=NAME,
        then=("forgive",),
    )


def _points(event: Instructed, account: Account, target: Member | None, view: View) -> Decision:
    """Give points or take some, once for each key."""
    amount = event.arguments.get("amount")
    if not isinstance(amount, int) or amount == 0 or target is None or target.kind is not PERSON:
        return _refused(event, view, "no points to give", "no_points", target)
    key = str(event.arguments.get("key") or f"admin@{event.id}")
    if any(entry.key == key for entry in view.get(state.entries(POINTS, account))):
        return _refused(event, view, "done before", "points_before", target)
    reason = event.reason or "an admin said so"
    by = event.actor.account
    post = _post(kind=POINTS, member=account, amount=amount, rule=RULE, reason=reason, by=by, key=key)
    return _decision(changes=(post,), because=said_so(event.reason), rule=RULE, about=account, workflow=NAME)


_OF_LEDGER: Final = {"warn": _warn, "forgive": _forgive, "points": _points}


def _refused(event: Instructed, view: View, why: str, key: str, target: Member | None = None, **told: str) -> Decision:
    """Nothing is done; the audit keeps why, and the admins read it in their language."""
    about = event.target.account if event.target is not None else None
    name = shown_name(target) if target is not None else event.target.name if event.target is not None else ""
    values = {"order": {"name": name or about or "", "verbs": ", ".join(sorted(VERBS)), **told}}
    words = view.group.texts.say(f"rules.{key}", view.group.languages[0], values)
    return _decision(
        effects=(TellAdmins(words=words, about=about),),
        because=(f"not done: {why}",),
        rule=RULE,
        about=about,
        workflow=NAME,
    )
