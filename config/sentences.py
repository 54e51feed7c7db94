"""Errors of our own models: their message says what is wrong, and often which part of the value is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from pydantic import BaseModel

from config import fields, spoken_times
from config.faults import Fault, what_stands
from config.places import Place, Spot, Step
from config.problems import Problem, quoted, said
from config.secrets import SecretWritten
from workflows.content_options import percent
from workflows.digest_options import told_at
from workflows.event_options import happens_at
from workflows.expression_source import ExpressionError
from workflows.options import Inside, clock, span, window
from workflows.speaking import Speaks
from workflows.texts import Text


def further(fault: Fault, model: type[BaseModel], above: tuple[Step, ...]) -> Iterator[Problem]:
    """A text is refused at its first mistake; these are its others, and those of its other languages."""
    written, error = fault.error["input"], fault.context.get("error")
    if not isinstance(error, ExpressionError):
        return
    others = [*error.more]
    speaks = fields.declared(model, fault.error["loc"], Speaks)
    for language, source in written.items() if isinstance(written, dict) else ():
        if speaks is not None and isinstance(source, str) and not str(error).startswith(f"{language}: "):
            try:
                Text({str(language): source}, speaks.vocabulary)
            except ExpressionError as another:
                others += (another, *another.more)
    for other in others:
        found = replace(fault, error={**fault.error, "ctx": {"error": other}})
        yield sentence(found, above + fault.path, fault.spot.at)


def sentence(fault: Fault, path: tuple[Step, ...], place: Place) -> Problem:
    """An error of our own models says in its message what is wrong; one about a part of a text says which part."""
    error = fault.context.get("error")
    bare = getattr(error, "message", None)
    message, guess = _guessed(str(bare or error or fault.error["msg"]))
    written, spot = fault.error["input"], fault.spot
    if isinstance(error, Inside):
        spot = fault.spot.at_path(error.path)
        return Problem(place=spot.at, path=(*path, *fault.spot.known(error.path)), why=said(message), guess=guess)
    language, colon, rest = message.partition(": ")
    if isinstance(written, dict) and colon and isinstance(written.get(language), str) and language in spot.children:
        written, spot, message, path = written[language], spot.children[language], rest, (*path, language)
        place = spot.at
    offset = getattr(error, "offset", None)
    if isinstance(offset, int) and isinstance(written, str):
        place = spot.inside(written, offset + len(written) - len(written.lstrip()))
    guess = str(getattr(error, "guess", "") or guess)
    guess = f"`{guess}`" if guess and not guess.startswith("`") else guess
    unknown = _UNKNOWN.match(message) if isinstance(offset, int) else None
    if unknown is not None:
        section, dot, _ = unknown["name"].rpartition(".")
        what = unknown["what"] or ""
        wanted = said(what, what.replace(", ", "、")) if what else said("a known name", "认识的名字")
        if what and "." not in what:
            names = [f"`{name}`" for name in what.split(", ")]
            wanted = said(f"what is known here: {', '.join(names)}", f"这里能用的：{'、'.join(names)}")
        wanted = said(f"a field of `{section}`", f"`{section}` 的字段") if dot else wanted
        return Problem(place=place, path=path, found=said(f"`{unknown['name']}`"), wanted=wanted, guess=guess)
    part = None
    while (deeper := _part_meant(message, spot)) is not None:
        part, spot = deeper, spot.children[deeper]
        path = (*path, part)
        value = f'"{spot.written}"' in message or f"`{spot.written}`" in message
        place = spot.at if value else spot.name
        written = spot.written if value else written
    shape = _IS_NOT.match(message)
    if shape is not None and (not isinstance(written, dict) or message.startswith('"{')):
        what, how = shape["what"], shape["how"] or ""
        wanted = said(f"{what}: {how}" if how else what, _SHAPES_ZH.get(what, f"{what}：{how}" if how else what))
        found = said(quoted(written)) if part is not None else what_stands(fault)
        guess = guess or _plain_time(what, written) or _joined(what, written)
        return Problem(place=place, path=path, found=found, wanted=wanted, guess=guess)
    word = _word_meant(message, spot.written) if part is None and offset is None else ""
    if word:
        place = spot.inside(spot.written, spot.written.index(word))
        return Problem(place=place, path=path, found=said(f"`{word}`"), why=said(message), guess=guess)
    if isinstance(error, SecretWritten):
        return Problem(place=place, path=path, found=_SECRET, wanted=said("`${env:NAME}`"), why=said(message))
    if isinstance(written, dict | list) or f'"{written}"' in message or f"`{written}`" in message:
        return Problem(place=place, path=path, why=said(message), guess=guess)
    found = said(quoted(written)) if isinstance(written, str) else what_stands(fault)
    return Problem(place=place, path=path, found=found, why=said(message), guess=guess)


def _plain_time(what: str, written: object) -> str:
    """A time in wide signs (`05：30-09：00`), or as people say it (`晚上8点半`), as it is written here; nothing where
    that is none either."""
    read = _TIMES.get(what)
    if read is None or not isinstance(written, str):
        return ""
    for plain in (" ".join(unicodedata.normalize("NFKC", written).split()), spoken_times.plain(what, written)):
        try:
            read(plain)
        except ValueError:
            continue
        return f"`{plain}`" if plain != written else ""
    return ""


def _joined(what: str, written: object) -> str:
    """What YAML parted: `[telegram: 1]` for an account, `{from: 23:00, to: 07:00}` for a window."""
    values = list(written.values()) if isinstance(written, dict) else written if isinstance(written, list) else []
    if what == "an account" and isinstance(written, dict) and len(written) == 1:
        platform, native = next(iter(written.items()))
        return f"`{platform}:{native}`"
    if what == "a window" and len(values) == 2 and all(isinstance(each, str) for each in values):
        joined = "-".join(values)
        try:
            window(joined)
        except ValueError:
            return _plain_time(what, joined)
        return f"`{joined}`"
    return ""


def _guessed(message: str) -> tuple[str, str]:
    """A message without its `(did you mean x?)`, and x."""
    found = _GUESS.search(message)
    if found is None:
        return message, ""
    return message[: found.start()] + message[found.end() :], found[1].strip("\"'`")


def _word_meant(message: str, written: str) -> str:
    """The first word of a longer text that its message quotes."""
    words: list[str] = re.findall(r"[`\"]([\w.-]{3,})[`\"]", message)
    return next((word for word in words if word in written and word != written), "")


def _part_meant(message: str, spot: Spot) -> Step | None:
    """The key inside a refused mapping that its message names first."""
    names: list[str] = re.findall(r"[`\"]([^`\"]+)[`\"]", message)
    values = {below.written: step for step, below in spot.children.items() if len(below.written) > 1}
    return next(
        (name if name in spot.children else values[name] for name in names if name in spot.children or name in values),
        None,
    )


_UNKNOWN = re.compile(r'"(?P<name>[^"]+)" is not known(?: here; what is: (?P<what>.+))?\Z')
_SECRET = said("a secret written out", "直接写出来的密钥")
_GUESS = re.compile(r"[;,]? ?\(?did you mean ([^?]+)\?\)?")
_IS_NOT = re.compile(r'"[^"]*" is (?:not|no) (?!known\b)(?P<what>[^;]+?)(?:; (?P<how>.+))?\Z', re.DOTALL)
_TIMES: Final[Mapping[str, Callable[[object], object]]] = {
    "a length of time": span,
    "a time of day": clock,
    "a window": window,
    "a date": lambda written: date.fromisoformat(str(written)),
    "a time that comes again": told_at,
    "a time for an event": happens_at,
    "a share": percent,
}
_SHAPES_ZH = {
    "a length of time": "一段时长：数字加 s、m、h、d 或 w，例如 24h",
    "a time of day": "一个钟点：时和分，例如 21:30",
    "a window": "一段时间：两个钟点，例如 05:30-09:00",
    "a time zone": "时区，要写地名，例如 Asia/Shanghai",
    "an address": "地址：sqlite:///文件、postgresql://… 或 redis://…",
    "an address to listen on": "地址加端口，端口至多 65535",
    "an account": "账号：平台加冒号加号码，例如 telegram:10001",
    "a Telegram account": "账号的号码，例如 telegram:10001，不写 @名字",
    "a Telegram group": "Telegram 群的号码：以 -100 开头，普通群以 - 开头；正数是某个人的",
    "a Telegram chat": "Telegram 群：号码如 -1001234567890，或 @名字",
    "a time of the week": "星期加钟点，例如 sun 20:00",
    "a time ago": "多久以前，例如 90d ago",
    "an endpoint": "主机加端口，例如 127.0.0.1:8788",
    "an action": "一个动作，例如 delete 或 {mute: 1h}",
    "a time that comes again": "反复的时间：每天如 20:00，每周如 sun 20:00，每月如 day 1 09:00，"
    "月底如 `last day 20:00`",
    "a time for an event": "时间：某一天如 2026-12-05 19:30，每周如 fri 20:00，每月如 last day 20:00",
    "a share": "百分数，例如 10%",
    "a picture of the home": "家里的图片，例如 images/tea.png",
    "a date": "日期，例如 2026-03-02",
    "a day": "星期：mon、tue、wed、thu、fri、sat、sun；或写 `weekdays`、`weekends`、`every day`",
}
