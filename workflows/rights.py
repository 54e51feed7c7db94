"""Who may command what, where: one table of command, role and place. What is not in it is refused.

A role comes from the platform or from the operator's files. The platform's word is taken for what it is worth at that
moment: a destructive command of a platform's admin counts only if the platform was asked for this very message, and
lists the right that the command needs. The operator's word needs no asking; but who is listed as an admin without being
one on a platform that tells rights may do no more there, destructively, than a moderator.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final

from core.decision import Decision
from core.effects import Effect, Mention, Say, TellAdmins, Words
from core.events import ButtonPressed, MessagePosted
from core.people import (
    ADMIN,
    ANONYMOUS_ADMIN,
    MODERATOR,
    OWNER,
    PERSON,
    Account,
    Actor,
    ActorKind,
    Member,
    native_of,
    only_called,
    platform_of,
)
from core.quick import maker, quick
from core.workflow import Group, View
from workflows import tidy
from workflows.acts import STEERING
from workflows.check_in_days import names_a_day
from workflows.commands import DESK, GROUP, PRIVATE, Call, Command, Place, Role, place
from workflows.facts import shown_name
from workflows.plain_text import one_line

_say: Final = maker(Say)

TELL_RIGHTS: Final = frozenset(("telegram",))
"""Platforms that say who their admins are and what each may do."""
OPERATOR_PLATFORM: Final = "operator"
"""The platform part of accounts that belong to nobody in a chat: the command line, the operators' pages."""
_OPERATORS: Final = f"{OPERATOR_PLATFORM}:"


_NOBODY, _MEMBER, _MODERATOR, _ADMIN, _OWNER = Role.NOBODY, Role.MEMBER, Role.MODERATOR, Role.ADMIN, Role.OWNER
_BOT: Final = ActorKind.BOT
_CHANNEL: Final = ActorKind.CHANNEL


@quick
@dataclass(frozen=True, slots=True)
class Allowed:
    """Go on, in this role."""

    role: Role


_ALLOWED: Final = {role: Allowed(role) for role in Role}


@quick
@dataclass(frozen=True, slots=True)
class Refused:
    """No. `because` is for the audit, `says` the key of the sentence in the section `rights`."""

    because: str
    says: str


def allowed(command: Command, role: Role, where: Place) -> bool:
    """The table itself."""
    return role is not _NOBODY and role >= command.least and where in command.places


def table(commands: Iterable[Command]) -> dict[tuple[str, Role, Place], bool]:
    """The table written out: every command, role and place."""
    return {
        (command.name, role, where): allowed(command, role, where)
        for command in commands
        for role in Role
        for where in Place
    }


def by_word(actor: Actor, group: Group, *, destructive: bool) -> Role:
    """The role that the operator gave."""
    account = actor.account
    if account.startswith(_OPERATORS):
        return Role.OPERATOR
    if account in group.owners:
        return _OWNER
    if account in group.staff:
        return _MODERATOR if destructive and platform_of(account) in TELL_RIGHTS else _ADMIN
    return _MODERATOR if account in group.moderators else _MEMBER


def by_platform(actor: Actor) -> Role:
    """The role that the platform tells."""
    if not actor.admin:
        return _MEMBER
    return _OWNER if OWNER in actor.rights else _ADMIN


def verdict(command: Command, actor: Actor, group: Group, where: Place, *, ghosts: bool = False) -> Allowed | Refused:
    """Whether somebody may give a command. `ghosts`: whether anonymous admins are taken at their word."""
    if actor.kind is ANONYMOUS_ADMIN:
        if command.least is _MEMBER and allowed(command, _MEMBER, where):
            return _ALLOWED[_MEMBER]
        if where is not GROUP or not ghosts:
            return Refused("an anonymous admin", "anonymous")
        if allowed(command, _ADMIN, where):
            return _ALLOWED[_ADMIN]
        return Refused(f"it takes {command.least.name.lower()}", "too_high")
    if actor.kind is not PERSON:
        return Refused("no person", "no_person")
    if where not in command.places:
        return Refused(f"not in {where.value}", f"not_in_{where.value}")
    word = by_word(actor, group, destructive=command.destructive)
    if allowed(command, word, where):
        return _ALLOWED[word]
    role = by_platform(actor)
    if not allowed(command, role, where):
        if actor.account in group.staff and allowed(command, _ADMIN, where):
            return Refused("listed as an admin, and none on the platform", "listed_only")
        return Refused(f"it takes {command.least.name.lower()}", _LACKS.get(command.least, "too_high"))
    if role is _MEMBER:
        return _ALLOWED[role]
    if command.destructive and not actor.vouched:
        return Refused("the platform did not say who may", "unsure")
    if command.right is not None and role is not _OWNER and command.right not in actor.rights:
        return Refused(f"the right {command.right} is missing", f"lacks_{command.right}")
    return _ALLOWED[role]


_LACKS: Final = {_MODERATOR: "staff_only", _ADMIN: "staff_only"}


def rank(member: Member, admins: Iterable[str] = ()) -> Role:
    """How high somebody stands who is to be acted on."""
    if OWNER in member.roles:
        return _OWNER
    if ADMIN in member.roles or member.account in admins:
        return _ADMIN
    return _MODERATOR if MODERATOR in member.roles else _MEMBER


def slip(
    call: Call, event: MessagePosted, view: View, role: Role, giver: Actor, *, unseen: Container[str] = ()
) -> Refused | None:
    """What is wrong with whom a command names. `unseen`: commands that may be about a number never seen here."""
    command, aimed = call.command, call.aimed
    if command.aim == "none" or (command.aim == "optional" and aimed is None):
        return None
    if aimed is None:
        return Refused("nobody is named", "nobody")
    if aimed.kind is _BOT:
        return Refused("a bot is meant", "bot")
    if aimed.kind is ANONYMOUS_ADMIN:
        return Refused("an anonymous admin is meant", "above")
    if aimed.vouched and only_called(aimed.account, aimed.username or ""):
        return Refused("whoever was known by the username does not bear it any more", "renamed")
    target = view.get(call.whom) if call.whom is not None else None
    if target is None:
        if native_of(aimed.account).startswith("@"):
            return Refused("nobody known is meant", "unknown_name")
        if command.name in unseen and aimed.account not in event.admins:
            return None
        return Refused("nobody known is meant", "unknown_number")
    if target.kind is _BOT:
        return Refused("a bot is meant", "bot")
    if not command.against:
        return None
    if target.account == giver.account:
        return Refused("oneself is meant", "oneself")
    stands = max(rank(target, event.admins), _ADMIN if aimed.admin else _NOBODY)
    if stands >= min(role, _ADMIN):
        return Refused("somebody as high is meant", "above")
    if target.kind is _CHANNEL and command.name in _OF_PEOPLE:
        return Refused("a channel is meant", "channel")
    if target.left is not None and command.name not in STILL_POSSIBLE:
        return Refused("somebody who left is meant", "gone")
    return None


STILL_POSSIBLE: Final = frozenset(("ban", "points"))
"""What can be done to somebody who left."""
_OF_PEOPLE: Final = frozenset(("mute", "kick"))
"""What platforms do to no channel: they know a ban of it, for good, and nothing else."""


def refused(
    call: Call, event: MessagePosted, view: View, *, ghosts: bool = False, unseen: Container[str] = ()
) -> Decision | None:
    """The answer to who may not, or means somebody that cannot be meant; None if the command may be carried out."""
    ruled = verdict(call.command, event.actor, view.group, place(event), ghosts=ghosts)
    if isinstance(ruled, Allowed):
        wrong = slip(call, event, view, ruled.role, event.actor, unseen=unseen)
        return None if wrong is None else told(call, event, view, wrong)
    if ruled.says == "no_person":
        return Decision(because=(f"/{call.command.name} refused: {ruled.because}",), rule=call.command.name)
    return told(call, event, view, ruled)


def without_verb(call: Call, event: MessagePosted, group: Group, *, ghosts: bool = False) -> Allowed | Refused | None:
    """The verdict on who writes a command and not what to do. None for who may mean something else by the word; of
    somebody's day speaks only who means to change it, and who steers the group is not taken to mean their own."""
    ruled = verdict(call.command, event.actor, group, place(event), ghosts=ghosts)
    if isinstance(ruled, Allowed) or ruled.says == "unsure":
        return ruled
    if not call.command.everyones or event.actor.kind is not PERSON or not _steers(event.actor, group):
        return None
    return ruled if any(names_a_day(word) for word in call.rest.split(None, 3)[:3]) else None


def _steers(actor: Actor, group: Group) -> bool:
    return max(by_word(actor, group, destructive=False), by_platform(actor)) >= _MODERATOR


_POINTED_OUT: Final = frozenset(("nobody", "unknown_name", "unknown_number"))
"""What is said of somebody who could be pointed out by an answer, a username or a number; where there are no buttons
there is none of that either, and people are mentioned by their names."""


def language(event: MessagePosted, view: View) -> str:
    """The language to answer a command of admins in: where all of them read it the group's first, elsewhere theirs."""
    return view.group.languages[0] if place(event) is DESK else view.language()


def told(call: Call, event: MessagePosted, view: View, no: Refused, *, second: str = "") -> Decision:
    """A refusal in a sentence. `second` is who else is named, where that is what is wrong."""
    target = call.target(view) if call.aimed is not None else None
    name = shown_name(target) if target is not None else call.aimed.name if call.aimed is not None else ""
    says = no.says
    if says in _POINTED_OUT and platform_of(event.actor.account) in view.group.numbered:
        says += "_by_quote" if says == "nobody" and event.quoted else "_by_name"
    values: dict[str, object] = {"name": call.command.called, "target": name or "?", "second": second}
    if says == "renamed" and call.aimed is not None:
        values |= {"target": call.aimed.name, "username": call.aimed.username}
    if says == "staff_only" and call.command.name == "points" and not call.rest:
        says = "staff_only_points"  # asked by who wants to see their own
    words = view.group.texts.say(f"rights.{says}", language(event, view), {"command": values})
    return Decision(
        effects=(answer(call, event, view, words),),
        because=(f"/{call.command.name} refused: {no.because}",),
        rule=call.command.name,
    )


def press_refused(
    command: Command, event: ButtonPressed, view: View, *, rule: str = "", about: Account | None = None
) -> Decision | None:
    """The answer to a press on what a command does too, by who may not give that; None if the press counts."""
    ruled = verdict(command, event.actor, view.group, DESK)
    return None if isinstance(ruled, Allowed) else unheeded(command, ruled, event, view, rule=rule, about=about)


def unheeded(
    command: Command, no: Refused, event: ButtonPressed, view: View, *, rule: str = "", about: Account | None = None
) -> Decision:
    """A press that does not count: who steers the group, too, is told why, at the desk if there is one; others hear
    nothing. It is no decision of whoever put the button there."""
    group, actor = view.group, event.actor
    told: tuple[Effect, ...] = ()
    if actor.kind is PERSON and _steers(actor, group):
        values = {"command": {"name": command.called, "target": shown_name(actor)}}
        spoken = group.languages[0] if group.desk else view.language()
        words = group.texts.say(f"rights.{no.says}", spoken, values)
        if group.desk:
            who = Mention(account=actor.account, name=one_line(actor.name, 64) or actor.account)
            told = (TellAdmins(words=(who, " ", *words)),)
        else:
            told = (to_them_alone(words, actor, event.message, event.topic, spoken),)
    return Decision(
        effects=told,
        because=(f"/{command.name} refused: {no.because}",),
        rule=rule or command.name,
        about=about,
        workflow=STEERING,
    )


def to_them_alone(words: Words, actor: Actor, message: str, topic: str | None = None, language: str = "") -> Say:
    """An answer to who pressed or wrote `message`, for nobody else; who has no private chat with the assistant finds
    the way there under it, where it stands in the group."""
    return _say(
        words=words,
        to=actor.account,
        reply_to=message or None,
        topic=topic,
        urgency="now",
        confidential=True,
        language=language,
    )


def answer(call: Call, event: MessagePosted, view: View, words: Words, *, discreet: bool = False) -> Effect:
    """Words where the command was given; `discreet` ones in private, wherever it was."""
    where = place(event)
    if where is DESK:
        return TellAdmins(words=words)
    if discreet and event.actor.kind is not PERSON:
        return TellAdmins(words=words)
    if where is PRIVATE:
        return _say(words=words, to=event.actor.account, urgency="now", confidential=discreet)
    if discreet:
        return to_them_alone(words, event.actor, event.message, event.topic, language(event, view))
    return _say(
        words=words,
        reply_to=event.message,
        topic=event.topic,
        urgency="now",
        quiet=True,
        place=tidy.place(view.group, call.command.name),
    )
