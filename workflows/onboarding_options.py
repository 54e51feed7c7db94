"""What operators write under `onboarding:`: the welcome, its steps, newcomer tasks, and what holds for all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from core.people import Account
from workflows import facts
from workflows.actions import Actions
from workflows.onboarding_entry_options import PRESS_ONLY, Entry, Raid
from workflows.onboarding_question_options import FreeText, Id, Sentence, ids_differ
from workflows.options import Inside, OneOrMany, Options, Span, Window
from workflows.patterns import WordSet
from workflows.texts import LocalName

INTRODUCTION_WORDS = (
    *("大家好", "各位好", "我是", "我叫", "叫我", "自我介绍", "新人报到", "新人报道", "来报到", "坐标"),
    *("hi everyone", "hello everyone", "hi all", "hello all", "my name is", "i am", "i'm", "i’m", "call me"),
    *("about me", "introduce myself", "new here"),
)
THANKS_WORDS = ("谢谢", "多谢", "感谢", "谢啦", "thanks", "thank you", "thx", "ty", "cheers")


class Answer(Options):
    """One answer of a step: a button where the platform has some, a word and a number everywhere."""

    say: OneOrMany[str] = Field(min_length=1, description="words that choose this answer when a message is just that")
    label: LocalName | None = Field(None, description="what the button shows; the first word of `say` when left out")
    set: dict[Id, Id] = Field(
        default_factory=dict, description="profile values: `track: english` gives the tag track:english"
    )
    language: str | None = Field(None, description="speak this language with whoever chooses this answer")


class Introduction(Options):
    """What counts as introducing oneself."""

    min_chars: int = Field(
        10, ge=2, le=500, description="shortest introduction that holds one of `words` (spaces not counted)"
    )
    long_chars: int = Field(60, ge=2, le=2000, description="this many characters count even without such a word")
    words: OneOrMany[str] = Field(INTRODUCTION_WORDS, min_length=1, description="words that introductions hold")

    @cached_property
    def matcher(self) -> WordSet:
        """The words, compiled."""
        return WordSet.build({"words": tuple(self.words)}, {})


def _no_more(written: object) -> object:
    """`introduce: true` is an introduction with nothing more said about it."""
    return {} if written is True else written


Introduce = Annotated[Introduction, BeforeValidator(_no_more)]


class Step(Options):
    """One question: `options` to choose from, a `text` to type, or an introduction (`introduce: true`)."""

    id: Id = Field(description="our own name for the step; progress is kept under it")
    ask: Sentence | None = Field(None, description="the question; introductions have a shipped one")
    options: tuple[Answer, ...] = Field((), max_length=12, description="answers to choose from, at most 12")
    text: FreeText | None = Field(None, description="an answer to type: min_chars, max_chars, pattern")
    introduce: Introduce | None = Field(None, description="the member introduces themselves in the group")
    sorry: Sentence | None = Field(
        None, description="said once when a typed answer does not fit; shipped when left out"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        _one_of(self, "step", ("options", "text", "introduce"))
        if self.ask is None and self.introduce is None:
            raise ValueError(f'the step "{self.id}" asks nothing; write its question under `ask`')
        chosen: dict[str, int] = {}
        for n, answer in enumerate(self.options):
            for nth, word in enumerate(answer.say):
                if chosen.setdefault(word.casefold(), n) != n:
                    raise Inside(
                        f'"{word}" chooses two answers of the step "{self.id}"; each word may choose one',
                        ("options", n, "say", nth),
                    )
        return self


class Posts(Options):
    """How many messages a newcomer shall post."""

    count: int = Field(ge=1, le=100, description="how many messages")
    min_chars: int = Field(5, ge=1, le=500, description="shorter ones do not count (spaces not counted)")


Posting = Annotated[
    Posts, BeforeValidator(lambda written: {"count": written} if isinstance(written, int | str) else written)
]


class Task(Options):
    """Something to do in the first days. It begins when the steps are answered, and is noticed by itself."""

    id: Id = Field(description="our own name for the task; progress is kept under it")
    name: LocalName | None = Field(None, description="what members see; a shipped name when left out")
    introduce: Introduce | None = Field(None, description="introduce themselves in the group")
    check_in: bool | OneOrMany[str] = Field(False, description="check in: `true` for any challenge, or the ids of some")
    messages: Posting | None = Field(None, description="post so many messages")
    thank: bool = Field(False, description="thank somebody: a mention or an answer with a word of thanks")
    react: int = Field(0, ge=0, le=100, description="react to so many messages of others")
    within: Span = Field(timedelta(days=7), description="time to do it, from when the steps are answered")
    points: int = Field(0, ge=0, le=10_000, description="points for doing it in time, once in a lifetime")
    on_missed: Actions = Field((), description="what happens when the time is over")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        _one_of(self, "task", ("introduce", "check_in", "messages", "thank", "react"))
        if self.within < timedelta(minutes=1):
            raise ValueError(f'the task "{self.id}" has less than a minute; give `within` at least 1m')
        return self

    @property
    def wanted(self) -> int:
        """How many times it must be done."""
        return self.messages.count if self.messages is not None else self.react or 1


class Remind(Options):
    """When to remind of what is open, and how often."""

    after: Span = Field(timedelta(hours=24), description="how long after the last question, answer or reminder")
    times: int = Field(2, ge=0, le=10, description="at most so many; 0 never reminds")

    @model_validator(mode="after")
    def _not_at_once(self) -> Self:
        if self.after < timedelta(minutes=1):
            raise ValueError("`after` is less than a minute; to have no reminders write times: 0")
        return self


class Onboarding(Options):
    """How newcomers are received."""

    welcome: Sentence | None = Field(None, description="said to whoever joins; a shipped sentence when left out")
    welcome_after: Span | None = Field(None, description="wait so long, because apps open a chat slower than we speak")
    steps: tuple[Step, ...] = Field((), max_length=20, description="questions, asked one after another")
    tasks: tuple[Task, ...] = Field((), max_length=20, description="things to do in the first days, after the steps")
    done: Sentence | None = Field(
        None, description="said when all steps are answered; a shipped sentence when left out"
    )
    remind: Remind = Field(default_factory=Remind, description="reminders of an open question or open tasks")
    quiet_hours: Window | None = Field(
        None, description="no reminder or end falls in here: it waits for the window's end"
    )
    on_complete: Actions = Field(
        (), description="what happens when all steps are answered; points only once in a lifetime"
    )
    give_up_after: Span | None = Field(None, description="how long the steps stay open; for ever when left out")
    on_give_up: Actions = Field((), description="what happens then; nobody is ever removed unless written here")
    hold: bool = Field(False, description="delete what people write before they have answered all steps")
    skip_added_by_admin: bool = Field(True, description="people whom an admin added are only welcomed")
    rejoin_cooldown: Span = Field(
        timedelta(hours=1), description="who comes back sooner than this is not welcomed again"
    )
    raid: Raid | None = Field(
        default_factory=Raid,
        description="one gathered welcome for a wave of joins, and a quieter time after it; null for none",
    )
    entry: Entry | None = Field(None, description="questions for people who ask to be let in, or who came in")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        ids_differ("step", self.steps)
        ids_differ("task", self.tasks)
        if self.hold and not self.steps:
            raise ValueError("`hold: true` without steps would hold nobody; write steps or leave `hold` out")
        if self.on_give_up and self.give_up_after is None:
            raise ValueError(
                "`on_give_up` can never happen without `give_up_after`; write how long the steps stay open"
            )
        if self.give_up_after is not None and self.give_up_after < timedelta(minutes=1):
            raise ValueError("`give_up_after` is less than a minute; leave it out to never give up")
        if self.guarded and self.welcome_after is not None and self.welcome_after >= self.doorway.within:
            raise ValueError(
                "`welcome_after` is longer than `entry.within`: the time would be over before the question"
            )
        return self

    @cached_property
    def names(self) -> frozenset[str]:
        """The variables that the texts of steps and welcome use, dotted."""
        texts = [self.welcome, self.done]
        texts += [text for step in self.steps for text in (step.ask, step.sorry)]
        texts += [question.ask for question in self.entry.questions] if self.entry is not None else []
        return frozenset(name for text in texts if text is not None for name in text.names)

    @cached_property
    def looks_up(self) -> bool:
        """Whether those texts speak of something that must be looked up (points), not only of who somebody is."""
        return bool(facts.reads(self.names, Account("any:body"), datetime(2000, 1, 1, tzinfo=UTC)))

    @cached_property
    def doorway(self) -> Entry:
        """The questions that newcomers answer at the door; none where only a raid puts one up."""
        return self.entry if self.entry is not None and self.entry.asks_at_door else PRESS_ONLY

    @cached_property
    def guarded(self) -> bool:
        """Whether anybody can ever be held at the door, so that messages have to be looked at for it."""
        raid_door = self.raid is not None and self.raid.quieter is not None and self.raid.quieter.door
        return raid_door or (self.entry is not None and self.entry.asks_at_door)

    @cached_property
    def counts_reactions(self) -> bool:
        """Whether a task is about reacting."""
        return any(task.react for task in self.tasks)

    @cached_property
    def counts_check_ins(self) -> bool:
        """Whether a task is about checking in."""
        return any(task.check_in for task in self.tasks)


def _one_of(model: Any, what: str, kinds: tuple[str, ...]) -> None:
    chosen = [kind for kind in kinds if getattr(model, kind)]
    if len(chosen) != 1:
        found = " and ".join(f"`{kind}`" for kind in chosen) or "none"
        raise ValueError(f'the {what} "{model.id}" needs exactly one of {", ".join(kinds)}; found {found}')
