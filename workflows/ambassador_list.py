"""The list of ambassadors, for who steers the group: who is one and did what, who was asked, who waits for a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from core import state
from core.decision import Decision
from core.effects import Words, in_lines
from core.events import Instructed, MessagePosted
from core.people import Account, Member
from core.state import Key
from core.workflow import Group, View
from workflows import ambassador_effect
from workflows.ambassador_book import PATHS, STAGES, Path, Stage
from workflows.ambassador_effect import Effect
from workflows.ambassador_options import NAME, Ambassadors
from workflows.ambassador_words import say
from workflows.commands import place
from workflows.facts import shown_name
from workflows.steering_voice import Voice

TELL: Final = "tell"
"""The order by which the list is told, once it is known of whom it tells what they did."""
_MOST: Final = 30
_NAMED: Final[tuple[Stage, ...]] = STAGES[:4]
"""At which stages somebody is named; the others are counted."""


def asked(event: MessagePosted, options: Ambassadors, view: View) -> Decision:
    """Somebody who may asks for it: what they are to be told of is looked at first."""
    found = (
        (id_, member.account, path.joined)
        for member, paths in view.get(PATHS.of_all())
        for id_, path in paths.at("active").items()
        if path.joined is not None and options.get(id_) is not None
    )
    members = [[id_, account, joined.isoformat()] for id_, account, joined in found]
    told: dict[str, object] = {"members": members[: _MOST * 3], "place": place(event), "message": event.message}
    order = Instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=event.actor,
        workflow=NAME,
        verb=TELL,
        arguments=told | ({"topic": event.topic} if event.topic is not None else {}),
    )
    return Decision(follows=(order,), because=("asked for the ambassadors",), rule=NAME)


def reads(event: Instructed) -> Iterator[Key[Any]]:
    """The state that `told` looks at."""
    yield PATHS.of_all()
    for _, who, joined in _members(event):
        yield from ambassador_effect.looks(who, joined)


def _members(event: Instructed) -> list[tuple[str, Account, datetime]]:
    listed = event.arguments.get("members")
    rows = listed if isinstance(listed, list) else []
    return [(str(id_), Account(str(who)), datetime.fromisoformat(str(joined))) for id_, who, joined in rows]


def told(event: Instructed, options: Ambassadors, view: View) -> Decision:
    """The list, to who asked, and to nobody else."""
    effects: dict[tuple[str, Account], Effect] = {}
    for id_, who, joined in _members(event):
        member: Member | None = view.get(state.member(who))
        if member is not None:
            effects[id_, who] = ambassador_effect.measured(member, joined, event.at, view)
    voice = Voice.answering(event, view)
    words = _words(options, effects, view, voice.language)
    answer = voice.answer(event, words, discreet=True)
    return Decision(effects=(answer,), because=("told who the ambassadors are",), rule=NAME)


def _words(options: Ambassadors, effects: dict[tuple[str, Account], Effect], view: View, language: str) -> Words:
    """Every kind with its members, by what they are."""
    everybody, group = view.get(PATHS.of_all()), view.group
    lines: list[Words] = []
    for id_, kind in options.items():
        here = [(path, member) for member, paths in everybody if (path := paths.of.get(id_)) is not None]
        here.sort(key=lambda row: (STAGES.index(row[0].stage), row[0].at, row[1].person))
        active = sum(path.stage == "active" for path, _ in here)
        lines.append(say(group, language, "head", kind=kind.name.in_(language), count=active))
        named = [row for row in here if row[0].stage in _NAMED]
        for path, member in named[:_MOST]:
            effect = effects.get((id_, member.account)) if path.stage == "active" else None
            more = ambassador_effect.line(effect, path, group, language) if effect is not None else ()
            lines.append((*_line(path, member, group, language), *more))
        if len(named) > _MOST:
            lines.append(say(group, language, "more", count=len(named) - _MOST))
        if others := len(here) - len(named):
            lines.append(say(group, language, "left_alone", count=others))
        every = ambassador_effect.together([one for (of, _), one in effects.items() if of == id_], group, language)
        lines += [every] if every else []
    if any(effect.days for effect in effects.values()):
        lines.append(say(group, language, "no_proof"))
    return in_lines(lines)


def _line(path: Path, member: Member, group: Group, language: str) -> Words:
    since = group.day(path.at).isoformat()
    return say(group, language, f"is_{path.stage}", name=shown_name(member), since=since)
