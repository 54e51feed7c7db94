"""Why a rule did not act: a workflow that decides nothing, standing where the rules stand and seeing what they see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from config.problems import Said, said
from core.decision import NOTHING, Decision
from core.events import Event, MessageEdited, MessagePosted
from core.people import ActorKind, Member
from core.state import Key
from core.workflow import Bound, Group, View, Workflow
from workflows import facts, happened
from workflows.facts import TIER
from workflows.patterns import normalized
from workflows.plain_text import one_line
from workflows.rule_judges import Judge
from workflows.rule_options import Rules
from workflows.rulebook import Book, Plan
from workflows.rules import HEARS

_LONGEST_VALUE = 60
_LONGEST_CLAUSE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that had to hold, whether it did, and the values that it looked at, like `member.joined_days = 90`."""

    what: Said
    holds: bool
    values: str = ""


@dataclass(slots=True)
class Bystander:
    """`asked` says which rules are of interest for which event; `seen` is what was found, by event and rule."""

    rules: Rules
    asked: Mapping[str, frozenset[str]]
    seen: dict[tuple[str, str], tuple[Check, ...]] = field(default_factory=dict)

    def beside(self, group: Group) -> Group:
        """The group with this bystander right before its rules."""
        own = Bound(Workflow("bystander", Bystander, HEARS, _reads, _decide), self)
        runs: list[Bound[Any]] = []
        for bound in group.runs:
            runs += [own, bound] if isinstance(bound.options, Rules) else [bound]
        return replace(group, runs=tuple(runs))

    def reads(self, event: Event) -> Iterator[Key[Any]]:
        """The state that the rules of interest look at."""
        account = event.actor.account  # type: ignore[union-attr]
        for judge in self._judges(event):
            names = {name for clause in judge.clauses for name in clause.condition.names}
            yield from facts.reads(names, account, event.at)
            yield TIER.of(account)

    def look(self, event: Event, view: View) -> None:
        """Ask each rule of interest what it makes of the event, part by part."""
        for judge in self._judges(event):
            self.seen[_root(event), judge.id] = tuple(self._checks(judge, event, view))

    def _judges(self, event: Event) -> Iterator[Judge]:
        if getattr(event, "actor", None) is None:
            return
        wanted = self.asked.get(_root(event), frozenset())
        for judge in self.rules.book.hearing(type(event)):
            if judge.id in wanted:
                yield judge

    def _checks(self, judge: Judge, event: Event, view: View) -> Iterator[Check]:
        member, book = view.actor(), self.rules.book
        if judge.judges and member.staff:
            yield Check(what=said("not an admin", "不是管理员"), holds=False, values="member.staff = true")
        yield from _exempted(judge, member, view, book)
        text = event.text if isinstance(event, MessagePosted | MessageEdited) else ""
        folded = normalized(text) if text else ""
        hits = book.words.hits_in(folded) if book.words is not None and folded else frozenset()
        for names in (judge.words, judge.patterns):
            if names:
                told = ", ".join(sorted(names))
                yield Check(what=said(f"says a word of {told}", f"含有 {told} 里的词"), holds=bool(names & hits))
        named = {name for clause in judge.clauses for name in clause.condition.names}
        known = facts.values(named, view, member, event.at)
        told_of = book.scene(Plan(event, (), folded, hits))
        scene = told_of.beside(group=happened.Grouped(view.group), member=known)
        for clause in judge.clauses:
            holds = clause.condition.holds(scene)
            told = _values(clause.condition.names, scene.values, view.group)
            yield Check(what=said(one_line(clause.source, _LONGEST_CLAUSE)), holds=holds, values=told)


def _reads(event: Event, bystander: Bystander) -> Iterable[Key[Any]] | None:
    if event.id.partition(">")[0] not in bystander.asked:
        return None
    return tuple(bystander.reads(event))


def _decide(event: Event, bystander: Bystander, view: View) -> Decision:
    actor = getattr(event, "actor", None)
    if actor is not None and actor.kind is ActorKind.PERSON:
        bystander.look(event, view)
    return NOTHING


def _exempted(judge: Judge, member: Member, view: View, book: Book) -> Iterator[Check]:
    options = judge.options
    standing = view.get(TIER.of(member.account))
    tier = standing.tier if standing is not None else None
    own = {f"tag:{tag}" for tag in member.tags} | {f"role:{role}" for role in member.roles} | {f"tier:{tier}"}
    for one in options.exempt:
        if one in own:
            yield Check(what=said(f"not exempt by {one}", f"不因 {one} 而豁免"), holds=False)
    granted = options.unless_granted
    if tier is not None and granted is not None and granted in book.rules.grants.get(tier, ()):
        told = said(f"{granted} not granted by the tier", f"等级未授予 {granted}")
        yield Check(what=told, holds=False, values=f"member.tier = {_shown(tier)}")


def _values(names: Iterable[str], values: Mapping[str, Any], group: Group) -> str:
    told = []
    for name in sorted(names):
        section, _, field_ = name.partition(".")
        if section == "lists" or section not in values:
            continue
        value = values[section][field_] if field_ else values[section]
        told.append(f"{name} = {_shown(group.local(value) if isinstance(value, datetime) else value)}")
    return ", ".join(told)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return f'"{one_line(value, _LONGEST_VALUE)}"'
    if isinstance(value, list | tuple):
        return f"[{one_line(', '.join(_shown(each) for each in value), _LONGEST_VALUE)}]"
    return one_line(str(value), _LONGEST_VALUE)


def _root(event: Event) -> str:
    return event.id.partition(">")[0]
