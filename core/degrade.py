"""What becomes of an effect that a platform cannot do, or refused: something else, or nothing with a reason. Pure.

What is lost is said: members read a reminder where nobody can be muted, and the admins get a line with what to do by
hand, or with the right to grant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from core.corrections import Undone, Why
from core.courier_lines import say as _say
from core.courier_lines import somebody as _somebody
from core.courier_lines import text as _text
from core.delivery import Ability, Never, Refusal
from core.effects import (
    Approve,
    Ban,
    Choice,
    Decline,
    Delete,
    Edit,
    Effect,
    Invite,
    Mention,
    Mute,
    Pin,
    React,
    Remove,
    Say,
    TellAdmins,
    Unban,
    Unmute,
    Words,
    scored,
)
from core.events import GENERAL
from core.people import Account
from core.workflow import Group

REMINDER_LIVES: Final = timedelta(minutes=2)
"""A reminder in place of an act is about this moment; in a wave of spam most of them are left out."""
CORRECTION_LIVES: Final = timedelta(hours=1)
"""What an admin ordered is few, and what the group was told of it wrongly is put right later, too."""
LATE_LIVES: Final = timedelta(days=1)
"""What was over before it could be done is told however long nothing could be said."""


@dataclass(frozen=True, slots=True)
class Keep:
    """It is done as it was decided."""


@dataclass(frozen=True, slots=True)
class Instead:
    """Other effects take its place. `lacks` is the ability that admins can grant, to be told once; `undone` what they
    were told wrongly, to be put right once a while."""

    effects: tuple[Effect, ...]
    because: str
    lacks: Ability | None = None
    undone: Undone | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """It is left out. `shut` is the topic that was closed or gone where it was to be said."""

    because: str
    lacks: Ability | None = None
    shut: str = ""


KEEP: Final = Keep()
NOBODY_CAN: Final[frozenset[Ability]] = frozenset(("delete", "mute"))
"""Where admins have no rights to grant (personal WeChat rooms), they cannot do these by hand either."""
NEEDS: Final[Mapping[type, Ability]] = {
    Edit: "edit",
    Delete: "delete",
    React: "react",
    Pin: "pin",
    Mute: "mute",
    Unmute: "mute",
    Remove: "remove",
    Ban: "ban",
    Unban: "ban",
    Approve: "approve",
    Decline: "approve",
    Invite: "invite",
}


def degrade(
    effect: Effect,
    abilities: Collection[Ability] | None,
    group: Group,
    *,
    at: datetime,
    name: str = "",
    grantable: bool = True,
) -> Keep | Instead | Drop:
    """What to do with an effect where the assistant has these abilities; None means that nobody knows them.

    `name` is how others know the member it is about. `grantable`: the group's admins could give the ability, so that
    they are told once what is missing and not, each time, what to do by hand.
    """
    if abilities is None:
        return KEEP
    if isinstance(effect, Say):
        return _said(effect, abilities, group, name)
    if isinstance(effect, TellAdmins):
        if not effect.choices or "buttons" in abilities:
            return KEEP
        listed = replace(effect, words=(*effect.words, *_listed(effect, group, privately=False)), choices=())
        return Instead((listed,), "no buttons: a numbered list")
    if NEEDS[type(effect)] in abilities:
        return KEEP
    if isinstance(effect, Ban) and "remove" in abilities:
        out = Remove(member=effect.member, announced=effect.announced, heard=effect.heard)
        return Instead((out,), "no ability to ban: removed, and again should they be brought back")
    plain_group = isinstance(effect, Mute | Unmute) and "ban" in abilities
    return _impossible(effect, NEEDS[type(effect)], group, at, name, grantable=grantable, plain_group=plain_group)


def after_refusal(
    effect: Effect,
    never: Never,
    group: Group,
    *,
    at: datetime,
    name: str = "",
    member: bool = True,
    grantable: bool = True,
) -> Instead | Drop:
    """What a refusal of the platform leads to. `member` says that the person it is about is in the group to read it."""
    because = f"{never.refusal.value}: {never.why}"
    match never.refusal:
        case Refusal.UNREACHABLE if isinstance(effect, Say) and effect.to is not None:
            if effect.confidential and effect.reply_to is None:
                return Drop(f"{because}; it is for their eyes only")
            if effect.expires is not None and effect.expires <= at:
                return Drop(f"{because}; it is too late to say it in the group")
            if not member:
                return Drop(f"{because}; they are not in the group")
            said = _the_way(effect, group) if effect.confidential else in_group(effect, group, name)
            return Instead((said,), because)
        case Refusal.NO_RIGHT | Refusal.UNABLE:
            can_grant = grantable and never.refusal is Refusal.NO_RIGHT
            if isinstance(effect, Say | TellAdmins):
                return _refused_words(effect, never, group, because, grantable=can_grant)
            needs = never.needs or NEEDS[type(effect)]
            left = _impossible(effect, needs, group, at, name, grantable=can_grant)
            return replace(left, because=because)
        case Refusal.SHUT if isinstance(effect, Say):
            return Drop(because, shut=effect.topic or ("" if effect.reply_to is not None else group.topic or GENERAL))
        case Refusal.IMMUNE:
            return _put_right(effect, group, at, name, "refused", because)
        case Refusal.MALFORMED if undone := _undone(effect, group, at, name, "refused"):
            return Instead(undone, because)
        case _:
            return Drop(because)


def overdue(effect: Effect, group: Group, *, at: datetime, name: str = "") -> Instead | Drop:
    """What becomes of a sanction whose time was over before it could be carried out: nothing, and whoever read that it
    is done is told so."""
    return _put_right(effect, group, at, name, "late", "its time was over before it could be carried out")


def in_group(say: Say, group: Group, name: str) -> Say:
    """What was meant for somebody's private chat, said to them in the group."""
    assert say.to is not None
    mention = Mention(account=say.to, name=name or _somebody(group))
    named = any(isinstance(part, Mention) and part.account == say.to for part in say.words)
    words = say.words if named else (mention, *_after(name, say.words))
    return replace(say, to=None, words=words, chooser=say.chooser or (say.to if say.choices else None))


def _after(name: str, words: Words) -> Words:
    """The words that follow a mention of somebody: without their name where they begin with it."""
    begin = next((n for n, part in enumerate(words) if not isinstance(part, str)), len(words))
    text = "".join(part for part in words[:begin] if isinstance(part, str))
    rest = text.removeprefix(name)
    if name and rest != text and rest and not rest[0].isalnum():
        return (rest, *words[begin:])
    return (" ", *words)


def _the_way(say: Say, group: Group) -> Say:
    """What who asked in the group reads there, when the answer is for their eyes only."""
    way = Choice(label=_text(group, "open_private", say.language), data="private", private=True)
    return Say(
        words=_say(group, "only_private", say.language),
        reply_to=say.reply_to,
        topic=say.topic,
        choices=(way,),
        chooser=say.to,
        urgency=say.urgency,
        expires=say.expires,
        language=say.language,
    )


def _said(say: Say, abilities: Collection[Ability], group: Group, name: str) -> Keep | Instead | Drop:
    became = say
    reasons = []
    if became.to is not None and "private" not in abilities:
        if became.confidential:
            return Drop("no private messages, and it is for their eyes only")
        became = in_group(became, group, name)
        reasons.append("no private messages: said in the group")
    if became.picture is not None and "picture" not in abilities:
        if not became.words:
            return Drop("no pictures, and there are no words")
        became = replace(became, picture=None)
        reasons.append("no pictures: the words alone")
    if became.file is not None and "file" not in abilities:
        text = became.file.text
        if not became.words and not text:
            return Drop("no files, and there are no words")
        became = replace(became, words=(*became.words, "\n\n", text) if text else became.words, file=None)
        reasons.append("no files: what it says, as words" if text else "no files: the words alone")
    if became.announce and "announce" not in abilities:
        became = replace(became, announce=False)
        reasons.append("no announcement to set: said like other words")
    if became.choices and "buttons" not in abilities:
        aloud = became.to is None and "private" in abilities
        became = replace(became, words=(*became.words, *_listed(became, group, privately=aloud)), choices=())
        reasons.append("no buttons: a numbered list")
    return Instead((became,), "; ".join(reasons)) if reasons else KEEP


def _refused_words(
    effect: Say | TellAdmins, never: Never, group: Group, because: str, *, grantable: bool
) -> Instead | Drop:
    lacks = never.needs if grantable else None
    if isinstance(effect, Say) and effect.announce:
        return Instead((replace(effect, announce=False),), because)
    if isinstance(effect, Say) and never.needs == "picture" and effect.picture is not None and effect.words:
        return Instead((replace(effect, picture=None),), because, lacks)
    return Drop(because, lacks)


def _impossible(
    effect: Effect,
    needs: Ability,
    group: Group,
    at: datetime,
    name: str,
    *,
    grantable: bool,
    plain_group: bool = False,
) -> Instead | Drop:
    """`plain_group`: whoever may ban there and cannot mute lacks no right, but a supergroup."""
    because = f"no ability to {needs}"
    if isinstance(effect, React) and effect.instead:
        said = Say(words=effect.instead, reply_to=effect.message, topic=effect.topic, urgency="now", quiet=True)
        return Instead((said,), f"{because}: said in words")
    if isinstance(effect, React) or (isinstance(effect, Delete) and effect.own):
        return Drop(because)
    if isinstance(effect, Edit):
        said = Say(words=effect.words, choices=effect.choices, chooser=effect.chooser, quiet=True)
        return Instead((said,), f"{because}: said anew")
    effects: list[Effect] = []
    reminder = _reminder(effect, group, name, grantable=grantable)
    if reminder is not None:
        reply_to = effect.messages[0] if isinstance(effect, Delete) and effect.messages else None
        effects.append(Say(words=reminder, reply_to=reply_to, expires=at + REMINDER_LIVES))
    if not grantable and not (needs in NOBODY_CAN and reminder is None):
        key = "nobody_can" if needs in NOBODY_CAN else "by_hand"
        words = _say(group, key, group=group.key, what=_deed(effect, group, name))
        evidence = effect.messages[0] if isinstance(effect, Delete) and effect.messages else None
        effects.append(TellAdmins(words=words, evidence=evidence, about=_member(effect)))
    lacks = needs if grantable else None
    told = None
    if grantable:
        why: Why = "plain" if plain_group else "lacking"
        effects += _undone(effect, group, at, name, why, needs)
        told = _reported(effect, group, name, why, needs)
    return Instead(tuple(effects), because, lacks, told) if effects or told else Drop(because, lacks)


def _put_right(effect: Effect, group: Group, at: datetime, name: str, why: Why, because: str) -> Instead | Drop:
    """Nothing is done, and whoever read that it is hears so."""
    if undone := _undone(effect, group, at, name, why):
        return Instead(undone, because)
    told = _reported(effect, group, name, why)
    if not _announced(effect):
        return Instead((), because, undone=told) if told else Drop(because)
    lives = LATE_LIVES if why == "late" else REMINDER_LIVES
    return Instead((Say(words=_stays(effect, group, name), expires=at + lives),), because, undone=told)


def _undone(
    effect: Effect, group: Group, at: datetime, name: str, why: Why, needs: Ability | None = None
) -> tuple[Say | TellAdmins, ...]:
    """What is told to who read that it is done: that it is not, and why."""
    if not isinstance(effect, Mute | Unmute | Remove | Ban | Unban) or effect.heard in ("", "report"):
        return ()
    what = _text(group, f"undone_{type(effect).__name__.lower()}", name=name or _somebody(group))
    right = "" if needs is None else _text(group, f"right_{needs}")
    words = _say(group, f"undone_{why}_{effect.heard}", what=what, group=group.key, right=right)
    if effect.heard == "group":
        return (Say(words=words, urgency="now", expires=at + (LATE_LIVES if why == "late" else CORRECTION_LIVES)),)
    return (TellAdmins(words=words, about=effect.member),)


def _reported(effect: Effect, group: Group, name: str, why: Why, needs: Ability | None = None) -> Undone | None:
    """What the admins were told wrongly of what a rule did."""
    if not isinstance(effect, Mute | Unmute | Remove | Ban | Unban) or effect.heard != "report":
        return None
    what = _text(group, f"undone_{type(effect).__name__.lower()}", name=name or _somebody(group))
    return Undone(effect.member, what, why, "" if needs is None else _text(group, f"right_{needs}"))


def _announced(effect: Effect) -> bool:
    """Whether the group was told that it is done, and by no order that is answered."""
    return isinstance(effect, Mute | Remove | Ban) and effect.announced and effect.heard in ("", "report")


def _reminder(effect: Effect, group: Group, name: str, *, grantable: bool) -> Words | None:
    if isinstance(effect, Delete):
        return _say(group, "remind_delete")
    if isinstance(effect, Mute) and not effect.silently and not effect.asked:
        key = "remind_muted" if effect.announced and grantable else "remind_mute"
        if effect.span is None:
            return _say(group, f"{key}_open", member=_mention(effect.member, group, name))
        return _say(group, key, member=_mention(effect.member, group, name), span=effect.span)
    if isinstance(effect, Remove | Ban) and not grantable:
        return _say(group, "remind_out", member=_mention(effect.member, group, name))
    if isinstance(effect, Remove | Ban) and _announced(effect):
        return _stays(effect, group, name)
    return None


def _stays(effect: Effect, group: Group, name: str) -> Words:
    """What the group reads that was told that somebody is out, or muted."""
    assert isinstance(effect, Mute | Remove | Ban)
    key = "remind_unmuted" if isinstance(effect, Mute) else "remind_stays"
    return _say(group, key, member=_mention(effect.member, group, name))


def _deed(effect: Effect, group: Group, name: str) -> str:
    """What an admin is to do by hand."""
    shown = name or _somebody(group)
    span = getattr(effect, "span", None)
    verb = type(effect).__name__.lower() + ("_open" if isinstance(effect, Mute | Ban) and span is None else "")
    return _text(group, f"deed_{verb}", name=shown, **({} if span is None else {"span": span}))


def _listed(effect: Say | TellAdmins, group: Group, *, privately: bool) -> Words:
    """The choices as lines to answer with a number. Those that only open the private chat are said, if there is one
    (`privately`) and this is not it."""
    language = effect.language if isinstance(effect, Say) else ""
    labels = [choice.label for choice in effect.choices if not choice.private]
    lines = "".join(f"\n{n}. {label}" for n, label in enumerate(labels, effect.first))
    listed: Words = ("\n", *_say(group, "choose", language), lines) if labels else ()
    if scored(effect.choices) is not None:
        listed = ("\n", *_say(group, "choose_number", language, first=labels[0], last=labels[-1]))
    ways = [choice.label for choice in effect.choices if choice.private] if privately else []
    return (*listed, *(part for label in ways for part in ("\n", *_say(group, "privately", language, label=label))))


def _member(effect: Effect) -> Account | None:
    return getattr(effect, "member", None)


def _mention(account: Account, group: Group, name: str) -> Mention:
    return Mention(account=account, name=name or _somebody(group))
