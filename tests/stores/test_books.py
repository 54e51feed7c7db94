"""Timers, effects, audit, dead letters, addresses: what is read back."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from core.effects import Ban, Choice, Delete, Edit, Effect, Invite, Mention, Mute, React, Say, TellAdmins
from core.errors import StoreError
from core.events import GroupMoved, TimerDue
from core.people import Account, PersonId
from core.ports import AuditRow, DayAt, DeadLetter, OutboxRow, TimerRow, Writes
from core.state import Day
from tests.stores.people import HOUR, START, TODAY, fact, newcomer, posted, seated

LI = Account("telegram:1")


def timer(key, at=START, *, group="g", workflow="check_in", member=None, data=None):
    return TimerRow(group, workflow, key, at, member, data or {})


def saved(store, **writes):
    with store.unit() as unit:
        unit.lock(["g", "h"])
        unit.save(Writes(**writes))
        unit.commit()


def set_timers(store, *rows):
    saved(store, timers={(row.group, row.workflow, row.key): row for row in rows})


def due(row, at=None):
    return row._replace(at=at or row.at).due(START)


class TestTimers:
    def test_one_comes_back_whole(self, store):
        row = timer(
            "早起:telegram:1", member=LI, data={"day": "2026-03-02", "tries": 2, "left": [1, None, {"a": True}]}
        )
        set_timers(store, row)
        assert list(store.timers("g")) == [row]
        with store.unit() as unit:
            assert unit.timers_until(["g"], START) == [row]

    def test_the_same_key_replaces_and_none_drops(self, store):
        set_timers(store, timer("a"), timer("b"))
        set_timers(store, timer("a", START + HOUR, data={"n": 1}))
        assert list(store.timers("g")) == [timer("b"), timer("a", START + HOUR, data={"n": 1})]
        saved(store, timers={("g", "check_in", "a"): None, ("g", "check_in", "never set"): None})
        assert list(store.timers("g")) == [timer("b")]

    def test_those_due_come_by_time_then_workflow_then_key(self, store):
        rows = [
            timer("a", START - HOUR),
            timer("a", START, workflow="alpha"),
            timer("B", START),
            timer("b", START),
            timer("late", START + timedelta(microseconds=1)),
            timer("elsewhere", START, group="h"),
        ]
        set_timers(store, *reversed(rows))
        with store.unit() as unit:
            assert unit.timers_until(["g"], START) == rows[:4]
            assert unit.timers_until(["g", "h"], START) == [*rows[:4], rows[5]]
            assert unit.timers_until(["h"], START) == [rows[5]]
            assert unit.timers_until(["unknown"], START) == []

    def test_one_stands_only_for_the_instant_it_was_set_for(self, store):
        row = timer("a")
        set_timers(store, row)
        moved, unknown = due(row, START + HOUR), due(timer("b"))
        with store.unit() as unit:
            assert unit.timer_stands([due(row), moved, unknown, due(timer("a", group="nowhere"))]) == {due(row).id}

    def test_those_of_one_workflow_in_one_group_are_named(self, store):
        set_timers(
            store, timer("早起"), timer("b", START + HOUR), timer("c", workflow="digests"), timer("d", group="h")
        )
        with store.unit() as unit:
            assert unit.timers("g", "check_in") == {"早起", "b"}
            assert unit.timers("g", "digests") == {"c"}
            assert unit.timers("nowhere", "check_in") == set()

    def test_what_was_set_in_the_same_unit_counts(self, store):
        row = timer("a")
        with store.unit() as unit:
            unit.lock(["g"])
            unit.save(Writes(timers={("g", "check_in", "a"): row}))
            assert unit.timers_until(["g"], START) == [row]
            assert unit.timer_stands([due(row)]) == {due(row).id}


EFFECTS = [
    Say(
        words=("你好 ", Mention(account=LI, name="<b>小王</b>"), "!"),
        to=LI,
        reply_to="m1",
        choices=(Choice(label="是", data="yes"), Choice(label="No", data="no")),
        chooser=LI,
        urgency="now",
        expires=START + HOUR,
    ),
    Say(words=("图",), to=LI, picture=b"\x89PNG\r\n\x00\xff", confidential=True),
    Edit(message="m1", words=("done",), choices=(Choice(label="是", data="yes"),), chooser=LI),
    Invite(member=LI, name="李's"),
    TellAdmins(words=("look",), evidence="m1", about=LI, choices=(Choice(label="ok", data="ok"),)),
    Delete(messages=("m1", "m2")),
    React(message="m1", emoji="👍"),
    Mute(member=LI, span=timedelta(hours=1, microseconds=5)),
    Mute(member=LI, span=None),
    Ban(member=LI),
    *(
        kind(member=LI)
        for kind in get_args(Effect)
        if kind.__name__ in ("Unmute", "Remove", "Unban", "Approve", "Decline")
    ),
    *(kind(message="m1") for kind in get_args(Effect) if kind.__name__ == "Pin"),
]


class TestOutbox:
    def test_every_kind_of_effect_is_tried(self):
        assert {type(effect) for effect in EFFECTS} == set(get_args(Effect))

    def test_effects_come_back_equal_and_in_order(self, store):
        rows = [
            OutboxRow(
                f"e{99 - n}/1", START, "g", f"e{99 - n}", "rules", type(e).__name__, e, getattr(e, "expires", None)
            )
            for n, e in enumerate(EFFECTS)
        ]
        saved(store, outbox=rows[:5])
        saved(store, outbox=rows[5:])
        assert list(store.outbox("g")) == rows
        assert list(store.outbox("h")) == []

    def test_one_effect_is_sent_once(self, store):
        row = OutboxRow("e1/1", START, "g", "e1", "rules", "React", React(message="m1", emoji="👍"), None)
        saved(store, outbox=[row])
        with pytest.raises(StoreError, match="already"):
            saved(store, outbox=[row])
        assert list(store.outbox("g")) == [row]


def test_audit_comes_back_in_the_order_of_deciding(store):
    rows = [
        AuditRow(
            START + n * HOUR,
            "g",
            f"e{n}",
            "rules",
            "links",
            PersonId(n),
            "shadow",
            ("delete", "mute 1h"),
            ("链接", "new"),
        )
        for n in (3, 1, 2)
    ]
    saved(store, audit=[*rows, rows[0]._replace(group="h")])
    saved(store, audit=[rows[0]._replace(then=(), because=())])
    assert list(store.audit("g")) == [*rows, rows[0]._replace(then=(), because=())]


class TestBurying:
    LETTERS = (
        DeadLetter("e2", START, "g", "MessagePosted(...)", "ValueError: 坏"),
        DeadLetter("e1", START + HOUR, "g", "MessagePosted(...)", "KeyError: x"),
        DeadLetter("e3", START, "nobody's", "MessagePosted(...)", "no community"),
    )

    def test_letters_are_kept_in_order_and_count_as_seen(self, store):
        store.bury(self.LETTERS)
        assert list(store.dead_letters("g")) == list(self.LETTERS[:2])
        assert list(store.dead_letters("nobody's")) == [self.LETTERS[2]]
        with store.unit() as unit:
            assert unit.unseen(["e1", "e2", "e3", "e4"], START) == {"e4"}

    def test_twice_is_once(self, store):
        store.bury(self.LETTERS)
        store.bury([self.LETTERS[0]._replace(why="again")])
        assert list(store.dead_letters("g")) == list(self.LETTERS[:2])

    def test_its_timer_is_dropped(self, store):
        set_timers(store, timer("a"), timer("b"))
        event = due(timer("a"))
        assert isinstance(event, TimerDue)
        store.bury([DeadLetter(event.id, START, "g", repr(event), "boom")], [event, due(timer("x", group="nowhere"))])
        assert list(store.timers("g")) == [timer("b")]


class TestAddresses:
    def test_a_group_has_one_on_each_platform(self, store):
        store.set_address("g", "telegram", "-100")
        store.set_address("g", "wechat", "room@1")
        store.set_address("h", "telegram", "-200")
        store.set_address("g", "telegram", "-300")
        here = {("telegram", "-300"): "g", ("wechat", "room@1"): "g", ("telegram", "-200"): "h"}
        assert here.items() <= store.addresses().items()
        assert {place for place in store.addresses() if place[0] in ("telegram", "wechat")} == here.keys()

    def test_an_address_belongs_to_one_group(self, store):
        store.set_address("g", "telegram", "-100")
        store.set_address("h", "telegram", "-100")
        assert store.addresses() == {("telegram", "-100"): "h", ("telegram:numbered", "-100 g"): "g"}

    def test_of_the_addresses_that_a_group_left_the_first_is_kept_for_each_group_that_left_it(self, store):
        def left():
            return {(address, group) for (on, address), group in store.addresses().items() if on == "telegram:numbered"}

        store.set_address("g", "telegram", "-100")
        store.set_address("g", "telegram", "-100")
        store.set_address("g", "telegram:written", "@a")
        store.set_address("g", "telegram:written", "@b")
        assert left() == set()
        store.set_address("g", "telegram", "-200")
        assert left() == {("-100 g", "g")}
        store.set_address("h", "telegram", "-100")
        store.set_address("h", "telegram", "-300")
        assert left() == {("-100 g", "g"), ("-100 h", "h")}
        for address in ("-400", "-100", "-400"):
            store.set_address("g", "telegram", address)
        assert left() == {("-100 g", "g"), ("-100 h", "h")}
        assert store.addresses()["telegram", "-400"] == "g"

    def test_an_address_that_a_group_moved_from_is_not_kept(self, store):
        store.set_address("g", "telegram", "-100")
        saved(store, moves=[GroupMoved(id="e1", at=START, group="g", platform="telegram", old="-100", new="-1001")])
        store.set_address("g", "telegram", "-1002")
        assert store.addresses() == {
            ("telegram", "-1002"): "g",
            ("telegram:numbered", "-1001 g"): "g",
            ("telegram:moved", "-100 -1001"): "g",
        }

    def test_a_group_that_moved_has_the_new_one_and_where_it_came_from_is_kept(self, store):
        store.set_address("g", "telegram", "-100")
        store.set_address("g", "wechat", "room@1")
        saved(store, moves=[GroupMoved(id="e1", at=START, group="g", platform="telegram", old="-100", new="-1001")])
        assert store.addresses() == {
            ("telegram", "-1001"): "g",
            ("wechat", "room@1"): "g",
            ("telegram:moved", "-100 -1001"): "g",
        }

    @pytest.mark.parametrize("address", ["-300", None], ids=["it lives elsewhere", "it lives on another platform only"])
    def test_a_move_away_from_where_a_group_does_not_live_is_none_of_its(self, store, address):
        store.set_address("g", "wechat", "room@1")
        store.set_address("desk", "telegram", "-100")
        if address:
            store.set_address("g", "telegram", address)
        before = dict(store.addresses())
        saved(store, moves=[GroupMoved(id="e1", at=START, group="g", platform="telegram", old="-100", new="-1001")])
        assert store.addresses() == before

    def test_a_move_that_is_not_committed_is_none(self, store):
        store.set_address("g", "telegram", "-100")
        with store.unit() as unit:
            unit.save(
                Writes(moves=[GroupMoved(id="e", at=START, group="g", platform="telegram", old="-100", new="-1")])
            )
        assert store.addresses() == {("telegram", "-100"): "g"}


def test_people_come_by_person_with_what_is_known_of_them(store):
    [li, wang] = seated(store, newcomer(2, "Li", language="en"), newcomer(1, "小王"))
    wang.left, wang.inviter, wang.tags = START + HOUR, li.person, frozenset({"a"})
    saved(store, seats=[("g", wang)])
    first, second = store.people("g")
    assert (first.account, first.name, first.language, first.joined, first.left) == (
        "telegram:2",
        "Li",
        "en",
        START,
        None,
    )
    assert (second.person, second.left, second.inviter, second.tags) == (wang.person, START + HOUR, li.person, {"a"})
    assert list(store.people("nowhere")) == []


def test_facts_come_in_the_order_of_happening_then_of_event_person_kind_and_key(store):
    [li, wang] = seated(store, newcomer(1), newcomer(2))
    rows = [
        fact(wang.person, "a", at=START - HOUR),
        fact(wang.person, "z", event="E2"),
        fact(li.person, "b", event="e1"),
        fact(wang.person, "B", event="e1", kind="check_in"),
        fact(wang.person, "B", event="e1"),
        fact(wang.person, "b", event="e1"),
    ]
    posted(store, *reversed(rows))
    assert list(store.facts("g")) == [each.entry for each in rows]


def test_activity_comes_by_day_then_person(store):
    [li, wang] = seated(store, newcomer(1), newcomer(2))
    tomorrow = TODAY + timedelta(1)
    places = [DayAt("g", wang.person, TODAY), DayAt("g", li.person, tomorrow), DayAt("g", li.person, TODAY)]
    saved(store, days={place: [n + 1, 0, 0, 0, 0, 0] for n, place in enumerate(places)})
    assert list(store.activity("g")) == [
        (li.person, Day(TODAY, 3)),
        (wang.person, Day(TODAY, 1)),
        (li.person, Day(tomorrow, 2)),
    ]


def test_a_stream_of_thousands_may_be_left_half_read(store):
    [li] = seated(store, newcomer(1))
    posted(store, *(fact(li.person, f"{n:05}") for n in range(2_500)))
    stream = store.facts("g")
    assert next(stream).key == "00000"
    posted(store, fact(li.person, "99999"))
    stream.close() if hasattr(stream, "close") else None
    assert [e.key for e in store.facts("g")] == [*(f"{n:05}" for n in range(2_500)), "99999"]
