"""Questions that members ask often, and their answers: written under `faq:`."""

from __future__ import annotations

from collections.abc import ItemsView
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from pydantic import ConfigDict, Field, RootModel, model_validator

from workflows.faq_index import Index, folded
from workflows.options import OneOrMany, Options, Span
from workflows.speaking import Speaks
from workflows.texts import Text

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Answered(Options):
    """A question that members ask often, and its answer."""

    ask: OneOrMany[Annotated[str, Field(min_length=1, max_length=60)]] = Field(
        min_length=1, max_length=50, description="the words that ask for it, alone or inside a question"
    )
    answer: Annotated[Text, Speaks("member", "group")] = Field(description="what is answered")
    cooldown: Span = Field(timedelta(minutes=1), description="how soon the group hears the same answer again")


class Faq(RootModel[dict[Id, Answered]]):
    """All of them, by id."""

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, id_: str) -> Answered:
        return self.root[id_]

    def __contains__(self, id_: str) -> bool:
        return id_ in self.root

    def items(self) -> ItemsView[str, Answered]:
        """Id and answer."""
        return self.root.items()

    @model_validator(mode="after")
    def _each_word_once(self) -> Faq:
        seen: dict[str, str] = {}
        for id_, one in self.root.items():
            for word in one.ask:
                if not (key := folded(word)):
                    raise ValueError(f'"{word}" has no letters, so nobody can ask it')
                if seen.setdefault(key, id_) != id_:
                    raise ValueError(f'"{word}" asks for `{seen[key]}` and for `{id_}`; each word may ask for one')
        return self

    @cached_property
    def index(self) -> Index:
        """Which words ask for what. Built once."""
        return Index((word, id_) for id_, one in self.root.items() for word in one.ask)
