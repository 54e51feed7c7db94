"""What ambassadors do: a message with the word of a task counts, so often in each day, week or month, and is rewarded.

Nothing is farmed by it: too few letters, the same words again, a message that comes too soon after the last or was
forwarded, and whatever is over the number do not count. Staff win nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import blake2s
from typing import Final

from core import state
from core.decision import NOTHING, Change, Decision, Post, Put
from core.effects import React, Words, in_lines
from core.events import MessagePosted
from core.people import PERSON
from core.workflow import Group, View
from workflows.ambassador_book import NONE, PATHS, Done, Path, Paths
from workflows.ambassador_options import NAME, Ambassadors, AmbassadorTask, Program
from workflows.ambassador_words import say
from workflows.check_in_words import says
from workflows.folding import normalized

TASK: Final = "ambassador_task"
"""The kind of the facts "an ambassador did a task"; the rule is the kind and the task, `koc/share`."""
_EMOJI: Final = "👍"


def may_be_one(event: MessagePosted, options: Ambassadors) -> bool:
    """Whether a message holds the word of any task; False for nearly all messages."""
    if not options.words or event.private or event.desk or event.forwarded or event.actor.kind is not PERSON:
        return False
    text = event.text.casefold()
    return any(word in text for word in options.words)


def period(task: AmbassadorTask, day: date) -> str:
    """What a day belongs to, as far as a task is counted."""
    if task.per == "day":
        return day.isoformat()
    return f"{day:%Y-%m}" if task.per == "month" else "{}-W{:02}".format(*day.isocalendar()[:2])


def heard(event: MessagePosted, options: Ambassadors, view: View) -> Decision:
    """Count a message for each task that it is, or say why not."""
    who, paths = event.actor.account, view.get(PATHS.of(event.actor.account)) or NONE
    after, changes, because, rule = paths, list[Change](), list[str](), ""
    words: Words = ()
    for id_, kind in options.items():
        path = after.of.get(id_)
        if path is None or path.stage != "active":
            continue
        for task_id, task in kind.tasks.items():
            word = task.word_in(event.text)
            if word is None:
                continue
            rule = f"{id_}/{task_id}"
            done = path.done.get(task_id) or Done()
            no, now = _counted(event, task, word, done, view)
            if no:
                because.append(no)
                continue
            path = replace(path, done={**path.done, task_id: now})
            after = after.having(id_, path) or NONE
            changes += _facts(event, id_, task_id, task)
            because.append(f"did a task of an ambassador, {now.times} of {task.times}")
            words += _line(task, now, view.group)
    if not because:
        return NOTHING
    if not changes:
        return Decision(because=tuple(because), rule=rule)
    put = Put(PATHS.of(who), after)
    seen = React(message=event.message, emoji=_EMOJI, instead=words, topic=event.topic)
    return Decision(changes=(put, *changes), effects=(seen,), because=tuple(because), rule=rule)


def _counted(event: MessagePosted, task: AmbassadorTask, word: str, done: Done, view: View) -> tuple[str, Done]:
    """Why it does not count, and what is remembered if it does."""
    if view.actor().staff:
        return "staff earn nothing here", done
    rest = normalized(event.text).replace(normalized(word), "")
    if event.kind not in task.or_ and not says(rest, task.min_chars):
        return "too few words beside that of the task", done
    now = period(task, view.group.day(event.at))
    times = done.times if done.period == now else 0
    if times >= task.times:
        return f"did it {times} times already", done
    if done.at is not None and event.at - done.at < task.cooldown:
        return "too soon after the last time", done
    mark = blake2s(rest.encode(errors="replace"), digest_size=8).hexdigest() if rest.strip() else ""
    if mark and mark == done.mark:
        return "the same words as the last time", done
    return "", Done(period=now, times=times + 1, at=event.at, mark=mark)


def _facts(event: MessagePosted, id_: str, task_id: str, task: AmbassadorTask) -> tuple[Post, ...]:
    who, rule, key = event.actor.account, f"{id_}/{task_id}", f"{id_}/{task_id}@{event.id}"
    reason = "did a task of an ambassador"
    fact = Post(kind=TASK, member=who, amount=1, rule=rule, reason=reason, key=key)
    if not task.points:
        return (fact,)
    return (fact, Post(kind=state.POINTS, member=who, amount=task.points, rule=NAME, reason=reason, key=key))


def _line(task: AmbassadorTask, now: Done, group: Group) -> Words:
    """What is said where nobody can react."""
    language = group.languages[0]
    return say(group, language, "task_done", task=task.called(language), times=now.times, of=task.times)


def told(kinds: Ambassadors, paths: Paths, day: date, group: Group, language: str) -> Words:
    """What an ambassador can do, and what they did of it."""
    lines: list[Words] = []
    for id_, path in paths.at("active").items():
        kind = kinds.get(id_)
        if kind is not None:
            lines += list_of(kind, path, day, group, language)
    return in_lines(lines)


def list_of(kind: Program, path: Path, day: date, group: Group, language: str) -> list[Words]:
    """A line for each task of a kind."""
    found = []
    for task_id, task in kind.tasks.items():
        done = path.done.get(task_id) or Done()
        times = done.times if done.period == period(task, day) else 0
        found.append(
            say(
                group,
                language,
                f"task_per_{task.per}",
                task=task.called(language),
                word=task.say[0],
                times=times,
                of=task.times,
                points=task.points,
            )
        )
    return found
