"""Held at the door: what is written goes, sanctions stay, restarts change nothing."""

from __future__ import annotations

from contextlib import closing

import pytest

from adapters.sql import open_store
from core.events import MessagePosted
from core.workflow import Bound, Glance
from tests.workflows.onboarding_scene import ANN, START, WANG, Scene
from tests.workflows.test_onboarding_door import ASKED, DELETED, HOUSE, MUTED, door
from workflows import rules
from workflows.onboarding import Options, workflow
from workflows.onboarding_knocking import DOOR
from workflows.onboarding_state import PROGRESS


class TestWhatIsWrittenBefore:
    """A mute can fail (no right, a plain group): what holds is that everything is deleted."""

    @pytest.mark.parametrize(
        "more",
        [
            pytest.param({"text": "加我微信 t.me/spam"}, id="a text"),
            pytest.param({"text": "看图", "kind": "photo"}, id="a caption"),
            pytest.param({"text": "", "kind": "sticker"}, id="a sticker"),
            pytest.param({"text": "", "kind": "photo", "album": "a1"}, id="a part of an album"),
            pytest.param({"text": "/rules"}, id="a command"),
            pytest.param({"text": "转发", "forwarded": True}, id="a forward"),
        ],
    )
    def test_it_goes(self, more):
        scene = door()
        scene.joins(WANG)
        assert DELETED.format(2) in scene.says(WANG, **more)

    def test_a_right_answer_goes_too_and_counts(self):
        scene = door()
        scene.joins(WANG)
        assert scene.says(WANG, "纸书") == [DELETED.format(2), "Unmute telegram:小王", "欢迎 @小王！"]

    def test_and_with_it_every_part_of_its_album(self):
        scene = door()
        scene.joins(WANG)
        assert scene.says(WANG, "纸书", kind="photo", album="a1")[0] == DELETED.format(2)
        assert scene.says(WANG, "", kind="photo", album="a1") == [DELETED.format(3)]
        assert scene.says(WANG, "", kind="photo", album="a2") == []

    def test_an_edit_goes_and_answers_nothing(self):
        scene = door()
        scene.joins(WANG)
        assert scene.edits(WANG, "纸书") == [DELETED.format(2)]
        assert scene.presses(WANG, "door:book:1")[0] == "Unmute telegram:小王"
        assert scene.edits(WANG, "纸书") == []

    def test_small_talk_is_no_attempt_and_the_reason_is_said_once(self):
        scene = door()
        scene.joins(WANG)
        assert scene.says(WANG, "在吗") == [
            DELETED.format(2),
            "@小王 回答完上面的问题就能发言啦，在那之前的消息会先被收走。",
        ]
        assert scene.says(WANG, "有人吗") == [DELETED.format(3)]
        assert scene.presses(WANG, "door:book:1")[0] == "Unmute telegram:小王"

    def test_if_they_still_write_later_the_mute_is_asked_for_again(self):
        scene = door(within="1h")
        scene.joins(WANG)
        scene.says(WANG, "在吗")
        scene.pass_(minutes=11)
        assert scene.says(WANG, "在吗") == [DELETED.format(3), "Mute telegram:小王 2h"]
        assert scene.says(WANG, "在吗") == [DELETED.format(4)]

    def test_others_are_left_alone(self):
        scene = door()
        scene.joins(WANG)
        assert scene.says(ANN, "hi") == []
        assert scene.edits(ANN, "hi there") == []

    def test_who_could_not_be_taken_out_is_asked_again(self):
        scene = door()
        scene.joins(WANG)
        scene.pass_(minutes=10)
        scene.pass_(minutes=11)
        assert scene.says(WANG, "我还在") == [DELETED.format(2), MUTED, ASKED]


class TestBesideTheRules:
    """One mute on the platform, two reasons for it: passing the door never lifts what a rule decided."""

    def house(self) -> Scene:
        scene = Scene(HOUSE, beside=(Bound(rules.workflow, rules.workflow.options.model_validate({})),))
        scene.joins(WANG)
        return scene

    def test_a_mute_by_an_admin_outlasts_the_door(self):
        scene = self.house()
        assert scene.orders("mute", WANG, of="rules", **{"for": "2d"}) == ["Mute telegram:小王 2d"]
        scene.pass_(minutes=5)
        assert scene.presses(WANG, "door:book:1") == ["Mute telegram:小王 2875m", "欢迎 @小王！"]
        assert "a mute by the rules still holds" in scene.because()

    def test_one_that_is_over_does_not(self):
        scene = self.house()
        scene.orders("mute", WANG, of="rules", **{"for": "5m"})
        scene.pass_(minutes=6)
        assert scene.presses(WANG, "door:book:1")[0] == "Unmute telegram:小王"

    def test_coming_back_keeps_the_longer_of_both(self):
        scene = self.house()
        scene.orders("mute", WANG, of="rules", **{"for": "2d"})
        scene.leaves(WANG)
        scene.pass_(hours=2)
        mutes = [line for line in scene.joins(WANG) if line.startswith("Mute")]
        assert mutes == ["Mute telegram:小王 46h", "Mute telegram:小王 46h"]

    def test_a_mute_without_end_stays_without_end(self):
        scene = self.house()
        scene.orders("mute", WANG, of="rules")
        assert scene.presses(WANG, "door:book:1")[0] == "Mute telegram:小王 for good"

    def test_an_admins_word_unmute_opens_the_door(self):
        scene = self.house()
        assert scene.orders("unmute", WANG, of="rules") == ["Unmute telegram:小王", "欢迎 @小王！"]
        assert scene.says(WANG, "大家好") == []


def test_it_survives_a_restart_on_disk(tmp_path):
    url = f"sqlite:///{tmp_path / 'books.sqlite3'}"
    raid = {"raid": {"joins": 1, "quieter": {"for": "30m", "door": True}}}
    with closing(open_store(url)) as store:
        scene = Scene(HOUSE | raid, store=store)
        scene.joins(WANG)
        scene.joins(ANN)
        scene.presses(WANG, "door:book:2", message="77")
    with closing(open_store(url)) as store:
        later = Scene(HOUSE | raid, store=store)
        later.at, later._n = scene.at, 100
        assert later.presses(ANN, "crowd:book:1") == ["Unmute telegram:Ann"]
        assert "Remove telegram:小王" in later.presses(WANG, "door:book:3", message="77")
        assert later.pass_(minutes=31)[-1] == ("admins: 入群高峰过去了，这段时间一共来了 2 人，目前 1 人已经回答。")


def test_a_message_is_a_glance_at_who_is_on_the_way_in():
    message = MessagePosted(id="a", at=START, group="reading", actor=WANG, message="1", text="早")
    without, guarded = Options.model_validate({}), Options.model_validate(HOUSE)
    glance, at_door = workflow.reads(message, without), workflow.reads(message, guarded)
    assert isinstance(glance, Glance)
    assert [slot.name for slot in glance.slots] == ["onboarding.progress"]
    assert isinstance(at_door, Glance)
    assert [slot.name for slot in at_door.slots] == ["onboarding.progress", "onboarding.door"]
    assert {PROGRESS.of(WANG.account), DOOR.of(WANG.account)} <= set(at_door.then(message, guarded))
