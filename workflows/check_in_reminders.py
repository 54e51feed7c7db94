"""What the check-ins say by themselves: reminders, lost streaks, the end of a challenge.

Every challenge has at most one timer of each kind, set by the first check-in or sign-up of the group: before that there
is nobody to remind. A timer that fires sets its successor, whether or not there was something to say. A check-in sets
anew what the options have moved meanwhile, and what has gone missing for a day; the order to arm does so at once, and
for a timer that was cancelled or crashed, from its next time on.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, assert_never, cast
from zoneinfo import ZoneInfo

from core.decision import NOTHING, Decision, Put, SetTimer
from core.effects import Mention, Say, Words
from core.events import Instructed, TimerDue
from core.occurrences import Hours, awake, in_time
from core.people import ActorKind, Member
from core.state import Key, Slot, timers
from core.workflow import Group, View
from workflows.alarms import A_MOMENT, strayed
from workflows.check_in_book import name_of
from workflows.check_in_hold import ends
from workflows.check_in_hours import closes, day_end, instant, opens
from workflows.check_in_options import Bells, Challenge, CheckIns, Ringing
from workflows.check_in_saying_options import Remind
from workflows.facts import STREAKS, shown_name
from workflows.happened import Grouped
from workflows.quiet_wishes import QUIET, unwilling
from workflows.reach import SHUT, shut
from workflows.streaks import DAY, Streak
from workflows.texts import Text

_WORKFLOW: Final = "check_in"
"""Whose timers these are."""
_STALE: Final = timedelta(hours=2)
"""A reminder or a notice that could not be sent for so long is not worth sending."""
_STALE_LOSS: Final = timedelta(hours=12)
"""The same of the news that streaks were lost: nothing depends on its hour."""
_MOST_NAMED: Final = 20
"""Whom a message about a challenge names where the options do not say how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """When the timers of a group are due, and when each rang last, by `kind:challenge`."""

    due: dict[str, datetime] = field(default_factory=dict)
    rung: dict[str, datetime] = field(default_factory=dict)


TIMERS: Final = Slot("check_in.timers", Timers)
TIMERS_OF_GROUP: Final = TIMERS.of_group()

Row = tuple[Member, Streak]
"""A member, and their record in one challenge."""


def reads(event: TimerDue, options: CheckIns) -> tuple[Key[Any], ...]:
    """Everybody's record: once a day, and not on the way of a message."""
    return (TIMERS_OF_GROUP, STREAKS.of_all(), QUIET.of_all(), SHUT.of_all()) if _known(event, options) else ()


def armed(at: datetime, options: CheckIns, view: View) -> tuple[tuple[SetTimer, ...], tuple[Put, ...]]:
    """The timers that have to be set because of a check-in: none, once they all stand. One that is told late, of a
    time before the last ring, sets nothing for that time again."""
    bells = options.ringing
    if bells is None:
        return (), ()
    group, kept = view.group, view.get(TIMERS_OF_GROUP)
    hour = at.replace(minute=0, second=0, microsecond=0)
    if kept is not None and _outlook(bells, group.zone, group.quiet, hour) <= kept.due.items():
        return (), ()
    kept = kept if kept is not None else Timers()
    due = dict(kept.due)
    new = []
    for id_, challenge in bells.of:
        for kind in challenge.rings:
            key = f"{kind}:{id_}"
            then, stands = _next(kind, challenge, group, max(at, kept.rung.get(key, at))), due.get(key)
            moved = stands is not None and stands > at and stands != then
            if then is not None and (stands is None or moved or stands < at - DAY):
                due[key] = then
                new.append(SetTimer(key=key, at=then))
    return tuple(new), (Put(TIMERS_OF_GROUP, replace(kept, due=due)),) if new else ()


def rearming_reads(options: CheckIns) -> tuple[Key[Any], ...]:
    """The state that `rearmed` looks at."""
    return (TIMERS_OF_GROUP, timers(_WORKFLOW)) if options.ringing else ()


def rearmed(event: Instructed, options: CheckIns, view: View) -> Decision:
    """The timers that are gone, because an operator cancelled them or because of a crash, and those that the options or
    a move of the group have moved: each comes at its next time. Where nobody has checked in yet there are none."""
    kept = view.get(TIMERS_OF_GROUP) if options.ringing else None
    if kept is None:
        return NOTHING
    standing, due, rung, new = view.get(timers(_WORKFLOW)), dict(kept.due), dict(kept.rung), []
    for key, then in kept.due.items():
        kind, _, id_ = key.partition(":")
        if id_ not in options.root or kind not in options[id_].rings:
            continue
        challenge = options[id_]
        anew = strayed(event, then, _next(kind, challenge, view.group, event.at))
        occurs = not anew and _next(kind, challenge, view.group, then - A_MOMENT) == then
        if key in standing and not anew and (occurs or then <= event.at):
            continue
        again = _next(kind, challenge, view.group, max(event.at, then) if occurs else event.at)
        if again is not None:
            due[key] = again
            new.append(SetTimer(key=key, at=again))
        if anew:
            rung.pop(key, None)
    if not new:
        return NOTHING
    return Decision(
        changes=(Put(TIMERS_OF_GROUP, Timers(due=due, rung=rung)),),
        timers=tuple(new),
        because=("the check-ins' times were set",),
    )


def decide(event: TimerDue, options: CheckIns, view: View) -> Decision:
    """Say what is to be said, and set the next timer."""
    if not _known(event, options):
        return NOTHING
    kind, id_ = cast(Ringing, event.key.split(":")[0]), event.key.split(":")[1]
    challenge, group = options[id_], view.group
    effects, because = _said_by(kind, id_, challenge, event, view)
    then = _next(kind, challenge, group, event.at)
    kept = view.get(TIMERS_OF_GROUP) or Timers()
    due, rung = dict(kept.due), {**kept.rung, event.key: event.at}
    due.pop(event.key, None)
    successor: tuple[SetTimer, ...] = ()
    if then is not None:
        due[event.key] = then
        successor = (SetTimer(key=event.key, at=then),)
    return Decision(
        changes=(Put(TIMERS_OF_GROUP, Timers(due=due, rung=rung)),),
        effects=effects,
        timers=successor,
        because=(because,),
        rule=id_,
    )


def _said_by(kind: Ringing, id_: str, challenge: Challenge, event: TimerDue, view: View) -> tuple[tuple[Say, ...], str]:
    """What a timer says, and why it does or does not."""
    group = view.group
    rows = [(m, s.of[id_]) for m, s in view.get(STREAKS.of_all()) if id_ in s.of and m.kind is ActorKind.PERSON]
    no = unwilling(view.get(QUIET.of_all()))
    willing = [row for row in rows if row[0].person not in no]
    if _next(kind, challenge, group, event.due - A_MOMENT) != event.due:
        return (), "options have changed, or it is too late for it"
    match kind:
        case "remind":
            return _remind(id_, challenge, group, event, willing, view)
        case "danger":
            return _danger(id_, challenge, group, event, willing, view)
        case "broken":
            return _broken(id_, challenge, group, event, willing)
        case "summary":
            return _summary(id_, challenge, group, rows)
    assert_never(kind)


# When


def _known(event: TimerDue, options: CheckIns) -> bool:
    kind, _, id_ = event.key.partition(":")
    return id_ in options.root and kind in options[id_].rings


def _next(kind: Ringing, challenge: Challenge, group: Group, at: datetime) -> datetime | None:
    """The first instant after `at` at which a timer of this kind is due; None if there is none any more."""
    calendar = challenge.calendar
    if kind == "summary":
        assert calendar.last is not None
        late = challenge.late.within if challenge.late is not None else timedelta()
        over = awake(day_end(group, challenge, calendar.last + late), group.quiet, group.zone)
        return over if over > at else None
    # What is said of a day that is over may come behind the quiet hours of the next one.
    day = max(group.day(at, challenge.day_start) - DAY, calendar.first or date.min)
    for _ in range(10):
        if calendar.last is not None and day > calendar.last:
            return None
        then = moment(kind, challenge, group, day)
        if calendar.asks_for(day) and then > at:
            return then
        day += DAY
    return None


@lru_cache(maxsize=256)
def _outlook(bells: Bells, zone: ZoneInfo, quiet: Hours | None, hour: datetime) -> ItemsView[str, datetime]:
    """When each timer is due next after the beginning of an hour. While it has not rung this is so for the whole hour,
    and nearly all check-ins of an hour ask for the same."""
    group = Group(key="", zone=zone, quiet=quiet)
    found = {f"{kind}:{id_}": _next(kind, one, group, hour) for id_, one in bells.of for kind in one.rings}
    return {key: then for key, then in found.items() if then is not None}.items()


def moment(kind: Ringing, challenge: Challenge, group: Group, day: date) -> datetime:
    """When it is said about a day. Quiet hours never move it to where nobody can check in any more, or yet."""
    if kind == "broken":
        return awake(day_end(group, challenge, day), group.quiet, group.zone)
    spoken_of = challenge.remind if kind == "remind" else challenge.streak.danger
    assert spoken_of is not None
    at = instant(group, challenge, day, spoken_of.at)
    return in_time(at, group.quiet, group.zone, opens(group, challenge, day), closes(group, challenge, day))


# What: each of the four kinds says what it has to say, and why it did or did not


def _remind(
    id_: str, challenge: Challenge, group: Group, event: TimerDue, rows: list[Row], view: View
) -> tuple[tuple[Say, ...], str]:
    """Those who are missing, or everybody. Told in private, those who cannot be told so leave their place to others."""
    remind = challenge.remind
    assert remind is not None
    today = group.day(event.due, challenge.day_start)
    expires = min(event.due + _STALE, closes(group, challenge, today))
    if event.at > expires:
        return (), "it is too late for the reminder"
    values = {**_about(id_, challenge, group.languages[0]), "day": today.isoformat()}
    if remind.who == "everyone":
        return _said(group, remind.text, "remind_all", values, (), expires), "reminded everybody"
    missing = _missing(challenge, remind, rows, today)
    if not missing:
        return (), "nobody is missing"
    because = f"{len(missing)} are missing"
    if remind.where == "private":
        out = shut(view.get(SHUT.of_all()), group.day(event.at))
        told = [(member, {"day": today.isoformat()}) for member in missing if member.person not in out]
        return _in_private(id_, challenge, group, "remind_private", remind.text, told[: remind.most], expires), because
    return _said(group, remind.text, "remind", values, missing, expires, remind.most), because


def _missing(challenge: Challenge, remind: Remind, rows: list[Row], today: date) -> list[Member]:
    """Who has started, is not there yet, is not on leave, and has not given up. The longest streak first."""
    found = []
    for member, streak in rows:
        run = streak.run
        seen = max((day for day in (run.last if run else None, streak.joined) if day is not None), default=None)
        if seen is None or today - seen > remind.forget_after or today in streak.excused:
            continue
        if (run is None or run.last < today) and streak.finished is None:
            found.append((-(run.streak if run else 0), member.person, member))
    return [member for _, _, member in sorted(found, key=lambda row: row[:2])]


def _danger(
    id_: str, challenge: Challenge, group: Group, event: TimerDue, rows: list[Row], view: View
) -> tuple[tuple[Say, ...], str]:
    """Those whose streak still runs, who have not checked in today, and whom no freeze would save. Told in private,
    those who cannot be told so leave their place to others."""
    danger = challenge.streak.danger
    assert danger is not None
    today = group.day(event.due, challenge.day_start)
    expires = min(event.due + _STALE, closes(group, challenge, today))
    if event.at > expires:
        return (), "it is too late for the notice"
    over, least = day_end(group, challenge, today), challenge.streak.worth_saying
    found = [
        (-streak.run.streak, member.person, member, streak.run.streak)
        for member, streak in rows
        if streak.run is not None
        and streak.run.streak >= least
        and streak.run.last < today
        and today not in streak.excused
        and streak.finished is None
        and ends(group, challenge, streak) == over
    ]
    if not found:
        return (), "no streak is in danger"
    found.sort(key=lambda row: row[:2])
    because = f"the streaks of {len(found)} end today"
    values = _about(id_, challenge, group.languages[0])
    if danger.where == "group":
        members = [member for _, _, member, _ in found]
        return _said(group, None, "danger", values, members, expires, danger.most), because
    out = shut(view.get(SHUT.of_all()), group.day(event.at))
    told = [(member, {"streak": length}) for _, _, member, length in found if member.person not in out]
    return _in_private(id_, challenge, group, "danger_private", None, told[: danger.most], expires), because


def _broken(
    id_: str, challenge: Challenge, group: Group, event: TimerDue, rows: list[Row]
) -> tuple[tuple[Say, ...], str]:
    """Those whose streak was lost with the day that has just ended, and with no other."""
    if event.at > event.due + _STALE_LOSS:
        return (), "it is too late to speak of that day"
    least = challenge.streak.worth_saying
    over = day_end(group, challenge, group.day(event.due, challenge.day_start) - DAY)
    lost = [
        member
        for member, streak in rows
        if streak.run is not None and streak.run.streak >= least and ends(group, challenge, streak) == over
    ]
    if not lost:
        return (), "nobody lost a streak"
    values = _about(id_, challenge, group.languages[0])
    return _said(group, None, "broken", values, lost, event.due + _STALE_LOSS), f"{len(lost)} lost a streak"


def _summary(id_: str, challenge: Challenge, group: Group, rows: list[Row]) -> tuple[tuple[Say, ...], str]:
    """How many took part, and who has finished, once the last day cannot be made up any more."""
    started = [row for row in rows if row[1].run is not None]
    if not started:
        return (), "nobody took part"
    finished = sorted((s.finished, m.person, m) for m, s in started if s.finished is not None)
    values = {
        **_about(id_, challenge, group.languages[0]),
        "started": len(started),
        "finished": len(finished),
        "check_ins": sum(s.run.total for _, s in started if s.run is not None),
    }
    members = [member for _, _, member in finished]
    return _said(group, None, "summary", values, members, None), f"{len(finished)} of {len(started)} finished"


def _in_private(
    id_: str,
    challenge: Challenge,
    group: Group,
    key: str,
    own: Text | None,
    told: Iterable[tuple[Member, Mapping[str, object]]],
    expires: datetime,
) -> tuple[Say, ...]:
    """A sentence to each alone, in their language, with what is theirs in it."""
    said = []
    for member, values in told:
        language = group.language_of(member)
        known = {**_about(id_, challenge, language), **values}
        words = _sentence(group, own, key, language, known)
        said.append(Say(words=words, to=member.account, expires=expires, confidential=True))
    return tuple(said)


def _about(id_: str, challenge: Challenge, language: str) -> dict[str, object]:
    """What each sentence knows of its challenge."""
    return {"name": name_of(id_, challenge, language), "challenge": id_}


def _sentence(group: Group, own: Text | None, key: str, language: str, values: Mapping[str, object]) -> Words:
    """The operator's own words, or the shipped ones."""
    spoken = {"check_in": values, "group": Grouped(group)}
    return own.say(language, spoken) if own is not None else group.texts.say(f"check_in.{key}", language, spoken)


def _said(
    group: Group,
    own: Text | None,
    key: str,
    values: Mapping[str, object],
    members: Sequence[Member],
    expires: datetime | None,
    most: int = _MOST_NAMED,
) -> tuple[Say, ...]:
    """A sentence to the group, the operator's `own` or the shipped one, and the names it is about: `most` of them, the
    others are counted."""
    language = group.languages[0]
    words: list[str | Mention] = list(_sentence(group, own, key, language, values))
    for member in members[:most]:
        words += [" ", Mention(account=member.account, name=shown_name(member))]
    if len(members) > most:
        more: Words = group.texts.say("check_in.and_more", language, {"check_in": {"count": len(members) - most}})
        words += [" ", *more]
    return (Say(words=tuple(words), expires=expires),)
