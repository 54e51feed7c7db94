"""One contract for every outbox: memory, a file, a server."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.sql import open_store
from adapters.sql.dispatch_queries import BUSY, SAID, due
from adapters.sql.sqlite_texts import lookup
from core.delivery import Addressee, Dispatch, Parcel, Said, Settled, State, Waiting
from core.effects import Delete, Effect, Mention, Mute, Say, TellAdmins
from core.memory import MemoryStore
from core.people import Account, ActorKind
from core.ports import DayAt, Newcomer, OutboxRow, Writes
from tests.delivery.virtual_time import START

SPAN = timedelta(seconds=25)
ENDED = timedelta(0)
"""A lease that ends the moment it is taken, whatever the clock."""


class Outbox:
    """A dispatch, with rows to put in and the time that passes for it."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.now = START
        self.dispatch: Dispatch = store.dispatch(lambda: self.now)
        self._made = 0

    def put(
        self,
        *effects: Effect,
        group: str = "g",
        platform: str = "telegram",
        courier: str = "",
        asker: Account | None = None,
    ) -> list[str]:
        rows = []
        for effect in effects:
            self._made += 1
            id_ = f"e:{self._made}"
            expires = getattr(effect, "expires", None)
            kind = type(effect).__name__
            row = OutboxRow(id_, START, group, f"ev{id_}", "w", kind, effect, expires, platform, courier, asker)
            rows.append(row)
        with self.store.unit() as unit:
            unit.lock([group])
            unit.save(Writes(outbox=rows))
            unit.commit()
        return [row.id for row in rows]

    def waiting(
        self, *groups: str, now: datetime = START, per_group: int = 10, most: int = 100, **more: Any
    ) -> list[str]:
        found = self.dispatch.waiting("telegram", groups or ("g",), now, per_group=per_group, most=most, **more)
        return [parcel.id for parcel in found]

    def parcel(self, id_: str, now: datetime = START) -> Any:
        found = self.dispatch.waiting("telegram", ("g", "h"), now, per_group=100, most=100)
        return next(parcel for parcel in found if parcel.id == id_)

    def lead(self, holder: str) -> None:
        assert self.dispatch.take_lease("courier", holder, SPAN)

    def kill(self, holder: str) -> None:
        """The holder's lease is over."""
        self.dispatch.take_lease("courier", holder, ENDED)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def outbox(request: pytest.FixtureRequest, new_url: Any) -> Iterator[Outbox]:
    store = MemoryStore() if request.param == "memory" else open_store(new_url(request.param), durable=False)
    yield Outbox(store)
    store.close()


def say(n: int, **more: Any) -> Say:
    return Say(words=(f"m{n}",), **more)


def test_a_parcel_is_what_was_decided(outbox):
    wang = Account("telegram:10001")
    effect = Say(
        words=("hi ", Mention(account=wang, name="小王")),
        to=wang,
        expires=START + SPAN,
        picture=b"\x89PNG\0",
        confidential=True,
    )
    [id_] = outbox.put(effect)
    [parcel] = outbox.dispatch.waiting("telegram", ["g"], START, per_group=1, most=1)
    assert parcel == Parcel(id_, "g", "telegram", "eve:1", "w", effect, START, START + SPAN)


def test_the_most_urgent_come_first_then_the_oldest_and_groups_take_turns(outbox):
    bulk, soon, *_ = outbox.put(say(1, urgency="bulk"), say(2), say(3))
    now, act = outbox.put(say(4, urgency="now"), Delete(messages=("1",)))
    other = outbox.put(say(5), say(6), group="h")
    assert outbox.waiting("g") == [now, act, soon, "e:3", bulk]
    assert outbox.waiting("g", "h") == [now, act, other[0], other[1], soon, "e:3", bulk]
    assert outbox.waiting("g", "h", most=3) == [now, act, other[0]]
    assert outbox.waiting("g", "h", per_group=1) == [now, other[0]]
    assert outbox.waiting("h", "nobody's") == other


def test_only_what_is_asked_for_comes(outbox):
    [here] = outbox.put(say(1))
    outbox.put(say(2), platform="wechat")
    outbox.put(say(3), platform="")
    [there] = outbox.put(say(4), group="h")
    assert outbox.waiting("g") == [here]
    assert outbox.waiting("g", "h", besides={here}) == [there]
    assert outbox.waiting("g", "h", besides={here}, per_group=1) == [there]


def test_what_waits_for_a_moment_is_left_out_until_then(outbox):
    [id_] = outbox.put(say(1))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    later = START + timedelta(minutes=1)
    outbox.dispatch.settle([Settled(id_, State.WAITING, "busy", not_before=later)], "A")
    assert outbox.waiting() == []
    assert outbox.waiting(now=later) == [id_]
    assert outbox.parcel(id_, later).attempts == 1


def test_a_lease_belongs_to_one_until_it_ends_or_is_given_back(outbox):
    take = outbox.dispatch.take_lease
    assert take("courier", "A", SPAN)
    assert take("courier", "A", SPAN), "it is prolonged"
    assert not take("courier", "B", SPAN)
    assert take("another", "B", SPAN)
    outbox.dispatch.drop_lease("courier", "B")
    assert not take("courier", "B", SPAN), "it was not B's to give"
    outbox.dispatch.drop_lease("courier", "A")
    assert take("courier", "B", SPAN)
    assert take("courier", "B", ENDED)
    assert take("courier", "A", SPAN)


def test_of_many_that_ask_at_once_one_gets_the_lease(outbox):
    def ask(n: int) -> bool:
        taken: bool = outbox.dispatch.take_lease("courier", f"holder {n}", SPAN)
        return taken

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(16))) == 1


def test_of_two_that_begin_the_same_at_once_one_may_perform_it(outbox):
    """Both hold a lease, as two accounts' couriers do that were wrongly given the same group."""
    ids = outbox.put(*(say(n) for n in range(20)))
    for holder in ("A", "B"):
        assert outbox.dispatch.take_lease(f"courier {holder}", holder, SPAN)
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(lambda holder: set(outbox.dispatch.begin(ids, holder)), ("A", "B"))
    assert one | other == set(ids)
    assert not one & other


def test_who_holds_no_lease_begins_nothing(outbox):
    ids = outbox.put(say(1), say(2))
    assert set(outbox.dispatch.begin(ids, "A")) == set()
    outbox.lead("A")
    assert set(outbox.dispatch.begin(ids, "A")) == set(ids)
    outbox.kill("A")
    assert set(outbox.dispatch.begin(ids, "A")) == set()


def test_what_is_on_its_way_waits_for_nobody_else(outbox):
    first, second = outbox.put(say(1), say(2))
    outbox.lead("A")
    outbox.dispatch.begin([first], "A")
    assert outbox.waiting() == [second]
    assert set(outbox.dispatch.begin([first], "B")) == set()
    assert outbox.dispatch.pending("telegram", ["g"]) == {"g": 2}


def test_what_a_dead_courier_began_comes_back_as_begun(outbox):
    [id_] = outbox.put(say(1))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    outbox.kill("A")
    outbox.lead("B")
    parcel = outbox.parcel(id_)
    assert (parcel.attempts, parcel.unsure, parcel.began) == (1, 0, True)
    assert set(outbox.dispatch.begin([id_], "B")) == {id_}
    outbox.dispatch.settle([Settled(id_, State.WAITING, "", unsure=True)], "B")
    parcel = outbox.parcel(id_)
    assert (parcel.attempts, parcel.unsure, parcel.began) == (2, 2, False)


def test_an_attempt_that_does_not_count_is_taken_back(outbox):
    [id_] = outbox.put(say(1))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    outbox.dispatch.settle([Settled(id_, State.WAITING, "", counts=False)], "A")
    assert outbox.parcel(id_).attempts == 0


def test_one_who_lost_the_lease_settles_only_what_nobody_began_since(outbox):
    mine, taken = outbox.put(say(1), say(2))
    outbox.lead("A")
    outbox.dispatch.begin([mine, taken], "A")
    outbox.kill("A")
    outbox.lead("B")
    outbox.dispatch.begin([taken], "B")
    done = [Settled(mine, State.DONE, "done"), Settled(taken, State.DONE, "done")]
    assert outbox.dispatch.settle(done, "A") == 1
    assert outbox.dispatch.pending("telegram", ["g"]) == {"g": 1}
    assert outbox.dispatch.settle([Settled(taken, State.DONE, "done")], "B") == 1


def test_what_is_settled_stays_settled(outbox):
    [id_] = outbox.put(say(1))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    assert outbox.dispatch.settle([Settled(id_, State.DONE, "done", message="7")], "A") == 1
    assert outbox.dispatch.settle([Settled(id_, State.DEAD, "x", instead=(say(2),))], "A") == 0
    assert set(outbox.dispatch.begin([id_], "A")) == set()
    assert outbox.waiting() == []
    assert outbox.dispatch.pending("telegram", ["g"]) == {}


def test_a_turn_settles_and_begins_at_once(outbox):
    first, second = outbox.put(say(1), say(2))
    outbox.lead("A")
    assert set(outbox.dispatch.turn([], [first], "A")) == {first}
    done = Settled(first, State.DONE, "done")
    assert set(outbox.dispatch.turn([done], [second, first, "nobody's"], "A")) == {second}
    outbox.kill("A")
    assert set(outbox.dispatch.turn([Settled(second, State.DONE, "done")], [], "A")) == set()
    assert outbox.dispatch.pending("telegram", ["g"]) == {}, "results count without a lease too"


def test_a_turn_may_begin_again_what_it_settles_as_waiting(outbox):
    [id_] = outbox.put(say(1))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    assert set(outbox.dispatch.turn([Settled(id_, State.WAITING, "again", unsure=True)], [id_], "A")) == {id_}
    outbox.kill("A")
    parcel = outbox.parcel(id_)
    assert (parcel.attempts, parcel.unsure, parcel.began) == (2, 1, True)


def test_what_it_never_learned_to_have_begun_it_begins_again(outbox):
    [id_] = outbox.put(say(1))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    assert set(outbox.dispatch.begin([id_], "A")) == {id_}
    outbox.dispatch.settle([Settled(id_, State.WAITING, "")], "A")
    assert outbox.parcel(id_).unsure == 0


def test_what_is_born_in_a_couriers_hands_is_begun_by_it_as_long_as_it_lives(outbox):
    outbox.lead("A")
    [one] = outbox.put(say(1), courier="A")
    [two] = outbox.put(say(2))
    assert outbox.waiting() == [two]
    assert outbox.dispatch.pending("telegram", ["g"]) == {"g": 2}
    assert outbox.dispatch.park("telegram", "g", "gone") == 1, "the other one"
    outbox.kill("A")
    assert outbox.parcel(one) == Parcel(one, "g", "telegram", f"ev{one}", "w", say(1), START, attempts=1, began=True), (
        "nobody knows how far it came"
    )


def test_what_is_born_in_a_couriers_hands_may_be_settled_by_it_or_given_back(outbox):
    outbox.lead("A")
    sent, back = outbox.put(say(1), say(2), courier="A")
    settled = [Settled(sent, State.DONE, "done"), Settled(back, State.WAITING, "not begun", counts=False)]
    assert outbox.dispatch.settle(settled, "A") == 2
    assert outbox.waiting() == [back]
    assert outbox.parcel(back)[-5:-1] == (0, 0, False, False), "as if nobody had taken it"


def test_others_take_its_place_in_the_same_transaction(outbox):
    [id_] = outbox.put(Say(words=("hi",), to=Account("telegram:1")))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    here, line = say(2, expires=START + SPAN), TellAdmins(words=("look",))
    outbox.dispatch.settle([Settled(id_, State.DROPPED, "unreachable", instead=(here, line))], "A")
    one, two = outbox.dispatch.waiting("telegram", ["g"], START, per_group=9, most=9)
    assert one == Parcel(f"{id_}>1", "g", "telegram", f"ev{id_}", "w", here, START, START + SPAN)
    assert (two.id, two.effect, two.expires) == (f"{id_}>2", line, None)
    rows = {row.id: row.effect for row in outbox.store.outbox("g")}
    assert rows[f"{id_}>1"] == here


def test_a_line_under_a_name_is_written_once_until_it_is_forgotten(outbox):
    ids = outbox.put(*(Mute(member=Account(f"telegram:{n}"), span=None) for n in range(5)))
    outbox.lead("A")
    line = TellAdmins(words=("look",))
    dead = [Settled(id_, State.DEAD, "", line=line, once="lacks:telegram:g:mute") for id_ in ids]
    outbox.dispatch.turn((), ids, "A")
    outbox.dispatch.settle(dead[:2], "A")
    outbox.dispatch.settle(dead[2:3], "A")
    assert outbox.waiting() == [f"{ids[0]}>line"]
    assert list(outbox.dispatch.told("lacks:telegram:")) == ["lacks:telegram:g:mute"]
    assert list(outbox.dispatch.told("lacks:wechat:")) == []
    outbox.dispatch.forget(["lacks:telegram:g:mute"])
    outbox.dispatch.settle(dead[3:4], "A")
    outbox.dispatch.settle([dead[4]._replace(once="")], "A")
    assert outbox.waiting() == [f"{ids[0]}>line", f"{ids[3]}>line", f"{ids[4]}>line"]


def test_a_group_is_parked_and_comes_back_as_it_was(outbox):
    says = outbox.put(say(1), say(2))
    [line] = outbox.put(TellAdmins(words=("look",)))
    outbox.put(say(3), group="h")
    outbox.put(say(4), platform="wechat")
    again = START + timedelta(hours=1)
    assert outbox.dispatch.park("telegram", "g", "not_there: kicked", again) == 2
    assert outbox.waiting("g") == [line]
    assert outbox.dispatch.parked("telegram", ["g", "h"]) == {"g": ("not_there: kicked", again)}
    assert outbox.dispatch.parked("telegram", ["h"]) == {}
    assert outbox.dispatch.pending("telegram", ["g"]) == {"g": 1}
    assert outbox.dispatch.unpark("telegram", "g") == 2
    assert outbox.waiting("g") == [*says, line]
    assert outbox.dispatch.parked("telegram", ["g"]) == {}


def test_who_is_back_need_not_wait_for_what_was_put_off(outbox):
    [id_] = outbox.put(say(1))
    outbox.lead("A")
    outbox.dispatch.begin([id_], "A")
    outbox.dispatch.settle([Settled(id_, State.WAITING, "", not_before=START + timedelta(hours=1))], "A")
    assert outbox.dispatch.unpark("telegram", "g") == 1
    assert outbox.waiting() == [id_]


def test_what_waits_for_a_moment_is_found_by_how_its_reason_begins(outbox):
    outbox.lead("A")
    soon, later = START + timedelta(seconds=5), START + timedelta(seconds=60)
    wanted, other, past, _ = outbox.put(Say(words=("a",)), Say(words=("b",)), Say(words=("c",)), Say(words=("d",)))
    [elsewhere] = outbox.put(Say(words=("e",)), platform="wechat")
    settled = [
        Settled(wanted, State.WAITING, "told to wait: 50% too fast", not_before=later),
        Settled(other, State.WAITING, "too fast: told to wait", not_before=later),
        Settled(past, State.WAITING, "told to wait: before", not_before=soon),
        Settled(elsewhere, State.WAITING, "told to wait: there", not_before=later),
    ]
    outbox.dispatch.settle(settled, "A")
    assert list(outbox.dispatch.put_off("telegram", "told to wait", soon)) == [
        Waiting("g", Say(words=("a",)), "told to wait: 50% too fast", later)
    ]


def test_what_others_know_of_somebody(outbox):
    def seen(account: str, name: str, *, joined: bool, left: bool = False, wrote: bool = False) -> None:
        with outbox.store.unit() as unit:
            unit.lock(["g"])
            seat = unit.seats([("g", Newcomer(Account(account), name, ActorKind.PERSON, None, None))])["g", account]
            seat.seen, seat.joined, seat.left = START, START if joined else None, START if left else None
            days = {DayAt("g", seat.person, START.date()): [1, 0, 0, 0, 0, 0]} if wrote else {}
            unit.save(Writes(seats=[("g", seat)], days=days))
            unit.commit()

    seen("telegram:1", "小王", joined=True)
    seen("telegram:2", "asked to join", joined=False)
    seen("telegram:3", "here before us", joined=False, wrote=True)
    seen("telegram:4", "left", joined=True, left=True)
    known = [outbox.dispatch.addressee("g", Account(f"telegram:{n}"), START) for n in range(1, 6)]
    assert known == [
        Addressee("小王", True),
        Addressee("asked to join", False),
        Addressee("here before us", True),
        Addressee("left", False),
        None,
    ]


def test_taking_parcels_looks_at_what_is_on_its_way_and_nothing_else(tmp_path):
    """The cost is independent of how much was ever sent: every step is one in the index of what is open."""
    store = open_store(f"sqlite:///{tmp_path}/x.db", durable=False)
    with store.unit() as unit:
        session = unit.session
        for text, parameters in (
            (BUSY.format(clock=0), ("telegram", "telegram")),
            (lookup(due(100, lateral=False), 1), (1, "telegram", 0, 0)),
        ):
            plan = [row[3] for row in session.ask(f"EXPLAIN QUERY PLAN {text}", parameters)]
            steps = [step for step in plan if "outbox" in step or " o " in f"{step} " or " d " in f"{step} "]
            assert steps
            assert not [step for step in steps if step.startswith("SCAN")], plan
            assert any("outbox_open" in step for step in steps), plan
    store.close()


def test_what_was_said_is_read_back_by_platform_from_an_instant_on(outbox):
    ids = outbox.put(
        Say(words=("a",)), Say(words=("b",), to=Account("wechat:li")), TellAdmins(words=("c",)), platform="wechat"
    )
    outbox.lead("one")
    outbox.dispatch.begin(ids, "one")
    times = [START, START + timedelta(hours=1), None]
    settled = [Settled(id_, State.DONE, "done", sent=at) for id_, at in zip(ids, times, strict=True)]
    outbox.dispatch.settle(settled, "one")
    found = outbox.dispatch.said("wechat", START)
    assert [(one.group, one.effect.words, one.at) for one in found] == [
        ("g", ("a",), times[0]),
        ("g", ("b",), times[1]),
    ]
    assert len(outbox.dispatch.said("wechat", START + timedelta(minutes=1))) == 1
    assert outbox.dispatch.said("telegram", START) == []


def test_whose_message_is_answered_is_known_of_a_parcel_of_what_takes_its_place_and_of_what_was_said(outbox):
    li = Account("wechat:李 🌊")
    [id_] = outbox.put(say(1), asker=li)
    assert outbox.parcel(id_).asker == li
    outbox.lead("one")
    outbox.dispatch.begin([id_], "one")
    line = TellAdmins(words=("a right is missing",))
    instead = Settled(id_, State.DROPPED, "not so", instead=(say(2),), line=line, sent=START)
    outbox.dispatch.settle([instead], "one")
    assert [outbox.parcel(new).asker for new in (f"{id_}>1", f"{id_}>line")] == [li, None]
    assert outbox.dispatch.said("telegram", START) == [Said("g", say(1), START, 1, li)]
    assert [row.asker for row in outbox.store.outbox("g")] == [li, li, None]


@pytest.mark.parametrize("state", [State.DONE, State.UNSURE, State.DEAD, State.DROPPED])
def test_whose_message_was_answered_is_forgotten_when_nothing_was_said(outbox, state):
    li = Account("wechat:li")
    put_off, over, replaced, told = outbox.put(say(1), say(2), say(3), say(5), asker=li)
    outbox.dispatch.settle(
        [
            Settled(put_off, State.WAITING, "not yet"),
            Settled(over, state, "not said"),
            Settled(replaced, state, "not so", instead=(say(4),)),
            Settled(told, state, "said, or it may have been", sent=START),
        ],
        "one",
    )
    assert {row.id: row.asker for row in outbox.store.outbox("g")} == {
        put_off: li,
        over: None,
        replaced: None,
        told: li,
        f"{replaced}>1": li,
    }


def test_whose_message_was_answered_is_remembered_when_something_may_have_been_said_before_it_was_given_up(outbox):
    li = Account("wechat:li")
    [id_] = outbox.put(say(1), asker=li)
    outbox.dispatch.settle([Settled(id_, State.WAITING, "no answer in time", sent=START)], "one")
    outbox.dispatch.settle([Settled(id_, State.DEAD, "refused")], "one")
    assert outbox.dispatch.said("telegram", START) == [Said("g", say(1), START, 1, li)]


def test_what_was_begun_and_not_settled_may_have_been_said_too_and_what_was_unsure_more_than_once(outbox):
    done, again, open_ = outbox.put(say(1), say(2), say(3))
    outbox.put(say(4))
    outbox.lead("one")
    outbox.dispatch.begin([done, again, open_], "one")
    lost = Settled(again, State.WAITING, "lost", unsure=True, sent=START)
    outbox.dispatch.settle([Settled(done, State.DONE, "done", sent=START + SPAN), lost], "one")
    assert outbox.dispatch.said("telegram", START) == [
        Said("g", say(2), START, 2),
        Said("g", say(1), START + SPAN),
        Said("g", say(3), None),
    ]
    outbox.dispatch.begin([again], "one")
    assert outbox.dispatch.said("telegram", START + SPAN) == [
        Said("g", say(1), START + SPAN),
        Said("g", say(2), None, 2),
        Said("g", say(3), None),
    ]


def test_what_was_said_lately_is_found_by_when_it_was_said(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/x.db", durable=False)
    with store.unit() as unit:
        plan = [row[3] for row in unit.session.ask(f"EXPLAIN QUERY PLAN {SAID}", ("telegram", 0))]
        assert any("outbox_sent" in step for step in plan), plan
    store.close()
