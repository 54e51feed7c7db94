"""Actions, as every workflow uses them: about somebody who need not be the event's actor, with the reads they need."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from core.decision import Decision, Post, SetTimer, Tag
from core.effects import Ban, Delete, Mute, Pin, React, Remove, Say, TellAdmins, plain
from core.engine import Engine
from core.events import Event, MemberJoined, MessagePosted, TimerDue
from core.memory import MemoryStore
from core.people import Account
from core.workflow import Bound, Group, Workflow
from tests.workflows.rules_chat import ANA, BOSS, START
from workflows import actions
from workflows.actions import Actions
from workflows.options import Options
from workflows.texts import Catalog

READ: Any = TypeAdapter(Actions)


def performed(
    written: Any, event: Event, about: Account = ANA.account, timed: bool = False, **told: Any
) -> list[Decision]:
    """What a workflow decides that performs these actions on an event, or (`timed`) on a timer that it set then."""
    made: list[Decision] = []
    done = READ.validate_python(written)

    def decide(event: Event, options: Options, view: Any) -> Decision:
        if timed and not isinstance(event, TimerDue):
            return Decision(timers=(SetTimer(key="k", at=START + timedelta(hours=1), member=about),))
        made.append(actions.perform(done, event, view, actor=about, rule="test", **told))
        return made[-1]

    def reads(event: Event, options: Options) -> Any:
        return actions.reads(done, event, about)

    kinds = frozenset({MemberJoined, MessagePosted, TimerDue})
    group = Group(
        key="g",
        languages=("en", "zh"),
        staff=frozenset((BOSS.account,)),
        runs=(Bound(Workflow("test", Options, kinds, reads, decide), Options()),),
        texts=Catalog.shipped(),
    )
    outcome = Engine(MemoryStore(), {"g": group}).replay([event], until=START + timedelta(days=1))
    assert not outcome.faults, outcome.faults
    return made


def posted(text: str = "hello", who: Any = ANA) -> MessagePosted:
    return MessagePosted(id=f"m{text}", at=START, group="g", actor=who, message="7", text=text)


def one(written: Any, event: Event | None = None, **told: Any) -> Decision:
    (decision,) = performed(written, event or posted(), **told)
    return decision


@pytest.mark.parametrize(
    ("written", "effect", "then"),
    [
        pytest.param("delete", Delete(messages=("7",)), "delete", id="delete"),
        pytest.param(
            {"mute": "1h"},
            Mute(member=ANA.account, span=timedelta(hours=1), announced=True, heard="report"),
            "mute 1h",
            id="mute",
        ),
        pytest.param(
            "mute", Mute(member=ANA.account, span=None, announced=True, heard="report"), "mute", id="mute until lifted"
        ),
        pytest.param("remove", Remove(member=ANA.account, announced=True, heard="report"), "remove", id="remove"),
        pytest.param("ban", Ban(member=ANA.account, announced=True, heard="report"), "ban", id="ban"),
        pytest.param(
            {"ban": "7d"},
            Ban(member=ANA.account, span=timedelta(days=7), announced=True, heard="report"),
            "ban 1w",
            id="ban for a week",
        ),
        pytest.param("pin", Pin(message="7"), "pin", id="pin"),
        pytest.param({"react": "🎉"}, React(message="7", emoji="🎉"), "react 🎉", id="react"),
    ],
)
def test_a_verb_becomes_its_effect(written: Any, effect: Any, then: str) -> None:
    decision = one([written])
    assert effect in decision.effects
    assert decision.then == (then,)


def test_points_and_tags_become_changes() -> None:
    decision = one([{"points": 10}, {"tag": ["onboarded", "new"]}, {"untag": "guest"}])
    post, add, remove = decision.changes
    assert isinstance(post, Post)
    assert (post.member, post.amount, post.by) == (ANA.account, 10, None)
    assert add == Tag(member=ANA.account, add=frozenset(("onboarded", "new")))
    assert remove == Tag(member=ANA.account, remove=frozenset(("guest",)))
    assert decision.then == ("points +10", "tag onboarded", "tag new", "untag guest")


def test_words_speak_of_the_member_and_of_what_the_caller_knows() -> None:
    decision = one(
        [{"say": {"text": "${member.name}: ${check_in.points}", "to": "member"}}],
        values={"check_in": {"points": 5}},
    )
    (said,) = decision.effects
    assert isinstance(said, Say)
    assert said.to == ANA.account
    assert plain(said.words) == "ana: 5"


def test_a_mention_in_a_text_is_a_mention() -> None:
    (said,) = one([{"reply": "hi ${member.mention}"}]).effects
    assert isinstance(said, Say)
    assert plain(said.words) == "hi @ana"
    assert len(said.words) == 2
    assert said.reply_to == "7"


def test_actions_of_a_timer_are_about_its_member() -> None:
    decision = one([{"points": 5}, "remove", {"notify": "admins"}, {"say": "bye ${member.name}"}], timed=True)
    assert Remove(member=ANA.account, announced=True, heard="report") in decision.effects
    assert [plain(e.words) for e in decision.effects if isinstance(e, Say)] == ["bye ana"]
    assert decision.about == ANA.account


def test_what_needs_a_message_is_left_out_without_one() -> None:
    decision = one(["delete", {"react": "👍"}], timed=True)
    assert decision.effects == ()
    assert "no delete: there is no message" in decision.because


@pytest.mark.parametrize("written", ["delete", "ban", {"mute": "1h"}, "warn", {"propose": "ban"}, "remove"])
def test_nothing_is_done_against_staff(written: Any) -> None:
    decision = one([written], posted(who=BOSS), about=BOSS.account)
    assert decision.effects == ()
    assert decision.changes == ()
    assert decision.because


def test_the_admins_are_told_with_evidence_before_it_goes() -> None:
    decision = one(["delete", "notify"])
    first, second = decision.effects
    assert isinstance(first, TellAdmins)
    assert first.evidence == "7"
    assert isinstance(second, Delete)


def test_names_tell_what_the_texts_speak_of() -> None:
    made = READ.validate_python([{"reply": "${member.points} ${msg.text}"}, "delete", {"warn": "${member.name}"}])
    assert actions.names(made) == {"member.points", "msg.text", "member.name"}


def test_one_action_needs_no_list() -> None:
    assert [action.verb for action in READ.validate_python("delete")] == ["delete"]
    assert [action.verb for action in READ.validate_python({"mute": "1h"})] == ["mute"]
