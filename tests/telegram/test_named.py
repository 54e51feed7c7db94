"""Who is meant by a username, and what they are called from then on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.telegram.named import recognised
from core.effects import Say, plain
from core.engine import Engine
from core.events import Event, MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Bound, Group
from workflows import members, rules
from workflows.members import Members
from workflows.rule_options import Rules
from workflows.texts import Catalog

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
LI = Actor(account=Account("telegram:10009"), name="老李", username="laoli")
ANA = Actor(account=Account("telegram:10006"), name="Ana", username="ana")
AT_LI = Actor(account=Account("telegram:@laoli"), name="laoli", username="laoli")
AT_NOBODY = Actor(account=Account("telegram:@nobody"), name="nobody", username="nobody")
THANKS = {"rules": [{"id": "thanks", "when": "message", "then": [{"thank": {"to": "mentioned", "add": 2}}]}]}


def said(number: int, actor: Actor, text: str, *mentions: Actor) -> MessagePosted:
    at = START + timedelta(minutes=number)
    return MessagePosted(
        id=f"m{number}", at=at, group="g", actor=actor, message=str(number), text=text, mentions=mentions
    )


class Hall:
    def __init__(self) -> None:
        self.store = MemoryStore()
        runs = (Bound(rules.workflow, Rules.model_validate(THANKS)),)
        self.engine = Engine(
            self.store, {"g": Group(key="g", platforms=("telegram",), runs=runs, texts=Catalog.shipped())}
        )

    def hears(self, *events: Event) -> None:
        outcome = self.engine.process(asyncio.run(recognised(events, self.store)))
        assert not outcome.faults

    def names(self) -> dict[Account, str]:
        return {one.account: one.name for one in self.store.people("g")}


def test_who_is_meant_by_a_username_keeps_their_name():
    hall = Hall()
    hall.hears(said(1, LI, "早"))
    hall.hears(said(2, ANA, "谢谢 @LaoLi", replace(AT_LI, name="LaoLi")))
    assert hall.names() == {LI.account: "老李", ANA.account: "Ana"}
    (li,) = [one.person for one in hall.store.people("g") if one.account == LI.account]
    assert [(fact.person, fact.amount) for fact in hall.store.facts("g") if fact.kind == "points"] == [(li, 2)]


def test_so_does_whoever_spoke_in_the_same_batch():
    hall = Hall()
    hall.hears(said(1, LI, "早"), said(2, ANA, "谢谢 @laoli", AT_LI))
    assert hall.names() == {LI.account: "老李", ANA.account: "Ana"}


def test_who_gave_a_username_up_is_not_meant_by_it_any_more():
    hall = Hall()
    hall.hears(said(1, LI, "早"))
    hall.hears(said(2, replace(LI, username=""), "改名了"))
    hall.hears(said(3, ANA, "谢谢 @laoli", AT_LI))
    assert [fact for fact in hall.store.facts("g") if fact.kind == "points"] == []


def test_nor_is_who_gave_it_up_in_the_same_batch():
    hall = Hall()
    hall.hears(said(1, LI, "早"))
    hall.hears(said(2, replace(LI, username="li2"), "改名了"), said(3, ANA, "谢谢 @laoli", AT_LI))
    assert [fact for fact in hall.store.facts("g") if fact.kind == "points"] == []


def test_whoever_took_it_is_meant_though_others_are_called_so():
    hall = Hall()
    hall.hears(said(1, LI, "早"), said(2, ANA, "早"))
    hall.hears(said(3, replace(ANA, name="LaoLi", username="laoli"), "我也改名了"))
    hall.hears(said(4, replace(LI, name="laoli", username="li2"), "谢谢 @laoli", AT_LI))
    (points,) = [fact for fact in hall.store.facts("g") if fact.kind == "points"]
    (ana,) = [one.person for one in hall.store.people("g") if one.account == ANA.account]
    assert points.person == ana


def test_whoever_speaks_with_it_in_the_same_batch_took_it_from_who_bore_it_before():
    hall = Hall()
    hall.hears(said(1, LI, "早"))
    taken = said(2, replace(ANA, username="laoli"), "我也改名了")
    ben = Actor(account=Account("telegram:10010"), name="Ben")
    _, event = asyncio.run(recognised((taken, said(3, ben, "谢谢 @laoli", AT_LI)), hall.store))
    assert isinstance(event, MessagePosted)
    assert [(who.account, who.name) for who in event.mentions] == [(ANA.account, "Ana")]


def test_who_bears_a_username_and_no_name_is_called_as_they_were_mentioned():
    hall = Hall()
    hall.hears(said(1, replace(LI, name=""), "早"))
    (event,) = asyncio.run(recognised((said(2, ANA, "谢谢 @laoli", AT_LI),), hall.store))
    assert isinstance(event, MessagePosted)
    assert [(who.account, who.name) for who in event.mentions] == [(LI.account, "laoli")]


def test_whom_nobody_has_seen_stays_who_bears_the_username():
    hall = Hall()
    (event,) = asyncio.run(recognised((said(1, ANA, "谢谢 @laoli", AT_LI),), hall.store))
    assert isinstance(event, MessagePosted)
    assert event.mentions == (AT_LI,)


def test_a_username_means_whoever_bears_it_though_others_are_called_so():
    hall = Hall()
    called = [Actor(account=Account(f"telegram:2000{n}"), name=name) for n, name in enumerate(("laoli", "LaoLi"))]
    hall.hears(said(1, LI, "早"), *(said(n, who, "早") for n, who in enumerate(called, 2)))
    (event,) = asyncio.run(recognised((said(9, ANA, "谢谢 @laoli", AT_LI),), hall.store))
    assert isinstance(event, MessagePosted)
    assert [(who.account, who.name) for who in event.mentions] == [(LI.account, "老李")]


def test_a_username_that_nobody_bears_does_not_mean_who_is_called_so():
    hall = Hall()
    hall.hears(said(1, Actor(account=Account("telegram:20001"), name="laoli"), "早"))
    (event,) = asyncio.run(recognised((said(2, ANA, "谢谢 @laoli", AT_LI),), hall.store))
    assert isinstance(event, MessagePosted)
    assert event.mentions == (AT_LI,)


def test_what_is_given_to_a_username_that_nobody_here_bears_is_given_to_nobody():
    hall = Hall()
    hall.hears(said(1, ANA, "谢谢 @laoli", AT_LI))
    assert hall.names() == {ANA.account: "Ana"}
    assert list(hall.store.facts("g")) == []
    assert "nobody here bears that username" in [why for row in hall.store.audit("g") for why in row.because]


def test_who_is_a_username_and_nothing_else_has_no_place_on_the_board():
    hall = Hall()
    listed = Bound(members.workflow, Members())
    group = Group(key="g", runs=(Bound(rules.workflow, Rules.model_validate(THANKS)), listed), texts=Catalog.shipped())
    hall.engine = Engine(hall.store, {"g": group})
    hall.hears(said(1, LI, "早"), said(2, ANA, "谢谢 @nobody", AT_NOBODY), said(3, ANA, "谢谢 @laoli", LI))
    for platforms, places in (((), ["1. nobody · 2", "2. 老李 · 2"]), (("telegram",), ["1. 老李 · 2"])):
        hall.engine = Engine(hall.store, {"g": replace(group, platforms=platforms)})
        hall.hears(said(10 + len(platforms), ANA, "/top"))
        board = [plain(row.effect.words) for row in hall.store.outbox("g") if isinstance(row.effect, Say)][-1]
        assert board.splitlines()[1 : 1 + len(places)] == places
        assert len(board.splitlines()) == 2 + len(places)
