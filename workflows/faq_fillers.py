"""What a question is wrapped in, and what adds nothing to it.

`请问会费是多少` asks for the fee, `会费可以退吗` for more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_IN_CHINESE: Final = (
    "请问|请教|请|想问|问|想|一下|下|个|大家|各位|你们|我们|咱们|咱|我|你|您|群主|老师|管理员|小助手|助手|群里"
    "|本群|咱群|群|这里|这边|这个|那个|这|那|里|的|是不是|是|有没有|有|没有|没|没人|有人|谁|人|哪位|知道"
    "|什么时候|什么时间|什么|啥时候|啥|怎么样|怎样|怎么|如何|哪里|哪儿|哪|在|几点|时间|多少钱|多少|多久|多长"
    "|何时|到底|具体|一般|平时|每天|今天|现在|都|能不能|能否|能|可以|可不可以|看|查看|查|找|找到|告诉|说说|说"
    "|讲讲|讲|介绍|发|给|来|要不要|要|需要|需不需要|会不会|忘记|忘|了解|了|明白|再|又|也|还|就|呢|吗|么|嘛|吧"
    "|啊|呀|呗|哦|哈|哇|啦|谢谢|多谢|感谢|谢啦|你好|您好|大家好|早上好|早|好|麻烦|求|求问|帮|帮忙|不好意思|打扰"
    "|打扰一下|话说|对了|另外|急|关于|内容|情况"
)
_IN_ENGLISH: Final = (
    "a|about|again|all|also|am|an|and|any|anybody|anyone|are|at|be|btw|but|by|can|chat|community|could|current"
    "|currently|did|do|does|everybody|everyone|exactly|excuse|explain|find|folks|for|forgot|from|get|give|got"
    "|group|guys|have|hello|help|here|hey|hi|how|i|idea|in|is|it|its|just|kindly|know|knows|let|link|list|look"
    "|many|may|me|much|my|need|now|of|ok|okay|on|one|or|our|out|please|pls|post|posted|question|quick|read"
    "|remind|s|see|send|share|show|so|some|somebody|someone|sorry|tell|thank|thanks|that|the|their|them|there"
    "|these|they|this|those|to|today|u|us|was|we|were|what|whats|when|where|which|who|with|wondering|would|you"
    "|your"
)
_CHINESE: Final = re.compile("|".join(sorted(_IN_CHINESE.split("|"), key=len, reverse=True)))
_ENGLISH: Final = frozenset(_IN_ENGLISH.split("|"))
_HAN: Final = re.compile(r"[一-鿿㐀-䶿]+")
_OTHER: Final = re.compile(r"[^\W一-鿿㐀-䶿]+")


def unsaid(pieces: Iterable[str]) -> bool:
    """Whether the pieces, in one spelling, say nothing of their own."""
    return not any(
        any(word not in _ENGLISH for word in _OTHER.findall(piece))
        or any(_CHINESE.sub("", words) for words in _HAN.findall(piece))
        for piece in pieces
    )
