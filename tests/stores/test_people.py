"""Accounts, persons and seats."""

from __future__ import annotations

import pytest

from core.people import Account, ActorKind
from core.ports import Newcomer, Writes
from tests.stores.people import HOUR, START, newcomer, seated

LI = newcomer(2, "Li", username="LiLi", language="en")
WANG = newcomer(1, "小王", language="zh")


def test_accounts_never_seen_get_new_persons_in_the_order_given(store):
    with store.unit() as unit:
        unit.lock(["g"])
        seats = unit.seats([("g", newcomer(9)), ("g", newcomer(3)), ("g", newcomer(5))])
        persons = [seats["g", Account(f"telegram:{n}")].person for n in (9, 3, 5)]
    assert persons == sorted(persons)
    assert 0 not in persons
    assert len(set(persons)) == 3


def test_a_new_seat_holds_what_the_platform_told_and_nobody_has_seen_it(store):
    with store.unit() as unit:
        unit.lock(["g"])
        seat = unit.seats([("g", LI)])["g", LI.account]
    assert (seat.account, seat.name, seat.username, seat.kind, seat.language) == (
        "telegram:2",
        "Li",
        "LiLi",
        ActorKind.PERSON,
        "en",
    )
    assert (seat.seen, seat.joined, seat.left, seat.inviter, seat.tags) == (None, None, None, None, frozenset())


@pytest.mark.parametrize("kind", list(ActorKind))
def test_every_kind_of_actor_comes_back(store, kind):
    seated(store, newcomer(1, kind=kind))
    with store.unit() as unit:
        assert unit.find("g", [Account("telegram:1")])[Account("telegram:1")].kind is kind


def test_a_known_account_keeps_its_person_and_stored_name(store):
    [first] = seated(store, WANG)
    with store.unit() as unit:
        unit.lock(["g"])
        again = unit.seats([("g", WANG._replace(name="王五"))])["g", WANG.account]
    assert (again.person, again.name, again.seen) == (first.person, "小王", START)


def test_one_account_in_two_groups_is_one_person_with_two_seats(store):
    seated(store, WANG, group="g", at=START)
    seated(store, WANG, group="h", at=START + HOUR)
    with store.unit() as unit:
        seats = unit.seats([("g", WANG), ("h", WANG), ("i", WANG)])
    assert len({seat.person for seat in seats.values()}) == 1
    assert {group: seat.seen for (group, _), seat in seats.items()} == {"g": START, "h": START + HOUR, "i": None}


def test_the_same_newcomer_asked_for_twice_is_one_person(store):
    with store.unit() as unit:
        unit.lock(["g", "h"])
        seats = unit.seats([("g", WANG), ("g", WANG), ("h", WANG)])
    assert len({seat.person for seat in seats.values()}) == 1
    assert len(seats) == 2


def test_six_hundred_seats_at_once(store):
    everyone = [newcomer(n) for n in range(600)]
    first = seated(store, *everyone)
    with store.unit() as unit:
        again = unit.seats([("g", who) for who in everyone])
    assert [seat.person for seat in first] == [again["g", who.account].person for who in everyone]


def test_a_seat_comes_back_as_it_was_written(store):
    [host] = seated(store, LI)
    [seat] = seated(store, WANG)
    seat.joined, seat.left, seat.inviter = START + HOUR, START + 2 * HOUR, host.person
    seat.tags = frozenset({"见过面", "newbie"})
    with store.unit() as unit:
        unit.save(Writes(seats=[("g", seat)]))
        inside = unit.find("g", [WANG.account])[WANG.account]
        unit.commit()
    with store.unit() as unit:
        after = unit.find("g", [WANG.account])[WANG.account]
    assert inside == after
    assert after == seat


def test_a_new_name_is_stored_when_the_seat_says_so(store):
    [seat] = seated(store, WANG)
    seat.name, seat.username, seat.language, seat.renamed = "王五", "wang5", "en", True
    with store.unit() as unit:
        unit.save(Writes(seats=[("g", seat)]))
        unit.commit()
    with store.unit() as unit:
        again = unit.find("g", [WANG.account])[WANG.account]
        assert (again.name, again.username, again.language) == ("王五", "wang5", "en")
        assert set(unit.find_named("g", ["王五", "wang5", "小王"])) == {"王五", "wang5"}


@pytest.mark.parametrize(
    "account", ["telegram:1", "wechat:wxid_a:b", "irc:@op", "@x", "#x", "=x", "telegram", "telegram:", ":", "平台:甲"]
)
def test_every_account_comes_back_as_it_was_and_is_nobody_elses(store, account):
    others = [Newcomer(Account(a), "", ActorKind.PERSON, None, None) for a in ("1", "@1", "x:1", "irc:1", "==x")]
    seated(store, Newcomer(Account(account), "", ActorKind.PERSON, None, None), *others)
    assert [member.account for member in store.people("g")] == [account, "1", "@1", "x:1", "irc:1", "==x"]


def test_find_tells_only_accounts_that_somebody_has(store):
    seated(store, WANG, group="h")
    with store.unit() as unit:
        found = unit.find("g", [WANG.account, Account("telegram:404")])
    assert list(found) == [WANG.account]
    assert found[WANG.account].seen is None


class TestRebinding:
    NEW = Newcomer(Account("wechat:w1"), "老王", ActorKind.PERSON, None, None)

    def test_the_person_keeps_both_accounts(self, store):
        [seat] = seated(store, WANG)
        with store.unit() as unit:
            assert unit.rebind(WANG.account, self.NEW)
            unit.commit()
        with store.unit() as unit:
            found = unit.find("g", [WANG.account, self.NEW.account])
        assert {each.person for each in found.values()} == {seat.person}
        assert [found[a].name for a in (WANG.account, self.NEW.account)] == ["小王", "老王"]
        assert {each.seen for each in found.values()} == {START}
        assert [member.account for member in store.people("g")] == [WANG.account]

    def test_an_account_that_has_a_person_is_not_taken(self, store):
        seated(store, WANG, self.NEW)
        with store.unit() as unit:
            assert not unit.rebind(WANG.account, self.NEW)

    def test_an_account_nobody_has_gives_no_person(self, store):
        with store.unit() as unit:
            assert not unit.rebind(Account("telegram:404"), self.NEW)
            assert unit.find("g", [self.NEW.account]) == {}

    def test_both_accounts_are_found_by_their_names(self, store):
        [seat] = seated(store, WANG)
        with store.unit() as unit:
            unit.rebind(WANG.account, self.NEW)
            found = unit.find_named("g", ["小王", "老王"])
        assert {name: each.person for name, each in found.items()} == {"小王": seat.person, "老王": seat.person}

    def test_a_person_may_be_seated_by_both_accounts_in_one_batch(self, store):
        seated(store, WANG)
        with store.unit() as unit:
            unit.rebind(WANG.account, self.NEW)
            seats = list(unit.seats([("g", WANG), ("g", self.NEW)]).values())
            for seat in seats:
                seat.tags = frozenset({"both"})
            unit.save(Writes(seats=[("g", seat) for seat in seats]))
            unit.commit()
        assert [member.tags for member in store.people("g")] == [{"both"}]


class TestNames:
    def test_by_username_or_shown_name_whatever_the_case(self, store):
        seated(store, LI, WANG)
        with store.unit() as unit:
            found = unit.find_named("g", ["lili", "li", "小王", "nobody"])
        assert {name: seat.account for name, seat in found.items()} == {
            "lili": LI.account,
            "li": LI.account,
            "小王": WANG.account,
        }

    def test_a_name_that_two_members_have_names_nobody(self, store):
        seated(store, newcomer(1, "Anna"), newcomer(2, "anna"), newcomer(3, "Bo", username="ANNA"))
        with store.unit() as unit:
            assert unit.find_named("g", ["anna"]) == {}

    def test_a_username_names_whoever_bears_it_where_what_others_are_called_does_not_count(self, store):
        seated(store, newcomer(1, "Anna"), newcomer(2, "anna"), newcomer(3, "Bo", username="ANNA"), newcomer(4, "Cy"))
        with store.unit() as unit:
            found = unit.find_named("g", ["anna", "cy", "bo"], shown=False)
        assert {name: seat.account for name, seat in found.items()} == {"anna": "telegram:3"}

    @pytest.mark.parametrize("other_first", [False, True])
    def test_of_one_persons_accounts_a_username_names_the_one_that_has_it(self, store, other_first):
        other = newcomer(3, "lili")
        first, second = (other, LI) if other_first else (LI, other)
        seated(store, first)
        with store.unit() as unit:
            unit.rebind(first.account, second)
            unit.commit()
        with store.unit() as unit:
            assert unit.find_named("g", ["lili"])["lili"].account == LI.account

    def test_namesakes_in_other_groups_do_not_count(self, store):
        seated(store, newcomer(1, "Anna"), group="g")
        seated(store, newcomer(2, "Anna"), group="h")
        with store.unit() as unit:
            assert unit.find_named("g", ["anna"])["anna"].account == "telegram:1"
            assert unit.find_named("h", ["anna"])["anna"].account == "telegram:2"
            assert unit.find_named("i", ["anna"]) == {}

    def test_folding_goes_beyond_lower_case(self, store):
        seated(store, newcomer(1, "Straße"))
        with store.unit() as unit:
            assert list(unit.find_named("g", ["STRASSE".casefold()])) == ["strasse"]
