"""Surveys: asked once, answered once by everybody who is asked, changed until they close, told in sums only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from pydantic import ValidationError

from adapters.sql import open_store
from core.degrade import Instead, degrade
from core.effects import Say, TellAdmins, plain
from core.events import MemberJoined
from core.occurrences import Hours
from core.people import ActorKind
from core.state import POINTS
from core.workflow import Bound
from tests.workflows.survey_hall import BOSS, NPS, Hall, person
from workflows import steering
from workflows.command_list import ALL
from workflows.commands import Place, Role
from workflows.steering_options import Steering
from workflows.survey_book import ANSWERS, PLANS, RESULTS
from workflows.survey_options import Surveys

POST = """\
📝 从 0 到 10，你有多愿意把「读书会」推荐给朋友？
0 是完全不会，10 是一定会。
只公布合计，不足 5 人回答就不公布；谁答了什么，群里没有人看得到。
4月4日（周六）10:00（Asia/Shanghai） 截止，每人一次，截止前可以改。也可以私聊我「作答」加上你的回答。"""
ALOUD = "发在群里的回答大家都看得到；不想公开，就私聊我「作答」加上你的回答。"


@pytest.fixture
def hall() -> Hall:
    """The first of April, 12:00; what is asked was asked two hours ago."""
    made = Hall()
    made.passes(days=2)
    return made


def answered(hall: Hall, *scores: int, first: int = 1) -> None:
    for number, score in enumerate(scores, first):
        hall.presses(person(number), score)
    hall.told()


# asking


def test_the_group_is_asked_at_its_time_with_a_button_for_each_answer():
    hall = Hall()
    assert hall.passes(days=2) == [POST]
    [post] = [effect for effect in hall.effects if isinstance(effect, Say)]
    assert [choice.label for choice in post.choices] == [str(n) for n in range(11)]
    assert (post.to, post.chooser, post.expires) == (None, None, datetime(2026, 4, 4, 2, tzinfo=UTC))
    assert hall.group.fits(post.choices[0].data)


def test_it_is_asked_in_english_where_that_is_spoken():
    hall = Hall(languages=("en",), pulse={"kind": "scale", "ask": "How was March?", "at": "day 1 10:00"})
    [post] = hall.passes(days=2)
    assert post.splitlines()[:2] == ["📝 How was March?", "1 is poor, 5 is very good."]
    assert "Open until Sat 4 Apr, 10:00 (Asia/Shanghai)." in post


def test_a_survey_of_one_day_is_asked_once():
    hall = Hall(nps={**NPS, "at": "2026-04-01 10:00"})
    assert len(hall.passes(days=2)) == 1
    assert [line for line in hall.passes(days=400) if line.startswith("📝")] == []


def test_it_is_asked_again_the_next_time(hall):
    asked = [line for line in hall.passes(days=31) if line.startswith("📝")]
    assert len(asked) == 1


def test_one_that_only_admins_start_is_not_asked_by_itself():
    assert Hall(nps={"who": "true"}).passes(days=400) == []


def test_quiet_hours_move_what_is_asked_and_when_it_closes_to_their_end():
    quiet = Hours(time(22), time(9))
    hall = Hall(nps={**NPS, "at": "day 1 23:00", "open_for": "1d"}, fields={"quiet": quiet})
    hall.passes(days=10)
    rows = [row for row in hall.store.outbox("g") if isinstance(row.effect, Say | TellAdmins)]
    assert [f"{hall.group.local(row.at):%d %H:%M}" for row in rows] == ["02 09:00", "03 09:00"]


def test_one_that_closes_late_in_the_quiet_hours_is_told_at_their_end():
    hall = Hall(nps=NPS, fields={"quiet": Hours(time(11), time(13))})
    hall.passes(days=2)
    answered(hall, 10, 10, 10, 10, 10)
    assert hall.wakes(days=3, hours=-0.5) == []
    assert "NPS" in hall.passes(hours=2)[-1]


@pytest.mark.parametrize(("late", "asked"), [(35, 1), (37, 0)], ids=["within half of its time", "later"])
def test_one_that_was_missed_is_asked_late_if_half_of_its_time_is_left(late, asked):
    hall = Hall(nps={**NPS, "at": "2026-04-01 10:00"})
    assert len(hall.wakes(hours=46 + late)) == asked
    assert ("it is too late to ask" in hall.because) is not asked
    assert len(hall.passes(hours=73 - late)) == asked, "it closes when it would have"


def test_a_paused_group_is_asked_after_the_pause():
    hall = Hall()
    hall.passes(hours=40)
    hall.pause(hours=10)
    assert hall.passes(hours=9) == []
    assert len(hall.passes(hours=3)) == 1


# answering


def test_who_presses_is_told_and_nobody_else(hall):
    hall.presses(person(1), 9, press="q77")
    [told] = [effect for effect in hall.effects[1:] if isinstance(effect, Say)]
    assert (told.to, told.press, told.confidential) == ("telegram:1", "q77", True)
    assert "".join(map(str, told.words)) == "收到：9。截止前随时可以改，谢谢！只有你看得到。"


def test_an_answer_can_be_changed_until_it_closes(hall):
    assert hall.presses(person(1), 3) == ["收到：3。截止前随时可以改，谢谢！只有你看得到。"]
    assert hall.presses(person(1), 3) == ["记的就是 3。"]
    assert hall.presses(person(1), 10) == ["改成 10 了。只有你看得到。"]
    hall.passes(days=3)
    assert hall.presses(person(1), 0) == ["这次调查已经结束了，谢谢你！"]


def test_a_button_of_an_earlier_time_answers_nothing_now(hall):
    old = next(effect for effect in hall.effects if isinstance(effect, Say)).choices[9].data
    hall.passes(days=31)
    assert hall.presses_data(person(1), old) == ["这次调查已经结束了，谢谢你！"]


@pytest.mark.parametrize(
    "text",
    [
        "打分 9",
        "/作答 9",
        "/answer nps 9",
        "作答 9 分",
        "／打分 ９",
        "打分9",
        "打分：9",
        "打分9分！",
        "/打分9",
        "/作答：9分",
        "打分 九",
        "作答 九分",
        "/answer nine",
    ],
)
def test_an_answer_can_be_written(hall, text):
    assert hall.says(person(1), text) == ["收到，谢谢！"]
    assert hall.says(person(1), text, private=True) == ["记的就是 9。"]


def test_two_is_told_by_either_of_its_letters(hall):
    hall.says(person(1), "打分 两分", private=True)
    assert hall.says(person(1), "打分 二", private=True) == ["记的就是 2。"]


def test_full_marks_are_the_highest_number(hall):
    hall.says(person(1), "打分 满分", private=True)
    assert hall.says(person(1), "打分 10", private=True) == ["记的就是 10。"]


def test_an_answer_written_in_the_group_is_not_repeated_there(hall):
    hall.says(person(1), "打分 9")
    assert [effect.to for effect in hall.effects if isinstance(effect, Say)] == [None, None]
    assert "9" not in "".join(map(str, hall.effects[-1].words))


@pytest.mark.parametrize("text", ["打分 这部电影", "打分 11", "打分 一般", "打分", "作答完了"])
def test_talk_that_begins_like_an_answer_is_talk(hall, text):
    assert hall.says(person(1), text) == []


def test_who_writes_the_command_and_no_answer_is_told_the_answers(hall):
    assert hall.says(person(1), "/打分 100") == ["请在后面加上你的回答：0–10"]
    hall.passes(days=3)
    assert hall.says(person(1), "/打分 9") == ["现在没有进行中的调查。"]


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (replace(person(5), kind=ActorKind.BOT), []),
        (replace(person(5), kind=ActorKind.CHANNEL), []),
        (replace(person(5), admin=True), ["管理员的回答不计入，好让结果是成员自己的。谢谢！"]),
    ],
    ids=["a bot", "a channel", "an admin"],
)
def test_staff_and_bots_do_not_count(hall, who, told):
    assert [line for line in hall.presses(who, 9) if line] == told
    assert hall.answers_of(who) is None


def test_who_is_not_asked_hears_why_and_does_not_count():
    hall = Hall(nps={"at": "day 1 10:00"})
    hall.passes(days=2)
    hall.joins(person(1))
    assert hall.presses(person(1), 9) == ["这次请的是来了一段时间、最近常在的成员，下次欢迎你！"]


def test_who_is_not_asked_hears_it_in_the_operators_words():
    hall = Hall(nps={**NPS, "who": "member.points > 3", "sorry": {"zh": "${member.name}，下次吧"}})
    hall.passes(days=2)
    assert hall.presses(person(1), 9) == ["成员1，下次吧"]


def test_who_was_there_before_and_takes_part_is_asked():
    hall = Hall(nps={"at": "day 1 10:00"})
    hall.says(person(1), "早")
    hall.passes(days=1)
    hall.says(person(1), "早")
    hall.passes(days=1)
    assert hall.presses(person(1), 9)[0].startswith("收到：9。")


def test_nobody_answers_two_surveys_within_the_time_they_are_left_in_peace(hall):
    pulse = {"kind": "scale", "ask": "三月怎么样？", "who": "true", "again_after": "30d"}
    hall.set(nps=NPS, pulse={**pulse, "at": "day 10 10:00"})
    hall.presses(person(1), 9)
    hall.passes(days=9)
    assert hall.presses(person(1), 5) == ["你在 2026-04-01 回答过一次，2026-05-01 起再请你。谢谢！"]
    hall.passes(days=30)
    assert hall.presses(person(1), 5)[0].startswith("收到：5。")


def test_points_are_given_once_and_told():
    hall = Hall(nps={**NPS, "points": 5})
    hall.passes(days=2)
    assert hall.presses(person(1), 9)[0].endswith("只有你看得到。（+5 分）")
    hall.presses(person(1), 2)
    hall.leaves(person(1))
    hall.joins(person(1))
    assert hall.presses(person(1), 9)[0].startswith("收到：9。")
    assert [fact.amount for fact in hall.store.facts("g") if fact.kind == POINTS] == [5]


# what comes of it


def test_the_result_is_told_to_the_admins_in_sums(hall):
    answered(hall, 10, 9, 9, 9, 8, 7, 6, 0)
    hall.says(person(9), "早")
    assert hall.passes(days=3) == [
        "📊 从 0 到 10，你有多愿意把「读书会」推荐给朋友？\n"
        "净推荐值（NPS）+25\n"
        "· 9–10 分，推荐者：4（50%）\n"
        "· 7–8 分，中立者：2（25%）\n"
        "· 0–6 分，贬损者：2（25%）\n"
        "能回答的 9 人里有 8 人回答（89%）。\n"
        "误差：至少 ±18，因为不是人人都答了。"
    ]
    assert isinstance(hall.effects[-1], TellAdmins)


def test_of_few_answers_nothing_is_told_or_kept(hall):
    answered(hall, 10, 9, 9, 9)
    assert hall.passes(days=3) == [
        "📊 从 0 到 10，你有多愿意把「读书会」推荐给朋友？\n"
        "能回答的 4 人里有 4 人回答。不足 5 人不公布结果，免得认出是谁。"
    ]
    assert hall.kept(RESULTS) is None


def test_the_groups_that_are_to_read_it_do():
    hall = Hall(nps={**NPS, "tell": ["admins", "g"]})
    hall.passes(days=2)
    answered(hall, 10, 10, 10, 10, 10)
    hall.passes(days=3)
    assert [type(effect) for effect in hall.effects[-2:]] == [TellAdmins, Say]


def test_the_earlier_result_stands_beside(hall):
    hall.set(nps={**NPS, "again_after": "20d"})
    answered(hall, 10, 9, 9, 8, 7)
    hall.passes(days=31)
    answered(hall, 10, 9, 9, 1, 7)
    assert "上一次 2026-04-01：+60，5 人回答。" in hall.passes(days=3)[-1]


@pytest.mark.parametrize(
    ("scores", "silent", "told"),
    [
        ((10, 9, 9, 1, 7), 10, "看不出有变化"),
        ((0, 0, 0, 0, 0), 10, ""),
        ((10, 9, 9, 1, 7), 0, ""),
        ((10, 9, 9, 8, 7), 10, ""),
    ],
    ids=["within the margins", "farther apart", "of everybody", "the same"],
)
def test_two_scores_within_their_margins_are_told_to_be_no_change(hall, scores, silent, told):
    hall.set(nps={**NPS, "again_after": "20d"})
    for number in range(20, 20 + silent):
        hall.says(person(number), "早")
    answered(hall, 10, 9, 9, 8, 7)
    hall.passes(days=31)
    answered(hall, *scores)
    result = hall.passes(days=3)[-1]
    assert "上一次 2026-04-01：+60，5 人回答。" in result
    assert ("误差：至少 ±" in result) == bool(silent)
    assert told in result if told else "看不出有变化" not in result


def test_no_answer_is_kept_when_it_is_closed(hall):
    answered(hall, 10, 9, 9, 8, 7)
    hall.passes(days=3)
    kept = [value for _, value in hall.store.every_record("g", ANSWERS)]
    assert [one.given for one in kept] == [()] * 5
    hall.passes(days=28)
    hall.passes(days=65)
    assert list(hall.store.every_record("g", ANSWERS)) == []
    assert hall.kept(RESULTS).of["nps"].counts == (0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 1)


def test_who_does_not_wish_to_be_reminded_is_not_among_those_who_could(hall):
    answered(hall, 10, 9, 9, 8, 7)
    for number in (6, 7):
        hall.says(person(number), "早")
    hall.says(person(7), "退订提醒")
    assert "能回答的 6 人里有 5 人回答（83%）。" in hall.passes(days=3)[-1]


def test_a_few_of_very_many_are_told_to_be_less_than_one_in_a_hundred(hall):
    answered(hall, 10, 9, 9, 8, 7)
    for number in range(6, 1104):
        hall.says(person(number), "早")
    assert "能回答的 1103 人里有 5 人回答（<1%）。" in hall.passes(days=3)[-1]


def test_a_large_group_is_counted_part_by_part(hall, monkeypatch):
    monkeypatch.setattr("workflows.survey_clock.AT_ONCE", 3)
    answered(hall, 10, 9, 9, 8, 7)
    for number in range(6, 17):
        hall.says(person(number), "早")
    [told] = hall.passes(days=3)
    assert "能回答的 16 人里有 5 人回答（31%）。" in told


def test_what_somebody_answered_who_left_does_not_count(hall):
    answered(hall, 10, 9, 9, 8, 7, 0)
    hall.leaves(person(6))
    told = hall.passes(days=3)[-1]
    assert "能回答的 5 人里有 5 人回答" in told
    assert "贬损者：0" in told


def test_who_left_answers_nothing_by_a_button_that_is_there_still(hall):
    hall.presses(person(1), 9)
    hall.leaves(person(1))
    assert hall.presses(person(1), 3) == ["这次请的是来了一段时间、最近常在的成员，下次欢迎你！"]
    assert hall.answers_of(person(1)) is None


# other kinds


def test_a_scale_tells_mean_median_and_how_often_each_was_given():
    hall = Hall(pulse={"kind": "scale", "ask": "三月怎么样？", "at": "day 1 10:00", "who": "true"})
    hall.passes(days=2)
    answered(hall, 5, 5, 4, 3, 1, 4)
    assert hall.passes(days=3)[-1].splitlines()[1:3] == ["平均 3.7，中位数 4", "5 × 2 · 4 × 2 · 3 × 1 · 2 × 0 · 1 × 1"]


def test_choices_tell_how_often_each_was_given():
    asked = {"kind": "choices", "ask": "读哪本？", "choices": ["红楼梦", {"zh": "水浒传", "en": "Water Margin"}]}
    hall = Hall(next={**asked, "at": "day 1 10:00", "who": "true"})
    hall.passes(days=2)
    for number in range(4):
        hall.presses(person(number), "水浒传")
    assert hall.says(person(5), "作答 红楼梦") == ["收到，谢谢！"]
    assert hall.says(person(6), "/answer water margin") == ["收到，谢谢！"]
    assert hall.passes(days=3)[-1].splitlines()[1:3] == ["· 水浒传：5（83%）", "· 红楼梦：1（17%）"]


@pytest.mark.parametrize(("new", "told"), [(5, True), (4, False)], ids=["enough of each", "four who are new"])
def test_of_a_class_of_few_nothing_is_told_and_of_the_others_neither(new, told):
    hall = Hall()
    old, young = range(1, 7), range(11, 11 + new)
    for number in old:
        hall.happens(MemberJoined, actor=person(number))
    hall.passes(days=31)
    for number in young:
        hall.happens(MemberJoined, actor=person(number))
    hall.passes(days=1)
    for number in (*old, *young):
        hall.presses(person(number), 9 if number in old else 0)
    result = hall.passes(days=3)[-1]
    assert f"有 {6 + new} 人回答" in result
    assert ("按入群时间" in result) is told
    assert ("不满 30 天" in result) is told


@pytest.mark.parametrize(
    ("scores", "silent", "told"),
    [
        (((9, 9, 9, 8, 7), (9, 9, 8, 8, 7)), 20, ("不满 30 天 +40 ±42（5 人）", "30 到 180 天 +60 ±45（5 人）", True)),
        (
            ((0, 0, 0, 0, 0), (9, 9, 9, 9, 9)),
            20,
            ("不满 30 天 +100 ±45（5 人）", "30 到 180 天 -100 ±45（5 人）", False),
        ),
        (((9, 9, 9, 8, 7), (9, 9, 8, 8, 7)), 0, ("不满 30 天 +40（5 人）", "30 到 180 天 +60（5 人）", False)),
    ],
    ids=["within the margins", "farther apart", "of everybody"],
)
def test_each_class_has_its_margin_by_who_of_it_could_have_answered(scores, silent, told):
    hall = Hall()
    settled, new = scores
    for number in range(1, 6 + silent):
        hall.happens(MemberJoined, actor=person(number))
    hall.passes(days=31)
    for number in range(101, 106 + silent):
        hall.happens(MemberJoined, actor=person(number))
    hall.passes(days=1)
    for number, score in enumerate(settled, 1):
        hall.presses(person(number), score)
    for number, score in enumerate(new, 101):
        hall.presses(person(number), score)
    result = hall.passes(days=3)[-1]
    *classes, by_chance = told
    assert f"按入群时间：{classes[0]} · {classes[1]}" in result
    assert ("相差都没有超出误差，看不出有差别。" in result) is by_chance


# in their own words


@pytest.fixture
def curious() -> Hall:
    hall = Hall(nps={**NPS, "follow_up": {"zh": "最想改的是什么？", "en": "What would you change?"}})
    hall.passes(days=2)
    return hall


def test_own_words_are_asked_for_once_in_private_and_told_without_a_name(curious):
    told = curious.presses(person(1), 3)
    assert told[-1].startswith("最想改的是什么？\n愿意的话，一天之内直接在这里写就好。")
    assert (curious.effects[-1].to, curious.effects[-1].confidential) == ("telegram:1", True)
    assert len(curious.presses(person(1), 4)) == 1
    assert curious.says(person(1), "活动太少", private=True) == ["谢谢，会不署名地转给管理员。"]
    assert curious.says(person(1), "谢谢！", private=True) == []
    assert curious.says(person(1), "也太晚", private=True) == []
    answered(curious, 9, 9, 9, 9, first=2)
    assert curious.says(person(2), "积分", private=True) == []
    assert curious.says(person(2), "9", private=True) == []
    assert curious.says(person(2), "打卡早一点", private=True) == ["谢谢，会不署名地转给管理员。"]
    told = curious.passes(days=3)[-1]
    assert told.endswith("他们的话，不署名（2 条）：\n· 打卡早一点\n· 活动太少 也太晚")
    assert "成员" not in told


def test_own_words_are_told_only_to_admins_and_only_of_enough_answers(curious):
    curious.presses(person(1), 3)
    curious.says(person(1), "活动太少", private=True)
    curious.set(nps={**NPS, "follow_up": "？", "tell": ["admins", "g"]})
    assert all("活动太少" not in told for told in curious.passes(days=3))


def test_what_is_written_later_than_a_day_or_in_the_group_is_no_such_word(curious):
    curious.presses(person(1), 3)
    assert curious.says(person(1), "活动太少") == []
    curious.passes(days=1)
    assert curious.says(person(1), "活动太少", private=True) == []


def test_words_that_begin_like_an_answer_are_words_and_a_wrong_number_in_private_is_none(curious):
    curious.presses(person(1), 3)
    assert curious.says(person(1), "打分 11", private=True) == ["请在后面加上你的回答：0–10"]
    assert curious.says(person(1), "打分", private=True) == ["请在后面加上你的回答：0–10"]
    assert curious.says(person(1), "打分 的题目太多", private=True) == ["谢谢，会不署名地转给管理员。"]
    [given] = curious.answers_of(person(1)).given
    assert (given.n, given.words) == (3, "打分 的题目太多")


def test_every_bare_word_that_can_be_written_in_private_is_no_such_word(curious):
    curious.presses(person(1), 3)
    for command in ALL:
        if (
            command.bare
            and command.least is Role.MEMBER
            and Place.PRIVATE in command.places
            and command.name != "answer"
        ):
            for word in (*command.zh, *command.en):
                curious.says(person(1), word, private=True)
    [given] = curious.answers_of(person(1)).given
    assert given.words == ""


def test_who_does_not_wish_to_be_written_to_is_not_asked_for_words(curious):
    curious.says(person(1), "退订提醒")
    assert len(curious.presses(person(1), 3)) == 1


# steering


def test_an_admin_asks_now_sees_how_many_answered_and_closes():
    hall = Hall(nps={"who": "true"})
    assert hall.says(BOSS, "/调查") == [
        "· nps，由你来开始\n"
        "现在就问：/调查 开始 nps。提前结束并公布结果：/调查 结束 nps。作废、不出结果：/调查 作废 nps。"
    ]
    assert hall.says(BOSS, "/调查 开始 nps")[-1].startswith("问出去了，")
    assert hall.says(BOSS, "/survey start nps") == ["nps 已经在进行了。"]
    answered(hall, 10, 10, 10)
    assert hall.says(BOSS, "/survey")[0].startswith("· nps，4月2日（周四）12:00（Asia/Shanghai） 截止：已有 3 人回答\n")
    answered(hall, 9, 9, first=4)
    told = hall.says(BOSS, "/调查 结束 nps")
    assert told[0] == "已截止，统计完就告诉你结果。"
    assert "净推荐值（NPS）+100" in hall.passes(seconds=1)[-1]
    assert hall.kept(PLANS).of == {}


def test_an_admin_calls_it_off_and_nothing_is_kept(hall):
    answered(hall, 10, 10, 10, 10, 10)
    assert hall.says(BOSS, "/调查 作废 nps")[1] == "作废了：nps。回答都删掉了，答过的人可以再答别的调查。"
    assert hall.passes(days=4) == []
    assert list(hall.store.every_record("g", ANSWERS)) == []


STEERING = (Bound(steering.workflow, Steering()),)


def test_who_answered_one_that_is_called_off_has_the_peace_that_an_earlier_one_gave_them():
    often = {"kind": "scale", "ask": "三月怎么样？", "who": "true", "again_after": "7d"}
    hall = Hall(nps=NPS, pulse=often)
    hall.passes(days=2)
    answered(hall, 9)
    before = hall.answers_of(person(1)).lately
    hall.passes(days=10)
    hall.says(BOSS, "/调查 开始 pulse")
    for score in (5, 4):
        hall.presses(person(1), score)
    assert hall.answers_of(person(1)).lately > before
    hall.says(BOSS, "/调查 作废 pulse")
    assert hall.answers_of(person(1)).lately == before


def test_a_start_is_taken_back_by_undo_as_long_as_it_is_open():
    hall = Hall(*STEERING, nps={"who": "true"})
    hall.says(BOSS, "/调查 开始 nps")
    answered(hall, 10, 10, 10, 10, 10)
    told = hall.says(BOSS, "/撤销")
    assert told[0].startswith("↩️")
    assert "问调查 nps" in told[0]
    assert told[1].startswith("调查作废了，没有留下任何回答：从 0 到 10")
    assert hall.passes(days=4) == []
    assert list(hall.store.every_record("g", ANSWERS)) == []
    assert len(hall.says(BOSS, "/撤销")) == 1


def test_a_start_that_is_over_takes_back_no_later_one():
    hall = Hall(*STEERING, nps=NPS)
    hall.says(BOSS, "/调查 开始 nps")
    hall.says(BOSS, "/调查 结束 nps")
    hall.passes(days=2)
    answered(hall, 10)
    hall.says(BOSS, "/撤销")
    assert len(hall.answers_of(person(1)).given) == 1


def test_what_was_told_is_not_taken_back():
    hall = Hall(*STEERING, nps={"who": "true"})
    hall.says(BOSS, "/调查 开始 nps")
    answered(hall, 10, 10, 10, 10, 10)
    hall.passes(days=4)
    before = hall.kept(RESULTS)
    assert hall.says(BOSS, "/撤销") == ["「问调查 nps」（馆主）已经结束，或者后来又有了新的处理，没有可以撤销的。"]
    assert hall.kept(RESULTS) == before


def test_members_start_and_see_nothing(hall):
    assert hall.says(person(1), "/调查 开始 nps") == ["/调查 只有管理员可以用。"]
    assert hall.says(person(1), "/调查") == []


# what may go wrong


def test_a_process_that_starts_again_and_again_asks_and_tells_nothing_twice(hall):
    answered(hall, 10, 10, 10, 10, 10)
    for _ in range(3):
        hall.starts()
        hall.passes(hours=30)
    hall.starts()
    assert len([one for one in hall.effects if isinstance(one, TellAdmins)]) == 1
    assert len([one for one in hall.effects if isinstance(one, Say) and one.choices]) == 1


def test_timers_that_ring_twice_ask_and_tell_once():
    hall = Hall()
    for hours in (46, 72):
        hall.now += timedelta(hours=hours)
        due = [row.due(hall.now) for row in hall.store.timers("g") if row.at <= hall.now]
        assert due
        for _ in range(2):
            outcome = hall.engine.process(due)
            assert not outcome.faults, outcome.faults
        if hours == 46:
            answered(hall, 10, 10, 10, 10, 10)
    hall.passes(hours=1)
    assert len([one for one in hall.effects if isinstance(one, Say) and one.choices]) == 1
    assert len([one for one in hall.effects if isinstance(one, TellAdmins)]) == 1


def test_a_database_that_is_closed_and_opened_at_every_step_comes_to_the_same(tmp_path):
    url = f"sqlite:///{tmp_path / 'books.sqlite3'}"
    hall = Hall(store=open_store(url))

    def reopened() -> None:
        hall.store.close()
        hall.store = open_store(url)
        hall.starts()

    hall.passes(days=2)
    for number, score in enumerate((10, 9, 9, 8, 2), 1):
        reopened()
        hall.presses(person(number), score)
    hall.says(person(6), "早")
    reopened()
    hall.wakes(days=3)
    reopened()
    assert not [one for one in hall.effects if isinstance(one, TellAdmins)]
    hall.wakes(seconds=5)
    [told] = [plain(one.words) for one in hall.effects if isinstance(one, TellAdmins)]
    assert "净推荐值（NPS）+40" in told
    assert "能回答的 6 人里有 5 人回答（83%）。" in told
    hall.store.close()


def test_a_survey_that_is_taken_out_of_the_file_is_forgotten_with_its_answers(hall):
    answered(hall, 10, 9)
    hall.set(other={"who": "true"})
    assert hall.passes(days=40) == []
    assert all(not one.given for _, one in hall.store.every_record("g", ANSWERS))


def test_surveys_that_are_taken_out_together_leave_no_answer_behind():
    pulse = {"kind": "scale", "ask": "三月怎么样？", "who": "true", "at": "day 1 10:00"}
    hall = Hall(nps=NPS, pulse=pulse)
    hall.passes(days=2)
    hall.says(person(1), "/作答 nps 9")
    hall.says(person(2), "/作答 pulse 5")
    hall.set(other={"who": "true"})
    assert list(hall.store.every_record("g", ANSWERS)) == []


def test_one_whose_answers_are_changed_in_the_file_while_it_is_open_is_called_off():
    books = {"kind": "choices", "ask": "读哪本？", "who": "true", "at": "day 1 10:00"}
    hall = Hall(next={**books, "choices": ["红楼梦", "水浒传"]})
    hall.passes(days=2)
    hall.presses(person(1), "水浒传")
    hall.set(next={**books, "choices": ["西游记", "红楼梦", "水浒传"]})
    assert hall.told() == ["调查作废了，没有留下任何回答：读哪本？"]
    assert hall.presses(person(1), "水浒传") == ["这次调查已经结束了，谢谢你！"]
    assert hall.passes(days=4) == []
    assert list(hall.store.every_record("g", ANSWERS)) == []


def test_one_whose_words_are_changed_in_the_file_goes_on(hall):
    hall.presses(person(1), 9)
    hall.set(nps={**NPS, "ask": "愿意推荐吗？"})
    assert hall.presses(person(1), 10) == ["改成 10 了。只有你看得到。"]


def test_a_time_that_was_moved_in_the_file_is_taken_over():
    hall = Hall()
    hall.set(nps={**NPS, "at": "day 2 10:00"})
    assert hall.passes(days=2) == []
    assert len(hall.passes(days=1)) == 1


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"kind": "choices", "ask": "?", "choices": ["a"]}, "needs at least two `choices`"),
        ({"choices": ["a", "b"]}, "this is `kind: nps`"),
        ({"kind": "scale"}, "needs a question; write `ask`"),
        ({"kind": "choices", "ask": "?", "choices": ["a", "A"]}, 'two choices are called "A"'),
        ({"at": "mon 10:00", "open_for": "8d"}, "open for 8d, it would be asked again, 1w later, before it closes"),
        ({"open_for": "30d"}, "open for 1h to 14d; 30d is not between them"),
        ({"again_after": "1d"}, "nobody is asked more often than every 7d"),
        (
            {"who": "member.points > 10 && member.points < 5"},
            "nobody could ever answer: member.points would have to be",
        ),
        ({"who": "false"}, "nobody could ever answer: this is never true"),
        ({"who": "member.pints > 10"}, "pints"),
        ({"least": 4}, "greater than or equal to 5"),
        ({"at": "someday"}, "is not a time"),
    ],
)
def test_what_cannot_be_meant_is_refused(written, why):
    with pytest.raises(ValidationError) as refused:
        Surveys.model_validate({"nps": written})
    assert why in str(refused.value)


# on both platforms


@pytest.fixture
def both() -> Hall:
    """A group on Telegram and on WeChat, which has no buttons."""
    fields = {
        "platforms": ("telegram", "wechat"),
        "numbered": ("wechat",),
        "letters": frozenset("红水"),
        "languages": ("zh", "en"),
    }
    choices = {"kind": "choices", "ask": "读哪本？", "choices": ["红楼梦", "水浒传"], "who": "true"}
    hall = Hall(fields=fields, nps=NPS, next=choices)
    hall.passes(days=2)
    return hall


def test_where_there_are_no_buttons_the_group_reads_what_to_write(both):
    rows = [row for row in both.store.outbox("g") if row.platform == "wechat"]
    became = degrade(rows[0].effect, {"private"}, both.group, at=both.now)
    assert isinstance(became, Instead)
    [said] = became.effects
    assert isinstance(said, Say)
    told = POST.replace("；谁答了什么，群里没有人看得到。", f"。{ALOUD}").removesuffix(
        "也可以私聊我「作答」加上你的回答。"
    )
    assert plain(said.words) == told + "\n请直接回复 0 到 10 的数字。"
    assert said.choices == ()


def test_a_number_is_an_answer_and_thanks_for_it_go_to_them_alone(both):
    assert both.says(person(3, "wechat"), "10") == ["收到：10。截止前随时可以改，谢谢！"]
    told = both.effects[-1]
    assert (told.to, told.confidential, told.press) == ("wechat:3", True, "")
    assert both.says(person(3, "wechat"), "0") == ["改成 0 了。"]
    assert both.answers_of(person(3, "wechat")).given[0].n == 0


def test_a_number_is_no_answer_where_there_are_buttons_or_on_a_later_day(both):
    assert both.says(person(1), "10") == []
    both.passes(days=1)
    assert both.says(person(3, "wechat"), "10") == []
    assert both.says(person(3, "wechat"), "打分 10") == ["收到，谢谢！"]


def test_what_else_is_asked_is_numbered_behind_the_numbers_and_answered_by_name_too(both):
    both.says(BOSS, "/调查 开始 next")
    assert both.says(person(3, "wechat"), "12") == ["收到：水浒传。截止前随时可以改，谢谢！"]
    assert both.says(person(3, "wechat"), "红楼梦") == ["改成 红楼梦 了。"]
    assert both.says(person(4, "wechat"), "1")[0].startswith("收到：1。")


def test_each_is_answered_in_the_language_they_chose(both):
    who = replace(person(5), language="en")
    assert both.presses(who, 9) == [
        "Noted: 9. You can change it as long as the survey is open. Thank you! Only you see this."
    ]


MOOD = {"kind": "scale", "ask": {"zh": "心情如何？", "en": "How are you?"}, "who": "true"}


@pytest.mark.parametrize("private", [False, True])
def test_an_answer_that_fits_two_open_surveys_is_noted_for_neither_until_one_is_named(private):
    hall = Hall(nps=NPS, mood=MOOD)
    hall.passes(days=2)
    assert hall.says(BOSS, "/调查 开始 mood")[-1].splitlines()[1:] == [
        "nps 也还开着：答过其中一个的人，暂时答不了另一个。"
    ]
    asked, *named = hall.says(person(1), "打分 5", private=private)[-1].splitlines()
    assert asked == "有几个调查都在进行，请写明答的是哪一个："
    said = "5" if private else "…"
    assert [line.partition("：")[0] for line in named] == [f"· 作答 nps {said}", f"· 作答 mood {said}"]
    assert hall.answers_of(person(1)) is None
    hall.says(person(1), "作答 mood 5", private=private)
    assert [(one.survey, one.n) for one in hall.answers_of(person(1)).given] == [("mood", 4)]
    hall.says(person(1), "打分 4", private=private)
    assert [(one.survey, one.n) for one in hall.answers_of(person(1)).given] == [("mood", 3)]


def test_an_answer_that_fits_one_of_two_is_its_answer():
    hall = Hall(nps=NPS, mood=MOOD)
    hall.passes(days=2)
    hall.says(BOSS, "/调查 开始 mood")
    assert hall.says(person(1), "打分 9") == ["收到，谢谢！"]
    assert [one.survey for one in hall.answers_of(person(1)).given] == ["nps"]
