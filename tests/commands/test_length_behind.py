"""A length behind the reason counts, and a time that is no length is asked about: nothing lasts for ever by a slip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.effects import Ban, Mute, Say, plain
from tests.commands.group import ADA, BEN, GHOST, Steered
from workflows.length_behind import length_of

HOW = {"en": "How long?", "zh": "多久？"}
KEPT = {"en": "at most 365 days", "zh": "最长 365 天"}


@pytest.mark.parametrize(
    ("text", "seconds", "why"),
    [
        ("刷屏 7天", 604800, "刷屏"),
        ("刷屏 30分钟", 1800, "刷屏"),
        ("刷屏，30 分钟。", 1800, "刷屏"),
        ("刷屏（2小时）", 7200, "刷屏"),
        ("刷屏 半小时", 1800, "刷屏"),
        ("刷屏 2小时 谢谢", 7200, "刷屏"),
        ("發廣告 一個小時", 3600, "發廣告"),
        ("for spam 2h", 7200, "for spam"),
        ("spam, 2 hours", 7200, "spam"),
        ("spam (2h)", 7200, "spam"),
        ("spam for 2 hours", 7200, "spam"),
        ("spamming 2h", 7200, "spamming"),
        ("spam 2 hours and 30 minutes", 9000, "spam"),
        ("spam half an hour please", 1800, "spam"),
        ("broke rule 3, 2h", 7200, "broke rule 3"),
        ("太吵了 5分", 300, "太吵了"),
        ("2h spam", 7200, "spam"),
    ],
)
@pytest.mark.parametrize("verb", ["mute", "ban"])
@pytest.mark.parametrize("by_reply", [False, True], ids=["by name", "by reply"])
def test_a_length_behind_the_reason_is_the_length(text, seconds, why, verb, by_reply):
    group = Steered()
    group.says(ADA, f"/{verb} {text}" if by_reply else f"/{verb} @ben {text}", to=BEN if by_reply else None)
    effects = group.effects()
    (done,) = [effect for effect in effects if isinstance(effect, Mute | Ban)]
    assert (done.member, done.span) == (BEN.account, timedelta(seconds=seconds))
    assert plain(effects[0].words).endswith(f"Why: {why}")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("who", [ADA, GHOST], ids=["an admin", "as the group"])
@pytest.mark.parametrize("verb", ["mute", "封禁"])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        *(
            (text, HOW)
            for text in (
                "today",
                "tonight",
                "tonight, spam",
                "overnight",
                "tomorrow",
                "for a while",
                "for quite a while",
                "for a bit",
                "a while",
                "this week",
                "for the weekend",
                "for the rest of the day",
                "until tomorrow",
                "till Friday",
                "spam tonight",
                "spam, today",
                "spam today",
                "spam for a while",
                "spam until tomorrow",
                "spam till 17:00",
                "spam a few days",
                "spam 1.5h",
                "posts ads every 5 minutes",
                "has been spamming for 3 days",
                "今天",
                "今晚",
                "今晚 刷屏",
                "明天",
                "一会儿",
                "先一会儿",
                "一下",
                "一阵子",
                "这周末",
                "到明天",
                "刷屏 今晚",
                "刷屏，今天",
                "刷屏 一会儿",
                "刷屏 到明天",
                "刷屏到周五",
                "刷屏 几天",
                "刷屏7天",
                "连续刷屏三天",
            )
        ),
        ("spam 10s", KEPT),
        ("刷屏 400天", KEPT),
    ],
)
def test_what_may_be_a_length_is_asked_about_and_nothing_is_done(text, wanted, verb, who, language):
    group = Steered(language)
    group.says(who, f"/{verb} @ben {text}")
    (effect,) = group.effects()
    assert isinstance(effect, Say)
    assert wanted[language] in plain(effect.words)
    assert not effect.choices


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "/mute spam tonight",
            "How long? A time at the end of the reason may be meant as one: write it right behind whom you mean, like "
            "30m, 2h or 7 days. If it belongs to the reason, put another word behind it. Nothing was done.",
        ),
        (
            "zh",
            "/禁言 刷屏 今晚",
            "多久？理由末尾的时间可能是时长：请把它写在人后面，像 30m、2h、7d，或 30分钟、2小时、7天。"
            "要是它属于理由，请在后面加个词。这次什么都没有做。",
        ),
    ],
)
def test_by_reply_it_is_asked_too_with_how_to_write_it(language, text, words):
    group = Steered(language)
    group.says(ADA, text, to=BEN)
    assert group.told() == [words]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spam",
        "forever",
        "for ever",
        "for now",
        "permanently",
        "spam until further notice",
        "did not stop until I asked",
        "today's spam",
        "posted ads twice today",
        "a bit rude",
        "a while ago he promised to stop",
        "spamming all day",
        "broke rule 3",
        "违反第3条",
        "吵到第 3 天",
        "永久",
        "今天刷屏",
        "今晚一直刷屏",
        "直到他道歉",
        "posted the same ad 3 days ago",
    ],
)
def test_what_is_no_length_leaves_it_to_the_admins_to_end_it(text):
    group = Steered()
    group.says(ADA, f"/mute @ben {text}".rstrip())
    (mute,) = [effect for effect in group.effects() if isinstance(effect, Mute)]
    assert mute.span is None


@pytest.mark.parametrize(("text", "wanted"), [("/pause today", True), ("/暂停 今晚", True), ("/pause raid!", False)])
def test_a_pause_until_some_time_is_asked_about(text, wanted):
    group = Steered()
    group.says(ADA, text)
    assert ("How long?" in group.told()[0]) is wanted


def test_words_of_any_length_are_read_at_once():
    for text in ("a" * 4000, " 1" * 2000, "1 " * 2000 + "h", "一" * 4000, "please " * 600, "x" + " " * 4000 + "2h"):
        length_of(text)
    assert length_of("x " * 2000 + "2h").span == timedelta(hours=2)
