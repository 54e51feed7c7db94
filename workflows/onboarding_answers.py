"""Whether a message answers a question: choices, typed answers, introductions, thanks. Text in, verdict out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.choices import number_of
from core.effects import Choice
from core.events import MessagePosted
from core.people import PERSON, ActorKind
from workflows.answer_words import meant, tidied, tries
from workflows.commands import SLASHES
from workflows.onboarding_options import THANKS_WORDS, Answer, Introduction, Step
from workflows.onboarding_question_options import FreeText
from workflows.patterns import WordSet

LONGEST_KEPT = 300
"""Characters of an answer that are remembered; nobody needs the rest to know who somebody is."""

STEP_BUTTON = "step:"
"""What the data of a step's buttons begins with: `step:<id>:<number>`."""

_MISCOUNTED = 20
"""Up to here a number that no option has is one that was meant for them: 66 and 88 are greetings."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_THANKS = WordSet.build({"thanks": THANKS_WORDS}, {})


@dataclass(frozen=True, slots=True)
class Given:
    """An accepted answer, as it is remembered; `option` is what was chosen, if the step has options."""

    words: str
    option: Answer | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """An attempt that is not good enough: the sentence that says why, and its number."""

    key: str
    number: int = 0


def answered(step: Step, event: MessagePosted, *, read: bool, strict: bool) -> Given | Unfit | None:
    """What a message is to an open step: its answer, a failed attempt, or nothing to do with it.

    `read`: the member has seen the question, so that a number or any typed text may be meant for it. `strict`:
    an introduction with a link or a forward is none, because it could be the advertisement that the house keeps out.
    """
    if step.options:
        chosen = chosen_by(step, event.text, numbers=read)
        if chosen is not None:
            return Given(kept_words(chosen.say[0]), chosen)
        return _worded(step, event, read=read)
    if event.text[:1] in SLASHES:
        return None
    if step.introduce is not None:
        if event.private or event.forwarded or (strict and event.links):
            return None
        if introduces(step.introduce, event.text):
            return Given(kept_words(event.text))
        begun = read and bool(step.introduce.matcher.hits(event.text))
        return Unfit("onboarding.too_short", step.introduce.min_chars) if begun else None
    return typed(step.text, event.text) if step.text is not None and read and event.text else None


def _worded(step: Step, event: MessagePosted, *, read: bool) -> Given | Unfit | None:
    """An answer with words around it, or an attempt at one. What is said to another member is neither."""
    number = number_of(event.text) if read else None
    if number is not None:
        return Unfit("onboarding.no_such_number", len(step.options)) if number <= _MISCOUNTED else None
    if to_another(event) or event.forwarded or event.text.startswith(SLASHES):
        return None
    answers = [names_of(option) for option in step.options]
    places = meant(answers, event.text, numbers=read)
    if len(places) == 1:
        option = step.options[min(places) - 1]
        return Given(kept_words(option.say[0]), option)
    if places:
        return Unfit("onboarding.one_of_them", len(step.options))
    return Unfit("onboarding.which_one", len(step.options)) if read and tries(answers, event.text) else None


def names_of(option: Answer) -> tuple[str, ...]:
    """All that an option is called."""
    return (*option.say, *(option.label.names.values() if option.label is not None else ()))


def to_another(event: MessagePosted) -> bool:
    """Whether a message answers or mentions somebody else than the assistant."""
    reply, own = event.reply_to, event.actor.account
    if reply is not None and (reply.author is None or (reply.author.kind is PERSON and reply.author.account != own)):
        return True
    return any(one.kind is PERSON and one.account != own for one in event.mentions)


def chosen_by(step: Step, text: str, *, numbers: bool) -> Answer | None:
    """The option that a message is one of the words, the label or the number of."""
    bare = tidied(text)
    if not bare:
        return None
    for option in step.options:
        if any(tidied(word) == bare for word in option.say):
            return option
        if option.label is not None and any(tidied(label) == bare for label in option.label.names.values()):
            return option
    number = number_of(text) if numbers else None
    if number is not None and 1 <= number <= len(step.options):
        return step.options[number - 1]
    return None


def place_named(labels: Sequence[Sequence[str]], text: str) -> int | None:
    """Which one of several things a message names, by one of its labels or its number, counted from 1."""
    number = number_of(text)
    if number is not None:
        return number if 1 <= number <= len(labels) else None
    places = meant(labels, text, numbers=True)
    return min(places) if len(places) == 1 else None


def typed(wanted: FreeText, text: str) -> Given | Unfit:
    """A typed answer against its conditions."""
    count = length(text)
    if count < wanted.min_chars:
        return Unfit("onboarding.too_short", wanted.min_chars)
    if count > wanted.max_chars:
        return Unfit("onboarding.too_long", wanted.max_chars)
    if wanted.matcher is not None and not wanted.matcher.found_in(unicodedata.normalize("NFKC", text).strip()):
        return Unfit("onboarding.unfit")
    return Given(kept_words(text))


def introduces(wanted: Introduction, text: str) -> bool:
    """Whether a text is an introduction: long enough and with a word of introduction, or long."""
    count = length(text)
    if count >= wanted.long_chars:
        return True
    return count >= wanted.min_chars and bool(wanted.matcher.hits(text))


def thanks(event: MessagePosted) -> bool:
    """Whether a message thanks another person: a word of thanks with a mention of them or as an answer to them."""
    spoken_to = [*event.mentions, *((event.reply_to.author,) if event.reply_to is not None else ())]
    others = (a for a in spoken_to if a is not None and a.kind is ActorKind.PERSON and a.account != event.actor.account)
    return any(True for _ in others) and bool(_THANKS.hits(event.text))


def buttons(step: Step, language: str) -> tuple[Choice, ...]:
    """The step's options as choices; platforms without buttons number them in this order."""
    return tuple(
        Choice(label=label(o, language), data=f"{STEP_BUTTON}{step.id}:{n}")
        for n, o in enumerate(step.options, start=1)
    )


def label(option: Answer, language: str) -> str:
    """What an option is called: its label, or the first of its words in the script of the language."""
    if option.label is not None:
        return option.label.in_(language)
    return next((word for word in option.say if bool(_HAN.search(word)) == (language == "zh")), option.say[0])


def length(text: str) -> int:
    """Characters that are not spaces."""
    return sum(not character.isspace() for character in text)


def kept_words(text: str) -> str:
    """An answer as it is remembered: on one line, cut if it is very long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_KEPT else flat[: LONGEST_KEPT - 1] + "…"
