"""Days as people shorten them, written out: `周六日` is 周六、周日, `周一到五` 周一到周五, `sat/sun` two days.

What could be the beginning of something else is left: `周五六点`, `周六日出`, `周一一起`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from workflows.lengths import han_number
from workflows.options import WEEKDAYS

_DAYS: Final = "一二三四五六日"
_WEEK: Final = "周|星期|礼拜"
_ENDS: Final = (
    r"(?=$|[\s\W_](?!\s*[一二三四五六七八九十]+[号月点个])|[两三四五六]天|请假|都|我|要|有[事课会]|不[在能来舒]|因为|出差|出门|出去|加班|回家|回老家|回来|[到至起]|开始"
    r"|休息|去|[吧啦哈哦]|早上|晚上|上午|下午|全天)"
)
"""How a text goes on behind a weekday that is one letter."""
_RUN: Final = re.compile(
    rf"(?P<week>(?:下下|[上下这本])?个?(?:{_WEEK}))(?P<first>[{_DAYS}])"
    rf"(?P<more>(?:\s*[、,，/和跟与及&+]?\s*[{_DAYS}])+){_ENDS}"
)
_RANGE: Final = re.compile(
    rf"(?P<week>(?:下下|[上下这本])?个?(?:{_WEEK}))(?P<first>[{_DAYS}])(?P<to>\s*(?:直?到|至|-|–|—|~)\s*)"
    rf"(?P<last>[{_DAYS}天]){_ENDS}"
)
WEEKDAY_NAMES: Final = (
    r"mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
"""How an English weekday is written, in full or short."""
_SLASHED: Final = re.compile(rf"\b({WEEKDAY_NAMES})\s*[/+]\s*(?=(?:{WEEKDAY_NAMES})\b)", re.IGNORECASE)
_NEXT_WEEK: Final = re.compile(
    rf"\b(?:(?P<day>{WEEKDAY_NAMES})(?:\s+of)?\s+(?P<which>next|last)\s+week"
    rf"|(?P<whose>next|last)\s+week(?:'s)?\s+(?:on\s+)?(?P<then>{WEEKDAY_NAMES}))\b",
    re.IGNORECASE,
)
_SLIPS: Final = {
    "tomorrow": r"tmrw?|tmrow|tmw|2mo?rrow|2moro|tomorow|tommorow|tommorrow|tmorrow",
    "yesterday": r"yday|yesterdy|yesturday",
    "wed": r"weds",
}
_SLIP: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{meant}>{slips})" for meant, slips in _SLIPS.items()) + r")\b", re.IGNORECASE
)
_HAN_DATE: Final = re.compile(
    "(?<![一二三四五六七八九十])(十[一二]?|[一二三四五六七八九])月((?:[二三]?十)?[一二三四五六七八九]|[二三]?十)(?=号)"
)
"""`三月五号`, as a phone writes what is spoken to it; `三月三日天气新` is a line of a poem."""
_EIGHT: Final = re.compile(r"(?<![\d.])(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")


def written_out(text: str) -> str:
    """A text with its days as the others write them."""
    text = _HAN_DATE.sub(lambda found: f"{han_number(found[1])}月{han_number(found[2])}", text)
    text = _EIGHT.sub(lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日", text)
    text = _RANGE.sub(r"\g<week>\g<first>\g<to>\g<week>\g<last>", text)
    text = _RUN.sub(_listed, text)
    text = _SLASHED.sub(r"\1, ", text)
    text = _NEXT_WEEK.sub(_of_the_week, text)
    return _SLIP.sub(lambda found: str(found.lastgroup), text)


def _of_the_week(found: re.Match[str]) -> str:
    """`Thursday next week` as the 下周四 that it is: `next Thursday` may be another one."""
    day = (found["day"] or found["then"])[:3].lower()
    which = (found["which"] or found["whose"]).lower()
    return f"{'下' if which == 'next' else '上'}周{_DAYS[WEEKDAYS.index(day)]}"


def _listed(found: re.Match[str]) -> str:
    days = [found["first"], *(char for char in found["more"] if char in _DAYS)]
    if any(_DAYS.index(before) >= _DAYS.index(day) for before, day in pairwise(days)):
        return found[0]
    return "、".join(f"{found['week']}{day}" for day in days)
