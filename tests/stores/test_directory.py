"""Whom a private message is for, who was told once, and codes that make a chat a group: the same in every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.directory import Binding, read_code, spelled, unwritten
from core.memory import MemoryStore
from core.memory_directory import MemoryDirectory
from core.people import Account
from core.ports import DayAt, Writes
from tests.stores.people import HOUR, START, TODAY, newcomer, seated

LI, WANG = Account("telegram:1"), Account("telegram:2")
WEEK = timedelta(days=7)


@pytest.fixture
def directory(store):
    return directory_of(store)


def directory_of(store, written=unwritten):
    return MemoryDirectory(store, written=written) if isinstance(store, MemoryStore) else store.directory(written)


def active(store, group, person, day):
    with store.unit() as unit:
        unit.lock([group])
        unit.save(Writes(days={DayAt(group, person, day): [1, 0, 0, 0, 0, 0]}))
        unit.commit()


def left(store, group, at):
    with store.unit() as unit:
        unit.lock([group])
        seat = unit.seats([(group, newcomer(1))])[group, LI]
        seat.left = at
        unit.save(Writes(seats=[(group, seat)]))
        unit.commit()


class TestTheGroupThatIsMeant:
    def test_nobody_knows_a_stranger(self, directory):
        assert directory.group_meant(LI, ["g", "h"]) is None
        assert not directory.member(LI, "g")

    def test_the_only_group_they_are_in(self, store, directory):
        seated(store, newcomer(1), group="g")
        seated(store, newcomer(2), group="h")
        assert directory.group_meant(LI, ["g", "h"]) == "g"
        assert directory.member(LI, "g")
        assert not directory.member(LI, "h")

    def test_groups_that_are_not_served_do_not_count(self, store, directory):
        seated(store, newcomer(1), group="desk")
        directory.remember([(LI, "desk")], START)
        assert directory.group_meant(LI, ["g"]) is None

    def test_of_several_the_one_where_they_were_active_last(self, store, directory):
        for group in ("g", "h", "i"):
            (seat,) = seated(store, newcomer(1), group=group)
        active(store, "g", seat.person, TODAY - timedelta(days=3))
        active(store, "h", seat.person, TODAY - timedelta(days=1))
        active(store, "i", seat.person, TODAY - timedelta(days=2))
        active(store, "g", 99, TODAY)
        assert directory.group_meant(LI, ["g", "h", "i"]) == "h"

    def test_the_group_they_talk_about_comes_first_and_the_last_word_counts(self, store, directory):
        seated(store, newcomer(1), group="g")
        directory.remember([(LI, "h"), (WANG, "g")], START)
        assert directory.group_meant(LI, ["g", "h"]) == "h"
        directory.remember([(LI, "g")], START - HOUR)
        assert directory.group_meant(LI, ["g", "h"]) == "h"
        directory.remember([(LI, "g"), (LI, "i")], START + HOUR)
        assert directory.group_meant(LI, ["g", "h", "i"]) == "i"

    def test_a_group_they_left_since_is_not_meant_until_they_ask_again(self, store, directory):
        seated(store, newcomer(1), group="g")
        directory.remember([(LI, "g")], START)
        left(store, "g", START + HOUR)
        assert directory.group_meant(LI, ["g", "h"]) is None
        assert not directory.member(LI, "g")
        directory.remember([(LI, "g")], START + 2 * HOUR)
        assert directory.group_meant(LI, ["g", "h"]) == "g"

    def test_who_is_in_none_of_them_any_more_is_led_to_the_one_they_left_last(self, store, directory):
        for group in ("g", "h", "i"):
            seated(store, newcomer(1), group=group)
        assert directory.group_left(LI, ["g", "h", "i"]) is None
        left(store, "g", START + 2 * HOUR)
        left(store, "h", START + HOUR)
        assert directory.group_left(LI, ["g", "h", "i"]) == "g"
        assert directory.group_left(LI, ["h", "i"]) == "h"
        assert directory.group_left(LI, ["i"]) is None
        assert directory.group_left(WANG, ["g", "h"]) is None


def test_a_chat_is_a_stranger_once_for_ever(directory):
    assert directory.first_contact("telegram", "-5", START)
    assert not directory.first_contact("telegram", "-5", START + WEEK)
    assert directory.first_contact("telegram", "-6", START)
    assert directory.first_contact("wechat", "-5", START)


class TestCodes:
    def test_a_code_makes_a_chat_the_groups_once(self, store, directory):
        code = directory.make_code("g", START, START + WEEK)
        assert read_code(code.lower().replace("-", " ")) == code
        assert directory.spend_code(code, "telegram", "-5", START + HOUR) == Binding("bound", "g")
        assert store.addresses() == {("telegram", "-5"): "g"}
        assert directory.spend_code(code, "telegram", "-6", START + HOUR) == Binding("used")
        assert store.addresses() == {("telegram", "-5"): "g"}

    def test_the_same_chat_may_send_it_again_as_long_as_it_is_the_groups(self, store, directory):
        code = directory.make_code("g", START, START + WEEK)
        directory.spend_code(code, "telegram", "-5", START)
        assert directory.spend_code(code, "telegram", "-5", START) == Binding("bound", "g")
        store.set_address("g", "telegram", "-7")
        assert directory.spend_code(code, "telegram", "-5", START) == Binding("used")
        assert store.addresses() == {("telegram", "-7"): "g", ("telegram:numbered", "-5 g"): "g"}

    def test_the_chat_that_a_group_leaves_by_a_code_is_kept_as_its_first(self, store, directory):
        for chat in ("-5", "-6"):
            directory.spend_code(directory.make_code("g", START, START + WEEK), "telegram", chat, START)
        assert store.addresses() == {("telegram", "-6"): "g", ("telegram:numbered", "-5 g"): "g"}

    def test_a_code_takes_what_the_operator_wrote_with_it(self, store):
        written = {("g", "wechat"): "晨读营"}
        directory = directory_of(store, lambda group, platform: written.get((group, platform)))
        for group, room in (("g", "room1"), ("h", "room2")):
            directory.spend_code(directory.make_code(group, START, START + WEEK), "wechat", room, START)
        taken = {("wechat", "room1"): "g", ("wechat:written", "晨读营"): "g", ("wechat", "room2"): "h"}
        assert store.addresses() == taken

    def test_a_code_runs_out_and_a_wrong_one_is_unknown(self, store, directory):
        code = directory.make_code("g", START, START + HOUR)
        assert directory.spend_code(code, "telegram", "-5", START + HOUR) == Binding("expired")
        assert directory.spend_code("0000-0000", "telegram", "-5", START) == Binding("unknown")
        assert store.addresses() == {}

    def test_a_code_for_a_group_that_is_not_served_here_stays_good(self, store, directory):
        code = directory.make_code("g", START, START + WEEK)
        assert directory.spend_code(code, "telegram", "-5", START, ["h"]) == Binding("elsewhere")
        assert store.addresses() == {}
        assert directory.spend_code(code, "telegram", "-5", START, ["g"]) == Binding("bound", "g")

    def test_old_codes_are_swept_when_new_ones_are_made(self, directory):
        code = directory.make_code("g", START, START + HOUR)
        directory.make_code("g", START + WEEK, START + 2 * WEEK)
        assert directory.spend_code(code, "telegram", "-5", START + WEEK) == Binding("expired")
        directory.make_code("g", START + 9 * WEEK, START + 10 * WEEK)
        assert directory.spend_code(code, "telegram", "-5", START + 9 * WEEK) == Binding("unknown")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" k7qm-3xwd ", "K7QM-3XWD"),
        ("k7qm3xwd", "K7QM-3XWD"),
        ("oooo-iiLL", "0000-1111"),
        ("Ｋ７ＱＭ－３ＸＷＤ", "K7QM-3XWD"),
        ("ｋ７ｑｍ　３ｘｗｄ", "K7QM-3XWD"),
        ("k7qm—3xwd", "K7QM-3XWD"),
        ("k7qm–3xwd\n", "K7QM-3XWD"),
        ("k7qm，3xwd", None),
        ("K7QM-3XW", None),
        ("K7QM-3XWD-9", None),
        ("K7QM-3XWU", None),
        ("早上好早上好早上", None),
        ("", None),
    ],
)
def test_codes_are_read_however_they_are_typed(typed, code):
    assert read_code(typed) == code


def test_every_number_has_a_spelling_of_its_own():
    assert (spelled(0), spelled(31), spelled(2**40 - 1)) == ("0000-0000", "0000-000Z", "ZZZZ-ZZZZ")
