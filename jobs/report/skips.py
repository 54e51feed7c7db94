"""Why parts of an export were skipped, for Chinese readers; the JSON of a report keeps the English."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

_KINDS: Final[Mapping[str, str]] = {
    "a text in quotes": "加引号的文字",
    "a number": "数字",
    "true or false": " true 或 false",
    "a list": "列表",
    "an object": "对象",
    "a time like 2026-03-01T08:00:00+08:00": "时间，例如 2026-03-01T08:00:00+08:00",
    "nothing": "空值",
}


def _kinds(told: str) -> str:
    return "或".join(_KINDS.get(one, one) for one in re.split(r" or (?!false)", told))


def _guess(told: str | None) -> str:
    return f"（是不是想写 {told}？）" if told else ""


_Sentence = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
_SENTENCES: Final[tuple[_Sentence, ...]] = tuple(
    (re.compile(pattern, re.DOTALL), zh)
    for pattern, zh in (
        (
            r"unknown field `(.+?)`(?: in `(.+?)`)?(?: \(did you mean (.+)\?\))?",
            lambda m: (f"`{m[2]}` 里" if m[2] else "") + f"没有 `{m[1]}` 这个字段{_guess(m[3])}",
        ),
        (r"`(.+)` is missing", r"缺少 `\1`"),
        (r"`(.+)` is no time; write it like (.+)", r"`\1` 不是时间；请写成 \2"),
        (r"`(.+)` names no zone; write (\S+) or with (\S+)", r"`\1` 没有写时区；请写成 \2，或者带上 \3"),
        (r"`(.+)` is never '(.+)' \(did you mean (.+)\?\)", lambda m: f"`{m[1]}` 不会是 {m[2]}{_guess(m[3])}"),
        (r"`(.+)` is never '(.+)'; it can be (.+)", r"`\1` 不会是 \2；可以是 \3"),
        (r"`(.+)` is never '(.+)'", r"`\1` 不会是 \2"),
        (r"`(.+)` is (.+); write (.+)", lambda m: f"`{m[1]}` 写的是{_kinds(m[2])}；应为{_kinds(m[3])}"),
        (r"unknown event '(.+)' \(did you mean (.+)\?\)", lambda m: f"没有 {m[1]} 这种事件{_guess(m[2])}"),
        (r"unknown event '(.+)'; known are (.+)", r"没有 \1 这种事件；有的是 \2"),
        (r"an event '(.+)' has no (.+)", r"事件 \1 没有 \2"),
        (r"an event '(.+)' needs (.+)", lambda m: f"事件 {m[1]} 要有 {m[2].replace(' and ', ' 和 ')}"),
        (r"'(.+)' is no account; write platform:id, such as (.+)", r"\1 不是账号；写平台加冒号加号码，例如 \2"),
        (r"not JSON: the line is cut off", "不是 JSON：这一行被截断了"),
        (r"not JSON: commas, colons, quotes and brackets .+", "不是 JSON：逗号、冒号、引号、括号都要用半角的"),
        (r"not JSON", "不是 JSON"),
        (r"longer than (\d+) characters", r"超过 \1 个字符"),
        (r"the time lies outside the years 1990 to 2100", "时间不在 1990 年到 2100 年之间"),
        (r"the time (.+) cannot be read", r"时间 \1 读不懂"),
        (r"it has no date that can be read", "没有读得懂的日期"),
        (r"expected (\d+) columns, found (\d+)", r"应有 \1 列，这里有 \2 列"),
        (r"no CSV row .+", "不是 CSV 的一行"),
        (r"no tab-separated row .+", "不是用制表符分开的一行"),
        (r"the author or the message id is missing", "缺少作者或消息编号"),
        (r"no clock shows (.+)", r"没有 \1 这个钟点"),
        (r"neither a message nor a line that begins with ===", "既不是消息，也不是以 === 开头的行"),
        (r"its author has no id", "作者没有号码"),
        (r"unknown (?:_type|type) (.+)", r"不认识的类型 \1"),
        (r"(\w+) by nobody", r"\1 没有说是谁"),
        (r"(\w+) of a deleted account", r"\1 的账号已注销"),
        (r"not an object", "不是对象"),
        (r"nested too deep", "嵌套太深"),
        (r"no valid JSON .+", "JSON 写得不对"),
        (r"the file ends in the middle(?:, or is broken here)?", "文件在半截处断了"),
    )
)
_LINE: Final = re.compile(r"line (\d+)")


def in_chinese(why: str) -> str:
    """A reason in Chinese; as it is where there is none."""
    for pattern, zh in _SENTENCES:
        found = pattern.fullmatch(why)
        if found is not None:
            return found.expand(zh) if isinstance(zh, str) else zh(found)
    return why


def place_in_chinese(place: str) -> str:
    """Where it was."""
    found = _LINE.fullmatch(place)
    return f"第 {found[1]} 行" if found is not None else "文件末尾" if place == "the end of the file" else place
