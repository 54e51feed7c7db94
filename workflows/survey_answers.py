"""Answers to surveys: by button, by number or by word; who may give one; and some in the member's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Change, Decision, Post, Put
from core.effects import Effect, Say, Words, in_lines
from core.events import ButtonPressed, MemberLeft, MessagePosted
from core.people import Account, ActorKind, Member, platform_of
from core.state import POINTS, Key
from core.workflow import View
from workflows import facts, rights
from workflows.commands import SLASHES, Call
from workflows.facts import TIER
from workflows.happened import Grouped
from workflows.plain_text import one_line
from workflows.quiet_wishes import QUIET
from workflows.survey_book import ANSWERS, LISTENS, PLANS, Answers, Given, Opened, Plans
from workflows.survey_options import Survey, Surveys
from workflows.survey_words import LONGEST_WORDS, PRESSED, Voice

PAID: Final = "survey:"
"""What keys of points for answering begin with."""
_OF_A_MEMBER: Final = ("member.joined_days",)


def reads(event: ButtonPressed | MessagePosted, options: Surveys) -> Iterator[Key[Any]]:
    """The state that an answer looks at."""
    account = event.actor.account
    yield PLANS.of_group()
    yield ANSWERS.of(account)
    yield QUIET.of(account)
    yield TIER.of(account)
    surveys = [survey for _, survey in options.items()]
    for survey in surveys:
        yield from facts.reads(_names(survey), account, event.at)
        if survey.points:
            yield state.entries(POINTS, account, event.at - _LONGEST)


_LONGEST: Final = timedelta(days=16)
"""Longer than any survey is open, with the quiet hours behind it."""


def _names(survey: Survey) -> frozenset[str]:
    own = survey.sorry.names if survey.sorry is not None else frozenset[str]()
    return survey.asks.names | own | frozenset(_OF_A_MEMBER)


def pressed(event: ButtonPressed, options: Surveys, view: View) -> Decision:
    """A button, or the number of a choice."""
    id_, _, rest = event.data.removeprefix(PRESSED).partition(":")
    run, _, place = rest.partition(":")
    plans = view.get(PLANS.of_group()) or Plans()
    survey, opened = options.held_in(view.group).get(id_), plans.open_(id_, event.at)
    if survey is None or opened is None or opened.run != run or not place.isdecimal() or int(place) >= survey.answers:
        words = view.group.texts.say("surveys.closed", view.language(), {})
        return Decision(effects=_privately(event, words), because=("the survey is not open for answers",), rule=id_)
    voice = Voice(view.group, view.language(), id_, survey)
    decision, words = answered(event, int(place), voice, opened, view)
    return replace(decision, effects=(*_privately(event, words), *decision.effects)) if words else decision


def written(call: Call, event: MessagePosted, options: Surveys, view: View) -> Decision:
    """An answer in a message. One without a slash that answers nothing is talk, but for a wrong number in private."""
    slashed = event.text[:1] in SLASHES
    if (no := rights.refused(call, event, view)) is not None:
        return no if slashed else NOTHING
    plans, language = view.get(PLANS.of_group()) or Plans(), view.language()
    open_ = {
        id_: (survey, opened)
        for id_, survey in options.held_in(view.group).items()
        if (opened := plans.open_(id_, event.at)) is not None
    }
    fitting = {id_: n for id_, (survey, _) in open_.items() if (n := meant(call.rest, id_, survey)) is not None}
    if len(fitting) > 1:
        mine = view.get(ANSWERS.of(event.actor.account)) or Answers()
        fitting = {id_: n for id_, n in fitting.items() if mine.to(id_, open_[id_][1].run)} or fitting
    if len(fitting) > 1:
        said = call.rest if event.private else "…"
        lines = [Voice(view.group, language, id_, open_[id_][0]).say("which", answer=said) for id_ in fitting]
        words = in_lines([view.group.texts.say("surveys.several", language, {}), *lines])
        because = ("an answer to which survey is not said",)
        return Decision(effects=(rights.answer(call, event, view, words),), because=because, rule="answer")
    if fitting:
        ((id_, n),) = fitting.items()
        survey, opened = open_[id_]
        voice = Voice(view.group, language, id_, survey)
        decision, words = answered(event, n, voice, opened, view)
        aloud = bool(decision.changes) and not event.private and not event.desk
        words = voice.say("noted_aloud") if aloud else words
        told = (rights.answer(call, event, view, words, discreet=not aloud and not event.private),) if words else ()
        return replace(decision, effects=(*told, *decision.effects))
    if not slashed and (not event.private or event.desk or not (call.rest or "0").isdecimal()):
        return NOTHING
    words = view.group.texts.say("surveys.none", language, {})
    if open_:
        id_, (survey, _) = max(open_.items(), key=lambda row: row[1][1].at)
        voice = Voice(view.group, language, id_, survey)
        labels = [survey.label(n, language) for n in range(survey.answers)]
        listed = f"{labels[0]}–{labels[-1]}" if survey.scores else ("、" if language == "zh" else ", ").join(labels)
        words = voice.say("what", answers=listed)
    return Decision(effects=(rights.answer(call, event, view, words),), because=("no answer is meant",), rule="answer")


def meant(text: str, id_: str, survey: Survey) -> int | None:
    """The answer that somebody writes, perhaps behind the survey's id: a number, or a choice by its name."""
    said = " ".join(text.casefold().split())
    first, _, rest = said.partition(" ")
    said = rest if first == id_ and rest else said
    if survey.scores:
        number = _number(said.removesuffix("分").rstrip(), survey.scores)
        return survey.scores.index(number) if number in survey.scores else None
    names = ({name.casefold() for name in choice.names.values()} for choice in survey.choices)
    return next((n for n, known in enumerate(names) if said in known), None)


def _number(said: str, scores: Sequence[int]) -> int:
    """The number that is said, in figures or in a word; -1 for none."""
    if said == "满":
        return max(scores)
    if said.isdecimal() and len(said) <= 2:
        return int(said)
    return _NUMBERS.get(said, -1)


_ENGLISH: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS: Final[Mapping[str, int]] = {
    word: n for words in ("零一二三四五六七八九十", _ENGLISH) for n, word in enumerate(words)
} | {"两": 2}


def answered(
    event: ButtonPressed | MessagePosted, n: int, voice: Voice, opened: Opened, view: View
) -> tuple[Decision, Words]:
    """An answer is noted or changed, or who gives it hears why it does not count."""
    who, account, id_ = view.actor(), event.actor.account, voice.id
    if event.actor.kind is not ActorKind.PERSON:
        return Decision(because=("no person",), rule=id_), ()
    mine = view.get(ANSWERS.of(account)) or Answers()
    had = mine.to(id_, opened.run)
    if who.staff or event.actor.admin:
        return Decision(because=("staff's answers do not count",), rule=id_), voice.say("of_staff")
    if who.left is not None:
        return Decision(because=("the member has left",), rule=id_), voice.say("not_asked")
    if not had and (no := _not_asked(voice, mine, event.at, view)) is not None:
        because, words = no
        return Decision(because=(because,), rule=id_), words
    tier, days = _standing(who, event.at, view)
    asks = not any(one.asked for one in had) and _wants_words(voice.survey, account, view)
    last = had[-1] if had else None
    own = next((one for one in had if one.account == account), None)
    given = Given(
        survey=id_,
        run=opened.run,
        account=account,
        n=n,
        at=event.at,
        tier=tier,
        days=days,
        asked=event.at if asks else own.asked if own is not None else None,
        words=own.words if own is not None else "",
    )
    changes: tuple[Change, ...] = (Put(ANSWERS.of(account), mine.having(given)),)
    if not had and voice.survey.points:
        changes += tuple(_paid(account, voice, opened, event.at, view))
    effects = _asking(voice, account, opened, event.at) if asks else ()
    same = last is not None and last.n == n
    because = "answered so already" if same else "changed the answer" if had else "answered the survey"
    aloud = isinstance(event, ButtonPressed) and platform_of(account) in view.group.numbered
    words = voice.noted(n, last.n if last is not None else None, aloud=aloud)
    return Decision(changes=changes, effects=effects, because=(because,), rule=id_), words


def _not_asked(voice: Voice, mine: Answers, at: datetime, view: View) -> tuple[str, Words] | None:
    """Why somebody's answer does not count, and how they are told."""
    survey, who, group = voice.survey, view.actor(), view.group
    if not survey.asks.holds({"member": facts.values(survey.asks.names, view, who, at)}):
        words = voice.say("not_asked")
        if survey.sorry is not None:
            member = facts.values(survey.sorry.names, view, who, at)
            words = survey.sorry.say(voice.language, {"member": member, "group": Grouped(group)})
        return "the survey asks others", words
    if mine.lately is not None and at < mine.lately + survey.again_after:
        last, then = group.day(mine.lately).isoformat(), group.day(mine.lately + survey.again_after).isoformat()
        return "answered a survey lately", voice.say("not_yet", last=last, next=then)
    return None


def _paid(account: Account, voice: Voice, opened: Opened, at: datetime, view: View) -> Iterator[Post]:
    """The points for answering, once: who left and came back had them."""
    key, rule = f"{PAID}{voice.id}:{opened.run}", f"{PAID}{voice.id}"
    if all(entry.key != key for entry in view.get(state.entries(POINTS, account, at - _LONGEST))):
        yield Post(
            kind=POINTS,
            member=account,
            amount=voice.survey.points,
            rule=rule,
            reason="answered a survey",
            key=key,
        )


# In their own words


def _wants_words(survey: Survey, account: Account, view: View) -> bool:
    quiet = view.get(QUIET.of(account))
    return survey.follow_up is not None and not (quiet is not None and quiet.on)


def _asking(voice: Voice, account: Account, opened: Opened, at: datetime) -> tuple[Effect, ...]:
    until = min(opened.closes, at + LISTENS)
    return (Say(words=voice.follow_up(), to=account, confidential=True, urgency="now", expires=until),)


def in_own_words(event: MessagePosted, options: Surveys, view: View) -> Decision:
    """What somebody writes in private who was asked for their own words; None of it if they were not."""
    plans, account = view.get(PLANS.of_group()) or Plans(), event.actor.account
    mine = view.get(ANSWERS.of(account)) or Answers()
    words = one_line(event.text, LONGEST_WORDS)
    for one in sorted(mine.given, key=lambda given: given.at, reverse=True):
        opened = plans.open_(one.survey, event.at)
        survey = options.root.get(one.survey)
        if survey is None or opened is None or opened.run != one.run or meant(words, one.survey, survey) is not None:
            continue
        waits = one.asked is not None and event.at < one.asked + LISTENS and one.account == account
        if words and waits:
            every = one_line(f"{one.words} {words}", LONGEST_WORDS)
            put = Put(ANSWERS.of(account), _with(mine, replace(one, words=every)))
            thanks = view.group.texts.say("surveys.words_noted", view.language(), {})
            said = () if one.words else (Say(words=thanks, to=account, confidential=True, urgency="now"),)
            return Decision(changes=(put,), effects=said, because=("said more in their own words",), rule=one.survey)
    return NOTHING


def _with(mine: Answers, one: Given) -> Answers:
    """The same answers, of which one has words now."""
    same = (one.survey, one.account)
    return replace(mine, given=tuple(one if (kept.survey, kept.account) == same else kept for kept in mine.given))


def left(event: MemberLeft, view: View) -> Decision:
    """The answers of an account that left go with it."""
    account = event.actor.account
    mine = view.get(ANSWERS.of(account))
    rest = mine.left_by(account) if mine is not None else None
    if rest == mine:
        return NOTHING
    because = ("left: the answers to open surveys are erased",)
    return Decision(changes=(Put(ANSWERS.of(account), rest),), because=because)


def _privately(event: ButtonPressed, words: Words) -> tuple[Effect, ...]:
    """Words for who pressed, and for nobody else."""
    until = event.at + LISTENS
    return (
        Say(
            words=words,
            to=event.actor.account,
            confidential=True,
            quiet=True,
            urgency="now",
            press=event.press,
            expires=until,
        ),
    )


def reads_able(account: Account, survey: Survey, at: datetime) -> Iterator[Key[Any]]:
    """The state that tells whether a member could answer, and in which classes they are."""
    yield state.member(account)
    yield TIER.of(account)
    yield from facts.reads(survey.asks.names | frozenset(_OF_A_MEMBER), account, at)


def able(members: Iterable[Member], survey: Survey, at: datetime, view: View) -> Iterator[tuple[str, int]]:
    """Of some members, those who could answer, as far as their own state tells: the tier and the days of each."""
    for one in members:
        if survey.asks.holds({"member": facts.values(survey.asks.names, view, one, at)}):
            yield _standing(one, at, view)


def _standing(who: Member, at: datetime, view: View) -> tuple[str, int]:
    standing = view.get(TIER.of(who.account))
    known = facts.values(_OF_A_MEMBER, view, who, at)
    return (standing.tier or "") if standing is not None else "", int(str(known["joined_days"]))
