"""The report in the terminal: tables that fit it, and at most 100 columns, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from jobs.report.summary import Day, Rule, Summary, Verdict, wall
from jobs.report.words import Words

WIDTH = 100
_SHOWN_DAYS = 7
_SHOWN_SKIPPED = 5
_SHOWN_TIMES = 5
_SPARKS = "▁▂▃▄▅▆▇█"
_MOST_SPARKS = 60


def show(summary: Summary, words: Words, console: Console) -> None:
    """Print the report."""
    width = min(WIDTH, console.width)
    for part in _parts(summary, words, width):
        console.print(part, width=width)
        console.print()


def _parts(summary: Summary, words: Words, width: int) -> Iterable[RenderableType]:
    yield _head(summary, words)
    limits = list(words.limits(summary))
    if limits:
        told = [Text(sentence, style="yellow" if key == "elsewhen" else "dim") for key, sentence in limits]
        yield Text("\n").join(told)
    yield _activity(summary, words)
    if summary.onboarding.starts or "onboarding" in summary.workflows:
        yield _onboarding(summary, words)
    if summary.check_ins:
        yield _check_ins(summary, words)
    if summary.tiers or summary.tier_flows:
        yield _tiers(summary, words)
    yield _rules(summary, words)
    if summary.points.given or summary.points.taken:
        yield _points(summary, words, width)
    if summary.posts:
        yield _posts(summary, words)
    if summary.gatherings:
        yield _events(summary, words)
    if summary.surveys:
        yield _surveys(summary, words)
    if summary.effects or summary.timers.fired or summary.timers.pending:
        yield _timers(summary, words)
    if summary.truth:
        yield _truth(summary, words)
    yield _troubles(summary, words)


def _head(summary: Summary, words: Words) -> RenderableType:
    community = f"{summary.community} · " if summary.community else ""
    lines = Text()
    lines.append(f"{community}{summary.group}", style="bold")
    lines.append(f"   {summary.export} ({summary.format})\n", style="dim")
    lines.append(f"{summary.first_day} – {summary.last_day} · {summary.zone}\n")
    facts = [
        (words("messages"), summary.messages),
        (words("members"), summary.members),
        (words("joins"), summary.joins),
        (words("leaves"), summary.leaves),
        (words("removals"), summary.removals),
        (words("repeated"), summary.repeated),
        (words("skipped"), summary.skipped_count),
    ]
    for name, value in facts:
        lines.append(f"{name} ", style="dim")
        lines.append(f"{value:,}   ", style="bold")
    lines.append(f"\n{words('nothing_sent')}", style="italic")
    if summary.pseudonyms:
        lines.append(f" {words('pseudonyms')}", style="italic")
    return Panel(lines, title=words("title"), border_style="cyan")


def _table(title: str | Text, *columns: tuple[str, str]) -> Table:
    """A table; columns are a heading and `l`, `d` (a day, always whole), `r` or `w` (wide). All but days wrap."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=None,
        padding=(0, 2, 0, 0),
        expand=any(form == "w" for _, form in columns),
    )
    for heading, form in columns:
        if form == "r":
            table.add_column(heading, justify="right", overflow="ellipsis")
        elif form == "w":
            table.add_column(heading, ratio=1, overflow="fold")
        else:
            table.add_column(heading, no_wrap=form == "d", overflow="fold", max_width=28)
    return table


def _activity(summary: Summary, words: Words) -> RenderableType:
    days = summary.activity
    line = Text()
    for key, values in (
        ("messages", [d.messages for d in days]),
        ("active", [d.active for d in days]),
        ("check_ins", [d.check_ins for d in days]),
        ("joins", [d.joins for d in days]),
    ):
        if any(values):
            name = words(key)
            line.append("  " + name + " " * (16 - Text(name).cell_len), style="dim")
            line.append(sparks(values), style="cyan")
            line.append(f"  {sum(values):,}\n" if key != "active" else f"  ≤ {max(values):,}\n")
    table = _table(words("busiest"), *((words(key), "d" if key == "day" else "r") for key in _DAY_COLUMNS))
    for day in sorted(days, key=lambda d: (-d.messages, d.day))[:_SHOWN_DAYS]:
        table.add_row(*_cells(day))
    return Group(Text(words("activity"), style="bold"), line, Padding(table, (0, 2)))


_DAY_COLUMNS = ("day", "messages", "active", "check_ins", "joins", "leaves", "hits")


def _cells(day: Day) -> Iterable[str]:
    for key in _DAY_COLUMNS:
        value = getattr(day, key)
        yield value if isinstance(value, str) else f"{value:,}" if value else "·"


def sparks(values: Sequence[int]) -> str:
    """A line of small bars, at most 60 of them; neighbours are summed if there are more values."""
    span = -(-len(values) // _MOST_SPARKS) or 1
    sums = [sum(values[at : at + span]) for at in range(0, len(values), span)]
    top = max(sums, default=0) or 1
    return "".join(_SPARKS[min(7, value * 8 // (top + 1))] if value else " " for value in sums)


def _onboarding(summary: Summary, words: Words) -> RenderableType:
    told = summary.onboarding
    keys = ("starts", "completed", "gave_up", "in_progress", "left")
    table = _table(words("onboarding"), *((words(key), "r") for key in keys), (words("onboarding_skipped"), "r"))
    table.add_row(*(f"{getattr(told, key):,}" for key in keys), f"{told.skipped:,}")
    return Padding(table, (0, 2))


def _check_ins(summary: Summary, words: Words) -> RenderableType:
    parts: list[RenderableType] = []
    table = _table(
        words("check_ins"),
        (words("challenge"), "l"),
        *((words(key), "r") for key in ("check_ins", "made_up", "taken_back", "people", "longest")),
    )
    for one in summary.check_ins:
        numbers = (one.check_ins, one.made_up, one.taken_back, one.people, one.longest)
        table.add_row(Text(words.challenge(one.challenge)), *(f"{n:,}" for n in numbers))
    parts.append(Padding(table, (0, 2)))
    for one in summary.check_ins:
        board = _table(
            Text(words.challenge(one.challenge)),
            (words("person"), "l"),
            *((words(key), "r") for key in ("longest", "streak", "days")),
        )
        for streak in one.top[:5]:
            board.add_row(Text(streak.person), f"{streak.longest:,}", f"{streak.streak:,}", f"{streak.days:,}")
        parts.append(Padding(board, (1, 2, 0, 2)))
    return Group(*parts)


def _tiers(summary: Summary, words: Words) -> RenderableType:
    table = _table(words("tiers"), (words("tier"), "l"), (words("people"), "r"), (words("gone"), "r"))
    for standing in summary.tiers:
        table.add_row(
            Text(words.tier(standing.tier)), f"{standing.people:,}", f"{standing.left:,}" if standing.left else "·"
        )
    if not summary.tier_flows:
        return Padding(table, (0, 2))
    flows = _table(words("flows"), (words("tier"), "l"), (words("moves"), "r"))
    for flow in summary.tier_flows:
        flows.add_row(Text(f"{words.tier(flow.old)} → {words.tier(flow.new)}"), f"{flow.moves:,}")
    return Group(Padding(table, (0, 2)), Padding(flows, (1, 2, 0, 2)))


def _rules(summary: Summary, words: Words) -> RenderableType:
    if not summary.rules:
        return Padding(Text(words("no_rules"), style="dim"), (0, 2))
    table = _table(
        words("rules"),
        (words("rule"), "l"),
        *((words(key), "r") for key in ("on", "shadow", "people")),
        (words("then"), "w"),
    )
    for rule in summary.rules:
        then = Text(" · ".join(f"{words.deed(what)} ×{n:,}" for what, n in rule.then.items()) or "–")
        table.add_row(Text(words.rule(rule.rule)), f"{rule.on:,}", f"{rule.shadow:,}", f"{rule.people:,}", then)
    return Group(
        Padding(table, (0, 2)), *(Padding(_example(rule, summary, words), (1, 2, 0, 4)) for rule in summary.rules)
    )


def _example(rule: Rule, summary: Summary, words: Words) -> RenderableType:
    told = Text()
    told.append(words.title(rule.rule), style="bold cyan")
    if words.title(rule.rule).casefold() != rule.rule:
        told.append(f"  {rule.rule}", style="dim")
    for why, times in list(rule.because.items())[:3]:
        told.append(f"\n  {words('because')} ", style="dim")
        told.append(f"{words.reason(why)} ×{times:,}")
    for example in rule.examples[:2]:
        told.append(f"\n  {wall(example.at, summary.zone)} ", style="dim")
        told.append(example.person, style="bold")
        told.append("  ")
        shown = example.text or not summary.pseudonyms
        told.append(_cut(words.quote(example.text), 60) if shown else words("withheld"), style="italic")
    return told


def _points(summary: Summary, words: Words, width: int) -> RenderableType:
    points = summary.points
    head = f"{words('points')}   {words('given')} {points.given:,}   {words('taken')} {points.taken:,}   "
    head += f"{words('receivers')} {points.receivers:,}"
    half = width // 2 - 6
    board = _pairs(words("ranking"), ((score.person, score.amount) for score in points.top[:8]), half)
    ranked = sorted(points.by_rule.items(), key=lambda item: (-item[1], item[0]))
    both = Table.grid(padding=(0, 4))
    both.add_row(board, _pairs(words("source"), ((words.source(rule), amount) for rule, amount in ranked[:8]), half))
    return Group(Text(head, style="bold"), Padding(both, (0, 2)))


def _pairs(heading: str, rows: Iterable[tuple[str, int]], width: int) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 1, 0, 0), width=width)
    table.add_column(heading, ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column("", justify="right", no_wrap=True)
    for name, amount in rows:
        table.add_row(Text(name), f"{amount:,}")
    return table


def _posts(summary: Summary, words: Words) -> RenderableType:
    columns = ((words("post"), "l"), (words("posted"), "r"), (words("waited"), "r"), (words("waits"), "r"))
    table = _table(words("posts"), *columns)
    for post in summary.posts:
        waits = words("yes") if post.waits else "·"
        table.add_row(Text(post.post), f"{post.posted:,}", f"{post.waited:,}", waits)
    return Padding(table, (0, 2))


def _events(summary: Summary, words: Words) -> RenderableType:
    columns = ((words(key), "r") for key in ("announced", "seats", "waiting", "reminders"))
    table = _table(words("events"), (words("event"), "l"), *columns)
    for one in summary.gatherings:
        sums = (len(one.times), *one.sums)
        table.add_row(Text(words.event(one.event)), *(f"{n:,}" for n in sums))
    told = Text()
    for one in summary.gatherings:
        for each in [each for each in one.times if each.coming or each.cancelled][-_SHOWN_TIMES:]:
            told.append(f"\n{wall(each.at, summary.zone)} ", style="dim")
            phrase = words.occasion(each)
            if each.coming:
                phrase = words("guests").format(told=phrase, who=words.guests(each))
            told.append(f"{words.event(one.event)}  {phrase}")
    return Group(Padding(table, (0, 2)), Padding(told, (0, 4))) if told else Padding(table, (0, 2))


def _surveys(summary: Summary, words: Words) -> RenderableType:
    columns = ((words(key), "r") for key in ("asked", "answered", "could"))
    table = _table(words("surveys"), (words("survey"), "l"), *columns)
    told = Text()
    for one in summary.surveys:
        sums = (sum(getattr(each, key) for each in one.times) for key in ("answered", "could"))
        table.add_row(Text(one.survey), f"{len(one.times):,}", *(f"{n:,}" for n in sums))
        for each in one.times[-_SHOWN_TIMES:]:
            told.append(f"\n{wall(each.at, summary.zone)} ", style="dim")
            told.append(f"{one.survey}  {words.asking(each)}")
    return Group(Padding(table, (0, 2)), Padding(told, (0, 4))) if told else Padding(table, (0, 2))


def _timers(summary: Summary, words: Words) -> RenderableType:
    timers = summary.timers
    told = Text(words("effects"), style="bold")
    for kind, n in summary.effects.items():
        by = " · ".join(f"{words.workflow(name)} {each:,}" for name, each in summary.effects_by[kind].items())
        told.append(f"\n  {words.effect(kind)} ×{n:,}", style="not bold")
        told.append(f"  {by}", style="not bold dim")
    if not summary.effects:
        told.append(f"\n  {words('none')}", style="not bold")
    told.append(f"\n{words('timers')}", style="bold")
    pending = " · ".join(f"{words.workflow(name)} {n:,}" for name, n in timers.pending.items()) or words("none")
    told.append(f"   {words('fired')} {timers.fired:,}   {words('pending')}: {pending}", style="not bold")
    if timers.sent:
        sums = " · ".join(f"{words.workflow(name)} {n:,}" for name, n in timers.sent.items())
        told.append(f"\n  {words('sent')}: {sums}", style="not bold")
    if not timers.examples:
        return told
    table = _table(words("would_send"), (words("at"), "d"), ("", "l"), (words("what"), "w"))
    for sent in timers.examples:
        table.add_row(
            wall(sent.at, summary.zone), words.workflow(sent.workflow), Text(sent.words or words.effect(sent.kind))
        )
    return Group(told, Padding(table, (1, 2, 0, 2)))


def _truth(summary: Summary, words: Words) -> RenderableType:
    keys = ("known", "hits", "right", "precision", "recall")
    table = _table(words("truth"), ("", "l"), *((words(key), "r") for key in keys), (words("rules"), "w"))
    for verdict in summary.truth:
        shares = ("–" if share is None else f"{share:.1%}" for share in (verdict.precision, verdict.recall))
        numbers = (f"{verdict.known:,}", f"{verdict.hits:,}", f"{verdict.right:,}")
        rules = words("comma").join(words.rule(rule) for rule in verdict.rules)
        table.add_row(Text(verdict.name), *numbers, *shares, Text(rules))
    quoted = (_quoted(verdict, summary, words) for verdict in summary.truth)
    return Group(Padding(table, (0, 2)), *(Padding(told, (1, 2, 0, 4)) for told in quoted if told is not None))


def _quoted(verdict: Verdict, summary: Summary, words: Words) -> RenderableType | None:
    """What was missed and what was hit wrongly, the first of each."""
    if not verdict.missed_quotes and not verdict.wrong_quotes:
        return None
    told = Text()
    told.append(verdict.name, style="bold cyan")
    for key, quotes, count in (
        ("missed", verdict.missed_quotes, verdict.known - verdict.right),
        ("wrong", verdict.wrong_quotes, verdict.hits - verdict.right),
    ):
        if quotes:
            told.append(f"\n  {words(key)} {count:,}", style="yellow")
        for quote in quotes:
            told.append(f"\n    {wall(quote.at, summary.zone)} ", style="dim")
            told.append(quote.person, style="bold")
            said = words("withheld") if summary.pseudonyms else _cut(words.quote(quote.text), 60)
            told.append(f"  {said}", style="italic")
    return told


def _troubles(summary: Summary, words: Words) -> RenderableType:
    told = Text(words("troubles"), style="bold")
    if not (summary.skipped_count or summary.failing or summary.fault_count or summary.dead_letters):
        told.append(f"\n  {words('all_read')}", style="not bold green")
        return told
    for key, count in (
        ("skipped", summary.skipped_count),
        ("failing", sum(one.times for one in summary.failing)),
        ("faults", summary.fault_count),
        ("dead_letters", len(summary.dead_letters)),
    ):
        if count:
            told.append(f"\n  {words(key)} {count:,}", style="not bold yellow")
    for place, why in (words.skip(*each) for each in summary.skipped[:_SHOWN_SKIPPED]):
        told.append(f"\n    {place}: {_cut(why, 90)}", style="not bold dim")
    for one in summary.failing[:_SHOWN_SKIPPED]:
        told.append(
            f"\n    {one.rule} ×{one.times:,}: {_cut(one.condition, 50)}: {_cut(one.error, 50)}", style="not bold dim"
        )
    for trouble in (*summary.faults[:_SHOWN_SKIPPED], *summary.dead_letters[:_SHOWN_SKIPPED]):
        told.append(f"\n    {trouble.event} {trouble.where}: {_cut(trouble.why, 70)}", style="not bold dim")
    return told


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
