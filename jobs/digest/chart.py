"""Charts of digests as PNG pictures: an SVG of our own, drawn by resvg with a font that has Chinese characters.

Dark on white, readable at the width of a phone: the picture is 1,080 pixels wide and its smallest letters are 33 high,
save those of a long title.
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Final

from jobs.digest.dates import short_day_in

WIDTH, HEIGHT = 720, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 24, 96, 66
_EDGE: Final = 24
_ZOOM: Final = 1.5
_LETTER: Final = 12
"""About how broad a letter or digit of a date is."""
_INK, _SOFT, _GRID, _NOW, _BEFORE = "#1f2933", "#52606d", "#d9dee4", "#1f6f8b", "#b8ccd4"
FAMILY: Final = "Noto Sans SC"
_FAMILIES: Final = f"{FAMILY}, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
_FONT_PACK: Final = "justmytype_intl_cjk"
_WEEKDAYS: Final = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn: a title, and a number for each day. `before` are the days of the period before, in order.

    `rising` draws a line over its own range, for numbers that are large and move little; `note` says so above it, and
    the line below is broken.
    """

    title: str
    days: tuple[date, ...]
    values: tuple[int, ...]
    before: tuple[int, ...] = ()
    names: tuple[str, str] = ("", "")
    rising: bool = False
    note: str = ""


class NoCharts(Exception):
    """Charts cannot be drawn here; the message says what is missing."""


def drawn(chart: Chart, language: str) -> bytes:
    """The picture. Raises NoCharts."""
    if find_spec("resvg_py") is None:
        raise NoCharts("charts need the package resvg-py")
    import resvg_py  # noqa: PLC0415 (charts are an extra: without it digests have words alone)

    font = _font()
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg(chart, language),
                zoom=_ZOOM,
                skip_system_fonts=font is not None,
                font_files=[font] if font is not None else None,
                sans_serif_family=FAMILY,
            )
        )
    except ValueError as error:
        raise NoCharts(f"the chart could not be drawn: {error}") from error


@cache
def _font() -> str | None:
    """The font that came as a package; None if the machine's own are to be used."""
    spec = find_spec(_FONT_PACK)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        found = sorted(glob.glob("**/NotoSansSC*.[ot]tf", root_dir=folder, recursive=True))
        if found:
            return str(Path(folder) / found[0])
    return None


def begins(chart: Chart) -> int:
    """The number at the foot of the scale: nothing, but for what is `rising`."""
    return _range(chart)[0]


def svg(chart: Chart, language: str) -> str:
    """The chart as SVG."""
    low, high = _range(chart)
    room = HEIGHT - _TOP - _BOTTOM
    line = HEIGHT - _BOTTOM

    def y(value: float) -> float:
        return line - (value - low) / (high - low) * room

    step = (WIDTH - _LEFT - _RIGHT) / max(len(chart.days), 1)
    parts = [_text(_EDGE, 44, chart.title, _title_size(chart.title), weight=700)]
    parts += [_text(_EDGE, 77, chart.note, 22, fill=_SOFT)] if chart.note else _legend(chart)
    for value in _ticks(low, high):
        parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="{_GRID}"/>'
        )
        parts.append(_text(_LEFT - 10, y(value) + 8, _short(value), 22, anchor="end", fill=_SOFT))
    parts += _line(chart, step, y) if chart.rising else _bars(chart, step, y, line)
    broken = ' stroke-dasharray="6 6"' if low else ""
    parts.append(
        f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{line}" y2="{line}" stroke="{_INK}" stroke-width="2"{broken}/>'
    )
    parts += _dates(chart.days, step, line, language)
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{body}</svg>'
    )


def _title_size(title: str) -> int:
    """As large as there is room for: a community's name may be long."""
    ems = sum(1.0 if ord(mark) > 0x2E80 else 0.54 for mark in title)
    return max(15, min(30, int((WIDTH - 2 * _EDGE) / max(ems, 1.0))))


def _range(chart: Chart) -> tuple[int, int]:
    values = (*chart.values, *chart.before)
    if chart.rising and values:
        least, most = min(values), max(values)
        margin = max(1, (most - least) // 4)
        low = max(0, least - margin)
        high = max(low + 2, most + margin)
        return low, high + (high - low) % 2  # so that the mark in the middle stands in the middle
    return 0, _nice(max(values, default=0))


def _nice(value: int) -> int:
    """The next round number at or above a value, at least 2."""
    size = 1
    while True:
        for factor in (2, 4, 6, 8, 10):
            if factor * size >= value:
                return factor * size
        size *= 10


def _short(value: int) -> str:
    """A number of the scale, in at most five characters up to a hundred million."""
    if value < 10_000:
        return f"{value:,}"
    return f"{value / 1000:.4g}k" if value < 1_000_000 else f"{value / 1_000_000:.3g}M"


def _ticks(low: int, high: int) -> list[int]:
    return sorted({low, (low + high) // 2, high})


def _bars(chart: Chart, step: float, y: object, line: float) -> list[str]:
    assert callable(y)
    parts = []
    wide = step * (0.36 if chart.before else 0.62)
    labelled = step >= 40
    for n, value in enumerate(chart.values):
        middle = _LEFT + (n + 0.5) * step
        left = middle - wide / 2 + (wide * 0.52 if chart.before else 0)
        if chart.before and n < len(chart.before):
            parts.append(_bar(middle - wide * 1.02, wide, y(chart.before[n]), line, _BEFORE))
        parts.append(_bar(left, wide, y(value), line, _NOW))
        if labelled and value:
            parts.append(_text(left + wide / 2, y(value) - 8, f"{value:,}", 22, anchor="middle", weight=600))
    return parts


def _bar(x: float, wide: float, top: float, line: float, fill: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{max(line - top, 0):.1f}" rx="3" fill="{fill}"/>'
    )


def _line(chart: Chart, step: float, y: object) -> list[str]:
    assert callable(y)
    points = [(_LEFT + (n + 0.5) * step, y(value)) for n, value in enumerate(chart.values)]
    path = " ".join(f"{x:.1f},{at:.1f}" for x, at in points)
    parts = [f'<polyline points="{path}" fill="none" stroke="{_NOW}" stroke-width="5" stroke-linejoin="round"/>']
    parts += [f'<circle cx="{x:.1f}" cy="{at:.1f}" r="6" fill="{_NOW}"/>' for x, at in points] if step >= 20 else []
    for n in sorted({0, len(points) - 1}) if points else []:
        x, at = points[n]
        parts.append(_text(x, at - 14, f"{chart.values[n]:,}", 22, anchor="middle", weight=600))
    return parts


def _legend(chart: Chart) -> list[str]:
    if not chart.before or not chart.names[0]:
        return []
    parts, x = [], float(_EDGE)
    for name, fill in ((chart.names[1], _BEFORE), (chart.names[0], _NOW)):
        parts.append(f'<rect x="{x:.1f}" y="60" width="18" height="18" rx="3" fill="{fill}"/>')
        parts.append(_text(x + 26, 77, name, 22, fill=_SOFT))
        x += 26 + sum(22 if ord(mark) > 0x2E80 else 12 for mark in name) + 28
    return parts


def _dates(days: Sequence[date], step: float, line: float, language: str) -> list[str]:
    parts = []
    broad = max((_LETTER * len(short_day_in(language, day)) for day in days), default=0)
    every = max(1, ceil((broad + _LETTER) / step)) if len(days) > 7 else 1
    for n, day in enumerate(days):
        middle = _LEFT + (n + 0.5) * step
        if n % every or middle + broad / 2 > WIDTH - _RIGHT + _LETTER:
            continue
        name = _WEEKDAYS.get(language, _WEEKDAYS["en"])[day.weekday()]
        if len(days) <= 7:
            parts.append(_text(middle, line + 28, f"周{name}" if language == "zh" else name, 22, anchor="middle"))
            parts.append(_text(middle, line + 54, short_day_in(language, day), 22, anchor="middle", fill=_SOFT))
        else:
            parts.append(_text(middle, line + 32, short_day_in(language, day), 22, anchor="middle", fill=_SOFT))
    return parts


def _text(
    x: float, y: float, text: str, size: int, *, anchor: str = "start", weight: int = 400, fill: str = _INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{_FAMILIES}" '
        f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
    )
