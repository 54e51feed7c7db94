"""A question about somebody whose account is longer than a button is asked with its buttons, and they work."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.telegram.seal import FITS, ROOM, Seal, fits
from core.effects import Ban, TellAdmins
from core.engine import Engine
from core.events import ButtonPressed, MessagePosted
from core.lines import addressed, addressee
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Bound, Group
from jobs.living import living
from tests.support.botapi import World, serving
from tests.telegram.performing import of
from tests.telegram.performing import scene as a_scene
from workflows import rules
from workflows.catalog import Catalog

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
LARGEST = 2**52 - 1
LABELS = {"zh": ["✅ 同意", "❌ 不用"], "en": ["✅ Yes", "❌ No"]}
WECHAT = Actor(account=Account("wechat:wxid_" + "q7" * 28), name="小王")
NAMED = Actor(account=Account("telegram:@" + "a_name_of_thirty_two_characters_"), name="Ana")
ADS = {"id": "ads", "when": "message", "if": 'msg.text.contains("代购")', "then": [{"propose": "ban"}]}


@pytest.fixture(scope="module")
def server():
    with serving(World()) as served:
        yield served


@pytest.fixture
def scene(server):
    with a_scene(server) as made:
        yield made


def test_what_fits_can_be_sealed_whoever_may_press():
    seal = Seal(b"thirty-two bytes that stay secret")
    for data in ("x" * FITS, "字" * (FITS // 3), f"propose:yes:0123456789:telegram:{LARGEST}"):
        assert fits(data)
        assert len(seal.sealed(data, LARGEST).encode()) <= ROOM
        assert len(seal.sealed(addressed(data, "readers"), None).encode()) <= ROOM, "under a line to the admins"
    assert not fits("x" * (FITS + 1))
    assert not fits("@" * (FITS // 2 + 1)), "a sign of its own takes two"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("who", [WECHAT, NAMED], ids=["a WeChat id", "an @name"])
def test_the_admins_are_asked_with_buttons_and_a_press_bans(scene, who, language):
    desk = scene.world.group("Desk", owner=scene.wang)
    scene.wang.adds(scene.bot, desk)
    admin = Actor(
        account=of(scene.wang), name="Wang", admin=True, rights=frozenset(("owner", "restrict")), vouched=True
    )
    group = Group(
        key="readers",
        languages=(language,),
        staff=frozenset((admin.account,)),
        owners=frozenset((admin.account,)),
        runs=(Bound(rules.workflow, rules.Rules.model_validate({"rules": [ADS]})),),
        texts=Catalog.shipped(),
        desk="desk",
    )
    live = {"readers": ("telegram", "wechat"), "desk": ("telegram",)}
    groups = living({"readers": group, "desk": replace(group, key="desk", desk="", runs=())}, live)
    store = MemoryStore()
    engine = Engine(store, groups)

    def happens(event: Any) -> None:
        outcome = engine.process([event])
        assert not outcome.faults, outcome.faults

    happens(MessagePosted(id="wechat:1", at=AT, group="readers", actor=who, message="7", text="代购"))
    [line] = [row.effect for row in store.outbox("readers") if isinstance(row.effect, TellAdmins)]
    answer = scene.perform(line, desk.id)
    assert answer.note == ""
    (shown,) = desk.said_by(scene.bot)
    yes, no = (button for row in shown.reply_markup["inline_keyboard"] for button in row)
    assert [button["text"] for button in (yes, no)] == LABELS[language]
    pressed = scene.seal.opened(yes["callback_data"], scene.wang.id, "readers")
    assert pressed is not None
    about, data = addressee(pressed, groups)
    assert about == "readers"
    happens(ButtonPressed(id="telegram:2", at=AT, group="readers", actor=admin, data=data, message="8"))
    assert [row.effect.member for row in store.outbox("readers") if isinstance(row.effect, Ban)] == [who.account]
