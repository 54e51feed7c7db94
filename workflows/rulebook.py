"""A community's rules made ready to be asked: by event type, cheap questions first, one pass over each text.

`plan` answers which rules an event can still match once everything was asked that needs no state. A plain message
meets no rule here, and costs one normalisation and one pass over all word lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from core.events import Event, GroupMoved, MessageEdited, MessagePosted
from core.people import PERSON, ActorKind
from workflows import happened
from workflows.expressions import Scene
from workflows.links import domains_of, hints
from workflows.patterns import WordSet, normalized
from workflows.rule_judges import Judge, judges_of

if TYPE_CHECKING:
    from workflows.rule_options import Rules

Posted = MessagePosted | MessageEdited

_MOST_PLANS: Final = 4096


@dataclass(slots=True)
class Plan:
    """What an event may still match. `folded` is its text as word lists see it, `hits` the lists that match.

    `scene` is what conditions may ask of the event alone: made once, by `Book.scene`. `quoted`: the event is what a
    message quotes, as if it were one of its own.
    """

    event: Event
    judges: tuple[Judge, ...] = ()
    folded: str = ""
    hits: frozenset[str] = frozenset()
    scene: Scene | None = None
    quoted: bool = False

    @property
    def counts(self) -> bool:
        """Whether nothing is left but limits, which seldom come to more than a count."""
        return all(judge.counts for judge in self.judges)


_POSTED: Final = (MessagePosted, MessageEdited)
_NO_JUDGES: Final[tuple[Judge, ...]] = ()
_NO_HITS: Final[frozenset[str]] = frozenset()
NO_PLAN: Final = Plan(GroupMoved(id="", at=datetime.min.replace(tzinfo=UTC), group="", platform="", old="", new=""))
"""Nothing to ask about an event."""
NO_SCENE: Final = Scene({})
"""Enough for a rule without a condition."""


class Message(happened.Fields):
    """The fields of `msg`."""

    __slots__ = ("_event", "_plan")

    def __init__(self, event: Posted, plan: Plan) -> None:
        self._event = event
        self._plan = plan

    def __getitem__(self, field: str) -> object:
        if field == "normalized":
            return self._plan.folded
        if field == "hits":
            return sorted(self._plan.hits)
        return happened.message(field, self._event)


class Book:
    """All rules of a community. From outside it never changes; inside it remembers the plans of the last events."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.lists: Mapping[str, tuple[str, ...]] = {name: kept.entries for name, kept in rules.lists.items()}
        self.every = every = tuple(judges_of(rules, self.lists))
        """The rules and limits that are not off, in the order of the files."""
        # Whoever judges is asked first: a message that goes away is neither answered nor rewarded.
        ordered = sorted(every, key=lambda judge: not judge.judges)
        self._judging = tuple(judge for judge in ordered if judge.judges and judge.options.mode == "on")
        kinds = {kind for judge in every for kind in judge.types}
        self._by_type = {kind: tuple(judge for judge in ordered if kind in judge.types) for kind in kinds}
        self._without_words = {kind: tuple(j for j in judges if not j.looks) for kind, judges in self._by_type.items()}
        self._of_anything = {
            kind: tuple(j for j in judges if not j.wants_links and not j.wants_mentions)
            for kind, judges in self._without_words.items()
        }
        self.words = _words(rules, every)
        self._folds = self.words is not None or any(judge.folds for judge in every)
        self.deletes = any(action.verb == "delete" for judge in every for action in judge.options.everything)
        self._of_content = frozenset(one.id for one in every if one.watches and (one.finds or one.of_content))
        self._plans: dict[str, Plan] = {}

    def plan(self, event: Event) -> Plan:
        """What the event may match: of one that was looked at and may match something, from memory."""
        held = self._plans.get(event.id)
        return held if held is not None and held.event is event else self.look(event)

    def look(self, event: Event) -> Plan:
        """The same, at the first look at an event."""
        plan = self._planned(event)
        if plan is not NO_PLAN:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            self._plans[event.id] = plan
        return plan

    def quoted(self, event: MessagePosted) -> Plan:
        """What the words that a message quotes may match: of all that judges or only tells the admins, what looks at
        content."""
        quoted = replace(event, text=event.quoted, quoted="", mentions=(), links=(), reply_to=None)
        plan = self._planned(quoted)
        judges = tuple(judge for judge in plan.judges if judge.id in self._of_content)
        return Plan(quoted, judges, plan.folded, plan.hits, plan.scene, quoted=True) if judges else NO_PLAN

    def hearing(self, kind: type) -> tuple[Judge, ...]:
        """The rules and limits that hear a type of event, in the order in which they are asked."""
        return self._by_type.get(kind, _NO_JUDGES)

    def judging(self) -> tuple[Judge, ...]:
        """What is not allowed: the rules and limits in force that judge people, in their order."""
        return self._judging

    def _planned(self, event: Event) -> Plan:
        kind = type(event)
        judges = self._by_type.get(kind)
        if judges is None:
            return NO_PLAN
        actor = getattr(event, "actor", None)
        if actor is None or (actor.kind is not PERSON and actor.kind in _NEVER):
            return NO_PLAN
        folded, hits = "", _NO_HITS
        if isinstance(event, _POSTED):
            if type(event) is MessagePosted and event.private:
                return NO_PLAN
            if self._folds:
                folded = normalized(event.text)
                if self.words is not None:
                    hits = self.words.hits_in(folded)
            if not hits:
                judges = self._without_words[kind]
                if judges and self._folds and not (event.mentions or event.links or hints(folded)):
                    judges = self._of_anything[kind]
            if judges:
                judges = self._possible(event, judges, folded, hits)
        if not judges:
            return NO_PLAN
        plan = Plan(event, judges, folded, hits)
        if actor.kind is ActorKind.CHANNEL:
            plan.judges = tuple(judge for judge in plan.judges if judge.judges)
        if any(judge.early for judge in plan.judges):
            scene = self.scene(plan)
            plan.judges = tuple(j for j in plan.judges if all(c.condition.holds(scene) for c in j.early))
        return plan if plan.judges else NO_PLAN

    def _possible(
        self, event: Posted, judges: tuple[Judge, ...], folded: str, hits: frozenset[str]
    ) -> tuple[Judge, ...]:
        """The rules that a look at the message leaves possible. Almost always none."""
        found: list[Judge] = []
        linked: bool | None = None
        for judge in judges:
            if judge.wants_mentions and not event.mentions:
                continue
            if judge.wants_links:
                if linked is None:
                    hopeful = not self._folds or hints(folded)
                    linked = bool(event.links) or (hopeful and bool(domains_of(event.text)))
                if not linked:
                    continue
            if judge.kinds is not None and event.kind not in judge.kinds:
                continue
            if judge.looks and not judge.met_by(hits):
                continue
            for listed in judge.listed:
                if not listed.any_in(folded):
                    break
            else:
                found.append(judge)
        return tuple(found)

    def scene(self, plan: Plan) -> Scene:
        """The values that conditions may ask for, as far as the event tells them. One scene for each plan."""
        if plan.scene is None:
            event = plan.event
            values: dict[str, object] = {"lists": self.lists, "now": event.at}
            if isinstance(event, MessagePosted | MessageEdited):
                values["msg"] = Message(event, plan)
            for section in ("event", "check_in", "tier", "warning"):
                values[section] = happened.Telling(section, event)
            plan.scene = Scene(values)
        return plan.scene

    def met_by_words(self, judge: Judge, plan: Plan, scene: Scene) -> bool:
        """Whether a message that meets the judge does so for what it says, and not for what it leaves out: if it were
        as long and said nothing, it would not."""
        if judge.finds:
            return True
        event = cast(MessagePosted, plan.event)
        said = replace(event, text="-" * len(event.text))
        silence = Scene({**scene.values, "msg": Message(said, Plan(said, folded=said.text))})
        return not all(clause.condition.holds(silence) for clause in judge.of_content)


_NEVER: Final = frozenset((ActorKind.BOT, ActorKind.ANONYMOUS_ADMIN))
"""Whose doings rules never look at: bots are machines like us, and an anonymous admin is staff."""


def _words(rules: Rules, judges: tuple[Judge, ...]) -> WordSet | None:
    """The lists and patterns that some rule looks for, compiled together; None if there are none."""
    named = {name for judge in judges for name in judge.words | judge.patterns | judge.hits}
    asked = {
        name for judge in judges for clause in judge.clauses if not clause.gate.hit for name in clause.condition.names
    }
    said = {
        name for judge in judges for action in judge.options.everything for text in action.texts for name in text.names
    }
    every = "msg.hits" in asked | said
    lists = {name: kept.words for name, kept in rules.lists.items() if kept.words and (every or name in named)}
    patterns = {name: kept.patterns for name, kept in rules.lists.items() if kept.patterns and (every or name in named)}
    patterns |= {name: kept for name, kept in rules.patterns.items() if every or name in named}
    return WordSet.build(lists, patterns) if lists or patterns else None
