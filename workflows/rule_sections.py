"""What operators write about rules, piece by piece: word lists, rules, limits on floods, repeats and links."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from core.events import MessageKind
from workflows import actions, happened, rule_clauses
from workflows.actions import Action, Actions
from workflows.clock_clauses import out_of_time
from workflows.deeds import AGAINST
from workflows.expressions import Condition, Vocabulary
from workflows.ladder import BURST
from workflows.links import host_of
from workflows.options import OneOrMany, Options, Span
from workflows.speaking import Speaks
from workflows.texts import LocalName
from workflows.tier_clauses import clauses, impossible

When = Literal[
    "message", "edit", "join", "leave", "join_request", "reaction", "button", "check_in", "tier_changed",
    "onboarding_completed", "points", "warned",
]  # fmt: skip

SPOKEN: Final = (
    "member", "msg", "group", "now", "lists", "event", "check_in.streak", "check_in.challenge", "check_in.day",
    "check_in.late", "tier.id", "tier.old", "warning.rule", "warning.live",
)  # fmt: skip
VOCABULARY: Final = Vocabulary.of(*SPOKEN)
ALWAYS: Final = frozenset(("member", "group", "now", "lists", "event"))
_KINDS: Final = frozenset(get_args(MessageKind))
_NO_POINTS: Final = -(10**18)


def _word(written: Any) -> Any:
    """A number in a list of words is the word that it was written as."""
    return str(written) if isinstance(written, int) and not isinstance(written, bool) else written


def _lines(written: Any) -> Any:
    """A text (from a file) is one entry a line; lines that begin with # are remarks."""
    if isinstance(written, str):
        return [line.strip() for line in written.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return written


Word = Annotated[str, BeforeValidator(_word), Field(min_length=1, max_length=200)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_lines)]


class WordList(Options):
    """Words, written as a list; or words, domains and patterns under their own keys."""

    words: Words = Field(default=(), description="words: whole words in Latin script, anywhere in Chinese")
    domains: Words = Field(default=(), description="host names, like github.com")
    patterns: Words = Field(default=(), description="RE2 patterns, matched on the normalized text")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        return {"words": written} if isinstance(written, list | tuple | str) else written

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.patterns and (self.words or self.domains):
            raise ValueError("a list holds words and hosts, or patterns; put the patterns into a list of their own")
        if not (self.words or self.domains or self.patterns):
            raise ValueError("the list is empty; write at least one entry, or leave the list out")
        return self

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """What `lists.<name>` holds in a condition: always this one object, hosts spelled as in `msg.domains`."""
        return (*self.words, *(host_of(domain) or domain.lower() for domain in self.domains))


class Consequences(Options):
    """What follows when something matches, for whom, and how seriously."""

    then: Actions = Field(min_length=1, description="what is done, in this order")
    escalate: dict[Annotated[int, Field(ge=1, le=100)], Actions] = Field(
        default_factory=dict,
        description="by live warnings, this one included: the highest step reached is added; the last one repeats",
    )
    cooldown: Span = Field(
        default=BURST, description="for so long a member is not warned or spoken to again; deleting goes on"
    )
    mode: Literal["off", "shadow", "on"] = Field(
        default="on", description="off; shadow: only report what would have been done; on"
    )
    exempt: OneOrMany[Annotated[str, Field(pattern=r"^(tier|tag|role):\S.*$")]] = Field(
        default=(), description="who is left alone: tier:tree, tag:volunteer; staff always are where it would hurt them"
    )
    unless_granted: str | None = Field(
        default=None, description="members whose tier grants this are left alone: post_links"
    )

    @model_validator(mode="after")
    def _ladder(self) -> Self:
        if self.escalate and not any(action.verb == "warn" for action in self.then):
            raise ValueError("`escalate` counts warnings, and nothing here warns; add `warn` under `then`")
        return self

    @property
    def everything(self) -> tuple[Action, ...]:
        """Every action that may come of it."""
        return (*self.then, *(action for step in self.escalate.values() for action in step))

    @property
    def judges(self) -> bool:
        """Whether it can hurt, so that staff and the exempt are left alone."""
        return any(hurts(action) for action in self.everything)


def hurts(action: Action) -> bool:
    """Whether an action is against somebody."""
    award = action.points or action.thank
    return action.verb in AGAINST or (award is not None and award.take is not None)


class Rule(Consequences):
    """`when` something happens and `if` a condition holds, `then` do this."""

    id: str = Field(
        pattern=r"^[^\s|@#:]+$",
        max_length=60,
        description="its name in reports, tests and the ledger; keep it for ever",
    )
    name: LocalName | None = Field(default=None, description="its name for people")
    when: OneOrMany[When] = Field(min_length=1, description="what must happen: message, join, reaction ...")
    if_: Annotated[Condition, Speaks(*SPOKEN)] | None = Field(
        default=None, alias="if", description="a condition in CEL; without it the event is enough"
    )
    words: OneOrMany[str] = Field(default=(), description="word lists, by name: one of them must match the message")
    patterns: OneOrMany[str] = Field(default=(), description="patterns, by name: one of them must match the message")
    stop: bool = Field(default=False, description="whether later rules are left out once this one acted")

    @field_validator("if_", mode="after")
    @classmethod
    def _speaks_of_the_event(cls, condition: Condition | None, info: ValidationInfo) -> Condition | None:
        if condition is not None and "when" in info.data:
            _only_known(condition.names, info.data["when"])
            _can_hold(condition.source)
        return condition

    @model_validator(mode="after")
    def _fits(self) -> Self:
        on_messages = set(self.when) <= {"message", "edit"}
        if (self.words or self.patterns) and not on_messages:
            raise ValueError(f"words and patterns are looked for in messages; {_listed(self.when)} has none")
        _only_known(actions.names(self.everything), self.when)
        for action in self.everything:
            verb = action.verb
            if verb in actions.NEEDS_MESSAGE and not set(self.when) <= {"message", "edit", "reaction"}:
                raise ValueError(f"`{verb}` needs a message; {_listed(self.when)} has none")
            if verb in actions.NEEDS_REQUEST and set(self.when) != {"join_request"}:
                raise ValueError(f"`{verb}` answers somebody who asks to join: `when: join_request`")
            if verb == "warn" and "warned" in self.when:
                raise ValueError("a rule about warnings that warns would never end; use `escalate`")
            if (action.points or action.thank) is not None and "points" in self.when:
                raise ValueError("a rule about points that gives points would never end")
            award = action.points or action.thank
            if award is not None:
                _has_receiver(award.to, self.when)
        return self


class Limit(Consequences):
    """A limit of its own, with what follows when it is passed."""

    then: Actions = Field(default=(), validate_default=True, description="what is done; delete and warn by default")

    @field_validator("then", mode="before")
    @classmethod
    def _usual(cls, written: Any) -> Any:
        return ("delete", "warn") if written in ((), [], None) else written

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _only_known(actions.names(self.everything), ("message",))
        return self


def _some_time(within: timedelta) -> timedelta:
    if not within:
        raise ValueError("in no time nothing happens twice; write how long, like 10s")
    return within


class Flood(Limit):
    """Too many messages of one member in a short time. An album is one act; edits do not count."""

    messages: int = Field(default=8, ge=2, le=100, description="so many messages ...")
    within: Span = Field(default=timedelta(seconds=10), description="... within this time are too many")

    _some_time = field_validator("within", mode="after")(_some_time)


class Duplicates(Limit):
    """The same message again and again, however it is spelled. Edits do not count."""

    times: int = Field(default=3, ge=2, le=20, description="the message that is one too many")
    within: Span = Field(default=timedelta(minutes=10), description="how far back the same message counts")
    by: Literal["one", "anyone"] = Field(
        default="one", description="repeated by one member, or by several members together"
    )
    min_chars: int = Field(default=6, ge=1, le=1000, description="shorter messages (good morning!) may repeat")

    _some_time = field_validator("within", mode="after")(_some_time)


class Links(Limit):
    """Links to elsewhere: every host that is not allowed, subdomains of allowed ones included."""

    allowed_domains: str | Words = Field(
        description="hosts that may be linked to, or the name of a list of them; their subdomains too"
    )
    newcomers_for: Span | None = Field(
        default=None, description="only members who joined less than this long ago; everybody without it"
    )

    @field_validator("newcomers_for", mode="after")
    @classmethod
    def _somebody(cls, span: timedelta | None) -> timedelta | None:
        if span is not None and not span:
            raise ValueError("nobody joined less than no time ago; write how long, or leave it out for everybody")
        return span


def _only_known(names: frozenset[str], when: tuple[str, ...]) -> None:
    """Refuse what an event of this kind does not have, naming both."""
    for name in sorted(names):
        section = name.partition(".")[0]
        if section in ALWAYS:
            continue
        without = [w for w in when if not {section, name} & happened.SECTIONS.get(w, frozenset())]
        if without:
            raise ValueError(f'"{name}" is not known `when: {without[0]}`')


def _has_receiver(to: str, when: tuple[str, ...]) -> None:
    needs = {"mentioned": {"message"}, "replied": {"message"}, "inviter": {"join"}, "reactor": {"reaction"}}
    needs["author"] = {"message", "reaction"}
    if to in needs and not set(when) <= needs[to]:
        wanted = " or ".join(sorted(needs[to]))
        raise ValueError(f"`to: {to}` needs `when: {wanted}`; {_listed(when)} has nobody like that")


def _can_hold(source: str) -> None:
    """Refuse a condition whose parts exclude each other."""
    why = impossible(clauses(source), _NO_POINTS) or out_of_time(source)
    if why:
        raise ValueError(f"this can never hold: {why}")
    kinds: frozenset[str] | None = None
    for part in rule_clauses.parts(source):
        gate = rule_clauses.gate(part)
        if gate.kinds is not None:
            unknown = sorted(gate.kinds - _KINDS)
            if unknown:
                raise ValueError(f'there is no kind of message "{unknown[0]}"{nearest_of(unknown[0], _KINDS)}')
            kinds = gate.kinds if kinds is None else kinds & gate.kinds
    if kinds is not None and not kinds:
        raise ValueError("this can never hold: no kind of message is left")


def _listed(when: tuple[str, ...]) -> str:
    return "`when: " + ", ".join(when) + "`"


def nearest_of(name: str, known: Collection[str], none: str = "") -> str:
    """How a complaint about an unknown name goes on: with the one that was probably meant, with all there are, or
    with what to do where there is none."""
    close = get_close_matches(name, list(known), n=1)
    if close:
        return f" (did you mean {close[0]}?)"
    return f"; there are {', '.join(sorted(known))}" if known else none


NO_LISTS: Final = "; here stands the name of a list, and its words stand under `lists`"
NO_PATTERNS: Final = "; here stands a name, and its patterns stand under `patterns`"
