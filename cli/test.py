"""`yaji test`: the operator's own tests, run by the production engine on their own clock."""

# ruff: noqa: PT028  (a command is called test; it is none)

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from cli.check import report
from cli.screen import screen
from cli.spoken import HELP, spoken
from cli.status import REFUSED, UNWELL
from config import home as homes
from config.problems import Language, Said
from jobs.bystander import Check
from jobs.expectations import Miss
from jobs.rehearse import Rehearsed, Sheet, names, rehearsed

_WIDE = 11


def test(
    home: Annotated[Path, typer.Argument(metavar="DIR", help="The home: a folder with tests/*.yaml.")] = Path(),
    only: Annotated[str | None, typer.Option("--only", metavar="NAME", help="Tests whose name holds this.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help=HELP)] = None,
) -> None:
    """Run the home's own tests (tests/*.yaml). Nothing is sent.

    Exit status: 0 all passed, 1 some failed, 2 the home cannot be used or has no such test.
    """
    language = spoken(lang)
    words, out = WORDS[language], screen()
    deployment, told = homes.look(home)
    if deployment is None:
        problems = tuple(problem for problem in told if problem.weight == "problem")
        report(home, None, problems, language, out)
        raise typer.Exit(REFUSED)
    known = tuple(names(deployment))
    if not known:
        out.print(words["none"].format(home=escape(str(home))))
        return
    passed = failed = 0
    for sheet in rehearsed(deployment, only):
        show(sheet, language, out)
        failing = sum(bool(test.misses) for test in sheet.tests)
        passed, failed = passed + len(sheet.tests) - failing, failed + failing
    if not passed + failed:
        out.print(words["no_such"].format(only=escape(str(only)), n=len(known)))
        for name in known:
            out.print(f"  {escape(name)}")
        raise typer.Exit(REFUSED)
    out.print(_sum(passed, failed, len(known), language))
    if failed:
        raise typer.Exit(UNWELL)


def show(sheet: Sheet, language: Language, out: Console) -> None:
    """A file's tests, a line each; below the failed ones, what was expected, what was found and why."""
    out.print(f"[bold]{escape(sheet.file)}[/] · {escape(sheet.community)}")
    for test in sheet.tests:
        mark = "[red]✗[/]" if test.misses else "[green]✓[/]"
        out.print(f"  {mark} {escape(test.name)}{_counted(test, language)}")
        for miss in test.misses:
            out.print()
            _show_miss(test, miss, language, out)
        if test.misses and test is not sheet.tests[-1]:
            out.print()
    out.print()


def _counted(test: Rehearsed, language: Language) -> str:
    words = WORDS[language]
    told = words["event" if test.events == 1 else "events"].format(n=test.events)
    if test.timers:
        told += words["comma"] + words["timer" if test.timers == 1 else "timers"].format(n=test.timers)
    return f"  [dim]{told}[/]"


def _show_miss(test: Rehearsed, miss: Miss, language: Language, out: Console) -> None:
    words = WORDS[language]
    out.print(f"    [bold]{miss.place}[/]: {escape(test.name)}: {escape(miss.about.in_(language))}", soft_wrap=True)
    _line(words["expected"], miss.expected, language, out, "green")
    _line(words["found"], miss.found, language, out, "red")
    _lines(words["why"], [escape(each.in_(language)) for each in miss.why if each.in_(language)], out)
    _lines(words["asked"], [_checked(check, language) for check in miss.checks], out)


def _line(label: str, what: Said, language: Language, out: Console, style: str) -> None:
    out.print(f"      {_padded(label)}[{style}]{escape(what.in_(language))}[/]")


def _lines(label: str, lines: Sequence[str], out: Console) -> None:
    for nth, line in enumerate(lines):
        out.print(f"      {_padded('' if nth else label)}{line}")


def _checked(check: Check, language: Language) -> str:
    mark = "[green]✓[/]" if check.holds else "[red]✗[/]"
    values = f"  [dim]{escape(check.values)}[/]" if check.values else ""
    return f"{mark} {escape(check.what.in_(language))}{values}"


def _padded(label: str) -> str:
    """The label in a column of its own; a Chinese character is two wide."""
    return label + " " * (_WIDE - sum(1 + (char > "\u2e7f") for char in label))


def _sum(passed: int, failed: int, known: int, language: Language) -> str:
    words = WORDS[language]
    style, key = ("red", "failed") if failed else ("green", "passed")
    line = f"[bold {style}]{words[key].format(n=passed + failed, passed=passed, failed=failed)}[/]"
    left = known - passed - failed
    return line + (f" [dim]{words['left'].format(n=left)}[/]" if left else "")


WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "none": "{home} has no tests yet. Write some in tests/*.yaml; docs/testing.md shows how.",
        "no_such": 'No test has "{only}" in its name. The home has {n}:',
        "expected": "expected",
        "found": "found",
        "why": "because",
        "asked": "asked",
        "comma": ", ",
        "event": "{n} event",
        "events": "{n} events",
        "timer": "{n} timer",
        "timers": "{n} timers",
        "passed": "Tests: {n}, all passed.",
        "failed": "Tests: {n}, {passed} passed, {failed} failed.",
        "left": "({n} not asked for)",
    },
    "zh": {
        "none": "{home} 还没有测试。写在 tests/*.yaml 里，写法见 docs/testing.zh.md。",
        "no_such": "没有名字里带“{only}”的测试。一共有 {n} 个：",
        "expected": "期望",
        "found": "实际",
        "why": "原因",
        "asked": "条件",
        "comma": "，",
        "event": "{n} 个事件",
        "events": "{n} 个事件",
        "timer": "{n} 次到点",
        "timers": "{n} 次到点",
        "passed": "{n} 个测试，全部通过。",
        "failed": "{n} 个测试，{passed} 个通过，{failed} 个失败。",
        "left": "（另有 {n} 个没有运行）",
    },
}
