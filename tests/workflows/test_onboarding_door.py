"""The door of an open group: silent until answered, asked in the group or in private, let in or taken out."""

from __future__ import annotations

import pytest

from core.effects import Choice, Mute
from core.events import MemberRenamed
from core.people import Account
from tests.workflows.onboarding_scene import ADMIN, ANN, WANG, Scene, person

BOOK = {"id": "book", "ask": "我们读什么？", "options": ["纸书", "手机", "平板"], "accept": "纸书"}
WHY = {"id": "why", "ask": "为什么想来？", "text": {"min_chars": 4}}
DOOR = {"at": "door", "questions": [BOOK], "tries": 2, "within": "10m", "cooldown": "1d"}
HOUSE = {"entry": DOOR}
ASKED = "欢迎 @小王！先回答这个问题，就能发言啦：\n\n我们读什么？ [纸书] [手机] [平板]"
MUTED = "Mute telegram:小王 70m"
DELETED = "Delete ('m{}',)"


def door(**changed: object) -> Scene:
    return Scene({"entry": DOOR | changed})


def test_who_joins_is_silent_and_asked_with_buttons_of_their_own():
    scene = door()
    assert scene.joins(WANG) == [MUTED, ASKED]
    asked = scene.last()
    assert asked.chooser == WANG.account
    assert [choice.data for choice in asked.choices] == ["door:book:1", "door:book:2", "door:book:3"]
    assert scene.timers() == [("door:telegram:小王", "02 10:10")]


def test_the_right_press_lets_them_write_takes_the_question_away_and_welcomes():
    scene = door()
    scene.joins(WANG)
    assert scene.presses(WANG, "door:book:1", message="77") == [
        "Unmute telegram:小王",
        "Delete ('77',)",
        "欢迎 @小王！",
    ]
    assert scene.timers() == []
    assert scene.says(WANG, "大家好") == []


def test_steps_begin_behind_the_door():
    step = {"id": "agree", "ask": "同意群规吗？", "options": [{"say": "同意"}]}
    scene = Scene(HOUSE | {"steps": [step]})
    scene.joins(WANG)
    assert scene.presses(WANG, "door:book:1")[-1] == "欢迎 @小王！\n\n同意群规吗？ [同意]"
    assert scene.presses(WANG, "step:agree:1") == ["好啦，小王，都答完了，玩得开心！"]


def test_a_wrong_press_changes_the_message_in_place():
    scene = door()
    scene.joins(WANG)
    assert scene.presses(WANG, "door:book:2", message="77") == [
        "edit 77: 不太对，还可以再试 1 次。\n\n我们读什么？ [纸书] [手机] [平板]"
    ]
    assert scene.presses(WANG, "door:book:1", message="77")[0] == "Unmute telegram:小王"


def test_failing_takes_out_and_does_not_ban():
    scene = door()
    scene.joins(WANG)
    scene.presses(WANG, "door:book:2", message="77")
    assert scene.presses(WANG, "door:book:3", message="77") == ["Delete ('77',)", "Remove telegram:小王"]
    scene.leaves(WANG)
    scene.pass_(hours=23)
    assert scene.joins(WANG) == ["Remove telegram:小王"]
    scene.leaves(WANG)
    scene.pass_(hours=1)
    assert scene.joins(WANG) == [MUTED, ASKED]


def test_a_second_failure_bans_where_the_house_says_so():
    scene = door(ban_after=2, tries=1, cooldown="0s")
    scene.joins(WANG)
    assert scene.presses(WANG, "door:book:2") == ["Remove telegram:小王"]
    scene.leaves(WANG)
    scene.joins(WANG)
    assert scene.presses(WANG, "door:book:2") == ["Ban telegram:小王 None"]
    assert scene.because()[-1] == "was turned away 2 times"


def test_silence_takes_out_and_they_may_come_back_at_once():
    scene = door()
    scene.joins(WANG)
    assert scene.pass_(minutes=9) == []
    assert scene.pass_(minutes=1) == ["Remove telegram:小王"]
    scene.leaves(WANG)
    assert scene.joins(WANG) == [MUTED, ASKED]


def test_nobody_is_taken_out_twice_for_one_silence():
    scene = door()
    scene.joins(WANG)
    scene.pass_(minutes=10)
    assert scene.says(WANG, "喂") == [DELETED.format(2)]
    assert scene.pass_(hours=5) == []


class TestTyped:
    """Questions without options are answered in private: whoever is muted cannot write in the group."""

    def asked(self, **changed: object) -> Scene:
        scene = Scene({"entry": DOOR | {"questions": [WHY, BOOK]} | changed})
        scene.joins(WANG)
        return scene

    def test_the_group_shows_a_way_to_the_private_chat(self):
        scene = self.asked()
        assert scene.last().choices == (Choice(label="💬 去私聊回答", data="door:private", private=True),)

    def test_the_private_chat_asks_and_the_words_name_the_group(self):
        scene = self.asked()
        assert scene.whispers(WANG, "/start reading") == [
            "to telegram:小王: 你好！先回答「晨读打卡营」的几个问题，就能在群里发言啦：\n\n为什么想来？"
        ]
        assert scene.last().confidential
        assert scene.last().urgency == "now"
        assert scene.whispers(WANG, "想早起读书") == ["to telegram:小王: 我们读什么？ [纸书] [手机] [平板]"]
        assert scene.presses(WANG, "knock:book:1", message="5") == [
            "Unmute telegram:小王",
            "to telegram:小王: 回答通过，欢迎加入「晨读打卡营」！",
            "欢迎 @小王！",
        ]

    def test_failing_in_private_is_told_there_with_the_name_of_the_group(self):
        scene = self.asked(tries=1)
        scene.whispers(WANG, "/start")
        assert scene.whispers(WANG, "嗯") == ["to telegram:小王: 再多写几个字吧，至少 4 个字。\n\n为什么想来？"]
        assert scene.whispers(WANG, "嗯") == [
            "to telegram:小王: 很抱歉，这次没能通过「晨读打卡营」的入群问题，先请你出群了。1 天之后可以再来。",
            "Remove telegram:小王",
        ]

    @pytest.mark.parametrize("command", ["/mydata please", "／mydata please"])
    def test_a_command_is_no_answer(self, command):
        scene = self.asked(tries=1)
        scene.whispers(WANG, "/start")
        assert scene.whispers(WANG, command) == []

    def test_silence_is_told_only_to_those_who_can_be_written_to(self):
        scene = self.asked()
        assert scene.pass_(minutes=10) == ["Remove telegram:小王"]
        scene = self.asked()
        scene.whispers(WANG, "/start")
        assert scene.pass_(minutes=10)[0].startswith("to telegram:小王: 你没有在限时内回答「晨读打卡营」的入群问题")

    def test_a_message_id_of_the_private_chat_is_never_used_in_the_group(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.whispers(WANG, "/start")
        sent = scene.presses(WANG, "knock:book:2", message="77") + scene.presses(WANG, "knock:book:1", message="77")
        assert [line for line in sent if "77" in line] == []


class TestSkipping:
    def test_whom_an_admin_adds_is_only_welcomed(self):
        assert door().joins(WANG, by=ADMIN, added_by_admin=True) == ["欢迎 @小王！"]

    def test_whom_any_member_invites_is_asked_all_the_same(self):
        assert door().joins(WANG, by=ANN) == [MUTED, ASKED]

    def test_admins_are_not_asked(self):
        assert door().joins(ADMIN) == []

    def test_who_answered_the_request_is_not_asked_twice(self):
        scene = door(at=["request", "door"])
        assert scene.knocks(WANG)[0].startswith("to telegram:小王: 你好！")
        scene.presses(WANG, "knock:book:1")
        assert scene.joins(WANG) == ["欢迎 @小王！"]

    def test_a_request_after_failing_at_the_door_is_a_new_beginning(self):
        scene = door(at=["request", "door"])
        scene.joins(WANG)
        scene.pass_(minutes=10)
        scene.leaves(WANG)
        scene.pass_(minutes=10)
        scene.knocks(WANG)
        assert scene.whispers(WANG, "纸书")[0] == "Approve telegram:小王"
        assert scene.joins(WANG) == ["Unmute telegram:小王", "欢迎 @小王！"]
        assert scene.says(WANG, "大家好") == []

    def test_who_passed_once_is_not_asked_again(self):
        scene = door()
        scene.joins(WANG)
        scene.presses(WANG, "door:book:1")
        scene.leaves(WANG)
        scene.pass_(days=3)
        assert scene.joins(WANG) == ["欢迎回来，@小王！"]

    def test_requests_are_not_our_business_where_only_the_door_asks(self):
        assert door().knocks(WANG) == []

    def test_whom_an_admin_adds_after_a_failure_is_welcome(self):
        scene = door()
        scene.joins(WANG)
        scene.pass_(minutes=10)
        scene.leaves(WANG)
        assert scene.joins(WANG, by=ADMIN, added_by_admin=True) == ["Unmute telegram:小王", "欢迎 @小王！"]
        assert scene.says(WANG, "大家好") == []

    def test_who_was_here_before_us_is_not_held(self):
        assert door().says(WANG, "早") == []


class TestByHand:
    def test_an_admins_unmute_ends_it(self):
        scene = door()
        scene.joins(WANG)
        assert scene.unmutes(WANG) == ["欢迎 @小王！"]
        assert scene.timers() == []
        assert scene.says(WANG, "大家好") == []

    def test_an_unmute_of_somebody_who_came_in_long_ago_is_no_second_welcome(self):
        scene = door()
        scene.joins(WANG)
        scene.unmutes(WANG)
        assert scene.unmutes(WANG) == []

    def test_an_unmute_of_others_is_nothing_to_us(self):
        assert door().unmutes(WANG) == []

    def test_an_order_ends_it_too(self):
        scene = door()
        scene.joins(WANG)
        assert scene.orders("skip", WANG)[0] == "Unmute telegram:小王"
        assert scene.says(WANG, "大家好") == []
        assert scene.timers() == []

    def test_whoever_becomes_an_admin_is_free(self):
        scene = door()
        scene.joins(WANG)
        assert scene.says(person("小王", admin=True), "大家好") == []
        assert scene.timers() == []


class TestComingAndGoing:
    def test_the_same_question_stands_with_the_tries_used(self):
        scene = door()
        scene.joins(WANG)
        scene.presses(WANG, "door:book:2", message="77")
        scene.leaves(WANG)
        assert scene.timers() == []
        scene.pass_(hours=2)
        assert scene.joins(WANG) == [MUTED, ASKED]
        assert "Remove telegram:小王" in scene.presses(WANG, "door:book:3")

    def test_coming_back_at_once_mutes_again_without_a_word(self):
        scene = door()
        scene.joins(WANG)
        scene.leaves(WANG)
        scene.pass_(minutes=2)
        assert scene.joins(WANG) == [MUTED]
        assert scene.timers() == [("door:telegram:小王", "02 10:12")]

    def test_another_account_of_the_same_person_keeps_the_place(self):
        scene = door()
        scene.joins(WANG)
        again = person("wang2")
        scene.happens(MemberRenamed, actor=again, was=WANG.account)
        assert [key for key, _ in scene.timers()] == ["door:telegram:wang2"]
        assert scene.presses(again, "door:book:1")[0] == "Unmute telegram:wang2"


class TestTheMute:
    def test_it_ends_by_itself_soon_after_their_time(self):
        scene = door()
        scene.joins(WANG)
        mute = scene.outbox()[0].effect
        assert isinstance(mute, Mute)
        assert mute.span is not None
        assert mute.silently

    def test_a_long_time_is_muted_day_by_day(self):
        scene = door(within="3d")
        assert scene.joins(WANG)[0] == "Mute telegram:小王 25h"
        assert scene.pass_(days=1) == ["Mute telegram:小王 25h"]
        assert scene.pass_(days=1) == ["Mute telegram:小王 25h"]
        assert scene.pass_(days=1) == ["Remove telegram:小王"]
        assert scene.timers() == []

    def test_the_question_may_wait_for_the_app_while_the_mute_does_not(self):
        scene = Scene(HOUSE | {"welcome_after": "5s"})
        assert scene.joins(WANG) == [MUTED]
        assert scene.pass_(seconds=5) == [ASKED]


class TestAdminsDecide:
    def asked(self) -> Scene:
        scene = door(then="ask_admins")
        scene.joins(WANG)
        return scene

    def test_they_see_the_answers_while_the_member_waits(self):
        scene = self.asked()
        assert scene.presses(WANG, "door:book:1", message="77") == [
            "Mute telegram:小王 1w",
            "admins: 小王（telegram:小王）入群后等待发言，答错 0 次。\n我们读什么？\n> 纸书 [✅ 通过] [❌ 拒绝]",
            "edit 77: 你的回答已经交给「晨读打卡营」的管理员，通过之后就能发言。",
        ]
        assert scene.says(WANG, "好了吗") == [DELETED.format(3)]
        assert scene.timers() == []

    def test_a_yes(self):
        scene = self.asked()
        scene.presses(WANG, "door:book:1")
        assert scene.presses(ADMIN, "entry:approve:telegram:小王") == ["Unmute telegram:小王", "欢迎 @小王！"]
        assert scene.presses(ADMIN, "entry:approve:telegram:小王") == []

    def test_a_no(self):
        scene = self.asked()
        scene.presses(WANG, "door:book:1")
        assert scene.presses(ADMIN, "entry:decline:telegram:小王") == ["Remove telegram:小王"]

    def test_others_have_no_say(self):
        scene = self.asked()
        scene.presses(WANG, "door:book:1")
        assert scene.presses(WANG, "entry:approve:telegram:小王") == []

    def test_silence_is_theirs_to_judge_where_the_house_says_so(self):
        scene = door(otherwise="ask_admins")
        scene.joins(WANG)
        assert scene.pass_(minutes=10) == [
            "Mute telegram:小王 1w",
            "admins: 小王（telegram:小王）入群后没有在限时内回答问题。 [✅ 通过] [❌ 拒绝]",
        ]

    def test_whoever_left_meanwhile_is_let_past_without_an_act(self):
        scene = self.asked()
        scene.presses(WANG, "door:book:1")
        scene.leaves(WANG)
        assert scene.presses(ADMIN, "entry:approve:telegram:小王") == []
        assert scene.joins(WANG) == ["欢迎 @小王！"]


class TestTheFileChanges:
    def test_a_door_taken_away_lets_them_in_at_their_time(self):
        scene = door()
        scene.joins(WANG)
        scene.operator_writes({})
        assert scene.says(WANG, "在吗") == []
        assert scene.pass_(minutes=10) == ["Unmute telegram:小王", "欢迎 @小王！"]

    def test_or_at_their_next_press(self):
        scene = door()
        scene.joins(WANG)
        scene.operator_writes({})
        assert scene.presses(WANG, "door:book:2")[0] == "Unmute telegram:小王"

    def test_another_question_takes_the_place_of_one_that_is_gone(self):
        scene = door()
        scene.joins(WANG)
        scene.operator_writes({"entry": DOOR | {"questions": [BOOK | {"id": "other", "ask": "读哪种？"}]}})
        assert scene.presses(WANG, "door:book:1", message="77") == ["edit 77: 读哪种？ [纸书] [手机] [平板]"]
        assert scene.presses(WANG, "door:other:1", message="77")[0] == "Unmute telegram:小王"

    def test_a_restart_forgets_nothing(self):
        scene = door()
        scene.joins(WANG)
        scene.presses(WANG, "door:book:2")
        scene.operator_writes(HOUSE)
        assert "Remove telegram:小王" in scene.presses(WANG, "door:book:3")


def test_a_press_of_somebody_else_is_not_an_answer():
    scene = door()
    scene.joins(WANG)
    assert scene.presses(ANN, "door:book:1") == []
    assert scene.because() == ("pressed an answer at a door that is not theirs to open",)


@pytest.mark.parametrize("data", ["door:", "door:book", "door:book:9", "door:book:x", "door:gone:1", "crowd:here:1"])
def test_a_broken_button_opens_nothing(data):
    scene = door()
    scene.joins(WANG)
    scene.presses(WANG, data)
    assert scene.says(WANG, "在吗")[0] == DELETED.format(3)


def test_nobody_learns_the_language_of_the_house_the_hard_way():
    scene = door()
    assert scene.joins(ANN)[1] == (
        "Welcome, @Ann! Answer this first, then you can write here:\n\n我们读什么？ [纸书] [手机] [平板]"
    )
    assert scene.outbox()[-1].effect.chooser == Account("telegram:Ann")
