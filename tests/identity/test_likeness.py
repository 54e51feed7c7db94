"""Chats and accounts that look like known ones: admins are asked, and nothing is done without their yes."""

from __future__ import annotations

from typing import Any

import pytest

from core.effects import TellAdmins, plain
from core.events import BotStanding, ButtonPressed, ChatLookedAlike
from core.memory import MemoryStore
from core.workflow import Bound
from tests.commands.group import ADA, ANA, MIA, START, Steered, admin, button
from workflows import identity, presence
from workflows.command_list import weight


@pytest.fixture
def group() -> Steered:
    made = Steered(also=(Bound(identity.workflow, identity.Identity()),))
    made.store.set_address("g", "wechat", "room-old")
    return made


def looked_alike(group: Steered, n: int = 1, **told: Any) -> list[Any]:
    base: dict[str, Any] = {"platform": "wechat", "old": "room-old", "new": "room-new", "topic": "读书群"}
    event = ChatLookedAlike(id=f"wechat:alike:{n}", at=group.at, group="g", people=12, shared=9, **{**base, **told})
    group.run(event)
    return group.effects()


def address(store: MemoryStore) -> set[str]:
    return {where for (platform, where), key in store.addresses().items() if (platform, key) == ("wechat", "g")}


def test_a_chat_with_the_groups_name_is_shown_to_the_admins_with_the_evidence_and_nothing_moves(group):
    [asked] = looked_alike(group)
    assert isinstance(asked, TellAdmins)
    words = plain(asked.words)
    assert "读书群" in words
    assert "12" in words
    assert "9" in words
    assert [choice.label for choice in asked.choices] == ["✅ The same", "❌ Not the same"]
    assert address(group.store) == {"room-old"}


def test_a_yes_moves_the_address_and_the_group_keeps_its_books(group):
    group.says(ADA, "/points @ana +5 for tea")
    group.effects()
    group.presses(ADA, button(looked_alike(group), "like:yes"))
    assert address(group.store) == {"room-new"}
    assert group.ledger("points") == 5
    assert "Ada" in group.told()[0]


def test_a_no_keeps_the_chat_apart_and_is_not_asked_again(group):
    group.presses(ADA, button(looked_alike(group), "like:no"))
    assert address(group.store) == {"room-old"}
    group.told()
    assert looked_alike(group, 2) == []
    assert looked_alike(group, 3, new="room-other") != []


def test_what_is_open_is_not_asked_twice_and_the_first_answer_counts(group):
    asked = looked_alike(group)
    assert looked_alike(group, 2) == []
    group.presses(ADA, button(asked, "like:no"))
    group.presses(ADA, button(asked, "like:yes"))
    assert address(group.store) == {"room-old"}


@pytest.mark.parametrize(
    "who", [ANA, MIA, admin(10002, "Ada", "restrict"), admin(10002, "Ada", "change_info", vouched=False)]
)
def test_whoever_may_not_say_yes_moves_nothing(group, who):
    group.presses(who, button(looked_alike(group), "like:yes"))
    assert address(group.store) == {"room-old"}


def test_an_answer_after_two_weeks_comes_too_late(group):
    group.presses(ADA, button(looked_alike(group), "like:yes"), seconds=15 * 86_400)
    assert address(group.store) == {"room-old"}


def test_the_platform_is_asked_who_presses():
    assert weight(ButtonPressed(id="telegram:1:1", at=START, group="g", actor=ADA, data="like:yes:abc")) == 2


@pytest.mark.parametrize(("language", "name"), [("zh", "微信"), ("en", "WeChat")])
def test_platforms_go_by_the_names_that_people_have_for_them(language, name):
    also = (Bound(identity.workflow, identity.Identity()), Bound(presence.workflow, presence.Presence()))
    group = Steered(language, also=also)
    group.store.set_address("g", "wechat", "room-old")
    (asked,) = looked_alike(group)
    able = frozenset(("say", "hear"))
    group.run(BotStanding(id="wechat:1:1", at=group.at, group="g", platform="wechat", present=True, abilities=able))
    group.effects()
    group.says(ADA, "/status")
    for words in (plain(asked.words), *group.told()):
        assert name in words
        assert "wechat" not in words
