"""Which of several answers somebody means who wraps it in words: `我选英语`, `第二个`, `english please`, `已读，同意`.

What stands around an answer is peeled off by rule, from both ends; what is left has to be an answer whole. Words that
say more than a choice leave something over, and name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from workflows.folding import normalized

_LONGEST: Final = 40
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_LEAD: Final = re.compile(
    r"(?:你们?好|大家好|本人|好的?|嗯+|那就?|我们?|俺|就|在|还是|已经?阅?读?|[看读]完了?|[看读]过了?|并且?|想要?|要|选择?|挑|参加|加入|学习?"
    r"|答案?|回复|是|hi|hello|ok|okay|yes|well|so|i'?d|i'?ll|i|we|would|like|want|choose|pick|select|take|go|with|for|to|my"
    r"|answer|choice|is|the|option|it'?s|that'?s|let'?s|have|read|and|am|in)(?:[\s,.:;!~、。]+|(?<=[一-鿿]))"
)
_TAIL: Final = re.compile(
    r"(?:[\s,.:;!~、。]+|(?<=[一-鿿\d]))(?:吧|啦|了|呀|啊|哈|哦|喔|噢|的|这个|方向|组|群规|规则|本群|以上|遵守|谢谢你?|多谢"
    r"|please|pls|thanks|thank you|then|for me|(?:to|with) (?:all )?(?:the |your |these )?rules)$"
)
_HAN_NUMBERS: Final = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_NUMBERS: Final = {
    **{
        word: n
        for n, words in enumerate(
            (
                *(("one", "first"), ("two", "second"), ("three", "third"), ("four", "fourth"), ("five", "fifth")),
                *(("six", "sixth"), ("seven", "seventh"), ("eight", "eighth"), ("nine", "ninth"), ("ten", "tenth")),
            ),
            start=1,
        )
        for word in words
    },
    **_HAN_NUMBERS,
}
_NUMBERED: Final = re.compile(
    rf"第?(?P<han>[{''.join(_HAN_NUMBERS)}]|\d{{1,2}})(?:个|号|项|条|种|选项)?"
    r"|(?:number |no\.? ?|#)?(?P<word>[a-z]+|\d{1,2})(?: one)?"
)
_AND: Final = re.compile(r"\s*(?:[,、;/&+]|和|跟|与|以及|还有|\band\b)\s*|\s+")
_SEVERAL: Final = re.compile(
    r"(?:我?[都全]|[两三几每]个都)(?:想|要|选|喜欢|感兴趣)(?:吧|要|选|学|参加)?|(?:both|all)(?: of them)?"
)
ASSENT: Final = frozenset(
    (
        *(
            "同意",
            "接受",
            "好",
            "好的",
            "好滴",
            "好呀",
            "好吧",
            "行",
            "可以",
            "没问题",
            "确认",
            "遵守",
            "是",
            "是的",
            "嗯",
            "愿意",
            "明白",
        ),
        *("agree", "i agree", "accept", "ok", "okay", "yes", "yep", "yeah", "sure", "fine", "of course", "understood"),
    )
)
"""What says yes to what is asked, where one answer does."""
_TRIES: Final = ASSENT | frozenset(
    (
        *(
            "收到",
            "知道了",
            "明白了",
            "已读",
            "已阅",
            "已阅读",
            "看完了",
            "读完了",
            "随便",
            "都行",
            "都可以",
            "不",
            "不同意",
            "没有",
        ),
        *("no", "nope", "any", "either", "whatever", "got it", "done", "read"),
    )
)
"""What is said to whoever asks, though it names no answer."""
_CHOOSING: Final = re.compile(
    r"(?:我?选择?|我要选|i (?:choose|pick|select|take)\b|option\b|choose\b|第[一二两三四五六七八九十\d])"
)
_ASKS_BACK: Final = re.compile(r"[?？]|[吗呢]$|怎么|什么|哪|为什么|^(?:what|how|why|which|where|can|is|are|do|does)\b")
_PARTS: Final = re.compile(r"[一-鿿]|[a-z0-9']+")
_SMALL: Final = frozenset(("我", "不", "也", "没", "i", "do", "don't", "not", "the", "to"))
"""What may stand around an answer in an attempt at it: what has more is talk."""


def meant(answers: Sequence[Sequence[str]], text: str, *, numbers: bool) -> frozenset[int]:
    """The places, from 1 on, of the answers that a text names by a word or, with `numbers`, by a number; several where
    it names several, none where it is something else."""
    bare = tidied(text)
    if not bare or len(bare) > _LONGEST:
        return frozenset()
    words = [frozenset(tidied(name) for name in names) - {""} for names in answers]
    found = _one(words, bare, numbers=numbers)
    if found is not None:
        return frozenset((found,))
    for left in _peelings(bare):
        if numbers and len(words) > 1 and _SEVERAL.fullmatch(left):
            return frozenset(range(1, len(words) + 1))
        parts = [part for part in _AND.split(left) if part]
        if 1 < len(parts) <= len(words):
            each = [_one(words, part, numbers=numbers) for part in parts]
            if None not in each:
                return frozenset(place for place in each if place is not None)
    return frozenset()


def tries(answers: Sequence[Sequence[str]], text: str) -> bool:
    """Whether a text looks like an attempt to answer: it chooses, says yes or no, or holds an answer and no other word.
    A question is none."""
    bare = tidied(text)
    if not bare or len(bare) > _LONGEST or _ASKS_BACK.search(normalized(text)):
        return False
    if bare in _TRIES or _CHOOSING.match(bare):
        return True
    around = sum(part not in _SMALL for part in _PARTS.findall(bare))
    names = (tidied(name) for one in answers for name in one)
    return any(_holds(bare, name) and around == len(_PARTS.findall(name)) for name in names if name)


def tidied(text: str) -> str:
    """The text as compared: in one spelling, without punctuation or emoji at its ends."""
    return _EDGES.sub("", normalized(text))


def _one(words: Sequence[frozenset[str]], bare: str, *, numbers: bool) -> int | None:
    for left in _peelings(bare):
        place = _named(words, left)
        if place is None and numbers:
            place = _counted(left, len(words))
        if place is not None:
            return place
    agreeing = [n for n, names in enumerate(words, start=1) if not names.isdisjoint(ASSENT)]
    return agreeing[0] if numbers and len(agreeing) == 1 and bare in ASSENT else None


def _named(words: Sequence[frozenset[str]], bare: str) -> int | None:
    forms = (bare, bare.removesuffix("d"), bare.removesuffix("ed")) if bare.isascii() else (bare,)
    return next((n for n, names in enumerate(words, start=1) if not names.isdisjoint(forms)), None)


def _counted(bare: str, most: int) -> int | None:
    found = _NUMBERED.fullmatch(bare)
    if found is None:
        return None
    said = found["han"] or found["word"]
    number = int(said) if said.isdigit() else _NUMBERS.get(said, 0)
    return number if 1 <= number <= most else None


def _peelings(bare: str) -> Iterator[str]:
    """The text, and what is left of it with less and less around it."""
    begun: str | None = bare
    while begun:
        left: str | None = begun
        while left:
            yield left
            after = _TAIL.search(left)
            left = _EDGES.sub("", left[: after.start()]) if after is not None else None
        before = _LEAD.match(begun)
        begun = _EDGES.sub("", begun[before.end() :]) if before is not None else None


def _holds(bare: str, name: str) -> bool:
    return name in bare if not name.isascii() else re.search(rf"\b{re.escape(name)}", bare) is not None
