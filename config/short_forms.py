"""Values in a shorter or longer form than a field takes: `5分` for `5`, `a, b` for `[a, b]`, `20:00` for `{at: 20:00}`.
For guesses."""

from __future__ import annotations

import re
import unicodedata
from types import NoneType
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from config import fields, misplaced
from config.faults import Fault
from config.problems import nearest
from workflows.options import names_apart

_INTEGERS: Final = ("int_type", "int_parsing", "int_from_float")
_BOOLEANS: Final = ("bool_type", "bool_parsing")
_LISTS: Final = ("list_type", "tuple_type")
_MAPPINGS: Final = ("dict_type", "model_type", "model_attributes_type")
_COUNTED: Final = re.compile(
    r"([+-]?\d+)\s*(?:分|积分|天|日|次|人|个|条|位|名|d|days?|points?|times?|x)?", re.IGNORECASE
)
_YES: Final = ("是", "对", "好", "开", "开启", "要")
_NO: Final = ("否", "不", "不是", "关", "关闭", "不要")
_ON: Final = (*_YES, "yes", "on", "y")
_OFF: Final = (*_NO, "no", "off", "n", "none", "无", "没有")
_PLAIN: Final = re.compile(r"[\w@./:#+-][^\[\]{}\"'#]*")


def meant(fault: Fault, model: type[BaseModel]) -> str:
    """How a value was probably meant, in backticks, or nothing."""
    written = fault.error["input"]
    if fault.about_key:
        return _number(fault) if fault.kind in _INTEGERS else ""
    if fault.kind in _INTEGERS:
        return _number(fault)
    if fault.kind in _BOOLEANS:
        word = str(written).strip()
        return "`true`" if word in _YES else "`false`" if word in _NO else nearest(word, ("true", "false"))
    if fault.kind in _LISTS and isinstance(written, str) and _PLAIN.fullmatch(written):
        return f"`[{', '.join(names_apart(written))}]`"
    if fault.kind in _MAPPINGS:
        return _filled(fault, model)
    return ""


def _number(fault: Fault) -> str:
    written = str(fault.path[-1] if fault.about_key else fault.error["input"])
    found = _COUNTED.fullmatch(unicodedata.normalize("NFKC", written).strip())
    return f"`{int(found[1])}`" if found is not None and found[1] != written.strip() else ""


def _filled(fault: Fault, model: type[BaseModel]) -> str:
    written = fault.error["input"]
    if isinstance(written, list) and misplaced.named(model, fault.error["loc"]):
        first = written[0] if written else None
        named = fields.models_at(model, (*fault.error["loc"], "name"))
        alone = first if any(_fits(each, {}) for each in named) else None
        name = first.get("id") if isinstance(first, dict) else alone
        return f"`{name}:`" if isinstance(name, str) and re.fullmatch(r"[a-z0-9_-]+", name) else ""
    if isinstance(written, dict | list) or written is None:
        return ""
    word = written.strip().lower() if isinstance(written, str) else written
    if word is False or word in _OFF:
        _, field = fields.at(model, fault.error["loc"])
        return "`null`" if field is not None and NoneType in get_args(field.annotation) else ""
    for each in fields.models_at(model, fault.error["loc"]):
        if word is True or word in _ON:
            return "`{}`" if _fits(each, {}) else ""
        keys = [key for key in fields.keys_of(each) if _fits(each, {key: written})]
        if len(keys) == 1:
            return f"`{{{keys[0]}: {fault.spot.written}}}`"
    return ""


def _fits(model: type[BaseModel], value: Any) -> bool:
    try:
        model.model_validate(value)
    except ValidationError:
        return False
    return True
