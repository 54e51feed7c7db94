"""Where a quote can be typed by anybody, it names nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from core.engine import Engine
from tests.commands.group import ADA, BEN, Steered


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", "引用认不准是谁发的（谁都能打出一样的字），所以请在指令后面 @ TA，像这样：/警告 @名字。"),
        (
            "en",
            "A quote does not prove who wrote it, because anybody can type the like."
            " Please mention them behind the command, like this: /warn @name",
        ),
    ],
)
def test_who_quotes_a_member_reads_why_that_names_nobody(language: Literal["zh", "en"], wanted: str):
    group = Steered(language)
    group.engine = Engine(group.store, {"g": replace(group.group, numbered=("telegram",))})
    group.says(ADA, "/warn", quoted="buy my soap")
    assert group.told() == [wanted]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("/加减分 @ben 很多", "/加减分 @名字 +5 原因", "/points @name +5 why"),
        ("/等级 @ben 新", "/等级 设为 @名字 等级名", "/tier set @name tier"),
        ("/打卡 补 @ben 哪天", "/打卡 补 @名字 2026-03-02", "/checkin repair @name 2026-03-02"),
        ("/备注 @ben", "/备注 @名字 内容", "/note @name text"),
        ("/撤销", "请回复那条消息里「撤销」的编号，或者写 /撤销 @名字", "answer with the number of Undo in its line"),
        (
            "/警告 5550001 吵",
            "我在群里没见过 5550001。请从群成员列表里 @ TA。",
            "mention them from the list of members",
        ),
    ],
    ids=["points", "tier", "day", "note", "undo", "number"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_is_told_of_usernames_or_buttons_where_there_are_none(language, text: str, zh: str, en: str):
    group = Steered(language)
    group.says(BEN, "hello")
    group.engine = Engine(group.store, {"g": replace(group.group, numbered=("telegram",))})
    group.says(ADA, text, mentions=(BEN,) if "@ben" in text else ())
    (told,) = group.told()
    assert {"zh": zh, "en": en}[language] in told
    assert not [word for word in ("用户名", "username", "下面的", "under its") if word in told]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", "移出群没法撤销：我不能把人拉回来。群里的人可以再邀请 Ben。"),
        ("en", "because I cannot bring people back. Somebody in the group may invite Ben again."),
    ],
)
def test_where_nobody_comes_back_by_a_link_a_removal_is_told_to_take_an_invitation(
    language: Literal["zh", "en"], wanted: str
):
    group = Steered(language)
    group.says(BEN, "hello")
    group.engine = Engine(group.store, {"g": replace(group.group, numbered=("telegram",))})
    group.says(ADA, "/kick @ben", mentions=(BEN,))
    group.told()
    group.says(ADA, "/undo @ben", mentions=(BEN,))
    (told,) = group.told()
    assert wanted in told
