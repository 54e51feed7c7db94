"""Metrics in the terminal: a number, the one before, and beneath them what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from config.problems import Language, Said
from jobs.metrics import words
from jobs.metrics.figures import CLASSES, LEAST, Activity, Class, Metrics, Week

WIDTH = 100
FEW = 5
"""Of fewer people than this no share is told, only how many of how many."""
_NONE = "–"


def show(told: Metrics, language: Language, console: Console) -> None:
    """Print the numbers of one group."""
    width = min(WIDTH, console.width)
    for part in _Telling(told, language).parts():
        console.print(part, width=width)
        console.print()


def share(part: int, of: int) -> str:
    """`8 of 20, 40%`; of few people without the share, and a dash of nobody."""
    if not of:
        return _NONE
    return f"{part:,}/{of:,}" + (f" {part / of:.0%}" if of >= FEW else "")


class _Telling:
    def __init__(self, told: Metrics, language: Language) -> None:
        self.told, self.language = told, language

    def parts(self) -> Iterable[RenderableType]:
        told = self.told
        yield self._head()
        if told.since is None:
            yield Text(self._say(words.NOTHING))
        elif told.activity is None:
            yield Text(self._say(words.TOO_EARLY, since=told.since))
        else:
            yield self._activity(told.activity, told.activity_before)
            yield self._classes(told.activity.days)
            yield self._retention()

    def _say(self, said: Said, **values: object) -> str:
        return said.filled(**values).in_(self.language)

    def _head(self) -> RenderableType:
        told = self.told
        lines = Text()
        lines.append(f"{told.community} · {told.group}" if told.community != told.group else told.group, style="bold")
        days = self._say(words.DAYS if told.days > 1 else words.DAY, days=told.days)
        lines.append(f"\n{told.first} – {told.last} · {days} · {told.zone}\n")
        known, since = told.activity, told.since
        if known is not None and told.activity_before is None:
            said = words.PARTLY if known.days < told.days else words.UNCOMPARED
            lines.append(self._say(said, since=since, days=known.days, of=told.days), style="yellow")
        else:
            lines.append(self._say(words.COMPARED, first=told.first_before, last=told.last_before), style="dim")
        return Panel(lines, title=self._say(words.TITLE), border_style="cyan")

    def _activity(self, now: Activity, before: Activity | None) -> RenderableType:
        rows: tuple[tuple[str, Said, Callable[[Activity], str]], ...] = (
            ("per_day", words.PER_DAY, lambda one: f"{one.per_day:,.1f}"),
            ("week", words.WEEK, lambda one: f"{one.week:,}"),
            ("month", words.MONTH, lambda one: f"{one.month:,}"),
            ("ratio", words.RATIO, _ratio),
            ("there", words.THERE, lambda one: share(one.there, one.members)),
            ("messages", words.MESSAGES, lambda one: f"{one.messages:,}"),
            ("by_staff", words.BY_STAFF, lambda one: share(one.by_staff, one.messages)),
            ("half", words.HALF, self._half),
        )
        lines: list[RenderableType] = [_row("", "", self._say(words.BEFORE))]
        for key, name, value in rows:
            lines.append(_row(self._say(name), value(now), value(before) if before is not None else _NONE))
            lines.append(self._meaning(key))
        return self._section(words.ACTIVITY, *lines)

    def _half(self, one: Activity) -> str:
        if one.half is None:
            return _NONE
        return f"{one.half:,}" + (self._say(words.OF_STAFF, count=one.half_staff) if one.half_staff else "")

    def _classes(self, days: int) -> RenderableType:
        found = self.told.classes
        if found is None:
            return self._section(words.CLASSES, Text(self._say(words.TOO_SHORT, least=LEAST, days=days)))
        bounds = {"casual": found.regular - 1, "regular": found.core - 1}
        lines: list[RenderableType] = [_row("", self._say(words.PEOPLE), self._say(words.BEFORE))]
        for each in CLASSES:
            earlier = f"{found.before[each]:,}" if found.before is not None else _NONE
            lines.append(_row(self._say(words.CLASS[each]), f"{found.now[each]:,}", earlier))
            meaning = words.MEANS[each].filled(regular=found.regular, core=found.core, most=bounds.get(each, ""))
            lines.append(_aside(meaning.in_(self.language)))
        if found.moved is not None:
            lines += [Text(), Text(self._say(words.MOVED), style="bold"), self._moves(found.moved)]
            lines.append(_aside(self._say(words.MOVED_HOW)))
        return self._section(words.CLASSES, *lines)

    def _moves(self, moved: Mapping[Class, Mapping[Class, int]]) -> RenderableType:
        into: tuple[Class, ...] = (*CLASSES, "silent", "left")
        table = _table(("", *(self._say(words.CLASS[each]) for each in into)))
        for was, counts in moved.items():
            table.add_row(self._say(words.CLASS[was]), *(_count(counts.get(each, 0)) for each in into))
        return table

    def _retention(self) -> RenderableType:
        weeks = self.told.weeks
        again = sum(week.again for week in weeks)
        lines: list[RenderableType] = []
        if not weeks:
            lines.append(Text(self._say(words.NO_WEEKS)))
        elif not any(week.joined for week in weeks):
            lines.append(Text(self._say(words.NO_JOINS)))
        else:
            columns = (words.JOINED, words.SIZE, words.STARTED, words.RETURNED, words.REMAINED, words.LEFT)
            table = _table(tuple(map(self._say, columns)))
            for week in weeks:
                table.add_row(*_cells(week))
            lines.append(table)
            for name, key in zip(columns, ("joined", None, "started", "returned", "remained", "left"), strict=True):
                if key is not None:
                    lines.append(
                        _aside(
                            self._say(words.MEANING, name=self._say(name), meaning=self._say(words.DEFINITIONS[key]))
                        )
                    )
            lines.append(_aside(self._say(words.YOUNG)))
        if again:
            lines.append(_aside(self._say(words.AGAIN, count=again)))
        return self._section(words.RETENTION, *lines)

    def _meaning(self, key: str) -> RenderableType:
        return _aside(self._say(words.DEFINITIONS[key]))

    def _section(self, title: Said, *lines: RenderableType) -> RenderableType:
        return Group(Text(self._say(title), style="bold"), *(Padding(line, (0, 0, 0, 2)) for line in lines))


def _ratio(one: Activity) -> str:
    if one.ratio is None:
        return _NONE
    return f"{one.per_day:,.1f}/{one.month:,}" + (f" {one.ratio:.0%}" if one.month >= FEW else "")


def _cells(week: Week) -> Iterable[str]:
    yield f"{week.first:%m-%d}"
    yield _count(week.joined)
    for count in (week.started, week.returned, week.remained, week.left):
        yield _NONE if count is None else share(count, week.joined)


def _count(number: int) -> str:
    return f"{number:,}" if number else "·"


def _row(name: str, value: str, before: str) -> RenderableType:
    row = Table.grid(padding=(0, 2, 0, 0), expand=True)
    row.add_column(ratio=1, overflow="fold", style="bold")
    row.add_column(width=16, justify="right", overflow="fold", style="bold cyan")
    row.add_column(width=16, justify="right", overflow="fold", style="dim")
    row.add_row(Text(name), Text(value), Text(before))
    return row


def _aside(text: str) -> RenderableType:
    return Padding(Text(text, style="dim"), (0, 0, 0, 2))


def _table(columns: Sequence[str]) -> Table:
    """A table of numbers, with what they are of in the first column."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for n, heading in enumerate(columns):
        table.add_column(heading, justify="right" if n else "left", overflow="fold")
    return table
