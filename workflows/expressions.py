"""Conditions and values in operators' YAML: CEL, compiled and type-checked when it is loaded.

What an expression may speak of is declared (see vocabulary); anything else is an error with its place. Evaluating never
raises: a run-time error (division by zero, a missing list) is no match and is counted in `errors`.

Costs are bounded: sources have at most `LONGEST` characters, CEL stops loops after 10,000 steps, patterns are RE2.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any, Final, Self, cast

from cel_expr_python import cel

from workflows import expression_shortcuts as shortcuts
from workflows.expression_mistakes import explained
from workflows.expression_slips import mistyped
from workflows.expression_source import (
    LONGEST,
    ExpressionError,
    Path,
    free_paths,
    nearest,
    paths,
    tokens,
)
from workflows.plain_text import encodable
from workflows.vocabulary import SECTIONS, WHATEVER, Section

__all__ = ["Condition", "ExpressionError", "Scene", "Value", "Vocabulary"]

Values = Mapping[str, Any]
"""By section: a mapping of its fields, or the value itself for sections without fields. May work out fields lazily."""

LONGEST_SEEN: Final = 16_384
"""Characters of a text that expressions look at; far more than any platform lets a member write at once."""

_TYPES: Final[dict[str, cel.Type]] = {
    "int": cel.Type.INT,
    "bool": cel.Type.BOOL,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "list(string)": cel.Type.List(cel.Type.STRING),
}
_here = threading.local()


def _listed(member: str, name: str) -> bool:
    """`member in lists.name`, for the scene that this thread is evaluating."""
    return member in shortcuts.compiled(_here.lists[name]).members


def _variables() -> dict[str, cel.Type]:
    declared: dict[str, cel.Type] = {shortcuts.PROBES: cel.Type.Map(cel.Type.STRING, cel.Type.BOOL)}
    for section, fields in SECTIONS.items():
        for field, known in fields.items():
            if field == WHATEVER:
                declared[section] = cel.Type.Map(cel.Type.STRING, _TYPES[known.type])
            elif known.type in _TYPES:
                declared[f"{section}.{field}" if field else section] = _TYPES[known.type]
    return declared


def _function(name: str, implementation: Any, *, of_text: bool) -> cel.FunctionDecl:
    two = [cel.Type.STRING, cel.Type.STRING]
    overload = cel.Overload(id=name, return_type=cel.Type.BOOL, parameters=two, is_member=of_text, impl=implementation)
    return cel.FunctionDecl(name, [overload])


def _environment(variables: Mapping[str, cel.Type]) -> cel.Env:
    return cel.NewEnv(
        variables=variables,
        functions=[
            _function(shortcuts.FOUND, shortcuts.found, of_text=True),
            _function(shortcuts.LISTED, _listed, of_text=False),
        ],
    )


_ENVIRONMENT: Final = _environment(_variables())


def _know_zones() -> None:
    """Where the machine has no zone database, CEL's own look-up finds the one that came with Python's tzdata."""
    asked = _ENVIRONMENT.compile('timestamp(0).getHours("Asia/Shanghai") == 8')
    if asked.eval(data={}).value() is not True:
        os.environ.setdefault("TZDIR", str(files("tzdata") / "zoneinfo"))


_know_zones()


class Vocabulary:
    """The sections, or single fields of them, that one place may speak of."""

    __slots__ = ("sections",)

    def __init__(self, sections: Mapping[str, Section]) -> None:
        self.sections = sections

    @classmethod
    def of(cls, *names: str) -> Self:
        """By name: "member" for the whole section, "check_in.streak" for one field. Raises ValueError for others."""
        sections: dict[str, dict[str, Any]] = {}
        for name in names:
            section, _, field = name.partition(".")
            known = SECTIONS.get(section, {})
            if not known or (field and field not in known):
                raise ValueError(f'there is no "{name}" in the vocabulary{nearest(section, SECTIONS)}')
            sections.setdefault(section, {}).update({field: known[field]} if field else known)
        return cls(sections)

    def __contains__(self, name: str) -> bool:
        section, _, field = name.partition(".")
        fields = self.sections.get(section, {})
        return field in fields or WHATEVER in fields


class Scene:
    """The values of one event, converted once for all the conditions that are asked about it."""

    __slots__ = ("_activation", "_bound", "_data", "_lists", "_probes", "lists", "values")

    def __init__(self, values: Values) -> None:
        self.values = values
        self.lists: Mapping[str, Sequence[str]] = values.get("lists", {})
        self._bound: set[str] = set()
        self._data: dict[str, Any] = {}
        self._lists: dict[str, list[str]] = {}
        self._probes: dict[str, bool] = {}
        self._activation: Any = None

    def __getitem__(self, section: str) -> Any:
        return self.values[section]

    def beside(self, **sections: object) -> Scene:
        """The same scene with sections that it did not have: what was converted already is not converted again.

        The sections are for one condition or a few; this scene stays without them.
        """
        made = Scene({**self.values, **sections})
        made._bound, made._data = set(self._bound), dict(self._data)
        made._lists, made._probes = dict(self._lists), dict(self._probes)
        return made

    def activation(self, program: _Program) -> Any:
        """What CEL evaluates with; holds at least what the program needs."""
        if self._activation is None or not program.needs <= self._bound:
            self._bind(program)
        return self._activation

    def _bind(self, program: _Program) -> None:
        for name in program.feeds:
            if name not in self._bound:
                self._feed(name)
        for probe in program.probes:
            if probe.key not in self._probes and probe.list in self.lists:
                text = _converted(self.values[probe.section][probe.field])
                self._probes[probe.key] = shortcuts.any_in(self.lists[probe.list], probe, text)
        self._bound |= program.needs
        self._activation = program.environment.Activation(
            {**self._data, "lists": self._lists, shortcuts.PROBES: self._probes}
        )

    def _feed(self, name: str) -> None:
        section, _, field = name.partition(".")
        if section not in self.values:
            return
        if section == "lists":
            if field in self.lists:
                self._lists[field] = [encodable(word) for word in self.lists[field]]
            return
        value = self.values[section]
        if field:
            if field not in value:
                return
            value = value[field]
        self._data[name] = _converted(value)


class _Program:
    """A compiled expression with what it needs to run. Without a vocabulary any name will do, untyped."""

    __slots__ = ("environment", "feeds", "listed", "names", "needs", "probes", "returns", "run")

    def __init__(self, source: str, vocabulary: Vocabulary | None) -> None:
        if len(source) > LONGEST:
            raise ExpressionError(f"an expression has at most {LONGEST} characters; this one has {len(source)}")
        words = list(tokens(source))
        if not words:
            raise ExpressionError("there is no expression")
        if (slip := mistyped(source, words)) is not None:
            raise slip
        if vocabulary is None:
            named = free_paths(words)
            self.environment = _environment({path.name: cel.Type.DYN for path in named})
        else:
            named = paths(words, vocabulary.sections)
            self.environment = _ENVIRONMENT
            for path in named:
                if _is_mention(path):
                    raise ExpressionError(
                        f"{path.name} stands alone in a text: ${{{path.name}}}", words[path.first].start
                    )
        checked = _compiled(source, self.environment, vocabulary)
        quick = shortcuts.taken(source, words, named, _literal)
        self.run: Any = checked if quick.source == source else self.environment.compile(quick.source)
        self.returns: str = checked.return_type().name()
        self.names = frozenset(path.name for path in named)
        self.probes = quick.probes
        self.listed = quick.listed
        self.feeds = frozenset(path.name for path in free_paths(list(tokens(quick.source)))) & self.names
        self.needs = self.feeds | {probe.key for probe in quick.probes}

    def result(self, values: Values | Scene) -> Any:
        """CEL's own value of the expression; an error is one too. Raises what the library raises."""
        if self.environment is not _ENVIRONMENT:
            values = Scene(values.values if type(values) is Scene else cast(Values, values))
        scene = values if type(values) is Scene else Scene(cast(Values, values))
        activation = scene.activation(self)
        if self.listed:
            _here.lists = scene.lists
        return self.run.eval(activation)


def _is_mention(path: Path) -> bool:
    known = SECTIONS[path.section].get(path.field)
    return known is not None and known.type == "mention"


_RAISED: Final = (RuntimeError, TypeError, ValueError, OverflowError, LookupError, AttributeError)
"""What the library raises for values of other types than declared, too long loops and the like."""


class Condition:
    """A compiled `if:`. `names` are the variables used, like "member.points"; `errors` counts failed evaluations, and
    `last_error` is why the last one failed, without what members wrote: operators read it in their logs."""

    __slots__ = ("_program", "_sections", "errors", "last_error", "names", "source")

    def __init__(self, source: str, vocabulary: Vocabulary) -> None:
        self._program = _Program(source, vocabulary)
        if self._program.returns not in ("BOOL", "DYN"):
            kind = _TYPE_NAMES.get(self._program.returns, self._program.returns.lower())
            counted = "; write .size() > 0 behind it" if kind.startswith("list") else ""
            raise ExpressionError(f"a condition is true or false; this is {kind}{counted}")
        self.source = source
        self.names = self._program.names
        self.errors = 0
        self.last_error = ""

    @property
    def lists(self) -> frozenset[str]:
        """The word lists that are asked, by name. Whether they exist is for their owner to check."""
        return frozenset(name.partition(".")[2] for name in self.names if name.startswith("lists."))

    def holds(self, values: Values | Scene) -> bool:
        """Whether it is true. Anything that is not true, errors included, is no match."""
        try:
            found = self._program.result(values)
            result, failed = found.value(), found.type() == cel.Type.ERROR
        except _RAISED as error:
            result, failed = str(error), True
        if result is True:
            return True
        if result is not False:
            self.errors += 1
            self.last_error = _why(str(result), self.source) if failed else "it comes to neither true nor false"
        return False

    @classmethod
    def written(cls, written: object, vocabulary: Vocabulary) -> Self:
        """From what stands in YAML: a string, or `true` and `false`. Raises ValueError."""
        if isinstance(written, bool):
            written = "true" if written else "false"
        if not isinstance(written, str):
            raise ExpressionError("a condition is written as text, like member.points >= 100")
        return cls(written.strip(), vocabulary)

    @staticmethod
    def json_schema() -> dict[str, object]:
        return {"type": "string", "examples": ["member.points >= 100 && member.warnings == 0"]}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"Condition({self.source!r})"


class Value:
    """A compiled `${...}`. `names` are the variables used; `errors` counts failed evaluations."""

    __slots__ = ("_either", "_program", "errors", "last_error", "names", "source")

    name: Final = ""
    """Unlike a variable it has none."""

    def __init__(self, source: str, vocabulary: Vocabulary | None) -> None:
        """Without a vocabulary any name will do: for the assistant's own sentences."""
        self._program = _Program(source, vocabulary)
        if self._program.returns in ("BYTES", "NULL", "NULL_TYPE") or self._program.returns.startswith(("MAP", "TYPE")):
            kind = self._program.returns.lower()
            raise ExpressionError(f"a text can say words, numbers and lists of them; this is a {kind}")
        self._either = shortcuts.either(source)
        self.source = source
        self.names = self._program.names
        self.errors = 0
        self.last_error = ""

    def of(self, values: Values | Scene) -> object:
        """What it comes to, as plain Python; None if evaluating failed."""
        if self._either is not None:
            section, field, number, one, many = self._either
            counted = _found(values, section, field)
            if type(counted) is int:
                return one if counted == number else many
        try:
            result = self._program.result(values)
            plain: object = result.plain_value()
            failed = result.type() == cel.Type.ERROR
        except _RAISED as error:
            plain, failed = str(error), True
        if failed:
            self.errors += 1
            self.last_error = str(plain)
            return None
        return plain

    def __repr__(self) -> str:
        return f"Value({self.source!r})"


def _why(error: str, source: str) -> str:
    """CEL's error, without the value in it: it quotes the key that a map does not have, which may be a message."""
    found = _QUOTED.search(error)
    # A list that is looked for in a text is kept under both their names: "ads@msg.text".
    written = found is None or all(part in source for part in found[2].split("@"))
    return error if written or found is None else f"{error[: found.start()]}..."


_QUOTED: Final = re.compile(r"([\"'])(.*)\1", re.DOTALL)


def _found(values: Values | Scene, section: str, field: str) -> object:
    try:
        return values[section][field]
    except (LookupError, TypeError):
        return None


_TYPE_NAMES: Final = {
    "INT": "a whole number",
    "DOUBLE": "a number",
    "STRING": "a text",
    "TIMESTAMP": "an instant",
    "DURATION": "a length of time",
}


def _compiled(source: str, environment: cel.Env, vocabulary: Vocabulary | None) -> cel.Expression:
    try:
        return environment.compile(source)
    except RuntimeError as error:
        raise explained(source, str(error), vocabulary.sections if vocabulary is not None else {}) from None


def _literal(token: str) -> object:
    return cast(object, _ENVIRONMENT.compile(token).eval(data={}).value())


def _converted(value: object) -> Any:
    """A value as CEL takes it: sets as sorted lists, dates as text, text that can be encoded."""
    if isinstance(value, str):
        return encodable(value[:LONGEST_SEEN])
    if isinstance(value, bool | int | float | datetime | timedelta) or value is None:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return [_converted(each) for each in sorted(value)]
    if isinstance(value, Mapping):
        return {str(key): _converted(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_converted(each) for each in value]
    return encodable(str(value))
