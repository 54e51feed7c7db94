"""The comparison of two homes that have run on the same history. Swapping them gives the mirror of it."""

from __future__ import annotations

from jobs.report.against.answers import answer_changes
from jobs.report.against.attended import event_changes, survey_changes
from jobs.report.against.check_ins import check_in_changes
from jobs.report.against.counts import Count, counted
from jobs.report.against.digests import digest_changes
from jobs.report.against.hits import rule_changes
from jobs.report.against.people import everyone, members, onboarding_change, points_change, tiers_change
from jobs.report.against.shape import SUBJECTS, Against, FaultsChange, Share, Subject, TimersChange, TruthChange
from jobs.report.against.side import QUOTED, Side
from jobs.report.against.standings import standings
from jobs.report.against.unshown import showing, unshown
from jobs.report.summary import Trouble, Verdict


def compare(before: Side, after: Side) -> Against:
    """What the change from one home to the other would do."""
    people = everyone(standings(before), standings(after))
    rules, judged = rule_changes(before, after)
    check_ins, practising = check_in_changes(before, after, people)
    points, earning = points_change(before, after, people)
    tiers, climbing = tiers_change(before, after, people)
    onboarding, arriving = onboarding_change(before, after, people)
    effects = counted(before.summary.effects, after.summary.effects)
    answers, timers = answer_changes(before, after), _timers(before, after)
    truth, faults = _truth(before, after), _faults(before, after)
    digests = digest_changes(before, after)
    events, seating = event_changes(before, after)
    surveys = survey_changes(before, after)
    differing: dict[Subject, bool] = {
        "rules": any(one.differs for one in rules),
        "check_ins": any(one.differs for one in check_ins),
        "points": points.differs,
        "tiers": tiers.differs,
        "onboarding": onboarding.differs,
        "effects": not all(one.same for one in effects.values()),
        "answers": any(one.differs for one in answers),
        "digests": any(one.differs for one in digests),
        "events": any(one.differs for one in events),
        "surveys": any(one.differs for one in surveys),
        "timers": timers.differs,
        "truth": any(one.differs for one in truth),
        "faults": faults.differs,
    }
    same = tuple(subject for subject in SUBJECTS if not differing[subject])
    shows = showing(same, answers, timers, points)
    touched, inside = (judged | practising | earning | climbing | arriving | seating) & set(people), members(people)
    return Against(
        people=len(touched & inside),
        members=len(inside),
        mentioned=len(touched - inside),
        same=same,
        unshown=unshown(before.simulation.group, after.simulation.group, shows, alike=len(same) == len(SUBJECTS)),
        rules=rules,
        check_ins=check_ins,
        points=points,
        tiers=tiers,
        onboarding=onboarding,
        effects=effects,
        answers=answers,
        digests=digests,
        events=events,
        surveys=surveys,
        timers=timers,
        truth=truth,
        faults=faults,
    )


def _timers(before: Side, after: Side) -> TimersChange:
    was, now = before.summary.timers, after.summary.timers
    return TimersChange(
        fired=Count(before=was.fired, after=now.fired),
        sent=counted(was.sent, now.sent),
        pending=counted(was.pending, now.pending),
    )


def _truth(before: Side, after: Side) -> tuple[TruthChange, ...]:
    return tuple(
        TruthChange(name=now.name, known=now.known, before=_share(was), after=_share(now))
        for was, now in zip(before.summary.truth, after.summary.truth, strict=True)
    )


def _share(verdict: Verdict) -> Share:
    return Share(hits=verdict.hits, right=verdict.right, precision=verdict.precision, recall=verdict.recall)


def _faults(before: Side, after: Side) -> FaultsChange:
    was, now = before.simulation.tally, after.simulation.tally
    return FaultsChange(
        faults=Count(before=was.fault_count, after=now.fault_count),
        dead_letters=Count(before=len(was.buried), after=len(now.buried)),
        gained=_only(after, before),
        lost=_only(before, after),
    )


def _only(side: Side, other: Side) -> tuple[Trouble, ...]:
    """The first troubles that one home has alone; none where the other has more than its report lists."""
    there, tally = (*other.summary.faults, *other.summary.dead_letters), other.simulation.tally
    if tally.fault_count + len(tally.buried) > len(there):
        return ()
    known = set(there)
    here = (*side.summary.faults, *side.summary.dead_letters)
    return tuple(trouble for trouble in here if trouble not in known)[:QUOTED]
