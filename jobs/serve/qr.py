"""A QR code for people at a terminal and for a web page."""

from __future__ import annotations

from html import escape

import qrcode
from qrcode.exceptions import DataOverflowError

_UPPER, _LOWER, _BOTH, _NONE = "▀", "▄", "█", " "


def in_blocks(text: str) -> str:
    """The code in half blocks, dark on light: two rows of it are one line. Empty for a text that no code can hold."""
    grid = _grid(text)
    lines = []
    for y in range(0, len(grid), 2):
        below = grid[y + 1] if y + 1 < len(grid) else [False] * len(grid)
        # A light module is drawn: terminals are dark more often than not, and phones read either.
        lines.append("".join(_block(not upper, not lower) for upper, lower in zip(grid[y], below, strict=True)))
    return "\n".join(lines)


def page(text: str, title: str) -> str:
    """A page with the code, and nothing that is fetched from elsewhere. Without squares where no code can hold it."""
    grid = _grid(text)
    size = len(grid)
    dark = ((x, y) for y in range(size) for x in range(size) if grid[y][x])
    squares = "".join(f'<rect x="{x}" y="{y}" width="1" height="1"/>' for x, y in dark)
    return (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>请用微信扫码登录 · Scan this with WeChat to log in</p>"
        f'<svg viewBox="0 0 {size} {size}" width="320" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/>{squares}</svg><p>{escape(text)}</p>\n'
    )


def _grid(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    try:
        code.make()
    except (DataOverflowError, ValueError):  # which of them, depends on the library's version
        return []
    return [list(map(bool, row)) for row in code.get_matrix()]


def _block(upper: bool, lower: bool) -> str:
    if upper and lower:
        return _BOTH
    return _UPPER if upper else _LOWER if lower else _NONE
