"""What operators write about getting in: the questions of the door (`entry:`), and waves of joins (`raid:`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from workflows.onboarding_question_options import FreeText, Id, Sentence, ids_differ
from workflows.options import OneOrMany, Options, Span
from workflows.texts import LocalName

LONGEST_RAID = timedelta(days=7)


class Quieter(Options):
    """How the group behaves for a while after a wave of joins."""

    for_: Span = Field(
        timedelta(minutes=30), alias="for", description="how long, from the last join that was more than `joins`"
    )
    door: bool = Field(
        False,
        description="newcomers of that time are muted until they press a button, or answer the questions of `entry`",
    )
    tell_admins: bool = Field(True, description="tell the admins when it begins, and how it went when it is over")

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if not timedelta(minutes=1) <= self.for_ <= LONGEST_RAID:
            raise ValueError("a quieter time lasts from 1m to 7d; leave `quieter` out to have none")
        return self


class Raid(Options):
    """When a wave of joins gets one gathered welcome."""

    joins: int = Field(10, ge=1, le=1000, description="more joins than this within the span are a wave")
    within: Span = Field(
        timedelta(minutes=1), description="the span; the gathered welcome comes after so long without a join"
    )
    quieter: Quieter | None = Field(None, description="a quieter time after a wave: no single welcomes, perhaps a door")

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.within < timedelta(seconds=1):
            raise ValueError("a wave needs a length; give `within` at least 1s")
        return self


class Question(Options):
    """One question at the door. With `options` it is answered by a press, otherwise typed in private."""

    id: Id = Field(description="our own name for the question")
    ask: Sentence = Field(description="the question")
    options: tuple[LocalName, ...] = Field((), max_length=12, description="answers to choose from, at most 12")
    accept: OneOrMany[str] = Field(
        (), description="accepted answers; case, width and punctuation at the ends do not matter"
    )
    text: FreeText | None = Field(
        None, description="or what a typed answer must be; any answer will do when both are left out"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.accept and self.text is not None:
            raise ValueError(f'the question "{self.id}" has both `accept` and `text`; keep the one that decides')
        if self.options and self.text is not None:
            raise ValueError(f'the question "{self.id}" has both `options` and `text`; it is chosen or typed')
        offered = {label for option in self.options for label in option.names.values()}
        for answer in self.accept if self.options else ():
            if answer not in offered:
                raise ValueError(f'"{answer}" is accepted by the question "{self.id}", but not one of its options')
        return self


Where = Literal["request", "door"]


class Entry(Options):
    """Questions for people who ask to be let in, or who came in and may not write yet."""

    at: OneOrMany[Where] = Field(
        ("request",), min_length=1, description="who is asked: join requests, newcomers at the door, or both"
    )
    questions: tuple[Question, ...] = Field(min_length=1, max_length=10, description="asked one after another")
    then: Literal["approve", "ask_admins"] = Field("approve", description="what right answers lead to")
    otherwise: Literal["decline", "ask_admins"] = Field(
        "decline", description="what happens when all tries are used up, or the time is over"
    )
    tries: int = Field(3, ge=1, le=20, description="wrong answers until then, over all questions")
    cooldown: Span = Field(timedelta(days=1), description="how long after a refusal they may ask again; 0s is at once")
    within: Span = Field(timedelta(days=1), description="time for all answers; silence is no refusal and no cooldown")
    ban_after: int | None = Field(
        None, ge=2, le=20, description="ban for good who was turned away so often; nobody is banned when left out"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        ids_differ("question", self.questions)
        if self.within < timedelta(minutes=1):
            raise ValueError("nobody answers within less than a minute; give `within` at least 1m")
        return self

    @property
    def asks_requests(self) -> bool:
        """Whether join requests are questioned."""
        return "request" in self.at

    @property
    def asks_at_door(self) -> bool:
        """Whether whoever joins is questioned in the group."""
        return "door" in self.at


PRESS_ONLY = Entry.model_construct(questions=())
"""The door of a raid where nothing is asked: one press, and everything else as by default."""
