"""How members are told to check in: by the group's own words, those first that are written as they speak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.effects import Words
from core.workflow import Group, Phrasebook
from workflows.check_in_book import name_of
from workflows.check_in_options import Challenge, CheckIns


def ways(texts: Phrasebook, check_ins: CheckIns, language: str) -> Iterator[Words]:
    """A line for each challenge: how to check in, and how to make up a day and take leave where that can be done."""
    for id_, challenge in check_ins.items():
        asked = {"check_in": challenge.keywords}
        if challenge.join is not None:
            asked["join"] = challenge.join.keyword
        if challenge.late is not None:
            asked["late"] = challenge.late.keyword
        if challenge.leave is not None:
            asked["leave"] = challenge.leave.keyword
        line = texts.say("members.help_challenge", language, {"command": {"name": name_of(id_, challenge, language)}})
        for what, words in asked.items():
            line += texts.say(f"members.help_{what}", language, {"command": {"word": fitting(words, language)}})
        yield line


def fitting(words: Iterable[str], language: str) -> str:
    """The first of some keywords that is written in the language's letters, or else the first."""
    words = tuple(words)
    return next((word for word in words if word.isascii() is (language != "zh")), words[0])


def word_of(group: Group, wanted: bool | Iterable[str], language: str) -> str:
    """The word that checks in to one of the challenges wanted, or to any; empty where the group has none of them."""
    bound = group.bound.get("check_in")
    if bound is None or not isinstance(bound.options, CheckIns):
        return ""
    known: dict[str, Challenge] = dict(bound.options.items())
    ids = known if isinstance(wanted, bool) else [id_ for id_ in wanted if id_ in known]
    return next((fitting(known[id_].keywords, language) for id_ in ids), "")
