"""Questions at the door: whoever asks to be let in answers in private; then the door, or an admin, opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from core import state
from core.decision import NOTHING, Decision, DropTimer, Put, SetTimer
from core.effects import Approve, Choice, Decline, Say, TellAdmins, Words
from core.events import ButtonPressed, Event, JoinRequested, MessagePosted, TimerDue
from core.people import Account, Member
from core.state import Key, Slot
from core.workflow import View
from workflows.onboarding_answers import Given, kept_words, tidy, typed
from workflows.onboarding_options import Entry, FreeText, Onboarding, Question
from workflows.onboarding_state import following, position, standing
from workflows.onboarding_voice import Voice, heard, voice_for
from workflows.options import span_text

EntryStage = Literal["asking", "with_admins", "let_in", "turned_away", "lapsed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knocking:
    """Somebody at the door: the question that is open, the answers so far, and until when they must not ask again."""

    account: Account
    since: datetime
    stage: EntryStage = "asking"
    question: str = ""
    place: int = 0
    wrong: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    barred: datetime | None = None


KNOCKING = Slot("onboarding.entry", Knocking)
TIMER = "entry:"
BUTTON = "entry:"


def asked_about(data: str) -> tuple[str, Account]:
    """What an admin's button says: approve or decline, and whom."""
    _, verb, account = data.split(":", 2) if data.count(":") >= 2 else ("", "", "")
    return verb, Account(account)


def reads(account: Account, options: Onboarding, at: datetime) -> Iterator[Key[Any]]:
    """What the door needs to know of somebody."""
    yield KNOCKING.of(account)
    yield state.member(account)
    yield from heard(options, account, at)


def knocked(event: JoinRequested, entry: Entry, options: Onboarding, view: View) -> Decision:
    """Somebody asks to be let in."""
    account = event.actor.account
    before = view.get(KNOCKING.of(account))
    voice = _private(event, account, view.actor(), options, view)
    if before is not None and before.stage == "with_admins":
        return Decision(
            effects=(voice.say(voice.own("onboarding.entry_waiting")),),
            because=("the admins have the request already",),
        )
    if before is not None and before.barred is not None and before.barred > event.at:
        wait = _whole_minutes(before.barred, event.at)
        effects = (_now(voice.say(voice.own("onboarding.entry_barred", wait=wait))), Decline(member=account))
        return Decision(
            effects=effects, because=(f"was turned away a short while ago; may ask again in {span_text(wait)}",)
        )
    resumed = before is not None and before.stage == "asking"
    here = before if before is not None and resumed else Knocking(account=account, since=event.at)
    first = standing(entry.questions, here.question, here.place, here.answers)
    if first is not None and event.words.strip() and not resumed and _right(first, event.words) is not None:
        # The words that came with the request answer the first question, where the platform asks for some.
        return _answered(here, first, event.words, event, entry, voice)
    return _ask(here, first, event, entry, voice, ("asked to be let in",), hello=not resumed)


def replied(event: MessagePosted, here: Knocking, entry: Entry, options: Onboarding, view: View) -> Decision:
    """Somebody at the door wrote in private."""
    voice = _private(event, event.actor.account, view.actor(), options, view)
    question = standing(entry.questions, here.question, here.place, here.answers)
    if question is None or question.id != here.question:
        return _ask(here, question, event, entry, voice, ("the open question is no longer in the configuration",))
    if not event.text.strip() or event.text.startswith("/"):
        return NOTHING
    return _answered(here, question, event.text, event, entry, voice)


def lapsed(event: TimerDue, account: Account, options: Onboarding, view: View) -> Decision:
    """Nobody answered: the request is closed, and may be made again at once."""
    here, member = view.get(KNOCKING.of(account)), view.get(state.member(account))
    if here is None or here.stage != "asking" or member is None:
        return NOTHING
    voice = _private(event, account, member, options, view)
    return Decision(
        changes=(_kept(replace(here, stage="lapsed")),),
        effects=(voice.say(voice.own("onboarding.entry_lapsed")), Decline(member=account)),
        because=("the questions at the door were not answered in time",),
    )


def judged(event: ButtonPressed, entry: Entry, options: Onboarding, view: View) -> Decision:
    """An admin pressed a button under a request."""
    verb, account = asked_about(event.data)
    if not view.actor().staff:
        return Decision(because=("only admins decide who is let in",))
    here, member = view.get(KNOCKING.of(account)), view.get(state.member(account))
    if here is None or member is None or here.stage != "with_admins" or verb not in ("approve", "decline"):
        return Decision(because=("this request was decided before",))
    voice = _private(event, account, member, options, view)
    by = event.actor.name or event.actor.account
    if verb == "approve":
        return _let_in(here, voice, (f"approved by {by}",))
    return _turn_away(here, event, entry, voice, (f"declined by {by}",))


def came_in(here: Knocking | None) -> Decision:
    """Somebody joined: whoever let them in, the door has nothing more to ask."""
    if here is None or here.stage not in ("asking", "with_admins"):
        return NOTHING
    return Decision(
        changes=(_kept(replace(here, stage="let_in", barred=None)),),
        timers=(DropTimer(_timer(here.account)),),
        because=("is in the group; the questions at the door are closed",),
    )


def _answered(here: Knocking, question: Question, text: str, event: Event, entry: Entry, voice: Voice) -> Decision:
    right = _right(question, text)
    if right is None:
        return _wrong(here, question, text, event, entry, voice)
    here = replace(here, answers={**here.answers, question.id: right})
    after = following(entry.questions, question, here.answers)
    because = (f"answered the question {question.id}",)
    if after is not None:
        return _ask(here, after, event, entry, voice, because)
    if entry.then == "ask_admins":
        return _to_admins(here, entry, voice, (*because, "the admins decide"))
    return _let_in(here, voice, (*because, "every question is answered"))


def _wrong(here: Knocking, question: Question, text: str, event: Event, entry: Entry, voice: Voice) -> Decision:
    here = replace(here, wrong=here.wrong + 1)
    because = (f"wrong answer {here.wrong} of {entry.tries} to the question {question.id}",)
    if here.wrong < entry.tries:
        left = entry.tries - here.wrong
        say = voice.say(voice.own("onboarding.entry_wrong", number=left), _question(question, entry, voice))
        return Decision(changes=(_kept(here),), effects=(_now(say),), because=because)
    if entry.otherwise == "ask_admins":
        here = replace(here, answers={**here.answers, question.id: kept_words(text)})
        return _to_admins(here, entry, voice, (*because, "the admins decide"))
    return _turn_away(here, event, entry, voice, because)


def _ask(
    here: Knocking,
    question: Question | None,
    event: Event,
    entry: Entry,
    voice: Voice,
    because: tuple[str, ...],
    *,
    hello: bool = False,
) -> Decision:
    if question is None:
        return _let_in(here, voice, (*because, "no question is left"))
    asked = replace(here, question=question.id, place=position(entry.questions, question))
    greeting = (voice.own("onboarding.entry_hello"),) if hello else ()
    return Decision(
        changes=(_kept(asked),),
        effects=(_now(voice.say(*greeting, _question(question, entry, voice))),),
        timers=(SetTimer(key=_timer(here.account), at=event.at + entry.within, member=here.account),),
        because=(*because, f"asked the question {question.id}"),
    )


def _let_in(here: Knocking, voice: Voice, because: tuple[str, ...]) -> Decision:
    return Decision(
        changes=(_kept(replace(here, stage="let_in", barred=None)),),
        effects=(Approve(member=here.account), voice.say(voice.own("onboarding.entry_passed"))),
        timers=(DropTimer(_timer(here.account)),),
        because=because,
        about=here.account,
    )


def _turn_away(here: Knocking, event: Event, entry: Entry, voice: Voice, because: tuple[str, ...]) -> Decision:
    """Not for ever: after the cooldown they may ask again. The words come first, while they can still be sent."""
    key = "onboarding.entry_failed" if entry.cooldown else "onboarding.entry_failed_now"
    words = voice.own(key, wait=entry.cooldown)
    return Decision(
        changes=(_kept(replace(here, stage="turned_away", barred=event.at + entry.cooldown)),),
        effects=(_now(voice.say(words)), Decline(member=here.account)),
        timers=(DropTimer(_timer(here.account)),),
        because=because,
        about=here.account,
    )


def _to_admins(here: Knocking, entry: Entry, voice: Voice, because: tuple[str, ...]) -> Decision:
    group = voice.group
    language = group.language_of(None)
    known = {**voice.known, "onboarding": {"wrong": here.wrong}}
    words: list[Any] = [*group.texts.say("onboarding.entry_request", language, known)]
    for question in entry.questions:
        if question.id in here.answers:
            words += ["\n", *question.ask.say(language, known), "\n> ", here.answers[question.id]]
    labels = {verb: _label(voice, f"onboarding.entry_{verb}", language) for verb in ("approve", "decline")}
    choices = tuple(Choice(label=label, data=f"{BUTTON}{verb}:{here.account}") for verb, label in labels.items())
    return Decision(
        changes=(_kept(replace(here, stage="with_admins")),),
        effects=(
            TellAdmins(words=tuple(words), about=here.account, choices=choices),
            voice.say(voice.own("onboarding.entry_waiting")),
        ),
        timers=(DropTimer(_timer(here.account)),),
        because=because,
    )


def _right(question: Question, text: str) -> str | None:
    """The answer as it is remembered, None if it is wrong."""
    if question.accept:
        bare = tidy(text)
        return kept_words(text) if any(tidy(word) == bare for word in question.accept) else None
    verdict = typed(question.text or FreeText(), text)
    return verdict.words if isinstance(verdict, Given) else None


def _question(question: Question, entry: Entry, voice: Voice) -> Words:
    number = position(entry.questions, question) + 1
    return voice.theirs(question.ask, id=question.id, number=number, of=len(entry.questions), answer="")


def _private(event: Event, account: Account, member: Member, options: Onboarding, view: View) -> Voice:
    return replace(voice_for(member, account, event, options, view), private=True, topic=None, reply_to=None)


def _now(say: Say) -> Say:
    """Platforms let a bot write to whoever asks for entry only for a few minutes."""
    return replace(say, urgency="now")


def _label(voice: Voice, key: str, language: str) -> str:
    return "".join(part for part in voice.group.texts.say(key, language, voice.known) if isinstance(part, str))


def _whole_minutes(until: datetime, at: datetime) -> timedelta:
    return timedelta(minutes=max(1, round((until - at).total_seconds() / 60)))


def _kept(here: Knocking) -> Put:
    return Put(KNOCKING.of(here.account), here)


def _timer(account: Account) -> str:
    return f"{TIMER}{account}"
