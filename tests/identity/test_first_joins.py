"""When somebody joined for the first time: coming back does not change it, and who was here before has none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.events import ButtonPressed, Event, MemberJoined, MemberLeft
from core.parts import Presence, united
from core.people import Account, Actor
from core.ports import Seat
from tests.identity.town import ANA, ANNA, START, engine, said

DAY = timedelta(days=1)


def came(at: datetime, who: Actor = ANA) -> Event:
    return MemberJoined(id=f"came:{who.account}:{at}", at=at, group="g", actor=who)


def went(at: datetime, who: Actor = ANA) -> Event:
    return MemberLeft(id=f"went:{who.account}:{at}", at=at, group="g", actor=who)


def pressed(at: datetime) -> Event:
    return ButtonPressed(id=f"pressed:{at}", at=at, group="g", actor=ANA, message="1", data="door")


def first_of(store, *events: Event, account: Account = ANA.account) -> datetime | None:
    outcome = engine(store).replay(sorted(events, key=lambda event: event.at))
    assert not outcome.faults
    with store.unit() as unit:
        seat: Seat = unit.find("g", [account])[account]
    return seat.first_joined


@pytest.mark.parametrize(
    ("events", "first"),
    [
        ([came(START)], START),
        ([came(START), went(START + DAY), came(START + 9 * DAY)], START),
        ([came(START), came(START + 9 * DAY)], START),
        ([pressed(START), came(START + 2 * DAY)], START + 2 * DAY),
        ([pressed(START), came(START + 4 * DAY)], None),
        ([said(1, ANA, "", START), went(START + DAY), came(START + 9 * DAY)], None),
        ([said(1, ANA, "", START)], None),
    ],
    ids=["joined", "came back", "told again", "at the door", "long before", "here before us", "never seen joining"],
)
def test_it_is_the_first_join_that_was_seen_of_a_stranger(store, events, first):
    assert first_of(store, *events) == first


def test_of_several_accounts_it_is_the_first_one_s(store):
    bind = said(9, ANA, "bind", START + 20 * DAY)
    both = [came(START), came(START + 10 * DAY, ANNA), went(START + 11 * DAY), came(START + 12 * DAY)]
    assert first_of(store, *both, bind, account=ANNA.account) == START


def test_who_was_here_before_with_one_account_is_no_newcomer_with_another(store):
    bind = said(9, ANA, "bind", START + 20 * DAY)
    assert first_of(store, said(1, ANA, "", START), came(START + 10 * DAY, ANNA), bind) is None


def test_what_was_written_down_before_there_was_a_first_join_tells_it_by_the_join():
    here = Presence(seen=START, joined=START + DAY)
    assert here.first == START + DAY
    assert united([here]).first_joined == START + DAY
    assert here.joining(START + 9 * DAY).first_joined == START + DAY
    assert united([Presence(seen=START, joined=START + 4 * DAY)]).first_joined is None
