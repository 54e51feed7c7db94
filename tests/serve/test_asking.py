"""A number written away from the group belongs to the group whose question it answers, and to no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.choices import first_letters
from core.decision import Decision
from core.effects import Choice, Effect, Say, TellAdmins
from core.engine import Engine
from core.events import ButtonPressed, MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Bound, Group, Workflow
from jobs.serve.asking import asked_about
from workflows.catalog import Catalog

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
LI, WANG, MIA = (Actor(account=Account(f"wechat:{name}"), name=name) for name in ("li", "wang", "mia"))
CHOICES = (Choice(label="是", data="yes"), Choice(label="否", data="no"))


def _asks(event: object, options: object, view: object) -> Decision:
    assert isinstance(event, MessagePosted)
    asked: Effect = TellAdmins(words=("移出？",), choices=CHOICES)
    if event.text == "?":
        asked = Say(words=("？",), choices=CHOICES, to=event.actor.account)
    if event.text == "aloud?":
        asked = Say(words=("？",), choices=CHOICES, chooser=event.actor.account)
    return Decision(effects=(asked,), because=("asked",))


asking = Workflow("asking", dict, frozenset({MessagePosted, ButtonPressed}), lambda event, options: (), _asks)


class Town:
    """Two rooms: `wang` is an admin of the one, `mia` its moderator; `li` is a member of both."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.groups = {key: self.group(key) for key in ("one", "two")}
        self.engine = Engine(self.store, self.groups)
        self.at = AT

    def group(self, key: str) -> Group:
        return Group(
            key=key,
            runs=(Bound(asking, {}),),
            platforms=("wechat",),
            numbered=("wechat",),
            letters=first_letters(("是", "否")),
            staff=frozenset({WANG.account} if key == "one" else ()),
            moderators=frozenset({MIA.account} if key == "one" else ()),
            texts=Catalog.shipped(),
        )

    def says(self, group: str, text: str) -> None:
        self.at += timedelta(minutes=1)
        id_ = f"wechat:{self.at.isoformat()}"
        outcome = self.engine.process(
            [MessagePosted(id=id_, at=self.at, group=group, actor=LI, message=id_, text=text)]
        )
        assert not outcome.faults

    def meant(self, who: Actor, text: str = "1") -> str | None:
        return asked_about(self.store, self.groups.values(), who.account, text, self.at)


def test_a_member_answers_their_own_question_whatever_admins_elsewhere_are_asked_later():
    town = Town()
    town.says("two", "?")
    town.says("one", "!")
    assert town.meant(LI) == "two"


def test_a_number_belongs_to_no_room_that_asked_aloud_but_a_name_does():
    town = Town()
    town.says("two", "?")
    town.says("one", "aloud?")
    assert [town.meant(LI, text) for text in ("1", "是")] == ["two", "one"]


def test_who_steers_nothing_is_led_to_no_group_by_what_its_admins_are_asked():
    town = Town()
    town.says("one", "!")
    assert [town.meant(who) for who in (LI, Actor(account=Account("wechat:stranger")))] == [None, None]


def test_admins_and_moderators_answer_what_they_are_asked():
    town = Town()
    town.says("one", "!")
    assert [town.meant(who) for who in (WANG, MIA)] == ["one", "one"]
