"""The languages of what an operator wrote: texts that lack one of the community's, and those in one that is none."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from config.chapter import Chapter
from config.places import Step
from config.powers import everything, values
from config.problems import Problems, said
from config.yaml_slips import in_wide_brackets, plainly
from workflows.catalog import SHIPPED
from workflows.texts import LocalName, Text

_MEANT: Final = {
    **dict.fromkeys(("cn", "chs", "cht", "chn", "chi", "zho", "tw", "hk", "ch"), "zh"),
    **dict.fromkeys(("eng", "us", "uk", "gb"), "en"),
}


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of languages that nobody is spoken to in, and note where one of the community's is missing."""
    if chapter.heading is None:
        return
    spoken = chapter.community.languages
    missing: list[tuple[Step, ...]] = []
    for path, thing in (*everything(chapter.community, ("community",)), *values(chapter)):
        written = _languages(thing)
        for language in (one for one in written if one not in SHIPPED):
            at = (*path, language)
            guess = f"`{_MEANT[language]}`" if language in _MEANT else ""
            why = _UNSPOKEN.filled(language=language)
            problems.tell("warning", chapter.spot.at_path(at).name, chapter.spot.known(at), why, guess=guess)
        unparted = _unparted(thing)
        if unparted:
            chapter.tell(problems, "warning", path, _UNPARTED, guess=f"`{unparted}`")
        if written and path[0] != "community" and not set(spoken) <= set(written):
            missing.append(path)
    if missing:
        lacking, more = ", ".join(spoken), len(missing) - 1
        en = f"this text is not in every language of the community ({lacking}); the first one written is said"
        zh = f"这段文字没有写全社群的语言（{lacking}）；缺的会用写在最前面的那种"
        lines = [str(line) for line in sorted({chapter.spot.at_path(path).at.line for path in missing[1:]})]
        which = ", ".join(lines[:_LINES]), "、".join(lines[:_LINES])
        first = ("the first ", "前几处") if more > _LINES else ("", "")
        where = "lines" if len(lines) > 1 else "line"
        also = said(
            f" (and {more} more, {first[0]}in {where} {which[0]})", f"（另有 {more} 处，{first[1]}在第 {which[1]} 行）"
        )
        why = said(en + also.en, zh + also.zh) if more else said(en, zh)
        chapter.tell(problems, "note", missing[0], why)


def _unparted(thing: Any) -> str:
    """A text in one piece that was meant to be one for each language, as it should be written; or nothing."""
    whole = thing.sources if isinstance(thing, Text) else thing.names if isinstance(thing, LocalName) else {}
    text = whole.get("", "").strip()
    return plainly(text) if in_wide_brackets(text) and _BY_LANGUAGE.match(text) else ""


def _languages(thing: Any) -> Collection[str]:
    """The languages of a text or a name; none of one that is written without."""
    written = thing.sources if isinstance(thing, Text) else thing.names if isinstance(thing, LocalName) else {}
    return [language for language in written if language]


_LINES: Final = 8
"""So many lines are named where a language is missing."""
_BY_LANGUAGE: Final = re.compile(r".\s*(?:zh|en)\s*[:：]")
_UNPARTED: Final = said(
    "this is one text, as its brackets are wide ones, and is said as it stands in every language",
    "这里用了全角括号，所以是一整段文字，每种语言都会照样说出来",
)
_UNSPOKEN: Final = said(
    "`{language}` is no language that is spoken here; there are zh and en",
    "这里不说 `{language}` 这种语言；可以写 zh 和 en",
)
