"""Questions at the door: asked in private, answered or not, decided by the door or by the admins."""

from __future__ import annotations

import pytest

from core.events import MemberRenamed
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


def test_an_answer_that_is_too_short_is_told_so_once_and_costs_no_try():
    scene = Scene({"entry": {"questions": [WHY], "tries": 1}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, "好奇") == ["to telegram:小王: 再多写几个字吧，至少 4 个字。\n\n为什么想来？"]
    assert scene.whispers(WANG, "想早起读书")[0] == "Approve telegram:小王"
    scene = Scene({"entry": {"questions": [WHY], "tries": 1}})
    scene.knocks(WANG)
    scene.whispers(WANG, "好奇")
    assert scene.whispers(WANG, "好奇")[-1] == "Decline telegram:小王"


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
        assert scene.because() == ("/approve refused: it takes admin",)

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


CHOICE = {"id": "book", "ask": "读什么？", "options": ["纸书", "手机"], "accept": ["纸书"]}
CHOOSE = {"entry": {"questions": [CHOICE], "tries": 2}}


class TestChoosing:
    def test_the_question_comes_with_buttons_in_private_at_once(self):
        scene = Scene(CHOOSE)
        assert scene.knocks(WANG) == [
            "to telegram:小王: 你好！你申请加入「晨读打卡营」，先回答几个问题吧。\n\n读什么？ [纸书] [手机]"
        ]
        asked = scene.last()
        assert (asked.urgency, asked.confidential, asked.chooser) == ("now", True, WANG.account)

    def test_a_press_answers(self):
        scene = Scene(CHOOSE)
        scene.knocks(WANG)
        assert scene.presses(WANG, "knock:book:2") == [
            "to telegram:小王: 不太对，还可以再试 1 次。\n\n读什么？ [纸书] [手机]"
        ]
        assert scene.presses(WANG, "knock:book:1")[0] == "Approve telegram:小王"

    @pytest.mark.parametrize("word", ["纸书", "1", "1.", " 纸書 "])
    def test_a_word_or_a_number_answers_too(self, word):
        scene = Scene(CHOOSE)
        scene.knocks(WANG)
        assert scene.whispers(WANG, word)[0] == "Approve telegram:小王"

    def test_without_accepted_ones_every_choice_is_right(self):
        scene = Scene({"entry": {"questions": [{"id": "track", "ask": "方向？", "options": ["英语", "写作"]}]}})
        scene.knocks(WANG)
        assert scene.presses(WANG, "knock:track:2")[0] == "Approve telegram:小王"

    @pytest.mark.parametrize("data", ["knock:book:3", "knock:gone:1", "knock:book:", "door:book:1", "crowd:book:1"])
    def test_a_broken_button_does_nothing(self, data):
        scene = Scene(CHOOSE)
        scene.knocks(WANG)
        assert scene.presses(WANG, data) == []

    def test_a_late_press_does_nothing(self):
        scene = Scene(CHOOSE)
        scene.knocks(WANG)
        scene.presses(WANG, "knock:book:1")
        assert scene.presses(WANG, "knock:book:1") == []


def test_nothing_said_to_whoever_asks_can_land_in_the_group():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    scene.whispers(WANG, "手机")
    scene.whispers(WANG, "平板")
    scene.knocks(WANG)
    said = [row.effect for row in scene.outbox() if row.kind == "Say"]
    assert len(said) == 4
    assert all(say.to == WANG.account and say.confidential and say.urgency == "now" for say in said)


def test_opening_the_private_chat_asks_again_and_costs_nothing():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    assert scene.whispers(WANG, "/start reading") == ["to telegram:小王: 晨读营读的是纸书还是手机？"]
    assert scene.whispers(WANG, "纸书")[0] == "Approve telegram:小王"


@pytest.mark.parametrize("command", ["/mydata", "／mydata"])
def test_a_command_is_no_answer(command):
    scene = Scene(DOOR)
    scene.knocks(WANG)
    assert scene.whispers(WANG, command) == []


def test_what_a_stranger_writes_about_themselves_is_no_answer_to_an_open_question():
    scene = Scene({"entry": {"questions": [WHY]}})
    assert scene.knocks(WANG, words="兼职日结加我")[0].startswith("to telegram:小王: 你好！")


def test_whom_no_question_can_reach_is_shown_to_the_admins_where_the_house_says_so():
    scene = Scene({"entry": DOOR["entry"] | {"otherwise": "ask_admins", "within": "2h"}})
    scene.knocks(WANG)
    assert scene.pass_(hours=2)[0] == (
        "admins: 小王（telegram:小王）申请入群，但没有在限时内回答，也许问题没能送到。 [✅ 通过] [❌ 拒绝]"
    )
    assert scene.presses(ADMIN, "entry:approve:telegram:小王")[0] == "Approve telegram:小王"


def test_a_second_refusal_bans_where_the_house_says_so():
    scene = Scene({"entry": {"questions": [BOOK], "tries": 1, "cooldown": "0s", "ban_after": 2}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, "手机")[1:] == ["Decline telegram:小王"]
    scene.knocks(WANG)
    assert scene.whispers(WANG, "手机") == [
        "to telegram:小王: 很抱歉，又一次没能通过「晨读打卡营」的入群问题，不能再申请了。",
        "Decline telegram:小王",
        "Ban telegram:小王 None",
    ]


def test_silence_is_no_refusal():
    scene = Scene({"entry": {"questions": [BOOK], "within": "1h", "ban_after": 2}})
    for _ in range(3):
        scene.knocks(WANG)
        assert scene.pass_(hours=1)[1:] == ["Decline telegram:小王"]


def test_the_time_goes_on_for_another_account_of_the_same_person():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    scene.happens(MemberRenamed, actor=person("wang2"), was=WANG.account)
    assert [key for key, _ in scene.timers()] == ["entry:telegram:wang2"]
    assert scene.pass_(days=1)[1:] == ["Decline telegram:wang2"]


def test_a_restart_forgets_nothing():
    scene = Scene(DOOR)
    scene.knocks(WANG)
    scene.whispers(WANG, "手机")
    scene.operator_writes(DOOR)
    assert "Decline telegram:小王" in scene.whispers(WANG, "平板")
