"""Answers that helped: who asked thanks who answered, and that is suggested to the admins or rewarded.

It counts only between two people of whom one asked and the other replied, once for each pair in a while, and so often a
day for each who helps: thanks cannot be farmed by two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any, Final

from core import state
from core.decision import NOTHING, Change, Decision, Post, Put
from core.effects import Choice, TellAdmins, Words, plain
from core.events import ButtonPressed, MessagePosted
from core.people import Account, ActorKind, Member
from core.state import POINTS, Entry, Key, Slot
from core.workflow import View
from workflows import rights
from workflows.facts import THANKS, shown_name
from workflows.question_options import Asking
from workflows.steering_commands import BOOK as STEERING_BOOK
from workflows.thanks_words import helped

NAME: Final = "questions"
PRESSED: Final = "help:"
_OVER: Final = timedelta(days=1)
"""How long after the answer thanks for it are understood as such."""
_MOST: Final = 100
_OPEN_FOR: Final = timedelta(days=14)
_DAY: Final = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Answered:
    """Who asked, who replied, and when they did first."""

    asker: str
    at: datetime
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the admins were asked: whether an answer is to be rewarded."""

    helper: str
    asker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answers:
    """The questions answered in the last day, by message; and what waits for a word of the admins, by id."""

    of: dict[str, Answered] = field(default_factory=dict)
    suggested: dict[str, Suggested] = field(default_factory=dict)

    def current(self, at: datetime) -> Answers | None:
        """Without what is remembered no longer; nothing if none is left."""
        of = {message: one for message, one in self.of.items() if at - one.at < _OVER}
        suggested = {id_: one for id_, one in self.suggested.items() if at - one.at < _OPEN_FOR}
        return Answers(of, suggested) if of or suggested else None


ANSWERED: Final = Slot("questions.answered", Answers)


def reads(event: MessagePosted, options: Asking) -> tuple[Key[Any], ...]:
    """The state that thanks are judged by; nothing for other messages."""
    helper = _thanked(event)
    if helper is None:
        return ()
    asker = event.actor.account
    return (
        state.member(helper),
        state.given(THANKS, asker, event.at - options.pair_cooldown),
        state.entries(POINTS, helper, event.at - _DAY),
    )


def _thanked(event: MessagePosted) -> Account | None:
    """Whom a short reply thanks, or a message that mentions nobody else."""
    author = event.reply_to.author if event.reply_to is not None else None
    if author is None and len(event.mentions) == 1 and event.mentions[0].account != event.actor.account:
        author = event.mentions[0]
    return author.account if author is not None and author.kind is ActorKind.PERSON and thanked(event) else None


def thanked(event: MessagePosted) -> bool:
    """Whether a message is short thanks."""
    return not event.forwarded and helped(event.text)


def answered(
    event: MessagePosted, question: str, asker: str, options: Asking, view: View, *, answers: bool
) -> Iterator[Decision]:
    """A reply: to an open question of `asker`, to one that was answered before, or to an answer. `answers`: whether it
    can be an answer itself."""
    kept = view.get(ANSWERED.of_group()) or Answers()
    recent = {key: one for key, one in kept.of.items() if event.at - one.at < _OVER}
    who = event.actor.account
    if asker:
        recent[question] = Answered(asker, event.at, (who,))
    elif answers and question in recent and who not in (recent[question].asker, *recent[question].helpers):
        recent[question] = replace(recent[question], helpers=(*recent[question].helpers, who)[-10:])
    else:
        helper = _thanked(event)
        if helper is not None and any(one.asker == who and helper in one.helpers for one in recent.values()):
            yield _credited(event, helper, kept, options, view)
        return
    yield Decision(changes=(Put(ANSWERED.of_group(), replace(kept, of=dict(list(recent.items())[-_MOST:]))),))


def given(event: MessagePosted, options: Asking, view: View, *, asked: bool) -> Iterator[Decision]:
    """Thanks that reply to nothing, to somebody who answered. `asked`: whoever thanks had a question open till now."""
    kept, who = view.get(ANSWERED.of_group()) or Answers(), event.actor.account
    helper = _thanked(event)
    helped = (one for one in kept.of.values() if event.at - one.at < _OVER and one.asker == who)
    if helper is not None and (asked or any(helper in one.helpers for one in helped)):
        yield _credited(event, helper, kept, options, view)


def _credited(event: MessagePosted, helper: Account, kept: Answers, options: Asking, view: View) -> Decision:
    asker = view.actor()
    member: Member | None = view.get(state.member(helper))
    before: tuple[Entry, ...] = view.get(state.given(THANKS, asker.account, event.at - options.pair_cooldown))
    today: tuple[Entry, ...] = view.get(state.entries(POINTS, helper, event.at - _DAY))
    why = ""
    if member is None or member.person == asker.person or member.staff:
        why = "staff and oneself are not rewarded"
    elif any(one.person == member.person for one in before):
        why = "thanked the same person a short while ago"
    elif any(one.helper == helper and one.asker == asker.account for one in kept.suggested.values()):
        why = "the admins were asked before"
    elif sum(one.rule == NAME and view.group.day(one.at) == view.group.day(event.at) for one in today) >= (
        options.cap_per_day
    ):
        why = f"rewarded {options.cap_per_day} times today"
    if why or member is None:
        return Decision(because=(f"an answer helped; {why}",), rule=NAME, about=helper)
    if options.award == "auto":
        return Decision(
            changes=_facts(helper, asker.account, options), because=("an answer helped",), rule=NAME, about=helper
        )
    id_ = blake2s(event.id.encode(errors="replace"), digest_size=5).hexdigest()
    waiting = {key: one for key, one in kept.suggested.items() if event.at - one.at < _OPEN_FOR}
    waiting[id_] = Suggested(helper, asker.account, event.at)
    language = view.group.languages[0]
    words = _say(view, language, "helped", name=shown_name(member), by=shown_name(asker), points=options.points)
    choices = tuple(
        Choice(label=plain(_say(view, language, f"button_{answer}")), data=f"{PRESSED}{answer}:{id_}")
        for answer in ("yes", "no")
    )
    return Decision(
        changes=(Put(ANSWERED.of_group(), replace(kept, suggested=dict(list(waiting.items())[-_MOST:]))),),
        effects=(TellAdmins(words=words, evidence=event.message, about=helper, choices=choices),),
        because=("an answer helped; the admins are asked",),
        rule=NAME,
        about=helper,
    )


def _facts(helper: Account, asker: Account, options: Asking) -> tuple[Change, ...]:
    reason = "an answer helped"
    return (
        Post(kind=POINTS, member=helper, amount=options.points, rule=NAME, reason=reason, by=asker),
        Post(kind=THANKS, member=helper, amount=1, rule=NAME, reason=reason, by=asker),
    )


def reads_press(event: ButtonPressed) -> tuple[Key[Any], ...] | None:
    """The state that `judged` looks at; None for other buttons."""
    return (ANSWERED.of_group(),) if event.data.startswith(PRESSED) else None


def judged(event: ButtonPressed, options: Asking, view: View) -> Decision:
    """An admin says whether an answer is to be rewarded; the first word counts."""
    answer, _, id_ = event.data.removeprefix(PRESSED).partition(":")
    kept = view.get(ANSWERED.of_group()) or Answers()
    found = kept.suggested.get(id_)
    if found is None or answer not in ("yes", "no") or event.at - found.at > _OPEN_FOR:
        return NOTHING
    command = STEERING_BOOK.named("points")
    assert command is not None
    if (no := rights.press_refused(command, event, view, rule=NAME, about=Account(found.helper))) is not None:
        return no
    left = {key: one for key, one in kept.suggested.items() if key != id_}
    put = Put(ANSWERED.of_group(), replace(kept, suggested=left))
    yes = answer == "yes"
    return Decision(
        changes=(put, *(_facts(Account(found.helper), Account(found.asker), options) if yes else ())),
        because=("an admin said yes" if yes else "an admin said no",),
        rule=NAME,
        about=Account(found.helper),
    )


def _say(view: View, language: str, key: str, **values: object) -> Words:
    return view.group.texts.say(f"{NAME}.{key}", language, {"question": values})
