"""What a field takes, in words: for the errors that options can have, in the order of pydantic's own names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import get_args

from pydantic import BaseModel
from pydantic_core.core_schema import ErrorType

from config import fields
from config.faults import Fault
from config.problems import Said, said

MOST_LISTED = 8


def of_pydantic(fault: Fault) -> bool:
    """Whether the error is one of pydantic's own; other types are sentences of our models."""
    return fault.kind in _WANTED or fault.kind in _OWN_TYPES


def one_of(choices: Sequence[str]) -> Said:
    shown = [f"`{choice}`" for choice in dict.fromkeys(choices)]
    if not shown:
        return said("no key here", "这里不写键")
    return said(", ".join(shown[:-1]) + (" or " if shown[1:] else "") + shown[-1], "、".join(shown))


def choices(fault: Fault) -> list[str]:
    expected = str(fault.context.get("expected", ""))
    return re.findall(r"'([^']*)'", expected) or [expected]


def bounded(fault: Fault, model: type[BaseModel]) -> Said | None:
    """A number out of bounds is told both of them."""
    if fault.kind not in ("greater_than_equal", "less_than_equal"):
        return None
    _, field = fields.at(model, fault.error["loc"])
    least, most = fields.bounds(field) if field is not None else (None, None)
    return said(f"{least} to {most}", f"{least} 到 {most}") if least is not None and most is not None else None


def keyed(fault: Fault, model: type[BaseModel]) -> Said | None:
    """A mapping with known keys is told them."""
    keys = [key for each in fields.models_at(model, fault.error["loc"]) for key in fields.keys_of(each)]
    if fault.kind not in ("model_type", "model_attributes_type") or not keys or len(keys) > MOST_LISTED:
        return None
    listed = one_of(keys)
    return said(f"{listed.en} with values", f"键和值：{listed.zh}")


def what_fits(fault: Fault) -> Said:
    """What a field of this kind takes. Words for the errors that options can have; pydantic's own for the rest."""
    known = _WANTED.get(fault.kind)
    if known is not None:
        return known(fault)
    message = str(fault.error["msg"]).removeprefix("Input should be ").removeprefix("Value should be ")
    return said(message[:1].lower() + message[1:])


def _text(fault: Fault) -> Said:
    written = fault.spot.written
    if written and isinstance(fault.error["input"], int | float):
        return said(f'a text; in quotes it is one: "{written}"', f'文字；加引号就是文字："{written}"')
    return said("a text", "文字")


_FORMS = {
    r"^[^\s|@#:]+$": Said("a name without spaces, `|`, `@`, `#` and `:`", "名字，里面没有空格和 `|`、`@`、`#`、`:`"),
    r"^\d{1,12}$": Said("a number of at most 12 digits", "至多 12 位的号码"),
    r"^(tier|tag|role):\S.*$": Said("`tier:`, `tag:` or `role:` and a name", "`tier:`、`tag:` 或 `role:` 加名字"),
    r"^https?://[^\s@]+$": Said("an address that begins with http:// or https://", "以 http:// 或 https:// 开头的网址"),
    r"^[^\s:]+:\d{1,5}$": Said("an address and a port, like 127.0.0.1:8080", "地址加端口，例如 127.0.0.1:8080"),
    r"^https://": Said("an address that begins with https://", "以 https:// 开头的网址"),
    r"^[a-z][a-z0-9_-]{0,19}$": Said(
        "a letter, then at most 19 lower-case letters, digits, `-` and `_`",
        "小写字母开头，后面至多 19 个小写字母、数字、`-`、`_`",
    ),
}
"""The forms that texts must have, in words; `tests/config` holds that none is told as a pattern."""


def _formed(pattern: str) -> Said:
    if pattern.startswith("^[a-z0-9][a-z0-9_-]"):
        return Said("lower-case letters, digits, `-` and `_`", "小写字母、数字、`-` 和 `_`")
    if pattern in _FORMS:
        return _FORMS[pattern]
    return Said(f"a text of the form `{pattern}`", f"形如 `{pattern}` 的文字")


def _always(en: str, zh: str) -> Callable[[Fault], Said]:
    phrase = Said(en, zh)
    return lambda fault: phrase


def _bound(en: str, zh: str, name: str) -> Callable[[Fault], Said]:
    return lambda fault: Said(f"{en} {fault.context.get(name)}", f"{zh} {fault.context.get(name)}")


_A_MAPPING = _always("keys with values", "键和值")
_A_LIST = _always("a list", "一个列表")
_A_NUMBER = _always("a number", "一个数")
_A_WHOLE_NUMBER = _always("a whole number", "一个整数")
_TRUE_OR_FALSE = _always("true or false", "true 或 false")
_A_DATE = _always("a date like 2026-03-02", "日期，例如 2026-03-02")
_A_DATETIME = _always("a date and time like 2026-03-02T10:00:00+08:00", "日期和时间，例如 2026-03-02T10:00:00+08:00")
_WANTED: dict[str, Callable[[Fault], Said]] = {
    "string_type": _text,
    "string_too_short": lambda f: Said(
        f"a text of at least {_count(f, 'min_length', 'character')}", f"至少 {f.context.get('min_length')} 个字"
    ),
    "string_too_long": lambda f: Said(
        f"a text of at most {_count(f, 'max_length', 'character')}", f"至多 {f.context.get('max_length')} 个字"
    ),
    "string_pattern_mismatch": lambda f: _formed(str(f.context.get("pattern"))),
    "literal_error": lambda f: one_of(choices(f)),
    "enum": lambda f: one_of(choices(f)),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _A_WHOLE_NUMBER),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _A_NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _TRUE_OR_FALSE),
    **dict.fromkeys(("dict_type", "mapping_type", "model_attributes_type", "dataclass_type"), _A_MAPPING),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), _A_LIST),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _A_DATE),
    **dict.fromkeys(("datetime_type", "datetime_parsing", "timezone_aware", "datetime_from_date_parsing"), _A_DATETIME),
    "model_type": _A_MAPPING,
    "greater_than": _bound("more than", "大于", "gt"),
    "greater_than_equal": _bound("at least", "至少", "ge"),
    "less_than": _bound("less than", "小于", "lt"),
    "less_than_equal": _bound("at most", "至多", "le"),
    "too_short": lambda f: Said(
        f"at least {_count(f, 'min_length', 'entry')}", f"至少 {f.context.get('min_length')} 项"
    ),
    "too_long": lambda f: Said(f"at most {_count(f, 'max_length', 'entry')}", f"至多 {f.context.get('max_length')} 项"),
    "none_required": _always("nothing", "留空"),
}


def _count(fault: Fault, name: str, thing: str) -> str:
    number = fault.context.get(name)
    plural = {"entry": "entries"}.get(thing, thing + "s")
    return f"{number} {thing if number == 1 else plural}"


_OWN_TYPES = frozenset(get_args(ErrorType))
