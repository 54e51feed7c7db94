"""Onboarding: the welcome, steps, reminders, giving up, coming back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.people import ActorKind
from core.workflow import Bound
from tests.workflows.onboarding_scene import ADMIN, ANN, WANG, Scene, bot, person
from workflows import quiet
from workflows.reasons import in_language

AGREE = {
    "id": "agree",
    "ask": {"zh": "读完群规请点「同意」", "en": "Tap I agree once you have read the rules"},
    "options": [{"say": ["同意", "agree"], "label": {"zh": "✅ 同意", "en": "✅ I agree"}}],
}
TRACK = {
    "id": "track",
    "ask": {"zh": "你想参加哪个方向？", "en": "Which track?"},
    "options": [
        {"say": ["英语", "english"], "set": {"track": "english"}},
        {"say": ["写作", "writing"], "set": {"track": "writing"}},
    ],
}
WHY = {"id": "why", "ask": "为什么想来？", "text": {"min_chars": 4, "max_chars": 20}}
HELLO = {"id": "hello", "introduce": True}
WELCOME = {"zh": "欢迎 ${member.mention}！", "en": "Welcome ${member.mention}!"}
REWARD = [{"points": 10}, {"tag": "onboarded"}]
HOUSE = {"welcome": WELCOME, "steps": [AGREE, TRACK], "on_complete": REWARD}


def test_the_whole_way():
    scene = Scene(HOUSE)
    assert scene.joins(WANG) == ["欢迎 @小王！\n\n读完群规请点「同意」 [✅ 同意]"]
    assert scene.presses(WANG, "step:agree:1") == ["@小王\n你想参加哪个方向？ [英语] [写作]"]
    assert scene.says(WANG, "英语") == ["好啦，小王，都答完了，玩得开心！"]
    assert scene.tags(WANG) == {"onboarded", "track:english"}
    assert scene.points(WANG) == [("onboarding:complete:0", 10)]
    assert scene.timers() == []
    assert "asked step agree" in scene.reasons()
    assert "answered step track" in scene.reasons()
    assert all(row.because for row in scene.store.audit("reading"))


def test_everyone_is_welcomed_in_their_language():
    scene = Scene(HOUSE)
    assert scene.joins(ANN) == ["Welcome @Ann!\n\nTap I agree once you have read the rules [✅ I agree]"]
    assert scene.says(ANN, "Agree.") == ["Which track? [english] [writing]"]
    assert scene.joins(person("Jürgen", language="de"))[0].startswith("欢迎 @Jürgen！")


def test_without_a_welcome_of_its_own_the_house_uses_the_shipped_one():
    assert Scene({}).joins(WANG) == ["欢迎 @小王！"]


def test_buttons_are_bound_to_the_newcomer():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.last().chooser == WANG.account
    assert [choice.data for choice in scene.last().choices] == ["step:agree:1"]


@pytest.mark.parametrize(
    ("text", "track"),
    [
        pytest.param("英语", "english", id="a word"),
        pytest.param("Writing！", "writing", id="case and punctuation do not matter"),
        pytest.param("寫作", "writing", id="traditional characters"),
        pytest.param("2", "writing", id="a number"),
        pytest.param("１。", "english", id="a wide number"),
        pytest.param("②", "writing", id="a circled number"),
        pytest.param("1、", "english", id="a number as in a list"),
        pytest.param("选1", "english", id="a chosen number"),
        pytest.param("我选 2。", "writing", id="a number that somebody chooses"),
        pytest.param("Option 2", "writing", id="a chosen number in English"),
        pytest.param("3", None, id="a number that is not offered"),
        pytest.param("我不喜欢英语", None, id="a sentence that holds the word"),
        pytest.param("2 个人", None, id="a sentence that begins with a number"),
        pytest.param("", None, id="a picture without words"),
    ],
)
def test_a_choice_is_a_message_of_just_that(text, track):
    scene = Scene(HOUSE | {"steps": [TRACK]})
    scene.joins(WANG)
    scene.says(WANG, text)
    assert {tag for tag in scene.tags(WANG) if tag.startswith("track:")} == ({f"track:{track}"} if track else set())


@pytest.mark.parametrize(
    ("who", "hint"),
    [
        pytest.param(WANG, "没有这个编号。请回复 1 到 2 的数字，或者直接写选项。", id="zh"),
        pytest.param(
            ANN, "There is no such number. Please answer with a number from 1 to 2, or write what you choose.", id="en"
        ),
    ],
)
@pytest.mark.parametrize("number", ["３", "选3", "0"])
def test_who_miscounts_is_told_so_once(who, hint, number):
    scene = Scene(HOUSE | {"steps": [TRACK]})
    scene.joins(who)
    assert scene.says(who, number) == [hint]
    assert scene.says(who, number) == []
    assert len(scene.says(who, "2")) == 1


def test_a_number_that_greets_is_no_choice():
    scene = Scene(HOUSE | {"steps": [TRACK]})
    scene.joins(WANG)
    assert scene.says(WANG, "66") == []


@pytest.mark.parametrize(
    ("who", "text", "hint"),
    [
        pytest.param(WANG, "我是小王", "再多写几个字吧，至少 10 个字。", id="zh"),
        pytest.param(ANN, "I'm Ann", "A little more, please. At least 10 characters.", id="en"),
    ],
)
def test_a_short_introduction_is_told_so_once_and_small_talk_is_not(who, text, hint):
    scene = Scene(HOUSE | {"steps": [HELLO]})
    scene.joins(who)
    assert scene.says(who, "👍") == []
    assert scene.says(who, text) == [hint]
    assert scene.says(who, text) == []


def test_numbers_count_only_while_a_question_is_open():
    scene = Scene(HOUSE | {"steps": [TRACK]})
    old_hand = person("老王")
    assert scene.says(old_hand, "1") == []
    scene.joins(WANG)
    scene.says(WANG, "1")
    assert scene.says(WANG, "2") == []
    assert scene.tags(WANG) == {"onboarded", "track:english"}


def test_another_persons_answer_is_nobody_elses():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.says(ADMIN, "同意") == []
    assert scene.presses(person("路人"), "step:agree:1") == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param("step:track:1", "pressed a button of step track, which is not open", id="a step that is not open"),
        pytest.param("step:agree:7", "pressed an answer of step agree that is no longer offered", id="no such answer"),
        pytest.param("step:agree:x", "pressed an answer of step agree that is no longer offered", id="no number"),
    ],
)
def test_stale_buttons_do_nothing_and_say_why(data, why):
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.presses(WANG, data) == []
    assert scene.because() == (why,)


def test_pressing_twice_answers_once():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    scene.presses(WANG, "step:agree:1")
    assert scene.presses(WANG, "step:agree:1") == []


def test_choosing_again_after_a_restart_replaces_the_profile_value():
    scene = Scene(HOUSE | {"steps": [TRACK]})
    scene.joins(WANG)
    scene.says(WANG, "英语")
    scene.orders("restart", WANG)
    scene.says(WANG, "写作")
    assert scene.tags(WANG) == {"onboarded", "track:writing"}


def test_an_answer_can_choose_the_language():
    language = {
        "id": "language",
        "ask": {"zh": "说中文还是英文？", "en": "Chinese or English?"},
        "options": [{"say": "中文", "language": "zh"}, {"say": "English", "language": "en"}],
    }
    scene = Scene(HOUSE | {"steps": [language, AGREE]})
    assert scene.joins(WANG)[0].endswith("说中文还是英文？ [中文] [English]")
    assert scene.says(WANG, "english") == ["Tap I agree once you have read the rules [✅ I agree]"]
    assert scene.says(WANG, "agree") == ["That's all, 小王. Enjoy your time here!"]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        pytest.param("想和大家一起读书", "好啦，小王，都答完了，玩得开心！", id="fits"),
        pytest.param("读 书", "再多写几个字吧，至少 4 个字。", id="too short, spaces not counted"),
        pytest.param("读书" * 11, "有点长啦，请控制在 20 个字以内。", id="too long"),
        pytest.param("/rules", None, id="a command is no answer"),
        pytest.param("／rules", None, id="nor with the slash of a Chinese keyboard"),
    ],
)
def test_a_typed_answer(text, sent):
    scene = Scene({"steps": [WHY]})
    scene.joins(WANG)
    assert scene.says(WANG, text) == ([sent] if sent else [])


def test_a_typed_answer_can_need_a_pattern_and_an_apology_of_the_house():
    number = {"id": "no", "ask": "学号？", "text": {"pattern": r"^\d{4}$"}, "sorry": "第 ${step.number} 题要四位数字"}
    scene = Scene({"steps": [number]})
    scene.joins(WANG)
    assert scene.says(WANG, "我忘了") == ["第 1 题要四位数字"]
    assert scene.says(WANG, "还是忘了") == []  # said once
    assert scene.says(WANG, "１２３４") == ["好啦，小王，都答完了，玩得开心！"]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        pytest.param("大家好，我是小王，在上海做设计", True, id="words of introduction"),
        pytest.param("Hello everyone, my name is Wang", True, id="in English"),
        pytest.param("请问今天几点开始打卡呢各位老师", False, id="no such words"),
        pytest.param("今年三十二岁，平时喜欢跑步和看书，" * 5, True, id="long without such words"),
    ],
)
def test_an_introduction_is_noticed(text, counts):
    scene = Scene({"steps": [HELLO]})
    assert scene.joins(WANG) == ["欢迎 @小王！\n\n跟大家打个招呼、介绍一下自己吧：怎么称呼你，对什么感兴趣？"]
    assert scene.says(WANG, text) == (["好啦，小王，都答完了，玩得开心！"] if counts else [])


def test_a_forward_is_no_introduction():
    scene = Scene({"steps": [HELLO]})
    scene.joins(WANG)
    assert scene.says(WANG, "大家好，我是小王，在上海做设计", forwarded=True) == []


def test_an_edit_never_answers():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.edits(WANG, "同意") == []
    assert scene.says(WANG, "同意") != []


def test_answers_can_be_given_in_private():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.whispers(WANG, "同意") == ["to telegram:小王: 你想参加哪个方向？ [英语] [写作]"]


def test_an_answer_is_answered_where_it_was_given():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    scene.says(WANG, "同意", topic="7")
    assert (scene.last().topic, scene.last().reply_to) == ("7", "m2")
    pressed = Scene(HOUSE)
    pressed.joins(WANG)
    pressed.presses(WANG, "step:agree:1", topic="7")
    assert (pressed.last().topic, pressed.last().reply_to) == ("7", None)


@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.CHANNEL, ActorKind.ANONYMOUS_ADMIN], ids=str)
def test_only_persons_are_onboarded(kind):
    scene = Scene(HOUSE)
    assert scene.joins(replace(bot(), kind=kind)) == []
    assert scene.says(replace(bot(), kind=kind), "同意") == []
    assert scene.timers() == []


def test_who_was_here_before_us_is_left_alone():
    scene = Scene(HOUSE | {"hold": True})
    assert scene.says(WANG, "同意") == []
    assert scene.says(WANG, "大家早") == []


def test_an_admin_who_joins_is_left_alone():
    scene = Scene(HOUSE | {"hold": True})
    assert scene.joins(ADMIN) == []
    assert scene.because() == ("an admin joined; admins are not onboarded",)


class TestAddedBySomebody:
    def test_whom_an_admin_added_is_welcomed_and_not_asked(self):
        scene = Scene(HOUSE | {"hold": True, "give_up_after": "3d"})
        assert scene.joins(WANG, by=ADMIN, added_by_admin=True) == ["欢迎 @小王！"]
        assert scene.says(WANG, "大家好") == []
        assert (scene.timers(), scene.points(WANG)) == ([], [])

    def test_whom_any_member_invited_is_asked_like_everyone(self):
        assert Scene(HOUSE).joins(WANG, by=person("路人"))[0].endswith("读完群规请点「同意」 [✅ 同意]")

    def test_the_house_may_ask_them_too(self):
        scene = Scene(HOUSE | {"skip_added_by_admin": False})
        assert scene.joins(WANG, by=ADMIN, added_by_admin=True)[0].endswith("[✅ 同意]")


class TestReminders:
    def test_so_many_and_no_more(self):
        scene = Scene(HOUSE | {"remind": {"after": "24h", "times": 2}})
        scene.joins(WANG)
        reminder = "@小王 还有一个问题等你回答：\n\n读完群规请点「同意」 [✅ 同意]"
        assert scene.pass_(hours=23) == []
        assert scene.pass_(hours=1) == [reminder]
        assert scene.because() == ("step agree is still open; reminder 1 of 2",)
        assert scene.last().quiet
        assert scene.pass_(days=1) == [reminder]
        assert scene.pass_(days=30) == []

    def test_an_answer_starts_the_count_anew(self):
        scene = Scene(HOUSE | {"remind": {"after": "24h", "times": 1}})
        scene.joins(WANG)
        scene.pass_(hours=20)
        scene.says(WANG, "同意")
        assert scene.pass_(hours=20) == []
        assert scene.pass_(hours=4) == ["@小王 还有一个问题等你回答：\n\n你想参加哪个方向？ [英语] [写作]"]

    def test_zero_times_never_reminds(self):
        scene = Scene(HOUSE | {"remind": {"times": 0}})
        scene.joins(WANG)
        assert scene.timers() == []
        assert scene.pass_(days=30) == []

    def test_who_does_not_want_to_be_reminded_is_not_and_the_end_comes_all_the_same(self):
        options = HOUSE | {
            "give_up_after": "72h",
            "remind": {"after": "24h", "times": 2},
            "on_give_up": [{"tag": "silent"}],
        }
        scene = Scene(options, beside=(Bound(quiet.workflow, quiet.Reminded()),))
        scene.joins(WANG)
        scene.says(WANG, "退订提醒")
        assert scene.pass_(hours=24) == []
        assert scene.because() == ("they do not want to be reminded",)
        scene.says(WANG, "恢复提醒")
        assert len(scene.pass_(hours=24)) == 1
        scene.says(WANG, "退订提醒")
        scene.pass_(hours=24)
        assert scene.tags(WANG) == {"silent"}

    @pytest.mark.parametrize(
        ("after", "when"),
        [
            pytest.param("12h", "03 07:01", id="at the first minute of the window"),
            pytest.param("15h", "03 07:01", id="after midnight"),
            pytest.param("21h", "03 07:01", id="in its last minute"),
            pytest.param("21h1m", "03 07:01", id="just after it"),
            pytest.param("11h59m", "02 21:59", id="just before it"),
        ],
    )
    def test_quiet_hours_shift_a_reminder_to_their_end(self, after, when):
        scene = Scene(HOUSE | {"remind": {"after": after}, "quiet_hours": "22:00-07:00"})
        scene.joins(WANG)
        assert scene.timers() == [("next:telegram:小王", when)]

    def test_a_reminder_that_fires_late_into_quiet_hours_waits_and_is_not_lost(self):
        scene = Scene(HOUSE | {"remind": {"after": "11h"}})
        scene.joins(WANG)
        scene.operator_writes(HOUSE | {"remind": {"after": "11h"}, "quiet_hours": "20:00-07:00"})
        assert scene.pass_(hours=11) == []
        assert scene.because() == ("quiet hours: put off to their end",)
        assert len(scene.pass_(hours=11)) == 1

    def test_a_reminder_is_not_worth_sending_hours_later(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.pass_(hours=24)
        assert (scene.last().expires - scene.at).total_seconds() == 3 * 3600

    def test_a_welcome_at_night_makes_no_noise(self):
        scene = Scene(HOUSE | {"quiet_hours": "09:00-11:00"})
        scene.joins(WANG)
        assert scene.last().quiet


class TestGivingUp:
    def test_never_removes_anybody_by_itself(self):
        scene = Scene(HOUSE | {"give_up_after": "72h", "remind": {"times": 0}})
        scene.joins(WANG)
        assert scene.pass_(days=30) == []
        assert "gave up: step agree was not answered in time" in scene.because()

    def test_does_what_the_operator_wrote(self):
        scene = Scene(
            HOUSE | {"give_up_after": "72h", "remind": {"times": 0}, "on_give_up": [{"tag": "silent"}, "remove"]}
        )
        scene.joins(WANG)
        assert any(line.startswith("Remove telegram:小王") for line in scene.pass_(hours=72))
        assert scene.tags(WANG) == {"silent"}

    def test_waits_for_the_end_of_quiet_hours(self):
        scene = Scene(HOUSE | {"give_up_after": "13h", "remind": {"times": 0}, "quiet_hours": "22:30-07:00"})
        scene.joins(WANG)
        assert scene.timers() == [("next:telegram:小王", "03 07:01")]

    def test_no_reminder_comes_after_the_end(self):
        scene = Scene(HOUSE | {"give_up_after": "30h", "remind": {"after": "24h", "times": 5}})
        scene.joins(WANG)
        assert len(scene.pass_(days=9)) == 1

    def test_afterwards_only_a_press_answers(self):
        scene = Scene(HOUSE | {"give_up_after": "1h", "remind": {"times": 0}})
        scene.joins(WANG)
        scene.pass_(hours=2)
        assert scene.says(WANG, "1") == []
        assert scene.presses(WANG, "step:agree:1") == ["@小王\n你想参加哪个方向？ [英语] [写作]"]

    def test_failing_once_is_not_for_ever(self):
        scene = Scene(HOUSE | {"give_up_after": "1h", "remind": {"times": 0}})
        scene.joins(WANG)
        scene.says(WANG, "同意")
        scene.pass_(hours=2)
        scene.leaves(WANG)
        assert scene.joins(WANG) == ["欢迎 @小王！\n\n你想参加哪个方向？ [英语] [写作]"]


class TestHold:
    HELD = HOUSE | {"hold": True}

    def test_whatever_is_written_before_passing_goes_and_is_explained_once(self):
        scene = Scene(self.HELD)
        scene.joins(WANG)
        gone = scene.says(WANG, "加我领福利 https://spam.example")
        assert gone == ["Delete ('m2',)", "@小王 回答完上面的问题就能发言啦，在那之前的消息会先被收走。"]
        assert scene.because() == ("written before the steps were answered",)
        assert scene.says(WANG, "在吗") == ["Delete ('m3',)"]

    def test_right_answers_go_too_and_count(self):
        scene = Scene(self.HELD)
        scene.joins(WANG)
        assert scene.says(WANG, "同意") == ["Delete ('m2',)", "你想参加哪个方向？ [英语] [写作]"]
        assert scene.last().reply_to is None

    def test_who_has_passed_may_write(self):
        scene = Scene(self.HELD)
        scene.joins(WANG)
        scene.presses(WANG, "step:agree:1")
        scene.presses(WANG, "step:track:1")
        assert scene.says(WANG, "大家好") == []

    def test_an_introduction_stays_unless_it_carries_a_link(self):
        scene = Scene({"steps": [HELLO], "hold": True})
        scene.joins(WANG)
        advert = scene.says(WANG, "大家好，我是小王，在上海做设计", links=("https://spam.example",))
        assert advert[0] == "Delete ('m2',)"
        assert scene.says(WANG, "大家好，我是小王，在上海做设计") == ["好啦，小王，都答完了，玩得开心！"]

    def test_giving_up_does_not_open_the_door(self):
        scene = Scene(self.HELD | {"give_up_after": "1h", "remind": {"times": 0}})
        scene.joins(WANG)
        scene.pass_(hours=2)
        assert scene.says(WANG, "加我领福利")[0] == "Delete ('m2',)"
        assert scene.says(WANG, "同意")[1] == "你想参加哪个方向？ [英语] [写作]"

    def test_private_words_are_never_deleted(self):
        scene = Scene(self.HELD)
        scene.joins(WANG)
        assert scene.whispers(WANG, "在吗") == []


class TestComingBack:
    def test_who_has_finished_gets_a_short_word_and_no_points_twice(self):
        scene = Scene(HOUSE | {"steps": [AGREE]})
        scene.joins(WANG)
        scene.says(WANG, "同意")
        scene.leaves(WANG)
        scene.pass_(days=2)
        assert scene.joins(WANG) == ["欢迎回来，@小王！"]
        assert scene.says(WANG, "同意") == []
        assert len(scene.points(WANG)) == 1

    def test_who_has_not_finished_goes_on_where_they_were(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.says(WANG, "同意")
        scene.leaves(WANG)
        assert scene.because() == ("left before answering the steps; their place is kept",)
        scene.pass_(days=2)
        assert scene.joins(WANG) == ["欢迎 @小王！\n\n你想参加哪个方向？ [英语] [写作]"]

    def test_leaving_drops_the_timers(self):
        scene = Scene(HOUSE | {"give_up_after": "72h"})
        scene.joins(WANG)
        scene.leaves(WANG)
        assert scene.timers() == []
        assert scene.pass_(days=9) == []

    def test_within_the_cooldown_nothing_is_said_but_everything_goes_on(self):
        scene = Scene(HOUSE | {"rejoin_cooldown": "1h", "remind": {"after": "24h"}})
        scene.joins(WANG)
        for _ in range(3):
            scene.pass_(minutes=5)
            scene.leaves(WANG)
            assert scene.joins(WANG) == []
        assert len(scene.pass_(days=1)) == 1
        assert scene.says(WANG, "同意") == ["你想参加哪个方向？ [英语] [写作]"]

    def test_somebody_seen_leaving_who_writes_is_here(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.leaves(WANG)
        scene.says(WANG, "我还在呀")
        assert len(scene.timers()) == 1


class TestChangedSteps:
    """The operator edits the file while people are in the middle."""

    def test_a_renamed_step_is_asked_in_the_place_of_the_old_one(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.says(WANG, "同意")
        scene.operator_writes(HOUSE | {"steps": [AGREE, TRACK | {"id": "direction"}]})
        assert scene.says(WANG, "嗯？") == ["你想参加哪个方向？ [英语] [写作]"]
        assert scene.because()[0] == "step track is no longer in the configuration"
        assert scene.says(WANG, "英语") == ["好啦，小王，都答完了，玩得开心！"]

    def test_a_step_taken_away_is_passed_over(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.operator_writes(HOUSE | {"steps": [TRACK]})
        assert scene.says(WANG, "同意") == ["你想参加哪个方向？ [英语] [写作]"]

    def test_an_old_button_leads_to_the_new_step(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.operator_writes(HOUSE | {"steps": [TRACK]})
        assert scene.presses(WANG, "step:agree:1") == ["@小王\n你想参加哪个方向？ [英语] [写作]"]

    def test_when_nothing_is_left_to_ask_the_next_message_passes(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.says(WANG, "同意")
        scene.operator_writes(HOUSE | {"steps": [AGREE]})
        assert scene.says(WANG, "然后呢") == ["好啦，小王，都答完了，玩得开心！"]
        assert len(scene.points(WANG)) == 1

    def test_or_the_next_timer(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.operator_writes({"on_complete": REWARD})
        scene.pass_(days=1)
        assert len(scene.points(WANG)) == 1

    def test_steps_that_changed_places_are_not_asked_twice(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.says(WANG, "同意")
        scene.operator_writes(HOUSE | {"steps": [TRACK, AGREE]})
        assert scene.says(WANG, "英语") == ["好啦，小王，都答完了，玩得开心！"]


class TestOrders:
    def test_restart_asks_again_and_pays_no_second_time(self):
        scene = Scene(HOUSE | {"steps": [AGREE]})
        scene.joins(WANG)
        scene.says(WANG, "同意")
        sent = scene.orders("restart", WANG, "群规更新了")
        assert sent == ["@小王\n读完群规请点「同意」 [✅ 同意]", "admins: 已让 小王 重新开始新人引导。"]
        assert scene.because()[0] == "restart ordered by 老李: 群规更新了"
        scene.says(WANG, "同意")
        assert scene.points(WANG) == [("onboarding:complete:0", 10)]

    def test_complete_counts_as_done_with_its_reward(self):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        assert scene.orders("complete", WANG, "当面聊过")[-1] == "admins: 已把 小王 的新人引导记为完成。"
        assert (scene.timers(), len(scene.points(WANG))) == ([], 1)
        assert scene.orders("complete", WANG) == ["admins: 这位成员已经完成新人引导了。"]

    def test_skip_leaves_in_peace_without_reward(self):
        scene = Scene(HOUSE | {"hold": True})
        scene.joins(WANG)
        assert scene.orders("skip", WANG, "朋友") == ["admins: 已跳过 小王 的新人引导。"]
        assert scene.says(WANG, "大家好") == []
        assert (scene.timers(), scene.points(WANG)) == ([], [])

    def test_somebody_who_was_here_before_us_can_be_asked_by_order(self):
        scene = Scene(HOUSE)
        scene.says(WANG, "早")
        assert scene.orders("restart", WANG)[0] == "@小王\n读完群规请点「同意」 [✅ 同意]"
        assert scene.says(WANG, "同意") == ["你想参加哪个方向？ [英语] [写作]"]

    @pytest.mark.parametrize(
        ("verb", "who", "sent"),
        [
            pytest.param(
                "erase", WANG, "新人引导没有「erase」这个指令，可用：restart、complete、skip。", id="unknown order"
            ),
            pytest.param("skip", None, "没有找到这位成员，请确认名字或编号。", id="nobody"),
            pytest.param("skip", person("鬼"), "没有找到这位成员，请确认名字或编号。", id="never seen"),
            pytest.param("skip", ANN, "这位成员已经退群了，什么都没做。", id="has left"),
        ],
    )
    def test_an_order_that_cannot_be_done_says_why(self, verb, who, sent):
        scene = Scene(HOUSE)
        scene.joins(WANG)
        scene.joins(ANN)
        scene.leaves(ANN)
        assert scene.orders(verb, who) == [f"admins: {sent}"]


def test_the_welcome_can_wait_for_the_app_to_open():
    scene = Scene(HOUSE | {"welcome_after": "5s"})
    assert scene.joins(WANG) == []
    assert scene.pass_(seconds=5) == ["欢迎 @小王！\n\n读完群规请点「同意」 [✅ 同意]"]
    assert scene.says(WANG, "1") == ["你想参加哪个方向？ [英语] [写作]"]


def test_state_survives_a_restart_in_the_middle():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    scene.says(WANG, "同意")
    scene.operator_writes(HOUSE)
    assert scene.says(WANG, "英语") == ["好啦，小王，都答完了，玩得开心！"]


def test_texts_may_speak_of_points():
    track = TRACK | {"ask": "你有 ${member.points} 分，选哪个？（${step.number}/${step.of}）"}
    scene = Scene(HOUSE | {"steps": [AGREE, track]})
    scene.joins(WANG)
    assert scene.says(WANG, "同意") == ["你有 0 分，选哪个？（2/2） [英语] [写作]"]
    assert scene.pass_(days=1) == ["@小王 还有一个问题等你回答：\n\n你有 0 分，选哪个？（2/2） [英语] [写作]"]


@pytest.mark.parametrize("ask", ["${member.name}，你想参加哪个方向？", "${member.mention} 你想参加哪个方向？"])
def test_a_question_that_names_the_member_by_itself_names_them_once(ask):
    scene = Scene(HOUSE | {"steps": [AGREE, TRACK | {"ask": ask}]})
    scene.joins(WANG)
    (asked,) = scene.presses(WANG, "step:agree:1")
    assert asked.count("小王") == 1


def test_a_question_under_the_members_own_answer_needs_no_name():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    scene.pass_(minutes=1)
    assert scene.says(WANG, "同意") == ["你想参加哪个方向？ [英语] [写作]"]


def test_what_the_onboarding_earns_says_so():
    scene = Scene(HOUSE | {"steps": [AGREE]})
    scene.joins(WANG)
    scene.says(WANG, "同意")
    (points,) = [fact for fact in scene.store.facts("reading") if fact.kind == "points"]
    assert points.reason == "onboarding completed"
    assert in_language(points.reason, "zh") == "完成新人引导"
