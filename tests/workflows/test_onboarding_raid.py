"""Many joins at once: one gathered welcome instead of a wave of them."""

from __future__ import annotations

from tests.workflows.onboarding_scene import ADMIN, Scene, crowd

AGREE = {"id": "agree", "ask": "同意群规吗？", "options": [{"say": ["同意", "agree"]}]}
RAID = {"steps": [AGREE], "raid": {"joins": 3, "within": "1m"}, "rejoin_cooldown": "1s"}


def wave(scene: Scene, count: int) -> list[str]:
    """So many people join, two seconds apart; what was said meanwhile."""
    said = []
    for one in crowd(count):
        said += scene.joins(one)
        scene.pass_(seconds=2)
    return said


def test_few_joins_are_welcomed_one_by_one():
    assert len(wave(Scene(RAID), 3)) == 3


def test_slow_joins_are_no_wave():
    scene = Scene(RAID)
    for one in crowd(10):
        assert len(scene.joins(one)) == 1
        scene.pass_(seconds=21)


def test_a_wave_gets_one_welcome_when_it_is_over():
    scene = Scene(RAID)
    assert len(wave(scene, 6)) == 3
    assert scene.pass_(minutes=1) == [
        "一下子来了 3 位新朋友，欢迎欢迎！\n\n@新人4 @新人5 @新人6\n\n同意群规吗？ [同意]",
    ]
    assert scene.because() == ("one welcome for 3 people who joined in a wave",)


def test_its_buttons_answer_for_whoever_presses():
    scene = Scene(RAID)
    wave(scene, 6)
    scene.pass_(minutes=2)
    assert scene.last().chooser is None
    people = list(crowd(6))
    assert scene.presses(people[4], "step:agree:1") == ["好啦，新人5，都答完了，玩得开心！"]
    assert scene.says(people[5], "1") == ["好啦，新人6，都答完了，玩得开心！"]
    assert scene.presses(ADMIN, "step:agree:1") == []


def test_a_long_wave_is_greeted_in_between_and_a_big_one_is_counted():
    scene = Scene(RAID)
    wave(scene, 400)  # thirteen minutes
    last = scene.pass_(minutes=2)
    assert len(scene.outbox()) == 3 + 2
    assert "还有另外" in last[0]
    assert last[0].count("@") == 20


def test_people_of_a_wave_are_not_reminded_one_by_one():
    scene = Scene(RAID | {"remind": {"after": "1h", "times": 3}})
    wave(scene, 8)
    scene.pass_(minutes=2)
    assert len(scene.pass_(days=1)) == 9  # three people were met alone, three reminders each


def test_who_leaves_again_is_not_greeted():
    scene = Scene(RAID)
    wave(scene, 5)
    for one in crowd(5):
        scene.leaves(one)
    assert scene.pass_(minutes=2) == []


def test_after_the_wave_people_are_welcomed_one_by_one_again():
    scene = Scene(RAID)
    wave(scene, 6)
    scene.pass_(minutes=5)
    late = list(crowd(7))[6]
    assert scene.joins(late) == ["欢迎 @新人7！\n\n同意群规吗？ [同意]"]


def test_a_question_that_speaks_of_the_member_is_not_put_to_a_crowd():
    step = AGREE | {"ask": "${member.name}，同意群规吗？"}
    scene = Scene(RAID | {"steps": [step]})
    wave(scene, 5)
    assert scene.pass_(minutes=2)[0].endswith("请各位先回答入群的第一个问题 👇 [同意]")


def test_whom_an_admin_added_is_not_asked_in_a_wave_either():
    scene = Scene(RAID | {"hold": True})
    wave(scene, 5)
    late = list(crowd(6))[5]
    assert scene.joins(late, by=ADMIN, added_by_admin=True) == []
    assert scene.says(late, "大家好") == []
