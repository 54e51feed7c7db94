"""Times as people say them are guessed at, so that what is to be written stands in the error."""

from __future__ import annotations

import pytest

from config import spoken_words
from config.spoken_times import plain


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("晚上8点半", "20:30"),
        ("晚上八点", "20:00"),
        ("下午3点15分", "15:15"),
        ("早上七点一刻", "07:15"),
        ("中午12点", "12:00"),
        ("中午一点", "13:00"),
        ("凌晨12点", "00:00"),
        ("二十点三十", "20:30"),
        ("8点05", "08:05"),
        ("晚上20:30", "20:30"),
        ("晚上 8：30", "20:30"),
        ("8:30pm", "20:30"),
        ("9 AM", "09:00"),
        ("12am", "00:00"),
        ("12 p.m.", "12:00"),
        ("9:00:00", "09:00"),
        ("19.30", "19:30"),
        ("19:30:00Z", ""),
        ("25点", ""),
        ("13pm", ""),
        ("傍晚", ""),
        ("八", ""),
    ],
)
def test_a_time_of_day(said: str, meant: str):
    assert plain("a time of day", said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2天", "2d"),
        ("两个小时", "2h"),
        ("半小时", "30m"),
        ("三周", "3w"),
        ("7 days", "1w"),
        ("an hour", "1h"),
        ("2天以内", ""),
        ("好久", ""),
    ],
)
def test_a_length(said: str, meant: str):
    assert plain("a length of time", said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("早上5点半到9点", "05:30-09:00"),
        ("9am-10am", "09:00-10:00"),
        ("06.00-9.30", "06:00-09:30"),
        ("早上到晚上", ""),
        ("1点-2点-3点", ""),
    ],
)
def test_a_window(said: str, meant: str):
    assert plain("a window", said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("周日晚上8点", "sun 20:00"),
        ("每星期天 20:00", "sun 20:00"),
        ("周五晚上八点", "fri 20:00"),
        ("每天早上9点", "09:00"),
        ("工作日18:30", "weekdays 18:30"),
        ("每月1号上午九点", "day 1 09:00"),
        ("每月最后一天 20:00", "last day 20:00"),
        ("Sunday 20:00", "sun 20:00"),
        ("every friday at 8pm", "fri 20:00"),
        ("sun 8:00pm", "sun 20:00"),
        ("Fri. at 8 PM", "fri 20:00"),
        ("tues 7am", "tue 07:00"),
        ("Thur 20.00", "thu 20:00"),
        ("Sat 9am", "sat 09:00"),
        ("frii 20:00", "fri 20:00"),
        ("firday 8pm", "fri 20:00"),
        ("thrusday 20:00", "thu 20:00"),
        ("day5 10:00", "day 5 10:00"),
        ("day 1st, 9am", "day 1 09:00"),
        ("sunset 8pm", ""),
        ("daily 20:00", ""),
        ("frii", ""),
        ("下周日", ""),
        ("周日", ""),
    ],
)
def test_a_time_for_a_digest_and_for_an_event(said: str, meant: str):
    assert plain("a time that comes again", said) == meant
    assert plain("a time for an event", said) == meant


@pytest.mark.parametrize("said", ["2026年12月5日 19:30", "2026/12/5 晚上7点半", "2026-12-5 7:30pm", "2026-12-05T19:30"])
def test_a_day_of_an_event(said: str):
    assert plain("a time for an event", said) == "2026-12-05 19:30"
    assert plain("a time that comes again", said) == ""


@pytest.mark.parametrize("said", ["2026年3月2日", "2026/3/2", "2026.03.02"])
def test_a_date(said: str):
    assert plain("a date", said) == "2026-03-02"


@pytest.mark.parametrize(
    ("said", "choices", "meant"),
    [
        ("中文", ("zh", "en"), "`zh`"),
        ("English", ("zh", "en"), "`en`"),
        ("cn", ("zh", "en"), "`zh`"),
        ("照片", ("photo", "video"), "`photo`"),
        ("每月", ("day", "week"), ""),
        ("所有人", ("missing", "everyone"), "`everyone`"),
        ("所有人", ("nobody", "everybody"), "`everybody`"),
    ],
)
def test_a_choice_by_what_it_is_called(said: str, choices: tuple[str, ...], meant: str):
    assert spoken_words.meant(said, choices) == meant


def test_what_is_no_time_of_a_known_kind_is_not_guessed():
    assert plain("an account", "晚上8点半") == ""
