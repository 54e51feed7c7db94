"""The reference of every option, made from the models that check them; `python -m config.reference` writes it anew.

It is written in English and in Chinese: the models describe themselves in English, `descriptions.zh.yaml` has the same
lines in Chinese.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from config import fields
from config.chapter import Heading
from config.deployment import Settings
from config.descriptions import chinese
from config.problems import NOTHING_SAID, Language, Said
from config.rehearsals import Rehearsals
from config.secrets import Secret
from config.sections import SECTIONS
from core.occurrences import Monthly, Weekly
from workflows.actions import ALONE, Action
from workflows.digest_options import as_written
from workflows.event_options import Once
from workflows.expressions import Condition
from workflows.options import WEEKDAYS, ClockWindow, span_text
from workflows.texts import LocalName, Text
from workflows.vocabulary import PLAIN
from workflows.vocabulary import SECTIONS as SPOKEN

BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
DOCS: Final = Path(__file__).parent.parent / "docs"
PAGES: Final[Mapping[str, Language]] = {"config.md": "en", "config.zh.md": "zh"}

Row = tuple[Said, ...]


class Table(NamedTuple):
    """A heading, perhaps a sentence, and rows under their heads. The last cell of a row says what it means."""

    title: Said
    heads: Row
    rows: tuple[Row, ...]
    above: Said = NOTHING_SAID


def tables() -> Iterator[Table]:
    """All tables, in the order in which a file is written."""
    yield Table(Said("The heading", "开头"), OPTION, tuple(rows(Heading)))
    for section in SECTIONS:
        title = f"`{section.under}`" if section.under else ", ".join(section.keys)
        yield Table(_same(title), OPTION, tuple(rows(section.model)))
    above = Said(
        "One line under `then:`, `on_complete:` and their like.", "写在 `then:`、`on_complete:` 等下面，一行一个。"
    )
    yield Table(Said("Actions", "动作"), VERB, tuple(_actions()), above)
    yield Table(Said("What conditions and texts may speak of", "条件和文字里能用什么"), WORD, tuple(_vocabulary()))
    yield Table(_same("`yaji.yaml`"), OPTION, tuple(rows(Settings)))
    yield Table(_same("`tests/*.yaml`"), OPTION, tuple(rows(Rehearsals)))


def reference(language: Language) -> str:
    """All tables in one language."""
    return "\n".join(line for table in tables() for line in _lines(table, language)).rstrip() + "\n"


def _lines(table: Table, language: Language) -> Iterator[str]:
    yield from (f"### {table.title.in_(language)}", "")
    if table.above != NOTHING_SAID:
        yield from (table.above.in_(language), "")
    yield _line(table.heads, language)
    yield "|" + "---|" * len(table.heads)
    yield from (_line(row, language) for row in table.rows)
    yield ""


def _line(cells: Row, language: Language) -> str:
    told = (cell.in_(language).replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(told) + " |"


def renewed(page: str, text: str) -> str:
    """A page with its generated part written anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{reference(PAGES[page])}\n{END}{tail}"


def rows(model: type[BaseModel], above: str = "", seen: tuple[type, ...] = ()) -> Iterator[Row]:
    """Key, kind, default and meaning of every option of a model, the models inside it included."""
    if "root" in model.model_fields:
        yield from _inside(model.model_fields["root"].annotation, above, seen)
        return
    for name, field in fields.keys_of(model).items():
        path = f"{above}.{name}" if above else name
        yield _key(path), _kind(field.annotation, field), _default(field), _meaning(field.description)
        yield from _inside(field.annotation, path, (*seen, model))


def _inside(shape: Any, path: str, seen: tuple[type, ...]) -> Iterator[Row]:
    for part in fields.members(shape):
        origin = get_origin(part) or part
        if isinstance(part, type) and issubclass(part, BaseModel):
            if part is not Action and part not in seen:
                yield from rows(part, path, seen)
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            yield from _inside(get_args(part)[-1], f"{path}.<name>" if path else "<id>", seen)
        elif isinstance(origin, type) and issubclass(origin, Sequence | Set) and origin is not str:
            yield from _inside((get_args(part) or (str,))[0], f"{path}[]", seen)


def _actions() -> Iterator[Row]:
    for verb, field in fields.keys_of(Action).items():
        kind = Said("none", "无") if verb in ALONE else _kind(field.annotation, field)
        yield _key(verb), kind, _meaning(field.description)
        for key, inner, _, meaning in _inside(field.annotation, verb, (Action,)):
            yield key, inner, meaning


def _vocabulary() -> Iterator[Row]:
    for section, known in SPOKEN.items():
        for name, entry in known.items():
            shown = section if name == PLAIN else f"{section}.{'<name>' if name == '*' else name}"
            yield _key(shown), _same(entry.type), _meaning(entry.doc)


def _key(path: str) -> Said:
    return _same(f"`{path}`")


def _meaning(description: str | None) -> Said:
    return Said(description or "", chinese().get(description or "", ""))


def _same(words: str) -> Said:
    return Said(words, words)


def _listed(each: Sequence[Said], en: str, zh: str) -> Said:
    return Said(en.join(one.en for one in each), zh.join(one.zh for one in each))


def _kind(shape: Any, field: FieldInfo | None = None) -> Said:
    """What may be written, in words."""
    kinds = [_one(part, field) for part in fields.members(shape) if part is not types.NoneType]
    return _listed([kind for kind in dict.fromkeys(kinds) if kind != NOTHING_SAID], " or ", "，或")


def _one(part: Any, field: FieldInfo | None) -> Said:
    origin = get_origin(part) or part
    if origin is Literal:
        return _listed([_same(f"`{choice}`") for choice in get_args(part)], ", ", "、")
    if part in KINDS:
        kind = KINDS[part]
        return _listed([kind, _bounds(field)], "", "") if field is not None and part in (int, float) else kind
    if not isinstance(origin, type):
        return NOTHING_SAID
    if origin is frozenset and get_args(part) == (int,):
        return Said("days", "哪几天")
    if part is Action:
        return Said("action", "动作")
    if issubclass(origin, BaseModel):
        return Said("keys", "一组键")
    if issubclass(origin, Mapping):
        inner = _kind(get_args(part)[-1])
        return Said(f"name: {inner.en}", f"名字: {inner.zh}")
    if issubclass(origin, Sequence | Set):
        inner = _kind(get_args(part)[0])
        return Said(f"list of {inner.en}", f"列表：{inner.zh}")
    raise TypeError(f"{part} needs a word in KINDS")


def _bounds(field: FieldInfo) -> Said:
    least, most = fields.bounds(field)
    if least is None and most is None:
        return NOTHING_SAID
    if most is None:
        return Said(f" from {least}", f"，{least} 起")
    return Said(f" to {most}", f"，到 {most}") if least is None else _same(f" {least}…{most}")


def _default(field: FieldInfo) -> Said:
    if field.is_required():
        return Said("required", "必写")
    return _written(field.get_default(call_default_factory=True, validated_data={}))


def _written(value: Any) -> Said:
    """A default as operators would write it; nothing where it is a model or absent."""
    match value:
        case None | BaseModel() | () | {}:
            return NOTHING_SAID
        case bool():
            return _same(f"`{str(value).lower()}`")
        case timedelta():
            return _same(f"`{span_text(value)}`")
        case time():
            return _same(f"`{value:%H:%M}`")
        case Weekly() | Monthly():
            return _same(f"`{as_written(value)}`")
        case Secret():
            return _same(f"`${{env:{value.name}}}`")
        case frozenset() if value == frozenset(range(7)):
            return Said("every day", "每天")
        case frozenset():
            return _listed([_same(f"`{WEEKDAYS[day]}`") for day in sorted(value)], ", ", "、")
        case tuple() | list():
            shown = _listed([_written(each) for each in value[:6]], ", ", "、")
            return _listed([shown, _same(" …" if len(value) > 6 else "")], "", "")
        case _:
            return _same(f"`{value}`")


KINDS: Final[Mapping[Any, Said]] = {
    str: Said("text", "文字"),
    int: Said("whole number", "整数"),
    float: Said("number", "数"),
    bool: Said("`true`, `false`", "`true`、`false`"),
    timedelta: Said("length of time", "时长"),
    time: Said("time of day", "钟点"),
    date: Said("date", "日期"),
    datetime: Said("date and time", "日期和钟点"),
    AwareDatetime: Said("date and time with its offset", "日期和钟点，带时差"),
    ClockWindow: Said("window", "时段"),
    Condition: Said("condition", "条件"),
    Text: Said("text", "文字"),
    Weekly: Said("time of each day or week", "每天或每周的钟点"),
    Monthly: Said("time of each month", "每月的钟点"),
    Once: Said("date and time", "日期和钟点"),
    LocalName: Said("name", "名字"),
    ZoneInfo: Said("time zone", "时区"),
    Secret: _same("`${env:NAME}`"),
}
OPTION: Final = (Said("key", "键"), Said("what", "写什么"), Said("default", "默认"), Said("meaning", "意思"))
VERB: Final = (Said("verb", "动作"), Said("argument", "后面写什么"), Said("meaning", "意思"))
WORD: Final = (Said("name", "名字"), Said("type", "类型"), Said("meaning", "意思"))


if __name__ == "__main__":
    for page in PAGES:
        (DOCS / page).write_text(renewed(page, (DOCS / page).read_text(encoding="utf-8")), encoding="utf-8")
