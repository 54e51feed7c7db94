"""The shapes that options are written in."""

from datetime import time, timedelta

import pytest
from pydantic import Field, ValidationError

from workflows.options import Clock, ClockWindow, OneOrMany, Options, Span, Weekdays, Window, rough_span_text, span_text


class Shapes(Options):
    span: Span = Field(timedelta(), description="a span")
    clock: Clock = Field(time(), description="a clock time")
    window: Window = Field(ClockWindow(time(1), time(2)), description="a window")
    days: Weekdays = Field(frozenset(), description="days")
    words: OneOrMany[str] = Field((), description="words")


def problem(**written):
    with pytest.raises(ValidationError) as caught:
        Shapes.model_validate(written)
    return caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("30m", 1800),
        ("24h", 86400),
        ("7d", 604800),
        ("2w", 1209600),
        ("1h30m", 5400),
        ("1d 12h", 129600),
        ("0s", 0),
    ],
)
def test_a_span_is_a_number_and_a_unit(written, seconds):
    assert Shapes(span=written).span == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written", ["", "5", "5x", "h", "-5m", "1.5h", "5 min", "٥m", 90, None, ["1h"], "99999999d", "1h1h1h1h1h1h"]
)
def test_what_is_no_span_is_refused_with_an_example(written):
    assert "24h" in problem(span=written) or "ten years" in problem(span=written)


@pytest.mark.parametrize(
    ("seconds", "text"), [(90, "90s"), (3600, "1h"), (86400, "1d"), (1209600, "2w"), (0, "0s"), (5400, "90m")]
)
def test_a_span_is_told_in_the_largest_exact_unit(seconds, text):
    assert span_text(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(1795, "30m"), (179, "179s"), (180, "3m"), (9000, "150m"), (604_000, "7d"), (0, "0s")]
)
def test_what_is_left_of_a_span_is_told_roughly(seconds, text):
    assert rough_span_text(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("written", "at"), [("21:30", time(21, 30)), ("04:00", time(4)), ("4:05", time(4, 5)), ("00:00", time())]
)
def test_a_clock_time(written, at):
    assert Shapes(clock=written).clock == at


def test_midnight_is_written_as_it_is_meant():
    assert "write 00:00, or 23:59 for the last minute of the day" in problem(clock="24:00")


@pytest.mark.parametrize("written", ["12:60", "9", "9:5", "21.30", 1290, None, "21:30:00", "٢١:٣٠"])
def test_what_is_no_clock_time_is_refused_with_an_example(written):
    assert 'like "21:30"' in problem(clock=written)


@pytest.mark.parametrize(
    ("window", "at", "inside"),
    [
        pytest.param("05:30-09:00", time(5, 30), True, id="the first second"),
        pytest.param("05:30-09:00", time(5, 29, 59), False, id="the second before"),
        pytest.param("05:30-09:00", time(9, 0, 59), True, id="the last minute is inside"),
        pytest.param("05:30-09:00", time(9, 1), False, id="the minute after"),
        pytest.param("22:30-07:00", time(23, 59), True, id="before midnight"),
        pytest.param("22:30-07:00", time(0, 0), True, id="at midnight"),
        pytest.param("22:30-07:00", time(7, 0), True, id="the last minute over midnight"),
        pytest.param("22:30-07:00", time(12, 0), False, id="noon"),
        pytest.param("05:30 – 09:00", time(6), True, id="a typographic dash"),
        pytest.param("05:30至09:00", time(6), True, id="written as in Chinese"),
    ],
)
def test_a_window_holds(window, at, inside):
    assert Shapes(window=window).window.holds(at) is inside


@pytest.mark.parametrize("written", ["05:30", "05:30-25:00", "a-b", "", None, "05:30-05:30"])
def test_what_is_no_window_is_refused(written):
    assert any(word in problem(window=written) for word in ("window", "time of day"))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (["mon", "wed"], {0, 2}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("weekends", {5, 6}),
        ("every day", set(range(7))),
        ("sun", {6}),
        (["Mon", "mon"], {0}),
    ],
)
def test_days_of_the_week(written, days):
    assert Shapes(days=written).days == days


@pytest.mark.parametrize("written", ["someday", [], ["mon", "xyz"], 3, None, [1], ["monday"]])
def test_what_is_no_day_is_refused(written):
    assert "day" in problem(days=written)


def test_a_lone_value_is_a_list_of_one():
    assert (Shapes(words="打卡").words, Shapes(words=["a", "b"]).words) == (("打卡",), ("a", "b"))


def test_an_unknown_key_is_refused():
    assert problem(wnidow="05:30-09:00") == "Extra inputs are not permitted"


def test_what_was_read_can_be_written_again():
    read = Shapes(span="2w", clock="21:30", window="22:30-07:00", days="weekends", words="a")
    assert Shapes.model_validate_json(read.model_dump_json()) == read
    assert read.model_dump(mode="json")["window"] == "22:30-07:00"


def test_the_schema_names_the_shapes():
    fields = Shapes.model_json_schema()["properties"]
    assert fields["span"]["examples"] == ["24h"]
    assert "pattern" in fields["window"]


class Clause(Options):
    if_: str = Field(alias="if", description="a key that Python keeps for itself")


def test_a_key_is_written_as_documented_and_in_no_other_way():
    assert Clause.model_validate({"if": "x"}).if_ == "x"
    with pytest.raises(ValidationError, match="if_\n  Extra inputs are not permitted"):
        Clause.model_validate({"if_": "x", "if": "x"})
    with pytest.raises(ValidationError, match="if\n  Field required"):
        Clause.model_validate({"if_": "x"})
