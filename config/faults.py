"""One error of pydantic, with the part of its `loc` that stands in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.places import Spot, Step
from config.problems import Said, quoted, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One error of pydantic, with the part of its `loc` that exists in the file."""

    path: tuple[Step, ...]
    spot: Spot
    branches: tuple[tuple[int, str], ...]
    about_key: bool
    error: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.error["type"])

    @property
    def context(self) -> Mapping[str, Any]:
        context: Mapping[str, Any] = self.error.get("ctx") or {}
        return context


def fault_of(error: Mapping[str, Any], spot: Spot) -> Fault:
    path: list[Step] = []
    branches: list[tuple[int, str]] = []
    about_key = False
    loc = error["loc"]
    for i, step in enumerate(loc):
        below = spot.below(step)
        if below is not None:
            path.append(step if step in spot.children else str(step))
            spot = below
        elif step == "[key]":
            about_key = True
        elif not (error["type"] == "missing" and i == len(loc) - 1):
            branches.append((len(path), str(step)))
    if error["type"] == "extra_forbidden":
        about_key = True
    return Fault(path=tuple(path), spot=spot, branches=tuple(branches), about_key=about_key, error=error)


def what_stands(fault: Fault) -> Said:
    value = fault.error["input"]
    if fault.about_key:
        key = fault.path[-1] if fault.path else value
        return said(f"the key `{key}`", f"键 `{key}`")
    if fault.spot.written and not isinstance(value, dict | list):
        return said(quoted(fault.spot.written))
    if word := commented(fault.spot):
        return said(f"`{word}`, which begins a comment", f"`{word}`，`#` 之后会当成注释")
    zh = "空白" if value is None else "空的文字" if value == "" else None
    if isinstance(value, dict):
        zh = f"有 {len(value)} 个键的映射"
    elif isinstance(value, list | tuple):
        zh = f"有 {len(value)} 项的列表"
    return Said(quoted(value), zh or quoted(value))


def commented(spot: Spot) -> str:
    """The word that stands where a value is missing, and is a comment to YAML: `say: #share`; of `# words` none."""
    line = spot.source[spot.at.line - 1][spot.at.column - 1 :] if 0 < spot.at.line <= len(spot.source) else ""
    word = line.strip()
    return word if not spot.written and not spot.style and re.match(r"#[^\s#]", word) else ""
