"""Rules: when something happens and a condition holds, then do this. Limits on floods, repeats and links.

Rules that can hurt are asked first, and never about staff. A message that an earlier rule deletes is not answered or
rewarded by a later one. An edit is judged like a new message, once per rule; it earns nothing and is no flood. What a
member is told about, they are told once per burst.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from core.decision import Decision, Put
from core.effects import Delete, Say, TellAdmins, plain
from core.events import ButtonPressed, Event, Instructed, MemberJoined, MessageEdited, MessagePosted
from core.people import ActorKind, Member
from core.quick import maker, quick, renewed
from core.state import POINTS, Key, Slot, balance
from core.workflow import Read, Seldom, View, Workflow
from workflows import actions, bans, facts, flood, happened, mutes, proposals, rule_orders, rule_reasons
from workflows.acts import ACTS
from workflows.facts import TIER, shown_name
from workflows.options import span_text
from workflows.rule_ahead import Ahead
from workflows.rule_albums import ALBUM, edited, whole
from workflows.rule_judges import Judge
from workflows.rule_options import Rules
from workflows.rule_sections import Duplicates, Flood, Links, Rule
from workflows.rulebook import NO_PLAN, NO_SCENE, Book, Message, Plan

__all__ = ["HANDLED", "Handled", "Rule", "Rules", "decide", "reads", "workflow"]

HEARS: Final = frozenset((*(kind for kinds in happened.WHEN.values() for kind in kinds), ButtonPressed, Instructed))
_HEARD_ANYHOW: Final = frozenset((MessagePosted, MemberJoined, ButtonPressed, Instructed))
"""What rules hear, whether or not one is about it: parts of an album, who comes back, what is pressed and ordered."""


@quick
@dataclass(frozen=True, slots=True)
class Handled:
    """What rules did about one member lately.

    `spoke`: rule -> when it last said something to them (seconds since 1970). `judged`: "rule@message", oldest first,
    so that an edit is not judged a second time. What a rule told of quotes stands apart, as "quote:rule": it silences
    nothing about words of their own.
    """

    spoke: dict[str, int] = field(default_factory=dict)
    judged: tuple[str, ...] = ()


_handled: Final = maker(Handled)
HANDLED: Final = Slot("rules.handled", Handled)
_UNHANDLED: Final = Handled()
_JUDGED_KEPT: Final = 20
_SPOKE_KEPT: Final = 20
_TOLD: Final = (actions.Action.model_validate("notify"),)


def reads(event: Event, options: Rules) -> Read[Rules] | None:
    book = options.book
    if type(event) is MessagePosted:
        plan = book.look(event)
        if plan is NO_PLAN and not event.quoted and event.album is None:  # of nearly all messages
            return None
        quoted = book.quoted(event) if event.quoted else NO_PLAN
        if not plan.judges and not quoted.judges and not _of_album(event, book):
            return None
        if plan.counts and not event.quoted and event.album is None:  # of nearly all others, where limits are set
            return Seldom(tuple(_counting(event, plan)), lambda: _keys(event, plan, book))
        return dict.fromkeys((*_keys(event, plan, book), *(_keys(quoted.event, quoted, book) if quoted.judges else ())))
    if type(event) is ButtonPressed and (keys := proposals.answer_reads(event)):
        return keys
    if type(event) is Instructed:
        return rule_orders.reads(event)
    plan = book.plan(event)
    return dict.fromkeys(_keys(event, plan, book)) if plan.judges or type(event) is MemberJoined else None


def _counting(event: MessagePosted, plan: Plan) -> Iterator[Key[Any]]:
    """What counts a message towards limits, as long as none is passed."""
    for judge in plan.judges:
        if judge.by_tier:
            yield TIER.of(event.actor.account)
        yield from _counts(event, judge)


def _counts(event: MessagePosted, judge: Judge) -> Iterator[Key[Any]]:
    limits = judge.options
    if isinstance(limits, Flood):
        yield from flood.reads(event, limits, None)
    elif isinstance(limits, Duplicates):
        yield from flood.reads(event, None, limits)


def _keys(event: Event, plan: Plan, book: Book) -> Iterator[Key[Any]]:
    account = event.actor.account  # type: ignore[union-attr]
    if _of_album(event, book) or (type(event) is MessageEdited and book.deletes):
        yield ALBUM.of(account)
    if type(event) is MemberJoined:
        yield mutes.MUTED.of(account)
        yield bans.BANNED.of(account)
        yield ACTS.of(account)
    for judge in plan.judges:
        if judge.remembers or plan.quoted:
            yield HANDLED.of(account)
        if judge.by_tier:
            yield TIER.of(account)
        if isinstance(event, MessagePosted):
            yield from _counts(event, judge)
        if judge.moves:  # whoever hears of points and warnings weighs these: they are read with all else
            yield TIER.of(account)
            yield balance(POINTS, account)
        yield from facts.reads(judge.speaks_of, account, event.at)
        yield from actions.reads(judge.everything, event, account)


def decide(event: Event, options: Rules, view: View) -> Decision | tuple[Decision, ...]:
    if type(event) is ButtonPressed and proposals.pressed(event) is not None:
        return proposals.answer(event, view)
    if type(event) is Instructed:
        return rule_orders.decide(event, view)
    book = options.book
    plan = book.plan(event)
    made: list[Decision] = []
    if type(event) is MemberJoined:
        if bans.still_banned(event, view):
            return tuple(bans.back(event, view))
        made += [*bans.back(event, view)] or mutes.back(event, view)
    ahead = Ahead(view, event)
    if plan.judges:
        made += _all_judged(event, plan, book, ahead)
    if type(event) is MessagePosted and event.quoted:
        made += _quote_judged(event, plan, book, ahead, made)
    if _of_album(event, book) and view.actor().kind is not ActorKind.ANONYMOUS_ADMIN:
        made = whole(cast(MessagePosted, event), view, made)
    elif type(event) is MessageEdited and made and book.deletes:
        made = edited(event, view, made)
    return tuple(made)


def _quote_judged(
    event: MessagePosted, plan: Plan, book: Book, ahead: Ahead, made: Sequence[Decision]
) -> Iterator[Decision]:
    """What is made of the words that a message quotes: the admins are told, once. Nothing else is done, as nobody can
    tell who wrote them; nothing at all where the message's own words were judged already, or where staff quote."""
    judging = {judge.id for judge in plan.judges if judge.judges}
    met = {decision.rule for decision in made if not decision.shadow}
    if not judging.isdisjoint(met) or ahead.actor().staff:
        return
    quoted = book.quoted(event)
    for judge in quoted.judges:
        if judge.id in met:
            continue
        decisions = list(_judged(judge, quoted.event, quoted, book, ahead))
        yield from decisions
        if any(not decision.shadow for decision in decisions):
            return


def _of_album(event: Event, book: Book) -> bool:
    """Whether the event is part of an album that some rule could delete."""
    if type(event) is not MessagePosted or event.album is None:
        return False
    return book.deletes and not event.private


def _all_judged(event: Event, plan: Plan, book: Book, ahead: Ahead) -> list[Decision]:
    """What the rules make of the event, in their order."""
    made: list[Decision] = []
    gone = False
    for judge in plan.judges:
        if gone and not judge.judges:
            continue
        for decision in _judged(judge, event, plan, book, ahead):
            ahead.note(decision)
            acted = bool(decision.rule) and not decision.shadow
            made.append(_without_second_delete(decision) if gone else decision)
            gone = gone or (acted and any(isinstance(effect, Delete) for effect in decision.effects))
            if acted and judge.stops:
                return made
    return made


def _judged(judge: Judge, event: Event, plan: Plan, book: Book, view: View) -> Iterator[Decision]:
    """What one rule makes of the event: at most one decision, and what it counts on the way."""
    member = view.actor()
    if (judge.judges and member.staff) or _exempt(judge, member, book, view):
        return
    if judge.what != "rule":
        put, because = _limit(judge, event, plan, member, view)
        if put is not None:
            yield Decision(changes=(put,))
        if not because:
            return
    else:
        scene = book.scene(plan) if judge.clauses else NO_SCENE
        if judge.late:
            # What is known of the member is looked up for each rule: an earlier one may have changed it.
            known = facts.values(judge.speaks_of, view, member, event.at)
            scene = scene.beside(group=happened.Grouped(view.group), member=known)
            if not all(clause.condition.holds(scene) for clause in judge.late):
                return
        if plan.quoted and not book.met_by_words(judge, plan, scene):
            return
        because = tuple(rule_reasons.reasons(judge, event, plan, scene.values, view.group, book.words))
        because = because or (happened.told(event),)
    acted = _acted(judge, event, plan, book, view, because)
    if acted is not None:
        yield acted


def _acted(judge: Judge, event: Event, plan: Plan, book: Book, view: View, because: tuple[str, ...]) -> Decision | None:
    account, options = view.actor().account, judge.options
    remembers = judge.remembers or plan.quoted
    record = (view.get(HANDLED.of(account)) if remembers else None) or _UNHANDLED
    key = f"quote:{judge.id}" if plan.quoted else judge.id
    mark = f"{key}@{message}" if (message := getattr(event, "message", "")) else ""
    if mark and type(event) is MessageEdited and mark in record.judged:
        return None
    if plan.quoted:
        because = (*because, "in words that it quotes, or that look like a quote")
    silent = (plan.quoted or not judge.warns) and _told_lately(record, key, event.at, options.cooldown)
    if silent:
        because = (*because, f"spoken to less than {span_text(options.cooldown)} ago")
    values: dict[str, object] = {}
    if isinstance(event, MessagePosted | MessageEdited):
        values["msg"] = Message(event, plan)
    decision = actions.perform(
        _TOLD if plan.quoted else options.then,
        event,
        view,
        actor=account,
        rule=judge.id,
        values=values,
        title=judge.title(view.group),
        story=_quoting(judge, view) if plan.quoted else None,
        escalate=None if plan.quoted else options.escalate,
        cooldown=options.cooldown,
        silent=silent,
        because=because,
    )
    if options.mode == "shadow":
        told = ", ".join(decision.then) or "nothing"
        return renewed(decision, shadow=True, because=(f"would have done: {told}", *decision.because))
    if remembers:
        spoke = any(isinstance(effect, TellAdmins if plan.quoted else Say) for effect in decision.effects)
        kept = _remembered(record, key, mark, int(event.at.timestamp()), spoke=spoke)
        if kept != record:
            decision = renewed(decision, changes=(*decision.changes, Put(HANDLED.of(account), kept)))
    return decision


def _quoting(judge: Judge, view: View) -> Callable[[str], str]:
    """For the admins: that somebody quotes what a rule does not allow."""

    def story(language: str) -> str:
        title = judge.title(view.group)(language)
        key = "rules.story_quoted" if title == judge.id else "rules.story_quoted_named"
        values = {"sanction": {"name": shown_name(view.actor()), "rule": title}}
        return plain(view.group.texts.say(key, language, values))

    return story


def _limit(judge: Judge, event: Event, plan: Plan, member: Member, view: View) -> tuple[Put | None, tuple[str, ...]]:
    """For limits: what to count, and why the limit is passed."""
    options = judge.options
    put, why = None, ""
    if isinstance(options, Flood) and isinstance(event, MessagePosted):
        put, why = flood.flooded(event, options, view)
    elif isinstance(options, Duplicates) and isinstance(event, MessagePosted):
        if len(event.text) >= options.min_chars:
            put, why = flood.repeated(event, plan.folded, options, view)
    elif isinstance(options, Links) and isinstance(event, MessagePosted | MessageEdited):
        newcomer = member.joined is not None and event.at - member.joined < (options.newcomers_for or timedelta())
        hosts = rule_reasons.outside(event, judge.allowed)
        if hosts and (options.newcomers_for is None or newcomer):
            why = rule_reasons.links_told(hosts)
    return put, (why,) if why else ()


def _exempt(judge: Judge, member: Member, book: Book, view: View) -> bool:
    options = judge.options
    if not options.exempt and options.unless_granted is None:
        return False
    standing = None
    if judge.by_tier:
        standing = view.get(TIER.of(member.account))
    tier = standing.tier if standing is not None else None
    if tier is not None and options.unless_granted in book.rules.grants.get(tier, ()):
        return True
    for one in options.exempt:
        kind, _, name = one.partition(":")
        if (kind == "tag" and name in member.tags) or (kind == "role" and name in member.roles):
            return True
        if kind == "tier" and name == tier:
            return True
    return False


def _told_lately(record: Handled, rule: str, at: datetime, cooldown: timedelta) -> bool:
    """Whether a rule spoke to the member in this burst. Rules that warn ask the ledger instead (see ladder)."""
    last = record.spoke.get(rule)
    return last is not None and 0 <= at.timestamp() - last < cooldown.total_seconds()


def _remembered(record: Handled, rule: str, mark: str, at: int, *, spoke: bool) -> Handled:
    said = dict(record.spoke)
    if spoke:
        said.pop(rule, None)
        said[rule] = at
        if len(said) > _SPOKE_KEPT:
            del said[next(iter(said))]
    judged = record.judged
    if mark and mark not in judged:
        judged = (*judged, mark)[-_JUDGED_KEPT:]
    return _handled(said, judged)


def _without_second_delete(decision: Decision) -> Decision:
    return renewed(decision, effects=tuple(e for e in decision.effects if not isinstance(e, Delete)))


def _spares(kind: type, options: Rules) -> bool:
    return kind not in _HEARD_ANYHOW and not options.book.hearing(kind)


workflow = Workflow(rule_orders.NAME, Rules, HEARS, reads, decide, sanctions=True, spares=_spares)
