"""What a platform leaves to people was asked for and not done: so it is told, and nothing of it is taken back."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.commands.group import ADA, BEN, Steered

SPAM = {"rules": [{"id": "spam", "when": "message", "if": 'msg.text == "spam"', "then": ["delete", {"mute": "1h"}]}]}
WORDS = {
    "zh": ("要求撤回消息、要求禁言 1 小时（规则：spam）", "↩️ Ada 撤销了对 Ben 的处理：要求撤回消息、要求禁言 1 小时。"),
    "en": (
        "asked to withdraw a message, asked not to write for 1 h (rule spam)",
        "↩️ Ada took back what was done about Ben: asked to withdraw a message, asked not to write for 1 h.",
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_why_and_undo_tell_it_as_asked_for_and_leave_nothing_that_cannot_be_taken_back(language: Literal["zh", "en"]):
    group = Steered(language, rules_written=SPAM, unbarred=("telegram",))
    group.says(BEN, "spam")
    group.told()
    why, undone = WORDS[language]
    group.says(ADA, "/why @ben")
    assert why in group.told()[0]
    group.says(ADA, "/undo @ben")
    assert undone in group.told()


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", "「要求移出群」（Ben）没有可以撤销的。要是人已经移出群了，我拉不回来，可以请 TA 再加入。"),
        (
            "en",
            "There is nothing to undo (Ben: to be removed). If they are out by now, I cannot bring them back."
            " Somebody may invite them again.",
        ),
    ],
)
def test_a_removal_that_was_asked_for_is_nothing_to_undo(language: Literal["zh", "en"], wanted: str):
    group = Steered(language, unbarred=("telegram",))
    group.says(ADA, "/kick @ben spam")
    group.told()
    group.says(ADA, "/undo")
    assert group.told() == [wanted]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", "「要求撤回消息」（Ben）没有可以撤销的"),
        ("en", "nothing to undo (Ben: asked to withdraw a message)"),
    ],
)
def test_a_message_that_was_to_be_withdrawn_is_not_said_to_be_gone(language: Literal["zh", "en"], wanted: str):
    only = {"rules": [SPAM["rules"][0] | {"then": ["delete"]}]}
    group = Steered(language, rules_written=only, unbarred=("telegram",))
    group.says(BEN, "spam")
    group.told()
    group.says(ADA, "/undo @ben")
    assert wanted in group.told()[0]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("zh", "要求移出群，3 天内不再加入（Ada）：spam"), ("en", "to be removed, and kept out for 3 d")],
)
def test_a_ban_is_told_as_a_removal_that_was_asked_for(language: Literal["zh", "en"], wanted: str):
    group = Steered(language, unbarred=("telegram",))
    group.says(ADA, "/ban @ben 3d spam")
    group.told()
    group.says(ADA, "/why @ben")
    assert wanted in group.told()[0]


def test_where_one_of_several_platforms_can_do_it_there_it_was_done():
    group = Steered("zh", rules_written=SPAM, unbarred=("wechat",))
    group.says(BEN, "spam")
    group.told()
    group.says(ADA, "/why @ben")
    assert "删除消息、禁言 1 小时（规则：spam）" in group.told()[0]
