"""Events that members say they come to: posted with buttons, reminded of, with a limit and a list of who waits.

The next time of each event is a timer that posts it, some that remind, and one that ends it and sets the next. Who was
first has a seat; who withdraws leaves it to the first who waits, who is told. Cancelling can be taken back until the
event would have begun, and nobody's answer is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from core.decision import NOTHING, Decision, DropTimer, Put, SetTimer
from core.effects import Say, Words, in_lines
from core.events import BotStanding, ButtonPressed, Event, Instructed, MessagePosted, TimerDue
from core.occurrences import in_time
from core.people import ActorKind
from core.state import Key, timers
from core.workflow import Group, View, Workflow
from workflows import rights
from workflows.alarms import A_MOMENT, ARM, strayed
from workflows.commands import AMONG_STAFF, Book, Call, Command, Place, Role
from workflows.event_answers import answered, pressed, reply, table_of, to_pick, waiting
from workflows.event_book import ANSWERS, CALENDAR, Answers, Calendar, Next, Table
from workflows.event_options import Events, Gathering
from workflows.event_questions import Question, asked_of_events, may_ask, question_in
from workflows.event_wishes import called, may_be, meant, signs_up_elsewhere, wish_in
from workflows.event_words import PRESSED, Voice
from workflows.quiet_wishes import QUIET, unwilling

NAME: Final = "events"
OPEN, OVER, REMIND = "open", "over", "remind"
COMMANDS: Final = (
    Command(name="events", zh=("活动", "活动安排"), workflow=NAME, bare=True),
    Command(name="join", zh=("报名",), workflow=NAME, places=frozenset((Place.GROUP, Place.PRIVATE)), bare=True),
    Command(
        name="withdraw", zh=("取消报名",), workflow=NAME, places=frozenset((Place.GROUP, Place.PRIVATE)), bare=True
    ),
    Command(
        name="event",
        zh=("管理活动",),
        workflow=NAME,
        least=Role.ADMIN,
        places=AMONG_STAFF,
        destructive=True,
        verbs={"cancel": "cancel", "取消": "cancel", "restore": "restore", "恢复": "restore"},
        form="event_form",
    ),
)
BOOK: Final = Book(COMMANDS)
_EVENTS, _JOIN, _WITHDRAW = COMMANDS[:3]


def reads(event: Event, options: Events) -> Iterable[Key[Any]] | None:
    match event:
        case MessagePosted():
            if BOOK.heard(event) is None and wish_in(event.text) is None and question_in(event.text) is None:
                return None
            return (CALENDAR.of_group(), ANSWERS.of_all(), ANSWERS.of(event.actor.account))
        case ButtonPressed(data=data, actor=actor):
            if not data.startswith(PRESSED):
                return None
            return (CALENDAR.of_group(), ANSWERS.of_all(), ANSWERS.of(actor.account))
        case TimerDue():
            return (CALENDAR.of_group(), ANSWERS.of_all(), QUIET.of_all())
        case Instructed(verb=verb) if verb != ARM:
            return None
    return (CALENDAR.of_group(), ANSWERS.of_all(), timers(NAME))


def decide(event: Event, options: Events, view: View) -> Decision:
    calendar = view.get(CALENDAR.of_group()) or Calendar()
    match event:
        case MessagePosted():
            call = BOOK.heard(event) or _wished(event, options, calendar, view)
            if call is not None:
                return _commanded(call, event, options, calendar, view)
            asked = asked_of_events(event, view.group)
            return _answered(asked, event, options, calendar, view) if asked is not None else NOTHING
        case ButtonPressed():
            return pressed(event, options, calendar, view)
        case TimerDue():
            return _rung(event, options, calendar, view)
    return _armed(event, options, calendar, view)


# The calendar


def _armed(event: Event, options: Events, calendar: Calendar, view: View) -> Decision:
    """The timers as the operator's file has the events now. What stands as it should is left."""
    at, wanted, standing = event.at, options.held_in(view.group), view.get(timers(NAME))
    made: list[SetTimer | DropTimer] = []
    kept, gone = dict[str, Next](), set[str]()
    for id_, known in calendar.next.items():
        as_written = id_ in wanted and _as_written(wanted[id_], known, event, view.group)
        mended = _mended(id_, known, standing, at) if as_written else None
        if mended is not None:
            kept[id_] = known
            made += mended
        else:
            made += [DropTimer(key) for key in known.timers]
            gone |= {id_} if as_written else set()
    for id_, gathering in wanted.items():
        if id_ not in kept:
            # An event whose timer is gone before it was announced was cancelled by an operator: the next one is meant.
            after = max(at, calendar.next[id_].at) if id_ in gone else at
            found, set_ = _planned(id_, gathering, after, at, view)
            if found is None and id_ in gone:
                found, set_ = _once(id_, gathering, calendar.next[id_], at, view)
            made += set_
            if found is not None:
                kept[id_] = found
    if kept == calendar.next and not made:
        return NOTHING
    changes = (
        Put(CALENDAR.of_group(), Calendar(kept)),
        *_forgotten(gone | (calendar.next.keys() - wanted.keys()), view),
    )
    return Decision(changes=changes, timers=tuple(made), because=("the events' times were set",))


def _as_written(gathering: Gathering, known: Next, event: Event, group: Group) -> bool:
    begins, first = (gathering.after(at, group.zone) for at in (known.at - A_MOMENT, event.at))
    stands = known.open or not strayed(event, known.at, first and first.at)
    return stands and begins is not None and begins.at == known.at


def _mended(id_: str, known: Next, standing: Set[str], at: datetime) -> list[SetTimer] | None:
    """The timers that an event lacks to go on as it is known; None if it cannot go on."""
    over = f"{OVER}:{id_}"
    if (over if known.open else f"{OPEN}:{id_}") in standing:
        return []
    return [SetTimer(key=over, at=known.at)] if known.open and at < known.at else None


def _forgotten(ids: Set[str], view: View) -> Iterator[Put]:
    """Nobody's answers to some events are kept."""
    for member, answers in view.get(ANSWERS.of_all()):
        if not ids.isdisjoint(answers.to):
            yield Put(ANSWERS.of(member.account), answers.less(*ids))


def _planned(
    id_: str, gathering: Gathering, after: datetime, at: datetime, view: View
) -> tuple[Next | None, list[SetTimer]]:
    """The first time of an event later than `after`, and the timer that posts it."""
    begins = gathering.after(after, view.group.zone)
    if begins is None:
        return None, []
    key = f"{OPEN}:{id_}"
    then = in_time(max(at, begins.at - gathering.announce), view.group.quiet, view.group.zone, at, begins.at)
    return Next(day=begins.day, at=begins.at, timers=(key,)), [SetTimer(key=key, at=then)]


def _once(id_: str, gathering: Gathering, known: Next, at: datetime, view: View) -> tuple[Next | None, list[SetTimer]]:
    """An event of one day whose timer is gone: posted all the same if it should have been by now, as its workflow
    crashed; else it was cancelled by an operator, which is remembered, by there being no timers, until it has begun."""
    again, set_ = _planned(id_, gathering, at, at, view)
    if again is None:
        return None, []
    _, (usual,) = _planned(id_, gathering, at, known.at - gathering.announce - timedelta(days=1), view)
    return (again, set_) if known.timers and usual.at <= at else (replace(known, timers=()), [])


def _rung(event: TimerDue, options: Events, calendar: Calendar, view: View) -> Decision:
    what, _, rest = event.key.partition(":")
    id_ = rest.partition(":")[0]
    gathering, next_ = options.held_in(view.group).get(id_), calendar.next.get(id_)
    if gathering is None or next_ is None or event.key not in next_.timers:
        return Decision(because=("there is no such event any more",), rule=id_)
    if what == OVER or event.at >= next_.at:
        return _over(event, id_, gathering, calendar, view)
    table = table_of(id_, next_, gathering, view)
    voice = Voice(view.group, view.group.languages[0], id_, gathering, next_)
    if what == OPEN:
        return _opened(event, voice, calendar, table)
    rung = replace(next_, timers=tuple(key for key in next_.timers if key != event.key))
    put = Put(CALENDAR.of_group(), calendar.noting(id_, rung))
    no = unwilling(view.get(QUIET.of_all()))
    willing = [member for member in table.coming if member.person not in no]
    if next_.cancelled or not willing:
        because = "the event is cancelled" if next_.cancelled else "nobody is to be reminded of the event"
        return Decision(changes=(put,), because=(because,), rule=id_)
    say = Say(words=voice.called("remind", willing), topic=gathering.topic, expires=next_.at)
    return Decision(changes=(put,), effects=(say,), because=(f"reminded {len(willing)} of the event",), rule=id_)


def _opened(event: TimerDue, voice: Voice, calendar: Calendar, table: Table) -> Decision:
    gathering, next_, id_ = voice.gathering, voice.next, voice.id
    timers = [SetTimer(key=f"{OVER}:{id_}", at=next_.at), *_reminders(event, voice)]
    voice.next = replace(next_, open=True, timers=tuple(timer.key for timer in timers))
    post = Say(words=voice.post(table), choices=voice.choices(), topic=gathering.topic, expires=next_.at)
    return Decision(
        changes=(Put(CALENDAR.of_group(), calendar.noting(id_, voice.next)),),
        effects=(post,),
        timers=tuple(timers),
        because=(f"announced the event of {next_.day}",),
        rule=id_,
    )


def _reminders(event: TimerDue, voice: Voice) -> list[SetTimer]:
    """The timers of an event's reminders, each later than the announcement, which is enough where they meet. Of those
    that the quiet hours move to one instant, one is enough."""
    group, begins = voice.group, voice.next.at
    found: dict[datetime, SetTimer] = {}
    for before in voice.gathering.remind:
        if begins - before > event.at:
            then = in_time(begins - before, group.quiet, group.zone, event.due, begins)
            if then > event.at:
                key = f"{REMIND}:{voice.id}:{before.total_seconds():.0f}"
                found.setdefault(then, SetTimer(key=key, at=then))
    return list(found.values())


def _over(event: TimerDue, id_: str, gathering: Gathering, calendar: Calendar, view: View) -> Decision:
    """It has begun: answers go, and the next time is set."""
    dropped = [DropTimer(key) for key in calendar.next[id_].timers if key != event.key]
    following, timers = _planned(id_, gathering, event.at, event.at + A_MOMENT, view)
    return Decision(
        changes=(*_forgotten({id_}, view), Put(CALENDAR.of_group(), calendar.noting(id_, following))),
        timers=(*dropped, *timers),
        because=("the event has begun",),
        rule=id_,
    )


# Commands


def _commanded(call: Call, event: MessagePosted, options: Events, calendar: Calendar, view: View) -> Decision:
    formed = bool(call.command.form) and not call.verb
    if formed and rights.without_verb(call, event, view.group) is None:
        return NOTHING
    if (no := rights.refused(call, event, view)) is not None:
        return no
    language = view.language()
    if formed:
        words = view.group.texts.say(f"events.{call.command.form}", language, {})
        return _told(call, event, view, words, "it does not say what to do")
    coming = _coming(event, options, calendar, view)
    if call.command.name == "events":
        return _listed(call, event, coming, view)
    open_ = {id_: voice for id_, voice in coming.items() if voice.next.open}
    if call.command.name == "withdraw" and not call.rest:
        mine = _mine(event, coming, view)
        open_ = {id_: voice for id_, voice in open_.items() if id_ in mine} or open_
    voice = called(call.rest, open_)
    if voice is None:
        if not open_ and signs_up_elsewhere(event, view.group):
            return NOTHING
        closed = called(call.rest, {id_: one for id_, one in coming.items() if id_ not in open_}) if call.rest else None
        if closed is not None:
            return _told(call, event, view, closed.post(Table()), "that event is not open yet")
        steers = call.command.name == "event"
        verb = call.verb if steers else call.command.name
        key = "which" if verb == "join" else f"which_{verb}"
        asked = next((one.say(key) for one in open_.values()), None)
        later = next((one.post(Table()) for one in coming.values()), None)
        lines = [
            asked or later or view.group.texts.say("events.none", language, {}),
            *(one.say("listed") for one in open_.values()),
        ]
        told = _told(call, event, view, in_lines(lines), "no event is meant")
        return told if steers else to_pick(told, event, call.command.name == "join", open_.values())
    if call.command.name == "event":
        return _steered(call, event, voice, calendar, view)
    if voice.next.cancelled:
        return _told(call, event, view, voice.say("is_cancelled"), "the event is cancelled")
    comes = call.command.name == "join"
    decision, table = answered(event, comes, voice.id, voice.gathering, voice.next, view)
    if (waits := waiting(event, voice, table, view)) is not None:
        return replace(decision, effects=(reply(event, waits), *decision.effects))
    words = in_lines([voice.say("joined" if comes else "withdrawn"), voice.count(table)])
    return replace(decision, effects=(rights.answer(call, event, view, words), *decision.effects))


def _coming(event: MessagePosted, options: Events, calendar: Calendar, view: View) -> dict[str, Voice]:
    """What comes, in its order."""
    held = options.held_in(view.group)
    return {
        id_: Voice(view.group, view.language(), id_, held[id_], next_)
        for id_, next_ in sorted(calendar.next.items(), key=lambda row: (row[1].at, row[0]))
        if id_ in held and event.at < next_.at and next_.timers
    }


def _wished(event: MessagePosted, options: Events, calendar: Calendar, view: View) -> Call | None:
    """What a member says in their own words, as the command that it comes to."""
    wish = wish_in(event.text)
    if wish is None or event.forwarded or event.actor.kind is not ActorKind.PERSON:
        return None
    coming = _coming(event, options, calendar, view)
    named = meant(wish, event, coming, _mine(event, coming, view))
    return None if named is None else Call(command=_JOIN if wish.comes else _WITHDRAW, rest=named)


def _mine(event: MessagePosted, coming: dict[str, Voice], view: View) -> set[str]:
    """The events to which who wrote it comes."""
    answers = (view.get(ANSWERS.of(event.actor.account)) or Answers()).to
    return {id_ for id_, one in coming.items() if id_ in answers and answers[id_].day == one.next.day}


def _listed(call: Call, event: MessagePosted, coming: dict[str, Voice], view: View) -> Decision:
    """What comes next, and who comes to what is open."""
    blocks = []
    for voice in coming.values():
        table = table_of(voice.id, voice.next, voice.gathering, view)
        blocks.append(voice.who(table) if voice.next.open and not voice.next.cancelled else voice.post(Table()))
    words = in_lines([part for block in blocks for part in (block, ("",))][:-1])
    if not words:
        words = view.group.texts.say("events.none", view.language(), {})
    return _told(call, event, view, words, "asked for the events")


def _answered(asked: Question, event: MessagePosted, options: Events, calendar: Calendar, view: View) -> Decision:
    """What somebody is told who asks how to sign up, or which events there are."""
    call, coming = Call(command=_EVENTS), _coming(event, options, calendar, view)
    open_ = [voice for voice in coming.values() if voice.next.answerable(event.at)]
    if asked == "which" or not open_:
        return _listed(call, event, coming, view)
    tables = (table_of(voice.id, voice.next, voice.gathering, view) for voice in open_)
    lines = [line for voice, table in zip(open_, tables, strict=True) for line in voice.told(table)]
    return _told(call, event, view, in_lines([*lines, open_[0].say("how_in_words")]), "asked how to sign up")


def _steered(call: Call, event: MessagePosted, voice: Voice, calendar: Calendar, view: View) -> Decision:
    """An admin cancels an event, or takes that back; whoever comes is told."""
    cancel = call.verb == "cancel"
    if voice.next.cancelled == cancel:
        return _told(call, event, view, voice.say("is_cancelled" if cancel else "stands"), "the event is so already")
    public = Voice(
        view.group, view.group.languages[0], voice.id, voice.gathering, replace(voice.next, cancelled=cancel)
    )
    table = table_of(voice.id, voice.next, voice.gathering, view)
    told = Say(
        words=public.called("cancelled" if cancel else "restored", table.coming),
        topic=voice.gathering.topic,
        choices=public.choices(),
        expires=voice.next.at,
    )
    done = rights.answer(call, event, view, voice.say("cancel_done" if cancel else "restore_done"))
    because = "cancelled the event" if cancel else "restored the event"
    put = Put(CALENDAR.of_group(), calendar.noting(voice.id, public.next))
    return Decision(changes=(put,), effects=(told, done), because=(because,), rule=voice.id)


def _told(call: Call, event: MessagePosted, view: View, words: Words, because: str) -> Decision:
    return Decision(effects=(rights.answer(call, event, view, words),), because=(because,), rule=call.command.name)


workflow = Workflow(
    NAME,
    Events,
    frozenset((MessagePosted, ButtonPressed, TimerDue, Instructed, BotStanding)),
    reads,
    decide,
    deaf=lambda opening, options: BOOK.deaf(opening) and not may_be(opening) and not may_ask(opening),
)
