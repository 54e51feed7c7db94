"""What a question is made of in the configuration: its id, its sentence, the answer to type. For steps and the door."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from workflows.options import Options
from workflows.patterns import Pattern
from workflows.speaking import Speaks
from workflows.texts import Text

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,23}$")]
"""Short, because it travels inside a button, where platforms leave few bytes."""

Sentence = Annotated[Text, Speaks("member", "group", "step")]
"""`step` is the question at hand; in `welcome` and `done` it is the first and the last one."""


class FreeText(Options):
    """What a typed answer must be."""

    min_chars: int = Field(1, ge=1, le=500, description="fewer characters than this are no answer (spaces not counted)")
    max_chars: int = Field(500, ge=1, le=2000, description="more characters than this are no answer")
    pattern: str | None = Field(None, description="a regular expression (RE2) that must be found in the answer")

    @cached_property
    def matcher(self) -> Pattern | None:
        """The compiled pattern, None if there is none."""
        return Pattern(self.pattern) if self.pattern is not None else None

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.min_chars > self.max_chars:
            raise ValueError(
                f"min_chars {self.min_chars} is more than max_chars {self.max_chars}: no answer could ever fit"
            )
        _ = self.matcher
        return self


def ids_differ(what: str, things: tuple[Any, ...]) -> None:
    """Raises ValueError for two things with one id."""
    ids = [thing.id for thing in things]
    twice = [one for one in ids if ids.count(one) > 1]
    if twice:
        raise ValueError(f'two {what}s have the id "{twice[0]}"; progress is kept by id, so each needs its own')
