"""What a message asks of the check-ins; which days it names is told by `check_in_days`.

A keyword counts where the message starts, after signs, spaces, or an @name: `打卡 …`, `#打卡`, `打卡第3天`, `/checkin`;
one of two Han characters also with a space between them: `打 卡`.
After it comes the end, a space or sign, a digit, `第`, `day`, or one of 了啦咯喽 before those. So `打卡规则`, `打卡机`
are no check-in, nor is a text that has the word further inside; but who says of themselves that they check in now does:
`我来打卡了`, `今天打卡`, unless they ask something. The board and one's standing take the word alone.
Days may follow the words for leave and for making up at once: `请假三天`, `补卡昨天`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from core.quick import maker, quick
from workflows.check_in_days import begins_with_days
from workflows.folding import compatible, normalized
from workflows.options import Inside

What = Literal["check_in", "late", "leave", "back", "join", "status", "board"]
ALONE: Final = frozenset(("status", "board", "back", "join"))
"""What is asked by the word alone."""
DATED: Final = frozenset(("leave", "late"))
"""What days may follow without a space."""

_SIGNS: Final = re.compile(r"[\W_]*")
_NAME: Final = re.compile(r"@\S*\s+")
_GOES_ON: Final = re.compile(r"[了啦咯喽]?(?=$|[\W_\d]|第|day)", re.IGNORECASE)
_BETWEEN: Final = " \t\n:,.!~、，。…-—"
_QUESTION: Final = re.compile(r"[\W_]*[?？][\W_]*")
_MOST_LETTERS: Final = 10_000
_MOST_HELD: Final = 1_000
_ELSEWHERE: Final = re.compile(
    r"\s*/(?:[^\s@]+@|\S+\s+(?:repair|remove|excuse|cards|补|取消|免|发卡)(?=\s|$))", re.IGNORECASE
)
"""A command for another bot, or an admin's about somebody's check-ins."""


@quick
@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a message asks of one challenge. `rest` is the text after the keyword."""

    what: What
    challenge: str
    rest: str


_ask: Final = maker(Ask)


class _Letters(dict[str, "_Letters | None"]):
    """The letters that were met after some first ones, each with those after it; None where no keyword goes on so.

    As many as the groups write after the beginning of a keyword, and no more than `_MOST_LETTERS`.
    """


class _Anything(_Letters):
    """What follows a sign: whatever comes, the text must be looked at."""

    def __missing__(self, letter: str) -> _Letters:
        return self


_ANYTHING: Final = _Anything()


class Lexicon:
    """The keywords of all challenges. Filled while options load, then only read."""

    def __init__(self) -> None:
        self._words: dict[str, list[tuple[What, str]]] = {}
        self._beginnings: set[str] = set()
        self._longest = 0
        self._starts = _Letters({"": None})
        self._held: dict[str, tuple[Ask, ...]] = {}
        self._before: dict[str, str] = {}
        """The day that stands before a keyword: 明天 of 明天请假."""
        self._sentences: set[str] = set()
        """Keywords that have more before them: 我来打卡."""

    def learn(self, what: What, challenge: str, words: Iterable[str]) -> None:
        """Add keywords. A word may mean the same thing in several challenges. Leave may have its day before it."""
        named = {normalized(word.strip().lstrip("/#")): "" for word in words}
        if what == "leave":
            han = [word for word in named if not word.isascii()]
            named = {f"{who}{day}{word}": day for word in han for who in ("", "我") for day in _BEFORE} | named
        if what == "check_in":  # two Han characters are typed with a space between them, too
            han = [word for word in named if not word.isascii()]
            named |= {f"{word[0]} {word[1]}": "" for word in han if len(word) == 2}
            said = {
                f"{me}{word}" for word in han if word.endswith(_DONE_BY_SAYING) for me in _OF_ONESELF
            } - named.keys()
            self._sentences |= said
            named |= dict.fromkeys(said, "")
        self._before.update({word: day for word, day in named.items() if day})
        for folded in named:
            meanings = self._words.setdefault(folded, [])
            if (what, challenge) not in meanings:
                meanings.append((what, challenge))
            # Taken apart, so that a letter typed as several marks is a beginning before its last one has come.
            marks = unicodedata.normalize("NFD", folded)
            self._beginnings.update(normalized(marks[:length]) for length in range(len(marks) + 1))
            self._longest = max(self._longest, len(folded))

    def heard(self, text: str) -> tuple[Ask, ...]:
        """What the text asks for; mostly nothing, and that is known from its first letters.

        Each text is asked about twice, when state is read and when it is decided: the answers of the last are kept.
        """
        asks = self._held.get(text)
        if asks is None:
            if not self.may_ask(text):
                return ()
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            asks = self._held[text] = self._understood(text)
        return asks

    def may_ask(self, text: str) -> bool:
        """Whether a text can start with a keyword, by its first three letters. Mostly it costs one look-up."""
        try:
            second = self._starts[text[:1]]
            if second is None:
                return False
            third = second[text[1:2]]
            return third is not None and third[text[2:3]] is not None
        except KeyError:
            return self._met(text)

    def _met(self, text: str) -> bool:
        """The answer for letters that were not met together before, kept for the next time."""
        at = self._starts
        for length in (1, 2, 3):
            letter = text[length - 1 : length]
            if letter not in at:
                if len(at) >= _MOST_LETTERS:
                    at.clear()
                folded = normalized(text[:length])
                sign = length == 1 and not folded[:1].isalnum()
                may = any(word.startswith(folded) or folded.startswith(word) for word in self._words)
                at[letter] = _ANYTHING if sign else _Letters() if may else None
            after = at[letter]
            if after is None or after is _ANYTHING:
                return after is not None
            at = after
        return True

    def _understood(self, text: str) -> tuple[Ask, ...]:
        """What a text asks for whose first letters are those of a keyword (`may_ask`)."""
        if _ELSEWHERE.match(text):
            return ()
        start = text.lstrip()
        if start.startswith("@"):
            start = _NAME.sub("", start, count=1)
        start = without_signs(start)
        if start != text and not self.may_ask(start):
            return ()
        for length, meanings in reversed(self._at_start_of(start)):
            rest, before = compatible(start[length:]), self._before.get(normalized(start[:length]), "")
            goes_on = _GOES_ON.match(rest)
            if goes_on and not _QUESTION.fullmatch(rest):
                if normalized(start[:length]) in self._sentences and _ASKS.search(rest):
                    return ()
                meanings = [(what, of) for what, of in meanings if not _is_talk(what, rest)]
                alone = _SIGNS.fullmatch(rest) is not None
                rest = f"{before} {rest[goes_on.end() :].lstrip(_BETWEEN)}".strip()
                return tuple([_ask(what, c, rest) for what, c in meanings if alone or what not in ALONE])
            if not goes_on and begins_with_days(rest):
                return tuple([_ask(what, c, f"{before} {rest}".strip()) for what, c in meanings if what in DATED])
        return ()

    def _at_start_of(self, text: str) -> list[tuple[int, list[tuple[What, str]]]]:
        """The keywords that a text starts with, shortest first: how many of its letters each takes, its meanings."""
        found = []
        for length in range(1, min(len(text), self._longest * 2) + 1):
            folded = normalized(text[:length])
            if folded not in self._beginnings:
                break
            if meanings := self._words.get(folded):
                found.append((length, meanings))
        return found


def _is_talk(what: What, rest: str) -> bool:
    """Whether English goes on with something else than a wish: `leave it to me`."""
    talk = _TALK.get(what)
    return talk is not None and talk.match(rest) is not None


def without_signs(text: str) -> str:
    """The text from its first letter, digit or Han character on."""
    return text[_SIGNS.match(text).end() :]  # type: ignore[union-attr]


def says(text: str, least: int) -> bool:
    """Whether a text has so many letters, digits and Han characters: dots and emoji are no diary."""
    return least <= 0 or next(islice(filter(str.isalnum, text), least - 1, None), None) is not None


_TALK: Final[Mapping[What, re.Pattern[str]]] = {
    "leave": re.compile(
        r"\s+(?:it|me|us|him|her|them|these|those"
        r"|(?:this|that|the|a|an)(?!\s+(?:\d|week|month|morning|afternoon|evening|day(?:\W*$|\s+after))))\b",
        re.IGNORECASE,
    ),
    "late": re.compile(r"\s+(?:is|are|was|were|looks)\b", re.IGNORECASE),
}
_BEFORE: Final = ("", "今天", "明天", "后天")
_DONE_BY_SAYING: Final = ("打卡", "签到")
"""Words that say nothing but that somebody checks in: `今天早起` may be talk."""
_OF_ONESELF: Final = (
    *("我", "我来", "我要", "我要来", "我也来", "我也", "我先", "我先来", "前来"),
    *(f"{who}{day}{come}" for day in ("今天", "今日", "今早") for who in ("", "我") for come in ("", "来")),
    *(f"{day}我{come}" for day in ("今天", "今日") for come in ("", "来")),
)
"""How a sentence begins in which somebody says that they check in; `今天要打卡`, `来打卡` may be meant for others."""
_ASKS: Final = re.compile(
    r"[?？]|[吗么没][\W_]*$|怎么|(?<!没)什么|为啥|几点|失败|没(?:什么)?(?:有?用|成功|反应|显示|算)|不了"
    r"|^[\W_了啦咯喽]*(?:人数|名单|截止|多少(?!有)|几个人|还?有?谁)"
)


def differ(
    options: Iterable[tuple[tuple[str, ...], Iterable[str]]], written: Callable[[tuple[str, ...]], bool]
) -> None:
    """Refuse a word of two options, at the later one of those that are `written` in the file. Raises Inside."""
    seen: dict[str, tuple[str | int, ...]] = {}
    for path, words in options:
        for n, word in enumerate(words):
            first = seen.setdefault(word, (*path, n))
            if first[:-1] != path:
                one, other = ".".join(map(str, first[:-1])), ".".join(path)
                at: tuple[str | int, ...] = (*path, n) if written(path) else first
                raise Inside(f'"{word}" is a word of `{one}` and of `{other}`; each word may mean one thing', at)
