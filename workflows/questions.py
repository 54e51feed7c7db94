"""Questions that nobody has answered yet: a digest points to them, admins list them, the group is asked once more.

A question is a message that asks something (`asking`), with a question mark or without. It is answered by a reply to
it from somebody else that is no question, no command and no "me too"; one that replies to nothing cannot be told from
talk, so a question may look open though it is not. Where nothing can be replied to, somebody is answered who is
mentioned, and who asked settles it by thanks to somebody. An answer that the operator wrote answers what asks for it
alone, unless whoever asked says no; what asks for more it answers if they say so. Kept are the id of the message, when
it came and who asked, for seven days at most: no text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, Put, SetTimer
from core.effects import Mention, Say, Words
from core.events import (
    UNSPOKEN,
    ButtonPressed,
    Event,
    Instructed,
    MessageDeleted,
    MessagePosted,
    TimerDue,
    spoken,
)
from core.occurrences import awake
from core.people import Account, Actor, ActorKind, Member, platform_of
from core.state import Key
from core.workflow import Group, View, Workflow
from workflows import faq, member_commands
from workflows import question_thanks as thanks
from workflows.asking import asks, ends, opens
from workflows.commands import SLASHES, TRAILING, Book, Command, Role
from workflows.event_questions import asked_of_events
from workflows.facts import THANKS, shown_name
from workflows.faq_options import Faq
from workflows.question_book import A_DAY, ALONE, JUDGED_WITHIN, QUESTIONS, Open, Questions
from workflows.question_list import LIST, listed, listed_by_name
from workflows.question_options import KEPT, Asking
from workflows.question_thanks import ANSWERED, NAME
from workflows.quiet_wishes import QUIET, Quiet

COMMANDS: Final = (Command(name="questions", zh=("待答",), least=Role.MODERATOR, workflow=NAME),)
BOOK: Final = Book(COMMANDS)
MOST_OPEN: Final = 200
_MOST_TOLD: Final = 20
_MARKS: Final = ("?", "？")
_ASKING_BACK: Final = ("吗", "嗎", "呢")
_ME_TOO: Final = frozenset(
    (
        "同问", "同求", "求问", "蹲", "蹲一个", "我也想知道", "我也想问", "+1", "＋1", "加一", "顶", "up", "me too",
        "same", "same here", "same question", "following",
    )
)  # fmt: skip
"""What somebody says under a question who wants to know, too."""
_NAMED: Final = "named"
_LATELY: Final = timedelta(days=30)
_CANDIDATES: Final = 12


def reads(event: Event, options: Asking) -> Iterable[Key[Any]] | None:
    if type(event) is MessagePosted:
        if event.reply_to is None:
            text = event.text
            if not ("?" in text or "？" in text or ends(text[-10:]) or opens(text)) or not asks(text):
                if text[:1] in SLASHES:
                    return (QUESTIONS.of_group(),) if BOOK.heard(event) is not None else None
                if not event.mentions:
                    return None
        if event.private or event.actor.kind is not ActorKind.PERSON:
            return None
        if options.award == "off":
            return (QUESTIONS.of_group(),)
        return (QUESTIONS.of_group(), ANSWERED.of_group(), *thanks.reads(event, options))
    if type(event) is TimerDue:
        return (QUESTIONS.of_group(), state.standings(THANKS, _CANDIDATES, event.at - _LATELY))
    if type(event) is Instructed:
        keys: list[Key[Any]] = [QUESTIONS.of_group(), state.member(event.actor.account)]
        for account in event.accounts:
            keys += (QUIET.of(account), state.member(account))
        return keys
    if type(event) is ButtonPressed:
        return (QUESTIONS.of_group(),) if faq.judged_of(event.data)[1] else thanks.reads_press(event)
    return (QUESTIONS.of_group(),)


def decide(event: Event, options: Asking, view: View) -> Decision | tuple[Decision, ...]:
    match event:
        case MessagePosted():
            call = BOOK.heard(event)
            return listed(call, event, view) if call is not None else _heard(event, options, view)
        case MessageDeleted():
            kept = view.get(QUESTIONS.of_group()) or Questions()
            found, told = (
                tuple(one for one in held if one.message != event.message) for held in (kept.open, kept.told)
            )
            return _kept(event, kept, found, told)
        case TimerDue():
            return _waited(event, options, view)
        case Instructed(verb=verb) if verb == _NAMED:
            return _asked_again(event, view)
        case Instructed(verb=verb) if verb == LIST:
            return listed_by_name(event, view)
        case ButtonPressed() if faq.judged_of(event.data)[1]:
            return _judged(event, options, view)
        case ButtonPressed():
            return thanks.judged(event, options, view)
    return NOTHING


def _heard(event: MessagePosted, options: Asking, view: View) -> Decision | tuple[Decision, ...]:
    """A question, an answer, or thanks for one."""
    kept = view.get(QUESTIONS.of_group()) or Questions()
    found, told, reply, who = kept.open, kept.told, event.reply_to, event.actor.account
    made: list[Decision] = []
    if reply is not None and (reply.author is None or reply.author.account != who):
        answers = _answers(event)
        answered = next((one for one in found if answers and one.message == reply.message and one.asker != who), None)
        if answers and thanks.thanked(event):
            found = _without(found, faq.judged_of(reply.data)[1], who)
        found = tuple(one for one in found if one is not answered)
        told = tuple(one for one in told if not answers or one.message != reply.message)
        if options.award != "off":
            asker = answered.asker if answered is not None else ""
            made += thanks.answered(event, reply.message, asker, options, view, answers=answers)
    elif reply is None and event.mentions and platform_of(who) in view.group.numbered and _answers(event):
        settled = _settled_by_name(event, found)
        found = tuple(one for one in found if one is not settled)
        if options.award != "off" and settled is not None and settled.asker != who:
            made += thanks.answered(event, settled.message, settled.asker, options, view, answers=True)
        elif options.award != "off":
            made += thanks.given(event, options, view, asked=settled is not None)
    timers: tuple[SetTimer, ...] = ()
    staff = who in view.group.staff or event.actor.admin
    if _asks(event) and not staff and not _answered_at_once(event, view.group):
        own = options.after is not None or options.award != "off"
        often, whole = _asked_often(event, view.group)
        one = Open(
            event.message, event.at, platform_of(who), who if own else "", event.topic or "", often and not whole
        )
        if often and whole:
            told = (*told, one)
        else:
            found = (*found, one)
            timers = _timers(event, one, options)
    return (_kept(event, kept, found, told, timers), *made)


def _settled_by_name(event: MessagePosted, found: tuple[Open, ...]) -> Open | None:
    """The question that a message answers which replies to nothing: the last one of whoever is mentioned, or their own
    of whoever thanks somebody."""
    who = event.actor.account
    others = {one.account for one in event.mentions if one.kind is ActorKind.PERSON and one.account != who}
    recent = [one for one in found if event.at - one.at < A_DAY]
    own = [one for one in recent if one.asker == who] if others and thanks.thanked(event) else []
    return next(reversed(own or [one for one in recent if one.asker in others]), None)


def _judged(event: ButtonPressed, options: Asking, view: View) -> Decision:
    """Whoever asked says of an answer of the operator's whether it helped: it answered the question, or it did not."""
    verdict, tag = faq.judged_of(event.data)
    kept, who = view.get(QUESTIONS.of_group()) or Questions(), event.actor.account
    if verdict == "helped":
        return _kept(event, kept, _without(kept.open, tag, who), _without(kept.told, tag, who))
    again = next((one for one in kept.told if _is(one, tag, who)), None)
    if again is None or verdict != "did_not" or event.at - again.at >= JUDGED_WITHIN:
        return NOTHING
    again = replace(again, at=event.at, offered=True)
    return _kept(event, kept, (*kept.open, again), _without(kept.told, tag, who), _timers(event, again, options))


def _is(one: Open, tag: str, who: Account) -> bool:
    """Whether it is what an answer is about, and theirs, as far as that is known."""
    return faq.tag(one.message) == tag and one.asker in ("", who)


def _without(found: tuple[Open, ...], tag: str, who: Account) -> tuple[Open, ...]:
    return tuple(one for one in found if not _is(one, tag, who)) if tag else found


def _timers(event: MessagePosted | ButtonPressed, one: Open, options: Asking) -> tuple[SetTimer, ...]:
    """When the group is asked once more."""
    if options.after is None:
        return ()
    return (SetTimer(key=one.message, at=event.at + options.after, member=event.actor.account),)


def _kept(
    event: MessagePosted | MessageDeleted | ButtonPressed,
    kept: Questions,
    found: tuple[Open, ...],
    told: tuple[Open, ...],
    timers: tuple[SetTimer, ...] = (),
) -> Decision:
    if found == kept.open and told == kept.told:
        return NOTHING
    found = tuple(one for one in found if event.at - one.at < KEPT)[-MOST_OPEN:]
    told = tuple(one for one in told if event.at - one.at < JUDGED_WITHIN)[-_MOST_TOLD:]
    left = replace(kept, open=found, told=told)
    return Decision(changes=(Put(QUESTIONS.of_group(), None if left.empty else left),), timers=timers)


def _answers(event: MessagePosted) -> bool:
    """Whether a reply can be an answer: it asks nothing back, commands nothing, and says more than "me too"."""
    text = spoken(event).strip()
    if not text and event.kind in UNSPOKEN:
        return False
    asks_back = text.endswith(_MARKS) or (text.rstrip(TRAILING).endswith(_ASKING_BACK) and asks(text))
    return not (text.startswith(SLASHES) or asks_back or text.strip(TRAILING).casefold() in _ME_TOO)


def _asks(event: MessagePosted) -> bool:
    """Whether it is a question. An answer may begin like one: `怎么安装见群公告`."""
    text = spoken(event)
    if event.forwarded or text[:1] in SLASHES or not asks(text):
        return False
    return event.reply_to is None or text.rstrip(TRAILING).endswith((*_MARKS, *_ASKING_BACK))


def _answered_at_once(event: MessagePosted, group: Group) -> bool:
    """Whether it is a command, or a question that the events of the group answer."""
    return member_commands.BOOK.heard(event) is not None or asked_of_events(event, group) is not None


def _asked_often(event: MessagePosted, group: Group) -> tuple[bool, bool]:
    """Whether the operator wrote an answer to it, which the group has read, and whether it asks for that alone."""
    answers = group.options(Faq)
    if answers is None or faq.asked(event, answers) is None:
        return False, False
    return True, answers.index.whole(spoken(event))


# The group is asked once more


def _waited(event: TimerDue, options: Asking, view: View) -> Decision:
    """Still no answer: who could know is looked for among those who were thanked lately."""
    kept = view.get(QUESTIONS.of_group()) or Questions()
    question = next((one for one in kept.open if one.message == event.key), None)
    if question is None or options.after is None or event.at - question.at - options.after > ALONE:
        return NOTHING
    if not _leads(question, kept.open, options.after):
        because = "an earlier question of theirs waits too: the group was asked about that one"
        return Decision(because=(because,), rule=NAME)
    quiet = options.quiet_hours.hours if options.quiet_hours is not None else None
    later = awake(event.at, quiet, view.group.zone)
    if later > event.at:
        again = SetTimer(key=event.key, at=later, member=event.member)
        return Decision(timers=(again,), because=("quiet hours",), rule=NAME)
    today = [at for at in kept.said if event.at - at < A_DAY]
    if len(today) >= options.per_day:
        return Decision(because=(f"asked once more {len(today)} times today",), rule=NAME)
    who = [
        row.account
        for row in view.get(state.standings(THANKS, _CANDIDATES, event.at - _LATELY))
        if row.kind is ActorKind.PERSON
        and row.amount > 0
        and row.account != question.asker
        and row.account not in view.group.staff
        and not (row.account in kept.named and event.at - kept.named[row.account] < ALONE)
    ]
    arguments = {"message": question.message, "accounts": who, "most": options.name}
    order = Instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=Actor(account=Account(question.asker)),
        workflow=NAME,
        verb=_NAMED,
        arguments=arguments,
    )
    return Decision(follows=(order,), because=("nobody has answered",), rule=NAME)


def _leads(question: Open, kept: tuple[Open, ...], after: timedelta) -> bool:
    """Whether a question is the first of those that its asker wrote within a time. What comes later leads anew."""
    first: datetime | None = None
    for one in kept:
        if one.asker != question.asker or (first is not None and one.at - first < after):
            continue
        if one is question:
            return True
        first = one.at
    return False


def _asked_again(event: Instructed, view: View) -> Decision:
    kept = view.get(QUESTIONS.of_group()) or Questions()
    question = next((one for one in kept.open if one.message == event.arguments.get("message")), None)
    most = event.arguments.get("most")
    if question is None or not isinstance(most, int):
        return NOTHING
    named: list[Member] = []
    for account in event.accounts:
        member: Member | None = view.get(state.member(account))
        willing = not (view.get(QUIET.of(account)) or Quiet()).on
        if len(named) < most and willing and member is not None and member.left is None:
            named.append(member)
    language = view.language()
    key = f"{'offered' if question.offered else 'waiting'}{'_named' if named else ''}"
    words: Words = (*_whose(event, view, language), *view.group.texts.say(f"{NAME}.{key}", language, {}))
    for member in named:
        words = (*words, " ", Mention(account=member.account, name=shown_name(member)))
    say = Say(
        words=words,
        reply_to=question.message,
        topic=question.topic or None,
        chooser=event.actor.account,
        quiet=True,
        expires=event.at + timedelta(hours=1),
    )
    recent = {account: at for account, at in kept.named.items() if event.at - at < ALONE}
    left = replace(
        kept,
        said=(*(at for at in kept.said if event.at - at < A_DAY), event.at),
        named={**recent, **{str(member.account): event.at for member in named}},
    )
    return Decision(
        changes=(Put(QUESTIONS.of_group(), left),), effects=(say,), because=("asked the group once more",), rule=NAME
    )


def _whose(event: Instructed, view: View, language: str) -> Words:
    """Where a line cannot hang on the question: who asked it. Platforms without buttons have no quotes, either."""
    asker: Member | None = view.get(state.member(event.actor.account))
    if asker is None or platform_of(event.actor.account) not in view.group.numbered:
        return ()
    by = Mention(account=event.actor.account, name=shown_name(asker))
    return (*view.group.texts.say(f"{NAME}.asked_before", language, {"question": {"by": by}}), "\n")


workflow = Workflow(
    NAME, Asking, frozenset((MessagePosted, MessageDeleted, TimerDue, Instructed, ButtonPressed)), reads, decide
)
