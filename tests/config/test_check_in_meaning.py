"""Words of challenges by which one message would count or be answered twice are told, and so are check-ins of a WeChat
room that are answered one by one: its account says only so much a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.init import Template, init
from config.home import look
from config.problems import Problem
from tests.config.test_probably_meant import HEAD, line, told

ROOM = HEAD.replace("room: {}", "room: {wechat: 晨读}")


def noted(folder: Path, body: str, head: str) -> list[Problem]:
    """Notes about check-ins."""
    assert told(folder, body, head) == []
    return [one for one in look(folder)[1] if one.path[:1] == ("check_ins",)]


def test_check_ins_on_wechat_that_are_answered_alone_are_noted(tmp_path):
    body = "check_ins:\n  late: {keywords: [b], gather: {}}\n  morning: {keywords: [a], react: 👍}\n"
    (note,) = noted(tmp_path, body + "  noon: {keywords: [c]}\n", ROOM)
    assert (note.weight, note.path) == ("note", ("check_ins", "morning"))
    assert line(note).startswith("10:3: ")
    assert "with `gather: {every: 10m}` in place of `reply` those of ten minutes are answered in one" in line(note)
    assert "把 `reply` 换成 `gather: {every: 10m}`，十分钟内的打卡就合成一条回复" in line(note, "zh")


@pytest.mark.parametrize(("more", "head"), [("", HEAD), (", gather: {every: 5m}", ROOM)], ids=["no WeChat", "gathered"])
def test_other_check_ins_pass(tmp_path, more, head):
    assert noted(tmp_path, f"check_ins: {{m: {{keywords: [a]{more}}}}}\n", head) == []


def test_the_camp_to_begin_with_answers_many_check_ins_in_one_message(tmp_path):
    init(tmp_path / "home", Template.READING)
    deployment, _ = look(tmp_path / "home")
    assert deployment is not None
    (options,) = [one.options for one in deployment.groups["reading"].runs if one.name == "check_in"]
    assert [challenge.gather is not None for challenge in options.root.values()] == [True]


FIRST = "  c1: {keywords: [check in], starts: 2026-12-01, length: 14d, join: {required: true, keyword: go one}}\n"
SECOND = "  c2: {keywords: %s, starts: %s, length: 14d%s}\n"
OWN = ", join: {required: true, keyword: [x, go two]}"
COMMON = ", join: {required: true, keyword: [x, Go One]}"


def cohorts(*, second: str, starts: str = "2026-12-10", keywords: str = "[run, Check In]", first: str = FIRST) -> str:
    return f"check_ins:\n{first}" + SECOND % (keywords, starts, second)


@pytest.mark.parametrize(
    "body",
    [
        cohorts(second=OWN),
        cohorts(second="", starts="2026-12-20"),
        cohorts(second=COMMON.replace("required: true", "required: false"), keywords="[run]"),
    ],
    ids=["each by its own word", "one after the other", "who needs not sign up"],
)
def test_a_word_that_reaches_one_challenge_at_a_time_passes(tmp_path, body):
    assert told(tmp_path, body) == []


@pytest.mark.parametrize("second", ["", COMMON], ids=["open to all", "joined together"])
@pytest.mark.parametrize(
    ("keywords", "place"),
    [("[run, Check In]", "10:24: check_ins.c2.keywords[1]"), ("Check In", "10:18: check_ins.c2.keywords")],
)
def test_a_word_that_counts_for_two_challenges_is_refused_at_its_place(tmp_path, second, keywords, place):
    (problem,) = told(tmp_path, cohorts(second=second, keywords=keywords))
    assert problem.weight == "problem"
    both = "`Check In` checks in to `c1` at the same hours, so one message counts for both; give each its own, or let"
    assert line(problem).startswith(f"{place}: {both} both be for those who signed up: `join: {{required: true,")
    assert "`Check In` 同时也是 `c1` 的打卡词，一条消息会在两个项目里都算打卡；请各用各的词" in line(problem, "zh")


def test_signing_up_for_two_cohorts_by_one_word_is_warned_of(tmp_path):
    (warning,) = told(tmp_path, cohorts(second=COMMON, starts="2026-12-20"))
    assert warning.weight == "warning"
    en = "`Go One` signs up for `c1` and for `c2` at once; give each a word of its own"
    assert line(warning) == f"10:104: check_ins.c2.join.keyword[1]: {en}"
    assert "说一次 `Go One`，`c1` 和 `c2` 就都报上名了；请各用各的词" in line(warning, "zh")


def test_a_question_by_the_word_that_checks_in_is_warned_of(tmp_path):
    body = "check_ins: {m: {keywords: [打卡], late: {}}}\nfaq: {a: {ask: [怎么打卡, 打卡, 补卡], answer: x}}\n"
    first, second = told(tmp_path, body)
    assert line(first).startswith(
        "9:23: faq.a.ask[1]: `打卡` is what members write for `m`: each time this answer would"
    )
    assert "9:27: faq.a.ask[2]: `补卡` 是成员为 `m` 说的词，每次都会多出这条回答" in line(second, "zh")


@pytest.mark.parametrize(
    "body",
    [
        "check_ins: {m: {join: {}}}\n",
        "check_ins: {m: {keywords: [打卡]}}\nfaq: {a: {ask: [怎么打卡, 补卡], answer: x}}\n",
    ],
    ids=["signing up", "other words"],
)
def test_words_that_do_one_thing_pass(tmp_path, body):
    assert told(tmp_path, body) == []


EVENTS = "events: {tea: {title: {zh: 茶会, en: Tea}, at: fri 20:00}}\n"


@pytest.mark.parametrize(
    ("join", "at", "word"),
    [
        ("{required: true}", "9:13: check_ins.m.join", "报名"),
        ("{keyword: [我要来, Join]}", "9:29: check_ins.m.join.keyword[1]", "Join"),
    ],
    ids=["shipped", "written"],
)
def test_a_word_that_takes_a_seat_in_an_event_too_is_warned_of(tmp_path, join, at, word):
    body = f"check_ins:\n  m: {{join: {join}}}\n"
    assert told(tmp_path, body) == []
    (tmp_path / "communities" / "room.yaml").write_text(HEAD + body + EVENTS, encoding="utf-8")
    (warning,) = (each for each in look(tmp_path)[1] if each.weight == "warning")
    assert line(warning).startswith(f"{at}: `{word}` takes a seat in an event, too, while one can be joined (`tea`)")
    assert f"活动能报名的时候（`tea`），`{word}` 也会报上活动" in line(warning, "zh")


def test_a_word_of_its_own_beside_events_passes(tmp_path):
    assert told(tmp_path, "check_ins: {m: {join: {keyword: [报名打卡营, join camp]}}}\n" + EVENTS) == []
