"""Placeholders as other programs write them: `{member.name}`, `$member.name`, `%name%`, `{昵称}`, `@新人`. Nothing is
wrong with such a text, but members would read it as it stands."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any, Final

from config.chapter import Chapter
from config.places import Place, Spot, Step
from config.powers import everything, values
from config.problems import Problems, said
from workflows.content_options import Post
from workflows.expression_source import closing_brace
from workflows.texts import LocalName, Text
from workflows.vocabulary import PLAIN, SECTIONS, WHATEVER

_FIELDS: Final = {
    f"{section}.{field}" for section, fields in SECTIONS.items() for field in fields if field not in (PLAIN, WHATEVER)
}
_SHORT: Final = {name: f"member.{name}" for name in ("mention", "name", "points", "streak", "tier")}
_IN_CHINESE: Final = {
    **dict.fromkeys(("昵称", "暱稱", "名字", "姓名", "用户名", "用戶名", "群昵称"), "member.name"),
    **dict.fromkeys(("积分", "積分"), "member.points"),
    **dict.fromkeys(("连续天数", "連續天數"), "member.streak"),
    **dict.fromkeys(("等级", "等級"), "member.tier"),
    **dict.fromkeys(("群名", "群名称", "群名稱"), "group.name"),
}
_NAME: Final = r"\s*([a-z_]+(?:\s*[.。]\s*[a-z_0-9]+)?|[一-鿿]{2,4})\s*"
_WRITTEN: Final = re.compile(
    rf"(?:(?P<signs>[$＄%#]+)\s?)?(?:[{{｛]{{1,2}}{_NAME}[}}｝]{{1,2}}|(?<=[$＄])[(（]{_NAME}[)）]|(?<=[$＄])([a-z_]+\.[a-z_0-9]+))"
    rf"|%{_NAME}%|(?<![a-zA-Z0-9_@])@(?:(member|user|username)(?![\w.])|(新人(?![类類们們])|新成员|新成員|昵称|暱稱))"
)


_KNOWN: Final = "|".join(map(re.escape, sorted(_FIELDS)))
_ANY: Final = re.compile(rf"[$＄￥¥]\s?[{{｛][^{{}}｛｝]*[}}｝]|[{{｛]{{1,2}}\s*(?:{_KNOWN})\s*[}}｝]{{1,2}}")
_FORM: Final = re.compile(r"[}｝][-_/+|·]$")
_SAMPLE: Final = re.compile(r"[/／]\w+\s+$|[「『“‘`][^」』”’`]{0,12}$")
"""What stands before somebody in what members shall write themselves: `/warn @username`."""
_FORM_GOES_ON: Final = re.compile(r"[-_/+|·][{｛]")


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each placeholder in the texts of a community file that would be said as it is written, and of those in
    names and in lines of posts, where nothing is put in."""
    for path, text in (*values(chapter), *of_heading(chapter)):
        for at, source in _as_they_stand(path, text):
            if (found := _ANY.search(source)) is not None:
                spot = chapter.spot.at_path(at)
                place = spot.inside(source, found.start()) if spot.written == source else spot.at
                if spot.style == "!file" and source in spot.written:
                    place = Place(spot.at.file, spot.written[: spot.written.index(source)].count("\n") + 1)
                problems.tell("warning", place, chapter.spot.known(at), _NOTHING_PUT_IN.filled(written=found[0]))
        for language, source in text.sources.items() if isinstance(text, Text) else ():
            at = (*path, language) if language else path
            warn(source, text.vocabulary, chapter.spot.at_path(at), chapter.spot.known(at), problems)


def _as_they_stand(path: tuple[Step, ...], thing: Any) -> Iterator[tuple[tuple[Step, ...], str]]:
    """The names and lines in one value that are said as they stand, each with its path."""
    if isinstance(thing, LocalName):
        yield from (((*path, language) if language else path, name) for language, name in thing.names.items())
    if isinstance(thing, Post):
        yield from (((*path, "rotate", n), entry) for n, entry in enumerate(thing.rotate))


def warn(source: str, known: Container[str], spot: Spot, path: tuple[Step, ...], problems: Problems) -> None:
    """Warn of each placeholder in one text that would be said as it is written. `known` are the variables it may
    have."""
    for offset, written, meant in strays(source, known):
        place = spot.inside(source, offset) if spot.written == source else spot.at
        problems.tell("warning", place, path, _AS_IT_IS.filled(written=written), guess=f"`${{{meant}}}`")


def strays(source: str, known: Container[str]) -> Iterator[tuple[int, str, str]]:
    """Where a placeholder stands that is none, how it is written, and the variable that was meant.

    A short one beside another, as in `{name}-{date}`, is a form to be filled in.
    """
    for found in _WRITTEN.finditer(_with_blanks(source)):
        name = re.sub(r"\s", "", next(group for group in found.groups()[1:] if group)).replace("。", ".")
        signs = found["signs"] or ""
        bare = found[0].removeprefix(signs)
        form = _FORM.search(source, 0, found.start()) or _FORM_GOES_ON.match(source, found.end())
        opens = bare.strip()[0]
        short = (_SHORT | _IN_CHINESE).get(name, "") if opens in "{｛%" and (signs or not form) else ""
        meant = "member.mention" if opens == "@" else name if name in _FIELDS else short
        if signs.endswith("$$") or (opens == "@" and _SAMPLE.search(source, 0, found.start())):
            continue
        if meant and meant in known:
            yield found.start(), found[0], meant


def _with_blanks(source: str) -> str:
    """A text with spaces in the place of its real placeholders."""
    at = 0
    while (at := source.find("${", at)) >= 0:
        end = closing_brace(source, at + 2)
        if end is None:
            break
        if source[at - 1 : at] != "$" or at == 0:
            source = source[:at] + " " * (end + 1 - at) + source[end + 1 :]
        at += 2
    return source


def of_heading(chapter: Chapter) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """What stands in the heading, with its path in the file."""
    if chapter.heading is not None:
        yield from everything(chapter.heading.community, ("community",))


_AS_IT_IS: Final = said(
    'members would read `{written}` as it stands; if they shall, write `${{"{written}"}}`',
    '成员看到的会是 `{written}` 这几个字；如果就要这样，请写 `${{"{written}"}}`',
)
_NOTHING_PUT_IN: Final = said(
    "members would read `{written}` as it stands: nothing is put into names and the lines of `rotate`",
    "成员看到的会是 `{written}` 这几个字：名字和 `rotate` 的各行里不会代入任何内容",
)
