"""What a message asks of the check-ins; which days it names is told by `check_in_days`.

A keyword counts where the message starts, after signs, spaces, or an @name: `打卡 …`, `#打卡`, `打卡第3天`, `/checkin`;
one of two Han characters also with a space between them: `打 卡`, `请 假 明天`. A greeting may stand before it, or
who leads the group is addressed: `早上好，打卡`, `班长，明天请假`.
After it comes the end, a space or sign, a digit, `第`, `day`, or one of 了啦咯喽 before those. So `打卡规则`, `打卡机`
are no check-in, nor is a text that has the word further inside; but who says of themselves that they check in now does
(`check_in_sentences`), unless they ask something. The board and one's standing take the word alone.
Days may follow the words for leave and for making up at once: `请假三天`, `补卡昨天`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from core.events import MessagePosted
from core.quick import maker, quick, renewed
from workflows.check_in_closings import Closings, is_over
from workflows.check_in_days import begins_with_days, tells_days
from workflows.check_in_greetings import GREETS, MAY_GREET, TO_ALL
from workflows.check_in_sentences import ALSO, DONE, SENDS_AWAY, TAKES_LEAVE, VERBS, Sentences
from workflows.check_in_slips import likely, sure
from workflows.check_in_talk import ASKED_SHORTLY, ASKS, ASKS_OF_IT, FOR_FUN, IS_NONE, is_talk, is_talk_at_once
from workflows.command_aims import to_everybody
from workflows.folding import compatible, normalized

What = Literal["check_in", "late", "leave", "back", "join", "status", "board", "slip"]
"""A `slip` is what may be meant for a check-in (`check_in_slips`)."""
ALONE: Final = frozenset(("status", "board", "back", "join", "slip"))
"""What is asked by the word alone."""
DATED: Final = frozenset(("leave", "late"))
"""What days belong to."""
_BEFORE_DAYS: Final = DATED | {"back"}
"""What days may follow without a space."""
LOOKS: Final = frozenset(("status", "board"))
"""What asks to be told something, and changes nothing."""
_PARTED: Final = frozenset(("check_in", "late", "leave"))
"""What is heard where there is a space between the two letters of its word."""
OF_THE_GROUP: Final = frozenset(("check_in", "late"))
"""What counts where it is said in the group, and not in private."""

_SIGNS: Final = re.compile(r"[\W_]*")
_POLITE: Final = re.compile(r"[\W_]*(?:(?:谢谢|感谢|辛苦)\w{0,2}|please|pls|thanks|thank you)?[\W_]*", re.IGNORECASE)
_NAME: Final = re.compile(r"@\S*\s+")
_NTH: Final = r"第(?!几|\w{1,3}[名位步条届种])"
_GOES_ON: Final = re.compile(
    rf"[了啦咯喽]?(?=$|[\W_]|\d(?!\d*\s*[天日次][^\W_])|{_NTH}|day(?=\s*\d|[\W_]|$)|d\d{{1,4}}(?![^\W_]))",
    re.IGNORECASE,
)
"""`打卡3天送书`, `打卡第几天` go on with talk."""
_DIARY: Final = re.compile(
    f"[了啦咯]?我?(?:今[天日早晚])?我?也?(?:是?(?=第[0-9一二三四五六七八九十百两]{{1,5}}[天日次])|(?={DONE}))"
)
"""How what was done follows the word at once, as it is spoken to a phone: `打卡今天读了王维的诗`."""
_TO_DO: Final = re.compile(r"(?=(?:去|回[老家]|看[病医]|陪|办事|加班|出差|休息|养病|考试)(?!.*[的过])[^?]{0,12}$)")
"""What leave is taken for: `明天请假去医院`."""
BETWEEN: Final = " \t\n:,.!~、，。…-—([【「"
"""What stands between a word and what is said with it."""
_BELOW_NONE: Final = re.compile(r"\s*[-−](?=\d+\s*(?:[天周]|个星期|days?\b|weeks?\b))")
"""A dash before how many days there are, which may count them, too: `请假-3天`."""
_QUESTION: Final = re.compile(r"(?:[\W_]*[了啦咯喽])?[\W_]*[?？][\W_]*")
_MOST_LETTERS: Final = 10_000
_MOST_HELD: Final = 1_000
_ELSEWHERE: Final = re.compile(
    r"\s*/(?:[^\s@]+@|\S+\s+(?:repair|remove|excuse|cards|补|取消|免|发卡)(?=\s|$))", re.IGNORECASE
)
"""A command for another bot, or an admin's about somebody's check-ins."""


@quick
@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a message asks of one challenge. `rest` is the text after the keyword.

    A check-in may be for a `day` that stands before the word. A `heading` has a colon behind the word and does not say
    whose it is, `打卡：…`; what is `mine` does. `calls` is what may be meant for others, too: `第3天打卡：…`, `来打卡`.
    What is said `aside`, at the end of a text, is answered only where it counts: `跑步5公里，打卡`.
    """

    what: What
    challenge: str
    rest: str
    day: str = ""
    heading: bool = False
    calls: bool = False
    mine: bool = False
    aside: bool = False


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
        self._sentences: dict[What, Sentences] = {what: Sentences(what) for what in SPOKEN}
        self._closings = Closings()

    def learn(self, what: What, challenge: str, words: Iterable[str]) -> None:
        """Add keywords. A word may mean the same thing in several challenges."""
        named = dict.fromkeys(normalized(word.strip().lstrip("/#")) for word in words)
        for word in tuple(named):
            named |= dict.fromkeys(map(normalized, ALSO.get(what, {}).get(word, ())))
        if what in self._sentences:
            self._sentences[what].learn(named)
        if what == "check_in":
            self._closings.learn(named)
        if what in _PARTED:  # two Han characters are typed with a space between them, too
            named |= dict.fromkeys(f"{word[0]} {word[1]}" for word in named if not word.isascii() and len(word) == 2)
        for folded in named:
            meanings = self._words.setdefault(folded, [])
            if (what, challenge) not in meanings:
                meanings.append((what, challenge))
            # Taken apart, so that a letter typed as several marks is a beginning before its last one has come.
            marks = unicodedata.normalize("NFD", folded)
            self._beginnings.update(normalized(marks[:length]) for length in range(len(marks) + 1))
            self._longest = max(self._longest, len(folded))

    def learn_slips(self, words: Mapping[str, Iterable[str]]) -> None:
        """Add how the words to check in are mistyped, by challenge; what was learned before keeps its meaning."""
        given = frozenset(self._words)
        for challenge, meant in words.items():
            self.learn("check_in", challenge, sure(meant, given))
            self.learn("slip", challenge, likely(meant, given))

    def heard(self, text: str) -> tuple[Ask, ...]:
        """What the text asks for; mostly nothing, and that is known from its first letters.

        Each text is asked about twice, when state is read and when it is decided: the answers of the last are kept.
        """
        asks = self._held.get(text)
        if asks is None:
            if not self.may_ask(text) and (self.mark is None or self.mark not in text):
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
                may = MAY_GREET.fullmatch(folded) is not None or any(
                    word.startswith(folded) or folded.startswith(word) for word in self._words
                )
                may = may or any(sentences.may_begin(folded) for sentences in self._sentences.values())
                at[letter] = _ANYTHING if sign else _Letters() if may else None
            after = at[letter]
            if after is None or after is _ANYTHING:
                return after is not None
            at = after
        return True

    @property
    def mark(self) -> str | None:
        """What a text holds that may check in at its end alone; None where no word does."""
        return self._closings.mark

    def _understood(self, text: str) -> tuple[Ask, ...]:
        """What a text asks for whose first letters are those of a keyword (`may_ask`), or that may check in at its
        end."""
        if _ELSEWHERE.match(text):
            return ()
        asks = self._begun(text) if self.may_ask(text) else ()
        return asks or self._closing(text)

    def _closing(self, text: str) -> tuple[Ask, ...]:
        said = self._closings.of(normalized(text).strip())
        if said is None:
            return ()
        meant = [of for what, of in self._words.get(said.word, ()) if what == "check_in"]
        if not said.sure:
            return tuple([_ask("slip", of, "") for of in meant])
        return tuple([_ask("check_in", of, said.before, calls=not is_over(said.before), aside=True) for of in meant])

    def _begun(self, text: str) -> tuple[Ask, ...]:
        start = text.lstrip()
        if start.startswith("@"):
            start = _NAME.sub("", start, count=1)
        start = without_signs(start)
        if start != text and not self.may_ask(start):
            return ()
        asks = self._plainly(start)
        if asks is not None:
            return asks
        asks, greeted = self._in_a_sentence(start), GREETS.match(start)
        if asks or greeted is None or not self.may_ask(start[greeted.end() :]):
            return asks
        start = start[greeted.end() :]
        asks = self._plainly(start)
        asks = self._in_a_sentence(start) if asks is None else asks
        if TO_ALL.search(greeted[0]):
            return tuple([renewed(ask, calls=ask.calls or not (ask.mine or ask.rest)) for ask in asks])
        return asks

    def _plainly(self, start: str) -> tuple[Ask, ...] | None:
        """What a text asks for that starts with a keyword; None if it starts with none."""
        for length, meanings in reversed(self._at_start_of(start)):
            word, rest = normalized(start[:length]), compatible(start[length:])
            goes_on = _GOES_ON.match(rest)
            if goes_on:
                if _QUESTION.match(rest):  # 排行？ asks for it, 打卡？ does not
                    looks = [(what, of) for what, of in meanings if what in LOOKS and _QUESTION.fullmatch(rest)]
                    return _asked(looks, "")
                said = normalized(_once(word, rest)).lstrip("了啦咯喽")
                if is_talk_at_once(said):
                    return ()
                if ASKS_OF_IT.match(said):
                    meanings = [(what, of) for what, of in meanings if what != "check_in"]
                if ASKED_SHORTLY.match(said):
                    meanings = [(what, of) for what, of in meanings if what not in _BEFORE_DAYS]
                if IS_NONE.search(said) or (word == "leave" and SENDS_AWAY.match(said)):
                    meanings = [(what, of) for what, of in meanings if what != "leave"]
                rest = _once(word, rest[goes_on.end() :])
                meant = [(what, of) for what, of in meanings if not _is_talk(what, word, rest)]
                return _asked(meant, rest, heading=rest.lstrip()[:1] == ":")
            rest = _OF.sub("", rest)
            dated = [(what, of) for what, of in meanings if what in _BEFORE_DAYS and begins_with_days(rest)]
            if dated and IS_NONE.search(normalized(rest)):
                dated = [(what, of) for what, of in dated if what != "leave"]
            if dated:
                return _asked(dated, rest)
        return None

    def _in_a_sentence(self, start: str) -> tuple[Ask, ...]:
        """What a text asks for that has a keyword further inside, said about its author."""
        folded = normalized(start)
        for what, sentences in self._sentences.items():
            said = sentences.said(folded)
            if said is None:
                continue
            dated = what in DATED
            rest = _OF.sub("", said.rest) if dated else said.rest
            goes_on = _GOES_ON.match(rest) or (_DIARY.match(rest) if what == "check_in" else None)
            if goes_on is None and what == "leave" and (said.days or folded.startswith("我")):
                goes_on = _TO_DO.match(rest)
            meant = [(one, of) for one, of in self._words.get(said.word, ()) if one == what]
            if not (goes_on or (dated and begins_with_days(rest))) or ASKS.search(rest) or is_talk_at_once(rest):
                continue
            if goes_on and what == "late" and said.days and rest[:1] == "了":
                continue  # 昨天补卡了: it was done
            if what == "leave" and (IS_NONE.search(rest) or (not said.days and FOR_FUN.search(rest))):
                continue
            meant = [(one, of) for one, of in meant if not _is_talk(one, said.word, rest)]
            rest = rest[goes_on.end() :] if goes_on else rest
            if dated:
                return _asked(meant, f"{said.days} {_told(rest)}".strip())
            heading = not said.mine and rest.lstrip()[:1] == ":"
            come = said.comes and not (goes_on and goes_on[0]) and _SIGNS.fullmatch(rest) is not None
            return _asked(meant, rest, day=said.days, heading=heading, calls=heading or come, mine=said.mine)
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


def _asked(
    meant: Iterable[tuple[What, str]],
    rest: str,
    *,
    day: str = "",
    heading: bool = False,
    calls: bool = False,
    mine: bool = False,
) -> tuple[Ask, ...]:
    """An ask of each challenge. What is asked by the word alone is not where more follows, but for days of leave."""
    alone = _POLITE.fullmatch(rest) is not None
    rest = _told(rest).rstrip()
    given_back = not alone and tells_days(rest)
    return tuple(
        [
            _ask(what, of, rest, day, heading, calls, mine)
            for what, of in meant
            if alone or what not in ALONE or (given_back and what == "back")
        ]
    )


def _told(rest: str) -> str:
    """What is told behind a keyword, without what stands between them."""
    return rest.lstrip() if _BELOW_NONE.match(rest) else rest.lstrip(BETWEEN)


def _once(word: str, rest: str) -> str:
    """What follows a keyword that is said again and again: `打卡！打卡！`."""
    if word not in normalized(rest):
        return rest
    found = re.match(rf"(?:[\W_]*{re.escape(word)})+(?=$|[\W_])", rest, re.IGNORECASE)
    return rest[found.end() :] if found else rest


def _is_talk(what: What, word: str, rest: str) -> bool:
    """Whether a keyword goes on with something else than a wish."""
    if word == "leave" and rest[:1].isspace() and TAKES_LEAVE.match(rest) is None:
        return True
    return is_talk(what, word, normalized(rest))


def announces(event: MessagePosted, ask: Ask) -> bool:
    """Whether what staff write with a keyword as a heading is for the others: a task, a list, a link. So is a link with
    not a word beside it, and is not what tells of something done: `今日打卡：跑了5公里`."""
    if to_everybody(event.text) is not None:
        return not ask.mine and _DID.match(normalized(ask.rest)) is None
    if not (ask.heading or ask.calls):
        return not ask.mine and _LINKS.fullmatch(ask.rest) is not None
    if event.links or event.mentions or event.text.strip().count("\n") > 1 or _ADDRESSED.search(ask.rest):
        return True
    return ask.calls and _DID.match(normalized(ask.rest)) is None


def without_signs(text: str) -> str:
    """The text from its first letter, digit or Han character on."""
    return text[_SIGNS.match(text).end() :]  # type: ignore[union-attr]


def says(text: str, least: int) -> bool:
    """Whether a text has so many letters, digits and Han characters: dots and emoji are no diary."""
    return least <= 0 or next(islice(filter(str.isalnum, text), least - 1, None), None) is not None


SPOKEN: Final[tuple[What, ...]] = ("check_in", "late", "leave", "back")
"""What people ask for in sentences."""
_ADDRESSED: Final = re.compile(
    r"任务|主题|题目|名单|截止|链接|接龙|要求|规则|提交|大家|各位|同学|请|记得|https?:|@|\b(?:tasks?|topics?|deadline|links?|everyone|please)\b",
    re.IGNORECASE,
)
_LINKS: Final = re.compile(r"(?:\s*https?://\S+)+\W*", re.IGNORECASE)
_DID: Final = re.compile(
    rf"(?!.*(?:忘|的(?:人|来|都|小伙伴)))(?:我(?!们)|.{{0,6}}{VERBS}[完到好过]?了|{VERBS}[^?吗呢,。!]{{0,12}}(?<![够行好以])了[\W_]*$)"
    r"|(?:i|finished|did|ran|wrote|copied|walked|learned|learnt|practi[cs]ed|completed|studied|swam|drew|played)\b"
)
"""What nobody is told to do: it is done."""
_OF: Final = re.compile(r"(?<=[天日号一二三四五六])的\s*$")
"""`补卡昨天的`."""
