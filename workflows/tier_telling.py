"""What members are told about tiers: where they stand, what the next tier takes and by when, that they moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from core.effects import Effect, Mention, Say, Words, in_lines, plain
from core.events import MessagePosted
from core.people import Member
from core.quick import maker
from core.state import WARNING, Day, Entry
from core.workflow import View
from workflows import facts as facts_of_members
from workflows.facts import THANKS, shown_name
from workflows.happened import Grouped
from workflows.ladder import counting
from workflows.tier_clauses import Clause, Comparison, negated, window
from workflows.tier_ladder import NO_TIER, Facts, points
from workflows.tier_needs import Need, active_days, rolling_distinct, rolling_sum
from workflows.tier_options import Tiers
from workflows.tier_standing import TierStanding

_mention: Final = maker(Mention)
_COUNTERS: Final = frozenset(("messages", "replies_given", "replies_received", "check_ins"))
"""Facts that are sums of a counter of `Day` of the same name."""


def answer(event: MessagePosted, options: Tiers, view: View, facts: Facts, now: TierStanding) -> Say:
    """The answer to a member who asks."""
    to = event.actor.account if event.private else None
    words = standing(event, options, view, facts, now)
    return Say(words=words, to=to, reply_to=event.message, topic=event.topic, urgency="now")


def standing(event: MessagePosted, options: Tiers, view: View, facts: Facts, now: TierStanding) -> Words:
    """Where a member stands, and what the next tier takes."""
    member = view.actor()
    language = view.group.language_of(member)
    ladder = options.ladder
    tier = now.tier or _first(options, facts)
    rank = ladder.ranks.get(tier, NO_TIER)
    values: dict[str, object] = {
        "member": {**named(member), "points": points(facts)},
        "tier": {"id": tier or "", "name": options.name(tier, language)},
    }
    lines = [_say(view, language, "standing" if tier is not None else "standing_none", values)]
    if now.locked:
        lines.append(_say(view, language, "locked", values))
    elif rank + 1 == len(ladder.rungs):
        lines.append(_say(view, language, "top", values))
    else:
        rung = ladder.rungs[rank + 1]
        values["tier"] = {"next": options.name(rung.id, language)}
        lines.append(_say(view, language, "next", values))
        if not rung.affords(facts):
            lines.append(_need(view, language, "need_points", {"amount": rung.start - points(facts)}))
        missing = rung.missing(facts)
        if ladder.demote_if is not None and ladder.barred(rung, facts, now.reached):
            missing += (negated(ladder.demote_if.source),)
        lines += [_clause(clause, event, options, view, facts, language) for clause in missing]
    return in_lines(lines)


def _first(options: Tiers, facts: Facts) -> str | None:
    """The tier of who has everything that the lowest one takes, and was never placed yet: nothing happened to them."""
    lowest = options.ladder.rungs[0]
    return lowest.id if lowest.affords(facts) and not lowest.missing(facts) else None


def raised(options: Tiers, view: View, member: Member, new: str) -> tuple[Effect, ...]:
    """A promotion, told as loudly as the operator wants: who is to be told in private is not told in the group."""
    return _told("raised", options, view, member, new, options.tier_talk.announce)


def lowered(options: Tiers, view: View, member: Member, new: str | None) -> tuple[Effect, ...]:
    """A fall. It is nobody else's business, so it is told in private or not at all: not in the group, either, where
    they cannot be written to."""
    loudness = "private" if options.tier_talk.announce != "off" else "off"
    return _told("lowered" if new is not None else "lost", options, view, member, new, loudness)


def _told(key: str, options: Tiers, view: View, member: Member, new: str | None, loudness: str) -> tuple[Effect, ...]:
    if loudness == "off":
        return ()
    language, private = view.group.language_of(member), loudness == "private"
    ask = next(iter(options.tier_talk.ask), "")
    values = {
        "member": named(member),
        "tier": {"id": new or "", "name": options.name(new, language), "ask": ask, "private": private},
        "group": Grouped(view.group),
    }
    words = _say(view, language, key, values)
    to = member.account if private else None
    return (Say(words=words, to=to, quiet=True, confidential=private),)


def _clause(clause: Clause, event: MessagePosted, options: Tiers, view: View, facts: Facts, language: str) -> Words:
    """One condition that does not hold yet, as something to do, or by its text where that cannot be told."""
    if not isinstance(clause, Comparison):
        return _need(view, language, "need_other", {"source": clause.source})
    field = clause.field
    value = facts.get(field)
    today = view.group.day(event.at)
    if field == "warnings" and clause.most is not None and isinstance(value, int) and value > clause.most:
        return _warnings(clause.most, _kept(WARNING, options, event, view), event, view, language)
    if clause.least is None or not isinstance(value, int) or value >= clause.least:
        return _need(view, language, "need_other", {"source": clause.source})
    span = window(field)
    if span is None:
        missing = clause.least - value
        if field in ("joined_days", "seen_days"):
            return _need(
                view,
                language,
                "need_days_here",
                {"amount": missing, "until": _date(view, language, today + timedelta(days=missing))},
            )
        if field in ("points", "streak"):
            return _need(view, language, f"need_{field}", {"amount": missing, "least": clause.least, "now": value})
        return _need(view, language, "need_other", {"source": clause.source})
    kind = field.rsplit("_", 1)[0]
    need = _rolling(kind, clause.least, span, today, options, event, view)
    if need is None:
        return _need(view, language, "need_other", {"source": clause.source})
    told = {"amount": need.amount, "days": need.days, "until": _date(view, language, need.until)}
    return _need(view, language, f"need_{kind}", told)


def _rolling(
    kind: str, least: int, span: int, today: date, options: Tiers, event: MessagePosted, view: View
) -> Need | None:
    if kind == "helped":
        myself = view.person()
        thanks = _kept(THANKS, options, event, view)
        last = {entry.by: view.group.day(entry.at) for entry in thanks if entry.by not in (None, myself)}
        return rolling_distinct(last, least, span, today)
    seen: tuple[Day, ...] = _kept(None, options, event, view)
    if kind == "active_days":
        return active_days(frozenset(day.day for day in seen if day.active), least, span, today)
    if kind not in _COUNTERS:
        return None
    return rolling_sum({day.day: getattr(day, kind) for day in seen}, least, span, today)


def _kept(kind: str | None, options: Tiers, event: MessagePosted, view: View) -> Any:
    """The facts of a kind, or the days if None, that placing the member has looked at already."""
    for key in facts_of_members.reads(options.names, event.actor.account, event.at):
        if (key.what, key.name) == (("days", "") if kind is None else ("entries", kind)):
            return view.get(key)
    return ()


def _warnings(most: int, known: tuple[Entry, ...], event: MessagePosted, view: View, language: str) -> Words:
    """When enough of the warnings that count will have expired; some never do by themselves."""
    counted = counting(known, event.at)
    ends = sorted(entry.expires for entry in counted if entry.expires is not None)
    excess = len(counted) - max(most, 0)
    if 0 < excess <= len(ends):
        return _need(
            view,
            language,
            "need_warnings",
            {"amount": excess, "until": _date(view, language, view.group.day(ends[excess - 1]))},
        )
    return _need(view, language, "need_warnings_open", {"amount": max(excess, 1)})


def named(member: Member) -> dict[str, object]:
    """What sentences about a member know of them."""
    name = shown_name(member)
    return {"name": name, "mention": _mention(account=member.account, name=name)}


def _need(view: View, language: str, key: str, need: Mapping[str, object]) -> Words:
    return _say(view, language, f"{key}_one" if need.get("amount") == 1 else key, {"need": need})


def _say(view: View, language: str, key: str, values: Mapping[str, object]) -> Words:
    return view.group.texts.say(f"tiers.{key}", language, values)


def _date(view: View, language: str, day: date) -> str:
    month = plain(_say(view, language, f"month_{day.month}", {}))
    return plain(_say(view, language, "date", {"date": {"month": month, "day": day.day}}))
