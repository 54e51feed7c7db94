"""Walking through a JSON file of any size: one value at a time, with the text that each value had."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from core.errors import InputRefused

PIECE = 1 << 18
LARGEST_VALUE = 32_000_000
_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


class BrokenValue(Exception):
    """A value is no JSON, but its end was found: walking goes on behind it."""


class CutShort(Exception):
    """The file ends, or is broken in a way that leaves no way on."""


class Walker:
    """Reads forward only. Whoever is given a key or an element must take its value before asking for the next.

    for key in walk.members():
        if key == "messages":
            for _ in walk.elements():
                value, text = walk.value()
        else:
            walk.value()
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """The next character that is no space; raises CutShort at the end of the file."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                raise CutShort("the file ends in the middle")

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here."""
        self._expect("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            key, _ = self.value()
            if not isinstance(key, str):
                raise CutShort("a key is missing")
            self._expect(":")
            yield key
            if self._next("}"):
                return

    def elements(self) -> Iterator[int]:
        """The elements of the array that begins here, by number from 0."""
        self._expect("[")
        if self.peek() == "]":
            self._at += 1
            return
        number = 0
        while True:
            yield number
            number += 1
            if self._next("]"):
                return

    def value(self) -> tuple[Any, str]:
        """The value that begins here and its text. Raises BrokenValue (and stands behind it) or CutShort."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if (
                    not self._ended
                    and len(self._buffer) - self._at < LARGEST_VALUE
                    and not self._surely_broken(error.pos)
                ):
                    self._more(len(self._buffer) - self._at)
                    continue
                self._step_over()
                raise BrokenValue(f"no valid JSON ({error.msg})") from None
            except RecursionError:
                self._step_over()
                raise BrokenValue("nested too deep") from None
            if end == len(self._buffer) and not self._ended and not isinstance(value, dict | list | str):
                self._more()
                continue
            text = self._buffer[self._at : end]
            self._at = end
            return value, text

    def _surely_broken(self, pos: int) -> bool:
        """An error well before the end of what was read is no matter of reading more (an open string might be)."""
        return pos < len(self._buffer) - 64 and self._buffer[pos : pos + 1] != '"'

    def _step_over(self) -> None:
        """Go behind the value that begins here by counting brackets."""
        if self.peek() not in "{[":
            raise CutShort("no way on from here")
        depth, at = 0, self._at
        while True:
            for token in _TOKEN.finditer(self._buffer, at):
                at = token.end()
                mark = token[0]
                depth += (mark in ("{", "[")) - (mark in ("}", "]"))
                if depth == 0:
                    self._at = at
                    return
            read = at - self._at
            if len(self._buffer) - self._at > LARGEST_VALUE or not self._more():
                raise CutShort("the file ends in the middle, or is broken here")
            at = self._at + read

    def _expect(self, mark: str) -> None:
        if self.peek() != mark:
            raise CutShort(f"expected {mark!r}, found {self._buffer[self._at]!r}")
        self._at += 1

    def _next(self, end: str) -> bool:
        mark = self.peek()
        if mark not in (",", end):
            raise CutShort(f"expected ',' or {end!r}, found {mark!r}")
        self._at += 1
        return mark == end

    def _more(self, least: int = 0) -> bool:
        piece = self._file.read(max(PIECE, least))
        if not piece:
            self._ended = True
            return False
        self._buffer = self._buffer[self._at :] + piece
        self._at = 0
        return True


def refuse(name: str, wanted: str) -> InputRefused:
    """The sentence for a file that began like an export and is none."""
    return InputRefused(
        f"{name} is no {wanted} export; give the file as the exporter wrote it.",
        f"{name} 不是 {wanted.removesuffix(' chat')} 的导出；请给导出时原样的文件。",
    )
