"""Newcomer tasks: begun when the steps are answered, noticed from what happens, over when done or too late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.decision import NOTHING, Change, Decision, Post
from core.effects import Words, plain
from core.events import Event, MessagePosted, ReactionChanged
from core.follow_ups import CheckedIn
from core.people import ActorKind, Member
from core.state import POINTS
from core.workflow import View
from workflows.check_in_telling import fitting, open_to_newcomers
from workflows.commands import SLASHES
from workflows.onboarding_answers import introduces, length, thanks
from workflows.onboarding_options import Onboarding, Task
from workflows.onboarding_state import Progress, kept, met, wake
from workflows.onboarding_voice import Voice, voice_for

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that counts for a task; the same `mark` counts once."""

    task: Task
    mark: str


def begun(progress: Progress, at: datetime, options: Onboarding) -> Progress:
    """The progress of somebody whose tasks begin now, those done in an earlier life left out."""
    due = {task.id: at + task.within for task in options.tasks if task.id not in progress.finished}
    if not due:
        return replace(progress, stage="done", due={}, nudge=None)
    nudge = at + options.remind.after if options.remind.times else None
    return replace(progress, stage="tasks", due=due, marks={}, nudge=nudge, nudged=0)


def open_tasks(progress: Progress, options: Onboarding) -> tuple[Task, ...]:
    """The tasks that a member was given and has not done; those that the operator removed meanwhile are forgotten."""
    due = progress.due
    return tuple([task for task in options.tasks if task.id in due])


def worked(
    event: MessagePosted | ReactionChanged | CheckedIn, progress: Progress, options: Onboarding, view: View
) -> Decision:
    """Something happened that may be part of a task."""
    due, counted = progress.due, progress.marks
    hits = [
        hit
        for hit in _hits(event, open_tasks(progress, options))
        if event.at <= due[hit.task.id] and hit.mark not in counted.get(hit.task.id, ())
    ]
    here = met(progress, event.actor.account)
    if here is progress and not hits:
        return NOTHING
    waking = (wake(here, options, view.group),) if here is not progress else ()
    if not hits:
        why = "active again after having left" if progress.away else "active with another account of theirs"
        return Decision(changes=(kept(here),), timers=waking, because=(why,))
    marks = {**progress.marks, **{hit.task.id: (*progress.marks.get(hit.task.id, ()), hit.mark) for hit in hits}}
    done = [hit.task for hit in hits if len(marks[hit.task.id]) >= hit.task.wanted]
    after = _closed(replace(here, marks=marks), done, options)
    if not done:
        so_far = (f"{len(marks[hit.task.id])} of {hit.task.wanted} for task {hit.task.id}" for hit in hits)
        return Decision(changes=(kept(after),), timers=waking, because=tuple(so_far))
    member = view.actor()
    posts = [_points(task, member) for task in done if task.points and f"task:{task.id}" not in progress.paid]
    after = replace(
        after,
        paid=(
            *after.paid,
            *(f"task:{task.id}" for task in done if task.points and f"task:{task.id}" not in after.paid),
        ),
        ordered="",
        before=None,
    )
    voice = voice_for(member, event.actor.account, event, options, view)
    said = [_praise(task, voice) for task in done]
    if after.stage == "done":
        said.append(voice.own("onboarding.tasks_done"))
    changes: tuple[Change, ...] = (*posts, kept(after))
    return Decision(
        changes=changes,
        effects=(voice.say(*said, softly=True),),
        timers=(wake(after, options, view.group),),
        because=tuple(f"did the task {task.id}" for task in done),
    )


def missed(progress: Progress, at: datetime, options: Onboarding) -> tuple[Progress, tuple[Task, ...]]:
    """The progress without the tasks whose time is over, and which those are."""
    late = tuple(task for task in open_tasks(progress, options) if progress.due[task.id] <= at)
    return _closed(progress, (), options, missed=late), late


def task_list(progress: Progress, at: datetime, options: Onboarding, voice: Voice, key: str) -> Words:
    """What is open, one task a line with the time left, under the sentence of `key`."""
    words: list[Any] = [*voice.own(key, count=len(open_tasks(progress, options)))]
    for task in open_tasks(progress, options):
        left = progress.due[task.id] - at
        unit = "days" if left >= 2 * _DAY else "hours"
        number = max(1, left // (_DAY if unit == "days" else _HOUR))
        words += ["\n", *voice.own(f"onboarding.line_{unit}", task=_way_of(task, at, voice), number=number)]
    return tuple(words)


def name_of(task: Task, voice: Voice) -> str:
    """What members read of a task."""
    if task.name is not None:
        return task.name.in_(voice.language)
    kind = next(kind for kind in ("introduce", "check_in", "messages", "thank", "react") if getattr(task, kind))
    return "".join(part for part in voice.own(f"onboarding.task_{kind}", number=task.wanted) if isinstance(part, str))


def _way_of(task: Task, at: datetime, voice: Voice) -> str:
    """A task's name; with the words that do it where the operator gave it no name and it is about checking in."""
    unnamed = task.name is None and task.check_in
    challenge = open_to_newcomers(voice.group, task.check_in, at) if unnamed else None
    if challenge is None:
        return name_of(task, voice)
    word = fitting(challenge.keywords, voice.language)
    if challenge.join is None or not challenge.join.required:
        return plain(voice.own("onboarding.task_check_in_by", word=word))
    join = fitting(challenge.join.keyword, voice.language)
    return plain(voice.own("onboarding.task_check_in_joined", word=word, join=join))


def _hits(event: Event, tasks: Iterable[Task]) -> list[Hit]:
    match event:
        case MessagePosted() if not event.private:
            return [Hit(task, event.album or event.message) for task in tasks if _said(event, task)]
        case ReactionChanged() if event.emoji and _of_another(event):
            return [Hit(task, event.message) for task in tasks if task.react]
        case CheckedIn():
            return [Hit(task, event.id) for task in tasks if _fits(event.challenge, task)]
    return []


def _said(event: MessagePosted, task: Task) -> bool:
    if task.introduce is not None:
        return not event.forwarded and event.text[:1] not in SLASHES and introduces(task.introduce, event.text)
    if task.messages is not None:
        return length(event.text) >= task.messages.min_chars and event.text[:1] not in SLASHES
    return task.thank and thanks(event)


def _of_another(event: ReactionChanged) -> bool:
    author = event.author
    return author is None or (author.account != event.actor.account and author.kind is not ActorKind.BOT)


def _fits(challenge: str, task: Task) -> bool:
    return task.check_in is True or (task.check_in is not False and challenge in task.check_in)


def _closed(progress: Progress, done: Iterable[Task], options: Onboarding, missed: Iterable[Task] = ()) -> Progress:
    finished = (*progress.finished, *(task.id for task in done))
    over = {*finished, *(task.id for task in missed)}
    known = {task.id for task in options.tasks}
    due: Mapping[str, datetime] = {task: at for task, at in progress.due.items() if task in known and task not in over}
    marks = {task: kept_marks for task, kept_marks in progress.marks.items() if task in due}
    after = replace(progress, finished=finished, due=due, marks=marks)
    return after if due else replace(after, stage="done", nudge=None)


def _points(task: Task, member: Member) -> Post:
    return Post(
        kind=POINTS,
        member=member.account,
        amount=task.points,
        rule="onboarding",
        reason=f"newcomer task {task.id}",
        key=f"onboarding:task:{task.id}",
    )


def _praise(task: Task, voice: Voice) -> Words:
    key = "onboarding.task_done_points" if task.points else "onboarding.task_done"
    return voice.own(key, task=name_of(task, voice), points=task.points)
