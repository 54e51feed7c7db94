"""Quick constructors: what they make is what the dataclass would have made, and as frozen."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import get_args

import pytest

from core.events import Event
from core.quick import maker, quick, renewed


@quick
@dataclass(frozen=True, slots=True)
class Placed:
    name: str
    marks: tuple[str, ...] = ()
    kept: dict[str, int] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Placed):
    day: int
    hour: int = 12


def test_fields_come_by_position_by_name_and_from_defaults():
    assert Placed("a", ("x",)) == Placed(name="a", marks=("x",), kept={})
    assert Dated("a", day=3) == Dated(name="a", marks=(), day=3, hour=12)
    assert hash(Placed("a", kept=None)) == hash(Placed("a", kept=None))  # type: ignore[arg-type]


def test_each_value_has_its_own_default_made_by_a_factory():
    one, other = Placed("a"), Placed("a")
    one.kept["x"] = 1
    assert other.kept == {}


def test_values_are_of_their_class_and_frozen():
    made = Dated("a", day=3)
    assert type(made) is Dated
    assert repr(made) == "Dated(name='a', marks=(), kept={}, day=3, hour=12)"
    assert replace(made, hour=1) == Dated("a", day=3, hour=1)
    with pytest.raises(FrozenInstanceError):
        made.hour = 2  # type: ignore[misc]


@pytest.mark.parametrize("arguments", [{}, {"day": 1}, {"name": "a"}, {"name": "a", "day": 1, "week": 2}])
def test_what_is_missing_or_unknown_is_refused(arguments):
    with pytest.raises(TypeError, match="__init__"):
        Dated(**arguments)


def test_a_renewed_value_is_another_with_the_fields_that_are_named():
    made = Dated("a", day=3)
    assert renewed(made, hour=1) == replace(made, hour=1) == Dated("a", day=3, hour=1)
    assert made == Dated("a", day=3)
    assert type(renewed(made)) is Dated
    with pytest.raises(FrozenInstanceError):
        renewed(made, day=4).hour = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="week"):
        renewed(made, week=1)


def test_a_maker_makes_what_its_class_makes():
    placed, dated = maker(Placed), maker(Dated)
    assert placed("a", ("x",)) == Placed("a", ("x",))
    made = dated("a", day=3)
    assert made == Dated("a", day=3)
    assert type(made) is Dated
    assert placed("a").kept is not placed("a").kept
    with pytest.raises(FrozenInstanceError):
        made.hour = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="day"):
        dated("a")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Slow is not quick"):
        maker(Slow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow(Dated):
    pace: int = 1


@pytest.mark.parametrize("value", [Slow(name="a", day=3), "text", None])
def test_what_is_not_quick_itself_is_not_renewed(value):
    with pytest.raises((TypeError, AttributeError)):
        renewed(value, name="b")


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_every_event_is_renewed_as_what_it_is(kind):
    event = kind(**{one.name: one.name for one in fields(kind)})
    again = renewed(event, id="other")
    assert type(again) is kind
    assert again == replace(event, id="other")
