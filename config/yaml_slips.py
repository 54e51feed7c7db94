"""What is written into YAML that it reads otherwise than meant, and how each is mended: letters of a Chinese keyboard,
spaces and colons left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from config.problems import Said, said

SPACES: Final = said("spaces", "空格")
WIDE_SPACE: Final = said("a wide space in the indentation", "缩进里的全角空格")
HARD_SPACE: Final = said("a no-break space", "不换行空格")
PLAIN_SPACE: Final = said("a plain space", "普通空格")
_ITEM: Final = said("`- `, a dash and a space", "`- `，短横加空格")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """How such a slip looks in a line, and the line with what was meant in its place."""

    looks: re.Pattern[str]
    mended: Callable[[str, int], str]
    found: Said
    wanted: Said

    def columns(self, line: str) -> list[int]:
        """Where in a line it may be."""
        return [each.start(1) for each in self.looks.finditer(line)]


def _in_its_place(sign: str) -> Callable[[str, int], str]:
    return lambda line, column: line[:column] + sign + line[column + 1 :]


def _indented(spaces: str) -> Callable[[str, int], str]:
    def mended(line: str, _: int) -> str:
        text = line.lstrip()
        return line[: len(line) - len(text)].replace("\u3000", spaces).replace("\u00a0", " ") + text

    return mended


def _quoted(line: str, column: int) -> str:
    """The line with plain quotes from the one at `column` to the last one after it."""
    text = line[column + 1 :]
    last = max(text.rfind(quote) for quote in "“”‘’")
    return f'{line[:column]}"{text}' if last < 0 else f'{line[:column]}"{text[:last]}"{text[last + 1 :]}'


def _bracketed(line: str, column: int) -> str:
    return line[:column] + plainly(line[column:])


def plainly(text: str) -> str:
    """A list or a mapping in plain brackets, with plain signs between them."""
    return re.sub(r"([:,]) +", r"\1 ", "".join(_PLAIN.get(char, char) for char in text))


def in_wide_brackets(text: str) -> bool:
    """Whether a value looks like a list or a mapping to whoever wrote it, and is a text to YAML: one pair of brackets
    is around all of it, as in `【a, b】` and not in `【a】, 【b】`."""
    if len(text) < 2 or text[0] + text[-1] not in ("【】", "［］", "〔〕", "｛｝", "[］", "［]", "{｝", "｛}"):
        return False
    depths = accumulate((char in "【［〔｛[{") - (char in "】］〕｝]}") for char in text)
    return 0 not in list(depths)[:-1]


def _inserted(sign: str) -> Callable[[str, int], str]:
    return lambda line, column: line[:column] + sign + line[column:]


_PLAIN: Final = {
    **dict.fromkeys("【［〔", "["),
    **dict.fromkeys("】］〕", "]"),
    "｛": "{",
    "｝": "}",
    "：": ": ",
    "，": ", ",
    "、": ", ",
}
SLIPS: Final = (
    Slip(
        looks=re.compile(r"^\s*(?:- +)*[A-Za-z0-9_.-]+\s*(：)"),
        mended=_in_its_place(": "),
        found=said("the wide colon `：` after a key", "键后面的全角冒号 `：`"),
        wanted=said("`: `, a plain colon and a space", "半角冒号加空格 `: `"),
    ),
    *(
        Slip(looks=re.compile(r"^\s*?(\u3000)"), mended=_indented(spaces), found=WIDE_SPACE, wanted=SPACES)
        for spaces in ("  ", " ")
    ),
    Slip(
        looks=re.compile(r"(?::\s*|-\s+|[\[{,]\s*)([“”‘’])"),
        mended=_quoted,
        found=said("a quote that YAML takes for a letter", "YAML 不认的引号"),
        wanted=said('`"`, the plain quote', '半角引号 `"`'),
    ),
    Slip(
        looks=re.compile(r"(?::\s*|-\s+)([【［〔｛])"),
        mended=_bracketed,
        found=said("a wide bracket, which is a letter to YAML", "全角括号，YAML 当它是普通的字"),
        wanted=said("plain brackets, `[` `]` or `{` `}`", "半角括号 `[` `]` 或 `{` `}`"),
    ),
    Slip(looks=re.compile(r"^\s*?(\u00a0)"), mended=_indented("  "), found=HARD_SPACE, wanted=PLAIN_SPACE),
    Slip(looks=re.compile(r"[:\-](\u00a0)"), mended=_in_its_place(" "), found=HARD_SPACE, wanted=PLAIN_SPACE),
    Slip(
        looks=re.compile(r"^\s*([－—–•·])"),
        mended=lambda line, column: f"{line[:column]}- {line[column + 1 :].lstrip()}",
        found=said("a sign that begins no item in YAML", "YAML 里不能用来列条目的符号"),
        wanted=_ITEM,
    ),
    Slip(
        looks=re.compile(r"^\s*(-)(?=[^\s\-])"),
        mended=_in_its_place("- "),
        found=said("`-` without a space after it", "后面没有空格的 `-`"),
        wanted=_ITEM,
    ),
    Slip(
        looks=re.compile(r"^\s*(?:- +)*[A-Za-z_][A-Za-z0-9_-]*(:)(?=[^\s/:])"),
        mended=_in_its_place(": "),
        found=said("a colon without a space after it", "后面没有空格的冒号"),
        wanted=said("`: `, a colon and a space", "`: `，冒号加空格"),
    ),
    Slip(
        looks=re.compile(r"^\s*(?:- +)*[A-Za-z_][A-Za-z0-9_-]*() *(?:[\[{].*)?$"),
        mended=_inserted(":"),
        found=said("a key without a colon after it", "后面没有冒号的键"),
        wanted=said("`: ` after the key", "键后面加 `: `"),
    ),
)
"""What looks right and is not: signs of a Chinese keyboard first, then spaces and colons left out."""
COMMA: Final = Slip(
    looks=re.compile("(，)"),
    mended=_in_its_place(", "),
    found=said("the wide comma `，`", "全角逗号 `，`"),
    wanted=said("`, `, a plain comma", "半角逗号 `, `"),
)
"""It is one inside brackets only."""
