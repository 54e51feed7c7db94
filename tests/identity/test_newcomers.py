"""Newcomers of two accounts that are bound and parted: each goes on in their own name, and is reminded there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.effects import Delete
from core.engine import Engine
from core.events import MemberLeft, Reply
from core.people import Actor
from core.ports import RecordAt, Writes
from core.workflow import Bound
from tests.identity.community import ANA, ANNA, BEN, Community
from workflows import onboarding
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, Progress, timer_of

OPTIONS = {
    "steps": [
        {"id": "agree", "ask": "Agree?", "options": [{"say": ["yes"]}]},
        {"id": "track", "ask": "Which track?", "options": [{"say": ["english"]}]},
    ],
    "tasks": [{"id": "talk", "messages": {"count": 2, "min_chars": 1}, "within": "3d"}],
    "on_complete": [{"points": 10}],
    "remind": {"after": "1d", "times": 3},
    "give_up_after": None,
}


class Door(Community):
    """The community asks its newcomers."""

    def __init__(self, store: Any, **more: Any) -> None:
        super().__init__(store)
        asks = Bound(onboarding.workflow, Onboarding.model_validate(OPTIONS | more))
        self.groups = {key: replace(group, runs=(asks, *group.runs)) for key, group in self.groups.items()}
        self.engine = Engine(store, self.groups)

    def standing(self, who: Actor) -> Progress:
        with self.store.unit() as unit:
            place = RecordAt("reading", unit.find("reading", [who.account])[who.account].person, PROGRESS.name)
            progress = unit.records([(place, PROGRESS)])[place]
        assert isinstance(progress, Progress)
        return progress

    def is_kept(self, who: Actor, progress: Progress) -> None:
        """As an earlier version left it: without a timer of their own."""
        timer = ("reading", "onboarding", timer_of(who.account))
        with self.store.unit() as unit:
            place = RecordAt("reading", unit.find("reading", [who.account])[who.account].person, PROGRESS.name)
            unit.save(Writes(records={place: progress}, timers={timer: None}))
            unit.commit()

    def passes(self, span: timedelta) -> list[str]:
        """What is said meanwhile."""
        self.said()
        self.at += span
        outcome = self.engine.replay([], until=self.at)
        assert not outcome.faults
        return [words for _, words in self.said()]

    def leaves(self, who: Actor) -> None:
        self.run(MemberLeft(id=self.id(who), at=self.at, group="reading", actor=who))

    def comes(self, who: Actor) -> None:
        """They were here before anybody was asked, and come anew."""
        self.leaves(who)
        self.joins(who, "reading")

    def awaited(self) -> set[str]:
        """Whose timers are set."""
        return {row.member for row in self.store.timers("reading") if row.workflow == "onboarding"}

    def parts(self) -> None:
        self.writes(ANA, "/unlink yes")


@pytest.fixture
def town(store: Any) -> Door:
    return Door(store)


@pytest.fixture
def parted(town: Door) -> Door:
    """While they were one, Anna joined and answered the first step; now both have the second before them."""
    town.bind()
    town.comes(ANNA)
    town.says(ANNA, "yes")
    town.parts()
    return town


def test_parted_each_answers_what_is_left_for_themselves(parted):
    parted.says(ANA, "english")
    assert (parted.standing(ANA).stage, parted.standing(ANNA).stage) == ("tasks", "steps")
    assert (parted.points(ANA), parted.points(ANNA)) == (10, 0)
    parted.says(ANA, "english")
    parted.says(ANNA, "english")
    assert (parted.points(ANA), parted.points(ANNA)) == (10, 10)
    assert [parted.standing(who).paid for who in (ANA, ANNA)] == [("complete",), ("complete",)]


def test_parted_each_is_reminded_in_their_own_name(parted):
    reminded = parted.passes(timedelta(days=1, minutes=1))
    assert len(reminded) == 2
    assert parted.awaited() == {ANA.account, ANNA.account}


def test_who_was_asked_before_they_were_bound_is_reminded_again_once_parted(town):
    for who in (ANA, ANNA):
        town.comes(who)
    town.bind()
    town.passes(timedelta(days=1, minutes=1))
    town.parts()
    assert town.awaited() == {ANA.account, ANNA.account}
    assert {town.standing(who).account for who in (ANA, ANNA)} == {ANA.account, ANNA.account}


def test_who_leaves_with_one_account_goes_on_with_the_other(town):
    town.bind()
    town.comes(ANNA)
    town.leaves(ANNA)
    assert not town.standing(ANA).away
    assert town.passes(timedelta(days=1, minutes=1)) == ["@Ana, one question is still waiting for you:\n\nAgree?"]
    assert (town.standing(ANA).account, town.awaited()) == (ANA.account, {ANA.account})
    town.says(ANA, "yes")
    assert town.standing(ANA).answers == {"agree": "yes"}


def test_an_account_that_leaves_and_was_not_asked_stops_nothing(town):
    town.bind()
    town.comes(ANNA)
    town.leaves(ANA)
    assert (town.standing(ANA).account, town.standing(ANA).away) == (ANNA.account, False)
    assert town.awaited() == {ANNA.account}


@pytest.mark.parametrize("first", [ANA, ANNA], ids=["the other first", "the asked one first"])
def test_who_left_with_both_accounts_is_away_until_one_comes_back(town, first):
    town.bind()
    town.comes(ANNA)
    town.leaves(first)
    town.leaves(ANNA if first is ANA else ANA)
    assert town.standing(ANA).away
    assert town.passes(timedelta(days=2)) == []
    town.joins(ANA, "reading")
    assert (town.standing(ANA).account, town.standing(ANA).away) == (ANA.account, False)


@pytest.mark.parametrize("does", ["answers", "answers amiss", "chats", "leaves and comes back"])
def test_a_progress_that_names_the_others_account_is_ones_own_again_with_the_next_act(parted, does):
    parted.is_kept(ANA, replace(parted.standing(ANA), account=ANNA.account))
    theirs = parted.standing(ANNA)
    if does == "leaves and comes back":
        parted.leaves(ANA)
        assert parted.standing(ANA).away
        parted.joins(ANA, "reading")
    elif does == "chats":
        parted.says(ANA, "hello there", reply_to=Reply(message="0", author=BEN))
    else:
        parted.says(ANA, "english" if does == "answers" else "klingon")
    assert parted.standing(ANA).account == ANA.account
    assert parted.standing(ANNA) == theirs
    assert parted.awaited() == {ANA.account, ANNA.account}


def test_a_task_that_names_the_others_account_is_done_for_oneself(parted):
    parted.says(ANNA, "english")
    parted.is_kept(ANA, parted.standing(ANNA))
    parted.says(ANA, "one")
    assert parted.standing(ANA).account == ANA.account
    assert parted.standing(ANA).marks != {}
    assert parted.standing(ANNA).marks == {}
    assert ANA.account in parted.awaited()
    parted.says(ANA, "two")
    assert (parted.standing(ANA).stage, parted.standing(ANNA).stage) == ("done", "tasks")


def test_while_bound_they_are_reminded_where_they_took_part_last(town):
    town.comes(ANA)
    town.bind()
    town.says(ANNA, "yes")
    assert town.standing(ANA).account == ANNA.account
    assert len(town.passes(timedelta(days=1, minutes=1))) == 1
    town.says(BEN, "hello")
    assert town.standing(ANNA).nudged == 1


def test_who_stands_at_the_door_with_one_account_stands_there_with_that_one_alone(store):
    """What Ana writes is neither an answer nor deleted, and Anna is still asked."""
    book = {"id": "book", "ask": "Read?", "options": ["paper", "screens"], "accept": "paper"}
    town = Door(store, entry={"at": "door", "questions": [book], "tries": 2, "within": "1h", "cooldown": "1d"})
    town.bind()
    town.leaves(ANA)
    town.comes(ANNA)
    town.parts()
    town.rows()
    town.says(ANA, "screens")
    assert not any(isinstance(row.effect, Delete) for row in town.rows())
    town.says(ANNA, "screens")
    assert any(isinstance(row.effect, Delete) for row in town.rows())


def test_who_stands_at_the_door_with_one_account_is_past_it_once_the_other_writes_as_an_admin(store):
    book = {"id": "book", "ask": "Read?", "options": ["paper", "screens"], "accept": "paper"}
    town = Door(store, entry={"at": "door", "questions": [book], "tries": 2, "within": "1h", "cooldown": "1d"})
    town.bind()
    town.leaves(ANA)
    town.comes(ANNA)
    assert town.awaited() == {ANNA.account}
    town.says(replace(ANA, admin=True), "hello")
    assert town.awaited() == set()
    town.rows()
    town.says(ANNA, "screens")
    assert not any(isinstance(row.effect, Delete) for row in town.rows())
