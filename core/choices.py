"""Choices on platforms without buttons: they are listed by number, and a message that names one of them is a press.

A number counts only while a question is open for whoever writes it, and no two questions that are open for the same
people have a number in common, unless one asks for a number. Open questions are records, written in the transaction
that asks: a restart forgets none. A message is looked at only if it begins like an answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from core.effects import Choice, Effect, Say, TellAdmins, scored
from core.people import Account
from core.state import Key, Slot
from core.workflow import Group

MEMBERS_HAVE: Final = timedelta(days=1)
ADMINS_HAVE: Final = timedelta(days=3)
"""How long a question stays open; one that is worth nothing after an instant, until then, if secret even longer."""
LONGEST: Final = 40
"""Characters of a message that may be an answer."""
_MOST: Final = 8
_LAST: Final = 99
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_HAN: Final = {digit: n for n, digit in enumerate("一二三四五六七八九", 1)}
_NUMERAL: Final = "[一二三四五六七八九十]{1,3}"
_WHICH: Final = "[个個项項条條种種号號]?"
_NUMBER: Final = re.compile(
    r"(?:我?[选選][择擇]?|option |choose |number |no\. ?)?\s*"
    rf"(?:(\d{{1,2}})|第\s*(\d{{1,2}})\s*{_WHICH}|第({_NUMERAL}){_WHICH}|({_NUMERAL}))"
)
"""A bare numeral counts, and `第一个`; `一个` is said of other things, too."""
_CHOOSE: Final = frozenset('我选選oOcCnN#([{（【“"「第一二三四五六七八九十')
_CHOOSING: Final = re.compile(
    rf"\s*(?:(?:我?[选選][择擇]?|option|choose|number|no\.)\s*(?:第?\s*\d|第?{_NUMERAL}{_WHICH}\W*$)"
    rf"|[#(\[{{（【“\"「]\s*\d{{1,2}}\W*$|第\s*\d{{1,2}}\s*{_WHICH}\W*$|(?:第{_NUMERAL}{_WHICH}|{_NUMERAL})\W*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Choices that were listed: `labels` in their order from the number `first` on, and what each stands for. `aside`:
    in private with whom it was asked of. `secret`: and never elsewhere, as far as those go."""

    workflow: str
    at: datetime
    until: datetime
    labels: tuple[str, ...]
    data: tuple[str, ...]
    first: int = 1
    aside: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """The questions that are open for somebody, the oldest first."""

    questions: tuple[Question, ...] = ()


OPEN: Final = Slot("core.choices", Open)
"""Of a member: what they are asked. Of the group: what anybody may answer."""
OF_ADMINS: Final = Slot("core.choices_of_admins", Open)
"""Of the group: what its admins are asked, by whoever of them answers first."""


Numbers = Literal["any", "aloud", "aside", "none"]
"""Of which questions of a record a bare number counts as an answer. `aloud`: of none that is secret; nor do names."""


class Answer(NamedTuple):
    """What a message chose: the choice, of which question, the questions that are left open, and what it could have
    meant in others. `bare`: by a number."""

    choice: Choice
    question: Question
    left: Open
    instead: tuple[Choice, ...]
    bare: bool

    @property
    def refused(self) -> Open:
        """What is open if it may not choose: its question too, and by a name the others are meant first."""
        return Open((self.question, *self.left.questions))


def asked_of(effect: Effect) -> Key[Open | None] | None:
    """Where the question of an effect is remembered; None for what asks nothing."""
    if isinstance(effect, TellAdmins):
        return OF_ADMINS.of_group() if effect.choices else None
    if not isinstance(effect, Say) or not effect.choices:
        return None
    whom: Account | None = effect.chooser or effect.to
    return OPEN.of(whom) if whom is not None else OPEN.of_group()


def asked(held: Open | None, effect: Say | TellAdmins, workflow: str, at: datetime) -> Open:
    """The open questions with one more, the last. To a member a workflow has one question at a time; that one counts.
    To the whole group it may have several, but none twice.

    It is numbered from where the others end; from 1 again once there is no room below a hundred. Choices that are
    numbers are their own: then the question asked last is meant, as it is where names are the same.
    """
    to_admins = isinstance(effect, TellAdmins)
    until = at + (ADMINS_HAVE if to_admins else MEMBERS_HAVE)
    aside = isinstance(effect, Say) and effect.to is not None
    secret = isinstance(effect, Say) and aside and effect.confidential
    if isinstance(effect, Say) and effect.expires is not None:
        until = effect.expires if secret else min(until, effect.expires)
    listed = [choice for choice in effect.choices if not choice.private]
    data = tuple(choice.data for choice in listed)
    whole = isinstance(effect, Say) and effect.chooser is None and effect.to is None
    kept = [one for one in _live(held, at) if to_admins or one.workflow != workflow or (whole and one.data != data)]
    own = scored(listed)
    first = max((one.first + len(one.labels) for one in kept), default=1) if own is None else own
    new = Question(
        workflow=workflow,
        at=at,
        until=until,
        labels=tuple(choice.label for choice in listed),
        data=data,
        first=first if first + len(listed) - 1 <= _LAST else 1,
        aside=aside,
        secret=secret,
    )
    return Open((*kept, new)[-_MOST:] if listed else tuple(kept))


def may_answer(text: str, letters: Collection[str]) -> bool:
    """Whether a message begins like an answer: with a number, or a letter that some label begins with. A quick look."""
    if len(text) > LONGEST:
        return False
    first = text.lstrip()[:1]
    return first.isdigit() or first in letters or (first in _CHOOSE and _CHOOSING.match(text) is not None)


def number_of(text: str) -> int | None:
    """The number that a message is, with no more around it than a word that it is chosen: `选1`, `第一个`, `#2`."""
    found = _NUMBER.fullmatch(bare(text))
    if found is None:
        return None
    digits, numeral = found[1] or found[2], found[3] or found[4]
    return int(digits) if digits else _number(numeral)


def _number(numeral: str) -> int | None:
    """What a Chinese numeral below a hundred is; None for what is none (`二三`)."""
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _HAN.get(numeral)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)


def numbers(record: str, group: Group, *, private: bool, desk: bool) -> Numbers:
    """Of which questions a bare number means one, by where it is written: at the desk those of the admins, in private
    what was asked there. Elsewhere somebody may count, or answer something else, and what is secret stays so."""
    to_admins = record == OF_ADMINS.name
    if desk:
        return "any" if to_admins else "none"
    if not private:
        return "aloud"
    return ("none" if group.desk else "any") if to_admins else "aside"


def answered(held: Open | None, text: str, at: datetime, counting: Numbers = "any") -> Answer | None:
    """What a message chooses, of several questions that it could answer in the last one; None if it is no answer."""
    live = _live(held, at)
    said = bare(text)
    number = number_of(said)
    asked_here = [one for one in live if _counts(one, number, counting)]
    fitting = [(one, n) for one in asked_here if (n := _place(one, said, number)) is not None]
    if not fitting:
        return None
    *instead, (question, n) = fitting
    left = replace(held or Open(), questions=tuple(one for one in live if one is not question))
    others = tuple(_choice(*one) for one in instead)
    return Answer(_choice(question, n), question, left, others, number is not None)


def first_letters(labels: Iterable[str]) -> frozenset[str]:
    """What messages begin with that name one of these labels, or one of their words."""
    words = (word for label in labels for word in (label, bare(label), *_words(bare(label))))
    return frozenset(letter for word in words if word for letter in (word[0], word[0].upper()))


def bare(text: str) -> str:
    """A text as it is compared: without case, width, and what stands around it (emoji, full stops)."""
    return _EDGES.sub("", unicodedata.normalize("NFKC", text).casefold())


def _live(held: Open | None, at: datetime) -> list[Question]:
    return [one for one in held.questions if at < one.until] if held is not None else []


def _counts(question: Question, number: int | None, counting: Numbers) -> bool:
    if counting == "aloud":
        return not question.secret
    return number is None or counting == "any" or (counting == "aside" and question.aside)


def _choice(question: Question, n: int) -> Choice:
    return Choice(label=question.labels[n], data=question.data[n])


def _place(question: Question, said: str, number: int | None) -> int | None:
    """Which choice of a question is meant."""
    if number is not None:
        n = number - question.first
        return n if 0 <= n < len(question.labels) else None
    labels = [bare(label) for label in question.labels]
    if said and said in labels:
        return labels.index(said)
    named = [n for n, label in enumerate(labels) if said in _words(label)]
    return named[0] if len(named) == 1 else None


def _words(label: str) -> list[str]:
    """The words of a label by one of which it may be named; a single latin letter is no word."""
    return [word for word in re.split(r"[\W_]+", label) if len(word) > 1 or word > "\u2e7f"]
