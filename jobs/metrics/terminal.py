"""Metrics in the terminal, the numbers of one group after another's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.text import Text

from config.problems import Language, Said
from core.turnout import MONTH, WEEK
from jobs.metrics import words
from jobs.metrics.figures import CLASSES, LEAST, Activity, Class, Metrics
from jobs.metrics.layout import NONE, Voice, aside, count, row, share, table
from jobs.metrics.staying import WEEKS
from jobs.metrics.terminal_surveys import surveys
from jobs.metrics.terminal_totals import conversions, invitations, tiers, upkeep
from jobs.metrics.terminal_weeks import brought, journeys, retention
from jobs.report.names import Names

WIDTH = 100


def show(told: Metrics, names: Names, language: Language, console: Console) -> None:
    """Print the numbers of one group. `names` are what its operator calls its parts."""
    width = min(WIDTH, console.width)
    for part in _Telling(told, language).parts(names):
        console.print(part, width=width)
        console.print()


class _Telling:
    def __init__(self, told: Metrics, language: Language) -> None:
        self.told, self.voice = told, Voice(language)

    def parts(self, names: Names) -> Iterable[RenderableType]:
        told, voice = self.told, self.voice
        yield self._head()
        if told.since is None:
            yield Text(voice.say(words.NOTHING))
        elif told.activity is None or told.totals is None:
            yield Text(voice.say(words.TOO_EARLY, since=told.since))
        else:
            yield self._activity(told.activity, told.activity_before)
            yield self._classes(told.activity.days)
            yield retention(told.weeks, voice)
            yield from journeys(told.weeks, voice)
            yield from conversions(told.totals, told.weeks, names.goals, voice)
            yield from invitations(told.totals, brought(told.weeks, voice), voice)
            yield upkeep(told.totals, told.activity, told.activity_before, voice)
            yield from tiers(told.totals, names, voice)
        yield from surveys(told.surveys, voice)

    def _head(self) -> RenderableType:
        told, say = self.told, self.voice.say
        lines = Text()
        lines.append(f"{told.community} · {told.group}" if told.community != told.group else told.group, style="bold")
        days = say(words.DAYS if told.days > 1 else words.DAY, days=told.days)
        lines.append(f"\n{told.first} – {told.last} · {days} · {told.zone}")
        known, since = told.activity, told.since
        if known is not None and told.activity_before is None:
            said = words.PARTLY if known.days < told.days else words.UNCOMPARED
            lines.append("\n" + say(said, since=since, days=known.days, of=told.days), style="yellow")
        elif known is not None:
            lines.append("\n" + say(words.COMPARED, first=told.first_before, last=told.last_before), style="dim")
        for line in self._unheard():
            lines.append(f"\n{line}", style="yellow")
        return Panel(lines, title=say(words.TITLE), border_style="cyan")

    def _unheard(self) -> Iterator[str]:
        """What the numbers lack."""
        told, say = self.told, self.voice.say
        periods = ((words.UNHEARD, told.unheard), (words.UNHEARD_BEFORE, told.unheard_before))
        for said, one in periods:
            if one is not None and one.times:
                platforms = ("、" if self.voice.language == "zh" else ", ").join(one.platforms)
                yield say(said, platforms=platforms, hours=f"{one.hours:,.1f}", times=one.times)
        kept = next((one.kept_from for _, one in periods if one is not None and one.kept_from is not None), None)
        if kept is not None:
            yield say(words.KEPT_FROM, day=kept.astimezone(ZoneInfo(told.zone)).date())

    def _activity(self, now: Activity, before: Activity | None) -> RenderableType:
        rows: tuple[tuple[str, Said, Callable[[Activity], str]], ...] = (
            ("per_day", words.PER_DAY, lambda one: f"{one.per_day:,.1f}"),
            ("week", words.WEEK, lambda one: NONE if one.week is None else f"{one.week:,}"),
            ("month", words.MONTH, lambda one: NONE if one.month is None else f"{one.month:,}"),
            ("ratio", words.RATIO, _ratio),
            ("there", words.THERE, lambda one: NONE if one.there is None else share(one.there, one.members)),
            ("messages", words.MESSAGES, lambda one: f"{one.messages:,}"),
            ("by_staff", words.BY_STAFF, lambda one: share(one.by_staff, one.messages)),
            ("half", words.HALF, self._half),
        )
        known, lately = {"week": now.week_days, "month": now.month_days}, {"week": WEEK, "month": MONTH}
        lines = [self.voice.heading()]
        for key, name, value in rows:
            lines.append(row(self.voice.say(name), value(now), value(before) if before is not None else NONE))
            lines.append(self.voice.meaning(key))
            if key in known and known[key] < lately[key]:
                lines.append(aside(self.voice.say(words.LATELY, days=known[key], of=lately[key])))
        return self.voice.section(words.ACTIVITY, *lines)

    def _half(self, one: Activity) -> str:
        if one.half is None:
            return NONE
        staff = self.voice.say(words.OF_STAFF, count=one.half_staff) if one.half_staff else ""
        return f"{one.half:,}{staff}"

    def _classes(self, days: int) -> RenderableType:
        found, say = self.told.classes, self.voice.say
        if found is None:
            return self.voice.section(words.CLASSES, Text(say(words.TOO_SHORT, least=LEAST, days=days)))
        seen = any(found.now["new"] or week.joined or week.again for week in self.told.weeks)
        bounds = {"casual": found.regular - 1, "regular": found.core - 1}
        lines = [self.voice.heading()]
        for each in CLASSES:
            earlier = f"{found.before[each]:,}" if found.before is not None else NONE
            lines.append(row(say(words.CLASS[each]), f"{found.now[each]:,}", earlier))
            meaning = words.MEANS[each].filled(regular=found.regular, core=found.core, most=bounds.get(each, ""))
            lines.append(aside(say(meaning)))
            if each == "new" and not seen:
                lines.append(aside(say(words.UNSEEN, weeks=WEEKS)))
        if seen:
            earlier = _balance(found.before) if found.before is not None else NONE
            lines += [row(say(words.BALANCE), _balance(found.now), earlier), self.voice.meaning("balance")]
        if found.moved is not None:
            lines += [Text(), Text(say(words.MOVED), style="bold"), self._moves(found.moved)]
            lines.append(aside(say(words.MOVED_HOW)))
        return self.voice.section(words.CLASSES, *lines)

    def _moves(self, moved: Mapping[Class, Mapping[Class, int]]) -> RenderableType:
        into: tuple[Class, ...] = (*CLASSES, "silent", "left")
        made = table(("", *(self.voice.say(words.CLASS[each]) for each in into)))
        for was, counts in moved.items():
            made.add_row(self.voice.say(words.CLASS[was]), *(count(counts.get(each, 0)) for each in into))
        return made


def _ratio(one: Activity) -> str:
    return NONE if one.month_per_day is None or one.month is None else share(one.month_per_day, one.month)


def _balance(people: Mapping[Class, int]) -> str:
    new, regulars = people["new"], people["regular"] + people["core"]
    return f"{new:,} : {regulars:,}"
