"""Answers to what is asked often, in the group and in private, with a word on whether they helped.

A message that asks for nothing is turned away at a glance (`faq_index`). The same answer is not said twice within its
cooldown in the group. Whoever asked can say whether it helped; how often each did is kept for the operator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2s
from typing import Any, Final

from core.decision import NOTHING, Decision, Put
from core.effects import Choice, Say, Words, plain
from core.events import ButtonPressed, Event, MessagePosted, spoken
from core.people import PERSON
from core.quick import quick, renewed
from core.state import Key, Slot
from core.workflow import View, Workflow
from workflows import facts
from workflows.commands import SLASHES
from workflows.faq_options import Faq
from workflows.happened import Grouped
from workflows.options import span_text

NAME: Final = "faq"
PRESSED: Final = "faq:"
_PRIVATE: Final = "-"
"""Behind what a button stands for whose answer was given in private: a press does not say where it was."""
_OF: Final = "."
"""Between the token of an answer and the tag of the message that asked."""
_KEPT: Final = 50


@quick
@dataclass(frozen=True, slots=True)
class Count:
    """Of one answer: when it was last given in the group, how often at all, and what those who asked said of it."""

    last: datetime | None = None
    given: int = 0
    helped: int = 0
    did_not: int = 0
    heard: dict[str, datetime] = field(default_factory=dict)
    """When it was last given in the group, by language."""


@quick
@dataclass(frozen=True, slots=True)
class Given:
    """The counts by id, and the last answers that were judged: each counts once."""

    of: dict[str, Count] = field(default_factory=dict)
    pressed: tuple[str, ...] = ()


GIVEN: Final = Slot("faq.given", Given)


def asked(event: MessagePosted, options: Faq) -> str | None:
    """The id of what a message asks for. None for nearly all messages."""
    if event.text[:1] in SLASHES:
        return None
    id_ = options.index.asked(spoken(event), closely=event.private)
    if id_ is None or event.forwarded or event.desk or event.actor.kind is not PERSON:
        return None
    return id_


def reads(event: Event, options: Faq) -> Iterable[Key[Any]] | None:
    if type(event) is MessagePosted:
        id_ = asked(event, options)
        if id_ is None:
            return None
        return dict.fromkeys((GIVEN.of_group(), *facts.reads(options[id_].answer.names, event.actor.account, event.at)))
    if type(event) is ButtonPressed and event.data.startswith(PRESSED):
        return (GIVEN.of_group(),)
    return None


def decide(event: Event, options: Faq, view: View) -> Decision:
    match event:
        case MessagePosted():
            id_ = asked(event, options)
            return NOTHING if id_ is None else _answered(event, id_, options, view)
        case ButtonPressed():
            return _judged(event, options, view)
    return NOTHING


def _answered(event: MessagePosted, id_: str, options: Faq, view: View) -> Decision:
    one, who = options[id_], event.actor.account
    kept = view.get(GIVEN.of_group()) or Given()
    count = kept.of.get(id_, Count())
    language = view.language()
    last = count.heard.get(language) if count.heard else count.last
    if last is not None and event.at - last < one.cooldown and not event.private:
        because = f"answered less than {span_text(one.cooldown)} ago"
        return Decision(because=(because,), rule=id_)
    token = f"{_token(id_)}{_PRIVATE if event.private else _OF + tag(event.message)}"
    counted = renewed(count, given=count.given + 1)
    if not event.private:
        counted = renewed(counted, last=event.at, heard={**count.heard, language: event.at})
    say = Say(
        words=_answer(event, id_, options, view, language),
        to=who if event.private else None,
        reply_to=None if event.private else event.message,
        topic=None if event.private else event.topic,
        choices=tuple(
            Choice(label=plain(_own(view, language, key)), data=f"{PRESSED}{key}:{token}")
            for key in ("helped", "did_not")
        ),
        chooser=who,
        urgency="now",
        quiet=True,
    )
    return Decision(
        changes=(Put(GIVEN.of_group(), renewed(kept, of={**kept.of, id_: counted})),),
        effects=(say,),
        because=("asked what is asked often",),
        rule=id_,
    )


def _answer(event: MessagePosted, id_: str, options: Faq, view: View, language: str) -> Words:
    text, group = options[id_].answer, view.group
    values = {
        "group": Grouped(group),
        "member": facts.values(text.names, view, view.actor(), event.at),
    }
    return text.say(language, values)


def _judged(event: ButtonPressed, options: Faq, view: View) -> Decision:
    """Whoever asked says whether it helped. It counts once, and the buttons go. A press by number names no message."""
    verdict, _, token = event.data.removeprefix(PRESSED).partition(":")
    private = token.endswith(_PRIVATE)
    of = token.partition(_OF)[0].removesuffix(_PRIVATE)
    id_ = next((id_ for id_, _ in options.items() if _token(id_) == of), None)
    kept = view.get(GIVEN.of_group()) or Given()
    press = _token(f"{event.actor.account}|{event.message or event.id}")
    if id_ is None or verdict not in ("helped", "did_not") or press in kept.pressed:
        return NOTHING
    count, good = kept.of.get(id_, Count()), verdict == "helped"
    counted = renewed(count, **{verdict: getattr(count, verdict) + 1})
    language = view.language()
    say = (
        Say(words=_own(view, language, "ask_there"), to=event.actor.account, quiet=True)
        if private
        else Say(
            words=_own(view, language, "left_to_others"),
            reply_to=event.message or None,
            topic=event.topic,
            quiet=True,
        )
    )
    return Decision(
        changes=(Put(GIVEN.of_group(), Given({**kept.of, id_: counted}, (*kept.pressed, press)[-_KEPT:])),),
        effects=(say,) if not good else (),
        because=("said that the answer helped" if good else "said that the answer did not help",),
        rule=id_,
    )


def tag(message: str) -> str:
    """The message that was answered, in few letters."""
    return blake2s(message.encode(errors="replace"), digest_size=4).hexdigest()


def judged_of(data: str) -> tuple[str, str]:
    """What a button under an answer says, `helped` or `did_not`, and the `tag` of what was asked; nothing of others."""
    if not data.startswith(PRESSED):
        return "", ""
    verdict, _, token = data.removeprefix(PRESSED).partition(":")
    return verdict, token.partition(_OF)[2]


def _token(id_: str) -> str:
    """An id in few letters, as buttons have room for few."""
    return blake2s(id_.encode(), digest_size=5).hexdigest()


def _own(view: View, language: str, key: str) -> Words:
    return view.group.texts.say(f"{NAME}.{key}", language, {})


workflow = Workflow(
    NAME,
    Faq,
    frozenset((MessagePosted, ButtonPressed)),
    reads,
    decide,
    deaf=lambda opening, options: opening[:1] in SLASHES,
)
