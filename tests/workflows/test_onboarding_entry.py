"""Questions at the door: asked in private, answered or not, decided by the door or by the admins."""

from __future__ import annotations

import pytest

from tests.workflows.onboarding_scene import ADMIN, WANG, Scene, person

BOOK = {"id": "book", "ask": "晨读营读的是纸书还是手机？", "accept": ["纸书", "paper"]}
WHY = {"id": "why", "ask": "为什么想来？", "text": {"min_chars": 4}}
DOOR = {"entry": {"questions": [BOOK], "tries": 2, "cooldown": "1d"}}
HELLO = "to telegram:小王: 你好！你申请加入「晨读打卡营」，先回答几个问题吧。\n\n晨读营读的是纸书还是手机？"


def test_the_right_answer_opens_the_door_and_the_word_names_the_group():
    scene = Scene(DOOR)
    assert scene.knocks(WANG) == [HELLO]
    assert scene.last().urgency == "now"
    assert scene.whispers(WANG, "纸书。") == [
        "Approve telegram:小王",
        "to telegram:小王: 回答通过，欢迎加入「晨读打卡营」！",
    ]
    assert scene.because() == ("answered the question book", "every question is answered")
    assert scene.timers() == []


def test_without_questions_the_door_is_not_ours():
    assert Scene({}).knocks(WANG) == []


def test_questions_follow_one_another():
    scene = Scene({"entry": {"questions": [BOOK, WHY]}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, "纸书") == ["to telegram:小王: 为什么想来？"]
    assert scene.whispers(WANG, "想早起读书")[0] == "Approve telegram:小王"


def test_a_wrong_answer_has_another_try():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    assert scene.whispers(WANG, "手机") == ["to telegram:小王: 不太对，还可以再试 1 次。\n\n晨读营读的是纸书还是手机？"]
    assert scene.whispers(WANG, "纸书")[0] == "Approve telegram:小王"


def test_failing_is_not_for_ever():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    scene.whispers(WANG, "手机")
    assert scene.whispers(WANG, "平板") == [
        "to telegram:小王: 很抱歉，这次没能通过「晨读打卡营」的入群问题。1 天之后可以再申请。",
        "Decline telegram:小王",
    ]
    scene.pass_(hours=2)
    assert scene.knocks(WANG) == [
        "to telegram:小王: 刚刚没能通过「晨读打卡营」的入群问题，请 22 小时之后再申请。",
        "Decline telegram:小王",
    ]
    scene.pass_(hours=22)
    assert scene.knocks(WANG) == [HELLO]
    assert scene.whispers(WANG, "手机")[0].startswith("to telegram:小王: 不太对，还可以再试 1 次。")


def test_a_cooldown_of_zero_is_none():
    scene = Scene({"entry": {"questions": [BOOK], "tries": 1, "cooldown": "0s"}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, "手机")[0].endswith("可以重新申请再试。")
    assert scene.knocks(WANG) == [HELLO]


def test_knocking_again_does_not_give_new_tries():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    scene.whispers(WANG, "手机")
    assert scene.knocks(WANG) == ["to telegram:小王: 晨读营读的是纸书还是手机？"]
    assert "Decline telegram:小王" in scene.whispers(WANG, "平板")


def test_silence_closes_the_request_without_cooldown():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    assert scene.pass_(days=1) == [
        "to telegram:小王: 你没有回答「晨读打卡营」的入群问题，这次申请先关闭了，随时可以重新申请。",
        "Decline telegram:小王",
    ]
    assert scene.whispers(WANG, "纸书") == []
    assert scene.knocks(WANG) == [HELLO]


def test_words_that_come_with_the_request_answer_the_first_question():
    scene = Scene(DOOR)
    assert scene.knocks(WANG, words="纸书")[0] == "Approve telegram:小王"
    other = person("路人")
    assert scene.knocks(other, words="让我进去")[0].startswith("to telegram:路人: 你好！")


def test_what_is_said_in_the_group_answers_nothing():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    assert scene.says(WANG, "纸书") == []


def test_who_was_let_in_is_welcomed_like_everyone():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    scene.whispers(WANG, "纸书")
    assert scene.joins(WANG) == ["欢迎 @小王！"]


def test_somebody_let_in_by_hand_is_asked_nothing_more_at_the_door():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    scene.joins(WANG)
    assert scene.timers() == []
    assert scene.whispers(WANG, "手机") == []


ASK = {"entry": {"questions": [BOOK, WHY], "then": "ask_admins"}}


class TestAdminsDecide:
    def asked(self) -> Scene:
        scene = Scene(ASK)
        scene.knocks(WANG)
        scene.whispers(WANG, "纸书")
        return scene

    def test_they_see_the_answers_and_may_choose(self):
        assert self.asked().whispers(WANG, "想早起读书") == [
            "admins: 小王（telegram:小王）申请入群，答错 0 次。\n"
            "晨读营读的是纸书还是手机？\n> 纸书\n为什么想来？\n> 想早起读书 [✅ 通过] [❌ 拒绝]",
            "to telegram:小王: 你加入「晨读打卡营」的申请已经交给管理员，请稍等。",
        ]

    @pytest.mark.parametrize(
        ("verb", "sent", "why"),
        [
            pytest.param("approve", "Approve telegram:小王", "approved by 老李", id="a yes"),
            pytest.param("decline", "Decline telegram:小王", "declined by 老李", id="a no"),
        ],
    )
    def test_the_first_word_counts(self, verb, sent, why):
        scene = self.asked()
        scene.whispers(WANG, "想早起读书")
        assert sent in scene.presses(ADMIN, f"entry:{verb}:telegram:小王")
        assert why in scene.because()
        assert scene.presses(ADMIN, "entry:approve:telegram:小王") == []
        assert scene.because() == ("this request was decided before",)

    def test_only_admins_decide(self):
        scene = self.asked()
        scene.whispers(WANG, "想早起读书")
        assert scene.presses(WANG, "entry:approve:telegram:小王") == []
        assert scene.because() == ("only admins decide who is let in",)

    def test_knocking_again_does_not_ask_them_twice(self):
        scene = self.asked()
        scene.whispers(WANG, "想早起读书")
        assert scene.knocks(WANG) == ["to telegram:小王: 你加入「晨读打卡营」的申请已经交给管理员，请稍等。"]

    def test_they_can_be_asked_about_failures_too(self):
        scene = Scene({"entry": {"questions": [BOOK], "tries": 1, "otherwise": "ask_admins"}})
        scene.knocks(WANG)
        assert scene.whispers(WANG, "电子书") == [
            "admins: 小王（telegram:小王）申请入群，答错 1 次。\n"
            "晨读营读的是纸书还是手机？\n> 电子书 [✅ 通过] [❌ 拒绝]",
            "to telegram:小王: 你加入「晨读打卡营」的申请已经交给管理员，请稍等。",
        ]


@pytest.mark.parametrize("data", ["entry:approve", "entry:", "entry:approve:telegram:nobody", "entry:x:telegram:小王"])
def test_a_broken_button_does_nothing(data):
    scene = Scene(DOOR)
    scene.knocks(WANG)
    assert scene.presses(ADMIN, data) == []
