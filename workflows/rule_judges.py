"""A community's rules and limits as judges: what each hears, and which parts of its condition are asked of what.

Everything that can be known of a rule before an event arrives is worked out here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from core.events import MessageEdited, MessagePosted
from core.workflow import Group
from workflows import happened, rule_clauses
from workflows.actions import Action
from workflows.expression_shortcuts import compiled
from workflows.expressions import Condition
from workflows.links import host_of
from workflows.patterns import Automaton
from workflows.rule_clauses import Clause
from workflows.rule_sections import VOCABULARY, Consequences, Duplicates, Flood, Links, Rule

if TYPE_CHECKING:
    from workflows.rule_options import Rules

QUIET: Final = frozenset(("delete", "react", "points", "thank", "tag", "untag", "pin"))
"""Verbs that may be carried out twice about one message and harm nobody."""
REWARDS: Final = frozenset(("points", "thank", "react"))
_CONTENT: Final = frozenset(("msg.text", "msg.normalized", "msg.hits", "msg.links", "msg.domains"))


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
    def watches(self) -> bool:
        """Whether it is against something, or tells the admins of it and rewards nobody."""
        verbs = {action.verb for action in self.everything}
        return self.judges or ("notify" in verbs and not verbs & {"points", "thank"})

    @cached_property
    def of_content(self) -> tuple[Clause, ...]:
        """The parts of the condition that ask what a message says, and not who posts it or how long it is."""
        return tuple(clause for clause in self.clauses if not clause.condition.names.isdisjoint(_CONTENT))

    @property
    def counts(self) -> bool:
        """Whether it counts messages."""
        return self.what in ("flood", "duplicates")

    @property
    def finds(self) -> bool:
        """Whether a list, a pattern or a link must be found in the message."""
        return self.looks or bool(self.listed) or self.wants_links

    @property
    def folds(self) -> bool:
        """Whether it needs the text as word lists see it."""
        named = {name for clause in self.clauses for name in clause.condition.names}
        return self.what == "duplicates" or bool(self.listed) or "msg.normalized" in named

    @cached_property
    def moves(self) -> bool:
        """Whether points or a warning of the one whom it is about may come of it."""
        return any(action.verb in ("points", "warn") for action in self.everything)

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


def judges_of(rules: Rules, lists: Mapping[str, tuple[str, ...]]) -> Iterator[Judge]:
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
