"""Usernames: one account of a platform bears each, the one that was seen with it last."""

from __future__ import annotations

import pytest

from core.engine import Engine
from core.events import MessagePosted
from core.people import Account, Actor
from core.ports import Writes, newcomer
from core.workflow import Group
from tests.stores.people import START, seated
from tests.stores.people import newcomer as met

ANA, BOB = Account("telegram:1"), Account("telegram:2")


def renamed(store, seat, username, group="g"):
    """Somebody is seen with another username."""
    seat.username, seat.renamed = username, True
    with store.unit() as unit:
        unit.lock([group])
        unit.save(Writes(seats=[(group, seat)]))
        unit.commit()


def usernames(store, *accounts, group="g"):
    with store.unit() as unit:
        found = unit.find(group, accounts)
    return [found[account].username for account in accounts]


def bearer(store, name, group="g"):
    with store.unit() as unit:
        found = unit.find_named(group, [name], shown=False)
    return found[name].account if name in found else None


def test_who_is_told_to_have_no_username_is_kept_without_one(store):
    with store.unit() as unit:
        unit.lock(["g"])
        seats = unit.seats([("g", Actor(account=ANA, name="Ana", username="")), ("g", Actor(account=BOB, name="Bob"))])
        assert [seat.username for seat in seats.values()] == [None, None]
    assert newcomer(Actor(account=ANA, username="")).username is None


@pytest.mark.parametrize("written", ["ana", "ANA"])
def test_who_takes_a_username_takes_it_from_who_bore_it(store, written):
    _, bob = seated(store, met(1, "Ana", username="ana"), met(2, "Bob", username="bob"))
    renamed(store, bob, written)
    assert usernames(store, ANA, BOB) == [None, written]
    assert bearer(store, "ana") == BOB
    assert bearer(store, "bob") is None


def test_a_newcomer_takes_it_too(store):
    seated(store, met(1, "Ana", username="ana"))
    seated(store, met(2, "Bob", username="Ana"))
    assert usernames(store, ANA, BOB) == [None, "Ana"]


def test_it_is_taken_from_who_was_seen_in_another_group(store):
    seated(store, met(1, "Ana", username="ana"), group="g")
    seated(store, met(2, "Bob", username="ana"), group="h")
    assert usernames(store, ANA, BOB) == [None, "ana"]
    assert (bearer(store, "ana", "g"), bearer(store, "ana", "h")) == (None, BOB)


def test_of_newcomers_at_once_the_last_one_bears_it(store):
    seated(store, met(1, "Ana", username="ana"), met(2, "Bob", username="ana"))
    assert usernames(store, ANA, BOB) == [None, "ana"]


def test_two_may_swap_theirs(store):
    ana, bob = seated(store, met(1, "Ana", username="ana"), met(2, "Bob", username="bob"))
    ana.username, bob.username = "bob", "ana"
    ana.renamed = bob.renamed = True
    with store.unit() as unit:
        unit.lock(["g"])
        unit.save(Writes(seats=[("g", ana), ("g", bob)]))
        unit.commit()
    assert usernames(store, ANA, BOB) == ["bob", "ana"]


def test_other_platforms_have_usernames_of_their_own(store):
    elsewhere = met(1, "Ana", username="ana")._replace(account=Account("irc:ana"))
    seated(store, elsewhere, met(2, "Bob", username="ana"))
    assert usernames(store, elsewhere.account, BOB) == ["ana", "ana"]


def test_a_name_that_somebody_wrote_takes_no_username_and_gives_none_up(store):
    called = met(1, "ana", username="ana")._replace(account=Account("telegram:@ana"))
    seated(store, met(1, "Ana", username="ana"))
    seated(store, called)
    assert usernames(store, ANA, called.account) == ["ana", "ana"]
    assert bearer(store, "ana") == ANA
    seated(store, met(2, "Bob", username="ana"))
    assert usernames(store, ANA, BOB, called.account) == [None, "ana", "ana"]
    assert bearer(store, "ana") == BOB


def test_nothing_is_taken_where_nothing_is_kept(store):
    _, bob = seated(store, met(1, "Ana", username="ana"), met(2, "Bob", username="bob"))
    bob.username, bob.renamed = "ana", True
    with store.unit() as unit:
        unit.lock(["g"])
        unit.save(Writes(seats=[("g", bob)]))
    with store.unit() as unit:
        unit.lock(["g"])
        unit.seats([("g", met(3, "Cleo", username="ana"))])
    assert usernames(store, ANA, BOB) == ["ana", "bob"]
    renamed(store, seated(store, met(4, "Dan"))[0], "ana")
    assert bearer(store, "ana") == Account("telegram:4")


class TestBearing:
    def test_a_username_is_borne_whoever_is_called_so(self, store):
        seated(store, met(1, "Ana"), met(2, "Bob", username="Ana"), met(3, "ana"))
        assert bearer(store, "ana") == BOB

    def test_a_shown_name_is_no_username(self, store):
        seated(store, met(1, "Ana"))
        assert bearer(store, "ana") is None

    def test_who_was_never_seen_in_the_group_is_not_meant_there(self, store):
        seated(store, met(1, "Ana", username="ana"), group="h")
        assert bearer(store, "ana", "g") is None

    def test_who_bore_it_is_found_by_their_name_still(self, store):
        seated(store, met(1, "Ana", username="ana"), met(2, "Bob", username="ana"))
        with store.unit() as unit:
            assert unit.find_named("g", ["bob"])["bob"].account == BOB


class Talk:
    """Groups in which people write, each with the username that they have then."""

    def __init__(self, store):
        self.store = store
        self.engine = Engine(store, {key: Group(key=key) for key in ("g", "h")})
        self.made = 0

    def writes(self, *said):
        outcome = self.engine.process([self._message(*one) for one in said])
        assert not outcome.faults

    def _message(self, who, username, group="g"):
        self.made += 1
        actor = Actor(account=who, name=who, username=username)
        return MessagePosted(id=f"m{self.made}", at=START, group=group, actor=actor, message="1", text="hello")


@pytest.fixture
def talk(store):
    return Talk(store)


def test_a_username_that_was_given_up_is_gone_once_they_write(talk):
    talk.writes((ANA, "ana"))
    talk.writes((ANA, ""))
    assert usernames(talk.store, ANA) == [None]
    assert bearer(talk.store, "ana") is None


def test_where_usernames_are_not_told_what_is_known_stays(talk):
    talk.writes((ANA, "ana"))
    talk.writes((ANA, None))
    assert usernames(talk.store, ANA) == ["ana"]


def test_who_writes_with_a_username_bears_it_from_then_on(talk):
    talk.writes((ANA, "ana"), (BOB, "bob"))
    talk.writes((BOB, "Ana"))
    assert usernames(talk.store, ANA, BOB) == [None, "Ana"]
    talk.writes((ANA, "ana2"))
    assert usernames(talk.store, ANA, BOB) == ["ana2", "Ana"]


@pytest.mark.parametrize("first", [ANA, BOB])
def test_within_a_batch_whoever_wrote_last_bears_it(talk, first):
    last = BOB if first == ANA else ANA
    talk.writes((first, "ana"), (last, "ana"))
    assert usernames(talk.store, first, last) == [None, "ana"]
    talk.writes((first, "ana"), (last, "new"))
    assert usernames(talk.store, first, last) == ["ana", "new"]


def test_who_bore_it_for_a_moment_took_it(talk):
    talk.writes((ANA, "ana"), (BOB, "bob"))
    talk.writes((BOB, "ana"), (BOB, "bob2"))
    assert usernames(talk.store, ANA, BOB) == [None, "bob2"]


def test_in_all_groups_at_once(talk):
    talk.writes((ANA, "ana", "g"), (ANA, "ana", "h"))
    talk.writes((ANA, "ana", "h"), (BOB, "ana", "g"))
    assert usernames(talk.store, ANA, BOB) == [None, "ana"]
    talk.writes((ANA, "", "h"), (ANA, "ana", "g"))
    assert (bearer(talk.store, "ana", "g"), bearer(talk.store, "ana", "h")) == (ANA, ANA)
