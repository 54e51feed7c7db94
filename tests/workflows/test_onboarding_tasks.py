"""Newcomer tasks: begun after the steps, noticed by themselves, with deadlines and gathered reminders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.workflow import Bound
from tests.workflows.onboarding_scene import ADMIN, ANN, START, WANG, Scene, bot, person
from workflows import check_in, quiet
from workflows.check_in_options import CheckIns

AGREE = {"id": "agree", "ask": "同意群规吗？", "options": [{"say": ["同意", "agree"]}]}
HELLO = {"id": "hello", "introduce": True, "within": "3d", "points": 3}
MORNING = {"id": "morning", "check_in": "morning", "within": "5d", "points": 2}
TALK = {"id": "talk", "messages": {"count": 3, "min_chars": 5}}
THANK = {"id": "thank", "thank": True}
REACT = {"id": "react", "react": 2}
INTRODUCTION = "大家好，我是小王，在上海做设计"


def scene_with(*tasks, **more) -> Scene:
    """A newcomer who has just begun these tasks."""
    scene = Scene({"tasks": list(tasks), "remind": {"times": 0}} | more)
    scene.joins(WANG)
    return scene


def test_tasks_begin_when_the_steps_are_answered():
    scene = Scene({"steps": [AGREE], "tasks": [HELLO, MORNING]})
    scene.joins(WANG)
    assert scene.checks_in(WANG) == []
    assert scene.says(WANG, "同意") == [
        "好啦，小王，都答完了，玩得开心！\n\n"
        "接下来有 2 件小事，不着急，慢慢来：\n· 介绍一下自己（还有 3 天）\n· 完成第一次打卡（还有 5 天）"
    ]


def test_without_steps_they_begin_with_the_welcome():
    scene = Scene({"tasks": [HELLO]})
    assert scene.joins(ANN) == [
        "Welcome @Ann!\n\nThings to do next (1), no hurry:\n· introduce yourself (3 days left)",
    ]


@pytest.mark.parametrize(
    ("wanted", "who", "said"),
    [
        pytest.param(True, ANN, "check in for the first time: write “check in” (5 days left)", id="any challenge"),
        pytest.param("evening", ANN, "check in for the first time: write “晚课” (5 days left)", id="the one wanted"),
        pytest.param("morning", WANG, "完成第一次打卡，发「打卡」（还有 5 天）", id="in the member's language"),
        pytest.param("noon", ANN, "check in for the first time (5 days left)", id="none that there is"),
        pytest.param("over", ANN, "check in for the first time (5 days left)", id="one that is over"),
        pytest.param("later", ANN, "check in for the first time (5 days left)", id="one that has not begun"),
        pytest.param("closed", ANN, "check in for the first time (5 days left)", id="nobody may sign up any more"),
        pytest.param(
            ["closed", "camp"],
            ANN,
            "check in for the first time: sign up with “join”, then write “camp” (5 days left)",
            id="after signing up",
        ),
        pytest.param("camp", WANG, "完成第一次打卡，先发「报名」报名，再发「camp」（还有 5 天）", id="in Chinese"),
    ],
)
def test_a_first_check_in_is_told_with_its_word(wanted, who, said):
    before, after = START.date() - timedelta(days=9), START.date() + timedelta(days=9)
    days = CheckIns.model_validate(
        {
            "over": {"keywords": "sprint", "ends": before},
            "later": {"keywords": "soon", "starts": after},
            "closed": {"keywords": "late", "join": {"required": True, "until": before}},
            "morning": {"keywords": ["打卡", "check in"]},
            "evening": {"keywords": "晚课"},
            "camp": {"keywords": "camp", "join": {"required": True}},
        }
    )
    scene = Scene({"tasks": [MORNING | {"check_in": wanted}]}, beside=(Bound(check_in.workflow, days),))
    assert scene.joins(who)[0].splitlines()[-1] == f"· {said}"


def test_an_introduction_is_noticed_and_paid_once():
    scene = scene_with(HELLO, MORNING)
    assert scene.says(WANG, "早") == []
    assert scene.says(WANG, INTRODUCTION) == ["✅ 小王，「介绍一下自己」完成，+3 分"]
    assert scene.says(WANG, INTRODUCTION) == []
    assert scene.points(WANG) == [("onboarding:task:hello", 3)]
    assert "did the task hello" in scene.reasons()


def test_the_last_task_is_celebrated():
    scene = scene_with(HELLO, MORNING)
    scene.says(WANG, INTRODUCTION)
    assert scene.checks_in(WANG) == ["✅ 小王，「完成第一次打卡」完成，+2 分\n\n新人任务全部完成，现在你是自己人啦 🎉"]
    assert scene.timers() == []


@pytest.mark.parametrize(
    ("wanted", "done"),
    [
        pytest.param("morning", True, id="this challenge"),
        pytest.param(["evening", "morning"], True, id="one of these"),
        pytest.param(True, True, id="any"),
        pytest.param("evening", False, id="another one"),
    ],
)
def test_a_check_in_counts_for_its_challenge(wanted, done):
    scene = scene_with(MORNING | {"check_in": wanted})
    assert bool(scene.checks_in(WANG, "morning")) is done


def test_messages_are_counted_short_ones_and_private_ones_not():
    scene = scene_with(TALK)
    assert scene.says(WANG, "今天读到了第三章") == []
    assert scene.because() == ("1 of 3 for task talk",)
    scene.says(WANG, "hi")
    scene.says(WANG, "/checkin please")
    scene.says(WANG, "／checkin please")
    scene.whispers(WANG, "这句话是私下说的")
    scene.says(WANG, "第四章也很好看呢")
    assert scene.because() == ("2 of 3 for task talk",)
    assert scene.says(WANG, "明天继续读第五章") == [
        "✅ 小王，「在群里说 3 句话」完成！\n\n新人任务全部完成，现在你是自己人啦 🎉"
    ]


def test_an_album_is_one_message():
    scene = scene_with(TALK)
    for _ in range(5):
        scene.says(WANG, "周末去爬山的照片", album="a1")
    assert scene.because() == ("1 of 3 for task talk",)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        pytest.param("谢谢！讲得真清楚", True, id="in Chinese"),
        pytest.param("Thanks a lot", True, id="in English"),
        pytest.param("pretty good", False, id="ty inside a word"),
        pytest.param("好的", False, id="no thanks"),
    ],
)
def test_thanking_by_an_answer(text, counts):
    assert bool(scene_with(THANK).answers(WANG, ADMIN, text)) is counts


def test_thanking_needs_somebody_else():
    scene = scene_with(THANK)
    assert scene.says(WANG, "谢谢大家") == []
    assert scene.answers(WANG, WANG, "谢谢我自己") == []
    assert scene.answers(WANG, bot(), "谢谢你") == []
    assert scene.says(WANG, "谢谢", mentions=(person("老张"),)) != []


def test_reactions_count_once_a_message_and_only_to_others():
    scene = scene_with(REACT)
    scene.reacts(WANG, "m1", ADMIN)
    scene.reacts(WANG, "m1", ADMIN, emoji=())
    scene.reacts(WANG, "m1", ADMIN, emoji=("❤",))
    scene.reacts(WANG, "m2", WANG)
    scene.reacts(WANG, "m3", bot())
    assert scene.reacts(ADMIN, "m4", ANN) == []
    assert scene.reacts(WANG, "m5", ADMIN) == [
        "✅ 小王，「给群友点 2 个表情」完成！\n\n新人任务全部完成，现在你是自己人啦 🎉"
    ]


def test_a_deadline_that_passes_is_noted_and_does_what_the_operator_wrote():
    scene = scene_with(HELLO | {"on_missed": [{"tag": "shy"}]}, MORNING)
    assert scene.timers() == [("next:telegram:小王", "05 10:00")]
    assert scene.pass_(days=3) == []
    assert "the task hello was not done in time" in scene.reasons()
    assert scene.tags(WANG) == {"shy"}
    assert scene.says(WANG, INTRODUCTION) == []  # too late
    assert scene.timers() == [("next:telegram:小王", "07 10:00")]


def test_a_deadline_in_quiet_hours_is_noticed_at_their_end_but_not_prolonged():
    scene = scene_with(HELLO | {"within": "13h"}, quiet_hours="22:30-07:00")
    assert scene.timers() == [("next:telegram:小王", "03 07:01")]
    scene.pass_(hours=14)
    assert scene.says(WANG, INTRODUCTION) == []


def test_one_reminder_names_all_open_tasks():
    scene = scene_with(HELLO, MORNING, TALK | {"within": "26h"}, remind={"after": "24h", "times": 2})
    scene.says(WANG, INTRODUCTION)
    assert scene.pass_(days=1) == [
        "@小王 还有 2 件新人小任务：\n· 完成第一次打卡（还有 4 天）\n· 在群里说 3 句话（还有 2 小时）"
    ]
    assert scene.pass_(days=1) == ["@小王 还有 1 件新人小任务：\n· 完成第一次打卡（还有 3 天）"]
    assert scene.pass_(days=30) == []


def test_who_does_not_want_to_be_reminded_of_tasks_is_not_and_deadlines_run():
    options = {"remind": {"after": "24h", "times": 2}, "tasks": [HELLO | {"on_missed": [{"tag": "late"}]}]}
    scene = Scene(options, beside=(Bound(quiet.workflow, quiet.Reminded()),))
    scene.joins(WANG)
    scene.says(WANG, "退订提醒")
    assert scene.pass_(days=2) == []
    assert scene.because() == ("they do not want to be reminded",)
    scene.pass_(days=1)
    assert scene.tags(WANG) == {"late"}


def test_a_task_can_have_a_name_of_its_own():
    named = HELLO | {"name": {"zh": "来报个到", "en": "say hi"}}
    assert scene_with(named).outbox()[-1].effect.words[-1].endswith("· 来报个到（还有 3 天）")


def test_leaving_pauses_and_coming_back_goes_on():
    scene = scene_with(HELLO, MORNING)
    scene.leaves(WANG)
    assert scene.because() == ("left before doing the tasks; their place is kept",)
    assert scene.timers() == []
    scene.pass_(days=1)
    assert scene.joins(WANG) == [
        "欢迎回来，@小王！\n\n你还有 2 件小事没做完：\n· 介绍一下自己（还有 2 天）\n· 完成第一次打卡（还有 4 天）"
    ]
    assert scene.says(WANG, INTRODUCTION) == ["✅ 小王，「介绍一下自己」完成，+3 分"]


def test_points_of_a_task_come_once_in_a_lifetime():
    scene = scene_with(HELLO)
    scene.says(WANG, INTRODUCTION)
    scene.orders("restart", WANG, "再来一次")
    scene.says(WANG, INTRODUCTION)
    assert scene.points(WANG) == [("onboarding:task:hello", 3)]


def test_a_task_that_the_operator_took_away_is_forgotten():
    scene = scene_with(HELLO, MORNING, remind={"after": "24h", "times": 2})
    scene.operator_writes({"tasks": [MORNING], "remind": {"after": "24h", "times": 2}})
    assert scene.pass_(days=1) == ["@小王 还有 1 件新人小任务：\n· 完成第一次打卡（还有 4 天）"]
    assert scene.checks_in(WANG)[0].endswith("新人任务全部完成，现在你是自己人啦 🎉")


def test_who_was_here_before_has_no_tasks():
    scene = Scene({"tasks": [HELLO]})
    assert scene.says(WANG, INTRODUCTION) == []
