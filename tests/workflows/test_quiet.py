"""Who does not want to be reminded is not, by anything that reminds; and those whose streak is about to end hear it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.effects import Say
from core.engine import Engine
from core.events import Reply
from core.workflow import Bound
from tests.workflows.check_in_camp import LI, WANG, Camp, bot, person
from workflows import quiet
from workflows.commands import SLASHES

REMIND: dict[str, Any] = {"name": "晨读", "remind": {"at": "20:00"}}
DANGER: dict[str, Any] = {"name": "晨读", "streak": {"worth_saying": 3, "danger": {"at": "20:00"}}}


def camp(**more: Any) -> Camp:
    """A camp that also hears who does not want to be reminded."""
    made = Camp(**more)
    made.group = replace(made.group, runs=(*made.group.runs, Bound(quiet.workflow, quiet.Reminded())))
    made.engine = Engine(made.store, {"camp": made.group})
    return made


def notices(made: Camp) -> list[str]:
    return [text for text in made.said() if text.startswith(("⏰", "🔥"))]


LISTED = [f"{slash}{word}" for slash in SLASHES for word in quiet.COMMANDS[0].words]
"""What menus, help and the pages name."""
BLANK = [" 别提醒我", "  别提醒我", "\n退订提醒", "\u3000stop reminders", " /reminders off"]


@pytest.mark.parametrize(
    "word", ["退订提醒", "别提醒我", "Stop  Reminders", "/reminders off", "退订提醒！", *BLANK, *LISTED]
)
def test_who_said_no_is_not_named_any_more(word: str) -> None:
    made = camp(morning=REMIND)
    for who in (WANG, LI):
        made.says("2026-03-02 07:00", "打卡", who)
    made.says("2026-03-02 08:00", word, WANG)
    assert made.last == "好的，以后不再提醒你。想恢复时发「恢复提醒」。"
    made.until("2026-03-03 22:00")
    assert notices(made) == ["⏰「晨读」还没打卡的小伙伴： @老李"]


@pytest.mark.parametrize("text", ["取消提醒", "不用提醒我了", "别再@我了", "no reminders please", "don't ping me"])
def test_who_wants_to_be_left_alone_is_heard_in_their_own_words_and_told_the_way_back(text: str) -> None:
    language = "en" if text.isascii() else "zh"
    made = camp(morning=REMIND, languages=(language,))
    for who in (WANG, LI):
        made.says("2026-03-02 07:00", "打卡", who)
    made.says("2026-03-02 08:00", text, WANG)
    assert ("恢复提醒" if language == "zh" else "resume reminders") in made.last
    made.until("2026-03-03 22:00")
    assert len(notices(made)) == 1
    assert notices(made)[0].endswith("@老李")


@pytest.mark.parametrize("more", [{"reply_to": Reply(message="7", author=LI)}, {"mentions": (LI,)}])
def test_what_is_said_to_another_member_is_for_them(more: dict[str, Any]) -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", "别再@我了", **more)
    made.until("2026-03-03 22:00")
    assert notices(made) == ["⏰「晨读」还没打卡的小伙伴： @小王"]


def test_who_mentions_themselves_speaks_to_nobody_else() -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", "别再@我了", mentions=(WANG,))
    made.until("2026-03-03 22:00")
    assert notices(made) == []


def test_an_answer_to_the_assistant_is_for_it() -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", "别催了", reply_to=Reply(message="7", author=bot("assistant")))
    made.until("2026-03-03 22:00")
    assert notices(made) == []


@pytest.mark.parametrize("text", ["别催了", "别催", "不要再催啦", "leave me alone"])
def test_what_members_say_to_each_other_is_a_wish_to_the_assistant_alone(text: str) -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    said = len(made.said())
    made.says("2026-03-02 08:00", text)
    assert len(made.said()) == said
    for more in ({"mentions": (bot("assistant"),)}, {"private": True}):
        made = camp(morning=REMIND)
        made.says("2026-03-02 07:00", "打卡")
        made.says("2026-03-02 08:00", text, **more)
        made.until("2026-03-03 22:00")
        assert notices(made) == [], more


@pytest.mark.parametrize("text", ["别催我了", "别催打卡了"])
def test_who_says_what_they_are_pressed_for_is_heard_in_the_group(text: str) -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", text)
    made.until("2026-03-03 22:00")
    assert notices(made) == []


@pytest.mark.parametrize(("text", "private", "named"), [("stop", True, 0), ("/stop", True, 0), ("stop", False, 1)])
def test_a_single_word_is_enough_in_private(text: str, private: bool, named: int) -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", text, private=private)
    made.until("2026-03-03 22:00")
    assert len(notices(made)) == named


def test_who_said_no_is_not_named_when_a_streak_was_lost() -> None:
    made = camp(morning={"name": "晨读", "streak": {"say_broken": True, "worth_saying": 2}})
    for who in (WANG, LI):
        made.days("2026-03-02", 3, text="打卡", who=who)
    made.says("2026-03-05 08:00", "退订提醒", WANG)
    made.until("2026-03-06 12:00")
    assert [text for text in made.said() if "断" in text] == [
        "「晨读」的连续打卡昨天断了，没关系，今天重新开始： @老李"
    ]


def test_who_said_yes_again_is_named_again() -> None:
    made = camp(morning=REMIND, languages=("en",))
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", "stop reminders")
    made.says("2026-03-02 08:01", "resume reminders")
    made.until("2026-03-03 22:00")
    assert made.said()[1:] == [
        "You will not be reminded any more. Write “resume reminders” to change that.",
        "You will be reminded again. Write “stop reminders” to change that.",
        "⏰ 晨读, still missing today: @小王",
    ]


def test_if_nobody_else_is_missing_nothing_is_said() -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", "退订提醒")
    made.until("2026-03-05 22:00")
    assert notices(made) == []


@pytest.mark.parametrize("text", ["退订提醒吧", "please stop reminders", "打卡", "！别提醒我", "~退订提醒"])
def test_other_words_change_nothing(text: str) -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 08:00", text)
    made.until("2026-03-03 22:00")
    assert notices(made) == ["⏰「晨读」还没打卡的小伙伴： @小王"]


def test_bots_have_no_wishes() -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 08:00", "退订提醒", bot("b"))
    assert made.said() == []


def test_a_streak_that_ends_today_is_told_of_once_and_in_time() -> None:
    made = camp(morning=DANGER)
    made.days("2026-03-02", 3, text="打卡")
    made.days("2026-03-03", 2, text="打卡", who=LI)
    made.until("2026-03-05 19:59")
    assert notices(made) == []
    made.until("2026-03-09 00:00")
    assert notices(made) == ["🔥 今天不打卡，「晨读」的连续记录就断了： @小王"]


def test_who_has_checked_in_or_is_saved_by_a_freeze_or_on_leave_hears_nothing() -> None:
    options = {**DANGER, "leave": {}, "streak": {**DANGER["streak"], "freezes": {"per_month": 1}}}
    made = camp(morning=options)
    third = person("小张")
    for who in (WANG, LI, third):
        made.days("2026-03-02", 3, text="打卡", who=who)
    made.says("2026-03-05 07:00", "打卡", LI)
    made.says("2026-03-05 07:00", "请假", third)
    made.until("2026-03-05 22:00")
    assert notices(made) == []
    made.says("2026-03-06 07:00", "打卡", third)
    made.until("2026-03-06 22:00")
    assert notices(made) == ["🔥 今天不打卡，「晨读」的连续记录就断了： @小王"], "the freeze was for yesterday"


def test_who_said_no_is_not_told_of_their_streak() -> None:
    made = camp(morning=DANGER)
    made.days("2026-03-02", 3, text="打卡")
    made.says("2026-03-04 08:00", "退订提醒")
    made.until("2026-03-05 22:00")
    assert notices(made) == []


def test_in_private_each_hears_it_alone_and_no_more_than_the_cap() -> None:
    made = camp(morning={**DANGER, "streak": {"danger": {"at": "20:00", "where": "private", "most": 1}}})
    made.days("2026-03-02", 3, text="打卡", who=LI)
    made.days("2026-03-01", 4, text="打卡")
    made.until("2026-03-05 22:00")
    found = [effect for effect in made.effects() if isinstance(effect, Say) and effect.to is not None]
    assert [(effect.to, effect.confidential) for effect in found] == [(WANG.account, True)]
    assert notices(made) == ["🔥 「晨读」你已连续打卡 4 天，今天还没打，现在还来得及！"]


def test_a_notice_after_the_window_is_refused() -> None:
    with pytest.raises(ValueError, match="closed"):
        Camp(morning={**DANGER, "window": "05:30-09:00"})


@pytest.mark.parametrize("word", ["/optout off", "/OptOut  Off", "取消退订"])
def test_who_takes_the_optout_back_is_reminded_again_and_told_so(word: str) -> None:
    made = camp(morning=REMIND)
    made.says("2026-03-02 07:00", "打卡", WANG)
    made.says("2026-03-02 08:00", "退订提醒", WANG)
    made.says("2026-03-02 08:05", word, WANG)
    assert "提醒" in made.last
    assert made.last != "好的，以后不再提醒你。想恢复时发「恢复提醒」。"
    made.until("2026-03-03 22:00")
    assert "小王" in notices(made)[0]
