"""Quotation marks of a Chinese keyboard around a listed word: letters to YAML, so nobody ever writes that word.

Who means the marks, too, writes the word in plain quotes.
"""

from __future__ import annotations

from typing import Final

from config.chapter import Chapter
from config.commas import LISTS, entries
from config.powers import parts
from config.problems import Problems, said
from workflows.ambassador_options import AmbassadorTask

_AROUND: Final = ("“”", "‘’", "「」", "『』", "””", "““", "＂＂")
_HEARD: Final = {
    AmbassadorTask: ("say",),
    **{
        model: names
        for model, told in LISTS.items()
        if (names := tuple(name for name, how in told if how == "problem"))
    },
}
"""Where words are listed that are looked for as they stand; questions and answers are heard without such marks."""


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each word in such marks, with the word as it was meant."""
    for path, thing in parts(chapter):
        for name in _HEARD.get(type(thing), ()):
            for place, at, written in entries(chapter.spot, (*path, name), getattr(thing, name)):
                word = written[1:-1]
                if written[:1] + written[-1:] in _AROUND and word and not any(sign in word for sign in "“”「」『』"):
                    here = place.file == chapter.file
                    why = (_LETTERS if here else _IN_A_FILE).filled(marks=written[0] + written[-1])
                    guess = f"`{word}`" if here else ""
                    problems.tell("warning", place, at, why, guess=guess)


_LETTERS: Final = said(
    "`{marks}` are letters of this word to YAML, and only who writes them, too, is heard: leave them out, or use "
    "plain quotes",
    "`{marks}` 在 YAML 里是这个词的一部分，连它一起写才算：请去掉，或者改用半角引号",
)
_IN_A_FILE: Final = said(
    "`{marks}` are letters of this word, and only who writes them, too, is heard: leave them out",
    "`{marks}` 是这个词的一部分，连它一起写才算：请去掉",
)
