"""What admins are to see is shown before it goes, and whoever is sent away is told before, within bounds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.courier_order import PATIENCE, Order
from core.delivery import Parcel
from core.effects import Approve, Ban, Decline, Delete, Effect, Mute, Remove, Say, TellAdmins
from core.people import Account

LI, ANA = Account("telegram:1"), Account("telegram:2")
SHOWN = TellAdmins(words=("look",), evidence="7")
TOLD = Say(words=("sorry",), to=LI)


def parcel(id_: str, effect: Effect, event: str = "e") -> Parcel:
    return Parcel(id_, "g", "telegram", event, "w", effect, datetime(2026, 3, 2, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(SHOWN, Delete(messages=("7",)), id="evidence, then the deletion"),
        pytest.param(TOLD, Decline(member=LI), id="words, then the refusal"),
        pytest.param(TOLD, Approve(member=LI), id="words, then the welcome"),
        pytest.param(TOLD, Remove(member=LI), id="words, then the removal"),
        pytest.param(TOLD, Ban(member=LI), id="words, then the ban"),
    ],
)
def test_an_act_waits_for_words_that_it_would_make_impossible(first: Effect, then: Effect):
    order = Order()
    words, act = parcel("1", first), parcel("2", then)
    assert order.kept([act, words], [], 0.0) == [words]
    assert order
    assert order.kept([act], [words], 1.0) == []
    assert order.kept([act], [], 1.1) == [act]
    assert not order


def test_an_act_waits_a_few_seconds_and_no_longer():
    order = Order()
    words, act = parcel("1", SHOWN), parcel("2", Delete(messages=("7",)))
    assert order.kept([act], [words], 10.0) == []
    assert order.kept([act], [words], 10.0 + PATIENCE) == [act]


@pytest.mark.parametrize(
    "then",
    [
        pytest.param(parcel("2", Delete(messages=("8",))), id="another message"),
        pytest.param(parcel("2", Decline(member=ANA)), id="another person"),
        pytest.param(parcel("2", Delete(messages=("7",)), "f"), id="another event"),
        pytest.param(parcel("2", Mute(member=LI, span=None)), id="a mute"),
    ],
)
def test_everything_else_overtakes(then: Parcel):
    assert Order().kept([then], [parcel("1", SHOWN), parcel("3", TOLD)], 0.0) == [then]
