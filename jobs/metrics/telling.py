"""All that is told of a group, in its order; see `jobs.metrics.parts`."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from jobs.metrics import words
from jobs.metrics.figures import Metrics
from jobs.metrics.parts import Section, Voice
from jobs.metrics.telling_activity import activity, classes
from jobs.metrics.telling_content import content
from jobs.metrics.telling_surveys import surveys
from jobs.metrics.telling_totals import conversions, invitations, tiers, upkeep
from jobs.metrics.telling_weeks import journeys, retention
from jobs.report.names import Names


def called(told: Metrics) -> str:
    """The community with the group's key, or with all of them."""
    if told.groups:
        return f"{told.community} · {' + '.join(told.groups)}"
    return f"{told.community} · {told.group}" if told.community != told.group else told.group


def period(told: Metrics, voice: Voice) -> str:
    """Which days are told of."""
    days = voice.say(words.DAYS if told.days > 1 else words.DAY, days=told.days)
    return f"{told.first} – {told.last} · {days} · {told.zone}"


def compared(told: Metrics, voice: Voice) -> str:
    """What the numbers are compared with; "" where they are with nothing."""
    if told.activity_before is None:
        return ""
    return voice.say(words.COMPARED, first=told.first_before, last=told.last_before)


def how(told: Metrics, voice: Voice) -> Iterator[str]:
    """How several groups are counted as one; nothing where there is but one."""
    if told.groups:
        yield voice.meaning("together")
        yield voice.say(words.APART)


def lacking(told: Metrics, voice: Voice) -> Iterator[str]:
    """What the numbers lack."""
    known = told.activity
    if known is not None and told.activity_before is None:
        said = words.PARTLY if known.days < told.days else words.UNCOMPARED
        yield voice.say(said, since=told.since, days=known.days, of=told.days)
    periods = ((words.UNHEARD, told.unheard), (words.UNHEARD_BEFORE, told.unheard_before))
    for said, one in periods:
        if one is not None and one.times:
            platforms = ("、" if voice.language == "zh" else ", ").join(one.platforms)
            yield voice.say(said, platforms=platforms, hours=f"{one.hours:,.1f}", times=one.times)
    kept = next((one.kept_from for _, one in periods if one is not None and one.kept_from is not None), None)
    if kept is not None:
        yield voice.say(words.KEPT_FROM, day=kept.astimezone(ZoneInfo(told.zone)).date())


def nothing(told: Metrics, voice: Voice) -> str:
    """Why there are no numbers of people; "" where there are."""
    if told.since is None:
        return voice.say(words.NOTHING_ANYWHERE if told.groups else words.NOTHING)
    return voice.say(words.TOO_EARLY, since=told.since) if told.activity is None else ""


def sections(told: Metrics, names: Names, voice: Voice) -> Iterator[Section]:
    """Every section, those too of which there is nothing. `names` are what the operator calls the group's parts."""
    now, before = told.activity, told.activity_before
    if now is not None and told.totals is not None:
        yield activity(now, before, voice)
        yield classes(told, now.days, voice)
        yield retention(told.weeks, voice)
        weeks = told.weeks if not told.groups else ()
        if not told.groups:
            yield journeys(weeks, voice)
        yield conversions(told.totals, weeks, names.goals, voice)
        yield invitations(told.totals, weeks, voice)
        yield upkeep(told.totals, now, before, voice)
        yield tiers(told.totals, names, voice)
    if not told.groups:
        yield content(told.content, voice)
        yield surveys(told.surveys, voice)
