"""What is wrong with YAML that does not parse, in words that help more often than the parser's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from config.places import Place
from config.problems import Problems, Said, quoted, said
from config.wide_letters import blamed
from config.yaml_slips import SPACES

_QUOTES = said("the value in quotes", "加了引号的值")
_QUOTES_OR_INDENT = said(
    "the text in quotes, or the indentation of its neighbours", "加了引号的整段文字，或与上下行对齐的缩进"
)
_CLOSED = said(
    "`,` or the closing bracket (a text with `{`, `}`, `[`, `]` or `,` needs quotes here)",
    "逗号或右括号（含 `{`、`}`、`[`、`]`、`,` 的文字在这里要加引号）",
)
_CLOSING_BRACKET = said("the closing bracket", "右括号")
_CLOSING_QUOTE = said("the closing quote", "右引号")
_ENDED = said("the whole text in quotes, or nothing after them", "整段文字放进引号里，或者后面什么都不写")
_KEY_OR_ITEM = said("`key: value`, or `- item`", "`键: 值` 或 `- 条目`")
_ESCAPE = said("`\\\\` for one `\\`, or single quotes", "用 `\\\\` 表示一个 `\\`，或者改用单引号")
_ONE_VERSION = said("one of the two versions, without these marks", "两个版本里的一个，不带这些标记")
_ALIGNED = said("the indentation of the lines it belongs to", "与同一组的各行一样的缩进")
_MERGE = re.compile(r"(?:<{7}|={7}|>{7})(?: |\r?$)")
_CUT_OFF = re.compile(r"(?:: +|[,\[] *)(#[^\s#,\]}]+)(?=.*[\]}])")
"""A word that was meant to be a value, as the bracket that is closed behind it shows."""
_OF_A_SIGN = ("while scanning an alias", "while scanning an anchor", "while scanning a tag")
"""What the parser looks for behind `*`, `&` and `!`, which begin a text to whoever wrote them."""
_YAML = said("YAML", "合法的 YAML")


def explain(error: yaml.MarkedYAMLError, file: str, source: Sequence[str], problems: Problems) -> None:
    """Turn the parser's error into one problem."""
    mark = error.problem_mark or error.context_mark
    at = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    opened = Place(file, error.context_mark.line + 1, error.context_mark.column + 1) if error.context_mark else at
    merged = next((n for n, each in enumerate(source, 1) if _MERGE.match(each)), None)
    if merged is not None:
        found = said("the mark of a merge that was not finished", "未完成的合并留下的标记")
        problems.refuse(Place(file, merged), (), found, _ONE_VERSION)
        return
    wide = blamed(source, at, opened, flow="flow" in str(error.context))
    place, found, wanted = wide or _explained(str(error.problem or error), str(error.context), at, opened, source)
    problems.refuse(place, (), found, wanted)


def _innermost(source: Sequence[str], at: Place) -> Place | None:
    """The bracket that is open where the parser gives up; None where it cannot be told."""
    opened: list[yaml.Mark] = []
    try:
        for token in yaml.scan("\n".join(source)):
            if (token.start_mark.line + 1, token.start_mark.column + 1) >= (at.line, at.column):
                break
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                opened.append(token.start_mark)
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken) and opened:
                opened.pop()
    except yaml.YAMLError:
        pass
    return Place(at.file, opened[-1].line + 1, opened[-1].column + 1) if opened else None


def _beginning_with(sign: str) -> Said:
    return said(f"a value that begins with `{sign}`", f"以 `{sign}` 开头的值")


def _explained(what: str, context: str, at: Place, opened: Place, source: Sequence[str]) -> tuple[Place, Said, Said]:
    line, context_line = (source[each.line - 1] if each.line <= len(source) else "" for each in (at, opened))
    indent = line[: len(line) - len(line.lstrip())]
    rest = line[at.column - 1 :]
    if "\t" in indent:
        tab = Place(at.file, at.line, indent.index("\t") + 1)
        return tab, said("a tab in the indentation", "缩进里有制表符"), SPACES
    if what.startswith("found character that cannot start") and rest:
        return at, _beginning_with(rest[0]), _QUOTES
    sign = context_line[opened.column - 1 : opened.column]
    if sign and context.startswith(_OF_A_SIGN) and what.startswith("did not find expected"):
        return opened, _beginning_with(sign), _QUOTES
    if what.startswith("mapping values are not allowed"):
        return at, said("`: ` where no key can begin", "值里面的 `: `"), _QUOTES_OR_INDENT
    if "quoted scalar" in context and "end of stream" in what:
        return opened, said("a quote that is never closed", "没有结束的引号"), _CLOSING_QUOTE
    if "flow" in context:
        inner = _innermost(source, at) or opened
        for bracket in (opened, inner):
            line = source[bracket.line - 1] if bracket.line <= len(source) else ""
            if (cut := _CUT_OFF.search(line, bracket.column - 1)) is not None:
                found = said(f"`{cut[1]}`, which begins a comment", f"`{cut[1]}`，`#` 之后会当成注释")
                return Place(at.file, bracket.line, cut.start(1) + 1), found, said(f'`"{cut[1]}"`')
        opened = inner
        if not any(each.strip() for each in (rest, *source[at.line :])):
            return opened, said("a bracket that is never closed", "没有关上的括号"), _CLOSING_BRACKET
        here = quoted(rest.strip()) if rest.strip() else "nothing"
        zh = here if rest.strip() else "到头了"
        found = said(f"{here} inside the bracket opened at {opened}", f"{zh}（还在 {opened} 打开的括号里）")
        return at, found, _CLOSED
    if "could not find expected ':'" in what:
        told = quoted(context_line.strip()) if context_line.strip() else "nothing"
        return opened, said(f"{told}, a line without a colon", f"{told}，这一行没有冒号"), _KEY_OR_ITEM
    if "unknown escape character" in what:
        return at, said(f"the escape `{rest[:2]}`, which there is not", f"不存在的转义 `{rest[:2]}`"), _ESCAPE
    if "did not find expected" in what and line[: at.column - 1].rstrip()[-1:] in ("'", '"', "]", "}"):
        after = quoted(rest.strip())
        return at, said(f"{after} after the end of the value", f"值结束以后的 {after}"), _ENDED
    if "did not find expected" in what:
        return at, said(f"a line that does not fit ({what})", "和上下文对不上的一行"), _ALIGNED
    return at, said(what, f"读不懂的写法（{what}）"), _YAML
