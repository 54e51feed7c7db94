"""What is wrong with a command line, in Chinese: what was typed, what was meant, what to type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from typer import rich_utils

from cli.chinese_help import OPTIONS
from cli.commands import MEANT
from config.problems import nearest


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with a command line is told in Chinese for as long as the block lasts."""
    shown = rich_utils.rich_format_error

    def shown_in_chinese(error: Any) -> None:
        sentence = in_chinese(error)
        error.format_message = lambda: sentence
        shown(error)

    rich_utils.rich_format_error = shown_in_chinese  # type: ignore[assignment]
    try:
        yield
    finally:
        rich_utils.rich_format_error = shown


def in_chinese(error: Any) -> str:
    """The sentence for an error of the parser; as the parser itself says it where it is none of those known."""
    match type(error).__name__:
        case "NoSuchOption":
            return _no_option(error)
        case "MissingParameter":
            return _missing(error.param)
        case "BadParameter":
            return _bad_value(error)
    said: str = error.format_message()
    for pattern, told in _SAID.items():
        if (found := pattern.fullmatch(said)) is not None:
            guess = _meant(found[1], _commands(error)) if told is _NO_COMMAND else ""
            if told is _NO_COMMAND and (by_name := MEANT.get(found[1].lower())) and "check" in _commands(error):
                guess = f"是不是想写 {by_name}？"
            return told.format(found[1]) + (guess or (_where(error) if told is _TOO_MUCH else ""))
    return said


def _where(error: Any) -> str:
    """What to do with what was written too much."""
    takes = any(each.param_type_name == "argument" for each in getattr(error.ctx.command, "params", ()))
    return "有空格的名字要放进引号里。" if takes else "这条命令后面只写选项。"


def _no_option(error: Any) -> str:
    given, command = error.option_name, error.ctx.command if error.ctx is not None else None
    known = [opt for each in getattr(command, "params", ()) for opt in each.opts if opt.startswith("--")]
    guess = nearest(given.lstrip("-"), (each.lstrip("-") for each in (*known, "--help"))).strip("`")
    if guess:
        return f"没有选项 {given}。是不是想写 --{guess}？"
    if getattr(command, "commands", None):
        return f"这里没有选项 {given}。命令的选项写在命令后面：{error.ctx.command_path} 命令 {given}"
    return f"没有选项 {given}。" + (f"可以写的有：{'、'.join(known)}。" if known else "")


def _missing(parameter: Any) -> str:
    called = _called(parameter)
    what = OPTIONS.get(parameter.help, parameter.help) if parameter.help else ""
    kind = "参数" if parameter.param_type_name == "argument" else "选项"
    return f"少了{kind} {called}" + (f"：{what.rstrip('。')}" if what else "") + "。"


def _bad_value(error: Any) -> str:
    """A value that does not fit, with what was written and what does."""
    called = _called(error.param) if error.param is not None else ""
    cause = error.__cause__
    if type(cause).__name__ == "ValidationError":
        first, *_ = cause.errors(include_url=False)
        wanted, context = _WANTED.get(first["type"]), first.get("ctx", {})
        if wanted is not None:
            return f"{called} 写的是 `{first['input']}`，" + wanted.format(**{"": "", **context}) + "。"
    for pattern, told in _VALUES.items():
        if (found := pattern.fullmatch(error.message)) is not None:
            choices = re.findall(r"'([^']*)'", found[2]) if pattern.groups > 1 else ()
            listed = "、".join(choices)
            return f"{called} " + told.format(found[1], listed) + _meant(found[1], choices)
    return f"{called}：{error.message}"


def _called(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).strip("{}[]")
    return "/".join(parameter.opts)


def _commands(error: Any) -> Iterable[str]:
    return getattr(error.ctx.command, "commands", {}) if error.ctx is not None else {}


def _meant(given: str, known: Iterable[str]) -> str:
    guess = nearest(given, known).strip("`")
    return f"是不是想写 {guess}？" if guess else ""


_TOO_MUCH: Final = "多写了：{0}。"
_NO_COMMAND: Final = "没有命令 {0}。"
_SAID: Final[Mapping[re.Pattern[str], str]] = {
    re.compile(r"No such command '(.*?)'\..*", re.DOTALL): _NO_COMMAND,
    re.compile(r"Option '(.*)' requires .*"): "选项 {0} 后面要写一个值。",
    re.compile(r"Option '(.*)' does not take a value\."): "选项 {0} 后面不写值。",
    re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", re.DOTALL): _TOO_MUCH,
    re.compile(r"Missing command(\.)"): "少了命令。",
}
"""What the parser says, and what it is in Chinese."""
_VALUES: Final[Mapping[re.Pattern[str], str]] = {
    re.compile(r"(?:Value error, )?'(.*?)' is not one of (.*)\.", re.DOTALL): "写的是 `{0}`，只能写：{1}。",
    re.compile(r"'(.*)' is not a valid integer\.", re.DOTALL): "写的是 `{0}`，要写一个整数。",
    re.compile(r"(.*) is not in the range (.*)\.", re.DOTALL): "写的是 `{0}`，超出了范围。",
    re.compile(r"\w+ '(.*)' does not exist\.", re.DOTALL): "写的是 `{0}`，没有这个文件。",
    re.compile(r"\w+ '(.*)' is a directory\.", re.DOTALL): "写的是 `{0}`，这是文件夹，要写文件。",
    re.compile(r"\w+ '(.*)' is a file\.", re.DOTALL): "写的是 `{0}`，这是文件，要写文件夹。",
    re.compile(r"\w+ '(.*)' is not readable\.", re.DOTALL): "写的是 `{0}`，没有权限读。",
}
_WANTED: Final[Mapping[str, str]] = {
    "int_parsing": "要写一个整数",
    "int_from_float": "要写一个整数",
    "greater_than_equal": "最小是 {ge}",
    "less_than_equal": "最大是 {le}",
}
