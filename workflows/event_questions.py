"""What members ask of the events in plain words: `怎么报名`, `还有名额吗`, `最近有什么活动`, `how do I sign up`.

Each is a whole message. Where the operator wrote an answer to it, or one signs up for a challenge, it is none.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from core.events import MessagePosted
from core.people import PERSON
from core.workflow import Group
from workflows import faq
from workflows.check_in_options import CheckIns
from workflows.commands import TRAILING
from workflows.event_options import Events
from workflows.faq_options import Faq
from workflows.folding import holds_one, normalized

Question = Literal["how", "which"]
"""How one signs up, or which events there are and who comes."""
_LONGEST: Final = 40
_HOLDS: Final = ("活动", "活動", "报名", "報名", "名额", "名額", "join", "sign", "event", "register", "spot", "seat")
_SIGN_UP: Final = r"(?:join|sign\s?up|register)"
_HOW: Final = re.compile(
    "(?:怎么|如何|怎样|咋|在?哪里?|去哪里?)(?:才能)?报名(?:活动|参加)?|(?:活动|报名)(?:要|该|是)?(?:怎么|如何|咋)(?:报名?|弄|参加)"
    "|怎么参加活动|报名(?:入口|链接)?在哪里?|(?:现在)?(?:还|还可以|可以|还能|能)(?:报名|报上名)吗|(?:现在)?报名还来得及吗"
    "|(?:还有|有没有|还有没有)名额[吗呢]?|名额还有吗|报名满了(?:吗|没有?)"
    f"|(?:how|where) (?:(?:do|can|should) (?:i|we)|to) {_SIGN_UP}"
    f"|(?:can|may|could) (?:i|we) (?:still {_SIGN_UP}|sign up|register)|is it too late to {_SIGN_UP}"
    "|(?:are there )?any (?:spots|seats) left"
)
_LATELY: Final = "(?:最近|近期|这周|本周|这周末|周末|下周|这个月|群里)"
_WHICH: Final = re.compile(
    f"{_LATELY}?还?(?:有什么|有哪些|有啥|有没有)活动|{_LATELY}有活动[吗么]"
    "|都?有?(?:谁|哪些人|几个人|多少人)都?报名了?|报名的?有(?:谁|哪些人|多少人|几个人)"
    "|(?:what|which) (?:upcoming )?events (?:are there|do we have)"
    "|(?:are there )?any (?:upcoming )?events(?: (?:soon|this week|this month))?|upcoming events"
    "|who (?:has |have )?signed up|how many (?:people )?(?:have )?signed up"
)
_WRAPPED: Final = re.compile(
    r"^(?:(?:大家好|你们?好|老师好?|群主|请问一?下?|请教一?下?|想问一?下?|问一?下|hi(?: all)?|hello|hey)[\s,!~]*)+"
    "|[呀啊呢哦的]+$"
)
_BEGINNINGS: Final = frozenset(
    re.findall(
        "..",
        "怎么如何怎样咋报哪里哪儿在哪去哪活动报名现在还能还可还有能报可以有没名额最近近期这周本周周末下周这个群里有什有哪有啥都有谁报几个多少有谁有几有多都谁哪些报的请问请教大家你好你们老师群主想问问一问下",
    )
) | frozenset(("ho", "wh", "ca", "ma", "co", "is", "an", "ar", "up", "hi", "he"))
"""The first two letters of such questions."""


def may_ask(opening: str) -> bool:
    """Whether a text of these first two letters may be such a question."""
    return normalized(opening.lstrip())[:2] in _BEGINNINGS


def question_in(text: str) -> Question | None:
    """What a text asks; None for nearly all messages."""
    if len(text) > _LONGEST or not holds_one(text, _HOLDS):
        return None
    words = _WRAPPED.sub("", normalized(text).strip(f"{TRAILING}?")).strip()
    return "how" if _HOW.fullmatch(words) else "which" if _WHICH.fullmatch(words) else None


def asked_of_events(event: MessagePosted, group: Group) -> Question | None:
    """What a message asks that the events of a group answer."""
    question = question_in(event.text)
    return question if question is not None and _answered_here(event, group) else None


def _answered_here(event: MessagePosted, group: Group) -> bool:
    events, check_ins, answers = group.options(Events), group.options(CheckIns), group.options(Faq)
    if event.forwarded or event.actor.kind is not PERSON or events is None or not events.held_in(group):
        return False
    if check_ins is not None and any(challenge.join is not None for _, challenge in check_ins.items()):
        return False
    if answers is not None and faq.asked(event, answers) is not None:
        return False
    reply = event.reply_to
    to_somebody = reply is not None and reply.author is not None and reply.author.kind is PERSON
    return not to_somebody and not any(one.kind is PERSON for one in event.mentions)
