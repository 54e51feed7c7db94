"""What the admins of a group are told of the other accounts of somebody whom they mute: no more than they could see."""

from __future__ import annotations

import pytest

from core.effects import Mute, TellAdmins
from core.memory import MemoryStore
from tests.identity.community import ADA, BEN, MALLORY, Community


def muted(town: Community, group: str = "reading") -> str:
    """What the admins read as somebody is muted there."""
    town.said()
    town.says(ADA, f"/mute {BEN.account} 1h", group)
    return "\n".join(words for to, words in town.said() if to == "admins")


def bound() -> Community:
    """Ben is in the one group, and his other account in another one alone."""
    town = Community(MemoryStore())
    town.writes(MALLORY, f"/link {town.code(BEN)}", "walks")
    town.writes(BEN, "/link yes")
    return town


@pytest.mark.parametrize("does", ["nothing", "writes in private", "presses a button"])
def test_of_an_account_that_was_never_in_the_group_they_are_told_the_platform_alone(does):
    town = bound()
    if does == "writes in private":
        town.writes(MALLORY, "/me")
    if does == "presses a button":
        town.presses(MALLORY, "nothing of ours")
    told = muted(town)
    assert "Ben also has an account on WeChat that was never in this group. Nothing was done to it." in told
    assert MALLORY.account not in told


def test_an_account_that_was_in_the_group_is_named():
    town = bound()
    town.joins(MALLORY, "reading")
    told = muted(town)
    assert f"Ben is also {MALLORY.account}. Nothing was done to that account" in told
    assert "never in this group" not in told


def test_in_a_group_that_is_not_on_its_platform_an_account_is_not_told_of():
    town = bound()
    town.joins(BEN, "walks")
    town.rows()
    town.says(ADA, f"/mute {MALLORY.account} 1h", "walks")
    kinds = {type(row.effect) for row in town.rows()}
    assert Mute in kinds
    assert TellAdmins not in kinds
