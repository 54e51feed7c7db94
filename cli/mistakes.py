"""Mistakes in the files of a home, told by commands that go on in spite of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from config.problems import Language, Problem, Said


def mistakes(problems: Collection[Problem], language: Language) -> Iterator[str]:
    """What has to be mended in the files, each with its place; nothing where nothing has."""
    if problems:
        yield "⚠️ " + _MISTAKES.in_(language)
    yield from (f"   {problem.told(language)}" for problem in problems)


_MISTAKES = Said(
    "the files have mistakes. `yaji serve` goes on with what it read before them, and does not start until they are "
    "mended:",
    "文件里有错。`yaji serve` 如果已经在运行，就照旧用改错之前的设置；改好之前重新启动不了：",
)
