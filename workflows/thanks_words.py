"""How people say that an answer helped, `谢谢`, `可以了`, `that helps`, and how they thank for one that did not."""

from __future__ import annotations

import re
from typing import Final

from workflows.folding import normalized

_LONGEST: Final = 60
_THANKS: Final = re.compile(
    "谢谢|多谢|感谢|谢[啦了]|感恩|蟹蟹|3q|有帮助|很有用|帮大忙|解决了|搞定了|弄好了|受教|学到了"
    r"|\b(?:thanks|thank ?(?:you|u)|thx|thnx|tysm|ty|tks|cheers|solved|(?:that|this|it)(?: really)? help(?:ed|s)"
    r"|it works|works now|much appreciated|appreciate it|life ?saver)\b"
)
_ALONE: Final = re.compile(
    r"(?:嗯+|哦+|噢)?[\s,]*(?:可以|成功|懂|明白|弄懂)了[\W_]*|有用[\W_]*|原来如此[\W_]*|[\s🙏]*🙏[\s🙏]*"
)
"""What says it where nothing else is said."""
_IN_VAIN: Final = re.compile(
    "(?<!不)但(?!愿)|不过|可是|不用[了谢啦]|不谢|谢绝|不客气|没(?:什么)?(?:有)?(?:用|效果|反应|帮)|没(?:有)?(?:解决|搞定|成功|弄好)|还没|还是?[不没](?!错)|不行|不管用"
    r"|算了(?![一下遍])|个头|(?:解决|搞定|弄好)了[吗么没]"
    r"|\bno,? (?:thanks|thank|need|luck)|\bthanks,? (?:but|anyway|though)|\bbut\b|\banyway\b|\bfor nothing\b"
    r"|\bnot (?:solved|helpful|working|yet|what|quite)\b|\bunsolved\b"
    r"|\bstill (?:not|no|the same|fails?|broken|stuck|get)\b"
    r"|\b(?:doesn|didn|isn|won|hasn|can)'?t (?:\w+ )?(?:work|help|solve|fix|load|run|open|do)"
)
"""What is said with thanks for something that did not help."""


def helped(text: str) -> bool:
    """Whether a short text says that something helped."""
    if len(text) > _LONGEST:
        return False
    words = normalized(text)
    said = _THANKS.search(words) is not None or _ALONE.fullmatch(words) is not None
    return said and _IN_VAIN.search(words) is None
