"""A personal link says in its name whose it is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from adapters.telegram.link_names import named_after, owner_of
from adapters.telegram.perform_acts import LINK_NAME, invite
from core.effects import Invite
from core.people import Account


@pytest.mark.parametrize("user", [1, 35, 36, 10001, 2**52 - 1])
def test_a_user_is_found_again_in_the_name(user):
    assert owner_of(f"小王 #a #b{named_after(user)}") == user


@pytest.mark.parametrize("name", ["", "小王", "#", " #", "sale", "小王 #A", "x #abc d", "x#abc", "x #zzzzzzzzzzzz"])
def test_other_names_are_nobodys(name):
    assert owner_of(name) is None


@pytest.mark.parametrize("called", ["", "小王", "👨‍👩‍👧" * 20, "x" * 200, "a #zz"])
def test_a_long_name_is_cut_and_the_user_is_not(called):
    asked: dict[str, Any] = {}

    async def call(method: str, params: dict[str, object]) -> bytes:
        asked.update(params)
        return json.dumps({"ok": True, "result": {"invite_link": "https://t.me/+x"}}).encode()

    asyncio.run(invite(call, -5, Invite(member=Account("telegram:7000000001"), name=called)))
    assert owner_of(asked["name"]) == 7000000001
    assert len(asked["name"].encode("utf-16-le")) // 2 <= LINK_NAME
