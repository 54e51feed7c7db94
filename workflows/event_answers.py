"""Members say that they come to an event, or not: by the buttons under it, or by those that ask which is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from core.decision import Decision, Put
from core.effects import Edit, Effect, Mention, Say, Words, in_lines
from core.events import ButtonPressed, MessagePosted
from core.people import ActorKind, Member
from core.workflow import View
from workflows.event_book import ANSWERS, Answers, Calendar, Coming, Next, Table, seated
from workflows.event_options import Events, Gathering
from workflows.event_words import IN, OUT, PRESSED, PRIVATELY, Voice


def pressed(event: ButtonPressed, options: Events, calendar: Calendar, view: View) -> Decision:
    """A button under an event, or one of `to_pick`."""
    answer, _, rest = event.data.removeprefix(PRESSED).partition(":")
    id_, _, day = rest.rpartition(":")
    gathering, next_ = options.held_in(view.group).get(id_), calendar.next.get(id_)
    if gathering is None or next_ is None or not next_.answerable(event.at) or f"{next_.day:%Y%m%d}" != day:
        return Decision(because=("the event is not open for answers",), rule=id_)
    voice = Voice(view.group, view.language(), id_, gathering, next_)
    if answer == "who":
        return Decision(
            effects=(reply(event, voice.who(table_of(id_, next_, gathering, view))),),
            because=("asked who comes",),
            rule=id_,
        )
    if (picked := answer.removesuffix(PRIVATELY)) in (IN, OUT):
        return _picked(event, picked == IN, voice, view)
    decision, table = answered(event, answer == "yes", id_, gathering, next_, view)
    if not event.message and (answer == "yes" or decision.changes):
        return _picked(event, answer == "yes", voice, view)
    if not decision.changes:
        return decision
    effects = decision.effects
    if (waits := waiting(event, voice, table, view)) is not None:
        effects = (reply(event, waits), *effects)
    post = Voice(view.group, view.group.languages[0], id_, gathering, next_)
    edit = Edit(message=event.message, words=post.post(table), choices=post.choices())
    return replace(decision, effects=(edit, *effects) if event.message else effects)


def to_pick(told: Decision, event: MessagePosted, comes: bool, open_: Iterable[Voice]) -> Decision:
    """The decision that asks which event is meant, with a button for each that can be answered."""
    if event.actor.kind is not ActorKind.PERSON:
        return told
    meant = [voice for voice in open_ if not voice.next.cancelled]
    titles = Counter(voice.title for voice in meant)
    choices = tuple(voice.to_pick(comes, alone=titles[voice.title] == 1, private=event.private) for voice in meant)
    asking = [
        replace(effect, choices=choices, chooser=event.actor.account) if isinstance(effect, Say) else effect
        for effect in told.effects
    ]
    return replace(told, effects=tuple(asking)) if choices else told


def _picked(event: ButtonPressed, comes: bool, voice: Voice, view: View) -> Decision:
    """The answer takes the place of the question; where no post shows what was pressed, it is said to who pressed."""
    decision, table = answered(event, comes, voice.id, voice.gathering, voice.next, view)
    words = waiting(event, voice, table, view)
    if words is None:
        words = in_lines([voice.say("joined" if comes else "withdrawn"), voice.count(table)])
    said: Effect = Edit(message=event.message, words=words) if event.message else reply(event, words)
    if event.data.startswith((f"{PRESSED}{IN}{PRIVATELY}", f"{PRESSED}{OUT}{PRIVATELY}")):
        said = Say(words=words, to=event.actor.account, urgency="now")
    return replace(decision, effects=(said, *decision.effects))


def answered(
    event: ButtonPressed | MessagePosted, comes: bool, id_: str, gathering: Gathering, next_: Next, view: View
) -> tuple[Decision, Table]:
    """A member says that they come, or not. Who gets a seat by that is told."""
    who, everybody = view.actor(), view.get(ANSWERS.of_all())
    mine = view.get(ANSWERS.of(who.account)) or Answers()
    before = seated(id_, next_.day, everybody, gathering.limit)
    known = id_ in mine.to and mine.to[id_].day == next_.day
    if event.actor.kind is not ActorKind.PERSON or known == comes:
        because = "comes already" if comes else "did not say that they come"
        return Decision(because=(because,), rule=id_), before
    new = Answers({**mine.to, id_: Coming(day=next_.day, since=event.at)}) if comes else mine.less(id_)
    others = [row for row in everybody if row[0].person != who.person]
    table = seated(id_, next_.day, [*others, (who, new)] if new is not None else others, gathering.limit)
    waited = _accounts(before.waiting)
    moved = [member for member in table.coming if member.account in waited]
    voice = Voice(view.group, view.group.languages[0], id_, gathering, next_)
    effects: tuple[Effect, ...] = ()
    if moved:
        effects = (Say(words=voice.called("moved_up", moved), topic=gathering.topic, expires=next_.at),)
    because = ("waits for a seat" if table.place(who.person) else "comes") if comes else "does not come after all"
    put = Put(ANSWERS.of(who.account), new)
    return Decision(changes=(put,), effects=effects, because=(because,), rule=id_), table


def waiting(event: ButtonPressed | MessagePosted, voice: Voice, table: Table, view: View) -> Words | None:
    """What somebody is told who has to wait for a seat; None for others."""
    who = view.actor()
    place = table.place(who.person)
    if not place:
        return None
    theirs = Voice(view.group, view.group.language_of(who), voice.id, voice.gathering, voice.next)
    return theirs.say("waits", number=place)


def reply(event: ButtonPressed | MessagePosted, words: Words) -> Say:
    """Words to whoever answered, where they did."""
    who = event.actor
    if isinstance(event, ButtonPressed):
        named = (Mention(account=who.account, name=who.name), " ", *words)
        return Say(words=named, topic=event.topic, quiet=True, urgency="now")
    if event.private:
        return Say(words=words, to=who.account, urgency="now")
    return Say(words=words, reply_to=event.message, topic=event.topic, quiet=True, urgency="now")


def table_of(id_: str, next_: Next, gathering: Gathering, view: View) -> Table:
    """Who comes to an event, and who waits."""
    return seated(id_, next_.day, view.get(ANSWERS.of_all()), gathering.limit)


def _accounts(members: Iterable[Member]) -> set[str]:
    return {member.account for member in members}
