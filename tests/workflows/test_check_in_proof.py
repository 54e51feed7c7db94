"""Proof: enough words, or a picture, in one message or in two; edits and deletions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.effects import Say
from core.engine import Engine
from core.people import Account, Actor
from tests.workflows.check_in_camp import ADMIN, LI, WORDS, Camp

PROVEN: dict[str, Any] = {"points": 5, "window": "05:30-09:00", "proof": {"min_chars": 10, "or": ["photo", "voice"]}}


@pytest.mark.parametrize(
    ("text", "kind", "counts"),
    [
        ("打卡 今天读了十页书，很开心", "text", True),
        ("打卡 今天读了十页", "text", False),
        ("打卡 。。。。。。。。。。。。", "text", False),
        ("打卡 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", "text", False),
        ("打卡 https://example.org/my-notes", "text", True),
        ("打卡", "photo", True),
        ("打卡", "voice", True),
        ("打卡", "sticker", False),
        ("今天读了第三章的前十页内容", "photo", False),
    ],
    ids=[
        "words",
        "few words",
        "dots",
        "emoji",
        "a link",
        "photo with caption",
        "voice",
        "sticker",
        "photo without keyword",
    ],
)
def test_what_proves_a_check_in(text: str, kind: Any, counts: bool) -> None:
    camp = Camp(morning=PROVEN)
    camp.says("2026-03-02 07:00", text, kind=kind)
    assert camp.dates() == (["2026-03-02"] if counts else [])


def test_keyword_then_photo() -> None:
    camp = Camp(morning=PROVEN)
    camp.says("2026-03-02 07:00", "打卡")
    assert camp.said() == []
    camp.shows("2026-03-02 07:01")
    assert camp.dates() == ["2026-03-02"]
    camp.until("2026-03-02 08:00")
    assert camp.said() == ["✅ 小王 morning连续第 1 天，+5 分"], "and no word about anything missing"


def test_photo_then_keyword() -> None:
    camp = Camp(morning=PROVEN)
    camp.shows("2026-03-02 07:00")
    camp.says("2026-03-02 07:09", "打卡")
    assert camp.dates() == ["2026-03-02"]


@pytest.mark.parametrize("first", ["keyword", "photo"])
def test_too_far_apart_is_no_pair(first: str) -> None:
    camp = Camp(morning=PROVEN)
    if first == "keyword":
        camp.says("2026-03-02 07:00", "打卡")
        camp.shows("2026-03-02 07:11")
    else:
        camp.shows("2026-03-02 07:00")
        camp.says("2026-03-02 07:11", "打卡")
    assert camp.dates() == []


def test_somebody_elses_photo_is_no_proof() -> None:
    camp = Camp(morning=PROVEN)
    camp.says("2026-03-02 07:00", "打卡")
    camp.shows("2026-03-02 07:01", who=LI)
    assert camp.dates() == []
    assert camp.dates(LI) == []


def test_one_photo_proves_one_day() -> None:
    camp = Camp(morning={**PROVEN, "window": None, "proof": {"or": ["photo"], "pair_within": "1h"}})
    camp.shows("2026-03-02 23:50")
    camp.says("2026-03-02 23:55", "打卡")
    camp.says("2026-03-03 00:05", "打卡")
    assert camp.dates() == ["2026-03-02"]


@pytest.mark.parametrize("first", ["keyword", "photo"])
def test_one_pair_proves_all_challenges_it_is_about(first: str) -> None:
    camp = Camp(morning=PROVEN, daily={**PROVEN, "window": None})
    if first == "keyword":
        camp.says("2026-03-02 07:00", "打卡")
        camp.shows("2026-03-02 07:01")
    else:
        camp.shows("2026-03-02 07:00")
        camp.says("2026-03-02 07:01", "打卡")
    assert camp.dates() == camp.dates(challenge="daily") == ["2026-03-02"]
    camp.until("2026-03-02 12:00")
    assert len(camp.said()) == 2


def test_the_keywords_time_decides() -> None:
    camp = Camp(morning=PROVEN)
    camp.says("2026-03-02 08:59", "打卡")
    camp.shows("2026-03-02 09:05")
    assert camp.dates() == ["2026-03-02"]


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (
            {"min_chars": 10},
            "光说「打卡」还不算哦，在它后面写上今天的内容（至少 10 个字），编辑这条消息或重新发一条都行～",
        ),
        ({"or": ["photo"]}, "还差一张图，补发一下这次打卡就算数啦～"),
        ({"or": ["photo", "voice"]}, "还差一张图或一段语音，补发一下这次打卡就算数啦～"),
        ({"or": ["file", "video", "audio"]}, "还差一个文件、一段视频或一段音频，补发一下这次打卡就算数啦～"),
        (
            {"min_chars": 10, "or": ["photo"]},
            "还差一点点：补发一张图，或者再发一次「打卡」，后面写上今天的内容（至少 10 个字）～",
        ),
    ],
    ids=["words", "photo", "two kinds", "three kinds", "either"],
)
def test_a_bare_word_is_gently_answered_after_a_while(proof: dict[str, Any], said: str) -> None:
    camp = Camp(morning={**PROVEN, "proof": proof})
    message = camp.says("2026-03-02 07:00", "打卡")
    camp.until("2026-03-02 07:01")
    assert camp.said() == []
    camp.until("2026-03-02 12:00")
    assert camp.said() == [said]
    answer = camp.effects()[0]
    assert isinstance(answer, Say)
    assert answer.reply_to == message


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "光说「打卡」还不算哦，请再发一条，在它后面写上今天的内容（至少 10 个字）～"),
        ("en", "“打卡” alone does not count yet. Please send it once more with a few lines about today behind it"),
    ],
)
def test_where_no_message_can_be_edited_nobody_is_told_to(language: str, said: str) -> None:
    camp = Camp(morning={**PROVEN, "proof": {"min_chars": 10}})
    camp.group = replace(camp.group, numbered=("telegram",))
    camp.engine = Engine(camp.store, {"camp": camp.group})
    ann = Actor(account=Account("telegram:7"), name="Ann", language=language)
    camp.says("2026-03-02 07:00", "打卡", ann)
    camp.until("2026-03-02 12:00")
    (told,) = camp.said()
    assert told.startswith(said)


def test_what_is_missing_is_said_in_the_member_s_language() -> None:
    camp = Camp(morning={**PROVEN, "keywords": ["打卡", "practice"], "proof": {"or": ["photo"]}})
    ann = Actor(account=Account("telegram:7"), name="Ann", language="en")
    camp.says("2026-03-02 07:00", "practice", ann)
    camp.until("2026-03-02 12:00")
    assert camp.said() == ["Nearly there: send a picture, and this check-in counts."]


def test_who_waited_for_proof_hears_nothing_more_once_none_is_asked_for() -> None:
    camp = Camp(morning=PROVEN)
    camp.says("2026-03-02 07:00", "打卡")
    camp.changes(morning={"points": 5})
    camp.says("2026-03-02 07:01", "打卡")
    camp.changes(morning=PROVEN)
    camp.until("2026-03-02 12:00")
    assert camp.dates() == ["2026-03-02"]
    assert len(camp.said()) == 1


def test_a_photo_from_before_a_check_in_that_needed_none_proves_nothing_afterwards() -> None:
    camp = Camp(morning=PROVEN, evening={"points": 1, "keywords": "晚课", "proof": {"or": ["photo"]}})
    camp.shows("2026-03-02 07:00")
    camp.changes(morning={"points": 5})
    camp.says("2026-03-02 07:01", "打卡")
    camp.changes(morning=PROVEN, evening={"points": 1, "keywords": "晚课", "proof": {"or": ["photo"]}})
    camp.says("2026-03-02 07:02", "晚课")
    assert camp.dates() == ["2026-03-02"]
    assert camp.dates(challenge="evening") == []


def test_a_photo_whose_caption_is_an_order_about_check_ins_waits_for_its_keyword() -> None:
    camp = Camp(morning=PROVEN)
    camp.says("2026-03-02 07:00", "/checkin repair", ADMIN, kind="photo")
    camp.says("2026-03-02 07:01", "打卡", ADMIN)
    assert camp.dates(who=ADMIN) == ["2026-03-02"]


def test_an_album_with_the_caption_on_any_part_counts_once() -> None:
    camp = Camp(morning=PROVEN)
    for caption in ("", "打卡", ""):
        camp.says("2026-03-02 07:00", caption, kind="photo", album="a")
    assert camp.dates() == ["2026-03-02"]
    assert camp.points() == 5


@pytest.mark.parametrize("first", ["keyword", "photo"])
def test_a_photo_in_private_is_no_half_of_a_check_in(first: str) -> None:
    camp = Camp(morning=PROVEN)
    if first == "keyword":
        camp.says("2026-03-02 07:00", "打卡")
    camp.says("2026-03-02 07:01", "", kind="photo", private=True)
    if first == "photo":
        camp.says("2026-03-02 07:02", "打卡")
    assert camp.dates() == []


# Edits


def test_an_edit_completes_what_was_missing() -> None:
    camp = Camp(morning=PROVEN)
    message = camp.says("2026-03-02 07:00", "打卡")
    camp.edits("2026-03-02 07:30", message, WORDS)
    camp.until("2026-03-02 08:00")
    assert camp.dates() == ["2026-03-02"]
    assert len([text for text in camp.said() if text.startswith("✅")]) == 1


@pytest.mark.parametrize("local", ["2026-03-02 09:30", "2026-03-03 07:00"], ids=["after the window", "the next day"])
def test_an_edit_too_late_completes_nothing(local: str) -> None:
    camp = Camp(morning=PROVEN)
    message = camp.says("2026-03-02 07:00", "打卡")
    camp.edits(local, message, WORDS)
    assert camp.dates() == []


def test_an_edit_of_another_message_completes_nothing() -> None:
    camp = Camp(morning=PROVEN)
    other = camp.says("2026-03-02 06:50", "早")
    camp.says("2026-03-02 07:00", "打卡")
    camp.edits("2026-03-02 07:30", other, WORDS)
    assert camp.dates() == []


def test_an_edit_never_counts_again() -> None:
    camp = Camp(morning={"points": 5})
    message = camp.says("2026-03-02 07:00", "打卡")
    camp.edits("2026-03-02 08:00", message, "打卡 改了个错字")
    camp.edits("2026-03-03 08:00", message, "打卡 又改了个错字")
    assert camp.dates() == ["2026-03-02"]
    assert len(camp.said()) == 1


def test_an_old_message_cannot_be_edited_into_a_check_in() -> None:
    camp = Camp(morning={"points": 5})
    message = camp.says("2026-03-01 07:00", "早")
    camp.edits("2026-03-02 08:00", message, "打卡")
    assert list(camp.store.facts("camp")) == []


# Deletions


def test_a_deleted_check_in_is_withdrawn_with_its_points() -> None:
    camp = Camp(morning={"points": 5, "on_delete": "withdraw", "streak": {"bonus": {3: 10}}})
    camp.days("2026-03-02", 2, text="打卡")
    message = camp.says("2026-03-04 07:00", "打卡")
    assert (camp.streak(), camp.points()) == (3, 25)
    camp.deletes("2026-03-04 08:00", message)
    assert (camp.streak(), camp.points()) == (2, 10)
    assert camp.dates() == ["2026-03-02", "2026-03-03"]
    camp.says("2026-03-04 09:00", "打卡")
    assert (camp.streak(), camp.points()) == (3, 25), "the day can be had again, and its bonus"
    camp.says("2026-03-04 09:01", "打卡")
    assert camp.points() == 25


def test_another_message_that_is_deleted_withdraws_nothing() -> None:
    camp = Camp(morning={"points": 5, "on_delete": "withdraw"})
    camp.says("2026-03-02 07:00", "打卡")
    camp.deletes("2026-03-02 08:00", camp.says("2026-03-02 07:30", "早"))
    assert (camp.streak(), camp.points(), camp.dates()) == (1, 5, ["2026-03-02"])


def test_the_only_check_in_can_be_withdrawn() -> None:
    camp = Camp(morning={"points": 5, "on_delete": "withdraw"})
    camp.deletes("2026-03-02 08:00", camp.says("2026-03-02 07:00", "打卡"))
    assert (camp.streak(), camp.points(), camp.dates()) == (0, 0, [])


@pytest.mark.parametrize(
    ("on_delete", "local"),
    [("keep", "2026-03-02 08:00"), ("withdraw", "2026-03-03 08:00")],
    ids=["the operator keeps it", "the day is over"],
)
def test_a_deleted_check_in_stays(on_delete: str, local: str) -> None:
    camp = Camp(morning={"points": 5, "on_delete": on_delete})
    camp.deletes(local, camp.says("2026-03-02 07:00", "打卡"))
    assert camp.dates() == ["2026-03-02"]
    assert camp.points() == 5


def test_deleting_another_message_withdraws_nothing() -> None:
    camp = Camp(morning={"points": 5, "on_delete": "withdraw"})
    camp.says("2026-03-02 07:00", "打卡")
    camp.deletes("2026-03-02 08:00", camp.says("2026-03-02 07:30", "早上好"))
    camp.deletes("2026-03-02 08:00", "m1", who=None)
    assert camp.dates() == ["2026-03-02"]
