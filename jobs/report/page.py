"""The report as one HTML file that is complete in itself: no scripts, no addresses, light and dark, fit for a phone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jobs.report.charts import Series, bars, by_day, days_a_bar
from jobs.report.frame import templates
from jobs.report.replacing import replacing
from jobs.report.summary import Summary, wall
from jobs.report.words import Words


def write(path: Path, summary: Summary, words: Words, against: Mapping[str, object] | None = None) -> None:
    """Write the page, with a comparison at its top if there is one (see `against.page.values`); a file that is there is
    replaced only when the new one is whole (see `replacing`)."""
    with replacing(path) as file:
        file.write(render(summary, words, against).encode())


def render(summary: Summary, words: Words, against: Mapping[str, object] | None = None) -> str:
    """The page as text."""
    pages = templates()
    pages.filters["count"] = lambda value: f"{value:,}"
    pages.filters["share"] = lambda value: "–" if value is None else f"{value:.1%}"
    pages.filters["minute"] = lambda at: wall(at, summary.zone)
    days = [day.day for day in summary.activity]
    rows = sorted(summary.rules, key=lambda rule: (-(rule.on + rule.shadow), rule.rule))
    charts = {
        "messages": by_day(
            days,
            [Series(name=words("messages"), values=[d.messages for d in summary.activity], tone="a")],
            words("messages_by_day"),
        ),
        "active": by_day(
            days,
            [Series(name=words("active"), values=[d.active for d in summary.activity], tone="c", mean=True)],
            words("active_by_day"),
            height=120,
        ),
        "joins": by_day(
            days,
            [
                Series(name=words("joins"), values=[d.joins for d in summary.activity], tone="c"),
                Series(
                    name=words("leaves"),
                    values=[d.leaves + d.removals for d in summary.activity],
                    tone="b",
                    below=True,
                ),
            ],
            words("joins_by_day"),
        ),
        "check_ins": by_day(
            days,
            [Series(name=words("check_ins"), values=[d.check_ins for d in summary.activity], tone="a")],
            words("check_ins_by_day"),
        ),
        "rules": bars(
            [(words.rule(rule.rule), rule.on, rule.shadow) for rule in rows],
            (words("on"), words("shadow")),
            words("hits_by_rule"),
        ),
    }
    several = words("several_days").format(span) if (span := days_a_bar(len(days))) > 1 else ""
    page = pages.get_template("report.html")
    return page.render(
        s=summary, t=words, charts=charts, several=several, rules=rows, lang=words.language, against=against
    )
