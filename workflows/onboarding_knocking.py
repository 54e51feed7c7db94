"""Somebody who has to answer before they are in: what is remembered of them, and what an answer is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from core.decision import Decision, Put
from core.effects import Choice, Say, TellAdmins, Words
from core.events import ButtonPressed
from core.people import Account, Member
from core.state import Key, Slot
from core.workflow import View
from workflows import rights
from workflows.answer_words import tidied
from workflows.onboarding_answers import Given, Unfit, kept_words, place_named, typed
from workflows.onboarding_entry_options import Entry, Question
from workflows.onboarding_question_options import FreeText
from workflows.onboarding_state import following, position, standing
from workflows.onboarding_voice import Voice
from workflows.steering_commands import BOOK

Stage = Literal["asking", "with_admins", "let_in", "turned_away", "lapsed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knocking:
    """The question that is open, the answers so far, and until when they must not try again.

    `failures` counts refusals over all attempts. The rest is for those who are in the group and held at its door:
    `until` is the end of their time, `ask_at` when the question shall be put, `asked` when it was, `muted` when the
    last mute was asked for; `crowd` says that it is put to many at once, `private` that they answer in private,
    `album` the one whose caption answered: its other parts go too. `late`: their time was over while the assistant was
    away, or told late who had come, and they have it anew, which they have once.
    """

    account: Account
    since: datetime
    stage: Stage = "asking"
    question: str = ""
    place: int = 0
    wrong: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    barred: datetime | None = None
    failures: int = 0
    until: datetime | None = None
    ask_at: datetime | None = None
    asked: datetime | None = None
    muted: datetime | None = None
    hinted: bool = False
    crowd: bool = False
    private: bool = False
    album: str = ""
    away: bool = False
    late: bool = False

    @property
    def open(self) -> bool:
        """Whether it is not decided yet."""
        return self.stage in ("asking", "with_admins")


KNOCKING = Slot("onboarding.entry", Knocking)
"""A request to be let in."""

DOOR = Slot("onboarding.door", Knocking)
"""Somebody who is in, and held at the door."""

PRIVATE, OWN, CROWD = "knock:", "door:", "crowd:"
"""What the data of answers begins with, by where the buttons are: in private, in the group for one, for many.

Only a message of ours in the group may be edited or deleted; ids of messages in private chats mean others there.
"""

LET_IN = "let_in"
"""The order of an admin that lets somebody past the door."""

HERE = "here"
"""The answer of a door without questions: the press itself."""

VERDICT = "entry:"
"""What the data of the admins' buttons begins with: `entry:<verb>:<account>`."""


@lru_cache(maxsize=20_000)
def door_of(account: Account) -> Key[Knocking | None]:
    """The key of somebody at the door. Remembered, because every message asks for one where there is a door."""
    return DOOR.of(account)


def outside(actor: Member, view: View) -> bool:
    """Whether somebody waits to be let in, or was not and did not come since: what they write is for the door alone."""
    knocking, here = view.get(KNOCKING.of(actor.account)), view.get(DOOR.of(actor.account))
    if here is not None and here.open:
        return True
    return knocking is not None and knocking.stage != "let_in" and (knocking.open or actor.joined is None)


def kept_at(slot: Slot[Knocking], here: Knocking) -> Put:
    """The change that remembers it."""
    return Put(slot.of(here.account), here)


def asked_about(data: str) -> tuple[str, Account]:
    """What an admin's button says: approve or decline, and whom."""
    _, verb, account = data.split(":", 2) if data.count(":") >= 2 else ("", "", "")
    return verb, Account(account)


def refused(takes: Iterable[str], event: ButtonPressed, account: Account, view: View) -> Decision | None:
    """The answer to an admin's press by who may not give the commands that do the same; None if it counts."""
    commands = (command for name in takes if (command := BOOK.named(name)) is not None)
    answers = (rights.press_refused(command, event, view, about=account) for command in commands)
    return next((no for no in answers if no is not None), None)


def bans(here: Knocking, entry: Entry) -> bool:
    """Whether being turned away once more is for good."""
    return entry.ban_after is not None and here.failures + 1 >= entry.ban_after


def open_question(here: Knocking, entry: Entry) -> Question | None:
    """The question that stands; None when nothing is left to ask."""
    return standing(entry.questions, here.question, here.place, here.answers)


def asks(here: Knocking, question: Question | None, entry: Entry) -> Knocking:
    """The state of somebody who is asked this now."""
    if question is None:
        return here
    return replace(here, question=question.id, place=position(entry.questions, question), hinted=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What an answer led to: the state after it, the next question if it was right, and the reasons.

    `right` and no question left means that the door may open; not `right` and not `spent` that they may try again.
    """

    here: Knocking
    right: bool
    because: tuple[str, ...]
    next: Question | None = None
    spent: bool = False


def taken(here: Knocking, question: Question, given: str, *, right: bool, entry: Entry) -> Turn:
    """An answer is counted."""
    if right:
        here = replace(here, answers={**here.answers, question.id: given})
        after = following(entry.questions, question, here.answers)
        return Turn(here=here, right=True, because=(f"answered the question {question.id}",), next=after)
    here = replace(here, wrong=here.wrong + 1)
    spent = here.wrong >= entry.tries
    if spent:
        here = replace(here, answers={**here.answers, question.id: given})
    because = (f"wrong answer {here.wrong} of {entry.tries} to the question {question.id}",)
    return Turn(here=here, right=False, because=because, spent=spent)


def fits(question: Question, text: str) -> tuple[str, bool] | None:
    """What was typed, as it is remembered, and whether it is right; None where it names none of the options."""
    if question.options:
        place = place_named([tuple(option.names.values()) for option in question.options], text)
        return pressed(question, place) if place is not None else None
    if question.accept:
        return kept_words(text), _accepted(question, (text,))
    verdict = typed(question.text or FreeText(), text)
    return (verdict.words, True) if isinstance(verdict, Given) else (kept_words(text), False)


def unfit(question: Question, text: str) -> Unfit | None:
    """What a typed answer lacks where no words are the right ones. It is said once, and costs no try."""
    if question.options or question.accept:
        return None
    verdict = typed(question.text or FreeText(), text)
    return verdict if isinstance(verdict, Unfit) else None


def pressed(question: Question, number: int) -> tuple[str, bool] | None:
    """The option of a number from 1 on, and whether it is right; None where it is not offered."""
    if not 1 <= number <= len(question.options):
        return None
    names = tuple(question.options[number - 1].names.values())
    return names[0], not question.accept or _accepted(question, names)


def _accepted(question: Question, given: tuple[str, ...]) -> bool:
    bare = {tidied(one) for one in given}
    return any(tidied(word) in bare for word in question.accept)


def worded(question: Question, entry: Entry, voice: Voice) -> Words:
    """The question, as its operator wrote it."""
    number = position(entry.questions, question) + 1
    return voice.theirs(question.ask, id=question.id, number=number, of=len(entry.questions), answer="")


def choices(question: Question, prefix: str, language: str) -> tuple[Choice, ...]:
    """The question's options as buttons."""
    return tuple(
        Choice(label=option.in_(language), data=f"{prefix}{question.id}:{n}")
        for n, option in enumerate(question.options, start=1)
    )


def label(voice: Voice, key: str) -> str:
    """One of the assistant's own sentences as the text of a button."""
    return "".join(part for part in voice.own(f"onboarding.{key}") if isinstance(part, str))


def in_private(say: Say) -> Say:
    """What is said at the door in private is for nobody else, and at once.

    Platforms let an assistant write to whoever asks to be let in for a few minutes only.
    """
    return replace(say, urgency="now", confidential=True)


def for_admins(here: Knocking, entry: Entry, voice: Voice, key: str) -> TellAdmins:
    """What the admins read of somebody, with the answers, and their two buttons."""
    theirs = replace(voice, language=voice.group.language_of(None))
    words: list[Any] = [*theirs.own(f"onboarding.{key}", wrong=here.wrong)]
    for question in entry.questions:
        if question.id in here.answers:
            words += ["\n", *worded(question, entry, theirs), "\n> ", here.answers[question.id]]
    buttons = tuple(
        Choice(label=label(theirs, f"entry_{verb}"), data=f"{VERDICT}{verb}:{here.account}")
        for verb in ("approve", "decline")
    )
    return TellAdmins(words=tuple(words), about=here.account, choices=buttons)


def whole_minutes(until: datetime, at: datetime) -> timedelta:
    """What is left of a wait, as it is told."""
    return timedelta(minutes=max(1, round((until - at).total_seconds() / 60)))
