"""What is wrong with YAML that does not parse, in words that help more often than the parser's own."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from config.places import Place
from config.problems import Problems, Said, quoted, said
from config.wide_letters import SPACES, blamed

_QUOTES = said("the value in quotes", "给这个值加上引号")
_QUOTES_OR_INDENT = said("the text in quotes, or the indentation of its neighbours", "给整段文字加引号，或与上下行对齐")
_CLOSED = said(
    "`,` or the closing bracket (a text with `{`, `}`, `[`, `]` or `,` needs quotes here)",
    "逗号或右括号（含 `{`、`}`、`[`、`]`、`,` 的文字在这里要加引号）",
)
_CLOSING_QUOTE = said("the closing quote", "补上右引号")
_ALIGNED = said("the indentation of the lines it belongs to", "与同一组的各行一样的缩进")
_YAML = said("YAML", "合法的 YAML")


def explain(error: yaml.MarkedYAMLError, file: str, source: Sequence[str], problems: Problems) -> None:
    """Turn the parser's error into one problem."""
    mark = error.problem_mark or error.context_mark
    at = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    opened = Place(file, error.context_mark.line + 1, error.context_mark.column + 1) if error.context_mark else at
    line = source[at.line - 1] if at.line <= len(source) else ""
    wide = blamed(source, at, opened, flow="flow" in str(error.context))
    place, found, wanted = wide or _explained(str(error.problem or error), str(error.context), at, opened, line)
    problems.refuse(place, (), found, wanted)


def _explained(what: str, context: str, at: Place, opened: Place, line: str) -> tuple[Place, Said, Said]:
    indent = line[: len(line) - len(line.lstrip())]
    rest = line[at.column - 1 :]
    if "\t" in indent:
        tab = Place(at.file, at.line, indent.index("\t") + 1)
        return tab, said("a tab in the indentation", "缩进里有制表符"), SPACES
    if what.startswith("found character that cannot start") and rest:
        return at, said(f"a value that begins with `{rest[0]}`", f"以 `{rest[0]}` 开头的值"), _QUOTES
    if what.startswith("mapping values are not allowed"):
        return at, said("`: ` where no key can begin", "这里不能开始一个键，却有 `: `"), _QUOTES_OR_INDENT
    if "quoted scalar" in context and "end of stream" in what:
        return opened, said("a quote that is never closed", "没有结束的引号"), _CLOSING_QUOTE
    if "flow" in context:
        here = quoted(rest.strip()) if rest.strip() else "nothing"
        found = said(f"{here} inside the bracket opened at {opened}", f"{opened} 处打开的括号里出现 {here}")
        return at, found, _CLOSED
    if "did not find expected" in what:
        return at, said(f"a line that does not fit ({what})", "和上下文对不上的一行"), _ALIGNED
    return at, said(what, f"读不懂的写法（{what}）"), _YAML
