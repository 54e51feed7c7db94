"""What an answer by name may begin with, where there are no buttons: the labels of everything that may be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from core.choices import first_letters
from core.effects import plain
from workflows.catalog import Catalog
from workflows.onboarding_answers import label
from workflows.onboarding_options import Onboarding

LABELS: Final = ("rules.yes", "rules.no", "commands.undo", "commands.confirm", "identity.yes", "identity.no")
"""The assistant's own sentences that stand on buttons which a platform without buttons lists."""


def letters(catalog: Catalog, languages: Iterable[str], options: Mapping[str, BaseModel]) -> frozenset[str]:
    """The first letters. A number needs none of them."""
    return first_letters(_labels(catalog, tuple(languages), options.get("onboarding")))


def _labels(catalog: Catalog, languages: tuple[str, ...], onboarding: BaseModel | None) -> Iterator[str]:
    for language in languages:
        yield from (plain(catalog.say(key, language, {})) for key in LABELS)
        if isinstance(onboarding, Onboarding):
            yield from (label(option, language) for step in onboarding.steps for option in step.options)
