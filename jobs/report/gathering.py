"""Reading the books of a simulation into a summary: one pass over each, in bounded memory."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice, zip_longest
from pathlib import PurePath

from core.effects import Say, TellAdmins, Words
from core.people import PersonId
from core.ports import OutboxRow
from core.state import POINTS
from jobs.report import summary
from jobs.report.attended import gatherings, inquiries
from jobs.report.elsewhen import elsewhen, idle, unrehearsed
from jobs.report.members import members_of
from jobs.report.people import People
from jobs.report.summary import iso
from jobs.report.truth import Known, comparisons, verdicts
from jobs.report.witness import Example, excerpt, is_hit
from jobs.simulate import Simulation
from workflows import ambassador_options
from workflows.content_options import Contents
from workflows.facts import STREAKS
from workflows.failing import failing
from workflows.onboarding_state import PROGRESS
from workflows.reasons import form
from workflows.tier_options import Tiers
from workflows.tier_standing import TIER, TIER_FACT

TOP = 10
_SENT_LISTED = 8
_SHOWN_LISTED = 30
"""Lines about members who may become ambassadors, by which it is seen whether `discover` asks for too much."""
_NEXT_LISTED = 8
_REASONS_LISTED = 12
_TROUBLE_LISTED = 100
_CHECK_IN = "check_in:"
_COOLDOWN = "warned {ago:span} ago (< {limit:span})"
_NUMBERS = re.compile(r"(?:\d+[smhdw]?)+")


def gather(simulation: Simulation, people: People, known: Iterable[Known] = ()) -> summary.Summary:
    """The summary of a simulation."""
    books, group, tally = simulation.books, simulation.group, simulation.tally
    days, talkers = _activity(simulation, people)
    rules, flows, verdicts = _decisions(simulation, people, known)
    points, check_ins = _ledger(simulation, people)
    sent, examples, effects = _outbox(simulation, people)
    timers = list(books.timers(group.key))
    return summary.Summary(
        export=simulation.export.name,
        format=simulation.format,
        group=group.key,
        community=group.called(group.languages[0]),
        zone=str(group.zone),
        workflows=tuple(bound.name for bound in group.runs),
        pseudonyms=people.hidden,
        first=iso(tally.first) if tally.first else "",
        last=iso(tally.last) if tally.last else "",
        messages=tally.messages,
        members=len(members_of(simulation, people)),
        joins=tally.joins,
        leaves=tally.leaves,
        removals=tally.removals,
        repeated=tally.repeated,
        events=dict(sorted(tally.events.items())),
        elsewhen=elsewhen(group, days[0].day if days else "", days[-1].day if days else ""),
        unrehearsed=unrehearsed(group),
        idle=idle(group, {rule.rule for rule in rules}),
        activity=days,
        talkers=talkers,
        onboarding=_onboarding(simulation),
        check_ins=check_ins,
        tiers=_tiers(simulation),
        tier_flows=flows,
        rules=rules,
        points=points,
        effects={kind: sum(counts.values()) for kind, counts in effects.items()},
        effects_by=effects,
        timers=summary.Timers(
            fired=tally.timers,
            sent=sent,
            examples=examples,
            pending=dict(sorted(Counter(row.workflow for row in timers).items())),
            next=tuple(
                f"{iso(row.at)} {row.workflow} {people.called(row.member)}".rstrip() for row in timers[:_NEXT_LISTED]
            ),
        ),
        posts=_posts(simulation),
        gatherings=gatherings(simulation, people),
        surveys=inquiries(simulation),
        truth=verdicts,
        failing=failing(group),
        faults=tuple(
            summary.Trouble(
                event=people.clean(f.event), where=f"{f.workflow} ({PurePath(f.where).name})", why=people.clean(f.error)
            )
            for f in tally.faults[:_TROUBLE_LISTED]
        ),
        fault_count=tally.fault_count,
        dead_letters=tuple(
            summary.Trouble(event=people.clean(letter.id), where="", why=people.clean(letter.why))
            for letter in tally.buried[:_TROUBLE_LISTED]
        ),
        skipped_count=tally.skipped_count,
        skipped=tuple(tally.skipped),
    )


def _activity(simulation: Simulation, people: People) -> tuple[tuple[summary.Day, ...], tuple[summary.Score, ...]]:
    """Every local day from the first to the last, and who wrote most."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    wrote: Counter[PersonId] = Counter()
    for person, day in simulation.books.activity(simulation.group.key):
        on = counts[day.day.isoformat()]
        on["messages"] += day.messages
        on["check_ins"] += day.check_ins
        if day.active and people.is_person(person):
            on["active"] += 1
        wrote[person] += day.messages
    for name, counted in simulation.tally.by_day.items():
        counts[name].update(counted)
    rows = tuple(
        summary.Day(
            day=name,
            messages=counts[name]["messages"],
            active=counts[name]["active"],
            check_ins=counts[name]["check_ins"],
            joins=counts[name]["joins"],
            leaves=counts[name]["leaves"],
            removals=counts[name]["removals"],
            hits=counts[name]["hits"],
        )
        for name in _span(counts)
    )
    return rows, _board(wrote, people)


def _span(counts: dict[str, Counter[str]]) -> Iterator[str]:
    if not counts:
        return
    day, last = date.fromisoformat(min(counts)), date.fromisoformat(max(counts))
    while day <= last:
        yield day.isoformat()
        day += timedelta(days=1)


def _board(sums: Counter[PersonId], people: People) -> tuple[summary.Score, ...]:
    ranked = sorted((p for p in sums if sums[p] > 0 and people.is_person(p)), key=lambda p: (-sums[p], p))
    return tuple(summary.Score(person=people.name(p), account=people.account(p), amount=sums[p]) for p in ranked[:TOP])


def _onboarding(simulation: Simulation) -> summary.Onboarding:
    stages: Counter[str] = Counter()
    for member, progress in simulation.books.every_record(simulation.group.key, PROGRESS):
        gone = progress.running and (progress.away or member.left is not None)
        stages["left" if gone else "in_progress" if progress.running else progress.stage] += 1
    return summary.Onboarding(
        starts=simulation.tally.onboardings,
        completed=stages["done"],
        gave_up=stages["gave_up"],
        in_progress=stages["in_progress"],
        left=stages["left"],
        skipped=stages["skipped"],
    )


def _tiers(simulation: Simulation) -> tuple[summary.Standing, ...]:
    here: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for member, standing in simulation.books.every_record(simulation.group.key, TIER):
        counted = here if member.left is None else gone
        counted[standing.tier or ""] += 1
    ranks = _ranks(simulation)
    order = sorted({*ranks, *here, *gone}, key=lambda tier: (ranks.get(tier, -1), tier))
    return tuple(summary.Standing(tier=tier, people=here[tier], left=gone[tier]) for tier in order)


def _ranks(simulation: Simulation) -> dict[str, int]:
    """The tiers of the group from the lowest, by number; empty if it has none."""
    options = simulation.group.options(Tiers)
    ranks = options.ladder.ranks if options is not None else {}
    return {tier: rank for tier, rank in ranks.items() if tier is not None}


def _decisions(
    simulation: Simulation, people: People, known: Iterable[Known]
) -> tuple[tuple[summary.Rule, ...], tuple[summary.Flow, ...], tuple[summary.Verdict, ...]]:
    modes: dict[str, Counter[str]] = defaultdict(Counter)
    who: dict[str, set[PersonId]] = defaultdict(set)
    then: dict[str, Counter[str]] = defaultdict(Counter)
    because: dict[str, Counter[str]] = defaultdict(Counter)
    compared = comparisons(known)
    for row in simulation.books.audit(simulation.group.key):
        if not is_hit(row):
            continue
        modes[row.rule][row.mode] += 1
        who[row.rule].add(row.person)
        then[row.rule].update(row.then)
        _add(because[row.rule], row.because)
        for comparison in compared:
            comparison.see(row)
    rules = tuple(
        summary.Rule(
            rule=rule,
            on=modes[rule]["on"],
            shadow=modes[rule]["shadow"],
            people=len(who[rule]),
            then=dict(sorted(then[rule].items())),
            because={people.clean(why): n for why, n in telling(because[rule], sum(modes[rule].values()))},
            examples=tuple(_example(e, people) for e in simulation.tally.examples.get(rule, ())),
        )
        for rule in sorted(modes)
    )
    return rules, _flows(simulation), verdicts(simulation, compared, people)


def _add(reasons: Counter[str], because: Iterable[str]) -> None:
    """Count reasons, the rarest of which are dropped when there are too many different ones."""
    reasons.update(because)
    if len(reasons) > 5_000:
        kept = dict(_common(reasons)[:1_000])
        reasons.clear()
        reasons.update(kept)


def telling(reasons: Counter[str], hits: int) -> list[tuple[str, int]]:
    """The commonest reasons, those first that tell hits apart.

    Reasons of one form (`says … (ad_words)`) stand together; the more hits have another than the commonest of them,
    the earlier. What every hit has comes last. Where nothing else tells, they stand as in the decisions.
    Of those that differ in their numbers only, the commonest stands for all until each such form has had its place;
    that somebody was warned just before is not why a rule hit, and comes after everything.
    """
    forms: dict[str, list[int]] = defaultdict(list)
    for why, n in reasons.items():
        forms[form(why)].append(n)
    varied = {one: (max(counts) - sum(counts), n) for n, (one, counts) in enumerate(forms.items())}
    common = _common(reasons)
    leading = {_NUMBERS.sub("0", why): why for why, _ in reversed(common)}

    def turn(why: str) -> int:
        return 2 if form(why) == _COOLDOWN else int(leading[_NUMBERS.sub("0", why)] != why)

    def place(item: tuple[str, int]) -> tuple[int, bool, tuple[int, int], int, str]:
        why, n = item
        return turn(why), n >= hits, varied[form(why)], -n, why

    return sorted(sorted(common, key=lambda item: turn(item[0]))[:_REASONS_LISTED], key=place)


def _common(reasons: Counter[str]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


def _example(example: Example, people: People) -> summary.Example:
    row = example.row
    return summary.Example(
        at=iso(row.at),
        person=people.name(row.person),
        event=people.clean(row.event),
        mode=row.mode,
        text="" if people.hidden else example.text,
        then=row.then,
        because=tuple(people.clean(why) for why in row.because),
    )


def _flows(simulation: Simulation) -> tuple[summary.Flow, ...]:
    moves: Counter[tuple[str, str]] = Counter()
    stands: dict[PersonId, str] = {}
    for entry in simulation.books.facts(simulation.group.key):
        if entry.kind != TIER_FACT:
            continue
        old = stands.get(entry.person, "")
        stands[entry.person] = entry.rule
        moves[old, entry.rule] += 1
    ranks = _ranks(simulation)
    order = sorted(moves, key=lambda move: (ranks.get(move[0], -1), ranks.get(move[1], -1), move))
    return tuple(summary.Flow(old=old, new=new, moves=moves[old, new]) for old, new in order)


def _ledger(simulation: Simulation, people: People) -> tuple[summary.Points, tuple[summary.Challenge, ...]]:
    given = taken = 0
    sums: Counter[PersonId] = Counter()
    receivers: set[PersonId] = set()
    by_rule: Counter[str] = Counter()
    check_ins: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in simulation.books.facts(simulation.group.key):
        if entry.kind == POINTS:
            sums[entry.person] += entry.amount
            by_rule[entry.rule] += entry.amount
            if entry.amount > 0:
                given += entry.amount
                receivers.add(entry.person)
            else:
                taken -= entry.amount
        elif entry.kind.startswith(_CHECK_IN):
            counted = check_ins[entry.kind.removeprefix(_CHECK_IN)]
            what = "taken_back" if entry.amount < 0 else "days" if entry.reason == "checked in" else "made_up"
            counted[what] += 1
    points = summary.Points(
        given=given,
        taken=taken,
        receivers=len(receivers),
        top=_board(sums, people),
        by_rule=dict(sorted(by_rule.items())),
    )
    return points, _challenges(simulation, people, check_ins)


def _challenges(
    simulation: Simulation, people: People, counted: dict[str, Counter[str]]
) -> tuple[summary.Challenge, ...]:
    runs: dict[str, list[tuple[int, int, int, PersonId]]] = defaultdict(list)
    for member, streaks in simulation.books.every_record(simulation.group.key, STREAKS):
        for challenge, streak in streaks.of.items():
            if streak.run is not None:
                runs[challenge].append((streak.run.best, streak.run.total, streak.run.streak, member.person))
    found = []
    for challenge in sorted(set(counted) | set(runs)):
        ranked = sorted(runs[challenge], key=lambda run: (-run[0], -run[1], run[3]))
        top = tuple(
            summary.Streak(person=people.name(p), account=people.account(p), streak=streak, longest=best, days=total)
            for best, total, streak, p in ranked[:TOP]
        )
        sums = counted[challenge]
        found.append(
            summary.Challenge(
                challenge=challenge,
                check_ins=sums["days"] + sums["made_up"] - sums["taken_back"],
                made_up=sums["made_up"],
                taken_back=sums["taken_back"],
                people=len(ranked),
                longest=ranked[0][0] if ranked else 0,
                top=top,
            )
        )
    return tuple(found)


def _posts(simulation: Simulation) -> tuple[summary.Posts, ...]:
    """What came of each post by the clock that is for the group, in the order of the file."""
    counted, waiting = simulation.tally.posts, simulation.tally.waiting
    return tuple(
        summary.Posts(
            post=id_,
            posted=counted[id_]["posted"] if id_ in counted else 0,
            waited=counted[id_]["waited"] if id_ in counted else 0,
            waits=id_ in waiting,
        )
        for options in (bound.options for bound in simulation.group.runs)
        if isinstance(options, Contents)
        for id_, post in options.content.items()
        if post.is_for(simulation.group)
    )


def _outbox(
    simulation: Simulation, people: People
) -> tuple[dict[str, int], tuple[summary.Sent, ...], dict[str, dict[str, int]]]:
    """What timers would have sent, by workflow; the first of each and whoever was found fit to be an ambassador, and
    how many effects of each kind there were, by workflow."""
    sent: Counter[str] = Counter()
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, list[OutboxRow]] = {}
    shown: list[OutboxRow] = []
    for row in simulation.books.outbox(simulation.group.key):
        kinds[row.kind][row.workflow] += 1
        if not row.event.startswith("timer:"):
            continue
        sent[row.workflow] += 1
        if row.workflow == ambassador_options.NAME:
            shown += [row] if sent[row.workflow] <= _SHOWN_LISTED else []
        elif sent[row.workflow] <= _SENT_LISTED // 2:
            first.setdefault(row.workflow, []).append(row)
    in_turns = (row for turn in zip_longest(*first.values()) for row in turn if row is not None)
    listed = sorted([*islice(in_turns, _SENT_LISTED), *shown], key=lambda row: row.at)
    by = {kind: dict(sorted(counts.items())) for kind, counts in sorted(kinds.items())}
    return dict(sorted(sent.items())), tuple(quoted(row, people) for row in listed), by


def quoted(row: OutboxRow, people: People, *, withheld: bool = False, whole: bool = False) -> summary.Sent:
    """An effect as a report tells it, with the beginning of its words, or the `whole` of them, unless withheld."""
    effect = row.effect
    words: Words = effect.words if isinstance(effect, Say | TellAdmins) and not withheld else ()
    told = "".join(part if isinstance(part, str) else f"@{people.called(part.account)}" for part in words)
    to = people.called(effect.to) if isinstance(effect, Say) else ""
    return summary.Sent(
        at=iso(row.at),
        workflow=row.workflow,
        kind=row.kind,
        to=to,
        words=people.clean(" ".join(told.split()) if whole else excerpt(told)),
    )
