"""Which chats are groups of ours, as the store tells it and as moves are told."""

from __future__ import annotations

import pytest

from adapters.telegram.addresses import Addresses


def test_a_chat_that_a_group_was_taken_from_is_none_of_ours_any_more():
    addresses = Addresses({-1001: "reading"})
    addresses.replace({-1002: "reading"})
    assert (addresses.group_of(-1001), addresses.group_of(-1002)) == (None, "reading")
    assert addresses.address_of("reading") == "-1002"


def test_a_chat_that_a_group_moved_from_stays_known_until_the_group_is_given_another():
    addresses = Addresses({-55: "reading"})
    assert addresses.move(-55, -1001)
    for told in ({-55: "reading"}, {-1001: "reading"}, {-1001: "music"}):  # the store hears of it later
        addresses.replace(told)
        (group,) = told.values()
        assert (addresses.group_of(-55), addresses.group_of(-1001)) == (group, group)
        assert addresses.chat_of(group) == -1001
    addresses.replace({-1002: "music"})
    assert (addresses.group_of(-55), addresses.group_of(-1001)) == (None, None)


def test_where_a_group_moved_on_all_its_old_chats_lead_to_it():
    addresses = Addresses({-1: "reading"})
    assert addresses.move(-1, -2)
    assert addresses.move(-2, -3)
    assert not addresses.move(-1, -2), "that lies behind us"
    addresses.replace({-3: "reading"})
    assert [addresses.group_of(chat) for chat in (-1, -2, -3)] == ["reading"] * 3


def test_messages_are_called_with_their_chat_where_that_is_not_the_groups_first():
    addresses = Addresses({-1001: "reading", -1005: "music"})
    named = addresses.named
    addresses.replace({-1002: "reading", -1005: "music"}, numbered={"reading": -1001})
    assert (named, addresses.numbered("reading"), addresses.numbered("music")) == ({-1002}, -1001, None)
    addresses.replace({-1001: "reading", -1005: "music"}, numbered={"reading": -1001})
    assert named == set()


def test_where_a_group_moves_to_its_messages_are_called_with_their_chat_at_once_if_it_left_another_first():
    addresses = Addresses({-55: "reading", -56: "music"}, numbered={"reading": -1001})
    assert addresses.move(-55, -1007)
    assert addresses.move(-56, -1008)
    assert {-1007, -1008} & addresses.named == {-1007}
    addresses.replace({-1007: "reading", -1008: "music"}, numbered={"reading": -1001})
    assert addresses.named == {-1007}, "as the store tells it later"


@pytest.mark.parametrize(
    ("numbered", "heard"),
    [
        pytest.param({}, [(-55, -1001000000777)], id="it moved"),
        pytest.param({"reading": -55}, [], id="it was given another chat"),
    ],
)
def test_of_a_move_that_another_process_followed_the_store_tells_once(numbered, heard):
    addresses, told = Addresses({-55: "reading", -56: "music"}), []
    addresses.learned = lambda old, new: told.append((old, new))
    for _ in range(2):
        addresses.replace({-1001000000777: "reading", -56: "music"}, numbered=numbered)
    assert told == heard


def test_of_a_move_that_was_followed_here_the_store_tells_nothing_new():
    addresses, told = Addresses({-55: "reading"}), []
    addresses.learned = lambda old, new: told.append((old, new))
    assert addresses.move(-55, -1001000000777)
    for chat in (-55, -1001000000777):
        addresses.replace({chat: "reading"})
    assert told == []


def test_a_chat_that_became_another_twice_leads_to_the_last():
    chats = Addresses({-1003: "reading"}, moved={-1: -1002, -1002: -1003})
    assert [chats.group_of(chat) for chat in (-1, -1002, -1003)] == ["reading"] * 3
