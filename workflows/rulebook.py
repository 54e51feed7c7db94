"""A community's rules made ready to be asked: by event type, cheap questions first, one pass over each text.

`plan` answers which rules an event can still match once everything was asked that needs no state. A plain message
meets no rule here, and costs one normalisation and one pass over all word lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, cast

from core.events import Event, GroupMoved, MessageEdited, MessagePosted
from core.people import ActorKind
from core.workflow import Group
from workflows import happened, rule_clauses
from workflows.actions import Action
from workflows.expression_shortcuts import compiled
from workflows.expressions import Condition, Scene
from workflows.links import domains_of, hints, host_of
from workflows.patterns import Automaton, WordSet, normalized
from workflows.rule_clauses import Clause
from workflows.rule_sections import VOCABULARY, Consequences, Duplicates, Flood, Links, Rule

if TYPE_CHECKING:
    from workflows.rule_options import Rules

Posted = MessagePosted | MessageEdited

QUIET: Final = frozenset(("delete", "react", "points", "thank", "tag", "untag", "pin"))
"""Verbs that may be carried out twice about one message and harm nobody."""
REWARDS: Final = frozenset(("points", "thank", "react"))
_MOST_PLANS: Final = 4096


@dataclass(frozen=True, kw_only=True)
class Judge:
    """One rule or limit, ready to be asked.

    `early` and `late` are the parts of the condition still to be asked of CEL, without state and with it. The others
    are asked of the message itself: `words`, `patterns` (one of each must match), `hits` (all must), `listed` ...
    `looks` sums up that some list or pattern must match. `remembers`: doing it twice about one message would be
    wrong.
    """

    id: str
    what: Literal["rule", "flood", "duplicates", "links"]
    options: Consequences
    types: frozenset[type]
    clauses: tuple[Clause, ...] = ()
    early: tuple[Clause, ...] = ()
    late: tuple[Clause, ...] = ()
    kinds: frozenset[str] | None = None
    wants_links: bool = False
    wants_mentions: bool = False
    wants_hits: bool = False
    words: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    hits: frozenset[str] = frozenset()
    listed: tuple[Automaton, ...] = ()
    speaks_of: frozenset[str] = frozenset()
    judges: bool = False
    warns: bool = False
    remembers: bool = False
    stops: bool = False
    looks: bool = False
    allowed: frozenset[str] = frozenset()

    @cached_property
    def everything(self) -> tuple[Action, ...]:
        """Every action that may come of it."""
        return self.options.everything

    @cached_property
    def by_tier(self) -> bool:
        """Whether it leaves some alone for their tier."""
        exempt, granted = self.options.exempt, self.options.unless_granted
        return bool(granted) or any(one.startswith("tier:") for one in exempt)

    def met_by(self, hits: frozenset[str]) -> bool:
        """Whether the lists and patterns that match are the ones it looks for."""
        if (self.words and not self.words & hits) or (self.patterns and not self.patterns & hits):
            return False
        return self.hits <= hits and (bool(hits) or not self.wants_hits)

    def title(self, group: Group) -> Callable[[str], str]:
        """What people call it, by language."""
        if isinstance(self.options, Rule):
            name = self.options.name
            return (lambda language: name.in_(language)) if name is not None else (lambda language: self.id)
        return lambda language: "".join(str(part) for part in group.texts.say(f"rules.{self.id}", language, {}))


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


_POSTED: Final = (MessagePosted, MessageEdited)
_NO_JUDGES: Final[tuple[Judge, ...]] = ()
_NO_HITS: Final[frozenset[str]] = frozenset()
NO_PLAN: Final = Plan(GroupMoved(id="", at=datetime.min.replace(tzinfo=UTC), group="", platform="", old="", new=""))
"""Nothing to ask about an event."""


class Message(Mapping[str, object]):
    """The fields of `msg`, each worked out when it is asked for."""

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

    def __contains__(self, field: object) -> bool:
        return isinstance(field, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Book:
    """All rules of a community. From outside it never changes; inside it remembers the plans of the last events."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.lists: Mapping[str, tuple[str, ...]] = {name: kept.entries for name, kept in rules.lists.items()}
        every = tuple(_judges(rules, self.lists))
        # Whoever judges is asked first: a message that goes away is neither answered nor rewarded.
        ordered = sorted(every, key=lambda judge: not judge.judges)
        kinds = {kind for judge in every for kind in judge.types}
        self._by_type = {kind: tuple(judge for judge in ordered if kind in judge.types) for kind in kinds}
        self._without_words = {kind: tuple(j for j in judges if not j.looks) for kind, judges in self._by_type.items()}
        self.words = _words(rules, every)
        self._folds = self.words is not None or any(_folds(judge) for judge in every)
        self.deletes = any(action.verb == "delete" for judge in every for action in judge.options.everything)
        self._of_content = frozenset(judge.id for judge in every if judge.judges and _looks_at_content(judge))
        self._plans: dict[str, Plan] = {}

    def plan(self, event: Event) -> Plan:
        """What the event may match. Asked again for an event that may match something, it answers from memory."""
        held = self._plans.get(event.id)
        if held is not None and held.event is event:
            return held
        plan = self._planned(event)
        if plan is not NO_PLAN:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            self._plans[event.id] = plan
        return plan

    def quoted(self, event: MessagePosted) -> Plan:
        """What the words that a message quotes may match: of all that judges, what looks at content."""
        quoted = replace(event, text=event.quoted, quoted="", mentions=(), links=(), reply_to=None)
        plan = self._planned(quoted)
        judges = tuple(judge for judge in plan.judges if judge.id in self._of_content)
        return Plan(quoted, judges, plan.folded, plan.hits, plan.scene, quoted=True) if judges else NO_PLAN

    def hearing(self, kind: type) -> tuple[Judge, ...]:
        """The rules and limits that hear a type of event, in the order in which they are asked."""
        return self._by_type.get(kind, _NO_JUDGES)

    def judging(self) -> tuple[Judge, ...]:
        """What is not allowed: the rules and limits in force that judge people, in their order."""
        found = (judge for judges in self._by_type.values() for judge in judges)
        return tuple({one.id: one for one in found if one.judges and one.options.mode == "on"}.values())

    def _planned(self, event: Event) -> Plan:
        kind = type(event)
        judges = self._by_type.get(kind)
        if judges is None:
            return NO_PLAN
        actor = getattr(event, "actor", None)
        if actor is None or actor.kind in _NEVER:
            return NO_PLAN
        folded, hits = "", _NO_HITS
        if isinstance(event, _POSTED):
            if kind is MessagePosted and cast(MessagePosted, event).private:
                return NO_PLAN
            text = event.text
            if text and self._folds:
                folded = normalized(text)
                if self.words is not None:
                    hits = self.words.hits_in(folded)
            found = self._possible(event, judges if hits else self._without_words[kind], folded, hits)
        else:
            found = judges
        if not found:
            return NO_PLAN
        plan = Plan(event, tuple(found), folded, hits)
        if actor.kind is ActorKind.CHANNEL:
            plan.judges = tuple(judge for judge in plan.judges if judge.judges)
        if any(judge.early for judge in plan.judges):
            scene = self.scene(plan)
            plan.judges = tuple(j for j in plan.judges if all(c.condition.holds(scene) for c in j.early))
        return plan if plan.judges else NO_PLAN

    def _possible(self, event: Posted, judges: tuple[Judge, ...], folded: str, hits: frozenset[str]) -> Sequence[Judge]:
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
        return found or _NO_JUDGES

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


_NEVER: Final = frozenset((ActorKind.BOT, ActorKind.ANONYMOUS_ADMIN))
"""Whose doings rules never look at: bots are machines like us, and an anonymous admin is staff."""


def _judges(rules: Rules, lists: Mapping[str, tuple[str, ...]]) -> Iterator[Judge]:
    for rule in rules.rules:
        if rule.mode != "off":
            yield _of_rule(rule, lists)
    for section in (rules.flood, rules.duplicates, rules.links):
        if section is None or section.mode == "off":
            continue
        if isinstance(section, Links):
            named = section.allowed_domains
            hosts = lists[named] if isinstance(named, str) else named
            yield _of_limit(
                "links",
                section,
                happened.WHEN["message"],
                allowed=frozenset(host_of(host) or host.lower() for host in hosts),
                wants_links=True,
            )
        elif isinstance(section, Flood):
            yield _of_limit("flood", section, frozenset((MessagePosted,)))
        elif isinstance(section, Duplicates):
            yield _of_limit("duplicates", section, frozenset((MessagePosted,)))


def _of_rule(rule: Rule, lists: Mapping[str, tuple[str, ...]]) -> Judge:
    sources = rule_clauses.parts(rule.if_.source) if rule.if_ is not None else ()
    clauses = [
        Clause(source=source, condition=Condition(source, VOCABULARY), gate=rule_clauses.gate(source))
        for source in sources
    ]
    gates = [clause.gate for clause in clauses]
    kinds = [gate.kinds for gate in gates if gate.kinds is not None]
    filled = frozenset[str]().union(*(gate.filled for gate in gates))
    verbs = {action.verb for action in rule.everything}
    types = frozenset().union(*(happened.WHEN[when] for when in rule.when))
    if verbs <= REWARDS and "edit" not in rule.when:
        types -= {MessageEdited}
    early = [c for c in clauses if c.early and not c.gate.whole]
    return Judge(
        id=rule.id,
        what="rule",
        options=rule,
        types=types,
        clauses=tuple(clauses),
        early=tuple(early),
        late=tuple(c for c in clauses if not c.early),
        kinds=frozenset.intersection(*kinds) if kinds else None,
        wants_links=bool(filled & {"links", "domains"}),
        wants_mentions="mentions" in filled,
        wants_hits="hits" in filled,
        words=frozenset(rule.words),
        patterns=frozenset(rule.patterns),
        hits=frozenset(gate.hit for gate in gates if gate.hit),
        listed=tuple(compiled(lists[gate.listed]).folded for gate in gates if gate.listed),
        speaks_of=frozenset(name for c in clauses if not c.early for name in c.condition.names),
        judges=rule.judges,
        warns="warn" in verbs,
        remembers=not verbs <= QUIET,
        stops=rule.stop,
        looks=bool(rule.words or rule.patterns or "hits" in filled or any(gate.hit for gate in gates)),
    )


def _of_limit(
    what: Literal["flood", "duplicates", "links"],
    options: Consequences,
    types: frozenset[type],
    *,
    allowed: frozenset[str] = frozenset(),
    wants_links: bool = False,
) -> Judge:
    verbs = {action.verb for action in options.everything}
    return Judge(
        id=what,
        what=what,
        options=options,
        types=types,
        wants_links=wants_links,
        judges=options.judges,
        warns="warn" in verbs,
        remembers=not verbs <= QUIET,
        allowed=allowed,
    )


_CONTENT: Final = frozenset(("msg.text", "msg.normalized", "msg.hits", "msg.links", "msg.domains"))


def _looks_at_content(judge: Judge) -> bool:
    """Whether it asks what a message says, and not only who posts it, how long it is or how often."""
    named = {name for clause in judge.clauses for name in clause.condition.names}
    return judge.looks or bool(judge.listed) or judge.wants_links or not named.isdisjoint(_CONTENT)


def _folds(judge: Judge) -> bool:
    """Whether a judge needs the text as word lists see it."""
    named = {name for clause in judge.clauses for name in clause.condition.names}
    return judge.what == "duplicates" or bool(judge.listed) or "msg.normalized" in named


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
