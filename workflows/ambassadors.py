"""Ambassadors (达人): members who help the others, shown to the admins with the numbers, asked once an admin says so.

Nothing happens to anybody by itself. The admins press what is to be done, who is asked says yes or no, and whoever is
one can stop by a word. Who said no, or was one, is not asked again for half a year, and whom the admins never want
asked, never. Staff, bots and those who do not want to be written to are not looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from core import state
from core.decision import NOTHING, Decision, Put, Tag
from core.effects import Effect, in_lines
from core.events import ButtonPressed, Event, Instructed, MemberLeft, MessagePosted, TimerDue, Unreached
from core.follow_ups import Linked, Parted
from core.people import Actor
from core.workflow import Glance, Read, View, Workflow
from workflows import (
    ambassador_list,
    ambassador_looks,
    ambassador_replies,
    ambassador_silence,
    ambassador_tasks,
    ambassador_turns,
    ambassador_words,
    rights,
)
from workflows.alarms import ARM
from workflows.ambassador_book import LOOKS, NONE, PATHS
from workflows.ambassador_list import TELL
from workflows.ambassador_looks import WEIGH
from workflows.ambassador_options import NAME, Ambassadors
from workflows.ambassador_turns import no_longer_asked
from workflows.ambassador_words import ANSWER, DECIDE, told
from workflows.commands import SLASHES, Book, Call, Command, Place, Role
from workflows.steering_commands import BOOK as STEERING_BOOK
from workflows.steering_desk import instructed

COMMANDS: Final = (
    Command(name="ambassadors", zh=("达人名单",), workflow=NAME, least=Role.MODERATOR, bare=True),
    Command(
        name="stepdown",
        zh=("卸任", "退出达人"),
        en=("step down",),
        workflow=NAME,
        places=frozenset((Place.GROUP, Place.PRIVATE)),
        bare=True,
    ),
    Command(
        name="tasks",
        zh=("达人任务",),
        en=("my tasks",),
        workflow=NAME,
        places=frozenset((Place.GROUP, Place.PRIVATE)),
        bare=True,
    ),
)
BOOK: Final = Book(COMMANDS)


_OF_TASKS: Final[Glance[Ambassadors]] = Glance(
    slots=(PATHS,),
    then=lambda event, options: (PATHS.of(event.actor.account),),
    over=lambda paths: not paths.at("active"),
)
"""What is said by who is no ambassador is no task."""


def reads(event: Event, options: Ambassadors) -> Read[Ambassadors] | None:
    match event:
        case TimerDue(member=None):
            return ambassador_looks.reads(event)
        case TimerDue(member=who) if who is not None:
            watching = event.key.startswith(ambassador_silence.TIMER)
            return ambassador_silence.reads(event, who, options) if watching else ambassador_turns.reads_of_time(who)
        case Instructed(verb=verb, target=target):
            if verb == ARM:
                return (LOOKS.of_group(), PATHS.of_all(), state.timers(NAME))
            if verb == WEIGH:
                return ambassador_looks.reads_of_each(event, options)
            if verb == TELL:
                return ambassador_list.reads(event)
            return ambassador_turns.reads(target.account) if target is not None else None
        case ButtonPressed(data=data, actor=actor):
            if data.startswith(DECIDE):
                return ()
            return (PATHS.of(actor.account),) if data.startswith(ANSWER) else None
        case MessagePosted(actor=actor):
            call = BOOK.heard(event)
            if call is None and ambassador_replies.told(event) is not None:
                return ambassador_replies.reads(event)
            if call is None:
                return _OF_TASKS if ambassador_tasks.may_be_one(event, options) else None
            return (PATHS.of_all(),) if call.command.name == NAME else (PATHS.of(actor.account),)
        case MemberLeft(actor=actor):
            return (PATHS.of(actor.account),)
        case Unreached(member=who):
            return ambassador_turns.reads(who)
        case Linked(sides=sides):
            return tuple(PATHS.kept(side) for side in sides)
        case Parted(actor=actor):
            return (PATHS.of(actor.account), state.presences(actor.account))
    return None


def decide(event: Event, options: Ambassadors, view: View) -> Decision:
    match event:
        case TimerDue(member=None):
            return ambassador_looks.looked(event, options, view)
        case TimerDue(member=who) if who is not None:
            if event.key.startswith(ambassador_silence.TIMER):
                return ambassador_silence.rung(event, who, options, view)
            return ambassador_turns.rung(event, who, options, view)
        case Instructed(verb=verb):
            if verb == ARM:
                return ambassador_looks.armed(event, options, view)
            if verb == WEIGH:
                return ambassador_looks.weighed(event, options, view)
            if verb == TELL:
                return ambassador_list.told(event, options, view)
            return ambassador_turns.ordered(event, options, view)
        case ButtonPressed():
            return _pressed(event, options, view)
        case MessagePosted():
            call = BOOK.heard(event)
            if call is None and event.private:
                return _replied(event, options, view)
            if call is None:
                return ambassador_tasks.heard(event, options, view)
            return _commanded(call, event, options, view)
        case MemberLeft():
            return ambassador_turns.gone(event, options, view)
        case Unreached():
            return ambassador_turns.unreached(event, options, view)
        case Linked():
            return ambassador_turns.bound(event, view)
        case Parted():
            return ambassador_turns.parted(event, view)
    return NOTHING


def _pressed(event: ButtonPressed, options: Ambassadors, view: View) -> Decision:
    found = ambassador_words.decided(event.data)
    if found is None:
        return _answered(event, options, view)
    verb, id_, who = found
    command = STEERING_BOOK.named("ambassador")
    assert command is not None
    if (no := rights.press_refused(command, event, view, rule=id_, about=who)) is not None:
        return no
    arguments = {"verb": verb, "rest": id_, "place": Place.DESK.value}
    order = instructed(event, command.name, event.actor, Actor(account=who), arguments)
    return Decision(follows=(order,), rule=id_, about=who)


def _replied(event: MessagePosted, options: Ambassadors, view: View) -> Decision:
    """A yes or a no in words, in private."""
    found = ambassador_replies.meant(event, view) if ambassador_replies.told(event) is not None else None
    return NOTHING if found is None else _said(event, *found, options, view)


def _answered(event: ButtonPressed, options: Ambassadors, view: View) -> Decision:
    found = ambassador_words.answered(event.data)
    return NOTHING if found is None else _said(event, *found, options, view)


def _said(event: ButtonPressed | MessagePosted, yes: bool, id_: str, options: Ambassadors, view: View) -> Decision:
    kind, paths = options.get(id_), view.get(PATHS.of(event.actor.account)) or NONE
    path, member = paths.of.get(id_), view.actor()
    if kind is None or member.left is not None:
        return Decision(because=("was not asked, or answered before",), rule=id_)
    language, who = view.group.language_of(member), member.account
    if path is None or path.stage != "invited":
        late = yes and (path is None or path.stage != "active")
        words = ambassador_words.say(view.group, language, "over", kind=kind.name.in_(language))
        effects = (ambassador_words.answer(event, kind, words),) if late else ()
        return Decision(effects=effects, because=("was not asked, or answered before",), rule=id_)
    if yes and member.staff:
        return Decision(
            changes=(Put(PATHS.of(who), paths.having(id_, None)),),
            effects=(ambassador_words.answer(event, kind, ambassador_words.say(view.group, language, "staff")),),
            timers=no_longer_asked(id_, who),
            because=("staff are no ambassadors",),
            rule=id_,
        )
    if not yes:
        words = ambassador_words.say(view.group, language, "declined")
        return Decision(
            changes=(Put(PATHS.of(who), paths.having(id_, replace(path, stage="declined", at=event.at, order=""))),),
            effects=(ambassador_words.answer(event, kind, words), told(view.group, "line_declined", kind, member)),
            timers=no_longer_asked(id_, who),
            because=("said no to the invitation",),
            rule=id_,
        )
    tagging = kind.tag is not None and kind.tag not in member.tags
    active = replace(
        path, stage="active", at=event.at, order="", joined=event.at, tagged=tagging, quiet=None, account=who
    )
    tag = (Tag(member=who, add=frozenset((kind.tag,))),) if tagging and kind.tag is not None else ()
    accepted = ambassador_words.say(view.group, language, "accepted", kind=kind.name.in_(language))
    tasks = ambassador_tasks.list_of(kind, active, view.group.day(event.at), view.group, language)
    words = in_lines([accepted, *tasks])
    return Decision(
        changes=(Put(PATHS.of(who), paths.having(id_, active)), *tag),
        effects=(ambassador_words.answer(event, kind, words), told(view.group, "line_accepted", kind, member)),
        timers=(
            *no_longer_asked(id_, who),
            *ambassador_silence.watch(id_, kind, who, view.group.day(event.at), view.group),
        ),
        because=("said yes to the invitation",),
        rule=id_,
        then=(f"tag {kind.tag}",) if tag else (),
    )


def _commanded(call: Call, event: MessagePosted, options: Ambassadors, view: View) -> Decision:
    """The list, for who steers the group; or somebody is no ambassador from now on."""
    if (no := rights.refused(call, event, view)) is not None:
        return no
    if call.command.name == NAME:
        return ambassador_list.asked(event, options, view)
    paths, who, language = view.get(PATHS.of(event.actor.account)) or NONE, view.actor(), view.language()
    mine = {id_: path for id_, path in paths.at("active").items() if options.get(id_) is not None}
    if call.command.name == "tasks":
        words = ambassador_tasks.told(options, paths, view.group.day(event.at), view.group, language)
        words = words or ambassador_words.say(view.group, language, "no_tasks")
        answer = rights.answer(call, event, view, words)
        return Decision(effects=(answer,), because=("asked for their tasks",), rule=call.command.name)
    if not mine:
        if event.text[:1] not in SLASHES:
            return NOTHING
        words = ambassador_words.say(view.group, language, "is_none")
        answer = rights.answer(call, event, view, words)
        return Decision(effects=(answer,), because=("is no ambassador",), rule=call.command.name)
    after, tags, lines = paths, set[str](), list[Effect]()
    for id_, path in mine.items():
        kind = options.root[id_]
        after = after.having(id_, replace(path, stage="ended", at=event.at, order="")) or NONE
        tags |= {kind.tag} if path.tagged and kind.tag is not None else set()
        lines.append(told(view.group, "line_stepped_down", kind, who))
    words = ambassador_words.say(view.group, language, "stepped_down")
    return Decision(
        changes=(
            Put(PATHS.of(who.account), after),
            *((Tag(member=who.account, remove=frozenset(tags)),) if tags else ()),
        ),
        effects=(rights.answer(call, event, view, words), *lines),
        because=("stepped down",),
        rule=call.command.name,
        then=tuple(f"untag {tag}" for tag in sorted(tags)),
    )


workflow = Workflow(
    NAME,
    Ambassadors,
    frozenset((TimerDue, Instructed, ButtonPressed, MessagePosted, MemberLeft, Unreached, Linked, Parted)),
    reads,
    decide,
    deaf=lambda opening, options: BOOK.deaf(opening) and not options.words,
)
