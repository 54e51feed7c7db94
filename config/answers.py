"""What an answer by name may begin with, where there are no buttons: the labels of everything that may be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from core.choices import first_letters
from core.effects import plain
from workflows.catalog import Catalog
from workflows.event_options import Events
from workflows.onboarding_answers import label
from workflows.onboarding_options import Onboarding
from workflows.survey_options import Surveys

_ON_BUTTONS: Final = frozenset(
    ("yes", "no", "undo", "confirm", "entry_approve", "entry_decline", "door_here", "door_private")
)


def on_a_button(key: str) -> bool:
    """Whether a sentence of the assistant's own stands on a button: its name says so, or is one of a few old ones."""
    name = key.rpartition(".")[2]
    return name.startswith("button_") or name in _ON_BUTTONS


def letters(catalog: Catalog, languages: Iterable[str], options: Mapping[str, BaseModel]) -> frozenset[str]:
    """The first letters. A number needs none of them."""
    return first_letters(_labels(catalog, tuple(languages), options))


def _labels(catalog: Catalog, languages: tuple[str, ...], options: Mapping[str, BaseModel]) -> Iterator[str]:
    onboarding, surveys, events = (options.get(name) for name in ("onboarding", "surveys", "events"))
    for language in languages:
        if isinstance(surveys, Surveys):
            yield from (choice.in_(language) for _, survey in surveys.items() for choice in survey.choices)
        if isinstance(events, Events):
            yield from (gathering.title.in_(language) for _, gathering in events.items())
        yield from (plain(catalog.say(key, language, {})) for key in catalog.keys(language) if on_a_button(key))
        if isinstance(onboarding, Onboarding):
            yield from (label(option, language) for step in onboarding.steps for option in step.options)
