"""Whose days a member speaks of: `请假 小王三天` is for 小王, and nobody takes leave, or makes a day up, for others.

Whoever is named is looked up among the members. One's own name, an admin who is asked (`请假 @班长 明天`) and the
assistant are passed over; a word that is nobody's name is a reason (`请假 出差三天`), unless it is made like a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from core import state
from core.decision import Decision
from core.events import MessageEdited, MessagePosted
from core.names import Named
from core.people import Actor, ActorKind, native_of
from core.quick import renewed
from core.state import Key
from core.workflow import View
from workflows.check_in_book import Book
from workflows.check_in_days import tells_days
from workflows.check_in_telling import fitting
from workflows.check_in_words import BETWEEN, Ask, says
from workflows.command_aims import ATS, mentioned, to_everybody
from workflows.folding import normalized

_WORD: Final = re.compile(r"[^\W\d_]{2,20}")
_LONGEST: Final = 8
"""Letters of a name that days follow at once."""
_LIKE_A_NAME: Final = re.compile(
    "[小老阿]([王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方邹孟熊秦邱江尹薛闫段侯史陶黎贺顾郝龚邵万钱严覃武戴莫孔汤])"
)
"""How people are called by their surname."""


def reads(event: MessagePosted, ask: Ask) -> Iterator[Key[Any]]:
    """Whom the text behind the word may name."""
    for _, _, key in _named(event, ask.rest):
        yield key


def asked(event: MessagePosted, book: Book, ask: Ask, view: View) -> Ask | Decision:
    """What is asked for oneself, without a name before the days; or what comes of what is asked for somebody else.

    `ask` is one of those that days may follow (`DATED`), and `reads` was declared.
    """
    if _heads_no_days(ask) and view.actor().staff:
        return _by_an_admin(book, ask)
    own = _own(event, ask, view)
    return own if isinstance(own, Ask) else _for_another(book, ask, own, view)


def _own(event: MessagePosted, ask: Ask, view: View) -> Ask | str:
    own, like = normalized(event.actor.name), ""
    for name, end, key in _named(event, ask.rest):
        member = view.get(key)
        if member is not None and member.person != view.person():
            if not member.staff and member.kind is ActorKind.PERSON:
                return name
        elif member is None and normalized(name) not in own:
            like = like or (name if _is_like_a_name(name, own) else "")
            if ask.rest[:1] not in ATS:
                continue
        return renewed(ask, rest=ask.rest[end:].lstrip(BETWEEN))
    return like or ask


def _heads_no_days(ask: Ask) -> bool:
    """Whether a `请假：…` or `补卡：…` goes on with something else than days."""
    return ask.heading and bool(ask.rest) and not tells_days(ask.rest)


def _by_an_admin(book: Book, ask: Ask) -> Decision:
    """What comes of an admin's `请假：…` or `补卡：…` with no days behind it, which may be about somebody else."""
    leave = book.challenge.leave
    if ask.what == "leave" and leave is not None:
        return book.refuse("leave_when", "no day to read", word=fitting(leave.keyword, book.language))
    return Decision(because=("an admin's word about others, no day of their own made up",), rule=book.id)


def _for_another(book: Book, ask: Ask, name: str, view: View) -> Decision:
    """Nothing is noted for the writer; an admin is told how it is done for others."""
    rule = book.challenge.leave if ask.what == "leave" else book.challenge.late
    assert rule is not None
    lines = [book.say("for_oneself", whom=name, word=fitting(rule.keyword, book.language))]
    if view.actor().staff:
        verb = Named("excuse", {"zh": "免"}) if ask.what == "leave" else Named("repair", {"zh": "补"})
        lines.append(book.say("for_others", whom=name, verb=verb, day=book.today.isoformat()))
    return Decision(effects=book.answer(*lines), because=("asked for somebody else",), rule=book.id)


def reads_called(event: MessagePosted | MessageEdited) -> Iterator[Key[Any]]:
    """Who is mentioned before the word to check in."""
    found = _called(event)
    if found is not None:
        yield _key(found[0])


def calls_another(event: MessagePosted, ask: Ask, view: View) -> bool:
    """Whether who is mentioned first may be meant to check in: `@小王 打卡`, `@所有人 打卡`, `@ada check in again`.

    Who says `我`, counts, shows a picture or tells what was done speaks of themselves, and so does who checks in with
    an admin or the assistant. `reads_called` was declared.
    """
    if event.text[:1] not in ATS or ask.what != "check_in" or ask.mine or event.kind != "text":
        return False
    everybody, found = to_everybody(event.text), _called(event)
    if everybody is None and (found is None or not _is_another(found[0], event, view)):
        return False
    said = event.text[found[1] if found is not None else len(everybody or "") :]
    if not says(ask.rest, 1):
        return _COUNTS.search(said) is None
    word = said.rstrip()[: -len(ask.rest)]
    return said.isascii() and word[-1:].isspace() and word.rstrip()[-1:].isalpha()  # no sign is behind an English word


def _called(event: MessagePosted | MessageEdited) -> tuple[Actor, int] | None:
    """Who a text begins with, other than its author, and where their name ends."""
    if event.text[:1] not in ATS or type(event) is not MessagePosted or to_everybody(event.text) is not None:
        return None
    found = mentioned(event.text, event)
    return found if found is not None and found[0].account != event.actor.account else None


def _is_another(actor: Actor, event: MessagePosted, view: View) -> bool:
    """Whether somebody who is mentioned is a plain member, and not the writer by another account."""
    member = view.get(_key(actor))
    if member is None:
        known = actor in event.mentions and ":@" not in actor.account  # nobody here is called so
        return known and actor.kind is ActorKind.PERSON and actor.account not in view.group.staff
    return not member.staff and member.kind is ActorKind.PERSON and member.person != view.person()


def _key(actor: Actor) -> Key[Any]:
    """Where somebody who is mentioned is found: by their account, or by what they are called."""
    native = native_of(actor.account)
    return state.named(native[1:]) if native[:1] == "@" else state.member(actor.account)


_COUNTS: Final = re.compile(r"\d|第|已|完")


def _named(event: MessagePosted, rest: str) -> Iterator[tuple[str, int, Key[Any]]]:
    """The names that a text may begin with, the longest last: where each ends, and who that is here."""
    found = mentioned(rest, event)
    if found is not None:
        actor, end = found
        yield actor.name, end, _key(actor)
        return
    word = _WORD.match(rest)
    if word is None or tells_days(rest):
        return
    for end in range(2, min(word.end(), _LONGEST) + 1):
        if end == word.end() or tells_days(rest[end:]):
            yield rest[:end], end, state.named(rest[:end])
    if word.end() > _LONGEST:
        yield word[0], word.end(), state.named(word[0])


def _is_like_a_name(name: str, own: str) -> bool:
    """Whether a word is how somebody with another surname than the writer's is called."""
    found = _LIKE_A_NAME.fullmatch(name)
    return found is not None and found[1] not in own
