"""Data too long for a button: the button bears a token, and a press of it is one of the data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from core.cloakroom import KEPT_FOR, LEFT, MOST, Cloakroom
from core.decision import Decision
from core.effects import Choice, Edit, Effect, Say, TellAdmins
from core.engine import Engine
from core.events import ButtonPressed, MessagePosted, Reply
from core.memory import MemoryStore
from core.people import NOBODY, Account, Actor
from core.ports import RecordAt
from core.workflow import Bound, Group, Workflow

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
LI = Actor(account=Account("telegram:10002"), name="li")
LONG = "propose:yes:0123456789:wechat:wxid_" + "x" * 60
SHORT = "step:goal:1"
_ids = count(1)


def _asks(event: Any, options: Any, view: Any) -> Decision:
    """Does what it is told to; writes down what was pressed, and under which button's message was written."""
    if isinstance(event, ButtonPressed):
        return Decision(because=(f"pressed {event.data}",))
    if event.reply_to is not None:
        return Decision(because=(f"under {event.reply_to.data}",))
    return Decision(effects=(options[event.text],), because=("asked",))


class Room:
    """A group whose buttons have room for thirty characters."""

    def __init__(self, effect: Effect, *, store: Any = None, platforms: tuple[str, ...] = ("telegram",)) -> None:
        asking = Workflow("asking", dict, frozenset({MessagePosted, ButtonPressed}), lambda event, options: (), _asks)
        self.store = store or MemoryStore()
        group = Group(
            key="g",
            runs=(Bound(asking, {"?": effect}),),
            platforms=platforms,
            desks=platforms,
            numbered=tuple({"wechat"}.intersection(platforms)),
            fits=lambda data: len(data) <= 30,
        )
        self.engine = Engine(self.store, {"g": group})

    def posts(self, text: str, at: datetime = AT, **more: Any) -> None:
        id_ = f"telegram:{next(_ids)}"
        self._run(MessagePosted(id=id_, at=at, group="g", actor=LI, message=id_, text=text, **more))

    def presses(self, data: str, at: datetime = AT) -> None:
        self._run(ButtonPressed(id=f"telegram:{next(_ids)}", at=at, group="g", actor=LI, data=data, message="1"))

    def _run(self, event: Any) -> None:
        outcome = self.engine.process([event])
        assert not outcome.faults, outcome.faults
        assert not outcome.buried

    def asks(self, at: datetime = AT) -> tuple[Choice, ...]:
        """The choices of the question that goes out."""
        self.posts("?", at)
        effect: Any = list(self.store.outbox("g"))[-1].effect
        choices: tuple[Choice, ...] = effect.choices
        return choices

    @property
    def heard(self) -> list[str]:
        return [because for row in self.store.audit("g") for because in row.because if because != "asked"]

    @property
    def left(self) -> int:
        with self.store.unit() as unit:
            held = unit.records([(RecordAt("g", NOBODY, LEFT.name), LEFT)])
        return sum(len(one.left) for one in held.values() if isinstance(one, Cloakroom))


CHOICES = (
    Choice(label="yes", data=LONG),
    Choice(label="no", data=SHORT),
    Choice(label="in private", data="", private=True),
)


@pytest.mark.parametrize(
    "effect",
    [
        Say(words=("?",), choices=CHOICES),
        TellAdmins(words=("?",), choices=CHOICES),
        Edit(message="1", words=("?",), choices=CHOICES),
    ],
    ids=["a question", "a line to the admins", "an edit"],
)
def test_a_press_of_a_token_is_one_of_what_was_left_for_it(effect):
    room = Room(effect)
    long, short, private = room.asks()
    assert (short, private) == CHOICES[1:]
    assert len(long.data) <= 30
    assert "wxid" not in long.data
    room.presses(long.data)
    room.presses(short.data)
    assert room.heard == [f"pressed {LONG}", f"pressed {SHORT}"]


def test_it_is_pressed_after_a_restart_and_again_and_again(store):
    effect = Say(words=("?",), choices=CHOICES)
    long = Room(effect, store=store).asks()[0]
    room = Room(effect, store=store)
    room.presses(long.data)
    room.presses(long.data)
    assert room.heard == [f"pressed {LONG}"] * 2


def test_each_question_has_tokens_of_its_own():
    room = Room(Say(words=("?",), choices=(Choice(label="a", data=LONG), Choice(label="b", data=LONG + "b"))))
    tokens = [choice.data for choice in (*room.asks(), *room.asks())]
    assert len(set(tokens)) == 4


def test_who_answers_the_message_under_which_the_button_is_answers_what_it_is_about():
    room = Room(TellAdmins(words=("?",), choices=CHOICES))
    long = room.asks()[0]
    room.posts("no idea", reply_to=Reply(message="1", data=long.data))
    room.posts("no idea", reply_to=Reply(message="1", data=SHORT))
    assert room.heard == [f"under {LONG}", f"under {SHORT}"]


@pytest.mark.parametrize(
    ("expires", "until"),
    [(None, AT + KEPT_FOR), (AT + timedelta(hours=1), AT + timedelta(hours=1))],
    ids=["two weeks", "as long as the question is worth something"],
)
def test_a_token_is_worth_something_as_long_as_the_question_is_open(expires, until):
    room = Room(Say(words=("?",), choices=CHOICES, expires=expires))
    long = room.asks()[0]
    room.presses(long.data, until - timedelta(seconds=1))
    room.presses(long.data, until)
    assert room.heard == [f"pressed {LONG}", f"pressed {long.data}"]
    room.asks(until)
    assert room.left == 1


def test_what_was_never_left_is_nothing():
    room = Room(Say(words=("?",), choices=CHOICES))
    room.presses("=AAAAAAAAAAAA")
    assert room.heard == ["pressed =AAAAAAAAAAAA"]


def test_where_there_is_room_for_all_nothing_is_left():
    room = Room(Say(words=("?",), choices=CHOICES[1:]))
    assert room.asks() == CHOICES[1:]
    assert room.left == 0


def test_where_choices_are_numbered_nothing_is_left():
    room = Room(Say(words=("?",), choices=CHOICES), platforms=("wechat",))
    assert room.asks() == CHOICES
    assert room.left == 0


def test_a_group_leaves_a_bounded_number_of_them():
    room = Room(Say(words=("?",), choices=CHOICES))
    first = room.asks()[0]
    for _ in range(MOST):
        last = room.asks()[0]
    assert room.left == MOST
    room.presses(first.data)
    room.presses(last.data)
    assert room.heard == [f"pressed {first.data}", f"pressed {LONG}"]
