"""Who does not want to be reminded: a wish of each member in each group, kept by all that reminds.

To be left alone is read generously, in the words that people have for it; what has more in it than the wish is talk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.events import MessagePosted
from core.people import PERSON, ActorKind, Member, PersonId
from core.state import Slot
from workflows.commands import SLASHES, TRAILING
from workflows.folding import normalized


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Who never said anything is reminded."""

    on: bool = False


QUIET: Final = Slot("settings.quiet", Quiet)

WORDS: Final = {
    True: (
        "/optout",
        "/optout on",
        "/退订",
        "/退订提醒",
        "/reminders off",
        "退订",
        "退订提醒",
        "别提醒我",
        "别再提醒我",
        "别再提醒我了",
        "不要提醒我",
        "关闭提醒",
        "stop reminders",
        "stop reminding me",
        "unsubscribe",
    ),
    False: (
        "/optin",
        "/optout off",
        "取消退订",
        "/取消退订",
        "/reminders on",
        "恢复提醒",
        "可以提醒我",
        "resume reminders",
    ),
}
"""What members write, alone in a message; a wide slash is a slash."""
ASKED: Final = {word: wish for wish, words in WORDS.items() for word in words}
_ASIDE: Final = frozenset(("/stop", "stop", "mute", "停", "停止", "td", "别发了", "不要发了", "不要再发了"))
"""What says it in private, where nobody else is meant."""
_LONGEST: Final = 40
_MAY_PRECEDE: Final = ("请", "麻烦", "拜托", "以后", "能不能", "可不可以", "我想", "我要", "我")
_NO_MORE: Final = (
    *("别", "不要", "不用", "不必", "不需要", "不想", "不再", "无需", "取消", "停止", "停掉", "停", "关闭", "关掉"),
    "屏蔽",
)
_MORE: Final = ("恢复", "重新开启", "重新打开", "开启", "打开", "继续", "重新")
_LEAVE: Final = re.compile(
    f"(?:{'|'.join(_MAY_PRECEDE)})?(?:{'|'.join(_NO_MORE)})"
    "(?:再|老是?|总是?|一直|天天|给我|继续|被|发)*(?:提醒|@|艾特|催)我?(?:打卡|签到)?(?:了|啦|吧|哈|哦|呀|吗|好吗|好不好|,?谢谢)*"
    "|(?:can you |could you )?(?:please |pls )?(?:stop|quit|don'?t|do not|never|no more) "
    "(?:(?:remind|tagg?|ping|nag|mention|notify)(?:ing)? me|send(?:ing)? me (?:any )?reminders)"
    "(?: any ?more| again)?(?:,? (?:please|pls|thanks|thank you))*"
    "|(?:stop|no|no more|cancel|disable|mute|turn off|switch off) (?:all |any |the |my |sending )*reminders"
    "(?: any ?more| for me)?(?:,? (?:please|pls|thanks|thank you))*"
    "|(?:(?:turn|switch) (?:all |the |my )*)?reminders off|opt (?:me )?out|leave me alone|unsubscribe me"
)
_SAID_TO_ALL: Final = re.compile("leave me alone|(?!.*(?:我|打卡|签到|提醒)).*催.*")
"""What is said among members, too, and names neither reminders nor the member: `别催了，快好了`."""
_AGAIN: Final = re.compile(
    f"(?:{'|'.join(_MAY_PRECEDE)})?(?:{'|'.join(_MORE)})(?:给我)?提醒我?(?:了|吧|哈|哦|,?谢谢)*"
    "|(?:又|还是)?可以(?:再|继续)?提醒我(?:了|啦|吧)*"
    "|(?:resume|restart|enable|turn on|switch on) (?:the |my )?reminders(?:,? (?:please|thanks|thank you))*"
    "|(?:(?:turn|switch) (?:the |my )?)?reminders on|(?:you can |please )?remind me again|opt (?:me )?in"
)
_IN_ENGLISH: Final = ("ca", "pl", "st", "do", "ne", "no", "di", "mu", "tu", "sw", "re", "op", "le", "un", "en", "yo")
_BEGINNINGS: Final = frozenset(
    word[:2]
    for word in (
        *(word for word in ASKED if not word.startswith(SLASHES)),
        *(word for word in _MAY_PRECEDE if word != "我"),
        *(f"我{word}" for word in (*_NO_MORE, *_MORE)),
        *(*_NO_MORE, *_MORE, "又可", "还是", *_IN_ENGLISH),
    )
)
"""The first two letters of what may be such a wish, or the only one where what follows varies."""
_HOLDS: Final = re.compile(
    "[提@＠艾催退ａ-ｚＡ-Ｚ]|remind|opt|alone|unsub|ping|nag|tag|mention|notify", re.IGNORECASE
).search


def may_be(opening: str) -> bool:
    """Whether a text of these first two letters, or with this word behind a slash, may say a wish."""
    first = normalized(opening.lstrip())
    return len(first) < 2 or first[0] in SLASHES or first[0] in _BEGINNINGS or first[:2] in _BEGINNINGS


def wish_in(text: str, *, private: bool = False) -> bool | None:
    """The wish that a message says, whether not to be reminded; None for nearly all messages."""
    if len(text) > _LONGEST or (_HOLDS(text) is None and not private):
        return None
    words = _tidy(text)
    if private and words in _ASIDE:
        return True
    known = ASKED.get(words)
    if known is None:
        return True if _LEAVE.fullmatch(words) is not None else False if _AGAIN.fullmatch(words) is not None else None
    return known


def wished(event: MessagePosted) -> bool | None:
    """The wish that a message says, as `wish_in`. What is said to another member is for them, but for set words, and
    what people say to each other, too, is a wish in private or to the assistant alone."""
    if event.actor.kind is not PERSON:
        return None
    wish = wish_in(event.text, private=event.private)
    if wish is None or (event.private and not _to_others(event)):
        return wish
    words = _tidy(event.text)
    for_others = _to_others(event) or (_SAID_TO_ALL.fullmatch(words) is not None and not _to_a_bot(event))
    return ASKED.get(words) if for_others else wish


def unwilling(kept: Iterable[tuple[Member, Quiet]]) -> frozenset[PersonId]:
    """Those who are not to be reminded, from `QUIET.of_all()`."""
    return frozenset(member.person for member, wish in kept if wish.on)


def _tidy(text: str) -> str:
    words = " ".join(normalized(text.strip().rstrip(TRAILING)).split())
    return "/" + words[1:] if words.startswith(SLASHES) else words


def _to_a_bot(event: MessagePosted) -> bool:
    author = event.reply_to.author if event.reply_to is not None else None
    return (author is not None and author.kind is ActorKind.BOT) or any(
        one.kind is ActorKind.BOT for one in event.mentions
    )


def _to_others(event: MessagePosted) -> bool:
    author = event.reply_to.author if event.reply_to is not None else None
    return (author is not None and author.kind is PERSON and author.account != event.actor.account) or any(
        one.kind is PERSON and one.account != event.actor.account for one in event.mentions
    )
