"""One YAML file: text in, plain values and their places out. Nothing is expanded, nothing is constructed.

The 1.2 core schema, and stricter: `21:30`, `on`, `no`, `0123` and `1_000` stay what was written; keys are unique;
anchors, aliases, merge keys and tags (but `!file`) are refused, depth and number of values are capped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NoReturn

import yaml

from config.places import Place, Spot, Step
from config.problems import Problems, Said, said
from config.syntax import explain
from config.yaml_events import events
from config.yaml_slips import HARD_SPACE, PLAIN_SPACE, SPACES, WIDE_SPACE

DEEPEST = 32
MOST_VALUES = 12_000
MOST_REFUSALS = 6
"""Structural refusals of one file after which the rest is not read: a bomb is told in a few lines."""

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_OTHER_INT = re.compile(r"0o[0-7]{1,20}\Z|0x[0-9a-fA-F]{1,16}\Z")
_FLOAT = re.compile(
    r"[-+]?(?:(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*)(?:[eE][-+]?[0-9]{1,3})?|[1-9][0-9]*[eE][-+]?[0-9]{1,3})\Z"
)
_NOT_FINITE = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ODD_SPACES = {"\u3000": (WIDE_SPACE, SPACES), "\u00a0": (HARD_SPACE, PLAIN_SPACE)}
_LONE = re.compile("[\ud800-\udfff\0]")

Include = Callable[[str, Place, tuple[Step, ...]], tuple[object, Spot] | None]
"""Answers `!file path`: the value and its places, or None when it was refused (and told)."""


def no_files(path: str, place: Place, at: tuple[Step, ...]) -> None:
    """The include of texts that have no folder."""
    return


def read(text: str, file: str, problems: Problems, include: Include = no_files) -> tuple[Any, Spot]:
    """The plain value of a YAML text and its places. Everything wrong with it goes to `problems`."""
    place = _unprintable(text, file)
    if place is not None:
        at, char = place
        named = f"U+{ord(char):04X}"
        problems.refuse(at, (), said(f"the control character {named}", f"控制字符 {named}"), _PLAIN_TEXT)
        return None, Spot(at=at, broken=True)
    reader = _Reader(text, file, problems, include)
    try:
        return reader.document()
    except _Enough:
        return None, Spot(at=Place(file), broken=True)
    except yaml.MarkedYAMLError as error:
        explain(error, file, reader.source, problems)
        return None, Spot(at=Place(file), broken=True)


_WRITTEN_OUT = said("the value written out where it is used", "在用到的地方直接写出来")
_NO_TAGS = said("no tag but `!file`; quotes keep a text a text", "除 `!file` 外不用标签；加引号就是文字")
_PLAIN_TEXT = said("text without control characters", "不含控制字符的文字")
_NOT_A_CHARACTER = said("an escape that is no character", "不是字符的转义")
_SMALLER = said("a smaller file", "更小的文件")
_FLATTER = said("a flatter file", "更浅的层次")
_WITHOUT_IT = said("the key without it: type it anew", "不带它的键：请重新打一遍")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_ONE_DOCUMENT = said("one document in a file", "一个文件只写一份文档")


class _Enough(Exception):
    """The rest of the file is not worth reading."""


class _Reader:
    """One pass over the parser's events. Recursion is bounded by DEEPEST."""

    def __init__(self, text: str, file: str, problems: Problems, include: Include) -> None:
        self.file, self.problems, self.include = file, problems, include
        self.source = tuple(text.split("\n"))
        self.events: Iterator[Any] = events(text)
        self.values = 0
        self.refusals = 0

    def document(self) -> tuple[Any, Spot]:
        next(self.events)  # the stream
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return None, Spot(at=Place(self.file), source=self.source)
        value, spot = self.node(next(self.events), (), None)
        next(self.events)
        event = next(self.events)
        if isinstance(event, yaml.DocumentStartEvent):
            self.refuse(self.place(event), (), said("a second document (`---`)", "第二份文档（`---`）"), _ONE_DOCUMENT)
        return value, spot

    def node(self, event: Any, path: tuple[Step, ...], key: Place | None) -> tuple[Any, Spot]:
        at = self.place(event)
        self.values += 1
        if self.values > MOST_VALUES:
            self.stop(at, path, said(f"more than {MOST_VALUES} values", f"超过 {MOST_VALUES} 个值"), _SMALLER)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(at, path, said(f"the alias `*{event.anchor}`", f"别名 `*{event.anchor}`"), _WRITTEN_OUT)
            return None, Spot(at=at, key=key, broken=True)
        if event.anchor is not None:
            self.refuse(at, path, said(f"the anchor `&{event.anchor}`", f"锚点 `&{event.anchor}`"), _WRITTEN_OUT)
        if len(path) >= DEEPEST and not isinstance(event, yaml.ScalarEvent):
            self.stop(at, path[:3], said(f"more than {DEEPEST} levels", f"超过 {DEEPEST} 层"), _FLATTER)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, at, path, key)
        if event.tag is not None:
            self.refuse(at, path, _tag(event.tag), _NO_TAGS)
        inside = self.sequence if isinstance(event, yaml.SequenceStartEvent) else self.mapping
        return inside(at, path, key)

    def scalar(self, event: Any, at: Place, path: tuple[Step, ...], key: Place | None) -> tuple[Any, Spot]:
        text, style = event.value, event.style or ""
        if event.tag == "!file":
            answer = self.include(text, at, path)
            if answer is None:
                return None, Spot(at=at, key=key, broken=True)
            value, spot = answer
            return value, replace(spot, key=key or at)
        if event.tag is not None:
            self.refuse(at, path, _tag(event.tag), _NO_TAGS, guess=_guessed_tag(event.tag))
            return None, Spot(at=at, key=key, broken=True)
        if _LONE.search(text):
            self.refuse(at, path, _NOT_A_CHARACTER, _PLAIN_TEXT)
            return "", Spot(at=at, key=key, broken=True)
        value = resolved(text) if event.implicit[0] and not style else text
        return value, Spot(at=at, key=key, written=text, style=style, source=self.source)

    def sequence(self, at: Place, path: tuple[Step, ...], key: Place | None) -> tuple[list[Any], Spot]:
        values: list[Any] = []
        spots: dict[Step, Spot] = {}
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            value, spots[len(values)] = self.node(event, (*path, len(values)), None)
            values.append(value)
        return values, Spot(at=at, key=key, children=spots, source=self.source)

    def mapping(self, at: Place, path: tuple[Step, ...], key: Place | None) -> tuple[dict[Any, Any], Spot]:
        values: dict[Any, Any] = {}
        spots: dict[Step, Spot] = {}
        taken: dict[str, Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            place = self.place(event)
            name = self.key(event, place, path)
            if name is None:
                self.node(next(self.events), path, place)
                continue
            first = taken.setdefault(str(name), place)
            value, spot = self.node(next(self.events), (*path, str(name)), place)
            if first is not place:
                wanted = said(f"each key once; it is also at {first}", f"每个键只写一次；它也在 {first}")
                self.refuse(
                    place, (*path, str(name)), said(f"the key `{name}` a second time", f"第二个 `{name}`"), wanted
                )
            else:
                values[name], spots[str(name)] = value, spot
        return values, Spot(at=at, key=key, children=spots, source=self.source)

    def key(self, event: Any, at: Place, path: tuple[Step, ...]) -> Step | None:
        """The key, or None for one that cannot be used. Whatever is not a plain whole number stays as written."""
        if isinstance(event, yaml.AliasEvent) or not isinstance(event, yaml.ScalarEvent):
            if isinstance(event, yaml.AliasEvent):
                found = said(f"the alias `*{event.anchor}` as a key", f"用别名 `*{event.anchor}` 作键")
            else:
                found = said("a list or mapping as a key", "用列表或映射作键")
                self.node(event, (*path, "?"), None)
            self.refuse(at, path, found, said("a plain word as a key", "一个普通的词作键"))
            return None
        if event.anchor is not None:
            self.refuse(at, path, said(f"the anchor `&{event.anchor}`", f"锚点 `&{event.anchor}`"), _WRITTEN_OUT)
        if event.tag is not None:
            self.refuse(at, path, _tag(event.tag), _NO_TAGS)
        text: str = event.value
        if text == "<<" and event.implicit[0] and not event.style:
            self.refuse(at, path, said("the merge key `<<`", "合并键 `<<`"), _WRITTEN_OUT)
            return None
        if _LONE.search(text):
            self.refuse(at, path, _NOT_A_CHARACTER, _PLAIN_TEXT)
            return None
        if text[:1] in _ODD_SPACES and not event.style:
            self.refuse(at, path, *_ODD_SPACES[text[:1]])
            return None
        if (hidden := _HIDDEN.search(text)) is not None and not event.style:
            found = said(f"a hidden character, U+{ord(hidden[0]):04X}", f"看不见的字符 U+{ord(hidden[0]):04X}")
            self.refuse(replace(at, column=at.column + hidden.start()), path, found, _WITHOUT_IT)
            text = _HIDDEN.sub("", text)
        return int(text) if event.implicit[0] and not event.style and _INT.match(text) else text

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def refuse(self, at: Place, path: tuple[Step, ...], found: Said | str, wanted: Said, guess: str = "") -> None:
        self.problems.refuse(at, path, found, wanted, guess=guess)
        self.refusals += 1
        if self.refusals >= MOST_REFUSALS:
            self.stop(at, (), said("too much of this in one file", "同一文件里太多了"), _SMALLER)

    def stop(self, at: Place, path: tuple[Step, ...], found: Said | str, wanted: Said) -> NoReturn:
        self.problems.refuse(at, path, found, wanted)
        raise _Enough


def _tag(tag: str) -> Said:
    return said(f"the tag `{tag}`", f"标签 `{tag}`")


def _guessed_tag(tag: str) -> str:
    """Other programs include files by other words."""
    return "`!file`" if tag.lstrip("!").startswith(("include", "File", "import", "load")) else ""


def resolved(text: str) -> Any:
    """A plain scalar by the core schema, except that a number keeps to one way of being written."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _OTHER_INT.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    return _NOT_FINITE.get(text.lower(), text)


def _unprintable(text: str, file: str) -> tuple[Place, str] | None:
    found = _UNPRINTABLE.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    return Place(file, before.count("\n") + 1, found.start() - before.rfind("\n")), found.group()
