"""That somebody comes to an event or cannot, in their own words: `我要报名`, `报名 周五茶会`, `count me in`.

Some of them say it of events and of nothing else. Others are said of much: those count alone in a message where one
event is meant, because it is the only one, or because its announcement is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

from core.events import MessagePosted
from core.people import PERSON
from core.workflow import Group
from workflows.check_in_options import CheckIns
from workflows.commands import SLASHES, TRAILING
from workflows.event_options import Gathering
from workflows.event_words import PRESSED, Voice
from workflows.folding import holds_one, normalized

_LONGEST: Final = 60
_HOLDS: Final = (
    *("报名", "报个名", "報名", "報個名", "一下名", "我", "了", "參加", "参加", "join", "withdraw", "count", "sign"),
    *("cancel", "i'm", "im", "i'll", "ill", "i can", "can't make", "cant make", "i won"),
)
_NAMED: Final = r"(?:(?:了|啦|吧|哈|一下)?[\s:,]*(?P<{}>.*?))(?:了|啦|吧|哈|哦|谢谢)*"
_THE_EVENT: Final = frozenset(
    ("", "the event", "this event", "it", "this", "活动", "这个活动", "这次活动", "参加", "+1", "加1", "加一")
)
_JOINS: Final = re.compile(
    f"(?:请|帮)?(?:我(?:也|们)?)?(?:要|想|来)*(?:报名|报个名|报一下名)(?:参加)?{_NAMED.format('zh')}"
    "|我?(?:也)?(?:要|想)*参加(?!了|不|过|完|活动|这)(?P<which>.{2,}?)(?:吧|啦|哈)*"
    "|(?:please )?(?:i (?:want|would like) to |i'?d like to |let me |i'?ll )?(?:join"
    "|sign me up(?: for)?)(?:[:,]? (?P<en>.*?))?"
    r"(?:,? (?:please|thanks))*"
)
_WITHDRAWS: Final = re.compile(
    f"我?不报名了|(?:请|帮)?我?(?:要|想)*(?:取消|退出)(?P<which>[^报名]{{2,20}}?)的?报名"
    f"|(?:请|帮)?我?(?:要|想)*(?:取消|退出|撤销)(?:我的?)?(?:报名)[^\\S\\n]*{_NAMED.format('zh')}|(?:取消"
    f"|退出) (?:报名)"
    r"|(?:please )?(?:i (?:want|have) to )?(?:withdraw(?: me)?(?: from)?|cancel my (?:registration|sign-?up|seat"
    r"|spot)(?: for)?)"
    r"(?:[:,]? (?P<en>.*?))?(?:,? (?:please|thanks))*"
)
_COMES: Final = re.compile(
    "我?(?:也)?(?:[算加带]上?我(?:一个)?|算我一份)(?:吧|哈|了|啦)*|我(?:也|要|想)*(?:参加|来参加)(?:吧|哈|了|啦)*"
    "|(?:please )?count me in|i'?m in|i'?ll (?:come|be there)|i'?m coming(?:,? too)?"
)
_CANNOT: Final = re.compile(
    "(?:(?:不好意思|抱歉|对不起|临时|突然|家里)*(?:有事|要?加班|生病了?)?(?:[,!~ ]+|(?<=[思歉起事])))?"
    "我?(?:可能)?(?:[来去]不了|不能[来去]|不[来去]|不参加|参加不了|没法[来去]|没法参加)(?:了|啦)+|我[来去]不了"
    "|我参加不了"
    "|(?:sorry,? )?(?:can'?t make it"
    "|i (?:can'?t|cannot|won'?t|will not) (?:come|make it|join|be there|go)(?: any ?more| after all)?"
    "|i'?m out|count me out)(?:,? sorry)?"
)
_HAN: Final = (
    "请报请取请退请撤请我帮我我也我们我要我想我来我报我取我退我撤我算我加我带我参我可我去我不我没要报想报来报要取想取要退想退要撤想撤报名报个报一取消"
    "退出撤销算我算上加我加上带我带上可能来不去不不能不来不去不参参加没法不报不好抱歉对不临时突然有事家里"
    "也参也想也要想参想来要参要来要加加班生病"
)
_BEGINNINGS: Final = frozenset(
    (*re.findall("..", _HAN), "jo", "pl", "i ", "i'", "im", "il", "id", "le", "si", "wi", "ca", "co", "so")
)
"""The first two letters of such wishes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """To come or not, to what was named. A `plain` one is said of events alone."""

    comes: bool
    named: str = ""
    plain: bool = True


def may_be(opening: str) -> bool:
    """Whether a text of these first two letters may be such a wish."""
    first = normalized(opening.lstrip())
    return len(first) < 2 or first[:2] in _BEGINNINGS


def wish_in(text: str) -> Wish | None:
    """What a message wishes of an event; None for nearly all messages."""
    if len(text) > _LONGEST or text.startswith(SLASHES) or not holds_one(text, _HOLDS):
        return None
    words = " ".join(normalized(text.strip().rstrip(TRAILING)).split())
    for comes, forms in ((False, _WITHDRAWS), (True, _JOINS)):
        found = forms.fullmatch(words)
        if found is not None:
            named = (found["zh"] or found["en"] or found["which"] or "").strip()
            return Wish(comes=comes, named="" if named in _THE_EVENT else named.removeprefix("the "))
    if _COMES.fullmatch(words) is not None:
        return Wish(comes=True, plain=False)
    return Wish(comes=False, plain=False) if _CANNOT.fullmatch(words) is not None else None


def signs_up_elsewhere(event: MessagePosted, group: Group) -> bool:
    """Whether a message signs up for a challenge, which answers it."""
    check_ins = group.options(CheckIns)
    return check_ins is not None and any(ask.what == "join" for ask in check_ins.heard(event))


def meant(wish: Wish, event: MessagePosted, coming: Mapping[str, Voice], mine: Set[str]) -> str | None:
    """The id of the event that a wish means, of those that come and those that the member comes to. Empty where it
    has to be asked which; None where it may not be about an event at all."""
    if wish.named:
        return _named(wish.named, coming)
    answered = _announced(event, coming)
    if answered is not None:
        return answered
    if wish.plain:
        return next(iter(mine)) if not wish.comes and len(mine) == 1 else ""
    among = {id_ for id_, one in coming.items() if one.next.answerable(event.at)} if wish.comes else mine
    return next(iter(among)) if len(among) == 1 and not _to_another(event) else None


def called(written: str, among: Mapping[str, Voice]) -> Voice | None:
    """The event that is named by id, by title or a part of one that no other has, or by being the only one."""
    name = " ".join(written.casefold().split())
    if not name:
        return next(iter(among.values())) if len(among) == 1 else None
    for id_, voice in among.items():
        if name == id_ or name in _titles(voice.gathering):
            return voice
    partly = _named(normalized(name), among)
    return among[partly] if partly is not None else None


def _titles(gathering: Gathering) -> set[str]:
    return {title.casefold() for title in gathering.title.names.values()}


def _named(name: str, coming: Mapping[str, Voice]) -> str | None:
    """The event of an id or a title, or of a part of one that no other has."""
    exact = [
        id_
        for id_, one in coming.items()
        if name == id_ or name in {normalized(title) for title in _titles(one.gathering)}
    ]
    partly = [
        id_ for id_, one in coming.items() if any(_within(name, normalized(title)) for title in _titles(one.gathering))
    ]
    found = exact or partly
    return found[0] if len(found) == 1 else None


def _within(name: str, title: str) -> bool:
    if name.isascii():
        return len(name) > 2 and f" {name} " in f" {title} "
    return len(name) > 1 and name in title


def _announced(event: MessagePosted, coming: Mapping[str, Voice]) -> str | None:
    """The event whose announcement is answered, by its buttons or by what is quoted of it."""
    reply = event.reply_to
    if reply is not None and reply.data.startswith(PRESSED):
        id_ = reply.data.removeprefix(PRESSED).partition(":")[2].rpartition(":")[0]
        return id_ if id_ in coming else None
    quoted = event.quoted.casefold()
    named = [id_ for id_, one in coming.items() if quoted and any(title in quoted for title in _titles(one.gathering))]
    return named[0] if len(named) == 1 else None


def _to_another(event: MessagePosted) -> bool:
    author = event.reply_to.author if event.reply_to is not None else None
    return (author is not None and author.kind is PERSON) or any(one.kind is PERSON for one in event.mentions)
