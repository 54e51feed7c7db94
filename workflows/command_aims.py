"""Whom a command names: somebody who is mentioned, by a number, or by the button under a line to the admins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from core.events import MessagePosted
from core.people import Account, Actor, ActorKind, platform_of
from core.quick import maker
from workflows.length_behind import ends_in_length
from workflows.lengths import AROUND, length_in

_actor: Final = maker(Actor)

_NUMBER: Final = re.compile(r"(?:(telegram|wechat):(\S+)|(\d{5,20}))(?=\s|$)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?=\s|$)", re.ASCII)
_BEFORE_A_DAY: Final = re.compile(r"(?:telegram|wechat):\S+|\d{5,20}\s+" + _DAY.pattern, re.ASCII)
ATS: Final = ("@", "＠")
_AT: Final = re.compile(r"[@＠](\S+)")
_EVERYBODY: Final = re.compile(
    r"[@＠](?:所有人|全体(?:成员)?|全员|大家|各位|all|everyone|everybody|here|channel)(?![^\W_])", re.IGNORECASE
)


def mentioned(rest: str, event: MessagePosted) -> tuple[Actor, int] | None:
    """Somebody mentioned at the start, with how many letters that takes. Who has no username is mentioned by name."""
    if not event.mentions and rest[:1] not in ATS:
        return None
    at = _AT.match(rest)
    for actor in event.mentions:
        for called in (actor.username, actor.name):
            if not called:
                continue
            if at is not None and rest[1 : 1 + len(called)].casefold() == called.casefold():
                end = 1 + len(called)
            elif not actor.username and rest.startswith(called):
                end = len(called)
            else:
                continue
            if end == len(rest) or not rest[end].isalnum():
                return actor, end
    if at is None:
        return None
    platform = platform_of(event.actor.account)
    name = at[1]
    return _actor(account=Account(f"{platform}:@{name.lower()}"), name=name, username=name), at.end()


def to_everybody(text: str) -> str | None:
    """The mention of all members that a text begins with, `@所有人`; None without one."""
    found = _EVERYBODY.match(text) if text[:1] in ATS else None
    return found[0] if found is not None else None


def numbered(rest: str, event: MessagePosted) -> tuple[Actor, int] | None:
    found = _NUMBER.match(rest)
    if found is None:
        return None
    platform = found[1] or platform_of(event.actor.account)
    native = found[2] or found[3]
    for actor in event.mentions:
        if actor.account == f"{platform}:{native}":
            return actor, found.end()
    return _actor(account=Account(f"{platform}:{native}"), name=native), found.end()


def about_somebody(rest: str, event: MessagePosted) -> bool:
    """Whether the first word names somebody, or the second one before a day, or an answer to somebody begins with a
    day. A bare number names somebody only before a day: people count what they did, too."""
    if event.reply_to is not None and _DAY.match(rest):
        return True
    if mentioned(rest, event) is not None:
        return True
    later = rest.partition(" ")[2].lstrip()
    named = mentioned(later, event)
    dated = named is not None and _DAY.match(later[named[1] :].lstrip()) is not None
    return dated or any(_BEFORE_A_DAY.match(words) is not None for words in (rest, later))


def named_besides(rest: str, event: MessagePosted, aimed: Actor, *, numbers: bool) -> str:
    """Who else is named by what stands behind whom a command names, as written; "" if nobody is. It is somebody right
    behind the first, or at the end behind an amount: `@ana 5 @ben 5`. A name within a sentence belongs to that, and
    with `numbers` a number that is all that follows is somebody, too."""
    by_name = bool(event.mentions) or "@" in rest or "＠" in rest
    if not by_name and not numbers:
        return ""
    begins = _JOINED.match(rest).end()  # type: ignore[union-attr]  # it matches nothing, too
    found = mentioned(rest[begins:], event)
    if found is None and numbers and (found := numbered(rest[begins:], event)) is not None:
        behind = rest[begins + found[1] :].strip(AROUND)
        found = found if not behind or _amount(behind) else None
    if found is not None and _another(found[0], aimed):
        return rest[begins : begins + found[1]].strip()
    for at in _names_at(rest, event) if by_name else ():
        found = mentioned(rest[at:], event)
        if found is None or not _another(found[0], aimed):
            continue
        behind = rest[at + found[1] :].strip(AROUND)
        if (not behind or _amount(behind)) and _amount_before(rest[:at]):
            return rest[at : at + found[1]]
    return ""


def _another(named: Actor, aimed: Actor) -> bool:
    return named.kind is not ActorKind.BOT and named.account != aimed.account


def _names_at(rest: str, event: MessagePosted) -> Iterator[int]:
    """Where names may begin: with an @ that is in no word, and people without a username as they are called."""
    end = max(0, len(rest) - _NEAR_THE_END)
    for one in _AT_WORDS.finditer(rest, end):
        yield one.start()
    for actor in event.mentions:
        if actor.name and not actor.username and (at := rest.rfind(actor.name)) >= end:
            yield at


def _amount(text: str) -> bool:
    length = length_in(text)
    return _POINTS.fullmatch(text) is not None or (length.span is not None and not length.rest)


def _amount_before(text: str) -> bool:
    before = text.rstrip(AROUND)
    while (joined := _JOINT_AT_END.search(before)) is not None:
        before = before[: joined.start()].rstrip(AROUND)
    last = before.split()[-1:]
    return (bool(last) and _POINTS.fullmatch(last[0]) is not None) or ends_in_length(before)


_JOINT: Final = r"(?:(?ai:and|or|plus|with)\b|[和跟与與及同]|还有|還有|以及)"
_JOINED: Final = re.compile(rf"[\s,，、;；:：&+/|]*(?:{_JOINT}\s*)?")
_JOINT_AT_END: Final = re.compile(rf"(?:^|(?<=[\s\W\d])){_JOINT}$")
_AT_WORDS: Final = re.compile(r"(?<![A-Za-z0-9._])[@＠](?=\S)")
_POINTS: Final = re.compile(r"[-+＋－−]?\d+")
_NEAR_THE_END: Final = 120
"""A name with an amount behind it begins among the last so many signs."""


def under_the_line(data: str) -> Actor | None:
    """Whom the button under a line is about: its data ends in their account."""
    found = re.search(r"(?:^|:)((?:telegram|wechat):.+)$", data)
    return Actor(account=Account(found[1])) if found is not None else None
