"""What is wrong with a value, in Chinese. Models raise one English sentence, because they cannot know who will read it;
`mistakes.zh.yaml` has what each is for Chinese readers."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from config.descriptions import beside


def chinese(message: str) -> str:
    """The sentence in Chinese, or as it is if there is none."""
    for pattern, quoted, zh in _compiled():
        found = pattern.fullmatch(message)
        if found is not None:
            parts = zip(found.groups(), quoted, strict=True)
            return _filled(zh, [part if asis else _part(part) for part, asis in parts])
    return message


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], tuple[bool, ...], str], ...]:
    """Each sentence as a pattern, which of its parts stand in quotes, and its Chinese."""
    made = []
    for en, zh in beside("mistakes.zh.yaml").items():
        between = en.split("{}")
        pattern = "(.+?)".join(re.escape(part) for part in between)
        made.append((re.compile(pattern, re.DOTALL), tuple(part.endswith(('"', "`")) for part in between[:-1]), zh))
    return tuple(made)


def _filled(zh: str, parts: list[str]) -> str:
    following = iter(parts)
    return _SLOT.sub(lambda slot: parts[int(slot[1])] if slot[1] else next(following), zh)


def _part(part: str) -> str:
    """What differs may be a sentence again, or hold a few words that are known. What is quoted stays as it is."""
    told = chinese(part) if " " in part else part
    if told != part:
        return told
    return "".join(
        piece if piece[:1] in '`"{[' else _WORDS.sub(lambda found: PARTS[found[0]], piece)
        for piece in _QUOTED.split(part)
    )


_SLOT: Final = re.compile(r"\{(\d?)\}")
_QUOTED: Final = re.compile(r"(`[^`]*`|\"[^\"]*\"|\{[^}]*\})")
PARTS: Final = {
    "a whole number": "整数",
    "a number": "数",
    "a text": "文字",
    "a list": "列表",
    "true or false": "真假",
    "and": "和",
    "or": "或",
}

_WORDS: Final = re.compile(r"\b(" + "|".join(PARTS) + r")\b")
