"""Whom a command names: somebody who is mentioned, by a number, or by the button under a line to the admins."""

from __future__ import annotations

import re
from typing import Final

from core.events import MessagePosted
from core.people import Account, Actor
from core.quick import maker

_actor: Final = maker(Actor)

_NUMBER: Final = re.compile(r"(?:(telegram|wechat):(\S+)|(\d{5,20}))(?=\s|$)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?=\s|$)", re.ASCII)
_BEFORE_A_DAY: Final = re.compile(r"(?:telegram|wechat):\S+|\d{5,20}\s+" + _DAY.pattern, re.ASCII)
ATS: Final = ("@", "＠")
_AT: Final = re.compile(r"[@＠](\S+)")


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
    platform = event.actor.account.partition(":")[0]
    name = at[1]
    return _actor(account=Account(f"{platform}:@{name.lower()}"), name=name, username=name), at.end()


def numbered(rest: str, event: MessagePosted) -> tuple[Actor, int] | None:
    found = _NUMBER.match(rest)
    if found is None:
        return None
    platform = found[1] or event.actor.account.partition(":")[0]
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


def under_the_line(data: str) -> Actor | None:
    """Whom the button under a line is about: its data ends in their account."""
    found = re.search(r"(?:^|:)((?:telegram|wechat):.+)$", data)
    return Actor(account=Account(found[1])) if found is not None else None
