"""Friend requests and invitations: accepted at the account's pace, after a complaint not at all, again if it failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters.wechat.failures import CallFailed, NotSent, Refused
from core.budget import Allowance, Budget
from core.pacing import Apart
from jobs.serve.wechat_requests import AGAIN, TRIES, Requests
from tests.delivery.virtual_time import START, VirtualClock, play

AWAY = NotSent("there is no connection to the gateway")
HASTE = Refused("UNKNOWN", "操作过于频繁，请稍后再试")
ODD = Refused("UNKNOWN", "request not found")


class Phone:
    """An account that accepts what it is asked to, at once or after so many failures."""

    def __init__(self, *, apart: float = 5.0) -> None:
        self.budget = Budget(Allowance(a_day=9, a_day_in_a_room=9, strangers_a_day=9))
        self.apart = Apart(lambda: apart)
        self.requests = Requests("wechat:main", self.apart, self.budget, VirtualClock())
        self.tried: list[tuple[float, str]] = []
        self.accepted: list[str] = []

    def asked(self, name: str, *fails: CallFailed) -> None:
        left = list(fails)

        async def accept() -> None:
            self.tried.append((asyncio.get_running_loop().time(), name))
            if left:
                raise left.pop(0)

        self.requests.take(accept, lambda: self.accepted.append(name))

    def all_asked(self, names: str, *first_fails: CallFailed) -> None:
        for name in names:
            self.asked(name, *(first_fails if name == names[0] else ()))

    def lives(self, begins: Callable[[], object], seconds: float = 3600.0) -> None:
        async def scene() -> None:
            begins()
            await asyncio.sleep(seconds)
            await self.requests.end()

        play(scene())


def test_they_are_accepted_in_turn_with_a_pause_between_any_two():
    phone = Phone()
    phone.lives(lambda: phone.all_asked("abcd"))
    assert phone.accepted == list("abcd")
    assert [later - earlier for (earlier, _), (later, _) in pairwise(phone.tried)] == [5.0, 5.0, 5.0]


def test_the_pause_is_the_one_that_messages_keep_to():
    phone = Phone()

    def begins() -> None:
        phone.apart.rest(0.0)
        phone.asked("a")

    phone.lives(begins)
    assert phone.tried == [(5.0, "a")]
    assert phone.apart.until == 10.0


def test_one_that_fails_is_tried_again_while_the_others_go_on():
    phone = Phone()
    phone.lives(lambda: phone.all_asked("ab", AWAY))
    assert phone.accepted == ["b", "a"]
    assert phone.tried[-1] == (AGAIN, "a")


def test_it_is_not_tried_for_ever():
    phone = Phone()
    phone.lives(lambda: phone.asked("a", *[ODD] * 99), seconds=1e6)
    assert (len(phone.tried), phone.accepted) == (TRIES, [])
    assert phone.budget.held_until is None, "one request's trouble is no complaint about the account"


@pytest.mark.parametrize("by_itself", [True, False], ids=["told by itself", "told by an answer"])
def test_after_a_complaint_none_is_accepted_until_the_pause_is_over(by_itself: bool):
    phone = Phone()

    def begins() -> None:
        if by_itself:
            phone.budget.hold(START + timedelta(minutes=30))
        phone.asked("a", *([] if by_itself else [HASTE]))
        phone.asked("b")

    phone.lives(begins)
    assert phone.accepted in (["a", "b"], ["b", "a"])
    assert phone.budget.held_until == START + timedelta(minutes=30)
    assert min(at for at, _ in phone.tried[0 if by_itself else 1 :]) >= 1800


def test_what_is_open_at_the_end_is_accepted_no_more():
    phone = Phone()
    phone.lives(lambda: phone.asked("a", AWAY), seconds=30.0)
    assert (phone.tried, phone.accepted) == ([(0.0, "a")], [])
