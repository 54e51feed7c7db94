"""Lengths that stand behind the reason, `刷屏 7天`, `for spam 2h`, and times that are no length: `tonight`, `一会儿`.

An order without a length lasts until an admin ends it. So whatever may be meant as a length is taken as one or asked
about, and never passed over: what stands apart at the end is taken, what hangs together with the words before it is
asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workflows.lengths import AROUND, BETWEEN, Length, attempts_whole, length_in

_LOOKED_AT: Final = 60
"""So many signs at the end may be a length."""
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_HAN_NUMBER: Final = re.compile(r"[\d一二三四五六七八九十百两兩半几幾数數好多]")
_UNTIL: Final = "直到至"
_POLITE: Final = re.compile(
    r"[\s,，]*(?:(?ai:\b(?:please|pls|thanks|thank\s+you|thx|ok)\b)|谢谢|謝謝|吧|哈|哦)[\s.。!！~～]*$"
)
_OPENED: Final = "([（【「『《"

_PART_OF_DAY: Final = r"(?:day|night|evening|afternoon|morning|week|weekend|month|year)"
_A_WHILE: Final = r"(?:quite\s+)?(?:a|some)\s+(?:little\s+|short\s+)?(?:while|bit|moment|time)"
_WEEKDAY: Final = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_NO_LENGTH_OF_IT: Final = r"(?!['’\w])"
_TIMES: Final = (
    rf"(?ai:(?:for\s+)?(?:tonight|overnight|tomorrow){_NO_LENGTH_OF_IT}"
    rf"|for\s+(?:today|{_A_WHILE}|(?:the|this)\s+(?:rest\s+of\s+(?:the|this)\s+)?{_PART_OF_DAY}){_NO_LENGTH_OF_IT}"
    rf"|(?:until|till|til)\s+(?:tomorrow|tonight|noon|midnight|next\b|\d|{_WEEKDAY}\b|(?:the\s+)?(?:end|{_PART_OF_DAY})\b))"
)
"""What is a time wherever it stands."""
_PERHAPS: Final = rf"(?ai:(?:today|{_A_WHILE}|(?:this|all)\s+{_PART_OF_DAY}|the\s+weekend){_NO_LENGTH_OF_IT})"
"""What is a time, or what a sentence tells of one: `a while`, `spamming all day`."""
_HAN_DAY: Final = r"(?:今[天日晚夜早]|[明后後][天日晚早]|大[后後]天)"
_HAN_WEEK: Final = r"(?:[这這本下][个個]?(?:周末?|週末?|星期|礼拜|禮拜|月)|[周週]末|[月年]底)"
_HAN_HOURS: Final = r"(?:早上|上午|中午|下午|晚上)"
_HAN_WHILE: Final = (
    r"(?:一[会會]儿?|一[会會]兒?|一[阵陣]子?|一段时间|一段時間|一下下?|整晚|一晚上?|一夜|通宵|[这這][几幾]天)"
)
_HAN_WEEKDAY: Final = r"下?[个個]?(?:周|週|星期|礼拜|禮拜)[一二三四五六日天末]"
_HAN_CLOCK: Final = r"[一二三四五六七八九十\d]+[点點号號月日].{0,6}"
_HAN_TIMES: Final = (
    rf"(?:直?[到至]?(?:{_HAN_DAY}|{_HAN_WEEK}|{_HAN_HOURS}){_HAN_HOURS}?(?:\d{{1,2}}[点點])?|{_HAN_WHILE}"
    rf"|直?[到至](?:{_HAN_WEEKDAY}|{_HAN_CLOCK}))"
    r"[内內里]?(?=[\s,，、。.;；:：!！~～]|$)"
)
"""Chinese puts no space within a sentence: what stands apart is said of the order."""
_AT_FIRST: Final = re.compile(
    rf"{_TIMES}|{_PERHAPS}(?!\s+(?ai:ago|of|rude|much|too)\b)|(?:先|就|禁言?|关|關|封)*{_HAN_TIMES}"
)
_AT_LAST: Final = re.compile(rf"(?:{_TIMES}|{_HAN_TIMES}).{{0,12}}$")
_PERHAPS_AT_LAST: Final = re.compile(rf"{_PERHAPS}$")

_BELONGS: Final = re.compile(
    r"(?ai:\b(?:every|each|in|within|since|after|before|past|last|over|than|least|most|about|around|only|per|by|at|of|to"
    r"|the|this|next|another|took|lasted|waited|was|is))$|(?:每隔?|过去|過去|最近|近|连续|連續|已经|已經|不到|超过|超過|不足)$"
)
"""Words that take what follows into the sentence: `posts ads every 5 minutes`."""
_LASTING: Final = re.compile(r"(?ai:\wing)$")
_LISTED: Final = re.compile(r"\d+[,，、.。;；:：]\s")
"""`rule 3, 2h` holds two numbers."""
_COUNTED: Final = re.compile(r"(?:第\s*|[月年/-])$")
"""`第3天`, `3月2日` are no lengths."""


def length_of(text: str) -> Length:
    """The length that an order with a reason has: at the beginning of its words or at their end."""
    length = length_in(text)
    if length.span is not None or length.wrong:
        return length
    if _AT_FIRST.match(text.lstrip(AROUND)):
        return Length(None, text, "length_how")
    return _at_the_end(text)


def ends_in_length(text: str) -> bool:
    """Whether a text is a length, or ends in one that stands apart."""
    whole = length_in(text)
    return (whole.span is not None and not whole.rest) or _at_the_end(text).span is not None


def _at_the_end(text: str) -> Length:
    words = text.rstrip(AROUND)
    while (polite := _POLITE.search(words, max(0, len(words) - _LOOKED_AT))) is not None:
        words = words[: polite.start()].rstrip(AROUND)
    for at, apart in _places(words):
        before, behind = words[:at].rstrip(BETWEEN + _OPENED), words[at:]
        found = length_in(behind)
        whole = not found.rest and (found.span is not None or found.wrong == "length_bounds")
        if not whole and (_LISTED.match(behind) is not None or not attempts_whole(behind)):
            if apart and _is_a_time(before, behind, words[:at]):
                return Length(None, text, "length_behind")
            continue
        if _COUNTED.search(words[:at]):
            continue
        if found.span is None:
            return Length(None, text, found.wrong if whole else "length_behind")
        told = behind[:4].lower() == "for " and _LASTING.search(before)
        if not apart or told or _BELONGS.search(before):
            return Length(None, text, "length_behind")
        return Length(found.span, before)
    return Length(None, text)


def _places(words: str) -> Iterator[tuple[int, bool]]:
    """Where something may begin that says how long, the longest first, and whether it stands apart there."""
    for at in range(max(1, len(words) - _LOOKED_AT), len(words)):
        if words[at] in AROUND:
            continue
        if words[at - 1] in AROUND or words[at] in _UNTIL:
            yield at, True
        elif _HAN.match(words, at - 1) and _HAN_NUMBER.match(words, at) and not _HAN_NUMBER.match(words, at - 1):
            yield at, False


def _is_a_time(before: str, behind: str, all_before: str) -> bool:
    if _AT_LAST.match(behind):
        return True
    few = len(before.split()) < 3 or all_before.rstrip() != before
    return few and _PERHAPS_AT_LAST.match(behind) is not None and _LASTING.search(before) is None
