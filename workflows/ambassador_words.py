"""What is said of ambassadors, and to whom."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.effects import Choice, Say, TellAdmins, Words, plain
from core.events import ButtonPressed, MessagePosted
from core.people import Account, Member
from core.workflow import Group, View
from workflows import steering_books
from workflows.ambassador_options import NAME, Program
from workflows.facts import shown_name
from workflows.happened import Grouped
from workflows.measures import compared, holds, measured
from workflows.tier_clauses import Comparison

DECIDE: Final = "ambassador:do:"
"""With what the buttons of admins begin: `ambassador:do:invite:koc:telegram:7`."""
ANSWER: Final = "ambassador:say:"
"""With what those of who is asked begin: `ambassador:say:yes:koc`."""
_ORDERS: Final = ("invite", "later", "never")


def say(group: Group, language: str, key: str, **values: object) -> Words:
    """A sentence of the section `ambassadors`."""
    return group.texts.say(f"{NAME}.{key}", language, {"ambassador": values})


def decided(data: str) -> tuple[str, str, Account] | None:
    """The order, the kind and the member, if a press is an admin's."""
    if not data.startswith(DECIDE):
        return None
    verb, _, rest = data.removeprefix(DECIDE).partition(":")
    id_, _, account = rest.partition(":")
    return (verb, id_, Account(account)) if verb in _ORDERS and id_ and account else None


def answered(data: str) -> tuple[bool, str] | None:
    """Whether it is a yes and to which kind, if a press is the answer of who was asked."""
    answer, _, id_ = data.removeprefix(ANSWER).partition(":")
    return (answer == "yes", id_) if data.startswith(ANSWER) and answer in ("yes", "no") and id_ else None


def evidence(kind: Program, facts: dict[str, object]) -> tuple[str, ...]:
    """Why somebody is shown: what was asked for with what they have, and how many they helped all the same."""
    asked = {
        one.field: compared(f"member.{one.field}", facts[one.field], one.sign, str(one.bound))
        for one in kind.clauses
        if isinstance(one, Comparison) and one.field in facts
    }
    told = {field: measured(f"member.{field}", facts[field]) for field in ("helped_30d", "active_days_30d")}
    others = (holds(one.source) for one in kind.clauses if not isinstance(one, Comparison))
    return (*{**asked, **{field: line for field, line in told.items() if field not in asked}}.values(), *others)


def shown_to_admins(id_: str, kind: Program, member: Member, why: tuple[str, ...], view: View) -> TellAdmins:
    """The line about one who was found, with what the admins can do."""
    group = view.group
    language = group.languages[0]
    reasons = steering_books.reasons(why, language)
    words = say(group, language, "found", name=shown_name(member), kind=kind.name.in_(language), why=reasons)
    choices = tuple(
        Choice(
            label=plain(say(group, language, f"button_{verb}")),
            data=f"{DECIDE}{verb}:{id_}:{member.account}",
        )
        for verb in _ORDERS
    )
    return TellAdmins(words=words, about=member.account, choices=choices)


def invitation(id_: str, kind: Program, member: Member, group: Group, until: datetime | None = None) -> Say:
    """What somebody is asked, and can answer until an instant."""
    language = group.language_of(member)
    name = shown_name(member)
    if kind.invite is not None:
        asked = kind.invite.say(language, {"member": {"name": name}, "group": Grouped(group)})
    else:
        asked = say(
            group, language, "invite", name=name, kind=kind.name.in_(language), community=group.called(language)
        )
    choices = tuple(
        Choice(label=plain(say(group, language, f"button_{answer}")), data=f"{ANSWER}{answer}:{id_}")
        for answer in ("yes", "no")
    )
    return Say(
        words=asked,
        to=member.account,
        choices=choices,
        chooser=member.account,
        confidential=not kind.in_group,
        expires=until,
    )


def answer(event: ButtonPressed | MessagePosted, kind: Program, words: Words) -> Say:
    """Words to who answered: in private, or where they were asked."""
    return Say(
        words=words,
        to=event.actor.account,
        topic=event.topic,
        urgency="now",
        quiet=True,
        confidential=not kind.in_group,
    )


def told(group: Group, key: str, kind: Program, member: Member, **values: object) -> TellAdmins:
    """A line to the admins about somebody."""
    language = group.languages[0]
    words = say(group, language, key, name=shown_name(member), kind=kind.name.in_(language), **values)
    return TellAdmins(words=words, about=member.account)
