"""Leave and days made up are for whoever writes: who names somebody else gets none of them, and is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.people import Account, Actor, ActorKind
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp, bot
from workflows.check_in_words import Lexicon

RULES: dict[str, Any] = {
    "name": {"zh": "晨读", "en": "Morning reading"},
    "points": 2,
    "late": {"within": "3d"},
    "leave": {},
}
ADA = Actor(account=Account("telegram:ada"), name="Ada", username="ada", language="en")
CHEN = Actor(account=Account("telegram:chen"), name="陈小明（三班）")
NOBODY_ELSES = "这个要本人来说：请 小王 自己发「{}」。这次什么都没记。"


def camp(**more: Any) -> Camp:
    """A camp in which 小王, 老李, Ada, 陈小明 and an admin have been since the first of March."""
    made = Camp(morning={**RULES, **more})
    for who in (WANG, LI, ADA, CHEN, ADMIN):
        made.joins("2026-03-01 07:00", who)
        made.says("2026-03-02 07:00", "打卡", who)
    return made


def excused(made: Camp, who: Actor) -> list[str]:
    kept = made.kept(who)
    return [day.isoformat() for day in kept.excused] if kept is not None else []


@pytest.mark.parametrize(
    "text",
    [
        "请假 小王三天",
        "请假 小王 明天",
        "请假 小王",
        "请假小王",
        "请假：小王、老李",
        "请假：小王 3天",
        "请假 小王：三天",
        "我请假 小王三天",
    ],
)
def test_leave_for_somebody_else_is_nobodys(text: str) -> None:
    made = camp()
    made.says("2026-03-03 07:00", text, LI)
    assert (excused(made, LI), excused(made, WANG)) == ([], [])
    heard = text != "请假小王"
    assert (made.last == NOBODY_ELSES.format("请假")) is heard


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("请假 小王三天", ["2026-03-03", "2026-03-04", "2026-03-05"]),
        ("请假 小王 明天", ["2026-03-04"]),
        ("请假：小王", ["2026-03-03"]),
        ("请假 出差三天", ["2026-03-03", "2026-03-04", "2026-03-05"]),
        ("请假 感冒三天了", []),
        ("请假 老家有事", ["2026-03-03"]),
        ("请假 小病", ["2026-03-03"]),
        ("请假 发烧", ["2026-03-03"]),
        ("请假 明天 小王代班", ["2026-03-04"]),
    ],
)
def test_ones_own_name_is_passed_over_and_a_reason_is_no_name(text: str, days: list[str]) -> None:
    made = camp()
    made.says("2026-03-03 07:00", text, WANG)
    assert excused(made, WANG) == days


@pytest.mark.parametrize("text", ["请假 小陈三天", "请假 小明三天"])
def test_who_is_called_by_a_part_of_their_name_takes_their_own(text: str) -> None:
    made = camp()
    made.says("2026-03-03 07:00", text, CHEN)
    assert excused(made, CHEN)[:1] == ["2026-03-03"]


def test_a_part_of_ones_own_name_is_passed_over_before_the_days() -> None:
    made = camp()
    made.says("2026-03-03 07:00", "请假 小明三天", CHEN)
    assert excused(made, CHEN) == ["2026-03-03", "2026-03-04", "2026-03-05"]


def test_a_name_of_nobody_here_that_sounds_like_one_is_nobodys_leave() -> None:
    made = camp()
    made.says("2026-03-03 07:00", "请假 老周三天", LI)
    assert excused(made, LI) == []
    assert "请 老周 自己发「请假」" in made.last


def test_an_admin_or_the_assistant_who_is_asked_is_passed_over() -> None:
    robot = bot("yaji")
    for asked, name in ((ADMIN, "@管理员"), (robot, "@yaji")):
        made = camp()
        made.says("2026-03-03 07:00", f"请假 {name} 明天出差", LI, mentions=(asked,))
        assert excused(made, LI) == ["2026-03-04"]
    made = camp()
    made.says("2026-03-03 07:00", "请假 管理员 明天出差", LI)
    made.says("2026-03-03 07:00", "请假 @nobody 5号", LI)
    assert excused(made, LI) == ["2026-03-04", "2026-03-05"]
    assert robot.kind is ActorKind.BOT


def test_who_is_mentioned_is_meant() -> None:
    made = camp()
    made.says("2026-03-03 07:00", "请假 @ada 三天", LI, mentions=(ADA,))
    assert excused(made, LI) == excused(made, ADA) == []
    assert made.last == "这个要本人来说：请 Ada 自己发「请假」。这次什么都没记。"
    made = camp(leave={"keyword": ["leave"]})
    made.says("2026-03-03 07:00", "leave @小王 tomorrow", ADA, mentions=(WANG,))
    assert excused(made, ADA) == []
    assert made.last == 'That is for everyone to say themselves: 小王 can send "leave". Nothing was noted.'
    made.says("2026-03-03 07:01", "leave @ada tomorrow", ADA, mentions=(ADA,))
    assert excused(made, ADA) == ["2026-03-04"]


def test_a_long_name_is_looked_up_whole() -> None:
    made, other = camp(), Actor(account=Account("telegram:chris"), name="Christopher")
    made.joins("2026-03-02 07:00", other)
    made.says("2026-03-03 07:00", "请假 Christopher", LI)
    assert (excused(made, LI), made.last) == ([], "这个要本人来说：请 Christopher 自己发「请假」。这次什么都没记。")


def test_an_admin_hears_how_it_is_done_for_others() -> None:
    made = camp()
    made.says("2026-03-03 07:00", "请假 小王三天", ADMIN)
    assert excused(made, ADMIN) == excused(made, WANG) == []
    assert made.last == f"{NOBODY_ELSES.format('请假')}\n管理员可以替人办：/打卡 免 @小王 2026-03-03 原因"


@pytest.mark.parametrize("text", ["补卡 小王昨天", "补卡 小王", "补卡：小王 3月3日"])
def test_a_day_is_made_up_by_whoever_missed_it(text: str) -> None:
    made = camp()
    made.says("2026-03-04 07:00", text, LI)
    assert (made.dates(LI), made.last) == (["2026-03-02"], NOBODY_ELSES.format("补卡"))
    made.says("2026-03-04 07:01", text, WANG)
    assert made.dates(WANG) == ["2026-03-02", "2026-03-03"]


def test_it_is_said_in_english_too() -> None:
    made = camp()
    made.says("2026-03-03 07:00", "请假 小王三天", ADA)
    assert made.last == ('That is for everyone to say themselves: 小王 can send "take leave". Nothing was noted.')


SEND_AGAIN = "想打卡的话，请再发一条「打卡」～"


def mentions(text: str, who: Actor, *mentioned: Actor, **more: Any) -> Camp:
    made = Camp(morning={**RULES, **more})
    made.says("2026-03-02 07:00", text, who, mentions=mentioned)
    return made


@pytest.mark.parametrize("text", ["@小王 打卡", "@小王 打卡！", "@小王 打咔", "@小王 今天打卡"])
def test_a_bare_word_to_who_is_mentioned_counts_for_nobody(text: str) -> None:
    made = mentions(text, LI, WANG)
    assert (made.dates(LI), made.last) == ([], SEND_AGAIN)
    assert made.reasons() == ["may be said to the member who is mentioned"]
    made.says("2026-03-02 07:01", "打卡", LI)
    said = len(made.said())
    made.says("2026-03-02 07:02", text, LI, mentions=(WANG,))
    assert len(made.said()) == said, "who is in for today is not asked"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@小王 我来打卡", WANG),
        ("@小王 我也打卡", WANG),
        ("@小王 第3天打卡", WANG),
        ("@小王 已打卡", WANG),
        ("@小王 打完卡了", WANG),
        ("@小王 打卡 读完第三章", WANG),
        ("打卡 @小王", WANG),
        ("@老李 打卡", LI),
        ("@yaji 打卡", bot("yaji")),
        ("@nobody 打卡", Actor(account=Account("telegram:@nobody"), name="nobody", username="nobody")),
    ],
)
def test_who_speaks_of_themselves_or_to_the_assistant_checks_in(text: str, who: Actor) -> None:
    assert mentions(text, LI, who).dates(LI) == ["2026-03-02"]


def test_a_picture_below_it_is_ones_own() -> None:
    made = Camp(morning={**RULES, "proof": {"or": ["photo"]}})
    made.says("2026-03-02 07:00", "@小王 打卡", LI, mentions=(WANG,), kind="photo")
    assert made.dates(LI) == ["2026-03-02"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("@ada check in again", []),
        ("@ada check in #javascript", []),
        ("@ada check in", []),
        ("@ada check in: two poems", ["2026-03-02"]),
        ("@ada check in - two poems", ["2026-03-02"]),
        ("@ada day 3 check in", ["2026-03-02"]),
        ("@ada check in 读完第三章", ["2026-03-02"]),
    ],
)
def test_in_english_too(text: str, days: list[str]) -> None:
    assert mentions(text, LI, ADA, keywords=["check in"]).dates(LI) == days


@pytest.fixture(scope="module")
def english() -> Lexicon:
    made = Lexicon()
    made.learn("leave", "daily", ("leave", "take leave"))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "leave!", "Leave!!", "leave...", "leave…", "leave... all of you", "leave because of the noise",
        "leave because it is boring", "leave due to the noise", "leave due tomorrow",
    ],
)  # fmt: skip
def test_who_is_sent_away_takes_no_leave(english: Lexicon, text: str) -> None:
    assert english.heard(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "leave", "leave.", "leave today!", "leave... sick today", "leave because I'm ill",
        "leave because of a bad fever", "leave because of my son's exam", "leave due to illness",
        "leave due to a family emergency",
        "take leave...", "I need leave because of the noise",
    ],
)  # fmt: skip
def test_who_says_why_takes_it(english: Lexicon, text: str) -> None:
    assert [ask.what for ask in english.heard(text)] == ["leave"]


@pytest.mark.parametrize("text", ["@管理员 打卡", "@管理员 签到！", "@班长 打卡"])
def test_who_checks_in_with_an_admin_has_the_day(text: str) -> None:
    assert mentions(text, LI, ADMIN).dates(LI) == ["2026-03-02"], "an admin who said nothing yet"
    made = camp()
    made.says("2026-03-03 07:00", text, LI, mentions=(replace(ADMIN, admin=False),))
    assert made.dates(LI) == ["2026-03-02", "2026-03-03"]


def test_a_name_that_no_platform_marked_is_looked_up() -> None:
    made = camp()
    made.says("2026-03-03 07:00", "@小王 打卡", LI)
    assert (made.dates(LI), made.last) == (["2026-03-02"], SEND_AGAIN)
    made.says("2026-03-03 07:01", "@管理员 打卡", WANG)
    assert made.dates(WANG) == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize("text", ["@所有人 打卡", "@全体成员 签到", "@all 打卡", "@所有人 今天打卡"])
def test_a_call_to_all_is_nobodys_check_in(text: str) -> None:
    made = mentions(text, LI)
    assert (made.dates(LI), made.last) == ([], SEND_AGAIN)


@pytest.mark.parametrize("text", ["@小王 打卡", "@所有人 打卡", "@所有人 打卡 今天写第三题"])
def test_an_admin_who_calls_others_is_not_told_to_check_in(text: str) -> None:
    made = mentions(text, ADMIN, WANG)
    assert (made.dates(ADMIN), made.said()) == ([], [])


def test_an_admin_who_tells_all_what_was_done_has_the_day() -> None:
    assert mentions("@所有人 打卡，我读完了第三章", ADMIN).dates(ADMIN) == ["2026-03-02"]


def test_a_word_of_two_challenges_is_asked_for_once() -> None:
    made = Camp(morning=RULES, evening=RULES)
    made.says("2026-03-02 07:00", "@小王 打卡", LI, mentions=(WANG,))
    assert made.said() == [SEND_AGAIN]
