"""Who a platform lists against who is known: who came, who left, who may be somebody we know, and who is nobody new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.events import AccountLookedAlike, MemberJoined, MemberLeft, RosterRead
from core.people import Account, Actor, Member, PersonId
from core.rosters import BACK, LATELY, SURE, Doubts, believed, compared, events

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def known(**names: str) -> dict[Account, Member]:
    """Members by id, each with a name."""
    accounts = {id: Account(f"wechat:{id}") for id in names}
    return {
        accounts[id]: Member(person=PersonId(n), account=accounts[id], name=name, seen=AT)
        for n, (id, name) in enumerate(names.items(), 1)
    }


def listed(**names: str) -> list[Actor]:
    return [Actor(account=Account(f"wechat:{id}"), name=name) for id, name in names.items()]


FIVE = {"a": "甲", "b": "乙", "c": "丙", "d": "丁", "e": "戊"}


def test_the_first_list_of_a_group_makes_nobody_a_newcomer():
    changes = compared({}, listed(**FIVE))
    assert (changes.joined, changes.left, len(changes.listed)) == ((), (), 5)


def test_who_came_and_who_left_unseen():
    changes = compared(known(**FIVE), listed(a="甲", b="乙", c="丙", d="丁", f="己"))
    assert [one.name for one in changes.joined] == ["己"]
    assert [one.name for one in changes.left] == ["戊"]
    assert not changes.shaken


def test_a_new_account_with_the_name_of_one_that_is_gone_is_asked_about_and_no_newcomer():
    changes = compared(known(**FIVE), listed(a="甲", b="乙", c="丙", d="丁", e2="戊"))
    assert [(new.account, was.account) for new, was in changes.alike] == [("wechat:e2", "wechat:e")]
    assert (changes.joined, changes.left) == ((), ())


def test_a_name_that_several_have_makes_nobody_alike():
    changes = compared(known(a="甲", b="乙", c="小明", d="小明"), listed(a="甲", b="乙", x="小明", y="小明"))
    assert changes.alike == ()
    assert len(changes.joined) == len(changes.left) == 2


def test_where_most_ids_are_other_ones_nobody_left_and_nobody_is_new():
    changes = compared(known(**FIVE), listed(a2="甲", b2="乙", c2="丙", d2="丁", z="改了名字"))
    assert changes.shaken
    assert (changes.joined, changes.left, changes.listed) == ((), (), ())
    assert len(changes.alike) == 4
    assert [one.name for one in changes.unplaced] == ["改了名字"]


def test_a_list_without_most_of_those_known_may_have_been_cut():
    changes = compared(known(**FIVE), listed(a="甲", b="乙"))
    assert (len(changes.left), changes.doubtful, changes.shaken) == (3, True, False)
    assert not compared(known(**FIVE), listed(a="甲", b="乙", c="丙")).doubtful
    assert not compared(known(a="甲", b="乙", c="丙"), []).doubtful


def test_what_is_told_is_marked_as_inferred_and_a_pair_is_told_under_one_id_for_ever():
    changes = compared(known(**FIVE), listed(a="甲", b="乙", c="丙", e2="戊", f="己"))
    told = events(changes, "g", AT, "wechat:r:1")
    kinds = [type(one) for one in told]
    assert kinds == [MemberLeft, MemberJoined, AccountLookedAlike, RosterRead]
    assert all(one.inferred for one in told if isinstance(one, MemberLeft | MemberJoined))
    again = events(changes, "g", AT, "wechat:r:2")
    pair, same = (next(one.id for one in each if isinstance(one, AccountLookedAlike)) for each in (told, again))
    assert pair == same
    assert told[0].id != again[0].id


# What a list has to say again


def read(*lists: str, gone: dict[str, datetime] | None = None, every: timedelta = SURE, leaver: bool = False):
    """What each list makes of five who are known, of whom those `gone` left: who joined, left and never went."""
    left = {Account(f"wechat:{id}"): at for id, at in (gone or {}).items()}
    doubts, at, told = Doubts(), AT, []
    for letters in lists:
        here = {account: one for account, one in known(**FIVE).items() if account not in left}
        said = compared(here, listed(**{id: (FIVE | {"f": "己"})[id] for id in letters}))
        changes, doubts = believed(said, doubts, left, at, leaver=leaver)
        left |= {one.account: at for one in changes.left}
        for one in (*changes.joined, *changes.back):
            left.pop(one.account, None)
        told.append("".join(f"{sign}{one.name}" for sign, group in (
            ("+", changes.joined), ("-", changes.left), ("=", changes.back)) for one in group))  # fmt: skip
        at += every
    return told


def test_who_is_missing_once_never_left():
    assert read("abcde", "abcd", "abcde", "abcd", "abcde") == [""] * 5


def test_who_is_missing_in_all_lists_for_a_while_left():
    assert read("abcde", "abcd", "abcd", "abcd") == ["", "", "-戊", ""]


def test_lists_that_are_read_one_upon_the_other_say_it_once():
    assert read("abcd", "abcd", "abcd", "abcd", every=SURE / 2) == ["", "", "-戊", ""]


def test_half_a_list_makes_nobody_leave_until_it_was_half_for_a_while():
    assert read("ab", "ab", "abcde") == ["", "-丙-丁-戊", "=丙=丁=戊"]
    assert read("ab", "bc", "abcde") == ["", "-丁-戊", "=丁=戊"]


def test_who_is_missing_alone_when_somebody_left_is_who_left():
    assert read("abcd", leaver=True) == ["-戊"]
    assert read("abc", leaver=True) == [""]


def test_who_left_a_moment_ago_is_back_when_lists_have_said_so_for_a_while():
    assert read("abcde", "abcd", gone={"e": AT}) == ["", ""]
    assert read("abcde", "abcde", gone={"e": AT}) == ["", "+戊"]
    assert read("abcde", gone={"e": AT - LATELY}) == ["+戊"]


def test_who_left_by_the_lists_alone_and_is_listed_again_never_went():
    assert read("abcd", "abcd", "abcde") == ["", "-戊", "=戊"]
    assert read("abcd", "abcd", "abcde", every=BACK) == ["", "-戊", "+戊"]
    assert read("abcd", "abcde", gone={"e": AT}, every=LATELY) == ["", "+戊"], "of them a leave was told"


def test_who_is_new_is_new_at_once():
    assert read("abcdef") == ["+己"]
    assert [one.name for one in compared(known(**FIVE), listed(**FIVE)).listed] == list(FIVE.values())
