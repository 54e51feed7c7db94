"""Whom an event speaks of is known by the name that it tells, whichever part they have in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.events import Event, Instructed, MemberLeft, MessagePosted, ReactionChanged, Reply
from core.naming import actor_of, named
from core.people import Account, Actor

ANA, BEN = (Actor(account=Account(f"telegram:{n}"), name=name) for n, name in ((1, "Ana"), (2, "Ben")))
AT: dict[str, Any] = {"id": "telegram:9", "at": datetime(2026, 3, 2, tzinfo=UTC), "group": "g"}
SPOKEN_OF: dict[str, Event] = {
    "who acts": ReactionChanged(**AT, actor=BEN, message="1"),
    "whose message was reacted to": ReactionChanged(**AT, actor=ANA, message="1", author=BEN),
    "who put somebody out": MemberLeft(**AT, actor=ANA, by=BEN),
    "whom an order is about": Instructed(**AT, actor=ANA, workflow="rules", verb="warn", target=BEN),
    "who is mentioned": MessagePosted(**AT, actor=ANA, message="1", mentions=(ANA, BEN)),
    "who is answered": MessagePosted(**AT, actor=ANA, message="2", reply_to=Reply(message="1", author=BEN)),
}


@pytest.mark.parametrize("event", SPOKEN_OF.values(), ids=SPOKEN_OF)
def test_whom_an_event_speaks_of_has_the_name_that_it_tells(event: Event) -> None:
    assert named(event, BEN.account) is BEN
    assert actor_of(event, BEN.account) is BEN


def test_whom_it_does_not_speak_of_is_an_account_without_a_name() -> None:
    other = Account("telegram:3")
    for event in SPOKEN_OF.values():
        assert named(event, other) is None
        assert actor_of(event, other) == Actor(account=other)
