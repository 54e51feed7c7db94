"""Many joins at once: one gathered welcome instead of a wave of them."""

from __future__ import annotations

from tests.workflows.onboarding_scene import ADMIN, Scene, crowd
from workflows.onboarding_state import WAVE

AGREE = {"id": "agree", "ask": "同意群规吗？", "options": [{"say": ["同意", "agree"]}]}
RAID = {"steps": [AGREE], "raid": {"joins": 3, "within": "1m"}, "rejoin_cooldown": "1s"}


def wave(scene: Scene, count: int) -> list[str]:
    """So many people join, two seconds apart; what was said meanwhile."""
    said = []
    for one in crowd(count):
        said += scene.joins(one)
        scene.pass_(seconds=2)
    return said


def test_a_wave_is_gathered_where_nothing_is_written_of_it():
    scene = Scene({"steps": [AGREE]})
    assert len(wave(scene, 13)) == 10
    assert scene.pass_(minutes=1) == [
        "一下子来了 3 位新朋友，欢迎欢迎！\n\n@新人11 @新人12 @新人13\n\n同意群规吗？ [同意]"
    ]


def test_with_no_raid_everybody_is_welcomed_alone():
    assert len(wave(Scene({"steps": [AGREE], "raid": None}), 20)) == 20


def test_few_joins_are_welcomed_one_by_one():
    assert len(wave(Scene(RAID), 3)) == 3


def test_slow_joins_are_no_wave():
    scene = Scene(RAID)
    for one in crowd(10):
        assert len(scene.joins(one)) == 1
        scene.pass_(seconds=21)


def test_a_wave_gets_one_welcome_when_it_is_over():
    scene = Scene(RAID)
    assert len(wave(scene, 6)) == 3  # those who came before it was a wave
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


WAVES = {"joins": 3, "within": "1m"}
QUIETER = {"raid": WAVES | {"quieter": {"for": "30m"}}, "rejoin_cooldown": "1s"}
HELD = {"raid": WAVES | {"quieter": {"for": "30m", "door": True}}, "rejoin_cooldown": "1s"}
BOOK = {"id": "book", "ask": "读什么？", "options": ["纸书", "手机"], "accept": "纸书"}
BEGINS = "admins: 一下子有 4 人入群，接下来 30 分钟内改为统一欢迎。"


class TestQuieter:
    def test_the_admins_hear_once_when_it_begins_and_once_when_it_is_over(self):
        scene = Scene(QUIETER)
        assert [line for line in wave(scene, 9) if line.startswith("admins")] == [BEGINS]
        assert scene.pass_(minutes=31) == [
            "一下子来了 6 位新朋友，欢迎欢迎！\n\n@新人4 @新人5 @新人6 @新人7 @新人8 @新人9",
            "admins: 入群高峰过去了，这段时间一共来了 9 人。",
        ]
        assert scene.timers() == []

    def test_nobody_is_told_where_the_house_wants_it_so(self):
        scene = Scene({"raid": {"joins": 3, "quieter": {"tell_admins": False}}})
        wave(scene, 9)
        assert [line for line in scene.pass_(hours=1) if line.startswith("admins")] == []

    def test_while_it_lasts_nobody_is_welcomed_alone(self):
        scene = Scene(QUIETER)
        wave(scene, 6)
        scene.pass_(minutes=5)
        late = list(crowd(9))
        assert scene.joins(late[7]) == []
        scene.pass_(minutes=3)
        assert scene.joins(late[8]) == []
        told = scene.pass_(minutes=10)
        assert told == ["一下子来了 2 位新朋友，欢迎欢迎！\n\n@新人8 @新人9"]

    def test_it_lasts_longer_while_the_wave_goes_on(self):
        scene = Scene(QUIETER)
        wave(scene, 6)
        scene.pass_(minutes=20)
        for one in list(crowd(20))[10:]:
            scene.joins(one)
        assert [line for line in scene.pass_(minutes=25) if line.startswith("admins")] == []
        assert scene.pass_(minutes=6) == ["admins: 入群高峰过去了，这段时间一共来了 16 人。"]

    def test_afterwards_everything_is_as_before(self):
        scene = Scene(QUIETER)
        wave(scene, 6)
        scene.pass_(minutes=40)
        assert scene.joins(list(crowd(7))[6]) == ["欢迎 @新人7！"]

    def test_a_restart_forgets_nothing(self):
        scene = Scene(QUIETER)
        wave(scene, 6)
        scene.operator_writes(QUIETER)
        assert scene.pass_(minutes=40)[-1] == "admins: 入群高峰过去了，这段时间一共来了 6 人。"

    def test_ten_thousand_joins_stay_small(self):
        scene = Scene(QUIETER)
        for one in crowd(1000):
            scene.joins(one)
        wave_kept = scene.record(WAVE)
        assert (wave_kept.joins, len(wave_kept.recent), len(wave_kept.welcome.named)) == (1000, 4, 20)
        assert wave_kept.welcome.others == 1000 - 3 - 20


class TestHeld:
    """With `door: true` newcomers of the wave are silent until they press, also where no question is configured."""

    def test_one_button_for_all_and_each_press_is_its_own(self):
        scene = Scene(HELD)
        said = wave(scene, 6)
        assert [line for line in said if line.startswith("Mute")] == [f"Mute telegram:新人{n} 25h" for n in (4, 5, 6)]
        assert "admins: 一下子有 4 人入群，接下来 30 分钟内改为统一欢迎，新人回答之后才能发言。" in said
        assert scene.pass_(minutes=2) == [
            "来了 3 位新朋友，欢迎！点一下按钮，就能发言啦：\n\n@新人4 @新人5 @新人6 [✅ 我来了]"
        ]
        asked = scene.last()
        assert (asked.chooser, asked.choices[0].data) == (None, "crowd:here:1")
        people = list(crowd(6))
        assert scene.presses(people[4], "crowd:here:1", message="9") == ["Unmute telegram:新人5"]
        assert scene.says(people[4], "大家好") == []
        assert scene.says(people[5], "加我") == ["Delete ('m9',)"]

    def test_those_who_pressed_are_welcomed_together(self):
        scene = Scene(HELD | {"steps": [AGREE]})
        wave(scene, 6)
        scene.pass_(minutes=2)
        people = list(crowd(6))
        scene.presses(people[4], "crowd:here:1")
        scene.presses(people[5], "crowd:here:1")
        assert scene.pass_(minutes=2) == ["一下子来了 2 位新朋友，欢迎欢迎！\n\n@新人5 @新人6\n\n同意群规吗？ [同意]"]
        assert scene.pass_(minutes=40)[-1] == "admins: 入群高峰过去了，这段时间一共来了 6 人，目前 2 人已经回答。"

    def test_who_never_presses_is_taken_out_and_may_come_back(self):
        scene = Scene(HELD)
        wave(scene, 5)
        late = scene.pass_(days=2)
        assert sorted(line for line in late if line.startswith("Remove")) == [
            "Remove telegram:新人4",
            "Remove telegram:新人5",
        ]
        assert scene.timers() == []

    def test_whoever_pressed_something_else_stays_where_they_are(self):
        scene = Scene(HELD)
        wave(scene, 5)
        assert scene.presses(ADMIN, "crowd:here:1") == []
        assert scene.presses(next(iter(crowd(1))), "crowd:here:1") == []

    def test_the_questions_of_the_house_are_asked_of_all_at_once(self):
        scene = Scene(HELD | {"entry": {"questions": [BOOK], "at": "door"}})
        said = wave(scene, 6)
        assert len([line for line in said if line.startswith("Mute")]) == 6
        assert scene.pass_(minutes=2) == [
            "来了 3 位新朋友，欢迎！先回答这个问题，就能发言啦：\n\n@新人4 @新人5 @新人6\n\n读什么？ [纸书] [手机]"
        ]
        people = list(crowd(6))
        assert scene.presses(people[4], "crowd:book:1", message="9") == ["Unmute telegram:新人5"]
        assert scene.presses(people[5], "crowd:book:2", message="9") == []
        assert scene.because() == ("wrong answer 1 of 3 to the question book",)

    def test_questions_to_type_lead_to_the_private_chat(self):
        why = {"id": "why", "ask": "${member.name}，为什么来？"}
        scene = Scene(HELD | {"entry": {"questions": [why], "at": "door"}})
        wave(scene, 5)
        assert scene.pass_(minutes=2) == [
            "来了 2 位新朋友，欢迎！先回答这个问题，就能发言啦：\n\n@新人4 @新人5 [💬 去私聊回答]"
        ]
        assert scene.last().choices[0].private
        four = list(crowd(4))[3]
        assert scene.whispers(four, "/start reading")[0].endswith("新人4，为什么来？")
        assert scene.whispers(four, "读书")[0] == "Unmute telegram:新人4"

    def test_whoever_leaves_is_not_called(self):
        scene = Scene(HELD)
        wave(scene, 5)
        for one in crowd(5):
            scene.leaves(one)
        assert [line for line in scene.pass_(minutes=2) if "新朋友" in line] == []

    def test_a_long_wave_is_asked_in_few_messages(self):
        scene = Scene(HELD)
        wave(scene, 400)  # thirteen minutes
        scene.pass_(minutes=25)
        asked = [row for row in scene.outbox() if row.kind == "Say" and row.effect.choices]
        assert 2 <= len(asked) <= 3

    def test_after_the_wave_there_is_no_door_any_more(self):
        scene = Scene(HELD)
        wave(scene, 5)
        scene.pass_(days=2)
        five = list(crowd(5))[4]
        scene.leaves(five)
        assert scene.joins(five) == ["Unmute telegram:新人5", "欢迎 @新人5！"]
        assert scene.says(five, "大家好") == []

    def test_the_button_comes_in_private_too(self):
        scene = Scene(HELD)
        wave(scene, 5)
        five = list(crowd(5))[4]
        assert scene.whispers(five, "/start reading") == [
            "to telegram:新人5: @新人5 点一下按钮，就能在「晨读打卡营」发言啦： [✅ 我来了]"
        ]
        assert scene.presses(five, "knock:here:1")[0] == "Unmute telegram:新人5"
