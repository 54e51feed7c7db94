"""What is read of a gateway, and what is said of it in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.wechat.failures import Refused
from adapters.wechat.names import Names
from adapters.wechat.reading import Reader
from adapters.wechat.states import LoggedIn


class Unwilling:
    """A gateway that answers nothing, and says of whom."""

    me: LoggedIn | None = None

    async def call(self, made: Callable[[Any], Coroutine[Any, Any, Any]]) -> Any:
        raise Refused("NOT_FOUND", "no contact wxid_kanarie")

    async def connected_again(self) -> None:
        """It always is."""


@pytest.mark.parametrize("room", ["", "r1@chatroom"])
def test_whose_name_a_gateway_does_not_tell_is_not_logged(caplog: pytest.LogCaptureFixture, room: str):

    reader = Reader(Unwilling(), Names(), lambda room: True, lambda: datetime(2026, 3, 2, tzinfo=UTC), lambda: 0.0)
    with caplog.at_level(logging.DEBUG):
        found = asyncio.run(reader.member(room, "wxid_kanarie"))
    assert found.id == "wxid_kanarie"
    assert "NOT_FOUND: no contact their id" in caplog.text
    assert "wxid_kanarie" not in caplog.text
