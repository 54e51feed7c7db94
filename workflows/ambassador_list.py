"""The list of ambassadors, for who steers the group: who is one, who was asked, who was shown and not decided about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.effects import Words
from core.people import Member
from core.workflow import Group
from workflows.ambassador_book import STAGES, Path, Paths, Stage
from workflows.ambassador_options import Ambassadors
from workflows.ambassador_words import say
from workflows.facts import shown_name

_MOST: Final = 30
_LISTED: Final[tuple[Stage, ...]] = STAGES[:4]
"""At which stages somebody is named; the others are counted."""


def words(options: Ambassadors, known: Iterable[tuple[Member, Paths]], group: Group, language: str) -> Words:
    """Every kind with its members, by what they are."""
    everybody = tuple(known)
    lines: list[Words] = []
    for id_, kind in options.items():
        here = [(path, member) for member, paths in everybody if (path := paths.of.get(id_)) is not None]
        here.sort(key=lambda row: (STAGES.index(row[0].stage), row[0].at, row[1].person))
        active = sum(path.stage == "active" for path, _ in here)
        lines.append(say(group, language, "head", kind=kind.name.in_(language), count=active))
        named = [row for row in here if row[0].stage in _LISTED]
        lines += [_line(path, member, group, language) for path, member in named[:_MOST]]
        if len(named) > _MOST:
            lines.append(say(group, language, "more", count=len(named) - _MOST))
        if others := len(here) - len(named):
            lines.append(say(group, language, "left_alone", count=others))
    said: Words = ()
    for line in lines:
        said = (*said, "\n", *line) if said else line
    return said


def _line(path: Path, member: Member, group: Group, language: str) -> Words:
    since = group.day(path.at).isoformat()
    return say(group, language, f"is_{path.stage}", name=shown_name(member), since=since)
