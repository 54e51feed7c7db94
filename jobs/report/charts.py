"""Charts as inline SVG, drawn by ourselves: no scripts, no addresses, colours from the page's style.

Bars hold a `title` each, so that a pointer or a screen reader gets the number. All text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

WIDTH = 720
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 10, 22
_MOST_BARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Numbers by day. `tone` is a class of the page's style; `below` draws them under the line; `mean` tells of several
    days the mean in the place of the sum: people of two days are no more people."""

    name: str
    values: Sequence[int]
    tone: str
    below: bool = False
    mean: bool = False

    def over(self, span: int) -> list[int]:
        """One number for every so many days."""
        parts = [self.values[at : at + span] for at in range(0, len(self.values), span)]
        return [(2 * sum(part) + len(part)) // (2 * len(part)) if self.mean else sum(part) for part in parts]


def days_a_bar(days: int) -> int:
    """How many days one bar is of, so that the bars fit."""
    return -(-days // _MOST_BARS) or 1


def by_day(days: Sequence[str], series: Sequence[Series], label: str, height: int = 170, width: int = WIDTH) -> Markup:
    """Bars over days. More days than fit are put together by spans of equal length."""
    span = days_a_bar(len(days))
    starts = list(days[::span])
    rows = [(s, s.over(span)) for s in series]
    top = max((max(values) for s, values in rows if values and not s.below), default=0)
    low = max((max(values) for s, values in rows if values and s.below), default=0)
    scale = _nice(max(top, low, 1))
    high, deep = (_nice(top) if top else 0), (_nice(low) if low else 0)
    if not high and not deep:
        high = scale
    room = height - _TOP - _BOTTOM
    unit = room / (high + deep)
    line = _TOP + high * unit
    parts = [_grid(value, line - value * unit, width) for value in _ticks(high)]
    parts += [_grid(value, line + value * unit, width) for value in _ticks(deep) if value]
    step = (width - _LEFT - _RIGHT) / max(len(starts), 1)
    drawn = [row for row in rows if not row[0].below], [row for row in rows if row[0].below]
    for side in drawn:
        share = 1 / max(len(side), 1)
        for n, (one, values) in enumerate(side):
            for at, value in enumerate(values):
                if not value:
                    continue
                wide = max(step * share - min(1.5, step * 0.2), 0.8)
                x, tall = _LEFT + at * step + n * step * share, value * unit
                y = line if one.below else line - tall
                told = _when(days, at * span, span)
                parts.append(
                    f'<rect class="{one.tone}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" '
                    f'height="{max(tall, 0.8):.1f}" rx="1">'
                    f"<title>{escape(told)} · {escape(one.name)} {value:,}</title></rect>"
                )
    parts.append(f'<line class="axis" x1="{_LEFT}" x2="{width - _RIGHT}" y1="{line:.1f}" y2="{line:.1f}"/>')
    parts += _dates(starts, step, height, width)
    return _svg(parts, height, label, width)


def bars(rows: Sequence[tuple[str, int, int]], names: tuple[str, str], label: str, width: int = WIDTH) -> Markup:
    """Lying bars, one a row: a name, how many were carried out, how many only reported."""
    height = 26 * len(rows) + 6
    most = max((a + b for _, a, b in rows), default=1) or 1
    left, right = 190, 60
    room = width - left - right
    parts = []
    for n, (name, done, shadow) in enumerate(rows):
        y = 4 + n * 26
        first, second = done / most * room, shadow / most * room
        shown = name if _breadth(name) <= 24 else _cut(name, 23)
        parts.append(f'<text class="name" x="{left - 8}" y="{y + 14}" text-anchor="end">{escape(shown)}</text>')
        for x, wide, tone, what, value in (
            (left, first, "a", names[0], done),
            (left + first, second, "b", names[1], shadow),
        ):
            if value:
                parts.append(
                    f'<rect class="{tone}" x="{x:.1f}" y="{y}" width="{max(wide, 1):.1f}" height="18" rx="2">'
                    f"<title>{escape(' · '.join(filter(None, (name, what))))} {value:,}</title></rect>"
                )
        parts.append(f'<text class="value" x="{left + first + second + 6:.1f}" y="{y + 14}">{done + shadow:,}</text>')
    return _svg(parts, height, label, width)


def _svg(parts: Sequence[str], height: int, label: str, width: int = WIDTH) -> Markup:
    body = "".join(parts)
    return Markup(  # noqa: S704 (every text in it went through escape)
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label, quote=True)}">{body}</svg>'
    )


def _grid(value: int, y: float, width: int) -> str:
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{width - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="{_LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{value:,}</text>'
    )


def _dates(starts: Sequence[str], step: float, height: int, width: int) -> list[str]:
    every = max(1, -(-len(starts) // 8))
    years = len(starts) > 1 and starts[0][:4] != starts[-1][:4]
    return [
        f'<text class="tick" x="{_LEFT + at * step:.1f}" y="{height - 6}">{day[:7] if years else day[5:]}</text>'
        for at, day in enumerate(starts)
        if at % every == 0 and _LEFT + at * step < width - 44
    ]


def _when(days: Sequence[str], at: int, span: int) -> str:
    first, last = days[at], days[min(at + span, len(days)) - 1]
    return first if first == last else f"{first} – {last}"


def _nice(value: int) -> int:
    """The next round number at or above a value, with a half that is whole and round, too."""
    if value <= 1:
        return 1
    size = 1
    while True:
        for tenths in (20, 40, 60, 80) if size == 1 else (10, 12, 16, 20, 24, 30, 40, 60, 80):
            if tenths * size >= value * 10:
                return tenths * size // 10
        size *= 10


def _ticks(top: int) -> list[int]:
    if top < 1:
        return [0] if top == 0 else []
    return sorted({0, top // 2, top}) if top > 1 else [0, 1]


def _breadth(text: str) -> int:
    return sum(2 if ord(mark) > 0x2E80 else 1 for mark in text)


def _cut(text: str, most: int) -> str:
    kept, wide = "", 0
    for mark in text:
        wide += 2 if ord(mark) > 0x2E80 else 1
        if wide > most:
            return kept + "…"
        kept += mark
    return kept
