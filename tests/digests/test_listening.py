"""Topics and questions: what is kept of messages, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.sql.rollups import SqlRollups
from core.events import MessageDeleted
from tests.digests.group import BOT, STAFF, SUNDAY, person
from workflows.digest_periods import Period
from workflows.question_book import QUESTIONS
from workflows.topics import MOST_WORDS, TOPICS, Topics, hottest
from workflows.words import MOST_WORDS as MOST_OF_ONE
from workflows.words import words

WEEK = Period(span="week", first=date(2026, 3, 23), last=date(2026, 3, 29))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("昨晚读到王羲之写兰亭集序", ("昨晚", "读到", "王羲之", "兰亭集序")),
        ("I love Chinese calligraphy and green tea", ("love", "chinese", "calligraphy", "green", "tea")),
        ("看 https://x.example/古琴 @古琴社 #古琴 /古琴", ()),
        ("我们今天都觉得好的", ()),
        ("don't you think so?", ()),
        ("", ()),
        ("1234 ！！！", ()),
        ("请问押金怎么弄，麻烦问下", ("押金",)),
    ],
    ids=[
        "chinese",
        "english",
        "links and names",
        "function words",
        "english function words",
        "empty",
        "no words",
        "how people ask",
    ],
)
def test_words_of_a_message(text, found):
    assert set(words(text)) <= set(found)
    assert bool(words(text)) == bool(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("什么时候再办一次线上共读？", ("线上共", "线上共读", "共读")),
        ("上共读课了", ("共读", "共读课")),
        ("我先抛砖引玉", ("抛砖引玉",)),
        ("你们破防了吗", ("破防",)),
        ("内卷太严重", ("内卷", "严重")),
        ("我刚读完三体", ("三体",)),
        ("周六第三章读了两遍，这篇有几句", ()),
        ("上海下雨，我在学下棋", ("上海", "下雨", "下棋")),
    ],
    ids=[
        "not cut at a joining character",
        "nor begun with one",
        "nor with I",
        "unknown to the dictionary",
        "beside an adverb",
        "a number in a title",
        "how many and when",
        "words of the dictionary may begin so",
    ],
)
def test_chinese_words_are_whole(text, found):
    assert words(text) == found


def test_one_message_has_few_words():
    assert len(words("苹果 香蕉 橘子 葡萄 西瓜 草莓 樱桃 荔枝 龙眼 芒果 石榴 柿子 杨梅 枇杷 菠萝")) == MOST_OF_ONE


def test_a_row_of_odd_characters_leaves_room_for_words():
    odd = "犇骉羴鱻麤毳淼焱垚"
    assert len(words(odd)) == MOST_OF_ONE
    assert words(f"{odd}，今天聊聊宣纸、毛笔、砚台")[-3:] == ("宣纸", "毛笔", "砚台")


@pytest.mark.parametrize(("people", "told"), [(2, False), (3, True)], ids=["two", "three"])
def test_a_word_is_a_topic_once_three_people_used_it(week, people, told):
    for number in range(2, 2 + people):
        for _ in range(5):
            week.said(person(number), 26, "龙井真香啊")
    week.happens()
    assert ("龙井" in week.told()) == told


def test_one_person_on_many_days_is_one_person(week):
    for day in range(23, 29):
        week.said(person(2), day, "龙井真香啊")
    week.happens()
    assert "龙井" not in week.told()


def test_what_bots_say_and_what_members_check_in_with_is_no_topic(week):
    for number in range(2, 6):
        week.said(person(number), 26, "打卡 今日读了论语")
    for _ in range(5):
        week.said(BOT, 26, "普洱茶饼大促")
    week.happens()
    assert "🔥" not in week.told()


def test_a_members_name_is_no_topic(week):
    week.said(person(9, "龙井"), 25, "我来了呀")
    for number in range(2, 6):
        week.said(person(number), 26, "龙井说得真好啊")
    week.happens()
    assert "🔥" not in week.told()


def test_no_text_is_kept_and_words_are_forgotten_after_eight_days(week):
    week.said(person(2), 10, "春雨惊春清谷天夏满芒夏暑相连")
    week.said(person(2), 26, "茶凉了再续一杯")
    week.happens()
    kept = SqlRollups(week.store).records(["reading"], TOPICS)["reading"]
    assert set(kept.days) == {"2026-03-26"}
    assert all(len(word) <= 6 for word in kept.days["2026-03-26"])


def test_the_words_of_a_day_are_bounded(week):
    for n in range(90):
        week.said(
            person(2 + n % 5), 26, " ".join(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}{chr(97 + k)}q" for k in range(12))
        )
    week.happens()
    kept = SqlRollups(week.store).records(["reading"], TOPICS)["reading"]
    assert 0 < len(kept.days["2026-03-26"]) <= MOST_WORDS


def test_a_word_inside_a_longer_one_is_left_out():
    kept = Topics({"2026-03-26": {"兰亭": ("a", "b", "c"), "兰亭集序": ("a", "b", "c"), "茶": ("a",)}})
    assert hottest(kept, WEEK, 5) == (("兰亭集序", 3),)
    assert hottest(kept, WEEK, 5, frozenset({"兰亭集序"})) == (), "no piece of a name is a topic either"


def test_of_the_pieces_of_a_new_word_the_longest_that_people_use_is_told():
    three, two = ("a", "b", "c"), ("d", "e")
    pieces = {"沪牌": three, "沪牌摇": three, "沪牌摇号": three, "牌摇号": three, "摇号": (*three, *two)}
    assert hottest(Topics({"2026-03-26": pieces}), WEEK, 5) == (("沪牌摇号", 3),), "two people are too few for 摇号"
    pieces["摇号"] += ("f",)
    assert hottest(Topics({"2026-03-26": pieces}), WEEK, 5) == (("摇号", 6), ("沪牌摇号", 3))


def open_questions(week):
    found = SqlRollups(week.store).records(["reading"], QUESTIONS)
    return [one.message for one in found["reading"].open] if "reading" in found else []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("茶会几点开始？", True),
        ("When do we start?", True),
        ("茶会几点开始？ ", True),
        ("啊？", False),
        ("/start now?", False),
        ("几点开始呢", True),
        ("几点开始都行", False),
        ("we start at eight", False),
    ],
    ids=["full-width", "half-width", "a space behind", "too short", "a command", "no mark", "open", "no question"],
)
def test_a_question_is_heard_with_a_mark_or_without_one(week, text, is_one):
    asked = week.said(person(2), 26, text)
    week.happens()
    assert open_questions(week) == ([asked.message] if is_one else [])


def test_a_reply_of_somebody_else_answers_it(week):
    one, other = (week.said(person(2), 26, f"第{n}个问题是什么？") for n in (1, 2))
    week.said(person(3), 26, "是这个", to=one)
    week.said(person(2), 26, "补充一下", to=other)
    week.happens()
    assert open_questions(week) == [other.message]


def test_questions_of_staff_and_bots_are_not_counted(week):
    week.said(STAFF, 26, "大家今天读了吗？")
    week.said(BOT, 26, "需要帮助吗？")
    week.happens()
    assert open_questions(week) == []


def test_a_question_that_is_deleted_is_none(week):
    asked = week.said(person(2), 26, "这个还能问吗？")
    week._events.append(
        MessageDeleted(id="d", at=asked.at + timedelta(hours=1), group="reading", message=asked.message)
    )
    week.happens()
    assert open_questions(week) == []


def test_questions_are_forgotten_after_seven_days(week):
    week.said(person(2), 10, "很久以前的问题？")
    new = week.said(person(2), 26, "新的问题是什么？")
    week.happens()
    assert open_questions(week) == [new.message]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        pytest.param("-1001234567890", "https://t.me/c/1234567890/{}", id="supergroup"),
        pytest.param("@reading", "https://t.me/reading/{}", id="public"),
        pytest.param("-77", "", id="basic group"),
        pytest.param("-1001234567", "", id="basic group whose number begins as supergroups' do"),
    ],
)
def test_a_question_is_linked_where_the_platform_has_links(week, address, link):
    week.store.set_address("reading", "telegram", address)
    asked = week.said(person(2), 26, "茶会几点开始？")
    week.happens(SUNDAY)
    told = week.told()
    assert "❓ 还没人回复的提问 1 个" in told
    assert ("t.me" in told) == bool(link)
    if link:
        assert f"1. 3月26日 09:00 {link.format(asked.message)}" in told


def test_a_question_of_the_chat_that_the_group_left_has_no_link_into_the_one_where_it_is_now(week):
    for address in ("-1001000000009", "-1001234567890"):
        week.store.set_address("reading", "telegram", address)
    week.said(person(2), 26, "茶会几点开始？")
    week.happens(SUNDAY)
    told = week.told()
    assert "❓ 还没人回复的提问 1 个" in told
    assert "t.me" not in told


def test_only_the_period_counts(week):
    week.said(person(2), 26, "茶会几点开始？")
    week.happens(SUNDAY + timedelta(days=3))
    assert "❓" not in replace_week(week)


def replace_week(week):
    """The digest of the week after."""
    week.group = replace(week.group)
    return week.told(at=SUNDAY + timedelta(days=7))
